#ifndef IFMATCH_COMMAND_DEMO_SERVICE_H
#define IFMATCH_COMMAND_DEMO_SERVICE_H

#include "command/demo_producer.h"
#include "common/error.h"
#include "demo/check.h"

#include <stdio.h>

/* The sandbox's document service as the demo uses it: its documents, its write log, its faults and its foreign user.
 * Each call waits for its answer. */
struct demo_service;

struct demo_service *demo_service_new(const char *url, struct error *error); /* "http://127.0.0.1:PORT" */
/* The lines of the log go to this file too. */
void demo_service_keep(struct demo_service *service, FILE *ledger);
void demo_service_free(struct demo_service *service);

/* Creates the producer's documents and tells the check. */
bool demo_service_create(struct demo_service *service, const struct producer *producer, struct check *check,
                         struct error *error);
/* Lost answers and lost requests, and a foreign user who writes so often; all zero: peace. */
struct demo_trouble {
    double answer_lost, request_lost, answer_lost_then_foreign; /* probabilities */
    unsigned latency_ms;
    unsigned foreign_per_second;
};
bool demo_service_trouble(struct demo_service *service, const struct demo_trouble *trouble, struct error *error);
/* Hands the lines of the write log that are new to the check and to the producer. `ret_count`: how many. */
bool demo_service_read_log(struct demo_service *service, struct check *check, struct producer *producer,
                           size_t *ret_count, struct error *error);
/* Hands the documents as they are to the check. */
bool demo_service_final(struct demo_service *service, const struct producer *producer, struct check *check,
                        struct error *error);

#endif
