#include "world.h"

#include "common/check.h"
#include "common/pointer.h"

/* nothing_overwritten: what a write changed, some event of it asks for, and its rule permits it there. */

/* The field has the value that an event set there last. That somebody else set the same value again since cannot be
 * seen in the values; nor, after a write of unknown fate, whose it is. */
static bool is_own_value(const struct world *world, const struct document *document, const struct state *before,
                         struct bytes field)
{
    struct model_value value = model_value_at(before->text, field), own = {MODEL_UNKNOWN, BYTES_NONE}, last = own;

    list_each(node, &document->states) {
        const struct state *state = list_item(node, struct state, in_document);
        struct model_value now = model_value_at(state->text, field);
        bool is_same = model_equal(now, last);

        if (state->number > before->number)
            break;
        if (state->request != NULL && (state->is_made || !is_same))
            own = now;
        last = now;
    }
    return world->was_ambiguous || model_equal(own, value);
}

/* A value that the field may have had after some of the events. */
struct possible {
    struct model_value value;
    bool is_own; /* set by one of them */
};
#define POSSIBLE_MAX 512

struct possibles {
    struct possible items[POSSIBLE_MAX];
    size_t count; /* POSSIBLE_MAX: there may be more */
};

static void possible_add(struct possibles *possibles, struct model_value value)
{
    for (size_t i = 0; i < possibles->count; i++) {
        if (possibles->items[i].is_own && (model_equal(possibles->items[i].value, value) ||
                                           (possibles->items[i].value.state == MODEL_MISSING &&
                                            value.state == MODEL_MISSING)))
            return;
    }
    if (possibles->count < POSSIBLE_MAX)
        possibles->items[possibles->count++] = (struct possible){value, true};
}

/* What an event asks for one field that is decided as one value. */
struct leaf {
    const struct event *event;
    struct bytes field;
    struct model_value base;
    struct model_value ours;
};

struct look {
    struct world *world;
    const struct request *request;
    const struct document *document;
    const struct state *before;
    const struct state *after;
    struct arena *arena;
    struct leaf *leaves; /* in the order of the events */
    size_t leaf_count;
    size_t leaf_capacity;
};

static struct model_value value_below(struct model_value value, struct bytes rest)
{
    return value.state == MODEL_VALUE && rest.size > 0 ? model_value_at(value.text, rest) : value;
}

static struct bytes child_of(struct look *look, struct bytes field, struct bytes key)
{
    struct bytes child = {arena_take(look->arena, field.size + key.size + 2), field.size + key.size + 1};
    char *text = (char *)(uintptr_t)child.data;

    memcpy(text, field.data, field.size);
    text[field.size] = '/';
    memcpy(text + field.size + 1, key.data, key.size);
    return child;
}

static void leaf_add(struct look *look, const struct leaf *leaf)
{
    if (look->leaf_count == look->leaf_capacity) {
        size_t capacity = look->leaf_capacity == 0 ? 16 : 2 * look->leaf_capacity;

        look->leaves = arena_grow(look->arena, look->leaves, look->leaf_capacity * sizeof(*leaf),
                                  capacity * sizeof(*leaf));
        look->leaf_capacity = capacity;
    }
    look->leaves[look->leaf_count++] = *leaf;
}

/* Objects are taken apart where the rules split them. */
static void leaves_add(struct look *look, const struct leaf *whole)
{
    struct json_fault fault;
    struct json json;

    if (whole->ours.state != MODEL_VALUE || !model_splits(&look->world->model_rules, whole->field) ||
        !json_scan(whole->ours.text, &JSON_LIMITS_DEFAULT, look->arena, &json, &fault) ||
        json.values[0].kind != JSON_OBJECT || json.values[0].count == 0) {
        leaf_add(look, whole);
        return;
    }
    for (uint32_t i = 1; i < json.count; i = json.values[i].after) {
        struct bytes child = child_of(look, whole->field, json_key(&json, i, look->arena));

        leaves_add(look, &(struct leaf){.event = whole->event,
                                        .field = child,
                                        .base = value_below(whole->base, bytes_from(child, whole->field.size)),
                                        .ours = {MODEL_VALUE, json_text(&json, i)}});
    }
}

