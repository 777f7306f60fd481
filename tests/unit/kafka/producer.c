#include "tests/support/publishing.h"
#include "tests/support/unit.h"

#include "kafka/publisher_state.h"

/* Each publication carries its number: what fails comes again in its order, before anything new. */

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

UNIT_TESTS("kafka/producer", a_refused_record_is_published_again_before_anything_new,
           records_that_time_out_in_an_outage_keep_their_order, a_failing_topic_does_not_spin,
           a_producer_that_lost_its_sequence_begins_anew_in_the_original_order,
           a_fatal_error_with_records_under_way_loses_none_and_keeps_the_order)
