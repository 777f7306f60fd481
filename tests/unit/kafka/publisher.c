#include "tests/support/broker.h"
#include "tests/support/unit.h"

#include "kafka/publisher_state.h"
#include <poll.h>

#define PRODUCE 0 /* the request's number in Kafka's protocol */

static struct broker broker;

static struct publisher *publisher_start(void)
{
    struct error error = {0};
    struct publisher *publisher = publisher_new(&broker.config, &error);

    ck_assert_msg(publisher != NULL, "%s", error.text);
    return publisher;
}

static struct publication_record record_to(const char *topic, const char *value, size_t size)
{
    static const struct header headers[] = {{{"reason", 6}, {"stale", 5}}, {{"none", 4}, {NULL, 0}}};

    return (struct publication_record){
        .topic = topic, .key = BYTES("key"), .value = {value, size}, .headers = headers, .header_count = 2};
}

static enum publish_result publish(struct publisher *publisher, uint64_t id, const char *value, size_t size)
{
    const struct publication_record records[2] = {record_to("audit", value, size), record_to("letters", value, size)};
    struct error error = {0};
    size_t index = 99;

    return publisher_publish(publisher, id, records, 2, &index, &error);
}

static bool next_end(struct publisher *publisher, struct publication_end *ret_end)
{
    struct pollfd wanted = {.fd = publisher_descriptor(publisher), .events = POLLIN};

    poll(&wanted, 1, 20);
    return publisher_next(publisher, ret_end);
}

/* --- order: each publication carries its number --- */

static void publish_numbers(struct publisher *publisher, uint64_t first, uint64_t last)
{
    for (uint64_t id = first; id <= last; id++) {
        auto_text value = memory_format("%llu", (unsigned long long)id);

        ck_assert_int_eq(publish(publisher, id, value, strlen(value)), PUBLISH_TAKEN);
    }
}

static void await_acknowledged(struct publisher *publisher, uint64_t count)
{
    struct publication_end end;

    for (uint64_t i = 0; i < count; i++) {
        AWAIT(next_end(publisher, &end));
        ck_assert(end.is_acknowledged);
    }
    ck_assert_uint_eq(publisher_pending(publisher), 0);
}

static void await_trouble(struct publisher *publisher, const char *what)
{
    struct publication_end end;
    const char *trouble;

    AWAIT(!next_end(publisher, &end) && (trouble = publisher_trouble(publisher)) != NULL &&
          strstr(trouble, what) != NULL);
}

/* A consumer that reads the topic from its beginning. */
static rd_kafka_t *reader_start(const char *topic)
{
    rd_kafka_conf_t *conf = rd_kafka_conf_new();
    rd_kafka_topic_partition_list_t *partitions = rd_kafka_topic_partition_list_new(1);
    rd_kafka_t *reader;

    rd_kafka_conf_set(conf, "bootstrap.servers", rd_kafka_mock_cluster_bootstraps(broker.cluster), NULL, 0);
    rd_kafka_conf_set(conf, "group.id", "reader", NULL, 0);
    rd_kafka_conf_set(conf, "log_level", "0", NULL, 0);
    reader = rd_kafka_new(RD_KAFKA_CONSUMER, conf, NULL, 0);
    rd_kafka_topic_partition_list_add(partitions, topic, 0)->offset = 0;
    rd_kafka_assign(reader, partitions);
    rd_kafka_topic_partition_list_destroy(partitions);
    return reader;
}

/* A record may be there twice, but none comes before one that was taken earlier. */
static void check_order(const char *topic, uint64_t last)
{
    rd_kafka_t *reader = reader_start(topic);
    uint64_t highest = 0, number;
    int64_t until_ms = clock_now_ms() + BROKER_WAIT_MS;

    while (highest < last) {
        rd_kafka_message_t *message = rd_kafka_consumer_poll(reader, 100);

        ck_assert_msg(clock_now_ms() < until_ms, "%s: no record %llu", topic, (unsigned long long)highest + 1);
        if (message == NULL || message->err != RD_KAFKA_RESP_ERR_NO_ERROR) {
            if (message != NULL)
                rd_kafka_message_destroy(message);
            continue;
        }
        ck_assert(bytes_to_uint64((struct bytes){message->payload, message->len}, &number));
        ck_assert_msg(number <= highest + 1, "%s: record %llu comes after %llu", topic, (unsigned long long)number,
                      (unsigned long long)highest);
        highest = number > highest ? number : highest;
        rd_kafka_message_destroy(message);
    }
    rd_kafka_consumer_close(reader);
    rd_kafka_destroy(reader);
}

static void check_orders(uint64_t last)
{
    check_order("audit", last);
    check_order("letters", last);
}

/* --- the tests --- */

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

