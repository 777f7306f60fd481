/* service/precondition.h, http_date.h, request.h: whatever a service and a producer say, no control character reaches a request:
 * neither by a version, nor by a date, nor by a document id, which stays one segment of the path. A version is what
 * RFC 9110 8.8.3 calls an entity tag; a date is read as it was written; a wait is never negative.
 *
 * Input: a document id, "--", header lines of an answer, an empty line, a body. */
#include "common/json_scan.h"
#include "common/timestamp.h"
#include "event/event.h"
#include "http.h"
#include "service/answer.h"
#include "service/http_date.h"
#include "service/precondition.h"
#include "service/request.h"

#include <stdio.h>
#include <time.h>

#define WALL_MS 1795514400000 /* 2026-11-24T10:00:00Z */

/* --- versions and dates --- */

static bool is_entity_tag(struct bytes text)
{
    size_t quotes = 0, first = SIZE_MAX;

    for (size_t i = 0; i < text.size; i++) {
        unsigned char c = (unsigned char)text.data[i];

        first = c == '"' && first == SIZE_MAX ? i : first;
        quotes += c == '"';
        if (c <= ' ' || c == 0x7f)
            return false;
    }
    return quotes == 2 && text.data[text.size - 1] == '"' && (first == 0 || (first == 2 && memcmp(text.data, "W/", 2) == 0));
}

static void expect_date(int64_t wall_ms)
{
    time_t seconds = (time_t)(wall_ms / 1000);
    char text[64];
    struct tm parts;
    int64_t again;

    ensure(wall_ms % 1000 == 0);
    ensure(gmtime_r(&seconds, &parts) != NULL);
    ensure(strftime(text, sizeof(text), "%a, %d %b %Y %H:%M:%S GMT", &parts) > 0);
    if (parts.tm_year + 1900 < 1000)
        return; /* strftime leaves the zeros of a year out */
    ensure(http_date_parse(bytes_of(text), &again));
    ensure(again == wall_ms);
}

static void expect_value(struct bytes value)
{
    int64_t wall_ms, wait_ms;

    ensure(precondition_is_etag(value) == is_entity_tag(value));
    if (http_date_parse(value, &wall_ms))
        expect_date(wall_ms);
    if (http_retry_after_parse(value, WALL_MS, &wait_ms))
        ensure(wait_ms >= 0);
}

/* --- requests --- */

static void expect_text(struct bytes text)
{
    for (size_t i = 0; i < text.size; i++)
        ensure((unsigned char)text.data[i] >= 0x20 && text.data[i] != 0x7f);
}

static void expect_url(const char *url)
{
    const char *id = strrchr(url, '/') + 1;

    expect_text(bytes_of(url));
    ensure(strncmp(url, "http://service/", 15) == 0);
    ensure(strchr(url + 15, '/') == NULL);
    ensure(*id != '\0' && strcmp(id, ".") != 0 && strcmp(id, "..") != 0);
    for (; *id != '\0'; id++)
        ensure(strchr("?#\\ ;", *id) == NULL);
}

static void expect_request(const struct profile *profile, const struct action *action, struct arena *arena)
{
    const struct request_context context = {
        .profile = profile, .address = fuzz_address(), .timeout_ms = 1000, .answer_bytes_max = 1 << 20};
    struct http_request request;
    const char *why;

    if (!request_make(&context, action, arena, &request, &why))
        return;
    expect_url(request.url);
    for (size_t i = 0; i < request.header_count; i++) {
        ensure(request.headers[i].value.size > 0);
        expect_text(request.headers[i].name);
        expect_text(request.headers[i].value);
    }
}

/* What an answer gave goes back in the next read and write. */
static void expect_requests(struct bytes document, const struct http_answer *http, struct arena *arena)
{
    const struct profile *profile = fuzz_profile('e');
    struct answer answer = answer_make(profile, false, http, 1 << 20, WALL_MS, arena);
    struct action read = {.kind = ACTION_READ,
                          .read = {.document = document, .known_version = answer.version,
                                   .known_last_modified = answer.last_modified}};
    struct action write = {.kind = ACTION_WRITE,
                           .write = {.document = document, .version = answer.version, .body = BYTES("{\"a\":1}")}};

    expect_request(profile, &read, arena);
    read.read.known_version = BYTES_NONE;
    expect_request(profile, &read, arena);
    expect_request(profile, &write, arena);
}

static void try(struct bytes rest, struct arena *arena)
{
    struct bytes document = fuzz_part(&rest);
    struct http_header headers[FUZZ_HEADERS_MAX];
    struct http_answer http = {.result = HTTP_ANSWERED, .sent = SENT_ONCE, .status = 200, .headers = headers};
    const char *why;

    http.header_count = fuzz_headers(&rest, headers);
    http.body = rest;
    for (size_t i = 0; i < http.header_count; i++)
        expect_value(headers[i].value);
    if (event_document_is_valid(document, EVENT_LIMITS_DEFAULT.document_id_max, &why))
        expect_requests(document, &http, arena);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena *arena = arena_new(1 << 12);
    auto_text exact = fuzz_exact((struct bytes){(const char *)data, size});

    try((struct bytes){exact, size}, arena);
    arena_free(arena);
    return 0;
}
