#ifndef IFMATCH_SIMULATION_PROBES_H
#define IFMATCH_SIMULATION_PROBES_H

#include "engine/words.h"
#include "options.h"

/* What the runs of a batch went through. A rare path, fault or ending that no seed reaches is as good as untested: in a
 * long batch it is reported like a bug. The paths are those that probe() marks, in the engine and in the world. */
#define PATHS_MAX 96

struct probes {
    uint64_t paths[PATHS_MAX];
    uint64_t faults[FAULT_COUNT];
    uint64_t happenings[HAPPENING_COUNT];
    uint64_t outcomes[OUTCOME_COUNT];
    uint64_t reasons[REASON_COUNT];
};

/* From now on everything is counted there. */
void probes_listen(struct probes *probes);
void probes_fault(enum fault fault);
void probes_happening(enum happening happening);
void probes_end(enum outcome outcome, enum reason reason);

void probes_add(struct probes *sum, const struct probes *more);
/* Returns how many were never reached, and prints those; `prints_all`: the counts of the others too. */
size_t probes_report(const struct probes *probes, bool prints_all);

#endif
