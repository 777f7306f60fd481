#include "demo/check.h"

#include "common/memory.h"
#include "tests/support/unit.h"

/* One document and five events, told as a good log; each test tells one line of it otherwise. */

static const struct model_pattern patterns[] = {{.pattern = BYTES("/status"), .rule = MODEL_EXTERNAL},
                                                {.pattern = BYTES("/owner"), .rule = MODEL_PREFER_DOCUMENT}};
static const struct model_rules rules = {patterns, 2, MODEL_MERGE};

#define EVENTS 5
static const char *const events[EVENTS] = {
    "{\"changes\":{\"/status\":\"B\"},\"base\":{\"/status\":\"A\"}}",
    "{\"changes\":{\"/status\":\"D\"},\"base\":{\"/status\":\"B\"}}",
    "{\"changes\":{\"/note\":7},\"base\":{\"/note\":1}}",
    "{\"changes\":{\"/owner\":\"y\"}}",
    "{\"changes\":{\"/note\":9}}",
};

/* The second one is the foreign user's; the answer of the last is lost. */
#define WRITES 4
static const char *const writes[WRITES] = {
    "{\"seq\":1,\"at_ms\":1000,\"document\":\"d\",\"writer\":\"anonymous\",\"version_before\":\"v1\",\"version_after\":"
    "\"v2\",\"fault\":null,\"before\":{\"status\":\"A\",\"owner\":\"x\",\"note\":1},\"after\":{\"status\":\"B\","
    "\"owner\":\"x\",\"note\":1}}",
    "{\"seq\":2,\"at_ms\":1000,\"document\":\"d\",\"writer\":\"user\",\"version_before\":\"v2\",\"version_after\":"
    "\"v3\",\"fault\":null,\"before\":{\"status\":\"B\",\"owner\":\"x\",\"note\":1},\"after\":{\"status\":\"C\","
    "\"owner\":\"x\",\"note\":5}}",
    "{\"seq\":3,\"at_ms\":1000,\"document\":\"d\",\"writer\":\"anonymous\",\"version_before\":\"v3\",\"version_after\":"
    "\"v4\",\"fault\":null,\"before\":{\"status\":\"C\",\"owner\":\"x\",\"note\":5},\"after\":{\"status\":\"D\","
    "\"owner\":\"x\",\"note\":5}}",
    "{\"seq\":4,\"at_ms\":1000,\"document\":\"d\",\"writer\":\"anonymous\",\"version_before\":\"v4\",\"version_after\":"
    "\"v5\",\"fault\":\"answer_lost\",\"before\":{\"status\":\"D\",\"owner\":\"x\",\"note\":5},\"after\":{\"status\":"
    "\"D\",\"owner\":\"x\",\"note\":9}}",
};

#define RECORD(offset, outcome, attempts, decision, before, after)                                           \
    "{\"document\":\"d\",\"outcome\":\"" outcome "\",\"event\":{\"partition\":0,\"offset\":" offset          \
    "},\"attempts\":[" attempts "],\"decisions\":[" decision "],\"version\":{\"before\":" before             \
    ",\"after\":" after "},\"received_at\":\"1970-01-01T00:00:00.900Z\"}"

static const char *const records[EVENTS] = {
    RECORD("0", "applied", "",
           "{\"field\":\"/status\",\"rule\":\"external\",\"case\":\"c2\",\"base_from\":\"event\",\"base\":\"A\","
           "\"theirs\":\"A\",\"ours\":\"B\",\"decided\":\"ours\",\"written\":true}",
           "\"v1\"", "\"v2\""),
    RECORD("1", "merged", "{\"request\":\"PUT\",\"version\":\"v2\",\"meaning\":\"stale\"}",
           "{\"field\":\"/status\",\"rule\":\"external\",\"case\":\"c4\",\"base_from\":\"event\",\"base\":\"B\","
           "\"theirs\":\"C\",\"ours\":\"D\",\"decided\":\"ours\",\"written\":true}",
           "\"v3\"", "\"v4\""),
    RECORD("2", "conflict", "",
           "{\"field\":\"/note\",\"rule\":\"merge\",\"case\":\"c4\",\"base_from\":\"event\",\"base\":1,"
           "\"theirs\":5,\"ours\":7,\"decided\":\"conflict\"}",
           "\"v4\"", "null"),
    RECORD("3", "unchanged", "",
           "{\"field\":\"/owner\",\"rule\":\"prefer_document\",\"case\":\"c5\",\"base_from\":\"none\","
           "\"theirs\":\"x\",\"ours\":\"y\",\"decided\":\"theirs\"}",
           "\"v4\"", "null"),
    RECORD("4", "merged", "{\"request\":\"PUT\",\"version\":\"v4\",\"meaning\":\"outage\"}",
           "{\"field\":\"/note\",\"rule\":\"merge\",\"case\":\"c5\",\"base_from\":\"none\","
           "\"theirs\":5,\"ours\":9,\"decided\":\"ours\",\"written\":true}",
           "\"v4\"", "null"),
};

