#include "common/buffer.h"
#include "common/memory.h"
#include "common/pointer.h"
#include "tests/support/unit.h"
#include <stdio.h>

static const struct json_limits limits = JSON_LIMITS_DEFAULT;

START_TEST(valid_is_what_rfc_6901_says_without_control_characters)
{
    static const char *const good[] = {"", "/", "/a", "/a/b", "//", "/a~0b~1c", "/0", "/-", "/ ", "/\xc3\xa9", "/*"};
    static const struct {
        const char *pointer, *what;
    } bad[] = {
        {"a", "does not start with '/'"},
        {"/a~", "'~' is followed by neither 0 nor 1"},
        {"/a~2", "'~' is followed by neither 0 nor 1"},
        {"/~~0", "'~' is followed by neither 0 nor 1"},
        {"/a\n", "control character"},
        {"/a\x7f", "control character"},
        {"/\xff", "not UTF-8"},
        {"/\xc3", "not UTF-8"},
    };
    const char *what = NULL;

    for (size_t i = 0; i < sizeof(good) / sizeof(good[0]); i++)
        ck_assert_msg(pointer_is_valid(bytes_of(good[i]), &what), "%s: %s", good[i], what);
    for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
        ck_assert_msg(!pointer_is_valid(bytes_of(bad[i].pointer), &what), "%s", bad[i].pointer);
        ck_assert_str_eq(what, bad[i].what);
    }
}
END_TEST

START_TEST(walk_gives_each_segment_once_and_empty_ones_too)
{
    static const char *const segments[] = {"", "a~1b", "", "c"};
    struct pointer_walk walk;
    struct bytes segment;

    pointer_walk_init(&walk, BYTES("//a~1b//c"));
    for (size_t i = 0; i < 4; i++) {
        ck_assert(pointer_walk_next(&walk, &segment));
        ck_assert(bytes_equal(segment, bytes_of(segments[i])));
    }
    ck_assert(!pointer_walk_next(&walk, &segment));
    pointer_walk_init(&walk, BYTES(""));
    ck_assert(!pointer_walk_next(&walk, &segment));
    pointer_walk_init(&walk, BYTES("/"));
    ck_assert(pointer_walk_next(&walk, &segment));
    ck_assert_uint_eq(segment.size, 0);
    ck_assert(!pointer_walk_next(&walk, &segment));
}
END_TEST

START_TEST(adding_and_unescaping_are_inverse)
{
    struct arena *arena = arena_new(256);
    struct bytes name = BYTES("a/b~c~1~0");
    struct pointer_walk walk;
    struct bytes segment;
    auto_buffer out;

    buffer_init(&out, 100);
    pointer_add(&out, name);
    ck_assert(bytes_equal(buffer_bytes(&out), BYTES("/a~1b~0c~01~00")));
    pointer_walk_init(&walk, buffer_bytes(&out));
    ck_assert(pointer_walk_next(&walk, &segment));
    ck_assert(bytes_equal(pointer_unescape(segment, arena), name));
    segment = BYTES("plain");
    ck_assert_ptr_eq(pointer_unescape(segment, arena).data, segment.data);
    arena_free(arena);
}
END_TEST

START_TEST(an_index_is_digits_without_leading_zero_or_a_dash)
{
    ck_assert(pointer_segment_is_index(BYTES("0")));
    ck_assert(pointer_segment_is_index(BYTES("10")));
    ck_assert(pointer_segment_is_index(BYTES("-")));
    ck_assert(!pointer_segment_is_index(BYTES("")));
    ck_assert(!pointer_segment_is_index(BYTES("01")));
    ck_assert(!pointer_segment_is_index(BYTES("-1")));
    ck_assert(!pointer_segment_is_index(BYTES("1a")));
}
END_TEST

START_TEST(covers_goes_by_whole_segments)
{
    ck_assert(pointer_covers(BYTES("/a"), BYTES("/a")));
    ck_assert(pointer_covers(BYTES("/a"), BYTES("/a/b")));
    ck_assert(pointer_covers(BYTES(""), BYTES("/a")));
    ck_assert(pointer_covers(BYTES(""), BYTES("")));
    ck_assert(pointer_covers(BYTES("/"), BYTES("//x")));
    ck_assert(!pointer_covers(BYTES("/a"), BYTES("/ab")));
    ck_assert(!pointer_covers(BYTES("/a/b"), BYTES("/a")));
    ck_assert(!pointer_covers(BYTES("/"), BYTES("/a")));
}
END_TEST

