#include "service/cookies.h"
#include "tests/support/unit.h"

#include <stdio.h>

static struct cookies cookies;

static void note(const char *value)
{
    const struct http_header headers[] = {{BYTES("Content-Type"), BYTES("a=b")},
                                          {BYTES("set-cookie"), bytes_of(value)}};

    cookies_note(&cookies, &(struct http_answer){.headers = headers, .header_count = 2});
}

static void assert_cookies(const char *wanted)
{
    auto_buffer out = {0};

    buffer_init(&out, 100000);
    cookies_add(&cookies, &out);
    ck_assert_msg(bytes_equal(buffer_bytes(&out), bytes_of(wanted)), "%.*s", BYTES_ARG(buffer_bytes(&out)));
}

START_TEST(cookies_go_back_without_their_attributes)
{
    assert_cookies("");
    note("JSESSIONID=AB12; Path=/Windchill; Secure; HttpOnly");
    note("route=7");
    assert_cookies("JSESSIONID=AB12; route=7");
    cookies_release(&cookies);
    assert_cookies("");
}
END_TEST

START_TEST(a_cookie_replaces_that_of_its_name_alone)
{
    note("a=1");
    note("ab=2");
    note("a=3");
    assert_cookies("ab=2; a=3");
    cookies_release(&cookies);
}
END_TEST

START_TEST(a_cookie_that_is_taken_back_goes)
{
    note("a=1; Max-Age=3600");
    note("b=2");
    note("a=; Path=/; max-age=0");
    assert_cookies("b=2");
    cookies_release(&cookies);
}
END_TEST

START_TEST(what_is_no_cookie_is_not_kept)
{
    static char large[COOKIES_BYTES_MAX + 10];

    memset(large, 'x', sizeof(large) - 1);
    large[1] = '=';
    note(large);
    note("novalue");
    note("=x");
    note("a=\xc3\xa9");
    note("");
    assert_cookies("");
    for (int i = 0; i < COOKIES_MAX + 5; i++) {
        char text[16];

        snprintf(text, sizeof(text), "c%d=1", i);
        note(text);
    }
    ck_assert_uint_eq(cookies.count, COOKIES_MAX);
    cookies_release(&cookies);
}
END_TEST

UNIT_TESTS("service/cookies", cookies_go_back_without_their_attributes, a_cookie_replaces_that_of_its_name_alone,
           a_cookie_that_is_taken_back_goes, what_is_no_cookie_is_not_kept)
