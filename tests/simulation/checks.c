#include "world.h"

#include "engine/window_codec.h"

#include "common/check.h"

/* The invariants of requests, writes and commits. Each failure names the check and says what was seen. */

static bool holds(const struct worker *worker, int32_t partition, int32_t epoch)
{
    return worker->partitions[partition].is_held && worker->partitions[partition].epoch == epoch;
}

/* --- one_in_flight, waits_kept, epochs --- */

static void check_in_flight(struct world *world, const struct request *request)
{
    const struct worker *worker = request->worker;

    if (worker->in_flight >= world->options.max_in_flight)
        world_fail(world, "one_in_flight", "%c has more than %u requests under way", worker->name,
                   world->options.max_in_flight);
    list_each(node, &worker->requests) {
        const struct request *other = list_item(node, struct request, in_flight);

        if (bytes_equal(other->document, request->document))
            world_fail(world, "one_in_flight", "%c asks for %.*s while a request for it is under way", worker->name,
                       BYTES_ARG(request->document));
    }
}

static void check_pauses(struct world *world, const struct request *request)
{
    list_each_safe(node, &request->worker->pauses) {
        const struct pause *pause = list_item(node, struct pause, in_worker);

        if (pause->until_ms <= world->now_ms) {
            list_remove(node);
            continue;
        }
        if (pause->asked == NULL || (pause->asked == request->asked[0] && pause->epoch == request->epoch))
            world_fail(world, "waits_kept", "%c asks for %.*s %lld ms too early: %s", request->worker->name,
                       BYTES_ARG(request->document), (long long)(pause->until_ms - world->now_ms), pause->why);
    }
}

static void add_pause(struct world *world, const struct request *request, const struct asked *asked, int64_t for_ms,
                      const char *why)
{
    struct pause *pause = arena_zero(world->arena, sizeof(*pause));

    *pause = (struct pause){
        .asked = asked, .epoch = request->epoch, .until_ms = world->now_ms + for_ms, .why = why};
    list_push_back(&request->worker->pauses, &pause->in_worker);
}

/* --- owned_writes, never_blind, cached_is_exact --- */

/* Given out as it is, or with the weakness that the worker was told to leave away. */
static bool was_given_out(struct world *world, const struct document *document, struct bytes version)
{
    if (document_at(document, version) != NULL)
        return true;
    return world->options.strips_weak && version.data[0] == '"' &&
           document_at(document, world_format(world, "W/%.*s", BYTES_ARG(version))) != NULL;
}

/* A version with a resolution names more than one state: each write needs a read of its own. */
static void check_cached(struct world *world, const struct request *request)
{
    if (world->options.profile == PROFILE_INEXACT && !request->asked[0]->holdings[request->worker->number].has_read)
        world_fail(world, "cached_is_exact", "%c writes %.*s with version %.*s, which has a resolution, without a read",
                   request->worker->name, BYTES_ARG(request->document), BYTES_ARG(request->version));
    for (size_t i = 0; i < request->asked_count; i++)
        request->asked[i]->holdings[request->worker->number].has_read = false;
}

static void check_write_begins(struct world *world, const struct request *request)
{
    struct partition_log *log = &world->kafka.partitions[request->partition];
    const struct document *document = service_find(world, request->document);

    if (log->written_epoch > request->epoch)
        world_fail(world, "owned_writes", "%c writes %.*s of p%d in epoch %d, but epoch %d has written already",
                   request->worker->name, BYTES_ARG(request->document), request->partition, request->epoch,
                   log->written_epoch);
    log->written_epoch = request->epoch > log->written_epoch ? request->epoch : log->written_epoch;
    if (request->kind == WRITE_CREATE) {
        if (bytes_present(request->version))
            world_fail(world, "never_blind", "%c creates %.*s under version '%.*s'", request->worker->name,
                       BYTES_ARG(request->document), BYTES_ARG(request->version));
        return;
    }
    if (!bytes_present(request->version) && world->options.is_unprotected_allowed && request->kind == WRITE_CHANGE) {
        probe("a write goes out unprotected");
        return;
    }
    if (bytes_equal(request->version, request->asked[0]->holdings[request->worker->number].stale_version))
        world_fail(world, "waits_kept", "%c writes %.*s again with version %.*s, which was answered stale",
                   request->worker->name, BYTES_ARG(request->document), BYTES_ARG(request->version));
    if (document == NULL || !bytes_present(request->version) || !was_given_out(world, document, request->version))
        world_fail(world, "never_blind", "%c writes %.*s with version '%.*s', which the service never gave out",
                   request->worker->name, BYTES_ARG(request->document), BYTES_ARG(request->version));
}

/* --- paused_means_quiet --- */

