#include "tests/support/trial.h"
#include "tests/support/unit.h"

/* Where the base comes from, strongest first: event, version, refused copy, memory, none. */

#define NO_BASE_EVENT "{\"changes\":{\"/f\":\"O\"}}"

static struct trial *with_memory(const char *value)
{
    struct trial *trial = trial_new();
    struct base_memory *memory = base_memory_new();

    base_memory_set(memory, BYTES("/f"), bytes_of(value));
    trial->input.memory = memory;
    return trial;
}

static void free_with_memory(struct trial *trial)
{
    base_memory_free((struct base_memory *)trial->input.memory);
    trial_free(trial);
}

START_TEST(the_event_knows_best)
{
    struct trial *trial = with_memory("\"T\"");

    trial->input.version = BYTES("\"v1\"");
    trial_merge(trial, "{\"f\":\"T\"}", "{\"changes\":{\"/f\":\"O\"},\"base\":{\"/f\":\"B\"},\"base_version\":\"\\\"v1\\\"\"}");
    ck_assert_int_eq(trial->output.decisions[0].base_from, BASE_FROM_EVENT);
    ck_assert_str_eq(trial_decisions(trial), "/f c4 X");
    free_with_memory(trial);
}
END_TEST

START_TEST(a_matching_base_version_makes_theirs_the_base)
{
    struct trial *trial = with_memory("\"other\"");

    trial->input.version = BYTES("\"v1\"");
    trial_merge(trial, "{\"f\":\"T\"}", "{\"changes\":{\"/f\":\"O\"},\"base_version\":\"\\\"v1\\\"\"}");
    ck_assert_int_eq(trial->output.decisions[0].base_from, BASE_FROM_VERSION);
    ck_assert_str_eq(trial_decisions(trial), "/f c2 O");
    free_with_memory(trial);
}
END_TEST

START_TEST(another_base_version_says_nothing)
{
    struct trial *trial = trial_new();

    trial->input.version = BYTES("\"v2\"");
    trial_merge(trial, "{\"f\":\"T\"}", "{\"changes\":{\"/f\":\"O\"},\"base_version\":\"\\\"v1\\\"\"}");
    ck_assert_int_eq(trial->output.decisions[0].base_from, BASE_FROM_NONE);
    ck_assert_str_eq(trial_decisions(trial), "/f c5 O no_base");
    trial_free(trial);
}
END_TEST

START_TEST(an_absent_version_matches_no_base_version)
{
    struct trial *trial = trial_new();

    trial_merge(trial, "{\"f\":\"T\"}", "{\"changes\":{\"/f\":\"O\"},\"base_version\":\"\"}");
    ck_assert_int_eq(trial->output.decisions[0].base_from, BASE_FROM_NONE);
    trial_free(trial);
}
END_TEST

START_TEST(a_change_during_our_own_attempt_is_c4)
{
    struct trial *trial = with_memory("\"T\"");

    trial->refused_copy = trial_scan(trial, "{\"f\":\"before\"}");
    trial->input.refused_copy = &trial->refused_copy;
    trial_merge(trial, "{\"f\":\"T\"}", NO_BASE_EVENT);
    ck_assert_int_eq(trial->output.decisions[0].base_from, BASE_FROM_REFUSED_COPY);
    ck_assert_str_eq(trial_decisions(trial), "/f c4 X");
    free_with_memory(trial);
}
END_TEST

START_TEST(a_field_that_somebody_took_away_during_our_own_attempt_is_c4)
{
    struct trial *trial = trial_new();

    trial->refused_copy = trial_scan(trial, "{\"f\":\"O\"}");
    trial->input.refused_copy = &trial->refused_copy;
    trial_merge(trial, "{}", NO_BASE_EVENT);
    ck_assert_str_eq(trial_decisions(trial), "/f c4 X");
    trial_free(trial);
}
END_TEST

START_TEST(a_change_during_an_earlier_attempt_is_c4_too)
{
    struct trial *trial = trial_new();
    const struct json_edit contested[] = {{.pointer = BYTES("/x"), .value = BYTES("1")},
                                          {.pointer = BYTES("/f"), .value = BYTES("\"before\"")}};

    trial->refused_copy = trial_scan(trial, "{\"f\":\"T\"}");
    trial->input.refused_copy = &trial->refused_copy;
    trial->input.contested = contested;
    trial->input.contested_count = 2;
    trial_merge(trial, "{\"f\":\"T\"}", NO_BASE_EVENT);
    ck_assert_str_eq(trial_decisions(trial), "/f c4 X");
    trial_merge(trial, "{\"f\":\"before\"}", NO_BASE_EVENT);
    ck_assert_str_eq(trial_decisions(trial), "/f c4 X");
    trial->refused_copy = trial_scan(trial, "{\"f\":\"before\"}");
    trial_merge(trial, "{\"f\":\"before\"}", NO_BASE_EVENT);
    ck_assert_int_eq(trial->output.decisions[0].base_from, BASE_FROM_NONE);
    trial_free(trial);
}
END_TEST

