#ifndef IFMATCH_SERVICE_LEASE_H
#define IFMATCH_SERVICE_LEASE_H

#include <stdbool.h>
#include <stdint.h>

/* A credential that has to be fetched and holds for a time (an OAuth2 token, a CSRF nonce): whether it can be used, when
 * to fetch it. One fetch at a time, however many wait for it. Pure, the time comes in; embedded by its user, all zero
 * in the beginning. */
struct lease {
    uint64_t number; /* how many were got: tells one from the next */
    bool is_held;
    bool is_fetching;
    int64_t refresh_at_ms;
    int64_t expires_at_ms;
    int64_t fetch_at_ms; /* not before: after a failure */
};

/* Pause after a failed fetch. Those who ask meanwhile are told of the failure at once. While the old one still holds,
 * there is more time. */
#define LEASE_PAUSE_MS       1000
#define LEASE_EARLY_PAUSE_MS 10000
/* It is fetched anew so long before its end, or a fifth of its lifetime if that is less; the old one is used meanwhile. */
#define LEASE_EARLY_MS 60000

enum lease_state { LEASE_HELD, LEASE_AWAITED, LEASE_FAILED };

enum lease_state lease_state(const struct lease *lease, int64_t now_ms);
bool lease_wants_fetch(const struct lease *lease, int64_t now_ms);
void lease_fetching(struct lease *lease);
/* `lifetime_ms` -1: nobody said how long it holds; it is used until it is refused. */
void lease_got(struct lease *lease, int64_t lifetime_ms, int64_t now_ms);
void lease_failed(struct lease *lease, int64_t now_ms);
/* The fetch ended without saying anything of the credential. */
void lease_not_fetched(struct lease *lease);
/* What was sent with credential `number` was refused for it. */
void lease_refused(struct lease *lease, uint64_t number);

#endif
