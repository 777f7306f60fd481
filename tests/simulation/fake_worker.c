#include "world.h"

#include "common/check.h"
#include "story.h"

/* A virtual worker: an engine and what performs its actions. */

#define TIMEOUT_MS 10000

static uint64_t hash_of(uint64_t hash, struct bytes bytes)
{
    return (hash * 31) ^ bytes_hash(bytes);
}

/* Over all bytes of a request that the engine promises to keep until its completion. */
static uint64_t request_hash(const struct action *action)
{
    uint64_t hash = 1;

    if (action->kind == ACTION_READ)
        return hash_of(hash_of(hash, action->read.document), action->read.known_version);
    hash = hash_of(hash_of(hash_of(hash, action->write.document), action->write.version), action->write.body);
    for (size_t i = 0; i < action->write.edit_count; i++)
        hash = hash_of(hash_of(hash, action->write.edits[i].pointer), action->write.edits[i].value);
    return hash;
}

static void note_answer(const struct world *world, const struct request *request)
{
    struct document *document = service_find(world, request->document);
    uint32_t worker = request->worker->number;

    bool is_failure = request->answer.meaning == MEANING_OUTAGE || request->answer.meaning == MEANING_UNDESCRIBED;

    if (document == NULL || !is_failure) {
        if (!is_failure)
            *(document != NULL ? &document->answered_ms[worker] : &request->worker->stranger_answered_ms) =
                world->now_ms;
        return;
    }
    document->failed_before_ms[worker] = document->failed_ms[worker];
    document->failed_ms[worker] = world->now_ms;
}

static void answer_comes(struct world *world, struct item *item)
{
    struct request *request = item->subject;
    struct worker *worker = item->worker;

    if (request_hash(&request->action) != request->hash)
        world_fail(world, "answered_once", "the bytes of action %llu changed before its answer",
                   (unsigned long long)request->action_id);
    worker->in_flight--;
    worker->partitions[request->partition].passed = 0;
    list_remove(&request->in_flight);
    worker_advance(world, worker);
    check_answer(world, request);
    note_answer(world, request);
    if (request->is_write && request->answer.meaning != MEANING_OK &&
        (request->answer.meaning != MEANING_STALE || request->answer.sent == SENT_PERHAPS_TWICE))
        world->was_ambiguous = true;
    engine_answer(worker->engine, request->action_id, &request->answer);
    worker_turn(world, worker);
}

static void request_arrives(struct world *world, struct item *item)
{
    service_handle(world, item->subject);
}

static const struct json_edit *copy_edits(struct world *world, const struct write_action *write)
{
    struct json_edit *edits = arena_take(world->arena, (write->edit_count + 1) * sizeof(*edits));

    for (size_t i = 0; i < write->edit_count; i++)
        edits[i] = (struct json_edit){world_copy(world, write->edits[i].pointer),
                                      world_copy(world, write->edits[i].value)};
    return edits;
}

static struct request *make_request(struct world *world, struct worker *worker, const struct action *action)
{
    struct request *request = arena_zero(world->arena, sizeof(*request));

    request->worker = worker;
    request->life = worker->life;
    request->action_id = action->id;
    request->partition = action->partition;
    request->epoch = action->epoch;
    request->is_write = action->kind == ACTION_WRITE;
    request->action = *action;
    request->hash = request_hash(action);
    request->retry_after_ms = -1;
    if (request->is_write) {
        request->document = world_copy(world, action->write.document);
        request->kind = action->write.kind;
        request->version = world_copy(world, action->write.version);
        request->body = world_copy(world, action->write.body);
        request->edits = copy_edits(world, &action->write);
        request->edit_count = action->write.edit_count;
    } else {
        request->document = world_copy(world, action->read.document);
        request->version = world_copy(world, action->read.known_version);
    }
    request->asked = arena_take(world->arena, (action->events + 1) * sizeof(*request->asked));
    request->asked_count = kafka_unfinished(world, worker, action->partition, request->document, request->asked,
                                            action->events);
    return request;
}

