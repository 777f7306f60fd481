#include "common/buffer.h"
#include "common/json_scan.h"
#include "tests/support/unit.h"

#define TEXT(literal) ((struct bytes){(literal), sizeof(literal) - 1})

struct vector {
    struct bytes text;
    size_t offset;
    const char *what; /* NULL: good */
};

#define GOOD(literal)               {TEXT(literal), 0, NULL}
#define BAD(literal, offset, what)  {TEXT(literal), offset, what}

static const struct vector vectors[] = {
    GOOD("null"), GOOD("true"), GOOD("false"), GOOD("0"), GOOD("-0"), GOOD("-1"), GOOD("123"), GOOD("1.5"),
    GOOD("0.5"), GOOD("1e5"), GOOD("1E5"), GOOD("1e+5"), GOOD("1e-5"), GOOD("0e0"), GOOD("-0.0e-00"),
    GOOD("1e400"), GOOD("123456789012345678901234567890"), GOOD("\"\""), GOOD("\"a\""), GOOD("[]"), GOOD("{}"),
    GOOD(" [ ] "), GOOD("\t\r\n{ \n}\n"), GOOD("[1,2,3]"), GOOD("[ 1 , \"2\" , [ ] ]"), GOOD("[[[[]]]]"),
    GOOD("{\"a\":1}"), GOOD("{\"a\":{\"b\":[1,{\"c\":null}]},\"d\":false}"), GOOD("{\"\":0}"),
    GOOD("{\"a\":1,\"A\":2}"), GOOD("{\"a\":{\"a\":{\"a\":1}}}"), GOOD("\"\\\"\\\\\\/\\b\\f\\n\\r\\t\""),
    GOOD("\"\\u0001\\u00e9\\uD83D\\uDE00\\uffff\""), GOOD("\"\xc3\xa9\xe2\x82\xac\xf0\x9f\x98\x80\""),
    GOOD("\"\x7f\""), GOOD("\"\xf4\x8f\xbf\xbf\""), GOOD("\"12345678901234567890\\n1234567890\""),
    GOOD("\"\xe2\x80\xa8\""), GOOD("\"http:\\/\\/x\""), GOOD("[\"\\\\\"]"),

    BAD("", 0, "text ends where a value is expected"), BAD("  ", 2, "text ends where a value is expected"),
    BAD("\xEF\xBB\xBF{}", 0, "byte order mark"), BAD("nul", 3, "expected null, true or false"),
    BAD("nulL", 3, "expected null, true or false"), BAD("True", 0, "expected a value"),
    BAD("NaN", 0, "expected a value"), BAD("-Infinity", 1, "expected a digit"), BAD("+1", 0, "expected a value"),
    BAD("01", 1, "text behind the value"), BAD("-01", 2, "text behind the value"), BAD("1.", 2, "expected a digit"),
    BAD("1.e5", 2, "expected a digit"), BAD(".5", 0, "expected a value"), BAD("1e", 2, "expected a digit"),
    BAD("1e+", 3, "expected a digit"), BAD("1eE2", 2, "expected a digit"), BAD("-", 1, "expected a digit"),
    BAD("0x10", 1, "text behind the value"), BAD("[1.2.3]", 4, "expected ',' or ']'"),
    BAD("1 2", 2, "text behind the value"), BAD("{}}", 2, "text behind the value"),
    BAD("[1]\0evil", 3, "text behind the value"), BAD("\0", 0, "expected a value"),
    BAD("[", 1, "text ends where a value is expected"), BAD("[1", 2, "text ends inside an array"),
    BAD("[1,", 3, "text ends where a value is expected"), BAD("[1,]", 3, "expected a value"),
    BAD("[,1]", 1, "expected a value"), BAD("[1,,2]", 3, "expected a value"), BAD("[1 2]", 3, "expected ',' or ']'"),
    BAD("[1}", 2, "expected ',' or ']'"), BAD("]", 0, "expected a value"), BAD("{", 1, "text ends inside an object"),
    BAD("{\"a\"", 4, "text ends inside an object"), BAD("{\"a\":", 5, "text ends where a value is expected"),
    BAD("{\"a\":1", 6, "text ends inside an object"), BAD("{\"a\":1,}", 7, "expected a key"),
    BAD("{\"a\" 1}", 5, "expected ':'"), BAD("{\"a\",1}", 4, "expected ':'"), BAD("{a:1}", 1, "expected a key"),
    BAD("{1:1}", 1, "expected a key"), BAD("{'a':1}", 1, "expected a key"), BAD("{\"a\":1]", 6, "expected ',' or '}'"),
    BAD("{\"a\":1 \"b\":2}", 7, "expected ',' or '}'"), BAD("{,}", 1, "expected a key"),
    BAD("\"", 1, "text ends inside a string"), BAD("\"abc", 4, "text ends inside a string"),
    BAD("\"\\", 2, "text ends inside a string"), BAD("\"\\\"", 3, "text ends inside a string"),
    BAD("\"\\x00\"", 2, "unknown escape"), BAD("\"\\a\"", 2, "unknown escape"),
    BAD("\"\\u12\"", 5, "\\u without four hexadecimal digits"),
    BAD("\"\\u12G4\"", 5, "\\u without four hexadecimal digits"), BAD("\"\\u12", 5, "text ends inside a string"),
    BAD("\"a\\u0000b\"", 2, "NUL in a string"), BAD("\"a\0b\"", 2, "NUL in a string"),
    BAD("{\"a\\u0000\":1}", 3, "NUL in a string"), BAD("\"\\uD800\"", 1, "lone surrogate"),
    BAD("\"\\uDC00\"", 1, "lone surrogate"), BAD("\"\\uD800\\u0041\"", 1, "lone surrogate"),
    BAD("\"\\uD800\\uD800\"", 1, "lone surrogate"), BAD("\"\\uDE00\\uD83D\"", 1, "lone surrogate"),
    BAD("\"\\uD83Dx\"", 1, "lone surrogate"), BAD("\"a\nb\"", 2, "control character in a string"),
    BAD("\"\t\"", 1, "control character in a string"), BAD("\"12345678\x1f\"", 9, "control character in a string"),
    BAD("\"\xff\"", 1, "not UTF-8"), BAD("\"\x80\"", 1, "not UTF-8"), BAD("\"\xc0\x80\"", 1, "not UTF-8"),
    BAD("\"\xc3\"", 1, "not UTF-8"), BAD("\"\xe2\x82\"", 1, "not UTF-8"), BAD("\"\xe0\x80\x80\"", 1, "not UTF-8"),
    BAD("\"\xed\xa0\x80\"", 1, "not UTF-8"), BAD("\"\xf4\x90\x80\x80\"", 1, "not UTF-8"),
    BAD("\"\xf0\x80\x80\x80\"", 1, "not UTF-8"), BAD("\"\xf5\x80\x80\x80\"", 1, "not UTF-8"),
    BAD("{\"\xff\":1}", 2, "not UTF-8"), BAD("\xff", 0, "expected a value"), BAD("[1]\xff", 3, "text behind the value"),
    BAD("\xc2\xa0[]", 0, "expected a value"), BAD("/**/1", 0, "expected a value"), BAD("[\f1]", 1, "expected a value"),
    BAD("{\"a\":1,\"a\":2}", 7, "duplicate key"), BAD("{\"a\":1,\"\\u0061\":2}", 7, "duplicate key"),
    BAD("{\"\\u0061\":1,\"a\":2}", 12, "duplicate key"), BAD("[{\"x\":{\"\":1,\"\":2}}]", 12, "duplicate key"),
    BAD("{\"\\uD83D\\uDE00\":1,\"\xf0\x9f\x98\x80\":2}", 18, "duplicate key"),
    BAD("{\"\\/\":1,\"/\":2}", 8, "duplicate key"), BAD("{\"a\":1,\"a\":2,}", 13, "expected a key"),
};

