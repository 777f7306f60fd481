#ifndef IFMATCH_COMMON_CLOCK_H
#define IFMATCH_COMMON_CLOCK_H

#include <stdint.h>

/* The only readers of a clock. The pure rooms get the time as a value. */
int64_t clock_now_ms(void);  /* monotonic, and counting while the machine sleeps (CLOCK_BOOTTIME) */
int64_t clock_now_us(void);  /* the same clock */
int64_t clock_wall_ms(void); /* since 1970, UTC */

#endif