static void choose_fault(struct world *world, struct request *request)
{
    static const int64_t delays_ms[] = {10, 10, 11, 50, 500, 3000};
    static const int64_t retry_after_ms[] = {1000, 7000, 30000, 600000};

    request->fault = world_fault(world, FAULT_NO_CONNECTION, FAULT_NO_VERSION);
    request->delay_ms = delays_ms[tape_draw(world->tape, 6)];
    if (world->story != NULL)
        story_request(world, request);
    if (request->fault == FAULT_SLOW)
        request->delay_ms = 8000;
    if (request->fault == FAULT_RETRY_AFTER && request->retry_after_ms < 0)
        request->retry_after_ms = retry_after_ms[tape_draw(world->tape, 4)];
    if (request->fault != FAULT_NONE)
        world_note(world, "%c: %s %.*s: %s", request->worker->name, request->is_write ? "write" : "read",
                   BYTES_ARG(request->document), fault_name(request->fault));
}

static void perform_request(struct world *world, struct worker *worker, const struct action *action)
{
    struct request *request = make_request(world, worker, action);
    int64_t arrives_ms, answered_ms;

    *(request->is_write ? &worker->writes : &worker->reads) += 1;
    check_request(world, request);
    if (world->failure.is_set)
        return;
    worker->in_flight++;
    list_push_back(&worker->requests, &request->in_flight);
    choose_fault(world, request);
    arrives_ms = world->now_ms + request->delay_ms / 2;
    answered_ms = world->now_ms + request->delay_ms;
    if (request->fault == FAULT_NO_CONNECTION || request->fault == FAULT_REQUEST_LOST ||
        request->fault == FAULT_ANSWER_LOST || request->fault == FAULT_LATE) {
        bool is_refused = request->fault == FAULT_NO_CONNECTION;

        request->answer = (struct answer){.meaning = MEANING_OUTAGE,
                                          .sent = is_refused ? SENT_NOT : SENT_ONCE,
                                          .retry_after_ms = -1,
                                          .detail = is_refused ? BYTES("connection refused") : BYTES("timeout")};
        answered_ms = is_refused ? answered_ms : world->now_ms + TIMEOUT_MS;
    }
    if (request->fault == FAULT_LATE)
        arrives_ms = answered_ms + 1 + request->late_ms + tape_draw(world->tape, 8000);
    if (request->fault != FAULT_NO_CONNECTION && request->fault != FAULT_REQUEST_LOST)
        world_at(world, arrives_ms, request_arrives, NULL, request);
    world_at(world, answered_ms, answer_comes, worker, request);
}

static void perform_release(struct world *world, struct worker *worker, const struct action *action)
{
    check_release(world, worker, &action->release);
    group_released(world, worker, &action->release);
}

static void go_down(struct worker *worker)
{
    engine_free(worker->engine);
    worker->engine = NULL;
    worker->state = WORKER_DOWN;
    worker->is_dying = false;
    worker->dies_after = 0;
    worker->cut_until_ms = 0;
    worker->is_member = false;
    worker->life++;
    for (size_t i = 0; i < PARTITIONS_MAX; i++)
        worker->partitions[i].is_held = false;
}

static void restarts(struct world *world, struct item *item)
{
    struct worker *worker = item->subject;

    world_note(world, "%c starts again", worker->name);
    worker_start(world, worker);
    group_join(world, worker);
}

static void leaves(struct world *world, struct item *item)
{
    struct worker *worker = item->worker;
    uint32_t life = worker->life;

    world_note(world, "%c leaves", worker->name);
    go_down(worker);
    group_leave(world, worker, life);
    world_at(world, world->now_ms + 5000, restarts, NULL, worker);
}

static void perform_stopped(struct world *world, struct worker *worker, const struct action *action)
{
    (void)action;
    worker->has_stopped = true;
    world_at(world, world->now_ms, leaves, worker, NULL);
}