static bool scan(struct bytes text, const struct json_limits *limits, struct arena *arena, struct json *ret_json,
                 struct json_fault *ret_fault)
{
    char *exact = malloc(text.size); /* nothing readable behind the text: AddressSanitizer watches */
    bool is_good;

    if (text.size > 0)
        memcpy(exact, text.data, text.size);
    is_good = json_scan((struct bytes){exact, text.size}, limits, arena, ret_json, ret_fault);
    free(exact);
    return is_good;
}

START_TEST(accepts_and_refuses_what_rfc_8259_says_and_names_the_byte)
{
    struct arena *arena = arena_new(4096);
    const struct json_limits limits = JSON_LIMITS_DEFAULT;

    for (size_t i = 0; i < sizeof(vectors) / sizeof(vectors[0]); i++) {
        struct json json = {.count = 77};
        struct json_fault fault = {0};
        bool is_good = scan(vectors[i].text, &limits, arena, &json, &fault);

        ck_assert_msg(is_good == (vectors[i].what == NULL), "%s: %s at %zu", vectors[i].text.data,
                      is_good ? "accepted" : fault.what, fault.offset);
        if (is_good)
            continue;
        ck_assert_msg(strcmp(fault.what, vectors[i].what) == 0, "%s: '%s'", vectors[i].text.data, fault.what);
        ck_assert_msg(fault.offset == vectors[i].offset, "%s: %zu", vectors[i].text.data, fault.offset);
        ck_assert(!fault.is_limit);
        ck_assert_uint_eq(json.count, 77);
        arena_reset(arena);
    }
    arena_free(arena);
}
END_TEST

/* Every text that ends too early is refused, and nothing behind it is read. */
START_TEST(refuses_every_prefix_of_a_document)
{
    static const char text[] = "{\"a\":[1,-2.5e+3,true,null,\"x\\u00e9\\uD83D\\uDE00\xe2\x82\xac\"],\"b\":{\"c\":false}}";
    struct arena *arena = arena_new(4096);
    const struct json_limits limits = JSON_LIMITS_DEFAULT;
    struct json_fault fault;
    struct json json;

    for (size_t size = 0; size < sizeof(text) - 1; size++) {
        ck_assert(!scan((struct bytes){text, size}, &limits, arena, &json, &fault));
        ck_assert_uint_le(fault.offset, size);
    }
    ck_assert(scan(TEXT(text), &limits, arena, &json, &fault));
    arena_free(arena);
}
END_TEST

