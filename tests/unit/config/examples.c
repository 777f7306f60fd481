#include "../../support/unit.h"

#include "common/memory.h"
#include "config/examples.h"

#include <stdio.h>
#include <unistd.h>

static char path[64];

static struct examples *read_text(const char *text, struct error *error)
{
    FILE *file;

    snprintf(path, sizeof(path), "/tmp/examples-%ld.yaml", (long)getpid());
    file = fopen(path, "w");
    ck_assert_ptr_nonnull(file);
    ck_assert_int_ge(fputs(text, file), 0);
    ck_assert_int_eq(fclose(file), 0);
    return examples_read(path, error);
}

static struct examples *good(const char *text)
{
    struct error error = {0};
    struct examples *examples = read_text(text, &error);

    ck_assert_msg(examples != NULL, "%s", error.text);
    unlink(path);
    return examples;
}

/* Refused at `place` ("3:5"). */
static void check_refused(const char *text, const char *place, const char *what)
{
    struct error error = {0};
    auto_text wanted = NULL;

    ck_assert_ptr_null(read_text(text, &error));
    wanted = memory_format("%s:%s: %s", path, place, what);
    ck_assert_msg(strncmp(error.text, wanted, strlen(wanted)) == 0, "%s", error.text);
    unlink(path);
}

static void check_text(struct bytes text, const char *wanted)
{
    ck_assert_msg(bytes_equal(text, bytes_of(wanted)), "%.*s", BYTES_ARG(text));
}

START_TEST(a_case_is_yaml_that_becomes_json)
{
    struct examples *examples = good("cases:\n"
                                     "  - name: one\n"
                                     "    document: { n: 12.50, t: 'x', y: yes, z: ~, b: true, o: '1', l: [1, two] }\n"
                                     "    base: '{\"n\": 12.5}'\n"
                                     "    key: '4711'\n"
                                     "    headers: { ce_id: '7' }\n"
                                     "    event: { changes: { /n: 1e2, /q: \"a\\\"b\" } }\n"
                                     "    expect: { outcome: merged no_base, decisions: { /n: ours } }\n");
    const struct example *example = examples_at(examples, 0);

    ck_assert_uint_eq(examples_count(examples), 1);
    ck_assert_str_eq(example->name, "one");
    check_text(example->document.text,
               "{\"n\":12.50,\"t\":\"x\",\"y\":\"yes\",\"z\":null,\"b\":true,\"o\":\"1\",\"l\":[1,\"two\"]}");
    check_text(example->base.text, "{\"n\": 12.5}");
    check_text(example->key, "4711");
    ck_assert_uint_eq(example->header_count, 1);
    check_text(example->headers[0].value, "7");
    ck_assert_uint_eq(example->event_count, 1);
    check_text(example->events[0], "{\"changes\":{\"/n\":1e2,\"/q\":\"a\\\"b\"}}");
    ck_assert_str_eq(yaml_text(example->outcomes[0]), "merged no_base");
    ck_assert_ptr_null(example->expected.values);
    ck_assert_uint_eq(example->decision_count, 1);
    check_text(example->decisions[0].field, "/n");
    ck_assert_int_eq(yaml_line(example->node), 2);
    examples_free(examples);
}
END_TEST

START_TEST(a_file_may_be_one_case_with_several_events)
{
    struct examples *examples = good("document: {}\n"
                                     "events: [ {}, no json, ~ ]\n"
                                     "expect: { outcomes: [applied, rejected, unchanged], document: {} }\n");
    const struct example *example = examples_at(examples, 0);

    ck_assert_uint_eq(example->event_count, 3);
    check_text(example->events[1], "no json");
    ck_assert(!bytes_present(example->events[2]));
    ck_assert_str_eq(yaml_text(example->outcomes[2]), "unchanged");
    ck_assert_ptr_null(example->base.values);
    ck_assert_ptr_nonnull(example->expected.values);
    examples_free(examples);
}
END_TEST

START_TEST(what_is_wrong_is_named_with_its_place)
{
    check_refused("document: {}\nevnet: {}\nexpect: { outcome: applied }\n", "2:1",
                  "unknown key 'evnet'; did you mean 'event'?");
    check_refused("document: {}\nevent: {}\n", "1:1", "a case says what to 'expect'");
    check_refused("document: {}\nexpect: { outcome: applied }\n", "1:1", "a case has an 'event'");
    check_refused("event: {}\nexpect: { outcome: applied }\n", "1:1", "a case has a 'document'");
    check_refused("document: '{\"a\":01}'\nevent: {}\nexpect: { outcome: applied }\n", "1:11", "byte 6 of the JSON text");
    check_refused("document: [1]\nevent: {}\nexpect: { outcome: applied }\n", "1:11", "a document is a JSON object");
    check_refused("document: {}\nevents: [ {}, {} ]\nexpect: { outcome: applied }\n", "3:20", "one event has an 'outcome'");
    check_refused("document: {}\nevents: [ {}, {} ]\nexpect: { outcomes: [applied] }\n", "3:21", "one event has an");
    check_refused("cases:\n  - document: {}\n    event: {}\n    expect: { outcom: applied }\n", "4:15",
                  "unknown key 'outcom'; did you mean 'outcome'?");
    check_refused("cases: []\n", "1:8", "'cases' is a list of cases");
}
END_TEST

UNIT_TESTS("config/examples", a_case_is_yaml_that_becomes_json, a_file_may_be_one_case_with_several_events,
           what_is_wrong_is_named_with_its_place)
