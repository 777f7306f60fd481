#include "common/json_number.h"
#include "merge/state.h"

bool item_of(struct merging *merging, const struct side *array, uint32_t index, struct bytes member,
             struct item *ret_item)
{
    const struct json *json = array->json;
    uint32_t name = index;

    if (bytes_present(member)) {
        if (json->values[index].kind != JSON_OBJECT)
            return false;
        name = json_member(json, index, member);
        if (name == JSON_NOT_FOUND || json->values[name].kind == JSON_NULL)
            return false;
    }
    *ret_item = (struct item){.index = index, .kind = (enum json_kind)json->values[name].kind};
    ret_item->name =
        ret_item->kind == JSON_STRING ? json_string(json, name, merging->arena) : json_text(json, name);
    return ret_item->kind != JSON_ARRAY && ret_item->kind != JSON_OBJECT;
}

static int compare_names(const struct item *a, const struct item *b)
{
    if (a->kind != b->kind)
        return a->kind < b->kind ? -1 : 1;
    if (a->kind == JSON_NUMBER)
        return json_number_compare(a->name, b->name);
    return a->kind == JSON_STRING ? bytes_compare(a->name, b->name) : 0;
}

static int compare_items(const void *left, const void *right)
{
    const struct item *a = left, *b = right;
    int order = compare_names(a, b);

    return order != 0 ? order : a->index < b->index ? -1 : a->index > b->index;
}

bool items_read(struct merging *merging, const struct side *side, struct bytes member, struct items *ret_items)
{
    const struct json_value *values = side->state == VALUE_PRESENT ? side->json->values : NULL;
    struct items items = {0};

    if (side->state == VALUE_UNKNOWN || side_is_empty(side)) {
        *ret_items = items;
        return true;
    }
    if (!side_is(side, JSON_ARRAY))
        return false;
    items.sorted = arena_take(merging->arena, ((size_t)side_count(side) + 1) * sizeof(*items.sorted));
    for (uint32_t i = side->index + 1; i < values[side->index].after; i = values[i].after)
        if (!item_of(merging, side, i, member, &items.sorted[items.count++]))
            return false;
    qsort(items.sorted, items.count, sizeof(*items.sorted), compare_items);
    *ret_items = items;
    return true;
}

const struct item *items_find(const struct items *items, const struct item *wanted)
{
    size_t low = 0, high = items->count;

    while (low < high) {
        size_t middle = low + (high - low) / 2;

        if (compare_names(&items->sorted[middle], wanted) < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return low < items->count && compare_names(&items->sorted[low], wanted) == 0 ? &items->sorted[low] : NULL;
}

bool items_are_unique(const struct items *items)
{
    for (size_t i = 1; i < items->count; i++)
        if (compare_names(&items->sorted[i - 1], &items->sorted[i]) == 0)
            return false;
    return true;
}
