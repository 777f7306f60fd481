#ifndef IFMATCH_COMMAND_EXAMPLE_WORLD_H
#define IFMATCH_COMMAND_EXAMPLE_WORLD_H

#include "config/config.h"
#include "engine/action.h"

/* The engine itself, in a world of one document: what it asks for is answered at once, by a service that has the
 * document and that nobody else writes to. So a case ends as it would in production. */
struct example_world;

/* `document` is copied; absent: there is none. `is_native`: the events are, whatever topics.format says. `config` outlives the world. */
struct example_world *example_world_new(const struct config *config, bool is_native, struct bytes document);
void example_world_free(struct example_world *world);

/* One record of Kafka, and how it ended; valid until the next call. */
const struct finished *example_world_receive(struct example_world *world, struct bytes key, struct bytes value,
                                             const struct header *headers, size_t header_count);
/* What the service has now; absent: nothing; valid until the next call of receive. */
struct bytes example_world_document(const struct example_world *world);

#endif
