#ifndef IFMATCH_ENGINE_STATE_H
#define IFMATCH_ENGINE_STATE_H

#include "common/buffer.h"
#include "common/check.h"
#include "common/heap.h"
#include "common/list.h"
#include "common/memory.h"
#include "common/random.h"
#include "engine/backoff.h"
#include "engine/breaker.h"
#include "engine/budget.h"
#include "engine/concurrency.h"
#include "engine/documents.h"
#include "engine/engine.h"
#include "engine/flood.h"
#include "engine/rate.h"
#include "engine/repeats.h"
#include "engine/trace.h"
#include "engine/window.h"

#include <uthash.h>

/* What the files of this room share, and nobody else sees. One owner each:
 *
 *   engine -> partitions -> held events (until their records are acknowledged)
 *   engine -> lanes (one for each document with work) -> update (at most one)
 *
 * A held event is in exactly one place: queued in its lane, a member of the update of its lane, or finished (waiting for
 * its records). A lane is ready (wants a request), unproven (waits for proof of ownership), unrecorded (waits for the
 * records of an event that its first one may repeat), in flight, or waiting. */

/* --- an event that is held --- */
enum held_place { HELD_SETTLING, HELD_QUEUED, HELD_UPDATING, HELD_FINISHED, HELD_PUBLISHING };

struct held {
    struct list in_partition; /* in the order of offsets */
    struct list in_queue;     /* of its lane, of its update's members, or of the engine's events to publish */
    struct heap_node retry;   /* of a publication that failed */
    struct partition *partition; /* NULL: dropped, kept only until its publication ends */
    enum held_place place;
    struct arena *arena; /* all of its bytes */
    size_t bytes;
    int64_t received_ms;
    uint64_t first_attempt;     /* of its update, since it is a member */
    uint32_t stale_answers;
    struct json_edit *contested; /* in its update: fields that somebody changed after a write of it was refused, with */
    size_t contested_count;      /* what stood there before */
    bool is_single;             /* never written together with others */
    bool is_possibly_written;   /* by a write of unknown fate */
    bool has_end;               /* outcome, reason and detail of `finished` are set */
    struct finished finished;   /* filled from the start with what the record brought */
};

struct partition {
    UT_hash_handle hh;
    int32_t number;
    int32_t epoch;
    struct window *window;
    struct list held;
    size_t held_bytes;
    struct list ready;       /* lanes, in the order of their turns */
    struct list in_rotation; /* of the engine's partitions with ready lanes */
    struct repeats *repeats;
    int64_t committed;      /* acknowledged offset; -1: none yet */
    int64_t committing;     /* in the commit under way; -1: none */
    uint64_t finished_committed;  /* window_finished as the acknowledged commit knows it */
    uint64_t finished_committing; /* as the commit under way does */
    size_t metadata_bytes;        /* of the commit when it was last encoded, */
    size_t metadata_spans;        /* and so many spans were in it */
    int64_t owned_until_ms; /* proof of ownership ends */
    bool is_draining;
    int64_t drain_until_ms;
    bool is_settling; /* events are received, none begins: see partition_received */
    int64_t settle_end; /* as it was with the first record; < 0: unknown */
    int64_t settle_until_ms;
};

/* --- an update: READ, MERGE, WRITE, WAIT --- */
enum state { STATE_READ, STATE_MERGE, STATE_WRITE, STATE_WAIT, STATE_DONE, STATE_COUNT };

/* What became of one member when the members were merged onto a copy. */
struct part {
    struct held *held; /* NULL: it has left the update */
    struct merge_output merged;
};

/* A copy of the document, what the members were merged to on it, one after the other, and the body that was made. */
struct copy {
    struct arena *arena;
    struct bytes text; /* absent: nothing is here */
    struct json json;
    struct bytes version;
    bool version_is_exact;
    bool version_is_weak;
    struct bytes last_modified;
    struct part *parts; /* in the order of the members */
    size_t part_count;
    const struct json_edit *edits; /* of all parts together, against `text` */
    size_t edit_count;
    struct bytes body;
    enum write_kind writes;
    bool is_absent; /* there is no document: `text` is an empty object without a version */
    enum meaning absence; /* MISSING or GONE */
    struct bytes absence_detail;
};