START_TEST(a_field_that_nobody_touched_during_our_own_attempt_goes_on_to_memory)
{
    struct trial *trial = with_memory("\"T\"");

    trial->refused_copy = trial_scan(trial, "{\"f\":\"T\",\"x\":1}");
    trial->input.refused_copy = &trial->refused_copy;
    trial_merge(trial, "{\"f\":\"T\",\"x\":2}", NO_BASE_EVENT);
    ck_assert_int_eq(trial->output.decisions[0].base_from, BASE_FROM_MEMORY);
    ck_assert_str_eq(trial_decisions(trial), "/f c2 O");
    free_with_memory(trial);
}
END_TEST

START_TEST(our_own_possibly_applied_edit_is_no_change_by_somebody)
{
    struct trial *trial = trial_new();
    const struct json_edit own = {.pointer = BYTES("/f"), .value = BYTES("\"T\"")};

    trial->refused_copy = trial_scan(trial, "{\"f\":\"before\"}");
    trial->input.refused_copy = &trial->refused_copy;
    trial->input.own_edits = &own;
    trial->input.own_edit_count = 1;
    trial_merge(trial, "{\"f\":\"T\"}", NO_BASE_EVENT);
    ck_assert_int_eq(trial->output.decisions[0].base_from, BASE_FROM_NONE);
    trial_free(trial);
}
END_TEST

START_TEST(our_own_possibly_applied_removal_is_no_change_by_somebody)
{
    struct trial *trial = trial_new();
    const struct json_edit own = {.pointer = BYTES("/f")};

    trial->refused_copy = trial_scan(trial, "{\"f\":{\"x\":1}}");
    trial->input.refused_copy = &trial->refused_copy;
    trial->input.own_edits = &own;
    trial->input.own_edit_count = 1;
    trial_merge(trial, "{}", "{\"changes\":{\"/f/x\":2}}");
    ck_assert_int_eq(trial->output.decisions[0].base_from, BASE_FROM_NONE);
    trial_free(trial);
}
END_TEST

START_TEST(memory_is_the_value_that_an_event_of_ours_set)
{
    struct trial *trial = with_memory("\"ours before\"");

    trial_merge(trial, "{\"f\":\"T\"}", NO_BASE_EVENT);
    ck_assert_int_eq(trial->output.decisions[0].base_from, BASE_FROM_MEMORY);
    ck_assert_str_eq(trial_decisions(trial), "/f c4 X");
    free_with_memory(trial);
}
END_TEST

START_TEST(merge_base_event_switches_memory_off)
{
    struct trial *trial = with_memory("\"T\"");

    trial->defaults.memory_is_base = false;
    trial_merge(trial, "{\"f\":\"T\"}", NO_BASE_EVENT);
    ck_assert_int_eq(trial->output.decisions[0].base_from, BASE_FROM_NONE);
    free_with_memory(trial);
}
END_TEST

START_TEST(base_missing_says_that_the_field_did_not_exist)
{
    struct trial *trial = trial_new();

    trial_merge(trial, "{}", "{\"changes\":{\"/f\":1},\"base_missing\":[\"/f\"]}");
    ck_assert_str_eq(trial_decisions(trial), "/f c2 O");
    trial_merge(trial, "{\"f\":2}", "{\"changes\":{\"/f\":1},\"base_missing\":[\"/f\"]}");
    ck_assert_str_eq(trial_decisions(trial), "/f c4 X");
    trial_free(trial);
}
END_TEST

START_TEST(a_removal_is_a_value_like_any_other)
{
    struct trial *trial = trial_new();

    trial_merge(trial, "{\"f\":1,\"g\":2,\"h\":3}",
                "{\"remove\":[\"/f\",\"/g\",\"/h\",\"/i\"],\"base\":{\"/f\":1,\"/g\":1}}");
    ck_assert_str_eq(trial_decisions(trial), "/f c2 O; /g c4 X; /h c5 O no_base; /i c1 T");
    trial_free(trial);
}
END_TEST