static void leaves_of(struct look *look, const struct event *event)
{
    for (size_t i = 0; i < event->change_count; i++) {
        const struct change *change = &event->changes[i];

        if (!change->is_guard)
            leaves_add(look, &(struct leaf){.event = event,
                                            .field = change->field,
                                            .base = {change->base_known == BASE_UNKNOWN   ? MODEL_UNKNOWN
                                                     : change->base_known == BASE_MISSING ? MODEL_MISSING
                                                                                          : MODEL_VALUE,
                                                     change->base},
                                            .ours = {bytes_present(change->ours) ? MODEL_VALUE : MODEL_MISSING,
                                                     change->ours}});
    }
}

/* An event of the write sets what the rule `latest` takes for the document's time: which of its values this one met, and
 * whether that decides for it, is for model_agrees to say. */
static bool moves_time(const struct look *look, const struct model_pattern *by)
{
    for (size_t i = 0; by->rule == MODEL_LATEST && i < look->leaf_count; i++) {
        if (pointer_covers(look->leaves[i].field, by->values) || pointer_covers(by->values, look->leaves[i].field))
            return true;
    }
    return false;
}

/* `is_first`: no event of the write has changed the document before, so that its base_version is the one read. */
static bool is_permitted(const struct look *look, const struct leaf *leaf, const struct possible *theirs, bool is_first,
                         struct model_value *ret_value)
{
    struct model_field field = {.by = model_pattern_of(&look->world->model_rules, leaf->field),
                                .base_from = MODEL_EVENT,
                                .base = leaf->base,
                                .theirs = theirs->value,
                                .ours = leaf->ours,
                                .document = look->before->text,
                                .time = leaf->event->time};

    *ret_value = leaf->ours;
    if (moves_time(look, &field.by))
        return true;
    if (leaf->base.state != MODEL_UNKNOWN)
        return model_permits(&field, look->arena, ret_value) && !model_equal(*ret_value, theirs->value);
    field.base_from = MODEL_NONE;
    if (is_first && bytes_equal(leaf->event->base_version, look->before->version)) {
        field.base_from = MODEL_VERSION;
        field.base = theirs->value;
    }
    if (model_permits(&field, look->arena, ret_value))
        return true;
    field.base_from = MODEL_MEMORY;
    field.base = theirs->value;
    return !model_wants_own_base(field.by.rule) && model_permits(&field, look->arena, ret_value) &&
           (theirs->is_own || is_own_value(look->world, look->document, look->before, leaf->field));
}

/* What the leaf, which lies inside `field`, may make of the value that is possible so far. */
static bool set_inside(const struct look *look, const struct leaf *leaf, struct bytes field,
                       const struct possible *possible, bool is_first, struct model_value *ret_value)
{
    struct bytes rest = bytes_from(leaf->field, field.size), text;
    struct possible inner = {{MODEL_MISSING, BYTES_NONE}, possible->is_own};
    struct model_value made;

    text = possible->value.state == MODEL_VALUE ? possible->value.text : BYTES("{}");
    inner.value = model_value_at(text, rest);
    if (!is_permitted(look, leaf, &inner, is_first, &made) || !model_set(text, rest, made, look->arena, &text))
        return false;
    *ret_value = (struct model_value){MODEL_VALUE, text};
    return true;
}

static void take_leaf(const struct look *look, const struct leaf *leaf, struct bytes field,
                      struct possibles *possibles)
{
    size_t count = possibles->count;

