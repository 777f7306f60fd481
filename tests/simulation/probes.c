#include "probes.h"

#include "common/check.h"

#include <stdio.h>
#include <string.h>

static const char *const paths[] = {
    "a cached copy ends nothing",
    "a document that alone fails is given up",
    "a write waits for proof of ownership",
    "an ambiguous write was applied",
    "an ambiguous write was not applied, or changed since",
    "an answer for an epoch that is over",
    "commit refused: this member is not in the group",
    "precondition unsatisfiable",
    "304 after a stale answer",
    "refused on a cached copy, or perhaps after a first one was applied",
    "what was kept is no document",
    "a member leaves before the others",
    "events that were refused together are tried one by one",
    "finished offsets above the watermark are taken over",
    "an event waits for the records of one that it may repeat",
    "memory is near its limit",
    "a document that waits is asked for as the probe",
    "the breaker opens",
    "a retry waits for its share of the requests",
    "an ambiguous delete was applied",
    "a cached copy ends no create and no delete",
    /* the world's own */
    "more partitions than workers",
    "more workers than partitions",
    "a former owner asks while another has the partition",
    "a write of a former owner comes after one of its successor",
    "the session of a worker that runs is over",
    "partitions are lost with requests under way",
    "a revocation is told late",
    "a worker dies within a turn",
    "an event is delivered again",
    "a write goes out unprotected",
};
#define PATHS (sizeof(paths) / sizeof(paths[0]))
_Static_assert(PATHS <= PATHS_MAX, "there is a count for each path");

/* What only bytes can bring about that the events and the service of this world never have; unit tests have them. */
static const enum reason beyond_this_world[] = {
    REASON_TOO_LARGE,         REASON_NO_KEY,          REASON_BAD_DOCUMENT,
    REASON_DOCUMENT_TOO_LARGE, REASON_NOT_EXPRESSIBLE, REASON_BASE_VERSION,
    REASON_NO_BEFORE,         REASON_NOT_AN_UPDATE,   REASON_UNSUPPORTED,
};

static struct probes *listening;

static void count_path(const char *name)
{
    for (size_t i = 0; i < PATHS; i++) {
        if (strcmp(paths[i], name) == 0)
            listening->paths[i]++;
    }
}

void probes_listen(struct probes *probes)
{
    listening = probes;
    check_on_probe = count_path;
}

void probes_fault(enum fault fault)
{
    if (listening != NULL)
        listening->faults[fault]++;
}

void probes_happening(enum happening happening)
{
    if (listening != NULL)
        listening->happenings[happening]++;
}

void probes_end(enum outcome outcome, enum reason reason)
{
    if (listening == NULL)
        return;
    listening->outcomes[outcome]++;
    listening->reasons[reason]++;
}

static void add(uint64_t *sums, const uint64_t *more, size_t count)
{
    for (size_t i = 0; i < count; i++)
        sums[i] += more[i];
}

void probes_add(struct probes *sum, const struct probes *more)
{
    add(sum->paths, more->paths, PATHS);
    add(sum->faults, more->faults, FAULT_COUNT);
    add(sum->happenings, more->happenings, HAPPENING_COUNT);
    add(sum->outcomes, more->outcomes, OUTCOME_COUNT);
    add(sum->reasons, more->reasons, REASON_COUNT);
}

struct report {
    bool prints_all;
    size_t missing;
};

static void report(struct report *report, const char *kind, const char *name, uint64_t count)
{
    if (count == 0)
        report->missing++;
    if (count == 0 || report->prints_all)
        printf("%10llu  %s: %s\n", (unsigned long long)count, kind, name);
}

static bool is_beyond(enum reason reason)
{
    for (size_t i = 0; i < sizeof(beyond_this_world) / sizeof(beyond_this_world[0]); i++) {
        if (beyond_this_world[i] == reason)
            return true;
    }
    return false;
}

size_t probes_report(const struct probes *probes, bool prints_all)
{
    struct report out = {.prints_all = prints_all};

    for (size_t i = 0; i < PATHS; i++)
        report(&out, "path", paths[i], probes->paths[i]);
    for (int i = FAULT_NONE + 1; i < FAULT_COUNT; i++)
        report(&out, "fault", fault_name((enum fault)i), probes->faults[i]);
    for (int i = HAPPENING_NONE + 1; i < HAPPENING_COUNT; i++)
        report(&out, "happening", happening_name((enum happening)i), probes->happenings[i]);
    for (int i = 0; i < OUTCOME_COUNT; i++)
        report(&out, "outcome", outcome_name((enum outcome)i), probes->outcomes[i]);
    for (int i = REASON_NONE + 1; i < REASON_COUNT; i++) {
        if (!is_beyond((enum reason)i))
            report(&out, "reason", reason_name((enum reason)i), probes->reasons[i]);
    }
    return out.missing;
}
