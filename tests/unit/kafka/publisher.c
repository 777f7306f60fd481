#include "tests/support/publishing.h"
#include "tests/support/unit.h"

#include "kafka/publisher_state.h"

START_TEST(publication_ends_when_all_its_records_are_reported)
{
    struct publisher *publisher;
    struct publication_end end;

    broker_start(&broker, 1);
    publisher = publisher_start();
    for (uint64_t id = 1; id <= 100; id++)
        ck_assert_int_eq(publish(publisher, id, "value", 5), PUBLISH_TAKEN);
    for (uint64_t id = 1; id <= 100; id++) {
        AWAIT(next_end(publisher, &end));
        ck_assert(end.is_acknowledged);
        ck_assert_uint_le(end.action_id, 100);
    }
    ck_assert_uint_eq(publisher_pending(publisher), 0);
    ck_assert(!publisher_next(publisher, &end));
    publisher_free(publisher, 5000);
    broker_stop(&broker);
}
END_TEST

/* The dead-letter topic has no leader for a while. */
START_TEST(a_publication_waits_for_its_dead_letter_as_for_its_audit_record)
{
    static const char *const topics[] = {"letters", "audit"};
    struct publisher *publisher;
    struct publication_end end;

    broker_start(&broker, 1);
    rd_kafka_mock_partition_set_leader(broker.cluster, topics[_i], 0, -1);
    broker_set(&broker, "topic.metadata.refresh.fast.interval.ms", "50");
    publisher = publisher_start();
    ck_assert_int_eq(publish(publisher, 7, "value", 5), PUBLISH_TAKEN);
    AWAIT(!next_end(publisher, &end) && publisher->records_under_way == 1);
    for (int i = 0; i < 20; i++)
        ck_assert(!next_end(publisher, &end));
    rd_kafka_mock_partition_set_leader(broker.cluster, topics[_i], 0, 1);
    AWAIT(next_end(publisher, &end));
    ck_assert(end.is_acknowledged);
    publisher_free(publisher, 5000);
    broker_stop(&broker);
}
END_TEST

START_TEST(nothing_ends_before_a_broker_reports)
{
    struct publisher *publisher;
    struct publication_end end;

    broker_start(&broker, 1);
    broker_set(&broker, "reconnect.backoff.max.ms", "200");
    rd_kafka_mock_broker_set_down(broker.cluster, 1);
    publisher = publisher_start();
    ck_assert_int_eq(publish(publisher, 7, "value", 5), PUBLISH_TAKEN);
    for (int i = 0; i < 20; i++)
        ck_assert(!next_end(publisher, &end));
    ck_assert_uint_eq(publisher_pending(publisher), 2);
    rd_kafka_mock_broker_set_up(broker.cluster, 1);
    AWAIT(next_end(publisher, &end));
    ck_assert_uint_eq(end.action_id, 7);
    ck_assert(end.is_acknowledged);
    publisher_free(publisher, 5000);
    broker_stop(&broker);
}
END_TEST

START_TEST(record_over_the_limit_is_not_taken)
{
    struct publisher *publisher;
    struct error error = {0};
    struct publication_record records[2];
    size_t index = 99, size = 20000;
    char *value = memory_new(size);

    broker_start(&broker, 1);
    broker_set(&broker, "message.max.bytes", "10000");
    publisher = publisher_start();
    ck_assert_uint_lt(publisher_bytes_max(publisher, "letters"), 10000);
    records[0] = record_to("audit", value, 100);
    records[1] = record_to("letters", value, size);
    ck_assert_int_eq(publisher_publish(publisher, 1, records, 2, &index, &error), PUBLISH_TOO_LARGE);
    ck_assert_uint_eq(index, 1);
    ck_assert_ptr_nonnull(strstr(error.text, "letters"));
    ck_assert_uint_eq(publisher_pending(publisher), 0);
    publisher_free(publisher, 5000);
    free(value);
    broker_stop(&broker);
}
END_TEST

