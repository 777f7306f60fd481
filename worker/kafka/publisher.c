#include "kafka/publisher.h"

#include "common/check.h"
#include "common/clock.h"
#include "common/list.h"
#include "common/memory.h"
#include "kafka/limits.h"
#include "kafka/properties.h"

#include <errno.h>
#include <stdio.h>
#include <sys/eventfd.h>
#include <unistd.h>

#define HEADROOM_BYTES 512 /* of a batch and a record around key, value and headers */

struct publication {
    struct list node; /* under way or ended */
    uint64_t action_id;
    size_t records_under_way;
    size_t bytes;
    bool has_failed;
    bool is_too_large;
    char detail[256];
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
    struct limits limits;
    size_t batch_bytes;     /* 0: librdkafka's own. A topic's limit counts for a whole batch */
    bool is_one_each;       /* a batch was refused and nobody knows the limit: batches of one record */
    bool wants_replacement; /* of the client */
    char why[200];
};

static void publisher_wake(const struct publisher *publisher)
{
    const uint64_t one = 1;

    if (write(publisher->descriptor, &one, sizeof(one)) < 0)
        ensure(errno == EAGAIN); /* readable already */
}

size_t publisher_bytes_max(const struct publisher *publisher, const char *topic)
{
    size_t bytes_max = limits_of(&((struct publisher *)publisher)->limits, topic)->bytes_max;

    return bytes_max > HEADROOM_BYTES ? bytes_max - HEADROOM_BYTES : 0;
}

/* --- the client --- */

static void set_batch(const struct publisher *publisher, rd_kafka_conf_t *conf)
{
    char text[32], why[200];

    snprintf(text, sizeof(text), "%zu", publisher->batch_bytes);
    if ((publisher->batch_bytes > 0 &&
         rd_kafka_conf_set(conf, "batch.size", text, why, sizeof(why)) != RD_KAFKA_CONF_OK) ||
        (publisher->is_one_each &&
         rd_kafka_conf_set(conf, "batch.num.messages", "1", why, sizeof(why)) != RD_KAFKA_CONF_OK))
        never("librdkafka knows the properties that we set");
}

