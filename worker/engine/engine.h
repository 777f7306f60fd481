#ifndef IFMATCH_ENGINE_ENGINE_H
#define IFMATCH_ENGINE_ENGINE_H

#include "engine/action.h"
#include "engine/counters.h"
#include "engine/options.h"

/* The heart: events in, actions out, nothing else. Inputs are calls that carry data; outputs are actions that the
 * caller pulls. Nothing calls back, so there is no re-entrancy; the engine knows no clock, no thread, no socket.
 *
 *     engine_advance(engine, clock_now_ms(), clock_wall_ms());
 *     while (engine_next(engine, &action))
 *         performers[action.kind](loop, &action);      never feeds the engine itself: that is the next turn
 *     sleep until engine_deadline(engine) or until something comes in
 *
 * Invariants (ensured): at most one update for each document in flight; at most max_in_flight requests; an offset is
 * committed only when every event below it is finished and its records are acknowledged; no write without proof of
 * ownership; nothing of a revoked epoch is written, recorded or committed. */
struct engine;

struct engine *engine_new(const struct engine_options *options);
void engine_free(struct engine *engine); /* NULL is fine; drops everything */

/* The time from now on. `now_ms` is monotonic and never goes back (a smaller value is ignored); `wall_ms` is for
 * records only. Call before feeding inputs in a turn. */
void engine_advance(struct engine *engine, int64_t now_ms, int64_t wall_ms);

/* --- inputs --- */
void engine_assigned(struct engine *engine, const struct assigned *assigned);
/* How many more events of this partition the engine takes now; 0: leave them in Kafka (backpressure). */
size_t engine_room(const struct engine *engine, int32_t partition);
/* Events of an epoch that is over, and offsets received before, are dropped silently. */
void engine_receive(struct engine *engine, const struct received *received);
/* Everything that was in the partition when Kafka said so has been received. */
void engine_at_end(struct engine *engine, int32_t partition, int32_t epoch);
void engine_answer(struct engine *engine, uint64_t action_id, const struct answer *answer);
void engine_delivered(struct engine *engine, uint64_t action_id, const struct delivered *delivered);
void engine_committed(struct engine *engine, uint64_t action_id, enum commit_result result);
/* These partitions are to be given up: nothing new begins for them; what is in flight may end until `deadline_ms`,
 * then its results are dropped by epoch. ACTION_RELEASE follows when it is safe to answer the rebalance: all
 * finished and committed, or the deadline. */
void engine_revoke(struct engine *engine, const int32_t *partitions, size_t count, int64_t deadline_ms);
/* These partitions are not ours any more: everything of them is dropped at once, nothing is committed. */
void engine_lost(struct engine *engine, const int32_t *partitions, size_t count);
/* Intake ends; what is in flight may end until `deadline_ms`; then a last commit and ACTION_STOPPED. */
void engine_stop(struct engine *engine, int64_t deadline_ms);
/* No event is taken and no request begins until engine_resume. What is in flight ends and is recorded; commits go on,
 * partitions stay, and those that are revoked or stopped do not wait for what may not begin. The time of a pause counts
 * against no document. False: it is so already. */
bool engine_pause(struct engine *engine);
bool engine_resume(struct engine *engine);

/* Memory that others hold for this engine's work: records on their way, requests and answers. Counts for the limit. */
void engine_outside_bytes(struct engine *engine, size_t bytes);
/* How many partitions the updates topic has: a rate for the whole group is shared by them. */
void engine_group_partitions(struct engine *engine, uint32_t count);

/* --- outputs --- */
bool engine_next(struct engine *engine, struct action *ret_action);
/* When engine_advance is due even if nothing comes in; INT64_MAX: never. */
int64_t engine_deadline(const struct engine *engine);

/* --- looking in --- */
const struct counters *engine_counters(struct engine *engine); /* gauges are brought up to date */
size_t engine_partitions(const struct engine *engine, struct partition_state *ret_states, size_t max);
enum intake engine_intake(const struct engine *engine);

/* One line for each transition, in the words of the records: the flight recorder, the stories, log.level trace.
 * Lines are numbered; false: no line of this number yet, or it was overwritten (then *number is set to the oldest).
 * The line is valid until the next input or engine_next. */
#define TRACE_LINES 256
bool engine_trace(const struct engine *engine, uint64_t *number, const char **ret_line);

#endif
