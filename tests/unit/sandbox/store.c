#include "common/memory.h"
#include "sandbox/store.h"
#include "tests/support/unit.h"

static struct store_result put(struct store *store, const char *id, const char *if_match, const char *body)
{
    struct store_write write = {.method = STORE_PUT, .document = bytes_of(id), .writer = BYTES("anonymous"),
                                .if_match = bytes_of(if_match), .body = bytes_of(body), .at_ms = 1000};
    struct store_result result;

    store_write(store, &write, &result);
    return result;
}

static struct store_result patch(struct store *store, const char *id, const char *if_match, const char *body)
{
    struct store_write write = {.method = STORE_PATCH, .document = bytes_of(id), .writer = BYTES("user"),
                                .if_match = bytes_of(if_match), .body = bytes_of(body), .at_ms = 2000};
    struct store_result result;

    store_write(store, &write, &result);
    return result;
}

static void expect_text(const struct store *store, const char *id, const char *wanted)
{
    struct store_document document;

    ck_assert(store_find(store, bytes_of(id), &document));
    ck_assert_uint_eq(document.text.size, strlen(wanted));
    ck_assert_mem_eq(document.text.data, wanted, strlen(wanted));
}

START_TEST(a_write_needs_the_version_that_is_there)
{
    struct store *store = store_new(0);

    ck_assert_int_eq(put(store, "a", NULL, "{\"x\":1}").outcome, STORE_CREATED);
    ck_assert_int_eq(put(store, "a", NULL, "{\"x\":2}").outcome, STORE_UNCONDITIONAL);
    ck_assert_int_eq(put(store, "a", "\"7\"", "{\"x\":2}").outcome, STORE_STALE);
    ck_assert_int_eq(put(store, "a", "W/\"1\"", "{\"x\":2}").outcome, STORE_STALE);
    expect_text(store, "a", "{\"x\":1}");
    ck_assert_int_eq(put(store, "a", "\"1\"", "{\"x\": 2.50}").outcome, STORE_WRITTEN);
    expect_text(store, "a", "{\"x\": 2.50}");
    ck_assert_int_eq(put(store, "a", "\"1\"", "{\"x\":3}").outcome, STORE_STALE);
    ck_assert_uint_eq(store_stale(store), 3);
    ck_assert_int_eq(put(store, "b", "\"1\"", "{}").outcome, STORE_MISSING);
    store_free(store);
}
END_TEST

START_TEST(creating_what_is_there_is_stale)
{
    struct store *store = store_new(0);
    struct store_write write = {.method = STORE_PUT, .document = BYTES("a"), .writer = BYTES("w"),
                                .if_none_match = BYTES("*"), .body = BYTES("{}")};
    struct store_result result;

    store_write(store, &write, &result);
    ck_assert_int_eq(result.outcome, STORE_CREATED);
    store_write(store, &write, &result);
    ck_assert_int_eq(result.outcome, STORE_STALE);
    store_free(store);
}
END_TEST

START_TEST(a_document_created_anew_has_a_new_version)
{
    struct store *store = store_new(0);
    struct store_write removal = {.method = STORE_DELETE, .document = BYTES("a"), .writer = BYTES("w"),
                                  .if_match = BYTES("\"1\"")};
    struct store_result result;
    struct store_document document;

    put(store, "a", NULL, "{}");
    put(store, "b", NULL, "{}");
    store_write(store, &removal, &result);
    ck_assert_int_eq(result.outcome, STORE_WRITTEN);
    ck_assert_uint_eq(result.version, 0);
    ck_assert(!store_find(store, BYTES("a"), &document));
    ck_assert_uint_eq(store_count(store), 1);
    store_at(store, 0, &document);
    ck_assert(bytes_equal(document.id, BYTES("b")));
    ck_assert_uint_gt(put(store, "a", NULL, "{}").version, 2);
    store_free(store);
}
END_TEST

START_TEST(a_body_that_is_no_object_changes_nothing)
{
    static const char *const bodies[] = {"", "[1]", "{\"a\":1", "{\"a\":1,\"a\":2}", "null"};
    struct store *store = store_new(0);

    put(store, "a", NULL, "{}");
    for (size_t i = 0; i < sizeof(bodies) / sizeof(bodies[0]); i++) {
        ck_assert_int_eq(put(store, "a", "\"1\"", bodies[i]).outcome, STORE_BAD_BODY);
        ck_assert_int_eq(put(store, "new", NULL, bodies[i]).outcome, STORE_BAD_BODY);
    }
    expect_text(store, "a", "{}");
    ck_assert_uint_eq(store_count(store), 1);
    store_free(store);
}
END_TEST

