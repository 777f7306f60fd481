#include "demo/model_values.h"

#include "common/check.h"
#include "common/json_compare.h"
#include "common/json_decimal.h"
#include "common/json_number.h"
#include "common/timestamp.h"

static const struct json_limits limits = {.size_max = MODEL_TEXT_MAX, .depth_max = 64, .members_max = 10000000};

bool model_scan(struct bytes text, struct arena *arena, struct json *ret_json)
{
    struct json_fault fault;

    return json_scan(text, &limits, arena, ret_json, &fault);
}

bool model_texts_equal(struct bytes a, struct bytes b)
{
    struct arena *arena;
    struct json left, right;
    bool is_equal;

    if (bytes_equal(a, b))
        return true;
    arena = arena_new(4096);
    is_equal = model_scan(a, arena, &left) && model_scan(b, arena, &right) && json_equal(&left, 0, &right, 0);
    arena_free(arena);
    return is_equal;
}

static bool is_empty(struct model_value value)
{
    return value.state == MODEL_MISSING || model_texts_equal(value.text, BYTES("null"));
}

/* Numbers by value, texts that are instants or dates by time; false: the two have no order. */
static bool texts_order(struct bytes a, struct bytes b, int *ret_order)
{
    struct arena *arena = arena_new(4096);
    struct json left, right;
    bool has_order = model_scan(a, arena, &left) && model_scan(b, arena, &right);

    if (has_order && left.values[0].kind == JSON_NUMBER && right.values[0].kind == JSON_NUMBER)
        *ret_order = json_number_compare(json_text(&left, 0), json_text(&right, 0));
    else
        has_order = has_order && left.values[0].kind == JSON_STRING && right.values[0].kind == JSON_STRING &&
                    timestamp_compare(json_string(&left, 0, arena), json_string(&right, 0, arena), ret_order);
    arena_free(arena);
    return has_order;
}

/* max with sign 1, min with sign -1. */
static enum model_result extreme(int sign, struct model_value theirs, struct model_value ours)
{
    int order;

    if (is_empty(ours) || is_empty(theirs))
        return is_empty(ours) ? MODEL_THEIRS : MODEL_OURS;
    if (!texts_order(ours.text, theirs.text, &order))
        return MODEL_CONFLICT;
    return sign * order > 0 ? MODEL_OURS : MODEL_THEIRS;
}

/* Does a word of the rule's values stand for the value? A text does by itself, what else there is by its JSON. */
static bool stands_for(struct bytes word, struct model_value value)
{
    struct arena *arena = arena_new(4096);
    struct json json;
    bool does = false;

    if (value.state == MODEL_VALUE && model_scan(value.text, arena, &json))
        does = json.values[0].kind == JSON_STRING ? bytes_equal(json_string(&json, 0, arena), word)
               : json.values[0].kind == JSON_NULL ? false
                                                  : model_texts_equal(word, value.text);
    arena_free(arena);
    return does;
}

static enum model_result rank(struct bytes values, struct model_value theirs, struct model_value ours)
{
    size_t reached = 0, wanted = 0, place = 1;

    for (struct bytes rest = values, word; bytes_line(&rest, &word); place++) {
        if (stands_for(word, theirs))
            reached = place;
        if (stands_for(word, ours))
            wanted = place;
    }
    if (reached * wanted == 0)
        return MODEL_CONFLICT;
    return wanted > reached ? MODEL_OURS : MODEL_THEIRS;
}

static enum model_result transition(struct bytes values, struct model_value theirs, struct model_value ours)
{
    for (struct bytes rest = values, line; bytes_line(&rest, &line);) {
        size_t tab = 0;

        while (line.data[tab] != '\t')
            tab++;
        if (stands_for((struct bytes){line.data, tab}, theirs) && stands_for(bytes_from(line, tab + 1), ours))
            return MODEL_OURS;
    }
    return MODEL_CONFLICT;
}

/* T + (O - B); that the producer saw nothing counts as 0. */
static enum model_result add(const struct model_field *field, struct arena *arena, struct bytes *ret_text)
{
    struct bytes base = is_empty(field->base) ? BYTES("0") : field->base.text;
    auto_buffer out;

    buffer_init(&out, MODEL_TEXT_MAX);
    if (field->theirs.state != MODEL_VALUE || field->ours.state != MODEL_VALUE || !json_number_is(base) ||
        !json_number_is(field->theirs.text) || !json_number_is(field->ours.text))
        return MODEL_CONFLICT;
    if (!json_decimal_sum(field->theirs.text, field->ours.text, base, &out))
        return MODEL_CONFLICT;
    *ret_text = arena_keep(arena, buffer_bytes(&out));
    return MODEL_MERGED;
}

static enum model_result latest(const struct model_field *field)
{
    struct model_value changed = model_value_at(field->document, field->by.values);
    struct arena *arena = arena_new(4096);
    enum model_result result = MODEL_CONFLICT;
    struct json json;
    int order;

    if (changed.state == MODEL_VALUE && bytes_present(field->time) && model_scan(changed.text, arena, &json) &&
        json.values[0].kind == JSON_STRING && timestamp_compare(json_string(&json, 0, arena), field->time, &order))
        result = order < 0 ? MODEL_OURS : order > 0 ? MODEL_THEIRS : MODEL_CONFLICT;
    arena_free(arena);
    return result;
}

static enum model_result made_of(const struct model_field *field, enum model_result result, struct bytes text,
                                 struct model_value *ret_value)
{
    struct model_value made = {MODEL_VALUE, text};

    if (result == MODEL_MERGED && model_equal(made, field->ours))
        result = MODEL_OURS;
    *ret_value = result == MODEL_MERGED ? made : result == MODEL_OURS ? field->ours : field->theirs;
    return result;
}

enum model_result model_by_values(const struct model_field *field, enum model_case kase, struct arena *arena,
                                  struct model_value *ret_value)
{
    struct model_value theirs = field->theirs, ours = field->ours;
    struct bytes text = BYTES_NONE;
    enum model_result result = MODEL_CONFLICT;

    switch (field->by.rule) {
    case MODEL_RANK:
        result = rank(field->by.values, theirs, ours);
        break;
    case MODEL_TRANSITION:
        result = transition(field->by.values, theirs, ours);
        break;
    case MODEL_FILL:
        result = is_empty(theirs) ? MODEL_OURS : MODEL_THEIRS;
        break;
    case MODEL_MAX:
        result = extreme(1, theirs, ours);
        break;
    case MODEL_MIN:
        result = extreme(-1, theirs, ours);
        break;
    case MODEL_ADD:
        result = add(field, arena, &text);
        break;
    case MODEL_APPEND:
        result = model_append_of(field, arena, &text);
        break;
    case MODEL_LATEST:
        result = latest(field);
        break;
    case MODEL_KEYED:
        result = model_keyed_of(field, kase, arena, &text);
        break;
    case MODEL_SET:
        result = model_set_of(field, kase, arena, &text);
        break;
    default:
        never("the other rules have a letter in each case");
    }
    return made_of(field, result, text, ret_value);
}
