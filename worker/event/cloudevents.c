#include "event/base64.h"
#include "event/fault.h"
#include "event/reading.h"

#include <stdio.h>

/* CloudEvents 1.0 (spec.md, kafka-protocol-binding.md). The attributes stand in the members of an envelope (structured) or
 * in headers `ce_NAME` (binary); of extensions only those below mean something here. */
#define ATTRIBUTES(X)                                                                                        \
    X(SPECVERSION, "specversion", true)                                                                      \
    X(ID, "id", true)                                                                                        \
    X(SOURCE, "source", true)                                                                                \
    X(TYPE, "type", true)                                                                                    \
    X(SUBJECT, "subject", false)                                                                             \
    X(TIME, "time", false)                                                                                   \
    X(SEQUENCE, "sequence", false)                                                                           \
    X(BASE_VERSION, "baseversion", false)                                                                    \
    X(DATACONTENTTYPE, "datacontenttype", false)

enum attribute {
#define X(identifier, name, is_required) ATTRIBUTE_##identifier,
    ATTRIBUTES(X)
#undef X
    ATTRIBUTE_COUNT
};

static const struct {
    const char *name;
    bool is_required;
} attributes[ATTRIBUTE_COUNT] = {
#define X(identifier, name, is_required) [ATTRIBUTE_##identifier] = {name, is_required},
    ATTRIBUTES(X)
#undef X
};

struct envelope {
    struct reading *reading;
    struct bytes values[ATTRIBUTE_COUNT];
    size_t offsets[ATTRIBUTE_COUNT]; /* FAULT_NOWHERE: in a header */
};

#define NAME_SIZE 32

/* "`id`", or "the header ce_id" */
static const char *attribute_place(const struct envelope *envelope, enum attribute attribute, char text[NAME_SIZE])
{
    snprintf(text, NAME_SIZE, envelope->offsets[attribute] == FAULT_NOWHERE ? "the header ce_%s" : "`%s`",
             attributes[attribute].name);
    return text;
}

/* --- what the attributes say --- */

static bool check_required(const struct envelope *envelope)
{
    char place[NAME_SIZE];

    for (unsigned i = 0; i < ATTRIBUTE_COUNT; i++)
        if (attributes[i].is_required && envelope->values[i].size == 0)
            return fault_set(envelope->reading->fault, EVENT_DEFECT_BAD_EVENT, envelope->offsets[i],
                             "CloudEvents 1.0: %s is missing or empty", attribute_place(envelope, i, place));
    return true;
}

static bool check_version(const struct envelope *envelope)
{
    struct bytes version = envelope->values[ATTRIBUTE_SPECVERSION];
    char quote[FAULT_QUOTE_SIZE];

    if (bytes_equal(version, BYTES("1.0")))
        return true;
    return fault_set(envelope->reading->fault, EVENT_DEFECT_BAD_EVENT, envelope->offsets[ATTRIBUTE_SPECVERSION],
                     "CloudEvents of specversion '%s': only 1.0 is read", fault_quote(version, quote));
}

/* What the event is about is the document. */
static bool check_subject(const struct envelope *envelope)
{
    struct bytes subject = envelope->values[ATTRIBUTE_SUBJECT];
    char quote[FAULT_QUOTE_SIZE], place[NAME_SIZE], other[IDENTITY_PLACE_SIZE];

    if (!bytes_present(subject) || bytes_equal(subject, envelope->reading->event.document))
        return true;
    return fault_set(envelope->reading->fault, EVENT_DEFECT_KEY_MISMATCH, envelope->offsets[ATTRIBUTE_SUBJECT],
                     "%s is '%s', %s is another", attribute_place(envelope, ATTRIBUTE_SUBJECT, place),
                     fault_quote(subject, quote), identity_place(&envelope->reading->input->topic.identity, other));
}

static bool check(const struct envelope *envelope)
{
    return check_required(envelope) && check_version(envelope) && check_subject(envelope);
}

/* --- the data --- */

/* The envelope is the truth; what it does not say may stand in the data. */
static void take_attributes(const struct envelope *envelope)
{
    struct event *event = &envelope->reading->event;
    const struct {
        enum attribute attribute;
        struct bytes *target;
    } taken[] = {
        {ATTRIBUTE_ID, &event->id},
        {ATTRIBUTE_SOURCE, &event->source},
        {ATTRIBUTE_TIME, &event->time},
        {ATTRIBUTE_SEQUENCE, &event->sequence},
        {ATTRIBUTE_BASE_VERSION, &event->base_version},
    };

    for (size_t i = 0; i < sizeof(taken) / sizeof(taken[0]); i++)
        if (bytes_present(envelope->values[taken[i].attribute]))
            *taken[i].target = envelope->values[taken[i].attribute];
}

