#include "world.h"

#include "common/check.h"
#include "probes.h"
#include "story.h"

#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#define STILL_STEPS_MAX 10000

bool world_has_canary;
uint64_t world_break_at;

void world_init(struct world *world, struct tape *tape, const struct options *options, struct buffer *trace)
{
    *world = (struct world){
        .tape = tape, .options = *options, .trace = trace, .fingerprint = UINT64_C(0xcbf29ce484222325)};
    world->arena = arena_new(256 << 10);
    world->scratch = arena_new(64 << 10);
    heap_init(&world->calendar);
    list_init(&world->service.documents);
    list_init(&world->kafka.records);
    for (int32_t i = 0; i < PARTITIONS_MAX; i++)
        list_init(&world->kafka.partitions[i].asked);
    world_rules(world, options->rules);
}

void world_release(struct world *world)
{
    for (size_t i = 0; i < WORKERS_MAX; i++)
        engine_free(world->workers[i].engine);
    heap_release(&world->calendar);
    rules_free(world->rules);
    free((void *)world->model_rules.patterns);
    arena_free(world->arena);
    arena_free(world->scratch);
}

static void see_shape(const struct options *options)
{
    if (options->partitions > options->workers)
        probe("more partitions than workers");
    if (options->workers > options->partitions)
        probe("more workers than partitions");
}

void world_start(struct world *world)
{
    see_shape(&world->options);
    for (uint32_t i = 0; i < world->options.workers; i++) {
        struct worker *worker = &world->workers[i];

        worker->number = i;
        worker->name = (char)('A' + i);
        worker_start(world, worker);
        worker->is_member = true;
    }
    group_rebalance(world);
}

void world_fail(struct world *world, const char *check, const char *format, ...)
{
    va_list arguments;

    if (world->failure.is_set)
        return;
    world->failure = (struct failure){.is_set = true, .check = check, .step = world->steps, .at_ms = world->now_ms};
    va_start(arguments, format);
    vsnprintf(world->failure.text, sizeof(world->failure.text), format, arguments);
    va_end(arguments);
}

/* What the world does, between the lines of the engines; not in stories, where the script says it. */
void world_note(struct world *world, const char *format, ...)
{
    va_list arguments;
    char line[400];

    if (world->trace == NULL || world->story != NULL)
        return;
    va_start(arguments, format);
    vsnprintf(line, sizeof(line), format, arguments);
    va_end(arguments);
    buffer_format(world->trace, "   [%7lld] * %s\n", (long long)world->now_ms, line);
}

struct item *world_at(struct world *world, int64_t at_ms, void (*happens)(struct world *, struct item *),
                      struct worker *worker, void *subject)
{
    struct item *item = arena_zero(world->arena, sizeof(*item));

    item->happens = happens;
    item->worker = worker;
    item->life = worker != NULL ? worker->life : 0;
    item->subject = subject;
    heap_insert(&world->calendar, &item->node, at_ms);
    return item;
}

enum fault world_fault(struct world *world, enum fault first, enum fault last)
{
    uint32_t word = tape_draw(world->tape, 1000), left = 1000 - word;

    for (enum fault fault = first; fault <= last && word > 0; fault++) {
        if (left <= world->options.fault_rate[fault]) {
            probes_fault(fault);
            return fault;
        }
        left -= world->options.fault_rate[fault];
    }
    return FAULT_NONE;
}

struct bytes world_copy(struct world *world, struct bytes bytes)
{
    if (!bytes_present(bytes))
        return BYTES_NONE;
    return (struct bytes){arena_copy(world->arena, bytes.data, bytes.size), bytes.size};
}

struct bytes world_format(struct world *world, const char *format, ...)
{
    char text[1024];
    va_list arguments;

    va_start(arguments, format);
    vsnprintf(text, sizeof(text), format, arguments);
    va_end(arguments);
    return world_copy(world, bytes_of(text));
}

void world_mix(struct world *world, const void *data, size_t size)
{
    for (size_t i = 0; i < size; i++)
        world->fingerprint = (world->fingerprint ^ ((const unsigned char *)data)[i]) * UINT64_C(0x100000001b3);
}

/* The faults end: what is broken heals, nobody disturbs any more, and everything has to come to its end. */
static void calm(struct world *world)
{
    world->is_calm = true;
    for (uint32_t i = 0; i < world->options.workers; i++)
        world->workers[i].dies_after = 0;
    if (world->service.unauthorized_until_ms > world->now_ms)
        world->service.unauthorized_until_ms = world->now_ms;
    if (world->service.down_until_ms > world->now_ms)
        world->service.down_until_ms = world->now_ms;
    for (uint32_t i = 0; i < world->options.workers; i++) {
        if (world->workers[i].is_paused)
            world_at(world, world->now_ms, worker_resumes, &world->workers[i], NULL);
    }
    list_each(item, &world->service.documents)
        list_item(item, struct document, in_service)->locked_until_ms = 0;
    world_note(world, "from here on nothing goes wrong");
}

int64_t world_wall_ms(const struct world *world)
{
    return WALL_MS + world->now_ms + world->wall_jump_ms;
}

static void happen(struct world *world, struct item *item)
{
    struct worker *worker = item->worker;

    if (worker != NULL && worker->life != item->life)
        return;
    if (worker != NULL && worker->state == WORKER_STOPPED) {
        heap_insert(&world->calendar, &item->node, worker->resumes_ms);
        return;
    }
    item->happens(world, item);
}

/* False: nothing is left to happen. */
static bool step(struct world *world)
{
    struct heap_node *node;

    world->steps++;
    if (world->steps == world_break_at)
        raise(SIGTRAP);
    if (tape_step(world->tape)) {
        if (workloads_step(world))
            return true;
    } else if (!world->is_calm) {
        calm(world);
    }
    node = heap_first(&world->calendar);
    if (node == NULL) {
        world->now_ms += 100;
        return !world->is_calm;
    }
    if (node->at_ms > world->now_ms)
        world->now_ms = node->at_ms;
    heap_remove(&world->calendar, node);
    happen(world, list_item(node, struct item, node));
    return true;
}

void world_run(struct world *world)
{
    uint64_t still_steps = 0;
    int64_t progress = 0;

    while (!world->failure.is_set && step(world)) {
        workers_bury(world);
        still_steps = !world->is_calm || world->progress > progress ? 0 : still_steps + 1;
        progress = world->progress;
        if (still_steps > STILL_STEPS_MAX)
            world_fail(world, "liveness", "nothing went wrong for %d steps, and nothing was committed either",
                       STILL_STEPS_MAX);
    }
    check_end(world);
}
