#ifndef IFMATCH_TESTS_SUPPORT_DRAWN_H
#define IFMATCH_TESTS_SUPPORT_DRAWN_H

/* Documents, events and rules drawn at random, small and alike enough that they meet each other. */
#include "common/json_write.h"
#include "common/random.h"
#include "tests/support/trial.h"

static const char *const drawn_names[] = {"a", "b", "c", "x/y"};
static const char *const drawn_patterns[] = {"/a", "/b", "/a/b", "/a/*", "/**/c", "/b/a/c"};
#define LEAF_PATTERN 5 /* no other is more specific and may match below it */

static inline void draw_value(struct random *random, struct buffer *out, int depth)
{
    static const char *const scalars[] = {"1", "1.0", "2", "\"t\"", "null", "true", "[1,2]", "[]"};
    bool has_member = false;

    if (depth == 0 || random_below(random, 3) == 0) {
        buffer_add_text(out, scalars[random_below(random, sizeof(scalars) / sizeof(scalars[0]))]);
        return;
    }
    buffer_add_char(out, '{');
    for (size_t i = 0; i < sizeof(drawn_names) / sizeof(drawn_names[0]); i++) {
        if (random_below(random, 2) == 0)
            continue;
        buffer_add_text(out, has_member ? "," : "");
        json_write_quoted(out, bytes_of(drawn_names[i]));
        buffer_add_char(out, ':');
        draw_value(random, out, depth - 1);
        has_member = true;
    }
    buffer_add_char(out, '}');
}

static inline char *draw_document(struct random *random)
{
    struct buffer out;

    buffer_init(&out, 1 << 20);
    buffer_add_text(&out, "{ \"keep\" : 1.00 ,\"a\":");
    draw_value(random, &out, 3);
    buffer_add_text(&out, ",\"b\":");
    draw_value(random, &out, 3);
    buffer_add_text(&out, "}");
    return buffer_detach(&out);
}

/* Each of /a and /b is set, removed or left alone, with or without a base. */
static inline char *draw_event(struct random *random)
{
    struct buffer changes, bases, removals, out;

    buffer_init(&changes, 1 << 20);
    buffer_init(&bases, 1 << 20);
    buffer_init(&removals, 1 << 20);
    buffer_init(&out, 1 << 20);
    for (const char *name = "ab"; *name != '\0'; name++) {
        uint64_t way = random_below(random, 3);

        if (way == 0 || *name == 'a') {
            buffer_format(&changes, "%s\"/%c\":", changes.size > 0 ? "," : "", *name);
            draw_value(random, &changes, 3);
        } else if (way == 1) {
            buffer_format(&removals, "%s\"/%c\"", removals.size > 0 ? "," : "", *name);
        } else {
            continue;
        }
        if (random_below(random, 2) == 0) {
            buffer_format(&bases, "%s\"/%c\":", bases.size > 0 ? "," : "", *name);
            draw_value(random, &bases, 3);
        }
    }
    buffer_format(&out, "{\"changes\":{%.*s},\"remove\":[%.*s],\"base\":{%.*s}}", BYTES_ARG(buffer_bytes(&changes)),
                  BYTES_ARG(buffer_bytes(&removals)), BYTES_ARG(buffer_bytes(&bases)));
    buffer_release(&changes);
    buffer_release(&bases);
    buffer_release(&removals);
    return buffer_detach(&out);
}

static inline void draw_rules(struct random *random, struct trial *trial)
{
    for (size_t i = 0; i < sizeof(drawn_patterns) / sizeof(drawn_patterns[0]); i++) {
        enum rule rule = (enum rule)random_below(random, RULE_COUNT);
        struct rule_entry *entry;

        if (rule_takes_arrays(rule) && i != LEAF_PATTERN)
            continue; /* nothing lies below it */
        if (random_below(random, 2) != 0)
            continue;
        entry = trial_rule(trial, drawn_patterns[i], rule_name(rule));
        if (rule == RULE_RANK)
            entry->values = BYTES("1\n2\nt\n");
        if (rule == RULE_TRANSITION)
            entry->values = BYTES("1\t2\n2\t1\nt\ttrue\ntrue\t1\n");
    }
}

