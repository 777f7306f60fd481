#include "../../support/unit.h"

#include "common/memory.h"
#include "config/expand.h"

#include <stdio.h>
#include <unistd.h>

static char *expand(const char *text, struct error *error)
{
    struct yaml *yaml = yaml_parse("a.yaml", text, strlen(text), error);
    char *expanded;

    ck_assert_msg(yaml != NULL, "%s", error->text);
    expanded = expand_scalar(yaml_root(yaml), error);
    yaml_free(yaml);
    return expanded;
}

#define ck_assert_expands(input, expected)                                                                   \
    do {                                                                                                     \
        struct error error_ = {0};                                                                           \
        auto_text expanded_ = expand(input, &error_);                                                        \
                                                                                                             \
        ck_assert_msg(expanded_ != NULL, "%s", error_.text);                                                 \
        ck_assert_str_eq(expanded_, expected);                                                               \
    } while (0)

#define ck_assert_expands_not(input, expected)                                                               \
    do {                                                                                                     \
        struct error error_ = {0};                                                                           \
                                                                                                             \
        ck_assert_ptr_null(expand(input, &error_));                                                          \
        ck_assert_str_eq(error_.text, expected);                                                             \
    } while (0)

START_TEST(variables_stand_in_any_place_of_a_text)
{
    setenv("TRY_A", "one", 1);
    setenv("TRY_EMPTY", "", 1);
    unsetenv("TRY_NONE");
    ck_assert_expands("x${TRY_A}y${TRY_A}", "xoneyone");
    ck_assert_expands("a${TRY_EMPTY}b", "ab");
    ck_assert_expands("no $TRY_A, 5$, {id}", "no $TRY_A, 5$, {id}");
    ck_assert_expands("$${TRY_A}", "${TRY_A}");
}
END_TEST

START_TEST(a_default_stands_for_what_is_unset_or_empty)
{
    setenv("TRY_A", "one", 1);
    setenv("TRY_EMPTY", "", 1);
    unsetenv("TRY_NONE");
    ck_assert_expands("${TRY_A:-two}", "one");
    ck_assert_expands("${TRY_NONE:-two}", "two");
    ck_assert_expands("${TRY_EMPTY:-host:9092}", "host:9092");
    ck_assert_expands("'${TRY_NONE:-}'", "");
}
END_TEST

START_TEST(what_is_put_in_is_not_expanded_again)
{
    setenv("TRY_A", "${TRY_B}", 1);
    setenv("TRY_B", "two", 1);
    ck_assert_expands("${TRY_A}", "${TRY_B}");
}
END_TEST

START_TEST(a_missing_variable_is_an_error_with_its_place)
{
    unsetenv("TRY_NONE");
    ck_assert_expands_not("x${TRY_NONE}",
                          "a.yaml:1:1: the environment variable TRY_NONE is not set\nx${TRY_NONE}\n^");
    ck_assert_expands_not("${TRY_NONE:?ask the admins}",
                          "a.yaml:1:1: the environment variable TRY_NONE is not set: ask the admins\n"
                          "${TRY_NONE:?ask the admins}\n^");
}
END_TEST

START_TEST(what_looks_like_a_reference_and_is_none_is_an_error)
{
    ck_assert_expands_not(
        "${TRY", "a.yaml:1:1: \"${\" without its \"}\"; a plain \"${\" is written \"$${\"\n${TRY\n^");
    ck_assert_expands_not("${1}",
                          "a.yaml:1:1: ${...} needs the name of a variable, or file:PATH; a plain \"${\" is "
                          "\"$${\"\n${1}\n^");
    ck_assert_expands_not("${A:x}",
                          "a.yaml:1:1: ${A:...}: \":-default\" or \":?message\" can stand behind the "
                          "name\n${A:x}\n^");
}
END_TEST

START_TEST(a_file_is_put_in_without_its_last_newline)
{
    char path[] = "/tmp/ifmatch-expand-XXXXXX";
    int descriptor = mkstemp(path);
    auto_text text = memory_format("<${file:%s}>", path);

    ck_assert_int_eq(write(descriptor, "ge\nheim\n", 8), 8);
    close(descriptor);
    ck_assert_expands(text, "<ge\nheim>");
    unlink(path);
    ck_assert_expands_not(
        "${file:/nowhere/x}",
        "a.yaml:1:1: ${file:/nowhere/x}: /nowhere/x: No such file or directory\n${file:/nowhere/x}\n^");
}
END_TEST

START_TEST(a_text_of_no_file_is_taken_as_it_is)
{
    struct yaml *yaml = yaml_of_text("--set a", "${TRY_NONE}");
    auto_text text = expand_scalar(yaml_root(yaml), NULL);

    ck_assert_str_eq(text, "${TRY_NONE}");
    yaml_free(yaml);
}
END_TEST

UNIT_TESTS("config/expand", variables_stand_in_any_place_of_a_text,
           a_default_stands_for_what_is_unset_or_empty, what_is_put_in_is_not_expanded_again,
           a_missing_variable_is_an_error_with_its_place, what_looks_like_a_reference_and_is_none_is_an_error,
           a_file_is_put_in_without_its_last_newline, a_text_of_no_file_is_taken_as_it_is)
