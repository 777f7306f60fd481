#include "../../support/aborts.h"
#include "../../support/unit.h"

#include "common/random.h"
#include "engine/repeats.h"

#include <stdio.h>

#define ROOM ((size_t)1 << 20)

/* NULL is absent. The value's digest is the same for all unless a test says otherwise. */
static struct repeats_event event(int64_t offset, const char *source, const char *id, const char *document,
                                  const char *sequence)
{
    return (struct repeats_event){.source = bytes_of(source),
                                  .id = bytes_of(id),
                                  .document = bytes_of(document),
                                  .sequence = bytes_of(sequence),
                                  .digest = 1,
                                  .offset = offset};
}

static enum repeat judge(struct repeats *repeats, int64_t offset, const char *source, const char *id,
                         const char *document, const char *sequence)
{
    struct repeats_event asked = event(offset, source, id, document, sequence);

    return repeats_judge(repeats, &asked);
}

static void pend(struct repeats *repeats, int64_t offset, const char *source, const char *id, const char *document,
                 const char *sequence)
{
    struct repeats_event pended = event(offset, source, id, document, sequence);

    ck_assert_int_eq(repeats_judge(repeats, &pended), REPEAT_NONE);
    repeats_pend(repeats, &pended);
}

static void note(struct repeats *repeats, int64_t offset, const char *source, const char *id, const char *document,
                 const char *sequence)
{
    pend(repeats, offset, source, id, document, sequence);
    repeats_note(repeats, offset);
}

/* --- ids --- */

START_TEST(an_id_waits_while_it_is_pending_and_is_a_duplicate_once_it_is_noted)
{
    struct repeats *repeats = repeats_new(ROOM);

    pend(repeats, 10, "erp", "7c2f", "4711", NULL);
    ck_assert_int_eq(judge(repeats, 11, "erp", "7c2f", "4711", NULL), REPEAT_PENDING);
    repeats_note(repeats, 10);
    ck_assert_int_eq(judge(repeats, 11, "erp", "7c2f", "4711", NULL), REPEAT_DUPLICATE);
    ck_assert_int_eq(judge(repeats, 11, "erp", "7c30", "4711", NULL), REPEAT_NONE);
    repeats_free(repeats);
}
END_TEST

START_TEST(an_event_that_ended_in_conflict_is_forgotten_and_may_come_again)
{
    struct repeats *repeats = repeats_new(ROOM);

    pend(repeats, 10, "erp", "7c2f", "4711", "5");
    repeats_forget(repeats, 10);
    ck_assert_int_eq(judge(repeats, 11, "erp", "7c2f", "4711", "5"), REPEAT_NONE);
    ck_assert_uint_lt(repeats_bytes(repeats), 512); /* nothing but memory for the next */
    repeats_free(repeats);
}
END_TEST

START_TEST(the_same_id_with_other_bytes_or_for_another_document_is_reused)
{
    struct repeats *repeats = repeats_new(ROOM);
    struct repeats_event other = event(11, "erp", "7c2f", "4711", NULL);

    note(repeats, 10, "erp", "7c2f", "4711", NULL);
    other.digest = 2;
    ck_assert_int_eq(repeats_judge(repeats, &other), REPEAT_ID_REUSED);
    ck_assert_int_eq(judge(repeats, 11, "erp", "7c2f", "4712", NULL), REPEAT_ID_REUSED);
    repeats_free(repeats);
}
END_TEST

START_TEST(ids_are_compared_within_their_source_and_byte_by_byte)
{
    struct repeats *repeats = repeats_new(ROOM);

    note(repeats, 10, "erp", "1x", "4711", NULL);
    ck_assert_int_eq(judge(repeats, 11, "crm", "1x", "4711", NULL), REPEAT_NONE);
    ck_assert_int_eq(judge(repeats, 11, "erp1", "x", "4711", NULL), REPEAT_NONE);
    ck_assert_int_eq(judge(repeats, 11, "erp", "1X", "4711", NULL), REPEAT_NONE);
    ck_assert_int_eq(judge(repeats, 11, "erp", "1x", "4711", NULL), REPEAT_DUPLICATE);
    repeats_free(repeats);
}
END_TEST

