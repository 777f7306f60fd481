#include "common/buffer.h"
#include "common/check.h"
#include "common/json_number.h"
#include "common/json_write.h"
#include "common/memory.h"
#include "config/secret.h"
#include "config/yaml_node.h"

#define LINE_SHOWN_MAX 160

const struct yaml_node *yaml_root(const struct yaml *yaml)
{
    return yaml->root;
}

enum yaml_kind yaml_kind(const struct yaml_node *node)
{
    return node->kind;
}

const char *yaml_text(const struct yaml_node *node)
{
    ensure(node->kind == YAML_SCALAR);
    return node->text;
}

bool yaml_is_null(const struct yaml_node *node)
{
    return node->is_null;
}

size_t yaml_count(const struct yaml_node *node)
{
    return node->count;
}

const struct yaml_node *yaml_item(const struct yaml_node *node, size_t index)
{
    ensure(index < node->count);
    return node->items[index];
}

const struct yaml_node *yaml_key(const struct yaml_node *mapping, size_t index)
{
    ensure(mapping->kind == YAML_MAPPING && index < mapping->count);
    return mapping->keys[index];
}

const struct yaml_node *yaml_find(const struct yaml_node *mapping, const char *key)
{
    if (mapping->kind != YAML_MAPPING)
        return NULL;
    for (size_t i = 0; i < mapping->count; i++)
        if (strcmp(mapping->keys[i]->text, key) == 0)
            return mapping->items[i];
    return NULL;
}

int yaml_line(const struct yaml_node *node)
{
    return node->line;
}

int yaml_column(const struct yaml_node *node)
{
    return node->column;
}

const char *yaml_name(const struct yaml_node *node)
{
    return node->yaml->name;
}

static void add_scalar(const struct yaml_node *node, struct buffer *out)
{
    struct bytes text = bytes_of(node->text);

    if (node->is_null)
        buffer_add_text(out, "null");
    else if (node->is_plain &&
             (bytes_equal(text, BYTES("true")) || bytes_equal(text, BYTES("false")) || json_number_is(text)))
        buffer_add(out, text);
    else
        json_write_quoted(out, text);
}

void yaml_add_json(const struct yaml_node *node, struct buffer *out)
{
    bool is_mapping = node->kind == YAML_MAPPING;

    if (node->kind == YAML_SCALAR) {
        add_scalar(node, out);
        return;
    }
    buffer_add_char(out, is_mapping ? '{' : '[');
    for (size_t i = 0; i < node->count; i++) {
        if (i > 0)
            buffer_add_char(out, ',');
        if (is_mapping) {
            json_write_quoted(out, bytes_of(node->keys[i]->text));
            buffer_add_char(out, ':');
        }
        yaml_add_json(node->items[i], out);
    }
    buffer_add_char(out, is_mapping ? '}' : ']');
}

static void add_caret(struct buffer *out, size_t line_size, int column)
{
    if ((size_t)column > line_size + 1)
        return;
    buffer_add_char(out, '\n');
    for (int i = 1; i < column; i++)
        buffer_add_char(out, ' ');
    buffer_add_char(out, '^');
}

static void add_line(struct buffer *out, const struct yaml_node *node)
{
    auto_buffer line = {0};

    buffer_init(&line, node->yaml->text.size + 64);
    secret_add_line(&line, node->yaml->text, node->line);
    if (line.size > LINE_SHOWN_MAX)
        line.size = bytes_whole((struct bytes){line.data, LINE_SHOWN_MAX}).size;
    buffer_add_char(out, '\n');
    buffer_add(out, buffer_bytes(&line));
    add_caret(out, line.size, node->column);
}

/* A message may quote keys and values of the file. */
static void clean(char *message)
{
    message[bytes_whole(bytes_of(message)).size] = '\0';
    for (char *c = message; *c != '\0'; c++)
        if ((unsigned char)*c < 0x20 || *c == 0x7f)
            *c = ' ';
}

bool yaml_fail(const struct yaml_node *node, struct error *error, const char *format, ...)
{
    char message[ERROR_TEXT_SIZE / 2];
    auto_buffer line = {0};
    va_list arguments;

    va_start(arguments, format);
    vsnprintf(message, sizeof(message), format, arguments);
    va_end(arguments);
    clean(message);
    if (node->line == 0)
        return error_set(error, ERROR_USAGE, "%s: %s", node->yaml->name, message);
    buffer_init(&line, 4096);
    add_line(&line, node);
    return error_set(error, ERROR_USAGE, "%s:%d:%d: %s%.*s", node->yaml->name, node->line, node->column,
                     message, BYTES_ARG(buffer_bytes(&line)));
}
