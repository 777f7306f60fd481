#include "common/json_scan.h"
#include "tests/support/unit.h"

static void expect(struct bytes text, struct bytes wanted)
{
    const struct json_limits limits = JSON_LIMITS_DEFAULT;
    struct arena *arena = arena_new(4096);
    struct json_fault fault;
    struct bytes found;
    struct json json;

    ck_assert(json_scan(text, &limits, arena, &json, &fault));
    found = json_string(&json, 0, arena);
    ck_assert_msg(bytes_equal(found, wanted), "%.*s: %.*s", BYTES_ARG(text), BYTES_ARG(found));
    arena_free(arena);
}

START_TEST(every_escape_becomes_its_byte)
{
    expect(BYTES("\"\\\"\\\\\\/\\b\\f\\n\\r\\t\""), BYTES("\"\\/\b\f\n\r\t"));
    expect(BYTES("\"a\\nb\\nc\""), BYTES("a\nb\nc"));
    expect(BYTES("\"\\\\u0041\""), BYTES("\\u0041"));
    expect(BYTES("\"\""), BYTES(""));
}
END_TEST

START_TEST(unicode_escapes_become_utf8)
{
    expect(BYTES("\"\\u0001\\u007f\\u0080\\u07ff\\u0800\\uffff\""),
           BYTES("\x01\x7f\xc2\x80\xdf\xbf\xe0\xa0\x80\xef\xbf\xbf"));
    expect(BYTES("\"\\ud800\\udc00\\uDBFF\\uDFFF\""), BYTES("\xf0\x90\x80\x80\xf4\x8f\xbf\xbf"));
    expect(BYTES("\"\\u00E9x\\u00e9\""), BYTES("\xc3\xa9x\xc3\xa9"));
}
END_TEST

START_TEST(what_has_no_escape_is_not_copied)
{
    static const char text[] = "{\"key\":\"value\"}";
    const struct json_limits limits = JSON_LIMITS_DEFAULT;
    struct arena *arena = arena_new(4096);
    struct json_fault fault;
    struct json json;

    ck_assert(json_scan(bytes_of(text), &limits, arena, &json, &fault));
    ck_assert_ptr_eq(json_string(&json, 1, arena).data, text + 8);
    ck_assert_ptr_eq(json_key(&json, 1, arena).data, text + 2);
    arena_free(arena);
}
END_TEST

UNIT_TESTS("common/json_string", every_escape_becomes_its_byte, unicode_escapes_become_utf8,
           what_has_no_escape_is_not_copied)
