#include "service/profile.h"

#include "common/file.h"
#include "common/memory.h"
#include "common/pointer.h"
#include "config/yaml.h"
#include "service/shipped.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define FILE_SIZE_MAX (1 << 20)
#define HEADER_CHARACTERS \
    "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789!#$%&'*+-.^_`|~" /* RFC 9110 5.6.2 */
#define UNNAMED       UINT8_MAX /* a status that the profile does not name (yet) */

typedef bool reader(struct profile *profile, const struct yaml_node *node, struct error *error);

struct key {
    const char *name;
    reader *read;
};

static bool read_keys(struct profile *profile, const struct yaml_node *mapping, const struct key *keys,
                      struct error *error)
{
    if (yaml_kind(mapping) != YAML_MAPPING)
        return yaml_fail(mapping, error, "a mapping is wanted");
    for (size_t i = 0; i < yaml_count(mapping); i++) {
        const struct yaml_node *name = yaml_key(mapping, i);
        const struct key *key = keys;

        while (key->name != NULL && strcmp(key->name, yaml_text(name)) != 0)
            key++;
        if (key->name == NULL)
            return yaml_fail(name, error, "unknown key '%s'", yaml_text(name));
        if (!key->read(profile, yaml_item(mapping, i), error))
            return false;
    }
    return true;
}

static bool read_text(char **target, const struct yaml_node *node, struct error *error)
{
    if (yaml_kind(node) != YAML_SCALAR)
        return yaml_fail(node, error, "a text is wanted");
    free(*target);
    *target = memory_text(yaml_text(node));
    return true;
}

static bool read_boolean(bool *target, const struct yaml_node *node, struct error *error)
{
    const char *text = yaml_kind(node) == YAML_SCALAR ? yaml_text(node) : "";

    if (strcmp(text, "true") != 0 && strcmp(text, "false") != 0)
        return yaml_fail(node, error, "true or false is wanted");
    *target = text[0] == 't';
    return true;
}

static bool read_choice(const char *const *names, size_t *ret_index, const struct yaml_node *node, struct error *error)
{
    for (size_t i = 0; names[i] != NULL; i++)
        if (yaml_kind(node) == YAML_SCALAR && strcmp(names[i], yaml_text(node)) == 0) {
            *ret_index = i;
            return true;
        }
    return yaml_fail(node, error, "one of %s, %s, ... is wanted", names[0], names[1]);
}

static bool read_version_header(struct profile *profile, const struct yaml_node *node, struct error *error)
{
    const char *name;

    if (!read_text(&profile->version_header, node, error))
        return false;
    name = profile->version_header;
    return (*name != '\0' && name[strspn(name, HEADER_CHARACTERS)] == '\0') ||
           yaml_fail(node, error, "'%s' is no name of a header", name);
}

static bool read_weak_is_exact(struct profile *profile, const struct yaml_node *node, struct error *error)
{
    return read_boolean(&profile->weak_is_exact, node, error);
}

static bool read_reused(struct profile *profile, const struct yaml_node *node, struct error *error)
{
    return read_boolean(&profile->versions_are_reused, node, error);
}

static bool read_version(struct profile *profile, const struct yaml_node *node, struct error *error)
{
    static const struct key keys[] = {{"header", read_version_header},
                                      {"weak_is_exact", read_weak_is_exact},
                                      {"reused", read_reused},
                                      {NULL, NULL}};

    return read_keys(profile, node, keys, error);
}

static bool check_pointer(const char *text, const struct yaml_node *node, struct error *error)
{
    const char *what;

    return pointer_is_valid(bytes_of(text), &what) || yaml_fail(node, error, "'%s': %s", text, what);
}

static bool read_document(struct profile *profile, const struct yaml_node *node, struct error *error)
{
    return read_text(&profile->document, node, error) && check_pointer(profile->document, node, error);
}