START_TEST(numbers_are_compared_by_value)
{
    struct trial *trial = trial_new();

    trial_merge(trial, "{\"f\":12.50,\"g\":9007199254740993}",
                "{\"changes\":{\"/f\":1.25e1,\"/g\":9007199254740992},\"base\":{\"/g\":9007199254740993.0}}");
    ck_assert_str_eq(trial_decisions(trial), "/f c1 T; /g c2 O");
    ck_assert_str_eq(trial_document(trial), "{\"f\":12.50,\"g\":9007199254740992}");
    trial_free(trial);
}
END_TEST

static struct bytes fold_field;

/* What an earlier event of the same write set to "T". */
static struct trial *with_fold(const char *field)
{
    struct trial *trial = trial_new();
    struct base_memory *set = base_memory_new();

    base_memory_set(set, bytes_of(field), BYTES("\"T\""));
    fold_field = bytes_of(field);
    trial->input.fold = set;
    trial->input.fold_fields = &fold_field;
    trial->input.fold_field_count = 1;
    return trial;
}

static void free_with_fold(struct trial *trial)
{
    base_memory_free((struct base_memory *)trial->input.fold);
    trial_free(trial);
}

START_TEST(what_an_earlier_event_of_the_same_write_set_is_our_own_whatever_the_refused_copy_had)
{
    struct trial *trial = with_fold("/f");

    trial->refused_copy = trial_scan(trial, "{\"f\":\"before\"}");
    trial->input.refused_copy = &trial->refused_copy;
    trial_merge(trial, "{\"f\":\"T\"}", NO_BASE_EVENT);
    ck_assert_int_eq(trial->output.decisions[0].base_from, BASE_FROM_MEMORY);
    ck_assert_str_eq(trial_decisions(trial), "/f c2 O");
    free_with_fold(trial);
}
END_TEST

START_TEST(what_an_earlier_event_of_the_same_write_changed_around_a_field_is_no_base_of_it)
{
    struct trial *trial = with_fold("/f/part");
    struct base_memory *memory = base_memory_new();

    base_memory_set(memory, BYTES("/f"), BYTES("\"old\""));
    trial->input.memory = memory;
    trial_merge(trial, "{\"f\":\"T\"}", NO_BASE_EVENT);
    ck_assert_int_eq(trial->output.decisions[0].base_from, BASE_FROM_NONE);
    base_memory_free(memory);
    free_with_fold(trial);
}
END_TEST

START_TEST(a_possibly_applied_edit_of_a_parent_is_our_own_for_what_lies_in_it)
{
    struct trial *trial = trial_new();
    const struct json_edit edit = {BYTES("/g"), BYTES("{\"f\":\"T\"}")};

    trial->refused_copy = trial_scan(trial, "{\"g\":{\"f\":\"before\"}}");
    trial->input.refused_copy = &trial->refused_copy;
    trial->input.own_edits = &edit;
    trial->input.own_edit_count = 1;
    trial_merge(trial, "{\"g\":{\"f\":\"T\"}}", "{\"changes\":{\"/g/f\":\"O\"}}");
    ck_assert_int_eq(trial->output.decisions[0].base_from, BASE_FROM_NONE);
    trial_free(trial);
}
END_TEST

UNIT_TESTS("merge/base", the_event_knows_best, a_matching_base_version_makes_theirs_the_base,
           another_base_version_says_nothing, an_absent_version_matches_no_base_version,
           a_change_during_our_own_attempt_is_c4, a_change_during_an_earlier_attempt_is_c4_too,
           a_field_that_somebody_took_away_during_our_own_attempt_is_c4,
           a_field_that_nobody_touched_during_our_own_attempt_goes_on_to_memory,
           our_own_possibly_applied_edit_is_no_change_by_somebody,
           our_own_possibly_applied_removal_is_no_change_by_somebody,
           memory_is_the_value_that_an_event_of_ours_set, merge_base_event_switches_memory_off,
           base_missing_says_that_the_field_did_not_exist, a_removal_is_a_value_like_any_other,
           numbers_are_compared_by_value,
           what_an_earlier_event_of_the_same_write_set_is_our_own_whatever_the_refused_copy_had,
           what_an_earlier_event_of_the_same_write_changed_around_a_field_is_no_base_of_it,
           a_possibly_applied_edit_of_a_parent_is_our_own_for_what_lies_in_it)
