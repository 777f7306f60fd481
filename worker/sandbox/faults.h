#ifndef IFMATCH_SANDBOX_FAULTS_H
#define IFMATCH_SANDBOX_FAULTS_H

#include "common/buffer.h"
#include "common/random.h"

/* What goes wrong with writes of the worker under test, drawn from a generator that can be repeated. No sockets. */
enum fault {
    FAULT_NONE,
    FAULT_ANSWER_LOST,              /* written, then the connection is closed */
    FAULT_ANSWER_LOST_THEN_FOREIGN, /* the same, and somebody else at once changes what was written */
    FAULT_REQUEST_LOST,             /* closed without writing */
    FAULT_UNAVAILABLE,              /* 503 */
    FAULT_KINDS
};

struct faults {
    double probability[FAULT_KINDS];
    uint64_t counts[FAULT_KINDS];
    int64_t latency_ms;
    int64_t unavailable_seconds; /* for Retry-After; 0: none */
    struct random random;
};

const char *fault_name(enum fault fault);
enum fault faults_draw(struct faults *faults);
/* Takes {"answer_lost":0.1,"latency_ms":5,...}; what is not named becomes 0, but latency_ms stays as it is.
 * NULL, or what is wrong (static text): then nothing has changed. */
const char *faults_parse(struct faults *faults, struct bytes json);
/* "answer_lost":3,... */
void faults_counts(const struct faults *faults, struct buffer *out);

#endif
