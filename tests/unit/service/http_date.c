#include "service/http_date.h"
#include "tests/support/unit.h"

#define NOVEMBER_6_1994 784111777000 /* 08:49:37 */

START_TEST(all_three_forms_of_a_date_are_read)
{
    static const char *const texts[] = {"Sun, 06 Nov 1994 08:49:37 GMT", "Sunday, 06-Nov-94 08:49:37 GMT",
                                        "Sun Nov  6 08:49:37 1994"};
    int64_t wall_ms;

    for (size_t i = 0; i < 3; i++) {
        ck_assert_msg(http_date_parse(bytes_of(texts[i]), &wall_ms), "%s", texts[i]);
        ck_assert_int_eq(wall_ms, NOVEMBER_6_1994);
    }
    ck_assert(http_date_parse(BYTES("Tuesday, 24-Nov-26 00:00:00 GMT"), &wall_ms));
    ck_assert_int_eq(wall_ms, 1795478400000);
    ck_assert(http_date_parse(BYTES("Sat, 31 Dec 2016 23:59:60 GMT"), &wall_ms)); /* a leap second */
    ck_assert_int_eq(wall_ms, 1483228799000);
}
END_TEST

START_TEST(what_is_no_date_is_refused)
{
    static const char *const texts[] = {
        "",
        "soon",
        "Sun, 06 Nov 1994 08:49:37",
        "Sun, 06 Nov 1994 08:49:37 CET",
        "Sun, 06 Nov 1994 08:49:37 GMT and more",
        "Sun, 31 Feb 1994 08:49:37 GMT",
        "Sun, 06 Nox 1994 08:49:37 GMT",
        "Sun, 06 anF 1994 08:49:37 GMT",
        "Sun, 06 Nov 1994 24:49:37 GMT",
        "Sun, 06 Nov 1994 -1:49:37 GMT",
        "Sun, 06 Nov -199 08:49:37 GMT",
        "1994-11-06T08:49:37Z",
        "Sun, 06 Nov 1994 08:49:37 GMT                                          ",
    };
    int64_t wall_ms = 7;

    for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++)
        ck_assert_msg(!http_date_parse(bytes_of(texts[i]), &wall_ms), "%s", texts[i]);
    ck_assert(!http_date_parse(BYTES_NONE, &wall_ms));
    ck_assert_int_eq(wall_ms, 7);
}
END_TEST

START_TEST(a_wait_is_seconds_or_a_date_and_never_negative)
{
    int64_t wait_ms;

    ck_assert(http_retry_after_parse(BYTES(" 120 "), 0, &wait_ms) && wait_ms == 120000);
    ck_assert(http_retry_after_parse(BYTES("0"), 0, &wait_ms) && wait_ms == 0);
    ck_assert(http_retry_after_parse(BYTES("Sun, 06 Nov 1994 08:49:37 GMT"), NOVEMBER_6_1994 - 5000, &wait_ms));
    ck_assert_int_eq(wait_ms, 5000);
    ck_assert(http_retry_after_parse(BYTES("Sun, 06 Nov 1994 08:49:37 GMT"), NOVEMBER_6_1994 + 5000, &wait_ms));
    ck_assert_int_eq(wait_ms, 0);
    ck_assert(http_retry_after_parse(BYTES("18446744073709551615"), 0, &wait_ms) && wait_ms > 0);
    ck_assert(!http_retry_after_parse(BYTES("-1"), 0, &wait_ms));
    ck_assert(!http_retry_after_parse(BYTES("1.5"), 0, &wait_ms));
    ck_assert(!http_retry_after_parse(BYTES(""), 0, &wait_ms));
}
END_TEST

UNIT_TESTS("service/http_date", all_three_forms_of_a_date_are_read, what_is_no_date_is_refused,
           a_wait_is_seconds_or_a_date_and_never_negative)