static bool client_open(struct publisher *publisher, struct error *error)
{
    rd_kafka_conf_t *conf = properties_producer(publisher->config, error);

    if (conf == NULL)
        return false;
    set_batch(publisher, conf);
    rd_kafka_conf_set_events(conf, RD_KAFKA_EVENT_DR | RD_KAFKA_EVENT_ERROR);
    publisher->client = properties_client(RD_KAFKA_PRODUCER, conf, error);
    if (publisher->client == NULL)
        return false;
    publisher->queue = rd_kafka_queue_get_main(publisher->client);
    rd_kafka_queue_io_event_enable(publisher->queue, publisher->descriptor, &(uint64_t){1}, sizeof(uint64_t));
    publisher->records_max = (size_t)properties_number(publisher->client, "queue.buffering.max.messages") / 2;
    publisher->bytes_max = (size_t)properties_number(publisher->client, "queue.buffering.max.kbytes") * 512;
    publisher->limits.bytes_default = (size_t)properties_number(publisher->client, "message.max.bytes");
    limits_ask(publisher->config, publisher->client, publisher->queue);
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
    publisher_wake(publisher);
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

/* A topic's limit counts for a batch: only where the batch was one record, or could not be over the limit, is it the
 * record that is too large. */
static void take_refused_size(struct publisher *publisher, struct publication *publication,
                              const rd_kafka_message_t *message)
{
    struct limit *limit = limits_of(&publisher->limits, rd_kafka_topic_name(message->rkt));
    size_t bytes = message->len + message->key_len;

    if (!limit->is_known && !publisher->is_one_each) {
        publisher->is_one_each = true;
        publisher->wants_replacement = true;
        snprintf(publisher->why, sizeof(publisher->why), "a batch is too large: records go one by one from now on");
        return;
    }
    publication->is_too_large = true;
    if (bytes < limit->bytes_max)
        limit->bytes_max = bytes; /* asked again, it is rendered smaller */
}

static void take_report(struct publisher *publisher, const rd_kafka_message_t *message)
{
    struct publication *publication = message->_private;
    const char *topic = rd_kafka_topic_name(message->rkt);

    ensure(publication->records_under_way > 0);
    publication->records_under_way--;
    publisher->records_pending--;
    if (message->err == RD_KAFKA_RESP_ERR_MSG_SIZE_TOO_LARGE || message->err == RD_KAFKA_RESP_ERR_INVALID_MSG_SIZE)
        take_refused_size(publisher, publication, message);
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

/* What was not acknowledged is published again by the engine, in order. */
static void replace_client(struct publisher *publisher)
{
    struct error error = {0};

    publisher->wants_replacement = false;
    list_each_safe(node, &publisher->under_way)
    {
        struct publication *publication = list_item(node, struct publication, node);

        publication->records_under_way = 0;
        fail(publication, "*", publisher->why);
        end(publisher, publication);
    }
    publisher->records_pending = 0;
    rd_kafka_purge(publisher->client, RD_KAFKA_PURGE_F_QUEUE | RD_KAFKA_PURGE_F_INFLIGHT);
    client_close(publisher);
    if (!client_open(publisher, &error))
        never("a producer of this configuration was made before");
}

static void take_limits(struct publisher *publisher, rd_kafka_event_t *event)
{
    size_t batch_bytes = (size_t)properties_number(publisher->client, "batch.size");
    size_t smallest;

    if (!limits_take(&publisher->limits, event)) {
        limits_ask(publisher->config, publisher->client, publisher->queue);
        return;
    }
    smallest = limits_smallest_known(&publisher->limits);
    if (smallest >= batch_bytes || smallest == 0)
        return;
    publisher->batch_bytes = smallest;
    publisher->wants_replacement = true;
    snprintf(publisher->why, sizeof(publisher->why), "batches must not be over the topic's limit");
}

static void take_error(struct publisher *publisher, rd_kafka_event_t *event)
{
    if (!rd_kafka_event_error_is_fatal(event))
        return;
    /* an idempotent producer that lost its sequence cannot go on */
    publisher->wants_replacement = true;
    rd_kafka_fatal_error(publisher->client, publisher->why, sizeof(publisher->why));
}

static void take_event(struct publisher *publisher, rd_kafka_event_t *event)
{
    switch (rd_kafka_event_type(event)) {
    case RD_KAFKA_EVENT_DR:
        take_reports(publisher, event);
        break;
    case RD_KAFKA_EVENT_DESCRIBECONFIGS_RESULT:
        take_limits(publisher, event);
        break;
    case RD_KAFKA_EVENT_ERROR:
        take_error(publisher, event);
        break;
    default:
        break;
    }
    rd_kafka_event_destroy(event);
    if (publisher->wants_replacement)
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

/* --- life --- */

/* rd_kafka_flush would wait for reports that nobody takes out of the queue. */
static void await_reports(struct publisher *publisher, int64_t timeout_ms)
{
    int64_t until_ms = clock_now_ms() + timeout_ms;

    while (!list_is_empty(&publisher->under_way) && clock_now_ms() < until_ms) {
        rd_kafka_event_t *event = rd_kafka_queue_poll(publisher->queue, 50);

        if (event != NULL)
            take_event(publisher, event);
    }
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
        await_reports(publisher, timeout_ms);
        rd_kafka_purge(publisher->client, RD_KAFKA_PURGE_F_QUEUE | RD_KAFKA_PURGE_F_INFLIGHT);
    }
    client_close(publisher);
    free_all(&publisher->under_way);
    free_all(&publisher->ended);
    free(publisher->current);
    limits_release(&publisher->limits);
    close(publisher->descriptor);
    free(publisher);
}
