#include "tests/support/profile.h"
#include "tests/support/unit.h"

#define GOOD_VERSION "version: { read: { header: ETag }, send: { header: If-Match } }\n"
#define GOOD_ANSWERS "answers: { read: { ok: [200] }, write: { ok: [204], stale: [412] } }\n"

START_TEST(shipped_profiles_are_compiled_in)
{
    struct profile *etag = profile_shipped("etag", SERVICE_WRITE_PROFILE);
    struct profile *kinto = profile_shipped("kinto", SERVICE_WRITE_MERGE_PATCH);

    ck_assert_str_eq(etag->name, "etag");
    ck_assert_str_eq(etag->read.items[0].header.data, "ETag");
    ck_assert_str_eq(etag->document[true], "");
    ck_assert(etag->write == WRITE_PUT && etag->after_write == AFTER_WRITE_EXACT);
    ck_assert_str_eq(kinto->document[false], "/data");
    ck_assert_uint_eq(kinto->read_only_count, 2);
    ck_assert(kinto->write == WRITE_MERGE_PATCH && kinto->after_write == AFTER_WRITE_BODY); /* the configuration's word wins */
    profile_free(etag);
    profile_free(kinto);
}
END_TEST

START_TEST(a_status_means_what_the_profile_says_for_its_method)
{
    struct profile *etag = profile_shipped("etag", SERVICE_WRITE_PROFILE);
    struct profile *kinto = profile_shipped("kinto", SERVICE_WRITE_PROFILE);

    ck_assert_int_eq(profile_meaning(etag, true, 412), MEANING_STALE);
    ck_assert_int_eq(profile_meaning(etag, true, 409), MEANING_STALE);
    ck_assert_int_eq(profile_meaning(kinto, true, 412), MEANING_STALE);
    ck_assert_int_eq(profile_meaning(kinto, true, 409), MEANING_UNDESCRIBED);
    ck_assert_int_eq(profile_meaning(etag, false, 412), MEANING_UNDESCRIBED);
    ck_assert_int_eq(profile_meaning(etag, false, 304), MEANING_NOT_MODIFIED);
    ck_assert_int_eq(profile_meaning(etag, true, 304), MEANING_UNDESCRIBED);
    ck_assert_int_eq(profile_meaning(etag, true, 302), MEANING_UNDESCRIBED);
    ck_assert_int_eq(profile_meaning(etag, true, 500), MEANING_OUTAGE);
    ck_assert_int_eq(profile_meaning(etag, true, 503), MEANING_OVERLOAD);
    ck_assert_int_eq(profile_meaning(etag, true, 99), MEANING_UNDESCRIBED);
    ck_assert_int_eq(profile_meaning(etag, true, 600), MEANING_UNDESCRIBED);
    profile_free(etag);
    profile_free(kinto);
}
END_TEST

START_TEST(a_profile_may_be_a_file)
{
    struct error error = {0};
    struct profile *profile = profile_of(
        "version:\n  read: [{ header: X-Version }, { pointer: /meta/version }]\n  written: { pointer: /rev }\n"
        "  send: { query: v, as: quote }\n  weak_is_exact: true\n  weak_if_match: strip\n  reused: true\n  resolution: 2s\n"
        "document: { read: /a/b }\nread_only: [/id, /meta/at]\nwrite: json-patch\nafter_write: none\n"
        "headers: { write: { Prefer: return=minimal } }\ndefaults: { max_in_flight: 8 }\n" GOOD_ANSWERS,
        &error);

    ck_assert_msg(profile != NULL, "%s", error.text);
    ck_assert_uint_eq(profile->read.count, 2);
    ck_assert_str_eq(profile->read.items[0].header.data, "X-Version");
    ck_assert_str_eq(profile->read.items[1].pointers[0].data, "/meta/version");
    ck_assert_str_eq(profile->written.items[0].pointers[0].data, "/rev");
    ck_assert(profile->send.place == VERSION_IN_QUERY && profile->send.spelling == VERSION_QUOTED);
    ck_assert(profile->weak_is_exact && profile->weak_may_be_stripped && profile->versions_are_reused);
    ck_assert_int_eq(profile->resolution_ms, 2000);
    ck_assert_int_eq(profile->write, WRITE_JSON_PATCH);
    ck_assert_str_eq(profile->document[false], "/a/b");
    ck_assert_str_eq(profile->document[true], "");
    ck_assert_str_eq(profile->read_only[1].data, "/meta/at");
    ck_assert_int_eq(profile->after_write, AFTER_WRITE_NONE);
    ck_assert_str_eq(profile->headers[true].items[0].value.data, "return=minimal");
    ck_assert_int_eq(profile->max_in_flight, 8);
    profile_free(profile);
}
END_TEST

