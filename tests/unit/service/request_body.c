#include "service/request_body.h"
#include "tests/support/profile.h"
#include "tests/support/unit.h"

static struct arena *arena;
static const char *why;

static void begin(void)
{
    arena = arena_new(4096);
    why = NULL;
}

static void end(struct profile *profile)
{
    profile_free(profile);
    arena_free(arena);
}

static void assert_body(const struct profile *profile, struct write_action write, const char *expected)
{
    struct bytes body;

    write.document = BYTES("a");
    ck_assert_msg(request_body(profile, &write, arena, &body, &why), "%s", why);
    ck_assert_msg(bytes_equal(body, bytes_of(expected)), "%.*s", BYTES_ARG(body));
}

START_TEST(a_json_patch_replaces_adds_and_removes)
{
    struct profile *profile = profile_shipped("etag", SERVICE_WRITE_JSON_PATCH);
    const struct json_edit edits[] = {
        {.pointer = BYTES("/a"), .value = BYTES("1.50")},
        {.pointer = BYTES("/b/c~1d"), .value = BYTES("{\"e\":null}")},
        {.pointer = BYTES("/b/gone")},
        {.pointer = BYTES("/never")}, /* is not there: nothing to remove */
        {.pointer = BYTES("/n"), .value = BYTES("null")},
    };

    begin();
    assert_body(profile,
                (struct write_action){.before = BYTES("{\"a\":1,\"b\":{\"gone\":0}}"),
                                      .body = BYTES("{\"a\":1.50,\"b\":{\"c/d\":{\"e\":null}},\"n\":null}"),
                                      .edits = edits, .edit_count = 5},
                "[{\"op\":\"replace\",\"path\":\"/a\",\"value\":1.50},"
                "{\"op\":\"add\",\"path\":\"/b/c~1d\",\"value\":{\"e\":null}},"
                "{\"op\":\"remove\",\"path\":\"/b/gone\"},{\"op\":\"add\",\"path\":\"/n\",\"value\":null}]");
    ck_assert_str_eq(request_body_type(profile), "application/json-patch+json");
    end(profile);
}
END_TEST

START_TEST(a_json_patch_adds_missing_parents_once_with_all_that_goes_into_them)
{
    struct profile *profile = profile_shipped("kinto", SERVICE_WRITE_JSON_PATCH);
    const struct json_edit edits[] = {
        {.pointer = BYTES("/p/q/r"), .value = BYTES("1")},
        {.pointer = BYTES("/x"), .value = BYTES("0")},
        {.pointer = BYTES("/p/s"), .value = BYTES("2")},
        {.pointer = BYTES("/pp"), .value = BYTES("3")},
    };

    begin();
    assert_body(profile,
                (struct write_action){.before = BYTES("{\"x\":9}"),
                                      .body = BYTES("{\"x\":0,\"p\":{\"q\":{\"r\":1},\"s\":2},\"pp\":3}"), .edits = edits,
                                      .edit_count = 4},
                "[{\"op\":\"add\",\"path\":\"/data/p\",\"value\":{\"q\":{\"r\":1},\"s\":2}},"
                "{\"op\":\"replace\",\"path\":\"/data/x\",\"value\":0},"
                "{\"op\":\"add\",\"path\":\"/data/pp\",\"value\":3}]");
    end(profile);
}
END_TEST

START_TEST(fields_are_tested_as_they_were_read)
{
    struct profile *profile = profile_shipped("kinto", SERVICE_WRITE_JSON_PATCH);
    const struct json_edit edits[] = {{.pointer = BYTES("/a"), .value = BYTES("2")},
                                      {.pointer = BYTES("/p/new"), .value = BYTES("3")}};
    const struct bytes fields[] = {BYTES("/a"), BYTES("/guard"), BYTES("/p/new"), BYTES("/x/y")};

    begin();
    profile->tests_fields = true;
    assert_body(profile,
                (struct write_action){.version = BYTES("\"7\""),
                                      .before = BYTES("{\"a\":1.0,\"guard\":[ ],\"p\":{\"q\":0}}"),
                                      .body = BYTES("{\"a\":2,\"guard\":[ ],\"p\":{\"q\":0,\"new\":3}}"),
                                      .edits = edits, .edit_count = 2, .fields = fields, .field_count = 4},
                "[{\"op\":\"test\",\"path\":\"/data/a\",\"value\":1.0},"
                "{\"op\":\"test\",\"path\":\"/data/guard\",\"value\":[ ]},"
                "{\"op\":\"test\",\"path\":\"/data/p\",\"value\":{\"q\":0}}," /* nothing tests for absence */
                "{\"op\":\"test\",\"path\":\"/data\",\"value\":{\"a\":1.0,\"guard\":[ ],\"p\":{\"q\":0}}},"
                "{\"op\":\"replace\",\"path\":\"/data/a\",\"value\":2},"
                "{\"op\":\"add\",\"path\":\"/data/p/new\",\"value\":3}]");
    end(profile);
}
END_TEST

START_TEST(a_patch_of_odata_sets_null_and_removes_nothing)
{
    struct profile *profile = profile_shipped("etag", SERVICE_WRITE_ODATA_PATCH);
    const struct json_edit edits[] = {{.pointer = BYTES("/a/b"), .value = BYTES("null")},
                                      {.pointer = BYTES("/c"), .value = BYTES("[{}]")},
                                      {.pointer = BYTES("/d"), .value = BYTES("{}")},
                                      {.pointer = BYTES("/e")}};
    const struct write_action object = {.document = BYTES("a"), .body = BYTES("{}"), .edits = edits + 2, .edit_count = 1};
    const struct write_action removal = {.document = BYTES("a"), .body = BYTES("{}"), .edits = edits + 3, .edit_count = 1};
    struct bytes body;

    begin();
    assert_body(profile, (struct write_action){.body = BYTES("{}"), .edits = edits, .edit_count = 2},
                "{\"a\":{\"b\":null},\"c\":[{}]}");
    ck_assert_str_eq(request_body_type(profile), "application/json");
    ck_assert(!request_body(profile, &object, arena, &body, &why) && strstr(why, "cannot replace an object") != NULL);
    ck_assert(!request_body(profile, &removal, arena, &body, &why) && strstr(why, "cannot remove") != NULL);
    end(profile);
}
END_TEST

START_TEST(an_event_cannot_set_what_is_the_service_s_own)
{
    static const enum service_write forms[] = {SERVICE_WRITE_PUT, SERVICE_WRITE_MERGE_PATCH, SERVICE_WRITE_JSON_PATCH};

    for (size_t i = 0; i < 3; i++) {
        struct profile *profile = profile_shipped("kinto", forms[i]);
        const struct json_edit edit = {.pointer = BYTES("/last_modified"), .value = BYTES("1")};
        const struct write_action write = {.document = BYTES("a"), .before = BYTES("{}"),
                                           .body = BYTES("{\"last_modified\":1}"), .edits = &edit, .edit_count = 1};
        struct bytes body;

        begin();
        ck_assert(!request_body(profile, &write, arena, &body, &why) && strstr(why, "read-only") != NULL);
        end(profile);
    }
}
END_TEST

UNIT_TESTS("service/request_body", a_json_patch_replaces_adds_and_removes,
           a_json_patch_adds_missing_parents_once_with_all_that_goes_into_them,
           fields_are_tested_as_they_were_read, a_patch_of_odata_sets_null_and_removes_nothing,
           an_event_cannot_set_what_is_the_service_s_own)