static enum pointer_found find(const char *text, const char *pointer, const char **ret_found)
{
    static char found[256];
    struct arena *arena = arena_new(4096);
    enum pointer_found result;
    struct json_fault fault;
    uint32_t index = 12345;
    struct json json;

    ck_assert(json_scan(bytes_of(text), &limits, arena, &json, &fault));
    result = pointer_find(&json, bytes_of(pointer), &index);
    ck_assert((result == POINTER_FOUND) == (index != 12345));
    if (result == POINTER_FOUND) {
        struct bytes value = json_text(&json, index);

        snprintf(found, sizeof(found), "%.*s", BYTES_ARG(value));
        *ret_found = found;
    }
    arena_free(arena);
    return result;
}

START_TEST(find_gives_the_value)
{
    static const char text[] = "{\"a\":{\"b\":1,\"b/c\":2,\"~\":3,\"\":4},\"\\u00e9\\\\\":5,\"0\":{\"-\":6}}";
    static const struct {
        const char *pointer, *value;
    } cases[] = {
        {"/a/b", "1"}, {"/a/b~1c", "2"}, {"/a/~0", "3"}, {"/a/", "4"}, {"/\xc3\xa9\\", "5"}, {"/0/-", "6"},
        {"", text},
    };
    const char *found = NULL;

    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        ck_assert_int_eq(find(text, cases[i].pointer, &found), POINTER_FOUND);
        ck_assert_str_eq(found, cases[i].value);
    }
}
END_TEST

START_TEST(find_tells_what_stands_in_the_way)
{
    static const char text[] = "{\"a\":{\"b\":1},\"list\":[{\"x\":1}],\"none\":null,\"text\":\"t\"}";
    const char *found;

    ck_assert_int_eq(find(text, "/c", &found), POINTER_MISSING);
    ck_assert_int_eq(find(text, "/c/d/e", &found), POINTER_MISSING);
    ck_assert_int_eq(find(text, "/a/c", &found), POINTER_MISSING);
    ck_assert_int_eq(find(text, "/A", &found), POINTER_MISSING);
    ck_assert_int_eq(find(text, "/a/b/c", &found), POINTER_PARENT_SCALAR);
    ck_assert_int_eq(find(text, "/none/c", &found), POINTER_PARENT_SCALAR);
    ck_assert_int_eq(find(text, "/text/c/d", &found), POINTER_PARENT_SCALAR);
    ck_assert_int_eq(find(text, "/list/0", &found), POINTER_PARENT_ARRAY);
    ck_assert_int_eq(find(text, "/list/0/x", &found), POINTER_PARENT_ARRAY);
    ck_assert_int_eq(find("[1]", "/0", &found), POINTER_PARENT_ARRAY);
    ck_assert_int_eq(find("7", "/a", &found), POINTER_PARENT_SCALAR);
}
END_TEST

START_TEST(find_takes_segments_of_any_length)
{
    const char *found = NULL;
    auto_buffer text, pointer;

    buffer_init(&text, 10000);
    buffer_init(&pointer, 10000);
    buffer_add_text(&text, "{\"");
    buffer_add_text(&pointer, "/");
    for (int i = 0; i < 1000; i++) {
        buffer_add_text(&text, "~/");
        buffer_add_text(&pointer, "~0~1");
    }
    buffer_add_text(&text, "\":8}");
    buffer_add_char(&text, '\0');
    buffer_add_char(&pointer, '\0');
    ck_assert_int_eq(find(buffer_bytes(&text).data, buffer_bytes(&pointer).data, &found), POINTER_FOUND);
    ck_assert_str_eq(found, "8");
}
END_TEST

UNIT_TESTS("common/pointer", valid_is_what_rfc_6901_says_without_control_characters,
           walk_gives_each_segment_once_and_empty_ones_too, adding_and_unescaping_are_inverse,
           an_index_is_digits_without_leading_zero_or_a_dash, covers_goes_by_whole_segments, find_gives_the_value,
           find_tells_what_stands_in_the_way, find_takes_segments_of_any_length)
