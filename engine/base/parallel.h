/* Run numbered tasks on several threads. Results go to fixed slots, one per task, so that
 * they do not depend on the number of threads or on which thread ran what. */
#ifndef EVENHAND_BASE_PARALLEL_H
#define EVENHAND_BASE_PARALLEL_H

#include <stddef.h>

/* The number of processors this process may run on, at least 1. */
size_t eh_processors(void);

/* Call task(context, index, worker) once for each index below count, on up to threads threads;
   worker is below threads and names the thread (for its own scratch). Returns when all are done. */
void eh_parallel(size_t count, size_t threads,
                 void (*task)(void *context, size_t index, size_t worker), void *context);

#endif