START_TEST(without_an_id_or_a_source_nothing_is_a_duplicate)
{
    struct repeats *repeats = repeats_new(ROOM);

    note(repeats, 10, NULL, "7c2f", "4711", NULL);
    note(repeats, 11, "erp", NULL, "4711", NULL);
    ck_assert_int_eq(judge(repeats, 12, NULL, "7c2f", "4711", NULL), REPEAT_NONE);
    ck_assert_int_eq(judge(repeats, 12, "erp", NULL, "4711", NULL), REPEAT_NONE);
    note(repeats, 12, "", "", "4711", NULL); /* empty is not absent */
    ck_assert_int_eq(judge(repeats, 13, "", "", "4711", NULL), REPEAT_DUPLICATE);
    repeats_free(repeats);
}
END_TEST

START_TEST(an_event_never_counts_against_its_own_offset)
{
    struct repeats *repeats = repeats_new(ROOM);

    pend(repeats, 10, "erp", "7c2f", "4711", "5");
    ck_assert_int_eq(judge(repeats, 10, "erp", "7c2f", "4711", "5"), REPEAT_NONE);
    repeats_note(repeats, 10);
    ck_assert_int_eq(judge(repeats, 10, "erp", "7c2f", "4711", "5"), REPEAT_NONE);
    repeats_free(repeats);
}
END_TEST

START_TEST(of_two_events_of_one_id_in_two_lanes_the_first_holds_it)
{
    struct repeats *repeats = repeats_new(ROOM);
    struct repeats_event first = event(10, "erp", "7c2f", "4711", NULL);
    struct repeats_event second = event(11, "erp", "7c2f", "4712", NULL);

    repeats_pend(repeats, &first);
    repeats_pend(repeats, &second); /* judged before the first was pended */
    repeats_note(repeats, 11);
    ck_assert_int_eq(judge(repeats, 12, "erp", "7c2f", "4711", NULL), REPEAT_PENDING);
    repeats_note(repeats, 10);
    ck_assert_int_eq(judge(repeats, 12, "erp", "7c2f", "4711", NULL), REPEAT_DUPLICATE);
    ck_assert_int_eq(judge(repeats, 12, "erp", "7c2f", "4712", NULL), REPEAT_ID_REUSED);
    repeats_free(repeats);
}
END_TEST

/* --- sequences --- */

START_TEST(a_sequence_that_is_not_above_the_last_is_outdated)
{
    struct repeats *repeats = repeats_new(ROOM);

    note(repeats, 10, "erp", NULL, "4711", "9");
    ck_assert_int_eq(judge(repeats, 11, "erp", NULL, "4711", "9"), REPEAT_OUTDATED);
    ck_assert_int_eq(judge(repeats, 11, "erp", NULL, "4711", "0008"), REPEAT_OUTDATED);
    ck_assert_int_eq(judge(repeats, 11, "erp", NULL, "4711", "10"), REPEAT_NONE);
    ck_assert_int_eq(judge(repeats, 11, "erp", NULL, "4712", "8"), REPEAT_NONE);
    ck_assert_int_eq(judge(repeats, 11, "crm", NULL, "4711", "8"), REPEAT_NONE);
    ck_assert_int_eq(judge(repeats, 11, "erp", NULL, "4711", NULL), REPEAT_NONE);
    repeats_free(repeats);
}
END_TEST

START_TEST(two_producers_without_a_source_do_not_outdate_each_other)
{
    struct repeats *repeats = repeats_new(ROOM);

    note(repeats, 10, NULL, NULL, "4711", "9");
    ck_assert_int_eq(judge(repeats, 11, NULL, NULL, "4711", "8"), REPEAT_NONE);
    ck_assert_int_eq(judge(repeats, 11, NULL, NULL, "4711", "text"), REPEAT_NONE);
    repeats_free(repeats);
}
END_TEST

