#include "common/error.h"
#include "tests/support/unit.h"
#include <errno.h>
#include <string.h>

START_TEST(reads_from_the_outside_in)
{
    struct error error = {0};

    ck_assert(!error_set(&error, ERROR_USAGE, "unknown rule '%s'", "owner"));
    ck_assert(!error_wrap(&error, "line %d", 7));
    ck_assert(!error_wrap(&error, "rules %s", "a.yaml"));
    ck_assert_str_eq(error.text, "rules a.yaml: line 7: unknown rule 'owner'");
    ck_assert_int_eq(error.kind, ERROR_USAGE);
}
END_TEST

START_TEST(errno_is_put_into_words_and_kept)
{
    struct error error = {0};

    errno = ENOENT;
    ck_assert(!error_set_errno(&error, "open %s", "x"));
    ck_assert_str_eq(error.text, "open x: No such file or directory");
    ck_assert_int_eq(error.kind, ERROR_SYSTEM);
    ck_assert_int_eq(errno, ENOENT);
}
END_TEST

START_TEST(long_texts_are_cut_at_the_size)
{
    char text[2 * ERROR_TEXT_SIZE];
    struct error error = {0};

    memset(text, 'x', sizeof(text) - 1);
    text[sizeof(text) - 1] = '\0';
    error_set(&error, ERROR_INPUT, "%s", text);
    ck_assert_uint_eq(strlen(error.text), ERROR_TEXT_SIZE - 1);
    error_wrap(&error, "outside");
    ck_assert_uint_eq(strlen(error.text), ERROR_TEXT_SIZE - 1);
    ck_assert_int_eq(strncmp(error.text, "outside: xxx", 12), 0);
    error_wrap(&error, "%s", text);
    ck_assert_uint_eq(strlen(error.text), ERROR_TEXT_SIZE - 1);
}
END_TEST

START_TEST(a_cut_is_between_characters)
{
    char text[2 * ERROR_TEXT_SIZE];
    struct error error = {0};

    for (size_t i = 0; i < sizeof(text); i++)
        text[i] = i % 2 == 0 ? '\xc3' : '\xa9';
    text[sizeof(text) - 1] = '\0';
    error_set(&error, ERROR_INPUT, "%s", text);
    ck_assert_uint_eq(strlen(error.text), ERROR_TEXT_SIZE - 2);
    error_wrap(&error, "xx");
    ck_assert_uint_eq(strlen(error.text), ERROR_TEXT_SIZE - 2);
    error_set_errno(&error, "xx%s", text);
    ck_assert_uint_eq(strlen(error.text), ERROR_TEXT_SIZE - 2);
}
END_TEST

START_TEST(nobody_has_to_listen)
{
    ck_assert(!error_set(NULL, ERROR_INPUT, "x"));
    ck_assert(!error_wrap(NULL, "x"));
    ck_assert(!error_set_errno(NULL, "x"));
}
END_TEST

UNIT_TESTS("common/error", reads_from_the_outside_in, errno_is_put_into_words_and_kept,
           long_texts_are_cut_at_the_size, a_cut_is_between_characters, nobody_has_to_listen)
