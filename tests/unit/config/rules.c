#include "../../support/config.h"
#include "../../support/unit.h"

START_TEST(rules_carry_their_settings_and_their_place)
{
    struct config *config =
        config_of("merge:\n"
                  "  rules:\n"
                  "    /status: external\n"
                  "    /price: { rule: prefer_external, on_conflict: document, no_base: conflict, "
                  "group: money }\n"
                  "    /attributes/*: { no_base: external }\n",
                  NULL, NULL);
    const struct rule_entry *status = rules_find(config->rules, BYTES("/status"));
    const struct rule_entry *price = rules_find(config->rules, BYTES("/price"));
    const struct rule_entry *attribute = rules_find(config->rules, BYTES("/attributes/x"));

    ck_assert_uint_eq(rules_count(config->rules), 3);
    ck_assert_int_eq(status->rule, RULE_EXTERNAL);
    ck_assert(!status->has_on_conflict && !status->has_no_base && !bytes_present(status->group));
    ck_assert_str_eq(status->place.file, "a.yaml");
    ck_assert_int_eq(status->place.line, 3);
    ck_assert_int_eq(price->rule, RULE_PREFER_EXTERNAL);
    ck_assert(price->has_on_conflict && price->on_conflict == ON_CONFLICT_DOCUMENT);
    ck_assert(price->has_no_base && price->no_base == NO_BASE_CONFLICT);
    ck_assert(bytes_equal(price->group, BYTES("money")));
    ck_assert_int_eq(attribute->rule, RULE_MERGE);
    ck_assert_int_eq(attribute->place.line, 5);
    config_free(config);
}
END_TEST

START_TEST(defaults_of_the_merge_reach_the_rules)
{
    struct config *plain = config_of(NULL, NULL, NULL);
    struct config *config =
        config_of("merge: { default: prefer_document, on_conflict: external, no_base: conflict, "
                  "base: event, base_version: require, partial: true }\n",
                  NULL, NULL);
    const struct rules_defaults *defaults = rules_defaults(config->rules);

    ck_assert_int_eq(defaults->rule, RULE_PREFER_DOCUMENT);
    ck_assert_int_eq(defaults->on_conflict, ON_CONFLICT_EXTERNAL);
    ck_assert_int_eq(defaults->no_base, NO_BASE_CONFLICT);
    ck_assert_int_eq(defaults->base_version, BASE_VERSION_REQUIRE);
    ck_assert(!defaults->memory_is_base && defaults->partial);
    defaults = rules_defaults(plain->rules);
    ck_assert_int_eq(defaults->rule, RULE_MERGE);
    ck_assert_int_eq(defaults->on_conflict, ON_CONFLICT_MANUAL);
    ck_assert_int_eq(defaults->no_base, NO_BASE_RULE);
    ck_assert_int_eq(defaults->base_version, BASE_VERSION_HINT);
    ck_assert(defaults->memory_is_base && !defaults->partial);
    config_free(config);
    config_free(plain);
}
END_TEST

START_TEST(last_write_wins_makes_external_the_default_only)
{
    struct config *config =
        config_of("merge: { strategy: last_write_wins, rules: { /owner: prefer_document } }\n", NULL, NULL);

    ck_assert_int_eq(rules_defaults(config->rules)->rule, RULE_EXTERNAL);
    ck_assert_int_eq(rules_find(config->rules, BYTES("/owner"))->rule, RULE_PREFER_DOCUMENT);
    config_free(config);
    config_free(config_of("merge: { strategy: last_write_wins, default: external }\n", NULL, NULL));
    ck_assert_refused(
        "merge:\n  strategy: last_write_wins\n  default: merge\n", NULL, NULL,
        "a.yaml:3:12: merge.strategy: last_write_wins makes external the default rule, which contradicts "
        "merge\n  default: merge\n           ^");
}
END_TEST

