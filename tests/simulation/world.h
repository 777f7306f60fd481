#ifndef IFMATCH_SIMULATION_WORLD_H
#define IFMATCH_SIMULATION_WORLD_H

#include "common/buffer.h"
#include "common/heap.h"
#include "common/list.h"
#include "demo/model.h"
#include "engine/engine.h"
#include "options.h"

/* The world around the engine: a clock, a calendar of what happens next, a document service, a Kafka, and one or two
 * workers, each with an engine of its own. Everything lives in one arena and goes with the world. */

/* --- the service --- */

/* One state of a document; each accepted write adds one. */
struct state {
    struct list in_document;
    struct document *document;
    int64_t number;
    struct bytes version; /* as the service spells it */
    struct bytes text;
    int64_t at_ms;
    const struct request *request; /* of the worker that wrote; NULL: somebody else did */
    bool is_made; /* by an event, where there was no document */
};

struct document {
    struct list in_service;
    struct bytes id;
    struct list states; /* oldest first; never empty */
    bool is_gone;
    int64_t locked_until_ms;
    int64_t answered_ms[WORKERS_MAX]; /* the last answer that was no failure of the service */
    int64_t failed_ms[WORKERS_MAX];   /* the last failure of the service, and the one before */
    int64_t failed_before_ms[WORKERS_MAX];
    const struct state *unversioned[WORKERS_MAX]; /* what the last read without a version gave */
};

struct service {
    struct list documents;
    int64_t down_until_ms;
    int64_t unauthorized_until_ms;
    bool refuses_always; /* every precondition fails */
};

/* A request on its way. */
struct request {
    struct list in_flight; /* of its worker */
    struct worker *worker;
    uint32_t life; /* of the worker that sent it */
    uint64_t action_id;
    int32_t partition;
    int32_t epoch;
    bool is_write;
    enum write_kind kind; /* of a write */
    struct bytes document;
    struct bytes version; /* known (read) or demanded (write) */
    struct bytes body;
    const struct json_edit *edits;
    size_t edit_count;
    struct asked **asked; /* the events that it works for, in order */
    size_t asked_count;
    enum fault fault;
    int64_t delay_ms;
    const struct state *read; /* what a read was answered with */
    int64_t retry_after_ms;
    int64_t late_ms; /* FAULT_LATE: how long after the client gave up */
    void *script;
    bool is_probe;    /* the breaker was open when it was sent */
    uint64_t opening; /* the how manieth time */
    uint64_t hash; /* of the action's bytes when it was pulled */
    struct action action; /* its bytes are the engine's, valid until the completion */
    struct answer answer;
};

/* --- Kafka --- */

/* What one worker did with an event: one that was stopped and another may have it at the same time. */
struct holding {
    int32_t received_epoch;
    int32_t finished_epoch; /* that published it last */
    uint32_t stale_answers;
    struct bytes stale_version;   /* of the last write that was answered stale */
    struct bytes refused_version; /* of the last write that did not succeed */
    struct bytes refused_first;   /* of the first one */
    int64_t received_ms;
    bool has_tried_to_create; /* the record may have no room for that attempt */
    bool has_read;    /* a read was answered for it, and no write has begun since */
    bool has_begun;   /* a request was made for it */
    int64_t begun_ms; /* the first */
    int32_t heard_epoch; /* in which its records were acknowledged to the worker */
    int64_t heard_ms;
    enum outcome heard_outcome;
    bool is_taken_over; /* an earlier owner finished it, as the commit's metadata told */
    const struct record *record; /* that the worker made last */
};

/* An event as the updates topic has it, and what became of it. */
struct asked {
    struct list in_partition;
    int32_t partition;
    int64_t offset;
    struct bytes key;
    struct bytes value;
    bool is_good;
    struct event event;
    int64_t produced_ms;
    struct holding holdings[WORKERS_MAX];
    uint32_t received_count;
    size_t records;         /* audit records in the topic */
    bool is_acknowledged;   /* a worker heard that its records are there */
    bool has_dead_letter;
    bool has_deleted; /* its delete was accepted */
    const struct record *last_record;
};

