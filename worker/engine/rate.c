#include "engine/rate.h"

#include "common/check.h"

#define REQUEST_MICRO 1000000

void rate_init(struct rate *rate, int64_t limit_milli, int64_t now_ms)
{
    ensure(limit_milli >= 0);
    ensure(limit_milli <= RATE_MILLI_MAX);
    *rate = (struct rate){.limit_milli = limit_milli,
                          .own_milli = limit_milli,
                          .tokens_micro = REQUEST_MICRO,
                          .filled_at_ms = now_ms};
}

static int64_t capacity_micro(const struct rate *rate)
{
    int64_t second_micro = rate->own_milli * 1000;

    return second_micro > REQUEST_MICRO ? second_micro : REQUEST_MICRO;
}

/* How long until the bucket holds so much. */
static int64_t fill_ms(const struct rate *rate, int64_t wanted_micro)
{
    int64_t missing_micro = wanted_micro - rate->tokens_micro;

    if (missing_micro <= 0)
        return 0;
    return rate->own_milli > 0 ? (missing_micro + rate->own_milli - 1) / rate->own_milli : INT64_MAX;
}

/* A bucket that holds more than its share of late is cut to it. */
static void fill(struct rate *rate, int64_t now_ms)
{
    int64_t elapsed_ms = now_ms - rate->filled_at_ms;

    ensure(elapsed_ms >= 0);
    if (elapsed_ms >= fill_ms(rate, capacity_micro(rate)))
        rate->tokens_micro = capacity_micro(rate);
    else
        rate->tokens_micro += rate->own_milli * elapsed_ms;
    rate->filled_at_ms = now_ms;
}

void rate_set_share(struct rate *rate, uint32_t numerator, uint32_t denominator, int64_t now_ms)
{
    ensure(denominator > 0);
    ensure(numerator <= denominator);
    fill(rate, now_ms);
    rate->own_milli = rate->limit_milli * numerator / denominator;
    if (rate->own_milli == 0 && rate->limit_milli > 0 && numerator > 0)
        rate->own_milli = 1;
}

int64_t rate_deadline(struct rate *rate, int64_t now_ms)
{
    int64_t wait_ms;

    if (rate->limit_milli == 0)
        return now_ms;
    fill(rate, now_ms);
    wait_ms = rate->own_milli > 0 ? fill_ms(rate, REQUEST_MICRO) : INT64_MAX;
    return wait_ms < INT64_MAX - now_ms ? now_ms + wait_ms : INT64_MAX;
}

bool rate_take(struct rate *rate, int64_t now_ms)
{
    if (rate_deadline(rate, now_ms) > now_ms)
        return false;
    if (rate->limit_milli > 0)
        rate->tokens_micro -= REQUEST_MICRO;
    return true;
}
