/* service/answer.h: every answer under every shipped profile has a meaning, the one of the table but where an answer
 * without a document or with a Retry-After says otherwise. A version comes from nothing but a success, and only a
 * well-formed one; a document is an object out of the body; what is said to people is one line.
 *
 * Input: in the first line the first letter of a profile, of read or write, and of answered, large, unreachable, timeout
 * or broken, then the status: "era200"; header lines, an empty line, the body. */
#include "common/check.h"
#include "http.h"
#include "service/answer.h"
#include "service/precondition.h"

#define WALL_MS 1795514400000 /* 2026-11-24T10:00:00Z */

struct call {
    const struct profile *profile;
    bool is_write;
    struct http_answer http;
    struct http_header headers[FUZZ_HEADERS_MAX];
};

static bool read_call(struct bytes rest, struct call *ret_call)
{
    static const enum http_result results[] = {
        ['a'] = HTTP_ANSWERED, ['l'] = HTTP_TOO_LARGE, ['u'] = HTTP_UNREACHABLE, ['t'] = HTTP_TIMEOUT, ['b'] = HTTP_BROKEN};
    struct bytes line = fuzz_line(&rest);
    uint64_t status;

    if (line.size < 4 || !bytes_to_uint64(bytes_from(line, 3), &status) || status > 999 ||
        memchr("alutb", line.data[2], 5) == NULL)
        return false;
    ret_call->profile = fuzz_profile(line.data[0]);
    ret_call->is_write = line.data[1] == 'w';
    ret_call->http = (struct http_answer){
        .result = results[(unsigned char)line.data[2]],
        .sent = SENT_ONCE,
        .status = (int)status,
        .headers = ret_call->headers,
        .detail = "why",
    };
    ret_call->http.header_count = fuzz_headers(&rest, ret_call->headers);
    ret_call->http.body = rest;
    return ret_call->profile != NULL;
}

static void expect_document(const struct call *call, const struct answer *answer, struct arena *arena)
{
    const struct bytes *body = &call->http.body;

    ensure(answer->document.data >= body->data);
    ensure(answer->document.data + answer->document.size <= body->data + body->size);
    if (call->profile->document[false][0] != '\0') {
        ensure(answer->document.data[0] == '{');
        ensure(fuzz_is_json(answer->document, arena) || answer->document.size > 64); /* deeper than a document may be */
    }
}

static void expect_failure(const struct answer *answer)
{
    ensure(!bytes_present(answer->version));
    ensure(!bytes_present(answer->last_modified));
    ensure(!bytes_present(answer->document));
}

static void expect_success(const struct call *call, const struct answer *answer, struct arena *arena)
{
    ensure(!bytes_present(answer->version) || precondition_is_etag(answer->version));
    ensure(!bytes_present(answer->last_modified) || bytes_present(answer->version));
    ensure(answer->version_is_weak == bytes_start_with(answer->version, BYTES("W/")));
    ensure(call->is_write || answer->meaning == MEANING_NOT_MODIFIED || bytes_present(answer->document));
    if (bytes_present(answer->document))
        expect_document(call, answer, arena);
}

static enum meaning expected(const struct call *call, const struct answer *answer)
{
    enum meaning meaning = profile_meaning(call->profile, call->is_write, call->http.status);

    if (call->http.result != HTTP_ANSWERED && call->http.result != HTTP_TOO_LARGE)
        return MEANING_OUTAGE;
    if (meaning == MEANING_OUTAGE && answer->retry_after_ms >= 0)
        return MEANING_OVERLOAD;
    return meaning == MEANING_OK && answer->meaning == MEANING_UNREADABLE ? MEANING_UNREADABLE : meaning;
}

static void try(const struct call *call, struct arena *arena)
{
    struct answer answer = answer_make(call->profile, call->is_write, &call->http, 1 << 20, WALL_MS, arena);

    ensure(answer.meaning == expected(call, &answer));
    ensure(answer.sent == SENT_ONCE);
    ensure(answer.status == call->http.status);
    ensure(answer.retry_after_ms >= -1);
    ensure(!bytes_present(answer.detail) || fuzz_is_line(answer.detail));
    if (answer.meaning == MEANING_OK || answer.meaning == MEANING_NOT_MODIFIED)
        expect_success(call, &answer, arena);
    else if (answer.meaning == MEANING_UNREADABLE)
        ensure(!call->is_write && !bytes_present(answer.document));
    else
        expect_failure(&answer);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena *arena = arena_new(1 << 12);
    auto_text exact = fuzz_exact((struct bytes){(const char *)data, size});
    struct call call;

    if (read_call((struct bytes){exact, size}, &call))
        try(&call, arena);
    arena_free(arena);
    return 0;
}
