#ifndef IFMATCH_COMMON_LOG_REPEATS_H
#define IFMATCH_COMMON_LOG_REPEATS_H

#include "common/log.h"

/* For log.c alone: how often each place in the code has spoken. Pure: the time comes in. */
#define LOG_REPEATS_MAX     10
#define LOG_REPEATS_SPAN_MS 10000
#define LOG_REPEATS_SLOTS   64

struct log_repeats_slot {
    const char *file; /* NULL: free */
    int line;
    const char *component;
    enum log_level level;
    int64_t since_ms;
    uint64_t count;
    char text[128]; /* of the first message that was held back, cut */
};

/* Zeroed memory is one in which nobody has spoken. */
struct log_repeats {
    struct log_repeats_slot slots[LOG_REPEATS_SLOTS];
};

/* May this message be written? One that may not is counted. A place that finds no free slot may always. */
bool log_repeats_admit(struct log_repeats *repeats, const struct log_repeats_slot *message, const char *text,
                       int64_t now_ms);
/* Takes out one place whose span is over and which was held back; `ret_held` is the number of its messages that
 * were. False if there is none. */
bool log_repeats_take_held(struct log_repeats *repeats, int64_t now_ms, struct log_repeats_slot *ret_slot,
                           uint64_t *ret_held);

#endif
