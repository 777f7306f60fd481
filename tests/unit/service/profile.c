#include "tests/support/profile.h"
#include "tests/support/unit.h"

#define GOOD_ANSWERS "answers: { read: { ok: [200] }, write: { ok: [204], stale: [412] } }\n"

START_TEST(shipped_profiles_are_compiled_in)
{
    struct profile *etag = profile_shipped("etag", SERVICE_WRITE_PROFILE);
    struct profile *kinto = profile_shipped("kinto", SERVICE_WRITE_MERGE_PATCH);

    ck_assert_str_eq(etag->name, "etag");
    ck_assert_str_eq(etag->version_header, "ETag");
    ck_assert_str_eq(etag->document, "");
    ck_assert(!etag->writes_patch && etag->after_write == AFTER_WRITE_EXACT);
    ck_assert_str_eq(kinto->document, "/data");
    ck_assert_uint_eq(kinto->read_only_count, 2);
    ck_assert(kinto->writes_patch && kinto->after_write == AFTER_WRITE_BODY); /* the configuration's word wins */
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
    struct profile *profile = profile_of("version: { header: X-Version, weak_is_exact: true, reused: true }\n"
                                         "document: /a/b\nread_only: [/id, /meta/at]\nwrite: merge-patch\n"
                                         "after_write: none\n" GOOD_ANSWERS,
                                         &error);

    ck_assert_msg(profile != NULL, "%s", error.text);
    ck_assert_str_eq(profile->version_header, "X-Version");
    ck_assert(profile->weak_is_exact && profile->versions_are_reused && profile->writes_patch);
    ck_assert_str_eq(profile->read_only[1], "/meta/at");
    ck_assert_int_eq(profile->after_write, AFTER_WRITE_NONE);
    profile_free(profile);
}
END_TEST

START_TEST(what_is_wrong_is_said_with_its_place)
{
    static const struct {
        const char *text, *place, *what;
    } cases[] = {
        {"", "", "the profile is empty"},
        {"[]\n", ":1:1: ", "a mapping is wanted"},
        {"document: ''\nversions: {}\n", ":2:1: ", "unknown key 'versions'"},
        {"version: { heeder: ETag }\n", ":1:12: ", "unknown key 'heeder'"},
        {"version: { header: 'E Tag' }\n", ":1:20: ", "'E Tag' is no name of a header"},
        {"version: { header: '' }\n", ":1:20: ", "'' is no name of a header"},
        {"version: { header: [] }\n", ":1:20: ", "a text is wanted"},
        {"version: { reused: yes }\n", ":1:20: ", "true or false is wanted"},
        {"document: data\n", ":1:11: ", "'data'"},
        {"read_only: /id\n", ":1:12: ", "a list of pointers is wanted"},
        {"read_only: [/id, '']\n", ":1:18: ", "the whole document cannot be read-only"},
        {"read_only: [/a/b, /a]\n", ":1:19: ", "'/a' overlaps with '/a/b'"},
        {"write: post\n", ":1:8: ", "one of put, merge-patch"},
        {"after_write: maybe\n", ":1:14: ", "one of exact, body"},
        {"answers: { delete: {} }\n", ":1:12: ", "unknown key 'delete'"},
        {"answers: { read: { fine: [200] } }\n", ":1:20: ", "unknown meaning 'fine'"},
        {"answers: { read: { ok: 200 } }\n", ":1:24: ", "a list of statuses is wanted"},
        {"answers: { read: { ok: [99] } }\n", ":1:25: ", "a status of 100 to 599 is wanted"},
        {"answers: { read: { ok: [2xx] } }\n", ":1:25: ", "a status of 100 to 599 is wanted"},
        {"answers: { write: { stale: [409], locked: [409] } }\n", ":1:44: ", "status 409 is named twice"},
        {"answers: { read: { ok: [200] } }\n", ":1:1: ", "answers.read.ok and answers.write.ok are needed"},
        {"answers: {\n", ":", "no YAML"},
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

START_TEST(an_unknown_name_shows_the_shipped_ones)
{
    const struct config_service config = {.profile = (char[]){"windmill"}};
    const struct config_service missing = {.profile = (char[]){"./no/such/profile.yaml"}};
    struct error error = {0};

    ck_assert_ptr_null(profile_load(&config, &error));
    ck_assert_str_eq(error.text, "service.profile: no profile 'windmill'; there are etag, kinto, or the path of a file");
    ck_assert_ptr_null(profile_load(&missing, &error));
    ck_assert_int_eq(error.kind, ERROR_USAGE);
    ck_assert_ptr_nonnull(strstr(error.text, "no/such/profile.yaml"));
}
END_TEST

UNIT_TESTS("service/profile", shipped_profiles_are_compiled_in, a_status_means_what_the_profile_says_for_its_method,
           a_profile_may_be_a_file, what_is_wrong_is_said_with_its_place, an_unknown_name_shows_the_shipped_ones)