START_TEST(an_unknown_rule_names_the_nearest)
{
    ck_assert_refused(
        "merge:\n  rules:\n    /a: externl\n", NULL, NULL,
        "a.yaml:3:9: unknown rule 'externl'; did you mean 'external'?\n    /a: externl\n        ^");
    ck_assert_refused(
        "merge:\n  rules:\n    /a: newest\n", NULL, NULL,
        "a.yaml:3:9: unknown rule 'newest'; known are: merge, external, prefer_external, prefer_document, "
        "document, ignore, object, fill, immutable, max, min, set, add, append, atomic, rank, transition, latest, keyed\n    /a: newest\n        ^");
}
END_TEST

START_TEST(a_rule_has_four_settings)
{
    ck_assert_refused("merge:\n  rules:\n    /a: { on_conflct: manual }\n", NULL, NULL,
                      "a.yaml:3:11: unknown key 'on_conflct'; did you mean 'on_conflict'?\n"
                      "    /a: { on_conflct: manual }\n          ^");
    ck_assert_refused(
        "merge:\n  rules:\n    /a: { no_base: sometimes }\n", NULL, NULL,
        "a.yaml:3:20: unknown no_base 'sometimes'; known are: rule, external, document, conflict\n"
        "    /a: { no_base: sometimes }\n                   ^");
    ck_assert_refused(
        "merge:\n  rules:\n    /a:\n", NULL, NULL,
        "a.yaml:3:5: a pattern needs a rule, or { rule, on_conflict, on_delete_conflict, no_base, group, compare }\n    /a:\n    ^");
}
END_TEST

START_TEST(a_rule_with_values_stands_beside_the_other_settings)
{
    struct config *config =
        config_of("merge:\n"
                  "  rules:\n"
                  "    /state: { rank: [INWORK, 'IN REVIEW', 3], on_conflict: document, group: life }\n"
                  "    /phase: { transition: { A: [B, C], B: [A] } }\n",
                  NULL, NULL);
    const struct rule_entry *state = rules_find(config->rules, BYTES("/state"));
    const struct rule_entry *phase = rules_find(config->rules, BYTES("/phase"));

    ck_assert_int_eq(state->rule, RULE_RANK);
    ck_assert(bytes_equal(state->values, BYTES("INWORK\nIN REVIEW\n3\n")));
    ck_assert(state->has_on_conflict && bytes_equal(state->group, BYTES("life")));
    ck_assert_int_eq(phase->rule, RULE_TRANSITION);
    ck_assert(bytes_equal(phase->values, BYTES("A\tB\nA\tC\nB\tA\n")));
    config_free(config);
}
END_TEST

START_TEST(other_values_are_another_fingerprint)
{
    struct config *one = config_of("merge: { rules: { /s: { rank: [A, B] } } }\n", NULL, NULL);
    struct config *other = config_of("merge: { rules: { /s: { rank: [B, A] } } }\n", NULL, NULL);

    ck_assert_str_ne(one->fingerprint, other->fingerprint);
    config_free(one);
    config_free(other);
}
END_TEST

START_TEST(a_rank_has_values_and_each_of_them_once)
{
    ck_assert_refused("merge:\n  rules:\n    /a: { rank: [A, B, A] }\n", NULL, NULL,
                      "a.yaml:3:24: 'A' is there already\n    /a: { rank: [A, B, A] }\n                       ^");
    ck_assert_refused("merge:\n  rules:\n    /a: { rank: [] }\n", NULL, NULL,
                      "a.yaml:3:17: 'rank' needs its values from first to last: [FIRST, ..., LAST]\n"
                      "    /a: { rank: [] }\n                ^");
    ck_assert_refused("merge:\n  rules:\n    /a: { rank: [A, ''] }\n", NULL, NULL,
                      "a.yaml:3:21: a value of 'rank' must not be empty, nor have tabs or line ends\n"
                      "    /a: { rank: [A, ''] }\n                    ^");
    ck_assert_refused("merge:\n  rules:\n    /a: rank\n", NULL, NULL,
                      "a.yaml:3:9: 'rank' needs its values: { rank: [FIRST, ..., LAST] }\n    /a: rank\n        ^");
}
END_TEST

