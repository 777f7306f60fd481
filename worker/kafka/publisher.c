#include "kafka/publisher.h"

#include "common/buffer.h"
#include "common/check.h"
#include "common/list.h"
#include "common/memory.h"
#include "kafka/properties.h"

#include <errno.h>
#include <stdio.h>
#include <sys/eventfd.h>
#include <unistd.h>

#define HEADROOM_BYTES 512 /* of a batch and a record around key, value and headers */
#define TOPICS_MAX     8

struct publication {
    struct list node; /* under way or ended */
    uint64_t action_id;
    size_t records_under_way;
    size_t bytes;
    bool has_failed;
    bool is_too_large;
    char detail[256];
};

/* What a topic takes; learnt from its configuration, and from what it refuses. */
struct limit {
    char *topic;
    size_t bytes_max;
};

struct publisher {
    const struct config *config;
    rd_kafka_t *client;
    rd_kafka_queue_t *queue;
    int descriptor;
    struct list under_way;
    struct list ended;
    struct publication *current; /* handed out */
    size_t records_pending;
    size_t bytes_pending;
    size_t records_max;
    size_t bytes_max;
    size_t record_bytes_max; /* librdkafka's message.max.bytes */
    struct limit limits[TOPICS_MAX];
    size_t limit_count;
};

/* --- limits --- */

static struct limit *limit_of(struct publisher *publisher, const char *topic)
{
    struct limit *limit;

    for (size_t i = 0; i < publisher->limit_count; i++)
        if (strcmp(publisher->limits[i].topic, topic) == 0)
            return &publisher->limits[i];
    ensure(publisher->limit_count < TOPICS_MAX);
    limit = &publisher->limits[publisher->limit_count++];
    *limit = (struct limit){memory_text(topic), publisher->record_bytes_max};
    return limit;
}

static void ask_limits(struct publisher *publisher)
{
    const char *const topics[] = {publisher->config->topics.audit, publisher->config->topics.dead_letters};
    rd_kafka_ConfigResource_t *resources[2];
    rd_kafka_AdminOptions_t *options = rd_kafka_AdminOptions_new(publisher->client, RD_KAFKA_ADMIN_OP_DESCRIBECONFIGS);

    for (size_t i = 0; i < 2; i++)
        resources[i] = rd_kafka_ConfigResource_new(RD_KAFKA_RESOURCE_TOPIC, topics[i]);
    rd_kafka_DescribeConfigs(publisher->client, resources, 2, options, publisher->queue);
    for (size_t i = 0; i < 2; i++)
        rd_kafka_ConfigResource_destroy(resources[i]);
    rd_kafka_AdminOptions_destroy(options);
}

static void take_limit(struct publisher *publisher, const rd_kafka_ConfigResource_t *resource)
{
    struct limit *limit = limit_of(publisher, rd_kafka_ConfigResource_name(resource));
    size_t count;
    const rd_kafka_ConfigEntry_t **entries = rd_kafka_ConfigResource_configs(resource, &count);
    uint64_t bytes;

    for (size_t i = 0; i < count; i++)
        if (strcmp(rd_kafka_ConfigEntry_name(entries[i]), "max.message.bytes") == 0 &&
            bytes_to_uint64(bytes_of(rd_kafka_ConfigEntry_value(entries[i])), &bytes) && bytes < limit->bytes_max)
            limit->bytes_max = bytes;
}

static void take_limits(struct publisher *publisher, rd_kafka_event_t *event)
{
    const rd_kafka_DescribeConfigs_result_t *result = rd_kafka_event_DescribeConfigs_result(event);
    size_t count = 0;
    const rd_kafka_ConfigResource_t **resources;

    if (result == NULL || rd_kafka_event_error(event) != RD_KAFKA_RESP_ERR_NO_ERROR)
        return; /* not allowed to look: the broker tells when something is too large */
    resources = rd_kafka_DescribeConfigs_result_resources(result, &count);
    for (size_t i = 0; i < count; i++)
        take_limit(publisher, resources[i]);
}

size_t publisher_bytes_max(const struct publisher *publisher, const char *topic)
{
    size_t bytes_max = limit_of((struct publisher *)publisher, topic)->bytes_max;

    return bytes_max > HEADROOM_BYTES ? bytes_max - HEADROOM_BYTES : 0;
}

/* --- life --- */

static bool client_open(struct publisher *publisher, struct error *error)
{
    rd_kafka_conf_t *conf = properties_producer(publisher->config, error);

    if (conf == NULL)
        return false;
    rd_kafka_conf_set_events(conf, RD_KAFKA_EVENT_DR | RD_KAFKA_EVENT_ERROR);
    publisher->client = properties_client(RD_KAFKA_PRODUCER, conf, error);
    if (publisher->client == NULL)
        return false;
    publisher->queue = rd_kafka_queue_get_main(publisher->client);
    rd_kafka_queue_io_event_enable(publisher->queue, publisher->descriptor, &(uint64_t){1}, sizeof(uint64_t));
    publisher->records_max = (size_t)properties_number(publisher->client, "queue.buffering.max.messages") / 2;
    publisher->bytes_max = (size_t)properties_number(publisher->client, "queue.buffering.max.kbytes") * 512;
    publisher->record_bytes_max = (size_t)properties_number(publisher->client, "message.max.bytes");
    ask_limits(publisher);
    return true;
}

