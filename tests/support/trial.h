#ifndef IFMATCH_TESTS_SUPPORT_TRIAL_H
#define IFMATCH_TESTS_SUPPORT_TRIAL_H

/* A merge told in text: rules, a document and an event in, decisions and the resulting document out.
 *
 *     struct trial *trial = trial_new();
 *     trial_rule(trial, "/status", "external");
 *     trial_merge(trial, "{\"status\":\"A\"}", "{\"changes\":{\"/status\":\"B\"}}");
 *     ck_assert_str_eq(trial_decisions(trial), "/status c5 O no_base");
 *     ck_assert_str_eq(trial_document(trial), "{\"status\":\"B\"}"); */
#include "merge/merge.h"

#include <check.h>
#include <stdio.h>
#include <stdlib.h>

struct trial {
    struct rules_defaults defaults;
    struct rule_entry entries[16];
    size_t entry_count;
    struct arena *arena;
    struct rules *rules;
    struct event event;
    struct json theirs;
    struct json refused_copy;
    struct merge_input input; /* may be changed before trial_merge */
    struct merge_output output;
    char text[4096];
};

static inline struct trial *trial_new(void)
{
    struct trial *trial = memory_new(sizeof(*trial));

    trial->defaults = RULES_DEFAULTS;
    trial->arena = arena_new(4096);
    return trial;
}

static inline void trial_free(struct trial *trial)
{
    rules_free(trial->rules);
    arena_free(trial->arena);
    free(trial);
}

/* A rule that needs values has those of the tables: B, T, O one after the other; or `/changed` and `k`. */
static inline const char *trial_values(enum rule rule)
{
    switch (rule) {
    case RULE_RANK:
        return "B\nT\nO\n";
    case RULE_TRANSITION:
        return "B\tT\nT\tO\n";
    case RULE_LATEST:
        return "/changed";
    case RULE_KEYED:
        return "k";
    default:
        return NULL;
    }
}

static inline struct rule_entry *trial_rule(struct trial *trial, const char *pattern, const char *rule)
{
    struct rule_entry *entry = &trial->entries[trial->entry_count++];

    ck_assert(rule_parse(bytes_of(rule), &entry->rule));
    entry->pattern = bytes_of(pattern);
    entry->values = bytes_of(trial_values(entry->rule));
    entry->place = (struct rule_place){"rules.yaml", (int)trial->entry_count};
    return entry;
}

static inline struct json trial_scan(struct trial *trial, const char *text)
{
    struct json json;
    struct json_fault fault;

    ck_assert_msg(json_scan(bytes_of(text), &JSON_LIMITS_DEFAULT, trial->arena, &json, &fault), "%s", text);
    return json;
}

static inline void trial_merge(struct trial *trial, const char *theirs, const char *event)
{
    const struct event_input input = {.key = BYTES("4711"), .value = bytes_of(event)};
    struct event_fault fault;
    struct error error = {0};

    rules_free(trial->rules);
    trial->rules = rules_new(&trial->defaults);
    for (size_t i = 0; i < trial->entry_count; i++)
        ck_assert_msg(rules_add(trial->rules, &trial->entries[i], &error), "%s", error.text);
    ck_assert_msg(rules_finish(trial->rules, &error), "%s", error.text);
    ck_assert_msg(event_parse(&input, &EVENT_LIMITS_DEFAULT, trial->arena, &trial->event, &fault), "%s",
                  fault.detail);
    trial->theirs = trial_scan(trial, theirs);
    trial->input.rules = trial->rules;
    trial->input.theirs = &trial->theirs;
    trial->input.event = &trial->event;
    merge(&trial->input, trial->arena, &trial->output);
}

/* "FIELD CASE RESULT [NOTE]" for each decision, separated by "; ". */
static inline const char *trial_decisions(struct trial *trial)
{
    static const char letters[] = {[RESULT_THEIRS] = 'T', [RESULT_OURS] = 'O', [RESULT_CONFLICT] = 'X', [RESULT_MERGED] = 'M'};
    size_t used = 0;

    trial->text[0] = '\0';
    for (size_t i = 0; i < trial->output.decision_count; i++) {
        const struct decision *decision = &trial->output.decisions[i];
        const char *note = decision_note_name(decision->note);

        used += (size_t)snprintf(trial->text + used, sizeof(trial->text) - used, "%s%.*s %s %c%s%s",
                                 i > 0 ? "; " : "", BYTES_ARG(decision->field),
                                 merge_case_name(decision->merge_case), letters[decision->result],
                                 note != NULL ? " " : "", note != NULL ? note : "");
    }
    return trial->text;
}

/* The document after the edits. */
static inline const char *trial_document(struct trial *trial)
{
    struct buffer buffer;
    size_t failed;

    buffer_init(&buffer, 1 << 20);
    ck_assert_int_eq(json_splice(&trial->theirs, trial->output.edits, trial->output.edit_count, &buffer, &failed),
                     JSON_SPLICED);
    snprintf(trial->text, sizeof(trial->text), "%.*s", BYTES_ARG(buffer_bytes(&buffer)));
    buffer_release(&buffer);
    return trial->text;
}

#endif