START_TEST(what_is_wrong_is_said_with_its_place_and_what_is_allowed)
{
    static const struct {
        const char *text, *place, *what;
    } cases[] = {
        {"", "", "the profile is empty"},
        {"[]\n", ":1:1: ", "a mapping is wanted, of version, document"},
        {"document: ''\nversions: {}\n", ":2:1: ", "unknown key 'versions'; there are version, document"},
        {"document: ''\n", ":1:1: ", "`version` is needed"},
        {GOOD_VERSION, ":1:1: ", "`answers` is needed"},
        {"version: { heeder: ETag }\n", ":1:12: ", "unknown key 'heeder'; there are read, written, send"},
        {"version: { read: { header: ETag } }\n", ":1:10: ", "version.read and version.send are needed"},
        {"version: { read: { header: 'E Tag' }, send: { header: If-Match } }\n", ":1:28: ", "'E Tag' is no name of a header"},
        {"version: { read: { header: '' }, send: { header: If-Match } }\n", ":1:28: ", "'' is no name of a header"},
        {"version: { read: { header: [] }, send: { header: If-Match } }\n", ":1:28: ", "a text is wanted"},
        {"version: { read: {}, send: { header: If-Match } }\n", ":1:18: ", "either header or pointer is wanted"},
        {"version: { read: [], send: { header: If-Match } }\n", ":1:18: ", "1 to 4 places are wanted"},
        {"version: { read: { pointer: '' }, send: { header: If-Match } }\n", ":1:29: ", "the whole body cannot be a version"},
        {"version: { read: { pointer: _rev }, send: { header: If-Match } }\n", ":1:29: ", "'_rev' is no JSON Pointer"},
        {"version: { read: { pointer: [/a, /b] }, send: { header: If-Match } }\n", ":1:18: ", "a version of 2 parts is sent as 1"},
        {"version: { read: { header: A }, send: { query: [a, b] } }\n", ":1:18: ", "a version of 1 parts is sent as 2"},
        {"version: { read: { header: A }, send: { query: 'a=b' } }\n", ":1:48: ", "'a=b' is no name of a query parameter"},
        {"version: { read: { header: A }, send: { header: A, query: b } }\n", ":1:39: ", "one of header, query and pointer"},
        {"version: { read: { header: A }, send: { header: A, as: is } }\n", ":1:56: ", "'is' is none of verbatim, quote, unquote, number, increment"},
        {"version: { read: { header: A }, send: { header: A }, reused: yes }\n", ":1:62: ", "true or false is wanted"},
        {"version: { read: { header: A }, send: { header: A }, resolution: 1 }\n", ":1:66: ", "a number of seconds is wanted, as 1s"},
        {GOOD_VERSION "document: data\n" GOOD_ANSWERS, ":2:11: ", "'data' is no JSON Pointer"},
        {GOOD_VERSION "read_only: /id\n" GOOD_ANSWERS, ":2:12: ", "a list of pointers is wanted"},
        {GOOD_VERSION "read_only: [/id, '']\n" GOOD_ANSWERS, ":2:18: ", "the whole document cannot be read-only"},
        {GOOD_VERSION "read_only: [/a/b, /a]\n" GOOD_ANSWERS, ":2:19: ", "'/a' overlaps with '/a/b'"},
        {"version: { read: { pointer: /d/v }, send: { pointer: /d/v } }\ndocument: /d\nread_only: [/v]\n" GOOD_ANSWERS,
         ":1:1: ", "version.send.pointer overlaps with read_only '/v'"},
        {"version: { read: { pointer: /d/v }, send: { pointer: /d } }\ndocument: /d/e\n" GOOD_ANSWERS, ":1:1: ",
         "version.send.pointer '/d' contains the document"},
        {GOOD_VERSION "write: post\n" GOOD_ANSWERS, ":2:8: ", "'post' is none of put, merge-patch, json-patch, odata-patch"},
        {GOOD_VERSION "after_write: maybe\n" GOOD_ANSWERS, ":2:14: ", "'maybe' is none of exact, body, version, none"},
        {GOOD_VERSION "headers: { delete: {} }\n" GOOD_ANSWERS, ":2:12: ", "unknown key 'delete'; there are read, write"},
        {GOOD_VERSION "headers: { read: { Host: a } }\n" GOOD_ANSWERS, ":2:20: ", "Host is not the profile's"},
        {GOOD_VERSION "headers: { write: { if-match: a } }\n" GOOD_ANSWERS, ":2:21: ", "If-Match is not the profile's"},
        {GOOD_VERSION "headers: { write: { A: \"b\\nC: d\" } }\n" GOOD_ANSWERS, ":2:24: ", "one line of text is wanted"},
        {GOOD_VERSION "defaults: { max_in_flight: 0 }\n" GOOD_ANSWERS, ":2:28: ", "a number of 1 to 256 is wanted"},
        {GOOD_VERSION "answers: { delete: {} }\n", ":2:12: ", "unknown key 'delete'; there are read, write"},
        {GOOD_VERSION "answers: { read: { fine: [200] } }\n", ":2:20: ", "'fine' is none of ok, not_modified, stale"},
        {GOOD_VERSION "answers: { read: { unreadable: [200] } }\n", ":2:20: ", "'unreadable' is none of"},
        {GOOD_VERSION "answers: { read: { ok: 200 } }\n", ":2:24: ", "a list of statuses is wanted"},
        {GOOD_VERSION "answers: { read: { ok: [99] } }\n", ":2:25: ", "a number of 100 to 599 is wanted"},
        {GOOD_VERSION "answers: { read: { ok: [2xx] } }\n", ":2:25: ", "a number of 100 to 599 is wanted"},
        {GOOD_VERSION "answers: { read: { ok: [200], gone: [404], missing: [404] } }\n", ":2:54: ", "status 404 is named twice"},
        {GOOD_VERSION "answers: { read: { ok: [{ status: 200 }] } }\n", ":2:25: ", "status is wanted, with pointer"},
        {GOOD_VERSION "answers: { read: { ok: [{ status: 200, is: a }] } }\n", ":2:25: ", "status is wanted, with pointer"},
        {GOOD_VERSION "answers: { read: { ok: [200] } }\n", ":2:10: ", "answers.write.ok is needed"},
        {GOOD_VERSION "answers: {\n", ":", "no YAML"},
    };

    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct error error = {0};

        ck_assert_msg(profile_of(cases[i].text, &error) == NULL, "%s", cases[i].text);
        ck_assert_int_eq(error.kind, ERROR_USAGE);
        ck_assert_msg(strstr(error.text, cases[i].place) != NULL && strstr(error.text, cases[i].what) != NULL,
                      "%s -> %s", cases[i].text, error.text);
    }
}
END_TEST

