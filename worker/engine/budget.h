#ifndef IFMATCH_ENGINE_BUDGET_H
#define IFMATCH_ENGINE_BUDGET_H

#include "engine/rate.h"

/* The share that conflict retries may have in all requests to the service: tight retries of many writers are how
 * services fall over (Finagle's RetryBudget; gRPC's retry throttling, gRFC A6). Every first request deposits a share of
 * a retry, every retry withdraws one; a floor of retries per second is always there, for those who have just begun or
 * ask seldom. The balance is bounded, so that a quiet hour does not pay for a storm. Embedded by its user; engine time
 * in ms. */
#define BUDGET_PERCENT_DEFAULT          20
#define BUDGET_FLOOR_PER_SECOND_DEFAULT 10
#define BUDGET_BALANCE_MAX              100 /* retries */

struct budget {
    uint32_t percent;
    uint32_t balance; /* hundredths of a retry */
    bool has_floor;
    struct rate floor;
};

/* `floor_per_second` 0: only what was deposited. */
void budget_init(struct budget *budget, uint32_t percent, uint32_t floor_per_second, int64_t now_ms);
/* A first request went out. */
void budget_deposit(struct budget *budget);
/* May a retry go now? If so, it is withdrawn, from the floor before the balance. */
bool budget_withdraw(struct budget *budget, int64_t now_ms);
/* When budget_withdraw will be true without a further deposit: now_ms if it is, INT64_MAX if never. */
int64_t budget_deadline(struct budget *budget, int64_t now_ms);

#endif