enum remedy { REMEDY_NONE, REMEDY_READ_AGAIN, REMEDY_STRIP };

#define ATTEMPTS_MAX 24

struct update {
    struct lane *lane;
    struct partition *partition; /* of all members; NULL: it is gone, kept until the answer that is under way comes */
    struct list members; /* struct held, in order: the events that are written together */
    size_t member_count;
    size_t member_bytes;
    enum state state;
    bool goes_one_by_one; /* too much or refused together: from the next copy on the first is tried alone */
    struct copy copies[2];
    struct copy *current; /* the last copy read, or the cached one */
    struct copy *built;   /* on which the last write was built; its text is absent before the first */
    bool is_from_cache;   /* current is a cached copy: may only lead to a write */
    struct json_edit *possible_edits; /* of writes that were possibly applied */
    size_t possible_edit_count;
    bool is_ambiguous;    /* a write was possibly applied and is not settled */
    bool was_stale;       /* the last write was answered stale and the re-read is not judged */
    enum remedy remedy;
    uint32_t failures;         /* in a row */
    int64_t failing_since_ms;  /* -1: not failing */
    int64_t failed_ms;         /* the last failure, and the one before: of those in a row */
    int64_t failed_before_ms;
    bool was_unreadable;
    bool was_missing_on_write;
    struct arena *arena; /* the update itself and its attempts */
    struct kept_attempt *attempts[ATTEMPTS_MAX];
    size_t attempt_count;
    struct kept_attempt *spare_attempt; /* memory of the last one that was left out */
    uint64_t attempts_made;
    int64_t request_at_ms;
};

struct kept_attempt {
    uint64_t number; /* of its update, from 0 */
    struct attempt attempt;
};

/* --- a lane: one document --- */
enum lane_place { LANE_IDLE, LANE_READY, LANE_UNPROVEN, LANE_UNRECORDED, LANE_IN_FLIGHT, LANE_WAITING };

struct lane {
    UT_hash_handle hh;
    char *document;
    size_t document_size;
    size_t document_capacity;
    struct list events;     /* struct held, in order */
    struct list in_engine;  /* partition->ready, engine->unproven, unrecorded, out or spare_lanes */
    struct heap_node wait;
    enum lane_place place;
    int64_t out_since_ms;    /* it waits because the service failed then */
    uint32_t in_flight_then; /* when its request was sent, itself included */
    struct update *update; /* NULL: none */
    enum remedy remedy;    /* with which the next update begins */
    uint64_t action_id;    /* in flight */
    UT_hash_handle by_action;
};

struct success {
    struct lane *lane; /* identity only: may dangle */
    int64_t at_ms;
};

struct engine {
    struct engine_options options;
    struct skip *skips; /* own copy */
    struct random random;
    int64_t now_ms;
    int64_t wall_ms;
    uint64_t next_action_id;

    struct partition *partitions;
    size_t settling_count;
    struct lane *lanes;
    struct lane *lanes_by_action;
    struct list rotation;   /* partitions with ready lanes: each has its turn */
    struct list unproven;
    struct list unrecorded;
    struct list out;        /* lanes that wait because the service failed, longest first */
    struct heap waits; /* lanes before a retry */
    uint32_t in_flight;
    int64_t hold_until_ms; /* overload: no request before */
    struct breaker breaker;
    struct budget retry_budget;
    struct rate rate;
    struct concurrency concurrency;
    uint32_t group_partitions; /* of the topic; 0: not known */
    struct success successes[2]; /* the last, and the last of another document */
    bool is_unauthorized;
    bool is_paused;
    int64_t paused_at_ms;

