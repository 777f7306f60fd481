/* engine/window_codec.h: of any text the decoder takes only spans that lie above the watermark, rise and keep apart, and
 * a window takes those over: it refuses their offsets and no other. Spans come back as they were encoded, for their own
 * offset alone. A foreign text says nothing.
 *
 * Input: the committed offset in the first line, then the metadata; "SPANS" instead of its hash is given the right one,
 * since nobody guesses that. */
#include "common/buffer.h"
#include "engine/window_codec.h"
#include "fuzz.h"

#include <stdio.h>

#define SPANS_MAX (WINDOW_TEXT_MAX / 2)

static struct window_span spans[SPANS_MAX], again[SPANS_MAX];

/* The codec's hash, told a second time. */
static void add_hash(struct buffer *text, int64_t offset_next, struct bytes digits)
{
    char offset[32];

    snprintf(offset, sizeof(offset), "%lld", (long long)offset_next);
    buffer_format(text, " %016llx", (unsigned long long)(bytes_hash(digits) * 31 + bytes_hash(bytes_of(offset))));
}

static void read_text(struct bytes rest, int64_t offset_next, struct buffer *out)
{
    const struct bytes head = BYTES("ifmatch/1 "), mark = BYTES(" SPANS");

    buffer_init(out, SIZE_MAX / 2);
    if (!bytes_start_with(rest, head) || rest.size < head.size + mark.size ||
        !bytes_equal(bytes_from(rest, rest.size - mark.size), mark)) {
        buffer_add(out, rest);
        return;
    }
    rest.size -= mark.size;
    buffer_add(out, rest);
    add_hash(out, offset_next, bytes_from(rest, head.size));
}

static void expect_window(int64_t offset_next, size_t count)
{
    struct window *window = window_new(offset_next);

    window_restore(window, spans, count);
    for (size_t i = 0; i < count && i < 8; i++) {
        int64_t before = i > 0 ? spans[i - 1].next : offset_next;

        if (before < spans[i].first)
            ensure(window_receive(window, spans[i].first - 1));
        ensure(!window_receive(window, spans[i].first));
        if (spans[i].first < spans[i].next - 1)
            ensure(!window_receive(window, spans[i].next - 1));
    }
    ensure(window_watermark(window) >= offset_next);
    window_free(window);
}

static void expect_spans(int64_t offset_next, size_t count)
{
    char text[WINDOW_TEXT_MAX];
    size_t size, count_again = 0;

    ensure(count > 0);
    ensure(count <= SPANS_MAX);
    for (size_t i = 0; i < count; i++) {
        ensure(spans[i].first >= (i > 0 ? spans[i - 1].next : offset_next));
        ensure(spans[i].next > spans[i].first);
    }
    size = window_encode(offset_next, spans, count, text);
    ensure(size > 0);
    ensure(size <= WINDOW_TEXT_MAX);
    ensure(window_decode(offset_next, (struct bytes){text, size}, again, &count_again));
    ensure(count_again <= count);
    ensure(memcmp(spans, again, count_again * sizeof(spans[0])) == 0);
    ensure(count_again == count || size + 64 > WINDOW_TEXT_MAX);
    ensure(!window_decode(offset_next + 1, (struct bytes){text, size}, again, &count_again));
    expect_window(offset_next, count);
}

static void try(struct bytes text, int64_t offset_next)
{
    auto_text exact = fuzz_exact(text);
    size_t count = SIZE_MAX;

    if (window_decode(offset_next, (struct bytes){exact, text.size}, spans, &count))
        expect_spans(offset_next, count);
    else
        ensure(count == SIZE_MAX);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct bytes rest = {(const char *)data, size};
    uint64_t offset_next;
    struct buffer text;

    if (!bytes_to_uint64(fuzz_line(&rest), &offset_next) || offset_next > INT64_MAX)
        return 0;
    read_text(rest, (int64_t)offset_next, &text);
    try(buffer_bytes(&text), (int64_t)offset_next);
    buffer_release(&text);
    return 0;
}