static bool read_data(const struct envelope *envelope, uint32_t index)
{
    struct reading *reading = envelope->reading;
    struct bytes content_type = envelope->values[ATTRIBUTE_DATACONTENTTYPE];
    struct bytes type = reading_media_type(content_type);
    char quote[FAULT_QUOTE_SIZE];

    if (type.size == 0 || bytes_equal_ignore_case(type, BYTES("application/json")))
        return native_read_value(reading, index);
    if (bytes_equal_ignore_case(type, BYTES("application/merge-patch+json")))
        return merge_patch_read_value(reading, index);
    if (bytes_equal_ignore_case(type, BYTES("application/json-patch+json")))
        return json_patch_read_value(reading, index);
    return fault_set(reading->fault, EVENT_DEFECT_BAD_EVENT, envelope->offsets[ATTRIBUTE_DATACONTENTTYPE],
                     "data of '%s' is not read: application/json, or merge-patch+json or json-patch+json",
                     fault_quote(content_type, quote));
}

static bool read_base64(const struct envelope *envelope, uint32_t index)
{
    struct reading *reading = envelope->reading;
    size_t offset = reading->json.values[index].start;
    struct event_fault fault;
    struct bytes text, data;

    if (!reading_text(reading, index, "data_base64", &text))
        return false;
    if (!base64_decode(text, reading->arena, &data))
        return fault_set(reading->fault, EVENT_DEFECT_BAD_EVENT, offset, "byte %zu: `data_base64` is not base64",
                         offset);
    if (reading_scan(reading, data) && read_data(envelope, 0))
        return true;
    fault = *reading->fault;
    return fault_set(reading->fault, fault.defect, offset, "in `data_base64`: %s", fault.detail);
}

/* --- binary --- */

static bool read_header(struct envelope *envelope, enum attribute attribute)
{
    char name[NAME_SIZE];

    envelope->offsets[attribute] = FAULT_NOWHERE;
    if (attribute == ATTRIBUTE_DATACONTENTTYPE)
        return reading_header_text(envelope->reading, "content-type", &envelope->values[attribute]);
    snprintf(name, sizeof(name), "ce_%s", attributes[attribute].name);
    return reading_header_text(envelope->reading, name, &envelope->values[attribute]);
}

static bool read_binary(struct envelope *envelope)
{
    for (unsigned i = 0; i < ATTRIBUTE_COUNT; i++)
        if (!read_header(envelope, i))
            return false;
    return check(envelope) && read_data(envelope, 0);
}

/* --- structured --- */

static bool read_member(struct envelope *envelope, enum attribute attribute)
{
    const struct reading *reading = envelope->reading;
    uint32_t index = json_member(&reading->json, 0, bytes_of(attributes[attribute].name));

    envelope->offsets[attribute] = reading->json.values[0].start;
    if (index == JSON_NOT_FOUND || reading->json.values[index].kind == JSON_NULL)
        return true;
    envelope->offsets[attribute] = reading->json.values[index].start;
    return reading_text(envelope->reading, index, attributes[attribute].name, &envelope->values[attribute]);
}

static bool read_structured_data(struct envelope *envelope)
{
    const struct reading *reading = envelope->reading;
    uint32_t data = json_member(&reading->json, 0, BYTES("data"));
    uint32_t base64 = json_member(&reading->json, 0, BYTES("data_base64"));
    size_t offset = reading->json.values[0].start;

    if ((data == JSON_NOT_FOUND) == (base64 == JSON_NOT_FOUND))
        return fault_set(reading->fault, EVENT_DEFECT_BAD_EVENT, offset,
                         "byte %zu: the envelope has %s of `data` and `data_base64`", offset,
                         data == JSON_NOT_FOUND ? "neither" : "both");
    return data != JSON_NOT_FOUND ? read_data(envelope, data) : read_base64(envelope, base64);
}

static bool read_structured(struct envelope *envelope)
{
    struct reading *reading = envelope->reading;

    if (reading->json.values[0].kind != JSON_OBJECT)
        return reading_wrong_kind(reading, 0, "CloudEvents 1.0", "an object");
    for (unsigned i = 0; i < ATTRIBUTE_COUNT; i++)
        if (!read_member(envelope, i))
            return false;
    return check(envelope) && read_structured_data(envelope);
}

/* --- which of them --- */

static struct bytes envelope_type(const struct reading *reading)
{
    struct bytes type = reading_media_type(reading_header(reading, BYTES("content-type")));
    struct bytes prefix = BYTES("application/cloudevents");

    if (type.size < prefix.size || !bytes_equal_ignore_case((struct bytes){type.data, prefix.size}, prefix))
        return BYTES_NONE;
    return type;
}

bool cloudevents_is(const struct reading *reading)
{
    return bytes_present(envelope_type(reading)) || bytes_present(reading_header(reading, BYTES("ce_specversion")));
}

bool cloudevents_read(struct reading *reading)
{
    struct bytes type = envelope_type(reading);
    bool is_binary = !bytes_present(type) && bytes_present(reading_header(reading, BYTES("ce_specversion")));
    struct envelope envelope = {.reading = reading};
    char quote[FAULT_QUOTE_SIZE];

    if (bytes_present(type) && !bytes_equal_ignore_case(type, BYTES("application/cloudevents+json")))
        return fault_set(reading->fault, EVENT_DEFECT_BAD_EVENT, FAULT_NOWHERE,
                         "content-type '%s': of envelopes only application/cloudevents+json is read",
                         fault_quote(type, quote));
    if (!reading_begin(reading) || !(is_binary ? read_binary(&envelope) : read_structured(&envelope)))
        return false;
    take_attributes(&envelope);
    return true;
}
