#include "world.h"

/* Documents that events make and delete: created_as_asked, deleted_as_seen, and what the records of such events say. */

static struct model_value model_base(const struct change *change)
{
    if (change->base_known == BASE_UNKNOWN)
        return (struct model_value){MODEL_UNKNOWN, BYTES_NONE};
    return (struct model_value){change->base_known == BASE_VALUE ? MODEL_VALUE : MODEL_MISSING, change->base};
}

static struct model_value model_ours(const struct change *change)
{
    return (struct model_value){bytes_present(change->ours) ? MODEL_VALUE : MODEL_MISSING, change->ours};
}

/* --- created_as_asked --- */

/* What the rules make of the event's fields on this text, where its producer saw none. */
static struct model_answer made_of(struct world *world, const struct event *event, struct bytes text)
{
    struct model_change *changes = arena_take(world->scratch, (event->change_count + 1) * sizeof(*changes));
    struct model_question question = {.document = text, .changes = changes, .rules = &world->model_rules};
    struct model_answer answer;

    for (size_t i = 0; i < event->change_count; i++) {
        const struct change *change = &event->changes[i];

        if (!change->is_guard)
            changes[question.count++] = (struct model_change){
                .pointer = change->field, .ours = model_ours(change), .base = {MODEL_MISSING, BYTES_NONE}};
    }
    model_merge(&question, world->scratch, &answer);
    return answer;
}

static bool has_later(const struct world *world, const struct asked *asked)
{
    const struct list *events = &world->kafka.partitions[asked->partition].asked;

    for (const struct list *node = asked->in_partition.next; node != events; node = node->next)
        if (bytes_equal(list_item(node, struct asked, in_partition)->key, asked->key))
            return true;
    return false;
}

/* The fields that the rules give to the event, but those that a later event supersedes, and no others. */
static bool is_as_asked(struct world *world, const struct asked *asked, struct bytes text)
{
    struct model_answer answer = made_of(world, &asked->event, BYTES("{}"));
    struct bytes wanted = BYTES("{}");

    for (size_t i = 0; i < answer.count; i++) {
        const struct model_decision *decision = &answer.decisions[i];
        bool is_there = model_value_at(text, decision->pointer).state == MODEL_VALUE;

        if (decision->verdict.result == MODEL_OURS && decision->ours.state == MODEL_VALUE &&
            (is_there || !has_later(world, asked)) &&
            !model_set(wanted, decision->pointer, decision->ours, world->scratch, &wanted))
            return false;
    }
    if (world->options.normalizes &&
        !model_set(wanted, BYTES("/revision"), model_value_at(text, BYTES("/revision")), world->scratch, &wanted))
        return false;
    return model_equal((struct model_value){MODEL_VALUE, wanted}, (struct model_value){MODEL_VALUE, text});
}

void check_create(struct world *world, const struct request *request, const struct document *document)
{
    const struct asked *asked = request->asked[0];
    enum event_operation operation = asked->event.operation;

    arena_reset(world->scratch);
    if (request->asked_count != 1 || operation == OPERATION_DELETE ||
        (operation == OPERATION_UPDATE && !world->options.creates_what_is_absent) ||
        !is_as_asked(world, asked, document_now(document)->text))
        world_fail(world, "created_as_asked", "%.*s is made for p%d/%lld (%s), which does not ask for that: %.*s",
                   BYTES_ARG(document->id), asked->partition, (long long)asked->offset, event_operation_name(operation),
                   BYTES_ARG(document_now(document)->text));
}

/* --- deleted_as_seen --- */

static bool guards_stand(const struct world *world, const struct event *event, const struct state *state)
{
    for (size_t i = 0; i < event->change_count; i++)
        if (model_rule_of(&world->model_rules, event->changes[i].field) != MODEL_IGNORE &&
            !model_equal(model_base(&event->changes[i]), model_value_at(state->text, event->changes[i].field)))
            return false;
    return true;
}

