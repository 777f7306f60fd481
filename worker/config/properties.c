#include "config/properties.h"

#include "common/buffer.h"
#include "common/memory.h"
#include "config/expand.h"

/* `allowed`: the values that change nothing; NULL: none. */
static const struct {
    const char *name;
    const char *allowed[2];
    const char *reason;
} refused[] = {
    {"enable.auto.commit",
     {"false"},
     "offsets are committed when an event is finished and recorded, never by time"},
    {"auto.commit.enable",
     {"false"},
     "offsets are committed when an event is finished and recorded, never by time"},
    {"auto.commit.interval.ms", {NULL}, "offsets are committed by ifmatch; its interval is commit.interval"},
    {"enable.auto.offset.store",
     {"false"},
     "an offset counts when its event is finished, not when it is fetched"},
    {"auto.offset.reset",
     {NULL},
     "where a new group begins is topics.start; lost offsets must not be passed over silently"},
    {"enable.idempotence", {"true"}, "records must be published once and in order"},
    {"acks", {"all", "-1"}, "a record counts when all replicas have it; offsets are committed after that"},
    {"request.required.acks",
     {"all", "-1"},
     "a record counts when all replicas have it; offsets are committed after that"},
    {"delivery.report.only.error",
     {"false"},
     "each record must be acknowledged before its offset is committed"},
    {"transactional.id", {NULL}, "records are published without transactions"},
    {"enabled_events", {NULL}, "it is for programs, not for a configuration"},
    {"opaque", {NULL}, "it is for programs, not for a configuration"},
    {"default_topic_conf", {NULL}, "it is for programs, not for a configuration"},
    {"interceptors", {NULL}, "it is for programs, not for a configuration"},
};

#define REFUSED_COUNT (sizeof(refused) / sizeof(refused[0]))
#define IN_FLIGHT_MAX 5

static const char *refusal_in_flight(const char *value)
{
    uint64_t number;

    if (bytes_to_uint64(bytes_of(value), &number) && number >= 1 && number <= IN_FLIGHT_MAX)
        return NULL;
    return "the idempotent producer keeps the order with 1 to 5 requests in flight only";
}

/* Why a property cannot have this value; NULL: it can. `ret_allowed`: the values that it can have, or NULLs. */
static const char *refusal(const char *name, const char *value, const char *const **ret_allowed)
{
    static const char *const none[2] = {NULL, NULL};

    size_t size = strlen(name);

    *ret_allowed = none;
    if (strcmp(name, "max.in.flight") == 0 || strcmp(name, "max.in.flight.requests.per.connection") == 0)
        return refusal_in_flight(value);
    if (size > 3 && strcmp(name + size - 3, "_cb") == 0)
        return "it is for programs, not for a configuration";
    for (size_t i = 0; i < REFUSED_COUNT; i++) {
        if (strcmp(refused[i].name, name) != 0)
            continue;
        for (size_t k = 0; k < 2; k++)
            if (refused[i].allowed[k] != NULL && strcmp(refused[i].allowed[k], value) == 0)
                return NULL;
        *ret_allowed = refused[i].allowed;
        return refused[i].reason;
    }
    return NULL;
}

/* "the Kafka property 'acks' must be 'all' or '-1': ..."; the caller frees. NULL: it can have this value. */
static char *refusal_text(const char *name, const char *value)
{
    const char *const *allowed;
    const char *reason = refusal(name, value, &allowed);

    if (reason == NULL)
        return NULL;
    if (allowed[1] != NULL)
        return memory_format("the Kafka property '%s' must be '%s' or '%s': %s", name, allowed[0], allowed[1], reason);
    if (allowed[0] != NULL)
        return memory_format("the Kafka property '%s' must be '%s': %s", name, allowed[0], reason);
    return memory_format("the Kafka property '%s' cannot be set: %s", name, reason);
}

/* "\n", the line of the node and a caret; the caller frees. */
static char *lines_of(const struct yaml_node *node)
{
    struct error shown = {0};
    const char *lines;

    yaml_fail(node, &shown, "here");
    lines = strchr(shown.text, '\n');
    return memory_text(lines != NULL ? lines : "");
}

static void release(struct property *property)
{
    free(property->name);
    free(property->value);
    free(property->place);
    free(property->lines);
}

static struct property *find(const struct properties *properties, const char *name)
{
    for (size_t i = 0; i < properties->count; i++)
        if (strcmp(properties->items[i].name, name) == 0)
            return &properties->items[i];
    return NULL;
}