/* What is left out of a write must be a part of the document, and be named once. */
static bool check_read_only(const struct profile *profile, size_t index, const struct yaml_node *node,
                            struct error *error)
{
    struct bytes added = bytes_of(profile->read_only[index]);

    if (!check_pointer(added.data, node, error))
        return false;
    if (added.size == 0)
        return yaml_fail(node, error, "the whole document cannot be read-only");
    for (size_t i = 0; i < index; i++) {
        struct bytes other = bytes_of(profile->read_only[i]);

        if (pointer_covers(other, added) || pointer_covers(added, other))
            return yaml_fail(node, error, "'%s' overlaps with '%s'", added.data, other.data);
    }
    return true;
}

static bool read_read_only(struct profile *profile, const struct yaml_node *node, struct error *error)
{
    if (yaml_kind(node) != YAML_SEQUENCE)
        return yaml_fail(node, error, "a list of pointers is wanted");
    if (yaml_count(node) > PROFILE_READ_ONLY_MAX)
        return yaml_fail(node, error, "more than %d pointers", PROFILE_READ_ONLY_MAX);
    profile->read_only = memory_new((yaml_count(node) + 1) * sizeof(char *));
    for (size_t i = 0; i < yaml_count(node); i++, profile->read_only_count++)
        if (!read_text(&profile->read_only[i], yaml_item(node, i), error) ||
            !check_read_only(profile, i, yaml_item(node, i), error))
            return false;
    return true;
}

static bool read_write(struct profile *profile, const struct yaml_node *node, struct error *error)
{
    static const char *const names[] = {"put", "merge-patch", NULL};
    size_t index = 0;

    if (!read_choice(names, &index, node, error))
        return false;
    profile->writes_patch = index == 1;
    return true;
}

static bool read_after_write(struct profile *profile, const struct yaml_node *node, struct error *error)
{
    static const char *const names[] = {
        [AFTER_WRITE_EXACT] = "exact", [AFTER_WRITE_BODY] = "body", [AFTER_WRITE_VERSION] = "version",
        [AFTER_WRITE_NONE] = "none", NULL};
    size_t index = 0;

    if (!read_choice(names, &index, node, error))
        return false;
    profile->after_write = (enum after_write)index;
    return true;
}

static bool find_meaning(const char *name, enum meaning *ret_meaning)
{
    for (size_t i = 0; i < MEANING_COUNT; i++)
        if (strcmp(name, meaning_name((enum meaning)i)) == 0) {
            *ret_meaning = (enum meaning)i;
            return true;
        }
    return false;
}

static bool read_statuses(struct profile *profile, bool is_write, const struct yaml_node *list, enum meaning meaning,
                          struct error *error)
{
    if (yaml_kind(list) != YAML_SEQUENCE)
        return yaml_fail(list, error, "a list of statuses is wanted");
    for (size_t i = 0; i < yaml_count(list); i++) {
        const struct yaml_node *item = yaml_item(list, i);
        uint64_t status = 0;

        if (yaml_kind(item) != YAML_SCALAR || !bytes_to_uint64(bytes_of(yaml_text(item)), &status) || status < 100 ||
            status > 599)
            return yaml_fail(item, error, "a status of 100 to 599 is wanted");
        if (profile->meanings[is_write][status] != UNNAMED)
            return yaml_fail(item, error, "status %d is named twice", (int)status);
        profile->meanings[is_write][status] = (uint8_t)meaning;
    }
    return true;
}

static bool read_meanings(struct profile *profile, bool is_write, const struct yaml_node *node, struct error *error)
{
    if (yaml_kind(node) != YAML_MAPPING)
        return yaml_fail(node, error, "a mapping is wanted");
    for (size_t i = 0; i < yaml_count(node); i++) {
        const struct yaml_node *name = yaml_key(node, i);
        enum meaning meaning;

        if (!find_meaning(yaml_text(name), &meaning))
            return yaml_fail(name, error, "unknown meaning '%s'", yaml_text(name));
        if (!read_statuses(profile, is_write, yaml_item(node, i), meaning, error))
            return false;
    }
    return true;
}

