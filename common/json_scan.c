#include "common/json_scan.h"

#include "common/check.h"
#include "common/json_keys.h"
#include "common/json_lex.h"
#include "common/utf8.h"

#define NO_PARENT UINT32_MAX

/* One pass, no recursion: while a container is open, its `after` holds the index of the container around it.
 * Functions take the place in the text and return the place behind what they read, or NULL after a fault. */
struct scan {
    const char *start;
    const char *end;
    struct json_value *values;
    uint32_t count;
    uint32_t capacity;
    uint32_t open; /* innermost open container */
    uint32_t depth;
    struct json_value key; /* of the member whose value comes next: only its key_ fields */
    size_t slots;          /* of the large objects, for json_keys */
    const struct json_limits *limits;
    struct arena *arena;
    struct json_fault *fault;
};

static const char *fault_at(struct scan *scan, const char *p, const char *what)
{
    *scan->fault = (struct json_fault){.offset = (size_t)(p - scan->start), .what = what};
    return NULL;
}

static const char *limit_at(struct scan *scan, const char *p, const char *what)
{
    *scan->fault = (struct json_fault){.offset = (size_t)(p - scan->start), .what = what, .is_limit = true};
    return NULL;
}

static bool scan_room(struct scan *scan, const char *p)
{
    uint32_t capacity;

    if (scan->count >= scan->limits->members_max)
        return limit_at(scan, p, "more values than the limit") != NULL;
    if (scan->count < scan->capacity)
        return true;
    capacity = scan->capacity > UINT32_MAX / 4 ? UINT32_MAX / 2 : scan->capacity * 2;
    scan->values = arena_grow(scan->arena, scan->values, scan->capacity * sizeof(*scan->values),
                              capacity * sizeof(*scan->values));
    scan->capacity = capacity;
    return true;
}

/* Four hexadecimal digits at `p`; NULL with a fault at the first byte that is none. */
static const char *scan_hex4(struct scan *scan, const char *p, uint32_t *ret_code)
{
    uint32_t code = 0;

    for (int i = 0; i < 4; i++, p++) {
        int digit = p < scan->end ? json_hex(*p) : -1;

        if (p == scan->end)
            return fault_at(scan, p, "text ends inside a string");
        if (digit < 0)
            return fault_at(scan, p, "\\u without four hexadecimal digits");
        code = code << 4 | (uint32_t)digit;
    }
    *ret_code = code;
    return p;
}

static const char *scan_unicode(struct scan *scan, const char *backslash)
{
    uint32_t code, low;
    const char *p = scan_hex4(scan, backslash + 2, &code);

    if (p == NULL)
        return NULL;
    if (code == 0)
        return fault_at(scan, backslash, "NUL in a string");
    if (code < 0xD800 || code > 0xDFFF)
        return p;
    if (code >= 0xDC00 || scan->end - p < 2 || p[0] != '\\' || p[1] != 'u')
        return fault_at(scan, backslash, "lone surrogate");
    p = scan_hex4(scan, p + 2, &low);
    if (p != NULL && (low < 0xDC00 || low > 0xDFFF))
        return fault_at(scan, backslash, "lone surrogate");
    return p;
}

static const char *scan_escape(struct scan *scan, const char *p)
{
    if (scan->end - p < 2)
        return fault_at(scan, scan->end, "text ends inside a string");
    switch (p[1]) {
    case '"':
    case '\\':
    case '/':
    case 'b':
    case 'f':
    case 'n':
    case 'r':
    case 't':
        return p + 2;
    case 'u':
        return scan_unicode(scan, p);
    default:
        return fault_at(scan, p + 1, "unknown escape");
    }
}

/* From the opening quote at `p` to behind the closing one. */
static const char *scan_string(struct scan *scan, const char *p, bool *ret_has_escape)
{
    size_t length;

    *ret_has_escape = false;
    for (p++;;) {
        p = json_skip_plain(p, scan->end);
        if (p == scan->end)
            return fault_at(scan, p, "text ends inside a string");
        if (*p == '"')
            return p + 1;
        if (*p == '\\') {
            *ret_has_escape = true;
            p = scan_escape(scan, p);
            if (p == NULL)
                return NULL;
        } else if ((unsigned char)*p < 0x20) {
            return fault_at(scan, p, *p == '\0' ? "NUL in a string" : "control character in a string");
        } else {
            length = utf8_length(p, (size_t)(scan->end - p));
            if (length == 0)
                return fault_at(scan, p, "not UTF-8");
            p += length;
        }
    }
}

static const char *scan_literal(struct scan *scan, const char *p, const char *literal, size_t size)
{
    for (size_t i = 1; i < size; i++)
        if (p + i == scan->end || p[i] != literal[i])
            return fault_at(scan, p + i, "expected null, true or false");
    return p + size;
}

static const char *scan_number(struct scan *scan, const char *p)
{
    bool is_good;

    p = json_skip_number(p, scan->end, &is_good);
    return is_good ? p : fault_at(scan, p, "expected a digit");
}

static const char *scan_scalar(struct scan *scan, const char *p, struct json_value *value)
{
    switch (*p) {
    case '"':
        value->kind = JSON_STRING;
        return scan_string(scan, p, &value->has_escape);
    case 't':
        value->kind = JSON_TRUE;
        return scan_literal(scan, p, "true", 4);
    case 'f':
        value->kind = JSON_FALSE;
        return scan_literal(scan, p, "false", 5);
    case 'n':
        value->kind = JSON_NULL;
        return scan_literal(scan, p, "null", 4);
    default:
        if (*p != '-' && !json_is_digit(*p))
            return fault_at(scan, p, "expected a value");
        value->kind = JSON_NUMBER;
        return scan_number(scan, p);
    }
}

