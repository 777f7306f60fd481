#include "service/profile.h"

#include "common/file.h"
#include "service/profile_yaml.h"
#include "service/shipped.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define FILE_SIZE_MAX (1 << 20)

static bool parse_shipped(struct profile *profile, const char *name, struct error *error)
{
    char names[256] = "";
    size_t used = 0;

    for (const struct shipped_profile *shipped = shipped_profiles; shipped->name != NULL; shipped++) {
        if (strcmp(shipped->name, name) == 0)
            return profile_parse(profile, name, bytes_of(shipped->text), error);
        if (used < sizeof(names))
            used += (size_t)snprintf(names + used, sizeof(names) - used, "%s%s", used > 0 ? ", " : "", shipped->name);
    }
    return error_set(error, ERROR_USAGE, "service.profile: no profile '%s'; there are %s, or the path of a file", name,
                     names);
}

static bool parse_file(struct profile *profile, const char *path, struct error *error)
{
    size_t size;
    auto_text text = file_read(path, FILE_SIZE_MAX, &size, error);

    if (text == NULL) {
        if (error != NULL)
            error->kind = ERROR_USAGE;
        return error_wrap(error, "service.profile");
    }
    return profile_parse(profile, path, (struct bytes){text, size}, error);
}

static struct profile *profile_new(const char *name)
{
    struct profile *profile = memory_new(sizeof(*profile));

    profile->arena = arena_new(4096);
    profile->name = arena_copy(profile->arena, name, strlen(name));
    profile->document[false] = profile->document[true] = "";
    profile->after_write = AFTER_WRITE_VERSION;
    return profile;
}

/* What the configuration says goes before the profile's word. */
static bool choose(struct profile *profile, const struct config_service *config, struct error *error)
{
    static const enum write_form forms[] = {[SERVICE_WRITE_PUT] = WRITE_PUT,
                                            [SERVICE_WRITE_MERGE_PATCH] = WRITE_MERGE_PATCH,
                                            [SERVICE_WRITE_JSON_PATCH] = WRITE_JSON_PATCH,
                                            [SERVICE_WRITE_ODATA_PATCH] = WRITE_ODATA_PATCH};

    if (config->write != SERVICE_WRITE_PROFILE)
        profile->write = forms[config->write];
    if (config->precondition != PRECONDITION_PROFILE)
        profile->tests_fields = config->precondition == PRECONDITION_FIELDS;
    if (profile->tests_fields && profile->write != WRITE_JSON_PATCH)
        return error_set(error, ERROR_USAGE,
                         "service.profile %s: the precondition `fields` is made of tests in a JSON Patch: it needs the write "
                         "form json-patch",
                         profile->name);
    return true;
}

struct profile *profile_load(const struct config_service *config, struct error *error)
{
    struct profile *profile = profile_new(config->profile);
    bool is_file = strpbrk(config->profile, "/.") != NULL;

    if (!(is_file ? parse_file(profile, config->profile, error) : parse_shipped(profile, config->profile, error)) ||
        !choose(profile, config, error)) {
        profile_free(profile);
        return NULL;
    }
    return profile;
}

void profile_free(struct profile *profile)
{
    if (profile == NULL)
        return;
    arena_free(profile->arena);
    free(profile);
}

enum meaning profile_meaning(const struct profile *profile, bool is_write, int status)
{
    if (status < 100 || status >= PROFILE_STATUSES)
        return MEANING_UNDESCRIBED;
    return (enum meaning)profile->meanings[is_write][status];
}

bool profile_writes_patch(const struct profile *profile)
{
    return profile->write != WRITE_PUT;
}
