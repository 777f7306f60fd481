#include "service/precondition.h"

#include "common/buffer.h"
#include "common/check.h"
#include "common/json_write.h"

#define SEPARATOR ','

struct bytes precondition_header(const struct http_answer *http, struct bytes name)
{
    for (size_t i = 0; i < http->header_count; i++)
        if (bytes_equal_ignore_case(http->headers[i].name, name))
            return bytes_trim(http->headers[i].value);
    return BYTES_NONE;
}

/* --- out of an answer --- */

bool precondition_is_etag(struct bytes version)
{
    if (bytes_start_with(version, BYTES("W/")))
        version = bytes_from(version, 2);
    if (version.size < 2 || version.data[0] != '"' || version.data[version.size - 1] != '"')
        return false;
    for (size_t i = 1; i + 1 < version.size; i++) {
        unsigned char c = (unsigned char)version.data[i];

        if (c < 0x21 || c == '"' || c == 0x7f)
            return false;
    }
    return true;
}

/* Nothing that could end a header, and smuggle another one. */
static bool is_plain_text(struct bytes value)
{
    for (size_t i = 0; i < value.size; i++)
        if ((unsigned char)value.data[i] < 0x20 || value.data[i] == 0x7f)
            return false;
    return value.size > 0;
}

/* The next part of a version; false: there is none. */
static bool next_part(struct bytes *rest, struct bytes *ret_part)
{
    size_t end = rest->size;

    if (!bytes_present(*rest))
        return false;
    bytes_find(*rest, SEPARATOR, &end);
    *ret_part = (struct bytes){rest->data, end};
    *rest = end < rest->size ? bytes_from(*rest, end + 1) : BYTES_NONE;
    return true;
}

static struct bytes join_parts(const struct version_source *source, struct answer_body *body)
{
    struct buffer joined;
    size_t position;

    buffer_init(&joined, SIZE_MAX / 2);
    for (size_t i = 0; i < source->pointer_count; i++) {
        struct bytes part = answer_body_value(body, source->pointers[i]);

        if (!is_plain_text(part) || bytes_find(part, SEPARATOR, &position)) {
            buffer_release(&joined);
            return BYTES_NONE;
        }
        if (i > 0)
            buffer_add_char(&joined, SEPARATOR);
        buffer_add(&joined, part);
    }
    return buffer_take(&joined, body->arena);
}

static struct bytes find(const struct version_source *source, const struct http_answer *http, struct answer_body *body)
{
    if (source->pointer_count == 0)
        return precondition_header(http, source->header);
    return source->pointer_count == 1 ? answer_body_value(body, source->pointers[0]) : join_parts(source, body);
}

static struct bytes unquoted(struct bytes version)
{
    if (!precondition_is_etag(version))
        return version;
    if (bytes_start_with(version, BYTES("W/")))
        version = bytes_from(version, 2);
    return (struct bytes){version.data + 1, version.size - 2};
}

static bool is_number(struct bytes version, bool has_next)
{
    uint64_t number;

    return bytes_to_uint64(version, &number) && (version.data[0] != '0' || version.size == 1) &&
           (!has_next || number < UINT64_MAX);
}

/* A number needs no room for another part, and only If-Match has a grammar of its own. */
static bool can_go_back(const struct profile *profile, struct bytes version)
{
    const struct version_target *target = &profile->send;
    size_t bad;

    if (!is_plain_text(version) || (target->place != VERSION_IN_HEADER && !bytes_are_utf8(version, &bad)))
        return false;
    switch (target->spelling) {
    case VERSION_NUMBER:
    case VERSION_INCREMENT:
        return is_number(unquoted(version), target->spelling == VERSION_INCREMENT);
    case VERSION_UNQUOTED:
        return unquoted(version).size > 0;
    case VERSION_QUOTED:
        return memchr(version.data, '"', version.size) == NULL && memchr(version.data, ' ', version.size) == NULL;
    case VERSION_VERBATIM:
        return target->place != VERSION_IN_HEADER || !bytes_equal_ignore_case(target->names[0], BYTES("If-Match")) ||
               precondition_is_etag(version);
    }
    never("every spelling has a grammar");
}

