#include "service/profile_yaml.h"

#include "common/pointer.h"

#include <stdio.h>
#include <string.h>

#define HEADER_CHARACTERS \
    "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789!#$%&'*+-.^_`|~" /* RFC 9110 5.6.2 */

/* "a, b, c" for a message. */
static void list_names(const char *const *names, char *text, size_t size)
{
    size_t used = 0;

    for (size_t i = 0; names[i] != NULL && used < size; i++)
        used += (size_t)snprintf(text + used, size - used, "%s%s", i > 0 ? ", " : "", names[i]);
}

static bool find_name(const char *const *names, const char *name, size_t *ret_index)
{
    for (size_t i = 0; names[i] != NULL; i++)
        if (strcmp(names[i], name) == 0) {
            *ret_index = i;
            return true;
        }
    return false;
}

bool profile_keys(const struct yaml_node *node, const char *const *keys, struct error *error)
{
    char allowed[512];
    size_t index;

    list_names(keys, allowed, sizeof(allowed));
    if (yaml_kind(node) != YAML_MAPPING)
        return yaml_fail(node, error, "a mapping is wanted, of %s", allowed);
    for (size_t i = 0; i < yaml_count(node); i++) {
        const struct yaml_node *key = yaml_key(node, i);

        if (!find_name(keys, yaml_text(key), &index))
            return yaml_fail(key, error, "unknown key '%s'; there are %s", yaml_text(key), allowed);
    }
    return true;
}

bool profile_read_text(struct profile *profile, const struct yaml_node *node, struct bytes *ret_text, struct error *error)
{
    if (yaml_kind(node) != YAML_SCALAR)
        return yaml_fail(node, error, "a text is wanted");
    *ret_text = arena_keep(profile->arena, bytes_of(yaml_text(node)));
    return true;
}

bool profile_read_boolean(const struct yaml_node *node, bool *ret_value, struct error *error)
{
    const char *text = yaml_kind(node) == YAML_SCALAR ? yaml_text(node) : "";

    if (strcmp(text, "true") != 0 && strcmp(text, "false") != 0)
        return yaml_fail(node, error, "true or false is wanted");
    *ret_value = text[0] == 't';
    return true;
}

bool profile_read_number(const struct yaml_node *node, int64_t least, int64_t most, int64_t *ret_number,
                         struct error *error)
{
    uint64_t number = 0;

    if (yaml_kind(node) != YAML_SCALAR || !bytes_to_uint64(bytes_of(yaml_text(node)), &number) ||
        number < (uint64_t)least || number > (uint64_t)most)
        return yaml_fail(node, error, "a number of %lld to %lld is wanted", (long long)least, (long long)most);
    *ret_number = (int64_t)number;
    return true;
}

bool profile_read_choice(const struct yaml_node *node, const char *const *names, size_t *ret_index,
                         struct error *error)
{
    char allowed[256];

    if (yaml_kind(node) == YAML_SCALAR && find_name(names, yaml_text(node), ret_index))
        return true;
    list_names(names, allowed, sizeof(allowed));
    return yaml_kind(node) == YAML_SCALAR ? yaml_fail(node, error, "'%s' is none of %s", yaml_text(node), allowed)
                                          : yaml_fail(node, error, "one of %s is wanted", allowed);
}

bool profile_read_pointer(struct profile *profile, const struct yaml_node *node, struct bytes *ret_pointer,
                          struct error *error)
{
    struct bytes pointer;
    const char *what;

    if (!profile_read_text(profile, node, &pointer, error))
        return false;
    if (!pointer_is_valid(pointer, &what))
        return yaml_fail(node, error, "'%s' is no JSON Pointer: %s", pointer.data, what);
    *ret_pointer = pointer;
    return true;
}

bool profile_read_header_name(struct profile *profile, const struct yaml_node *node, struct bytes *ret_name,
                              struct error *error)
{
    struct bytes name;

    if (!profile_read_text(profile, node, &name, error))
        return false;
    if (name.size == 0 || name.data[strspn(name.data, HEADER_CHARACTERS)] != '\0')
        return yaml_fail(node, error, "'%s' is no name of a header", name.data);
    *ret_name = name;
    return true;
}