/* A record of the audit topic. */
struct record {
    struct list in_topic;
    struct asked *asked;
    struct worker *worker;
    uint32_t life;
    int32_t epoch;
    bool is_heard; /* acknowledged to the worker */
    bool has_tried_to_create; /* as the event's holding was when it ended: it may be another one by now */
    const struct record *mate; /* of the event before it, of those that were merged together; NULL: it is the first */
    int64_t at_ms;
    const struct state *unversioned; /* what the last read without a version gave; NULL: all had one */
    bool others_succeeded; /* other documents, between the last two failures of this one */
    int64_t received_ms; /* when the worker received the event */
    struct finished finished; /* a deep copy */
    struct bytes audit;       /* as record/ renders it */
};

struct partition_log {
    struct list asked;
    int64_t end;
    int64_t committed;
    struct bytes metadata; /* of the committed offset; in the world's arena */
    struct worker *owner; /* as the group sees it; NULL: nobody */
    uint32_t owner_life;
    int32_t epoch;
    int32_t written_epoch; /* the highest epoch that has begun a write */
    struct worker *target; /* of the rebalance under way */
    bool is_moving;
    bool awaits_release;
};

struct kafka {
    struct partition_log partitions[PARTITIONS_MAX];
    struct list records;
    int32_t next_epoch;
    int64_t rebalances;
    bool is_rebalancing;
    bool wants_rebalance;
    int64_t revoke_delay_ms; /* until the owners hear of a rebalance */
    uint32_t spread; /* how the next rebalance deals the partitions */
};

/* --- a worker --- */
enum worker_state { WORKER_RUNS, WORKER_STOPPED, WORKER_DOWN };

struct worker_partition {
    bool is_held; /* assigned and neither released nor lost */
    int32_t epoch;
    int64_t position;
    uint32_t passed; /* requests for others since it had its last turn */
    int64_t passed_since_ms;
    int64_t proven_ms; /* an acknowledged commit, or the assignment, was sent then */
    int64_t read_end; /* the highest position that it had */
    int64_t first;
    struct bytes metadata; /* of the offset that it was assigned at */
};

struct worker {
    uint32_t number;
    char name;
    struct engine *engine;
    enum worker_state state;
    uint32_t life; /* rises with each crash */
    bool is_member;
    int64_t stranger_answered_ms; /* the last answer for a document that the service does not have */
    int64_t resumes_ms;
    int64_t cut_until_ms; /* the brokers do not hear of it, nor it of them */
    uint32_t dies_after;  /* so many more actions; 0: does not */
    bool is_dying;        /* with the end of this step */
    int64_t restart_ms;   /* after that */
    int64_t wakes_ms; /* of the wake-up in the calendar; INT64_MAX: none */
    bool polls;       /* a poll is in the calendar */
    bool is_revoking;
    int64_t drain_until_ms; /* of the revocation under way */
    bool has_stopped;       /* and leaves: nothing is its own any more */
    bool is_paused;
    bool is_flooded; /* the flood guard holds dead letters back */
    bool hears_of_loss; /* that is in the calendar */
    struct list requests; /* in flight */
    uint32_t in_flight;
    uint64_t reads;
    uint64_t writes;
    uint64_t traced; /* next line of the engine's trace */
    struct worker_partition partitions[PARTITIONS_MAX];
    struct commit_entry committing[PARTITIONS_MAX];
    int32_t committing_epochs[PARTITIONS_MAX];
    struct list pauses; /* waits that are checked: struct pause */
};

/* No request for this event (NULL: for any) in this epoch before `until_ms`. */
struct pause {
    struct list in_worker;
    const struct asked *asked;
    int32_t epoch;
    int64_t until_ms;
    const char *why;
};

/* --- the calendar --- */
struct world;
struct item {
    struct heap_node node;
    void (*happens)(struct world *world, struct item *item);
    struct worker *worker; /* NULL: not for a worker; else it waits while that is stopped */
    uint32_t life;         /* the item is void after a crash */
    void *subject;
    int64_t number;
    int result;
};

struct failure {
    bool is_set;
    const char *check;
    uint64_t step;
    int64_t at_ms;
    char text[600];
};

