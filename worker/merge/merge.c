#include "merge/state.h"

const char *base_from_name(enum base_from from)
{
    static const char *const names[] = {"event", "version", "refused_copy", "memory", "none"};

    ensure(from < sizeof(names) / sizeof(names[0]));
    return names[from];
}

const char *decision_note_name(enum decision_note note)
{
    static const char *const names[] = {
#define X(identifier, name, sentence) name,
        DECISION_NOTES(X)
#undef X
    };

    ensure(note < sizeof(names) / sizeof(names[0]));
    return names[note];
}

static struct side base_of(struct merging *merging, const struct change *change)
{
    switch (change->base_known) {
    case BASE_UNKNOWN:
        return SIDE_UNKNOWN;
    case BASE_MISSING:
        return SIDE_MISSING;
    case BASE_VALUE:
        return side_of_text(merging, change->base);
    }
    never("a base is known or not");
}

/* An array changes as one value: false if the field is an element of one in the document. */
static bool find_place(struct merging *merging, const struct change *change, struct place *ret_place)
{
    const struct json *theirs = merging->input->theirs;
    struct pointer_walk walk;
    struct bytes rest, segment;
    uint32_t index;
    enum pointer_found found = pointer_reach(theirs, change->field, &index, &rest);

    if (found == POINTER_PARENT_ARRAY) {
        pointer_walk_init(&walk, rest);
        if (pointer_walk_next(&walk, &segment) && pointer_segment_is_index(segment))
            return false;
    }
    *ret_place = (struct place){
        .field = change->field,
        .theirs = found == POINTER_FOUND ? (struct side){.state = VALUE_PRESENT, .json = theirs, .index = index}
                                         : SIDE_MISSING,
        .base = base_of(merging, change),
        .ours = bytes_present(change->ours) ? side_of_text(merging, change->ours) : SIDE_MISSING,
        .is_blocked = found == POINTER_PARENT_SCALAR || found == POINTER_PARENT_ARRAY,
    };
    return true;
}

static bool decide_changes(struct merging *merging, struct bytes *ret_reject_field)
{
    const struct event *event = merging->input->event;

    for (size_t i = 0; i < event->change_count; i++) {
        const struct change *change = &event->changes[i];
        struct place place;

        if (!find_place(merging, change, &place)) {
            *ret_reject_field = change->field;
            return false;
        }
        if (change->is_guard)
            decide_guard(merging, &place);
        else
            split(merging, &place);
    }
    return true;
}

/* A condition of the whole event that does not hold: no field of it is written, `partial` or not. */
static bool is_condition(const struct decision *decision)
{
    return decision->note == DECISION_NOTE_GUARD || decision->note == DECISION_NOTE_BASE_VERSION;
}

/* The outermost parent that goes as a whole with the decisions from `first` on. */
static const struct whole *whole_at(const struct merging *merging, size_t first)
{
    for (size_t i = 0; i < merging->whole_count; i++) {
        const struct whole *whole = &merging->wholes[i];
        size_t removed = 0;

        if (whole->first != first || whole->count == 0 || whole->has_ignored)
            continue;
        while (removed < whole->count && merging->decisions[first + removed].result == RESULT_OURS)
            removed++;
        if (removed == whole->count)
            return whole;
    }
    return NULL;
}

static void make_edits(struct merging *merging, struct merge_output *output)
{
    struct json_edit *edits = arena_take(merging->arena, (merging->decision_count + 1) * sizeof(*edits));
    size_t count = 0, in_whole;

    for (size_t i = 0; i < merging->decision_count; i += in_whole) {
        struct decision *decision = &merging->decisions[i];
        const struct whole *whole = whole_at(merging, i);

        in_whole = whole != NULL ? whole->count : 1;
        if (!decision_changes(decision))
            continue;
        for (size_t j = i; j < i + in_whole; j++)
            merging->decisions[j].is_written = true;
        edits[count++] = whole != NULL ? (struct json_edit){.pointer = whole->field}
                                       : (struct json_edit){.pointer = decision->field, .value = decision->value.text};
    }
    output->edits = edits;
    output->edit_count = count;
}

static void judge(struct merging *merging, struct merge_output *output)
{
    bool has_conflict = false, has_condition = false;

    output->is_already = merging->decision_count > 0;
    output->is_plain = true;
    for (size_t i = 0; i < merging->decision_count; i++) {
        const struct decision *decision = &merging->decisions[i];
        bool is_already = decision->merge_case == CASE_1;

        has_conflict = has_conflict || decision->result == RESULT_CONFLICT;
        has_condition = has_condition || is_condition(decision);
        output->is_already = output->is_already && is_already;
        output->is_superseded = output->is_superseded || decision->note == DECISION_NOTE_SUPERSEDED;
        output->is_plain = output->is_plain && (is_already || (decision->merge_case == CASE_2 &&
                                                               decision->result == RESULT_OURS));
    }
    if (!has_conflict || (merging->defaults->partial && !has_condition))
        make_edits(merging, output);
    output->verdict = has_conflict ? MERGE_CONFLICT : output->edit_count > 0 ? MERGE_WRITE : MERGE_NOTHING;
}

void merge(const struct merge_input *input, struct arena *arena, struct merge_output *ret_output)
{
    struct merging merging = {.input = input, .defaults = rules_defaults(input->rules), .arena = arena};
    struct merge_output output = {.verdict = MERGE_REJECT};

    ensure(input->theirs != NULL);
    ensure(input->event != NULL);
    if (decide_changes(&merging, &output.reject_field)) {
        decide_groups(&merging);
        demand_base_version(&merging);
        judge(&merging, &output);
        output.decisions = merging.decisions;
        output.decision_count = merging.decision_count;
    }
    *ret_output = output;
}

bool merge_edits_stand(const struct json *document, const struct json_edit *edits, size_t count,
                       struct arena *arena)
{
    struct merging merging = {.arena = arena};

    ensure(count > 0);
    for (size_t i = 0; i < count; i++) {
        struct side now = side_in(document, edits[i].pointer);
        struct side set = bytes_present(edits[i].value) ? side_of_text(&merging, edits[i].value) : SIDE_MISSING;

        if (!side_equal(&now, &set))
            return false;
    }
    return true;
}
