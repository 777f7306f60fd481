#ifndef IFMATCH_COMMAND_DEMO_PRODUCER_H
#define IFMATCH_COMMAND_DEMO_PRODUCER_H

#include "common/buffer.h"
#include "common/json_scan.h"
#include "common/random.h"

/* The external system of the demo: 200 documents, what it knows of them, and the events that it sends. What it last saw
 * of a field is what it asked for itself while that is under way, and else the document as the service told it. */
#define PRODUCER_DOCUMENTS 200
#define PRODUCER_FIELDS    6

struct producer_document {
    char id[16];
    char *text;    /* as last told */
    char *version; /* of it; NULL: never told */
    uint32_t sent, recorded;
    uint32_t asked_at[PRODUCER_FIELDS]; /* `sent` after the event that asked; 0: never */
    char asked[PRODUCER_FIELDS][48];    /* JSON */
};

struct producer {
    struct random random;
    size_t made;
    struct producer_document documents[PRODUCER_DOCUMENTS];
};

void producer_init(struct producer *producer, uint64_t seed);
void producer_release(struct producer *producer);
/* The document as it is created. */
void producer_initial(const struct producer *producer, size_t index, struct buffer *out);
/* Somebody wrote the document: it is `text` now, at `version`. */
void producer_told(struct producer *producer, struct bytes id, struct bytes text, struct bytes version);
/* An event of this document has its record. */
void producer_recorded(struct producer *producer, struct bytes id);
/* Makes the next event; the key is valid as long as the producer. */
struct bytes producer_next(struct producer *producer, struct buffer *out);

#endif
