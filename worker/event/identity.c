#include "common/check.h"
#include "common/pointer.h"
#include "event/fault.h"
#include "event/reading.h"

#include <stdio.h>

/* Where the document id of a record is, and whether it is good as one. */

const char *identity_place(const struct event_identity *identity, char text[IDENTITY_PLACE_SIZE])
{
    char quote[FAULT_QUOTE_SIZE];

    switch (identity->from) {
    case IDENTITY_FROM_KEY:
        snprintf(text, IDENTITY_PLACE_SIZE, "the Kafka key");
        return text;
    case IDENTITY_FROM_VALUE:
        snprintf(text, IDENTITY_PLACE_SIZE, "'%s' of the value", fault_quote(identity->place, quote));
        return text;
    case IDENTITY_FROM_HEADER:
        snprintf(text, IDENTITY_PLACE_SIZE, "the header %s", fault_quote(identity->place, quote));
        return text;
    }
    never("every place of an id has a name");
}

uint32_t payload_of(const struct json *json)
{
    uint32_t payload;

    if (json->values[0].kind != JSON_OBJECT || json->values[0].count != 2 ||
        json_member(json, 0, BYTES("schema")) == JSON_NOT_FOUND)
        return 0;
    payload = json_member(json, 0, BYTES("payload"));
    return payload == JSON_NOT_FOUND ? 0 : payload;
}

static bool missing(struct reading *reading, struct bytes text)
{
    char place[IDENTITY_PLACE_SIZE];

    return fault_set(reading->fault, EVENT_DEFECT_NO_KEY, FAULT_NOWHERE, "%s is %s",
                     identity_place(&reading->input->topic.identity, place),
                     bytes_present(text) ? "empty" : "missing");
}

static bool take_id(struct reading *reading, struct bytes document)
{
    const struct address *address = reading->input->topic.identity.address;
    char quote[FAULT_QUOTE_SIZE];
    const char *why;

    if (!event_document_is_valid(document, reading->limits->document_id_max, &why) ||
        (address != NULL && !address_takes(address, document, &why)))
        return fault_set(reading->fault, EVENT_DEFECT_BAD_DOCUMENT, FAULT_NOWHERE, "the document id '%s' %s",
                         fault_quote(document, quote), why);
    reading->event.document = document;
    return true;
}

/* --- in JSON: of the value, or as the key --- */

static bool bad_json(struct reading *reading, const char *why)
{
    const struct event_identity *identity = &reading->input->topic.identity;
    char place[IDENTITY_PLACE_SIZE], quote[FAULT_QUOTE_SIZE];

    identity_place(identity, place);
    if (identity->from != IDENTITY_FROM_KEY)
        return fault_set(reading->fault, EVENT_DEFECT_BAD_DOCUMENT, FAULT_NOWHERE, "%s: %s", place, why);
    return fault_set(reading->fault, EVENT_DEFECT_BAD_DOCUMENT, FAULT_NOWHERE, "%s '%s': %s", place,
                     fault_quote(reading->input->key, quote), why);
}

static bool is_scalar_id(const struct json *json, uint32_t index)
{
    return json->values[index].kind == JSON_STRING || json->values[index].kind == JSON_NUMBER;
}

static bool take_scalar(struct reading *reading, const struct json *json, uint32_t index)
{
    if (!is_scalar_id(json, index))
        return bad_json(reading, "it is neither a string nor a number");
    return take_id(reading, json->values[index].kind == JSON_STRING ? json_string(json, index, reading->arena)
                                                                    : json_text(json, index));
}

/* Several members: the object as it stands, without white space. */
static bool take_object(struct reading *reading, const struct json *key, uint32_t object)
{
    const struct json_value *values = key->values;
    char *text = arena_take(reading->arena, json_text(key, object).size);
    size_t used = 0;

    for (uint32_t i = object + 1; i < values[object].after; i = values[i].after) {
        struct bytes name = {key->text.data + values[i].key_start, values[i].key_end - values[i].key_start};
        struct bytes value = json_text(key, i);

        if (!is_scalar_id(key, i))
            return bad_json(reading, "a column is neither a string nor a number");
        text[used] = used == 0 ? '{' : ',';
        used++;
        memcpy(text + used, name.data, name.size);
        used += name.size;
        text[used++] = ':';
        memcpy(text + used, value.data, value.size);
        used += value.size;
    }
    text[used++] = '}';
    return take_id(reading, (struct bytes){text, used});
}