START_TEST(fields_are_tested_by_a_json_patch_only)
{
    struct config_service config = {.profile = (char[]){"kinto"}, .precondition = PRECONDITION_FIELDS};
    struct error error = {0};
    struct profile *profile;

    ck_assert_ptr_null(profile_load(&config, &error));
    ck_assert(error.kind == ERROR_USAGE && strstr(error.text, "needs the write form json-patch") != NULL);
    config.write = SERVICE_WRITE_JSON_PATCH;
    profile = profile_load(&config, &error);
    ck_assert(profile != NULL && profile->tests_fields);
    profile_free(profile);
    profile = profile_of(GOOD_VERSION "write: json-patch\nprecondition: fields\n" GOOD_ANSWERS, &error);
    ck_assert(profile != NULL && profile->tests_fields);
    profile_free(profile);
    ck_assert_ptr_null(profile_of(GOOD_VERSION "precondition: none\n" GOOD_ANSWERS, &error));
    ck_assert_ptr_nonnull(strstr(error.text, "'none' is none of version, fields"));
}
END_TEST

START_TEST(an_unknown_name_shows_the_shipped_ones)
{
    const struct config_service config = {.profile = (char[]){"windmill"}};
    const struct config_service missing = {.profile = (char[]){"./no/such/profile.yaml"}};
    struct error error = {0};

    ck_assert_ptr_null(profile_load(&config, &error));
    ck_assert_ptr_nonnull(strstr(error.text, "service.profile: no profile 'windmill'; there are "));
    ck_assert_ptr_nonnull(strstr(error.text, "etag, "));
    ck_assert_ptr_nonnull(strstr(error.text, ", or the path of a file"));
    ck_assert_ptr_null(profile_load(&missing, &error));
    ck_assert_int_eq(error.kind, ERROR_USAGE);
    ck_assert_ptr_nonnull(strstr(error.text, "no/such/profile.yaml"));
}
END_TEST

UNIT_TESTS("service/profile", shipped_profiles_are_compiled_in, a_status_means_what_the_profile_says_for_its_method,
           a_profile_may_be_a_file, what_is_wrong_is_said_with_its_place_and_what_is_allowed,
           fields_are_tested_by_a_json_patch_only, an_unknown_name_shows_the_shipped_ones)