struct world {
    struct options options;
    struct tape *tape;
    struct story *story; /* NULL: the tape decides */
    struct arena *arena;
    struct arena *scratch;
    int64_t now_ms;
    int64_t wall_jump_ms;
    uint64_t steps;
    uint64_t idle_steps;
    bool was_ambiguous; /* a write's fate was unknown at least once */
    uint32_t next_id;     /* of the events' ids */
    int64_t next_sequence;
    int64_t progress; /* commits that rose */
    bool is_calm; /* the tape is over: no faults any more */
    struct heap calendar;
    struct service service;
    struct kafka kafka;
    struct worker workers[WORKERS_MAX];
    struct rules *rules;
    struct model_rules model_rules;
    struct failure failure;
    uint64_t fingerprint;
    uint64_t finished_events;
    struct buffer *trace; /* NULL: nobody reads it */
};

/* For all worlds of the process: a check that always fails is among the others; the step before which a debugger is
 * called (0: none). */
extern bool world_has_canary;
extern uint64_t world_break_at;

#define WALL_MS 1795514400000 /* 2026-11-24T10:00:00Z: the wall clock when the world begins */

/* The world stands still, ready for world_run; the tape is read on. */
void world_init(struct world *world, struct tape *tape, const struct options *options, struct buffer *trace);
/* rules.c: makes the rules of the options' set, for both the engine and the model. */
void world_rules(struct world *world, uint32_t set);
/* `values` as in rule_entry; NULL: none. */
void world_add_rule(struct world *world, const char *pattern, const char *name, const char *values, struct error *error);
bool world_has_rule(const struct world *world, enum model_rule rule);
void world_release(struct world *world);
/* Until everything has settled, or a check failed. */
void world_run(struct world *world);
void world_start(struct world *world);

/* Notes a failure; the first one stays. */
void world_fail(struct world *world, const char *check, const char *format, ...)
    __attribute__((format(__printf__, 3, 4)));
void world_note(struct world *world, const char *format, ...) __attribute__((format(__printf__, 2, 3)));
struct item *world_at(struct world *world, int64_t at_ms, void (*happens)(struct world *, struct item *),
                      struct worker *worker, void *subject);
/* Draws one of the faults first..last, or none. */
enum fault world_fault(struct world *world, enum fault first, enum fault last);
struct bytes world_copy(struct world *world, struct bytes bytes); /* absent stays absent */
struct bytes world_format(struct world *world, const char *format, ...) __attribute__((format(__printf__, 2, 3)));
void world_mix(struct world *world, const void *data, size_t size);

/* --- fake_service.c --- */
struct document *service_add(struct world *world, struct bytes id, struct bytes text);
struct document *service_find(const struct world *world, struct bytes id);
struct state *document_now(const struct document *document);
struct state *document_at(const struct document *document, struct bytes version); /* NULL: never given out */
/* Somebody else sets a field (value absent: removes it). */
void service_user_deletes(struct world *world, struct document *document); /* or makes it anew */
void service_touch(struct world *world, struct document *document);
void service_user_sets(struct world *world, struct document *document, struct bytes field, struct bytes value);
bool state_is_written_for(const struct state *state, const struct asked *asked);
/* The request arrives: does it, and fills its answer. */
void service_handle(struct world *world, struct request *request);

/* --- fake_kafka.c: topics --- */
struct asked *kafka_produce(struct world *world, int32_t partition, int64_t offset, struct bytes key,
                            struct bytes value);
struct asked *kafka_asked(struct world *world, int32_t partition, int64_t offset);
/* The place in the partition's list of the first event that is not below the offset, sought from the end, near which it
 * mostly is. */
const struct list *kafka_from(const struct world *world, int32_t partition, int64_t offset);
/* The first `max` events of the document that the worker holds and has not finished; returns how many there are. */
size_t kafka_unfinished(struct world *world, const struct worker *worker, int32_t partition, struct bytes document,
                        struct asked **ret_asked, size_t max);
void kafka_publish(struct world *world, struct worker *worker, const struct action *action);
void kafka_commit(struct world *world, struct worker *worker, const struct action *action);
void kafka_poll(struct world *world, struct worker *worker);
/* The last `count` events that the worker has read of the partition come once more. */
void kafka_seek_back(struct world *world, struct worker *worker, int32_t partition, uint32_t count);

/* --- fake_group.c: who has which partition --- */
void group_rebalance(struct world *world);
void group_move(struct world *world, int32_t partition, struct worker *target);
void group_released(struct world *world, struct worker *worker, const struct release_action *release);
void group_join(struct world *world, struct worker *worker);
/* What this life of the worker had goes to the others. */
void group_leave(struct world *world, struct worker *worker, uint32_t life);
/* It is put out of the group and hears of it at once. */
void group_lose(struct world *world, struct worker *worker);
/* The worker's session ends unless it comes back before. */
void group_watch(struct world *world, struct worker *worker, int64_t silent_until_ms);

