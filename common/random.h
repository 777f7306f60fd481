#ifndef IFMATCH_COMMON_RANDOM_H
#define IFMATCH_COMMON_RANDOM_H

#include <stdint.h>

/* xoshiro256** seeded by splitmix64: a value that is handed in, so a run can be repeated. Not for secrets. */
struct random {
    uint64_t state[4];
};

void random_init(struct random *random, uint64_t seed);
uint64_t random_next(struct random *random);
uint64_t random_below(struct random *random, uint64_t limit); /* 0 <= x < limit; limit >= 1 */
double random_unit(struct random *random);                    /* 0 <= x < 1 */

#endif
