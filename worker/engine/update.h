#ifndef IFMATCH_ENGINE_UPDATE_H
#define IFMATCH_ENGINE_UPDATE_H

#include "engine/state.h"

/* What the files of the update share: update.c moves the state, answers.c judges answers, merging.c judges copies,
 * fold.c has the members and merges them one after the other, finish.c ends them. A judgement returns the next state;
 * only update_step moves. */

/* How an update goes on. With STATE_DONE every member has its end. */
struct step {
    enum state next;
    int64_t wait_ms; /* STATE_WAIT */
    bool is_out;     /* it waits because the service failed */
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

static inline struct held *update_first(const struct update *update)
{
    ensure(update->member_count > 0);
    return list_item(update->members.next, struct held, in_queue);
}

static inline struct step step_wait_out(int64_t wait_ms, const char *why)
{
    return (struct step){.next = STATE_WAIT, .wait_ms = wait_ms, .is_out = true, .why = why};
}

/* --- answers.c --- */
struct step answer_to_read(struct engine *engine, struct update *update, const struct answer *answer);
struct step answer_to_write(struct engine *engine, struct update *update, const struct answer *answer);

/* --- merging.c --- */
void copy_reset(struct engine *engine, struct copy *copy);
/* Takes a document into `copy` (its bytes are copied) and scans it; false: it is no document, `ret_fault` says why. */
bool copy_read(struct engine *engine, struct copy *copy, struct bytes text, struct json_fault *ret_fault);
/* `json` with the edits done, in `arena`. The merge has judged each of them. */
struct bytes copy_splice(struct engine *engine, const struct json *json, const struct json_edit *edits, size_t count,
                         struct arena *arena);
/* Merges the members onto update->current and says how to go on. */
struct step merge_current(struct engine *engine, struct update *update);
/* The edits of the last write may have been applied: they are remembered. */
void possible_edits_add(struct update *update);
/* The version that the document has since the write of `built`. */
void note_version_after(const struct update *update, struct bytes version);

/* --- fold.c --- */
/* Takes the event at the head of the lane as the last member. */
void fold_add(struct update *update, struct held *held);
/* Takes what may be written together with the members and waits behind them in the lane. */
void fold_join(struct engine *engine, struct update *update);
/* All members but the first go back to the lane; each of them, and the first, is tried alone from now on. */
void fold_take_apart(struct engine *engine, struct update *update);
/* Those who have had all their attempts end: the oldest, since they have been members longest. */
void fold_leave_exhausted(struct engine *engine, struct update *update);
/* Merges the members one after the other onto update->current: its parts, and the edits of all of them together. */
void fold_merge(struct engine *engine, struct update *update);

/* The member leaves before the others; it has its end. */
void fold_leave(struct engine *engine, struct update *update, struct held *held);

/* --- refused.c --- */
/* The copy on which the last write of the member was built that was refused; NULL: one that has just joined did not
 * try. */
const struct json *refused_copy(const struct update *update, const struct held *held);
/* Keeps for the next merge of the member what stood there before somebody changed a field, as this merge found. */
void refused_note(const struct update *update, const struct part *part);

/* --- whole.c --- */
/* The event as it is merged onto the copy: one that makes the document begins with nothing. */
const struct event *whole_event(struct copy *copy, const struct event *event);
/* A read was answered: there is no document. What that means is each member's own. */
struct step whole_read_absent(struct engine *engine, struct update *update, const struct answer *answer);
/* The current copy says that there is no document. WRITE: the first member, alone by now, may make it; DONE: no member
 * is left. */
struct step whole_absent(struct engine *engine, struct update *update);
/* The one member asks that the document, which is there, is made or goes; it was merged onto the current copy. */
struct step whole_judge(struct engine *engine, struct update *update);

/* --- fold_line_up.c --- */
/* The members, in order, and behind them the events of the lane that will have their turn with an effect. */
const struct event *const *fold_line_up(const struct update *update, struct arena *arena, size_t *ret_count);

/* --- finish.c --- */
/* After the write of `built` was accepted, or found applied: each member ends as its part says. */
struct step finish_written(struct engine *engine, struct update *update);
/* The parts of the current copy ask for no write. */
struct step finish_unwritten(struct engine *engine, struct update *update);
/* The delete of the one member was accepted, or found applied. */
struct step finish_deleted(struct engine *engine, struct update *update);
/* All members end the same way. `copy` has the decisions that their records tell, none of them written; NULL: none. */
struct step finish_all(struct update *update, enum outcome outcome, enum reason reason, struct bytes detail,
                       const struct copy *copy);
/* One member ends like that. */
void finish_one(struct held *held, enum outcome outcome, enum reason reason, struct bytes detail,
                const struct copy *copy);

#endif