/* The examples of RFC 7396, those whose document and patch are objects. */
START_TEST(a_patch_does_what_rfc_7396_says)
{
    static const char *const rows[][3] = {
        {"{\"a\":\"b\"}", "{\"a\":\"c\"}", "{\"a\":\"c\"}"},
        {"{\"a\":\"b\"}", "{\"b\":\"c\"}", "{\"a\":\"b\",\"b\":\"c\"}"},
        {"{\"a\":\"b\"}", "{\"a\":null}", "{}"},
        {"{\"a\":\"b\",\"b\":\"c\"}", "{\"a\":null}", "{\"b\":\"c\"}"},
        {"{\"a\":[\"b\"]}", "{\"a\":\"c\"}", "{\"a\":\"c\"}"},
        {"{\"a\":\"c\"}", "{\"a\":[\"b\"]}", "{\"a\":[\"b\"]}"},
        {"{\"a\":{\"b\":\"c\"}}", "{\"a\":{\"b\":\"d\",\"c\":null}}", "{\"a\":{\"b\":\"d\"}}"},
        {"{\"a\":[{\"b\":\"c\"}]}", "{\"a\":[1]}", "{\"a\":[1]}"},
        {"{\"e\":null}", "{\"a\":1}", "{\"e\":null,\"a\":1}"},
        {"{}", "{\"a\":{\"bb\":{\"ccc\":null}}}", "{\"a\":{\"bb\":{}}}"},
        {"{\"a\":1}", "{\"a\":{\"b\":null,\"c\":2}}", "{\"a\":{\"c\":2}}"},
        {"{ \"n\" : 1.50, \"m\":{ \"x\":1 } }", "{\"m\":{\"x\":2}}", "{ \"n\" : 1.50, \"m\":{ \"x\":2 } }"},
        {"{\"a/b\":{\"~\":1}}", "{\"a/b\":{\"~\":2}}", "{\"a/b\":{\"~\":2}}"},
    };

    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct store *store = store_new(0);

        put(store, "a", NULL, rows[i][0]);
        ck_assert_int_eq(patch(store, "a", "\"1\"", rows[i][1]).outcome, STORE_WRITTEN);
        expect_text(store, "a", rows[i][2]);
        store_free(store);
    }
}
END_TEST

START_TEST(the_log_has_a_line_for_each_write_and_for_each_lost_one)
{
    struct store *store = store_new(0);
    struct store_write lost = {.method = STORE_PUT, .document = BYTES("a"), .writer = BYTES("anonymous"),
                               .if_match = BYTES("\"2\""), .body = BYTES("{}"), .fault = BYTES("request_lost"),
                               .at_ms = 3000};
    auto_buffer log;

    buffer_init(&log, 1 << 16);
    put(store, "a", NULL, "{\n\"x\":1}");
    put(store, "a", "\"9\"", "{\"x\":1}");
    patch(store, "a", "\"1\"", "{\"x\":2}");
    store_lose(store, &lost);
    store_log_read(store, 0, 100, &log);
    buffer_add_char(&log, '\0');
    ck_assert_str_eq(log.data,
                     "{\"seq\":1,\"at_ms\":1000,\"document\":\"a\",\"method\":\"PUT\",\"writer\":\"anonymous\","
                     "\"if_match\":null,\"version_before\":null,\"version_after\":\"\\\"1\\\"\",\"fault\":null,"
                     "\"before\":null,\"after\":{ \"x\":1}}\n"
                     "{\"seq\":2,\"at_ms\":2000,\"document\":\"a\",\"method\":\"PATCH\",\"writer\":\"user\","
                     "\"if_match\":\"\\\"1\\\"\",\"version_before\":\"\\\"1\\\"\",\"version_after\":\"\\\"2\\\"\","
                     "\"fault\":null,\"before\":{ \"x\":1},\"after\":{ \"x\":2}}\n"
                     "{\"seq\":3,\"at_ms\":3000,\"document\":\"a\",\"method\":\"PUT\",\"writer\":\"anonymous\","
                     "\"if_match\":\"\\\"2\\\"\",\"version_before\":\"\\\"2\\\"\",\"version_after\":null,"
                     "\"fault\":\"request_lost\",\"before\":{ \"x\":2},\"after\":null}\n");
    expect_text(store, "a", "{\n\"x\":2}");
    store_free(store);
}
END_TEST

static size_t lines_after(const struct store *store, uint64_t after, size_t limit)
{
    size_t lines = 0;
    auto_buffer log;

    buffer_init(&log, 1 << 16);
    store_log_read(store, after, limit, &log);
    for (size_t i = 0; i < log.size; i++)
        lines += log.data[i] == '\n';
    return lines;
}

START_TEST(the_log_forgets_what_its_reader_has_and_no_more)
{
    struct store *store = store_new(0), *small = store_new(2);

    for (size_t i = 0; i < 5; i++) {
        const char id[2] = {(char)('a' + i), '\0'};

        put(store, id, NULL, "{}");
        put(small, id, NULL, "{}");
    }
    ck_assert_uint_eq(lines_after(store, 2, 2), 2);
    ck_assert_uint_eq(lines_after(store, 2, 9), 3);
    ck_assert_uint_eq(lines_after(store, 0, 9), 5);
    store_log_trim(store, 2);
    ck_assert_uint_eq(lines_after(store, 0, 9), 3);
    ck_assert_uint_eq(lines_after(small, 0, 9), 2);
    store_free(store);
    store_free(small);
}
END_TEST

START_TEST(a_header_of_several_tags_names_each_of_them)
{
    ck_assert(store_etag_matches(BYTES("\"1\", \"12\""), 12));
    ck_assert(store_etag_matches(BYTES("*"), 12));
    ck_assert(!store_etag_matches(BYTES("\"1\",\"2\""), 12));
    ck_assert(!store_etag_matches(BYTES("12"), 12));
    ck_assert(!store_etag_matches(BYTES(""), 12));
}
END_TEST

UNIT_TESTS("sandbox/store", a_write_needs_the_version_that_is_there, creating_what_is_there_is_stale,
           a_document_created_anew_has_a_new_version, a_body_that_is_no_object_changes_nothing,
           a_patch_does_what_rfc_7396_says, the_log_has_a_line_for_each_write_and_for_each_lost_one,
           the_log_forgets_what_its_reader_has_and_no_more, a_header_of_several_tags_names_each_of_them)
