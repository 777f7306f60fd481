#include "world.h"

#include "common/check.h"
#include "common/pointer.h"

#include <stdio.h>

/* model_agrees: the decisions, the case and the outcome of a record against a second telling of the rules, on the
 * state that the service's own history has at that version. */

static struct model_value model_of(struct value value)
{
    static const enum model_state states[] = {
        [VALUE_PRESENT] = MODEL_VALUE, [VALUE_MISSING] = MODEL_MISSING, [VALUE_UNKNOWN] = MODEL_UNKNOWN};

    return (struct model_value){states[value.state], value.text};
}

static const struct decision *find_decision(const struct finished *finished, struct bytes field)
{
    for (size_t i = 0; i < finished->decision_count; i++) {
        if (bytes_equal(finished->decisions[i].field, field))
            return &finished->decisions[i];
    }
    return NULL;
}

struct question_context {
    struct world *world;
    const struct record *record;
};

/* What only the worker knows: what it remembered, what its refused copy had. */
static bool recall(void *context, struct bytes pointer, struct model_value *ret_base, enum model_base_from *ret_from)
{
    const struct question_context *question = context;
    const struct decision *decision = find_decision(&question->record->finished, pointer);

    if (decision == NULL ||
        (decision->base_from != BASE_FROM_REFUSED_COPY && decision->base_from != BASE_FROM_MEMORY))
        return false;
    *ret_base = model_of(decision->base);
    *ret_from = decision->base_from == BASE_FROM_MEMORY ? MODEL_MEMORY : MODEL_REFUSED_COPY;
    return true;
}

static bool asks_for(const struct asked *asked, struct bytes pointer, struct model_value wanted)
{
    for (size_t i = 0; i < asked->event.change_count; i++) {
        const struct change *change = &asked->event.changes[i];
        struct model_value ours = {MODEL_MISSING, BYTES_NONE};

        if (change->is_guard || !pointer_covers(change->field, pointer))
            continue;
        if (bytes_present(change->ours)) {
            ours = model_value_at(change->ours, bytes_from(pointer, change->field.size));
            if (ours.state == MODEL_MISSING)
                continue; /* an object that does not have it does not mention it */
        }
        if (model_equal(ours, wanted))
            return true;
    }
    return false;
}

/* Which later events waited in the lane only the worker knows; that one of them asks for the value is checked. */
static bool is_superseded(void *context, struct bytes pointer, struct model_value theirs)
{
    const struct question_context *question = context;
    const struct decision *decision = find_decision(&question->record->finished, pointer);
    const struct asked *this = question->record->asked;

    if (decision == NULL || decision->note != DECISION_NOTE_SUPERSEDED)
        return false;
    for (size_t i = 0; i < question->world->options.partitions; i++) {
        list_each(node, &question->world->kafka.partitions[i].asked) {
            const struct asked *asked = list_item(node, struct asked, in_partition);

            if (asked->is_good && bytes_equal(asked->key, this->key) && asked->event.operation != OPERATION_CREATE &&
                (asked->partition != this->partition || asked->offset > this->offset) &&
                asks_for(asked, pointer, theirs))
                return true;
        }
    }
    return false;
}

/* Whether a write was perhaps applied only the worker knows; that one of unknown fate was sent is checked. */
static bool is_perhaps_added(void *context, struct bytes pointer)
{
    const struct question_context *question = context;
    const struct decision *decision = find_decision(&question->record->finished, pointer);

    return decision != NULL && decision->note == DECISION_NOTE_NOT_REPEATABLE && has_ambiguous_write(question->record);
}

/* A base that the worker claims was really there: in some state, and if remembered, by an event. (After a write of
 * unknown fate the same value from somebody else counts as one's own.) */
static bool base_was_there(const struct world *world, const struct record *record, const struct document *document,
                           const struct decision *decision)
{
    if (decision->base_from == BASE_FROM_MEMORY && fold_touched(record, decision->field))
        return true; /* that it is what the mate set there, the model says */
    if (decision->base_from == BASE_FROM_REFUSED_COPY && decision->base.state == VALUE_MISSING &&
        was_nothing_refused(record))
        return true;
    list_each(node, &document->states) {
        const struct state *state = list_item(node, struct state, in_document);
        struct model_value value = model_value_at(state->text, decision->field);

        if (model_equal(value, model_of(decision->base)) &&
            (decision->base_from != BASE_FROM_MEMORY || world->was_ambiguous ||
             (state->request != NULL && state->request->worker == record->worker &&
              state->request->epoch == record->epoch)))
            return true;
    }
    return false;
}

