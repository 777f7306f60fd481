#include "service/profile_yaml.h"

/* The section `version`: where versions are read, and how they go back. */

static bool read_pointers(struct profile *profile, const struct yaml_node *node, struct version_source *source,
                          struct error *error)
{
    bool is_list = yaml_kind(node) == YAML_SEQUENCE;
    size_t count = is_list ? yaml_count(node) : 1;

    if (count == 0 || count > PROFILE_PARTS_MAX)
        return yaml_fail(node, error, "1 to %d pointers are wanted", PROFILE_PARTS_MAX);
    for (size_t i = 0; i < count; i++) {
        const struct yaml_node *item = is_list ? yaml_item(node, i) : node;

        if (!profile_read_pointer(profile, item, &source->pointers[i], error))
            return false;
        if (source->pointers[i].size == 0)
            return yaml_fail(item, error, "the whole body cannot be a version");
    }
    source->pointer_count = count;
    return true;
}

static bool read_source(struct profile *profile, const struct yaml_node *node, struct version_source *source,
                        struct error *error)
{
    static const char *const keys[] = {"header", "pointer", NULL};
    const struct yaml_node *header, *pointer;

    if (!profile_keys(node, keys, error))
        return false;
    header = yaml_find(node, "header");
    pointer = yaml_find(node, "pointer");
    if ((header == NULL) == (pointer == NULL))
        return yaml_fail(node, error, "either header or pointer is wanted");
    return header != NULL ? profile_read_header_name(profile, header, &source->header, error)
                          : read_pointers(profile, pointer, source, error);
}

/* One source, or a list of them. */
static bool read_sources(struct profile *profile, const struct yaml_node *node, struct version_sources *sources,
                         struct error *error)
{
    bool is_list = yaml_kind(node) == YAML_SEQUENCE;
    size_t count = is_list ? yaml_count(node) : 1;

    *sources = (struct version_sources){.count = count};
    if (count == 0 || count > PROFILE_SOURCES_MAX)
        return yaml_fail(node, error, "1 to %d places are wanted", PROFILE_SOURCES_MAX);
    for (size_t i = 0; i < count; i++)
        if (!read_source(profile, is_list ? yaml_item(node, i) : node, &sources->items[i], error))
            return false;
    return true;
}

static bool read_query(struct profile *profile, const struct yaml_node *node, struct version_target *target,
                       struct error *error)
{
    bool is_list = yaml_kind(node) == YAML_SEQUENCE;
    size_t count = is_list ? yaml_count(node) : 1;

    if (count == 0 || count > PROFILE_PARTS_MAX)
        return yaml_fail(node, error, "1 to %d parameters are wanted", PROFILE_PARTS_MAX);
    for (size_t i = 0; i < count; i++) {
        const struct yaml_node *item = is_list ? yaml_item(node, i) : node;

        if (!profile_read_text(profile, item, &target->names[i], error))
            return false;
        if (target->names[i].size == 0 || strpbrk(target->names[i].data, "=&#?% \t\r\n") != NULL)
            return yaml_fail(item, error, "'%s' is no name of a query parameter", target->names[i].data);
    }
    target->place = VERSION_IN_QUERY;
    target->name_count = count;
    return true;
}

static bool read_place(struct profile *profile, const struct yaml_node *node, struct version_target *target,
                       struct error *error)
{
    const struct yaml_node *header = yaml_find(node, "header"), *query = yaml_find(node, "query"),
                           *pointer = yaml_find(node, "pointer");

    if ((header != NULL) + (query != NULL) + (pointer != NULL) != 1)
        return yaml_fail(node, error, "one of header, query and pointer is wanted");
    if (query != NULL)
        return read_query(profile, query, target, error);
    target->name_count = 1;
    target->place = header != NULL ? VERSION_IN_HEADER : VERSION_IN_BODY;
    if (header != NULL)
        return profile_read_header_name(profile, header, &target->names[0], error);
    return profile_read_pointer(profile, pointer, &target->names[0], error) &&
           (target->names[0].size > 0 || yaml_fail(pointer, error, "the whole body cannot be a version"));
}

