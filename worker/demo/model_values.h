#ifndef IFMATCH_DEMO_MODEL_VALUES_H
#define IFMATCH_DEMO_MODEL_VALUES_H

#include "demo/model.h"

#include "common/json_scan.h"
#include "common/memory.h"

/* For model*.c alone: the cells of the table that have no letter. */

/* Documents of the demo and of simulations are small; a scan that meets a limit is a bug of theirs. */
#define MODEL_TEXT_MAX (64 << 20)
bool model_scan(struct bytes text, struct arena *arena, struct json *ret_json);
bool model_texts_equal(struct bytes a, struct bytes b);

/* model_same.c: the same value, as the pattern compares. */
bool model_same(const struct model_pattern *by, struct model_value a, struct model_value b);

/* MODEL_OURS, MODEL_THEIRS, MODEL_CONFLICT, or MODEL_MERGED; `ret_value` is what the document gets. */
enum model_result model_by_values(const struct model_field *field, enum model_case kase, struct arena *arena,
                                  struct model_value *ret_value);

/* model_arrays.c: the rules that look into arrays. The text of what is made, or one of the others. */
enum model_result model_set_of(const struct model_field *field, enum model_case kase, struct arena *arena,
                               struct bytes *ret_text);
enum model_result model_keyed_of(const struct model_field *field, enum model_case kase, struct arena *arena,
                                 struct bytes *ret_text);
enum model_result model_append_of(const struct model_field *field, struct arena *arena, struct bytes *ret_text);

#endif
