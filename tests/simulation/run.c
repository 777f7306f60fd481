#include "shrink.h"

#include "common/buffer.h"
#include "world.h"

#include <string.h>

/* For the report of a crash: where the run is that is under way. */
const struct world *run_world;

void run_tape(struct tape *tape, struct run *ret_run, struct buffer *trace, struct buffer *description)
{
    struct options options;
    struct world world;

    options_draw(tape, &options);
    if (description != NULL)
        options_describe(&options, description);
    world_init(&world, tape, &options, trace);
    run_world = &world;
    workloads_prepare(&world);
    world_start(&world);
    world_run(&world);
    run_world = NULL;
    *ret_run = (struct run){
        .check = world.failure.is_set ? world.failure.check : NULL,
        .step = world.failure.step,
        .at_ms = world.failure.at_ms,
        .steps = world.steps,
        .events = world.finished_events,
        .fingerprint = world.fingerprint,
    };
    memcpy(ret_run->text, world.failure.text, sizeof(ret_run->text));
    world_release(&world);
}
