#include "common/buffer.h"
#include "tests/support/unit.h"
#include <string.h>

START_TEST(pieces_are_put_together)
{
    auto_buffer buffer;

    buffer_init(&buffer, 1000);
    ck_assert(bytes_present(buffer_bytes(&buffer)));
    buffer_add(&buffer, BYTES("ab"));
    buffer_add(&buffer, BYTES_NONE);
    buffer_add_text(&buffer, "cd");
    buffer_add_char(&buffer, '/');
    buffer_add_uint64(&buffer, UINT64_MAX);
    buffer_add_char(&buffer, '/');
    buffer_add_int64(&buffer, INT64_MIN);
    buffer_add_int64(&buffer, -7);
    buffer_add_int64(&buffer, 0);
    buffer_format(&buffer, "/%s=%d", "x", 5);
    ck_assert(bytes_equal(buffer_bytes(&buffer),
                          BYTES("abcd/18446744073709551615/-9223372036854775808-70/x=5")));
    ck_assert(!buffer.overflowed);
}
END_TEST

START_TEST(grows_to_the_limit_and_not_a_byte_further)
{
    auto_buffer buffer;

    buffer_init(&buffer, 1000);
    for (int i = 0; i < 1000; i++)
        buffer_add_char(&buffer, 'x');
    ck_assert(!buffer.overflowed);
    ck_assert_uint_le(buffer.capacity, 1001);
    buffer_add(&buffer, BYTES(""));
    ck_assert(!buffer.overflowed);
    buffer_add_char(&buffer, 'y');
    ck_assert(buffer.overflowed);
    ck_assert_uint_eq(buffer.size, 1000);
}
END_TEST

START_TEST(behind_what_does_not_fit_nothing_is_added)
{
    auto_buffer buffer;

    buffer_init(&buffer, 5);
    buffer_add_text(&buffer, "abc");
    buffer_add_text(&buffer, "def");
    buffer_add_text(&buffer, "g");
    buffer_format(&buffer, "%d", 1);
    ck_assert(buffer.overflowed);
    ck_assert(bytes_equal(buffer_bytes(&buffer), BYTES("abc")));
    buffer_reset(&buffer);
    buffer_format(&buffer, "%d", 12345);
    ck_assert(!buffer.overflowed);
    ck_assert(bytes_equal(buffer_bytes(&buffer), BYTES("12345")));
    buffer_reset(&buffer);
    buffer_format(&buffer, "%d", 123456);
    ck_assert(buffer.overflowed);
    ck_assert_uint_eq(buffer.size, 0);
}
END_TEST

START_TEST(format_is_right_at_every_edge_of_the_capacity)
{
    char text[600];

    memset(text, 'x', sizeof(text));
    for (int before = 240; before < 260; before++) {
        for (int size = 0; size < 300; size += 7) {
            auto_buffer buffer;

            buffer_init(&buffer, 10000);
            buffer_add(&buffer, (struct bytes){text, (size_t)before});
            buffer_format(&buffer, "%.*s", size, text);
            ck_assert(bytes_equal(buffer_bytes(&buffer), (struct bytes){text, (size_t)(before + size)}));
        }
    }
}
END_TEST

START_TEST(a_reset_keeps_the_memory_and_a_detach_gives_it_away)
{
    auto_buffer buffer;
    char *text;

    buffer_init(&buffer, 100);
    buffer_add_text(&buffer, "abc");
    text = buffer.data;
    buffer_reset(&buffer);
    buffer_add_text(&buffer, "de");
    ck_assert_ptr_eq(buffer.data, text);
    text = buffer_detach(&buffer);
    ck_assert_str_eq(text, "de");
    free(text);
    ck_assert_uint_eq(buffer.size, 0);
    buffer_add_text(&buffer, "again");
    ck_assert(bytes_equal(buffer_bytes(&buffer), BYTES("again")));
    buffer_release(&buffer);
    text = buffer_detach(&buffer);
    ck_assert_str_eq(text, "");
    free(text);
}
END_TEST

UNIT_TESTS("common/buffer", pieces_are_put_together, grows_to_the_limit_and_not_a_byte_further,
           behind_what_does_not_fit_nothing_is_added, format_is_right_at_every_edge_of_the_capacity,
           a_reset_keeps_the_memory_and_a_detach_gives_it_away)
