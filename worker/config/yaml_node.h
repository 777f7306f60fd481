#ifndef IFMATCH_CONFIG_YAML_NODE_H
#define IFMATCH_CONFIG_YAML_NODE_H

#include "config/yaml.h"

/* For yaml.c and yaml_read.c alone. */
struct arena;

struct yaml {
    const char *name;
    struct bytes text;
    struct arena *arena;
    const struct yaml_node *root;
};

struct yaml_node {
    struct yaml *yaml;
    enum yaml_kind kind;
    const char *text;
    bool is_null;
    bool is_plain; /* a scalar without quotes, in no block */
    size_t count;
    size_t capacity;
    const struct yaml_node **keys; /* of a sequence: NULLs */
    const struct yaml_node **items;
    int line; /* 0: there are no lines to point at */
    int column;
};

#endif
