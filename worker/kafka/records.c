#include "kafka/properties.h"
#include "kafka/state.h"

/* Out of the partitions' queues, one record at a time. */

void record_drop(struct consumer *consumer)
{
    if (consumer->message != NULL)
        rd_kafka_message_destroy(consumer->message);
    if (consumer->message_event != NULL)
        rd_kafka_event_destroy(consumer->message_event);
    consumer->message = NULL;
    consumer->message_event = NULL;
}

/* Behind a gap nothing is passed over unasked: what was there is lost for good, and a person must know. */
static struct kept_notice *say_gap(struct consumer *consumer, const struct source *source, const char *why)
{
    char servers[256];

    if (consumer->is_apart)
        return notice_say(consumer, NOTICE_STOPPED,
                          "partition %d of '%s' ends here: %s. Its next records were deleted before they were read",
                          source->number, consumer->topic, why);
    return notice_say(consumer, NOTICE_STOPPED,
                      "partition %d of '%s' stands still: %s. Its next records were deleted before they were applied "
                      "(retention, or a topic made again); the other partitions go on. To go on with the first one that is "
                      "there, stop the workers of the group, run `kafka-consumer-groups.sh --bootstrap-server %s --group %s "
                      "--topic %s:%d --reset-offsets --to-earliest --execute`, and start them again",
                      source->number, consumer->topic, why, properties_servers(consumer->client, servers, sizeof(servers)),
                      consumer->group, consumer->topic, source->number);
}

static void stop(struct consumer *consumer, struct source *source, const char *why)
{
    struct kept_notice *kept;

    if (source->is_stopped)
        return;
    source->is_stopped = true;
    consumer->topic_question.ask_at_ms = 0;
    kept = say_gap(consumer, source, why);
    kept->partitions = memory_new(sizeof(*kept->partitions));
    kept->partitions[0] = source->number;
    kept->notice.partitions = kept->partitions;
    kept->notice.partition_count = 1;
}

bool record_take_fault(struct consumer *consumer, int32_t partition, rd_kafka_resp_err_t code, int64_t offset,
                       const char *text)
{
    struct source *source = source_find(consumer, partition);

    switch (code) {
    case RD_KAFKA_RESP_ERR__PARTITION_EOF:
        if (source != NULL) {
            source->has_met_end = true;
            apart_note_end(source, offset);
        }
        return true;
    case RD_KAFKA_RESP_ERR__AUTO_OFFSET_RESET:
    case RD_KAFKA_RESP_ERR_OFFSET_OUT_OF_RANGE:
        if (source != NULL)
            stop(consumer, source, text);
        return source != NULL;
    default:
        return false;
    }
}

static void take_fault(struct consumer *consumer, const rd_kafka_message_t *message)
{
    const char *text = rd_kafka_message_errstr(message);

    if (!record_take_fault(consumer, message->partition, message->err, message->offset, text))
        consumer_take_error(consumer, message->err, text);
}

/* Fetched between the assignment and the moment when the queue was split: kept in order before what follows there. */
bool record_keep_early(struct consumer *consumer, rd_kafka_event_t *event)
{
    const rd_kafka_message_t *message = rd_kafka_event_message_next(event);
    struct source *source = message != NULL ? source_find(consumer, message->partition) : NULL;
    struct early *early;

    if (message != NULL && message->err != RD_KAFKA_RESP_ERR_NO_ERROR)
        take_fault(consumer, message);
    if (source == NULL || message->err != RD_KAFKA_RESP_ERR_NO_ERROR)
        return false;
    ensure(rd_kafka_event_message_count(event) <= 1);
    early = memory_new(sizeof(*early));
    early->event = event;
    early->message = message;
    list_push_back(&source->early, &early->node);
    return true;
}

/* Errors alone are not the end of the queue: the descriptor does not tell of it a second time. */
static void refill(struct consumer *consumer, struct source *source)
{
    ssize_t count;

    source->next = 0;
    source->count = 0;
    do {
        count = rd_kafka_consume_batch_queue(source->queue, 0, source->messages, BATCH_MESSAGES);
        for (ssize_t i = 0; i < count; i++) {
            rd_kafka_message_t *message = source->messages[i];

            if (message->err == RD_KAFKA_RESP_ERR_NO_ERROR) {
                source->messages[source->count++] = message;
                continue;
            }
            take_fault(consumer, message);
            rd_kafka_message_destroy(message);
        }
    } while (count > 0 && source->count == 0);
    if (source->count > 0)
        connection_is_up(consumer);
    source->end = consumer_end(consumer, source->number);
}

static const rd_kafka_message_t *take_message(struct consumer *consumer, struct source *source)
{
    if (!list_is_empty(&source->early)) {
        struct early *early = list_item(source->early.next, struct early, node);
        const rd_kafka_message_t *message = early->message;

        list_remove(&early->node);
        consumer->message_event = early->event;
        source->end = consumer_end(consumer, source->number);
        free(early);
        return message;
    }
    if (source->next == source->count && !source->is_at_end)
        refill(consumer, source);
    if (source->next == source->count)
        return NULL;
    consumer->message = source->messages[source->next++];
    return consumer->message;
}

static size_t take_headers(struct consumer *consumer, const rd_kafka_message_t *message)
{
    rd_kafka_headers_t *headers;
    const char *name;
    const void *value;
    size_t count = 0, size;

    if (rd_kafka_message_headers(message, &headers) != RD_KAFKA_RESP_ERR_NO_ERROR)
        return 0;
    while (rd_kafka_header_get_all(headers, count, &name, &value, &size) == RD_KAFKA_RESP_ERR_NO_ERROR) {
        if (count == consumer->header_capacity) {
            consumer->header_capacity = consumer->header_capacity == 0 ? 16 : 2 * consumer->header_capacity;
            consumer->headers = memory_resize(consumer->headers, consumer->header_capacity * sizeof(struct header));
        }
        consumer->headers[count++] = (struct header){bytes_of(name), {value, size}};
    }
    return count;
}

bool consumer_read(struct consumer *consumer, int32_t partition, struct received *ret_received)
{
    struct source *source = source_find(consumer, partition);
    const rd_kafka_message_t *message = source != NULL ? take_message(consumer, source) : NULL;
    rd_kafka_timestamp_type_t kind;

    if (message != NULL && message->offset >= source->read_until) {
        apart_note_end(source, message->offset);
        record_drop(consumer);
        source_drop(source);
        message = NULL;
    }
    if (message == NULL)
        return false;
    *ret_received = (struct received){
        .partition = partition,
        .epoch = source->epoch,
        .offset = message->offset,
        .end = source->end,
        .timestamp_ms = rd_kafka_message_timestamp(message, &kind),
        .key = {message->key, message->key_len},
        .value = {message->payload, message->len},
        .header_count = take_headers(consumer, message),
    };
    ret_received->headers = consumer->headers;
    return true;
}

bool consumer_met_end(struct consumer *consumer, int32_t partition, int32_t *ret_epoch)
{
    struct source *source = source_find(consumer, partition);

    if (source == NULL || !source->has_met_end || source->next < source->count || !list_is_empty(&source->early))
        return false;
    source->has_met_end = false;
    *ret_epoch = source->epoch;
    return true;
}

void consumer_done(struct consumer *consumer)
{
    record_drop(consumer);
}
