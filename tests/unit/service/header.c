#include "service/header.h"
#include "tests/support/unit.h"

START_TEST(base64_is_that_of_rfc_4648)
{
    static const struct {
        struct bytes plain;
        const char *encoded;
    } cases[] = {{BYTES(""), ""}, {BYTES("f"), "Zg=="}, {BYTES("fo"), "Zm8="}, {BYTES("foo"), "Zm9v"},
                 {BYTES("Aladdin:open sesame"), "QWxhZGRpbjpvcGVuIHNlc2FtZQ=="}, {BYTES("\xff\xfe:\xff"), "//46/w=="}};
    struct arena *arena = arena_new(256);

    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
        ck_assert(bytes_equal(header_base64(cases[i].plain, arena), bytes_of(cases[i].encoded)));
    arena_free(arena);
}
END_TEST

START_TEST(what_is_reserved_is_percent_encoded)
{
    struct arena *arena = arena_new(256);

    ck_assert(bytes_equal(header_percent(BYTES("aZ0-._~"), arena), BYTES("aZ0-._~")));
    ck_assert(bytes_equal(header_percent(BYTES("a b&=+/\xc3\xa9"), arena), BYTES("a%20b%26%3D%2B%2F%C3%A9")));
    ck_assert(bytes_equal(header_percent((struct bytes){"a\0b", 3}, arena), BYTES("a%00b")));
    arena_free(arena);
}
END_TEST

START_TEST(a_name_is_a_token)
{
    ck_assert(header_name_is_valid(BYTES("CSRF_NONCE")) && header_name_is_valid(BYTES("X-CSRF-Token")));
    ck_assert(!header_name_is_valid(BYTES("")) && !header_name_is_valid(BYTES("a b")));
    ck_assert(!header_name_is_valid(BYTES("a:")) && !header_name_is_valid(BYTES("a\r\nb")));
    ck_assert(!header_name_is_valid((struct bytes){"a\0b", 3}) && !header_name_is_valid(BYTES("\xc3\xa9")));
}
END_TEST

START_TEST(a_value_is_visible)
{
    ck_assert(header_value_is_valid(BYTES("eyJ.a-b_c~"), false) && header_value_is_valid(BYTES("a b"), true));
    ck_assert(!header_value_is_valid(BYTES("a b"), false) && !header_value_is_valid(BYTES(""), false));
    ck_assert(!header_value_is_valid(BYTES("a\nb"), true) && !header_value_is_valid(BYTES("a\x7f"), true));
    ck_assert(!header_value_is_valid(BYTES_NONE, true) && !header_value_is_valid(BYTES("\xc3\xa9"), true));
}
END_TEST

UNIT_TESTS("service/header", base64_is_that_of_rfc_4648, what_is_reserved_is_percent_encoded, a_name_is_a_token, a_value_is_visible)
