#include "loop/state.h"

#include <stdio.h>
#include <unistd.h>

#define SUMMARY_INTERVAL_MS 60000

static struct loop *flight;

/* After a failed ensure(): the last transitions, so that the crash can be read. */
static void print_flight(const char *what)
{
    uint64_t number = 0;
    const char *line;

    (void)what;
    if (flight == NULL)
        return;
    dprintf(STDERR_FILENO, "the last transitions (document, partition and offset of the crash are among them):\n");
    engine_trace(flight->parts.engine, &number, &line); /* sets the number to the oldest line */
    while (engine_trace(flight->parts.engine, &number, &line)) {
        dprintf(STDERR_FILENO, "  %s\n", line);
        number++;
    }
    dprintf(STDERR_FILENO, "`skip: [topic/partition/offset]` in the configuration takes one record out.\n");
}

void watch_install(struct loop *loop)
{
    flight = loop;
    check_on_failure = loop != NULL ? print_flight : NULL;
}

void watch_trace(struct loop *loop)
{
    const char *line;

    if (!log_enabled(LOG_TRACE))
        return;
    for (;;) {
        if (engine_trace(loop->parts.engine, &loop->trace_number, &line)) {
            log_at(LOG_TRACE, "engine", NULL, "%s", line);
            loop->trace_number++;
        } else if (!engine_trace(loop->parts.engine, &loop->trace_number, &line)) {
            return;
        }
    }
}

static uint64_t finished_events(const struct counters *counters)
{
    uint64_t sum = 0;

    for (size_t i = 0; i < OUTCOME_COUNT; i++)
        sum += counters->finished[i];
    return sum;
}

void watch_summary(struct loop *loop)
{
    const struct counters *counters = engine_counters(loop->parts.engine);
    int64_t now_ms = clock_now_ms(), since_ms = now_ms - loop->summary_at_ms;
    uint64_t finished = finished_events(counters);

    if (since_ms < SUMMARY_INTERVAL_MS && !loop->is_stopped)
        return;
    if (finished != loop->summary_finished || loop->is_stopped)
        log_info("engine", "%llu events in %lld s; %llu held, %llu documents wait, %llu stale answers in all",
                 (unsigned long long)(finished - loop->summary_finished), (long long)(since_ms / 1000),
                 (unsigned long long)counters->value[COUNTER_EVENTS_HELD],
                 (unsigned long long)counters->value[COUNTER_LANES_WAITING],
                 (unsigned long long)counters->value[COUNTER_STALE_ANSWERS]);
    loop->summary_at_ms = now_ms;
    loop->summary_finished = finished;
}

#define PARTITIONS_INTERVAL_MS 1000

static bool take_said(struct loop *loop, int32_t partition)
{
    for (size_t i = 0; i < loop->held_up_count; i++) {
        if (loop->held_up[i] == partition) {
            loop->held_up[i] = loop->held_up[--loop->held_up_count];
            return true;
        }
    }
    return false;
}

static void watch_partition(struct loop *loop, const struct partition_state *state)
{
    bool was_said = take_said(loop, state->partition);

    if (bytes_present(state->held_up_by)) {
        loop->held_up[loop->held_up_count++] = state->partition;
        if (!was_said)
            log_warn("engine", "partition %d takes no more events: %u wait, the oldest for document '%.*s'",
                     state->partition, state->unfinished, BYTES_ARG(state->held_up_by));
    } else if (was_said) {
        log_info("engine", "partition %d takes events again", state->partition);
    }
}

void watch_partitions(struct loop *loop)
{
    int64_t now_ms = clock_now_ms();
    size_t count;

    if (now_ms - loop->partitions_at_ms < PARTITIONS_INTERVAL_MS)
        return;
    loop->partitions_at_ms = now_ms;
    count = engine_partitions(loop->parts.engine, loop->states, PARTITIONS_MAX);
    for (size_t i = 0; i < count && i < PARTITIONS_MAX; i++)
        watch_partition(loop, &loop->states[i]);
}

void watch_dry_run(struct loop *loop)
{
    const struct config *config = loop->parts.config;

    if (loop->is_stopping)
        return;
    if (dry_run_bytes(loop->parts.dry_run) > (size_t)config->memory_bytes_max) {
        log_error("run", "what the dry run has kept of its writes is more than memory.limit: it ends here");
        shutdown_begin(loop, "out of memory for the dry run", 1);
    } else if (consumer_is_at_end(loop->parts.consumer) &&
               engine_counters(loop->parts.engine)->value[COUNTER_EVENTS_HELD] == 0) {
        shutdown_begin(loop, "every record was read", 0);
    }
}

void watch_engine(struct loop *loop)
{
    enum intake intake = engine_intake(loop->parts.engine);

    if (intake == loop->intake)
        return;
    if (intake == INTAKE_RUNNING)
        log_info("engine", "intake goes on");
    else
        log_at(intake == INTAKE_PAUSED ? LOG_WARN : LOG_ERROR, "engine", NULL,
               "intake stands still: %s; nothing is lost, it goes on when this ends", intake_sentence(intake));
    loop->intake = intake;
}

static int by_number(const void *a, const void *b)
{
    const struct admin_partition *first = a, *second = b;

    return first->state.partition < second->state.partition ? -1 : first->state.partition > second->state.partition;
}

void watch_look(void *context, struct admin_view *ret_view)
{
    struct loop *loop = context;
    size_t count = engine_partitions(loop->parts.engine, loop->states, PARTITIONS_MAX);
    int64_t now_ms = clock_now_ms();

    count = count < PARTITIONS_MAX ? count : PARTITIONS_MAX;
    loop->shown_counters = *engine_counters(loop->parts.engine);
    loop->shown_counters.value[COUNTER_PUBLISH_FAILURES] += publisher_failures(loop->parts.publisher);
    for (size_t i = 0; i < count; i++)
        loop->shown[i] = (struct admin_partition){
            .state = loop->states[i],
            .end = consumer_end(loop->parts.consumer, loop->states[i].partition),
            .is_stopped = consumer_is_stopped(loop->parts.consumer, loop->states[i].partition)};
    qsort(loop->shown, count, sizeof(loop->shown[0]), by_number);
    *ret_view = (struct admin_view){
        .counters = &loop->shown_counters,
        .partitions = loop->shown,
        .partition_count = count,
        .intake = engine_intake(loop->parts.engine),
        .has_met_brokers = loop->met_brokers || consumer_is_connected(loop->parts.consumer),
        .is_stopping = loop->is_stopping,
        .turn_age_ms = now_ms - loop->turn_at_ms,
        .now_ms = now_ms,
        .wall_ms = clock_wall_ms(),
    };
}