/* --- fake_worker.c --- */
void worker_start(struct world *world, struct worker *worker);
void worker_turn(struct world *world, struct worker *worker);
void worker_advance(struct world *world, struct worker *worker);
void worker_stop(struct world *world, struct worker *worker, int64_t for_ms);
/* For so long no commit, record or rebalance passes between it and the brokers; it does not know. */
void worker_cut_off(struct world *world, struct worker *worker, int64_t for_ms);
bool worker_is_cut_off(const struct world *world, const struct worker *worker);
/* Kills those who died in this step. */
void workers_bury(struct world *world);
int64_t world_wall_ms(const struct world *world);
void worker_crash(struct world *world, struct worker *worker, int64_t restart_ms);
/* Intake ends, what is in flight may end, then it leaves the group and starts again. */
void worker_shut_down(struct world *world, struct worker *worker);
/* What an operator says. Either does nothing where the worker does not run. */
void worker_pause(struct world *world, struct worker *worker);
void worker_resume(struct world *world, struct worker *worker);
void worker_resumes(struct world *world, struct item *item); /* in the calendar: of item->worker */
void worker_trace(struct world *world, struct worker *worker);

/* --- workloads.c --- */
void workloads_prepare(struct world *world);
/* Does what this step's frame asks for by itself; false: nothing. */
bool workloads_step(struct world *world);

/* --- checks.c, checks_overwrite.c, checks_records.c, checks_end.c: the invariants; each failure names its check --- */
void check_request(struct world *world, struct request *request);
void check_not_paused(struct world *world, const struct worker *worker, const char *what);
void check_answer(struct world *world, const struct request *request);
/* `before` is the state that the write replaced. */
void check_write(struct world *world, const struct request *request, const struct document *document,
                 const struct state *before);
/* checks_whole.c: a document was made (it is in its new state), or is about to go. */
void check_create(struct world *world, const struct request *request, const struct document *document);
void check_delete(struct world *world, const struct request *request, const struct document *document);
/* Is the record of an event that made or deleted its document, or found none? */
bool is_of_the_whole(const struct world *world, const struct record *record);
/* The copy that was refused may be no document at all: the event wanted to make it. */
bool was_nothing_refused(const struct record *record);
void check_whole(struct world *world, const struct record *record);
void check_publish(struct world *world, const struct worker *worker, const struct action *action,
                   struct asked *asked);
/* checks_repeats.c, checks_turns.c */
void check_repeats(struct world *world, const struct worker *worker, const struct finished *finished,
                   const struct asked *asked);
void check_breaker(struct world *world, struct request *request);
void check_fairness(struct world *world, const struct request *request);
void check_record(struct world *world, const struct record *record);
void check_commit(struct world *world, const struct worker *worker, const struct action *action);
void check_release(struct world *world, const struct worker *worker, const struct release_action *release);
void check_turn(struct world *world, struct worker *worker);
void check_end(struct world *world);
/* The record tells of a write of unknown fate. */
/* The state on which the record says that its event ended; NULL: the service never gave that out. */
const struct state *record_state(const struct world *world, const struct record *record);
bool has_ambiguous_write(const struct record *record);
void check_model(struct world *world, const struct record *record);

/* --- check_fold.c: what the events that were written together did before one of them --- */
void fold_find_mate(struct world *world, struct record *record);
/* The document on which the event of the record was merged, and whether an earlier mate had changed it. Absent: the
 * records of the mates are not there. Allocates in world->scratch. */
struct bytes fold_document(struct world *world, const struct record *record, const struct state *state,
                           bool *ret_has_changed);
/* An earlier mate set the field, or something in it, or what contains it. */
bool fold_touched(const struct record *record, struct bytes field);
/* The last mate before it that touched the field set it, and nothing around or inside it: that is the base. */
bool fold_has_base(const struct world *world, const struct record *record, struct bytes field, struct value *ret_base);
/* An event behind this one of the same write changes something inside the field. */
bool fold_changes_below(const struct request *request, const struct asked *asked, struct bytes field);

#endif
