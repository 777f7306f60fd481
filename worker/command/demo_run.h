#ifndef IFMATCH_COMMAND_DEMO_RUN_H
#define IFMATCH_COMMAND_DEMO_RUN_H

#include "command/demo_children.h"
#include "command/demo_producer.h"
#include "command/demo_service.h"
#include "command/demo_topics.h"
#include "config/config.h"
#include "demo/check.h"
#include "kafka/publisher.h"
#include "sandbox/sandbox.h"

/* Everything that the demo has. Zeroed memory is a demo that has nothing yet; demo_end gives back what is there. */
struct demo {
    size_t events; /* to send */
    char directory[64];
    char config_path[96];
    FILE *ledger; /* everything that the check is told, for people who look for a fault */
    struct sandbox *sandbox;
    struct children children;
    pid_t workers[2];
    int worker_number; /* started so far */
    struct config *config;
    struct config *swapped; /* the same with updates and audit exchanged: for reading the events back */
    struct demo_service *service;
    struct publisher *publisher;
    struct producer producer;
    struct check *check;
    struct demo_topics *topics;
    int64_t start_ms;
    /* sending */
    struct buffer draft;
    struct bytes draft_key; /* present: could not be handed over yet */
    size_t sent, acknowledged;
    bool is_killed;
    int64_t killed_at_ms;
    int64_t progress_ms; /* when the last record came */
    size_t progress;
    struct check_result result;
};

extern const struct model_rules demo_rules; /* those of the configuration, for the model */

/* Set by SIGINT and SIGTERM. */
bool demo_is_interrupted(void);

/* demo_setup.c: sandbox, configuration, topics, documents, workers. */
bool demo_setup(struct demo *demo, struct error *error);
bool demo_start_worker(struct demo *demo, size_t place, struct error *error);
/* Ends every process, gives back everything; the files go unless they are to be kept. */
void demo_end(struct demo *demo, bool keeps_files);

/* demo_run.c: sends, kills, reads and shows until every event has its record; then the check. */
bool demo_run(struct demo *demo, struct error *error);

#endif
