#ifndef IFMATCH_COMMON_NEAREST_H
#define IFMATCH_COMMON_NEAREST_H

#include <stdbool.h>
#include <stddef.h>

/* For "did you mean": the candidates come one by one. */
struct nearest {
    const char *wanted;
    const char *best; /* NULL: none is near enough */
    size_t distance;
};

void nearest_init(struct nearest *nearest, const char *wanted);
/* `candidate` must live as long as `best` is used. */
void nearest_try(struct nearest *nearest, const char *candidate);
/* Letters to insert, to remove, to change, or neighbours to swap; without case. */
size_t nearest_distance(const char *a, const char *b);

#endif
