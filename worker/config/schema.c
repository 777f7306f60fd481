#include "config/schema.h"

#include "common/buffer.h"
#include "common/check.h"
#include "common/memory.h"
#include "common/nearest.h"

#include <ctype.h>

const struct option_schema *schema_find(const char *key)
{
    for (size_t i = 0; i < schema_count(); i++)
        if (strcmp(schema_at(i)->key, key) == 0)
            return schema_at(i);
    return NULL;
}

const struct yaml_node *schema_node(const struct settings *settings, const char *key)
{
    const struct option_schema *option = schema_find(key);

    ensure(option != NULL);
    return settings->nodes[schema_index(option)];
}

bool schema_is_section(const char *key)
{
    size_t size = strlen(key);

    for (size_t i = 0; i < schema_count(); i++)
        if (strncmp(schema_at(i)->key, key, size) == 0 && schema_at(i)->key[size] == '.')
            return true;
    return false;
}

char *schema_variable(const char *key)
{
    char *name = memory_format("IFMATCH_%s", key);

    for (char *c = name; *c != '\0'; c++)
        *c = *c == '.' ? '_' : (char)toupper((unsigned char)*c);
    return name;
}

/* The part of an option's key behind `prefix_size`, up to the next dot. */
static struct bytes part_of(const char *key, size_t prefix_size)
{
    return (struct bytes){key + prefix_size, strcspn(key + prefix_size, ".")};
}

static void add_known(struct buffer *out, const char *prefix, size_t prefix_size)
{
    struct bytes last = BYTES_NONE;

    buffer_add_text(out, "; known here:");
    for (size_t i = 0; i < schema_count(); i++) {
        const char *key = schema_at(i)->key;
        struct bytes part;

        if (strncmp(key, prefix, prefix_size) != 0)
            continue;
        part = part_of(key, prefix_size);
        if (bytes_equal(part, last))
            continue;
        buffer_format(out, "%s %.*s", last.data != NULL ? "," : "", BYTES_ARG(part));
        last = part;
    }
    if (prefix_size == 0)
        buffer_add_text(out, ", kafka");
}

/* Names of the same section first: "service.timout" is nearer to "service.timeout" than to anything else. */
static bool add_near(struct buffer *out, const char *unknown, size_t prefix_size)
{
    struct nearest nearest;
    char names[SCHEMA_OPTIONS_MAX][64];

    nearest_init(&nearest, unknown + prefix_size);
    for (size_t i = 0; i < schema_count(); i++) {
        const char *key = schema_at(i)->key;

        if (strncmp(key, unknown, prefix_size) != 0)
            continue;
        snprintf(names[i], sizeof(names[i]), "%.*s", BYTES_ARG(part_of(key, prefix_size)));
        nearest_try(&nearest, names[i]);
    }
    if (prefix_size == 0)
        nearest_try(&nearest, "kafka");
    if (nearest.best == NULL)
        return false;
    buffer_format(out, "; did you mean '%.*s%s'?", (int)prefix_size, unknown, nearest.best);
    return true;
}

/* The right name at the wrong place: "timeout" for "service.timeout". */
static bool add_elsewhere(struct buffer *out, const char *name)
{
    for (size_t i = 0; i < schema_count(); i++) {
        const char *dot = strrchr(schema_at(i)->key, '.');

        if (dot != NULL && strcmp(dot + 1, name) == 0) {
            buffer_format(out, "; did you mean '%s'?", schema_at(i)->key);
            return true;
        }
    }
    return false;
}

/* Where the part begins that nobody knows: "servce.timeout" is wrong at 0, "service.timout" behind the dot.
 */
static size_t known_size(const char *key)
{
    size_t size = 0;

    for (size_t i = 0; key[i] != '\0'; i++) {
        auto_text section = key[i] == '.' ? memory_text_n(key, i) : NULL;

        if (section != NULL && schema_is_section(section))
            size = i + 1;
    }
    return size;
}

void schema_add_hint(struct buffer *out, const char *unknown)
{
    size_t prefix_size = known_size(unknown);
    auto_text part = memory_text_n(unknown, prefix_size + strcspn(unknown + prefix_size, "."));

    if (!add_near(out, part, prefix_size) && !add_elsewhere(out, part + prefix_size))
        add_known(out, part, prefix_size);
}
