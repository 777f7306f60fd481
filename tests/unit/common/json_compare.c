#include "common/buffer.h"
#include "common/clock.h"
#include "common/json_compare.h"
#include "tests/support/unit.h"

static struct json scan(struct bytes text, struct arena *arena)
{
    const struct json_limits limits = JSON_LIMITS_DEFAULT;
    struct json_fault fault;
    struct json json;

    ck_assert_msg(json_scan(text, &limits, arena, &json, &fault), "%.*s: %s", BYTES_ARG(text), fault.what);
    return json;
}

static bool equal(struct bytes a_text, struct bytes b_text)
{
    struct arena *arena = arena_new(65536);
    struct json a = scan(a_text, arena), b = scan(b_text, arena);
    bool result = json_equal(&a, 0, &b, 0);

    ck_assert(json_equal(&b, 0, &a, 0) == result);
    arena_free(arena);
    return result;
}

static void expect(const char *a, const char *b, bool wanted)
{
    ck_assert_msg(equal(bytes_of(a), bytes_of(b)) == wanted, "%s ? %s", a, b);
}

START_TEST(scalars_are_compared_by_what_they_mean)
{
    static const char *const kinds[] = {"null", "true", "false", "0", "\"\"", "[]", "{}", "\"0\"", "\"null\""};

    for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++)
        for (size_t j = 0; j < sizeof(kinds) / sizeof(kinds[0]); j++)
            expect(kinds[i], kinds[j], i == j);
    expect("1.0", "1", true);
    expect("1e400", "10e399", true);
    expect("9007199254740993", "9007199254740992", false);
    expect("-0", "0", true);
    expect("\"a\"", "\"\\u0061\"", true);
    expect("\"\\/\"", "\"/\"", true);
    expect("\"\\ud83d\\ude00\"", "\"\xf0\x9f\x98\x80\"", true);
    expect("\"\\u000a\"", "\"\\n\"", true);
    expect("\"\\\\n\"", "\"\\n\"", false);
    expect("\"\\u00e9\"", "\"e\\u0301\"", false);
    expect("\"a\"", "\"A\"", false);
    expect("\"a\\n\"", "\"a\\nb\"", false);
    expect("\"\\t\\t\"", "\"\\t\"", false);
}
END_TEST

START_TEST(objects_have_no_order_and_arrays_have)
{
    expect("{\"a\":1,\"b\":2}", "{ \"b\" : 2.0, \"\\u0061\" : 1 }", true);
    expect("{\"a\":1,\"b\":2}", "{\"a\":2,\"b\":1}", false);
    expect("{\"a\":1}", "{\"a\":1,\"b\":2}", false);
    expect("{\"a\":1,\"b\":2}", "{\"a\":1,\"c\":2}", false);
    expect("{\"a\":null}", "{}", false);
    expect("{\"a\":{\"x\":[1,{\"y\":2}],\"z\":3}}", "{\"a\":{\"z\":3e0,\"x\":[1.0,{\"y\":2}]}}", true);
    expect("{\"a\":1}", "{\"A\":1}", false);
    expect("[1,2]", "[2,1]", false);
    expect("[1,[2,3],{}]", "[ 1.0 , [ 2 , 3 ] , { } ]", true);
    expect("[1]", "[1,1]", false);
    expect("[[],[1]]", "[[1],[]]", false);
}
END_TEST

START_TEST(any_two_values_of_any_two_texts_compare)
{
    struct arena *arena = arena_new(4096);
    struct json a = scan(BYTES("{\"a\":[1,2],\"b\":{\"c\":[1.0,2.0]}}"), arena);
    struct json b = scan(BYTES("[0,[ 1,2 ]]"), arena);
    uint32_t nested = json_member(&a, json_member(&a, 0, BYTES("b")), BYTES("c"));

    ck_assert(json_equal(&a, json_member(&a, 0, BYTES("a")), &a, nested));
    ck_assert(json_equal(&a, nested, &b, json_element(&b, 0, 1)));
    ck_assert(!json_equal(&a, nested, &b, 0));
    arena_free(arena);
}
END_TEST

static void object_of(struct buffer *out, int count, bool reversed)
{
    buffer_add_char(out, '{');
    for (int i = 0; i < count; i++)
        buffer_format(out, "%s\"key%d\":%d", i > 0 ? "," : "", reversed ? count - 1 - i : i,
                      reversed ? count - 1 - i : i);
    buffer_add_char(out, '}');
}

START_TEST(objects_of_every_size_compare_in_any_order)
{
    for (int count = 0; count < 40; count++) {
        auto_buffer a, b;

        buffer_init(&a, 10000);
        buffer_init(&b, 10000);
        object_of(&a, count, false);
        object_of(&b, count, true);
        ck_assert(equal(buffer_bytes(&a), buffer_bytes(&b)));
        if (count == 0)
            continue;
        b.data[b.size - 2] = '7'; /* the value of key0 */
        ck_assert(!equal(buffer_bytes(&a), buffer_bytes(&b)));
    }
}
END_TEST

START_TEST(large_objects_in_another_order_are_not_quadratic)
{
    int64_t start_us = clock_now_us();
    auto_buffer a, b;

    buffer_init(&a, 1 << 20);
    buffer_init(&b, 1 << 20);
    object_of(&a, 40000, false);
    object_of(&b, 40000, true);
    ck_assert(equal(buffer_bytes(&a), buffer_bytes(&b)));
    /* Pair by pair these would be 1.6 * 10^9 comparisons. */
    ck_assert_int_lt(clock_now_us() - start_us, 3000000);
}
END_TEST

UNIT_TESTS("common/json_compare", scalars_are_compared_by_what_they_mean, objects_have_no_order_and_arrays_have,
           any_two_values_of_any_two_texts_compare, objects_of_every_size_compare_in_any_order,
           large_objects_in_another_order_are_not_quadratic)