START_TEST(a_transition_names_its_ways)
{
    ck_assert_refused("merge:\n  rules:\n    /a: { transition: { A: B } }\n", NULL, NULL,
                      "a.yaml:3:28: 'transition' needs what may follow each value: { FROM: [TO, ...] }\n"
                      "    /a: { transition: { A: B } }\n                           ^");
    ck_assert_refused("merge:\n  rules:\n    /a: { transition: { A: [B, B] } }\n", NULL, NULL,
                      "a.yaml:3:32: 'B' is there already\n    /a: { transition: { A: [B, B] } }\n"
                      "                               ^");
}
END_TEST

START_TEST(latest_and_keyed_are_written_with_their_place_and_their_name)
{
    struct config *config = config_of("merge:\n"
                                      "  rules:\n"
                                      "    /note: { latest: /changedAt }\n"
                                      "    /lines: { keyed: sku, on_delete_conflict: document }\n",
                                      NULL, NULL);
    const struct rule_entry *note = rules_find(config->rules, BYTES("/note"));
    const struct rule_entry *lines = rules_find(config->rules, BYTES("/lines"));

    ck_assert_int_eq(note->rule, RULE_LATEST);
    ck_assert(bytes_equal(note->values, BYTES("/changedAt")) && !note->has_on_delete_conflict);
    ck_assert_int_eq(lines->rule, RULE_KEYED);
    ck_assert(bytes_equal(lines->values, BYTES("sku")) && lines->has_on_delete_conflict);
    ck_assert_int_eq(lines->on_delete_conflict, ON_CONFLICT_DOCUMENT);
    config_free(config);
}
END_TEST

START_TEST(latest_and_keyed_say_what_they_need)
{
    ck_assert_refused("merge:\n  rules:\n    /a: { latest: changedAt }\n", NULL, NULL,
                      "a.yaml:3:19: 'changedAt' is no JSON Pointer: does not start with '/'\n"
                      "    /a: { latest: changedAt }\n                  ^");
    ck_assert_refused("merge:\n  rules:\n    /a: { keyed: [] }\n", NULL, NULL,
                      "a.yaml:3:18: each value of 'keyed' is a word or a number\n    /a: { keyed: [] }\n                 ^");
    ck_assert_refused("merge:\n  rules:\n    /a: keyed\n", NULL, NULL,
                      "a.yaml:3:9: 'keyed' needs its values: { keyed: MEMBER }\n    /a: keyed\n        ^");
    ck_assert_refused("merge:\n  rules:\n    /a: { keyed: k, on_delete_conflict: keep }\n", NULL, NULL,
                      "a.yaml:3:41: unknown on_delete_conflict 'keep'; known are: manual, external, document\n"
                      "    /a: { keyed: k, on_delete_conflict: keep }\n                                        ^");
}
END_TEST

START_TEST(compare_is_a_word_or_a_member)
{
    struct config *config = config_of("merge:\n"
                                      "  rules:\n"
                                      "    /at: { compare: instant }\n"
                                      "    /name: { rule: external, compare: text-ci }\n"
                                      "    /state: { rule: external, compare: { member: Value } }\n",
                                      NULL, NULL);
    const struct rule_entry *state = rules_find(config->rules, BYTES("/state"));

    ck_assert_int_eq(rules_find(config->rules, BYTES("/at"))->compare, COMPARE_INSTANT);
    ck_assert_int_eq(rules_find(config->rules, BYTES("/name"))->compare, COMPARE_TEXT_CI);
    ck_assert_int_eq(state->compare, COMPARE_MEMBER);
    ck_assert(bytes_equal(state->compare_member, BYTES("Value")));
    config_free(config);
    ck_assert_refused("merge:\n  rules:\n    /a: { compare: sets }\n", NULL, NULL,
                      "a.yaml:3:20: unknown compare 'sets'; did you mean 'set'?\n    /a: { compare: sets }\n                   ^");
    ck_assert_refused("merge:\n  rules:\n    /a: { compare: { by: Value } }\n", NULL, NULL,
                      "a.yaml:3:20: 'compare' by a member needs its name: { member: NAME }\n"
                      "    /a: { compare: { by: Value } }\n                   ^");
}
END_TEST

