#include "service/answer.h"
#include "service/precondition.h"
#include "tests/support/profile.h"
#include "tests/support/unit.h"

#define LIMIT 1000
#define WALL_MS 784111770000 /* 7 s before 08:49:37 of 6 November 1994 */

static struct arena *arena;
static struct profile *profile;

static void begin(const char *name)
{
    arena = arena_new(4096);
    profile = profile_shipped(name, SERVICE_WRITE_PROFILE);
}

static void end(void)
{
    profile_free(profile);
    arena_free(arena);
}

/* `headers`: "Name: value" lines. */
static struct answer answer(bool is_write, int status, const char *headers, const char *body)
{
    static struct http_header list[8];
    struct http_answer http = {
        .result = HTTP_ANSWERED, .sent = SENT_ONCE, .status = status, .headers = list, .body = bytes_of(body)};

    while (*headers != '\0') {
        size_t line = strcspn(headers, "\n"), name = strcspn(headers, ":");

        list[http.header_count++] = (struct http_header){{headers, name}, {headers + name + 1, line - name - 1}};
        headers += line + (headers[line] == '\n');
    }
    return answer_make(profile, is_write, &http, LIMIT, WALL_MS, arena);
}

static bool has(struct bytes bytes, const char *text)
{
    return bytes_equal(bytes, bytes_of(text));
}

START_TEST(versions_are_taken_by_their_grammar)
{
    static const char *const good[] = {"\"\"", "\"a\"", "W/\"a\"", "\"a-gzip\"", "\"\\\"", "\"\xc3\xa9\"", "W/\"\""};
    static const char *const bad[] = {"",        "\"",       "a",       "w/\"a\"", "W/a",      "\"a",     "a\"",
                                      "\"a\"b\"", "\"a b\"", "\"a\r\nX: y\"", "\"\x7f\"", "\"a\",\"b\"", "*", "W/"};

    for (size_t i = 0; i < sizeof(good) / sizeof(good[0]); i++)
        ck_assert_msg(precondition_is_etag(bytes_of(good[i])), "%s", good[i]);
    for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
        ck_assert_msg(!precondition_is_etag(bytes_of(bad[i])), "%s", bad[i]);
    ck_assert(!precondition_is_etag(BYTES_NONE));
}
END_TEST

START_TEST(a_read_gives_the_document_and_its_version)
{
    struct answer read;

    begin("etag");
    read = answer(false, 200, "etag:  \"1\" \nLast-Modified: Sun, 06 Nov 1994 08:49:37 GMT", " {\"a\": 1.0}\n");
    ck_assert_int_eq(read.meaning, MEANING_OK);
    ck_assert_int_eq(read.sent, SENT_ONCE);
    ck_assert_int_eq(read.status, 200);
    ck_assert(has(read.version, "\"1\"") && read.version_is_exact && !read.version_is_weak);
    ck_assert(has(read.last_modified, "Sun, 06 Nov 1994 08:49:37 GMT"));
    ck_assert(has(bytes_trim(read.document), "{\"a\": 1.0}"));
    ck_assert_int_eq(read.retry_after_ms, -1);
    ck_assert(!bytes_present(read.detail));
    read = answer(false, 200, "ETag: W/\"1\"", "{}");
    ck_assert(has(read.version, "W/\"1\"") && read.version_is_weak && !read.version_is_exact);
    profile->weak_is_exact = true;
    ck_assert(answer(false, 200, "ETag: W/\"1\"", "{}").version_is_exact);
    end();
}
END_TEST

START_TEST(a_read_without_a_good_version_is_a_document_without_a_version)
{
    begin("etag");
    ck_assert_int_eq(answer(false, 200, "", "{}").meaning, MEANING_OK);
    ck_assert(!bytes_present(answer(false, 200, "", "{}").version));
    ck_assert(!bytes_present(answer(false, 200, "ETag: 1", "{}").version));
    ck_assert(!bytes_present(answer(false, 200, "ETag: ", "{}").version));
    ck_assert(!bytes_present(answer(false, 200, "X-ETag: \"1\"", "{}").version));
    end();
}
END_TEST

