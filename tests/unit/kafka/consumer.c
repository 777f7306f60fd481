#include "tests/support/broker.h"
#include "tests/support/unit.h"

#include "kafka/consumer.h"
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
};

static struct broker broker;

static void worker_start(struct worker *worker)
{
    struct error error = {0};

    *worker = (struct worker){.consumer = consumer_new(&broker.config, &error)};
    ck_assert_msg(worker->consumer != NULL, "%s", error.text);
}

static void drop_partitions(struct worker *worker, const struct notice *notice)
{
    for (size_t i = 0; i < notice->partition_count; i++)
        for (size_t k = 0; k < worker->held_count; k++)
            if (worker->held[k].partition == notice->partitions[i])
                worker->held[k--] = worker->held[--worker->held_count];
}

static void take_notice(struct worker *worker, const struct notice *notice)
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
        ck_abort_msg("%s", notice->text);
    }
}

/* One turn: sleeps on the descriptor as the loop does. */
static bool worker_turn(struct worker *worker, int wait_ms)
{
    struct pollfd wanted = {.fd = consumer_descriptor(worker->consumer), .events = POLLIN};
    struct notice notice;

    poll(&wanted, 1, wait_ms);
    while (consumer_next(worker->consumer, &notice))
        take_notice(worker, &notice);
    return true;
}

/* Reads what is there; the values must be `first`, `first` + 1, ... Returns how many came. */
static int worker_read(struct worker *worker, int32_t partition, int first, int max)
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

static void await_records(struct worker *worker, int32_t partition, int first, int count)
{
    int got = 0;

    AWAIT(worker_turn(worker, 20) && (got += worker_read(worker, partition, first + got, count - got)) == count);
}

static const struct assigned *held(const struct worker *worker, int32_t partition)
{
    for (size_t i = 0; i < worker->held_count; i++)
        if (worker->held[i].partition == partition)
            return &worker->held[i];
    return NULL;
}

static void commit(struct worker *worker, uint64_t id, int32_t partition, int64_t offset_next)
{
    struct commit_entry entry = {.partition = partition, .offset_next = offset_next};
    size_t before = worker->committed;

    consumer_commit(worker->consumer, id, &(struct commit_action){&entry, 1});
    AWAIT(worker_turn(worker, 20) && worker->committed == before + 1);
    ck_assert_uint_eq(worker->committed_id, id);
}

START_TEST(records_of_each_partition_come_in_order)
{
    struct worker worker;

    broker_start(&broker, PARTITIONS);
    broker.config.topics.start = TOPICS_START_EARLIEST;
    for (int32_t i = 0; i < PARTITIONS; i++)
        broker_fill(&broker, i, 0, 200);
    worker_start(&worker);
    AWAIT(worker_turn(&worker, 20) && worker.held_count == PARTITIONS);
    ck_assert(consumer_is_connected(worker.consumer));
    for (int32_t i = 0; i < PARTITIONS; i++) {
        ck_assert_int_eq(held(&worker, i)->offset_next, 0);
        await_records(&worker, i, 0, 200);
        ck_assert_int_eq(consumer_end(worker.consumer, i), 200);
    }
    broker_fill(&broker, 1, 200, 50);
    await_records(&worker, 1, 200, 50);
    consumer_free(worker.consumer, 5000);
    broker_stop(&broker);
}
END_TEST

/* Nobody reads for a while, then the descriptor must still tell of what comes. */
START_TEST(descriptor_wakes_for_a_record_in_an_idle_partition)
{
    struct worker worker;
    struct pollfd wanted;
    struct notice notice;
    struct received received;

    broker_start(&broker, 1);
    broker.config.topics.start = TOPICS_START_EARLIEST;
    worker_start(&worker);
    AWAIT(worker_turn(&worker, 20) && worker.held_count == 1);
    broker_fill(&broker, 0, 0, 3);
    await_records(&worker, 0, 0, 3);
    while (worker_turn(&worker, 0) && consumer_read(worker.consumer, 0, &received))
        consumer_done(worker.consumer);
    broker_fill(&broker, 0, 3, 1);
    wanted = (struct pollfd){.fd = consumer_descriptor(worker.consumer), .events = POLLIN};
    ck_assert_int_eq(poll(&wanted, 1, BROKER_WAIT_MS), 1);
    while (consumer_next(worker.consumer, &notice))
        take_notice(&worker, &notice);
    await_records(&worker, 0, 3, 1);
    consumer_free(worker.consumer, 5000);
    broker_stop(&broker);
}
END_TEST

