#include "world.h"

#include "common/check.h"

/* Who has which partition: one rebalance at a time, answered when the owners have released what moves; a member
 * that is silent for a session is put out without being asked. */

#define DRAIN_MS 5000

struct assignment {
    int32_t partition;
    int32_t epoch;
    int64_t offset;
    struct bytes metadata;
};

/* What its client had fetched for the assignment before comes out of a queue only now. */
static void late_record(struct world *world, struct worker *worker, int32_t partition, int32_t former_epoch)
{
    const struct list *all = &world->kafka.partitions[partition].asked;
    const struct asked *last;

    if (former_epoch == 0 || list_is_empty(all))
        return;
    last = list_item(all->previous, struct asked, in_partition);
    engine_receive(worker->engine, &(struct received){.partition = partition,
                                                      .epoch = former_epoch,
                                                      .offset = last->offset,
                                                      .end = last->offset + 1,
                                                      .timestamp_ms = WALL_MS,
                                                      .key = last->key,
                                                      .value = last->value});
}

static void assigned(struct world *world, struct item *item)
{
    const struct assignment *assignment = item->subject;
    struct worker *worker = item->worker;
    int32_t former_epoch = worker->partitions[assignment->partition].epoch;

    worker->partitions[assignment->partition] =
        (struct worker_partition){.is_held = true,
                                  .epoch = assignment->epoch,
                                  .position = assignment->offset,
                                  .read_end = assignment->offset,
                                  .first = assignment->offset,
                                  .metadata = assignment->metadata,
                                  .proven_ms = world->now_ms,
                                  .passed_since_ms = world->now_ms};
    worker_advance(world, worker);
    engine_assigned(worker->engine, &(struct assigned){.partition = assignment->partition,
                                                       .epoch = assignment->epoch,
                                                       .offset_next = assignment->offset,
                                                       .metadata = assignment->metadata});
    late_record(world, worker, assignment->partition, former_epoch);
    worker_turn(world, worker);
}

static bool is_awaiting(const struct world *world)
{
    for (int32_t i = 0; i < PARTITIONS_MAX; i++) {
        if (world->kafka.partitions[i].awaits_release)
            return true;
    }
    return false;
}

/* Everybody has let go: the new owners begin where the commits end. */
static void assign(struct world *world)
{
    world->kafka.is_rebalancing = false;
    for (int32_t i = 0; i < PARTITIONS_MAX; i++) {
        struct partition_log *log = &world->kafka.partitions[i];
        struct assignment *assignment;

        if (!log->is_moving)
            continue;
        log->is_moving = false;
        if (!log->target->is_member || log->target->state == WORKER_DOWN) {
            log->owner = NULL;
            world->kafka.wants_rebalance = true;
            continue;
        }
        log->owner = log->target;
        log->owner_life = log->target->life;
        log->epoch = ++world->kafka.next_epoch;
        assignment = arena_zero(world->arena, sizeof(*assignment));
        *assignment = (struct assignment){i, log->epoch, log->committed, log->metadata};
        world_note(world, "p%d goes to %c", i, log->target->name);
        world_at(world, world->now_ms, assigned, log->target, assignment);
    }
    if (world->kafka.wants_rebalance)
        group_rebalance(world);
}

/* A member hears of what it is given before it hears that it is to give it up. */
static bool has_not_heard(const struct world *world, const struct worker *worker)
{
    for (int32_t i = 0; i < PARTITIONS_MAX; i++) {
        const struct partition_log *log = &world->kafka.partitions[i];
        const struct worker_partition *held = &worker->partitions[i];

        if (log->awaits_release && log->owner == worker && log->owner_life == worker->life &&
            !(held->is_held && held->epoch == log->epoch))
            return true;
    }
    return false;
}

static void revokes(struct world *world, struct item *item)
{
    struct worker *worker = item->worker;
    int32_t partitions[PARTITIONS_MAX];
    size_t count = 0;

    if (item->number != world->kafka.rebalances)
        return; /* of a rebalance that is over */
    if (worker->is_revoking || worker_is_cut_off(world, worker) || has_not_heard(world, worker)) {
        int64_t again_ms = world->now_ms + 10;

        world_at(world, again_ms < worker->cut_until_ms ? worker->cut_until_ms : again_ms, revokes, worker, NULL)
            ->number = item->number;
        return;
    }
    for (int32_t i = 0; i < PARTITIONS_MAX; i++) {
        if (world->kafka.partitions[i].awaits_release && world->kafka.partitions[i].owner == worker)
            partitions[count++] = i;
    }
    if (count == 0 || !worker->is_member)
        return;
    if (world->kafka.revoke_delay_ms > 0)
        probe("a revocation is told late");
    worker->is_revoking = true;
    worker->drain_until_ms = world->now_ms + DRAIN_MS;
    worker_advance(world, worker);
    engine_revoke(worker->engine, partitions, count, world->now_ms + DRAIN_MS);
    worker_turn(world, worker);
}