START_TEST(a_body_that_is_no_document_is_unreadable)
{
    static const struct {
        const char *profile, *body, *detail;
    } cases[] = {
        {"etag", "", "byte 0: the body is not a JSON object"},
        {"etag", "<html>", "byte 0: the body is not a JSON object"},
        {"etag", " []", "byte 1: the body is not a JSON object"},
        {"etag", "null", "byte 0: the body is not a JSON object"},
        {"kinto", "{\"data\":{\"a\":1}", "byte 15"},
        {"kinto", "{\"data\":{\"a\":1,\"a\":2}}", "duplicate key"},
        {"kinto", "{\"permissions\":{}}", "no object at /data"},
        {"kinto", "{\"data\":[]}", "no object at /data"},
    };

    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct answer read;

        begin(cases[i].profile);
        read = answer(false, 200, "ETag: \"1\"", cases[i].body);
        ck_assert_int_eq(read.meaning, MEANING_UNREADABLE);
        ck_assert(!bytes_present(read.document));
        ck_assert_msg(memmem(read.detail.data, read.detail.size, cases[i].detail, strlen(cases[i].detail)) != NULL,
                      "%.*s", BYTES_ARG(read.detail));
        end();
    }
}
END_TEST

START_TEST(a_document_is_taken_out_of_its_envelope)
{
    begin("kinto");
    ck_assert(has(answer(false, 200, "ETag: \"1\"", "{\"permissions\":{}, \"data\": {\"a\" : 1e2} }").document,
                  "{\"a\" : 1e2}"));
    end();
}
END_TEST

START_TEST(a_body_that_is_too_large_is_no_document_but_a_write_is_done)
{
    const struct http_answer http = {
        .result = HTTP_TOO_LARGE, .sent = SENT_ONCE, .status = 200, .body = BYTES("{"), .detail = "too large"};
    const struct http_answer error = {
        .result = HTTP_TOO_LARGE, .sent = SENT_ONCE, .status = 500, .body = BYTES("<"), .detail = "too large"};
    struct answer read;

    begin("kinto");
    read = answer_make(profile, false, &http, LIMIT, WALL_MS, arena);
    ck_assert_int_eq(read.meaning, MEANING_UNREADABLE);
    ck_assert(has(read.detail, "the document is larger than 1000 bytes"));
    ck_assert_int_eq(answer_make(profile, true, &http, LIMIT, WALL_MS, arena).meaning, MEANING_OK);
    ck_assert_int_eq(answer_make(profile, true, &error, LIMIT, WALL_MS, arena).meaning, MEANING_OUTAGE);
    end();
}
END_TEST

START_TEST(a_write_is_done_whatever_its_body_is)
{
    struct answer write;

    begin("kinto"); /* after_write: body */
    write = answer(true, 200, "ETag: \"2\"", "{\"data\":{\"a\":2}}");
    ck_assert(write.meaning == MEANING_OK && has(write.version, "\"2\"") && has(write.document, "{\"a\":2}"));
    write = answer(true, 200, "ETag: \"2\"", "<html>");
    ck_assert(write.meaning == MEANING_OK && !bytes_present(write.document) && !bytes_present(write.detail));
    end();
    begin("etag");
    write = answer(true, 204, "", "");
    ck_assert(write.meaning == MEANING_OK && !bytes_present(write.version));
    write = answer(true, 200, "ETag: \"3\"", "{\"status\":\"saved\"}"); /* not the document */
    ck_assert(write.meaning == MEANING_OK && has(write.version, "\"3\"") && !bytes_present(write.document));
    end();
}
END_TEST

START_TEST(a_date_that_is_empty_or_could_smuggle_a_header_is_none)
{
    static const struct http_header headers[] = {{BYTES("ETag"), BYTES("\"1\"")},
                                                 {BYTES("Last-Modified"), BYTES("Tue\r\nX: y")}};
    const struct http_answer http = {.result = HTTP_ANSWERED, .status = 200, .headers = headers, .header_count = 2,
                                     .body = BYTES("{}")};
    struct answer read;

    begin("etag");
    read = answer_make(profile, false, &http, LIMIT, WALL_MS, arena);
    ck_assert(has(read.version, "\"1\"") && !bytes_present(read.last_modified));
    read = answer(false, 200, "ETag: \"1\"\nLast-Modified: ", "{}");
    ck_assert(has(read.version, "\"1\"") && !bytes_present(read.last_modified));
    end();
}
END_TEST

