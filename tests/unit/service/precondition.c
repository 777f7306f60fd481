#include "service/precondition.h"
#include "service/answer.h"
#include "service/request.h"
#include "tests/support/profile.h"
#include "tests/support/unit.h"

#define ANSWERS "answers: { read: { ok: [200], not_modified: [304] }, write: { ok: [200] } }\n"

static struct arena *arena;
static struct profile *profile;

/* `version`: the section; `rest`: further ones. */
static void begin(const char *version, const char *rest)
{
    char text[1024];
    struct error error = {0};

    arena = arena_new(4096);
    snprintf(text, sizeof(text), "version: %s\n%s\n" ANSWERS, version, rest);
    profile = profile_of(text, &error);
    ck_assert_msg(profile != NULL, "%s", error.text);
}

static void end(void)
{
    profile_free(profile);
    arena_free(arena);
}

static struct answer answer(bool is_write, struct http_header *headers, size_t count, const char *body)
{
    const struct http_answer http = {.result = HTTP_ANSWERED, .sent = SENT_ONCE, .status = 200, .headers = headers,
                                     .header_count = count, .body = bytes_of(body)};

    return answer_make(profile, is_write, &http, 1000, 0, arena);
}

static struct http_request write_of(struct bytes version)
{
    struct request_context context = {.profile = profile};
    const struct action action = {.kind = ACTION_WRITE,
                                  .write = {.document = BYTES("a"), .version = version, .before = BYTES("{\"a\":1}"),
                                            .body = BYTES("{\"a\":1}")}};
    struct http_request request;
    struct address *address;
    const char *why;

    ck_assert(address_new("http://service/{id}?x=1", NULL, &address, NULL));
    context.address = address;
    ck_assert(request_make(&context, &action, arena, &request, &why));
    address_free(address);
    return request;
}

static bool is(struct bytes bytes, const char *text)
{
    return text == NULL ? !bytes_present(bytes) : bytes_equal(bytes, bytes_of(text));
}

static struct bytes header(const struct http_request *request, const char *name)
{
    for (size_t i = 0; i < request->header_count; i++)
        if (bytes_equal(request->headers[i].name, bytes_of(name)))
            return request->headers[i].value;
    return BYTES_NONE;
}

START_TEST(a_version_is_read_where_the_profile_says)
{
    static const struct {
        const char *read, *etag, *body, *version;
    } cases[] = {
        {"{ header: etag }", " \"1\" ", "{}", "\"1\""},
        {"{ header: ETag }", "1", "{}", "1"}, /* what is sent in X-Version needs no quotes */
        {"{ header: ETag }", NULL, "{}", NULL},
        {"{ pointer: /_rev }", "\"1\"", "{\"_rev\":\"1-a\"}", "1-a"},
        {"{ pointer: /sys/version }", NULL, "{\"sys\":{\"version\":3}}", "3"},
        {"{ pointer: /a }", NULL, "{\"a\":\"W\\/\\\"3\\\"\"}", "W/\"3\""},
        {"{ pointer: /a }", NULL, "{\"a\":\"\"}", NULL},
        {"{ pointer: /a }", NULL, "{\"a\":\"1\\r\\nX: y\"}", NULL}, /* it would smuggle a header */
        {"{ pointer: /a }", NULL, "{\"b\":1}", NULL},
        {"[{ header: ETag }, { pointer: /a }]", "\"1\"", "{\"a\":\"2\"}", "\"1\""},
        {"[{ header: ETag }, { pointer: /a }]", NULL, "{\"a\":\"2\"}", "2"},
    };

    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct http_header etag = {BYTES("ETag"), bytes_of(cases[i].etag)};
        char version[256];
        struct bytes found;

        snprintf(version, sizeof(version), "{ read: %s, send: { header: X-Version } }", cases[i].read);
        begin(version, "");
        found = answer(false, &etag, cases[i].etag != NULL, cases[i].body).version;
        ck_assert_msg(is(found, cases[i].version), "%s: '%.*s'", cases[i].body, BYTES_ARG(found));
        end();
    }
}
END_TEST

START_TEST(an_answer_to_a_write_may_have_it_elsewhere)
{
    begin("{ read: { pointer: /_rev }, written: { pointer: /rev }, send: { pointer: /_rev } }", "");
    ck_assert(is(answer(false, NULL, 0, "{\"_rev\":\"1-a\",\"rev\":\"x\"}").version, "1-a"));
    ck_assert(is(answer(true, NULL, 0, "{\"ok\":true,\"rev\":\"2-b\"}").version, "2-b"));
    end();
}
END_TEST

START_TEST(a_version_goes_back_where_and_as_the_profile_says)
{
    static const struct {
        const char *send, *version, *url, *header, *body;
    } cases[] = {
        {"{ header: X-V }", "W/\"1\"", "http://service/a?x=1", "W/\"1\"", "{\"a\":1}"},
        {"{ header: X-V, as: quote }", "1-a", "http://service/a?x=1", "\"1-a\"", "{\"a\":1}"},
        {"{ header: X-V, as: unquote }", "W/\"1\"", "http://service/a?x=1", "1", "{\"a\":1}"},
        {"{ header: X-V, as: increment }", "\"9\"", "http://service/a?x=1", "10", "{\"a\":1}"},
        {"{ query: rev }", "1-a+b", "http://service/a?x=1&rev=1-a%2Bb", NULL, "{\"a\":1}"},
        {"{ pointer: /_rev }", "1-\"a", "http://service/a?x=1", NULL, "{\"a\":1,\"_rev\":\"1-\\\"a\"}"},
        {"{ pointer: /a }", "7", "http://service/a?x=1", NULL, "{\"a\":\"7\"}"},
        {"{ pointer: /a, as: number }", "7", "http://service/a?x=1", NULL, "{\"a\":7}"},
        {"{ pointer: /v/n, as: increment }", "7", "http://service/a?x=1", NULL, "{\"a\":1,\"v\":{\"n\":8}}"},
    };

    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        char version[256];
        struct http_request request;

        snprintf(version, sizeof(version), "{ read: { header: X }, send: %s }", cases[i].send);
        begin(version, "");
        request = write_of(bytes_of(cases[i].version));
        ck_assert_str_eq(request.url, cases[i].url);
        ck_assert_msg(is(header(&request, "X-V"), cases[i].header), "%s", cases[i].send);
        ck_assert_msg(is(request.body, cases[i].body), "%.*s", BYTES_ARG(request.body));
        end();
    }
}
END_TEST

