#ifndef IFMATCH_TESTS_SUPPORT_CONFIG_H
#define IFMATCH_TESTS_SUPPORT_CONFIG_H

/* Configurations from text: each is written as "a.yaml" into a directory of its own, which is the working
 * directory of the test's process from then on. */
#include "config/config.h"

#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

static inline void file_write(const char *name, const char *text)
{
    FILE *file = fopen(name, "w");

    ck_assert_ptr_nonnull(file);
    ck_assert_uint_eq(fwrite(text, 1, strlen(text), file), strlen(text));
    ck_assert_int_eq(fclose(file), 0);
}

/* The caller removes it and frees its name. */
static inline char *enter_directory(void)
{
    char *directory = strdup("/tmp/ifmatch-config-XXXXXX");

    ck_assert_ptr_nonnull(mkdtemp(directory));
    ck_assert_int_eq(chdir(directory), 0);
    return directory;
}

/* NULL text: no file. NULL set: none. NULL result: `error` says why. */
static inline struct config *config_try(const char *text, const char *set, const char *property,
                                        struct error *error)
{
    const struct config_overrides overrides = {
        .sets = &set, .set_count = set != NULL, .properties = &property, .property_count = property != NULL};
    struct config *config = NULL;

    char *directory = NULL;

    if (text != NULL) {
        directory = enter_directory();
        file_write("a.yaml", text);
    }
    if (config_load(text != NULL ? "a.yaml" : NULL, &overrides, &config, error))
        ck_assert_ptr_nonnull(config);
    else
        ck_assert_int_eq(error->kind, ERROR_USAGE);
    if (text != NULL) {
        unlink("a.yaml");
        rmdir(directory);
        free(directory);
    }
    return config;
}

/* The caller frees. */
static inline struct config *config_of(const char *text, const char *set, const char *property)
{
    struct error error = {0};
    struct config *config = config_try(text, set, property, &error);

    ck_assert_msg(config != NULL, "%s", error.text);
    return config;
}

#define ck_assert_refused(input, set, property, expected)                                                    \
    do {                                                                                                     \
        struct error refused_ = {0};                                                                         \
                                                                                                             \
        ck_assert_ptr_null(config_try(input, set, property, &refused_));                                     \
        ck_assert_str_eq(refused_.text, expected);                                                           \
    } while (0)

#endif
