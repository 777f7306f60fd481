#include "common/json_splice.h"
#include "common/memory.h"
#include "tests/support/aborts.h"
#include "tests/support/unit.h"

static const struct json_limits limits = JSON_LIMITS_DEFAULT;

#define SET(pointer_, value_) {{(pointer_), sizeof(pointer_) - 1}, {(value_), sizeof(value_) - 1}}
#define REMOVE(pointer_)      {{(pointer_), sizeof(pointer_) - 1}, {NULL, 0}}
#define EDITS(...)            (const struct json_edit[]){__VA_ARGS__}, sizeof((const struct json_edit[]){__VA_ARGS__}) / sizeof(struct json_edit)

static enum json_splice_result splice_text(const char *text, const struct json_edit *edits, size_t count,
                                      struct buffer *out, size_t *ret_failed)
{
    struct arena *arena = arena_new(4096);
    enum json_splice_result result;
    struct json_fault fault;
    struct json json;

    ck_assert_msg(json_scan(bytes_of(text), &limits, arena, &json, &fault), "%s: %s", text, fault.what);
    result = json_splice(&json, edits, count, out, ret_failed);
    arena_free(arena);
    return result;
}

static void expect(const char *text, const struct json_edit *edits, size_t count, const char *wanted)
{
    struct arena *arena = arena_new(4096);
    size_t failed = 99;
    struct json_fault fault;
    struct json json;
    auto_buffer out;

    buffer_init(&out, 10000);
    ck_assert_int_eq(splice_text(text, edits, count, &out, &failed), JSON_SPLICED);
    buffer_add_char(&out, '\0');
    ck_assert_str_eq(out.data, wanted);
    ck_assert(json_scan(bytes_of(out.data), &limits, arena, &json, &fault));
    ck_assert_uint_eq(failed, 99);
    arena_free(arena);
}

START_TEST(no_edit_copies_every_byte)
{
    expect("  { \"a\" : [ 1 ,2 ] }\n", NULL, 0, "  { \"a\" : [ 1 ,2 ] }\n");
}
END_TEST

START_TEST(replacing_leaves_all_other_bytes)
{
    static const char text[] = " {\"a\" : 1.0 ,\r\n\t\"b\":{ \"c\" : [1, 2] , \"d\":\"x\" } , \"e\" :null } ";

    expect(text, EDITS(SET("/a", "2")), " {\"a\" : 2 ,\r\n\t\"b\":{ \"c\" : [1, 2] , \"d\":\"x\" } , \"e\" :null } ");
    expect(text, EDITS(SET("/b/d", "{\"y\": 1}")),
           " {\"a\" : 1.0 ,\r\n\t\"b\":{ \"c\" : [1, 2] , \"d\":{\"y\": 1} } , \"e\" :null } ");
    expect(text, EDITS(SET("/e", "7"), SET("/b/c", "[]"), SET("/a", "true")),
           " {\"a\" : true ,\r\n\t\"b\":{ \"c\" : [] , \"d\":\"x\" } , \"e\" :7 } ");
    expect(text, EDITS(SET("", "[1]")), " [1] ");
    expect("7", EDITS(SET("", "{}")), "{}");
}
END_TEST

START_TEST(removing_takes_one_comma_along)
{
    static const char text[] = "{ \"a\":1 , \"b\":2 , \"c\":3 }";

    expect(text, EDITS(REMOVE("/a")), "{ \"b\":2 , \"c\":3 }");
    expect(text, EDITS(REMOVE("/b")), "{ \"a\":1 , \"c\":3 }");
    expect(text, EDITS(REMOVE("/c")), "{ \"a\":1 , \"b\":2 }");
    expect(text, EDITS(REMOVE("/a"), REMOVE("/b")), "{ \"c\":3 }");
    expect(text, EDITS(REMOVE("/b"), REMOVE("/c")), "{ \"a\":1 }");
    expect(text, EDITS(REMOVE("/c"), REMOVE("/a")), "{ \"b\":2 }");
    expect(text, EDITS(REMOVE("/a"), REMOVE("/b"), REMOVE("/c")), "{  }");
    expect("{ \"a\" : 1 }", EDITS(REMOVE("/a")), "{  }");
    expect(text, EDITS(REMOVE("/x"), REMOVE("/y/z")), text);
}
END_TEST

/* The last member of a nested object stands just before a member of the outer one, but is no sibling of it. */
START_TEST(removals_in_nested_objects_do_not_mix)
{
    static const char text[] = "{\"a\":{\"x\":1},\"b\":2,\"c\":{\"y\":3,\"z\":4}}";

    expect(text, EDITS(REMOVE("/a/x"), REMOVE("/b")), "{\"a\":{},\"c\":{\"y\":3,\"z\":4}}");
    expect(text, EDITS(REMOVE("/a"), REMOVE("/b"), REMOVE("/c/y")), "{\"c\":{\"z\":4}}");
    expect(text, EDITS(REMOVE("/a/x"), REMOVE("/b"), REMOVE("/c")), "{\"a\":{}}");
    expect(text, EDITS(REMOVE("/c/z"), REMOVE("/c/y")), "{\"a\":{\"x\":1},\"b\":2,\"c\":{}}");
}
END_TEST

