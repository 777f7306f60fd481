#ifndef IFMATCH_ENGINE_WINDOW_CODEC_H
#define IFMATCH_ENGINE_WINDOW_CODEC_H

#include "common/bytes.h"
#include "engine/window.h"

/* Finished offsets above the watermark as text for the metadata of a commit, so that the next owner does not repeat
 * them: "ifmatch/1 SPANS HASH". SPANS are pairs of numbers, how far from the last span and how long, in digits of five
 * bits; HASH is over them and the committed offset, so that an offset and a text of two moments never go together. */
#define WINDOW_TEXT_MAX 3072 /* brokers take 4096 (offset.metadata.max.bytes) */

/* Writes `text` and returns its size, 0 for no span. What does not fit is left out from the end: it is done again. */
size_t window_encode(int64_t offset_next, const struct window_span *spans, size_t count, char text[WINDOW_TEXT_MAX]);

/* False: the text is foreign, damaged or of another offset; then nothing is known. `ret_spans` has room for
 * WINDOW_TEXT_MAX / 2. */
bool window_decode(int64_t offset_next, struct bytes text, struct window_span *ret_spans, size_t *ret_count);

#endif
