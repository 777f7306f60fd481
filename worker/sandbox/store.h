#ifndef IFMATCH_SANDBOX_STORE_H
#define IFMATCH_SANDBOX_STORE_H

#include "common/buffer.h"

/* The documents of the service and the log of their writes. No sockets, no clock. Versions are numbers of one
 * counter for all documents, so no document ever has the same one twice, not even when it is created anew. */
#define STORE_DOCUMENT_BYTES_MAX (16 << 20)
#define STORE_ID_BYTES_MAX       512
#define STORE_ETAG_SIZE          24

struct store;

enum store_method { STORE_PUT, STORE_PATCH, STORE_DELETE };

struct store_write {
    enum store_method method;
    struct bytes document;
    struct bytes writer;
    struct bytes if_match;      /* header as it came; absent: none */
    struct bytes if_none_match; /* only "*" means something for a write */
    struct bytes body;          /* of PUT and PATCH: a JSON object */
    struct bytes fault;         /* for the log; absent: none */
    int64_t at_ms;              /* wall clock */
};

enum store_outcome { STORE_WRITTEN, STORE_CREATED, STORE_MISSING, STORE_STALE, STORE_UNCONDITIONAL, STORE_BAD_BODY };

struct store_result {
    enum store_outcome outcome;
    uint64_t version; /* after an accepted write, 0 for a deletion */
    struct bytes before, after; /* of an accepted write; until the next call that changes the store */
    const char *why;  /* static text, of STORE_BAD_BODY */
};

struct store_document {
    struct bytes id;
    struct bytes text; /* as it was written, byte for byte */
    uint64_t version;
};

struct store *store_new(size_t log_lines_max); /* 0: the log is only cut by store_log_trim */
void store_free(struct store *store);
void store_write(struct store *store, const struct store_write *write, struct store_result *ret_result);
/* A write that gets lost on its way: one line in the log, nothing else. */
void store_lose(struct store *store, const struct store_write *write);
/* Would the write be accepted, as far as its preconditions go? */
bool store_accepts(const struct store *store, const struct store_write *write);
/* The views live until the next change of the store. */
bool store_find(const struct store *store, struct bytes id, struct store_document *ret_document);
size_t store_count(const struct store *store);
void store_at(const struct store *store, size_t index, struct store_document *ret_document); /* in no useful order */

/* Lines with a higher seq than `after`, at most `limit`, each with its newline. */
void store_log_read(const struct store *store, uint64_t after, size_t limit, struct buffer *out);
/* Gives the lines up to `seq` back: their reader has them. */
void store_log_trim(struct store *store, uint64_t seq);
/* Counts of writes by writer, as members of an object: "user":12,... */
void store_counts(const struct store *store, struct buffer *out);
uint64_t store_stale(const struct store *store);

/* "\"12\"" */
const char *store_etag(uint64_t version, char text[STORE_ETAG_SIZE]);
/* Does a header of entity tags name this version by strong comparison? "*" names any. */
bool store_etag_matches(struct bytes header, uint64_t version);

#endif
