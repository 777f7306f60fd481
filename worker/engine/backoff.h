#ifndef IFMATCH_ENGINE_BACKOFF_H
#define IFMATCH_ENGINE_BACKOFF_H

#include "common/random.h"
#include "engine/options.h"

/* How long an update waits, in ms. Each budget has its own steps; jitter only lengthens (x uniform 1 to 1.5), so that
 * a wait is never shorter than what was asked for. */

/* Before the re-read after the `answers`-th stale answer (from 1). */
int64_t backoff_stale(const struct engine_options *options, uint32_t answers, struct random *random);
/* After the `failures`-th failure in a row (from 1): the steps, then doubled up to outage_backoff_max_ms. */
int64_t backoff_outage(const struct engine_options *options, uint32_t failures, struct random *random);
/* `retry_after_ms` < 0: the service named none. Capped by retry_after_max_ms. */
int64_t backoff_overload(const struct engine_options *options, uint32_t failures, int64_t retry_after_ms,
                         struct random *random);
int64_t backoff_locked(const struct engine_options *options, int64_t retry_after_ms, struct random *random);

#endif
