#include "../../support/unit.h"

#include "loop/overlay.h"

#include <stdio.h>

/* What a dry run keeps of its writes, and what is left of it when the service's own document moves on. */

static struct overlay *overlay;

static struct answer answer_of(const char *version, const char *document)
{
    return (struct answer){.meaning = MEANING_OK,
                           .sent = SENT_ONCE,
                           .status = 200,
                           .version = bytes_of(version),
                           .version_is_exact = true,
                           .document = bytes_of(document),
                           .retry_after_ms = -1};
}

static struct answer read_at(const char *version, const char *document)
{
    struct answer answer = answer_of(version, document);

    overlay_read(overlay, BYTES("4711"), &answer);
    return answer;
}

static void check_read(const char *version, const char *document, const char *wanted_version, const char *wanted)
{
    struct answer answer = read_at(version, document);

    ck_assert_msg(bytes_equal(answer.document, bytes_of(wanted)), "%.*s", BYTES_ARG(answer.document));
    ck_assert_msg(bytes_equal(answer.version, bytes_of(wanted_version)), "%.*s", BYTES_ARG(answer.version));
}

static struct answer write_edit(const char *expected, const char *version, const char *document, const char *pointer,
                                const char *value)
{
    const struct json_edit edit = {bytes_of(pointer), bytes_of(value)};
    const struct write_action write = {
        .document = BYTES("4711"), .version = bytes_of(expected), .edits = &edit, .edit_count = 1};
    struct answer answer = answer_of(version, document);

    overlay_write(overlay, &write, &answer);
    return answer;
}

static void keep(const char *expected, const char *version, const char *document, const char *pointer, const char *value)
{
    struct answer answer = write_edit(expected, version, document, pointer, value);

    ck_assert_int_eq(answer.meaning, MEANING_OK);
    ck_assert(!bytes_present(answer.document));
}

static void begin(void)
{
    overlay = overlay_new();
}

static void end(void)
{
    overlay_free(overlay);
}

START_TEST(a_document_without_edits_is_as_the_service_has_it)
{
    begin();
    check_read("v1", "{\"a\":1}", "v1", "{\"a\":1}");
    ck_assert(!overlay_has(overlay, BYTES("4711")));
    ck_assert_uint_eq(overlay_bytes(overlay), 0);
    end();
}
END_TEST

START_TEST(what_was_written_is_read_again_under_a_version_of_its_own)
{
    begin();
    keep("v1", "v1", "{\"a\": 1, \"b\": 2}", "/a", "10");
    check_read("v1", "{\"a\": 1, \"b\": 2}", "v1 dry-run 1", "{\"a\": 10, \"b\": 2}");
    keep("v1 dry-run 1", "v1", "{\"a\": 1, \"b\": 2}", "/a", "11");
    keep("v1 dry-run 2", "v1", "{\"a\": 1, \"b\": 2}", "/b", NULL);
    check_read("v1", "{\"a\": 1, \"b\": 2}", "v1 dry-run 3", "{\"a\": 11}");
    ck_assert_uint_eq(overlay_documents(overlay), 1);
    end();
}
END_TEST

START_TEST(a_write_under_a_version_that_is_over_is_stale_and_keeps_nothing)
{
    begin();
    ck_assert_int_eq(write_edit("v1", "v2", "{\"a\":1}", "/a", "10").meaning, MEANING_STALE);
    ck_assert(!overlay_has(overlay, BYTES("4711")));
    keep("v2", "v2", "{\"a\":1}", "/a", "10");
    ck_assert_int_eq(write_edit("v2", "v2", "{\"a\":1}", "/a", "11").meaning, MEANING_STALE);
    ck_assert_int_eq(write_edit("v2 dry-run 1", "v3", "{\"a\":1}", "/a", "11").meaning, MEANING_STALE);
    check_read("v2", "{\"a\":1}", "v2 dry-run 1", "{\"a\":10}");
    end();
}
END_TEST

START_TEST(a_field_that_somebody_changes_since_is_theirs)
{
    begin();
    keep("v1", "v1", "{\"a\":1,\"b\":2}", "/a", "10");
    keep("v1 dry-run 1", "v1", "{\"a\":1,\"b\":2}", "/b", "20");
    check_read("v2", "{\"a\":5,\"b\":2.0}", "v2 dry-run 2", "{\"a\":5,\"b\":20}");
    check_read("v3", "{\"a\":1,\"b\":2}", "v3 dry-run 2", "{\"a\":1,\"b\":20}");
    check_read("v4", "{\"a\":1}", "v4 dry-run 2", "{\"a\":1}");
    end();
}
END_TEST

START_TEST(edits_inside_one_another_become_one)
{
    begin();
    keep("v1", "v1", "{}", "/a/b", "1");
    keep("v1 dry-run 1", "v1", "{}", "/a", "{\"c\":2}");
    keep("v1 dry-run 2", "v1", "{}", "/a/d", "3");
    keep("v1 dry-run 3", "v1", "{}", "/a/c", NULL);
    check_read("v1", "{}", "v1 dry-run 4", "{\"a\":{\"d\":3}}");
    keep("v1 dry-run 4", "v1", "{}", "/a", NULL);
    keep("v1 dry-run 5", "v1", "{}", "/a/e", "4");
    check_read("v1", "{}", "v1 dry-run 6", "{\"a\":{\"e\":4}}");
    check_read("v2", "{\"a\":[1]}", "v2 dry-run 6", "{\"a\":[1]}");
    end();
}
END_TEST

