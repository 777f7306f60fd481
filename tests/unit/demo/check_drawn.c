#include "common/memory.h"
#include "common/pointer.h"
#include "common/random.h"
#include "demo/check.h"
#include "tests/support/unit.h"

#include <stdio.h>
#include <string.h>

/* Logs of folds drawn at random, with the decisions that demo/model.h gives: the check finds nothing in them. */

static const struct model_pattern patterns[] = {{.pattern = BYTES("/status"), .rule = MODEL_EXTERNAL},
                                                {.pattern = BYTES("/owner"), .rule = MODEL_PREFER_DOCUMENT},
                                                {.pattern = BYTES("/map"), .rule = MODEL_ATOMIC}};
static const struct model_rules rules = {patterns, 3, MODEL_MERGE};

#define FIELDS    5
#define MATES_MAX 6
static const struct bytes fields[FIELDS] = {BYTES("/status"), BYTES("/owner"), BYTES("/note"), BYTES("/map"),
                                            BYTES("/map/a")};

struct mate {
    int64_t offset;
    struct bytes text;
    struct model_change changes[2];
    size_t count;
    bool has_version; /* base_version is the version at hand */
    struct model_answer answer;
};

struct drawing {
    struct random random;
    struct arena *arena;
    struct check *check;
    struct bytes document;
    int version;
    int64_t seq, place, offset;
    struct model_value memory[FIELDS]; /* what events set */
    struct mate mates[MATES_MAX];
    size_t count;
};

static struct bytes draw_text(struct drawing *drawing, size_t field)
{
    char text[32];
    int a = (int)random_below(&drawing->random, 4), b = (int)random_below(&drawing->random, 2);

    if (bytes_equal(fields[field], BYTES("/map")))
        snprintf(text, sizeof(text), "{\"a\":%d,\"b\":%d}", a, b);
    else
        snprintf(text, sizeof(text), "%d", a);
    return (struct bytes){arena_copy(drawing->arena, text, strlen(text)), strlen(text)};
}

static void draw_change(struct drawing *drawing, struct mate *mate, size_t field)
{
    struct model_change *change = &mate->changes[mate->count++];

    *change = (struct model_change){.pointer = fields[field], .ours = {MODEL_VALUE, draw_text(drawing, field)}};
    if (random_below(&drawing->random, 3) == 0)
        change->base = (struct model_value){MODEL_VALUE, draw_text(drawing, field)};
}

static void add_event(struct drawing *drawing, struct mate *mate)
{
    auto_buffer out;

    buffer_init(&out, 1 << 16);
    for (int is_base = 0; is_base <= 1; is_base++) {
        const char *comma = "";

        buffer_add_text(&out, is_base ? "},\"base\":{" : "{\"changes\":{");
        for (size_t i = 0; i < mate->count; i++) {
            const struct model_value *value = is_base ? &mate->changes[i].base : &mate->changes[i].ours;

            if (value->state != MODEL_VALUE)
                continue;
            buffer_format(&out, "%s\"%.*s\":%.*s", comma, BYTES_ARG(mate->changes[i].pointer), BYTES_ARG(value->text));
            comma = ",";
        }
    }
    buffer_add_text(&out, "}");
    if (mate->has_version)
        buffer_format(&out, ",\"base_version\":\"v%d\"", drawing->version);
    buffer_add_text(&out, "}");
    mate->text = (struct bytes){arena_copy(drawing->arena, out.data, out.size), out.size};
    check_event(drawing->check, 0, mate->offset, BYTES("d"), mate->text);
}

static bool recall(void *context, struct bytes pointer, struct model_value *ret_base, enum model_base_from *ret_from)
{
    const struct drawing *drawing = context;

    for (size_t i = 0; i < FIELDS; i++) {
        if (!bytes_equal(fields[i], pointer) || drawing->memory[i].state == MODEL_UNKNOWN)
            continue;
        *ret_base = drawing->memory[i];
        *ret_from = MODEL_MEMORY;
        return true;
    }
    return false;
}

static void remember(struct drawing *drawing, const struct model_decision *decision)
{
    for (size_t i = 0; i < FIELDS; i++) {
        if (bytes_equal(fields[i], decision->pointer))
            drawing->memory[i] = decision->ours;
    }
}

