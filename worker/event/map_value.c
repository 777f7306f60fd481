#include "common/check.h"
#include "common/json_number.h"
#include "common/json_write.h"
#include "common/timestamp.h"
#include "event/base64.h"
#include "event/mapping.h"

#include <stdlib.h>

/* A value of an event on its way into a document. */
struct conversion {
    const struct map_entry *entry;
    struct json json;
    struct bytes text; /* of a string, number or boolean */
    struct arena *arena;
    struct bytes *ret_value;
    const char **ret_why;
};

static bool fail(const struct conversion *conversion, const char *why)
{
    *conversion->ret_why = why;
    return false;
}

static enum json_kind kind_of(const struct conversion *conversion)
{
    return conversion->json.values[0].kind;
}

static bool give(const struct conversion *conversion, struct bytes value)
{
    *conversion->ret_value = value;
    return true;
}

static bool give_text(const struct conversion *conversion, struct bytes text)
{
    auto_buffer quoted;

    buffer_init(&quoted, SIZE_MAX / 2);
    json_write_quoted(&quoted, text);
    return give(conversion, arena_keep(conversion->arena, buffer_bytes(&quoted)));
}

static bool to_text(const struct conversion *conversion)
{
    return bytes_present(conversion->text) ? give_text(conversion, conversion->text)
                                           : fail(conversion, "is no text, number or boolean");
}

/* --- decimals --- */

#define DECIMAL_BYTES_MAX 64

/* Divides the big-endian number by ten in place; returns the remainder. */
static unsigned divide_by_ten(unsigned char *number, size_t size)
{
    unsigned rest = 0;

    for (size_t i = 0; i < size; i++) {
        rest = rest << 8 | number[i];
        number[i] = (unsigned char)(rest / 10);
        rest %= 10;
    }
    return rest;
}

static bool is_zero(const unsigned char *number, size_t size)
{
    for (size_t i = 0; i < size; i++)
        if (number[i] != 0)
            return false;
    return true;
}

static void negate(unsigned char *number, size_t size)
{
    unsigned carry = 1;

    for (size_t i = size; i-- > 0;) {
        carry += (unsigned char)~number[i];
        number[i] = (unsigned char)carry;
        carry >>= 8;
    }
}

/* The digits of an integer in two's complement, with `scale` of them behind the point. */
static struct bytes decimal_text(struct bytes data, int scale, struct arena *arena)
{
    size_t capacity = 3 * data.size + (size_t)scale + 4, at = capacity;
    unsigned char number[DECIMAL_BYTES_MAX];
    bool is_negative = (unsigned char)data.data[0] >> 7;
    char *text = arena_take(arena, capacity);
    int digits = 0;

    memcpy(number, data.data, data.size);
    if (is_negative)
        negate(number, data.size);
    while (!is_zero(number, data.size) || digits <= scale) {
        if (digits == scale && scale > 0)
            text[--at] = '.';
        text[--at] = (char)('0' + divide_by_ten(number, data.size));
        digits++;
    }
    if (is_negative)
        text[--at] = '-';
    return (struct bytes){text + at, capacity - at};
}

static bool give_decimal(const struct conversion *conversion, struct bytes text, int scale)
{
    struct bytes data;

    if (!base64_decode(text, conversion->arena, &data) || data.size == 0 || data.size > DECIMAL_BYTES_MAX)
        return fail(conversion, "is no decimal in base64");
    return give(conversion, decimal_text(data, scale, conversion->arena));
}

/* Debezium's VariableScaleDecimal. */
static bool variable_scale(const struct conversion *conversion)
{
    const struct json *json = &conversion->json;
    uint32_t scale = json_member(json, 0, BYTES("scale")), value = json_member(json, 0, BYTES("value"));
    uint64_t digits;

    if (scale == JSON_NOT_FOUND || value == JSON_NOT_FOUND || json->values[value].kind != JSON_STRING ||
        !bytes_to_uint64(json_text(json, scale), &digits) || digits > MAP_SCALE_MAX)
        return fail(conversion, "is no number, nor {scale, value} of one");
    return give_decimal(conversion, json_string(json, value, conversion->arena), (int)digits);
}

static bool to_number(const struct conversion *conversion)
{
    switch (kind_of(conversion)) {
    case JSON_NUMBER:
        return give(conversion, conversion->text);
    case JSON_OBJECT:
        return variable_scale(conversion);
    case JSON_STRING:
        if (conversion->entry->scale != MAP_SCALE_NONE)
            return give_decimal(conversion, conversion->text, conversion->entry->scale);
        return json_number_is(conversion->text) ? give(conversion, arena_keep(conversion->arena, conversion->text))
                                                : fail(conversion, "is no number in text");
    default:
        return fail(conversion, "is no number");
    }
}

/* --- time --- */

#define YEAR_0_MS    INT64_C(-62167219200000)
#define YEAR_9999_MS INT64_C(253402300799999)

