#include "event/fields.h"

#include "common/pointer.h"
#include "event/fault.h"

#include <stdlib.h>

bool fields_add(struct fields *fields, const struct field *field, struct event_fault *ret_fault)
{
    char quote[FAULT_QUOTE_SIZE];
    const char *what;

    if (!pointer_is_valid(field->pointer, &what))
        return fault_set(ret_fault, EVENT_DEFECT_BAD_POINTER, field->offset, "byte %zu: '%s': %s", field->offset,
                         fault_quote(field->pointer, quote), what);
    if (field->pointer.size == 0)
        return fault_set(ret_fault, EVENT_DEFECT_BAD_POINTER, field->offset,
                         "byte %zu: the empty pointer is the whole document: name its fields", field->offset);
    if (fields->count == fields->capacity) {
        size_t capacity = fields->capacity == 0 ? 16 : 2 * fields->capacity;

        fields->items = arena_grow(fields->arena, fields->items, fields->capacity * sizeof(*field),
                                   capacity * sizeof(*field));
        fields->capacity = capacity;
    }
    fields->items[fields->count++] = *field;
    return true;
}

/* '/' before every other byte, so that a pointer stands right before those that it covers. */
static int pointer_order(struct bytes a, struct bytes b)
{
    size_t size = a.size < b.size ? a.size : b.size;

    for (size_t i = 0; i < size; i++) {
        int x = a.data[i] == '/' ? -1 : (unsigned char)a.data[i];
        int y = b.data[i] == '/' ? -1 : (unsigned char)b.data[i];

        if (x != y)
            return x < y ? -1 : 1;
    }
    return a.size == b.size ? 0 : a.size < b.size ? -1 : 1;
}

static int field_order(const void *a, const void *b)
{
    const struct field *const *x = a, *const *y = b;
    int order = pointer_order((*x)->pointer, (*y)->pointer);

    return order != 0 ? order : ((*x)->role > (*y)->role) - ((*x)->role < (*y)->role);
}

static bool is_base(const struct field *field)
{
    return field->role == FIELD_BASE || field->role == FIELD_BASE_MISSING;
}

static bool overlap(const struct field *a, const struct field *b, struct event_fault *ret_fault)
{
    char first[FAULT_QUOTE_SIZE], second[FAULT_QUOTE_SIZE];
    size_t offset = a->offset > b->offset ? a->offset : b->offset;

    if (bytes_equal(a->pointer, b->pointer))
        return fault_set(ret_fault, EVENT_DEFECT_OVERLAP, offset, "byte %zu: '%s' is named twice", offset,
                         fault_quote(a->pointer, first));
    return fault_set(ret_fault, EVENT_DEFECT_OVERLAP, offset, "byte %zu: '%s' contains '%s'", offset,
                     fault_quote(a->pointer, first), fault_quote(b->pointer, second));
}

/* Gives each change its base; equal pointers are only good as one change and one base. */
static bool pair(struct fields *fields, struct event_fault *ret_fault)
{
    struct field **sorted = arena_take(fields->arena, fields->count * sizeof(struct field *));

    for (size_t i = 0; i < fields->count; i++)
        sorted[i] = &fields->items[i];
    qsort(sorted, fields->count, sizeof(struct field *), field_order);
    for (size_t i = 1; i < fields->count; i++) {
        struct field *a = sorted[i - 1], *b = sorted[i];

        if (bytes_equal(a->pointer, b->pointer) && !is_base(a) && is_base(b)) {
            a->base = b;
            b->has_change = true;
        } else if (pointer_covers(a->pointer, b->pointer)) {
            return overlap(a, b, ret_fault);
        }
    }
    return true;
}

static struct change change_of(const struct field *field)
{
    const struct field *base = is_base(field) ? field : field->base;
    struct change change = {
        .field = field->pointer, .ours = is_base(field) ? BYTES_NONE : field->value, .is_guard = is_base(field)};

    if (base != NULL) {
        change.base_known = base->role == FIELD_BASE ? BASE_VALUE : BASE_MISSING;
        change.base = base->value;
    }
    return change;
}

bool fields_finish(struct fields *fields, struct event *event, const char *nothing, struct event_fault *ret_fault)
{
    struct change *changes = arena_take(fields->arena, (fields->count + 1) * sizeof(*changes));
    size_t count = 0;

    for (size_t i = 0; i < fields->count; i++)
        count += !is_base(&fields->items[i]);
    if (count == 0 && event->operation != OPERATION_DELETE)
        return fault_set(ret_fault, EVENT_DEFECT_NO_CHANGES, FAULT_NOWHERE, "%s", nothing);
    if (!pair(fields, ret_fault))
        return false;
    count = 0;
    for (size_t i = 0; i < fields->count; i++)
        if (!is_base(&fields->items[i]))
            changes[count++] = change_of(&fields->items[i]);
    for (size_t i = 0; i < fields->count; i++)
        if (is_base(&fields->items[i]) && !fields->items[i].has_change)
            changes[count++] = change_of(&fields->items[i]);
    event->changes = changes;
    event->change_count = count;
    return true;
}
