#include "common/clock.h"

#include "common/check.h"
#include <time.h>

static struct timespec clock_read(clockid_t clock)
{
    struct timespec now;

    ensure(clock_gettime(clock, &now) == 0);
    return now;
}

int64_t clock_now_ms(void)
{
    return clock_now_us() / 1000;
}

int64_t clock_now_us(void)
{
    struct timespec now = clock_read(CLOCK_BOOTTIME);

    return (int64_t)now.tv_sec * 1000000 + now.tv_nsec / 1000;
}

int64_t clock_wall_ms(void)
{
    struct timespec now = clock_read(CLOCK_REALTIME);

    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}
