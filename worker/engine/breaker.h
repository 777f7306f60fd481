#ifndef IFMATCH_ENGINE_BREAKER_H
#define IFMATCH_ENGINE_BREAKER_H

#include "common/random.h"

#include <stdbool.h>
#include <stdint.h>

/* The circuit breaker of the service (Nygard, "Release It!", 2007, with its half-open state): in an outage nobody is
 * asked again and again, one request at a time, the probe, tests for recovery. All times are engine time in ms.
 *
 * It opens when the last BREAKER_FAILURES answers in a row were failures of the service and came from at least two
 * documents; one document that alone fails never opens it. One success closes it, whoever brings it: answers to
 * requests that were under way when it opened count as what they are. While it is open the first probe comes after
 * 1 s, then the pause doubles up to a limit; jitter only lengthens (x uniform 1 to 1.5). Embedded by its user. */
#define BREAKER_FAILURES       5
#define BREAKER_PROBE_FIRST_MS 1000
#define BREAKER_PROBE_MAX_MS   30000 /* the default limit of the pause */

struct breaker {
    int64_t probe_max_ms;
    uint64_t document; /* of the first failure in the row */
    uint32_t failures; /* in a row */
    bool has_other_document;
    bool is_open;
    bool is_probing;         /* half-open */
    uint64_t probe_document; /* of the probe under way */
    int64_t probe_at_ms;
    int64_t pause_ms;
    int64_t closed_at_ms; /* the last time; -1: never */
    uint64_t openings;
};

void breaker_init(struct breaker *breaker, int64_t probe_max_ms);

/* An answer of the service that is no failure of it: a refusal or a stale answer is a success here. */
void breaker_success(struct breaker *breaker, int64_t now_ms);
/* `document_hash` is bytes_hash of the document id. The failure is the probe's if the probe was for this document: no
 * document has two requests under way. */
void breaker_failure(struct breaker *breaker, uint64_t document_hash, int64_t now_ms, struct random *random);

/* Closed: always. Open: if no probe is under way and its time has come; the request is then the probe, and
 * breaker_probe_sent must say that it went out. */
bool breaker_may_request(const struct breaker *breaker, int64_t now_ms);
void breaker_probe_sent(struct breaker *breaker, uint64_t document_hash);
/* The document's request ended without an answer that says anything of the service (abandoned, never sent). If it was
 * the probe, the next may go at once. */
void breaker_probe_ended(struct breaker *breaker, uint64_t document_hash);

/* When the next probe may go; INT64_MAX if closed or while one is under way. */
int64_t breaker_deadline(const struct breaker *breaker);
bool breaker_is_open(const struct breaker *breaker);
/* When it closed last; -1: it never did. Time before it does not count against a document
 * that fails. */
int64_t breaker_closed_at(const struct breaker *breaker);
uint64_t breaker_openings(const struct breaker *breaker);

#endif
