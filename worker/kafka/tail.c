#include "common/check.h"
#include "common/clock.h"
#include "common/memory.h"
#include "kafka/properties.h"
#include "kafka/topics.h"

#include <string.h>

#define LOOK_TIMEOUT_MS 10000
#define HEADERS_MAX     64

struct tail {
    rd_kafka_t *client;
    char *dead_letters;
    rd_kafka_message_t *message; /* handed out */
    struct header headers[HEADERS_MAX];
    bool *is_at_end; /* of each partition of both topics */
    size_t at_end_count;
    size_t partition_count;
    int audit_partitions;
};

static bool assign(struct tail *tail, const struct topic_state states[3], bool from_beginning, struct error *error)
{
    rd_kafka_topic_partition_list_t *partitions = rd_kafka_topic_partition_list_new(16);
    rd_kafka_resp_err_t code;

    for (size_t i = 1; i < 3; i++)
        for (int k = 0; k < states[i].partitions; k++)
            rd_kafka_topic_partition_list_add(partitions, states[i].name, k)->offset =
                from_beginning ? RD_KAFKA_OFFSET_BEGINNING : RD_KAFKA_OFFSET_END;
    code = rd_kafka_assign(tail->client, partitions);
    rd_kafka_topic_partition_list_destroy(partitions);
    return code == RD_KAFKA_RESP_ERR_NO_ERROR || error_set(error, ERROR_SYSTEM, "%s", rd_kafka_err2str(code));
}

static rd_kafka_t *reader_new(const struct config *config, struct error *error)
{
    rd_kafka_conf_t *conf = properties_consumer(config, error);
    char why[256];

    if (conf == NULL)
        return NULL;
    /* assigned by hand: the group's name is not used, but librdkafka wants one */
    if (rd_kafka_conf_set(conf, "group.id", "ifmatch-tail", why, sizeof(why)) != RD_KAFKA_CONF_OK ||
        rd_kafka_conf_set(conf, "group.instance.id", "", why, sizeof(why)) != RD_KAFKA_CONF_OK ||
        rd_kafka_conf_set(conf, "enable.partition.eof", "true", why, sizeof(why)) != RD_KAFKA_CONF_OK ||
        rd_kafka_conf_set(conf, "auto.offset.reset", "earliest", why, sizeof(why)) != RD_KAFKA_CONF_OK)
        never("librdkafka knows the properties that we set");
    return properties_client(RD_KAFKA_CONSUMER, conf, error);
}

static bool all_there(const struct topic_state states[3], struct error *error)
{
    for (size_t i = 1; i < 3; i++)
        if (states[i].partitions == 0)
            return error_set(error, ERROR_UNAVAILABLE, "topic '%s' does not exist: `ifmatch topics create` makes it",
                             states[i].name);
    return true;
}

struct tail *tail_new(const struct config *config, bool from_beginning, struct error *error)
{
    struct topic_state states[3];
    struct tail *tail;

    if (!topics_look(config, LOOK_TIMEOUT_MS, states, error) || !all_there(states, error))
        return NULL;
    tail = memory_new(sizeof(*tail));
    tail->client = reader_new(config, error);
    tail->dead_letters = memory_text(config->topics.dead_letters);
    tail->audit_partitions = states[1].partitions;
    tail->partition_count = (size_t)states[1].partitions + (size_t)states[2].partitions;
    tail->is_at_end = memory_new(tail->partition_count);
    if (tail->client != NULL)
        rd_kafka_poll_set_consumer(tail->client);
    if (tail->client == NULL || !assign(tail, states, from_beginning, error)) {
        tail_free(tail);
        return NULL;
    }
    return tail;
}

void tail_free(struct tail *tail)
{
    if (tail == NULL)
        return;
    if (tail->message != NULL)
        rd_kafka_message_destroy(tail->message);
    if (tail->client != NULL)
        rd_kafka_destroy_flags(tail->client, RD_KAFKA_DESTROY_F_NO_CONSUMER_CLOSE);
    free(tail->is_at_end);
    free(tail->dead_letters);
    free(tail);
}

static bool is_dead_letter(const struct tail *tail, const rd_kafka_message_t *message)
{
    return strcmp(rd_kafka_topic_name(message->rkt), tail->dead_letters) == 0;
}

static void note_end(struct tail *tail, const rd_kafka_message_t *message)
{
    size_t place = (size_t)message->partition + (is_dead_letter(tail, message) ? (size_t)tail->audit_partitions : 0);

    if (place < tail->partition_count && !tail->is_at_end[place]) {
        tail->is_at_end[place] = true;
        tail->at_end_count++;
    }
}

static size_t take_headers(struct tail *tail)
{
    rd_kafka_headers_t *headers;
    const char *name;
    const void *value;
    size_t count = 0, size;

    if (rd_kafka_message_headers(tail->message, &headers) != RD_KAFKA_RESP_ERR_NO_ERROR)
        return 0;
    while (count < HEADERS_MAX &&
           rd_kafka_header_get_all(headers, count, &name, &value, &size) == RD_KAFKA_RESP_ERR_NO_ERROR)
        tail->headers[count++] = (struct header){bytes_of(name), {value, size}};
    return count;
}

static void take_record(struct tail *tail, struct tail_record *ret_record)
{
    const rd_kafka_message_t *message = tail->message;
    rd_kafka_timestamp_type_t kind;

    *ret_record = (struct tail_record){
        .is_dead_letter = is_dead_letter(tail, message),
        .partition = message->partition,
        .offset = message->offset,
        .timestamp_ms = rd_kafka_message_timestamp(message, &kind),
        .key = {message->key, message->key_len},
        .value = {message->payload, message->len},
        .headers = tail->headers,
        .header_count = take_headers(tail),
    };
}

bool tail_next(struct tail *tail, int64_t timeout_ms, struct tail_record *ret_record, bool *ret_at_end)
{
    int64_t until_ms = clock_now_ms() + timeout_ms;
    bool is_record = false;

    do {
        int64_t wait_ms = until_ms - clock_now_ms();

        if (tail->message != NULL)
            rd_kafka_message_destroy(tail->message);
        tail->message = rd_kafka_consumer_poll(tail->client, (int)(wait_ms > 0 ? wait_ms : 0));
        if (tail->message == NULL)
            break;
        is_record = tail->message->err == RD_KAFKA_RESP_ERR_NO_ERROR;
        if (tail->message->err == RD_KAFKA_RESP_ERR__PARTITION_EOF)
            note_end(tail, tail->message);
    } while (!is_record && clock_now_ms() < until_ms && tail->at_end_count < tail->partition_count);
    if (is_record)
        take_record(tail, ret_record);
    *ret_at_end = tail->at_end_count == tail->partition_count;
    return is_record;
}
