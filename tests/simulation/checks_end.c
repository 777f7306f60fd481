#include "world.h"

#include "common/check.h"

/* What must be true when everything is at rest. */

static void check_partition(struct world *world, int32_t number)
{
    const struct partition_log *log = &world->kafka.partitions[number];

    if (log->committed != log->end)
        world_fail(world, "liveness", "p%d is committed up to %lld, its end is %lld", number,
                   (long long)log->committed, (long long)log->end);
    list_each(node, &log->asked) {
        const struct asked *asked = list_item(node, struct asked, in_partition);

        if (asked->records == 0)
            world_fail(world, "committed_means_recorded", "p%d/%lld has no record", number, (long long)asked->offset);
        else if (outcome_is_dead_letter(asked->last_record->finished.outcome) && asked->last_record->is_heard &&
                 !asked->has_dead_letter)
            world_fail(world, "committed_means_recorded", "p%d/%lld has no dead letter", number,
                       (long long)asked->offset);
    }
}

static void check_worker(struct world *world, struct worker *worker)
{
    const struct counters *counters;

    if (worker->engine == NULL)
        return;
    counters = engine_counters(worker->engine);
    if (counters->value[COUNTER_EVENTS_HELD] != 0 || counters->value[COUNTER_LANES] != 0 ||
        counters->value[COUNTER_REQUESTS_IN_FLIGHT] != 0 || counters->value[COUNTER_EVENTS_HELD_BYTES] != 0)
        world_fail(world, "liveness", "%c still holds %llu events in %llu lanes", worker->name,
                   (unsigned long long)counters->value[COUNTER_EVENTS_HELD],
                   (unsigned long long)counters->value[COUNTER_LANES]);
}

/* Sent, and nobody can tell what became of it. */
static bool is_ambiguous(const struct attempt *attempt)
{
    bool is_definite = attempt->sent == SENT_ONCE &&
                       (attempt->meaning == MEANING_STALE || attempt->meaning == MEANING_LOCKED ||
                        (attempt->meaning == MEANING_OVERLOAD && attempt->status < 500));

    return attempt->is_write && attempt->sent != SENT_NOT && attempt->meaning != MEANING_OK && !is_definite;
}

const struct state *record_state(const struct world *world, const struct record *record)
{
    const struct document *document = service_find(world, record->asked->key);

    if (document == NULL)
        return NULL;
    if (!bytes_present(record->finished.version_before))
        return record->unversioned;
    return document_at(document, record->finished.version_before);
}

bool has_ambiguous_write(const struct record *record)
{
    bool has = record->finished.attempts_dropped > 0;

    for (size_t i = 0; i < record->finished.attempt_count; i++)
        has = has || is_ambiguous(&record->finished.attempts[i]);
    return has;
}

/* Some accepted write of the event has every value that the record says was written. After a write of unknown fate the
 * same values from somebody else's hand cannot be told apart. */
static bool is_in_history(const struct document *document, const struct record *record)
{
    const struct finished *finished = &record->finished;

    if (record->asked->event.operation == OPERATION_DELETE)
        return record->asked->has_deleted || has_ambiguous_write(record);
    list_each(node, &document->states) {
        const struct state *state = list_item(node, struct state, in_document);
        bool has_all = state_is_written_for(state, record->asked) || has_ambiguous_write(record);

        for (size_t i = 0; i < finished->decision_count && has_all; i++) {
            const struct decision *decision = &finished->decisions[i];
            struct model_value value = model_value_at(state->text, decision->field);

            if (decision->is_written)
                has_all = (decision->value.state == VALUE_PRESENT
                               ? model_equal(value, (struct model_value){MODEL_VALUE, decision->value.text})
                               : value.state == MODEL_MISSING) ||
                          (state->request != NULL &&
                           fold_changes_below(state->request, record->asked, decision->field));
        }
        if (has_all)
            return true;
    }
    return false;
}

static void check_written(struct world *world)
{
    list_each(node, &world->kafka.records) {
        const struct record *record = list_item(node, struct record, in_topic);
        const struct document *document = service_find(world, record->asked->key);

        if (record->finished.is_written && (document == NULL || !is_in_history(document, record)))
            world_fail(world, "final_documents", "the record of p%d/%lld says that it was written; the service has no "
                       "such write", record->asked->partition, (long long)record->asked->offset);
    }
}

/* A record that denies a write that the service has must at least tell of a write whose fate was unknown. */
static bool explains(const struct record *record)
{
    return record->finished.is_written || record->asked->received_count > 1 || has_ambiguous_write(record);
}

/* Of the events of a write at least one says so; those that conflict or ask for nothing are not written. */
static bool is_explained(const struct request *request)
{
    for (size_t i = 0; i < request->asked_count; i++) {
        if (request->asked[i]->last_record == NULL || explains(request->asked[i]->last_record))
            return true;
    }
    return false;
}

static void check_history(struct world *world, const struct document *document)
{
    list_each(node, &document->states) {
        const struct state *state = list_item(node, struct state, in_document);

        if (state->request != NULL && !is_explained(state->request))
            world_fail(world, "final_documents", "%.*s v%lld was written for p%d/%lld, whose record does not say so",
                       BYTES_ARG(document->id), (long long)state->number, state->request->asked[0]->partition,
                       (long long)state->request->asked[0]->offset);
    }
}

/* Shows that a failing check is seen, shrunk, reported and told by the exit code. */
static void check_canary(struct world *world)
{
    if (world_has_canary && world->finished_events > 0)
        world_fail(world, "canary", "this check fails in every run that ends an event");
}

void check_end(struct world *world)
{
    if (world->failure.is_set)
        return;
    for (int32_t i = 0; i < (int32_t)world->options.partitions; i++)
        check_partition(world, i);
    for (uint32_t i = 0; i < world->options.workers; i++)
        check_worker(world, &world->workers[i]);
    check_written(world);
    check_canary(world);
    list_each(node, &world->service.documents)
        check_history(world, list_item(node, struct document, in_service));
}
