#ifndef IFMATCH_ENGINE_UPDATE_H
#define IFMATCH_ENGINE_UPDATE_H

#include "engine/state.h"

/* What the files of the update share: update.c moves the state, answers.c judges answers, merging.c judges copies,
 * finish.c ends it. A judgement returns the next state; only update_step moves. */

/* How an update goes on. */
struct step {
    enum state next;
    int64_t wait_ms;      /* STATE_WAIT */
    enum outcome outcome; /* STATE_DONE, and the two below */
    enum reason reason;
    struct bytes detail;
    const char *why; /* for the trace; may be NULL */
};

static inline struct step step_to(enum state next)
{
    return (struct step){.next = next};
}

static inline struct step step_wait(int64_t wait_ms, const char *why)
{
    return (struct step){.next = STATE_WAIT, .wait_ms = wait_ms, .why = why};
}

static inline struct step step_done(enum outcome outcome, enum reason reason, struct bytes detail)
{
    return (struct step){.next = STATE_DONE, .outcome = outcome, .reason = reason, .detail = detail};
}

/* --- answers.c --- */
struct step answer_to_read(struct engine *engine, struct update *update, const struct answer *answer);
struct step answer_to_write(struct engine *engine, struct update *update, const struct answer *answer);

/* --- merging.c --- */
void copy_reset(struct engine *engine, struct copy *copy);
/* Takes a document into `copy` (its bytes are copied) and scans it; false: it is no document, `ret_fault` says why. */
bool copy_read(struct engine *engine, struct copy *copy, struct bytes text, struct json_fault *ret_fault);
/* Merges the event onto update->current and says how to go on. */
struct step merge_current(struct engine *engine, struct update *update);
/* The edits of the last write may have been applied: they are remembered. */
void possible_edits_add(struct update *update);

/* --- finish.c --- */
/* After the write of `built` was accepted, or found applied. */
struct step finish_written(struct engine *engine, struct update *update);
/* Takes the decisions of `copy` over into the event; none counts as written unless the event was. */
void finish_decisions(struct update *update, const struct copy *copy);
/* The outcome of an event whose merge asks for no write. */
struct step finish_unwritten(struct update *update);

#endif
