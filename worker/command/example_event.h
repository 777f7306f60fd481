#ifndef IFMATCH_COMMAND_EXAMPLE_EVENT_H
#define IFMATCH_COMMAND_EXAMPLE_EVENT_H

#include "common/buffer.h"
#include "config/config.h"
#include "event/event.h"

/* The Kafka key that an event would have; its own idea of its document is as good as any here. */
struct bytes example_event_key(const struct config *config, struct bytes value, struct arena *arena);
/* What the event says of a base stands; the base document fills in the rest. The changes come from `arena`. */
void example_event_add_base(struct event *event, const struct json *base, struct arena *arena);
/* The event in the native format. */
void example_event_print(const struct event *event, struct buffer *out);

#endif
