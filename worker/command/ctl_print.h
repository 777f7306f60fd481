#ifndef IFMATCH_COMMAND_CTL_PRINT_H
#define IFMATCH_COMMAND_CTL_PRINT_H

#include "admin/ctl.h"
#include "common/error.h"

/* Prints a worker's answer on stdout: as it is, or for people - a line for pause and resume, tables for state. False:
 * the worker refused the order, or the answer is none; the error says which. */
bool ctl_print(enum ctl_order order, bool as_json, struct bytes answer, struct error *error);

#endif
