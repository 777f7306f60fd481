#include "common/check.h"
#include "common/clock.h"
#include "kafka/properties.h"
#include "kafka/publisher_state.h"

#include <errno.h>
#include <stdio.h>
#include <unistd.h>

/* The client behind the publisher. Where a record fails, nothing more is produced: what librdkafka has not sent yet is
 * taken back, what it has sent is reported, and after a pause everything that is not acknowledged is produced again in
 * its order. A client that cannot go on (an idempotent producer that lost its sequence) is replaced by a new one. */

#define PAUSE_MS 1000

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

bool producer_open(struct publisher *publisher, struct error *error)
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

void producer_close(struct publisher *publisher)
{
    if (publisher->client == NULL)
        return;
    rd_kafka_purge(publisher->client, RD_KAFKA_PURGE_F_QUEUE | RD_KAFKA_PURGE_F_INFLIGHT);
    rd_kafka_queue_destroy(publisher->queue);
    rd_kafka_destroy(publisher->client);
    publisher->client = NULL;
}

/* --- producing --- */

static void hold(struct publisher *publisher, int64_t pause_ms)
{
    publisher->is_holding = true;
    publisher->go_on_at_ms = clock_now_ms() + pause_ms;
}

static void fail(struct publisher *publisher, const struct kept_record *kept, const char *why)
{
    publisher->failures++;
    if (!publisher->has_trouble) /* the cause comes first, or as an error event */
        snprintf(publisher->trouble, sizeof(publisher->trouble), "topic '%s': %s", kept->record.topic, why);
    publisher->has_trouble = true;
    if (rd_kafka_fatal_error(publisher->client, NULL, 0) != RD_KAFKA_RESP_ERR_NO_ERROR)
        publisher->wants_replacement = true;
    else if (!publisher->is_holding)
        rd_kafka_purge(publisher->client, RD_KAFKA_PURGE_F_QUEUE | RD_KAFKA_PURGE_F_NON_BLOCKING);
    hold(publisher, PAUSE_MS);
}

static rd_kafka_headers_t *headers_of(const struct publication_record *record)
{
    rd_kafka_headers_t *headers = rd_kafka_headers_new(record->header_count);

    for (size_t i = 0; i < record->header_count; i++)
        rd_kafka_header_add(headers, record->headers[i].name.data, (ssize_t)record->headers[i].name.size,
                            record->headers[i].value.data, (ssize_t)record->headers[i].value.size);
    return headers;
}

static void produce(struct publisher *publisher, struct kept_record *kept)
{
    const struct publication_record *record = &kept->record;
    rd_kafka_headers_t *headers = headers_of(record);
    rd_kafka_resp_err_t code = rd_kafka_producev(
        publisher->client, RD_KAFKA_V_TOPIC(record->topic), RD_KAFKA_V_KEY(record->key.data, record->key.size),
        RD_KAFKA_V_VALUE((void *)record->value.data, record->value.size), RD_KAFKA_V_HEADERS(headers),
        RD_KAFKA_V_MSGFLAGS(0), RD_KAFKA_V_OPAQUE(kept), RD_KAFKA_V_END);

    if (code != RD_KAFKA_RESP_ERR_NO_ERROR) {
        rd_kafka_headers_destroy(headers);
        fail(publisher, kept, rd_kafka_err2str(code));
        return;
    }
    kept->place = RECORD_UNDER_WAY;
    publisher->records_under_way++;
}

void producer_produce(struct publisher *publisher, struct publication *publication)
{
    for (size_t i = 0; i < publication->count && !publisher->is_holding; i++)
        if (publication->records[i].place == RECORD_WAITING)
            produce(publisher, &publication->records[i]);
}

static void go_on(struct publisher *publisher)
{
    if (!publisher->is_holding || publisher->records_under_way > 0 || clock_now_ms() < publisher->go_on_at_ms)
        return;
    publisher->is_holding = false;
    list_each(node, &publisher->pending)
    {
        if (publisher->is_holding)
            return; /* failed again */
        producer_produce(publisher, list_item(node, struct publication, node));
    }
}

/* --- reports --- */

static void end_if_over(struct publisher *publisher, struct publication *publication)
{
    const uint64_t one = 1;

    if (!publication_is_acknowledged(publication) &&
        !(publication->is_too_large && !publication_is_under_way(publication)))
        return;
    list_remove(&publication->node);
    list_push_back(&publisher->ended, &publication->node);
    publisher->bytes_pending -= publication->bytes;
    publisher->records_pending -= publication->count;
    if (write(publisher->descriptor, &one, sizeof(one)) < 0)
        ensure(errno == EAGAIN); /* readable already */
}