static bool read_reads(struct profile *profile, const struct yaml_node *node, struct error *error)
{
    return read_meanings(profile, false, node, error);
}

static bool read_writes(struct profile *profile, const struct yaml_node *node, struct error *error)
{
    return read_meanings(profile, true, node, error);
}

static bool read_answers(struct profile *profile, const struct yaml_node *node, struct error *error)
{
    static const struct key keys[] = {{"read", read_reads}, {"write", read_writes}, {NULL, NULL}};

    return read_keys(profile, node, keys, error);
}

static void set_defaults(struct profile *profile)
{
    profile->version_header = memory_text("ETag");
    profile->document = memory_text("");
    profile->after_write = AFTER_WRITE_VERSION;
    memset(profile->meanings, UNNAMED, sizeof(profile->meanings));
}

/* False: no status of reads, or of writes, means success. */
static bool complete_meanings(struct profile *profile)
{
    bool has_ok[2] = {false, false};

    for (size_t is_write = 0; is_write < 2; is_write++)
        for (size_t status = 0; status < PROFILE_STATUSES; status++) {
            uint8_t *meaning = &profile->meanings[is_write][status];

            has_ok[is_write] |= *meaning == MEANING_OK;
            if (*meaning == UNNAMED)
                *meaning = status >= 500 ? MEANING_OUTAGE : MEANING_UNDESCRIBED;
        }
    return has_ok[0] && has_ok[1];
}

static bool parse(struct profile *profile, const char *name, const char *text, size_t size, struct error *error)
{
    static const struct key keys[] = {{"version", read_version},         {"document", read_document},
                                      {"read_only", read_read_only},     {"write", read_write},
                                      {"after_write", read_after_write}, {"answers", read_answers},
                                      {NULL, NULL}};
    struct yaml *yaml = yaml_parse(name, text, size, error);
    bool is_good;

    if (yaml == NULL)
        return false;
    is_good = yaml_root(yaml) != NULL ? read_keys(profile, yaml_root(yaml), keys, error)
                                      : error_set(error, ERROR_USAGE, "%s: the profile is empty", name);
    if (is_good && !complete_meanings(profile))
        is_good = yaml_fail(yaml_root(yaml), error, "answers.read.ok and answers.write.ok are needed");
    yaml_free(yaml);
    return is_good;
}

static bool parse_shipped(struct profile *profile, const char *name, struct error *error)
{
    char names[256] = "";
    size_t used = 0;

    for (const struct shipped_profile *shipped = shipped_profiles; shipped->name != NULL; shipped++) {
        if (strcmp(shipped->name, name) == 0)
            return parse(profile, name, shipped->text, strlen(shipped->text), error);
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
    return parse(profile, path, text, size, error);
}

struct profile *profile_load(const struct config_service *config, struct error *error)
{
    struct profile *profile = memory_new(sizeof(*profile));
    bool is_file = strpbrk(config->profile, "/.") != NULL;

    set_defaults(profile);
    profile->name = memory_text(config->profile);
    if (!(is_file ? parse_file(profile, config->profile, error) : parse_shipped(profile, config->profile, error))) {
        profile_free(profile);
        return NULL;
    }
    if (config->write != SERVICE_WRITE_PROFILE)
        profile->writes_patch = config->write == SERVICE_WRITE_MERGE_PATCH;
    return profile;
}

void profile_free(struct profile *profile)
{
    if (profile == NULL)
        return;
    for (size_t i = 0; profile->read_only != NULL && profile->read_only[i] != NULL; i++)
        free(profile->read_only[i]);
    free(profile->read_only);
    free(profile->name);
    free(profile->version_header);
    free(profile->document);
    free(profile);
}

enum meaning profile_meaning(const struct profile *profile, bool is_write, int status)
{
    if (status < 100 || status > 599)
        return MEANING_UNDESCRIBED;
    return (enum meaning)profile->meanings[is_write][status];
}
