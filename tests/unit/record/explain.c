#include "common/memory.h"
#include "record/explain.h"
#include "tests/support/trial.h"
#include "tests/support/unit.h"

/* What the last decision says. */
static void check_sentence(const char *rule, const char *document, const char *event, const char *sentence)
{
    struct trial *trial = trial_new();
    struct buffer out;
    auto_text wanted = memory_format("%s, rules.yaml:1", sentence);
    auto_text said = NULL;

    trial_rule(trial, "/f", rule);
    trial_merge(trial, document, event);
    buffer_init(&out, 1 << 16);
    explain_decision(&trial->output.decisions[trial->output.decision_count - 1], &out);
    said = buffer_detach(&out);
    ck_assert_str_eq(said, wanted);
    trial_free(trial);
}

#define NOTHING "{}"
#define REVIEW  "{\"f\":\"REVIEW\"}"

START_TEST(what_is_replaced_is_told_with_its_history)
{
    check_sentence("external", REVIEW, "{\"changes\":{\"/f\":\"RELEASED\"},\"base\":{\"/f\":\"INWORK\"}}",
                   "/f: the event's RELEASED replaces REVIEW, which somebody wrote since INWORK: rule external");
    check_sentence("merge", REVIEW, "{\"changes\":{\"/f\":\"RELEASED\"},\"base\":{\"/f\":\"REVIEW\"}}",
                   "/f: the event's RELEASED replaces REVIEW, as the producer saw it: rule merge");
    check_sentence("merge", REVIEW, "{\"changes\":{\"/f\":\"RELEASED\"}}",
                   "/f: the event's RELEASED replaces REVIEW, and nobody knows whether the producer saw it: rule merge");
    check_sentence("external", REVIEW, "{\"changes\":{\"/f\":\"RELEASED\"},\"base_missing\":[\"/f\"]}",
                   "/f: the event's RELEASED replaces REVIEW, which somebody added since: rule external");
    check_sentence("external", REVIEW, "{\"remove\":[\"/f\"],\"base\":{\"/f\":\"INWORK\"}}",
                   "/f: the event removes REVIEW, which somebody wrote since INWORK: rule external");
    check_sentence("external", NOTHING, "{\"changes\":{\"/f\":\"RELEASED\"},\"base\":{\"/f\":\"INWORK\"}}",
                   "/f: the event's RELEASED is added where nothing is, since somebody removed INWORK: rule external");
}
END_TEST

START_TEST(what_stays_is_told_with_what_was_asked_for)
{
    check_sentence("prefer_document", REVIEW, "{\"changes\":{\"/f\":\"RELEASED\"},\"base\":{\"/f\":\"INWORK\"}}",
                   "/f: REVIEW stays, which somebody wrote since INWORK; the event asks for RELEASED: rule prefer_document");
    check_sentence("merge", REVIEW, "{\"changes\":{\"/f\":\"INWORK\"},\"base\":{\"/f\":\"INWORK\"}}",
                   "/f: REVIEW stays, which somebody wrote since INWORK; the event leaves it as the producer saw it: rule merge");
    check_sentence("document", REVIEW, "{\"remove\":[\"/f\"]}",
                   "/f: REVIEW stays, and nobody knows whether the producer saw it; the event removes it: rule document");
    check_sentence("document", NOTHING, "{\"changes\":{\"/f\":1},\"base\":{\"/f\":2}}",
                   "/f: it stays away, since somebody removed 2; the event asks for 1: rule document");
    check_sentence("merge", REVIEW, "{\"changes\":{\"/f\":\"REVIEW\"}}", "/f: REVIEW is there already: rule merge");
    check_sentence("merge", NOTHING, "{\"remove\":[\"/f\"]}", "/f: is not there already: rule merge");
}
END_TEST

START_TEST(what_is_made_of_both_is_told_with_both)
{
    check_sentence("set", "{\"f\":[1,2]}", "{\"changes\":{\"/f\":[2,3]},\"base\":{\"/f\":[2]}}",
                   "/f: [1,2,3] is made of [1,2], which somebody wrote since [2]; the event asks for [2,3]: rule set");
}
END_TEST

