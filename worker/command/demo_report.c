#include "command/demo_report.h"

#include "common/json_scan.h"
#include "common/memory.h"

#include <stdio.h>

struct record {
    struct json json;
    struct arena *arena;
};

/* A member as text: strings without quotes, null and what is not there as `otherwise`. */
static struct bytes text_of(const struct record *record, uint32_t object, const char *name, const char *otherwise)
{
    uint32_t index = object == JSON_NOT_FOUND || record->json.values[object].kind != JSON_OBJECT
                         ? JSON_NOT_FOUND
                         : json_member(&record->json, object, bytes_of(name));

    if (index == JSON_NOT_FOUND || record->json.values[index].kind == JSON_NULL)
        return bytes_of(otherwise);
    return record->json.values[index].kind == JSON_STRING ? json_string(&record->json, index, record->arena)
                                                          : json_text(&record->json, index);
}

static void print_attempts(const struct record *record)
{
    uint32_t attempts = json_member(&record->json, 0, BYTES("attempts"));

    for (size_t i = 0; attempts != JSON_NOT_FOUND && i < record->json.values[attempts].count; i++) {
        uint32_t attempt = json_element(&record->json, attempts, i);

        printf("    %-5.*s %-8.*s %.*s %.*s\n", BYTES_ARG(text_of(record, attempt, "request", "?")),
               BYTES_ARG(text_of(record, attempt, "version", "-")), BYTES_ARG(text_of(record, attempt, "status", "-")),
               BYTES_ARG(text_of(record, attempt, "meaning", "")));
    }
}

static void print_decisions(const struct record *record)
{
    uint32_t decisions = json_member(&record->json, 0, BYTES("decisions"));

    for (size_t i = 0; decisions != JSON_NOT_FOUND && i < record->json.values[decisions].count; i++) {
        uint32_t decision = json_element(&record->json, decisions, i);

        printf("    %.*s: rule %.*s, case %.*s: base %.*s (%.*s), document %.*s, event %.*s -> %.*s\n",
               BYTES_ARG(text_of(record, decision, "field", "?")), BYTES_ARG(text_of(record, decision, "rule", "?")),
               BYTES_ARG(text_of(record, decision, "case", "?")),
               BYTES_ARG(text_of(record, decision, "base", "unknown")),
               BYTES_ARG(text_of(record, decision, "base_from", "?")),
               BYTES_ARG(text_of(record, decision, "theirs", "missing")),
               BYTES_ARG(text_of(record, decision, "ours", "missing")),
               BYTES_ARG(text_of(record, decision, "decided", "?")));
    }
}

void demo_report_record(const char *title, const char *text)
{
    struct json_limits limits = JSON_LIMITS_DEFAULT;
    struct record record = {.arena = arena_new(8192)};
    struct json_fault fault;

    if (text == NULL || !json_scan(bytes_of(text), &limits, record.arena, &record.json, &fault)) {
        printf("\n%s: none\n", title);
    } else {
        uint32_t event = json_member(&record.json, 0, BYTES("event"));
        uint32_t version = json_member(&record.json, 0, BYTES("version"));

        printf("\n%s: event %.*s of document %.*s, partition %.*s, offset %.*s, by %.*s\n", title,
               BYTES_ARG(text_of(&record, event, "id", "?")), BYTES_ARG(text_of(&record, 0, "document", "?")),
               BYTES_ARG(text_of(&record, event, "partition", "?")), BYTES_ARG(text_of(&record, event, "offset", "?")),
               BYTES_ARG(text_of(&record, 0, "worker", "?")));
        print_attempts(&record);
        print_decisions(&record);
        printf("    version %.*s -> %.*s\n", BYTES_ARG(text_of(&record, version, "before", "-")),
               BYTES_ARG(text_of(&record, version, "after", "not written")));
    }
    arena_free(record.arena);
}

void demo_report_rules(const struct check_result *result)
{
    printf("\n  %-16s %-5s %22s %14s %10s\n", "rule", "case", "replaced by the event", "document kept", "conflict");
    for (unsigned rule = 0; rule < MODEL_RULES; rule++) {
        for (unsigned kase = 0; kase < MODEL_CASES; kase++) {
            size_t replaced = result->replaced[rule][kase], kept = result->kept[rule][kase];
            size_t conflicts = result->conflicts[rule][kase];

            if (replaced + kept + conflicts > 0)
                printf("  %-16s %-5s %22zu %14zu %10zu\n", model_rule_name((enum model_rule)rule),
                       model_case_name((enum model_case)kase), replaced, kept, conflicts);
        }
    }
    printf("  (replaced: values that the foreign user had written, each with its decision on record)\n");
}

