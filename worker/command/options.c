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

static void fill_admission(struct engine_options *options, const struct config *config)
{
    const struct config_service *service = &config->service;

    options->max_in_flight_is_fixed = service->max_in_flight > 0;
    options->max_in_flight = service->max_in_flight > 0 ? (uint32_t)service->max_in_flight : SERVICE_IN_FLIGHT_AUTO_MAX;
    options->rate_limit_milli = service->rate_limit > 0 ? service->rate_limit * 1000 : 0;
    options->rate_is_for_group = service->rate_limit_of == RATE_LIMIT_OF_GROUP;
    options->retry_percent = (uint32_t)config->retry.share_percent;
    options->probe_max_ms = config->retry.probe_max_ms;
    options->flood_dead_letters.is_off = config->flood_percent < 0;
    options->flood_dead_letters.percent = (uint32_t)(config->flood_percent < 0 ? 0 : config->flood_percent);
    options->flood_conflicts.is_off = config->flood_conflicts_percent < 0;
    options->flood_conflicts.percent =
        (uint32_t)(config->flood_conflicts_percent < 0 ? 0 : config->flood_conflicts_percent);
}

static enum when_absent when_absent(enum document_absent absent)
{
    static const enum when_absent whens[] = {
        [DOCUMENT_ABSENT_REJECT] = WHEN_ABSENT_REJECT,
        [DOCUMENT_ABSENT_CREATE] = WHEN_ABSENT_CREATE,
        [DOCUMENT_ABSENT_SKIP] = WHEN_ABSENT_SKIP,
    };

    return whens[absent];
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

static struct event_identity identity(const struct config *config)
{
    static const enum identity_from froms[] = {
        [DOCUMENT_FROM_KEY] = IDENTITY_FROM_KEY,
        [DOCUMENT_FROM_VALUE] = IDENTITY_FROM_VALUE,
        [DOCUMENT_FROM_HEADER] = IDENTITY_FROM_HEADER,
    };
    static const enum identity_key keys[] = {
        [DOCUMENT_KEY_BY_FORMAT] = IDENTITY_KEY_BY_FORMAT,
        [DOCUMENT_KEY_TEXT] = IDENTITY_KEY_TEXT,
        [DOCUMENT_KEY_JSON] = IDENTITY_KEY_JSON,
        [DOCUMENT_KEY_MEMBER] = IDENTITY_KEY_MEMBER,
    };

    return (struct event_identity){.from = froms[config->document.from],
                                   .key = keys[config->document.key],
                                   .place = config->document.place,
                                   .address = config->address};
}

struct event_topic options_topic(const struct config *config)
{
    static const enum event_format formats[] = {
        [TOPICS_NATIVE] = EVENT_FORMAT_NATIVE,           [TOPICS_CLOUDEVENTS] = EVENT_FORMAT_CLOUDEVENTS,
        [TOPICS_MERGE_PATCH] = EVENT_FORMAT_MERGE_PATCH, [TOPICS_JSON_PATCH] = EVENT_FORMAT_JSON_PATCH,
        [TOPICS_DEBEZIUM] = EVENT_FORMAT_DEBEZIUM,
    };

    return (struct event_topic){
        .format = formats[config->topics.format],
        .identity = identity(config),
        .map = config->map,
        .debezium_applies_snapshots = config->debezium.snapshot == DEBEZIUM_SNAPSHOT_APPLY,
        .debezium_takes_without_before = config->debezium.without_before == DEBEZIUM_WITHOUT_BEFORE_ALL_FIELDS,
        .debezium_unavailable = bytes_of(config->debezium.unavailable_value),
    };
}

void options_fill(struct engine_options *ret_options, const struct config *config)
{
    engine_options_init(ret_options);
    ret_options->rules = config->rules;
    ret_options->event_limits.json.size_max = (size_t)config->event_bytes_max;
    ret_options->event_topic = options_topic(config);
    ret_options->document_limits.size_max = (size_t)config->service.document_bytes_max;
    fill_admission(ret_options, config);
    ret_options->memory_max = (size_t)config->memory_bytes_max;
    ret_options->repeats_bytes_max = (size_t)config->repeats_bytes_max;
    ret_options->partition_events_max = (uint32_t)config->partition_events_max;
    ret_options->events_bytes_max = (size_t)config->events_held_bytes_max;
    ret_options->cache_bytes_max = (size_t)config->cache_bytes_max;
    ret_options->commit_interval_ms = config->commit_interval_ms;
    ret_options->unprotected_is_allowed = config->service.unprotected == UNPROTECTED_ALLOW;
    ret_options->fold_events_max = (uint32_t)config->fold.events_max;
    ret_options->fold_bytes_max = (size_t)config->fold.bytes_max;
    ret_options->fold_never = config->fold.never;
    ret_options->fold_never_count = config->fold.never_count;
    ret_options->when_missing = when_absent(config->document.missing);
    ret_options->when_gone = when_absent(config->document.gone);
    fill_retry(ret_options, &config->retry);
    fill_skips(ret_options, config);
}

void options_release(struct engine_options *options)
{
    free((void *)(uintptr_t)options->skips);
    options->skips = NULL;
    options->skip_count = 0;
}
