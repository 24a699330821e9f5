/* The loading of an audit's records, in steps, for who reads them in the same pass:
 *
 *   eh_loading_begin(&loading, rules, names, count, &options, &problems, &error)
 *   eh_loading_read(loading, consumer, wants_all, &error)
 *   eh_loading_end(loading, status, &records, &error)
 *
 * consumer is the loading's own, or one that hands everything on to it.
 */
#ifndef EVENHAND_LOAD_LOADING_H
#define EVENHAND_LOAD_LOADING_H

#include "engine/load/records/evaluate.h"
#include "engine/load/records/load.h"

struct eh_loading;
enum eh_status eh_loading_begin(struct eh_loading **loading, const struct eh_rules *rules,
                                const char *const *names, size_t count,
                                const struct eh_load_options *options, struct eh_problems *problems,
                                struct eh_error *error) EH_MUST_USE;
struct eh_inputs *eh_loading_inputs(struct eh_loading *loading);
const struct eh_pass *eh_loading_pass(const struct eh_loading *loading);
const struct eh_consumer *eh_loading_consumer(const struct eh_loading *loading);
/* What the rules made of the batch that a worker of its consumer took last. */
const struct eh_evaluation *eh_loading_evaluation(const void *worker);

enum eh_status eh_loading_read(struct eh_loading *loading, const struct eh_consumer *consumer,
                               bool wants_all, struct eh_error *error) EH_MUST_USE;
/* status: of the reading; *records NULL unless all went well. */
enum eh_status eh_loading_end(struct eh_loading *loading, enum eh_status status,
                              struct eh_records **records, struct eh_error *error) EH_MUST_USE;

#endif
