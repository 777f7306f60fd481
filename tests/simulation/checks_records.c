#include "world.h"

#include "common/check.h"
#include "probes.h"

/* The invariants of what is published. */

static bool is_same_epoch(const struct record *a, const struct record *b)
{
    return a->worker == b->worker && a->life == b->life && a->epoch == b->epoch;
}

static void check_order(struct world *world, const struct worker *worker, const struct action *action,
                        const struct asked *asked)
{
    list_each(node, &world->kafka.partitions[asked->partition].asked) {
        const struct asked *other = list_item(node, struct asked, in_partition);

        if (other->offset >= asked->offset)
            return;
        if (other->is_good && bytes_equal(other->key, asked->key) && other->holdings[worker->number].received_epoch == action->epoch &&
            other->holdings[worker->number].finished_epoch != action->epoch &&
            !other->holdings[worker->number].is_taken_over)
            world_fail(world, "in_order", "%c ends p%d/%lld of %.*s before p%d/%lld", worker->name, asked->partition,
                       (long long)asked->offset, BYTES_ARG(asked->key), other->partition, (long long)other->offset);
    }
}

void check_publish(struct world *world, const struct worker *worker, const struct action *action,
                   struct asked *asked)
{
    const struct worker_partition *held = &worker->partitions[action->partition];
    const struct finished *finished = action->publish.finished;

    if (asked == NULL || asked->holdings[worker->number].received_epoch != action->epoch) {
        world_fail(world, "one_record_each", "%c records p%d/%lld, which it did not receive", worker->name,
                   finished->partition, (long long)finished->offset);
        return;
    }
    if (!held->is_held || held->epoch != action->epoch)
        world_fail(world, "epochs", "%c records p%d/%lld in epoch %d, which is over", worker->name, asked->partition,
                   (long long)asked->offset, action->epoch);
    if (finished->stale_answers != asked->holdings[worker->number].stale_answers)
        world_fail(world, "counters_true", "p%d/%lld tells of %zu stale answers, there were %u", asked->partition,
                   (long long)asked->offset, finished->stale_answers, asked->holdings[worker->number].stale_answers);
    check_repeats(world, worker, finished, asked);
    if (asked->is_good && finished->reason != REASON_SKIPPED_BY_OPERATOR)
        check_order(world, worker, action, asked);
    if (!asked->is_good && finished->outcome != (finished->reason == REASON_NOT_AN_UPDATE ? OUTCOME_UNCHANGED : OUTCOME_REJECTED))
        world_fail(world, "model_agrees", "p%d/%lld is no event, but ends %s", asked->partition,
                   (long long)asked->offset, outcome_name(finished->outcome));
}

/* --- ended_on_truth --- */

/* The document was in this state at some time since the event was received. */
static bool was_true(const struct document *document, const struct state *state, int64_t since_ms)
{
    const struct list *next = state->in_document.next;

    return next == &document->states || list_item(next, struct state, in_document)->at_ms >= since_ms;
}

/* Events that were sent together are settled by their edits: where somebody else made the same ones, nobody can tell
 * that the write was refused, nor by which of several sendings the values came there. */
static bool is_open(const struct record *record)
{
    return record->finished.folded > 1 && has_ambiguous_write(record);
}

static void check_truth(struct world *world, const struct record *record)
{
    const struct asked *asked = record->asked;
    const struct document *document = service_find(world, asked->key);
    const struct state *state = record_state(world, record);

    if (state == NULL)
        world_fail(world, "ended_on_truth", "p%d/%lld ends %s on version '%.*s', which was never given out",
                   asked->partition, (long long)asked->offset, outcome_name(record->finished.outcome),
                   BYTES_ARG(record->finished.version_before));
    else if (!was_true(document, state, record->received_ms) && !is_open(record))
        world_fail(world, "ended_on_truth", "p%d/%lld ends %s on version %.*s, which was replaced before the event "
                   "was received", asked->partition, (long long)asked->offset, outcome_name(record->finished.outcome),
                   BYTES_ARG(state->version));
}

/* --- justified ends --- */

static bool met(const struct finished *finished, unsigned meanings)
{
    for (size_t i = 0; i < finished->attempt_count; i++) {
        if (meanings & (1U << finished->attempts[i].meaning))
            return true;
    }
    return finished->attempts_dropped > 0;
}

#define ONE(meaning) (1U << MEANING_##meaning)

