#include "tests/support/group_member.h"
#include "tests/support/unit.h"

#define OFFSET_FETCH 9 /* Kafka's number of the request */

static void cluster_start(int brokers)
{
    broker_start_many(&broker, brokers, PARTITIONS);
    broker.config.topics.start = TOPICS_START_EARLIEST;
    rd_kafka_mock_coordinator_set(broker.cluster, "group", "group", 1);
    rd_kafka_mock_start_request_tracking(broker.cluster);
}

static size_t questions(void)
{
    size_t all, count = 0;
    rd_kafka_mock_request_t **each = rd_kafka_mock_get_requests(broker.cluster, &all);

    for (size_t i = 0; i < all; i++)
        count += rd_kafka_mock_request_api_key(each[i]) == OFFSET_FETCH;
    rd_kafka_mock_request_destroy_array(each, all);
    return count;
}

/* Begins, and its first question has no answer. */
static void worker_start_and_ask(struct worker *worker)
{
    rd_kafka_mock_broker_push_request_error_rtts(broker.cluster, 1, OFFSET_FETCH, 1, RD_KAFKA_RESP_ERR_NO_ERROR,
                                                 10 * BROKER_WAIT_MS);
    worker_start(worker);
    AWAIT(worker_turn(worker, 20) && questions() > 0);
}

static void finish(struct worker *worker)
{
    consumer_free(worker->consumer, 5000);
    broker_stop(&broker);
}

/* librdkafka's asynchronous question timed out meanwhile and aborted when the broker was back. */
START_TEST(brokers_that_are_away_during_the_question_are_waited_for)
{
    struct worker worker;

    cluster_start(1);
    broker_share_by(&broker, "consumer"); /* which does not give the partitions up by itself */
    worker_start_and_ask(&worker);
    rd_kafka_mock_broker_set_down(broker.cluster, 1);
    AWAIT(worker_turn(&worker, 20) && strstr(worker.warning, "cannot be read") != NULL &&
          strstr(worker.warning, "Timed out") != NULL);
    ck_assert_uint_eq(worker.held_count, 0);
    rd_kafka_mock_broker_set_up(broker.cluster, 1);
    AWAIT(turn_and_release(&worker) && worker.held_count == PARTITIONS);
    finish(&worker);
}
END_TEST

START_TEST(a_coordinator_that_moves_during_the_question_is_found_again)
{
    struct worker worker;

    cluster_start(2);
    worker_start_and_ask(&worker);
    rd_kafka_mock_coordinator_set(broker.cluster, "group", "group", 2);
    for (int32_t i = 0; i < PARTITIONS; i++)
        rd_kafka_mock_partition_set_leader(broker.cluster, "updates", i, 2);
    rd_kafka_mock_broker_set_down(broker.cluster, 1);
    AWAIT(turn_and_release(&worker) && worker.held_count == PARTITIONS);
    finish(&worker);
}
END_TEST

/* The worker that asked the old coordinator before gets a new assignment from the new one. */
START_TEST(a_coordinator_that_moved_is_found_again)
{
    struct worker one, two;

    cluster_start(2);
    worker_start(&one);
    AWAIT(worker_turn(&one, 20) && one.held_count == PARTITIONS);
    rd_kafka_mock_coordinator_set(broker.cluster, "group", "group", 2);
    for (int i = 0; i < 100; i++)
        rd_kafka_mock_broker_push_request_error_rtts(broker.cluster, 1, OFFSET_FETCH, 1,
                                                     RD_KAFKA_RESP_ERR_NOT_COORDINATOR, 0);
    worker_start(&two);
    AWAIT(turn_and_release(&one) && turn_and_release(&two) && one.held_count == PARTITIONS / 2 &&
          two.held_count == PARTITIONS / 2);
    consumer_free(one.consumer, 5000);
    finish(&two);
}
END_TEST

START_TEST(leaving_waits_for_a_question_under_way_but_not_long)
{
    struct worker worker;
    int64_t before_ms;

    cluster_start(1);
    worker_start_and_ask(&worker);
    before_ms = clock_now_ms();
    consumer_free(worker.consumer, 20000);
    ck_assert_int_lt(clock_now_ms() - before_ms, 15000);
    broker_stop(&broker);
}
END_TEST

UNIT_TESTS("kafka/start", brokers_that_are_away_during_the_question_are_waited_for,
           a_coordinator_that_moves_during_the_question_is_found_again, a_coordinator_that_moved_is_found_again,
           leaving_waits_for_a_question_under_way_but_not_long)