/* The worker that the spread says, among those that are there; NULL: nobody is. */
static struct worker *choose_target(struct world *world, int32_t partition)
{
    struct worker *members[WORKERS_MAX];
    uint32_t count = 0;

    for (uint32_t i = 0; i < world->options.workers; i++) {
        struct worker *worker = &world->workers[i];

        if (worker->is_member && worker->state != WORKER_DOWN)
            members[count++] = worker;
    }
    return count == 0 ? NULL : members[((uint32_t)partition + world->kafka.spread) % count];
}

static void begin_move(struct world *world, int32_t partition, struct worker *target)
{
    struct partition_log *log = &world->kafka.partitions[partition];

    if (log->owner != NULL && log->owner_life != log->owner->life)
        return; /* of a killed worker: nobody gets it before its session is over */
    if (target == NULL || log->owner == target)
        return;
    log->is_moving = true;
    log->target = target;
    log->awaits_release = log->owner != NULL;
}

static void ask_owners(struct world *world)
{
    for (uint32_t i = 0; i < world->options.workers; i++) {
        struct worker *worker = &world->workers[i];

        for (int32_t p = 0; p < PARTITIONS_MAX; p++) {
            if (world->kafka.partitions[p].awaits_release && world->kafka.partitions[p].owner == worker) {
                world_at(world, world->now_ms + world->kafka.revoke_delay_ms, revokes, worker, NULL)->number =
                    world->kafka.rebalances;
                break;
            }
        }
    }
}

void group_rebalance(struct world *world)
{
    if (world->kafka.is_rebalancing) {
        world->kafka.wants_rebalance = true;
        return;
    }
    world->kafka.is_rebalancing = true;
    world->kafka.rebalances++;
    world->kafka.wants_rebalance = false;
    for (int32_t i = 0; i < (int32_t)world->options.partitions; i++)
        begin_move(world, i, choose_target(world, i));
    ask_owners(world);
    if (!is_awaiting(world))
        assign(world);
}

void group_move(struct world *world, int32_t partition, struct worker *target)
{
    if (world->kafka.is_rebalancing)
        return;
    world->kafka.is_rebalancing = true;
    world->kafka.rebalances++;
    begin_move(world, partition, target);
    ask_owners(world);
    if (!is_awaiting(world))
        assign(world);
}

void group_released(struct world *world, struct worker *worker, const struct release_action *release)
{
    worker->is_revoking = false;
    for (size_t i = 0; i < release->count; i++) {
        struct partition_log *log = &world->kafka.partitions[release->partitions[i]];

        worker->partitions[release->partitions[i]].is_held = false;
        if (log->owner == worker && log->awaits_release) {
            log->awaits_release = false;
            log->owner = NULL;
        }
    }
    if (world->kafka.is_rebalancing && !is_awaiting(world))
        assign(world);
}

void group_join(struct world *world, struct worker *worker)
{
    worker->is_member = true;
    group_rebalance(world);
}

/* --- sessions --- */

void group_leave(struct world *world, struct worker *worker, uint32_t life)
{
    for (int32_t i = 0; i < PARTITIONS_MAX; i++) {
        struct partition_log *log = &world->kafka.partitions[i];

        if (log->owner == worker && log->owner_life == life) {
            log->owner = NULL;
            log->awaits_release = false;
        }
    }
    if (!world->kafka.is_rebalancing) {
        group_rebalance(world);
        return;
    }
    world->kafka.wants_rebalance = true;
    if (!is_awaiting(world))
        assign(world);
}

/* Stopped or cut off, and by the very event that began the watch. */
static bool is_silent_until(const struct worker *worker, int64_t until_ms)
{
    return (worker->state == WORKER_STOPPED && worker->resumes_ms == until_ms) || worker->cut_until_ms == until_ms;
}

