#include "demo/check_state.h"

#include "common/memory.h"

/* Events that were not looked at, because they or later ones had ended already. */

static bool is_identified(const struct sent_event *event)
{
    return event->id.size > 0 && event->source.size > 0;
}

/* The bytes of an event hold its id and its source. */
static bool has_twin(const struct check *check, const struct sent_event *event)
{
    struct sent_event *other, *next;

    HASH_ITER(hh, check->events, other, next) {
        if (other != event && other->key.partition == event->key.partition &&
            bytes_equal(other->value, event->value) && check_had_effect(check, other))
            return true;
    }
    return false;
}

static bool is_digits(struct bytes text)
{
    for (size_t i = 0; i < text.size; i++) {
        if (text.data[i] < '0' || text.data[i] > '9')
            return false;
    }
    return text.size > 0;
}

static struct bytes without_zeros(struct bytes digits)
{
    while (digits.size > 1 && digits.data[0] == '0')
        digits = bytes_from(digits, 1);
    return digits;
}

/* Digits as numbers, other texts by their bytes; one of each does not compare. */
static bool is_not_below(struct bytes a, struct bytes b)
{
    if (is_digits(a) != is_digits(b))
        return false;
    if (!is_digits(a))
        return bytes_compare(a, b) >= 0;
    a = without_zeros(a);
    b = without_zeros(b);
    return a.size != b.size ? a.size > b.size : bytes_compare(a, b) >= 0;
}

static bool has_overtaker(const struct check *check, const struct sent_event *event)
{
    for (const struct sent_event *other = event->document->events; other != NULL; other = other->next) {
        if (other != event && other->is_good && other->sequence.size > 0 &&
            bytes_equal(other->source, event->source) && is_not_below(other->sequence, event->sequence) &&
            check_had_effect(check, other))
            return true;
    }
    return false;
}

const char *check_repeat(const struct check *check, const struct sent_event *event, const struct audit *audit)
{
    if (audit->ruling_count > 0 || bytes_present(audit->after))
        return "a repeated event was decided";
    if (audit->outcome == CHECK_DUPLICATE)
        return is_identified(event) && has_twin(check, event) ? NULL : "duplicate, but no such event ended before";
    return event->source.size > 0 && event->sequence.size > 0 && has_overtaker(check, event)
               ? NULL
               : "outdated, but no event of its sequence or above ended";
}
