#include "config/expand.h"

#include "common/buffer.h"
#include "common/file.h"
#include "common/memory.h"

#include <ctype.h>

#define FILE_SIZE_MAX 65536
#define TEXT_SIZE_MAX (1 << 20)

static bool add_file(struct buffer *out, const struct yaml_node *node, const char *path, struct error *error)
{
    struct error cause = {0};
    size_t size;
    auto_text text = file_read(path, FILE_SIZE_MAX, &size, &cause);

    if (text == NULL)
        return yaml_fail(node, error, "${file:%s}: %s", path, cause.text);
    if (memchr(text, '\0', size) != NULL)
        return yaml_fail(node, error, "${file:%s}: the file has a NUL byte", path);
    if (size > 0 && text[size - 1] == '\n')
        size--;
    if (size > 0 && text[size - 1] == '\r')
        size--;
    buffer_add(out, (struct bytes){text, size});
    return true;
}

static bool is_name(struct bytes name)
{
    if (name.size == 0 || isdigit((unsigned char)name.data[0]))
        return false;
    for (size_t i = 0; i < name.size; i++)
        if (!isalnum((unsigned char)name.data[i]) && name.data[i] != '_')
            return false;
    return true;
}

static bool add_variable(struct buffer *out, const struct yaml_node *node, struct bytes inside,
                         struct error *error)
{
    size_t colon = inside.size;
    const char *value;
    struct bytes rest;

    bytes_find(inside, ':', &colon);
    auto_text name = memory_text_n(inside.data, colon);
    rest = bytes_from(inside, colon);
    if (!is_name(bytes_of(name)))
        return yaml_fail(node, error,
                         "${...} needs the name of a variable, or file:PATH; a plain \"${\" is \"$${\"");
    value = getenv(name);
    if (rest.size == 0) {
        if (value == NULL)
            return yaml_fail(node, error, "the environment variable %s is not set", name);
        buffer_add_text(out, value);
    } else if (bytes_start_with(rest, BYTES(":-"))) {
        if (value != NULL && *value != '\0')
            buffer_add_text(out, value);
        else
            buffer_add(out, bytes_from(rest, 2));
    } else if (bytes_start_with(rest, BYTES(":?"))) {
        if (value == NULL || *value == '\0')
            return yaml_fail(node, error, "the environment variable %s is not set: %.*s", name,
                             BYTES_ARG(bytes_from(rest, 2)));
        buffer_add_text(out, value);
    } else {
        return yaml_fail(node, error, "${%s:...}: \":-default\" or \":?message\" can stand behind the name",
                         name);
    }
    return true;
}

static bool add_reference(struct buffer *out, const struct yaml_node *node, struct bytes inside,
                          struct error *error)
{
    if (bytes_start_with(inside, BYTES("file:"))) {
        auto_text path = memory_text_n(inside.data + 5, inside.size - 5);

        return add_file(out, node, path, error);
    }
    return add_variable(out, node, inside, error);
}

static bool expand(struct buffer *out, const struct yaml_node *node, struct error *error)
{
    struct bytes rest = bytes_of(yaml_text(node));
    size_t end;

    while (rest.size > 0) {
        if (bytes_start_with(rest, BYTES("$${"))) {
            buffer_add_text(out, "${");
            rest = bytes_from(rest, 3);
        } else if (bytes_start_with(rest, BYTES("${"))) {
            if (!bytes_find(rest, '}', &end))
                return yaml_fail(node, error, "\"${\" without its \"}\"; a plain \"${\" is written \"$${\"");
            if (!add_reference(out, node, (struct bytes){rest.data + 2, end - 2}, error))
                return false;
            rest = bytes_from(rest, end + 1);
        } else {
            buffer_add_char(out, rest.data[0]);
            rest = bytes_from(rest, 1);
        }
    }
    if (out->overflowed)
        return yaml_fail(node, error, "the value is too long");
    return true;
}

char *expand_scalar(const struct yaml_node *node, struct error *error)
{
    auto_buffer out = {0};

    if (yaml_line(node) == 0)
        return memory_text(yaml_text(node));
    buffer_init(&out, TEXT_SIZE_MAX);
    return expand(&out, node, error) ? buffer_detach(&out) : NULL;
}