START_TEST(what_cannot_go_back_so_is_no_version)
{
    static const struct {
        const char *send, *good, *bad;
    } cases[] = {
        {"{ header: If-Match }", "\"a\"", "a"},
        {"{ header: if-match, as: quote }", "a", "a\"b"},
        {"{ header: If-Match, as: quote }", "1-x", "1 x"},
        {"{ header: X, as: increment }", "18446744073709551614", "18446744073709551615"},
        {"{ pointer: /v, as: number }", "12", "1.5"},
        {"{ pointer: /v, as: number }", "0", "01"},
        {"{ pointer: /v }", "\xc3\xa9", "\xc3"},
        {"{ header: X, as: unquote }", "\"a\"", "\"\""},
    };

    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct http_header good = {BYTES("V"), bytes_of(cases[i].good)}, bad = {BYTES("V"), bytes_of(cases[i].bad)};
        char version[256];

        snprintf(version, sizeof(version), "{ read: { header: V }, send: %s }", cases[i].send);
        begin(version, "");
        ck_assert_msg(is(answer(false, &good, 1, "{}").version, cases[i].good), "%s %s", cases[i].send, cases[i].good);
        ck_assert_msg(is(answer(false, &bad, 1, "{}").version, NULL), "%s %s", cases[i].send, cases[i].bad);
        end();
    }
}
END_TEST

START_TEST(a_version_may_have_several_parts)
{
    begin("{ read: { pointer: [/_seq_no, /_term] }, send: { query: [if_seq_no, if_term] } }", "document: /_source");
    ck_assert(is(answer(false, NULL, 0, "{\"_seq_no\":12,\"_term\":\"a&b\",\"_source\":{}}").version, "12,a&b"));
    ck_assert(is(answer(false, NULL, 0, "{\"_seq_no\":12,\"_source\":{}}").version, NULL));
    ck_assert(is(answer(false, NULL, 0, "{\"_seq_no\":12,\"_term\":\"a,b\",\"_source\":{}}").version, NULL));
    ck_assert_str_eq(write_of(BYTES("12,a&b")).url, "http://service/a?x=1&if_seq_no=12&if_term=a%26b");
    end();
}
END_TEST

START_TEST(in_a_json_patch_the_version_is_a_test)
{
    begin("{ read: { pointer: /v }, send: { pointer: /v, as: number } }", "write: json-patch");
    ck_assert(is(write_of(BYTES("3")).body, "[{\"op\":\"test\",\"path\":\"/v\",\"value\":3}]"));
    end();
}
END_TEST

START_TEST(a_date_is_exact_once_its_second_is_over)
{
    struct http_header headers[] = {{BYTES("Last-Modified"), BYTES("Sun, 06 Nov 1994 08:49:37 GMT")},
                                    {BYTES("Date"), BYTES("Sun, 06 Nov 1994 08:49:37 GMT")}};
    struct answer read;

    begin("{ read: { header: Last-Modified }, send: { header: If-Unmodified-Since }, resolution: 1s }", "");
    read = answer(false, headers, 2, "{}");
    ck_assert(is(read.version, "Sun, 06 Nov 1994 08:49:37 GMT") && !read.version_is_exact);
    headers[1].value = BYTES("Sun, 06 Nov 1994 08:49:38 GMT");
    ck_assert(answer(false, headers, 2, "{}").version_is_exact);
    ck_assert(!answer(true, headers, 2, "").version_is_exact);  /* somebody may write in the same second */
    ck_assert(!answer(false, headers, 1, "{}").version_is_exact); /* nobody knows */
    ck_assert_str_eq(precondition_unless_current(profile, read.version), "If-Modified-Since");
    end();
}
END_TEST

START_TEST(only_an_entity_tag_makes_a_read_conditional)
{
    begin("{ read: { pointer: /_rev }, send: { pointer: /_rev } }", "");
    ck_assert_ptr_null(precondition_unless_current(profile, BYTES("1-a")));
    end();
    begin("{ read: [{ header: ETag }, { pointer: /a }], send: { header: X } }", "");
    ck_assert_str_eq(precondition_unless_current(profile, BYTES("W/\"1\"")), "If-None-Match");
    ck_assert_ptr_null(precondition_unless_current(profile, BYTES("1-a")));
    end();
}
END_TEST

UNIT_TESTS("service/precondition", a_version_is_read_where_the_profile_says, an_answer_to_a_write_may_have_it_elsewhere,
           a_version_goes_back_where_and_as_the_profile_says, what_cannot_go_back_so_is_no_version,
           a_version_may_have_several_parts, in_a_json_patch_the_version_is_a_test,
           a_date_is_exact_once_its_second_is_over, only_an_entity_tag_makes_a_read_conditional)
