#include "service/profile_yaml.h"

/* The section `answers`: what a status means, and where it takes the body to know. */

#define UNNAMED     UINT8_MAX /* a status that the profile does not name (yet) */
#define MATCHES_MAX 64
#define STATUS_MIN  100

static bool find_meaning(const struct yaml_node *name, enum meaning *ret_meaning, struct error *error)
{
    static const enum meaning sayable[] = {
        MEANING_OK,   MEANING_NOT_MODIFIED, MEANING_STALE,        MEANING_LOCKED, MEANING_OVERLOAD,   MEANING_MISSING,
        MEANING_GONE, MEANING_REFUSED,      MEANING_UNAUTHORIZED, MEANING_OUTAGE, MEANING_UNDESCRIBED};
    const char *names[sizeof(sayable) / sizeof(sayable[0]) + 1] = {NULL};
    size_t index = 0;

    for (size_t i = 0; i < sizeof(sayable) / sizeof(sayable[0]); i++)
        names[i] = meaning_name(sayable[i]);
    if (!profile_read_choice(name, names, &index, error))
        return false;
    *ret_meaning = sayable[index];
    return true;
}

static bool add_status(struct profile *profile, bool is_write, const struct yaml_node *node, enum meaning meaning,
                       struct error *error)
{
    int64_t status;

    if (!profile_read_number(node, STATUS_MIN, PROFILE_STATUSES - 1, &status, error))
        return false;
    if (profile->meanings[is_write][status] != UNNAMED)
        return yaml_fail(node, error, "status %d is named twice; a value of the body may tell its meanings apart",
                         (int)status);
    profile->meanings[is_write][status] = (uint8_t)meaning;
    return true;
}

static void keep_match(struct profile *profile, const struct answer_match *match)
{
    size_t size = sizeof(*match);

    profile->matches = arena_grow(profile->arena, profile->matches, profile->match_count * size,
                                  (profile->match_count + 1) * size);
    profile->matches[profile->match_count++] = *match;
}

static bool add_match(struct profile *profile, const struct yaml_node *node, struct answer_match match,
                      struct error *error)
{
    static const char *const keys[] = {"status", "pointer", "is", "contains", NULL};
    const struct yaml_node *status, *pointer, *is, *contains;
    int64_t number = 0;

    if (!profile_keys(node, keys, error))
        return false;
    status = yaml_find(node, "status");
    pointer = yaml_find(node, "pointer");
    is = yaml_find(node, "is");
    contains = yaml_find(node, "contains");
    if (status == NULL || (pointer == NULL && contains == NULL) || (is != NULL && (pointer == NULL || contains != NULL)))
        return yaml_fail(node, error, "status is wanted, with pointer, pointer and is, pointer and contains, or contains");
    if (!profile_read_number(status, STATUS_MIN, PROFILE_STATUSES - 1, &number, error) ||
        (pointer != NULL && !profile_read_pointer(profile, pointer, &match.pointer, error)) ||
        (is != NULL && !profile_read_text(profile, is, &match.is, error)) ||
        (contains != NULL && !profile_read_text(profile, contains, &match.contains, error)))
        return false;
    if (profile->match_count == MATCHES_MAX)
        return yaml_fail(node, error, "more than %d answers are told apart by their body", MATCHES_MAX);
    match.status = (int)number;
    keep_match(profile, &match);
    return true;
}

static bool read_meaning(struct profile *profile, bool is_write, const struct yaml_node *list, enum meaning meaning,
                         struct error *error)
{
    if (yaml_kind(list) != YAML_SEQUENCE)
        return yaml_fail(list, error, "a list of statuses is wanted");
    for (size_t i = 0; i < yaml_count(list); i++) {
        const struct yaml_node *item = yaml_item(list, i);
        bool is_good = yaml_kind(item) == YAML_MAPPING
                           ? add_match(profile, item, (struct answer_match){.is_write = is_write, .meaning = meaning},
                                       error)
                           : add_status(profile, is_write, item, meaning, error);

        if (!is_good)
            return false;
    }
    return true;
}

static bool read_meanings(struct profile *profile, bool is_write, const struct yaml_node *node, struct error *error)
{
    if (yaml_kind(node) != YAML_MAPPING)
        return yaml_fail(node, error, "a mapping is wanted, of meanings");
    for (size_t i = 0; i < yaml_count(node); i++) {
        enum meaning meaning;

        if (!find_meaning(yaml_key(node, i), &meaning, error) ||
            !read_meaning(profile, is_write, yaml_item(node, i), meaning, error))
            return false;
    }
    return true;
}

static bool has_ok(const struct profile *profile, bool is_write)
{
    for (size_t status = STATUS_MIN; status < PROFILE_STATUSES; status++)
        if (profile->meanings[is_write][status] == MEANING_OK)
            return true;
    return false;
}

static void complete(uint8_t *meanings)
{
    for (size_t status = 0; status < PROFILE_STATUSES; status++)
        if (meanings[status] == UNNAMED)
            meanings[status] = status >= 500 ? MEANING_OUTAGE : MEANING_UNDESCRIBED;
}

bool profile_read_answers(struct profile *profile, const struct yaml_node *node, struct error *error)
{
    static const char *const keys[] = {"read", "write", NULL};

    memset(profile->meanings, UNNAMED, sizeof(profile->meanings));
    if (!profile_keys(node, keys, error))
        return false;
    for (size_t is_write = 0; is_write < 2; is_write++) {
        const struct yaml_node *section = yaml_find(node, keys[is_write]);

        if (section != NULL && !read_meanings(profile, is_write, section, error))
            return false;
        if (!has_ok(profile, is_write))
            return yaml_fail(node, error, "answers.%s.ok is needed, with a status", keys[is_write]);
        complete(profile->meanings[is_write]);
    }
    return true;
}
