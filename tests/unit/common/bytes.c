#include "common/bytes.h"
#include "tests/support/unit.h"

START_TEST(absent_is_not_empty)
{
    ck_assert(!bytes_present(BYTES_NONE));
    ck_assert(bytes_present(BYTES("")));
    ck_assert(!bytes_present(bytes_of(NULL)));
    ck_assert(bytes_equal(BYTES_NONE, BYTES("")));
}
END_TEST

START_TEST(order_is_that_of_memcmp_with_prefixes_first)
{
    ck_assert_int_lt(bytes_compare(BYTES("a"), BYTES("b")), 0);
    ck_assert_int_lt(bytes_compare(BYTES("a"), BYTES("ab")), 0);
    ck_assert_int_gt(bytes_compare(BYTES("\xff"), BYTES("a")), 0);
    ck_assert_int_eq(bytes_compare(BYTES("ab"), BYTES("ab")), 0);
    ck_assert_int_lt(bytes_compare(BYTES_NONE, BYTES("a")), 0);
}
END_TEST

START_TEST(case_is_ignored_in_ascii_only)
{
    ck_assert(bytes_equal_ignore_case(BYTES("ETag-1Z"), BYTES("etaG-1z")));
    ck_assert(!bytes_equal_ignore_case(BYTES("[") , BYTES("{")));
    ck_assert(!bytes_equal_ignore_case(BYTES("\xc3\x89"), BYTES("\xc3\xa9")));
    ck_assert(!bytes_equal_ignore_case(BYTES("a"), BYTES("ab")));
}
END_TEST

START_TEST(find_trim_prefix)
{
    size_t position = 9;

    ck_assert(bytes_find(BYTES("a=b=c"), '=', &position));
    ck_assert_uint_eq(position, 1);
    ck_assert(!bytes_find(BYTES("abc"), '=', &position));
    ck_assert(!bytes_find(BYTES_NONE, '=', &position));
    ck_assert(bytes_equal(bytes_trim(BYTES(" \t\r\na b\n ")), BYTES("a b")));
    ck_assert_uint_eq(bytes_trim(BYTES(" \n ")).size, 0);
    ck_assert(bytes_start_with(BYTES("abc"), BYTES("ab")));
    ck_assert(!bytes_start_with(BYTES("a"), BYTES("ab")));
    ck_assert(bytes_start_with(BYTES("a"), BYTES("")));
}
END_TEST

START_TEST(utf8_faults_name_their_byte)
{
    size_t offset = 99;

    ck_assert(bytes_are_utf8(BYTES("a\xc3\xa9\xe2\x82\xac\xf0\x9f\x98\x80"), &offset));
    ck_assert(bytes_are_utf8(BYTES("\xed\x9f\xbf\xee\x80\x80\xf4\x8f\xbf\xbf"), &offset));
    ck_assert_uint_eq(offset, 99);
    ck_assert(!bytes_are_utf8(BYTES("ab\xff"), &offset));
    ck_assert_uint_eq(offset, 2);
    ck_assert(!bytes_are_utf8(BYTES("abc\xe2\x82"), &offset));
    ck_assert_uint_eq(offset, 3);
    ck_assert(!bytes_are_utf8(BYTES("\xed\xa0\x80"), &offset));
    ck_assert(!bytes_are_utf8(BYTES("\xc1\xbf"), &offset));
    ck_assert(!bytes_are_utf8(BYTES("\xe0\x9f\xbf"), &offset));
    ck_assert(!bytes_are_utf8(BYTES("\xf0\x8f\xbf\xbf"), &offset));
    ck_assert(!bytes_are_utf8(BYTES("\xf4\x90\x80\x80"), &offset));
    ck_assert(!bytes_are_utf8(BYTES("\xe2\x28\xa1"), &offset));
}
END_TEST

START_TEST(a_cut_leaves_no_half_characters)
{
    const struct bytes text = BYTES("a\xc3\xa9\xe2\x82\xac\xf0\x9f\x98\x80");
    const size_t whole[] = {0, 1, 1, 3, 3, 3, 6, 6, 6, 6, 10};

    for (size_t size = 0; size <= text.size; size++)
        ck_assert_uint_eq(bytes_whole((struct bytes){text.data, size}).size, whole[size]);
    ck_assert(!bytes_present(bytes_whole(BYTES_NONE)));
    ck_assert_uint_eq(bytes_whole(BYTES("\x80\x80\x80\x80\x80")).size, 5); /* no UTF-8: left alone */
}
END_TEST

START_TEST(numbers_are_digits_that_fit)
{
    uint64_t value = 5;

    ck_assert(bytes_to_uint64(BYTES("0042"), &value));
    ck_assert_uint_eq(value, 42);
    ck_assert(bytes_to_uint64(BYTES("18446744073709551615"), &value));
    ck_assert_uint_eq(value, UINT64_MAX);
    value = 5;
    ck_assert(!bytes_to_uint64(BYTES("18446744073709551616"), &value));
    ck_assert(!bytes_to_uint64(BYTES("99999999999999999999"), &value));
    ck_assert(!bytes_to_uint64(BYTES(""), &value));
    ck_assert(!bytes_to_uint64(BYTES("-1"), &value));
    ck_assert(!bytes_to_uint64(BYTES("+1"), &value));
    ck_assert(!bytes_to_uint64(BYTES("1 "), &value));
    ck_assert_uint_eq(value, 5);
}
END_TEST

START_TEST(the_hash_is_fnv_1a_on_every_machine)
{
    ck_assert_uint_eq(bytes_hash(BYTES("")), 0xcbf29ce484222325u);
    ck_assert_uint_eq(bytes_hash(BYTES("a")), 0xaf63dc4c8601ec8cu);
    ck_assert_uint_eq(bytes_hash(BYTES("foobar")), 0x85944171f73967e8u);
}
END_TEST

START_TEST(lines_come_one_by_one_the_last_with_or_without_an_end)
{
    struct bytes rest = BYTES("a\n\nbc"), line;

    ck_assert(bytes_line(&rest, &line) && bytes_equal(line, BYTES("a")));
    ck_assert(bytes_line(&rest, &line) && bytes_equal(line, BYTES("")));
    ck_assert(bytes_line(&rest, &line) && bytes_equal(line, BYTES("bc")));
    ck_assert(!bytes_line(&rest, &line));
    rest = BYTES("a\n");
    ck_assert(bytes_line(&rest, &line) && bytes_equal(line, BYTES("a")));
    ck_assert(!bytes_line(&rest, &line));
}
END_TEST

UNIT_TESTS("common/bytes", lines_come_one_by_one_the_last_with_or_without_an_end, absent_is_not_empty, order_is_that_of_memcmp_with_prefixes_first,
           case_is_ignored_in_ascii_only, find_trim_prefix, utf8_faults_name_their_byte,
           a_cut_leaves_no_half_characters,
           numbers_are_digits_that_fit, the_hash_is_fnv_1a_on_every_machine)
