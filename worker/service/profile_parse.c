#include "service/profile_yaml.h"

#include "common/pointer.h"

/* What is left out of a write must be a part of the document, and be named once. */
static bool check_read_only(const struct profile *profile, struct bytes added, const struct yaml_node *node,
                            struct error *error)
{
    if (added.size == 0)
        return yaml_fail(node, error, "the whole document cannot be read-only");
    for (size_t i = 0; i < profile->read_only_count; i++) {
        struct bytes other = profile->read_only[i];

        if (pointer_covers(other, added) || pointer_covers(added, other))
            return yaml_fail(node, error, "'%s' overlaps with '%s'", added.data, other.data);
    }
    return true;
}

/* One place, or one in answers and another in requests. */
static bool read_document(struct profile *profile, const struct yaml_node *node, struct error *error)
{
    static const char *const keys[] = {"read", "write", NULL};
    bool is_mapping = yaml_kind(node) == YAML_MAPPING;

    if (is_mapping && !profile_keys(node, keys, error))
        return false;
    for (size_t is_write = 0; is_write < 2; is_write++) {
        const struct yaml_node *place = is_mapping ? yaml_find(node, keys[is_write]) : node;
        struct bytes pointer;

        if (place == NULL)
            continue;
        if (!profile_read_pointer(profile, place, &pointer, error))
            return false;
        profile->document[is_write] = pointer.data;
    }
    return true;
}

static bool read_read_only(struct profile *profile, const struct yaml_node *node, struct error *error)
{
    if (yaml_kind(node) != YAML_SEQUENCE)
        return yaml_fail(node, error, "a list of pointers is wanted");
    if (yaml_count(node) > PROFILE_READ_ONLY_MAX)
        return yaml_fail(node, error, "more than %d pointers", PROFILE_READ_ONLY_MAX);
    for (size_t i = 0; i < yaml_count(node); i++) {
        struct bytes pointer;

        if (!profile_read_pointer(profile, yaml_item(node, i), &pointer, error) ||
            !check_read_only(profile, pointer, yaml_item(node, i), error))
            return false;
        profile->read_only[profile->read_only_count++] = pointer;
    }
    return true;
}

static bool read_write(struct profile *profile, const struct yaml_node *node, struct error *error)
{
    static const char *const names[] = {[WRITE_PUT] = "put",
                                        [WRITE_MERGE_PATCH] = "merge-patch",
                                        [WRITE_JSON_PATCH] = "json-patch",
                                        [WRITE_ODATA_PATCH] = "odata-patch",
                                        NULL};
    size_t index = 0;

    if (!profile_read_choice(node, names, &index, error))
        return false;
    profile->write = (enum write_form)index;
    return true;
}

static bool read_precondition(struct profile *profile, const struct yaml_node *node, struct error *error)
{
    static const char *const names[] = {"version", "fields", NULL};
    size_t index = 0;

    if (!profile_read_choice(node, names, &index, error))
        return false;
    profile->tests_fields = index == 1;
    return true;
}

static bool read_after_write(struct profile *profile, const struct yaml_node *node, struct error *error)
{
    static const char *const names[] = {
        [AFTER_WRITE_EXACT] = "exact", [AFTER_WRITE_BODY] = "body", [AFTER_WRITE_VERSION] = "version",
        [AFTER_WRITE_NONE] = "none", NULL};
    size_t index = 0;

    if (!profile_read_choice(node, names, &index, error))
        return false;
    profile->after_write = (enum after_write)index;
    return true;
}

/* --- headers --- */

/* What a request says of itself, and what other keys say. */
static bool check_header(const struct profile *profile, struct bytes name, const struct yaml_node *node,
                         struct error *error)
{
    static const char *const ours[] = {"Authorization",     "Connection",        "Content-Length",      "Host",
                                       "If-Match",          "If-None-Match",     "If-Modified-Since",   "If-Unmodified-Since",
                                       "Transfer-Encoding", "Accept-Encoding",   NULL};

    for (size_t i = 0; ours[i] != NULL; i++)
        if (bytes_equal_ignore_case(name, bytes_of(ours[i])))
            return yaml_fail(node, error, "the header %s is not the profile's to fix", ours[i]);
    if (profile->send.place == VERSION_IN_HEADER && bytes_equal_ignore_case(name, profile->send.names[0]))
        return yaml_fail(node, error, "the header %s carries the version", name.data);
    return true;
}

