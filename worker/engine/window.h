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

/* False if `offset` was received before, lies below the start or was finished by an earlier owner: a repetition that
 * must not enter a lane. */
bool window_receive(struct window *window, int64_t offset);
/* `offset` must be received and unfinished; call it when its records are acknowledged. */
void window_finish(struct window *window, int64_t offset);
/* The offset to commit: the next one to be read after a restart. Never goes back. */
int64_t window_watermark(const struct window *window);
size_t window_unfinished(const struct window *window);
/* How often window_finish was called. */
uint64_t window_finished(const struct window *window);

/* Finished offsets in a row; what lies between two of them and was never received does not exist. */
struct window_span {
    int64_t first;
    int64_t next; /* behind the last */
};

/* The spans of finished offsets above the watermark, lowest first. Returns how many there are; fills in at most
 * `max`. */
size_t window_spans(const struct window *window, struct window_span *ret_spans, size_t max);
/* How many there are, without looking at each. */
size_t window_span_count(const struct window *window);
/* These were finished by an earlier owner: window_receive refuses them, and they never hold the watermark back. Call
 * it before the first offset is received; the spans are copied. */
void window_restore(struct window *window, const struct window_span *spans, size_t count);

#endif