START_TEST(no_pattern_lies_below_one_that_takes_arrays)
{
    ck_assert_refused("merge:\n  rules:\n    /a: { keyed: k }\n    /a/b: external\n", NULL, NULL,
                      "a.yaml:4:5: pattern '/a/b' lies below '/a' (line 3), which is one value by its rule\n"
                      "    /a/b: external\n    ^");
}
END_TEST

START_TEST(a_pattern_has_one_rule)
{
    ck_assert_refused("merge:\n  rules:\n    /a: { rule: max, rank: [A] }\n", NULL, NULL,
                      "a.yaml:3:22: the pattern has a rule already: 'max'\n    /a: { rule: max, rank: [A] }\n"
                      "                     ^");
    ck_assert_refused("merge:\n  rules:\n    /a: { rnk: [A] }\n", NULL, NULL,
                      "a.yaml:3:11: unknown key 'rnk'; did you mean 'rank'?\n    /a: { rnk: [A] }\n          ^");
}
END_TEST

START_TEST(a_rule_with_values_is_no_default)
{
    ck_assert_refused("merge: { default: rank }\n", NULL, NULL,
                      "a.yaml:1:19: merge.default must be merge, external, prefer_external, prefer_document, document, "
                      "ignore, object, fill, immutable, max, min, set, add, append or atomic\nmerge: { default: rank }\n                  ^");
}
END_TEST

START_TEST(patterns_of_equal_specificity_must_not_overlap)
{
    ck_assert_refused(
        "merge:\n  rules:\n    /**/a/**: external\n    /**/b/**: merge\n", NULL, NULL,
        "a.yaml:4:5: pattern '/**/b/**' and '/**/a/**' (line 3) are equally specific and match the same "
        "field\n    /**/b/**: merge\n    ^");
}
END_TEST

START_TEST(no_pattern_lies_below_an_atomic_one)
{
    ck_assert_refused(
        "merge:\n  rules:\n    /a: atomic\n    /a/b: merge\n", NULL, NULL,
        "a.yaml:4:5: pattern '/a/b' lies below '/a' (line 3), which is atomic\n    /a/b: merge\n    ^");
}
END_TEST

START_TEST(a_pattern_is_a_json_pointer)
{
    ck_assert_refused(
        "merge:\n  rules:\n    status: merge\n", NULL, NULL,
        "a.yaml:3:5: 'status' is no pattern: does not start with '/'\n    status: merge\n    ^");
}
END_TEST

UNIT_TESTS("config/rules", rules_carry_their_settings_and_their_place, defaults_of_the_merge_reach_the_rules,
           last_write_wins_makes_external_the_default_only, an_unknown_rule_names_the_nearest,
           a_rule_has_four_settings, a_rule_with_values_stands_beside_the_other_settings,
           other_values_are_another_fingerprint, a_rank_has_values_and_each_of_them_once, a_transition_names_its_ways,
           latest_and_keyed_are_written_with_their_place_and_their_name, latest_and_keyed_say_what_they_need,
           compare_is_a_word_or_a_member, no_pattern_lies_below_one_that_takes_arrays, a_pattern_has_one_rule, a_rule_with_values_is_no_default, patterns_of_equal_specificity_must_not_overlap,
           no_pattern_lies_below_an_atomic_one, a_pattern_is_a_json_pointer)
