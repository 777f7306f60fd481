#include "common/memory.h"
#include "tests/support/unit.h"
#include <string.h>

START_TEST(new_memory_is_zero_and_resizing_keeps_it)
{
    unsigned char *memory = memory_new(100);

    for (int i = 0; i < 100; i++)
        ck_assert_uint_eq(memory[i], 0);
    memset(memory, 7, 100);
    memory = memory_resize(memory, 1000);
    for (int i = 0; i < 100; i++)
        ck_assert_uint_eq(memory[i], 7);
    free(memory);
    memory = memory_new(0);
    ck_assert_ptr_nonnull(memory);
    free(memory);
}
END_TEST

START_TEST(texts_are_copied)
{
    auto_text copy = memory_text("abc");
    auto_text part = memory_text_n("abcdef", 2);
    auto_text formatted = memory_format("%s-%d", "x", 5);

    ck_assert_str_eq(copy, "abc");
    ck_assert_str_eq(part, "ab");
    ck_assert_str_eq(formatted, "x-5");
    ck_assert_ptr_null(memory_text(NULL));
}
END_TEST

START_TEST(take_hands_over_and_leaves_nothing_behind)
{
    auto_text text = memory_text("abc");
    auto_text other = take(text);

    ck_assert_ptr_null(text);
    ck_assert_str_eq(other, "abc");
}
END_TEST

UNIT_TESTS("common/memory", new_memory_is_zero_and_resizing_keeps_it, texts_are_copied,
           take_hands_over_and_leaves_nothing_behind)
