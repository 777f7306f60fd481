#ifndef IFMATCH_COMMON_PURE_H
#define IFMATCH_COMMON_PURE_H

/* Included before every source of the pure rooms (event, merge, engine, record): what they may not know does
 * not compile. Time and randomness come in as values, bytes go out as data. */
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <sys/time.h>
#include <unistd.h>
#include <uthash.h>

/* clang makes macros of these under _FORTIFY_SOURCE; only identifiers can be poisoned. */
#undef printf
#undef fprintf
#undef vprintf
#undef vfprintf
/* Words that are also good names of members (time, read, write) are left to tests/tidy, which looks for calls. */
#pragma GCC poison gettimeofday clock_gettime nanosleep usleep sleep
#pragma GCC poison printf fprintf vprintf vfprintf puts putchar fputs fopen fread fwrite
#pragma GCC poison getenv setenv rand srand random_r drand48 fork

#endif