START_TEST(the_members_of_a_fold_are_pending_together_and_judged_against_each_other)
{
    struct repeats *repeats = repeats_new(ROOM);

    pend(repeats, 10, "erp", NULL, "4711", "5");
    pend(repeats, 11, "erp", NULL, "4711", "7");
    ck_assert_int_eq(judge(repeats, 12, "erp", NULL, "4711", "6"), REPEAT_PENDING);
    ck_assert_int_eq(judge(repeats, 12, "erp", NULL, "4711", "8"), REPEAT_NONE);
    repeats_forget(repeats, 11); /* it dropped out in conflict */
    ck_assert_int_eq(judge(repeats, 12, "erp", NULL, "4711", "6"), REPEAT_NONE);
    ck_assert_int_eq(judge(repeats, 12, "erp", NULL, "4711", "5"), REPEAT_PENDING);
    repeats_note(repeats, 10);
    ck_assert_int_eq(judge(repeats, 12, "erp", NULL, "4711", "5"), REPEAT_OUTDATED);
    repeats_free(repeats);
}
END_TEST

START_TEST(records_acknowledged_in_another_order_leave_the_highest_sequence)
{
    struct repeats *repeats = repeats_new(ROOM);

    pend(repeats, 10, "erp", NULL, "4711", "5");
    pend(repeats, 11, "erp", NULL, "4711", "7");
    repeats_note(repeats, 11);
    repeats_note(repeats, 10);
    ck_assert_int_eq(judge(repeats, 12, "erp", NULL, "4711", "6"), REPEAT_OUTDATED);
    ck_assert_int_eq(judge(repeats, 11, "erp", NULL, "4711", "7"), REPEAT_NONE); /* its own */
    repeats_free(repeats);
}
END_TEST

START_TEST(a_forgotten_event_leaves_the_sequence_that_was_noted_before)
{
    struct repeats *repeats = repeats_new(ROOM);

    note(repeats, 10, "erp", NULL, "4711", "5");
    pend(repeats, 11, "erp", NULL, "4711", "7");
    repeats_forget(repeats, 11);
    ck_assert_int_eq(judge(repeats, 12, "erp", NULL, "4711", "5"), REPEAT_OUTDATED);
    ck_assert_int_eq(judge(repeats, 12, "erp", NULL, "4711", "6"), REPEAT_NONE);
    repeats_free(repeats);
}
END_TEST

START_TEST(digits_and_text_of_one_source_have_no_order)
{
    struct repeats *repeats = repeats_new(ROOM);

    pend(repeats, 10, "erp", NULL, "4711", "5");
    ck_assert_int_eq(judge(repeats, 11, "erp", NULL, "4711", "a"), REPEAT_PENDING);
    repeats_note(repeats, 10);
    ck_assert_int_eq(judge(repeats, 11, "erp", NULL, "4711", "a"), REPEAT_SEQUENCE_SHAPE);
    ck_assert_int_eq(judge(repeats, 11, "erp", NULL, "4712", "a"), REPEAT_SEQUENCE_SHAPE);
    ck_assert_int_eq(judge(repeats, 11, "crm", NULL, "4711", "a"), REPEAT_NONE);
    repeats_free(repeats);
}
END_TEST

START_TEST(a_repeated_event_is_a_duplicate_rather_than_outdated)
{
    struct repeats *repeats = repeats_new(ROOM);

    note(repeats, 10, "erp", "7c2f", "4711", "5");
    note(repeats, 11, "erp", "7c30", "4711", "6");
    ck_assert_int_eq(judge(repeats, 12, "erp", "7c2f", "4711", "5"), REPEAT_DUPLICATE);
    repeats_free(repeats);
}
END_TEST

/* --- memory --- */

static void number_text(char text[24], int64_t number)
{
    snprintf(text, 24, "%lld", (long long)number);
}

