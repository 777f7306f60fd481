#include "tests/support/group_member.h"
#include "tests/support/unit.h"

/* The consumer of a dry run: it reads what it is asked to, knows when that is over, and the group never hears of it. */

static void begin_apart(struct worker *worker, const struct range *range)
{
    struct error error = {0};

    *worker = (struct worker){.consumer = consumer_new_apart(&broker.config, range, &error)};
    ck_assert_msg(worker->consumer != NULL, "%s", error.text);
}

static void check_refused(const struct range *range, const char *why)
{
    struct error error = {0};

    ck_assert_ptr_null(consumer_new_apart(&broker.config, range, &error));
    ck_assert_int_eq(error.kind, ERROR_USAGE);
    ck_assert_msg(strstr(error.text, why) != NULL, "%s", error.text);
}

/* Exactly these records of a partition, and then it is over. */
static void check_range(const struct range *range, int first, int count)
{
    struct worker worker;
    struct received received;

    begin_apart(&worker, range);
    await_records(&worker, 0, first, count);
    AWAIT(worker_turn(&worker, 20) && (consumer_read(worker.consumer, 0, &received) || consumer_is_at_end(worker.consumer)));
    ck_assert(consumer_is_at_end(worker.consumer));
    consumer_free(worker.consumer, 5000);
}

static struct range from_to(enum range_kind from, enum range_kind to)
{
    return (struct range){.from = {.kind = from}, .to = {.kind = to}};
}

START_TEST(it_reads_from_the_first_record_to_where_the_end_was)
{
    const struct range range = from_to(RANGE_EARLIEST, RANGE_LATEST);
    struct worker worker;
    struct received received;

    broker_start(&broker, 2);
    broker_fill(&broker, 0, 0, 200);
    begin_apart(&worker, &range);
    ck_assert(!consumer_is_at_end(worker.consumer));
    broker_fill(&broker, 0, 200, 5);
    await_records(&worker, 0, 0, 200);
    AWAIT(worker_turn(&worker, 20) && !consumer_read(worker.consumer, 0, &received) && consumer_is_at_end(worker.consumer));
    ck_assert_uint_eq(worker.held_count, 2);
    consumer_free(worker.consumer, 5000);
    broker_stop(&broker);
}
END_TEST

START_TEST(records_that_were_fetched_and_not_read_are_not_the_end)
{
    const struct range range = from_to(RANGE_EARLIEST, RANGE_LATEST);
    struct worker worker;
    struct received received;

    broker_start(&broker, 1);
    broker_fill(&broker, 0, 0, 3);
    begin_apart(&worker, &range);
    AWAIT(worker_turn(&worker, 20) && consumer_read(worker.consumer, 0, &received));
    consumer_done(worker.consumer);
    for (int i = 0; i < 50; i++)
        worker_turn(&worker, 20);
    ck_assert(!consumer_is_at_end(worker.consumer));
    await_records(&worker, 0, 1, 2);
    consumer_free(worker.consumer, 5000);
    broker_stop(&broker);
}
END_TEST

START_TEST(the_range_is_as_asked)
{
    const struct range_offset third = {0, 3}, seventh = {0, 7};
    struct range range = from_to(RANGE_OFFSETS, RANGE_LATEST);

    broker_start(&broker, 1);
    broker_fill(&broker, 0, 0, 10);
    range.from.offsets = &third;
    range.from.offset_count = 1;
    check_range(&range, 3, 7);
    range.to = (struct range_place){.kind = RANGE_OFFSETS, .offsets = &seventh, .offset_count = 1};
    check_range(&range, 3, 4);
    range = from_to(RANGE_LATEST, RANGE_LATEST);
    check_range(&range, 10, 0);
    broker_stop(&broker);
}
END_TEST

START_TEST(where_it_stops_is_an_end_with_whatever_is_behind_it)
{
    const struct range_offset second = {0, 2};
    struct range range = from_to(RANGE_EARLIEST, RANGE_OFFSETS);
    struct worker worker;
    struct received received;
    int32_t epoch;

    broker_start(&broker, 1);
    broker_fill(&broker, 0, 0, 200);
    range.to = (struct range_place){.kind = RANGE_OFFSETS, .offsets = &second, .offset_count = 1};
    begin_apart(&worker, &range);
    await_records(&worker, 0, 0, 2);
    ck_assert(!consumer_met_end(worker.consumer, 0, &epoch));
    ck_assert(!consumer_read(worker.consumer, 0, &received));
    ck_assert(consumer_met_end(worker.consumer, 0, &epoch));
    ck_assert(consumer_is_at_end(worker.consumer));
    worker_turn(&worker, 100);
    ck_assert(!consumer_read(worker.consumer, 0, &received));
    consumer_free(worker.consumer, 5000);
    broker_stop(&broker);
}
END_TEST

