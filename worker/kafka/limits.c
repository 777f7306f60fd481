#include "kafka/limits.h"

#include "common/bytes.h"
#include "common/check.h"
#include "common/memory.h"

void limits_release(struct limits *limits)
{
    for (size_t i = 0; i < limits->count; i++)
        free(limits->items[i].topic);
    limits->count = 0;
}

struct limit *limits_of(struct limits *limits, const char *topic)
{
    struct limit *limit;

    for (size_t i = 0; i < limits->count; i++)
        if (strcmp(limits->items[i].topic, topic) == 0)
            return &limits->items[i];
    ensure(limits->count < LIMITED_TOPICS_MAX);
    limit = &limits->items[limits->count++];
    *limit = (struct limit){.topic = memory_text(topic), .bytes_max = limits->bytes_default};
    return limit;
}

void limits_ask(const struct config *config, rd_kafka_t *client, rd_kafka_queue_t *queue)
{
    const char *const topics[] = {config->topics.audit, config->topics.dead_letters};
    rd_kafka_ConfigResource_t *resources[2];
    rd_kafka_AdminOptions_t *options = rd_kafka_AdminOptions_new(client, RD_KAFKA_ADMIN_OP_DESCRIBECONFIGS);

    for (size_t i = 0; i < 2; i++)
        resources[i] = rd_kafka_ConfigResource_new(RD_KAFKA_RESOURCE_TOPIC, topics[i]);
    rd_kafka_DescribeConfigs(client, resources, 2, options, queue);
    for (size_t i = 0; i < 2; i++)
        rd_kafka_ConfigResource_destroy(resources[i]);
    rd_kafka_AdminOptions_destroy(options);
}

static void take_limit(struct limits *limits, const rd_kafka_ConfigResource_t *resource)
{
    struct limit *limit = limits_of(limits, rd_kafka_ConfigResource_name(resource));
    size_t count;
    const rd_kafka_ConfigEntry_t **entries = rd_kafka_ConfigResource_configs(resource, &count);
    uint64_t bytes;

    for (size_t i = 0; i < count; i++) {
        if (strcmp(rd_kafka_ConfigEntry_name(entries[i]), "max.message.bytes") != 0 ||
            !bytes_to_uint64(bytes_of(rd_kafka_ConfigEntry_value(entries[i])), &bytes))
            continue;
        limit->is_known = true;
        if (bytes < limit->bytes_max)
            limit->bytes_max = bytes;
    }
}

bool limits_take(struct limits *limits, rd_kafka_event_t *event)
{
    const rd_kafka_DescribeConfigs_result_t *result = rd_kafka_event_DescribeConfigs_result(event);
    rd_kafka_resp_err_t code = rd_kafka_event_error(event);
    const rd_kafka_ConfigResource_t **resources;
    size_t count = 0;

    if (code == RD_KAFKA_RESP_ERR__TIMED_OUT || code == RD_KAFKA_RESP_ERR__TRANSPORT)
        return false;
    if (result == NULL || code != RD_KAFKA_RESP_ERR_NO_ERROR)
        return true; /* not allowed to look: the broker tells when something is too large */
    resources = rd_kafka_DescribeConfigs_result_resources(result, &count);
    for (size_t i = 0; i < count; i++)
        take_limit(limits, resources[i]);
    return true;
}

size_t limits_smallest_known(const struct limits *limits)
{
    size_t smallest = SIZE_MAX;

    for (size_t i = 0; i < limits->count; i++)
        if (limits->items[i].is_known && limits->items[i].bytes_max < smallest)
            smallest = limits->items[i].bytes_max;
    return smallest;
}