struct story {
    const char *initial, *final;
    const char *writes[WRITES + 1];
    const char *records[EVENTS + 1]; /* NULL: is not there */
    int64_t places[EVENTS + 1];
    int letters;
    int64_t killed_ms; /* 0: nobody */
    struct check_result result;
    char *message; /* the first one */
};

static struct story good_story(void)
{
    struct story story = {.initial = "{\"status\":\"A\",\"owner\":\"x\",\"note\":1}",
                          .final = "{\"status\":\"D\",\"owner\":\"x\",\"note\":9}",
                          .letters = 1};

    memcpy(story.writes, writes, sizeof(writes));
    memcpy(story.records, records, sizeof(records));
    for (int64_t i = 0; i <= EVENTS; i++)
        story.places[i] = i;
    return story;
}

static void tell(struct story *story)
{
    struct check *check = check_new(&rules);

    check_initial(check, BYTES("d"), bytes_of(story->initial));
    for (size_t i = 0; i <= EVENTS; i++) { /* records may come before their events */
        if (story->records[i] != NULL)
            ck_assert(check_record(check, story->places[i], bytes_of(story->records[i])));
    }
    for (int64_t i = 0; i < EVENTS; i++)
        check_event(check, 0, i, BYTES("d"), bytes_of(events[i]));
    for (size_t i = 0; i <= WRITES; i++) {
        if (story->writes[i] != NULL)
            ck_assert(check_write(check, bytes_of(story->writes[i])));
    }
    for (int i = 0; i < story->letters; i++)
        ck_assert(check_letter(check, BYTES("0"), BYTES("2"), BYTES("conflict"), bytes_of(events[2])));
    if (story->killed_ms != 0)
        check_killed(check, story->killed_ms);
    check_final(check, BYTES("d"), bytes_of(story->final));
    check_finish(check, &story->result);
    story->message = memory_text(story->result.message_count > 0 ? story->result.messages[0] : "");
    check_free(check);
}

/* `text` with the first `from` replaced by `to`. */
static char *otherwise(const char *text, const char *from, const char *to)
{
    const char *at = strstr(text, from);

    ck_assert_ptr_nonnull(at);
    return memory_format("%.*s%s%s", (int)(at - text), text, to, at + strlen(from));
}

/* Tells the story; it must fail with `counter` above 0 and a first sentence that says `words`. */
#define EXPECT_BAD(story, counter, words)                                                                    \
    do {                                                                                                     \
        tell(&(story));                                                                                      \
        ck_assert(!check_is_good(&(story).result));                                                          \
        ck_assert_msg((story).result.counter > 0, "%s", (story).message);                                    \
        ck_assert_msg(strstr((story).message, words) != NULL, "%s", (story).message);                        \
        free((story).message);                                                                               \
    } while (0)

START_TEST(the_good_log_passes_and_is_counted)
{
    struct story story = good_story();

    tell(&story);
    ck_assert_msg(check_is_good(&story.result), "%s", story.message);
    ck_assert_uint_eq(story.result.events, EVENTS);
    ck_assert_uint_eq(story.result.outcomes[CHECK_APPLIED], 1);
    ck_assert_uint_eq(story.result.outcomes[CHECK_MERGED], 2);
    ck_assert_uint_eq(story.result.outcomes[CHECK_UNCHANGED], 1);
    ck_assert_uint_eq(story.result.outcomes[CHECK_CONFLICT], 1);
    ck_assert_uint_eq(story.result.ambiguous, 1);
    ck_assert_uint_eq(story.result.replaced[MODEL_EXTERNAL][MODEL_C4], 1);
    ck_assert_uint_eq(story.result.kept[MODEL_PREFER_DOCUMENT][MODEL_C5], 1);
    ck_assert_uint_eq(story.result.conflicts[MODEL_MERGE][MODEL_C4], 1);
    ck_assert_uint_eq(story.result.foreign_writes, 1);
    ck_assert_uint_eq(story.result.foreign_on_event_fields, 1);
    ck_assert_uint_eq(story.result.with_base, 3);
    ck_assert_uint_eq(story.result.without_base, 2);
    ck_assert_uint_eq(story.result.stale, 1);
    ck_assert_uint_eq(story.result.lost_answers, 1);
    free(story.message);
}
END_TEST

