/* The demo's check (worker/demo/check.h) for runs that were made elsewhere: what was sent, what the service wrote down
 * and what stands in the topics comes on standard input, one thing a line, its fields separated by tabs:
 *
 *   rule PATTERN RULE             all of them first
 *   initial DOCUMENT TEXT         final DOCUMENT TEXT
 *   event PARTITION OFFSET DOCUMENT VALUE
 *   write LINE-OF-THE-LOG         record OFFSET VALUE
 *   letter PARTITION OFFSET OUTCOME VALUE
 *   killed WALL-MS
 *
 * Standard output: `NAME FIGURE` lines, then `fault SENTENCE` for the first faults. Exit 0: good, 1: faults, 2: a line
 * that is none of these. */
#include "demo/check.h"

#include "common/memory.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define FIELDS_MAX   5
#define PATTERNS_MAX 32

struct judge {
    struct arena *arena; /* what patterns point to */
    struct model_pattern patterns[PATTERNS_MAX];
    struct model_rules rules;
    struct check *check; /* NULL while rules may come */
};

static struct bytes fields[FIELDS_MAX];

static int64_t number(size_t field)
{
    uint64_t value = 0;

    return bytes_to_uint64(fields[field], &value) ? (int64_t)value : -1;
}

static bool add_rule(struct judge *judge)
{
    struct model_pattern *pattern = &judge->patterns[judge->rules.count];

    if (judge->check != NULL || judge->rules.count == PATTERNS_MAX || !model_rule_parse(fields[2], &pattern->rule))
        return false;
    pattern->pattern.data = arena_copy(judge->arena, fields[1].data, fields[1].size);
    pattern->pattern.size = fields[1].size;
    judge->rules.count++;
    return true;
}

static bool add_initial(struct judge *judge)
{
    check_initial(judge->check, fields[1], fields[2]);
    return true;
}

static bool add_final(struct judge *judge)
{
    check_final(judge->check, fields[1], fields[2]);
    return true;
}

static bool add_event(struct judge *judge)
{
    check_event(judge->check, (int32_t)number(1), number(2), fields[3], fields[4]);
    return true;
}

static bool add_write(struct judge *judge)
{
    return check_write(judge->check, fields[1]);
}

static bool add_record(struct judge *judge)
{
    return check_record(judge->check, number(1), fields[2]);
}

static bool add_letter(struct judge *judge)
{
    return check_letter(judge->check, fields[1], fields[2], fields[3], fields[4]);
}

static bool add_killed(struct judge *judge)
{
    check_killed(judge->check, number(1));
    return true;
}

static const struct kind {
    const char *name;
    size_t fields;
    bool (*add)(struct judge *judge);
} kinds[] = {
    {"rule", 3, add_rule},   {"initial", 3, add_initial}, {"final", 3, add_final},   {"event", 5, add_event},
    {"write", 2, add_write}, {"record", 3, add_record},   {"letter", 5, add_letter}, {"killed", 2, add_killed},
};

/* The last field has the rest of the line. */
static void split(struct bytes line, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        size_t end = line.size;

        if (i + 1 < count && !bytes_find(line, '\t', &end))
            end = line.size;
        fields[i] = (struct bytes){line.data, end};
        line = bytes_from(line, end < line.size ? end + 1 : end);
    }
}

static bool take_line(struct judge *judge, struct bytes line)
{
    split(line, 2);
    for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++) {
        if (!bytes_equal(fields[0], bytes_of(kinds[i].name)))
            continue;
        split(line, kinds[i].fields);
        if (kinds[i].add != add_rule && judge->check == NULL)
            judge->check = check_new(&judge->rules);
        return kinds[i].add(judge);
    }
    return false;
}

static bool take_lines(struct judge *judge)
{
    char *line = NULL;
    size_t room = 0;
    ssize_t size;
    bool is_good = true;

    while (is_good && (size = getline(&line, &room, stdin)) > 0) {
        is_good = take_line(judge, bytes_trim((struct bytes){line, (size_t)size}));
        if (!is_good)
            fprintf(stderr, "chaos-judge: %s", line);
    }
    free(line);
    return is_good && judge->check != NULL;
}

static void print_figures(const struct check_result *result)
{
    const struct {
        const char *name;
        size_t value;
    } figures[] = {
        {"events", result->events},
        {"repeated", result->repeated},
        {"lost", result->lost},
        {"overwritten", result->overwritten},
        {"false_decisions", result->false_decisions},
        {"unexplained", result->unexplained},
        {"out_of_order", result->out_of_order},
        {"letters_wrong", result->letters_wrong},
        {"states_wrong", result->states_wrong},
        {"ambiguous", result->ambiguous},
        {"stale", result->stale},
        {"lost_answers", result->lost_answers},
        {"foreign_writes", result->foreign_writes},
        {"foreign_on_event_fields", result->foreign_on_event_fields},
    };

    for (size_t i = 0; i < sizeof(figures) / sizeof(figures[0]); i++)
        printf("%s %zu\n", figures[i].name, figures[i].value);
    for (int i = 0; i < CHECK_OUTCOMES; i++)
        printf("%s %zu\n", check_outcome_name((enum check_outcome)i), result->outcomes[i]);
    for (size_t i = 0; i < result->message_count && i < CHECK_MESSAGES; i++)
        printf("fault %s\n", result->messages[i]);
}

int main(void)
{
    struct judge judge = {.arena = arena_new(4096), .rules = {.fallback = MODEL_MERGE}};
    struct check_result result;
    int code = 2;

    judge.rules.patterns = judge.patterns;
    if (take_lines(&judge)) {
        check_finish(judge.check, &result);
        print_figures(&result);
        code = check_is_good(&result) ? 0 : 1;
    }
    check_free(judge.check);
    arena_free(judge.arena);
    return code;
}
