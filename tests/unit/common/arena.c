#include "common/memory.h"
#include "common/random.h"
#include "tests/support/unit.h"
#include <stdint.h>
#include <string.h>

START_TEST(allocations_are_aligned_and_apart)
{
    struct arena *arena = arena_new(1000);
    unsigned char *taken[200];

    for (size_t i = 0; i < 200; i++) {
        taken[i] = arena_take(arena, i);
        ck_assert_uint_eq((uintptr_t)taken[i] % 16, 0);
        memset(taken[i], (int)i, i);
    }
    for (size_t i = 0; i < 200; i++)
        for (size_t j = 0; j < i; j++)
            ck_assert_uint_eq(taken[i][j], i);
    arena_free(arena);
}
END_TEST

START_TEST(nothing_at_all_has_an_address_of_its_own)
{
    struct arena *arena = arena_new(100);
    void *one = arena_take(arena, 0), *other = arena_take(arena, 0);

    ck_assert_ptr_nonnull(one);
    ck_assert_ptr_ne(one, other);
    arena_free(arena);
    arena_free(NULL);
}
END_TEST

START_TEST(the_last_allocation_grows_and_shrinks_in_place)
{
    struct arena *arena = arena_new(1000);
    char *memory = arena_grow(arena, NULL, 0, 10);
    char *behind;

    memcpy(memory, "0123456789", 10);
    ck_assert_ptr_eq(arena_grow(arena, memory, 10, 500), memory);
    memset(memory + 10, 'x', 490);
    ck_assert_ptr_eq(arena_grow(arena, memory, 500, 16), memory);
    behind = arena_take(arena, 1);
    ck_assert_ptr_eq(behind, memory + 16);
    arena_free(arena);
}
END_TEST

START_TEST(growing_copies_what_cannot_grow_in_place)
{
    struct arena *arena = arena_new(256);
    char *first = arena_copy(arena, "first", 5), *second = arena_copy(arena, "second", 6);
    char *grown = arena_grow(arena, first, 6, 64);

    ck_assert_ptr_ne(grown, first);
    ck_assert_str_eq(grown, "first");
    memset(grown + 6, 'x', 58);
    ck_assert_str_eq(first, "first");
    ck_assert_str_eq(second, "second");
    grown = arena_grow(arena, grown, 64, 5000); /* over the end of its block */
    ck_assert_str_eq((memset(grown + 64, 'y', 4936), grown[5] = '\0', grown), "first");
    arena_free(arena);
}
END_TEST

START_TEST(zeroed_memory_is_zero_after_a_reset_too)
{
    struct arena *arena = arena_new(256);

    for (int round = 0; round < 3; round++) {
        unsigned char *memory = arena_zero(arena, 100);

        for (int i = 0; i < 100; i++)
            ck_assert_uint_eq(memory[i], 0);
        memset(memory, 0xFF, 100);
        arena_reset(arena);
    }
    arena_free(arena);
}
END_TEST

START_TEST(a_steady_path_allocates_nothing_more)
{
    struct arena *arena = arena_new(1024);
    struct random random;
    size_t bytes = 0;

    for (int round = 0; round < 20; round++) {
        random_init(&random, 5);
        for (int i = 0; i < 100; i++)
            memset(arena_take(arena, random_below(&random, 4000)), 1, 1);
        if (round == 0)
            bytes = arena_bytes(arena);
        ck_assert_uint_eq(arena_bytes(arena), bytes);
        arena_reset(arena);
    }
    arena_free(arena);
}
END_TEST

START_TEST(a_huge_block_is_given_back_at_the_reset)
{
    struct arena *arena = arena_new(1024);
    size_t bytes;

    arena_take(arena, 8 * 1024);
    bytes = arena_bytes(arena);
    arena_take(arena, 1 << 20);
    ck_assert_uint_gt(arena_bytes(arena), 1 << 20);
    arena_reset(arena);
    ck_assert_uint_eq(arena_bytes(arena), bytes);
    arena_free(arena);
}
END_TEST

START_TEST(arenas_that_count_in_one_place_are_summed_up_there)
{
    size_t total = 0;
    struct arena *first = arena_new_counted(1024, &total), *second = arena_new_counted(1024, &total);

    ck_assert_uint_ge(total, 2 * 1024);
    arena_take(first, 1 << 20);
    ck_assert_uint_ge(total, 2 * 1024 + (1 << 20));
    arena_reset(first);
    ck_assert_uint_lt(total, 4 * 1024);
    arena_free(first);
    arena_free(second);
    ck_assert_uint_eq(total, 0);
}
END_TEST

UNIT_TESTS("common/arena", allocations_are_aligned_and_apart, nothing_at_all_has_an_address_of_its_own,
           the_last_allocation_grows_and_shrinks_in_place, growing_copies_what_cannot_grow_in_place,
           zeroed_memory_is_zero_after_a_reset_too, a_steady_path_allocates_nothing_more,
           a_huge_block_is_given_back_at_the_reset,
           arenas_that_count_in_one_place_are_summed_up_there)
