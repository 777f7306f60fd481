#ifndef IFMATCH_EVENT_HEADER_H
#define IFMATCH_EVENT_HEADER_H

#include "common/bytes.h"

/* A header of a Kafka record. An absent value is a null value. */
struct header {
    struct bytes name;
    struct bytes value;
};

#endif