/* The document was another one meanwhile, or events that were refused together have been tried one by one since: what
 * went before an event's own turn is nothing that it knows of. */
static bool has_begun_anew(const struct record *record)
{
    bool has = record->finished.attempts_dropped > 0 || was_nothing_refused(record);

    for (size_t i = 0; i < record->finished.attempt_count; i++) {
        enum meaning meaning = record->finished.attempts[i].meaning;

        has = has || meaning == MEANING_REFUSED || meaning == MEANING_GONE || meaning == MEANING_MISSING;
    }
    return has;
}

/* Between a write that was refused and the copy that decides, somebody changed this field: then the refused copy is
 * the base, and not memory, nor nothing. */
static bool forgets_refused_copy(const struct world *world, const struct record *record,
                                 const struct document *document, const struct state *now,
                                 const struct decision *decision)
{
    const struct holding *holding = &record->asked->holdings[record->worker->number];
    const struct state *refused = document_at(document, holding->refused_version);
    const struct state *first = document_at(document, holding->refused_first);
    struct model_value value = model_value_at(now->text, decision->field);

    if (rule_wants_own_base(decision->entry->rule) || refused == NULL || world->was_ambiguous ||
        record->asked->received_count > 1 || has_begun_anew(record) ||
        (decision->base_from != BASE_FROM_MEMORY && decision->base_from != BASE_FROM_NONE) ||
        (decision->note != DECISION_NOTE_NONE && decision->note != DECISION_NOTE_NO_BASE) || decision->merge_case == CASE_1 ||
        fold_touched(record, decision->field))
        return false;
    return !model_equal(model_value_at(refused->text, decision->field), value) ||
           (first != NULL && !model_equal(model_value_at(first->text, decision->field), value));
}

static void compare(struct world *world, const struct record *record, const struct model_decision *model)
{
    const struct decision *decision = find_decision(&record->finished, model->pointer);
    static const enum model_result results[] = {[RESULT_THEIRS] = MODEL_THEIRS,
                                                [RESULT_OURS] = MODEL_OURS,
                                                [RESULT_MERGED] = MODEL_MERGED,
                                                [RESULT_CONFLICT] = MODEL_CONFLICT};
    char where[160];

    snprintf(where, sizeof(where), "p%d/%lld %.*s on version %.*s", record->asked->partition,
             (long long)record->asked->offset, BYTES_ARG(model->pointer),
             BYTES_ARG(record->finished.version_before));
    if (decision == NULL) {
        world_fail(world, "model_agrees", "%s: no decision; the model says %s", where,
                   model_result_name(model->verdict.result));
        return;
    }
    if (results[decision->result] != model->verdict.result)
        world_fail(world, "model_agrees", "%s: decided for %s, the model says %s", where,
                   model_result_name(results[decision->result]), model_result_name(model->verdict.result));
    if (decision->result == RESULT_MERGED && model->verdict.result == MODEL_MERGED &&
        !model_equal(model_of(decision->value), model->verdict.value))
        world_fail(world, "model_agrees", "%s: made '%.*s', the model makes '%.*s'", where,
                   BYTES_ARG(decision->value.text), BYTES_ARG(model->verdict.value.text));
    if (model->note != MODEL_PLAIN || decision->note != DECISION_NOTE_NONE)
        return;
    if (strcmp(rule_name(decision->entry->rule), model_rule_name(model->rule)) != 0 ||
        strcmp(merge_case_name(decision->merge_case), model_case_name(model->verdict.kase)) != 0)
        world_fail(world, "model_agrees", "%s: %s %s, the model says %s %s", where, rule_name(decision->entry->rule),
                   merge_case_name(decision->merge_case), model_rule_name(model->rule),
                   model_case_name(model->verdict.kase));
    if (decision->theirs.state != VALUE_UNKNOWN && !model_equal(model_of(decision->theirs), model->theirs))
        world_fail(world, "model_agrees", "%s: theirs is '%.*s', the service had '%.*s'", where,
                   BYTES_ARG(decision->theirs.text), BYTES_ARG(model->theirs.text));
}

/* What is ignored is not compared either: a guard there guards nothing. */
static bool is_ignored_guard(struct world *world, const struct change *change)
{
    return change->is_guard && model_rule_of(&world->model_rules, change->field) == MODEL_IGNORE;
}

