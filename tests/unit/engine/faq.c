#include "../../support/document.h"
#include "../../support/unit.h"

#include "engine/faq.h"

#include <string.h>

static void check_entry(const char *name, const struct faq *faq)
{
    const char *const texts[] = {faq->why, faq->act};

    for (size_t i = 0; i < 2; i++) {
        ck_assert_msg(texts[i] != NULL, "'%s' has no entry in worker/engine/faq.c", name);
        ck_assert_msg(texts[i][strlen(texts[i]) - 1] == '.', "'%s': '%s' is no sentence", name, texts[i]);
    }
}

START_TEST(every_outcome_and_every_reason_has_its_entry)
{
    enum outcome outcome;

    for (size_t i = 0; i < OUTCOME_COUNT; i++)
        check_entry(outcome_name(i), faq_of_outcome(i));
    for (size_t i = REASON_NONE + 1; i < REASON_COUNT; i++)
        check_entry(reason_name(i), faq_of_reason(i, &outcome));
}
END_TEST

START_TEST(the_page_in_docs_is_what_the_tables_say)
{
    struct buffer page;

    buffer_init(&page, 1 << 20);
    faq_document(&page);
    document_compare("faq.md", &page);
    buffer_release(&page);
}
END_TEST

UNIT_TESTS("engine/faq", every_outcome_and_every_reason_has_its_entry, the_page_in_docs_is_what_the_tables_say)
