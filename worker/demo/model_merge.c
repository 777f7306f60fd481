#include "demo/model.h"

#include "common/check.h"
#include "common/memory.h"
#include "common/pointer.h"

/* One merge under way. */
struct merging {
    const struct model_question *question;
    struct arena *arena;
    struct model_answer *answer;
    struct json theirs;
    bool meets_index;
};

static const struct json_limits limits = {.size_max = 64 << 20, .depth_max = 64, .members_max = 10000000};

static bool scan(struct arena *arena, struct bytes text, struct json *ret_json)
{
    struct json_fault fault;

    return json_scan(text, &limits, arena, ret_json, &fault);
}

static bool is_object(struct arena *arena, struct model_value value, struct json *ret_json)
{
    return value.state == MODEL_VALUE && scan(arena, value.text, ret_json) && ret_json->values[0].kind == JSON_OBJECT;
}

static struct model_decision *decision_add(struct merging *merging, const struct model_change *change)
{
    struct model_answer *answer = merging->answer;
    size_t size = sizeof(*answer->decisions);
    struct model_decision *decision;

    answer->decisions = arena_grow(merging->arena, answer->decisions, answer->count * size, (answer->count + 1) * size);
    decision = &answer->decisions[answer->count++];
    *decision = (struct model_decision){.pointer = change->pointer,
                                        .rule = model_rule_of(merging->question->rules, change->pointer),
                                        .base = change->base,
                                        .ours = change->ours};
    return decision;
}

/* A numeric or `-` token is a member's name unless it stands behind an array. */
static bool goes_to_element(const struct merging *merging, struct bytes pointer)
{
    struct pointer_walk walk;
    struct bytes rest, segment;
    uint32_t index;

    pointer_reach(&merging->theirs, pointer, &index, &rest);
    pointer_walk_init(&walk, rest);
    return pointer_walk_next(&walk, &segment) && pointer_segment_is_index(segment);
}

/* Fills in theirs; false: there can be none, because a parent is no object. */
static bool find_theirs(struct merging *merging, struct model_decision *decision)
{
    uint32_t index;

    decision->theirs = (struct model_value){MODEL_MISSING, BYTES_NONE};
    switch (pointer_find(&merging->theirs, decision->pointer, &index)) {
    case POINTER_FOUND:
        decision->theirs = (struct model_value){MODEL_VALUE, json_text(&merging->theirs, index)};
        return true;
    case POINTER_MISSING:
        return true;
    case POINTER_PARENT_ARRAY:
        merging->meets_index |= goes_to_element(merging, decision->pointer);
        return false;
    case POINTER_PARENT_SCALAR:
        return false;
    }
    never("pointer_find has no other answer");
}

static void find_base(const struct model_question *question, struct model_decision *decision)
{
    decision->base_from = MODEL_EVENT;
    if (decision->base.state != MODEL_UNKNOWN)
        return;
    decision->base_from = MODEL_VERSION;
    decision->base = decision->theirs;
    if (question->is_version_current)
        return;
    if (question->recall != NULL && !model_wants_own_base(decision->rule) &&
        question->recall(question->context, decision->pointer, &decision->base, &decision->base_from))
        return;
    decision->base_from = MODEL_NONE;
    decision->base = (struct model_value){MODEL_UNKNOWN, BYTES_NONE};
}

static bool may_add_twice(const struct model_question *question, const struct model_decision *decision)
{
    return (decision->rule == MODEL_ADD || decision->rule == MODEL_APPEND) && decision->verdict.kase == MODEL_C4 &&
           question->is_perhaps_added != NULL && question->is_perhaps_added(question->context, decision->pointer);
}

static void decide(struct merging *merging, const struct model_change *change)
{
    struct model_decision *decision;
    struct model_field field;
    bool has_parent;

    if (model_rule_of(merging->question->rules, change->pointer) == MODEL_IGNORE)
        return;
    decision = decision_add(merging, change);
    has_parent = find_theirs(merging, decision);
    find_base(merging->question, decision);
    field = (struct model_field){.by = model_pattern_of(merging->question->rules, change->pointer),
                                 .base_from = decision->base_from,
                                 .base = decision->base,
                                 .theirs = decision->theirs,
                                 .ours = decision->ours,
                                 .document = merging->question->document,
                                 .time = merging->question->time};
    decision->verdict = model_decide(&field, merging->arena);
    if (may_add_twice(merging->question, decision))
        decision->verdict = (struct model_verdict){decision->verdict.kase, MODEL_CONFLICT, decision->theirs};
    if (decision->verdict.result != MODEL_THEIRS && merging->question->is_superseded != NULL &&
        merging->question->is_superseded(merging->question->context, decision->pointer, decision->theirs))
        decision->verdict.result = MODEL_THEIRS;
    if (!has_parent && model_is_change(decision->verdict.result)) {
        decision->verdict.result = MODEL_CONFLICT;
        decision->note = MODEL_PARENT;
    }
}

static void guard(struct merging *merging, const struct model_change *change)
{
    struct model_decision found = {.pointer = change->pointer};
    struct model_decision *decision;

    find_theirs(merging, &found);
    if (model_equal(found.theirs, change->base))
        return;
    decision = decision_add(merging, change);
    decision->theirs = found.theirs;
    decision->note = MODEL_GUARD;
    decision->verdict.result = MODEL_CONFLICT;
}

static void expand(struct merging *merging, const struct model_change *change);