static const struct model_change *model_changes(struct world *world, const struct event *event, size_t *ret_count)
{
    struct model_change *changes = arena_take(world->scratch, (event->change_count + 1) * sizeof(*changes));

    *ret_count = 0;
    for (size_t i = 0; i < event->change_count; i++) {
        const struct change *change = &event->changes[i];
        struct model_change *model = &changes[*ret_count];

        if (is_ignored_guard(world, change))
            continue;
        *ret_count += 1;
        model->pointer = change->field;
        model->ours = (struct model_value){change->is_guard              ? MODEL_UNKNOWN
                                               : bytes_present(change->ours) ? MODEL_VALUE
                                                                             : MODEL_MISSING,
                                               change->ours};
        model->base = (struct model_value){change->base_known == BASE_UNKNOWN   ? MODEL_UNKNOWN
                                               : change->base_known == BASE_MISSING ? MODEL_MISSING
                                                                                    : MODEL_VALUE,
                                               change->base};
    }
    return changes;
}

static bool ends_agree(const struct finished *finished, enum model_end end)
{
    switch (finished->outcome) {
    case OUTCOME_APPLIED:
    case OUTCOME_MERGED:
        return end == MODEL_WRITTEN;
    case OUTCOME_UNCHANGED:
        return end == (finished->reason == REASON_FOLDED_AWAY ? MODEL_WRITTEN : MODEL_UNCHANGED);
    case OUTCOME_CONFLICT:
        return end == MODEL_UNDECIDED;
    case OUTCOME_REJECTED:
        return finished->reason != REASON_ARRAY_INDEX || end == MODEL_INDEX;
    default:
        return true;
    }
}

/* `applied` promises that nothing but c1 and c2 with ours happened, and no stale answer. */
static void check_applied(struct world *world, const struct record *record)
{
    const struct finished *finished = &record->finished;
    bool is_plain = finished->stale_answers == 0;

    for (size_t i = 0; i < finished->decision_count; i++) {
        const struct decision *decision = &finished->decisions[i];

        is_plain = is_plain && (decision->merge_case == CASE_1 ||
                                (decision->merge_case == CASE_2 && decision->result == RESULT_OURS));
    }
    if ((finished->outcome == OUTCOME_APPLIED && !is_plain) || (finished->outcome == OUTCOME_MERGED && is_plain))
        world_fail(world, "model_agrees", "p%d/%lld ends %s after %zu stale answers, %s", finished->partition,
                   (long long)finished->offset, outcome_name(finished->outcome), finished->stale_answers,
                   is_plain ? "with c1 and c2 only" : "with more than c1 and c2");
}

static bool is_own_write(const struct state *state, const struct record *record)
{
    return state_is_written_for(state, record->asked) && state->request->worker == record->worker &&
           state->request->epoch == record->epoch;
}

/* The refused copy is the base because somebody else changed the field since, and not the event's own write. */
static bool blames_itself(const struct record *record, const struct document *document, const struct state *now,
                          const struct decision *decision)
{
    const struct holding *holding = &record->asked->holdings[record->worker->number];
    const struct state *refused = document_at(
        document, bytes_present(holding->refused_first) ? holding->refused_first : holding->refused_version);
    const struct state *last = refused;

    /* the same: the write was built on the copy that decided, and it ended the event */
    if (refused == NULL || refused == now || decision->base_from != BASE_FROM_REFUSED_COPY ||
        (decision->base.state == VALUE_MISSING && was_nothing_refused(record)))
        return false;
    while (last != now && last->in_document.next != &document->states) {
        const struct state *next = list_item(last->in_document.next, struct state, in_document);
        struct model_value before = model_value_at(last->text, decision->field);
        struct model_value after = model_value_at(next->text, decision->field);

        if (!is_own_write(next, record) && !model_equal(before, after))
            return false;
        last = next;
    }
    return last == now;
}

/* What an event of the same write has just set there is the base, unless the event brings its own. */
static bool forgets_mate(const struct world *world, const struct record *record, const struct decision *decision)
{
    struct value base;

    if (!world->options.memory_is_base || decision->merge_case == CASE_1 || decision->base_from == BASE_FROM_EVENT ||
        decision->base_from == BASE_FROM_VERSION || rule_wants_own_base(decision->entry->rule) ||
        !fold_has_base(world, record, decision->field, &base))
        return false;
    return decision->base_from != BASE_FROM_MEMORY || !model_equal(model_of(decision->base), model_of(base));
}

