#ifndef IFMATCH_COMMAND_OPTIONS_H
#define IFMATCH_COMMAND_OPTIONS_H

#include "config/config.h"
#include "engine/options.h"

/* The engine's options out of the configuration; what the profile and the consumer know is added by the caller. */
void options_fill(struct engine_options *ret_options, const struct config *config);
/* What it says of the updates topic; its bytes are those of `config`. */
struct event_topic options_topic(const struct config *config);
/* Frees what options_fill allocated; the engine has copied it. */
void options_release(struct engine_options *options);

#endif