static void client_close(struct publisher *publisher)
{
    if (publisher->client == NULL)
        return;
    rd_kafka_queue_destroy(publisher->queue);
    rd_kafka_destroy(publisher->client);
    publisher->client = NULL;
}

struct publisher *publisher_new(const struct config *config, struct error *error)
{
    struct publisher *publisher = memory_new(sizeof(*publisher));

    publisher->config = config;
    publisher->descriptor = eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC);
    list_init(&publisher->under_way);
    list_init(&publisher->ended);
    if (client_open(publisher, error))
        return publisher;
    publisher_free(publisher, 0);
    return NULL;
}

static void free_all(struct list *publications)
{
    list_each_safe(node, publications)
    {
        list_remove(node);
        free(list_item(node, struct publication, node));
    }
}

void publisher_free(struct publisher *publisher, int64_t timeout_ms)
{
    if (publisher == NULL)
        return;
    if (publisher->client != NULL) {
        rd_kafka_flush(publisher->client, (int)timeout_ms);
        rd_kafka_purge(publisher->client, RD_KAFKA_PURGE_F_QUEUE | RD_KAFKA_PURGE_F_INFLIGHT);
    }
    client_close(publisher);
    free_all(&publisher->under_way);
    free_all(&publisher->ended);
    free(publisher->current);
    for (size_t i = 0; i < publisher->limit_count; i++)
        free(publisher->limits[i].topic);
    close(publisher->descriptor);
    free(publisher);
}

int publisher_descriptor(const struct publisher *publisher)
{
    return publisher->descriptor;
}

/* --- publishing --- */

static size_t bytes_of_record(const struct publication_record *record)
{
    size_t bytes = record->key.size + record->value.size;

    for (size_t i = 0; i < record->header_count; i++)
        bytes += record->headers[i].name.size + record->headers[i].value.size + 10;
    return bytes;
}

static rd_kafka_headers_t *headers_of(const struct publication_record *record)
{
    rd_kafka_headers_t *headers = rd_kafka_headers_new(record->header_count);

    for (size_t i = 0; i < record->header_count; i++)
        rd_kafka_header_add(headers, record->headers[i].name.data, (ssize_t)record->headers[i].name.size,
                            record->headers[i].value.data, (ssize_t)record->headers[i].value.size);
    return headers;
}

static rd_kafka_resp_err_t produce(struct publisher *publisher, const struct publication_record *record,
                                   struct publication *publication)
{
    rd_kafka_headers_t *headers = headers_of(record);
    rd_kafka_resp_err_t code = rd_kafka_producev(
        publisher->client, RD_KAFKA_V_TOPIC(record->topic), RD_KAFKA_V_KEY(record->key.data, record->key.size),
        RD_KAFKA_V_VALUE((void *)record->value.data, record->value.size), RD_KAFKA_V_HEADERS(headers),
        RD_KAFKA_V_MSGFLAGS(RD_KAFKA_MSG_F_COPY), RD_KAFKA_V_OPAQUE(publication), RD_KAFKA_V_END);

    if (code != RD_KAFKA_RESP_ERR_NO_ERROR)
        rd_kafka_headers_destroy(headers);
    return code;
}

static void fail(struct publication *publication, const char *topic, const char *why)
{
    publication->has_failed = true;
    snprintf(publication->detail, sizeof(publication->detail), "topic '%s': %s", topic, why);
}

static void end(struct publisher *publisher, struct publication *publication)
{
    list_remove(&publication->node);
    list_push_back(&publisher->ended, &publication->node);
    publisher->bytes_pending -= publication->bytes;
}

enum publish_result publisher_publish(struct publisher *publisher, uint64_t action_id,
                                      const struct publication_record *records, size_t count, size_t *ret_index,
                                      struct error *error)
{
    struct publication *publication;
    size_t bytes = 0;