void check_not_paused(struct world *world, const struct worker *worker, const char *what)
{
    if (worker->is_paused)
        world_fail(world, "paused_means_quiet", "%c is paused and %s", worker->name, what);
}

static void note_begin(const struct world *world, struct holding *holding)
{
    if (!holding->has_begun)
        holding->begun_ms = world->now_ms;
    holding->has_begun = true;
}

/* Both believe that the partition is theirs; only the younger may write. */
static void see_two_owners(const struct world *world, const struct request *request)
{
    const struct partition_log *log = &world->kafka.partitions[request->partition];

    if (log->epoch > request->epoch && log->owner != NULL)
        probe("a former owner asks while another has the partition");
}

void check_request(struct world *world, struct request *request)
{
    see_two_owners(world, request);
    if (!holds(request->worker, request->partition, request->epoch))
        world_fail(world, "epochs", "%c asks for %.*s in epoch %d of p%d, which is over", request->worker->name,
                   BYTES_ARG(request->document), request->epoch, request->partition);
    if (request->asked_count == 0 || request->asked_count != request->action.events) {
        world_fail(world, "in_order", "%c asks for %.*s for %zu events, but holds %zu unfinished ones of it",
                   request->worker->name, BYTES_ARG(request->document), request->action.events, request->asked_count);
        return;
    }
    if (request->asked_count > world->options.fold_events_max)
        world_fail(world, "one_in_flight", "%c asks for %.*s for %zu events, %u are allowed", request->worker->name,
                   BYTES_ARG(request->document), request->asked_count, world->options.fold_events_max);
    check_not_paused(world, request->worker, "sends a request");
    for (size_t i = 0; i < request->asked_count; i++)
        note_begin(world, &request->asked[i]->holdings[request->worker->number]);
    check_breaker(world, request);
    check_fairness(world, request);
    check_in_flight(world, request);
    check_pauses(world, request);
    if (request->is_write) {
        if (request->kind != WRITE_CREATE)
            check_cached(world, request);
        check_write_begins(world, request);
    }
}

/* The event's own count of attempts. */
static void count_stale(struct world *world, const struct request *request, struct asked *asked)
{
    struct holding *holding = &asked->holdings[request->worker->number];

    holding->stale_answers++;
    holding->stale_version = request->version;
    if (holding->stale_answers > world->options.conflict_attempts)
        world_fail(world, "waits_kept", "p%d/%lld was answered stale %u times", asked->partition,
                   (long long)asked->offset, holding->stale_answers);
}

/* The oldest of the events says how long to wait; where it has had all its attempts, the next one. */
static void pause_after_stale(struct world *world, const struct request *request)
{
    static const int64_t backoff_ms[] = {1000, 2000, 4000};

    for (size_t i = 0; i < request->asked_count; i++) {
        uint32_t answers = request->asked[i]->holdings[request->worker->number].stale_answers;

        if (answers >= world->options.conflict_attempts)
            continue;
        add_pause(world, request, request->asked[i], backoff_ms[answers < 3 ? answers - 1 : 2], "stale");
        return;
    }
}

static void note_refused(const struct request *request, struct holding *holding)
{
    holding->refused_version = request->version;
    holding->has_tried_to_create |= request->kind == WRITE_CREATE;
    if (!bytes_present(holding->refused_first))
        holding->refused_first = request->version;
}

void check_answer(struct world *world, const struct request *request)
{
    const struct answer *answer = &request->answer;
    int64_t asked_ms = answer->retry_after_ms < 300000 ? answer->retry_after_ms : 300000;

    if (!holds(request->worker, request->partition, request->epoch))
        return; /* nobody waits for it any more */
    if (request->read != NULL && answer->meaning == MEANING_OK && !bytes_present(answer->version))
        request->read->document->unversioned[request->worker->number] = request->read;
    for (size_t i = 0; i < request->asked_count; i++) {
        if (request->is_write && answer->meaning != MEANING_OK)
            note_refused(request, &request->asked[i]->holdings[request->worker->number]);
        if (request->is_write && !bytes_present(request->version))
            request->asked[i]->holdings[request->worker->number].stale_version = BYTES_NONE;
        if (answer->meaning == MEANING_STALE)
            count_stale(world, request, request->asked[i]);
        if (!request->is_write && (answer->meaning == MEANING_OK || answer->meaning == MEANING_NOT_MODIFIED))
            request->asked[i]->holdings[request->worker->number].has_read = true;
    }
    switch (answer->meaning) {
    case MEANING_STALE:
        pause_after_stale(world, request);
        break;
    case MEANING_OVERLOAD:
        add_pause(world, request, request->asked[0], 1000, "overload");
        if (asked_ms > 0)
            add_pause(world, request, NULL, asked_ms, "Retry-After");
        break;
    case MEANING_LOCKED:
        add_pause(world, request, request->asked[0], 5000, "locked");
        break;
    case MEANING_OUTAGE:
    case MEANING_UNDESCRIBED:
    case MEANING_UNREADABLE:
    case MEANING_UNAUTHORIZED:
        add_pause(world, request, request->asked[0], 1000, "outage");
        break;
    default:
        break;
    }
}

