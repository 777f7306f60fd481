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
    int64_t received_next; /* above every received offset */
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

bool window_receive(struct window *window, int64_t offset)
{
    if (offset < window->received_next)
        return false;
    if (window->count == window->capacity)
        grow(window);
    *entry_at(window, window->count) = (struct entry){.offset = offset};
    window->count++;
    window->unfinished++;
    window->received_next = offset + 1;
    return true;
}

static struct entry *find(const struct window *window, int64_t offset)
{
    size_t low = 0, high = window->count;

    while (low < high) {
        size_t middle = low + (high - low) / 2;

        if (entry_at(window, middle)->offset < offset)
            low = middle + 1;
        else
            high = middle;
    }
    return low < window->count && entry_at(window, low)->offset == offset ? entry_at(window, low) : NULL;
}

void window_finish(struct window *window, int64_t offset)
{
    struct entry *entry = find(window, offset);
    int64_t before = window_watermark(window);

    ensure(entry != NULL);
    ensure(!entry->is_finished);
    entry->is_finished = true;
    window->unfinished--;
    while (window->count > 0 && entry_at(window, 0)->is_finished) {
        window->first = (window->first + 1) & (window->capacity - 1);
        window->count--;
    }
    ensure(window_watermark(window) >= before);
}

int64_t window_watermark(const struct window *window)
{
    return window->count > 0 ? entry_at(window, 0)->offset : window->received_next;
}

size_t window_unfinished(const struct window *window)
{
    return window->unfinished;
}
