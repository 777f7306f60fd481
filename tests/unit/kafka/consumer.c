#include "tests/support/group_member.h"
#include "tests/support/unit.h"

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

/* Also of a partition without a record, and again after each that follows. */
static bool is_told_of_the_end(struct worker *worker, int32_t partition, int next)
{
    int32_t epoch;

    if (worker_read(worker, partition, next, 1) != 0 || !consumer_met_end(worker->consumer, partition, &epoch))
        return false;
    ck_assert_int_eq(epoch, held(worker, partition)->epoch);
    return true;
}

START_TEST(the_end_is_told_once_behind_the_last_record)
{
    struct worker worker;

    broker_start(&broker, 2);
    broker.config.topics.start = TOPICS_START_EARLIEST;
    broker_fill(&broker, 0, 0, 20);
    worker_start(&worker);
    AWAIT(worker_turn(&worker, 20) && worker.held_count == 2);
    AWAIT(worker_turn(&worker, 20) && is_told_of_the_end(&worker, 1, 0));
    ck_assert(!is_told_of_the_end(&worker, 1, 0));
    await_records(&worker, 0, 0, 20);
    AWAIT(worker_turn(&worker, 20) && is_told_of_the_end(&worker, 0, 20));
    broker_fill(&broker, 0, 20, 1);
    await_records(&worker, 0, 20, 1);
    AWAIT(worker_turn(&worker, 20) && is_told_of_the_end(&worker, 0, 21));
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

/* What a silent broker leads has neither an offset nor an error in the answer. */
START_TEST(a_partition_whose_leader_is_silent_is_asked_for_again)
{
    struct worker worker;

    broker_start_many(&broker, 2, 2);
    broker.config.topics.start = TOPICS_START_EARLIEST;
    broker_fill(&broker, 1, 0, 5);
    rd_kafka_mock_coordinator_set(broker.cluster, "group", "group", 1);
    rd_kafka_mock_partition_set_leader(broker.cluster, "updates", 0, 1);
    rd_kafka_mock_partition_set_leader(broker.cluster, "updates", 1, 2);
    rd_kafka_mock_broker_set_rtt(broker.cluster, 2, 30000);
    worker_start(&worker);
    AWAIT(worker_turn(&worker, 20) && strstr(worker.warning, "cannot be read") != NULL);
    ck_assert_uint_eq(worker.held_count, 0);
    rd_kafka_mock_broker_set_rtt(broker.cluster, 2, 0);
    AWAIT(worker_turn(&worker, 20) && worker.held_count == 2);
    ck_assert_int_eq(held(&worker, 1)->offset_next, 0);
    await_records(&worker, 1, 0, 5);
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

UNIT_TESTS("kafka/consumer", records_of_each_partition_come_in_order, the_end_is_told_once_behind_the_last_record,
           descriptor_wakes_for_a_record_in_an_idle_partition, next_owner_begins_at_the_committed_offset,
           start_is_kept_where_no_event_was_finished, without_a_start_the_lines_to_choose_from_are_shown,
           a_partition_whose_leader_is_silent_is_asked_for_again,
           commit_of_a_fenced_member_is_refused, offset_out_of_range_stops_its_partition_alone,
           unknown_property_is_refused_with_its_place)
