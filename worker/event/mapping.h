#ifndef IFMATCH_EVENT_MAPPING_H
#define IFMATCH_EVENT_MAPPING_H

#include "event/fields.h"
#include "event/map.h"

/* For this room alone: maps what an event says of fields, bases included. False: a field or a value is not in the map,
 * or no field of an event that is to change some is left (NOT_AN_UPDATE). */
bool fields_map(struct fields *fields, const struct event_map *map, enum event_operation operation,
                struct event_fault *ret_fault);

/* The value that the entry makes of `value`, JSON of one of the event's fields. False: `ret_why` is static text. */
bool map_value(const struct map_entry *entry, struct bytes value, struct arena *arena, struct bytes *ret_value,
               const char **ret_why);

#endif