static bool read_integer(const struct conversion *conversion, int64_t *ret_value)
{
    struct bytes digits = conversion->text;
    bool is_negative = digits.size > 0 && digits.data[0] == '-';
    uint64_t value;

    if (kind_of(conversion) != JSON_NUMBER || !bytes_to_uint64(bytes_from(digits, is_negative), &value) ||
        value > INT64_MAX)
        return false;
    *ret_value = is_negative ? -(int64_t)value : (int64_t)value;
    return true;
}

static bool to_date(const struct conversion *conversion)
{
    const int64_t day_ms = 86400000;
    char text[TIMESTAMP_TEXT_SIZE];
    int64_t days;

    if (!read_integer(conversion, &days) || days < YEAR_0_MS / day_ms || days > YEAR_9999_MS / day_ms)
        return fail(conversion, "is no number of days");
    return give_text(conversion, (struct bytes){timestamp_text(days * day_ms, text), strlen("2026-11-24")});
}

/* Whole seconds, and nanoseconds above them. */
static bool split_seconds(const struct conversion *conversion, int64_t *ret_seconds, int64_t *ret_nanos)
{
    static const int64_t in_second[] = {
        [MAP_UNIT_SECONDS] = 1, [MAP_UNIT_MILLIS] = 1000, [MAP_UNIT_MICROS] = 1000000, [MAP_UNIT_NANOS] = 1000000000};
    int64_t value, units = in_second[conversion->entry->unit];

    if (!read_integer(conversion, &value))
        return false;
    *ret_seconds = value / units - (value % units < 0);
    *ret_nanos = (value % units + (value % units < 0 ? units : 0)) * (1000000000 / units);
    return *ret_seconds >= YEAR_0_MS / 1000 && *ret_seconds <= YEAR_9999_MS / 1000;
}

static bool to_instant(const struct conversion *conversion)
{
    char text[TIMESTAMP_TEXT_SIZE], whole[TIMESTAMP_TEXT_SIZE];
    int64_t seconds, nanos, ignored;
    size_t size;

    if (kind_of(conversion) == JSON_STRING && timestamp_parse(conversion->text, &ignored))
        return give_text(conversion, conversion->text);
    if (!split_seconds(conversion, &seconds, &nanos))
        return fail(conversion, "is no instant: neither a number nor a time in text (RFC 3339)");
    size = strlen("2026-11-24T10:00:00");
    memcpy(text, timestamp_text(seconds * 1000, whole), size);
    if (nanos > 0) {
        size += (size_t)snprintf(text + size, sizeof(text) - size, ".%09lld", (long long)nanos);
        while (text[size - 1] == '0')
            size--;
    }
    text[size++] = 'Z';
    return give_text(conversion, (struct bytes){text, size});
}

/* --- which of them --- */

static const struct map_value *named_value(const struct conversion *conversion)
{
    const struct map_entry *entry = conversion->entry;

    for (size_t i = 0; bytes_present(conversion->text) && i < entry->value_count; i++)
        if (bytes_equal(entry->values[i].from, conversion->text))
            return &entry->values[i];
    return NULL;
}

static struct bytes text_of(const struct json *json, struct arena *arena)
{
    switch (json->values[0].kind) {
    case JSON_STRING:
        return json_string(json, 0, arena);
    case JSON_NULL:
    case JSON_ARRAY:
    case JSON_OBJECT:
        return BYTES_NONE;
    default:
        return json_text(json, 0);
    }
}

static bool convert(const struct conversion *conversion)
{
    switch (conversion->entry->as) {
    case MAP_AS_IT_IS:
        return give(conversion, json_text(&conversion->json, 0));
    case MAP_AS_TEXT:
        return to_text(conversion);
    case MAP_AS_NUMBER:
        return to_number(conversion);
    case MAP_AS_DATE_DAYS:
        return to_date(conversion);
    case MAP_AS_INSTANT:
        return to_instant(conversion);
    case MAP_AS_ENUM:
        return fail(conversion, "has a value that its map does not name");
    }
    never("every conversion is done");
}

bool map_value(const struct map_entry *entry, struct bytes value, struct arena *arena, struct bytes *ret_value,
               const char **ret_why)
{
    static const struct json_limits limits = {
        .size_max = UINT32_MAX / 2, .depth_max = 1024, .members_max = UINT32_MAX / 2};
    struct conversion conversion = {.entry = entry, .arena = arena, .ret_value = ret_value, .ret_why = ret_why};
    const struct map_value *named;
    struct json_fault fault;

    if (!json_scan(value, &limits, arena, &conversion.json, &fault))
        never("the value is a part of a text that was scanned, or put together from such parts");
    conversion.text = text_of(&conversion.json, arena);
    named = named_value(&conversion);
    if (named != NULL)
        return give(&conversion, named->to);
    return kind_of(&conversion) == JSON_NULL ? give(&conversion, BYTES("null")) : convert(&conversion);
}
