/* Microseconds for a whole merge of an event with five changed fields: the document's text is scanned, the event is merged
 * onto it under rules as a configuration has them, and the edits are spliced into the new text. The event was parsed before,
 * once for all attempts. Median, best and worst of the batches; processor time. */
#include "common/buffer.h"
#include "common/memory.h"
#include "merge/merge.h"

#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#define BATCHES    41
#define BATCH_US   20000
#define BLOCK_SIZE 65536

struct work {
    struct bytes text;
    struct event event;
    struct rules *rules;
    struct arena *arena;
    struct buffer out;
};

static const struct json_limits limits = JSON_LIMITS_DEFAULT;

static const char event_text[] =
    "{\"id\":\"7c2f\",\"source\":\"erp/prod\",\"changes\":{\"/status\":\"RELEASED\",\"/owner\":\"ana\",\"/weight\":13.25,"
    "\"/attributes/attribute_7\":\"changed\",\"/attributes/new\":\"added\"},"
    "\"base\":{\"/status\":\"INWORK\",\"/owner\":\"jdoe\",\"/weight\":12.5,\"/attributes/attribute_7\":\"value 55433\"},"
    "\"base_missing\":[\"/attributes/new\"]}";

static void fail(const char *what)
{
    fprintf(stderr, "%s\n", what);
    exit(1);
}

/* As in bench-json: a few fixed members, a map of attributes, a list of parts. */
static void document(struct buffer *out, size_t size)
{
    buffer_add_text(out, "{\"number\":\"0000004711\",\"name\":\"Bracket, left\",\"status\":\"INWORK\",\"owner\":\"jdoe\","
                         "\"revision\":\"B.3\",\"weight\":12.50,\"released\":false,\"checkout\":null,\"attributes\":{");
    for (int i = 0; i < 12; i++)
        buffer_format(out, "%s\"attribute_%d\":\"value %d\"", i > 0 ? "," : "", i, i * 7919);
    buffer_add_text(out, "},\"parts\":[");
    for (int i = 0; i == 0 || out->size + 120 < size; i++)
        buffer_format(out, "%s{\"part\":\"P-%05d\",\"quantity\":%d,\"unit\":\"ea\",\"position\":%d.25,\"valid\":true}",
                      i > 0 ? "," : "", i, i % 9 + 1, i);
    buffer_add_text(out, "]");
    while (out->size + 1 < size)
        buffer_add_char(out, ' ');
    buffer_add_char(out, '}');
}

static struct rules *rules_of_a_team(void)
{
    static const struct {
        const char *pattern;
        enum rule rule;
    } patterns[] = {
        {"/status", RULE_EXTERNAL},      {"/owner", RULE_PREFER_DOCUMENT}, {"/attributes/*", RULE_MERGE},
        {"/attributes/secret", RULE_DOCUMENT}, {"/parts", RULE_ATOMIC},    {"/**/modifiedAt", RULE_IGNORE},
        {"/number", RULE_IMMUTABLE},     {"/tags", RULE_SET},
    };
    struct rules_defaults defaults = RULES_DEFAULTS;
    struct rules *rules = rules_new(&defaults);
    struct error error = {0};

    for (size_t i = 0; i < sizeof(patterns) / sizeof(patterns[0]); i++)
        if (!rules_add(rules, &(struct rule_entry){.pattern = bytes_of(patterns[i].pattern), .rule = patterns[i].rule},
                       &error))
            fail(error.text);
    if (!rules_finish(rules, &error))
        fail(error.text);
    return rules;
}

static void merge_once(struct work *work)
{
    struct merge_input input = {.rules = work->rules, .event = &work->event, .version = BYTES("\"v1\""), .limits = &limits};
    struct merge_output output;
    struct json_fault fault;
    struct json theirs;
    size_t failed;

    arena_reset(work->arena);
    if (!json_scan(work->text, &limits, work->arena, &theirs, &fault))
        fail(fault.what);
    input.theirs = &theirs;
    merge(&input, work->arena, &output);
    buffer_reset(&work->out);
    if (output.verdict != MERGE_WRITE || output.edit_count != 5 ||
        json_splice(&theirs, output.edits, output.edit_count, &work->out, &failed) != JSON_SPLICED)
        fail("the event sets five fields");
}

/* Of the processor: what others do on the machine is not counted. */
static double spent_us(void)
{
    struct timespec now;

    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
    return (double)now.tv_sec * 1e6 + (double)now.tv_nsec / 1e3;
}

static int by_value(const void *a, const void *b)
{
    double left = *(const double *)a, right = *(const double *)b;

    return (left > right) - (left < right);
}

static void measure(struct work *work, size_t size)
{
    double found[BATCHES];
    auto_buffer text;

    buffer_init(&text, 1 << 20);
    document(&text, size);
    work->text = buffer_bytes(&text);
    for (int batch = 0; batch < BATCHES; batch++) {
        double start_us = spent_us();
        uint64_t count = 0;

        do {
            for (int i = 0; i < 50; i++, count++)
                merge_once(work);
        } while (spent_us() - start_us < BATCH_US);
        found[batch] = (spent_us() - start_us) / (double)count;
    }
    qsort(found, BATCHES, sizeof(found[0]), by_value);
    printf("%8zu %9.2f %9.2f %9.2f\n", work->text.size, found[BATCHES / 2], found[0], found[BATCHES - 1]);
}

int main(void)
{
    const struct event_input input = {.key = BYTES("4711"), .value = bytes_of(event_text)};
    struct work work = {.rules = rules_of_a_team(), .arena = arena_new(BLOCK_SIZE)};
    struct arena *arena = arena_new(BLOCK_SIZE);
    struct event_fault fault;

    if (!event_parse(&input, &EVENT_LIMITS_DEFAULT, arena, &work.event, &fault))
        fail(fault.detail);
    buffer_init(&work.out, 1 << 20);
    printf("%8s %9s %9s %9s   (us for a merge of five fields, of %d batches)\n", "bytes", "median", "best", "worst", BATCHES);
    measure(&work, 632);
    measure(&work, 16384);
    buffer_release(&work.out);
    rules_free(work.rules);
    arena_free(work.arena);
    arena_free(arena);
    return 0;
}
