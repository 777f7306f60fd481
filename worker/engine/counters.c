#include "engine/counters.h"

#include "common/check.h"

static const struct {
    const char *name;
    const char *kind;
    const char *help;
} table[] = {
#define X(identifier, name, kind, help) [COUNTER_##identifier] = {name, kind, help},
    COUNTERS(X)
#undef X
};

const char *counter_name(enum counter counter)
{
    ensure(counter < COUNTER_COUNT);
    return table[counter].name;
}

const char *counter_kind(enum counter counter)
{
    ensure(counter < COUNTER_COUNT);
    return table[counter].kind;
}

const char *counter_help(enum counter counter)
{
    ensure(counter < COUNTER_COUNT);
    return table[counter].help;
}
