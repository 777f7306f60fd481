#include "kafka/properties.h"

#include "common/check.h"
#include "common/memory.h"
#include "common/nearest.h"
#include "kafka/group.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct setting {
    const char *name;
    const char *value;
};

/* Ours unless the configuration says something else. */
static const struct setting consumer_defaults[] = {
    {"client.id", "ifmatch"},
    {"queued.min.messages", "100000"},         /* each partition has a queue of its own: bytes are its bound */
    {"queued.max.messages.kbytes", "2048"},    /* of one partition */
    {"fetch.queue.backoff.ms", "20"},          /* a full queue is drained faster than in librdkafka's 1 s */
    {"fetch.wait.max.ms", "100"},
    {"topic.metadata.refresh.interval.ms", "10000"}, /* a topic made after the start, partitions added */
};
static const struct setting producer_defaults[] = {
    {"client.id", "ifmatch"},
    {"linger.ms", "5"},
    {"partitioner", "murmur2_random"}, /* as Java's clients: events of a document stay in one partition */
    {"message.max.bytes", "8388608"},
};
/* What our promises rest on. */
static const struct setting consumer_promises[] = {
    {"enable.auto.commit", "false"},
    {"enable.auto.offset.store", "false"},
    {"auto.offset.reset", "error"},
    {"enable.partition.eof", "true"},
    {"allow.auto.create.topics", "false"},
};
static const struct setting producer_promises[] = {
    {"enable.idempotence", "true"},
    {"acks", "all"},
};

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

static void set_ours(rd_kafka_conf_t *conf, const struct setting *settings, size_t count)
{
    char why[512];

    for (size_t i = 0; i < count; i++)
        if (rd_kafka_conf_set(conf, settings[i].name, settings[i].value, why, sizeof(why)) != RD_KAFKA_CONF_OK)
            never("librdkafka knows the properties that we set");
}

/* librdkafka's own page of its properties, the only list with all of them: a name begins each line. Freed by the
 * caller. */
static char *properties_page(void)
{
    char *page = NULL;
    size_t size;
    FILE *file = open_memstream(&page, &size);

    if (file == NULL)
        return NULL;
    rd_kafka_conf_properties_show(file);
    fclose(file);
    return page;
}

static bool fail_unknown(const struct property *property, struct error *error)
{
    auto_text page = properties_page();
    struct nearest nearest;
    char *line, *rest = page;

    nearest_init(&nearest, property->name);
    while ((line = strsep(&rest, "\n")) != NULL) {
        line[strcspn(line, " |")] = '\0';
        nearest_try(&nearest, line);
    }
    if (nearest.best != NULL)
        return error_set(error, ERROR_USAGE, "%s: unknown Kafka property '%s'; did you mean '%s'?%s", property->place,
                         property->name, nearest.best, property->lines);
    return error_set(error, ERROR_USAGE, "%s: unknown Kafka property '%s'%s", property->place, property->name,
                     property->lines);
}

static bool set_theirs(rd_kafka_conf_t *conf, const struct properties *properties, struct error *error)
{
    char why[512];

    for (size_t i = 0; i < properties->count; i++) {
        const struct property *property = &properties->items[i];
        rd_kafka_conf_res_t result = rd_kafka_conf_set(conf, property->name, property->value, why, sizeof(why));

        if (result == RD_KAFKA_CONF_UNKNOWN)
            return fail_unknown(property, error);
        if (result != RD_KAFKA_CONF_OK)
            return error_set(error, ERROR_USAGE, "%s: %s%s", property->place, why, property->lines);
    }
    return true;
}

/* librdkafka's own log lines come from its threads; what matters of them comes as events too. */
static void log_nothing(const rd_kafka_t *client, int level, const char *facility, const char *text)
{
    (void)client;
    (void)level;
    (void)facility;
    (void)text;
}

static bool names_brokers(const struct config *config, rd_kafka_conf_t *conf, struct error *error)
{
    size_t size = 0;

    if (rd_kafka_conf_get(conf, "bootstrap.servers", NULL, &size) == RD_KAFKA_CONF_OK && size > 1)
        return true;
    return config_lacks(config, "kafka: { bootstrap.servers: HOST:PORT } is needed", error);
}

static rd_kafka_conf_t *conf_of(const struct config *config, const struct properties *refined,
                                const struct setting *defaults, size_t default_count, const struct setting *promises,
                                size_t promise_count, struct error *error)
{
    rd_kafka_conf_t *conf = rd_kafka_conf_new();

    set_ours(conf, defaults, default_count);
    if (!set_theirs(conf, &config->kafka.common, error) || !set_theirs(conf, refined, error) ||
        !names_brokers(config, conf, error)) {
        rd_kafka_conf_destroy(conf);
        return NULL;
    }
    set_ours(conf, promises, promise_count);
    rd_kafka_conf_set_log_cb(conf, log_nothing);
    return conf;
}

rd_kafka_conf_t *properties_consumer(const struct config *config, struct error *error)
{
    rd_kafka_conf_t *conf = conf_of(config, &config->kafka.consumer, consumer_defaults, COUNT(consumer_defaults),
                                    consumer_promises, COUNT(consumer_promises), error);

    if (conf == NULL || group_check(config, conf, error))
        return conf;
    rd_kafka_conf_destroy(conf);
    return NULL;
}

rd_kafka_conf_t *properties_producer(const struct config *config, struct error *error)
{
    return conf_of(config, &config->kafka.producer, producer_defaults, COUNT(producer_defaults), producer_promises,
                   COUNT(producer_promises), error);
}

rd_kafka_t *properties_client(rd_kafka_type_t type, rd_kafka_conf_t *conf, struct error *error)
{
    char why[512];
    rd_kafka_t *client = rd_kafka_new(type, conf, why, sizeof(why));

    if (client == NULL) {
        rd_kafka_conf_destroy(conf);
        error_set(error, ERROR_USAGE, "kafka: %s", why);
    }
    return client;
}

int64_t properties_number(const rd_kafka_t *client, const char *name)
{
    char text[64];
    size_t size = sizeof(text);

    if (rd_kafka_conf_get(rd_kafka_conf((rd_kafka_t *)client), name, text, &size) != RD_KAFKA_CONF_OK)
        never("librdkafka knows the property");
    return strtoll(text, NULL, 10);
}

const char *properties_servers(const rd_kafka_t *client, char *text, size_t size)
{
    size_t needed = size;

    if (rd_kafka_conf_get(rd_kafka_conf((rd_kafka_t *)client), "bootstrap.servers", text, &needed) != RD_KAFKA_CONF_OK)
        text[0] = '\0';
    return text;
}
