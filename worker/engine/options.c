#include "engine/options.h"

#include "engine/breaker.h"
#include "engine/budget.h"

void engine_options_init(struct engine_options *options)
{
    *options = (struct engine_options){
        .event_limits = EVENT_LIMITS_DEFAULT,
        .document_limits = JSON_LIMITS_DEFAULT,
        .max_in_flight = 256,
        .retry_percent = BUDGET_PERCENT_DEFAULT,
        .retry_floor = BUDGET_FLOOR_PER_SECOND_DEFAULT,
        .probe_max_ms = BREAKER_PROBE_MAX_MS,
        .repeats_bytes_max = 4 << 20,
        .flood_dead_letters = FLOOD_DEAD_LETTERS_DEFAULT,
        .flood_conflicts = FLOOD_CONFLICTS_DEFAULT,
        .partition_events_max = 10000,
        .events_bytes_max = 64 << 20,
        .cache_bytes_max = 64 << 20,
        .memory_max = 256 << 20,
        .fold_events_max = 4096,
        .fold_bytes_max = 1 << 20,
        .conflict_attempts = 5,
        .backoff_ms = {1000, 2000, 4000},
        .backoff_count = 3,
        .outage_backoff_max_ms = 30 * 1000,
        .locked_backoff_ms = 5 * 1000,
        .retry_after_max_ms = 5 * 60 * 1000,
        .document_give_up_ms = 15 * 60 * 1000,
        .locked_give_up_ms = 24 * 60 * 60 * 1000,
        .commit_interval_ms = 1000,
        .ownership_ms = 22 * 1000,
        .after_write = AFTER_WRITE_VERSION,
    };
}
