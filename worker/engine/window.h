#ifndef IFMATCH_ENGINE_WINDOW_H
#define IFMATCH_ENGINE_WINDOW_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* The received and finished offsets of one partition in one assignment. Offsets may have gaps (markers, compaction);
 * the window counts what was received, never what it guesses.
 * Invariant: watermark <= every received offset that is not finished. */
struct window;

/* `offset_next` is where reading begins: the committed offset. */
struct window *window_new(int64_t offset_next);
void window_free(struct window *window); /* NULL is fine */

/* False if `offset` was received before, or lies below the start: a repetition that must not enter a lane. */
bool window_receive(struct window *window, int64_t offset);
/* `offset` must be received and unfinished; call it when its records are acknowledged. */
void window_finish(struct window *window, int64_t offset);
/* The offset to commit: the next one to be read after a restart. Never goes back. */
int64_t window_watermark(const struct window *window);
size_t window_unfinished(const struct window *window);

#endif
