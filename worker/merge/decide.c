#include "merge/state.h"

struct basis {
    enum base_from from;
    struct side side;
};

static void decision_add(struct merging *merging, const struct decision *decision)
{
    if (merging->decision_count == merging->decision_capacity) {
        size_t capacity = merging->decision_capacity == 0 ? 16 : 2 * merging->decision_capacity;

        merging->decisions = arena_grow(merging->arena, merging->decisions,
                                        merging->decision_capacity * sizeof(*decision), capacity * sizeof(*decision));
        merging->decision_capacity = capacity;
    }
    merging->decisions[merging->decision_count++] = *decision;
}

/* Did we set the field to what it is now ourselves, by a write that was possibly applied? */
static bool is_own_edit(struct merging *merging, const struct place *place)
{
    const struct merge_input *input = merging->input;

    for (size_t i = 0; i < input->own_edit_count; i++) {
        const struct json_edit *edit = &input->own_edits[i];
        struct side set = SIDE_MISSING;

        if (!pointer_covers(edit->pointer, place->field))
            continue;
        if (bytes_present(edit->value)) {
            set = side_of_text(merging, edit->value);
            set = side_in(set.json, bytes_from(place->field, edit->pointer.size));
        }
        if (side_equal(&set, &place->theirs))
            return true;
    }
    return false;
}

bool was_another_when_refused(struct merging *merging, const struct place *place, struct side *ret_side)
{
    const struct merge_input *input = merging->input;

    if (input->refused_copy == NULL)
        return false;
    *ret_side = side_in(input->refused_copy, place->field);
    if (!side_same(merging, place->entry, ret_side, &place->theirs))
        return true;
    for (size_t i = 0; i < input->contested_count; i++) {
        const struct json_edit *was = &input->contested[i];

        if (!bytes_equal(was->pointer, place->field))
            continue;
        *ret_side = bytes_present(was->value) ? side_of_text(merging, was->value) : SIDE_MISSING;
        return !side_same(merging, place->entry, ret_side, &place->theirs);
    }
    return false;
}

static bool base_from_refused_copy(struct merging *merging, const struct place *place, struct side *ret_side)
{
    return was_another_when_refused(merging, place, ret_side) && !is_own_edit(merging, place);
}

static bool base_from_memory(struct merging *merging, const struct base_memory *memory, const struct place *place,
                             struct side *ret_side)
{
    struct bytes value;

    if (!merging->defaults->memory_is_base || memory == NULL || !base_memory_get(memory, place->field, &value))
        return false;
    *ret_side = bytes_present(value) ? side_of_text(merging, value) : SIDE_MISSING;
    return true;
}

static bool is_at_base_version(const struct merge_input *input)
{
    return bytes_present(input->event->base_version) && input->version.size > 0 &&
           bytes_equal(input->event->base_version, input->version);
}

/* The field, a part of it, or what contains it. */
static bool was_set_in_fold(const struct merge_input *input, struct bytes field)
{
    for (size_t i = 0; i < input->fold_field_count; i++) {
        if (pointer_covers(input->fold_fields[i], field) || pointer_covers(field, input->fold_fields[i]))
            return true;
    }
    return false;
}

/* Strongest first. */
static struct basis find_base(struct merging *merging, const struct place *place)
{
    const struct merge_input *input = merging->input;
    struct side side;

    if (place->base.state != VALUE_UNKNOWN)
        return (struct basis){BASE_FROM_EVENT, place->base};
    if (is_at_base_version(input))
        return (struct basis){BASE_FROM_VERSION, place->theirs};
    if (rule_wants_own_base(place->entry->rule))
        return (struct basis){BASE_FROM_NONE, SIDE_UNKNOWN};
    if (was_set_in_fold(input, place->field))
        return base_from_memory(merging, input->fold, place, &side) ? (struct basis){BASE_FROM_MEMORY, side}
                                                                    : (struct basis){BASE_FROM_NONE, SIDE_UNKNOWN};
    if (base_from_refused_copy(merging, place, &side))
        return (struct basis){BASE_FROM_REFUSED_COPY, side};
    if (base_from_memory(merging, input->memory, place, &side))
        return (struct basis){BASE_FROM_MEMORY, side};
    return (struct basis){BASE_FROM_NONE, SIDE_UNKNOWN};
}

static enum merge_case case_of(struct merging *merging, const struct place *place, const struct basis *basis)
{
    const struct rule_entry *entry = place->entry;

