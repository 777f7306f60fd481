#include "common/json_compare.h"

#include "common/json_keys.h"
#include "common/json_number.h"
#include "common/json_text.h"

static struct bytes content_of(const struct json *json, const struct json_value *value)
{
    return (struct bytes){json->text.data + value->start + 1, value->end - value->start - 2};
}

static bool keys_equal(const struct json *a, const struct json_value *a_member, const struct json *b,
                       const struct json_value *b_member)
{
    struct bytes a_key = {a->text.data + a_member->key_start + 1, a_member->key_end - a_member->key_start - 2};
    struct bytes b_key = {b->text.data + b_member->key_start + 1, b_member->key_end - b_member->key_start - 2};

    return json_content_equal(a_key, a_member->key_has_escape, b_key, b_member->key_has_escape);
}

/* Both have the same number of members, and keys are unique: each of a's has to be in b. Most objects come in the
 * same order, so the member at the same position is tried before the look-up. */
static bool objects_equal(const struct json *a, uint32_t a_object, const struct json *b, uint32_t b_object)
{
    uint32_t j = b_object + 1;

    for (uint32_t i = a_object + 1; i < a->values[a_object].after; i = a->values[i].after) {
        uint32_t other = j;

        if (!keys_equal(a, &a->values[i], b, &b->values[j]))
            other = json_member_like(b, b_object, a, i);
        if (other == JSON_NOT_FOUND || !json_equal(a, i, b, other))
            return false;
        j = b->values[j].after;
    }
    return true;
}

static bool arrays_equal(const struct json *a, uint32_t a_array, const struct json *b, uint32_t b_array)
{
    uint32_t j = b_array + 1;

    for (uint32_t i = a_array + 1; i < a->values[a_array].after; i = a->values[i].after) {
        if (!json_equal(a, i, b, j))
            return false;
        j = b->values[j].after;
    }
    return true;
}

bool json_equal(const struct json *a, uint32_t a_index, const struct json *b, uint32_t b_index)
{
    const struct json_value *left = &a->values[a_index], *right = &b->values[b_index];

    if (left->kind != right->kind || left->count != right->count)
        return false;
    if (bytes_equal(json_text(a, a_index), json_text(b, b_index)))
        return true;
    switch ((enum json_kind)left->kind) {
    case JSON_NULL:
    case JSON_FALSE:
    case JSON_TRUE:
        return true;
    case JSON_NUMBER:
        return json_number_compare(json_text(a, a_index), json_text(b, b_index)) == 0;
    case JSON_STRING:
        return json_content_equal(content_of(a, left), left->has_escape, content_of(b, right), right->has_escape);
    case JSON_ARRAY:
        return arrays_equal(a, a_index, b, b_index);
    case JSON_OBJECT:
        return objects_equal(a, a_index, b, b_index);
    }
    return false;
}