START_TEST(the_line_that_creates_the_document_is_no_write_of_a_worker)
{
    struct story story = good_story();
    static const char creation[] =
        "{\"seq\":0,\"at_ms\":900,\"document\":\"d\",\"writer\":\"anonymous\",\"version_before\":null,"
        "\"version_after\":\"v1\",\"fault\":null,\"before\":null,\"after\":{\"status\":\"A\",\"owner\":\"x\",\"note\":1}}";

    memmove(story.writes + 1, story.writes, WRITES * sizeof(story.writes[0]));
    story.writes[0] = creation;
    tell(&story);
    ck_assert_msg(check_is_good(&story.result), "%s", story.message);
    free(story.message);
    story.initial = "{\"status\":\"A\",\"owner\":\"x\"}";
    EXPECT_BAD(story, states_wrong, "the log skips a state");
}
END_TEST

START_TEST(a_lost_record_is_seen)
{
    struct story story = good_story();

    story.records[3] = NULL;
    EXPECT_BAD(story, lost, "offset 3: no record");
}
END_TEST

START_TEST(a_swapped_order_of_records_is_seen)
{
    struct story story = good_story();

    story.places[2] = 3;
    story.places[3] = 2;
    EXPECT_BAD(story, out_of_order, "recorded before offset 2");
}
END_TEST

START_TEST(a_swapped_order_of_writes_is_seen)
{
    struct story story = good_story();
    auto_text first = otherwise(records[0], "\"after\":\"v2\"", "\"after\":\"v4\"");
    auto_text second = otherwise(records[1], "\"after\":\"v4\"", "\"after\":\"v2\"");

    story.records[0] = first;
    story.records[1] = second;
    tell(&story);
    ck_assert_uint_gt(story.result.out_of_order, 0);
    ck_assert(!check_is_good(&story.result));
    free(story.message);
}
END_TEST

START_TEST(a_value_overwritten_without_a_decision_is_seen)
{
    struct story story = good_story();
    auto_text write = otherwise(writes[2], "\"D\",\"owner\":\"x\",\"note\":5", "\"D\",\"owner\":\"x\",\"note\":1");
    auto_text after = otherwise(writes[3], "\"note\":5", "\"note\":1");

    story.writes[2] = write; /* a stale copy went along in the PUT */
    story.writes[3] = after;
    EXPECT_BAD(story, overwritten, "/note");
}
END_TEST

START_TEST(a_decision_that_names_another_value_does_not_cover_the_one_replaced)
{
    struct story story = good_story();
    auto_text record = otherwise(records[1], "\"theirs\":\"C\"", "\"theirs\":\"B\"");

    story.records[1] = record;
    EXPECT_BAD(story, overwritten, "/status");
}
END_TEST

START_TEST(a_false_decision_is_seen)
{
    static const struct {
        int record;
        const char *from, *to, *words;
    } lies[] = {
        {0, "\"case\":\"c2\"", "\"case\":\"c4\"", "another case"},
        {2, "\"rule\":\"merge\"", "\"rule\":\"prefer_document\"", "another rule"},
        {2, "\"base\":1", "\"base\":5", "does not carry that base"},
        {2, "\"theirs\":5", "\"theirs\":6", "did not have the value called theirs"},
        {2, "\"decided\":\"conflict\"", "\"decided\":\"theirs\"", "decides otherwise"},
        {3, "\"ours\":\"y\"", "\"ours\":\"z\"", "does not ask for that value"},
        {3, "\"base_from\":\"none\"", "\"base_from\":\"memory\",\"base\":\"q\"", "no earlier event set that base"},
        {3, "\"base_from\":\"none\"", "\"base_from\":\"version\",\"base\":\"x\"", "base_version is not"},
        {3, "\"base_from\":\"none\"", "\"base_from\":\"refused_copy\",\"base\":\"x\"", "no copy of a write that failed"},
        {3, "\"unchanged\"", "\"rejected\"", "a good event was rejected"},
        {3, "\"unchanged\"", "\"applied\"", "applied, but the decisions say otherwise"},
    };

    for (size_t i = 0; i < sizeof(lies) / sizeof(lies[0]); i++) {
        struct story story = good_story();
        auto_text record = otherwise(records[lies[i].record], lies[i].from, lies[i].to);

        story.records[lies[i].record] = record;
        EXPECT_BAD(story, false_decisions, lies[i].words);
    }
}
END_TEST

