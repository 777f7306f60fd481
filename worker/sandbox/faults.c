#include "sandbox/faults.h"

#include "common/json_scan.h"

#include <stdlib.h>

static const char *const names[FAULT_KINDS] = {
    [FAULT_NONE] = "none",
    [FAULT_ANSWER_LOST] = "answer_lost",
    [FAULT_ANSWER_LOST_THEN_FOREIGN] = "answer_lost_then_foreign",
    [FAULT_REQUEST_LOST] = "request_lost",
    [FAULT_UNAVAILABLE] = "unavailable",
};

const char *fault_name(enum fault fault)
{
    return names[fault];
}

enum fault faults_draw(struct faults *faults)
{
    double drawn = random_unit(&faults->random);

    for (enum fault fault = FAULT_NONE + 1; fault < FAULT_KINDS; fault++) {
        if (drawn < faults->probability[fault])
            return fault;
        drawn -= faults->probability[fault];
    }
    return FAULT_NONE;
}

static const char *take_member(struct faults *faults, struct bytes key, double value)
{
    if (bytes_equal(key, BYTES("latency_ms"))) {
        if (value < 0 || value > 60000)
            return "latency_ms is 0 to 60000";
        faults->latency_ms = (int64_t)value;
        return NULL;
    }
    if (bytes_equal(key, BYTES("unavailable_seconds"))) {
        if (value < 0 || value > 3600)
            return "unavailable_seconds is 0 to 3600";
        faults->unavailable_seconds = (int64_t)value;
        return NULL;
    }
    for (enum fault fault = FAULT_NONE + 1; fault < FAULT_KINDS; fault++) {
        if (!bytes_equal(key, bytes_of(names[fault])))
            continue;
        if (value < 0 || value > 1)
            return "a probability is 0 to 1";
        faults->probability[fault] = value;
        return NULL;
    }
    return "unknown member";
}

static const char *take_all(struct faults *faults, const struct json *json, struct arena *arena)
{
    const char *why = NULL;

    if (json->values[0].kind != JSON_OBJECT)
        return "faults are a JSON object";
    for (uint32_t i = 1; why == NULL && i < json->values[0].after; i = json->values[i].after) {
        struct bytes text = json_text(json, i);

        if (json->values[i].kind != JSON_NUMBER)
            return "every fault is a number";
        why = take_member(faults, json_key(json, i, arena), strtod(arena_copy(arena, text.data, text.size), NULL));
    }
    return why;
}

const char *faults_parse(struct faults *faults, struct bytes text)
{
    const struct json_limits limits = JSON_LIMITS_DEFAULT;
    struct arena *arena = arena_new(4096);
    struct faults parsed = *faults;
    struct json_fault fault;
    struct json json;
    const char *why;

    memset(parsed.probability, 0, sizeof(parsed.probability));
    parsed.unavailable_seconds = 0;
    why = json_scan(text, &limits, arena, &json, &fault) ? take_all(&parsed, &json, arena) : fault.what;
    arena_free(arena);
    if (why == NULL)
        *faults = parsed;
    return why;
}

void faults_counts(const struct faults *faults, struct buffer *out)
{
    for (enum fault fault = FAULT_NONE + 1; fault < FAULT_KINDS; fault++)
        buffer_format(out, "\"%s\":%llu%s", names[fault], (unsigned long long)faults->counts[fault],
                      fault + 1 < FAULT_KINDS ? "," : "");
}