    struct flood_guard flood;
    struct list to_publish; /* finished events in the order of their end */
    struct heap publish_retries;
    struct held **publishing; /* sorted by action id */
    size_t publishing_count;
    size_t publishing_capacity;
    uint64_t *publishing_ids;

    struct commit_entry *commit_entries; /* of the commit under way */
    struct arena *commit_arena;          /* their metadata */
    int32_t *commit_epochs;
    size_t commit_count;
    uint64_t commit_action_id; /* 0: none under way */
    int64_t commit_sent_ms;
    int64_t commit_next_ms; /* not before */
    bool wants_proof;
    bool commit_has_failed; /* the last one */

    int32_t *revoked; /* partitions of the revocation under way */
    size_t revoked_count;
    bool is_revoking;
    bool is_stopping;
    bool is_stopped;
    int64_t stop_until_ms;

    size_t events_held;
    size_t events_bytes;
    size_t arena_bytes;   /* of all arenas: events, copies, bodies, spare ones */
    size_t outside_bytes; /* held for us elsewhere: records that are sent, requests and answers */
    struct arena **spare_arenas; /* a steady path takes all it needs from these and from spare_lanes */
    size_t spare_count;
    struct list spare_lanes;
    size_t spare_lane_count;
    struct buffer splice; /* in which documents are put together */
    struct documents documents;
    struct counters counters;
    struct trace trace;
};

/* The engine's time may not run into INT64_MAX. */
#define TIME_MAX (INT64_MAX / 4)

/* --- held.c --- */
struct held *held_new(struct engine *engine, struct partition *partition, const struct received *received);
/* Counts the memory that the event takes now: it grows while it is parsed. */
void held_weigh(struct engine *engine, struct held *held);
void held_free(struct engine *engine, struct held *held);
/* What identifies the event for the memory of ids and sequences. */
struct repeats_event held_identity(const struct held *held);
/* Says how the event ended; `detail` is copied. The last word counts until held_finish. */
void held_end(struct held *held, enum outcome outcome, enum reason reason, struct bytes detail);
/* Moves an event that has its end to the queue of those to publish. */
void held_finish(struct engine *engine, struct held *held);
size_t engine_memory(const struct engine *engine);
/* Near the limit what is only kept for later goes. */
void engine_save_memory(struct engine *engine);
struct arena *engine_arena(struct engine *engine);
void engine_arena_back(struct engine *engine, struct arena *arena);

/* --- admission.c: may a request to the service go now, and what its answer says of the service --- */
uint32_t admission_limit(const struct engine *engine); /* requests in flight */
bool admission_is_open(struct engine *engine);
/* The next lane that has a turn: partition by partition, and of one the longest ready; while the breaker is open also
 * one that waits because the service failed. NULL: none. */
struct lane *admission_next_lane(struct engine *engine);
void admission_sent(struct engine *engine, struct lane *lane);
void admission_answered(struct engine *engine, struct lane *lane, const struct answer *answer);
/* The lane's request ends without an answer that anybody looks at. */
void admission_abandoned(struct engine *engine, struct lane *lane);
/* How long an update whose write was answered stale waits beyond its backoff; 0: it may go now, and is counted. */
int64_t admission_retry_wait(struct engine *engine);
int64_t admission_deadline(const struct engine *engine);
/* The share of a rate for the whole group follows what is assigned. */
void admission_share(struct engine *engine);

/* --- partition.c --- */
struct partition *partition_find(const struct engine *engine, int32_t number);
/* Called for each record: the partition's events begin once all that was there at the assignment is received (or the
 * window is full, or Kafka does not tell of an end for long). What an earlier owner did beyond the last commit is among them,
 * so that an event that is met again sees the later ones that were applied already. */