START_TEST(a_conflict_says_what_stands_against_what_and_why)
{
    check_sentence("merge", REVIEW, "{\"changes\":{\"/f\":\"RELEASED\"},\"base\":{\"/f\":\"INWORK\"}}",
                   "/f: conflict: the document has REVIEW, which somebody wrote since INWORK; the event asks for RELEASED: "
                   "rule merge");
    check_sentence("max", REVIEW, "{\"changes\":{\"/f\":7},\"base\":{\"/f\":5}}",
                   "/f: conflict: the document has REVIEW, which somebody wrote since 5; the event asks for 7 (ours and "
                   "theirs are not both numbers, both instants or both dates): rule max");
    check_sentence("merge", REVIEW, "{\"changes\":{\"/g\":\"\"},\"base\":{\"/f\":7}}",
                   "/f: conflict: the event is for a document with 7 there, and it has REVIEW: rule merge");
}
END_TEST

START_TEST(words_lose_their_quotes_and_nothing_else_does)
{
    check_sentence("merge", "{\"f\":\"12\"}", "{\"changes\":{\"/f\":\"null\"},\"base\":{\"/f\":\"12\"}}",
                   "/f: the event's \"null\" replaces \"12\", as the producer saw it: rule merge");
    check_sentence("merge", "{\"f\":\"two words\"}", "{\"changes\":{\"/f\":\"\"},\"base\":{\"/f\":\"two words\"}}",
                   "/f: the event's \"\" replaces \"two words\", as the producer saw it: rule merge");
}
END_TEST

START_TEST(a_value_takes_part_of_one_line)
{
    check_sentence("atomic", "{\"f\":[1,\n  2]}",
                   "{\"changes\":{\"/f\":\"0123456789012345678901234567890123456789012345678901234567890123456789012345678"
                   "\303\2449\"},\"base\":{\"/f\":[1,2]}}",
                   "/f: the event's \"0123456789012345678901234567890123456789012345678901234567890123456789012345678... "
                   "(84 bytes) replaces [1,   2], as the producer saw it: rule atomic");
}
END_TEST

START_TEST(the_rule_is_named_with_its_pattern_and_place_and_what_came_behind)
{
    const struct rule_entry entry = {
        .pattern = BYTES("/attributes/*"), .rule = RULE_MERGE, .place = {"ifmatch.yaml", 12}};
    const struct decision decision = {.field = BYTES("/attributes/length"),
                                      .entry = &entry,
                                      .merge_case = CASE_1,
                                      .theirs = {VALUE_PRESENT, BYTES("7")},
                                      .ours = {VALUE_PRESENT, BYTES("7")},
                                      .superseded_by = 1042};
    struct buffer out;

    buffer_init(&out, 1 << 16);
    explain_decision(&decision, &out);
    ck_assert_msg(bytes_equal(buffer_bytes(&out), BYTES("/attributes/length: 7 is there already (the event of offset 1042 "
                                                        "replaced it before it was written): rule merge of /attributes/*, "
                                                        "ifmatch.yaml:12")),
                  "%.*s", BYTES_ARG(buffer_bytes(&out)));
    buffer_release(&out);
}
END_TEST

START_TEST(an_element_that_has_no_answer_is_named)
{
    const struct rule_entry entry = {.pattern = BYTES("/lines"), .rule = RULE_KEYED, .place = {"ifmatch.yaml", 4}};
    const struct decision decision = {.field = BYTES("/lines"),
                                      .entry = &entry,
                                      .merge_case = CASE_5,
                                      .theirs = {VALUE_PRESENT, BYTES("[]")},
                                      .ours = {VALUE_PRESENT, BYTES("[1]")},
                                      .result = RESULT_CONFLICT,
                                      .note = DECISION_NOTE_ELEMENT,
                                      .element = BYTES("\"A1\""),
                                      .superseded_by = -1};
    struct buffer out;

    buffer_init(&out, 1 << 16);
    explain_decision(&decision, &out);
    ck_assert_msg(bytes_equal(buffer_bytes(&out),
                              BYTES("/lines: conflict: the document has [], and nobody knows whether the producer saw it; the "
                                    "event asks for [1] (an element was changed by both: A1): rule keyed, ifmatch.yaml:4")),
                  "%.*s", BYTES_ARG(buffer_bytes(&out)));
    buffer_release(&out);
}
END_TEST

UNIT_TESTS("record/explain", what_is_replaced_is_told_with_its_history, what_stays_is_told_with_what_was_asked_for,
           what_is_made_of_both_is_told_with_both, a_conflict_says_what_stands_against_what_and_why, words_lose_their_quotes_and_nothing_else_does,
           a_value_takes_part_of_one_line, the_rule_is_named_with_its_pattern_and_place_and_what_came_behind,
           an_element_that_has_no_answer_is_named)
