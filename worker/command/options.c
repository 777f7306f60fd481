#include "command/options.h"

#include "common/memory.h"

static void fill_retry(struct engine_options *options, const struct config_retry *retry)
{
    options->conflict_attempts = (uint32_t)retry->attempts;
    options->backoff_count = 0;
    for (size_t i = 0; i < retry->backoff_count && i < BACKOFF_STEPS_MAX; i++)
        options->backoff_ms[options->backoff_count++] = retry->backoff_ms[i];
    options->outage_backoff_max_ms = retry->outage_backoff_max_ms;
    options->locked_backoff_ms = retry->locked_backoff_ms;
    options->retry_after_max_ms = retry->retry_after_max_ms;
    options->document_give_up_ms = retry->document_give_up_ms;
    options->locked_give_up_ms = retry->locked_give_up_ms;
}

static void fill_skips(struct engine_options *options, const struct config *config)
{
    struct skip *skips = memory_new((config->skip_count + 1) * sizeof(*skips));

    for (size_t i = 0; i < config->skip_count; i++) {
        if (bytes_equal(bytes_of(config->skips[i].topic), bytes_of(config->topics.updates)))
            skips[options->skip_count++] =
                (struct skip){.partition = config->skips[i].partition, .offset = config->skips[i].offset};
    }
    options->skips = skips;
}

void options_fill(struct engine_options *ret_options, const struct config *config)
{
    engine_options_init(ret_options);
    ret_options->rules = config->rules;
    ret_options->event_limits.json.size_max = (size_t)config->event_bytes_max;
    ret_options->document_limits.size_max = (size_t)config->service.document_bytes_max;
    ret_options->max_in_flight = (uint32_t)config->service.max_in_flight;
    ret_options->partition_events_max = (uint32_t)config->partition_events_max;
    ret_options->events_bytes_max = (size_t)config->events_held_bytes_max;
    ret_options->cache_bytes_max = (size_t)config->cache_bytes_max;
    ret_options->commit_interval_ms = config->commit_interval_ms;
    ret_options->unprotected_is_allowed = config->service.unprotected == UNPROTECTED_ALLOW;
    ret_options->fold_events_max = (uint32_t)config->fold.events_max;
    ret_options->fold_bytes_max = (size_t)config->fold.bytes_max;
    ret_options->fold_never = config->fold.never;
    ret_options->fold_never_count = config->fold.never_count;
    fill_retry(ret_options, &config->retry);
    fill_skips(ret_options, config);
}

void options_release(struct engine_options *options)
{
    free((void *)(uintptr_t)options->skips);
    options->skips = NULL;
    options->skip_count = 0;
}