static const char *scan_key(struct scan *scan, const char *p)
{
    const char *behind;

    p = json_skip_space(p, scan->end);
    if (p == scan->end)
        return fault_at(scan, p, "text ends inside an object");
    if (*p != '"')
        return fault_at(scan, p, "expected a key");
    behind = scan_string(scan, p, &scan->key.key_has_escape);
    if (behind == NULL)
        return NULL;
    scan->key.key_start = (uint32_t)(p - scan->start);
    scan->key.key_end = (uint32_t)(behind - scan->start);
    p = json_skip_space(behind, scan->end);
    if (p == scan->end)
        return fault_at(scan, p, "text ends inside an object");
    return *p == ':' ? p + 1 : fault_at(scan, p, "expected ':'");
}

static const char *scan_close(struct scan *scan, const char *p)
{
    struct json_value *value = &scan->values[scan->open];

    scan->open = value->after;
    scan->depth--;
    value->end = (uint32_t)(p + 1 - scan->start);
    value->after = scan->count;
    if (value->kind == JSON_OBJECT)
        scan->slots += json_keys_slots(value->count);
    return p + 1;
}

/* Behind '{' or '[', and behind the ':' of the first member; or behind an empty container. */
static const char *scan_open(struct scan *scan, const char *p, bool *ret_value_follows)
{
    struct json_value *value = &scan->values[scan->count];
    bool is_object = *p == '{';

    if (scan->depth == scan->limits->depth_max)
        return limit_at(scan, p, "depth over the limit");
    value->kind = is_object ? JSON_OBJECT : JSON_ARRAY;
    value->after = scan->open;
    scan->open = scan->count++;
    scan->depth++;
    p = json_skip_space(p + 1, scan->end);
    if (p < scan->end && *p == (is_object ? '}' : ']')) {
        *ret_value_follows = false;
        return scan_close(scan, p);
    }
    *ret_value_follows = true;
    return is_object ? scan_key(scan, p) : p;
}

/* One value: all of a scalar, the beginning of a container. */
static const char *scan_value(struct scan *scan, const char *p, bool *ret_value_follows)
{
    struct json_value *value;

    p = json_skip_space(p, scan->end);
    if (p == scan->end)
        return fault_at(scan, p, "text ends where a value is expected");
    if (!scan_room(scan, p))
        return NULL;
    value = &scan->values[scan->count];
    *value = scan->key;
    scan->key = (struct json_value){0};
    value->start = (uint32_t)(p - scan->start);
    if (scan->open != NO_PARENT)
        scan->values[scan->open].count++;
    if (*p == '{' || *p == '[')
        return scan_open(scan, p, ret_value_follows);
    p = scan_scalar(scan, p, value);
    if (p == NULL)
        return NULL;
    value->end = (uint32_t)(p - scan->start);
    value->after = ++scan->count;
    *ret_value_follows = false;
    return p;
}

/* Behind a value: closes what ends here, and goes on behind the ',' (and key) of the next value, if one follows. */
static const char *scan_next(struct scan *scan, const char *p, bool *ret_value_follows)
{
    bool is_object;

    *ret_value_follows = false;
    while (scan->open != NO_PARENT) {
        is_object = scan->values[scan->open].kind == JSON_OBJECT;
        p = json_skip_space(p, scan->end);
        if (p == scan->end)
            return fault_at(scan, p, is_object ? "text ends inside an object" : "text ends inside an array");
        if (*p == ',') {
            *ret_value_follows = true;
            return is_object ? scan_key(scan, p + 1) : p + 1;
        }
        if (*p != (is_object ? '}' : ']'))
            return fault_at(scan, p, is_object ? "expected ',' or '}'" : "expected ',' or ']'");
        p = scan_close(scan, p);
    }
    return p;
}

static bool scan_text(struct scan *scan)
{
    bool value_follows = true;
    const char *p = scan->start;

    if (scan->end - p >= 3 && memcmp(p, "\xEF\xBB\xBF", 3) == 0)
        return fault_at(scan, p, "byte order mark") != NULL;
    while (value_follows) {
        p = scan_value(scan, p, &value_follows);
        if (p != NULL && !value_follows)
            p = scan_next(scan, p, &value_follows);
        if (p == NULL)
            return false;
    }
    p = json_skip_space(p, scan->end);
    if (p < scan->end)
        return fault_at(scan, p, "text behind the value") != NULL;
    return true;
}

bool json_scan(struct bytes text, const struct json_limits *limits, struct arena *arena, struct json *ret_json,
               struct json_fault *ret_fault)
{
    struct scan scan = {.start = text.data != NULL ? text.data : "", .open = NO_PARENT, .limits = limits,
                        .arena = arena, .fault = ret_fault};
    struct json json = {.text = {scan.start, text.size}};
    size_t offset;

    scan.end = scan.start + text.size;
    if (text.size > limits->size_max)
        return limit_at(&scan, scan.start + limits->size_max, "size over the limit") != NULL;
    ensure(text.size < UINT32_MAX);
    scan.capacity = (uint32_t)(text.size / 8 + 8); /* seldom too small, and what is too much is given back */
    scan.values = arena_take(arena, scan.capacity * sizeof(*scan.values));
    if (!scan_text(&scan))
        return false;
    scan.values = arena_grow(arena, scan.values, scan.capacity * sizeof(*scan.values),
                             scan.count * sizeof(*scan.values));
    json.values = scan.values;
    json.count = scan.count;
    if (!json_keys_build(&json, scan.values, scan.slots, arena, &offset))
        return fault_at(&scan, scan.start + offset, "duplicate key") != NULL;
    *ret_json = json;
    return true;
}