void worker_shut_down(struct world *world, struct worker *worker)
{
    if (worker->state != WORKER_RUNS)
        return;
    world_note(world, "%c is told to stop", worker->name);
    worker_advance(world, worker);
    engine_stop(worker->engine, world->now_ms + 30 * 1000);
    worker_turn(world, worker);
}

void worker_pause(struct world *world, struct worker *worker)
{
    if (worker->state != WORKER_RUNS)
        return;
    world_note(world, "%c is paused", worker->name);
    worker_advance(world, worker);
    if (engine_pause(worker->engine) == worker->is_paused)
        world_fail(world, "paused_means_quiet", "%c does not know whether it is paused", worker->name);
    worker->is_paused = true;
    worker_turn(world, worker);
}

void worker_resume(struct world *world, struct worker *worker)
{
    if (worker->state != WORKER_RUNS)
        return;
    world_note(world, "%c goes on", worker->name);
    worker_advance(world, worker);
    if (!engine_resume(worker->engine) && (worker->is_paused || worker->is_flooded))
        world_fail(world, "paused_means_quiet", "%c does not know that it stands still", worker->name);
    worker->is_paused = worker->is_flooded = false;
    worker_turn(world, worker);
}

void worker_resumes(struct world *world, struct item *item)
{
    worker_resume(world, item->worker);
}

static void (*const performers[ACTION_KIND_COUNT])(struct world *, struct worker *, const struct action *) = {
    [ACTION_READ] = perform_request,  [ACTION_WRITE] = perform_request,   [ACTION_PUBLISH] = kafka_publish,
    [ACTION_COMMIT] = kafka_commit,   [ACTION_RELEASE] = perform_release, [ACTION_STOPPED] = perform_stopped,
};

static void mix_action(struct world *world, const struct worker *worker, const struct action *action)
{
    uint64_t words[] = {(uint64_t)worker->name, action->kind, action->id, (uint64_t)action->partition,
                        (uint64_t)action->epoch, (uint64_t)world->now_ms};

    world_mix(world, words, sizeof(words));
    if (action->kind == ACTION_READ || action->kind == ACTION_WRITE) {
        uint64_t hash = request_hash(action);

        world_mix(world, &hash, sizeof(hash));
    }
}

static void wakes(struct world *world, struct item *item)
{
    struct worker *worker = item->worker;

    if (worker->wakes_ms != item->number)
        return; /* another deadline has taken its place */
    worker->wakes_ms = INT64_MAX;
    worker_advance(world, worker);
    worker_turn(world, worker);
}

static void set_alarm(struct world *world, struct worker *worker)
{
    int64_t deadline_ms = engine_deadline(worker->engine);
    struct item *item;

    if (deadline_ms == INT64_MAX || deadline_ms == worker->wakes_ms)
        return;
    worker->wakes_ms = deadline_ms;
    item = world_at(world, deadline_ms, wakes, worker, NULL);
    item->number = deadline_ms;
}

void worker_trace(struct world *world, struct worker *worker)
{
    const char *line;
    uint64_t number;

    for (;;) {
        number = worker->traced;
        if (!engine_trace(worker->engine, &number, &line)) {
            if (number == worker->traced)
                return;
            worker->traced = number;
            continue;
        }
        worker->traced = number + 1;
        if (world->trace == NULL)
            continue;
        if (world->story == NULL || world->options.workers > 1)
            buffer_format(world->trace, "%c: ", worker->name);
        buffer_add_text(world->trace, line);
        buffer_add_char(world->trace, '\n');
    }
}

void worker_advance(struct world *world, struct worker *worker)
{
    engine_advance(worker->engine, world->now_ms, world_wall_ms(world));
}

/* Right after an action: what the turn would have done more is not done. */
static void die(struct worker *worker)
{
    if (worker->in_flight > 0)
        probe("a worker dies within a turn");
    worker->is_dying = true;
}

