#ifndef IFMATCH_KAFKA_STATE_H
#define IFMATCH_KAFKA_STATE_H

#include "common/check.h"
#include "common/list.h"
#include "common/memory.h"
#include "kafka/consumer.h"
#include "kafka/group.h"

#include <librdkafka/rdkafka.h>

/* What the files of the consumer share. */

#define BATCH_MESSAGES 64
#define SOURCES_MAX    1024

/* An assigned partition and what was taken out of its queue. */
struct source {
    int32_t number;
    int32_t epoch;
    rd_kafka_queue_t *queue;
    struct list early; /* struct early: fetched before the queue was split from the consumer's */
    rd_kafka_message_t *messages[BATCH_MESSAGES];
    size_t count;
    size_t next;
    int64_t end; /* of the partition, when it was last refilled */
    int64_t marked_offset; /* where it began by topics.start; -1: at a committed offset */
    bool is_stopped; /* librdkafka has no record to go on with */
    bool has_met_end; /* not told yet: librdkafka was at the end of the partition behind what it gave out */
    int64_t read_until; /* of a consumer apart: the offset that is not read any more */
    bool is_at_end;     /* there is nothing more before it */
};

struct early {
    struct list node;
    rd_kafka_event_t *event;
    const rd_kafka_message_t *message; /* belongs to the event */
};

/* A notice with all that it points to. */
struct kept_notice {
    struct list node;
    struct notice notice;
    struct assigned *assigned;
    rd_kafka_topic_partition_list_t *list; /* whose metadata `assigned` points to */
    int32_t *partitions;
    char *text;
};

/* Where the partitions of a new assignment begin is asked step by step; each answer leads to the next question. */
enum question { QUESTION_NONE, QUESTION_COMMITTED, QUESTION_EARLIEST, QUESTION_LATEST, QUESTION_TIME };

struct lookup {
    rd_kafka_topic_partition_list_t *assigned; /* waits for its offsets; NULL: no assignment is under way */
    enum question question;
    bool is_asked;
    int64_t ask_at_ms;     /* after a failure */
    uint64_t number;       /* of the assignment; answers to an older one are dropped */
    bool has_committed;    /* the group has committed offsets of this topic */
    bool has_advanced;     /* and not only the marks of where it began */
    int64_t *earliest;
    int64_t *latest;
    int64_t *at_time;
};

struct question_time {
    bool is_asked;
    int64_t ask_at_ms;
};

struct consumer {
    rd_kafka_t *client;
    bool is_apart; /* from the group: nothing is joined, nothing committed */
    struct group_protocol protocol;
    rd_kafka_queue_t *queue; /* rebalances, commits, errors, answers of lookups */
    int descriptor;
    char *topic;
    char *group;
    enum topics_start start;
    int64_t start_time_ms;

    struct source *sources[SOURCES_MAX];
    size_t source_count;
    int32_t last_epoch;
    struct source *reading; /* of the record that was handed out */
    rd_kafka_message_t *message; /* NULL: it belongs to an early event */
    rd_kafka_event_t *message_event;
    struct header *headers;
    size_t header_capacity;

    struct list notices;
    struct kept_notice *current; /* handed out */
    struct lookup lookup;
    struct committed *committed; /* a question under way; NULL: none is */
    uint64_t committed_number;   /* of the lookup that asked it */
    bool awaits_release; /* a revocation was announced */
    rd_kafka_topic_partition_list_t *revoked; /* it, to be answered then; NULL: lost in the meantime */
    rd_kafka_topic_partition_list_t *revoked_next; /* to be announced then */
    bool has_given_up; /* it was said */
    bool is_topic_gone;
    uint32_t topic_partitions; /* 0: not known */
    rd_kafka_Uuid_t *topic_id; /* of the topic whose partitions are assigned; NULL: not known */
    struct question_time topic_question;
    bool has_asked_session;
    bool is_connected;
    bool said_down;
    bool is_probing;      /* down: asks whether a broker is back */
    int64_t probe_at_ms;
};

/* --- notices.c --- */
struct kept_notice *notice_add(struct consumer *consumer, enum notice_kind kind);
struct kept_notice *notice_say(struct consumer *consumer, enum notice_kind kind, const char *format, ...)
    __attribute__((format(__printf__, 3, 4)));
void notice_free(struct kept_notice *notice);

/* --- consumer.c --- */
void consumer_take_error(struct consumer *consumer, rd_kafka_resp_err_t code, const char *text);
/* A client for the group; `apart`: that never becomes a member. */
rd_kafka_t *consumer_client(const struct config *config, bool is_apart, struct error *error);
struct consumer *consumer_of(const struct config *config, rd_kafka_t *client);

/* --- records.c --- */
/* What librdkafka says of one partition instead of a record: its end, or that the next record is not there. False: it is
 * neither. */
bool record_take_fault(struct consumer *consumer, int32_t partition, rd_kafka_resp_err_t code, int64_t offset,
                       const char *text);
/* False: the event is not kept. */
bool record_keep_early(struct consumer *consumer, rd_kafka_event_t *event);
void record_drop(struct consumer *consumer); /* the one handed out */

/* --- connection.c --- */
/* A broker answered. */
void connection_is_up(struct consumer *consumer);
void connection_is_down(struct consumer *consumer);
void connection_probe(struct consumer *consumer);
void connection_probed(struct consumer *consumer, rd_kafka_event_t *event);

/* --- rebalance.c --- */
void rebalance(struct consumer *consumer, rd_kafka_event_t *event);
/* Takes the partitions, each at the offset in the list; it is freed. False: librdkafka did not take them. */
bool rebalance_take(struct consumer *consumer, rd_kafka_topic_partition_list_t *partitions);
void sources_free(struct consumer *consumer);
/* What was fetched and not read. */
void source_drop(struct source *source);
/* All partitions are lost at once, and the consumer cannot go on. */
void rebalance_give_up(struct consumer *consumer, const char *format, ...) __attribute__((format(__printf__, 2, 3)));
/* The same, and the group begins at the first records of what is a topic of the same name. */
void rebalance_topic_made_again(struct consumer *consumer);
struct source *source_find(const struct consumer *consumer, int32_t partition);

/* --- apart.c --- */
/* Behind the last record that there is now. */
void apart_note_end(struct source *source, int64_t offset);

/* --- questions.c --- */
/* Asks what is to be asked now. */
void questions_ask(struct consumer *consumer);
void questions_take_topic(struct consumer *consumer, rd_kafka_event_t *event);
void questions_take_session(struct consumer *consumer, rd_kafka_event_t *event);

/* --- start.c --- */
/* Finds out where each of the partitions begins, then takes them; owns the list. */
/* Replaces the metadata that goes with an offset: `metadata`, or the mark of where the partition began. */
void start_set_metadata(rd_kafka_topic_partition_t *partition, struct bytes metadata, bool is_mark);
bool start_is_mark(const rd_kafka_topic_partition_t *partition);
void start_begin(struct consumer *consumer, rd_kafka_topic_partition_list_t *partitions);
void start_cancel(struct consumer *consumer);
/* Asks what is to be asked now. */
void start_ask(struct consumer *consumer);
/* The answer about committed offsets, if it is there. */
void start_take_committed(struct consumer *consumer);
void start_take_offsets(struct consumer *consumer, rd_kafka_event_t *event);

#endif
