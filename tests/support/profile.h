#ifndef IFMATCH_TESTS_SUPPORT_PROFILE_H
#define IFMATCH_TESTS_SUPPORT_PROFILE_H

#include "service/profile.h"

#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

/* A shipped profile by its name; the caller frees. */
static inline struct profile *profile_shipped(const char *name, enum service_write write)
{
    char copy[64];
    const struct config_service config = {.profile = copy, .write = write};
    struct error error = {0};
    struct profile *profile;

    snprintf(copy, sizeof(copy), "%s", name);
    profile = profile_load(&config, &error);
    ck_assert_msg(profile != NULL, "%s", error.text);
    return profile;
}

/* From a file with `text`; NULL with `error` if it is no profile. */
static inline struct profile *profile_of(const char *text, struct error *error)
{
    char path[] = "/tmp/ifmatch-profile-XXXXXX";
    const struct config_service config = {.profile = path};
    int descriptor = mkstemp(path);
    struct profile *profile;

    ck_assert_int_ge(descriptor, 0);
    ck_assert_int_eq(write(descriptor, text, strlen(text)), (ssize_t)strlen(text));
    close(descriptor);
    profile = profile_load(&config, error);
    unlink(path);
    return profile;
}

#endif
