#include "kafka/topics.h"

#include "common/check.h"
#include "common/clock.h"
#include "common/memory.h"
#include "kafka/properties.h"

#include <stdio.h>
#include <string.h>

#define TOPICS 3

/* What librdkafka said of its brokers while we waited: refused, unknown host, TLS, credentials. It tells more than
 * that the time is over. */
struct trouble {
    char text[512];
    bool is_final; /* no broker will ever take us like that */
};

static void name_topics(const struct config *config, struct topic_state states[TOPICS])
{
    states[0] = (struct topic_state){.name = config->topics.updates};
    states[1] = (struct topic_state){.name = config->topics.audit};
    states[2] = (struct topic_state){.name = config->topics.dead_letters};
}

static rd_kafka_t *producer_new(const struct config *config, int events, struct error *error)
{
    rd_kafka_conf_t *conf = properties_producer(config, error);

    if (conf == NULL)
        return NULL;
    rd_kafka_conf_set_events(conf, events | RD_KAFKA_EVENT_ERROR);
    return properties_client(RD_KAFKA_PRODUCER, conf, error);
}

static void keep_trouble(struct trouble *trouble, rd_kafka_event_t *event)
{
    rd_kafka_resp_err_t code = rd_kafka_event_error(event);

    if (rd_kafka_event_type(event) != RD_KAFKA_EVENT_ERROR || code == RD_KAFKA_RESP_ERR__ALL_BROKERS_DOWN)
        return;
    snprintf(trouble->text, sizeof(trouble->text), ": %s", rd_kafka_event_error_string(event));
    trouble->is_final = code == RD_KAFKA_RESP_ERR__AUTHENTICATION || code == RD_KAFKA_RESP_ERR__SSL;
}

static void keep_troubles(rd_kafka_t *client, struct trouble *trouble)
{
    rd_kafka_queue_t *queue = rd_kafka_queue_get_main(client);
    rd_kafka_event_t *event;

    while ((event = rd_kafka_queue_poll(queue, 0)) != NULL) {
        keep_trouble(trouble, event);
        rd_kafka_event_destroy(event);
    }
    rd_kafka_queue_destroy(queue);
}

static bool unavailable(rd_kafka_t *client, struct trouble *trouble, const char *why, struct error *error)
{
    char servers[256];

    keep_troubles(client, trouble);
    return error_set(error, ERROR_UNAVAILABLE, "brokers %s: %s%s", properties_servers(client, servers, sizeof(servers)),
                     why, trouble->text);
}

static bool is_silence(rd_kafka_resp_err_t code)
{
    return code == RD_KAFKA_RESP_ERR__TRANSPORT || code == RD_KAFKA_RESP_ERR__TIMED_OUT;
}

/* Asks again and again, each time for longer: refused credentials are told as soon as librdkafka says so. */
static rd_kafka_resp_err_t ask(rd_kafka_t *client, int64_t timeout_ms, const struct rd_kafka_metadata **ret_metadata,
                               struct trouble *trouble)
{
    int64_t until_ms = clock_now_ms() + timeout_ms, wait_ms = 500;
    rd_kafka_resp_err_t code;

    do {
        int64_t left_ms = until_ms - clock_now_ms();

        code = rd_kafka_metadata(client, 1, NULL, ret_metadata, (int)(wait_ms < left_ms ? wait_ms : left_ms));
        keep_troubles(client, trouble);
        wait_ms *= 2;
    } while (is_silence(code) && !trouble->is_final && clock_now_ms() < until_ms);
    return code;
}

static bool look(rd_kafka_t *client, int64_t timeout_ms, struct topic_state states[TOPICS], struct error *error)
{
    const struct rd_kafka_metadata *metadata;
    struct trouble trouble = {0};
    rd_kafka_resp_err_t code = ask(client, timeout_ms, &metadata, &trouble);

    if (is_silence(code))
        return unavailable(client, &trouble, trouble.is_final ? "no connection that both sides accept" : "no answer in time", error);
    if (code != RD_KAFKA_RESP_ERR_NO_ERROR)
        return unavailable(client, &trouble, rd_kafka_err2str(code), error);
    for (int i = 0; i < metadata->topic_cnt; i++)
        for (size_t k = 0; k < TOPICS; k++)
            if (strcmp(metadata->topics[i].topic, states[k].name) == 0)
                states[k].partitions = metadata->topics[i].partition_cnt;
    rd_kafka_metadata_destroy(metadata);
    return true;
}

bool topics_look(const struct config *config, int64_t timeout_ms, struct topic_state ret_states[TOPICS],
                 struct error *error)
{
    rd_kafka_t *client = producer_new(config, RD_KAFKA_EVENT_NONE, error);
    struct topic_state states[TOPICS];
    bool is_good;

    if (client == NULL)
        return false;
    name_topics(config, states);
    is_good = look(client, timeout_ms, states, error);
    rd_kafka_destroy(client);
    if (is_good)
        memcpy(ret_states, states, sizeof(states));
    return is_good;
}

