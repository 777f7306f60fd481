#include "demo/model_values.h"

#include "common/buffer.h"

/* Rules for arrays, each element against each, as docs/rules.md tells them. */

static const struct model_value nothing = {MODEL_MISSING, BYTES_NONE};

struct elements {
    struct bytes *texts;
    size_t count;
};

/* Of what is missing or null: none. False: no array. */
static bool elements_of(struct model_value value, struct arena *arena, struct elements *ret_elements)
{
    struct json json;

    *ret_elements = (struct elements){NULL, 0};
    if (value.state != MODEL_VALUE || bytes_equal(value.text, BYTES("null")))
        return true;
    if (!model_scan(value.text, arena, &json) || json.values[0].kind != JSON_ARRAY)
        return false;
    ret_elements->texts = arena_take(arena, (json.count + 1) * sizeof(struct bytes));
    for (uint32_t i = 1; i < json.count; i = json.values[i].after)
        ret_elements->texts[ret_elements->count++] = json_text(&json, i);
    return true;
}

static bool has(const struct elements *elements, struct bytes text)
{
    for (size_t i = 0; i < elements->count; i++) {
        if (model_texts_equal(elements->texts[i], text))
            return true;
    }
    return false;
}

static bool are_same(const struct elements *a, const struct elements *b)
{
    for (size_t i = 0; i < a->count && a->count == b->count; i++) {
        if (!model_texts_equal(a->texts[i], b->texts[i]))
            return false;
    }
    return a->count == b->count;
}

static bool are_scalars(const struct elements *elements)
{
    for (size_t i = 0; i < elements->count; i++) {
        if (elements->texts[i].data[0] == '[' || elements->texts[i].data[0] == '{')
            return false;
    }
    return true;
}

static void put(struct elements *elements, struct bytes text)
{
    elements->texts[elements->count++] = text;
}

static struct bytes array_of(const struct elements *elements, struct arena *arena)
{
    struct bytes text;
    auto_buffer out;

    buffer_init(&out, MODEL_TEXT_MAX);
    buffer_add_text(&out, "[");
    for (size_t i = 0; i < elements->count; i++) {
        buffer_add_text(&out, i > 0 ? "," : "");
        buffer_add(&out, elements->texts[i]);
    }
    buffer_add_text(&out, "]");
    text = arena_keep(arena, buffer_bytes(&out));
    return text;
}

/* Nobody has touched what is no array: the event may. */
static enum model_result as_one_value(enum model_case kase)
{
    return kase == MODEL_C2 ? MODEL_OURS : MODEL_CONFLICT;
}

/* (T + (O - B)) - (B - O); without a base T + O. */
enum model_result model_set_of(const struct model_field *field, enum model_case kase, struct arena *arena,
                               struct bytes *ret_text)
{
    struct elements base, theirs, ours, made;
    bool has_base = kase != MODEL_C5;

    if (field->ours.state != MODEL_VALUE || bytes_equal(field->ours.text, BYTES("null")) ||
        !elements_of(field->ours, arena, &ours) || !elements_of(field->theirs, arena, &theirs) ||
        !elements_of(has_base ? field->base : nothing, arena, &base) || !are_scalars(&ours) ||
        !are_scalars(&theirs) || !are_scalars(&base))
        return as_one_value(kase);
    made = (struct elements){arena_take(arena, (theirs.count + ours.count + 1) * sizeof(struct bytes)), 0};
    for (size_t i = 0; i < theirs.count; i++) {
        if (!has(&base, theirs.texts[i]) || has(&ours, theirs.texts[i]))
            put(&made, theirs.texts[i]);
    }
    for (size_t i = 0; i < ours.count; i++) {
        if (!has(&base, ours.texts[i]) && !has(&made, ours.texts[i]))
            put(&made, ours.texts[i]);
    }
    *ret_text = array_of(&made, arena);
    return are_same(&made, &theirs) ? MODEL_THEIRS : MODEL_MERGED;
}