void partition_received(struct engine *engine, struct partition *partition, const struct received *received);
/* Markers of transactions and compaction leave the end without a record: Kafka's own word of it is enough. */
void partition_at_end(struct engine *engine, struct partition *partition);
/* Begins what has settled by now. */
void partitions_settle(struct engine *engine);
int64_t partitions_settle_deadline(const struct engine *engine);
size_t partitions_repeats_bytes(const struct engine *engine);
/* What is finished above the watermark will soon be more than the commit's metadata takes. */
bool partition_is_crowded(struct partition *partition);
/* Events that are finished and that a successor would meet again. */
size_t partition_uncommitted(const struct partition *partition);
bool partition_is_owned(const struct engine *engine, const struct partition *partition);
/* Drops everything of the partition: events, updates, what is known of its documents. */
void partition_drop(struct engine *engine, struct partition *partition);
/* Nothing new begins: what is queued and what waits for a retry goes, and while the engine is paused what waits for a
 * request too; what is in flight, or about to be, may end. Once more is fine. */
void partition_drain(struct engine *engine, struct partition *partition, int64_t until_ms);
/* Nothing of it is under way and everything finished is committed. */
bool partition_is_drained(const struct engine *engine, const struct partition *partition);

/* --- lane.c --- */
struct lane *lane_find(const struct engine *engine, struct bytes document);
void lane_release_spares(struct engine *engine);
void lane_push(struct engine *engine, struct held *held);
/* Puts the lane where its state belongs; leaves the place where it is now. */
void lane_move(struct engine *engine, struct lane *lane, enum lane_place place);
void lane_wait(struct engine *engine, struct lane *lane, int64_t wait_ms);
/* The same, because the service failed: it is cut short when that is back. */
void lane_wait_out(struct engine *engine, struct lane *lane, int64_t wait_ms);
/* Begins the first event of the lane; false: there is nothing to ask for, it ended or waits for a record. */
bool lane_begin(struct engine *engine, struct lane *lane);
/* The records of an event are settled: the lanes that waited for such are judged again. */
void lane_release_unrecorded(struct engine *engine);
/* The update of the lane is over: begins the next event, or frees the lane if there is none. */
void lane_next(struct engine *engine, struct lane *lane);
/* Takes a queued event of a dropped or draining partition out of its lane. */
void lane_remove(struct engine *engine, struct held *held);
/* Drops the lane's update with its members, and goes on with what is queued behind. */
void lane_drop_update(struct engine *engine, struct lane *lane);
static inline struct bytes lane_document(const struct lane *lane)
{
    return (struct bytes){lane->document, lane->document_size};
}

/* --- whole.c --- */
/* Does the event ask that the document is made, or goes? */
bool whole_is_asked(const struct event *event);

/* --- update.c --- */
void update_begin(struct engine *engine, struct lane *lane);
/* Its partition is gone: the members are dropped now or, while a request is under way, with its answer. */
void update_abandon(struct engine *engine, struct update *update);
/* Fills the action for the request that the state asks for (READ or WRITE). */
void update_request(struct engine *engine, struct update *update, struct action *ret_action);
void update_answer(struct engine *engine, struct update *update, const struct answer *answer);
/* What the write that the state asks for carries as its precondition: valid as long as the current copy. */
struct bytes update_precondition(const struct update *update);
/* The wait is over. */
void update_wake(struct engine *engine, struct update *update);
/* With the members that it still has. */
void update_free(struct engine *engine, struct update *update);

/* --- attempts.c --- */
void attempts_add(struct engine *engine, struct update *update, const struct answer *answer);
void attempts_set_wait(struct update *update, int64_t wait_ms);
/* Copies the attempts since the event became a member into its `finished`, behind those that are there. */
void attempts_copy(const struct update *update, struct held *held);

/* --- publish.c --- */
bool publish_next(struct engine *engine, struct action *ret_action);
/* Dead letters that the flood guard holds back. */
size_t publish_held_back(const struct engine *engine);

/* --- commit.c --- */
bool commit_next(struct engine *engine, struct action *ret_action);
int64_t commit_deadline(const struct engine *engine);

#endif