/* Somebody looks at the dead letters and lets them go on. */
static void watch_flood(struct world *world, struct worker *worker)
{
    if (worker->is_flooded || engine_intake(worker->engine) != INTAKE_FLOOD)
        return;
    world_note(world, "%c holds dead letters back", worker->name);
    worker->is_flooded = true;
    world_at(world, world->now_ms + 60 * 1000, worker_resumes, worker, NULL);
}

void worker_turn(struct world *world, struct worker *worker)
{
    struct action action;

    worker_trace(world, worker);
    while (!world->failure.is_set && !worker->is_dying && engine_next(worker->engine, &action)) {
        mix_action(world, worker, &action);
        performers[action.kind](world, worker, &action);
        if (worker->dies_after > 0 && --worker->dies_after == 0)
            die(worker);
    }
    worker_trace(world, worker);
    if (world->failure.is_set || worker->is_dying)
        return;
    check_turn(world, worker);
    watch_flood(world, worker);
    set_alarm(world, worker);
    kafka_poll(world, worker);
}

void worker_start(struct world *world, struct worker *worker)
{
    const struct options *options = &world->options;
    const struct skip skip = {0, options->skip_offset};
    struct engine_options engine;

    engine_options_init(&engine);
    engine.rules = world->rules;
    engine.max_in_flight = options->max_in_flight;
    engine.max_in_flight_is_fixed = options->is_limit_fixed;
    engine.rate_limit_milli = options->rate_limit_milli;
    engine.rate_is_for_group = options->rate_limit_milli > 2000;
    if (options->has_small_retry_budget) {
        engine.retry_percent = 0;
        engine.retry_floor = 1;
    }
    engine.versions_are_reused = options->versions_are_reused;
    engine.memory_max = options->memory_max;
    engine.fold_events_max = options->fold_events_max;
    engine.partition_events_max = options->partition_events_max;
    engine.cache_bytes_max = options->cache_bytes_max;
    engine.conflict_attempts = options->conflict_attempts;
    engine.commit_interval_ms = options->commit_interval_ms;
    engine.ownership_ms = options->session_ms / 2;
    engine.document_give_up_ms = options->give_up_ms;
    if (options->gives_up_soon)
        engine.locked_give_up_ms = options->give_up_ms;
    engine.weak_may_be_stripped = options->strips_weak;
    engine.skips = &skip;
    engine.skip_count = options->skip_offset >= 0 ? 1 : 0;
    engine.unprotected_is_allowed = options->is_unprotected_allowed;
    engine.after_write = options->after_write;
    engine.event_topic.format = options->format;
    engine.writes_patch = options->writes_patch;
    engine.when_missing = engine.when_gone = options->creates_what_is_absent ? WHEN_ABSENT_CREATE : WHEN_ABSENT_REJECT;
    engine.seed = options->engine_seed + worker->life;
    worker->engine = engine_new(&engine);
    worker->state = WORKER_RUNS;
    worker->has_stopped = false;
    worker->wakes_ms = INT64_MAX;
    worker->traced = 0;
    worker->in_flight = 0;
    worker->reads = worker->writes = 0;
    worker->polls = worker->is_revoking = worker->is_paused = worker->is_flooded = worker->hears_of_loss =
        false;
    list_init(&worker->pauses);
    list_init(&worker->requests);
    worker_advance(world, worker);
}

void worker_crash(struct world *world, struct worker *worker, int64_t restart_ms)
{
    if (worker->state == WORKER_DOWN)
        return;
    world_note(world, "%c is killed", worker->name);
    group_watch(world, worker, 0);
    go_down(worker);
    world_at(world, world->now_ms + restart_ms, restarts, NULL, worker);
}

void workers_bury(struct world *world)
{
    for (uint32_t i = 0; i < world->options.workers; i++) {
        if (world->workers[i].is_dying)
            worker_crash(world, &world->workers[i], world->workers[i].restart_ms);
    }
}
