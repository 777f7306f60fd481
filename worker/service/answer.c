#include "service/answer.h"

#include "common/check.h"
#include "common/pointer.h"
#include "service/answer_body.h"
#include "service/http_date.h"
#include "service/precondition.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#define DETAIL_SIZE 200

/* What goes back in a header of a request must not smuggle another one. */
static bool is_plain_text(struct bytes value)
{
    for (size_t i = 0; i < value.size; i++)
        if ((unsigned char)value.data[i] < 0x20 || value.data[i] == 0x7f)
            return false;
    return true;
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

/* The document out of its envelope; false: there is none, and the detail says why. */
static bool find_document(const struct profile *profile, struct answer_body *body, struct answer *answer)
{
    const struct json *json;
    uint32_t index;
    size_t offset;

    if (!begins_object(body->text, &offset)) {
        answer->detail = detail(body->arena, "byte %zu: the body is not a JSON object", offset);
        return false;
    }
    if (profile->document[false][0] == '\0') {
        answer->document = body->text; /* the engine scans it */
        return true;
    }
    json = answer_body_json(body);
    if (json == NULL) {
        answer->detail = detail(body->arena, "%s at byte %zu of the body", body->fault.what, body->fault.offset);
        return false;
    }
    if (pointer_find(json, bytes_of(profile->document[false]), &index) != POINTER_FOUND ||
        json->values[index].kind != JSON_OBJECT) {
        answer->detail = detail(body->arena, "the body has no object at %s", profile->document[false]);
        return false;
    }
    answer->document = json_text(json, index);
    return true;
}

/* Two changes within the resolution of a version have the same one: it is exact once that time is over (RFC 9110
 * 8.8.2.2). */
static bool is_older_than_resolution(const struct profile *profile, const struct http_answer *http)
{
    int64_t date_ms, modified_ms;

    return http_date_parse(precondition_header(http, BYTES("Date")), &date_ms) &&
           http_date_parse(precondition_header(http, BYTES("Last-Modified")), &modified_ms) &&
           date_ms - modified_ms >= profile->resolution_ms;
}

static void find_version(const struct profile *profile, bool is_write, const struct http_answer *http,
                         struct answer_body *body, struct answer *answer)
{
    struct bytes last_modified = precondition_header(http, BYTES("Last-Modified"));
    struct bytes version =
        precondition_version(profile, is_write ? &profile->written : &profile->read, http, body);

    if (!bytes_present(version))
        return;
    answer->version = version;
    answer->version_is_weak = bytes_start_with(version, BYTES("W/"));
    answer->version_is_exact =
        (!answer->version_is_weak || profile->weak_is_exact) &&
        (profile->resolution_ms == 0 || (!is_write && is_older_than_resolution(profile, http)));
    if (last_modified.size > 0 && is_plain_text(last_modified))
        answer->last_modified = last_modified;
}

/* A success: of a read it must carry a document; of a write it may. */
static enum meaning succeeded(const struct profile *profile, bool is_write, const struct http_answer *http,
                              size_t document_bytes_max, struct answer_body *body, struct answer *answer)
{
    bool is_cut = http->result == HTTP_TOO_LARGE;

    find_version(profile, is_write, http, body, answer);
    if (is_cut && !is_write) {
        answer->detail = detail(body->arena, "the document is larger than %zu bytes", document_bytes_max);
        return MEANING_UNREADABLE;
    }
    if (is_write && (body->text.size == 0 || is_cut || profile->after_write != AFTER_WRITE_BODY))
        return MEANING_OK;
    if (find_document(profile, body, answer))
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
    struct bytes location = precondition_header(http, BYTES("Location"));
    bool is_redirect = http->status / 100 == 3 && bytes_present(location);
    struct bytes body = is_redirect ? detail(arena, "redirected to %.*s", BYTES_ARG(location)) : http->body;
    size_t size = body.size < DETAIL_SIZE ? body.size : DETAIL_SIZE;

    return one_line(arena_copy(arena, body.size > 0 ? body.data : "", size), size);
}

static bool contains_ignore_case(struct bytes text, struct bytes part)
{
    for (size_t i = 0; i + part.size <= text.size; i++)
        if (bytes_equal_ignore_case((struct bytes){text.data + i, part.size}, part))
            return true;
    return false;
}

static bool matches(const struct answer_match *match, struct answer_body *body)
{
    struct bytes text = bytes_present(match->pointer) ? answer_body_value(body, match->pointer) : body->text;

    return bytes_present(text) && (!bytes_present(match->is) || bytes_equal(text, match->is)) &&
           (!bytes_present(match->contains) || contains_ignore_case(text, match->contains));
}

static enum meaning find_meaning(const struct profile *profile, bool is_write, int status, struct answer_body *body)
{
    for (size_t i = 0; i < profile->match_count; i++) {
        const struct answer_match *match = &profile->matches[i];

        if (match->is_write == is_write && match->status == status && matches(match, body))
            return match->meaning;
    }
    return profile_meaning(profile, is_write, status);
}

static enum meaning judge(const struct profile *profile, bool is_write, const struct http_answer *http,
                          size_t document_bytes_max, int64_t wall_ms, struct answer *answer, struct arena *arena)
{
    struct bytes retry_after = precondition_header(http, BYTES("Retry-After"));
    bool has_wait = bytes_present(retry_after) &&
                    http_retry_after_parse(retry_after, wall_ms, &answer->retry_after_ms);
    struct answer_body body;
    enum meaning meaning;

    answer_body_init(&body, http->body, arena);
    meaning = find_meaning(profile, is_write, http->status, &body);
    if (meaning == MEANING_OK)
        return succeeded(profile, is_write, http, document_bytes_max, &body, answer);
    if (meaning == MEANING_NOT_MODIFIED) {
        find_version(profile, is_write, http, &body, answer);
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
    case HTTP_NO_CREDENTIALS:
        failed(http, &answer, arena);
        answer.meaning = MEANING_UNAUTHORIZED;
        return answer;
    case HTTP_UNREACHABLE:
    case HTTP_TIMEOUT:
    case HTTP_BROKEN:
        answer.meaning = failed(http, &answer, arena);
        return answer;
    }
    never("every result of the transport is an answer");
}