static void nest(struct buffer *out, int depth, const char *open, const char *inner, const char *close)
{
    buffer_reset(out);
    for (int i = 0; i < depth; i++)
        buffer_add_text(out, open);
    buffer_add_text(out, inner);
    for (int i = 0; i < depth; i++)
        buffer_add_text(out, close);
}

START_TEST(accepts_depth_64_and_refuses_65_as_a_limit)
{
    struct arena *arena = arena_new(4096);
    const struct json_limits limits = JSON_LIMITS_DEFAULT;
    struct json_fault fault;
    struct json json;
    auto_buffer text;

    buffer_init(&text, 1 << 20);
    nest(&text, 64, "[", "1", "]");
    ck_assert(json_scan(buffer_bytes(&text), &limits, arena, &json, &fault));
    nest(&text, 65, "[", "", "]");
    ck_assert(!json_scan(buffer_bytes(&text), &limits, arena, &json, &fault));
    ck_assert(fault.is_limit);
    ck_assert_uint_eq(fault.offset, 64);
    nest(&text, 64, "{\"a\":", "{}", "}");
    ck_assert(!json_scan(buffer_bytes(&text), &limits, arena, &json, &fault));
    ck_assert(fault.is_limit);
    ck_assert_uint_eq(fault.offset, (size_t)64 * 5);
    nest(&text, 500000, "[", "", "]");
    ck_assert(!json_scan(buffer_bytes(&text), &limits, arena, &json, &fault));
    ck_assert(fault.is_limit);
    arena_free(arena);
}
END_TEST

START_TEST(limits_size_and_number_of_values)
{
    struct arena *arena = arena_new(4096);
    const struct json_limits limits = {.size_max = 9, .depth_max = 2, .members_max = 4};
    struct json_fault fault;
    struct json json;

    ck_assert(json_scan(TEXT("[1,2,3]  "), &limits, arena, &json, &fault));
    ck_assert(!json_scan(TEXT("[1,2,3]   "), &limits, arena, &json, &fault));
    ck_assert(fault.is_limit);
    ck_assert_uint_eq(fault.offset, 9);
    ck_assert(!json_scan(TEXT("[1,2,3,4]"), &limits, arena, &json, &fault));
    ck_assert(fault.is_limit);
    ck_assert_uint_eq(fault.offset, 7);
    arena_free(arena);
}
END_TEST

START_TEST(values_stand_in_text_order_with_their_spans)
{
    static const char text[] = " { \"a\" : [ 1 , {} ] , \"b\\n\" : \"x\\ty\" , \"c\":null}";
    struct arena *arena = arena_new(4096);
    const struct json_limits limits = JSON_LIMITS_DEFAULT;
    const struct json_value *v;
    struct json_fault fault;
    struct json json;

    ck_assert(json_scan(TEXT(text), &limits, arena, &json, &fault));
    v = json.values;
    ck_assert_uint_eq(json.count, 6);
    ck_assert_int_eq(v[0].kind, JSON_OBJECT);
    ck_assert_uint_eq(v[0].count, 3);
    ck_assert_uint_eq(v[0].after, 6);
    ck_assert_uint_eq(v[0].start, 1);
    ck_assert_uint_eq(v[0].end, sizeof(text) - 1);
    ck_assert_uint_eq(v[0].key_start, v[0].key_end);
    ck_assert_int_eq(v[1].kind, JSON_ARRAY);
    ck_assert_uint_eq(v[1].count, 2);
    ck_assert_uint_eq(v[1].after, 4);
    ck_assert(bytes_equal(json_text(&json, 1), BYTES("[ 1 , {} ]")));
    ck_assert_int_eq(v[2].kind, JSON_NUMBER);
    ck_assert_uint_eq(v[2].key_start, v[2].key_end);
    ck_assert_uint_eq(v[2].after, 3);
    ck_assert_int_eq(v[3].kind, JSON_OBJECT);
    ck_assert_uint_eq(v[3].count, 0);
    ck_assert(v[4].has_escape && v[4].key_has_escape && !v[1].key_has_escape && !v[5].key_has_escape);
    ck_assert(bytes_equal(json_text(&json, 4), BYTES("\"x\\ty\"")));
    ck_assert(bytes_equal(json_string(&json, 4, arena), BYTES("x\ty")));
    ck_assert(bytes_equal(json_key(&json, 4, arena), BYTES("b\n")));
    ck_assert(bytes_equal(json_key(&json, 1, arena), BYTES("a")));
    ck_assert_ptr_eq(json_key(&json, 1, arena).data, text + 4);
    ck_assert_int_eq(v[5].kind, JSON_NULL);
    arena_free(arena);
}
END_TEST

UNIT_TESTS("common/json_scan", accepts_and_refuses_what_rfc_8259_says_and_names_the_byte,
           refuses_every_prefix_of_a_document, accepts_depth_64_and_refuses_65_as_a_limit,
           limits_size_and_number_of_values, values_stand_in_text_order_with_their_spans)
