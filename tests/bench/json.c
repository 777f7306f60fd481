/* Microseconds for each scan, look-up, comparison and splice of a small and a middling document. */
#include "common/buffer.h"
#include "common/clock.h"
#include "common/json_compare.h"
#include "common/json_splice.h"
#include "common/memory.h"
#include "common/pointer.h"
#include <stdio.h>
#include <stdlib.h>

#define BATCHES    21
#define BATCH_US   20000
#define BLOCK_SIZE 65536

/* What one batch works on. */
struct work {
    struct bytes text;
    struct json json;
    struct json reordered;
    struct arena *arena;
    struct buffer out;
};

static const struct json_limits limits = JSON_LIMITS_DEFAULT;

static struct json scan(struct bytes text, struct arena *arena)
{
    struct json_fault fault;
    struct json json;

    if (!json_scan(text, &limits, arena, &json, &fault)) {
        fprintf(stderr, "byte %zu: %s\n", fault.offset, fault.what);
        exit(1);
    }
    return json;
}

/* A document as a product data service gives it: a few fixed members, a map of attributes, a list of parts. */
static void document(struct buffer *out, size_t size, bool reversed)
{
    static const char head[] = "\"number\":\"0000004711\",\"name\":\"Bracket, left \xe2\x80\x94 \\\"A\\\"\",\"status\":\"INWORK\","
                               "\"owner\":\"jdoe\",\"revision\":\"B.3\",\"weight\":12.50,\"released\":false,\"checkout\":null";

    buffer_add_char(out, '{');
    if (!reversed)
        buffer_format(out, "%s,", head);
    buffer_add_text(out, "\"attributes\":{");
    for (int i = 0; i < 12; i++) {
        int k = reversed ? 11 - i : i;

        buffer_format(out, "%s\"attribute_%d\":\"value %d\"", i > 0 ? "," : "", k, k * 7919);
    }
    buffer_add_text(out, "},\"parts\":[");
    for (int i = 0; i == 0 || out->size + 120 + (reversed ? sizeof(head) : 0) < size; i++)
        buffer_format(out, "%s{\"part\":\"P-%05d\",\"quantity\":%d,\"unit\":\"ea\",\"position\":%d.25,\"valid\":true}",
                      i > 0 ? "," : "", i, i % 9 + 1, i);
    buffer_add_char(out, ']');
    if (reversed)
        buffer_format(out, ",%s", head);
    while (out->size + 1 < size)
        buffer_add_char(out, ' ');
    buffer_add_char(out, '}');
}

static void do_scan(struct work *work)
{
    arena_reset(work->arena);
    scan(work->text, work->arena);
}

static void do_compare(struct work *work)
{
    if (!json_equal(&work->json, 0, &work->reordered, 0))
        exit(1);
}

static void do_find(struct work *work)
{
    uint32_t index;

    if (pointer_find(&work->json, BYTES("/attributes/attribute_7"), &index) != POINTER_FOUND)
        exit(1);
}

static void do_splice(struct work *work)
{
    static const struct json_edit edits[] = {
        {{"/status", 7}, {"\"RELEASED\"", 10}},
        {{"/attributes/attribute_7", 23}, {"\"changed\"", 9}},
        {{"/attributes/draft", 17}, {NULL, 0}},
        {{"/attributes/new", 15}, {"1.50", 4}},
    };
    size_t failed;

    buffer_reset(&work->out);
    json_splice(&work->json, edits, 4, &work->out, &failed);
}

static int by_value(const void *a, const void *b)
{
    double left = *(const double *)a, right = *(const double *)b;

    return (left > right) - (left < right);
}

static double median_us(void (*body)(struct work *), struct work *work)
{
    double found[BATCHES];

    for (int batch = 0; batch < BATCHES; batch++) {
        int64_t start_us = clock_now_us(), spent_us;
        uint64_t count = 0;

        do {
            for (int i = 0; i < 50; i++, count++)
                body(work);
            spent_us = clock_now_us() - start_us;
        } while (spent_us < BATCH_US);
        found[batch] = (double)spent_us / (double)count;
    }
    qsort(found, BATCHES, sizeof(found[0]), by_value);
    return found[BATCHES / 2];
}

static void measure(size_t size)
{
    struct arena *arena = arena_new(BLOCK_SIZE);
    struct work work = {.arena = arena_new(BLOCK_SIZE)};
    auto_buffer text, reordered;

    buffer_init(&text, 1 << 20);
    buffer_init(&reordered, 1 << 20);
    buffer_init(&work.out, 1 << 20);
    document(&text, size, false);
    document(&reordered, size, true);
    work.text = buffer_bytes(&text);
    work.json = scan(work.text, arena);
    work.reordered = scan(buffer_bytes(&reordered), arena);
    printf("%8zu %7u %9.3f %9.3f %12.3f %9.3f\n", work.text.size, work.json.count, median_us(do_scan, &work),
           median_us(do_find, &work), median_us(do_compare, &work), median_us(do_splice, &work));
    buffer_release(&work.out);
    arena_free(work.arena);
    arena_free(arena);
}

int main(void)
{
    printf("%8s %7s %9s %9s %12s %9s   (us, median of %d)\n", "bytes", "values", "scan", "find", "compare, in", "splice",
           BATCHES);
    printf("%8s %7s %9s %9s %12s %9s\n", "", "", "", "", "other order", "4 edits");
    measure(632);
    measure(16384);
    return 0;
}