/* --- drained --- */

static bool was_released(const struct release_action *release, int32_t partition)
{
    for (size_t i = 0; i < release->count; i++) {
        if (release->partitions[i] == partition)
            return true;
    }
    return false;
}

/* Before the time for it is over, what is in flight ends before the partition goes. */
void check_release(struct world *world, const struct worker *worker, const struct release_action *release)
{
    if (world->now_ms >= worker->drain_until_ms || worker->has_stopped)
        return;
    list_each(node, &worker->requests) {
        const struct request *request = list_item(node, struct request, in_flight);

        if (was_released(release, request->partition) && holds(worker, request->partition, request->epoch))
            world_fail(world, "drained", "%c releases p%d, but waits for an answer of %.*s", worker->name,
                       request->partition, BYTES_ARG(request->document));
    }
}

/* --- committed_means_recorded, commit_of_one_moment --- */

/* What the worker has heard of is in the commit, in the offset or in the metadata, and nothing else is. */
static void check_moment(struct world *world, const struct worker *worker, const struct commit_entry *entry,
                         const struct asked *asked, bool is_in_commit)
{
    const struct holding *holding = &asked->holdings[worker->number];
    bool is_done = holding->heard_epoch == holding->received_epoch || holding->is_taken_over;

    if (is_done != is_in_commit)
        world_fail(world, "commit_of_one_moment", "%c commits p%d/%lld, in which p%d/%lld is %s", worker->name,
                   entry->partition, (long long)entry->offset_next, asked->partition, (long long)asked->offset,
                   is_done ? "missing" : "told as finished");
}

void check_commit(struct world *world, const struct worker *worker, const struct action *action)
{
    static struct window_span spans[WINDOW_TEXT_MAX];
    struct window *done;
    size_t span_count;

    for (size_t i = 0; i < action->commit.count; i++) {
        const struct commit_entry *entry = &action->commit.entries[i];
        const struct worker_partition *held = &worker->partitions[entry->partition];

        if (!held->is_held)
            world_fail(world, "epochs", "%c commits p%d, which it has not", worker->name, entry->partition);
        if (entry->offset_next > held->read_end)
            world_fail(world, "committed_means_recorded", "%c commits p%d/%lld, but has read up to %lld only",
                       worker->name, entry->partition, (long long)entry->offset_next, (long long)held->read_end);
        done = window_new(entry->offset_next);
        if (window_decode(entry->offset_next, entry->metadata, spans, &span_count))
            window_restore(done, spans, span_count);
        list_each(node, &world->kafka.partitions[entry->partition].asked) {
            const struct asked *asked = list_item(node, struct asked, in_partition);

            bool is_done = !window_receive(done, asked->offset);

            if (asked->holdings[worker->number].received_epoch == held->epoch)
                check_moment(world, worker, entry, asked, is_done);
            if (is_done && !asked->is_acknowledged)
                world_fail(world, "committed_means_recorded", "%c commits p%d/%lld, but nobody has acknowledged a "
                           "record of p%d/%lld", worker->name, entry->partition, (long long)entry->offset_next,
                           asked->partition, (long long)asked->offset);
        }
        window_free(done);
    }
}

/* --- no_spin, counters_true --- */

void check_turn(struct world *world, struct worker *worker)
{
    const struct counters *counters = engine_counters(worker->engine);
    int64_t deadline_ms = engine_deadline(worker->engine);

    if (deadline_ms <= world->now_ms)
        world_fail(world, "no_spin", "%c has nothing to do, but its deadline %lld is not in the future", worker->name,
                   (long long)deadline_ms);
    if (counters->value[COUNTER_READS] != worker->reads || counters->value[COUNTER_WRITES] != worker->writes)
        world_fail(world, "counters_true", "%c counts %llu reads and %llu writes, there were %llu and %llu",
                   worker->name, (unsigned long long)counters->value[COUNTER_READS],
                   (unsigned long long)counters->value[COUNTER_WRITES], (unsigned long long)worker->reads,
                   (unsigned long long)worker->writes);
    if (counters->value[COUNTER_REQUESTS_IN_FLIGHT] != worker->in_flight)
        world_fail(world, "counters_true", "%c counts %llu requests in flight, there are %u", worker->name,
                   (unsigned long long)counters->value[COUNTER_REQUESTS_IN_FLIGHT], worker->in_flight);
}