/* Small records in a batch over the topic's limit are not too large themselves. */
START_TEST(a_refused_batch_does_not_shrink_records)
{
    struct publisher *publisher;
    struct publication_end end;
    size_t bytes_max;

    broker_start(&broker, 1);
    publisher = publisher_start();
    bytes_max = publisher_bytes_max(publisher, "audit");
    rd_kafka_mock_push_request_errors(broker.cluster, PRODUCE, 1, RD_KAFKA_RESP_ERR_MSG_SIZE_TOO_LARGE);
    ck_assert_int_eq(publish(publisher, 1, "value", 5), PUBLISH_TAKEN);
    AWAIT(next_end(publisher, &end));
    ck_assert(end.is_acknowledged);
    ck_assert_uint_eq(publisher_bytes_max(publisher, "audit"), bytes_max);

    rd_kafka_mock_push_request_errors(broker.cluster, PRODUCE, 2, RD_KAFKA_RESP_ERR_MSG_SIZE_TOO_LARGE,
                                      RD_KAFKA_RESP_ERR_MSG_SIZE_TOO_LARGE);
    ck_assert_int_eq(publish(publisher, 2, "value", 5), PUBLISH_TAKEN);
    AWAIT(next_end(publisher, &end));
    ck_assert(!end.is_acknowledged);
    ck_assert_uint_lt(publisher_bytes_max(publisher, "audit"), bytes_max);
    publisher_free(publisher, 5000);
    broker_stop(&broker);
}
END_TEST

START_TEST(a_full_queue_takes_nothing_and_recovers)
{
    struct publisher *publisher;
    struct publication_end end;
    uint64_t taken = 0;

    broker_start(&broker, 1);
    broker_set(&broker, "queue.buffering.max.messages", "20");
    publisher = publisher_start();
    while (publish(publisher, taken + 1, "value", 5) == PUBLISH_TAKEN)
        taken++;
    ck_assert_uint_eq(taken, 5);
    ck_assert_uint_eq(publisher_pending(publisher), 10);
    for (uint64_t i = 0; i < taken; i++) {
        AWAIT(next_end(publisher, &end));
        ck_assert(end.is_acknowledged);
    }
    ck_assert_int_eq(publish(publisher, 9, "value", 5), PUBLISH_TAKEN);
    AWAIT(next_end(publisher, &end));
    publisher_free(publisher, 5000);
    broker_stop(&broker);
}
END_TEST

START_TEST(a_publication_over_the_whole_queue_is_taken_alone)
{
    struct publisher *publisher;
    struct publication_end end;

    broker_start(&broker, 1);
    broker_set(&broker, "queue.buffering.max.messages", "2");
    publisher = publisher_start();
    ck_assert_int_eq(publish(publisher, 1, "value", 5), PUBLISH_TAKEN);
    ck_assert_int_eq(publish(publisher, 2, "value", 5), PUBLISH_FULL);
    AWAIT(next_end(publisher, &end));
    ck_assert_int_eq(publish(publisher, 2, "value", 5), PUBLISH_TAKEN);
    AWAIT(next_end(publisher, &end));
    publisher_free(publisher, 5000);
    broker_stop(&broker);
}
END_TEST

START_TEST(leaving_waits_for_reports_and_no_longer)
{
    struct publisher *publisher;
    int64_t before_ms;

    broker_start(&broker, 1);
    publisher = publisher_start();
    for (uint64_t id = 1; id <= 50; id++)
        ck_assert_int_eq(publish(publisher, id, "value", 5), PUBLISH_TAKEN);
    before_ms = clock_now_ms();
    publisher_free(publisher, 20000);
    ck_assert_int_lt(clock_now_ms() - before_ms, 10000);
    broker_stop(&broker);
}
END_TEST

UNIT_TESTS_LOOPED("kafka/publisher", 2, (a_publication_waits_for_its_dead_letter_as_for_its_audit_record),
                  publication_ends_when_all_its_records_are_reported, nothing_ends_before_a_broker_reports,
                  record_over_the_limit_is_not_taken, a_refused_batch_does_not_shrink_records,
                  a_full_queue_takes_nothing_and_recovers, a_publication_over_the_whole_queue_is_taken_alone,
                  leaving_waits_for_reports_and_no_longer)
