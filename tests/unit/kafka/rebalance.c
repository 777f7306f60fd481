#include "tests/support/group_member.h"
#include "tests/support/unit.h"

/* Requests' numbers in Kafka's protocol. */
#define OFFSET_COMMIT            8
#define HEARTBEAT                12
#define CONSUMER_GROUP_HEARTBEAT 68

static const char *const protocols[] = {"range", "cooperative-sticky", "consumer"};

static bool is_eager(const char *protocol)
{
    return strcmp(protocol, "range") == 0;
}

static void group_start(const char *protocol)
{
    broker_start(&broker, PARTITIONS);
    broker_share_by(&broker, protocol);
    broker.config.topics.start = TOPICS_START_EARLIEST;
}

static void await_all(struct worker *worker)
{
    worker_start(worker);
    AWAIT(worker_turn(worker, 20) && worker->held_count == PARTITIONS);
}

static bool is_revoked(const struct worker *worker, int32_t partition, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (worker->revoked_partitions[i] == partition)
            return true;
    return false;
}

/* While an answer is due, the partitions that were asked back have no owner. */
static void check_pending(struct worker *one, struct worker *two, const char *protocol)
{
    size_t revoked_count = PARTITIONS - one->held_count;

    ck_assert_uint_eq(one->held_count, is_eager(protocol) ? 0 : PARTITIONS / 2);
    for (int i = 0; i < 20; i++) {
        worker_turn(one, 10);
        worker_turn(two, 10);
        for (size_t k = 0; k < two->held_count; k++)
            ck_assert(!is_revoked(one, two->held[k].partition, revoked_count));
    }
}

/* What did not move is the same assignment, and goes on with the record behind the last one that was read. */
static void check_kept(struct worker *one, const struct assigned *before)
{
    for (size_t i = 0; i < one->held_count; i++) {
        const struct assigned *kept = &one->held[i];

        ck_assert_int_eq(kept->epoch, before[kept->partition].epoch);
        await_records(one, kept->partition, 3, 7);
    }
}

static void check_shared(const struct worker *one, const struct worker *two)
{
    for (size_t i = 0; i < one->held_count; i++)
        ck_assert_ptr_null(held(two, one->held[i].partition));
}

START_TEST(partitions_reach_the_next_owner_only_after_the_release)
{
    const char *protocol = protocols[_i];
    struct assigned before[PARTITIONS];
    struct worker one, two;

    group_start(protocol);
    await_all(&one);
    for (int32_t i = 0; i < PARTITIONS; i++)
        before[i] = *held(&one, i);
    for (int32_t i = 0; i < PARTITIONS; i++) {
        broker_fill(&broker, i, 0, 10);
        await_records(&one, i, 0, 3);
    }
    worker_start(&two);
    AWAIT(worker_turn(&one, 10) && worker_turn(&two, 10) && one.revoked == 1);
    check_pending(&one, &two, protocol);
    /* the mock refuses commits while it rebalances; a broker takes them */
    commit(&one, 9, one.revoked_partitions[0], 0);
    ck_assert_int_ne(one.commit_result, COMMIT_REFUSED);
    consumer_release(one.consumer);
    AWAIT(turn_and_release(&one) && turn_and_release(&two) && one.held_count == PARTITIONS / 2 &&
          two.held_count == PARTITIONS / 2);
    check_shared(&one, &two);
    ck_assert_uint_eq(one.lost + two.lost, 0);
    if (!is_eager(protocol))
        check_kept(&one, before);
    await_records(&two, two.held[0].partition, 0, 10);
    consumer_free(one.consumer, 5000);
    consumer_free(two.consumer, 5000);
    broker_stop(&broker);
}
END_TEST

/* A third worker comes while the first still drains for the second. */
START_TEST(second_rebalance_waits_for_the_answer_to_the_first)
{
    struct worker one, two, three;

    group_start(protocols[_i]);
    await_all(&one);
    worker_start(&two);
    AWAIT(worker_turn(&one, 10) && worker_turn(&two, 10) && one.revoked == 1);
    worker_start(&three);
    for (int i = 0; i < 50; i++) {
        worker_turn(&one, 10);
        worker_turn(&two, 10);
        worker_turn(&three, 10);
        ck_assert_uint_eq(one.revoked, 1);
    }
    consumer_release(one.consumer);
    AWAIT(turn_and_release(&one) && turn_and_release(&two) && turn_and_release(&three) && one.held_count > 0 &&
          two.held_count > 0 && three.held_count > 0 &&
          one.held_count + two.held_count + three.held_count == PARTITIONS);
    check_shared(&one, &two);
    check_shared(&two, &three);
    check_shared(&three, &one);
    consumer_free(one.consumer, 5000);
    consumer_free(two.consumer, 5000);
    consumer_free(three.consumer, 5000);
    broker_stop(&broker);
}
END_TEST

static void push_heartbeat_error(rd_kafka_resp_err_t code)
{
    rd_kafka_mock_push_request_errors(broker.cluster, HEARTBEAT, 1, code);
    rd_kafka_mock_push_request_errors(broker.cluster, CONSUMER_GROUP_HEARTBEAT, 1, code);
}

