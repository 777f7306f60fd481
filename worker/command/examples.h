#ifndef IFMATCH_COMMAND_EXAMPLES_H
#define IFMATCH_COMMAND_EXAMPLES_H

#include "config/config.h"

/* `ifmatch merge --examples`: runs the cases (config/examples.h) in the .yaml and .yml files of a folder but the
 * configuration, or those of one file. What differs goes to standard output, the last line is "N passed, N failed".
 * The exit code: 0 all passed, 1 some did not, 2 a file cannot be read. */
int examples_run(const struct config *config, const char *path);

#endif