static bool read_headers_of(struct profile *profile, struct profile_headers *headers, const struct yaml_node *node,
                            struct error *error)
{
    if (yaml_kind(node) != YAML_MAPPING)
        return yaml_fail(node, error, "a mapping is wanted, of names and values of headers");
    if (yaml_count(node) > PROFILE_HEADERS_MAX)
        return yaml_fail(node, error, "more than %d headers", PROFILE_HEADERS_MAX);
    for (size_t i = 0; i < yaml_count(node); i++) {
        struct profile_header header;

        if (!profile_read_header_name(profile, yaml_key(node, i), &header.name, error) ||
            !check_header(profile, header.name, yaml_key(node, i), error) ||
            !profile_read_text(profile, yaml_item(node, i), &header.value, error))
            return false;
        if (header.value.size == 0 || strpbrk(header.value.data, "\r\n") != NULL)
            return yaml_fail(yaml_item(node, i), error, "one line of text is wanted");
        headers->items[headers->count++] = header;
    }
    return true;
}

static bool read_headers(struct profile *profile, const struct yaml_node *node, struct error *error)
{
    static const char *const keys[] = {"read", "write", NULL};

    if (!profile_keys(node, keys, error))
        return false;
    for (size_t is_write = 0; is_write < 2; is_write++) {
        const struct yaml_node *section = yaml_find(node, keys[is_write]);

        if (section != NULL && !read_headers_of(profile, &profile->headers[is_write], section, error))
            return false;
    }
    return true;
}

static bool read_create(struct profile *profile, const struct yaml_node *node, struct error *error)
{
    static const char *const names[] = {"none", "put", NULL};
    size_t index;

    if (!profile_read_choice(node, names, &index, error))
        return false;
    profile->creates = index > 0;
    return true;
}

static bool read_defaults(struct profile *profile, const struct yaml_node *node, struct error *error)
{
    static const char *const keys[] = {"max_in_flight", NULL};
    const struct yaml_node *max_in_flight;

    if (!profile_keys(node, keys, error))
        return false;
    max_in_flight = yaml_find(node, "max_in_flight");
    return max_in_flight == NULL ||
           profile_read_number(max_in_flight, 1, SERVICE_IN_FLIGHT_AUTO_MAX, &profile->max_in_flight, error);
}

/* --- all of it --- */

static const struct {
    const char *key;
    bool is_needed;
    bool (*read)(struct profile *profile, const struct yaml_node *node, struct error *error);
} sections[] = {
    {"version", true, profile_read_version}, {"document", false, read_document},
    {"read_only", false, read_read_only},    {"write", false, read_write},
    {"create", false, read_create},          {"precondition", false, read_precondition},
    {"after_write", false, read_after_write}, {"headers", false, read_headers},
    {"defaults", false, read_defaults},      {"answers", true, profile_read_answers},
};

#define SECTION_COUNT (sizeof(sections) / sizeof(sections[0]))

static bool read_sections(struct profile *profile, const struct yaml_node *root, struct error *error)
{
    const char *keys[SECTION_COUNT + 1] = {NULL};

    for (size_t i = 0; i < SECTION_COUNT; i++)
        keys[i] = sections[i].key;
    if (!profile_keys(root, keys, error))
        return false;
    for (size_t i = 0; i < SECTION_COUNT; i++) {
        const struct yaml_node *node = yaml_find(root, sections[i].key);

        if (node == NULL && sections[i].is_needed)
            return yaml_fail(root, error, "`%s` is needed", sections[i].key);
        if (node != NULL && !sections[i].read(profile, node, error))
            return false;
    }
    return true;
}

/* A member that is taken out of what is written cannot carry the version there. */
static bool check_version_is_written(const struct profile *profile, const struct yaml_node *root, struct error *error)
{
    struct bytes document = bytes_of(profile->document[true]), pointer = profile->send.names[0];

    if (profile->send.place != VERSION_IN_BODY)
        return true;
    if (pointer_covers(pointer, document) && pointer.size > 0)
        return yaml_fail(root, error, "version.send.pointer '%s' contains the document", pointer.data);
    if (!pointer_covers(document, pointer))
        return true;
    pointer = bytes_from(pointer, document.size);
    for (size_t i = 0; i < profile->read_only_count; i++)
        if (pointer_covers(profile->read_only[i], pointer) || pointer_covers(pointer, profile->read_only[i]))
            return yaml_fail(root, error, "version.send.pointer overlaps with read_only '%s'", profile->read_only[i].data);
    return true;
}

bool profile_parse(struct profile *profile, const char *name, struct bytes text, struct error *error)
{
    struct yaml *yaml = yaml_parse(name, text.data, text.size, error);
    const struct yaml_node *root;
    bool is_good;

    if (yaml == NULL)
        return false;
    root = yaml_root(yaml);
    if (root == NULL)
        is_good = error_set(error, ERROR_USAGE, "%s: the profile is empty", name);
    else
        is_good = read_sections(profile, root, error) && check_version_is_written(profile, root, error);
    yaml_free(yaml);
    return is_good;
}
