#ifndef IFMATCH_COMMAND_ARGUMENTS_H
#define IFMATCH_COMMAND_ARGUMENTS_H

#include "config/config.h"

#include <getopt.h>

/* What every command that reads a configuration understands:
 *   -c, --config FILE   --set key=value   -X name=value   -h, --help */
struct arguments {
    const char *config_path;
    const char **sets;
    size_t set_count;
    const char **properties;
    size_t property_count;
};

/* For getopt_long: the short options, and the rows of the long ones. */
#define ARGUMENTS_SHORT "c:X:h"
#define ARGUMENTS_LONG  {"config", required_argument, NULL, 'c'}, {"set", required_argument, NULL, 's'}, \
                        {"help", no_argument, NULL, 'h'}
#define ARGUMENTS_HELP                                                                                       \
    "  -c, --config FILE     the configuration; - is standard input\n"                                      \
    "      --set KEY=VALUE   a key of the configuration, wins over the file (also IFMATCH_KEY=VALUE)\n"     \
    "  -X NAME=VALUE         a property for librdkafka, as in kcat\n"                                       \
    "  -h, --help            this text\n"

/* Takes 'c', 's' and 'X'; false: the option is not one of them. */
bool arguments_take(struct arguments *arguments, int option, const char *value);
void arguments_release(struct arguments *arguments);
/* Loads the configuration; on failure prints the error and returns NULL: exit with EXIT_USAGE. */
struct config *arguments_load(const struct arguments *arguments);
/* "ifmatch COMMAND: message" and a hint on stderr; returns EXIT_USAGE. */
int arguments_wrong(const char *command, const char *format, ...) __attribute__((format(__printf__, 2, 3)));
/* The same where getopt has said what is wrong. */
int arguments_wrong_option(const char *command);
/* Prints an error of a command, returns the exit code that fits its kind. */
int arguments_failed(const char *command, const struct error *error);

#endif