START_TEST(partitions_of_a_member_that_was_dropped_are_lost_without_being_asked_back)
{
    struct worker worker;
    int32_t epoch;

    group_start(protocols[_i]);
    await_all(&worker);
    epoch = worker.held[PARTITIONS - 1].epoch;
    push_heartbeat_error(RD_KAFKA_RESP_ERR_UNKNOWN_MEMBER_ID);
    AWAIT(worker_turn(&worker, 10) && worker.lost == 1);
    ck_assert_uint_eq(worker.revoked, 0);
    AWAIT(worker_turn(&worker, 20) && worker.held_count == PARTITIONS);
    for (size_t i = 0; i < PARTITIONS; i++)
        ck_assert_int_gt(worker.held[i].epoch, epoch);
    consumer_free(worker.consumer, 5000);
    broker_stop(&broker);
}
END_TEST

/* Dropped while it drains: it hears of it when it has answered, and comes back as a new member. */
START_TEST(member_that_is_dropped_while_it_drains_comes_back)
{
    struct worker one, two;

    group_start(protocols[_i]);
    await_all(&one);
    worker_start(&two);
    AWAIT(worker_turn(&one, 10) && worker_turn(&two, 10) && one.revoked == 1);
    push_heartbeat_error(RD_KAFKA_RESP_ERR_UNKNOWN_MEMBER_ID);
    for (int i = 0; i < 50; i++) {
        worker_turn(&one, 10);
        worker_turn(&two, 10);
    }
    consumer_release(one.consumer);
    AWAIT(turn_and_release(&one) && turn_and_release(&two) && one.held_count == PARTITIONS / 2 &&
          two.held_count == PARTITIONS / 2);
    check_shared(&one, &two);
    consumer_free(one.consumer, 5000);
    consumer_free(two.consumer, 5000);
    broker_stop(&broker);
}
END_TEST

