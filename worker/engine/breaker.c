#include "engine/breaker.h"

#include "common/check.h"

void breaker_init(struct breaker *breaker, int64_t probe_max_ms)
{
    ensure(probe_max_ms >= BREAKER_PROBE_FIRST_MS);
    *breaker = (struct breaker){.probe_max_ms = probe_max_ms, .closed_at_ms = -1};
}

void breaker_success(struct breaker *breaker, int64_t now_ms)
{
    breaker->failures = 0;
    breaker->has_other_document = false;
    if (!breaker->is_open)
        return;
    breaker->is_open = false;
    breaker->is_probing = false;
    breaker->closed_at_ms = now_ms;
}

static void plan_probe(struct breaker *breaker, int64_t pause_ms, int64_t now_ms, struct random *random)
{
    breaker->pause_ms = pause_ms < breaker->probe_max_ms ? pause_ms : breaker->probe_max_ms;
    breaker->probe_at_ms =
        now_ms + breaker->pause_ms + (int64_t)random_below(random, (uint64_t)(breaker->pause_ms / 2) + 1);
}

static bool is_probe(const struct breaker *breaker, uint64_t document_hash)
{
    return breaker->is_probing && breaker->probe_document == document_hash;
}

static void count_failure(struct breaker *breaker, uint64_t document_hash)
{
    if (breaker->failures == 0)
        breaker->document = document_hash;
    breaker->has_other_document |= document_hash != breaker->document;
    if (breaker->failures < BREAKER_FAILURES)
        breaker->failures++;
}

void breaker_failure(struct breaker *breaker, uint64_t document_hash, int64_t now_ms, struct random *random)
{
    if (is_probe(breaker, document_hash)) {
        breaker->is_probing = false;
        plan_probe(breaker, 2 * breaker->pause_ms, now_ms, random);
    }
    if (breaker->is_open)
        return;
    count_failure(breaker, document_hash);
    if (breaker->failures < BREAKER_FAILURES || !breaker->has_other_document)
        return;
    breaker->is_open = true;
    breaker->openings++;
    plan_probe(breaker, BREAKER_PROBE_FIRST_MS, now_ms, random);
}

bool breaker_may_request(const struct breaker *breaker, int64_t now_ms)
{
    return !breaker->is_open || (!breaker->is_probing && now_ms >= breaker->probe_at_ms);
}

void breaker_probe_sent(struct breaker *breaker, uint64_t document_hash)
{
    ensure(breaker->is_open);
    ensure(!breaker->is_probing);
    breaker->is_probing = true;
    breaker->probe_document = document_hash;
}

void breaker_probe_ended(struct breaker *breaker, uint64_t document_hash)
{
    if (is_probe(breaker, document_hash))
        breaker->is_probing = false;
}

int64_t breaker_deadline(const struct breaker *breaker)
{
    return breaker->is_open && !breaker->is_probing ? breaker->probe_at_ms : INT64_MAX;
}

bool breaker_is_open(const struct breaker *breaker)
{
    return breaker->is_open;
}

int64_t breaker_closed_at(const struct breaker *breaker)
{
    return breaker->closed_at_ms;
}

uint64_t breaker_openings(const struct breaker *breaker)
{
    return breaker->openings;
}
