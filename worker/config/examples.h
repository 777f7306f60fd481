#ifndef IFMATCH_CONFIG_EXAMPLES_H
#define IFMATCH_CONFIG_EXAMPLES_H

#include "common/json_scan.h"
#include "config/yaml.h"

/* A team's own cases for `ifmatch merge --examples`: many in a file, below `cases:`, or the file is one.
 *
 *     cases:
 *       - name: the ERP releases what somebody reviews
 *         document: { status: REVIEW }                       the document as the service has it; ~: there is none
 *         base: { status: INWORK }                           as the producer last saw it, for fields without a base
 *         event: { changes: { /status: RELEASED } }          in topics.format; also `events`, one after the other
 *         key: '4711'                                        of Kafka
 *         headers: { content-type: application/json }
 *         expect:
 *           outcome: merged                                  with its reason behind it; `outcomes` for `events`
 *           document: { status: RELEASED }                   what it becomes; ~: it is not there
 *           decisions: { /status: ours }                     of the last event: ours, theirs, merged or conflict
 *
 * Document, base and event are written as YAML, or as a text that is JSON; a text, or nothing (~), can be an event that is
 * no JSON at all. */
struct example_header {
    struct bytes name;
    struct bytes value;
};

struct example_decision {
    const struct yaml_node *node; /* the word: "ours" */
    struct bytes field;
};

struct example {
    const struct yaml_node *node; /* its place */
    const char *name;             /* "" without one */
    struct json document;         /* an object; no values: there is none */
    struct json base;             /* an object; no values: none */
    struct bytes key;             /* absent: the document's, or what the caller takes */
    const struct example_header *headers;
    size_t header_count;
    const struct bytes *events; /* values of Kafka records; absent: null */
    size_t event_count;
    const struct yaml_node *const *outcomes; /* for each event the words; NULL: none is expected */
    bool expects_document;
    struct json expected; /* an object; no values: there is none any more */
    const struct example_decision *decisions;
    size_t decision_count;
};

/* Reads the cases of a file. NULL: refused, at the place in the file. The caller frees. */
struct examples;
struct examples *examples_read(const char *path, struct error *error);
void examples_free(struct examples *examples); /* NULL is fine */
size_t examples_count(const struct examples *examples);
const struct example *examples_at(const struct examples *examples, size_t index);

#endif
