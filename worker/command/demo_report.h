#ifndef IFMATCH_COMMAND_DEMO_REPORT_H
#define IFMATCH_COMMAND_DEMO_REPORT_H

#include "demo/check.h"

#include <stddef.h>

/* The end of the demo, for people. */
void demo_report_record(const char *title, const char *record); /* one audit record; NULL: says so */
void demo_report_rules(const struct check_result *result);      /* what was replaced and kept by which rule */
void demo_report_outcomes(const struct check_result *result);
void demo_report_faults(const struct check_result *result);
/* Did enough happen for the check to mean something? Says what was too little. `events` as asked for: the minimums are
 * those of 20,000 events, in proportion. */
bool demo_report_minimums(const struct check_result *result, size_t events);
/* "demo: E events, ..." */
void demo_report_last_line(const struct check_result *result);

#endif
