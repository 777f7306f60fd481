#include "service/lease.h"

#include "common/check.h"

static bool is_usable(const struct lease *lease, int64_t now_ms)
{
    return lease->is_held && now_ms < lease->expires_at_ms;
}

bool lease_wants_fetch(const struct lease *lease, int64_t now_ms)
{
    if (lease->is_fetching || now_ms < lease->fetch_at_ms)
        return false;
    return !is_usable(lease, now_ms) || now_ms >= lease->refresh_at_ms;
}

enum lease_state lease_state(const struct lease *lease, int64_t now_ms)
{
    if (is_usable(lease, now_ms))
        return LEASE_HELD;
    return lease->is_fetching || now_ms >= lease->fetch_at_ms ? LEASE_AWAITED : LEASE_FAILED;
}

void lease_fetching(struct lease *lease)
{
    ensure(!lease->is_fetching);
    lease->is_fetching = true;
}

void lease_got(struct lease *lease, int64_t lifetime_ms, int64_t now_ms)
{
    int64_t early_ms = lifetime_ms / 5 < LEASE_EARLY_MS ? lifetime_ms / 5 : LEASE_EARLY_MS;

    ensure(lease->is_fetching);
    *lease = (struct lease){
        .number = lease->number + 1,
        .is_held = true,
        .refresh_at_ms = lifetime_ms < 0 ? INT64_MAX : now_ms + lifetime_ms - early_ms,
        .expires_at_ms = lifetime_ms < 0 ? INT64_MAX : now_ms + lifetime_ms,
    };
}

void lease_failed(struct lease *lease, int64_t now_ms)
{
    ensure(lease->is_fetching);
    lease->is_fetching = false;
    lease->fetch_at_ms = now_ms + (is_usable(lease, now_ms) ? LEASE_EARLY_PAUSE_MS : LEASE_PAUSE_MS);
    if (is_usable(lease, now_ms) && lease->fetch_at_ms > lease->expires_at_ms)
        lease->fetch_at_ms = lease->expires_at_ms;
}

void lease_not_fetched(struct lease *lease)
{
    ensure(lease->is_fetching);
    lease->is_fetching = false;
}

void lease_refused(struct lease *lease, uint64_t number)
{
    if (number == lease->number)
        lease->is_held = false;
}
