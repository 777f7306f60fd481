#ifndef IFMATCH_SANDBOX_WRITE_LOG_H
#define IFMATCH_SANDBOX_WRITE_LOG_H

#include "sandbox/store.h"

/* For store.c alone: the write log, one line of JSON for each write, made when it is written. */
struct write_log;

/* before_version 0: the document was not there. `is_lost`: nothing was written. */
struct write_log_entry {
    const struct store_write *write;
    uint64_t version_before, version_after;
    struct bytes before, after;
    bool is_lost;
};

struct write_log *write_log_new(size_t lines_max);
void write_log_free(struct write_log *log);
void write_log_add(struct write_log *log, const struct write_log_entry *entry);
void write_log_read(const struct write_log *log, uint64_t after, size_t limit, struct buffer *out);
void write_log_trim(struct write_log *log, uint64_t seq);

#endif