START_TEST(an_error_gives_no_version_and_no_document)
{
    struct answer stale;

    begin("kinto");
    stale = answer(true, 412, "ETag: \"9\"\nLast-Modified: x", "{\"code\":412,\n\t\"details\":{\"existing\":{}}}");
    ck_assert_int_eq(stale.meaning, MEANING_STALE);
    ck_assert(!bytes_present(stale.version) && !bytes_present(stale.document) && !bytes_present(stale.last_modified));
    ck_assert(has(stale.detail, "{\"code\":412,  \"details\":{\"existing\":{}}}"));
    end();
}
END_TEST

START_TEST(not_modified_may_repeat_the_version)
{
    struct answer read;

    begin("etag");
    read = answer(false, 304, "ETag: \"1\"", "");
    ck_assert(read.meaning == MEANING_NOT_MODIFIED && has(read.version, "\"1\""));
    read = answer(false, 304, "", "");
    ck_assert(read.meaning == MEANING_NOT_MODIFIED && !bytes_present(read.version));
    end();
}
END_TEST

START_TEST(a_wait_that_is_asked_for_is_overload)
{
    struct answer busy;

    begin("etag");
    busy = answer(true, 503, "Retry-After: 3", "");
    ck_assert(busy.meaning == MEANING_OVERLOAD && busy.retry_after_ms == 3000);
    busy = answer(true, 502, "Retry-After: Sun, 06 Nov 1994 08:49:37 GMT", "");
    ck_assert(busy.meaning == MEANING_OVERLOAD && busy.retry_after_ms == 7000);
    busy = answer(true, 502, "Retry-After: soon", "");
    ck_assert(busy.meaning == MEANING_OUTAGE && busy.retry_after_ms == -1);
    busy = answer(true, 423, "Retry-After: 2", "");
    ck_assert(busy.meaning == MEANING_LOCKED && busy.retry_after_ms == 2000);
    end();
}
END_TEST

START_TEST(the_body_tells_answers_of_one_status_apart)
{
    struct error error = {0};

    arena = arena_new(4096);
    profile = profile_of("version: { read: { header: ETag }, send: { header: If-Match } }\n"
                         "answers:\n  read: { ok: [200], missing: [404], gone: [{ status: 404, pointer: /reason, is: deleted }] }\n"
                         "  write:\n    ok: [200]\n    stale: [{ status: 409, pointer: /error/code, is: conflict }]\n"
                         "    locked: [{ status: 409, contains: Checked Out }, { status: 400, pointer: /locks }]\n"
                         "    refused: [400, { status: 500, pointer: /error, contains: VALID }]\n",
                         &error);
    ck_assert_msg(profile != NULL, "%s", error.text);
    ck_assert_int_eq(answer(false, 404, "", "{\"reason\":\"deleted\"}").meaning, MEANING_GONE);
    ck_assert_int_eq(answer(false, 404, "", "{\"reason\":\"missing\"}").meaning, MEANING_MISSING);
    ck_assert_int_eq(answer(false, 404, "", "<html>deleted").meaning, MEANING_MISSING);
    ck_assert_int_eq(answer(true, 409, "", "{\"error\":{\"code\":\"conflict\"}}").meaning, MEANING_STALE);
    ck_assert_int_eq(answer(true, 409, "", "<p>checked out by ana").meaning, MEANING_LOCKED);
    ck_assert_int_eq(answer(true, 409, "", "").meaning, MEANING_UNDESCRIBED);
    ck_assert_int_eq(answer(true, 400, "", "{\"locks\":0}").meaning, MEANING_LOCKED);
    ck_assert_int_eq(answer(true, 400, "", "{}").meaning, MEANING_REFUSED);
    ck_assert_int_eq(answer(true, 500, "", "{\"error\":\"doc_validation\"}").meaning, MEANING_REFUSED);
    ck_assert_int_eq(answer(true, 500, "", "{\"error\":\"badmatch\"}").meaning, MEANING_OUTAGE);
    ck_assert_int_eq(answer(false, 409, "", "{\"error\":{\"code\":\"conflict\"}}").meaning, MEANING_UNDESCRIBED);
    end();
}
END_TEST

