#ifndef IFMATCH_SANDBOX_SANDBOX_H
#define IFMATCH_SANDBOX_SANDBOX_H

#include "common/error.h"

#include <stddef.h>
#include <stdint.h>

/* A broker (librdkafka's mock cluster) and a document service, each in a process of its own, on loopback only.
 * For trials, the demo and tests: nothing is kept, nothing is secret. What the service understands stands in
 * docs/sandbox.md. Both processes end with the one that started them. */
#define SANDBOX_TOPICS_MAX 8

struct sandbox_options {
    int stale_status;      /* of a write whose precondition does not hold: 412 or 409; 0: 412 */
    int64_t latency_ms;    /* added to every answer of the service */
    uint16_t port;         /* of the service; 0: any free one */
    uint64_t seed;         /* of faults and foreign writers */
    size_t log_lines_max;  /* the oldest lines of the write log go beyond it; 0: only what a reader has
                              acknowledged goes */
    uint32_t documents;    /* samples to begin with, ids 4711, 4712, ... */
    double foreign_per_second; /* writes of a foreign user; 0: none */
    bool without_broker;
    bool without_service;
    int brokers;    /* 1..3; 0: 1 */
    int partitions; /* of the topics below; 0: 12. Other topics are created with 4 when they are first used */
    const char *topics[SANDBOX_TOPICS_MAX]; /* up to the first NULL */
};

struct sandbox;

/* Forks, so it must be called before the process has threads. Returns when both can be talked to. The texts of
 * `options` need not outlive the call. */
bool sandbox_start(const struct sandbox_options *options, struct sandbox **ret_sandbox, struct error *error);
/* Live as long as the sandbox; NULL for what was not asked for. */
const char *sandbox_brokers(const struct sandbox *sandbox); /* for bootstrap.servers */
const char *sandbox_url(const struct sandbox *sandbox);     /* "http://127.0.0.1:PORT" */
/* False with `error` as soon as one of the processes has ended. */
bool sandbox_is_alive(struct sandbox *sandbox, struct error *error);
/* Ends both processes and waits for them. NULL is fine. */
void sandbox_stop(struct sandbox *sandbox);

#endif
