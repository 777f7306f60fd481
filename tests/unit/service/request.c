#include "service/request.h"
#include "tests/support/profile.h"
#include "tests/support/unit.h"

static struct arena *arena;
static struct address *address;
static struct http_request request;
static const char *why;

static void begin(void)
{
    arena = arena_new(4096);
    ck_assert(address_new("http://service/documents/{id}?full=1", NULL, &address, NULL));
}

static bool make(struct profile *profile, struct action action)
{
    const struct request_context context = {
        .profile = profile,
        .address = address,
        .timeout_ms = 1234,
        .answer_bytes_max = 99,
    };

    action.id = 5;
    return request_make(&context, &action, arena, &request, &why);
}

static void end(struct profile *profile)
{
    profile_free(profile);
    address_free(address);
    arena_free(arena);
}

static struct bytes header(const char *name)
{
    struct bytes found = BYTES_NONE;

    for (size_t i = 0; i < request.header_count; i++)
        if (bytes_equal(request.headers[i].name, bytes_of(name))) {
            ck_assert_msg(!bytes_present(found), "%s is there twice", name);
            found = request.headers[i].value;
        }
    return found;
}

static void assert_body(const char *expected)
{
    ck_assert_msg(bytes_equal(request.body, bytes_of(expected)), "%.*s", BYTES_ARG(request.body));
}

START_TEST(a_read_asks_for_one_representation)
{
    struct profile *profile = profile_shipped("etag", SERVICE_WRITE_PROFILE);

    begin();
    ck_assert(make(profile, (struct action){.kind = ACTION_READ, .read.document = BYTES("a/b")}));
    ck_assert_str_eq(request.method, "GET");
    ck_assert_str_eq(request.url, "http://service/documents/a%2Fb?full=1");
    ck_assert_uint_eq(request.id, 5);
    ck_assert_int_eq(request.timeout_ms, 1234);
    ck_assert_uint_eq(request.answer_bytes_max, 99);
    ck_assert(!bytes_present(request.body));
    ck_assert(bytes_equal(header("Accept"), BYTES("application/json")));
    ck_assert(bytes_equal(header("Accept-Encoding"), BYTES("identity")));
    ck_assert(!bytes_present(header("If-None-Match")) && !bytes_present(header("If-Modified-Since")));
    end(profile);
}
END_TEST

START_TEST(a_known_version_makes_a_read_conditional)
{
    struct profile *profile = profile_shipped("etag", SERVICE_WRITE_PROFILE);
    const struct bytes date = BYTES("Sun, 06 Nov 1994 08:49:37 GMT");

    begin();
    ck_assert(make(profile, (struct action){.kind = ACTION_READ,
                                            .read = {BYTES("a"), BYTES("W/\"x\""), date}}));
    ck_assert(bytes_equal(header("If-None-Match"), BYTES("W/\"x\"")));
    ck_assert(!bytes_present(header("If-Modified-Since"))); /* it would be ignored */
    ck_assert(make(profile, (struct action){.kind = ACTION_READ, .read = {BYTES("a"), BYTES_NONE, date}}));
    ck_assert(!bytes_present(header("If-None-Match")));
    ck_assert(bytes_equal(header("If-Modified-Since"), date));
    end(profile);
}
END_TEST

START_TEST(a_put_sends_the_whole_document_with_its_precondition)
{
    struct profile *profile = profile_shipped("etag", SERVICE_WRITE_PROFILE);
    struct write_action write = {.document = BYTES("a"), .version = BYTES("\"1\""), .body = BYTES("{\"a\": 1.0}")};

    begin();
    ck_assert(make(profile, (struct action){.kind = ACTION_WRITE, .write = write}));
    ck_assert_str_eq(request.method, "PUT");
    ck_assert(bytes_equal(header("If-Match"), BYTES("\"1\"")));
    ck_assert(bytes_equal(header("Content-Type"), BYTES("application/json")));
    assert_body("{\"a\": 1.0}");
    write.version = BYTES_NONE; /* unprotected, as the configuration allowed */
    ck_assert(make(profile, (struct action){.kind = ACTION_WRITE, .write = write}));
    ck_assert(!bytes_present(header("If-Match")));
    end(profile);
}
END_TEST