    if (!pointer_covers(field, leaf->field))
        return;
    for (size_t i = 0; i < 2 * count; i++) {
        const struct possible possible = possibles->items[i / 2];
        bool is_first = i % 2 == 0;
        struct model_value value;

        if (leaf->field.size == field.size ? is_permitted(look, leaf, &possible, is_first, &value)
                                           : set_inside(look, leaf, field, &possible, is_first, &value))
            possible_add(possibles, value);
    }
}

/* Of those with the same field the first, and no other leaf's field contains it. */
static bool is_outermost(const struct look *look, size_t number)
{
    struct bytes field = look->leaves[number].field;

    for (size_t i = 0; i < number; i++) {
        if (bytes_equal(look->leaves[i].field, field))
            return false;
    }
    for (size_t i = 0; i < look->leaf_count; i++) {
        if (look->leaves[i].field.size < field.size && pointer_covers(look->leaves[i].field, field))
            return false;
    }
    return true;
}

/* A field that the write changed: its new value is one that the events, one after the other, may have left there. */
static void look_at_field(const struct look *look, struct bytes field)
{
    struct model_value after = model_value_at(look->after->text, field);
    struct model_value before = model_value_at(look->before->text, field);
    struct possibles possibles = {.items = {{before, false}}, .count = 1};

    if (model_equal(after, before) || (after.state == MODEL_MISSING && before.state == MODEL_MISSING))
        return;
    for (size_t i = 0; i < look->leaf_count; i++)
        take_leaf(look, &look->leaves[i], field, &possibles);
    for (size_t i = 1; i < possibles.count; i++) {
        if (possibles.count == POSSIBLE_MAX || model_equal(possibles.items[i].value, after) ||
            (possibles.items[i].value.state == MODEL_MISSING && after.state == MODEL_MISSING))
            return;
    }
    world_fail(look->world, "nothing_overwritten", "p%d/%lld and %zu more replace %.*s of %.*s: '%.*s' by '%.*s'",
               look->request->asked[0]->partition, (long long)look->request->asked[0]->offset,
               look->request->asked_count - 1, BYTES_ARG(field), BYTES_ARG(look->document->id),
               BYTES_ARG(before.text), BYTES_ARG(after.text));
}

/* Beside the fields of the events (and what the service adds) nothing is different. */
static void check_rest(const struct look *look)
{
    struct bytes expected = look->before->text;
    bool is_good = true;

    for (size_t i = 0; i < look->leaf_count; i++) {
        struct bytes field = look->leaves[i].field;
        struct model_value value = model_value_at(look->after->text, field);

        if (is_outermost(look, i) &&
            (value.state == MODEL_VALUE || model_value_at(expected, field).state == MODEL_VALUE))
            is_good = is_good && model_set(expected, field, value, look->arena, &expected);
    }
    if (look->world->options.normalizes)
        is_good = is_good && model_set(expected, BYTES("/revision"),
                                       model_value_at(look->after->text, BYTES("/revision")), look->arena, &expected);
    if (!is_good || !model_equal((struct model_value){MODEL_VALUE, expected},
                                 (struct model_value){MODEL_VALUE, look->after->text}))
        world_fail(look->world, "nothing_overwritten", "p%d/%lld changes more of %.*s than it asks for: %.*s",
                   look->request->asked[0]->partition, (long long)look->request->asked[0]->offset,
                   BYTES_ARG(look->document->id), BYTES_ARG(look->after->text));
}

void check_write(struct world *world, const struct request *request, const struct document *document,
                 const struct state *before)
{
    struct look look = {.world = world,
                        .request = request,
                        .document = document,
                        .before = before,
                        .after = document_now(document),
                        .arena = world->scratch};

    if (!bytes_present(request->version))
        return; /* unprotected, as configured: it may overwrite what it did not see */
    arena_reset(world->scratch);
    for (size_t i = 0; i < request->asked_count; i++)
        leaves_of(&look, &request->asked[i]->event);
    for (size_t i = 0; i < look.leaf_count; i++)
        if (is_outermost(&look, i))
            look_at_field(&look, look.leaves[i].field);
    check_rest(&look);
}
