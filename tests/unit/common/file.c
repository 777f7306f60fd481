#include "common/file.h"
#include "common/memory.h"
#include "tests/support/unit.h"
#include <string.h>
#include <unistd.h>

static const char *file_with(const char *data, size_t size)
{
    static char path[] = "/tmp/unit-common-file-XXXXXX";
    int descriptor;

    memcpy(path + sizeof(path) - 7, "XXXXXX", 6);
    descriptor = mkstemp(path);
    ck_assert_int_ge(descriptor, 0);
    ck_assert_int_eq(write(descriptor, data, size), (ssize_t)size);
    close(descriptor);
    return path;
}

START_TEST(the_whole_file_comes_with_a_nul_behind_it)
{
    struct error error = {0};
    char data[100000];
    const char *path;
    size_t size = 0;
    auto_text text = NULL;

    memset(data, 'x', sizeof(data));
    data[500] = '\0';
    path = file_with(data, sizeof(data));
    text = file_read(path, sizeof(data), &size, &error);
    unlink(path);
    ck_assert_ptr_nonnull(text);
    ck_assert_uint_eq(size, sizeof(data));
    ck_assert_int_eq(memcmp(text, data, sizeof(data)), 0);
    ck_assert_int_eq(text[size], '\0');
}
END_TEST

START_TEST(a_file_over_the_limit_is_refused)
{
    const char *path = file_with("12345", 5);
    struct error error = {0};
    size_t size = 7;

    ck_assert_ptr_null(file_read(path, 4, &size, &error));
    unlink(path);
    ck_assert_int_eq(error.kind, ERROR_INPUT);
    ck_assert_ptr_nonnull(strstr(error.text, ": larger than 4 bytes"));
    ck_assert_uint_eq(size, 7);
}
END_TEST

START_TEST(an_empty_file_is_an_empty_text)
{
    const char *path = file_with("", 0);
    size_t size = 7;
    auto_text text = file_read(path, 0, &size, NULL);

    unlink(path);
    ck_assert_str_eq(text, "");
    ck_assert_uint_eq(size, 0);
}
END_TEST

START_TEST(what_cannot_be_read_says_why)
{
    struct error error = {0};
    size_t size;

    ck_assert_ptr_null(file_read("/nowhere/at/all", 10, &size, &error));
    ck_assert_str_eq(error.text, "/nowhere/at/all: No such file or directory");
    ck_assert_int_eq(error.kind, ERROR_UNAVAILABLE);
    ck_assert_ptr_null(file_read("/tmp", 10, &size, &error));
    ck_assert_str_eq(error.text, "/tmp: Is a directory");
    ck_assert_int_eq(error.kind, ERROR_SYSTEM);
}
END_TEST

START_TEST(a_dash_is_standard_input)
{
    int ends[2];
    size_t size;
    auto_text text = NULL;

    ck_assert_int_eq(pipe(ends), 0);
    ck_assert_int_eq(write(ends[1], "piped", 5), 5);
    close(ends[1]);
    dup2(ends[0], STDIN_FILENO);
    text = file_read("-", 100, &size, NULL);
    ck_assert_str_eq(text, "piped");
}
END_TEST

UNIT_TESTS("common/file", the_whole_file_comes_with_a_nul_behind_it, a_file_over_the_limit_is_refused,
           an_empty_file_is_an_empty_text, what_cannot_be_read_says_why, a_dash_is_standard_input)
