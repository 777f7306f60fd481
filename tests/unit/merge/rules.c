#include "merge/rules.h"

#include "tests/support/unit.h"

struct line {
    const char *pattern;
    enum rule rule;
};

static bool build(const struct line *lines, size_t count, struct rules **ret_rules, struct error *error)
{
    struct rules *rules = rules_new(&RULES_DEFAULTS);
    bool is_good = true;

    for (size_t i = 0; i < count && is_good; i++)
        is_good = rules_add(rules,
                            &(struct rule_entry){.pattern = bytes_of(lines[i].pattern),
                                                 .rule = lines[i].rule,
                                                 .place = {"r.yaml", (int)i + 1}},
                            error);
    is_good = is_good && rules_finish(rules, error);
    if (is_good)
        *ret_rules = rules;
    else
        rules_free(rules);
    return is_good;
}

#define BUILD(lines, error) build(lines, sizeof(lines) / sizeof((lines)[0]), &rules, error)

START_TEST(the_most_specific_pattern_stands)
{
    static const struct line lines[] = {{"/**", RULE_DOCUMENT}, {"/a/*", RULE_EXTERNAL}, {"/a/b", RULE_MERGE},
                                        {"/*/b", RULE_PREFER_DOCUMENT}};
    struct rules *rules = NULL;
    struct error error = {0};

    ck_assert_msg(BUILD(lines, &error), "%s", error.text);
    ck_assert_int_eq(rules_find(rules, BYTES("/a/b"))->rule, RULE_MERGE);
    ck_assert_int_eq(rules_find(rules, BYTES("/a/c"))->rule, RULE_EXTERNAL);
    ck_assert_int_eq(rules_find(rules, BYTES("/a/c/deeper"))->rule, RULE_EXTERNAL);
    ck_assert_int_eq(rules_find(rules, BYTES("/x/b"))->rule, RULE_PREFER_DOCUMENT);
    ck_assert_int_eq(rules_find(rules, BYTES("/x"))->rule, RULE_DOCUMENT);
    rules_free(rules);
}
END_TEST

START_TEST(without_a_pattern_the_default_stands)
{
    static const struct line lines[] = {{"/a", RULE_EXTERNAL}};
    struct rules *rules = NULL;

    ck_assert(BUILD(lines, NULL));
    ck_assert_int_eq(rules_find(rules, BYTES("/b"))->rule, RULE_MERGE);
    ck_assert(!bytes_present(rules_find(rules, BYTES("/b"))->pattern));
    rules_free(rules);
}
END_TEST

START_TEST(only_a_more_specific_pattern_reaches_below)
{
    static const struct line lines[] = {{"/**", RULE_MERGE}, {"/tags", RULE_ATOMIC}, {"/a/b/c", RULE_EXTERNAL}};
    struct rules *rules = NULL;
    struct error error = {0};

    ck_assert_msg(BUILD(lines, &error), "%s", error.text);
    ck_assert(!rules_reach_below(rules, BYTES("/tags")));
    ck_assert(rules_reach_below(rules, BYTES("/a")));
    ck_assert(rules_reach_below(rules, BYTES("/a/b")));
    ck_assert(!rules_reach_below(rules, BYTES("/a/b/c")));
    rules_free(rules);
}
END_TEST

START_TEST(a_pattern_below_an_atomic_one_is_refused)
{
    static const struct line lines[] = {{"/tags", RULE_ATOMIC}, {"/tags/x", RULE_EXTERNAL}};
    struct rules *rules = NULL;
    struct error error = {0};

    ck_assert(!BUILD(lines, &error));
    ck_assert_int_eq(error.kind, ERROR_USAGE);
    ck_assert_str_eq(error.text, "r.yaml:2: pattern '/tags/x' lies below '/tags' (line 1), which is atomic");
}
END_TEST

START_TEST(a_pattern_below_an_atomic_wildcard_is_refused_in_either_order)
{
    static const struct line lines[] = {{"/a/b", RULE_EXTERNAL}, {"/*", RULE_ATOMIC}};
    struct rules *rules = NULL;
    struct error error = {0};

    ck_assert(!BUILD(lines, &error));
    ck_assert_str_eq(error.text, "r.yaml:1: pattern '/a/b' lies below '/*' (line 2), which is atomic");
}
END_TEST

