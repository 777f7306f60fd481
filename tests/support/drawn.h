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
        if (rule_takes_values(rule))
            entry->values = bytes_of(rule == RULE_RANK ? "1\n2\nt\n" : "1\t2\n2\t1\nt\ttrue\ntrue\t1\n");
    }
}

static inline void draw_settings(struct random *random, struct trial *trial)
{
    trial->defaults.partial = random_below(random, 2) == 0;
    trial->defaults.on_conflict = (enum on_conflict)random_below(random, 3);
    trial->defaults.no_base = (enum no_base)random_below(random, 4);
}

#endif