START_TEST(a_claimed_write_that_the_log_does_not_have_is_seen)
{
    struct story story = good_story();

    story.writes[3] = NULL;
    story.final = "{\"status\":\"D\",\"owner\":\"x\",\"note\":5}";
    EXPECT_BAD(story, false_decisions, "claims a write");
}
END_TEST

START_TEST(a_write_that_no_event_explains_is_seen)
{
    struct story story = good_story();
    auto_text write = otherwise(writes[3], "\"answer_lost\"", "null");

    story.writes[3] = write;
    EXPECT_BAD(story, overwritten, "/note");
}
END_TEST

START_TEST(dead_letters_are_there_once)
{
    struct story missing = good_story(), doubled = good_story();

    missing.letters = 0;
    EXPECT_BAD(missing, letters_wrong, "without a dead letter");
    doubled.letters = 2;
    EXPECT_BAD(doubled, letters_wrong, "2 dead letters, 1 expected");
}
END_TEST

START_TEST(a_final_document_that_the_log_does_not_lead_to_is_seen)
{
    struct story story = good_story();

    story.final = "{\"status\":\"D\",\"owner\":\"x\",\"note\":8}";
    EXPECT_BAD(story, states_wrong, "the final document");
}
END_TEST

START_TEST(a_broken_chain_of_versions_is_seen)
{
    struct story story = good_story();

    story.writes[1] = NULL;
    EXPECT_BAD(story, states_wrong, "the log skips a state");
}
END_TEST

START_TEST(a_second_record_is_counted_and_needs_a_killed_worker)
{
    struct story story = good_story();

    story.records[EVENTS] = records[3];
    tell(&story);
    ck_assert_uint_eq(story.result.repeated, 1);
    ck_assert(!check_is_good(&story.result));
    free(story.message);
    story = good_story();
    story.records[EVENTS] = records[3];
    story.killed_ms = 800;
    tell(&story);
    ck_assert_uint_eq(story.result.repeated, 1);
    ck_assert_msg(check_is_good(&story.result), "%s", story.message);
    free(story.message);
}
END_TEST

/* Written, killed before the record was out, and met again by another worker: `already`. */
START_TEST(a_write_of_a_killed_worker_is_explained_by_its_event_alone)
{
    struct story story = good_story();
    auto_text lost = otherwise(writes[3], "\"answer_lost\"", "null");
    auto_text foreign = otherwise(lost, "\"note\":9", "\"note\":8");

    story.writes[3] = lost;
    story.records[4] = RECORD("4", "unchanged", "",
                              "{\"field\":\"/note\",\"rule\":\"merge\",\"case\":\"c1\",\"base_from\":\"none\","
                              "\"theirs\":9,\"ours\":9,\"decided\":\"theirs\"}",
                              "\"v5\"", "null");
    story.killed_ms = 850;
    tell(&story);
    ck_assert_msg(check_is_good(&story.result), "%s", story.message);
    ck_assert_uint_eq(story.result.ambiguous, 1);
    free(story.message);
    story.killed_ms = 0;
    EXPECT_BAD(story, overwritten, "/note");
    story.killed_ms = 850;
    story.writes[3] = foreign; /* a value that no event asked for */
    story.final = "{\"status\":\"D\",\"owner\":\"x\",\"note\":8}";
    EXPECT_BAD(story, overwritten, "/note");
}
END_TEST

START_TEST(what_is_no_record_is_refused)
{
    struct check *check = check_new(&rules);

    ck_assert(!check_record(check, 0, BYTES("{")));
    ck_assert(!check_record(check, 0, BYTES("{\"event\":{}}")));
    ck_assert(!check_write(check, BYTES("[]")));
    ck_assert(!check_letter(check, BYTES("x"), BYTES("0"), BYTES("conflict"), BYTES("")));
    check_free(check);
}
END_TEST

UNIT_TESTS("demo/check", the_good_log_passes_and_is_counted,
           the_line_that_creates_the_document_is_no_write_of_a_worker, a_lost_record_is_seen, a_swapped_order_of_records_is_seen,
           a_swapped_order_of_writes_is_seen, a_value_overwritten_without_a_decision_is_seen,
           a_decision_that_names_another_value_does_not_cover_the_one_replaced, a_false_decision_is_seen,
           a_claimed_write_that_the_log_does_not_have_is_seen, a_write_that_no_event_explains_is_seen,
           dead_letters_are_there_once, a_final_document_that_the_log_does_not_lead_to_is_seen,
           a_broken_chain_of_versions_is_seen, a_second_record_is_counted_and_needs_a_killed_worker,
           a_write_of_a_killed_worker_is_explained_by_its_event_alone, what_is_no_record_is_refused)
