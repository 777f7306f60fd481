#include "kafka/group.h"

#include "kafka/properties.h"

#include <string.h>

/* With group.protocol: consumer the session timeout is the broker's, and no client is told of it: 45 s unless it was
 * changed. So little is taken for sure that only a group that was set to drop its members within seconds is not
 * served; session.c asks the broker whether this one was. */
#define OWNERSHIP_BY_BROKER_MS 3000

struct forbidden {
    const char *name;
    const char *reason;
};

static const struct forbidden by_broker[] = {
    {"session.timeout.ms", "it is the broker's: group.consumer.session.timeout.ms"},
    {"heartbeat.interval.ms", "it is the broker's: group.consumer.heartbeat.interval.ms"},
    {"partition.assignment.strategy", "the broker assigns: group.remote.assignor names its assignor"},
    {"group.protocol.type", "the broker assigns"},
};
static const struct forbidden by_members[] = {
    {"group.remote.assignor", "the members assign, by partition.assignment.strategy; the broker does with group.protocol: consumer"},
};

static bool is_by_broker(const rd_kafka_conf_t *conf)
{
    char text[32];
    size_t size = sizeof(text);

    return rd_kafka_conf_get(conf, "group.protocol", text, &size) == RD_KAFKA_CONF_OK && strcmp(text, "consumer") == 0;
}

static const struct property *find(const struct properties *properties, const char *name)
{
    for (size_t i = 0; i < properties->count; i++)
        if (strcmp(properties->items[i].name, name) == 0)
            return &properties->items[i];
    return NULL;
}

bool group_check(const struct config *config, const rd_kafka_conf_t *conf, struct error *error)
{
    bool is_new = is_by_broker(conf);
    const struct forbidden *forbidden = is_new ? by_broker : by_members;
    size_t count = is_new ? sizeof(by_broker) / sizeof(by_broker[0]) : sizeof(by_members) / sizeof(by_members[0]);

    for (size_t i = 0; i < count; i++) {
        const struct property *property = find(&config->kafka.consumer, forbidden[i].name);

        if (property == NULL)
            property = find(&config->kafka.common, forbidden[i].name);
        if (property != NULL)
            return error_set(error, ERROR_USAGE, "%s: '%s' cannot be set with group.protocol: %s: %s", property->place,
                             property->name, is_new ? "consumer" : "classic", forbidden[i].reason);
    }
    return true;
}

static void text_of(const rd_kafka_conf_t *conf, const char *name, char *text, size_t size)
{
    if (rd_kafka_conf_get(conf, name, text, &size) != RD_KAFKA_CONF_OK)
        text[0] = '\0';
}

void group_protocol_read(const rd_kafka_t *client, struct group_protocol *ret_protocol)
{
    const rd_kafka_conf_t *conf = rd_kafka_conf((rd_kafka_t *)client);
    char strategy[256];

    *ret_protocol = (struct group_protocol){.is_by_broker = is_by_broker(conf)};
    text_of(conf, "partition.assignment.strategy", strategy, sizeof(strategy));
    text_of(conf, "group.instance.id", ret_protocol->instance, sizeof(ret_protocol->instance));
    /* librdkafka takes no mixture of eager and cooperative strategies */
    ret_protocol->is_cooperative = ret_protocol->is_by_broker || strstr(strategy, "cooperative") != NULL;
    ret_protocol->ownership_ms =
        ret_protocol->is_by_broker ? OWNERSHIP_BY_BROKER_MS : properties_number(client, "session.timeout.ms") / 2;
    ret_protocol->drain_ms_max = properties_number(client, "max.poll.interval.ms") / 2;
}