START_TEST(adding_goes_behind_the_last_member_in_the_order_of_the_edits)
{
    expect("{\"a\":1}", EDITS(SET("/c", "3"), SET("/b", "2")), "{\"a\":1,\"c\":3,\"b\":2}");
    expect("{ \"a\" : 1 }", EDITS(SET("/b", "2")), "{ \"a\" : 1,\"b\":2 }");
    expect("{}", EDITS(SET("/b", "2")), "{\"b\":2}");
    expect(" { } ", EDITS(SET("/b", "2")), " {\"b\":2 } ");
    expect("{\"o\":{},\"p\":{\"x\":1}}", EDITS(SET("/p/y", "2"), SET("/o/z", "3"), SET("/q", "4")),
           "{\"o\":{\"z\":3},\"p\":{\"x\":1,\"y\":2},\"q\":4}");
}
END_TEST

START_TEST(missing_parents_are_made_once_and_shared)
{
    expect("{}", EDITS(SET("/a/b", "1"), SET("/a/c", "2")), "{\"a\":{\"b\":1,\"c\":2}}");
    expect("{\"z\":0}", EDITS(SET("/a/b/c", "1"), SET("/d", "2"), SET("/a/b/e", "3"), SET("/a/f", "4")),
           "{\"z\":0,\"a\":{\"b\":{\"c\":1,\"e\":3},\"f\":4},\"d\":2}");
    expect("{\"z\":{}}", EDITS(SET("/z/a/b", "1"), SET("/a/b", "2")), "{\"z\":{\"a\":{\"b\":1}},\"a\":{\"b\":2}}");
    expect("{}", EDITS(SET("/0/-", "1")), "{\"0\":{\"-\":1}}");
    expect("{}", EDITS(SET("/a", "1"), SET("/ab", "2"), SET("/abc/d", "3"), SET("//", "4")),
           "{\"a\":1,\"ab\":2,\"abc\":{\"d\":3},\"\":{\"\":4}}");
}
END_TEST

START_TEST(removing_and_adding_in_one_object_keeps_the_commas_right)
{
    static const char text[] = "{ \"a\":1 , \"b\":2 }";

    expect(text, EDITS(REMOVE("/a"), REMOVE("/b"), SET("/c", "3")), "{ \"c\":3 }");
    expect(text, EDITS(REMOVE("/a"), SET("/c", "3")), "{ \"b\":2,\"c\":3 }");
    expect(text, EDITS(REMOVE("/b"), SET("/c", "3")), "{ \"a\":1,\"c\":3 }");
    expect(text, EDITS(SET("/c", "3"), REMOVE("/b"), SET("/a", "9")), "{ \"a\":9,\"c\":3 }");
    expect("{\"a\":{\"x\":1},\"b\":2}", EDITS(REMOVE("/a/x"), REMOVE("/b"), SET("/c", "3")),
           "{\"a\":{},\"c\":3}");
    expect("{\"b\":{\"x\":1}}", EDITS(REMOVE("/b/x"), SET("/c", "3")), "{\"b\":{},\"c\":3}");
}
END_TEST

START_TEST(keys_are_found_and_written_whatever_their_escapes)
{
    expect("{\"a\\/b\":1,\"\\u007e\":2}", EDITS(SET("/a~1b", "3"), REMOVE("/~0")), "{\"a\\/b\":3}");
    expect("{}", EDITS(SET("/a~1b~0\"\\\xc3\xa9", "1")), "{\"a/b~\\\"\\\\\xc3\xa9\":1}");
    expect("{}", EDITS(SET("/~1~1/~0~01", "1")), "{\"//\":{\"~~1\":1}}");
}
END_TEST

static void refuse(const char *text, const struct json_edit *edits, size_t count, enum json_splice_result wanted,
                   size_t wanted_failed)
{
    size_t failed = 99;
    auto_buffer out;

    buffer_init(&out, 1000);
    buffer_add_text(&out, "before");
    ck_assert_int_eq(splice_text(text, edits, count, &out, &failed), wanted);
    ck_assert_uint_eq(failed, wanted_failed);
    ck_assert(bytes_equal(buffer_bytes(&out), BYTES("before")));
}

