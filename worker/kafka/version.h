#ifndef IFMATCH_KAFKA_VERSION_H
#define IFMATCH_KAFKA_VERSION_H

/* Of the library in use: "2.14.2". */
const char *kafka_version(void);

#endif
