#include "engine/backoff.h"

#include "common/check.h"

static int64_t jitter(int64_t wait_ms, struct random *random)
{
    return wait_ms + (int64_t)random_below(random, (uint64_t)(wait_ms / 2) + 1);
}

static int64_t step(const struct engine_options *options, uint32_t number)
{
    ensure(number >= 1);
    ensure(options->backoff_count >= 1);
    return options->backoff_ms[(number < options->backoff_count ? number : options->backoff_count) - 1];
}

static int64_t at_most(int64_t value, int64_t limit)
{
    return value < limit ? value : limit;
}

int64_t backoff_stale(const struct engine_options *options, uint32_t answers, struct random *random)
{
    return jitter(step(options, answers), random);
}

int64_t backoff_outage(const struct engine_options *options, uint32_t failures, struct random *random)
{
    int64_t wait_ms = step(options, failures);

    for (uint32_t i = options->backoff_count; i < failures && wait_ms < options->outage_backoff_max_ms; i++)
        wait_ms *= 2;
    return jitter(at_most(wait_ms, options->outage_backoff_max_ms), random);
}

int64_t backoff_overload(const struct engine_options *options, uint32_t failures, int64_t retry_after_ms,
                         struct random *random)
{
    int64_t asked_ms = at_most(retry_after_ms, options->retry_after_max_ms);
    int64_t own_ms = backoff_outage(options, failures, random);

    /* Released with jitter: all documents of the service were told the same moment. */
    return asked_ms >= own_ms ? asked_ms + (int64_t)random_below(random, (uint64_t)own_ms + 1) : own_ms;
}

int64_t backoff_locked(const struct engine_options *options, int64_t retry_after_ms, struct random *random)
{
    int64_t asked_ms = at_most(retry_after_ms, options->retry_after_max_ms);

    return jitter(asked_ms > options->locked_backoff_ms ? asked_ms : options->locked_backoff_ms, random);
}