static bool is_justified(const struct world *world, const struct record *record)
{
    const struct finished *finished = &record->finished;

    switch (finished->reason) {
    case REASON_CONFLICT_ATTEMPTS:
        return finished->stale_answers >= world->options.conflict_attempts;
    case REASON_PRECONDITION_UNSATISFIABLE:
        return finished->stale_answers >= 2 || met(finished, ONE(STALE));
    case REASON_SERVICE_ERROR:
        return met(finished, ONE(OUTAGE)) && record->others_succeeded;
    case REASON_UNDESCRIBED:
        return met(finished, ONE(UNDESCRIBED)) && record->others_succeeded;
    case REASON_LOCKED:
        return met(finished, ONE(LOCKED));
    case REASON_MISSING:
        return met(finished, ONE(MISSING));
    case REASON_GONE:
        return met(finished, ONE(GONE));
    case REASON_REFUSED:
        return met(finished, ONE(REFUSED));
    case REASON_UNREADABLE:
        return met(finished, ONE(UNREADABLE));
    case REASON_ARRAY_INDEX:
        return true; /* the model says */
    case REASON_DOCUMENT_TOO_LARGE:
        return world->story != NULL; /* no tape asks for that */
    case REASON_ID_REUSED:
    case REASON_SEQUENCE_SHAPE:
        return bytes_present(finished->event.source);
    case REASON_NO_VERSION:
        return world->options.profile == PROFILE_NONE ||
               record->unversioned != NULL;
    case REASON_SKIPPED_BY_OPERATOR:
        return finished->partition == 0 && finished->offset == world->options.skip_offset;
    default:
        return !finished->has_event;
    }
}

/* A fold of unknown fate was refused when it was sent again, and taken apart: the first sending came late. */
static bool is_of_a_fold_taken_apart(const struct record *record)
{
    return met(&record->finished, ONE(REFUSED)) && has_ambiguous_write(record);
}

/* The document was as the event's own write of this epoch had left it: that is no "unchanged". */
static void check_own_write(struct world *world, const struct record *record)
{
    const struct state *state = record_state(world, record);

    if (state != NULL && state_is_written_for(state, record->asked) && state->request->worker == record->worker &&
        state->request->epoch == record->epoch && !record->finished.is_written && !is_open(record) &&
        !is_of_a_fold_taken_apart(record))
        world_fail(world, "final_documents", "p%d/%lld ends %s on version %.*s, which it wrote itself",
                   record->asked->partition, (long long)record->asked->offset,
                   outcome_name(record->finished.outcome), BYTES_ARG(state->version));
}

static void check_justified(struct world *world, const struct record *record)
{
    const struct finished *finished = &record->finished;

    if ((finished->outcome == OUTCOME_REJECTED || finished->outcome == OUTCOME_EXHAUSTED) &&
        !is_justified(world, record))
        world_fail(world, "no_healthy_dead_letter", "p%d/%lld ends %s (%s) without cause", finished->partition,
                   (long long)finished->offset, outcome_name(finished->outcome), reason_name(finished->reason));
}

static void check_rendering(struct world *world, const struct record *record)
{
    struct json_fault fault;
    struct json json;

    arena_reset(world->scratch);
    if (!json_scan(record->audit, &JSON_LIMITS_DEFAULT, world->scratch, &json, &fault))
        world_fail(world, "record_is_json", "the record of p%d/%lld: byte %zu: %s", record->asked->partition,
                   (long long)record->asked->offset, fault.offset, fault.what);
}

void check_record(struct world *world, const struct record *record)
{
    const struct asked *asked = record->asked;
    const struct record *last = asked->last_record;

    probes_end(record->finished.outcome, record->finished.reason);
    if (last != NULL && last->is_heard && is_same_epoch(last, record))
        world_fail(world, "one_record_each", "%c has a second record of p%d/%lld after the first was acknowledged",
                   record->worker->name, asked->partition, (long long)asked->offset);
    check_rendering(world, record);
    check_justified(world, record);
    if (asked->is_good && is_of_the_whole(world, record)) {
        check_whole(world, record);
        return;
    }
    switch (record->finished.outcome) {
    case OUTCOME_UNCHANGED:
        if (record->finished.reason == REASON_NOT_AN_UPDATE)
            break; /* the document was not looked at */
        check_own_write(world, record);
        /* fall through */
    case OUTCOME_CONFLICT:
        check_truth(world, record);
        check_model(world, record);
        break;
    case OUTCOME_APPLIED:
    case OUTCOME_MERGED:
        check_model(world, record);
        break;
    default:
        if (record->finished.decision_count > 0)
            check_model(world, record);
    }
}
