#ifndef IFMATCH_ADMIN_METRICS_H
#define IFMATCH_ADMIN_METRICS_H

#include "admin/admin.h"
#include "common/buffer.h"

/* Request durations by kind of request and class of the answer's status. */
#define DURATION_BUCKETS 14
enum status_class { STATUS_NONE, STATUS_2XX, STATUS_3XX, STATUS_4XX, STATUS_5XX, STATUS_CLASSES };

struct durations {
    uint64_t buckets[2][STATUS_CLASSES][DURATION_BUCKETS + 1]; /* not cumulative; the last: above all */
    uint64_t sum_ms[2][STATUS_CLASSES];
};

void durations_note(struct durations *durations, bool is_write, int status, int64_t took_ms);

/* Records between the committed offset and the end of the partition; 0 where the end is not known. */
int64_t partition_lag(const struct admin_partition *partition);
/* Of the oldest unfinished event, in seconds; 0: none. */
double partition_oldest_age(const struct admin_view *view, const struct partition_state *state);

struct metrics_context {
    const char *topic;
    const char *version;
};

/* Prometheus text format 0.0.4; every combination of fixed labels is there from the start. */
void metrics_render(const struct metrics_context *context, const struct admin_view *view,
                    const struct durations *durations, struct buffer *out);

#endif