/* The change of the member at `index` of `object`: `ours` and `base` go down with it. */
static void expand_member(struct merging *merging, const struct model_change *change, const struct json *object,
                          uint32_t index, bool is_removal)
{
    struct bytes key = json_key(object, index, merging->arena);
    struct model_change member = {.ours = {MODEL_MISSING, BYTES_NONE}, .base = change->base};
    struct json base;
    uint32_t found;
    auto_buffer pointer;

    buffer_init(&pointer, limits.size_max);
    buffer_add(&pointer, change->pointer);
    pointer_add(&pointer, key);
    member.pointer = (struct bytes){arena_copy(merging->arena, pointer.data, pointer.size), pointer.size};
    if (!is_removal)
        member.ours = (struct model_value){MODEL_VALUE, json_text(object, index)};
    if (change->base.state != MODEL_UNKNOWN) {
        member.base = (struct model_value){MODEL_MISSING, BYTES_NONE};
        if (is_object(merging->arena, change->base, &base) &&
            (found = json_member(&base, 0, key)) != JSON_NOT_FOUND)
            member.base = (struct model_value){MODEL_VALUE, json_text(&base, found)};
    }
    expand(merging, &member);
}

/* An empty object mentions nothing of one that is there. */
static void mention_nothing(struct merging *merging, const struct model_change *change)
{
    struct model_decision *decision;

    if (model_rule_of(merging->question->rules, change->pointer) == MODEL_IGNORE)
        return;
    decision = decision_add(merging, change);
    find_theirs(merging, decision);
    find_base(merging->question, decision);
    decision->note = MODEL_PLAIN;
    decision->verdict = (struct model_verdict){MODEL_C1, MODEL_THEIRS, decision->theirs};
}

/* Down to what is decided as one value. A member that ours does not have is not mentioned. The removal of an object
 * is the removal of each of its members only where one of them has a rule of its own; an object takes the place of
 * what is no object as one value, again unless one of its members has a rule of its own. */
static void expand(struct merging *merging, const struct model_change *change)
{
    const struct model_rules *rules = merging->question->rules;
    struct json object = {0}, other = {0};
    struct model_decision found = {.pointer = change->pointer};
    bool is_removal = change->ours.state == MODEL_MISSING;
    bool has_theirs = find_theirs(merging, &found) && found.theirs.state == MODEL_VALUE;
    bool is_over_object = has_theirs && is_object(merging->arena, found.theirs, &other);
    bool is_split = false;

    if (is_removal) {
        is_split = model_is_refined(rules, change->pointer) && is_over_object;
        object = other;
    } else {
        is_split = model_splits(rules, change->pointer) && is_object(merging->arena, change->ours, &object) &&
                   (model_is_refined(rules, change->pointer) || !has_theirs || is_over_object);
    }
    if (is_split && !is_removal && object.values[0].count == 0 && is_over_object) {
        mention_nothing(merging, change);
        return;
    }
    if (!is_split || object.values[0].count == 0) {
        decide(merging, change);
        return;
    }
    for (uint32_t i = 1; i < object.count; i = object.values[i].after)
        expand_member(merging, change, &object, i, is_removal);
}

static bool overlaps(const struct model_question *question)
{
    for (size_t i = 0; i < question->count; i++) {
        for (size_t k = 0; k < question->count; k++) {
            if (i != k && question->changes[i].ours.state != MODEL_UNKNOWN &&
                question->changes[k].ours.state != MODEL_UNKNOWN &&
                pointer_covers(question->changes[i].pointer, question->changes[k].pointer))
                return true;
        }
    }
    return false;
}

static void write_result(struct merging *merging)
{
    struct model_answer *answer = merging->answer;

    answer->end = MODEL_UNCHANGED;
    for (size_t i = 0; i < answer->count; i++) {
        if (answer->decisions[i].verdict.result == MODEL_CONFLICT)
            answer->end = MODEL_UNDECIDED;
        else if (model_is_change(answer->decisions[i].verdict.result) && answer->end == MODEL_UNCHANGED)
            answer->end = MODEL_WRITTEN;
    }
    if (answer->end == MODEL_UNDECIDED && !merging->question->is_partial)
        return;
    for (size_t i = 0; i < answer->count; i++) {
        const struct model_decision *decision = &answer->decisions[i];

        if (model_is_change(decision->verdict.result))
            ensure(model_set(answer->document, decision->pointer, decision->verdict.value, merging->arena,
                             &answer->document));
    }
}

static void reject(struct model_answer *answer, enum model_end end)
{
    answer->end = end;
    answer->decisions = NULL;
    answer->count = 0;
}

void model_merge(const struct model_question *question, struct arena *arena, struct model_answer *ret_answer)
{
    struct merging merging = {.question = question, .arena = arena, .answer = ret_answer};

    *ret_answer = (struct model_answer){.document = question->document};
    ensure(scan(arena, question->document, &merging.theirs));
    if (overlaps(question)) {
        reject(ret_answer, MODEL_OVERLAP);
        return;
    }
    for (size_t i = 0; i < question->count; i++) {
        if (question->changes[i].ours.state == MODEL_UNKNOWN)
            guard(&merging, &question->changes[i]);
        else
            expand(&merging, &question->changes[i]);
    }
    if (merging.meets_index)
        reject(ret_answer, MODEL_INDEX);
    else
        write_result(&merging);
}
