#ifndef IFMATCH_COMMAND_DRY_RUN_H
#define IFMATCH_COMMAND_DRY_RUN_H

#include "engine/options.h"
#include "kafka/consumer.h"

/* What `run` understands for --dry-run. */
struct dry_run_arguments {
    bool is_asked;
    const char *from; /* NULL: the group's committed offsets */
    const char *to;   /* NULL: the ends that the partitions have at the start */
    bool follows;
    const char *publish; /* NULL: nothing is published */
    struct range range;
};

#define DRY_RUN_LONG                                                                                         \
    {"dry-run", no_argument, NULL, 'n'}, {"from", required_argument, NULL, 'f'},                             \
        {"to", required_argument, NULL, 't'}, {"follow", no_argument, NULL, 'F'},                            \
    {                                                                                                        \
        "publish", required_argument, NULL, 'p'                                                              \
    }
#define DRY_RUN_HELP                                                                                         \
    "      --dry-run         real events, real reads, no writes, no commits: a line for each event that would change\n" \
    "                        something, and a table of outcomes at the end; the group is not joined\n"       \
    "      --from PLACE      begin at earliest, latest, a time (2026-01-31T12:00:00Z) or PARTITION:OFFSET,...;\n" \
    "                        default: what the group has committed, else topics.start\n"                     \
    "      --to PLACE        stop before it; default: where the partitions end now\n"                        \
    "      --follow          go on with what comes, until SIGINT\n"                                          \
    "      --publish TOPIC   publish the audit records of the dry run there; default: nothing is published\n"

/* Takes 'n', 'f', 't', 'F' and 'p'; false: the option is not one of them. */
bool dry_run_take(struct dry_run_arguments *arguments, int option, const char *value);
/* Fills `range`. On failure prints what is wrong; false: exit with EXIT_USAGE. */
bool dry_run_check(struct dry_run_arguments *arguments);
void dry_run_release(struct dry_run_arguments *arguments);
/* False: the records of a dry run would go where those of the workers are; it is said. */
bool dry_run_may_publish(const struct dry_run_arguments *arguments, const struct config *config);
/* Nobody listens, records go to --publish, and they say what they are. */
void dry_run_change_config(const struct dry_run_arguments *arguments, struct config *config);
/* No guard against a flood of dead letters that nobody gets; a write is as exact as the copy that is kept of it. */
void dry_run_change_options(struct engine_options *options);

#endif
