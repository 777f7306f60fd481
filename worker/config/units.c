#include "config/value.h"

struct unit {
    const char *name;
    int64_t factor;
};

static bool parse(struct bytes text, const struct unit *units, bool needs_unit, int64_t *ret_value)
{
    size_t digits = 0;
    uint64_t number;
    struct bytes name;

    while (digits < text.size && text.data[digits] >= '0' && text.data[digits] <= '9')
        digits++;
    if (!bytes_to_uint64((struct bytes){text.data, digits}, &number) || number > INT64_MAX)
        return false;
    name = bytes_trim(bytes_from(text, digits));
    if (name.size == 0 && (!needs_unit || number == 0)) {
        *ret_value = (int64_t)number;
        return true;
    }
    for (const struct unit *unit = units; unit->name != NULL; unit++)
        if (bytes_equal(name, bytes_of(unit->name)))
            return !__builtin_mul_overflow((int64_t)number, unit->factor, ret_value);
    return false;
}

bool value_parse_duration(struct bytes text, int64_t *ret_ms)
{
    static const struct unit units[] = {{"ms", 1},      {"s", 1000},     {"m", 60000},
                                        {"h", 3600000}, {"d", 86400000}, {NULL, 0}};
    int64_t value;

    if (!parse(text, units, true, &value))
        return false;
    *ret_ms = value;
    return true;
}

bool value_parse_size(struct bytes text, int64_t *ret_size)
{
    static const struct unit units[] = {
        {"B", 1}, {"KiB", 1 << 10}, {"MiB", 1 << 20}, {"GiB", 1 << 30}, {NULL, 0}};
    int64_t value;

    if (!parse(text, units, false, &value))
        return false;
    *ret_size = value;
    return true;
}

const char *value_type_text(enum option_type type)
{
    static const char *const texts[] = {
        [OPTION_TEXT] = "a text",
        [OPTION_SECRET] = "a text",
        [OPTION_DURATION] = "a duration (a number with ms, s, m, h or d)",
        [OPTION_DURATIONS] = "a list of durations (a number with ms, s, m, h or d)",
        [OPTION_BYTES] = "a size (a number of bytes, or with KiB, MiB or GiB)",
        [OPTION_INTEGER] = "a whole number",
        [OPTION_BOOLEAN] = "true or false",
        [OPTION_ENUM] = "one of its words",
        [OPTION_START] = "earliest, latest or a time like 2026-11-24T10:00:00Z",
        [OPTION_SKIPS] = "a list of TOPIC/PARTITION/OFFSET",
        [OPTION_PATTERNS] = "a list of patterns",
        [OPTION_MAP] = "a mapping of fields",
        [OPTION_RULES] = "a mapping of patterns to rules",
    };

    return texts[type];
}