struct bytes precondition_version(const struct profile *profile, const struct version_sources *sources,
                                  const struct http_answer *http, struct answer_body *body)
{
    for (size_t i = 0; i < sources->count; i++) {
        struct bytes version = find(&sources->items[i], http, body);

        if (bytes_present(version) && can_go_back(profile, version))
            return version;
    }
    return BYTES_NONE;
}

/* --- back into a request --- */

static void spell_part(enum version_spelling spelling, struct bytes part, struct buffer *out)
{
    uint64_t number = 0;

    switch (spelling) {
    case VERSION_VERBATIM:
        buffer_add(out, part);
        return;
    case VERSION_QUOTED:
        buffer_format(out, "\"%.*s\"", BYTES_ARG(part));
        return;
    case VERSION_UNQUOTED:
    case VERSION_NUMBER:
        buffer_add(out, unquoted(part));
        return;
    case VERSION_INCREMENT:
        if (!bytes_to_uint64(unquoted(part), &number))
            never("a version that can be counted up is a number");
        buffer_add_uint64(out, number + 1);
        return;
    }
    never("every spelling is known");
}

/* RFC 3986 2.3: all but unreserved characters is percent-encoded. */
static void add_escaped(struct buffer *out, struct bytes text)
{
    static const char unreserved[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-._~";

    for (size_t i = 0; i < text.size; i++) {
        if (memchr(unreserved, text.data[i], sizeof(unreserved) - 1) != NULL)
            buffer_add_char(out, text.data[i]);
        else
            buffer_format(out, "%%%02X", (unsigned)(unsigned char)text.data[i]);
    }
}

static struct bytes spell_query(const struct version_target *target, struct bytes version, struct arena *arena)
{
    struct buffer query;
    struct bytes part = version, rest = version;

    buffer_init(&query, SIZE_MAX / 2);
    for (size_t i = 0; i < target->name_count; i++) {
        struct buffer spelled;

        if (target->name_count > 1 && !next_part(&rest, &part))
            break;
        buffer_init(&spelled, SIZE_MAX / 2);
        spell_part(target->spelling, part, &spelled);
        buffer_format(&query, "%s%s=", i > 0 ? "&" : "", target->names[i].data);
        add_escaped(&query, buffer_bytes(&spelled));
        buffer_release(&spelled);
    }
    return buffer_take(&query, arena);
}

static struct bytes spell_member(enum version_spelling spelling, struct bytes version, struct arena *arena)
{
    struct buffer text, quoted;

    buffer_init(&text, SIZE_MAX / 2);
    spell_part(spelling, version, &text);
    if (spelling == VERSION_NUMBER || spelling == VERSION_INCREMENT)
        return buffer_take(&text, arena);
    buffer_init(&quoted, SIZE_MAX / 2);
    json_write_quoted(&quoted, buffer_bytes(&text));
    buffer_release(&text);
    return buffer_take(&quoted, arena);
}

static struct bytes spell_header(enum version_spelling spelling, struct bytes version, struct arena *arena)
{
    struct buffer text;

    if (spelling == VERSION_VERBATIM)
        return version;
    buffer_init(&text, SIZE_MAX / 2);
    spell_part(spelling, version, &text);
    return buffer_take(&text, arena);
}

struct bytes precondition_spell(const struct profile *profile, struct bytes version, struct arena *arena)
{
    const struct version_target *target = &profile->send;

    switch (target->place) {
    case VERSION_IN_HEADER:
        return spell_header(target->spelling, version, arena);
    case VERSION_IN_QUERY:
        return spell_query(target, version, arena);
    case VERSION_IN_BODY:
        return spell_member(target->spelling, version, arena);
    }
    never("a version goes back somewhere");
}

const char *precondition_unless_current(const struct profile *profile, struct bytes version)
{
    struct bytes header = profile->read.items[0].header;

    if (bytes_equal_ignore_case(header, BYTES("ETag")) && precondition_is_etag(version))
        return "If-None-Match";
    if (bytes_equal_ignore_case(header, BYTES("Last-Modified")))
        return "If-Modified-Since";
    return NULL;
}
