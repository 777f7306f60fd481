#ifndef IFMATCH_COMPOSE_COMPOSE_H
#define IFMATCH_COMPOSE_COMPOSE_H

#include <stdbool.h>
#include <stdint.h>

/* JSON that we make ourselves, away from the hot paths: a tree that is filled and then printed. The one user of cJSON.
 * Members and elements belong to the tree; only what compose_object returns is freed. */
struct cJSON;

struct cJSON *compose_object(void);
void compose_free(struct cJSON *root); /* NULL is fine */

/* A member. `text` NULL, or not UTF-8: null. Integers keep every digit, above 2^53 too. */
void compose_text(struct cJSON *object, const char *name, const char *text);
void compose_int(struct cJSON *object, const char *name, int64_t value);
void compose_number(struct cJSON *object, const char *name, double value);
void compose_bool(struct cJSON *object, const char *name, bool value);
void compose_null(struct cJSON *object, const char *name);
struct cJSON *compose_member_object(struct cJSON *object, const char *name);
struct cJSON *compose_member_array(struct cJSON *object, const char *name);
struct cJSON *compose_element_object(struct cJSON *array);

/* Without spaces, on one line; the caller frees it. */
char *compose_print(const struct cJSON *root);

#endif
