#ifndef IFMATCH_LOOP_DRY_RUN_H
#define IFMATCH_LOOP_DRY_RUN_H

#include "common/buffer.h"
#include "engine/action.h"
#include "engine/engine.h"
#include "record/record.h"
#include "service/service.h"

/* `run --dry-run`: performs what the engine asks for without changing anything. A read is a read. A write becomes a read
 * that looks whether its version is current; its edits are kept (overlay.h), so that the next event of the document is
 * judged on them. A commit is acknowledged, and nothing is committed. Each event that would change something is a line on
 * standard output. */
struct dry_run;

struct dry_run *dry_run_new(void);
void dry_run_free(struct dry_run *dry_run); /* NULL is fine */

/* READ and WRITE. */
void dry_run_request(struct dry_run *dry_run, struct service *service, const struct action *action);
/* The service's answer to that action becomes the engine's; `ret_is_write` is what the engine asked for. What it points to
 * is valid until the next call. */
void dry_run_answer(struct dry_run *dry_run, const struct service *service, uint64_t action_id, struct answer *answer,
                    bool *ret_is_write);
/* Counts a finished event and prints its line. */
void dry_run_finished(struct dry_run *dry_run, const struct record_context *context, const struct finished *finished);
/* PUBLISH where nothing is published, and COMMIT: both are acknowledged by the next dry_run_feed. */
void dry_run_acknowledge(struct dry_run *dry_run, const struct action *action);
void dry_run_feed(struct dry_run *dry_run, struct engine *engine);
/* Is there anything to feed? Then the loop must not sleep. */
bool dry_run_has_more(const struct dry_run *dry_run);

/* Memory for the edits that are kept. */
size_t dry_run_bytes(const struct dry_run *dry_run);
/* The table of outcomes. `received` events came. */
void dry_run_table(const struct dry_run *dry_run, uint64_t received, struct buffer *out);

#endif