START_TEST(a_put_has_the_envelope_and_leaves_out_what_is_read_only)
{
    struct profile *profile = profile_shipped("kinto", SERVICE_WRITE_PROFILE);

    begin();
    ck_assert(make(profile, (struct action){.kind = ACTION_WRITE,
                                            .write = {.document = BYTES("a"),
                                                      .version = BYTES("\"1\""),
                                                      .body = BYTES("{\"id\":\"a\",\"x\":1e2,\"last_modified\":7}")}}));
    assert_body("{\"data\":{\"x\":1e2}}");
    ck_assert(make(profile, (struct action){.kind = ACTION_WRITE, .write = {.document = BYTES("a"), .body = BYTES("{}")}}));
    assert_body("{\"data\":{}}");
    end(profile);
}
END_TEST

static bool make_patch(struct profile *profile, const struct json_edit *edits, size_t count)
{
    return make(profile, (struct action){.kind = ACTION_WRITE,
                                         .write = {.document = BYTES("a"),
                                                   .version = BYTES("\"1\""),
                                                   .body = BYTES("{}"),
                                                   .edits = edits,
                                                   .edit_count = count}});
}

START_TEST(a_merge_patch_is_composed_of_the_edits)
{
    struct profile *etag = profile_shipped("etag", SERVICE_WRITE_MERGE_PATCH);
    struct profile *kinto = profile_shipped("kinto", SERVICE_WRITE_MERGE_PATCH);
    const struct json_edit edits[] = {
        {.pointer = BYTES("/a/b"), .value = BYTES("1.50")},
        {.pointer = BYTES("/a/c~1d"), .value = BYTES("[null,{\"e\":null}]")}, /* null in an array is a value */
        {.pointer = BYTES("/f")},
    };

    begin();
    ck_assert(make_patch(etag, edits, 3));
    ck_assert_str_eq(request.method, "PATCH");
    ck_assert(bytes_equal(header("Content-Type"), BYTES("application/merge-patch+json")));
    ck_assert(bytes_equal(header("If-Match"), BYTES("\"1\"")));
    assert_body("{\"a\":{\"b\":1.50,\"c/d\":[null,{\"e\":null}]},\"f\":null}");
    ck_assert(make_patch(kinto, edits + 2, 1));
    assert_body("{\"data\":{\"f\":null}}");
    profile_free(etag);
    end(kinto);
}
END_TEST

START_TEST(what_a_merge_patch_cannot_say_is_not_sent)
{
    struct profile *profile = profile_shipped("etag", SERVICE_WRITE_MERGE_PATCH);
    static const char *const values[] = {"null", "{\"a\":null}", "{\"a\":1}", "{}"};

    begin();
    for (size_t i = 0; i < 4; i++) {
        const struct json_edit edits[] = {{.pointer = BYTES("/x"), .value = BYTES("1")},
                                          {.pointer = BYTES("/y"), .value = bytes_of(values[i])}};

        why = NULL;
        ck_assert_msg(!make_patch(profile, edits, 2), "%s", values[i]);
        ck_assert_ptr_nonnull(strstr(why, "RFC 7396"));
    }
    end(profile);
}
END_TEST

START_TEST(a_create_puts_a_document_that_is_not_there)
{
    const struct write_action write = {.kind = WRITE_CREATE, .document = BYTES("a"), .body = BYTES("{\"a\":{}}")};
    const struct {
        const char *name;
        enum service_write write;
        const char *body;
    } cases[] = {{"etag", SERVICE_WRITE_PROFILE, "{\"a\":{}}"},
                 {"etag", SERVICE_WRITE_MERGE_PATCH, "{\"a\":{}}"},
                 {"kinto", SERVICE_WRITE_PROFILE, "{\"data\":{\"a\":{}}}"}};

    for (size_t i = 0; i < 3; i++) {
        struct profile *profile = profile_shipped(cases[i].name, cases[i].write);

        begin();
        ck_assert(make(profile, (struct action){.kind = ACTION_WRITE, .write = write}));
        ck_assert_str_eq(request.method, "PUT");
        ck_assert(bytes_equal(header("If-None-Match"), BYTES("*")));
        ck_assert(!bytes_present(header("If-Match")));
        ck_assert(bytes_equal(header("Content-Type"), BYTES("application/json")));
        assert_body(cases[i].body);
        end(profile);
    }
}
END_TEST

