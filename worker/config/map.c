#include "common/json_write.h"
#include "common/memory.h"
#include "common/pointer.h"
#include "config/expand.h"
#include "config/load.h"

/* `map:`, how fields of events become fields of documents. */

static const char *const as_names[] = {
    [MAP_AS_IT_IS] = "", [MAP_AS_TEXT] = "text",       [MAP_AS_NUMBER] = "number", [MAP_AS_DATE_DAYS] = "date-days",
    [MAP_AS_INSTANT] = "instant", [MAP_AS_ENUM] = "enum", NULL};
static const char *const unit_names[] = {[MAP_UNIT_SECONDS] = "seconds", [MAP_UNIT_MILLIS] = "millis",
                                         [MAP_UNIT_MICROS] = "micros",   [MAP_UNIT_NANOS] = "nanos", NULL};

/* An entry while it is read. */
struct reading {
    struct map_entry entry;
    struct arena *arena;
    bool has_as;
    bool has_unit;
};

typedef bool reader(struct reading *reading, const struct yaml_node *node, struct error *error);

static struct bytes keep(struct arena *arena, const char *text)
{
    return arena_keep(arena, bytes_of(text));
}

/* A scalar with what it refers to put in, in the arena; absent: the error is set. */
static struct bytes read_word(const struct reading *reading, const struct yaml_node *node, struct error *error)
{
    auto_text word = NULL;

    if (yaml_kind(node) != YAML_SCALAR || yaml_is_null(node))
        return yaml_fail(node, error, "a text is needed here"), BYTES_NONE;
    word = expand_scalar(node, error);
    return word != NULL ? keep(reading->arena, word) : BYTES_NONE;
}

static bool read_choice(const struct reading *reading, const struct yaml_node *node, const char *what,
                        const char *const *names, unsigned *ret_index, struct error *error)
{
    struct bytes word = read_word(reading, node, error);
    auto_buffer known;

    if (!bytes_present(word))
        return false;
    buffer_init(&known, 512);
    for (unsigned i = 0; names[i] != NULL; i++) {
        if (names[i][0] != '\0' && bytes_equal(word, bytes_of(names[i])))
            return *ret_index = i, true;
        if (names[i][0] != '\0')
            buffer_format(&known, "%s%s", known.size > 0 ? ", " : "", names[i]);
    }
    return yaml_fail(node, error, "unknown %s '%.*s'; known are: %.*s", what, BYTES_ARG(word),
                     BYTES_ARG(buffer_bytes(&known)));
}

static bool check_pointer(const struct yaml_node *node, struct bytes pointer, struct error *error)
{
    const char *what;

    if (!pointer_is_valid(pointer, &what))
        return yaml_fail(node, error, "'%.*s' is no pointer: %s", BYTES_ARG(pointer), what);
    return pointer.size > 0 || yaml_fail(node, error, "the empty pointer is the whole document: name its fields");
}

static bool read_to(struct reading *reading, const struct yaml_node *node, struct error *error)
{
    reading->entry.to = read_word(reading, node, error);
    return bytes_present(reading->entry.to) && check_pointer(node, reading->entry.to, error);
}

static bool read_as(struct reading *reading, const struct yaml_node *node, struct error *error)
{
    unsigned as;

    if (!read_choice(reading, node, "conversion", as_names, &as, error))
        return false;
    reading->entry.as = as;
    reading->has_as = true;
    return true;
}

static bool read_unit(struct reading *reading, const struct yaml_node *node, struct error *error)
{
    unsigned unit;

    if (!read_choice(reading, node, "unit", unit_names, &unit, error))
        return false;
    reading->entry.unit = unit;
    reading->has_unit = true;
    return true;
}

static bool read_scale(struct reading *reading, const struct yaml_node *node, struct error *error)
{
    struct bytes word = read_word(reading, node, error);
    uint64_t scale;

    if (!bytes_present(word))
        return false;
    if (!bytes_to_uint64(word, &scale) || scale > MAP_SCALE_MAX)
        return yaml_fail(node, error, "'scale' is the number of digits behind the point, at most %d", MAP_SCALE_MAX);
    reading->entry.scale = (int)scale;
    return true;
}

/* A value of the document: a text, or null. */
static bool read_value_to(const struct reading *reading, const struct yaml_node *node, struct bytes *ret_json,
                          struct error *error)
{
    struct bytes word;
    auto_buffer json;

    buffer_init(&json, SIZE_MAX / 2);
    if (yaml_kind(node) == YAML_SCALAR && yaml_is_null(node))
        return *ret_json = BYTES("null"), true;
    word = read_word(reading, node, error);
    if (!bytes_present(word))
        return false;
    json_write_quoted(&json, word);
    *ret_json = arena_keep(reading->arena, buffer_bytes(&json));
    return true;
}

