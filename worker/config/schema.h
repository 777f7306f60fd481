#ifndef IFMATCH_CONFIG_SCHEMA_H
#define IFMATCH_CONFIG_SCHEMA_H

#include "config/config.h"
#include "config/yaml.h"

/* The table of options. The one exception is `kafka:`, whose keys are librdkafka's (config/properties.h). */
enum option_type {
    OPTION_TEXT,
    OPTION_SECRET,    /* text that no message shows */
    OPTION_DURATION,  /* int64_t, milliseconds */
    OPTION_DURATIONS, /* a list of them */
    OPTION_BYTES,     /* int64_t */
    OPTION_INTEGER,   /* int64_t */
    OPTION_BOOLEAN,
    OPTION_ENUM,  /* the index in `names` */
    OPTION_START, /* earliest, latest or a time */
    OPTION_SKIPS, /* a list of topic/partition/offset */
    OPTION_PATTERNS, /* a list of patterns of fields */
    OPTION_MAP,   /* field of events -> field of documents; kept as a node */
    OPTION_RULES, /* pattern -> rule; kept as a node until all of `merge:` is known */
};

struct option_schema {
    const char *key; /* "service.timeout" */
    enum option_type type;
    size_t offset;       /* in struct settings */
    const char *initial; /* the default, as one would write it; NULL: none, or what `absent` says */
    const char *absent;  /* for people: what stands where there is no default */
    const char *none; /* the word that means "not at all" (text: NULL, duration: -1); NULL: there is none */
    int64_t min;
    int64_t max;
    const char *const *names; /* OPTION_ENUM, ends with NULL */
    const char *help;
};

enum merge_strategy { STRATEGY_MERGE, STRATEGY_LAST_WRITE_WINS };
enum merge_base { MERGE_BASE_MEMORY, MERGE_BASE_EVENT };

#define SCHEMA_OPTIONS_MAX 96

/* The configuration while it is read. */
struct settings {
    struct config config;
    int64_t version;
    enum rule merge_default;
    enum merge_strategy strategy;
    enum merge_base base;
    enum on_conflict on_conflict;
    enum no_base no_base;
    enum base_version_use base_version;
    bool partial;
    const struct yaml_node *rules; /* NULL: none */
    const struct yaml_node *map;   /* NULL: none */
    const struct yaml_node
        *nodes[SCHEMA_OPTIONS_MAX]; /* what set an option, by its index; NULL: the default */
};

size_t schema_count(void);
const struct option_schema *schema_at(size_t index);
/* NULL: no such option. */
const struct option_schema *schema_find(const char *key);
size_t schema_index(const struct option_schema *option);
/* What set this option; NULL: the default stands. */
const struct yaml_node *schema_node(const struct settings *settings, const char *key);
/* Is it the first part of an option's key, up to a dot? */
bool schema_is_section(const char *key);
/* "IFMATCH_SERVICE_TIMEOUT"; the caller frees. */
char *schema_variable(const char *key);
/* Adds "; did you mean 'service.timeout'?", or what is known below the same section. */
struct buffer;
void schema_add_hint(struct buffer *out, const char *unknown);

#endif