START_TEST(next_owner_begins_at_the_committed_offset)
{
    struct worker worker;

    broker_start(&broker, 1);
    broker.config.topics.start = TOPICS_START_EARLIEST;
    broker_fill(&broker, 0, 0, 10);
    worker_start(&worker);
    AWAIT(worker_turn(&worker, 20) && worker.held_count == 1);
    await_records(&worker, 0, 0, 10);
    commit(&worker, 7, 0, 4);
    ck_assert_int_eq(worker.commit_result, COMMIT_ACKNOWLEDGED);
    consumer_free(worker.consumer, 5000);

    broker.config.topics.start = TOPICS_START_UNSET;
    worker_start(&worker);
    AWAIT(worker_turn(&worker, 20) && worker.held_count == 1);
    ck_assert_int_eq(held(&worker, 0)->offset_next, 4);
    await_records(&worker, 0, 4, 6);
    consumer_free(worker.consumer, 5000);
    broker_stop(&broker);
}
END_TEST

/* Else a restart would take the partition for a new one and apply everything that `latest` left out. */
START_TEST(start_is_kept_where_no_event_was_finished)
{
    struct worker worker;

    broker_start(&broker, 2);
    broker.config.topics.start = TOPICS_START_LATEST;
    broker_fill(&broker, 0, 0, 5);
    broker_fill(&broker, 1, 0, 5);
    worker_start(&worker);
    AWAIT(worker_turn(&worker, 20) && worker.held_count == 2);
    ck_assert_int_eq(held(&worker, 0)->offset_next, 5);
    broker_fill(&broker, 0, 5, 1);
    await_records(&worker, 0, 5, 1);
    commit(&worker, 1, 0, 6);
    consumer_free(worker.consumer, 5000);
    ck_assert_uint_eq(worker.committed, 1);

    worker_start(&worker);
    AWAIT(worker_turn(&worker, 20) && worker.held_count == 2);
    ck_assert_int_eq(held(&worker, 0)->offset_next, 6);
    ck_assert_int_eq(held(&worker, 1)->offset_next, 5);
    consumer_free(worker.consumer, 5000);
    broker_stop(&broker);
}
END_TEST

START_TEST(without_a_start_the_lines_to_choose_from_are_shown)
{
    struct worker worker;
    int64_t before_ms;

    broker_start(&broker, 2);
    broker_fill(&broker, 0, 0, 3);
    broker_fill(&broker, 1, 0, 4);
    worker_start(&worker);
    AWAIT(worker_turn(&worker, 20) && worker.no_start[0] != '\0');
    ck_assert_uint_eq(worker.held_count, 0);
    ck_assert_ptr_nonnull(strstr(worker.no_start, "topics: { start: earliest }"));
    ck_assert_ptr_nonnull(strstr(worker.no_start, "topics: { start: latest }"));
    ck_assert_ptr_nonnull(strstr(worker.no_start, "7 records"));
    before_ms = clock_now_ms();
    consumer_free(worker.consumer, 20000);
    ck_assert_int_lt(clock_now_ms() - before_ms, 10000);
    broker_stop(&broker);
}
END_TEST

/* The mock may rebalance once more by itself: what it asks back is let go at once. */
static bool turn_and_release(struct worker *worker)
{
    size_t revoked = worker->revoked;

    worker_turn(worker, 10);
    if (worker->revoked > revoked)
        consumer_release(worker->consumer);
    return true;
}

/* The partitions of the one reach the other only after the one has let go of them. */
static void hand_over(const char *assignor)
{
    struct worker one, two;
    int32_t epoch;

    broker_start(&broker, PARTITIONS);
    broker_set(&broker, "partition.assignment.strategy", assignor);
    broker.config.topics.start = TOPICS_START_EARLIEST;
    worker_start(&one);
    AWAIT(worker_turn(&one, 20) && one.held_count == PARTITIONS);
    epoch = one.held[PARTITIONS - 1].epoch;
    worker_start(&two);
    AWAIT(worker_turn(&one, 10) && worker_turn(&two, 10) && one.revoked == 1);
    for (int i = 0; i < 20; i++) {
        worker_turn(&one, 10);
        worker_turn(&two, 10);
        ck_assert_uint_eq(two.held_count, 0);
    }
    /* the mock refuses commits while it rebalances; a broker takes them */
    commit(&one, 9, one.revoked_partitions[0], 0);
    ck_assert_int_ne(one.commit_result, COMMIT_REFUSED);
    consumer_release(one.consumer);
    AWAIT(turn_and_release(&one) && turn_and_release(&two) && one.held_count == PARTITIONS / 2 &&
          two.held_count == PARTITIONS / 2);
    for (size_t i = 0; i < one.held_count; i++)
        ck_assert_ptr_null(held(&two, one.held[i].partition));
    if (strcmp(assignor, "range") == 0)
        ck_assert_int_gt(one.held[0].epoch, epoch);
    broker_fill(&broker, two.held[0].partition, 0, 5);
    await_records(&two, two.held[0].partition, 0, 5);
    consumer_free(one.consumer, 5000);
    consumer_free(two.consumer, 5000);
    broker_stop(&broker);
}