void demo_report_outcomes(const struct check_result *result)
{
    printf("\n  outcome      events\n");
    for (unsigned i = 0; i < CHECK_OUTCOMES; i++)
        printf("  %-10s %8zu\n", check_outcome_name((enum check_outcome)i), result->outcomes[i]);
    printf("\n  events: %zu with a base, %zu with a base_version, %zu with neither\n", result->with_base,
           result->with_base_version, result->without_base);
    printf("  %zu of them were folded into %zu updates of several\n", result->folded, result->folds);
    printf("  foreign writes: %zu, %zu of them on fields that events change; stale answers: %zu\n",
           result->foreign_writes, result->foreign_on_event_fields, result->stale);
    printf("  writes of which the worker heard nothing: %zu done, %zu not done; %zu of the done ones were followed by a "
           "foreign write to the field\n",
           result->lost_answers, result->lost_requests, result->lost_followed);
    printf("  writes that no record names, explained by the event that was in hand: %zu\n", result->ambiguous);
}

void demo_report_faults(const struct check_result *result)
{
    if (result->message_count == 0)
        return;
    printf("\nThe check found %zu faults: %zu lost, %zu overwritten, %zu false decisions, %zu unexplained writes, %zu "
           "out of order, %zu wrong dead letters, %zu wrong states\n",
           result->message_count, result->lost, result->overwritten, result->false_decisions, result->unexplained,
           result->out_of_order, result->letters_wrong, result->states_wrong);
    for (size_t i = 0; i < result->message_count && i < CHECK_MESSAGES; i++)
        printf("  %s\n", result->messages[i]);
}

#define FULL_RUN_EVENTS 20000

bool demo_report_minimums(const struct check_result *result, size_t events)
{
    const struct {
        const char *what;
        size_t found, least; /* of a full run */
    } minimums[] = {
        {"foreign writes", result->foreign_writes, 2000},
        {"foreign writes on fields that events change", result->foreign_on_event_fields, 1000},
        {"stale answers", result->stale, 500},
        {"ambiguous writes", result->lost_answers + result->lost_requests, 50},
        {"ambiguous writes that were done", result->lost_answers, 15},
        {"ambiguous writes that were not done", result->lost_requests, 15},
        {"ambiguous writes followed by a foreign write to the field", result->lost_followed, 10},
        {"merged events", result->outcomes[CHECK_MERGED], 200},
        {"conflicts", result->outcomes[CHECK_CONFLICT], 20},
        {"events with a base", result->with_base, 8000},
        {"events with neither base nor base_version", result->without_base, 4000},
        {"events with a base_version", result->with_base_version, 2000},
    };
    bool is_met = true;

    if (events < FULL_RUN_EVENTS / 2) {
        printf("a short run: how much of each kind it must have gone through is not demanded\n");
        return true;
    }
    for (size_t i = 0; i < sizeof(minimums) / sizeof(minimums[0]); i++) {
        size_t least = minimums[i].least * events / FULL_RUN_EVENTS;

        if (minimums[i].found >= least)
            continue;
        printf("%s: %zu, at least %zu wanted\n", minimums[i].what, minimums[i].found, least);
        is_met = false;
    }
    return is_met;
}

void demo_report_last_line(const struct check_result *result)
{
    /* The form of this line stands. The demo's events end duplicate or outdated only where the producer sent one twice:
     * the document stays as it is, as with the unchanged ones. */
    size_t unchanged = result->outcomes[CHECK_UNCHANGED] + result->outcomes[CHECK_DUPLICATE] +
                       result->outcomes[CHECK_OUTDATED];

    printf("demo: %zu events, %zu applied, %zu merged, %zu unchanged, %zu conflicts, %zu rejected, %zu exhausted, %zu "
           "repeated, %zu lost, %zu overwritten\n",
           result->events, result->outcomes[CHECK_APPLIED], result->outcomes[CHECK_MERGED],
           unchanged, result->outcomes[CHECK_CONFLICT], result->outcomes[CHECK_REJECTED],
           result->outcomes[CHECK_EXHAUSTED], result->repeated, result->lost,
           result->overwritten + result->false_decisions + result->unexplained);
}