START_TEST(a_refused_record_is_published_again_before_anything_new)
{
    struct publisher *publisher;

    broker_start(&broker, 1);
    publisher = publisher_start();
    rd_kafka_mock_push_request_errors(broker.cluster, PRODUCE, 1, RD_KAFKA_RESP_ERR_TOPIC_AUTHORIZATION_FAILED);
    publish_numbers(publisher, 1, 1);
    await_trouble(publisher, "uthoriz");
    ck_assert_uint_ge(publisher_failures(publisher), 1);
    publish_numbers(publisher, 2, 20);
    await_acknowledged(publisher, 20);
    check_orders(20);
    publisher_free(publisher, 5000);
    broker_stop(&broker);
}
END_TEST

/* librdkafka gives up a record after message.timeout.ms: an outage that is longer changes no order. */
START_TEST(records_that_time_out_in_an_outage_keep_their_order)
{
    struct publisher *publisher;

    broker_start(&broker, 1);
    broker_set(&broker, "reconnect.backoff.max.ms", "200");
    broker_set(&broker, "message.timeout.ms", "300");
    publisher = publisher_start();
    publish_numbers(publisher, 1, 10);
    await_acknowledged(publisher, 10);
    rd_kafka_mock_broker_set_down(broker.cluster, 1);
    publish_numbers(publisher, 11, 20);
    await_trouble(publisher, "timed out");
    publish_numbers(publisher, 21, 30);
    await_trouble(publisher, "timed out");
    ck_assert_uint_eq(publisher_pending(publisher), 40);
    rd_kafka_mock_broker_set_up(broker.cluster, 1);
    await_acknowledged(publisher, 20);
    check_orders(30);
    publisher_free(publisher, 5000);
    broker_stop(&broker);
}
END_TEST

/* While it waits for its time, a publisher with work does not wake the loop again and again. */
START_TEST(a_failing_topic_does_not_spin)
{
    struct publisher *publisher;
    struct publication_end end;
    int64_t until_ms;
    int turns = 0;

    broker_start(&broker, 1);
    publisher = publisher_start();
    for (int i = 0; i < 100; i++)
        rd_kafka_mock_push_request_errors(broker.cluster, PRODUCE, 1, RD_KAFKA_RESP_ERR_TOPIC_AUTHORIZATION_FAILED);
    publish_numbers(publisher, 1, 50);
    await_trouble(publisher, "uthoriz");
    for (until_ms = clock_now_ms() + 2000; clock_now_ms() < until_ms; turns++)
        ck_assert(!next_end(publisher, &end));
    ck_assert_int_lt(turns, 250); /* 20 ms each, and some events */
    ck_assert_uint_lt(publisher_failures(publisher), 50 * 2 * 4);
    publisher_free(publisher, 0);
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

START_TEST(a_producer_that_lost_its_sequence_begins_anew_in_the_original_order)
{
    struct publisher *publisher;

    broker_start(&broker, 1);
    publisher = publisher_start();
    publish_numbers(publisher, 1, 5);
    await_acknowledged(publisher, 5);
    rd_kafka_mock_push_request_errors(broker.cluster, PRODUCE, 1, RD_KAFKA_RESP_ERR_OUT_OF_ORDER_SEQUENCE_NUMBER);
    publish_numbers(publisher, 6, 40);
    await_trouble(publisher, "begins anew");
    publish_numbers(publisher, 41, 60);
    await_acknowledged(publisher, 55);
    check_orders(60);
    publisher_free(publisher, 5000);
    broker_stop(&broker);
}
END_TEST

/* Records are with the broker, on their way back, and in the queue. */
START_TEST(a_fatal_error_with_records_under_way_loses_none_and_keeps_the_order)
{
    struct publisher *publisher;
    rd_kafka_t *first_client;

    broker_start(&broker, 1);
    rd_kafka_mock_broker_set_rtt(broker.cluster, 1, 300);
    publisher = publisher_start();
    first_client = publisher->client;
    for (uint64_t round = 0; round < 3; round++) {
        publish_numbers(publisher, round * 30 + 1, round * 30 + 20);
        ck_assert_int_eq(rd_kafka_test_fatal_error(publisher->client, RD_KAFKA_RESP_ERR_OUT_OF_ORDER_SEQUENCE_NUMBER,
                                                   "made up"),
                         RD_KAFKA_RESP_ERR_NO_ERROR);
        publish_numbers(publisher, round * 30 + 21, round * 30 + 30);
        await_trouble(publisher, "begins anew");
    }
    ck_assert_ptr_ne(publisher->client, first_client);
    await_acknowledged(publisher, 90);
    check_orders(90);
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

UNIT_TESTS("kafka/publisher", publication_ends_when_all_its_records_are_reported,
           nothing_ends_before_a_broker_reports, a_refused_record_is_published_again_before_anything_new,
           records_that_time_out_in_an_outage_keep_their_order, a_failing_topic_does_not_spin,
           record_over_the_limit_is_not_taken, a_refused_batch_does_not_shrink_records,
           a_full_queue_takes_nothing_and_recovers, a_publication_over_the_whole_queue_is_taken_alone,
           a_producer_that_lost_its_sequence_begins_anew_in_the_original_order,
           a_fatal_error_with_records_under_way_loses_none_and_keeps_the_order,
           leaving_waits_for_reports_and_no_longer)
