#ifndef IFMATCH_COMMON_JSON_SCAN_H
#define IFMATCH_COMMON_JSON_SCAN_H

#include "common/bytes.h"
#include "common/memory.h"

/* A JSON text scanned once, strictly (RFC 8259: UTF-8, no trailing text, no NUL - neither raw nor \u0000 - no lone
 * surrogate, no byte order mark, no duplicate keys after unescaping), into a flat array of values in text order.
 * The text is never changed and never copied: numbers and strings stay the bytes that came. */
enum json_kind { JSON_NULL, JSON_FALSE, JSON_TRUE, JSON_NUMBER, JSON_STRING, JSON_ARRAY, JSON_OBJECT };

struct json_value {
    uint32_t start; /* offset of the first byte of the value */
    uint32_t end;   /* offset behind its last byte */
    uint32_t after; /* index behind its last descendant: the next sibling, if there is one */
    uint32_t count; /* members of an object, elements of an array, else 0 */
    uint32_t key_start; /* a member's key with its quotes; key_start == key_end: not a member */
    uint32_t key_end;
    uint32_t table; /* for json_keys.c: where the hash table of a large object starts */
    uint8_t kind;           /* enum json_kind */
    bool has_escape;        /* a string with at least one backslash */
    bool key_has_escape;
};

struct json_slot; /* for json_keys.c */

struct json {
    struct bytes text;
    const struct json_value *values; /* [0] is the root; children of i start at i + 1 */
    uint32_t count;
    struct json_slot *tables; /* hash tables of the large objects' keys; written by the scan alone */
};

struct json_limits {
    size_t size_max;      /* bytes of the text */
    uint32_t depth_max;   /* nested arrays and objects */
    uint32_t members_max; /* values in all: members, elements and the root */
};

#define JSON_LIMITS_DEFAULT ((struct json_limits){.size_max = 1 << 20, .depth_max = 64, .members_max = 100000})
#define JSON_NOT_FOUND      UINT32_MAX

struct json_fault {
    size_t offset;    /* of the first byte that cannot be accepted; of the second of two equal keys */
    const char *what; /* static text: "duplicate key", "depth over the limit", ... */
    bool is_limit;    /* a limit was met, the text may be good JSON */
};

/* The values come from `arena` and live as long as it; `text` must live as long as `ret_json` is used.
 * On failure `ret_json` is untouched and `ret_fault` says where and why. Keys are compared when all the rest is
 * known to be good. Takes time in proportion to the text, whatever the keys are. */
bool json_scan(struct bytes text, const struct json_limits *limits, struct arena *arena, struct json *ret_json,
               struct json_fault *ret_fault);

static inline struct bytes json_text(const struct json *json, uint32_t index)
{
    const struct json_value *value = &json->values[index];

    return (struct bytes){json->text.data + value->start, value->end - value->start};
}

/* The member of the object at `object` whose unescaped key equals `key`, or JSON_NOT_FOUND. Takes about the same
 * time in an object of any size. */
uint32_t json_member(const struct json *json, uint32_t object, struct bytes key);
/* The element of the array at `array`, or JSON_NOT_FOUND. */
uint32_t json_element(const struct json *json, uint32_t array, size_t position);

/* The text of a string value (or of a member's key) without quotes and escapes. Points into the JSON text where
 * nothing is escaped, else into `arena`. */
struct bytes json_string(const struct json *json, uint32_t index, struct arena *arena);
struct bytes json_key(const struct json *json, uint32_t index, struct arena *arena);

#endif