static bool read_send(struct profile *profile, const struct yaml_node *node, struct error *error)
{
    static const char *const keys[] = {"header", "query", "pointer", "as", NULL};
    static const char *const names[] = {
        [VERSION_VERBATIM] = "verbatim", [VERSION_QUOTED] = "quote", [VERSION_UNQUOTED] = "unquote",
        [VERSION_NUMBER] = "number", [VERSION_INCREMENT] = "increment", NULL};
    struct version_target target = {.spelling = VERSION_VERBATIM};
    const struct yaml_node *as;
    size_t spelling = VERSION_VERBATIM;

    if (!profile_keys(node, keys, error) || !read_place(profile, node, &target, error))
        return false;
    as = yaml_find(node, "as");
    if (as != NULL && !profile_read_choice(as, names, &spelling, error))
        return false;
    if (target.name_count > 1 && spelling != VERSION_VERBATIM)
        return yaml_fail(as, error, "a version of several parts goes back verbatim");
    target.spelling = (enum version_spelling)spelling;
    profile->send = target;
    return true;
}

/* Every version must fill every place where it goes. */
static bool check_parts(const struct profile *profile, const struct version_sources *sources,
                        const struct yaml_node *node, struct error *error)
{
    for (size_t i = 0; i < sources->count; i++) {
        size_t parts = sources->items[i].pointer_count > 1 ? sources->items[i].pointer_count : 1;

        if (parts != profile->send.name_count)
            return yaml_fail(node, error, "a version of %zu parts is sent as %zu", parts, profile->send.name_count);
    }
    return true;
}

/* Dates of HTTP have whole seconds. */
static bool read_resolution(const struct yaml_node *node, int64_t *ret_ms, struct error *error)
{
    struct bytes text = bytes_of(yaml_kind(node) == YAML_SCALAR ? yaml_text(node) : "");
    uint64_t seconds = 0;

    if (text.size < 2 || text.data[text.size - 1] != 's' ||
        !bytes_to_uint64((struct bytes){text.data, text.size - 1}, &seconds) || seconds > 3600)
        return yaml_fail(node, error, "a number of seconds is wanted, as 1s");
    *ret_ms = (int64_t)seconds * 1000;
    return true;
}

static bool read_qualities(struct profile *profile, const struct yaml_node *node, struct error *error)
{
    static const char *const remedies[] = {"verbatim", "strip", NULL};
    const struct yaml_node *exact = yaml_find(node, "weak_is_exact"), *weak = yaml_find(node, "weak_if_match"),
                           *reused = yaml_find(node, "reused"), *resolution = yaml_find(node, "resolution");
    size_t remedy = 0;

    if ((exact != NULL && !profile_read_boolean(exact, &profile->weak_is_exact, error)) ||
        (weak != NULL && !profile_read_choice(weak, remedies, &remedy, error)) ||
        (reused != NULL && !profile_read_boolean(reused, &profile->versions_are_reused, error)) ||
        (resolution != NULL && !read_resolution(resolution, &profile->resolution_ms, error)))
        return false;
    profile->weak_may_be_stripped = remedy == 1;
    return true;
}

bool profile_read_version(struct profile *profile, const struct yaml_node *node, struct error *error)
{
    static const char *const keys[] = {"read",          "written", "send",       "weak_is_exact",
                                       "weak_if_match", "reused",  "resolution", NULL};
    const struct yaml_node *read, *written, *send;

    if (!profile_keys(node, keys, error))
        return false;
    read = yaml_find(node, "read");
    written = yaml_find(node, "written");
    send = yaml_find(node, "send");
    if (read == NULL || send == NULL)
        return yaml_fail(node, error, "version.read and version.send are needed");
    if (!read_sources(profile, read, &profile->read, error) ||
        !read_sources(profile, written != NULL ? written : read, &profile->written, error) ||
        !read_send(profile, send, error))
        return false;
    return check_parts(profile, &profile->read, read, error) &&
           check_parts(profile, &profile->written, written != NULL ? written : read, error) &&
           read_qualities(profile, node, error);
}