    for (size_t i = 0; i < count; i++) {
        bytes += bytes_of_record(&records[i]);
        if (bytes_of_record(&records[i]) > publisher_bytes_max(publisher, records[i].topic)) {
            *ret_index = i;
            error_set(error, ERROR_INPUT, "%zu bytes are too many for topic '%s'", bytes_of_record(&records[i]),
                      records[i].topic);
            return PUBLISH_TOO_LARGE;
        }
    }
    /* librdkafka's own limits are twice as high, so that a publication is taken whole */
    if (publisher->records_pending + count > publisher->records_max ||
        publisher->bytes_pending + bytes > publisher->bytes_max) {
        error_set(error, ERROR_UNAVAILABLE, "the producer's queue is full");
        return PUBLISH_FULL;
    }
    publication = memory_new(sizeof(*publication));
    publication->action_id = action_id;
    publication->bytes = bytes;
    list_push_back(&publisher->under_way, &publication->node);
    publisher->bytes_pending += bytes;
    for (size_t i = 0; i < count && !publication->has_failed; i++) {
        rd_kafka_resp_err_t code = produce(publisher, &records[i], publication);

        if (code != RD_KAFKA_RESP_ERR_NO_ERROR) {
            fail(publication, records[i].topic, rd_kafka_err2str(code));
            continue;
        }
        publication->records_under_way++;
        publisher->records_pending++;
    }
    if (publication->records_under_way == 0)
        end(publisher, publication);
    return PUBLISH_TAKEN;
}

/* --- what comes back --- */

static void take_report(struct publisher *publisher, const rd_kafka_message_t *message)
{
    struct publication *publication = message->_private;
    const char *topic = rd_kafka_topic_name(message->rkt);
    struct limit *limit;

    ensure(publication->records_under_way > 0);
    publication->records_under_way--;
    publisher->records_pending--;
    if (message->err == RD_KAFKA_RESP_ERR_MSG_SIZE_TOO_LARGE || message->err == RD_KAFKA_RESP_ERR_INVALID_MSG_SIZE) {
        publication->is_too_large = true;
        limit = limit_of(publisher, topic);
        if (message->len + message->key_len < limit->bytes_max)
            limit->bytes_max = message->len + message->key_len; /* asked again, it is rendered smaller */
    }
    if (message->err != RD_KAFKA_RESP_ERR_NO_ERROR)
        fail(publication, topic, rd_kafka_err2str(message->err));
    else if (rd_kafka_message_status(message) != RD_KAFKA_MSG_STATUS_PERSISTED)
        fail(publication, topic, "not acknowledged by all replicas");
    if (publication->records_under_way == 0)
        end(publisher, publication);
}

static void take_reports(struct publisher *publisher, rd_kafka_event_t *event)
{
    const rd_kafka_message_t *message;

    while ((message = rd_kafka_event_message_next(event)) != NULL)
        take_report(publisher, message);
}

/* An idempotent producer that lost its sequence cannot go on: another takes its place, and what was not acknowledged
 * is published again by the engine, in order. */
static void replace_client(struct publisher *publisher)
{
    struct error error = {0};
    char why[200] = "";

    rd_kafka_fatal_error(publisher->client, why, sizeof(why));
    list_each_safe(node, &publisher->under_way)
    {
        struct publication *publication = list_item(node, struct publication, node);

        publication->records_under_way = 0;
        fail(publication, "*", why);
        end(publisher, publication);
    }
    publisher->records_pending = 0;
    rd_kafka_purge(publisher->client, RD_KAFKA_PURGE_F_QUEUE | RD_KAFKA_PURGE_F_INFLIGHT);
    client_close(publisher);
    if (!client_open(publisher, &error))
        never("a producer of this configuration was made before");
}

static void take_event(struct publisher *publisher, rd_kafka_event_t *event)
{
    bool is_fatal = false;

    switch (rd_kafka_event_type(event)) {
    case RD_KAFKA_EVENT_DR:
        take_reports(publisher, event);
        break;
    case RD_KAFKA_EVENT_DESCRIBECONFIGS_RESULT:
        take_limits(publisher, event);
        break;
    case RD_KAFKA_EVENT_ERROR:
        is_fatal = rd_kafka_event_error_is_fatal(event);
        break;
    default:
        break;
    }
    rd_kafka_event_destroy(event);
    if (is_fatal)
        replace_client(publisher);
}

bool publisher_next(struct publisher *publisher, struct publication_end *ret_end)
{
    rd_kafka_event_t *event;
    uint64_t count;

    free(publisher->current);
    publisher->current = NULL;
    if (read(publisher->descriptor, &count, sizeof(count)) < 0)
        ensure(errno == EAGAIN);
    while (list_is_empty(&publisher->ended) && (event = rd_kafka_queue_poll(publisher->queue, 0)) != NULL)
        take_event(publisher, event);
    if (list_is_empty(&publisher->ended))
        return false;
    publisher->current = list_item(publisher->ended.next, struct publication, node);
    list_remove(&publisher->current->node);
    *ret_end = (struct publication_end){
        .action_id = publisher->current->action_id,
        .is_acknowledged = !publisher->current->has_failed,
        .is_too_large = publisher->current->is_too_large,
        .detail = publisher->current->detail,
    };
    return true;
}

size_t publisher_pending(const struct publisher *publisher)
{
    return publisher->records_pending;
}