    if (side_same(merging, entry, &place->ours, &place->theirs))
        return CASE_1;
    switch (basis->from) {
    case BASE_FROM_NONE:
        return CASE_5;
    case BASE_FROM_REFUSED_COPY: /* somebody changed the field during our own attempt, whatever it was before */
        return CASE_4;
    case BASE_FROM_EVENT:
    case BASE_FROM_VERSION:
    case BASE_FROM_MEMORY:
        break;
    }
    if (side_same(merging, entry, &place->theirs, &basis->side))
        return CASE_2;
    return side_same(merging, entry, &place->ours, &basis->side) ? CASE_3 : CASE_4;
}

enum on_conflict on_conflict_of(const struct merging *merging, const struct rule_entry *entry)
{
    return entry->has_on_conflict ? entry->on_conflict : merging->defaults->on_conflict;
}

enum on_conflict on_delete_conflict_of(const struct merging *merging, const struct rule_entry *entry)
{
    return entry->has_on_delete_conflict ? entry->on_delete_conflict : on_conflict_of(merging, entry);
}

enum no_base no_base_of(const struct merging *merging, const struct rule_entry *entry)
{
    if (entry->has_no_base)
        return entry->no_base;
    return entry->rule == RULE_PREFER_DOCUMENT ? NO_BASE_RULE : merging->defaults->no_base;
}

static enum merge_result without_base(struct merging *merging, const struct rule_entry *entry)
{
    switch (no_base_of(merging, entry)) {
    case NO_BASE_RULE:
        return rule_result(entry->rule, CASE_5);
    case NO_BASE_EXTERNAL:
        return RESULT_OURS;
    case NO_BASE_DOCUMENT:
        return RESULT_THEIRS;
    case NO_BASE_CONFLICT:
        return RESULT_CONFLICT;
    }
    never("every no_base has a result");
}

/* The cell of the table. A value that has no members is merged as one under `object`. */
static enum merge_result cell(struct merging *merging, const struct place *place, const struct side *base,
                              struct decision *decision)
{
    struct place known = *place;
    const struct rule_entry *entry = decision->entry;
    enum merge_case merge_case = decision->merge_case;
    enum merge_result result = rule_result(entry->rule, merge_case);

    if (result == RESULT_MEMBERS)
        return rule_result(RULE_MERGE, merge_case);
    known.base = *base;
    if (result == RESULT_VALUES)
        return by_values(merging, &known, decision);
    if (merge_case == CASE_5 && rule_follows_no_base(entry->rule))
        return without_base(merging, entry);
    return result;
}

/* A quick look before two texts are scanned, of which there are many in a long lane: strings without an escape are
 * equal only if their bytes are, and what begins as another kind of value is another one. */
static bool may_be_equal(struct bytes ours, const struct side *theirs)
{
    struct bytes text;

    if (theirs->state != VALUE_PRESENT)
        return !bytes_present(ours);
    if (!bytes_present(ours))
        return false;
    text = json_text(theirs->json, theirs->index);
    if (ours.data[0] != '"' || text.data[0] != '"')
        return (ours.data[0] == '"') == (text.data[0] == '"');
    return bytes_equal(ours, text) || memchr(ours.data, '\\', ours.size) != NULL ||
           memchr(text.data, '\\', text.size) != NULL;
}

/* An event that is met again after a crash must not put an older value back: the field has what a later event of
 * the document, still to come, asks for. One that makes the document asks nothing of one that is there. */
static bool is_superseded(struct merging *merging, const struct place *place)
{
    const struct merge_input *input = merging->input;

    for (size_t i = 0; i < input->later_count; i++)
        for (size_t k = 0; k < input->later[i]->change_count; k++) {
            const struct change *change = &input->later[i]->changes[k];
            struct side later = SIDE_MISSING;

            if (input->later[i]->operation == OPERATION_CREATE || change->is_guard ||
                !pointer_covers(change->field, place->field) ||
                (change->field.size == place->field.size && !may_be_equal(change->ours, &place->theirs)))
                continue;
            if (bytes_present(change->ours)) {
                later = side_of_text(merging, change->ours);
                later = side_in(later.json, bytes_from(place->field, change->field.size));
                if (later.state == VALUE_MISSING)
                    continue; /* not mentioned: only a removal asks for nothing to be there */
            }
            if (side_equal(&later, &place->theirs))
                return true;
        }
    return false;
}

