#include "merge/base_memory.h"

#include "tests/support/unit.h"

START_TEST(remembers_the_last_value_of_a_field_and_that_it_was_removed)
{
    struct base_memory *memory = base_memory_new();
    struct bytes value;

    ck_assert(!base_memory_get(memory, BYTES("/a"), &value));
    base_memory_set(memory, BYTES("/a"), BYTES("1"));
    base_memory_set(memory, BYTES("/a"), BYTES("2"));
    base_memory_set(memory, BYTES("/b"), BYTES_NONE);
    ck_assert(base_memory_get(memory, BYTES("/a"), &value));
    ck_assert(bytes_equal(value, BYTES("2")));
    ck_assert(base_memory_get(memory, BYTES("/b"), &value));
    ck_assert(!bytes_present(value));
    base_memory_free(memory);
}
END_TEST

START_TEST(forgets_what_lies_above_and_below)
{
    struct base_memory *memory = base_memory_new();
    struct bytes value;

    base_memory_set(memory, BYTES("/a/b"), BYTES("1"));
    base_memory_set(memory, BYTES("/a/c"), BYTES("1"));
    base_memory_set(memory, BYTES("/ab"), BYTES("1"));
    base_memory_set(memory, BYTES("/a"), BYTES("{}"));
    ck_assert(!base_memory_get(memory, BYTES("/a/b"), &value));
    ck_assert(!base_memory_get(memory, BYTES("/a/c"), &value));
    ck_assert(base_memory_get(memory, BYTES("/ab"), &value));
    base_memory_set(memory, BYTES("/a/b"), BYTES("2"));
    ck_assert(!base_memory_get(memory, BYTES("/a"), &value));
    base_memory_free(memory);
}
END_TEST

START_TEST(counts_its_bytes)
{
    struct base_memory *memory = base_memory_new();
    size_t empty = base_memory_bytes(memory), full;

    base_memory_set(memory, BYTES("/a"), BYTES("\"a long value\""));
    full = base_memory_bytes(memory);
    ck_assert_uint_ge(full, empty + 2 + 14);
    base_memory_set(memory, BYTES("/a"), BYTES("\"a long value\""));
    ck_assert_uint_eq(base_memory_bytes(memory), full);
    base_memory_free(memory);
}
END_TEST

UNIT_TESTS("merge/base_memory", remembers_the_last_value_of_a_field_and_that_it_was_removed,
           forgets_what_lies_above_and_below, counts_its_bytes)