START_TEST(one_that_follows_is_never_at_the_end)
{
    struct range range = {.from = {.kind = RANGE_LATEST}, .follows = true};
    struct worker worker;

    broker_start(&broker, 1);
    broker_fill(&broker, 0, 0, 5);
    begin_apart(&worker, &range);
    for (int i = 0; i < 20; i++)
        worker_turn(&worker, 20);
    ck_assert(!consumer_is_at_end(worker.consumer));
    broker_fill(&broker, 0, 5, 3);
    await_records(&worker, 0, 5, 3);
    consumer_free(worker.consumer, 5000);
    broker_stop(&broker);
}
END_TEST

START_TEST(it_begins_where_the_group_has_committed)
{
    const struct range range = from_to(RANGE_COMMITTED, RANGE_LATEST);
    struct worker worker;

    broker_start(&broker, 1);
    broker.config.topics.start = TOPICS_START_EARLIEST;
    broker_fill(&broker, 0, 0, 10);
    worker_start(&worker);
    AWAIT(worker_turn(&worker, 20) && worker.held_count == 1);
    await_records(&worker, 0, 0, 10);
    commit(&worker, 7, 0, 4);
    consumer_free(worker.consumer, 5000);
    broker.config.topics.start = TOPICS_START_UNSET;
    check_range(&range, 4, 6);
    broker_stop(&broker);
}
END_TEST

START_TEST(what_cannot_be_read_is_refused_at_the_start)
{
    const struct range_offset beyond = {0, 11}, nowhere = {1, 0};
    struct range range = from_to(RANGE_COMMITTED, RANGE_LATEST);

    broker_start(&broker, 1);
    broker_fill(&broker, 0, 0, 10);
    check_refused(&range, "has no committed offset of the topic 'updates'");
    range.from = (struct range_place){.kind = RANGE_OFFSETS, .offsets = &beyond, .offset_count = 1};
    check_refused(&range, "has the records from 0 to before 10, and would begin at 11");
    range.from.offsets = &nowhere;
    check_refused(&range, "'updates' has no partition 1, it has 1");
    broker_stop(&broker);
}
END_TEST

#define OFFSET_COMMIT 8
#define OFFSET_FETCH  9
#define JOIN_GROUP    11

/* By the numbers of Kafka's protocol. */
static size_t count_requests(int api_key)
{
    size_t all = 0, count = 0;
    rd_kafka_mock_request_t **each = rd_kafka_mock_get_requests(broker.cluster, &all);

    for (size_t i = 0; i < all; i++)
        count += rd_kafka_mock_request_api_key(each[i]) == api_key;
    rd_kafka_mock_request_destroy_array(each, all);
    return count;
}

START_TEST(nothing_is_joined_and_nothing_committed)
{
    const struct range range = from_to(RANGE_COMMITTED, RANGE_LATEST);

    broker_start(&broker, 1);
    broker_set(&broker, "group.instance.id", "worker-1");
    broker.config.topics.start = TOPICS_START_EARLIEST;
    broker_fill(&broker, 0, 0, 10);
    rd_kafka_mock_start_request_tracking(broker.cluster);
    check_range(&range, 0, 10);
    ck_assert_uint_gt(count_requests(OFFSET_FETCH), 0);
    ck_assert_uint_eq(count_requests(JOIN_GROUP), 0);
    ck_assert_uint_eq(count_requests(OFFSET_COMMIT), 0);
    broker_stop(&broker);
}
END_TEST

UNIT_TESTS("kafka/apart", it_reads_from_the_first_record_to_where_the_end_was,
           records_that_were_fetched_and_not_read_are_not_the_end, the_range_is_as_asked,
           where_it_stops_is_an_end_with_whatever_is_behind_it,
           one_that_follows_is_never_at_the_end, it_begins_where_the_group_has_committed,
           what_cannot_be_read_is_refused_at_the_start, nothing_is_joined_and_nothing_committed)