START_TEST(a_parent_that_is_no_object_names_the_guilty_edit)
{
    static const char text[] = "{\"s\":\"x\",\"n\":null,\"l\":[{\"a\":1}],\"o\":{}}";

    refuse(text, EDITS(SET("/o/a", "1"), SET("/s/a", "1")), JSON_SPLICE_PARENT, 1);
    refuse(text, EDITS(SET("/n/a/b", "1")), JSON_SPLICE_PARENT, 0);
    refuse(text, EDITS(REMOVE("/s/a")), JSON_SPLICE_PARENT, 0);
    refuse(text, EDITS(SET("/l/0", "1")), JSON_SPLICE_ELEMENT, 0);
    refuse(text, EDITS(SET("/x", "1"), SET("/y", "1"), SET("/l/0/a", "1")), JSON_SPLICE_ELEMENT, 2);
    refuse(text, EDITS(SET("/l/-", "1")), JSON_SPLICE_ELEMENT, 0);
    refuse("5", EDITS(SET("/a", "1")), JSON_SPLICE_PARENT, 0);
    refuse("[]", EDITS(SET("/a", "1")), JSON_SPLICE_ELEMENT, 0);
}
END_TEST

static void splice_two(const char *text, const struct json_edit *edits, size_t count)
{
    size_t failed;
    auto_buffer out;

    buffer_init(&out, 1000);
    splice_text(text, edits, count, &out, &failed);
}

static void twice_replaced(void)
{
    splice_two("{\"a\":1}", EDITS(SET("/a", "1"), REMOVE("/a")));
}

static void added_below_replaced(void)
{
    splice_two("{\"a\":{}}", EDITS(SET("/a/b", "1"), SET("/a", "2")));
}

static void removed_below_removed(void)
{
    splice_two("{\"a\":{\"b\":1,\"c\":2}}", EDITS(REMOVE("/a"), REMOVE("/a/b")));
}

static void twice_added(void)
{
    splice_two("{}", EDITS(SET("/a/b", "1"), SET("/a/b", "2")));
}

static void added_below_added(void)
{
    splice_two("{}", EDITS(SET("/a", "1"), SET("/a/b", "2")));
}

static void added_above_added(void)
{
    splice_two("{}", EDITS(SET("/a/b", "1"), SET("/a", "2")));
}

static void root_and_member(void)
{
    splice_two("{}", EDITS(SET("", "1"), SET("/a", "2")));
}

static void root_removed(void)
{
    splice_two("{}", EDITS(REMOVE("")));
}

START_TEST(pointers_that_overlap_are_ensured)
{
    ck_assert(aborts(twice_replaced));
    ck_assert(aborts(added_below_replaced));
    ck_assert(aborts(removed_below_removed));
    ck_assert(aborts(twice_added));
    ck_assert(aborts(added_below_added));
    ck_assert(aborts(added_above_added));
    ck_assert(aborts(root_and_member));
    ck_assert(aborts(root_removed));
}
END_TEST

START_TEST(thousands_of_edits_and_deep_parents_are_no_burden)
{
    static struct json_edit edits[20000];
    struct buffer pointers, out;
    size_t failed, starts[20001];

    buffer_init(&pointers, 1 << 20);
    buffer_init(&out, 1 << 21);
    for (size_t i = 0; i < 20000; i++) {
        starts[i] = pointers.size;
        buffer_format(&pointers, "/p%zu/m%zu", i % 7, i);
    }
    starts[20000] = pointers.size;
    for (size_t i = 0; i < 20000; i++)
        edits[i] = (struct json_edit){{pointers.data + starts[i], starts[i + 1] - starts[i]}, BYTES("1")};
    ck_assert_int_eq(splice_text("{}", edits, 20000, &out, &failed), JSON_SPLICED);
    ck_assert(bytes_start_with(buffer_bytes(&out), BYTES("{\"p0\":{\"m0\":1,\"m7\":1,\"m14\":1,")));
    buffer_reset(&pointers);
    buffer_reset(&out);
    for (int i = 0; i < 200000; i++)
        buffer_add_text(&pointers, "/d");
    edits[0].pointer = buffer_bytes(&pointers);
    ck_assert_int_eq(splice_text("{}", edits, 1, &out, &failed), JSON_SPLICED);
    ck_assert_uint_eq(out.size, 200000 * 6 + 1);
    buffer_release(&pointers);
    buffer_release(&out);
}
END_TEST

START_TEST(over_the_limit_the_buffer_says_so)
{
    size_t failed;
    auto_buffer out;

    buffer_init(&out, 8);
    ck_assert_int_eq(splice_text("{\"a\":1}", EDITS(SET("/b", "2")), &out, &failed), JSON_SPLICED);
    ck_assert(out.overflowed);
}
END_TEST

UNIT_TESTS("common/json_splice", no_edit_copies_every_byte, replacing_leaves_all_other_bytes,
           removing_takes_one_comma_along, removals_in_nested_objects_do_not_mix,
           adding_goes_behind_the_last_member_in_the_order_of_the_edits, missing_parents_are_made_once_and_shared,
           removing_and_adding_in_one_object_keeps_the_commas_right,
           keys_are_found_and_written_whatever_their_escapes, a_parent_that_is_no_object_names_the_guilty_edit,
           over_the_limit_the_buffer_says_so, pointers_that_overlap_are_ensured,
           thousands_of_edits_and_deep_parents_are_no_burden)