/* Draws an event and merges it onto what the mates before it made of `document`. */
static void draw_mate(struct drawing *drawing, struct bytes *document)
{
    struct mate *mate = &drawing->mates[drawing->count++];
    struct model_question question = {.document = *document, .changes = mate->changes, .rules = &rules,
                                      .recall = recall, .context = drawing};
    size_t field = random_below(&drawing->random, FIELDS);

    *mate = (struct mate){.offset = drawing->offset};
    drawing->offset += 1 + (int64_t)random_below(&drawing->random, 2);
    draw_change(drawing, mate, field);
    if (field < 2 && random_below(&drawing->random, 2) == 0)
        draw_change(drawing, mate, field + 1);
    mate->has_version = random_below(&drawing->random, 5) == 0;
    add_event(drawing, mate);
    question.count = mate->count;
    question.is_version_current = mate->has_version && document->data == drawing->document.data;
    model_merge(&question, drawing->arena, &mate->answer);
    for (size_t i = 0; mate->answer.end == MODEL_WRITTEN && i < mate->answer.count; i++) {
        if (mate->answer.decisions[i].verdict.result == MODEL_OURS)
            remember(drawing, &mate->answer.decisions[i]);
    }
    *document = mate->answer.document;
}

static const struct mate *replaced_by(const struct drawing *drawing, const struct mate *mate, struct bytes field)
{
    while (++mate < drawing->mates + drawing->count) {
        for (size_t i = 0; mate->answer.end == MODEL_WRITTEN && i < mate->answer.count; i++) {
            const struct model_decision *decision = &mate->answer.decisions[i];

            if (decision->verdict.result == MODEL_OURS && pointer_covers(decision->pointer, field))
                return mate;
        }
    }
    return NULL;
}

static void add_decisions(const struct drawing *drawing, const struct mate *mate, bool is_sent, struct buffer *out)
{
    for (size_t i = 0; i < mate->answer.count; i++) {
        const struct model_decision *decision = &mate->answer.decisions[i];
        const struct mate *later = replaced_by(drawing, mate, decision->pointer);

        buffer_format(out, "%s{\"field\":\"%.*s\",\"rule\":\"%s\",\"case\":\"%s\",\"base_from\":\"%s\"",
                      i > 0 ? "," : "", BYTES_ARG(decision->pointer), model_rule_name(decision->rule),
                      model_case_name(decision->verdict.kase), model_base_name(decision->base_from));
        if (decision->base.state == MODEL_VALUE)
            buffer_format(out, ",\"base\":%.*s", BYTES_ARG(decision->base.text));
        buffer_format(out, ",\"theirs\":%.*s,\"ours\":%.*s,\"decided\":\"%s\"", BYTES_ARG(decision->theirs.text),
                      BYTES_ARG(decision->ours.text), model_result_name(decision->verdict.result));
        if (mate->answer.end == MODEL_WRITTEN && decision->verdict.result == MODEL_OURS && later != NULL)
            buffer_format(out, ",\"superseded_by\":%lld", (long long)later->offset);
        else if (mate->answer.end == MODEL_WRITTEN && decision->verdict.result == MODEL_OURS && is_sent)
            buffer_add_text(out, ",\"written\":true");
        buffer_add_text(out, "}");
    }
}

static const char *outcome_of(const struct mate *mate, bool is_sent)
{
    bool is_plain = true;

    for (size_t i = 0; i < mate->answer.count; i++)
        is_plain &= mate->answer.decisions[i].verdict.kase <= MODEL_C2;
    if (mate->answer.end == MODEL_UNDECIDED)
        return "\"conflict\"";
    if (mate->answer.end == MODEL_UNCHANGED)
        return "\"unchanged\"";
    if (!is_sent)
        return "\"unchanged\",\"reason\":\"folded_away\"";
    return is_plain ? "\"applied\"" : "\"merged\"";
}

static void add_letter(struct drawing *drawing, const struct mate *mate)
{
    char offset[24];

    snprintf(offset, sizeof(offset), "%lld", (long long)mate->offset);
    ck_assert(check_letter(drawing->check, BYTES("0"), bytes_of(offset), BYTES("conflict"), mate->text));
}

