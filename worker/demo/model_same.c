#include "demo/model_values.h"

#include "common/timestamp.h"

static struct bytes string_of(struct model_value value, struct arena *arena)
{
    struct json json;

    if (!model_scan(value.text, arena, &json) || json.values[0].kind != JSON_STRING)
        return BYTES_NONE;
    return json_string(&json, 0, arena);
}

static bool are_same_moment(struct bytes a, struct bytes b)
{
    int order;

    return bytes_present(a) && bytes_present(b) && timestamp_compare(a, b, &order) && order == 0;
}

static bool has(const struct json *array, const struct json *other, uint32_t index)
{
    for (uint32_t i = 1; i < array->count; i = array->values[i].after) {
        if (model_texts_equal(json_text(array, i), json_text(other, index)))
            return true;
    }
    return false;
}

/* An array of scalars that has all that the other one has. */
static bool has_all(const struct json *array, const struct json *other)
{
    for (uint32_t i = 1; i < other->count; i = other->values[i].after) {
        if (other->values[i].kind == JSON_ARRAY || other->values[i].kind == JSON_OBJECT || !has(array, other, i))
            return false;
    }
    return true;
}

static bool are_same_set(struct model_value a, struct model_value b, struct arena *arena)
{
    struct json left, right;

    return model_scan(a.text, arena, &left) && model_scan(b.text, arena, &right) &&
           left.values[0].kind == JSON_ARRAY && right.values[0].kind == JSON_ARRAY && has_all(&left, &right) &&
           has_all(&right, &left);
}

static struct model_value standing_for(struct model_value value, struct bytes member)
{
    struct model_value inside = value.text.data[0] == '{' ? model_value_at(value.text, member) : value;

    return inside.state == MODEL_VALUE ? inside : value;
}

bool model_same(const struct model_pattern *by, struct model_value a, struct model_value b)
{
    struct arena *arena;
    bool are_same = false;

    if (model_equal(a, b))
        return true;
    if (a.state != MODEL_VALUE || b.state != MODEL_VALUE)
        return false;
    arena = arena_new(4096);
    switch (by->compare) {
    case MODEL_AS_VALUE:
        break;
    case MODEL_AS_INSTANT:
        are_same = are_same_moment(string_of(a, arena), string_of(b, arena));
        break;
    case MODEL_AS_SET:
        are_same = are_same_set(a, b, arena);
        break;
    case MODEL_AS_TEXT:
        are_same = bytes_present(string_of(a, arena)) && bytes_present(string_of(b, arena)) &&
                   bytes_equal_ignore_case(string_of(a, arena), string_of(b, arena));
        break;
    case MODEL_AS_MEMBER:
        are_same = model_equal(standing_for(a, by->compare_member), standing_for(b, by->compare_member));
        break;
    }
    arena_free(arena);
    return are_same;
}