static bool read_values(struct reading *reading, const struct yaml_node *node, struct error *error)
{
    size_t count = yaml_kind(node) == YAML_MAPPING ? yaml_count(node) : 0;
    struct map_value *values = arena_take(reading->arena, (count + 1) * sizeof(*values));

    if (count == 0)
        return yaml_fail(node, error, "'values' needs what becomes of each: { '30': RELEASED }");
    for (size_t i = 0; i < count; i++) {
        values[i].from = read_word(reading, yaml_key(node, i), error);
        if (!bytes_present(values[i].from) || !read_value_to(reading, yaml_item(node, i), &values[i].to, error))
            return false;
    }
    reading->entry.values = values;
    reading->entry.value_count = count;
    return true;
}

static const struct {
    const char *name;
    reader *read;
} keys[] = {{"to", read_to}, {"values", read_values}, {"as", read_as}, {"unit", read_unit}, {"scale", read_scale}};

static bool read_key(struct reading *reading, const struct yaml_node *key, const struct yaml_node *node,
                     struct error *error)
{
    for (size_t i = 0; i < sizeof(keys) / sizeof(keys[0]); i++)
        if (strcmp(keys[i].name, yaml_text(key)) == 0)
            return keys[i].read(reading, node, error);
    return yaml_fail(key, error, "unknown key '%s'; known are: to, values, as, unit, scale", yaml_text(key));
}

/* What belongs together. */
static bool check_entry(struct reading *reading, const struct yaml_node *node, struct error *error)
{
    struct map_entry *entry = &reading->entry;

    if (!bytes_present(entry->to))
        return yaml_fail(node, error, "a field of the map needs 'to', its pointer in the document");
    if (entry->value_count > 0 && !reading->has_as)
        entry->as = MAP_AS_ENUM;
    if (entry->as == MAP_AS_ENUM && entry->value_count == 0)
        return yaml_fail(node, error, "'as: enum' needs its values: { '30': RELEASED }");
    if (reading->has_unit != (entry->as == MAP_AS_INSTANT))
        return yaml_fail(node, error, "'unit' and 'as: instant' belong together: seconds, millis, micros or nanos");
    return entry->scale == MAP_SCALE_NONE || entry->as == MAP_AS_NUMBER ||
           yaml_fail(node, error, "'scale' goes with 'as: number'");
}

static bool read_entry(struct reading *reading, const struct yaml_node *key, const struct yaml_node *node,
                       struct error *error)
{
    reading->entry.from = keep(reading->arena, yaml_text(key));
    if (!check_pointer(key, reading->entry.from, error))
        return false;
    if (yaml_kind(node) == YAML_SCALAR)
        return read_to(reading, node, error);
    if (yaml_kind(node) != YAML_MAPPING)
        return yaml_fail(node, error, "a field of the map needs a pointer, or { to, values, as, unit, scale }");
    for (size_t i = 0; i < yaml_count(node); i++)
        if (!read_key(reading, yaml_key(node, i), yaml_item(node, i), error))
            return false;
    return check_entry(reading, node, error);
}

/* Each field has one way into the document. */
static bool check_apart(const struct map_entry *entries, size_t count, const struct yaml_node *key,
                        struct error *error)
{
    const struct map_entry *last = &entries[count];

    for (size_t i = 0; i < count; i++) {
        if (pointer_covers(entries[i].from, last->from) || pointer_covers(last->from, entries[i].from))
            return yaml_fail(key, error, "'%.*s' and '%.*s' contain each other", BYTES_ARG(entries[i].from),
                             BYTES_ARG(last->from));
        if (pointer_covers(entries[i].to, last->to) || pointer_covers(last->to, entries[i].to))
            return yaml_fail(key, error, "'%.*s' and '%.*s' go to the same place", BYTES_ARG(entries[i].from),
                             BYTES_ARG(last->from));
    }
    return true;
}

bool map_read(struct settings *settings, struct error *error)
{
    struct config *config = &settings->config;
    const struct yaml_node *node = settings->map;
    size_t count = node != NULL ? yaml_count(node) : 0;
    struct map_entry *entries;

    if (count == 0)
        return true;
    if (count > MAP_ENTRIES_MAX)
        return yaml_fail(node, error, "a map has at most %d fields", MAP_ENTRIES_MAX);
    config->map_arena = arena_new(4096);
    entries = arena_take(config->map_arena, count * sizeof(*entries));
    for (size_t i = 0; i < count; i++) {
        struct reading reading = {.entry.scale = MAP_SCALE_NONE, .arena = config->map_arena};

        if (!read_entry(&reading, yaml_key(node, i), yaml_item(node, i), error))
            return false;
        entries[i] = reading.entry;
        if (!check_apart(entries, i, yaml_key(node, i), error))
            return false;
    }
    config->map.entries = entries;
    config->map.count = count;
    return true;
}