void properties_set(struct properties *properties, const char *name, const char *value, const char *place,
                    const char *lines)
{
    struct property *property = find(properties, name);

    if (property == NULL) {
        properties->items =
            memory_resize(properties->items, (properties->count + 1) * sizeof(*properties->items));
        property = &properties->items[properties->count++];
    } else {
        release(property);
    }
    *property = (struct property){memory_text(name), memory_text(value), memory_text(place), memory_text(lines)};
}

void properties_drop(struct properties *properties, const char *name)
{
    struct property *property = find(properties, name);
    size_t index;

    if (property == NULL)
        return;
    release(property);
    index = (size_t)(property - properties->items);
    properties->count--;
    memmove(property, property + 1, (properties->count - index) * sizeof(*property));
}

void properties_release(struct properties *properties)
{
    for (size_t i = 0; i < properties->count; i++)
        release(&properties->items[i]);
    free(properties->items);
    *properties = (struct properties){0};
}

static bool read_property(struct properties *properties, const struct yaml_node *key,
                          const struct yaml_node *value, struct error *error)
{
    const char *name = yaml_text(key);
    auto_text text = NULL;
    auto_text refused_why = NULL;
    auto_text place = NULL;
    auto_text lines = NULL;

    if (yaml_is_null(value))
        return true;
    if (yaml_kind(value) != YAML_SCALAR)
        return yaml_fail(value, error, "the Kafka property '%s' needs a text; its dots are part of its name",
                         name);
    text = expand_scalar(value, error);
    if (text == NULL)
        return false;
    refused_why = refusal_text(name, text);
    if (refused_why != NULL)
        return yaml_fail(key, error, "%s", refused_why);
    place = memory_format("%s:%d:%d", yaml_name(key), yaml_line(key), yaml_column(key));
    lines = lines_of(key);
    properties_set(properties, name, text, place, lines);
    return true;
}

static bool read_client(struct properties *properties, const struct yaml_node *node, const char *client,
                        struct error *error)
{
    if (yaml_is_null(node))
        return true;
    if (yaml_kind(node) != YAML_MAPPING)
        return yaml_fail(node, error, "kafka.%s needs a mapping of Kafka properties", client);
    for (size_t i = 0; i < yaml_count(node); i++)
        if (!read_property(properties, yaml_key(node, i), yaml_item(node, i), error))
            return false;
    return true;
}

bool properties_read(struct config_kafka *kafka, const struct yaml_node *node, struct error *error)
{
    bool good = true;

    if (yaml_is_null(node))
        return true;
    if (yaml_kind(node) != YAML_MAPPING)
        return yaml_fail(node, error, "kafka needs a mapping of Kafka properties");
    for (size_t i = 0; good && i < yaml_count(node); i++) {
        const struct yaml_node *key = yaml_key(node, i), *value = yaml_item(node, i);

        if (strcmp(yaml_text(key), "consumer") == 0)
            good = read_client(&kafka->consumer, value, "consumer", error);
        else if (strcmp(yaml_text(key), "producer") == 0)
            good = read_client(&kafka->producer, value, "producer", error);
        else
            good = read_property(&kafka->common, key, value, error);
    }
    return good;
}

bool properties_override(struct config_kafka *kafka, const char *key, const char *value, const char *place,
                         struct error *error)
{
    struct properties *properties = &kafka->common;
    auto_text refused_why = NULL;

    if (strncmp(key, "consumer.", 9) == 0 || strncmp(key, "producer.", 9) == 0) {
        properties = *key == 'c' ? &kafka->consumer : &kafka->producer;
        key += 9;
    }
    if (*key == '\0')
        return error_set(error, ERROR_USAGE, "%s: the name of a Kafka property is missing", place);
    refused_why = refusal_text(key, value);
    if (refused_why != NULL)
        return error_set(error, ERROR_USAGE, "%s: %s", place, refused_why);
    if (properties == &kafka->common) { /* it wins over what refines it in the file */
        properties_drop(&kafka->consumer, key);
        properties_drop(&kafka->producer, key);
    }
    properties_set(properties, key, value, place, "");
    return true;
}

void properties_document(struct buffer *out)
{
    for (size_t i = 0; i < REFUSED_COUNT; i++) {
        buffer_format(out, "| `%s` | ", refused[i].name);
        for (size_t k = 0; k < 2 && refused[i].allowed[k] != NULL; k++)
            buffer_format(out, "%s`%s`", k > 0 ? ", " : "", refused[i].allowed[k]);
        buffer_format(out, " | %s |\n", refused[i].reason);
    }
    buffer_format(out, "| `max.in.flight` | `1` to `%d` | %s |\n", IN_FLIGHT_MAX, refusal_in_flight("0"));
}
