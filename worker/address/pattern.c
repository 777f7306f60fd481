#include "address/pattern.h"

#include "common/check.h"
#include "common/memory.h"

#define PCRE2_CODE_UNIT_WIDTH 8
#include <pcre2.h>

/* A good pattern takes some tens of steps for an id of 256 bytes; this many take about a millisecond. */
#define MATCH_STEPS_MAX 50000
#define MATCH_HEAP_KIB  1024
#define NAME_SIZE       64

struct id_pattern {
    pcre2_code *code;
    pcre2_match_data *match;
    pcre2_match_context *limits;
};

bool id_pattern_new(const char *text, struct id_pattern **ret_pattern, struct error *error)
{
    const uint32_t options = PCRE2_UTF | PCRE2_ANCHORED | PCRE2_ENDANCHORED | PCRE2_NEVER_BACKSLASH_C;
    PCRE2_UCHAR why[256];
    size_t offset;
    int code;
    struct id_pattern *pattern = memory_new(sizeof(*pattern));

    pattern->code = pcre2_compile((PCRE2_SPTR)text, PCRE2_ZERO_TERMINATED, options, &code, &offset, NULL);
    if (pattern->code == NULL) {
        free(pattern);
        pcre2_get_error_message(code, why, sizeof(why));
        return error_set(error, ERROR_USAGE, "at character %zu: %s", offset + 1, (const char *)why);
    }
    pattern->match = pcre2_match_data_create_from_pattern(pattern->code, NULL);
    pattern->limits = pcre2_match_context_create(NULL);
    ensure(pattern->match != NULL);
    ensure(pattern->limits != NULL);
    pcre2_set_match_limit(pattern->limits, MATCH_STEPS_MAX);
    pcre2_set_depth_limit(pattern->limits, MATCH_STEPS_MAX);
    pcre2_set_heap_limit(pattern->limits, MATCH_HEAP_KIB);
    *ret_pattern = pattern;
    return true;
}

void id_pattern_free(struct id_pattern *pattern)
{
    if (pattern == NULL)
        return;
    pcre2_match_context_free(pattern->limits);
    pcre2_match_data_free(pattern->match);
    pcre2_code_free(pattern->code);
    free(pattern);
}

int id_pattern_group(const struct id_pattern *pattern, struct bytes name)
{
    char text[NAME_SIZE];
    int group;

    if (name.size >= sizeof(text))
        return ID_PATTERN_NO_GROUP;
    memcpy(text, name.data, name.size);
    text[name.size] = '\0';
    group = pcre2_substring_number_from_name(pattern->code, (PCRE2_SPTR)text);
    return group > 0 ? group : ID_PATTERN_NO_GROUP;
}

bool id_pattern_match(const struct id_pattern *pattern, struct bytes id, const char **ret_why)
{
    int count = pcre2_match(pattern->code, (PCRE2_SPTR)id.data, id.size, 0, PCRE2_NO_UTF_CHECK, pattern->match,
                            pattern->limits);

    if (count > 0)
        return true;
    *ret_why = count == PCRE2_ERROR_NOMATCH ? "does not match document.pattern"
                                            : "takes document.pattern too many steps";
    return false;
}

struct bytes id_pattern_part(const struct id_pattern *pattern, struct bytes id, int group)
{
    const size_t *ends = pcre2_get_ovector_pointer(pattern->match) + 2 * (size_t)group;

    ensure(group > 0);
    ensure((uint32_t)group < pcre2_get_ovector_count(pattern->match));
    /* \K can put the begin of a match behind its end, but not that of a group */
    if (ends[0] == PCRE2_UNSET || ends[0] > ends[1])
        return BYTES_NONE;
    return (struct bytes){id.data + ends[0], ends[1] - ends[0]};
}