/* A topic's limit counts for a batch: only where the batch was one record, or could not be over the limit, is it the
 * record that is too large. */
static void take_refused_size(struct publisher *publisher, struct kept_record *kept)
{
    struct limit *limit = limits_of(&publisher->limits, kept->record.topic);
    size_t bytes = kept->record.value.size + kept->record.key.size;

    if (publisher->wants_replacement)
        return; /* of the same batch */
    if (!limit->is_known && !publisher->is_one_each) {
        publisher->is_one_each = true; /* for this and all that comes */
        publisher->wants_replacement = true;
        return;
    }
    kept->publication->is_too_large = true;
    snprintf(kept->publication->detail, sizeof(kept->publication->detail), "topic '%s': %zu bytes are too many",
             kept->record.topic, bytes);
    if (bytes < limit->bytes_max)
        limit->bytes_max = bytes; /* asked again, it is rendered smaller */
}

static void take_report(struct publisher *publisher, const rd_kafka_message_t *message)
{
    struct kept_record *kept = message->_private;

    ensure(kept->place == RECORD_UNDER_WAY);
    ensure(publisher->records_under_way > 0);
    publisher->records_under_way--;
    kept->place = RECORD_WAITING;
    switch (message->err) {
    case RD_KAFKA_RESP_ERR_NO_ERROR:
        if (rd_kafka_message_status(message) == RD_KAFKA_MSG_STATUS_PERSISTED)
            kept->place = RECORD_ACKNOWLEDGED;
        else
            fail(publisher, kept, "not acknowledged by all replicas");
        break;
    case RD_KAFKA_RESP_ERR__PURGE_QUEUE:
    case RD_KAFKA_RESP_ERR__PURGE_INFLIGHT: /* taken back by us */
        break;
    case RD_KAFKA_RESP_ERR_MSG_SIZE_TOO_LARGE:
    case RD_KAFKA_RESP_ERR_INVALID_MSG_SIZE:
        take_refused_size(publisher, kept);
        break;
    default:
        fail(publisher, kept, rd_kafka_err2str(message->err));
    }
    end_if_over(publisher, kept->publication);
}

static void take_reports(struct publisher *publisher, rd_kafka_event_t *event)
{
    const rd_kafka_message_t *message;

    while ((message = rd_kafka_event_message_next(event)) != NULL)
        take_report(publisher, message);
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
}

static void take_error(struct publisher *publisher, rd_kafka_event_t *event)
{
    char why[200];

    if (!rd_kafka_event_error_is_fatal(event))
        return;
    publisher->wants_replacement = true;
    publisher->has_trouble = true;
    rd_kafka_fatal_error(publisher->client, why, sizeof(why));
    snprintf(publisher->trouble, sizeof(publisher->trouble), "the producer begins anew: %s", why);
    hold(publisher, PAUSE_MS);
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
}

/* --- a new client --- */

/* What was acknowledged by now is not published a second time; whether what is under way arrives, nobody can tell. */
static void take_back(struct publisher *publisher)
{
    rd_kafka_event_t *event;

    while ((event = rd_kafka_queue_poll(publisher->queue, 0)) != NULL)
        take_event(publisher, event);
    producer_close(publisher);
    list_each_safe(node, &publisher->pending)
    {
        struct publication *publication = list_item(node, struct publication, node);

        for (size_t i = 0; i < publication->count; i++)
            if (publication->records[i].place == RECORD_UNDER_WAY)
                publication->records[i].place = RECORD_WAITING;
        end_if_over(publisher, publication);
    }
    publisher->records_under_way = 0;
}

static void replace_client(struct publisher *publisher)
{
    struct error error = {0};

    if (!publisher->is_holding)
        hold(publisher, 0); /* ours to want: nothing is wrong with the broker */
    take_back(publisher);
    publisher->wants_replacement = false;
    if (!producer_open(publisher, &error))
        never("a producer of this configuration was made before");
}

bool producer_turn(struct publisher *publisher, int wait_ms)
{
    rd_kafka_event_t *event = rd_kafka_queue_poll(publisher->queue, wait_ms);

    if (event != NULL)
        take_event(publisher, event);
    if (publisher->wants_replacement)
        replace_client(publisher);
    go_on(publisher);
    return event != NULL;
}
