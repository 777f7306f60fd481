#include "service/answer.h"

#include "common/check.h"
#include "common/json_scan.h"
#include "common/pointer.h"
#include "service/http_date.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#define DETAIL_SIZE 200

bool answer_version_is_valid(struct bytes version)
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

/* What goes back in a header of a request must not smuggle another one. */
static bool is_plain_text(struct bytes value)
{
    for (size_t i = 0; i < value.size; i++)
        if ((unsigned char)value.data[i] < 0x20 || value.data[i] == 0x7f)
            return false;
    return true;
}

static struct bytes find_header(const struct http_answer *http, const char *name)
{
    for (size_t i = 0; i < http->header_count; i++)
        if (bytes_equal_ignore_case(http->headers[i].name, bytes_of(name)))
            return bytes_trim(http->headers[i].value);
    return BYTES_NONE;
}

/* The text as it may stand in a record and in a log, cut where it is not UTF-8. */
static struct bytes one_line(char *text, size_t size)
{
    size_t bad;

    for (size_t i = 0; i < size; i++)
        if ((unsigned char)text[i] < 0x20 || text[i] == 0x7f)
            text[i] = ' ';
    if (!bytes_are_utf8((struct bytes){text, size}, &bad))
        size = bad;
    return bytes_trim((struct bytes){text, size});
}

__attribute__((format(__printf__, 2, 3))) static struct bytes detail(struct arena *arena, const char *format, ...)
{
    char text[DETAIL_SIZE];
    va_list arguments;
    size_t size;

    va_start(arguments, format);
    vsnprintf(text, sizeof(text), format, arguments);
    va_end(arguments);
    size = strlen(text);
    return one_line(arena_copy(arena, text, size), size);
}

static enum meaning failed(const struct http_answer *http, struct answer *answer, struct arena *arena)
{
    answer->detail = http->detail != NULL ? detail(arena, "%s", http->detail) : BYTES_NONE;
    return MEANING_OUTAGE;
}

static bool begins_object(struct bytes text, size_t *ret_offset)
{
    size_t i = 0;

    while (i < text.size && strchr(" \t\r\n", text.data[i]) != NULL && text.data[i] != '\0')
        i++;
    *ret_offset = i;
    return i < text.size && text.data[i] == '{';
}

#define ENVELOPE_DEPTH_MAX 8

/* The document out of its envelope; false: there is none, and the detail says why. The transport has held the limit
 * of the body; the engine holds those of the document. */
static bool find_document(const struct profile *profile, struct bytes body, struct answer *answer, struct arena *arena)
{
    const struct json_limits limits = {.size_max = UINT32_MAX / 2,
                                       .depth_max = JSON_LIMITS_DEFAULT.depth_max + ENVELOPE_DEPTH_MAX,
                                       .members_max = JSON_LIMITS_DEFAULT.members_max};
    struct json json;
    struct json_fault fault;
    uint32_t index;
    size_t offset;

    if (!begins_object(body, &offset)) {
        answer->detail = detail(arena, "byte %zu: the body is not a JSON object", offset);
        return false;
    }
    if (profile->document[0] == '\0') {
        answer->document = body; /* the engine scans it */
        return true;
    }
    if (!json_scan(body, &limits, arena, &json, &fault)) {
        answer->detail = detail(arena, "%s at byte %zu of the body", fault.what, fault.offset);
        return false;
    }
    if (pointer_find(&json, bytes_of(profile->document), &index) != POINTER_FOUND ||
        json.values[index].kind != JSON_OBJECT) {
        answer->detail = detail(arena, "the body has no object at %s", profile->document);
        return false;
    }
    answer->document = json_text(&json, index);
    return true;
}

static void find_version(const struct profile *profile, const struct http_answer *http, struct answer *answer)
{
    struct bytes version = find_header(http, profile->version_header);
    struct bytes last_modified = find_header(http, "Last-Modified");

    if (!bytes_present(version) || !answer_version_is_valid(version))
        return;
    answer->version = version;
    answer->version_is_weak = bytes_start_with(version, BYTES("W/"));
    answer->version_is_exact = !answer->version_is_weak || profile->weak_is_exact;
    if (last_modified.size > 0 && is_plain_text(last_modified))
        answer->last_modified = last_modified;
}

/* A success: of a read it must carry a document; of a write it may. */
static enum meaning succeeded(const struct profile *profile, bool is_write, const struct http_answer *http,
                              size_t document_bytes_max, struct answer *answer, struct arena *arena)
{
    find_version(profile, http, answer);
    if (http->result == HTTP_TOO_LARGE && !is_write) {
        answer->detail = detail(arena, "the document is larger than %zu bytes", document_bytes_max);
        return MEANING_UNREADABLE;
    }
    if (is_write && (http->body.size == 0 || http->result == HTTP_TOO_LARGE || profile->after_write != AFTER_WRITE_BODY))
        return MEANING_OK;
    if (find_document(profile, http->body, answer, arena))
        return MEANING_OK;
    answer->document = BYTES_NONE;
    if (!is_write)
        return MEANING_UNREADABLE;
    answer->detail = BYTES_NONE; /* it was written all the same; the copy is not known */
    return MEANING_OK;
}

/* For people: where a redirect leads, or the beginning of an error's body as one line of text. */
static struct bytes error_detail(const struct http_answer *http, struct arena *arena)
{
    struct bytes location = find_header(http, "Location");
    bool is_redirect = http->status / 100 == 3 && bytes_present(location);
    struct bytes body = is_redirect ? detail(arena, "redirected to %.*s", BYTES_ARG(location)) : http->body;
    size_t size = body.size < DETAIL_SIZE ? body.size : DETAIL_SIZE;

    return one_line(arena_copy(arena, body.size > 0 ? body.data : "", size), size);
}

static enum meaning judge(const struct profile *profile, bool is_write, const struct http_answer *http,
                          size_t document_bytes_max, int64_t wall_ms, struct answer *answer, struct arena *arena)
{
    enum meaning meaning = profile_meaning(profile, is_write, http->status);
    struct bytes retry_after = find_header(http, "Retry-After");
    bool has_wait = bytes_present(retry_after) &&
                    http_retry_after_parse(retry_after, wall_ms, &answer->retry_after_ms);

    if (meaning == MEANING_OK)
        return succeeded(profile, is_write, http, document_bytes_max, answer, arena);
    if (meaning == MEANING_NOT_MODIFIED) {
        find_version(profile, http, answer);
        return meaning;
    }
    answer->detail = error_detail(http, arena);
    return meaning == MEANING_OUTAGE && has_wait ? MEANING_OVERLOAD : meaning;
}

struct answer answer_make(const struct profile *profile, bool is_write, const struct http_answer *http,
                          size_t document_bytes_max, int64_t wall_ms, struct arena *arena)
{
    struct answer answer = {.sent = http->sent, .status = http->status, .retry_after_ms = -1};

    switch (http->result) {
    case HTTP_ANSWERED:
    case HTTP_TOO_LARGE:
        answer.meaning = judge(profile, is_write, http, document_bytes_max, wall_ms, &answer, arena);
        return answer;
    case HTTP_UNREACHABLE:
    case HTTP_TIMEOUT:
    case HTTP_BROKEN:
        answer.meaning = failed(http, &answer, arena);
        return answer;
    }
    never("every result of the transport is an answer");
}