static bool take_columns(struct reading *reading, const struct json *key)
{
    uint32_t object = payload_of(key);

    if (key->values[object].kind != JSON_OBJECT)
        return take_scalar(reading, key, object);
    if (key->values[object].count == 0)
        return bad_json(reading, "it has no column");
    return key->values[object].count == 1 ? take_scalar(reading, key, object + 1) : take_object(reading, key, object);
}

/* What the topic's pointer names, from `index` on. */
static bool take_member(struct reading *reading, const struct json *json, uint32_t index)
{
    struct pointer_walk walk;
    struct bytes segment;

    pointer_walk_init(&walk, reading->input->topic.identity.place);
    while (pointer_walk_next(&walk, &segment)) {
        if (json->values[index].kind != JSON_OBJECT)
            return missing(reading, BYTES_NONE);
        index = json_member(json, index, pointer_unescape(segment, reading->arena));
        if (index == JSON_NOT_FOUND)
            return missing(reading, BYTES_NONE);
    }
    return take_scalar(reading, json, index);
}

/* --- the places --- */

static bool is_key_as_text(const struct event_topic *topic)
{
    return topic->identity.key == IDENTITY_KEY_TEXT ||
           (topic->identity.key == IDENTITY_KEY_BY_FORMAT && topic->format != EVENT_FORMAT_DEBEZIUM);
}

static bool take_key(struct reading *reading)
{
    const struct event_topic *topic = &reading->input->topic;
    struct bytes text = reading->input->key;
    struct json_fault fault;
    struct json key;

    if (text.size == 0)
        return missing(reading, text);
    if (is_key_as_text(topic))
        return take_id(reading, text);
    if (!json_scan(reading_unframed(text), &reading->limits->json, reading->arena, &key, &fault))
        return bad_json(reading, "it is not JSON");
    return topic->identity.key == IDENTITY_KEY_MEMBER ? take_member(reading, &key, payload_of(&key))
                                                      : take_columns(reading, &key);
}

static bool take_header(struct reading *reading)
{
    struct bytes text = reading_header(reading, reading->input->topic.identity.place);

    return text.size == 0 ? missing(reading, text) : take_id(reading, text);
}

bool reading_identify(struct reading *reading)
{
    const struct event_topic *topic = &reading->input->topic;

    switch (topic->identity.from) {
    case IDENTITY_FROM_KEY:
        return take_key(reading);
    case IDENTITY_FROM_HEADER:
        return take_header(reading);
    case IDENTITY_FROM_VALUE:
        return take_member(reading, &reading->json,
                           topic->format == EVENT_FORMAT_DEBEZIUM ? payload_of(&reading->json) : 0);
    }
    never("every place of an id is looked at");
}

bool reading_begin(struct reading *reading)
{
    if (reading->input->topic.identity.from == IDENTITY_FROM_VALUE)
        return reading_scan_value(reading) && reading_identify(reading);
    return reading_identify(reading) && reading_scan_value(reading);
}

bool event_identify(struct bytes key, const struct event_topic *topic, struct arena *arena, struct bytes *ret_document,
                    struct event_fault *ret_fault)
{
    const struct event_limits limits = EVENT_LIMITS_DEFAULT;
    const struct event_input input = {.key = key, .topic = *topic};
    struct reading reading = {.input = &input, .limits = &limits, .arena = arena, .fault = ret_fault};

    ensure(topic->identity.from == IDENTITY_FROM_KEY);
    if (!reading_identify(&reading))
        return false;
    *ret_document = reading.event.document;
    return true;
}
