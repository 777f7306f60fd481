#include "probes.h"

#include "common/check.h"

#include <stdint.h>
#include <stdio.h>
#include <string.h>

/* A rare path that no seed reaches is as good as untested: it is reported like a bug. */
static struct {
    const char *name;
    uint64_t count;
} probes[] = {
    {"a cached copy ends nothing", 0},
    {"a document that alone fails is given up", 0},
    {"a write waits for proof of ownership", 0},
    {"an ambiguous write was applied", 0},
    {"an ambiguous write was not applied, or changed since", 0},
    {"an answer for an epoch that is over", 0},
    {"commit refused: this member is not in the group", 0},
    {"precondition unsatisfiable", 0},
    {"304 after a stale answer", 0},
    {"refused on a cached copy, or perhaps after a first one was applied", 0},
    {"what was kept is no document", 0},
};
#define PROBES (sizeof(probes) / sizeof(probes[0]))

static void count(const char *name)
{
    for (size_t i = 0; i < PROBES; i++) {
        if (strcmp(probes[i].name, name) == 0)
            probes[i].count++;
    }
}

void probes_listen(void)
{
    check_on_probe = count;
}

bool probes_report(void)
{
    bool all = true;

    for (size_t i = 0; i < PROBES; i++) {
        printf("%10llu  %s\n", (unsigned long long)probes[i].count, probes[i].name);
        all = all && probes[i].count > 0;
    }
    return all;
}
