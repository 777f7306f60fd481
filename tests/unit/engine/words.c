#include "../../support/document.h"
#include "../../support/unit.h"

#include "engine/words.h"

START_TEST(every_defect_of_an_event_is_a_reason_of_the_same_name)
{
#define X(identifier, name, sentence)                                                                        \
    ck_assert_str_eq(reason_name(reason_of_defect(EVENT_DEFECT_##identifier)), name);
    EVENT_DEFECTS(X)
#undef X
}
END_TEST

START_TEST(names_are_unique)
{
    for (size_t i = 1; i < REASON_COUNT; i++) {
        for (size_t j = 1; j < i; j++)
            ck_assert_str_ne(reason_name(i), reason_name(j));
    }
}
END_TEST

START_TEST(somebody_has_to_act_on_conflict_rejected_and_exhausted_only)
{
    ck_assert(!outcome_is_dead_letter(OUTCOME_APPLIED));
    ck_assert(!outcome_is_dead_letter(OUTCOME_MERGED));
    ck_assert(!outcome_is_dead_letter(OUTCOME_UNCHANGED));
    ck_assert(!outcome_is_dead_letter(OUTCOME_DUPLICATE));
    ck_assert(!outcome_is_dead_letter(OUTCOME_OUTDATED));
    ck_assert(outcome_is_dead_letter(OUTCOME_CONFLICT));
    ck_assert(outcome_is_dead_letter(OUTCOME_REJECTED));
    ck_assert(outcome_is_dead_letter(OUTCOME_EXHAUSTED));
}
END_TEST

START_TEST(an_outcome_is_found_by_its_exact_name)
{
    enum outcome outcome = OUTCOME_APPLIED;

    ck_assert(outcome_parse(BYTES("exhausted"), &outcome));
    ck_assert_int_eq(outcome, OUTCOME_EXHAUSTED);
    ck_assert(!outcome_parse(BYTES("Exhausted"), &outcome));
    ck_assert(!outcome_parse(BYTES("exhaust"), &outcome));
    ck_assert_int_eq(outcome, OUTCOME_EXHAUSTED);
}
END_TEST

START_TEST(the_page_in_docs_is_what_the_tables_say)
{
    struct buffer page;

    buffer_init(&page, 1 << 20);
    words_document(&page);
    document_compare("outcomes.md", &page);
    buffer_release(&page);
}
END_TEST

UNIT_TESTS("engine/words", every_defect_of_an_event_is_a_reason_of_the_same_name, names_are_unique,
           somebody_has_to_act_on_conflict_rejected_and_exhausted_only, an_outcome_is_found_by_its_exact_name,
           the_page_in_docs_is_what_the_tables_say)
