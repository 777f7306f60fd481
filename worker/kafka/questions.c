#include "common/clock.h"
#include "kafka/state.h"

#include <inttypes.h>
#include <stdio.h>

/* What is asked of the brokers beside the records: is the topic still the one that was assigned, and how long does the
 * group keep a member that is not heard of. No answer (no permission, an old broker) is no failure. */

#define TOPIC_EVERY_MS 10000
#define TIMEOUT_MS     5000

static rd_kafka_AdminOptions_t *options_for(struct consumer *consumer, rd_kafka_admin_op_t operation)
{
    rd_kafka_AdminOptions_t *options = rd_kafka_AdminOptions_new(consumer->client, operation);
    char why[256];

    rd_kafka_AdminOptions_set_request_timeout(options, TIMEOUT_MS, why, sizeof(why));
    return options;
}

/* --- the topic --- */

static void ask_topic(struct consumer *consumer)
{
    const char *name = consumer->topic;
    rd_kafka_AdminOptions_t *options = options_for(consumer, RD_KAFKA_ADMIN_OP_DESCRIBETOPICS);
    rd_kafka_TopicCollection_t *topics = rd_kafka_TopicCollection_of_topic_names(&name, 1);

    rd_kafka_DescribeTopics(consumer->client, topics, options, consumer->queue);
    rd_kafka_TopicCollection_destroy(topics);
    rd_kafka_AdminOptions_destroy(options);
}

/* NULL: it cannot be known. */
static const rd_kafka_TopicDescription_t *description_of(rd_kafka_event_t *event)
{
    const rd_kafka_DescribeTopics_result_t *result = rd_kafka_event_DescribeTopics_result(event);
    size_t count = 0;
    const rd_kafka_TopicDescription_t **topics =
        result != NULL ? rd_kafka_DescribeTopics_result_topics(result, &count) : NULL;

    if (rd_kafka_event_error(event) != RD_KAFKA_RESP_ERR_NO_ERROR || count != 1 ||
        rd_kafka_error_code(rd_kafka_TopicDescription_error(topics[0])) != RD_KAFKA_RESP_ERR_NO_ERROR)
        return NULL;
    return topics[0];
}

static bool is_same(const rd_kafka_Uuid_t *a, const rd_kafka_Uuid_t *b)
{
    return rd_kafka_Uuid_most_significant_bits(a) == rd_kafka_Uuid_most_significant_bits(b) &&
           rd_kafka_Uuid_least_significant_bits(a) == rd_kafka_Uuid_least_significant_bits(b);
}

void questions_take_topic(struct consumer *consumer, rd_kafka_event_t *event)
{
    const rd_kafka_TopicDescription_t *topic = description_of(event);
    const rd_kafka_Uuid_t *id;
    size_t partitions;

    consumer->topic_question.is_asked = false;
    if (topic == NULL)
        return;
    rd_kafka_TopicDescription_partitions(topic, &partitions);
    consumer->topic_partitions = (uint32_t)partitions;
    id = rd_kafka_TopicDescription_topic_id(topic);
    if (consumer->topic_id != NULL && !is_same(consumer->topic_id, id) && consumer->source_count > 0) {
        rebalance_topic_made_again(consumer);
        return;
    }
    if (consumer->topic_id != NULL)
        rd_kafka_Uuid_destroy(consumer->topic_id);
    consumer->topic_id = rd_kafka_Uuid_copy(id);
}

/* --- the session --- */

static void ask_session(struct consumer *consumer)
{
    rd_kafka_AdminOptions_t *options = options_for(consumer, RD_KAFKA_ADMIN_OP_DESCRIBECONFIGS);
    rd_kafka_ConfigResource_t *group = rd_kafka_ConfigResource_new(RD_KAFKA_RESOURCE_GROUP, consumer->group);

    rd_kafka_DescribeConfigs(consumer->client, &group, 1, options, consumer->queue);
    rd_kafka_ConfigResource_destroy(group);
    rd_kafka_AdminOptions_destroy(options);
}

static bool number_of(const rd_kafka_ConfigResource_t *group, const char *name, int64_t *ret_number)
{
    size_t count;
    const rd_kafka_ConfigEntry_t **entries = rd_kafka_ConfigResource_configs(group, &count);
    uint64_t number;

    for (size_t i = 0; i < count; i++) {
        if (strcmp(rd_kafka_ConfigEntry_name(entries[i]), name) != 0 ||
            !bytes_to_uint64(bytes_of(rd_kafka_ConfigEntry_value(entries[i])), &number))
            continue;
        *ret_number = (int64_t)number;
        return true;
    }
    return false;
}

/* A member is dropped a session timeout after its last heartbeat, which may be a heartbeat interval older than the
 * commit that proves ownership. */
void questions_take_session(struct consumer *consumer, rd_kafka_event_t *event)
{
    const rd_kafka_DescribeConfigs_result_t *result = rd_kafka_event_DescribeConfigs_result(event);
    size_t count = 0;
    const rd_kafka_ConfigResource_t **groups =
        result != NULL ? rd_kafka_DescribeConfigs_result_resources(result, &count) : NULL;
    int64_t session_ms, heartbeat_ms;

    if (rd_kafka_event_error(event) != RD_KAFKA_RESP_ERR_NO_ERROR || count != 1 ||
        !number_of(groups[0], "consumer.session.timeout.ms", &session_ms) ||
        !number_of(groups[0], "consumer.heartbeat.interval.ms", &heartbeat_ms)) {
        notice_say(consumer, NOTICE_WARNING,
                   "the session timeout of the group '%s' cannot be read (it takes DescribeConfigs of the group); it must "
                   "be %" PRId64 " ms or more above the heartbeat interval, as it is by default",
                   consumer->group, consumer->protocol.ownership_ms);
        return;
    }
    if (session_ms - heartbeat_ms < consumer->protocol.ownership_ms)
        rebalance_give_up(consumer,
                          "the broker drops a member of the group '%s' %" PRId64 " ms after its last heartbeat "
                          "(consumer.session.timeout.ms), with a heartbeat each %" PRId64 " ms: that is too soon to know "
                          "before each write that its partition is still ours; set it to %" PRId64 " or more",
                          consumer->group, session_ms, heartbeat_ms, heartbeat_ms + consumer->protocol.ownership_ms);
}

/* --- both --- */

void questions_ask(struct consumer *consumer)
{
    int64_t now_ms = clock_now_ms();

    if (consumer->source_count == 0)
        return;
    if (!consumer->topic_question.is_asked && now_ms >= consumer->topic_question.ask_at_ms) {
        consumer->topic_question = (struct question_time){.is_asked = true, .ask_at_ms = now_ms + TOPIC_EVERY_MS};
        ask_topic(consumer);
    }
    if (consumer->protocol.is_by_broker && !consumer->is_apart && !consumer->has_asked_session) {
        consumer->has_asked_session = true;
        ask_session(consumer);
    }
}