START_TEST(a_delete_goes_under_the_version)
{
    struct profile *profile = profile_shipped("etag", SERVICE_WRITE_MERGE_PATCH);
    const struct write_action write = {.kind = WRITE_DELETE, .document = BYTES("a"), .version = BYTES("\"1\"")};

    begin();
    ck_assert(make(profile, (struct action){.kind = ACTION_WRITE, .write = write}));
    ck_assert_str_eq(request.method, "DELETE");
    ck_assert(bytes_equal(header("If-Match"), BYTES("\"1\"")));
    ck_assert(!bytes_present(header("If-None-Match")) && !bytes_present(header("Content-Type")));
    ck_assert(!bytes_present(request.body));
    end(profile);
}
END_TEST

START_TEST(a_write_that_is_held_to_its_fields_sends_no_version)
{
    struct profile *profile = profile_shipped("kinto", SERVICE_WRITE_JSON_PATCH);
    const struct write_action delete = {.kind = WRITE_DELETE, .document = BYTES("a"), .version = BYTES("\"1\"")};
    const struct write_action write = {.document = BYTES("a"), .version = BYTES("\"1\""), .before = BYTES("{}"),
                                       .body = BYTES("{}")};

    begin();
    ck_assert(make(profile, (struct action){.kind = ACTION_WRITE, .write = write}));
    ck_assert(bytes_equal(header("If-Match"), BYTES("\"1\"")));
    profile->tests_fields = true;
    ck_assert(make(profile, (struct action){.kind = ACTION_WRITE, .write = write}));
    ck_assert(!bytes_present(header("If-Match")));
    ck_assert(make(profile, (struct action){.kind = ACTION_WRITE, .write = delete})); /* it has no tests */
    ck_assert(bytes_equal(header("If-Match"), BYTES("\"1\"")));
    end(profile);
}
END_TEST

START_TEST(a_profile_fixes_headers)
{
    struct error error = {0};
    struct profile *profile =
        profile_of("version: { read: { header: ETag }, send: { header: If-Match } }\n"
                   "headers: { read: { accept: a/b }, write: { X-One: 1, content-type: c/d } }\n"
                   "answers: { read: { ok: [200] }, write: { ok: [200] } }\n",
                   &error);

    ck_assert_msg(profile != NULL, "%s", error.text);
    begin();
    ck_assert(make(profile, (struct action){.kind = ACTION_READ, .read.document = BYTES("a")}));
    ck_assert(bytes_equal(header("accept"), BYTES("a/b")) && !bytes_present(header("Accept")));
    ck_assert(!bytes_present(header("X-One")));
    ck_assert(make(profile, (struct action){.kind = ACTION_WRITE, .write = {.document = BYTES("a"), .body = BYTES("{}")}}));
    ck_assert(bytes_equal(header("Accept"), BYTES("application/json")) && bytes_equal(header("X-One"), BYTES("1")));
    ck_assert(bytes_equal(header("content-type"), BYTES("c/d")) && !bytes_present(header("Content-Type")));
    end(profile);
}
END_TEST

UNIT_TESTS("service/request", a_read_asks_for_one_representation,
           a_known_version_makes_a_read_conditional, a_put_sends_the_whole_document_with_its_precondition,
           a_put_has_the_envelope_and_leaves_out_what_is_read_only, a_merge_patch_is_composed_of_the_edits,
           what_a_merge_patch_cannot_say_is_not_sent, a_create_puts_a_document_that_is_not_there,
           a_delete_goes_under_the_version, a_write_that_is_held_to_its_fields_sends_no_version, a_profile_fixes_headers)
