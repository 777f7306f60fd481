#include "common/buffer.h"
#include "common/clock.h"
#include "common/json_scan.h"
#include "common/random.h"
#include "tests/support/unit.h"
#include <stdio.h>

static const struct json_limits limits = JSON_LIMITS_DEFAULT;

/* {"k0":0,"k1":1,...}: one key in `escape_every` is written with an escape. */
static void object_of(struct buffer *out, int count, int escape_every)
{
    buffer_reset(out);
    buffer_add_char(out, '{');
    for (int i = 0; i < count; i++)
        buffer_format(out, "%s\"%s%d\":%d", i > 0 ? "," : "", i % escape_every == 0 ? "\\u006b" : "k", i, i);
}

START_TEST(every_member_of_objects_of_every_size_is_found)
{
    struct arena *arena = arena_new(65536);
    struct json_fault fault;
    struct json json;
    char key[32];
    auto_buffer text;

    buffer_init(&text, 1 << 20);
    for (int count = 0; count < 100; count++) {
        object_of(&text, count, 3);
        buffer_add_char(&text, '}');
        ck_assert(json_scan(buffer_bytes(&text), &limits, arena, &json, &fault));
        for (int i = 0; i < count; i++) {
            snprintf(key, sizeof(key), "k%d", i);
            ck_assert_uint_eq(json_member(&json, 0, bytes_of(key)), (uint32_t)i + 1);
        }
        snprintf(key, sizeof(key), "k%d", count);
        ck_assert_uint_eq(json_member(&json, 0, bytes_of(key)), JSON_NOT_FOUND);
        ck_assert_uint_eq(json_member(&json, 0, BYTES("")), JSON_NOT_FOUND);
        ck_assert_uint_eq(json_member(&json, 0, BYTES("\\u006b0")), JSON_NOT_FOUND);
        arena_reset(arena);
    }
    arena_free(arena);
}
END_TEST

START_TEST(a_duplicate_is_found_at_every_place_and_its_second_key_named)
{
    struct arena *arena = arena_new(65536);
    struct json_fault fault;
    struct json json;
    auto_buffer text;
    size_t offset;

    buffer_init(&text, 1 << 20);
    for (int count = 1; count < 40; count++) {
        for (int again = 0; again < count; again++) {
            object_of(&text, count, 2);
            offset = text.size + 1;
            buffer_format(&text, ",\"%s%d\":null,\"more\":1}", again % 3 == 0 ? "\\u006B" : "k", again);
            ck_assert(!json_scan(buffer_bytes(&text), &limits, arena, &json, &fault));
            ck_assert_str_eq(fault.what, "duplicate key");
            ck_assert_uint_eq(fault.offset, offset);
            ck_assert(!fault.is_limit);
            arena_reset(arena);
        }
    }
    arena_free(arena);
}
END_TEST

START_TEST(several_large_objects_have_tables_of_their_own)
{
    struct arena *arena = arena_new(65536);
    struct json_fault fault;
    struct json json;
    auto_buffer text, object;

    buffer_init(&text, 1 << 20);
    buffer_init(&object, 1 << 20);
    object_of(&object, 20, 5);
    buffer_format(&text, "{\"first\":%.*s},\"list\":[%.*s},%.*s,\"in\":%.*s}}]", BYTES_ARG(buffer_bytes(&object)),
                  BYTES_ARG(buffer_bytes(&object)), BYTES_ARG(buffer_bytes(&object)),
                  BYTES_ARG(buffer_bytes(&object)));
    for (int i = 0; i < 10; i++)
        buffer_format(&text, ",\"x%d\":%d", i, i);
    buffer_add_char(&text, '}');
    ck_assert(json_scan(buffer_bytes(&text), &limits, arena, &json, &fault));
    for (uint32_t i = 0; i < json.count; i++) {
        uint32_t member;

        if (json.values[i].kind != JSON_OBJECT || i == 0)
            continue;
        member = json_member(&json, i, BYTES("k13"));
        ck_assert_uint_eq(member, i + 14);
        ck_assert(bytes_equal(json_text(&json, member), BYTES("13")));
        ck_assert_uint_eq(json_member(&json, i, BYTES("x1")), JSON_NOT_FOUND);
    }
    ck_assert(bytes_equal(json_text(&json, json_member(&json, 0, BYTES("x9"))), BYTES("9")));
    arena_free(arena);
}
END_TEST

START_TEST(elements_are_counted_from_zero)
{
    struct arena *arena = arena_new(4096);
    struct json_fault fault;
    struct json json;

    ck_assert(json_scan(BYTES("[[1,2],{\"a\":3},4]"), &limits, arena, &json, &fault));
    ck_assert(bytes_equal(json_text(&json, json_element(&json, 0, 0)), BYTES("[1,2]")));
    ck_assert(bytes_equal(json_text(&json, json_element(&json, 0, 2)), BYTES("4")));
    ck_assert_uint_eq(json_element(&json, 0, 3), JSON_NOT_FOUND);
    arena_free(arena);
}
END_TEST

START_TEST(forty_thousand_members_are_not_quadratic)
{
    struct arena *arena = arena_new(1 << 20);
    int64_t start_us = clock_now_us();
    struct json_fault fault;
    struct json json;
    char key[32];
    auto_buffer text;

    buffer_init(&text, 1 << 20);
    object_of(&text, 40000, 7);
    buffer_add_char(&text, '}');
    ck_assert(json_scan(buffer_bytes(&text), &limits, arena, &json, &fault));
    for (int i = 0; i < 40000; i++) {
        snprintf(key, sizeof(key), "k%d", i);
        ck_assert_uint_eq(json_member(&json, 0, bytes_of(key)), (uint32_t)i + 1);
    }
    /* Pair by pair: 1.6 * 10^9 comparisons. */
    ck_assert_int_lt(clock_now_us() - start_us, 3000000);
    arena_free(arena);
}
END_TEST

UNIT_TESTS("common/json_keys", every_member_of_objects_of_every_size_is_found,
           a_duplicate_is_found_at_every_place_and_its_second_key_named,
           several_large_objects_have_tables_of_their_own, elements_are_counted_from_zero,
           forty_thousand_members_are_not_quadratic)