static void session_ends(struct world *world, struct item *item)
{
    struct worker *worker = item->subject;
    bool is_same_life = worker->life == item->life;

    if (is_same_life && (!worker->is_member || !is_silent_until(worker, item->number)))
        return;
    world_note(world, "the session of %c is over", worker->name);
    if (is_same_life && worker->state == WORKER_RUNS)
        probe("the session of a worker that runs is over");
    if (is_same_life)
        worker->is_member = false;
    group_leave(world, worker, item->life);
}

void group_watch(struct world *world, struct worker *worker, int64_t silent_until_ms)
{
    struct item *item = world_at(world, world->now_ms + world->options.session_ms, session_ends, NULL, worker);

    item->life = worker->life;
    item->number = silent_until_ms;
}

static void give_up(struct world *world, struct worker *worker)
{
    int32_t partitions[PARTITIONS_MAX];
    size_t count = 0;

    for (int32_t i = 0; i < PARTITIONS_MAX; i++) {
        if (worker->partitions[i].is_held)
            partitions[count++] = i;
        worker->partitions[i].is_held = false;
    }
    worker_advance(world, worker);
    engine_lost(worker->engine, partitions, count);
    worker_turn(world, worker);
}

/* It hears that the group went on without it, and comes back as a new member. */
static void hears_of_loss(struct world *world, struct item *item)
{
    struct worker *worker = item->worker;

    worker->hears_of_loss = false;
    give_up(world, worker);
    group_join(world, worker);
}

static void resumes(struct world *world, struct item *item)
{
    struct worker *worker = item->subject;

    if (worker->life != item->life || worker->state != WORKER_STOPPED || worker->resumes_ms != item->number)
        return;
    worker->state = WORKER_RUNS;
    world_note(world, "%c goes on", worker->name);
    if (worker->is_member || worker->hears_of_loss)
        return;
    worker->hears_of_loss = true;
    world_at(world, world->now_ms + 100 + 1000 * (int64_t)tape_draw(world->tape, 5), hears_of_loss, worker, NULL);
}

static void reconnects(struct world *world, struct item *item)
{
    struct worker *worker = item->worker;

    if (worker->cut_until_ms != item->number)
        return;
    world_note(world, "%c is connected again", worker->name);
    worker->cut_until_ms = 0;
    kafka_poll(world, worker);
    if (worker->is_member || worker->hears_of_loss)
        return;
    worker->hears_of_loss = true;
    world_at(world, world->now_ms + 100 + 1000 * (int64_t)tape_draw(world->tape, 5), hears_of_loss, worker, NULL);
}

void worker_cut_off(struct world *world, struct worker *worker, int64_t for_ms)
{
    if (worker->state != WORKER_RUNS || worker_is_cut_off(world, worker) || !worker->is_member)
        return;
    world_note(world, "%c is cut off from the brokers for %lld ms", worker->name, (long long)for_ms);
    worker->cut_until_ms = world->now_ms + for_ms;
    world_at(world, worker->cut_until_ms, reconnects, worker, NULL)->number = worker->cut_until_ms;
    group_watch(world, worker, worker->cut_until_ms);
}

bool worker_is_cut_off(const struct world *world, const struct worker *worker)
{
    return worker->cut_until_ms > world->now_ms;
}

/* Its client has left the group, having not polled for too long, and tells it at the same time. */
void group_lose(struct world *world, struct worker *worker)
{
    if (worker->state != WORKER_RUNS || worker->is_revoking || worker_is_cut_off(world, worker) || !worker->is_member ||
        worker->hears_of_loss)
        return;
    world_note(world, "%c loses its partitions", worker->name);
    if (worker->in_flight > 0)
        probe("partitions are lost with requests under way");
    worker->is_member = false;
    give_up(world, worker);
    group_leave(world, worker, worker->life);
    worker->hears_of_loss = true;
    world_at(world, world->now_ms + 1000, hears_of_loss, worker, NULL);
}

void worker_stop(struct world *world, struct worker *worker, int64_t for_ms)
{
    struct item *item;

    if (worker->state != WORKER_RUNS)
        return;
    world_note(world, "%c is stopped for %lld ms", worker->name, (long long)for_ms);
    worker->state = WORKER_STOPPED;
    worker->resumes_ms = world->now_ms + for_ms;
    item = world_at(world, worker->resumes_ms, resumes, NULL, worker);
    item->life = worker->life;
    item->number = worker->resumes_ms;
    group_watch(world, worker, worker->resumes_ms);
}
