#include "engine/budget.h"

#include "common/check.h"

#define RETRY 100 /* in the unit of the balance: a deposit is as many as there are percent */

void budget_init(struct budget *budget, uint32_t percent, uint32_t floor_per_second, int64_t now_ms)
{
    ensure(percent <= 100);
    *budget = (struct budget){.percent = percent, .has_floor = floor_per_second > 0};
    rate_init(&budget->floor, (int64_t)floor_per_second * 1000, now_ms);
}

void budget_deposit(struct budget *budget)
{
    budget->balance += budget->percent;
    if (budget->balance > BUDGET_BALANCE_MAX * RETRY)
        budget->balance = BUDGET_BALANCE_MAX * RETRY;
}

bool budget_withdraw(struct budget *budget, int64_t now_ms)
{
    if (budget->has_floor && rate_take(&budget->floor, now_ms))
        return true;
    if (budget->balance < RETRY)
        return false;
    budget->balance -= RETRY;
    return true;
}

int64_t budget_deadline(struct budget *budget, int64_t now_ms)
{
    if (budget->balance >= RETRY)
        return now_ms;
    return budget->has_floor ? rate_deadline(&budget->floor, now_ms) : INT64_MAX;
}