START_TEST(eager_revocation_waits_for_the_release)
{
    hand_over("range");
}
END_TEST

START_TEST(cooperative_revocation_waits_for_the_release)
{
    hand_over("cooperative-sticky");
}
END_TEST

/* Not released: leaving must not wait for its whole timeout. */
START_TEST(leaving_answers_a_pending_revocation)
{
    struct worker one, two;
    int64_t before_ms;

    broker_start(&broker, PARTITIONS);
    broker.config.topics.start = TOPICS_START_EARLIEST;
    worker_start(&one);
    AWAIT(worker_turn(&one, 20) && one.held_count == PARTITIONS);
    worker_start(&two);
    AWAIT(worker_turn(&one, 10) && worker_turn(&two, 10) && one.revoked == 1);
    before_ms = clock_now_ms();
    consumer_free(one.consumer, 20000);
    ck_assert_int_lt(clock_now_ms() - before_ms, 10000);
    AWAIT(worker_turn(&two, 20) && two.held_count == PARTITIONS);
    consumer_free(two.consumer, 5000);
    broker_stop(&broker);
}
END_TEST

START_TEST(commit_of_a_fenced_member_is_refused)
{
    struct worker worker;

    broker_start(&broker, 1);
    broker.config.topics.start = TOPICS_START_EARLIEST;
    worker_start(&worker);
    AWAIT(worker_turn(&worker, 20) && worker.held_count == 1);
    commit(&worker, 1, 0, 0);
    rd_kafka_mock_push_request_errors(broker.cluster, 8 /* OffsetCommit */, 1, RD_KAFKA_RESP_ERR_ILLEGAL_GENERATION);
    commit(&worker, 2, 0, 1);
    ck_assert_int_eq(worker.commit_result, COMMIT_REFUSED);
    consumer_free(worker.consumer, 5000);
    broker_stop(&broker);
}
END_TEST

START_TEST(offset_out_of_range_stops_its_partition_alone)
{
    struct worker worker;

    broker_start(&broker, 2);
    broker.config.topics.start = TOPICS_START_EARLIEST;
    worker_start(&worker);
    AWAIT(worker_turn(&worker, 20) && worker.held_count == 2);
    commit(&worker, 1, 0, 100);
    consumer_free(worker.consumer, 5000);
    worker_start(&worker);
    AWAIT(worker_turn(&worker, 20) && worker.held_count == 2);
    AWAIT(worker_turn(&worker, 20) && worker_read(&worker, 0, 0, 1) == 0 &&
          strstr(worker.warning, "partition 0 of 'updates' stands still") != NULL);
    broker_fill(&broker, 1, 0, 5);
    await_records(&worker, 1, 0, 5);
    consumer_free(worker.consumer, 5000);
    broker_stop(&broker);
}
END_TEST

START_TEST(unknown_property_is_refused_with_its_place)
{
    struct error error = {0};

    broker_start(&broker, 1);
    broker_set(&broker, "sesion.timeout.ms", "6000");
    ck_assert_ptr_null(consumer_new(&broker.config, &error));
    ck_assert_int_eq(error.kind, ERROR_USAGE);
    ck_assert_ptr_nonnull(strstr(error.text, "test.yaml:1"));
    ck_assert_ptr_nonnull(strstr(error.text, "sesion.timeout.ms"));
    broker_stop(&broker);
}
END_TEST

UNIT_TESTS("kafka/consumer", records_of_each_partition_come_in_order,
           descriptor_wakes_for_a_record_in_an_idle_partition, next_owner_begins_at_the_committed_offset,
           start_is_kept_where_no_event_was_finished, without_a_start_the_lines_to_choose_from_are_shown,
           eager_revocation_waits_for_the_release, cooperative_revocation_waits_for_the_release,
           leaving_answers_a_pending_revocation, commit_of_a_fenced_member_is_refused,
           offset_out_of_range_stops_its_partition_alone,
           unknown_property_is_refused_with_its_place)