/* The producer saw this document, or is its authority. */
static bool may_delete(const struct world *world, const struct event *event, const struct state *state)
{
    if (model_rule_of(&world->model_rules, BYTES("")) == MODEL_EXTERNAL)
        return true;
    if (event->change_count > 0)
        return guards_stand(world, event, state);
    return bytes_present(event->base_version) && bytes_equal(event->base_version, state->version);
}

void check_delete(struct world *world, const struct request *request, const struct document *document)
{
    struct asked *asked = request->asked[0];

    if (request->asked_count != 1 || asked->event.operation != OPERATION_DELETE ||
        !may_delete(world, &asked->event, document_now(document)))
        world_fail(world, "deleted_as_seen", "%.*s (v%lld) is deleted for p%d/%lld, which did not see it so",
                   BYTES_ARG(document->id), (long long)document_now(document)->number, asked->partition,
                   (long long)asked->offset);
    asked->has_deleted = true;
}

/* --- their records --- */

/* The last read that told of the document found none. */
static bool found_none(const struct finished *finished)
{
    for (size_t i = finished->attempt_count; i-- > 0;) {
        const struct attempt *attempt = &finished->attempts[i];

        if (!attempt->is_write && (attempt->meaning == MEANING_MISSING || attempt->meaning == MEANING_GONE))
            return true;
        if (!attempt->is_write && (attempt->meaning == MEANING_OK || attempt->meaning == MEANING_NOT_MODIFIED))
            return false;
    }
    return false;
}

bool was_nothing_refused(const struct record *record)
{
    return record->has_tried_to_create;
}

bool is_of_the_whole(const struct world *world, const struct record *record)
{
    enum event_operation operation = record->asked->event.operation;

    return operation == OPERATION_CREATE || operation == OPERATION_DELETE || found_none(&record->finished) ||
           (record_state(world, record) == NULL && was_nothing_refused(record));
}

static bool fields_stand(struct world *world, const struct event *event, const struct state *state)
{
    struct model_answer answer = made_of(world, event, state->text);

    for (size_t i = 0; i < answer.count; i++)
        if (answer.decisions[i].verdict.kase != MODEL_C1)
            return false;
    return true;
}

/* A conflict must have its cause in the state on which the record says that it ended. */
static bool is_conflict_due(struct world *world, const struct record *record, const struct state *state)
{
    const struct event *event = &record->asked->event;

    if (found_none(&record->finished)) /* a rule has no answer to a value that is to be made */
        return event->operation != OPERATION_DELETE;
    if (state == NULL)
        return has_ambiguous_write(record);
    return event->operation == OPERATION_DELETE ? !may_delete(world, event, state) : !fields_stand(world, event, state);
}

static bool is_unchanged_due(struct world *world, const struct record *record, const struct state *state)
{
    const struct event *event = &record->asked->event;
    enum reason reason = record->finished.reason;

    if (reason == REASON_SUPERSEDED)
        return true; /* which later events waited only the worker knows */
    if (event->operation == OPERATION_DELETE)
        return found_none(&record->finished) && (!record->asked->has_deleted || record->asked->received_count > 1);
    if (found_none(&record->finished))
        return made_of(world, event, BYTES("{}")).end == MODEL_UNCHANGED;
    return reason == REASON_ALREADY && state != NULL && event->operation == OPERATION_CREATE &&
           fields_stand(world, event, state);
}

void check_whole(struct world *world, const struct record *record)
{
    const struct finished *finished = &record->finished;
    const struct state *state = record_state(world, record);
    bool is_good = true;

    arena_reset(world->scratch);
    if (finished->outcome == OUTCOME_CONFLICT)
        is_good = is_conflict_due(world, record, state);
    else if (finished->outcome == OUTCOME_UNCHANGED)
        is_good = is_unchanged_due(world, record, state);
    else if (finished->outcome == OUTCOME_APPLIED)
        is_good = finished->stale_answers == 0 && finished->is_written;
    if (!is_good)
        world_fail(world, "whole_documents", "p%d/%lld (%s) ends %s (%s) without cause", finished->partition,
                   (long long)finished->offset, event_operation_name(record->asked->event.operation),
                   outcome_name(finished->outcome), reason_name(finished->reason));
}