START_TEST(what_was_noted_longest_ago_goes_first)
{
    struct repeats *repeats = repeats_new(20000);
    char id[24];
    int64_t remembered = 0;

    for (int64_t i = 0; i < 1000; i++) {
        number_text(id, i);
        note(repeats, i, "erp", id, id, NULL);
        ck_assert_uint_le(repeats_bytes(repeats), 20000);
    }
    for (int64_t i = 0; i < 1000; i++) {
        number_text(id, i);
        if (judge(repeats, 1000, "erp", id, id, NULL) == REPEAT_DUPLICATE)
            remembered++;
        else
            ck_assert_int_eq(remembered, 0); /* the last ones are all there */
    }
    ck_assert_int_gt(remembered, 50);
    ck_assert_int_lt(remembered, 500);
    repeats_free(repeats);
}
END_TEST

START_TEST(pending_events_are_never_evicted)
{
    struct repeats *repeats = repeats_new(1000);
    char id[24];

    for (int64_t i = 0; i < 100; i++) {
        number_text(id, i);
        pend(repeats, i, "erp", id, id, "5");
    }
    ck_assert_uint_gt(repeats_bytes(repeats), 1000);
    for (int64_t i = 0; i < 100; i++) {
        number_text(id, i);
        ck_assert_int_eq(judge(repeats, 1000, "erp", id, id, NULL), REPEAT_PENDING);
        ck_assert_int_eq(judge(repeats, 1000, "erp", NULL, id, "5"), REPEAT_PENDING);
    }
    for (int64_t i = 0; i < 100; i++)
        repeats_note(repeats, i);
    ck_assert_uint_le(repeats_bytes(repeats), 1000);
    repeats_free(repeats);
}
END_TEST

START_TEST(a_noted_sequence_is_not_evicted_while_a_later_one_is_pending)
{
    struct repeats *repeats = repeats_new(2000);
    char id[24];

    note(repeats, 0, "erp", NULL, "4711", "5");
    pend(repeats, 1, "erp", NULL, "4711", "6");
    for (int64_t i = 2; i < 100; i++) {
        number_text(id, i);
        note(repeats, i, "erp", id, "4712", NULL);
    }
    ck_assert_int_eq(judge(repeats, 100, "erp", NULL, "4711", "5"), REPEAT_OUTDATED);
    repeats_forget(repeats, 1);
    ck_assert_int_eq(judge(repeats, 100, "erp", NULL, "4711", "5"), REPEAT_OUTDATED);
    repeats_free(repeats);
}
END_TEST

START_TEST(large_ids_and_sequences_are_bounded_too)
{
    static char large[100001];
    struct repeats *repeats = repeats_new(50000);

    memset(large, '7', sizeof(large) - 1);
    note(repeats, 1, "erp", large, "4711", large);
    ck_assert_uint_le(repeats_bytes(repeats), 50000);
    repeats_free(repeats);
    repeats = repeats_new(ROOM);
    pend(repeats, 1, "erp", large, "4711", large);
    repeats_forget(repeats, 1);
    ck_assert_uint_lt(repeats_bytes(repeats), 512); /* what is kept for the next event is small */
    repeats_free(repeats);
}
END_TEST

START_TEST(a_steady_stream_of_one_document_holds_a_steady_size)
{
    struct repeats *repeats = repeats_new(ROOM);
    char sequence[24];
    size_t bytes = 0;

    for (int64_t i = 0; i < 1000; i++) {
        number_text(sequence, 1000000 + i);
        note(repeats, i, "erp", NULL, "4711", sequence);
        if (i == 10)
            bytes = repeats_bytes(repeats);
    }
    ck_assert_uint_eq(repeats_bytes(repeats), bytes);
    repeats_free(repeats);
}
END_TEST

/* Against a memory without limit that is one list. */
#define TRIALS  200
#define OFFSETS 200

struct told {
    int id, document, sequence;
    enum { UNTOLD, PENDING, NOTED } state;
};

static enum repeat model_judge(const struct told *told, int64_t offset, struct told asked)
{
    int last = -1, highest = -1;

    for (int64_t i = 0; i < OFFSETS; i++) {
        if (i == offset || told[i].state == UNTOLD)
            continue;
        if (told[i].id == asked.id)
            return told[i].state == PENDING                ? REPEAT_PENDING
                   : told[i].document == asked.document ? REPEAT_DUPLICATE
                                                           : REPEAT_ID_REUSED;
        if (told[i].document != asked.document)
            continue;
        if (told[i].state == NOTED && told[i].sequence > last)
            last = told[i].sequence;
        if (told[i].state == PENDING && told[i].sequence > highest)
            highest = told[i].sequence;
    }
    return asked.sequence <= last ? REPEAT_OUTDATED : asked.sequence <= highest ? REPEAT_PENDING : REPEAT_NONE;
}

