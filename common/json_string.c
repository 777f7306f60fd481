#include "common/json_lex.h"
#include "common/json_scan.h"
#include "common/json_text.h"
#include "common/utf8.h"

static uint32_t hex4(const char *p)
{
    return (uint32_t)(json_hex(p[0]) << 12 | json_hex(p[1]) << 8 | json_hex(p[2]) << 4 | json_hex(p[3]));
}

/* Decodes the escape whose backslash is at `*p` and moves behind it; returns the bytes written, at most 4. */
static size_t decode_escape(const char **p, char *out)
{
    const char *at = *p + 2;
    uint32_t code;

    switch (at[-1]) {
    case 'b':
        *out = '\b';
        break;
    case 'f':
        *out = '\f';
        break;
    case 'n':
        *out = '\n';
        break;
    case 'r':
        *out = '\r';
        break;
    case 't':
        *out = '\t';
        break;
    case 'u':
        code = hex4(at);
        at += 4;
        if (code >= 0xD800 && code < 0xDC00) {
            code = 0x10000 + ((code - 0xD800) << 10) + (hex4(at + 2) - 0xDC00);
            at += 6;
        }
        *p = at;
        return utf8_put(code, out);
    default: /* quote, backslash, slash */
        *out = at[-1];
    }
    *p = at;
    return 1;
}

size_t json_content_decode(struct bytes content, char *out)
{
    const char *p = content.data, *end = content.data + content.size;
    char *start = out;

    while (p < end) {
        const char *slash = memchr(p, '\\', (size_t)(end - p));
        size_t plain = (size_t)((slash != NULL ? slash : end) - p);

        memcpy(out, p, plain);
        out += plain;
        p += plain;
        if (slash != NULL)
            out += decode_escape(&p, out);
    }
    return (size_t)(out - start);
}

/* The decoded bytes of a content, one at a time. */
struct content_walk {
    const char *p;
    const char *end;
    char unit[4];
    size_t unit_size;
    size_t unit_at;
};

static bool content_next(struct content_walk *walk, char *ret_byte)
{
    if (walk->unit_at < walk->unit_size) {
        *ret_byte = walk->unit[walk->unit_at++];
        return true;
    }
    if (walk->p == walk->end)
        return false;
    if (*walk->p != '\\') {
        *ret_byte = *walk->p++;
        return true;
    }
    walk->unit_size = decode_escape(&walk->p, walk->unit);
    walk->unit_at = 1;
    *ret_byte = walk->unit[0];
    return true;
}

/* One side may be no JSON at all (the segment of a pointer): its backslashes mean themselves. */
static bool content_equals_plain(struct bytes content, struct bytes plain)
{
    struct content_walk walk = {.p = content.data, .end = content.data + content.size};
    char byte;

    for (size_t i = 0; i < plain.size; i++)
        if (!content_next(&walk, &byte) || byte != plain.data[i])
            return false;
    return !content_next(&walk, &byte);
}

bool json_content_equal(struct bytes a, bool a_has_escape, struct bytes b, bool b_has_escape)
{
    struct content_walk a_walk, b_walk;
    char a_byte, b_byte;

    if (!a_has_escape && !b_has_escape)
        return bytes_equal(a, b);
    if (!b_has_escape)
        return content_equals_plain(a, b);
    if (!a_has_escape)
        return content_equals_plain(b, a);
    a_walk = (struct content_walk){.p = a.data, .end = a.data + a.size};
    b_walk = (struct content_walk){.p = b.data, .end = b.data + b.size};
    while (content_next(&a_walk, &a_byte))
        if (!content_next(&b_walk, &b_byte) || a_byte != b_byte)
            return false;
    return !content_next(&b_walk, &b_byte);
}

static struct bytes content_plain(struct bytes content, bool has_escape, struct arena *arena)
{
    char *out;

    if (!has_escape)
        return content;
    out = arena_take(arena, content.size);
    return (struct bytes){out, json_content_decode(content, out)};
}

struct bytes json_string(const struct json *json, uint32_t index, struct arena *arena)
{
    const struct json_value *value = &json->values[index];
    struct bytes content = {json->text.data + value->start + 1, value->end - value->start - 2};

    return content_plain(content, value->has_escape, arena);
}

struct bytes json_key(const struct json *json, uint32_t index, struct arena *arena)
{
    const struct json_value *value = &json->values[index];
    struct bytes content = {json->text.data + value->key_start + 1, value->key_end - value->key_start - 2};

    return content_plain(content, value->key_has_escape, arena);
}