/* Not released: leaving must not wait for its whole timeout. */
START_TEST(leaving_answers_a_pending_revocation)
{
    struct worker one, two;
    int64_t before_ms;

    group_start(protocols[_i]);
    await_all(&one);
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

START_TEST(leaving_does_not_wait_for_an_assignment_that_was_not_taken)
{
    struct worker worker;
    int64_t before_ms;

    group_start(protocols[_i]);
    broker.config.topics.start = TOPICS_START_UNSET;
    worker_start(&worker);
    AWAIT(worker_turn(&worker, 20) && worker.no_start[0] != '\0');
    before_ms = clock_now_ms();
    consumer_free(worker.consumer, 20000);
    ck_assert_int_lt(clock_now_ms() - before_ms, 10000);
    broker_stop(&broker);
}
END_TEST

/* --- static members --- */

static void check_ended(struct worker *worker, const char *why)
{
    AWAIT(worker_turn(worker, 10) && worker->fatal[0] != '\0');
    ck_assert_msg(strstr(worker->fatal, why) != NULL, "%s", worker->fatal);
    ck_assert_ptr_nonnull(strstr(worker->fatal, "'worker-7'"));
    ck_assert_uint_eq(worker->held_count, 0);
    ck_assert_uint_eq(worker->lost, 1);
    consumer_free(worker->consumer, 5000);
    broker_stop(&broker);
}

START_TEST(member_whose_name_was_taken_over_holds_nothing_and_ends)
{
    struct worker worker;

    group_start("range");
    broker_set(&broker, "group.instance.id", "worker-7");
    await_all(&worker);
    push_heartbeat_error(RD_KAFKA_RESP_ERR_FENCED_INSTANCE_ID);
    check_ended(&worker, "an id of its own");
}
END_TEST

/* The commit hears of it before the next heartbeat does. */
START_TEST(commit_of_a_member_whose_name_was_taken_over_ends_it)
{
    struct worker worker;

    group_start("range");
    broker.config.kafka.common.count--;
    broker_set(&broker, "heartbeat.interval.ms", "2900");
    broker_set(&broker, "group.instance.id", "worker-7");
    await_all(&worker);
    commit(&worker, 2, 0, 1);
    rd_kafka_mock_push_request_errors(broker.cluster, OFFSET_COMMIT, 1, RD_KAFKA_RESP_ERR_FENCED_INSTANCE_ID);
    consumer_commit(worker.consumer, 3, &(struct commit_action){&(struct commit_entry){.offset_next = 1}, 1});
    AWAIT(worker_turn(&worker, 10) && worker.committed == 2);
    ck_assert_int_eq(worker.commit_result, COMMIT_REFUSED);
    check_ended(&worker, "an id of its own");
}
END_TEST

START_TEST(member_whose_name_is_in_use_ends)
{
    struct worker worker;

    group_start("consumer");
    broker_set(&broker, "group.instance.id", "worker-7");
    await_all(&worker);
    push_heartbeat_error(RD_KAFKA_RESP_ERR_UNRELEASED_INSTANCE_ID);
    check_ended(&worker, "frees its id after the session timeout");
}
END_TEST

/* --- what the protocol allows --- */

static void check_refused(const char *name, const char *value, const char *reason)
{
    struct error error = {0};

    broker.common[broker.config.kafka.common.count] =
        (struct property){.name = (char *)name, .value = (char *)value, .place = (char *)"test.yaml:7"};
    broker.config.kafka.common.count++;
    ck_assert_ptr_null(consumer_new(&broker.config, &error));
    broker.config.kafka.common.count--;
    ck_assert_int_eq(error.kind, ERROR_USAGE);
    ck_assert_msg(strstr(error.text, "test.yaml:7") != NULL && strstr(error.text, name) != NULL &&
                      strstr(error.text, reason) != NULL,
                  "%s", error.text);
}

START_TEST(property_that_the_protocol_forbids_is_refused_with_its_place)
{
    group_start("consumer");
    check_refused("session.timeout.ms", "6000", "group.consumer.session.timeout.ms");
    check_refused("heartbeat.interval.ms", "1000", "group.consumer.heartbeat.interval.ms");
    check_refused("partition.assignment.strategy", "range", "group.remote.assignor");
    broker_stop(&broker);

    group_start("range");
    check_refused("group.remote.assignor", "uniform", "group.protocol: consumer");
    broker_stop(&broker);
}
END_TEST

/* What cannot be known is taken for short: the broker's default would allow 22.5 s. */
START_TEST(ownership_is_half_the_session_or_less_where_it_is_the_brokers)
{
    struct worker worker;

    group_start("range");
    worker_start(&worker);
    ck_assert_int_eq(consumer_ownership_ms(worker.consumer), 1500);
    ck_assert_int_eq(consumer_drain_ms_max(worker.consumer), 150000);
    consumer_free(worker.consumer, 0);
    broker_stop(&broker);

    group_start("consumer");
    worker_start(&worker);
    ck_assert_int_eq(consumer_ownership_ms(worker.consumer), 3000);
    consumer_free(worker.consumer, 0);
    broker_stop(&broker);
}
END_TEST

/* --- partitions that were added --- */

static void commit_for(int32_t partition, int64_t offset)
{
    rd_kafka_conf_t *conf = rd_kafka_conf_new();
    rd_kafka_topic_partition_list_t *offsets = rd_kafka_topic_partition_list_new(1);
    rd_kafka_t *client;

    rd_kafka_conf_set(conf, "bootstrap.servers", rd_kafka_mock_cluster_bootstraps(broker.cluster), NULL, 0);
    rd_kafka_conf_set(conf, "group.id", "group", NULL, 0);
    client = rd_kafka_new(RD_KAFKA_CONSUMER, conf, NULL, 0);
    rd_kafka_topic_partition_list_add(offsets, "updates", partition)->offset = offset;
    ck_assert_int_eq(rd_kafka_commit(client, offsets, 0), RD_KAFKA_RESP_ERR_NO_ERROR);
    rd_kafka_topic_partition_list_destroy(offsets);
    rd_kafka_destroy(client);
}

START_TEST(partition_that_was_added_begins_at_its_first_record_and_it_is_said)
{
    struct worker worker;

    group_start("range");
    broker.config.topics.start = TOPICS_START_LATEST;
    for (int32_t i = 0; i < PARTITIONS; i++)
        broker_fill(&broker, i, 0, 5);
    for (int32_t i = 0; i < PARTITIONS - 1; i++)
        commit_for(i, 2);
    await_all(&worker);
    ck_assert_int_eq(held(&worker, 0)->offset_next, 2);
    ck_assert_int_eq(held(&worker, PARTITIONS - 1)->offset_next, 0);
    ck_assert_msg(strstr(worker.warning, "partitions were added to 'updates' (here: 3)") != NULL, "%s", worker.warning);
    ck_assert_ptr_nonnull(strstr(worker.warning, "paused until the lag was 0"));
    await_records(&worker, PARTITIONS - 1, 0, 5);
    consumer_free(worker.consumer, 5000);
    broker_stop(&broker);
}
END_TEST

UNIT_TESTS_LOOPED("kafka/rebalance", 3,
                  (partitions_reach_the_next_owner_only_after_the_release,
                   second_rebalance_waits_for_the_answer_to_the_first,
                   partitions_of_a_member_that_was_dropped_are_lost_without_being_asked_back,
                   member_that_is_dropped_while_it_drains_comes_back, leaving_answers_a_pending_revocation,
                   leaving_does_not_wait_for_an_assignment_that_was_not_taken),
                  member_whose_name_was_taken_over_holds_nothing_and_ends,
                  commit_of_a_member_whose_name_was_taken_over_ends_it, member_whose_name_is_in_use_ends,
                  property_that_the_protocol_forbids_is_refused_with_its_place,
                  ownership_is_half_the_session_or_less_where_it_is_the_brokers,
                  partition_that_was_added_begins_at_its_first_record_and_it_is_said)
