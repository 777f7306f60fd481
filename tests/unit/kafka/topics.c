#include "tests/support/broker.h"
#include "tests/support/unit.h"

#include "kafka/publisher.h"
#include "kafka/topics.h"

static struct broker broker;

START_TEST(look_counts_the_partitions_of_what_is_there)
{
    struct topic_state states[3];
    struct error error = {0};

    broker_start(&broker, 5);
    broker.config.topics.audit = (char *)"nothing";
    ck_assert_msg(topics_look(&broker.config, BROKER_WAIT_MS, states, &error), "%s", error.text);
    ck_assert_str_eq(states[0].name, "updates");
    ck_assert_int_eq(states[0].partitions, 5);
    ck_assert_str_eq(states[1].name, "nothing");
    ck_assert_int_eq(states[1].partitions, 0);
    ck_assert_int_eq(states[2].partitions, 1);
    broker_stop(&broker);
}
END_TEST

START_TEST(without_a_broker_the_answer_is_unavailable)
{
    struct topic_state states[3] = {{.partitions = 77}};
    struct error error = {0};
    int32_t partition;
    int64_t offset;

    broker_start(&broker, 1);
    rd_kafka_mock_broker_set_down(broker.cluster, 1);
    ck_assert(!topics_look(&broker.config, 500, states, &error));
    ck_assert_int_eq(error.kind, ERROR_UNAVAILABLE);
    ck_assert_ptr_nonnull(strstr(error.text, "127.0.0.1"));
    ck_assert_int_eq(states[0].partitions, 77);
    ck_assert(!topics_send(&broker.config, BYTES("key"), BYTES("{}"), 500, &partition, &offset, &error));
    ck_assert_int_eq(error.kind, ERROR_UNAVAILABLE);
    broker_stop(&broker);
}
END_TEST

START_TEST(send_waits_for_the_acknowledgement)
{
    struct error error = {0};
    int32_t partition = -1;
    int64_t offset = -1;

    broker_start(&broker, 1);
    for (int i = 0; i < 3; i++) {
        ck_assert_msg(topics_send(&broker.config, BYTES("key"), BYTES("{}"), BROKER_WAIT_MS, &partition, &offset,
                                  &error),
                      "%s", error.text);
        ck_assert_int_eq(partition, 0);
        ck_assert_int_eq(offset, i);
    }
    broker_stop(&broker);
}
END_TEST

static void publish_one(const char *topic, const char *value)
{
    static const struct header headers[] = {{{"reason", 6}, {"stale", 5}}};
    struct publication_record record = {
        .topic = topic, .key = BYTES("key"), .value = bytes_of(value), .headers = headers, .header_count = 1};
    struct error error = {0};
    struct publisher *publisher = publisher_new(&broker.config, &error);
    struct publication_end end;
    size_t index;

    ck_assert_int_eq(publisher_publish(publisher, 1, &record, 1, &index, &error), PUBLISH_TAKEN);
    AWAIT(publisher_next(publisher, &end));
    ck_assert(end.is_acknowledged);
    publisher_free(publisher, 5000);
}

START_TEST(tail_reads_both_topics_to_their_end)
{
    struct error error = {0};
    struct tail_record record;
    struct tail *tail;
    bool is_at_end = false;
    int audit = 0, letters = 0;

    broker_start(&broker, 1);
    publish_one("audit", "a");
    publish_one("audit", "b");
    publish_one("letters", "c");
    tail = tail_new(&broker.config, true, &error);
    ck_assert_msg(tail != NULL, "%s", error.text);
    for (int64_t until_ms = clock_now_ms() + BROKER_WAIT_MS; !is_at_end;) {
        ck_assert_int_lt(clock_now_ms(), until_ms);
        if (!tail_next(tail, 100, &record, &is_at_end))
            continue;
        ck_assert(bytes_equal(record.value, record.is_dead_letter ? BYTES("c")
                                            : audit == 0          ? BYTES("a")
                                                                  : BYTES("b")));
        ck_assert_uint_eq(record.header_count, 1);
        ck_assert(bytes_equal(record.headers[0].value, BYTES("stale")));
        audit += !record.is_dead_letter;
        letters += record.is_dead_letter;
    }
    ck_assert_int_eq(audit, 2);
    ck_assert_int_eq(letters, 1);
    publish_one("letters", "c");
    AWAIT(tail_next(tail, 100, &record, &is_at_end));
    ck_assert(record.is_dead_letter);
    ck_assert_int_eq(record.offset, 1);
    tail_free(tail);
    broker_stop(&broker);
}
END_TEST

START_TEST(tail_from_the_end_sees_only_what_comes)
{
    struct error error = {0};
    struct tail_record record;
    struct tail *tail;
    bool is_at_end = false;

    broker_start(&broker, 1);
    publish_one("audit", "old");
    tail = tail_new(&broker.config, false, &error);
    ck_assert_msg(tail != NULL, "%s", error.text);
    AWAIT(!tail_next(tail, 100, &record, &is_at_end) && is_at_end);
    publish_one("audit", "new");
    AWAIT(tail_next(tail, 100, &record, &is_at_end));
    ck_assert(bytes_equal(record.value, BYTES("new")));
    tail_free(tail);
    broker_stop(&broker);
}
END_TEST

UNIT_TESTS("kafka/topics", look_counts_the_partitions_of_what_is_there, without_a_broker_the_answer_is_unavailable,
           send_waits_for_the_acknowledgement, tail_reads_both_topics_to_their_end,
           tail_from_the_end_sees_only_what_comes)
