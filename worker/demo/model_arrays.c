#include "demo/model_values.h"

#include "common/buffer.h"
#include "common/json_write.h"
#include "common/pointer.h"

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

/* --- append: T, then what O adds to B --- */

static bool is_empty(struct model_value value)
{
    return value.state == MODEL_MISSING || bytes_equal(value.text, BYTES("null"));
}

/* The text of a string; of nothing: "". False: neither. */
static bool string_of(struct model_value value, struct arena *arena, struct bytes *ret_text)
{
    struct json json;

    *ret_text = BYTES("");
    if (is_empty(value))
        return true;
    if (!model_scan(value.text, arena, &json) || json.values[0].kind != JSON_STRING)
        return false;
    *ret_text = json_string(&json, 0, arena);
    return true;
}

static enum model_result append_text(const struct model_field *field, struct arena *arena, struct bytes *ret_text)
{
    struct bytes base, theirs, ours;
    auto_buffer whole, out;

    buffer_init(&whole, MODEL_TEXT_MAX);
    buffer_init(&out, MODEL_TEXT_MAX);
    if (!string_of(field->base, arena, &base) || !string_of(field->theirs, arena, &theirs) ||
        !string_of(field->ours, arena, &ours) || !bytes_start_with(ours, base))
        return MODEL_CONFLICT;
    buffer_add(&whole, theirs);
    buffer_add(&whole, bytes_from(ours, base.size));
    json_write_quoted(&out, buffer_bytes(&whole));
    *ret_text = arena_keep(arena, buffer_bytes(&out));
    return MODEL_MERGED;
}

enum model_result model_append_of(const struct model_field *field, struct arena *arena, struct bytes *ret_text)
{
    struct elements base, theirs, ours, made;

    if (is_empty(field->ours))
        return MODEL_CONFLICT;
    if (field->ours.text.data[0] == '"')
        return append_text(field, arena, ret_text);
    if (!elements_of(field->ours, arena, &ours) || !elements_of(field->theirs, arena, &theirs) ||
        !elements_of(field->base, arena, &base) || ours.count < base.count)
        return MODEL_CONFLICT;
    made = (struct elements){arena_take(arena, (theirs.count + ours.count + 1) * sizeof(struct bytes)), 0};
    for (size_t i = 0; i < theirs.count; i++)
        put(&made, theirs.texts[i]);
    for (size_t i = 0; i < ours.count; i++) {
        if (i >= base.count)
            put(&made, ours.texts[i]);
        else if (!model_texts_equal(ours.texts[i], base.texts[i]))
            return MODEL_CONFLICT;
    }
    *ret_text = array_of(&made, arena);
    return MODEL_MERGED;
}

/* --- keyed: element by element --- */

static struct model_value name_of(struct bytes element, struct bytes member, struct arena *arena)
{
    struct bytes pointer;
    auto_buffer out;

    buffer_init(&out, MODEL_TEXT_MAX);
    pointer_add(&out, member);
    pointer = arena_keep(arena, buffer_bytes(&out));
    return element.data[0] == '{' ? model_value_at(element, pointer) : nothing;
}

static struct model_value find(const struct elements *elements, struct bytes member, struct model_value name,
                               struct arena *arena)
{
    for (size_t i = 0; i < elements->count; i++) {
        if (model_equal(name_of(elements->texts[i], member, arena), name))
            return (struct model_value){MODEL_VALUE, elements->texts[i]};
    }
    return nothing;
}

static bool are_named(const struct elements *elements, struct bytes member, struct arena *arena)
{
    for (size_t i = 0; i < elements->count; i++) {
        struct model_value name = name_of(elements->texts[i], member, arena);

        if (is_empty(name) || name.text.data[0] == '{' || name.text.data[0] == '[' ||
            find(elements, member, name, arena).text.data != elements->texts[i].data)
            return false;
    }
    return true;
}

/* As `merge` does with the members of an object. */
static bool merge_members(struct model_value theirs, struct model_value ours, struct model_value base,
                          struct arena *arena, struct bytes *ret_text)
{
    static const struct model_rules rules = {NULL, 0, MODEL_MERGE};
    struct model_question question = {.document = theirs.text, .rules = &rules};
    struct model_change *changes;
    struct model_answer answer;
    struct json json;

