#ifndef IFMATCH_KAFKA_CONSUMER_H
#define IFMATCH_KAFKA_CONSUMER_H

#include "config/config.h"
#include "engine/input.h"
#include "engine/action.h"

/* The updates topic. The user's properties choose how the group shares it (group.h): eager or cooperative rebalances,
 * or by the broker (group.protocol: consumer). Every partition has a queue of its own, so that not reading one is backpressure without
 * throwing its prefetch away. Rebalances come as notices that are answered when the engine has let go. Everything is
 * pulled by the loop; librdkafka's threads stay behind their queues. */
struct consumer;

/* Whether the properties make a consumer; ERROR_USAGE says why not. No broker is asked. */
bool consumer_check(const struct config *config, struct error *error);

/* Creates the client and subscribes. A broker that is not there is no failure: notices say so. */
struct consumer *consumer_new(const struct config *config, struct error *error);
/* Where `run --dry-run` begins to read a partition, or stops. */
enum range_kind { RANGE_COMMITTED, RANGE_EARLIEST, RANGE_LATEST, RANGE_TIME, RANGE_OFFSETS };

struct range_offset {
    int32_t partition;
    int64_t offset;
};

struct range_place {
    enum range_kind kind;
    int64_t time_ms; /* RANGE_TIME */
    const struct range_offset *offsets; /* RANGE_OFFSETS: other partitions begin, or stop, at their end */
    size_t offset_count;
};

struct range {
    struct range_place from;
    struct range_place to; /* the first record that is not read any more; not RANGE_COMMITTED */
    bool follows;          /* `to` is not looked at: it goes on for ever */
};

/* A consumer apart from the group: it takes partitions by itself, joins nothing and commits nothing. The group's committed
 * offsets are read where `from` says so; a partition without one begins where topics.start says. Waits for the brokers,
 * some seconds at most. Nothing is revoked from it. */
struct consumer *consumer_new_apart(const struct config *config, const struct range *range, struct error *error);
/* Of a consumer apart: every record of its range was read. */
bool consumer_is_at_end(const struct consumer *consumer);

/* Leaves the group within `timeout_ms`, then gives up waiting; where the brokers are away while an assignment waits for
 * its offsets, it takes 5 s in any case. NULL is fine. */
void consumer_free(struct consumer *consumer, int64_t timeout_ms);

/* Readable: something may be there; call consumer_next until false and read all partitions that have room. librdkafka
 * writes to it only when a queue was empty (rd_kafka_queue_io_event_enable): what is left unread wakes nobody. */
int consumer_descriptor(const struct consumer *consumer);

enum notice_kind {
    NOTICE_ASSIGNED,  /* `assigned`: offset and epoch are known, reading has begun at that offset */
    NOTICE_REVOKED,   /* `partitions` are to be given up, the others go on: answer with consumer_release. The next one
                         comes after that */
    NOTICE_LOST,      /* `partitions` are gone already; answered by the consumer itself. A revocation under way is
                         released all the same */
    NOTICE_COMMITTED, /* `action_id`, `commit_result` */
    NOTICE_NO_START,  /* no committed offset and no topics.start: `text` shows the lines to choose from; run ends (2) */
    NOTICE_STOPPED,   /* `partitions`: one, whose next record is not there; `text` says what an operator does */
    NOTICE_WARNING,   /* `text`: brokers not reachable, topic missing, partitions added, ... */
    NOTICE_FATAL,     /* `text`: the consumer cannot go on */
};

/* Valid until the next call of consumer_next. */
struct notice {
    enum notice_kind kind;
    const struct assigned *assigned;
    size_t assigned_count;
    const int32_t *partitions;
    size_t partition_count;
    uint64_t action_id;
    enum commit_result commit_result;
    const char *text;
};

bool consumer_next(struct consumer *consumer, struct notice *ret_notice);

/* The next record of a partition; valid until consumer_done(). False: none is here now. */
bool consumer_read(struct consumer *consumer, int32_t partition, struct received *ret_received);
void consumer_done(struct consumer *consumer);
/* Ask when consumer_read has none: true, once, where the end of the partition was met behind the last one (the broker's
 * word, whatever markers or compaction took away before it). */
bool consumer_met_end(struct consumer *consumer, int32_t partition, int32_t *ret_epoch);

/* Answers the pending revocation. */
void consumer_release(struct consumer *consumer);
/* Commits asynchronously with explicit offsets; exactly one NOTICE_COMMITTED follows. */
void consumer_commit(struct consumer *consumer, uint64_t action_id, const struct commit_action *commit);
/* The end of a partition as far as it is known (its high watermark); -1: not known yet. For the lag. */
int64_t consumer_end(const struct consumer *consumer, int32_t partition);
bool consumer_is_connected(const struct consumer *consumer);
/* Partitions that the updates topic has; 0: not known yet. */
uint32_t consumer_topic_partitions(const struct consumer *consumer);
/* The partition is assigned, but its next record is not there. */
bool consumer_is_stopped(const struct consumer *consumer, int32_t partition);
/* Half the session timeout; where that is the broker's (group.protocol: consumer), less than any that is reasonable. */
int64_t consumer_ownership_ms(const struct consumer *consumer);
/* A revocation that is not released for longer may cost the membership: half of max.poll.interval.ms. */
int64_t consumer_drain_ms_max(const struct consumer *consumer);

#endif