/* Values of the kinds that rules take apart, a few of each, so that they meet each other: pieces between brackets. */
static const struct {
    const char *rule;
    const char *begin, *end, *between;
    const char *pieces[6];
} drawn_kinds[] = {
    {"set", "[", "]", ",", {"1", "2", "\"a\"", "1.0", "null", "true"}},
    {"append", "[", "]", ",", {"1", "{\"x\":1}", "\"a\"", "[]", "2", "null"}},
    {"append", "\"", "\"", "", {"a", "b", "\\n", "\\u0061", "c", "-"}},
    {"add", "1", "", "", {"0", "2", "00", "5", "9", "1"}},
    {"keyed", "[", "]", ",",
     {"{\"k\":1,\"v\":1}", "{\"k\":2}", "{\"k\":3,\"o\":{\"a\":1}}", "{\"k\":\"4\"}", "{\"k\":5,\"v\":[]}", "{\"k\":6}"}},
    {"keyed", "[", "]", ",",
     {"{\"k\":1.0,\"v\":2}", "{\"k\":2,\"v\":1}", "{\"k\":3,\"o\":{\"a\":2,\"b\":1}}", "{\"k\":\"4\",\"o\":{}}", "{\"k\":5,\"v\":{\"a\":1}}", "{\"k\":6,\"v\":null}"}},
};
#define DRAWN_KINDS (sizeof(drawn_kinds) / sizeof(drawn_kinds[0]))

/* A value of the rule of `kind`, of as many pieces as are drawn; now and then one of another rule. */
static inline void draw_of_kind(struct random *random, struct buffer *out, size_t kind)
{
    size_t pieces = 0;

    if (random_below(random, 20) == 0)
        kind = random_below(random, DRAWN_KINDS);
    if (random_below(random, 2) == 0 && kind + 1 < DRAWN_KINDS && strcmp(drawn_kinds[kind].rule, drawn_kinds[kind + 1].rule) == 0 &&
        strcmp(drawn_kinds[kind].rule, "keyed") == 0)
        kind++;
    buffer_add_text(out, drawn_kinds[kind].begin);
    for (size_t i = 0; i < 6; i++) {
        if (random_below(random, 2) == 0)
            continue;
        buffer_add_text(out, pieces++ > 0 ? drawn_kinds[kind].between : "");
        buffer_add_text(out, drawn_kinds[kind].pieces[i]);
    }
    buffer_add_text(out, drawn_kinds[kind].end);
}

/* Document and event of one field /f, and its rule. */
static inline void draw_made(struct random *random, struct trial *trial, char **ret_document, char **ret_event)
{
    size_t kind = random_below(random, DRAWN_KINDS);
    struct buffer document, event;

    buffer_init(&document, 1 << 20);
    buffer_init(&event, 1 << 20);
    buffer_add_text(&document, "{ \"keep\" : 1.00 ,\"f\": ");
    draw_of_kind(random, &document, kind);
    buffer_add_text(&document, "}");
    buffer_add_text(&event, "{\"changes\":{\"/f\":");
    draw_of_kind(random, &event, kind);
    buffer_add_text(&event, "}");
    if (random_below(random, 4) != 0) {
        buffer_add_text(&event, ",\"base\":{\"/f\":");
        draw_of_kind(random, &event, kind);
        buffer_add_text(&event, "}");
    }
    buffer_add_text(&event, "}");
    trial_rule(trial, "/f", drawn_kinds[kind].rule);
    *ret_document = buffer_detach(&document);
    *ret_event = buffer_detach(&event);
}

static inline void draw_settings(struct random *random, struct trial *trial)
{
    trial->defaults.partial = random_below(random, 2) == 0;
    trial->defaults.on_conflict = (enum on_conflict)random_below(random, 3);
    trial->defaults.no_base = (enum no_base)random_below(random, 4);
}

#endif
