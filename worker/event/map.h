#ifndef IFMATCH_EVENT_MAP_H
#define IFMATCH_EVENT_MAP_H

#include "common/bytes.h"

/* How the fields of events become fields of documents: the configuration's `map`, as data. Bytes and arrays are the
 * owner's and outlive the events. */

/* What a value becomes that `values` does not name; null stays null. */
enum map_as {
    MAP_AS_IT_IS,
    MAP_AS_TEXT,      /* of a number or boolean: its text */
    MAP_AS_NUMBER,    /* a number in text; with `scale` base64 of its digits, as Debezium's precise decimals */
    MAP_AS_DATE_DAYS, /* days since 1970-01-01: "2026-11-24" */
    MAP_AS_INSTANT,   /* `unit` since 1970-01-01: "2026-11-24T10:00:00.5Z"; an instant in text stays */
    MAP_AS_ENUM,      /* none other is known: the event is rejected */
};

enum map_unit { MAP_UNIT_SECONDS, MAP_UNIT_MILLIS, MAP_UNIT_MICROS, MAP_UNIT_NANOS };

#define MAP_SCALE_NONE  (-1)
#define MAP_SCALE_MAX   100
#define MAP_ENTRIES_MAX 1000 /* each field of an event looks at all of them */

struct map_value {
    struct bytes from; /* the text of a string, number or boolean */
    struct bytes to;   /* JSON */
};

struct map_entry {
    struct bytes from; /* JSON Pointer in events; none covers another */
    struct bytes to;   /* in documents; none covers another */
    enum map_as as;
    enum map_unit unit;
    int scale;
    const struct map_value *values;
    size_t value_count;
};

/* A field that the map does not name. */
enum map_rest { MAP_REST_REJECT, MAP_REST_DROP, MAP_REST_KEEP };

struct event_map {
    const struct map_entry *entries;
    size_t count; /* 0: there is no map, and fields stay as they are */
    enum map_rest rest;
};

#endif
