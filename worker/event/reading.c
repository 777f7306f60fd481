#include "event/reading.h"

#include "event/fault.h"
#include "event/mapping.h"

/* Confluent's serializers put a zero byte and the id of a schema before what they write. */
#define FRAMING_BYTES 5

bool reading_scan(struct reading *reading, struct bytes text)
{
    struct json_fault fault;

    if (json_scan(text, &reading->limits->json, reading->arena, &reading->json, &fault))
        return true;
    return fault_set(reading->fault, fault.is_limit ? EVENT_DEFECT_TOO_LARGE : EVENT_DEFECT_NOT_JSON, fault.offset,
                     "byte %zu: %s", fault.offset, fault.what);
}

static bool is_framed(struct bytes text)
{
    return text.size >= FRAMING_BYTES && text.data[0] == '\0';
}

/* JSON behind the framing begins as an object or an array; Avro and Protobuf begin with anything. */
struct bytes reading_unframed(struct bytes text)
{
    struct bytes body;

    if (!is_framed(text))
        return text;
    body = bytes_trim(bytes_from(text, FRAMING_BYTES));
    return body.size > 0 && (body.data[0] == '{' || body.data[0] == '[') ? bytes_from(text, FRAMING_BYTES) : text;
}

bool reading_scan_value(struct reading *reading)
{
    struct bytes value = reading->input->value, body = reading_unframed(value);

    if (!bytes_present(value))
        return fault_set(reading->fault, EVENT_DEFECT_NO_VALUE, FAULT_NOWHERE, "the Kafka value is null");
    if (is_framed(body))
        return fault_set(reading->fault, EVENT_DEFECT_NOT_JSON, FRAMING_BYTES,
                         "byte %d: no JSON behind the id of a schema: Avro and Protobuf are not read", FRAMING_BYTES);
    return reading_scan(reading, body);
}

struct bytes reading_header(const struct reading *reading, struct bytes name)
{
    const struct event_input *input = reading->input;

    for (size_t i = input->header_count; i-- > 0;)
        if (bytes_equal_ignore_case(input->headers[i].name, name))
            return input->headers[i].value;
    return BYTES_NONE;
}

struct bytes reading_media_type(struct bytes content_type)
{
    size_t end;

    if (bytes_find(content_type, ';', &end))
        content_type.size = end;
    return bytes_trim(content_type);
}

static bool is_text(struct bytes value)
{
    size_t bad;

    for (size_t i = 0; i < value.size; i++)
        if ((unsigned char)value.data[i] < 0x20 || value.data[i] == 0x7f)
            return false;
    return bytes_are_utf8(value, &bad);
}

bool reading_header_text(struct reading *reading, const char *name, struct bytes *ret_text)
{
    struct bytes value = reading_header(reading, bytes_of(name));

    if (!is_text(value))
        return fault_set(reading->fault, EVENT_DEFECT_BAD_EVENT, FAULT_NOWHERE,
                         "the header %s is not text (UTF-8 without control characters)", name);
    *ret_text = value;
    return true;
}

bool reading_base_version(struct reading *reading)
{
    return reading_header_text(reading, "base_version", &reading->event.base_version);
}

const char *reading_kind(const struct reading *reading, uint32_t index)
{
    static const char *const names[] = {"null", "a boolean", "a boolean", "a number", "a string", "an array",
                                        "an object"};

    return names[reading->json.values[index].kind];
}

bool reading_wrong_kind(struct reading *reading, uint32_t index, const char *name, const char *wanted)
{
    size_t offset = reading->json.values[index].start;

    return fault_set(reading->fault, EVENT_DEFECT_BAD_EVENT, offset, "byte %zu: `%s` is %s, not %s", offset, name,
                     reading_kind(reading, index), wanted);
}

bool reading_text(struct reading *reading, uint32_t index, const char *name, struct bytes *ret_text)
{
    if (reading->json.values[index].kind != JSON_STRING)
        return reading_wrong_kind(reading, index, name, "a string");
    *ret_text = json_string(&reading->json, index, reading->arena);
    return true;
}

bool reading_finish(struct reading *reading, const char *nothing)
{
    const struct event_map *map = &reading->input->topic.map;

    return (map->count == 0 || fields_map(&reading->fields, map, reading->event.operation, reading->fault)) &&
           fields_finish(&reading->fields, &reading->event, nothing, reading->fault);
}