static void check_bases(struct world *world, const struct record *record, const struct document *document,
                        const struct state *state)
{
    const struct asked *asked = record->asked;

    for (size_t i = 0; i < record->finished.decision_count; i++) {
        const struct decision *decision = &record->finished.decisions[i];

        if (forgets_mate(world, record, decision))
            world_fail(world, "model_agrees", "p%d/%lld %.*s was set by an event of the same write before it, but its "
                       "base is '%.*s' (%s)", asked->partition, (long long)asked->offset, BYTES_ARG(decision->field),
                       BYTES_ARG(decision->base.text), base_from_name(decision->base_from));
        if (blames_itself(record, document, state, decision))
            world_fail(world, "model_agrees", "p%d/%lld %.*s is taken for changed by somebody else since a write was "
                       "refused, but only the event's own writes changed it", asked->partition,
                       (long long)asked->offset, BYTES_ARG(decision->field));
        if (forgets_refused_copy(world, record, document, state, decision))
            world_fail(world, "model_agrees", "p%d/%lld %.*s changed since a write was refused, but its base is %s",
                       asked->partition, (long long)asked->offset, BYTES_ARG(decision->field),
                       base_from_name(decision->base_from));
        if ((decision->base_from == BASE_FROM_MEMORY || decision->base_from == BASE_FROM_REFUSED_COPY) &&
            !base_was_there(world, record, document, decision))
            world_fail(world, "model_agrees", "p%d/%lld %.*s: the base '%.*s' (%s) never stood there",
                       asked->partition, (long long)asked->offset, BYTES_ARG(decision->field),
                       BYTES_ARG(decision->base.text), base_from_name(decision->base_from));
    }
}

void check_model(struct world *world, const struct record *record)
{
    const struct asked *asked = record->asked;
    const struct document *document = service_find(world, asked->key);
    const struct state *state = record_state(world, record);
    struct question_context context = {world, record};
    struct model_question question;
    struct model_answer answer;
    struct bytes document_before;
    bool has_changed;

    if (!bytes_present(record->finished.version_before) && has_ambiguous_write(record))
        return; /* it was read more than once, and nothing says which of the states it is */
    if (state == NULL) {
        world_fail(world, "model_agrees", "p%d/%lld: version_before '%.*s' was never given out", asked->partition,
                   (long long)asked->offset, BYTES_ARG(record->finished.version_before));
        return;
    }
    arena_reset(world->scratch);
    document_before = fold_document(world, record, state, &has_changed);
    if (!bytes_present(document_before)) {
        world_fail(world, "model_agrees", "p%d/%lld is %zu. of %zu events that end together, the others are not there",
                   asked->partition, (long long)asked->offset, record->finished.fold_position, record->finished.folded);
        return;
    }
    question = (struct model_question){
        .document = document_before,
        .rules = &world->model_rules,
        .time = asked->event.time,
        .is_version_current = !has_changed && bytes_present(record->finished.version_before) &&
                              bytes_equal(asked->event.base_version, state->version),
        .is_partial = world->options.partial,
        .recall = recall,
        .is_superseded = is_superseded,
        .is_perhaps_added = is_perhaps_added,
        .context = &context,
    };
    question.changes = model_changes(world, &asked->event, &question.count);
    model_merge(&question, world->scratch, &answer);
    if (!ends_agree(&record->finished, answer.end))
        world_fail(world, "model_agrees", "p%d/%lld ends %s on version %.*s, the model says otherwise (%d)",
                   asked->partition, (long long)asked->offset, outcome_name(record->finished.outcome),
                   BYTES_ARG(state->version), (int)answer.end);
    for (size_t i = 0; i < answer.count; i++)
        compare(world, record, &answer.decisions[i]);
    if (answer.count != record->finished.decision_count && answer.end != MODEL_INDEX)
        world_fail(world, "model_agrees", "p%d/%lld has %zu decisions, the model %zu", asked->partition,
                   (long long)asked->offset, record->finished.decision_count, answer.count);
    if (record->finished.reason == REASON_FOLDED_AWAY && record->finished.fold_position == record->finished.folded &&
        !model_equal((struct model_value){MODEL_VALUE, answer.document},
                     (struct model_value){MODEL_VALUE, state->text}))
        world_fail(world, "model_agrees", "p%d/%lld and those before it were folded away, but they change %.*s to %.*s",
                   asked->partition, (long long)asked->offset, BYTES_ARG(document->id), BYTES_ARG(answer.document));
    check_bases(world, record, document, state);
    check_applied(world, record);
}