    if (!model_scan(ours.text, arena, &json))
        return false;
    changes = arena_take(arena, (json.count + 1) * sizeof(*changes));
    for (uint32_t i = 1; i < json.count; i = json.values[i].after) {
        struct model_change *change = &changes[question.count++];
        auto_buffer pointer;

        buffer_init(&pointer, MODEL_TEXT_MAX);
        pointer_add(&pointer, json_key(&json, i, arena));
        change->pointer = arena_keep(arena, buffer_bytes(&pointer));
        change->ours = (struct model_value){MODEL_VALUE, json_text(&json, i)};
        change->base = base.state == MODEL_VALUE ? model_value_at(base.text, change->pointer) : base;
    }
    question.changes = changes;
    model_merge(&question, arena, &answer);
    *ret_text = answer.document;
    return answer.end == MODEL_WRITTEN || answer.end == MODEL_UNCHANGED;
}

struct keyed {
    struct elements base, theirs, ours, made;
    struct bytes member;
    bool has_base;
    bool is_conflict;
};

static void put_theirs(struct keyed *keyed, struct model_value theirs, struct arena *arena)
{
    struct model_value name = name_of(theirs.text, keyed->member, arena);
    struct model_value ours = find(&keyed->ours, keyed->member, name, arena);
    struct model_value base = find(&keyed->base, keyed->member, name, arena);
    struct bytes text = theirs.text;

    if (ours.state == MODEL_VALUE) {
        base.state = keyed->has_base ? base.state : MODEL_UNKNOWN;
        if (!merge_members(theirs, ours, base, arena, &text))
            keyed->is_conflict = true;
    } else if (base.state == MODEL_VALUE && model_equal(theirs, base)) {
        return; /* the event took it away */
    } else if (base.state == MODEL_VALUE) {
        keyed->is_conflict = true; /* somebody changed what the event took away */
    }
    put(&keyed->made, text);
}

static void put_ours(struct keyed *keyed, struct model_value ours, struct arena *arena)
{
    struct model_value name = name_of(ours.text, keyed->member, arena);
    struct model_value base = find(&keyed->base, keyed->member, name, arena);

    if (find(&keyed->theirs, keyed->member, name, arena).state == MODEL_VALUE)
        return;
    if (base.state == MODEL_MISSING)
        put(&keyed->made, ours.text);
    else if (!model_equal(ours, base))
        keyed->is_conflict = true; /* somebody took away what the event changed */
}

enum model_result model_keyed_of(const struct model_field *field, enum model_case kase, struct arena *arena,
                                 struct bytes *ret_text)
{
    struct keyed keyed = {.member = field->by.values, .has_base = kase != MODEL_C5};

    if (is_empty(field->ours) || !elements_of(field->ours, arena, &keyed.ours) ||
        !elements_of(field->theirs, arena, &keyed.theirs) ||
        !elements_of(keyed.has_base ? field->base : nothing, arena, &keyed.base) ||
        !are_named(&keyed.ours, keyed.member, arena) || !are_named(&keyed.theirs, keyed.member, arena) ||
        !are_named(&keyed.base, keyed.member, arena))
        return as_one_value(kase);
    keyed.made.texts = arena_take(arena, (keyed.theirs.count + keyed.ours.count + 1) * sizeof(struct bytes));
    for (size_t i = 0; i < keyed.theirs.count; i++)
        put_theirs(&keyed, (struct model_value){MODEL_VALUE, keyed.theirs.texts[i]}, arena);
    for (size_t i = 0; i < keyed.ours.count; i++)
        put_ours(&keyed, (struct model_value){MODEL_VALUE, keyed.ours.texts[i]}, arena);
    if (keyed.is_conflict)
        return MODEL_CONFLICT;
    *ret_text = array_of(&keyed.made, arena);
    return are_same(&keyed.made, &keyed.theirs) ? MODEL_THEIRS : MODEL_MERGED;
}