static void add_record(struct drawing *drawing, size_t place, bool is_sent, bool is_answer_lost)
{
    const struct mate *mate = &drawing->mates[place];
    auto_buffer out;

    buffer_init(&out, 1 << 20);
    buffer_format(&out, "{\"document\":\"d\",\"outcome\":%s,\"event\":{\"partition\":0,\"offset\":%lld},\"decisions\":[",
                  outcome_of(mate, is_sent), (long long)mate->offset);
    add_decisions(drawing, mate, is_sent, &out);
    buffer_format(&out, "],\"version\":{\"before\":\"v%d\"", drawing->version);
    if (is_sent && !is_answer_lost && mate->answer.end == MODEL_WRITTEN)
        buffer_format(&out, ",\"after\":\"v%d\"", drawing->version + 1);
    buffer_add_text(&out, "},\"attempts\":[");
    if (is_sent)
        buffer_format(&out, "{\"request\":\"PUT\",\"version\":\"v%d\",\"meaning\":\"%s\"}", drawing->version,
                      is_answer_lost ? "outage" : "ok");
    buffer_format(&out, "],\"folded\":%zu,\"fold_position\":%zu}", drawing->count, place + 1);
    ck_assert(check_record(drawing->check, drawing->place++, buffer_bytes(&out)));
    if (mate->answer.end == MODEL_UNDECIDED)
        add_letter(drawing, mate);
}

static void add_write(struct drawing *drawing, const char *writer, struct bytes after, bool is_answer_lost)
{
    auto_buffer out;

    buffer_init(&out, 1 << 20);
    buffer_format(&out,
                  "{\"seq\":%lld,\"at_ms\":1,\"document\":\"d\",\"writer\":\"%s\",\"version_before\":\"v%d\","
                  "\"version_after\":\"v%d\",\"fault\":%s,\"before\":%.*s,\"after\":%.*s}",
                  (long long)++drawing->seq, writer, drawing->version, drawing->version + 1,
                  is_answer_lost ? "\"answer_lost\"" : "null", BYTES_ARG(drawing->document), BYTES_ARG(after));
    ck_assert(check_write(drawing->check, buffer_bytes(&out)));
    drawing->version++;
    drawing->document = after;
}

/* Is some field another one in the end? */
static bool has_net_change(const struct drawing *drawing, struct bytes after)
{
    for (size_t i = 0; i < FIELDS; i++) {
        if (!model_equal(model_value_at(drawing->document, fields[i]), model_value_at(after, fields[i])))
            return true;
    }
    return false;
}

static void draw_fold(struct drawing *drawing)
{
    size_t count = 1 + random_below(&drawing->random, MATES_MAX);
    struct bytes after = drawing->document;
    bool is_answer_lost = random_below(&drawing->random, 5) == 0, is_sent;

    drawing->count = 0;
    while (drawing->count < count)
        draw_mate(drawing, &after);
    is_sent = has_net_change(drawing, after);
    for (size_t i = 0; i < count; i++)
        add_record(drawing, i, is_sent, is_answer_lost);
    if (is_sent)
        add_write(drawing, "anonymous", after, is_answer_lost);
}

static void draw_foreign_write(struct drawing *drawing)
{
    size_t field = random_below(&drawing->random, FIELDS);
    struct model_value value = {MODEL_VALUE, draw_text(drawing, field)};
    struct bytes after;

    ck_assert(model_set(drawing->document, fields[field], value, drawing->arena, &after));
    add_write(drawing, "user", after, false);
}

static void draw_log(uint64_t seed, struct check_result *ret_result, size_t *folded, size_t *ambiguous)
{
    struct drawing drawing = {.arena = arena_new(1 << 16), .check = check_new(&rules), .version = 1,
                              .document = BYTES("{\"status\":0,\"owner\":0,\"note\":0,\"map\":{\"a\":0,\"b\":0}}")};

    random_init(&drawing.random, seed);
    check_initial(drawing.check, BYTES("d"), drawing.document);
    for (int i = 0; i < 8; i++) {
        draw_fold(&drawing);
        if (random_below(&drawing.random, 2) == 0)
            draw_foreign_write(&drawing);
    }
    check_final(drawing.check, BYTES("d"), drawing.document);
    check_finish(drawing.check, ret_result);
    ck_assert_msg(check_is_good(ret_result), "seed %llu: %s", (unsigned long long)seed, ret_result->messages[0]);
    *folded += ret_result->folded;
    *ambiguous += ret_result->ambiguous;
    check_free(drawing.check);
    arena_free(drawing.arena);
}

START_TEST(folds_as_the_model_decides_them_pass)
{
    struct check_result result;
    size_t folded = 0, ambiguous = 0;

    for (uint64_t seed = 1; seed <= 300; seed++)
        draw_log(seed, &result, &folded, &ambiguous);
    ck_assert_uint_gt(folded, 3000);
    ck_assert_uint_gt(ambiguous, 100);
}
END_TEST

UNIT_TESTS("demo/check_drawn", folds_as_the_model_decides_them_pass)