START_TEST(a_redirect_is_undescribed_and_says_where_to)
{
    struct answer redirect;

    begin("etag");
    redirect = answer(false, 302, "Location: https://login/\nETag: \"1\"", "");
    ck_assert_int_eq(redirect.meaning, MEANING_UNDESCRIBED);
    ck_assert(has(redirect.detail, "redirected to https://login/") && !bytes_present(redirect.version));
    end();
}
END_TEST

START_TEST(without_credentials_nobody_is_let_in)
{
    const struct http_answer http = {.result = HTTP_NO_CREDENTIALS, .detail = "token endpoint http://i/: status 503"};
    struct answer refused;

    begin("etag");
    refused = answer_make(profile, true, &http, LIMIT, WALL_MS, arena);
    ck_assert(refused.meaning == MEANING_UNAUTHORIZED && refused.status == 0 && refused.sent == SENT_NOT);
    ck_assert(has(refused.detail, "token endpoint http://i/: status 503"));
    end();
}
END_TEST

START_TEST(no_answer_is_an_outage_with_the_transport_s_words)
{
    static const enum http_result results[] = {HTTP_UNREACHABLE, HTTP_TIMEOUT, HTTP_BROKEN};

    begin("etag");
    for (size_t i = 0; i < 3; i++) {
        const struct http_header version = {BYTES("ETag"), BYTES("\"1\"")};
        const struct http_answer http = {.result = results[i],
                                         .sent = SENT_PERHAPS_TWICE,
                                         .status = 200,
                                         .headers = &version,
                                         .header_count = 1,
                                         .body = BYTES("{}"),
                                         .detail = "reset by peer"};
        struct answer broken = answer_make(profile, i > 0, &http, LIMIT, WALL_MS, arena);

        ck_assert(broken.meaning == MEANING_OUTAGE && broken.sent == SENT_PERHAPS_TWICE);
        ck_assert(has(broken.detail, "reset by peer") && !bytes_present(broken.version));
        ck_assert(!bytes_present(broken.document));
    }
    end();
}
END_TEST

START_TEST(a_detail_is_one_bounded_line_of_utf_8)
{
    char body[1000];
    struct answer refused;
    size_t bad;

    begin("etag");
    memset(body, 'x', sizeof(body) - 1);
    body[sizeof(body) - 1] = '\0';
    memcpy(body + 199, "\xc3\xa9", 2); /* the cut goes through it */
    body[3] = '\n';
    refused = answer(true, 422, "", body);
    ck_assert_int_eq(refused.meaning, MEANING_REFUSED);
    ck_assert_uint_eq(refused.detail.size, 199);
    ck_assert(bytes_are_utf8(refused.detail, &bad) && memchr(refused.detail.data, '\n', 199) == NULL);
    end();
}
END_TEST

START_TEST(a_detail_with_a_long_name_is_cut_between_characters)
{
    static char pointer[300] = "/a"; /* the cut goes through an e with an accent */
    struct answer wrong;
    size_t bad;

    begin("etag");
    for (size_t i = 2; i + 2 < sizeof(pointer); i += 2)
        memcpy(pointer + i, "\xc3\xa9", 2);
    profile->document[false] = pointer;
    wrong = answer(false, 200, "ETag: \"1\"", "{}");
    ck_assert_int_eq(wrong.meaning, MEANING_UNREADABLE);
    ck_assert(bytes_are_utf8(wrong.detail, &bad) && wrong.detail.size == 198);
    end();
}
END_TEST

UNIT_TESTS("service/answer", versions_are_taken_by_their_grammar, a_read_gives_the_document_and_its_version,
           a_read_without_a_good_version_is_a_document_without_a_version, a_body_that_is_no_document_is_unreadable,
           a_document_is_taken_out_of_its_envelope, a_body_that_is_too_large_is_no_document_but_a_write_is_done,
           a_write_is_done_whatever_its_body_is, a_date_that_is_empty_or_could_smuggle_a_header_is_none,
           an_error_gives_no_version_and_no_document, not_modified_may_repeat_the_version,
           a_wait_that_is_asked_for_is_overload, the_body_tells_answers_of_one_status_apart,
           a_redirect_is_undescribed_and_says_where_to, without_credentials_nobody_is_let_in,
           no_answer_is_an_outage_with_the_transport_s_words, a_detail_is_one_bounded_line_of_utf_8,
           a_detail_with_a_long_name_is_cut_between_characters)
