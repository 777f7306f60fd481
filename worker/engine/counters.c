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

static const struct {
    const char *name;
    const char *sentence;
} intakes[] = {
#define X(identifier, name, sentence) [INTAKE_##identifier] = {name, sentence},
    INTAKES(X)
#undef X
};

const char *intake_name(enum intake intake)
{
    ensure(intake < INTAKE_COUNT);
    return intakes[intake].name;
}

const char *intake_sentence(enum intake intake)
{
    ensure(intake < INTAKE_COUNT);
    return intakes[intake].sentence;
}
