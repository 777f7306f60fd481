#include "command/ctl_print.h"

#include "common/json_scan.h"
#include "common/memory.h"

#include <stdio.h>
#include <stdlib.h>

struct answer {
    struct json json;
    struct arena *arena;
};

/* A member's text, without quotes; "-" where there is none. */
static struct bytes text_of(const struct answer *answer, uint32_t object, const char *key)
{
    uint32_t index = json_member(&answer->json, object, bytes_of(key));

    if (index == JSON_NOT_FOUND || answer->json.values[index].kind == JSON_NULL)
        return BYTES("-");
    return answer->json.values[index].kind == JSON_STRING ? json_string(&answer->json, index, answer->arena)
                                                          : json_text(&answer->json, index);
}

static bool is_true(const struct answer *answer, const char *key)
{
    return bytes_equal(text_of(answer, 0, key), BYTES("true"));
}

/* "3.2s", "5m20s", "3h07m": two units at most. */
static void print_span(struct bytes seconds, int width)
{
    auto_text number = memory_text_n(seconds.data, seconds.size);
    double value = strtod(number, NULL);
    unsigned long long whole = value > 0 && value < 1e15 ? (unsigned long long)value : 0;
    char text[64];

    if (whole < 60)
        snprintf(text, sizeof(text), "%.1fs", value);
    else if (whole < 3600)
        snprintf(text, sizeof(text), "%llum%02llus", whole / 60, whole % 60);
    else
        snprintf(text, sizeof(text), "%lluh%02llum", whole / 3600, whole / 60 % 60);
    printf("%*s", width, text);
}

static void print_right(const struct answer *answer, uint32_t object, const char *key, int width)
{
    struct bytes text = text_of(answer, object, key);

    printf("%*.*s", width, BYTES_ARG(text));
}

static void print_partitions(const struct answer *answer)
{
    uint32_t partitions = json_member(&answer->json, 0, BYTES("partitions"));

    if (partitions == JSON_NOT_FOUND || answer->json.values[partitions].count == 0) {
        printf("\nno partitions are assigned\n");
        return;
    }
    printf("\nPARTITION     WATERMARK     COMMITTED           END         LAG  UNFINISHED     OLDEST\n");
    for (size_t i = 0; i < answer->json.values[partitions].count; i++) {
        uint32_t row = json_element(&answer->json, partitions, i);

        print_right(answer, row, "partition", 9);
        print_right(answer, row, "watermark", 14);
        print_right(answer, row, "committed", 14);
        print_right(answer, row, "end", 14);
        print_right(answer, row, "lag", 12);
        print_right(answer, row, "unfinished", 12);
        print_span(text_of(answer, row, "oldest_age_seconds"), 11);
        printf("\n");
    }
}

static void print_outcomes(const struct answer *answer)
{
    uint32_t outcomes = json_member(&answer->json, 0, BYTES("outcomes"));
    const struct json_value *values = answer->json.values;

    printf("OUTCOMES  ");
    for (uint32_t i = outcomes + 1; outcomes != JSON_NOT_FOUND && i < values[outcomes].after; i = values[i].after)
        printf("%s%.*s %.*s", i == outcomes + 1 ? "" : ", ", BYTES_ARG(json_key(&answer->json, i, answer->arena)),
               BYTES_ARG(json_text(&answer->json, i)));
    printf("\n");
}

static void print_state(const struct answer *answer)
{
    printf("STATE     %.*s: %.*s%s\n", BYTES_ARG(text_of(answer, 0, "state")), BYTES_ARG(text_of(answer, 0, "why")),
           is_true(answer, "stopping") ? " (stopping)" : "");
    printf("WORKER    %.*s, pid %.*s, version %.*s, up ", BYTES_ARG(text_of(answer, 0, "worker")),
           BYTES_ARG(text_of(answer, 0, "pid")), BYTES_ARG(text_of(answer, 0, "version")));
    print_span(text_of(answer, 0, "uptime_seconds"), 0);
    printf("\nTOPIC     %.*s\n", BYTES_ARG(text_of(answer, 0, "topic")));
    printf("EVENTS    %.*s held, %.*s requests in flight\n", BYTES_ARG(text_of(answer, 0, "events_held")),
           BYTES_ARG(text_of(answer, 0, "requests_in_flight")));
    print_outcomes(answer);
    print_partitions(answer);
}

static void print_change(const struct answer *answer)
{
    struct bytes state = text_of(answer, 0, "state");

    printf("%.*s%s: %.*s; %.*s requests in flight, %.*s events held\n", BYTES_ARG(state),
           is_true(answer, "changed") ? "" : " already", BYTES_ARG(text_of(answer, 0, "why")),
           BYTES_ARG(text_of(answer, 0, "requests_in_flight")), BYTES_ARG(text_of(answer, 0, "events_held")));
}

static bool print(enum ctl_order order, bool as_json, const struct answer *answer, struct error *error)
{
    if (json_member(&answer->json, 0, BYTES("error")) != JSON_NOT_FOUND)
        return error_set(error, ERROR_UNAVAILABLE, "the worker refuses: %.*s", BYTES_ARG(text_of(answer, 0, "error")));
    if (as_json)
        printf("%.*s\n", BYTES_ARG(answer->json.text));
    else if (order == CTL_ORDER_STATE)
        print_state(answer);
    else
        print_change(answer);
    return true;
}

bool ctl_print(enum ctl_order order, bool as_json, struct bytes text, struct error *error)
{
    const struct json_limits limits = {.size_max = text.size, .depth_max = 8, .members_max = 1000000};
    struct answer answer = {.arena = arena_new(16384)};
    struct json_fault fault;
    bool is_good = json_scan(bytes_trim(text), &limits, answer.arena, &answer.json, &fault) &&
                   answer.json.values[0].kind == JSON_OBJECT;

    is_good = is_good ? print(order, as_json, &answer, error)
                      : error_set(error, ERROR_UNAVAILABLE, "what answers there is no worker of ifmatch");
    arena_free(answer.arena);
    return is_good;
}
