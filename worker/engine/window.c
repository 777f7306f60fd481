#include "engine/window.h"

#include "common/check.h"
#include "common/memory.h"

/* A ring of the received offsets above the watermark, oldest first: offsets rise, so the ring is sorted and
 * `finish` finds its entry by halving. The front is cut off as it finishes. */
struct entry {
    int64_t offset;
    bool is_finished;
};

struct window {
    struct entry *ring;
    size_t capacity; /* a power of two */
    size_t first;
    size_t count;
    size_t unfinished;
    size_t runs; /* of finished offsets in the ring */
    int64_t received_next; /* above every received offset */
    uint64_t finished;
    struct window_span *restored; /* not all of them received yet */
    size_t restored_count;
};

struct window *window_new(int64_t offset_next)
{
    struct window *window = memory_new(sizeof(*window));

    ensure(offset_next >= 0);
    window->capacity = 64;
    window->ring = memory_new(window->capacity * sizeof(*window->ring));
    window->received_next = offset_next;
    return window;
}

void window_free(struct window *window)
{
    if (window == NULL)
        return;
    free(window->ring);
    free(window->restored);
    free(window);
}

static struct entry *entry_at(const struct window *window, size_t index)
{
    return &window->ring[(window->first + index) & (window->capacity - 1)];
}

static void grow(struct window *window)
{
    struct entry *ring = memory_new(2 * window->capacity * sizeof(*ring));

    for (size_t i = 0; i < window->count; i++)
        ring[i] = *entry_at(window, i);
    free(window->ring);
    window->ring = ring;
    window->first = 0;
    window->capacity *= 2;
}

static bool is_restored(const struct window *window, int64_t offset)
{
    for (size_t i = 0; i < window->restored_count && window->restored[i].first <= offset; i++) {
        if (offset < window->restored[i].next)
            return true;
    }
    return false;
}

/* Spans that lie below what was received are in the ring, or behind the watermark. */
static void forget_restored(struct window *window)
{
    size_t passed = 0;

    while (passed < window->restored_count && window->restored[passed].next <= window->received_next)
        passed++;
    if (passed == 0)
        return;
    window->restored_count -= passed;
    memmove(window->restored, window->restored + passed, window->restored_count * sizeof(*window->restored));
}

static bool is_finished_at(const struct window *window, size_t index)
{
    return index < window->count && entry_at(window, index)->is_finished;
}

/* The entry at `index` is finished now: a run more, or one less where it joins two. */
static void count_run(struct window *window, size_t index)
{
    bool has_before = index > 0 && is_finished_at(window, index - 1);
    bool has_after = is_finished_at(window, index + 1);

    if (has_before && has_after)
        window->runs--;
    else if (!has_before && !has_after)
        window->runs++;
}

static void cut_front(struct window *window)
{
    bool has_cut = false;

    while (is_finished_at(window, 0)) {
        window->first = (window->first + 1) & (window->capacity - 1);
        window->count--;
        has_cut = true;
    }
    window->runs -= has_cut;
}

bool window_receive(struct window *window, int64_t offset)
{
    bool is_finished = is_restored(window, offset);

    if (offset < window->received_next)
        return false;
    if (window->count == window->capacity)
        grow(window);
    *entry_at(window, window->count) = (struct entry){.offset = offset, .is_finished = is_finished};
    window->count++;
    if (is_finished)
        count_run(window, window->count - 1);
    window->unfinished += !is_finished;
    window->received_next = offset + 1;
    forget_restored(window);
    cut_front(window);
    return !is_finished;
}

void window_restore(struct window *window, const struct window_span *spans, size_t count)
{
    ensure(window->count == 0);
    ensure(window->restored_count == 0);
    window->restored = memory_new((count + 1) * sizeof(*spans));
    for (size_t i = 0; i < count; i++) {
        ensure(spans[i].first >= (i == 0 ? window->received_next : spans[i - 1].next));
        ensure(spans[i].next > spans[i].first);
        window->restored[i] = spans[i];
    }
    window->restored_count = count;
}

static void span_add(struct window_span *spans, size_t max, size_t *count, struct window_span span)
{
    if (*count < max)
        spans[*count] = span;
    *count += 1;
}

size_t window_spans(const struct window *window, struct window_span *ret_spans, size_t max)
{
    size_t count = 0;

    for (size_t i = 0; i < window->count; i++) {
        struct window_span span = {entry_at(window, i)->offset, 0};

        if (!entry_at(window, i)->is_finished)
            continue;
        while (i + 1 < window->count && entry_at(window, i + 1)->is_finished)
            i++;
        span.next = entry_at(window, i)->offset + 1;
        span_add(ret_spans, max, &count, span);
    }
    for (size_t i = 0; i < window->restored_count; i++) {
        struct window_span span = window->restored[i];

        if (span.first < window->received_next)
            span.first = window->received_next;
        span_add(ret_spans, max, &count, span);
    }
    return count;
}

size_t window_span_count(const struct window *window)
{
    return window->runs + window->restored_count;
}

static struct entry *find(const struct window *window, int64_t offset, size_t *ret_index)
{
    size_t low = 0, high = window->count;

    while (low < high) {
        size_t middle = low + (high - low) / 2;

        if (entry_at(window, middle)->offset < offset)
            low = middle + 1;
        else
            high = middle;
    }
    *ret_index = low;
    return low < window->count && entry_at(window, low)->offset == offset ? entry_at(window, low) : NULL;
}

void window_finish(struct window *window, int64_t offset)
{
    size_t index;
    struct entry *entry = find(window, offset, &index);
    int64_t before = window_watermark(window);

    ensure(entry != NULL);
    ensure(!entry->is_finished);
    entry->is_finished = true;
    count_run(window, index);
    window->unfinished--;
    window->finished++;
    cut_front(window);
    ensure(window_watermark(window) >= before);
}

int64_t window_watermark(const struct window *window)
{
    return window->count > 0 ? entry_at(window, 0)->offset : window->received_next;
}

uint64_t window_finished(const struct window *window)
{
    return window->finished;
}

size_t window_unfinished(const struct window *window)
{
    return window->unfinished;
}