START_TEST(a_pattern_beside_an_atomic_one_is_fine)
{
    static const struct line lines[] = {{"/tags", RULE_ATOMIC}, {"/tagsx/y", RULE_EXTERNAL}};
    struct rules *rules = NULL;

    ck_assert(BUILD(lines, NULL));
    rules_free(rules);
}
END_TEST

START_TEST(the_same_pattern_twice_is_refused)
{
    static const struct line lines[] = {{"/a", RULE_MERGE}, {"/a", RULE_EXTERNAL}};
    struct rules *rules = NULL;
    struct error error = {0};

    ck_assert(!BUILD(lines, &error));
    ck_assert_str_eq(error.text, "r.yaml:2: pattern '/a' is there already, in line 1");
}
END_TEST

START_TEST(equally_specific_patterns_that_overlap_are_refused)
{
    static const struct line lines[] = {{"/**/a/*", RULE_MERGE}, {"/**/a/**", RULE_EXTERNAL},
                                        {"/**/*/b", RULE_MERGE}, {"/**/*/c", RULE_MERGE}};
    static const struct line overlapping[] = {{"/**/a/b", RULE_MERGE}, {"/**/b/b", RULE_EXTERNAL},
                                              {"/**/a/**/b", RULE_MERGE}, {"/**/c/**/b", RULE_MERGE}};
    struct rules *rules = NULL;
    struct error error = {0};

    ck_assert_msg(BUILD(lines, &error), "%s", error.text);
    rules_free(rules);
    ck_assert(!BUILD(overlapping, &error));
    ck_assert_str_eq(error.text, "r.yaml:4: pattern '/**/c/**/b' and '/**/a/**/b' (line 3) are equally specific "
                                 "and match the same field");
}
END_TEST

START_TEST(a_bad_pattern_says_what_is_wrong)
{
    static const struct line lines[] = {{"/a*", RULE_MERGE}};
    struct rules *rules = NULL;
    struct error error = {0};

    ck_assert(!BUILD(lines, &error));
    ck_assert_str_eq(error.text, "r.yaml:1: pattern '/a*': '*' and '**' stand alone between slashes");
}
END_TEST

START_TEST(a_rule_has_values_if_and_only_if_it_takes_them)
{
    static const struct rule_entry without = {.pattern = BYTES("/a"), .rule = RULE_RANK, .place = {"r.yaml", 1}};
    static const struct rule_entry with = {
        .pattern = BYTES("/a"), .rule = RULE_MERGE, .values = BYTES("A\n"), .place = {"r.yaml", 2}};
    struct rules *rules = rules_new(&RULES_DEFAULTS);
    struct error error = {0};

    ck_assert(!rules_add(rules, &without, &error));
    ck_assert_str_eq(error.text, "r.yaml:1: rule 'rank' needs its values");
    error = (struct error){0};
    ck_assert(!rules_add(rules, &with, &error));
    ck_assert_str_eq(error.text, "r.yaml:2: rule 'merge' takes no values");
    rules_free(rules);
}
END_TEST

START_TEST(names_and_words_agree)
{
    enum rule rule;
    enum on_conflict on_conflict;
    enum no_base no_base;

    for (size_t i = 0; i < RULE_COUNT; i++) {
        ck_assert(rule_parse(bytes_of(rule_name((enum rule)i)), &rule));
        ck_assert_int_eq(rule, i);
    }
    ck_assert(!rule_parse(BYTES("owner"), &rule));
    ck_assert(on_conflict_parse(bytes_of(on_conflict_name(ON_CONFLICT_DOCUMENT)), &on_conflict));
    ck_assert_int_eq(on_conflict, ON_CONFLICT_DOCUMENT);
    ck_assert(no_base_parse(bytes_of(no_base_name(NO_BASE_CONFLICT)), &no_base));
    ck_assert_int_eq(no_base, NO_BASE_CONFLICT);
}
END_TEST

UNIT_TESTS("merge/rules", the_most_specific_pattern_stands, without_a_pattern_the_default_stands,
           only_a_more_specific_pattern_reaches_below, a_pattern_below_an_atomic_one_is_refused,
           a_pattern_below_an_atomic_wildcard_is_refused_in_either_order, a_pattern_beside_an_atomic_one_is_fine,
           the_same_pattern_twice_is_refused, equally_specific_patterns_that_overlap_are_refused,
           a_bad_pattern_says_what_is_wrong, a_rule_has_values_if_and_only_if_it_takes_them, names_and_words_agree)
