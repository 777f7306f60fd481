#ifndef IFMATCH_SIMULATION_PROBES_H
#define IFMATCH_SIMULATION_PROBES_H

#include <stdbool.h>

/* Counts the rare paths that the engine's probe()s mark. */
void probes_listen(void);
/* Prints the counts; false: one that every long run has to pass was passed by no seed. */
bool probes_report(void);

#endif
