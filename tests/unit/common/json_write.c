#include "common/json_write.h"
#include "common/json_scan.h"
#include "tests/support/aborts.h"
#include "tests/support/unit.h"

START_TEST(commas_and_nesting_are_kept)
{
    struct json_write write;
    auto_buffer out;

    buffer_init(&out, 1000);
    json_write_init(&write, &out);
    json_write_object(&write);
    json_write_key(&write, "a");
    json_write_int(&write, -5);
    json_write_key_bytes(&write, BYTES("b\"c"));
    json_write_array(&write);
    json_write_bool(&write, true);
    json_write_null(&write);
    json_write_object(&write);
    json_write_end(&write);
    json_write_array(&write);
    json_write_end(&write);
    json_write_raw(&write, BYTES("1.50e+1"));
    json_write_end(&write);
    json_write_key(&write, "d");
    json_write_text(&write, "x");
    json_write_end(&write);
    ck_assert(bytes_equal(buffer_bytes(&out), BYTES("{\"a\":-5,\"b\\\"c\":[true,null,{},[],1.50e+1],\"d\":\"x\"}")));
}
END_TEST

START_TEST(absent_is_null_and_empty_is_empty)
{
    struct json_write write;
    auto_buffer out;

    buffer_init(&out, 1000);
    json_write_init(&write, &out);
    json_write_array(&write);
    json_write_string(&write, BYTES_NONE);
    json_write_text(&write, NULL);
    json_write_raw(&write, BYTES_NONE);
    json_write_string(&write, BYTES(""));
    json_write_end(&write);
    ck_assert(bytes_equal(buffer_bytes(&out), BYTES("[null,null,null,\"\"]")));
}
END_TEST

static void expect(struct bytes text, struct bytes wanted)
{
    auto_buffer out;

    buffer_init(&out, 1000);
    json_write_quoted(&out, text);
    ck_assert_msg(bytes_equal(buffer_bytes(&out), wanted), "%.*s", BYTES_ARG(buffer_bytes(&out)));
}

START_TEST(strings_are_escaped_and_made_utf8)
{
    expect(BYTES("plain/text \x7f"), BYTES("\"plain/text \x7f\""));
    expect(BYTES("\"\\\b\f\n\r\t"), BYTES("\"\\\"\\\\\\b\\f\\n\\r\\t\""));
    expect(BYTES("\0\x01\x1f"), BYTES("\"\\u0000\\u0001\\u001f\""));
    expect(BYTES("\xc3\xa9\xf0\x9f\x98\x80"), BYTES("\"\xc3\xa9\xf0\x9f\x98\x80\""));
    expect(BYTES("a\xff" "b\xe2\x82"), BYTES("\"a\xEF\xBF\xBD" "b\xEF\xBF\xBD\xEF\xBF\xBD\""));
    expect(BYTES_NONE, BYTES("\"\""));
}
END_TEST

START_TEST(every_byte_is_written_so_that_the_scan_takes_it)
{
    const struct json_limits limits = JSON_LIMITS_DEFAULT;
    struct arena *arena = arena_new(4096);
    struct json_fault fault;
    struct json json;

    for (int byte = 1; byte < 256; byte++) { /* the scan takes no NUL */
        char text[] = {'0', '1', '2', '3', '4', '5', '6', (char)byte, '8', '9'};
        auto_buffer out;

        buffer_init(&out, 100);
        json_write_quoted(&out, (struct bytes){text, sizeof(text)});
        ck_assert(json_scan(buffer_bytes(&out), &limits, arena, &json, &fault));
        if (byte < 0x80)
            ck_assert(bytes_equal(json_string(&json, 0, arena), (struct bytes){text, sizeof(text)}));
    }
    arena_free(arena);
}
END_TEST

static void begin(struct json_write *write, struct buffer *out)
{
    buffer_init(out, 1000);
    json_write_init(write, out);
    json_write_object(write);
}

static void value_without_key(void)
{
    struct json_write write;
    struct buffer out;

    begin(&write, &out);
    json_write_int(&write, 1);
}

static void key_without_value(void)
{
    struct json_write write;
    struct buffer out;

    begin(&write, &out);
    json_write_key(&write, "a");
    json_write_end(&write);
}

static void end_too_many(void)
{
    struct json_write write;
    struct buffer out;

    begin(&write, &out);
    json_write_end(&write);
    json_write_end(&write);
}

static void key_in_an_array(void)
{
    struct json_write write;
    struct buffer out;

    begin(&write, &out);
    json_write_key(&write, "a");
    json_write_array(&write);
    json_write_key(&write, "b");
}

static void too_deep(void)
{
    struct json_write write;
    struct buffer out;

    begin(&write, &out);
    json_write_key(&write, "a");
    for (int i = 0; i < JSON_WRITE_DEPTH_MAX; i++)
        json_write_array(&write);
}

START_TEST(misuse_is_ensured)
{
    ck_assert(aborts(value_without_key));
    ck_assert(aborts(key_without_value));
    ck_assert(aborts(end_too_many));
    ck_assert(aborts(key_in_an_array));
    ck_assert(aborts(too_deep));
}
END_TEST

UNIT_TESTS("common/json_write", commas_and_nesting_are_kept, absent_is_null_and_empty_is_empty,
           strings_are_escaped_and_made_utf8, every_byte_is_written_so_that_the_scan_takes_it, misuse_is_ensured)
