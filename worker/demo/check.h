#ifndef IFMATCH_DEMO_CHECK_H
#define IFMATCH_DEMO_CHECK_H

#include "demo/model.h"

/* The independent check: did the workers keep what they promise? It is told what was sent, what the service wrote down
 * about every write, and what stands in the audit and dead-letter topics, in any order and while things run; it asks no
 * worker. Everything handed in is copied.
 *
 * Held: every event has a record; every write of a worker is explained by the record of an event, field by field; no
 * value that somebody else wrote was replaced without a decision that names field, rule, case and exactly that value;
 * every decision is what demo/model.h gives for its three values, and base and values are what event and document had;
 * each document's events took effect in the order of their offsets; log, versions and final documents agree; whoever
 * has to act got exactly one dead letter.
 * Several events may be folded into one write: then each has its record, and what the document had is, for all but the
 * first, what the ones before it made of it. A value that a later one replaced says so and is not called written.
 * Accepted, because nobody can know better: a write whose answer was lost, or whose worker was killed before the record
 * was out, is explained by events of its document if the model lets them write it; records and dead letters
 * of events that a killed worker had in hand may come twice. */
struct check;

struct check *check_new(const struct model_rules *rules); /* `rules` must outlive it */
void check_free(struct check *check);

/* One record of the updates topic; `value` in the native format. */
void check_event(struct check *check, int32_t partition, int64_t offset, struct bytes document, struct bytes value);
/* A document as it was before the first write, and as it is after the last. */
void check_initial(struct check *check, struct bytes document, struct bytes text);
void check_final(struct check *check, struct bytes document, struct bytes text);
/* One line of the service's write log: {"seq","at_ms","document","method","writer","if_match","version_before",
 * "version_after","fault","before","after"}; "writer":"anonymous" is a worker. Lines whose versions are equal, or
 * whose version_after is null, changed nothing. False: not such a line. */
bool check_write(struct check *check, struct bytes line);
/* One record of the audit topic, at `offset` of its partition. False: not JSON or without event. */
bool check_record(struct check *check, int64_t offset, struct bytes value);
/* One dead letter: what its headers ifmatch-partition, -offset, -outcome say, and the value. */
bool check_letter(struct check *check, struct bytes partition, struct bytes offset, struct bytes outcome,
                  struct bytes value);
/* A worker was killed at this wall time (the clock of the log's at_ms). */
void check_killed(struct check *check, int64_t wall_ms);

enum check_outcome {
    CHECK_APPLIED,
    CHECK_MERGED,
    CHECK_UNCHANGED,
    CHECK_CONFLICT,
    CHECK_REJECTED,
    CHECK_EXHAUSTED,
    CHECK_DUPLICATE,
    CHECK_OUTDATED,
    CHECK_OUTCOMES
};
const char *check_outcome_name(enum check_outcome outcome);

#define CHECK_MESSAGES 20

struct check_result {
    size_t events;
    size_t outcomes[CHECK_OUTCOMES]; /* of the first records */
    size_t repeated;                 /* second records of the same event */
    size_t lost;                     /* events without a record */
    size_t overwritten;              /* values of others replaced without a decision on record */
    size_t false_decisions;          /* records and decisions that the model or the log contradicts */
    size_t unexplained;              /* values of workers' own replaced, or writes made, that no event explains */
    size_t out_of_order;
    size_t letters_wrong; /* missing, doubled or changed dead letters */
    size_t states_wrong;  /* log and documents do not agree */
    size_t ambiguous;     /* writes accepted although no record names them: lost answers, killed workers */
    /* Foreign values that workers replaced, each with a decision on record; and those that rules kept. */
    size_t replaced[MODEL_RULES][MODEL_CASES];
    size_t kept[MODEL_RULES][MODEL_CASES];
    size_t conflicts[MODEL_RULES][MODEL_CASES];
    /* What happened, counted from the log, the events and the first records. */
    size_t with_base, with_base_version, without_base; /* events; with_base first */
    size_t folds, folded;    /* updates of several events, and the events on record that they ended */
    size_t stale;            /* stale answers on record */
    size_t lost_answers;     /* workers' writes that were done and whose answer was lost */
    size_t lost_followed;    /* of them, those whose field somebody else wrote next */
    size_t lost_requests;    /* workers' writes that were lost before they were done */
    size_t foreign_writes;
    size_t foreign_on_event_fields; /* foreign writes to a field that some event of the document changes */
    size_t message_count;           /* of all; the first CHECK_MESSAGES are here */
    char *messages[CHECK_MESSAGES]; /* live as long as the check */
};
/* Looks at everything. Call once, when no more can come. */
void check_finish(struct check *check, struct check_result *ret_result);
bool check_is_good(const struct check_result *result);

/* Of how many events a record came by now, cheap: for waiting. */
size_t check_recorded(const struct check *check);

#endif
