#include "common/pointer.h"
#include "event/fault.h"
#include "event/mapping.h"

static bool refuse(const struct field *field, const char *why, struct event_fault *ret_fault)
{
    char quote[FAULT_QUOTE_SIZE];

    return fault_set(ret_fault, EVENT_DEFECT_BAD_EVENT, field->offset, "byte %zu: '%s' %s", field->offset,
                     fault_quote(field->pointer, quote), why);
}

static bool converts(const struct map_entry *entry)
{
    return entry->as != MAP_AS_IT_IS || entry->value_count > 0;
}

/* `ret_entry`: the one whose field is this one or contains it; NULL: none does. */
static bool find(const struct event_map *map, const struct field *field, const struct map_entry **ret_entry,
                 struct event_fault *ret_fault)
{
    *ret_entry = NULL;
    for (size_t i = 0; i < map->count; i++) {
        const struct map_entry *entry = &map->entries[i];

        if (pointer_covers(entry->from, field->pointer))
            *ret_entry = entry;
        else if (pointer_covers(field->pointer, entry->from))
            return refuse(field, "contains fields that are mapped: name them one by one", ret_fault);
    }
    if (*ret_entry != NULL && converts(*ret_entry) && (*ret_entry)->from.size != field->pointer.size)
        return refuse(field, "is a part of a field whose values are mapped as a whole", ret_fault);
    return true;
}

static struct bytes join(struct bytes a, struct bytes b, struct arena *arena)
{
    char *text = arena_take(arena, a.size + b.size + 1);

    memcpy(text, a.data, a.size);
    memcpy(text + a.size, b.data, b.size);
    return (struct bytes){text, a.size + b.size};
}

static bool map_field(struct field *field, const struct map_entry *entry, struct arena *arena,
                      struct event_fault *ret_fault)
{
    const char *why;

    if (bytes_present(field->value) && !map_value(entry, field->value, arena, &field->value, &why))
        return refuse(field, why, ret_fault);
    field->pointer = field->pointer.size == entry->from.size
                         ? entry->to
                         : join(entry->to, bytes_from(field->pointer, entry->from.size), arena);
    return true;
}

static bool is_change(const struct field *field)
{
    return field->role == FIELD_SET || field->role == FIELD_REMOVE;
}

bool fields_map(struct fields *fields, const struct event_map *map, enum event_operation operation,
                struct event_fault *ret_fault)
{
    size_t kept = 0, dropped = 0, changes = 0;

    for (size_t i = 0; i < fields->count; i++) {
        struct field field = fields->items[i];
        const struct map_entry *entry;

        if (!find(map, &field, &entry, ret_fault))
            return false;
        if (entry == NULL && map->rest == MAP_REST_REJECT)
            return refuse(&field, "is not in the map (map_rest: reject)", ret_fault);
        if (entry == NULL && map->rest == MAP_REST_DROP) {
            dropped++;
            continue;
        }
        if (entry != NULL && !map_field(&field, entry, fields->arena, ret_fault))
            return false;
        changes += is_change(&field);
        fields->items[kept++] = field;
    }
    fields->count = kept;
    if (dropped > 0 && changes == 0 && operation != OPERATION_DELETE)
        return fault_set(ret_fault, EVENT_DEFECT_NOT_AN_UPDATE, FAULT_NOWHERE,
                         "none of the fields that change is in the map");
    return true;
}
