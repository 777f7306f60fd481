#ifndef IFMATCH_COMMON_JSON_WRITE_H
#define IFMATCH_COMMON_JSON_WRITE_H

#include "common/buffer.h"

/* Composes JSON text into a buffer on hot paths: commas and nesting are kept by the writer, values are never
 * reformatted. Misuse (a value without a key inside an object, unbalanced ends) is ensured. */
#define JSON_WRITE_DEPTH_MAX 16

struct json_write {
    struct buffer *out;
    uint32_t depth;
    bool is_object[JSON_WRITE_DEPTH_MAX];
    bool has_items[JSON_WRITE_DEPTH_MAX];
    bool has_key;
};

void json_write_init(struct json_write *write, struct buffer *out);
void json_write_object(struct json_write *write);
void json_write_array(struct json_write *write);
void json_write_end(struct json_write *write); /* of the innermost object or array */
void json_write_key(struct json_write *write, const char *key);
void json_write_key_bytes(struct json_write *write, struct bytes key);
/* A string; bytes that are not UTF-8 become U+FFFD, absent bytes become null. */
void json_write_string(struct json_write *write, struct bytes text);
void json_write_text(struct json_write *write, const char *text); /* the same for a C string */
void json_write_raw(struct json_write *write, struct bytes json);  /* a JSON value as it is; absent: null */
void json_write_int(struct json_write *write, int64_t value);
void json_write_bool(struct json_write *write, bool value);
void json_write_null(struct json_write *write);

/* Only the escaping: adds `text` as a quoted JSON string. */
void json_write_quoted(struct buffer *out, struct bytes text);

#endif
