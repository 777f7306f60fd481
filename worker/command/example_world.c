#include "command/example_world.h"

#include "command/options.h"
#include "common/check.h"
#include "common/memory.h"
#include "engine/engine.h"

#include <stdio.h>

#define PARTITION 0
#define EPOCH     1

struct example_world {
    struct engine *engine;
    int64_t now_ms;
    int64_t offset_next;
    char *document; /* NULL: there is none */
    size_t document_size;
    unsigned version_number;
    char version[32];
    const struct finished *finished; /* of the event that was received */
    uint64_t finished_id;
};

static void write_document(struct example_world *world, struct bytes text)
{
    char *document = bytes_present(text) ? memory_text_n(text.data, text.size) : NULL;

    free(world->document);
    world->document = document;
    world->document_size = text.size;
    snprintf(world->version, sizeof(world->version), "\"v%u\"", ++world->version_number);
}

/* Each event by itself, and no guard that counts cases. */
static struct engine *make_engine(const struct config *config, bool is_native)
{
    struct engine_options options;
    struct engine *engine;

    options_fill(&options, config);
    if (is_native)
        options.event_topic = (struct event_topic){.format = EVENT_FORMAT_NATIVE};
    options.flood_dead_letters.is_off = true;
    options.flood_conflicts.is_off = true;
    options.skip_count = 0;
    options.rate_limit_milli = 0;
    options.after_write = AFTER_WRITE_EXACT;
    engine = engine_new(&options);
    options_release(&options);
    return engine;
}

struct example_world *example_world_new(const struct config *config, bool is_native, struct bytes document)
{
    struct example_world *world = memory_new(sizeof(*world));

    world->engine = make_engine(config, is_native);
    world->now_ms = 1;
    write_document(world, document);
    engine_advance(world->engine, world->now_ms, world->now_ms);
    engine_assigned(world->engine, &(struct assigned){.partition = PARTITION, .epoch = EPOCH});
    return world;
}

void example_world_free(struct example_world *world)
{
    if (world == NULL)
        return;
    engine_free(world->engine);
    free(world->document);
    free(world);
}

static void answer(struct example_world *world, uint64_t action_id, int status, struct bytes document)
{
    engine_answer(world->engine, action_id,
                  &(struct answer){.meaning = status == 404 ? MEANING_MISSING : MEANING_OK,
                                   .sent = SENT_ONCE,
                                   .status = status,
                                   .version = status == 404 ? BYTES_NONE : bytes_of(world->version),
                                   .version_is_exact = true,
                                   .document = document,
                                   .retry_after_ms = -1});
}

static void perform(struct example_world *world, const struct action *action)
{
    switch (action->kind) {
    case ACTION_READ:
        answer(world, action->id, world->document != NULL ? 200 : 404, example_world_document(world));
        return;
    case ACTION_WRITE:
        write_document(world, action->write.body);
        answer(world, action->id, 200, BYTES_NONE);
        return;
    case ACTION_PUBLISH: /* acknowledged when the next event comes: until then what it tells is there */
        world->finished = action->publish.finished;
        world->finished_id = action->id;
        return;
    case ACTION_COMMIT:
        engine_committed(world->engine, action->id, COMMIT_ACKNOWLEDGED);
        return;
    case ACTION_RELEASE:
    case ACTION_STOPPED:
    case ACTION_KIND_COUNT:
        break;
    }
    never("nobody revokes or stops");
}

static void acknowledge(struct example_world *world)
{
    if (world->finished != NULL)
        engine_delivered(world->engine, world->finished_id, &(struct delivered){.is_acknowledged = true});
    world->finished = NULL;
}

static void advance(struct example_world *world)
{
    struct action action;

    engine_advance(world->engine, world->now_ms, world->now_ms);
    while (engine_next(world->engine, &action))
        perform(world, &action);
}

const struct finished *example_world_receive(struct example_world *world, struct bytes key, struct bytes value,
                                             const struct header *headers, size_t header_count)
{
    int64_t offset = world->offset_next++;

    acknowledge(world);
    advance(world);
    engine_receive(world->engine, &(struct received){.partition = PARTITION,
                                                     .epoch = EPOCH,
                                                     .offset = offset,
                                                     .end = offset + 1,
                                                     .timestamp_ms = -1,
                                                     .key = key,
                                                     .value = value,
                                                     .headers = headers,
                                                     .header_count = header_count});
    for (advance(world); world->finished == NULL; advance(world)) {
        int64_t deadline_ms = engine_deadline(world->engine);

        ensure(deadline_ms != INT64_MAX);
        world->now_ms = deadline_ms > world->now_ms ? deadline_ms : world->now_ms + 1;
    }
    return world->finished;
}

struct bytes example_world_document(const struct example_world *world)
{
    return (struct bytes){world->document, world->document_size};
}
