#include "engine/base/parallel.h"

#include <pthread.h>
#include <sched.h>
#include <stdatomic.h>
#include <stdlib.h>

#include "engine/base/memory.h"

size_t eh_processors(void) {
  cpu_set_t set;
  if (sched_getaffinity(0, sizeof set, &set) != 0) return 1;
  int count = CPU_COUNT(&set);
  return count < 1 ? 1 : (size_t)count;
}

struct job {
  size_t count;
  void (*task)(void *context, size_t index, size_t worker);
  void *context;
  atomic_size_t next;
};

struct worker {
  struct job *job;
  size_t number;
};

static void *work(void *argument) {
  struct worker *worker = argument;
  struct job *job = worker->job;
  for (;;) {
    size_t index = atomic_fetch_add(&job->next, 1);
    if (index >= job->count) return NULL;
    job->task(job->context, index, worker->number);
  }
}

void eh_parallel(size_t count, size_t threads,
                 void (*task)(void *context, size_t index, size_t worker), void *context) {
  struct job job = {.count = count, .task = task, .context = context};
  atomic_init(&job.next, 0);
  if (threads > count) threads = count;
  if (threads <= 1) {
    work(&(struct worker){&job, 0});
    return;
  }
  pthread_t *others = eh_alloc(threads, sizeof *others);
  struct worker *workers = eh_alloc(threads, sizeof *workers);
  size_t started = 0;
  for (size_t i = 1; i < threads; i++) {
    workers[i] = (struct worker){&job, i};
    /* A machine that gives no more threads gets the same work from fewer. */
    if (pthread_create(&others[started], NULL, work, &workers[i]) != 0) break;
    started++;
  }
  work(&(struct worker){&job, 0});
  for (size_t i = 0; i < started; i++) pthread_join(others[i], NULL);
  free(workers);
  free(others);
}
