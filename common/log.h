#ifndef IFMATCH_COMMON_LOG_H
#define IFMATCH_COMMON_LOG_H

#include "common/bytes.h"

/* One line for each message, in one write: text for people, one JSON object for machines. Keys: ts, level,
 * component, msg, then topic, partition, offset, document where known. Bodies and secrets are never logged.
 * Control characters and bytes that are not UTF-8 never reach the output as they are.
 * Repeats of one place in the code are limited, those of LOG_TRACE aside (10 in 10 s), then counted and said once by the next message of
 * any place after the 10 s. Not thread-safe. Before log_open it writes text from LOG_INFO on to stderr. */
enum log_level { LOG_TRACE, LOG_DEBUG, LOG_INFO, LOG_WARN, LOG_ERROR };
enum log_format { LOG_TEXT, LOG_JSON };

/* Where it happened; leave out what is not known (NULL, partition < 0, offset < 0, absent document). Without a
 * topic neither partition nor offset is said. */
struct log_place {
    const char *topic;
    int32_t partition;
    int64_t offset;
    struct bytes document;
};

void log_open(int descriptor, enum log_format format, enum log_level level);
void log_set_level(enum log_level level);
bool log_enabled(enum log_level level);
bool log_level_parse(struct bytes name, enum log_level *ret_level);
const char *log_level_name(enum log_level level);

/* `component` and `file` live as long as the program. Use the macros below. */
void log_write(enum log_level level, const char *component, const struct log_place *place, const char *file,
               int line, const char *format, ...) __attribute__((format(__printf__, 6, 7)));

#define log_at(level, component, place, ...)                                                                 \
    do {                                                                                                     \
        if (log_enabled(level))                                                                              \
            log_write(level, component, place, __FILE__, __LINE__, __VA_ARGS__);                             \
    } while (0)
#define log_debug(component, ...) log_at(LOG_DEBUG, component, NULL, __VA_ARGS__)
#define log_info(component, ...)  log_at(LOG_INFO, component, NULL, __VA_ARGS__)
#define log_warn(component, ...)  log_at(LOG_WARN, component, NULL, __VA_ARGS__)
#define log_error(component, ...) log_at(LOG_ERROR, component, NULL, __VA_ARGS__)

#endif