static bool created(rd_kafka_t *client, rd_kafka_event_t *event, struct error *error)
{
    const rd_kafka_CreateTopics_result_t *result = event != NULL ? rd_kafka_event_CreateTopics_result(event) : NULL;
    const rd_kafka_topic_result_t **topics;
    struct trouble trouble = {0};
    size_t count = 0;

    if (event == NULL)
        return unavailable(client, &trouble, "no answer in time to the request to make topics", error);
    if (rd_kafka_event_error(event) != RD_KAFKA_RESP_ERR_NO_ERROR)
        return error_set(error, ERROR_UNAVAILABLE, "%s", rd_kafka_event_error_string(event));
    topics = rd_kafka_CreateTopics_result_topics(result, &count);
    for (size_t i = 0; i < count; i++) {
        rd_kafka_resp_err_t code = rd_kafka_topic_result_error(topics[i]);

        if (code != RD_KAFKA_RESP_ERR_NO_ERROR && code != RD_KAFKA_RESP_ERR_TOPIC_ALREADY_EXISTS)
            return error_set(error, ERROR_UNAVAILABLE, "topic '%s': %s", rd_kafka_topic_result_name(topics[i]),
                             rd_kafka_topic_result_error_string(topics[i]));
    }
    return true;
}

static bool create(const struct config *config, rd_kafka_t *client, int64_t timeout_ms,
                   const struct topic_state states[TOPICS], struct error *error)
{
    rd_kafka_queue_t *queue = rd_kafka_queue_new(client);
    rd_kafka_AdminOptions_t *options = rd_kafka_AdminOptions_new(client, RD_KAFKA_ADMIN_OP_CREATETOPICS);
    rd_kafka_NewTopic_t *missing[TOPICS];
    rd_kafka_event_t *event;
    size_t count = 0;
    char why[256];
    bool is_good = true;

    for (size_t i = 0; i < TOPICS; i++)
        if (states[i].partitions == 0)
            missing[count++] = rd_kafka_NewTopic_new(states[i].name, (int)config->topics.partitions,
                                                     (int)config->topics.replication, why, sizeof(why));
    if (count > 0) {
        rd_kafka_AdminOptions_set_operation_timeout(options, (int)timeout_ms, why, sizeof(why));
        rd_kafka_CreateTopics(client, missing, count, options, queue);
        event = rd_kafka_queue_poll(queue, (int)timeout_ms);
        is_good = created(client, event, error);
        if (event != NULL)
            rd_kafka_event_destroy(event);
        rd_kafka_NewTopic_destroy_array(missing, count);
    }
    rd_kafka_AdminOptions_destroy(options);
    rd_kafka_queue_destroy(queue);
    return is_good;
}

bool topics_create(const struct config *config, int64_t timeout_ms, struct topic_state ret_states[TOPICS],
                   struct error *error)
{
    rd_kafka_t *client = producer_new(config, RD_KAFKA_EVENT_NONE, error);
    struct topic_state states[TOPICS];
    bool is_good;

    if (client == NULL)
        return false;
    name_topics(config, states);
    is_good = look(client, timeout_ms, states, error) && create(config, client, timeout_ms, states, error);
    rd_kafka_destroy(client);
    if (is_good)
        memcpy(ret_states, states, sizeof(states));
    return is_good;
}

/* The report of the one record; false: none came in time, or it says no. */
static bool await_report(rd_kafka_t *client, int64_t timeout_ms, int32_t *ret_partition, int64_t *ret_offset,
                         struct error *error)
{
    rd_kafka_queue_t *queue = rd_kafka_queue_get_main(client);
    rd_kafka_event_t *event = NULL;
    const rd_kafka_message_t *message;
    int64_t until_ms = clock_now_ms() + timeout_ms;
    struct trouble trouble = {0};
    bool is_good = false;

    do {
        if (event != NULL) {
            keep_trouble(&trouble, event);
            rd_kafka_event_destroy(event);
        }
        event = rd_kafka_queue_poll(queue, 100);
    } while ((event == NULL || rd_kafka_event_type(event) != RD_KAFKA_EVENT_DR) && clock_now_ms() < until_ms);
    message = event != NULL && rd_kafka_event_type(event) == RD_KAFKA_EVENT_DR ? rd_kafka_event_message_next(event) : NULL;
    if (message == NULL) {
        unavailable(client, &trouble, "no acknowledgement in time", error);
    } else if (message->err != RD_KAFKA_RESP_ERR_NO_ERROR) {
        unavailable(client, &trouble, rd_kafka_err2str(message->err), error);
    } else {
        *ret_partition = message->partition;
        *ret_offset = message->offset;
        is_good = true;
    }
    if (event != NULL)
        rd_kafka_event_destroy(event);
    rd_kafka_queue_destroy(queue);
    return is_good;
}

bool topics_send(const struct config *config, struct bytes key, struct bytes value, int64_t timeout_ms,
                 int32_t *ret_partition, int64_t *ret_offset, struct error *error)
{
    rd_kafka_t *client = producer_new(config, RD_KAFKA_EVENT_DR, error);
    rd_kafka_resp_err_t code;
    bool is_good;

    if (client == NULL)
        return false;
    code = rd_kafka_producev(client, RD_KAFKA_V_TOPIC(config->topics.updates), RD_KAFKA_V_KEY(key.data, key.size),
                             RD_KAFKA_V_VALUE((void *)value.data, value.size), RD_KAFKA_V_MSGFLAGS(RD_KAFKA_MSG_F_COPY),
                             RD_KAFKA_V_END);
    is_good = code == RD_KAFKA_RESP_ERR_NO_ERROR
                  ? await_report(client, timeout_ms, ret_partition, ret_offset, error)
                  : error_set(error, ERROR_INPUT, "topic '%s': %s", config->topics.updates, rd_kafka_err2str(code));
    rd_kafka_purge(client, RD_KAFKA_PURGE_F_QUEUE | RD_KAFKA_PURGE_F_INFLIGHT);
    rd_kafka_destroy(client);
    return is_good;
}