/* One side removed what the other changed. */
static bool is_deletion(const struct decision *decision)
{
    return decision->base.state == VALUE_PRESENT && decision->merge_case == CASE_4 &&
           (decision->theirs.state == VALUE_MISSING || decision->ours.state == VALUE_MISSING);
}

static void settle_conflict(struct merging *merging, struct decision *decision)
{
    const struct rule_entry *entry = decision->entry;

    switch (is_deletion(decision) ? on_delete_conflict_of(merging, entry) : on_conflict_of(merging, entry)) {
    case ON_CONFLICT_MANUAL:
        return;
    case ON_CONFLICT_EXTERNAL:
        decision->result = RESULT_OURS;
        break;
    case ON_CONFLICT_DOCUMENT:
        decision->result = RESULT_THEIRS;
        break;
    }
    decision->note = DECISION_NOTE_ON_CONFLICT;
}

static struct decision decision_of(struct merging *merging, const struct place *place, const struct basis *basis)
{
    return (struct decision){
        .field = place->field,
        .entry = place->entry,
        .merge_case = case_of(merging, place, basis),
        .base_from = basis->from,
        .base = side_value(&basis->side),
        .theirs = side_value(&place->theirs),
        .ours = side_value(&place->ours),
        .superseded_by = -1,
    };
}

void decide(struct merging *merging, const struct place *place)
{
    struct basis basis = find_base(merging, place);
    struct decision decision = decision_of(merging, place, &basis);

    if (decision.entry->rule == RULE_IGNORE) {
        merging->ignored_count++;
        return;
    }
    if (decision.merge_case == CASE_5)
        decision.note = DECISION_NOTE_NO_BASE;
    decision.result = cell(merging, place, &basis.side, &decision);
    if (decision.result != RESULT_THEIRS && is_superseded(merging, place)) {
        decision.result = RESULT_THEIRS;
        decision.note = DECISION_NOTE_SUPERSEDED;
    }
    if (decision.result == RESULT_CONFLICT)
        settle_conflict(merging, &decision);
    if (decision.result != RESULT_MERGED)
        decision.value = decision.result == RESULT_OURS ? decision.ours : decision.theirs;
    if (decision_changes(&decision) && place->is_blocked)
        refuse(&decision, DECISION_NOTE_PARENT);
    decision_add(merging, &decision);
}

void refuse(struct decision *decision, enum decision_note note)
{
    decision->result = RESULT_CONFLICT;
    decision->note = note;
    decision->value = decision->theirs;
}

void decide_already(struct merging *merging, const struct place *place)
{
    struct decision decision = {
        .field = place->field,
        .entry = place->entry,
        .merge_case = CASE_1,
        .base_from = place->base.state == VALUE_UNKNOWN ? BASE_FROM_NONE : BASE_FROM_EVENT,
        .base = side_value(&place->base),
        .theirs = side_value(&place->theirs),
        .ours = side_value(&place->ours),
        .result = RESULT_THEIRS,
        .value = side_value(&place->theirs),
        .superseded_by = -1,
    };

    if (decision.entry->rule != RULE_IGNORE)
        decision_add(merging, &decision);
}

/* The event asks nothing of the field, so there is no ours; that theirs is the base is a condition of the event. */
void decide_guard(struct merging *merging, const struct place *place)
{
    struct decision decision = {
        .field = place->field,
        .entry = rules_find(merging->input->rules, place->field),
        .merge_case = CASE_3,
        .base_from = BASE_FROM_EVENT,
        .base = side_value(&place->base),
        .theirs = side_value(&place->theirs),
        .ours = {.state = VALUE_UNKNOWN},
        .result = RESULT_CONFLICT,
        .value = side_value(&place->theirs),
        .note = DECISION_NOTE_GUARD,
        .superseded_by = -1,
    };

    if (decision.entry->rule != RULE_IGNORE &&
        !side_same(merging, decision.entry, &place->base, &place->theirs))
        decision_add(merging, &decision);
}

void demand_base_version(struct merging *merging)
{
    if (merging->defaults->base_version != BASE_VERSION_REQUIRE ||
        !bytes_present(merging->input->event->base_version) || is_at_base_version(merging->input))
        return;
    for (size_t i = 0; i < merging->decision_count; i++) {
        struct decision *decision = &merging->decisions[i];

        if (decision->merge_case == CASE_1 || decision->result == RESULT_CONFLICT)
            continue;
        refuse(decision, DECISION_NOTE_BASE_VERSION);
    }
}
