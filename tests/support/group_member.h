#ifndef IFMATCH_TESTS_SUPPORT_GROUP_MEMBER_H
#define IFMATCH_TESTS_SUPPORT_GROUP_MEMBER_H

#include "kafka/consumer.h"
#include "tests/support/broker.h"

#include <poll.h>

#define PARTITIONS 4

/* A consumer as the loop drives it, remembering what it was told. */
struct worker {
    struct consumer *consumer;
    struct assigned held[PARTITIONS];
    size_t held_count;
    size_t assignments;
    size_t revoked, lost, committed;
    int32_t revoked_partitions[PARTITIONS];
    uint64_t committed_id;
    enum commit_result commit_result;
    char no_start[1024];
    char warning[1024];
    char fatal[1024];
};

static struct broker broker;

static inline void worker_start(struct worker *worker)
{
    struct error error = {0};

    *worker = (struct worker){.consumer = consumer_new(&broker.config, &error)};
    ck_assert_msg(worker->consumer != NULL, "%s", error.text);
}

static inline void drop_partitions(struct worker *worker, const struct notice *notice)
{
    for (size_t i = 0; i < notice->partition_count; i++)
        for (size_t k = 0; k < worker->held_count; k++)
            if (worker->held[k].partition == notice->partitions[i])
                worker->held[k--] = worker->held[--worker->held_count];
}

static inline void take_notice(struct worker *worker, const struct notice *notice)
{
    switch (notice->kind) {
    case NOTICE_ASSIGNED:
        worker->assignments++;
        for (size_t i = 0; i < notice->assigned_count; i++)
            worker->held[worker->held_count++] = notice->assigned[i];
        return;
    case NOTICE_REVOKED:
        worker->revoked++;
        memcpy(worker->revoked_partitions, notice->partitions, notice->partition_count * sizeof(int32_t));
        drop_partitions(worker, notice);
        return;
    case NOTICE_LOST:
        worker->lost++;
        drop_partitions(worker, notice);
        return;
    case NOTICE_COMMITTED:
        worker->committed++;
        worker->committed_id = notice->action_id;
        worker->commit_result = notice->commit_result;
        return;
    case NOTICE_NO_START:
        snprintf(worker->no_start, sizeof(worker->no_start), "%s", notice->text);
        return;
    case NOTICE_STOPPED:
        ck_assert(consumer_is_stopped(worker->consumer, notice->partitions[0]));
        snprintf(worker->warning, sizeof(worker->warning), "%s", notice->text);
        return;
    case NOTICE_WARNING:
        snprintf(worker->warning, sizeof(worker->warning), "%s", notice->text);
        return;
    case NOTICE_FATAL:
        snprintf(worker->fatal, sizeof(worker->fatal), "%s", notice->text);
        return;
    }
}

/* One turn: sleeps on the descriptor as the loop does. */
static inline bool worker_turn(struct worker *worker, int wait_ms)
{
    struct pollfd wanted = {.fd = consumer_descriptor(worker->consumer), .events = POLLIN};
    struct notice notice;

    poll(&wanted, 1, wait_ms);
    while (consumer_next(worker->consumer, &notice))
        take_notice(worker, &notice);
    return true;
}

/* The mock may rebalance once more by itself: what it asks back is let go at once. */
static inline bool turn_and_release(struct worker *worker)
{
    size_t revoked = worker->revoked;

    worker_turn(worker, 10);
    if (worker->revoked > revoked)
        consumer_release(worker->consumer);
    return true;
}

/* Reads what is there; the values must be `first`, `first` + 1, ... Returns how many came. */
static inline int worker_read(struct worker *worker, int32_t partition, int first, int max)
{
    struct received received;
    int count = 0;

    while (count < max && consumer_read(worker->consumer, partition, &received)) {
        auto_text text = memory_format("%d", first + count);

        ck_assert_int_eq(received.partition, partition);
        ck_assert_int_eq(received.offset, first + count);
        ck_assert_int_gt(received.end, received.offset);
        ck_assert(bytes_equal(received.value, bytes_of(text)));
        ck_assert(bytes_equal(received.key, BYTES("key")));
        ck_assert_uint_eq(received.header_count, 1);
        ck_assert(bytes_equal(received.headers[0].name, BYTES("trace")));
        ck_assert(bytes_equal(received.headers[0].value, BYTES("abc")));
        consumer_done(worker->consumer);
        count++;
    }
    return count;
}

static inline void await_records(struct worker *worker, int32_t partition, int first, int count)
{
    int got = 0;

    AWAIT(worker_turn(worker, 20) && (got += worker_read(worker, partition, first + got, count - got)) == count);
}

static inline const struct assigned *held(const struct worker *worker, int32_t partition)
{
    for (size_t i = 0; i < worker->held_count; i++)
        if (worker->held[i].partition == partition)
            return &worker->held[i];
    return NULL;
}

static inline void commit(struct worker *worker, uint64_t id, int32_t partition, int64_t offset_next)
{
    struct commit_entry entry = {.partition = partition, .offset_next = offset_next};
    size_t before = worker->committed;

    consumer_commit(worker->consumer, id, &(struct commit_action){&entry, 1});
    AWAIT(worker_turn(worker, 20) && worker->committed == before + 1);
    ck_assert_uint_eq(worker->committed_id, id);
}

#endif