static void drawn_event(struct random *random, struct repeats *repeats, struct told *told, int64_t offset)
{
    struct told asked = {(int)random_below(random, 60), (int)random_below(random, 5), (int)random_below(random, 60),
                         PENDING};
    char id[24], document[24], sequence[24];
    struct repeats_event given;

    number_text(id, asked.id);
    number_text(document, asked.document);
    number_text(sequence, asked.sequence);
    given = event(offset, "erp", id, document, sequence);
    ck_assert_int_eq(repeats_judge(repeats, &given), model_judge(told, offset, asked));
    if (repeats_judge(repeats, &given) != REPEAT_NONE)
        return;
    repeats_pend(repeats, &given);
    told[offset] = asked;
}

START_TEST(drawn_events_are_judged_as_a_plain_list_judges_them)
{
    struct random random;

    random_init(&random, 14);
    for (size_t trial = 0; trial < TRIALS; trial++) {
        struct repeats *repeats = repeats_new(ROOM);
        struct told told[OFFSETS] = {{0}};

        for (int64_t offset = 0; offset < OFFSETS; offset++) {
            int64_t ended = (int64_t)random_below(&random, OFFSETS);

            drawn_event(&random, repeats, told, offset);
            if (told[ended].state != PENDING)
                continue;
            told[ended].state = random_below(&random, 4) == 0 ? UNTOLD : NOTED;
            if (told[ended].state == NOTED)
                repeats_note(repeats, ended);
            else
                repeats_forget(repeats, ended);
        }
        repeats_free(repeats);
    }
}
END_TEST

static void pend_twice(void)
{
    struct repeats *repeats = repeats_new(ROOM);
    struct repeats_event twice = event(10, "erp", "7c2f", "4711", NULL);

    repeats_pend(repeats, &twice);
    repeats_pend(repeats, &twice);
}

static void pend_out_of_order(void)
{
    struct repeats *repeats = repeats_new(ROOM);
    struct repeats_event later = event(10, "erp", NULL, "4711", "7"), earlier = event(11, "erp", NULL, "4711", "6");

    repeats_pend(repeats, &later);
    repeats_pend(repeats, &earlier);
}

START_TEST(what_was_not_judged_cannot_be_pended)
{
    ck_assert(aborts(pend_twice));
    ck_assert(aborts(pend_out_of_order));
}
END_TEST

UNIT_TESTS("engine/repeats", an_id_waits_while_it_is_pending_and_is_a_duplicate_once_it_is_noted,
           an_event_that_ended_in_conflict_is_forgotten_and_may_come_again,
           the_same_id_with_other_bytes_or_for_another_document_is_reused,
           ids_are_compared_within_their_source_and_byte_by_byte,
           without_an_id_or_a_source_nothing_is_a_duplicate, an_event_never_counts_against_its_own_offset,
           of_two_events_of_one_id_in_two_lanes_the_first_holds_it,
           a_sequence_that_is_not_above_the_last_is_outdated,
           two_producers_without_a_source_do_not_outdate_each_other,
           the_members_of_a_fold_are_pending_together_and_judged_against_each_other,
           records_acknowledged_in_another_order_leave_the_highest_sequence,
           a_forgotten_event_leaves_the_sequence_that_was_noted_before,
           digits_and_text_of_one_source_have_no_order, a_repeated_event_is_a_duplicate_rather_than_outdated,
           what_was_noted_longest_ago_goes_first, pending_events_are_never_evicted,
           a_noted_sequence_is_not_evicted_while_a_later_one_is_pending,
           large_ids_and_sequences_are_bounded_too, a_steady_stream_of_one_document_holds_a_steady_size,
           drawn_events_are_judged_as_a_plain_list_judges_them, what_was_not_judged_cannot_be_pended)