START_TEST(an_edit_whose_parent_is_no_object_any_more_is_over)
{
    begin();
    keep("v1", "v1", "{\"p\":{}}", "/p/a", "1");
    check_read("v2", "{\"p\":7}", "v2 dry-run 1", "{\"p\":7}");
    end();
}
END_TEST

START_TEST(what_the_service_says_against_a_read_stands_and_leaves_no_write_in_doubt)
{
    struct answer answer = {.meaning = MEANING_OUTAGE, .sent = SENT_ONCE, .retry_after_ms = -1};
    const struct write_action write = {.document = BYTES("4711"), .version = BYTES("v1")};

    begin();
    overlay_write(overlay, &write, &answer);
    ck_assert_int_eq(answer.meaning, MEANING_OUTAGE);
    ck_assert_int_eq(answer.sent, SENT_NOT);
    ck_assert(!overlay_has(overlay, BYTES("4711")));
    end();
}
END_TEST

START_TEST(without_a_version_a_write_is_taken_as_it_comes)
{
    begin();
    keep(NULL, NULL, "{\"a\":1}", "/a", "2");
    check_read(NULL, "{\"a\":1}", NULL, "{\"a\":2}");
    end();
}
END_TEST

static struct answer missing(void)
{
    return (struct answer){.meaning = MEANING_MISSING, .sent = SENT_ONCE, .status = 404, .retry_after_ms = -1};
}

static enum meaning write_whole(enum write_kind kind, const char *expected, struct answer answer, const char *body)
{
    const struct write_action write = {
        .kind = kind, .document = BYTES("4711"), .version = bytes_of(expected), .body = bytes_of(body)};

    overlay_write(overlay, &write, &answer);
    return answer.meaning;
}

static void check_missing(struct answer answer, enum meaning wanted)
{
    overlay_read(overlay, BYTES("4711"), &answer);
    ck_assert_int_eq(answer.meaning, wanted);
}

START_TEST(a_document_that_would_have_been_made_is_there_until_somebody_makes_one)
{
    struct answer answer = missing();

    begin();
    check_missing(missing(), MEANING_MISSING);
    ck_assert_int_eq(write_whole(WRITE_CREATE, NULL, missing(), "{\"a\":1}"), MEANING_OK);
    overlay_read(overlay, BYTES("4711"), &answer);
    ck_assert_int_eq(answer.meaning, MEANING_OK);
    ck_assert(bytes_equal(answer.document, BYTES("{\"a\":1}")) && bytes_equal(answer.version, BYTES("dry-run 1")));
    ck_assert(answer.version_is_exact);
    ck_assert_int_eq(write_whole(WRITE_CREATE, NULL, missing(), "{\"a\":2}"), MEANING_STALE);
    ck_assert_int_eq(write_whole(WRITE_CHANGE, "dry-run 0", missing(), "{\"a\":2}"), MEANING_STALE);
    ck_assert_int_eq(write_whole(WRITE_CHANGE, "dry-run 1", missing(), "{\"a\":2}"), MEANING_OK);
    answer = missing();
    overlay_read(overlay, BYTES("4711"), &answer);
    ck_assert(bytes_equal(answer.document, BYTES("{\"a\":2}")));
    check_read("v1", "{\"b\":1}", "v1 dry-run 2", "{\"b\":1}");
    end();
}
END_TEST

START_TEST(a_document_that_would_have_been_deleted_is_missing_until_somebody_writes_it)
{
    begin();
    ck_assert_int_eq(write_whole(WRITE_DELETE, "v0", answer_of("v1", "{}"), NULL), MEANING_STALE);
    ck_assert_int_eq(write_whole(WRITE_DELETE, "v1", answer_of("v1", "{}"), NULL), MEANING_OK);
    check_missing(answer_of("v1", "{}"), MEANING_MISSING);
    ck_assert_int_eq(write_whole(WRITE_CHANGE, "v1", answer_of("v1", "{}"), "{}"), MEANING_MISSING);
    check_read("v2", "{}", "v2 dry-run 1", "{}");
    ck_assert_int_eq(write_whole(WRITE_DELETE, "v2 dry-run 1", answer_of("v2", "{}"), NULL), MEANING_OK);
    ck_assert_int_eq(write_whole(WRITE_CREATE, NULL, answer_of("v2", "{}"), "{\"a\":1}"), MEANING_OK);
    check_read("v2", "{}", "v2 dry-run 3", "{\"a\":1}");
    end();
}
END_TEST

START_TEST(edits_of_a_document_that_is_really_deleted_are_over)
{
    begin();
    keep("v1", "v1", "{\"a\":1}", "/a", "2");
    check_missing(missing(), MEANING_MISSING);
    check_read("v2", "{\"a\":1}", "v2 dry-run 1", "{\"a\":1}");
    end();
}
END_TEST

UNIT_TESTS("loop/overlay", a_document_without_edits_is_as_the_service_has_it,
           what_was_written_is_read_again_under_a_version_of_its_own,
           a_write_under_a_version_that_is_over_is_stale_and_keeps_nothing, a_field_that_somebody_changes_since_is_theirs,
           edits_inside_one_another_become_one, an_edit_whose_parent_is_no_object_any_more_is_over,
           what_the_service_says_against_a_read_stands_and_leaves_no_write_in_doubt,
           without_a_version_a_write_is_taken_as_it_comes,
           a_document_that_would_have_been_made_is_there_until_somebody_makes_one,
           a_document_that_would_have_been_deleted_is_missing_until_somebody_writes_it,
           edits_of_a_document_that_is_really_deleted_are_over)
