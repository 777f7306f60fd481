#include "tests/support/trial.h"
#include "tests/support/unit.h"

/* No rule on a child is bypassed through its parent: not by setting it, not by removing it, not by replacing it with
 * something that is no object. */

static struct trial *attributes(const char *rule, const char *event)
{
    struct trial *trial = trial_new();

    trial_rule(trial, "/a/secret", rule);
    trial_merge(trial, "{\"a\":{\"secret\":\"T\",\"other\":1}}", event);
    return trial;
}

#define SET_PARENT                                                                                           \
    "{\"changes\":{\"/a\":{\"secret\":\"O\",\"other\":2}},\"base\":{\"/a\":{\"secret\":\"B\",\"other\":1}}}"

#define THROUGH_PARENT(rule, decisions)                                                                      \
    START_TEST(rule##_is_not_bypassed_by_setting_the_parent)                                                 \
    {                                                                                                        \
        struct trial *trial = attributes(#rule, SET_PARENT);                                                 \
                                                                                                             \
        ck_assert_str_eq(trial_decisions(trial), decisions);                                                 \
        trial_free(trial);                                                                                   \
    }                                                                                                        \
    END_TEST

THROUGH_PARENT(merge, "/a/secret c4 X; /a/other c2 O")
THROUGH_PARENT(external, "/a/secret c4 O; /a/other c2 O")
THROUGH_PARENT(prefer_external, "/a/secret c4 O; /a/other c2 O")
THROUGH_PARENT(prefer_document, "/a/secret c4 T; /a/other c2 O")
THROUGH_PARENT(document, "/a/secret c4 T; /a/other c2 O")
THROUGH_PARENT(ignore, "/a/other c2 O")
THROUGH_PARENT(object, "/a/secret c4 X; /a/other c2 O")
THROUGH_PARENT(atomic, "/a/secret c4 X; /a/other c2 O")
THROUGH_PARENT(fill, "/a/secret c4 T; /a/other c2 O")
THROUGH_PARENT(immutable, "/a/secret c4 X; /a/other c2 O")
THROUGH_PARENT(transition, "/a/secret c4 O; /a/other c2 O")
THROUGH_PARENT(rank, "/a/secret c4 O; /a/other c2 O")
THROUGH_PARENT(min, "/a/secret c4 X incomparable; /a/other c2 O")
THROUGH_PARENT(max, "/a/secret c4 X incomparable; /a/other c2 O")
THROUGH_PARENT(set, "/a/secret c4 X shape; /a/other c2 O")
THROUGH_PARENT(latest, "/a/secret c4 X time; /a/other c2 O")
THROUGH_PARENT(keyed, "/a/secret c4 X shape; /a/other c2 O")
THROUGH_PARENT(append, "/a/secret c4 X prefix; /a/other c2 O")
THROUGH_PARENT(add, "/a/secret c4 X incomparable; /a/other c2 O")

/* A parent whose own rule takes it whole hides nothing either. */
#define THROUGH_WHOLE_PARENT(rule, decisions)                                                                \
    START_TEST(rule##_is_not_bypassed_by_setting_a_parent_that_is_one_value)                                 \
    {                                                                                                        \
        struct trial *trial = trial_new();                                                                   \
                                                                                                             \
        trial_rule(trial, "/a", "document");                                                                 \
        trial_rule(trial, "/a/secret", #rule);                                                               \
        trial_merge(trial, "{\"a\":{\"secret\":\"T\",\"other\":1}}", SET_PARENT);                            \
        ck_assert_str_eq(trial_decisions(trial), decisions);                                                 \
        trial_free(trial);                                                                                   \
    }                                                                                                        \
    END_TEST

THROUGH_WHOLE_PARENT(merge, "/a/secret c4 X; /a/other c2 T")
THROUGH_WHOLE_PARENT(external, "/a/secret c4 O; /a/other c2 T")
THROUGH_WHOLE_PARENT(prefer_external, "/a/secret c4 O; /a/other c2 T")
THROUGH_WHOLE_PARENT(prefer_document, "/a/secret c4 T; /a/other c2 T")
THROUGH_WHOLE_PARENT(document, "/a/secret c4 T; /a/other c2 T")
THROUGH_WHOLE_PARENT(ignore, "/a/other c2 T")
THROUGH_WHOLE_PARENT(object, "/a/secret c4 X; /a/other c2 T")
THROUGH_WHOLE_PARENT(atomic, "/a/secret c4 X; /a/other c2 T")
THROUGH_WHOLE_PARENT(fill, "/a/secret c4 T; /a/other c2 T")
THROUGH_WHOLE_PARENT(immutable, "/a/secret c4 X; /a/other c2 T")
THROUGH_WHOLE_PARENT(transition, "/a/secret c4 O; /a/other c2 T")
THROUGH_WHOLE_PARENT(rank, "/a/secret c4 O; /a/other c2 T")
THROUGH_WHOLE_PARENT(min, "/a/secret c4 X incomparable; /a/other c2 T")
THROUGH_WHOLE_PARENT(max, "/a/secret c4 X incomparable; /a/other c2 T")
THROUGH_WHOLE_PARENT(set, "/a/secret c4 X shape; /a/other c2 T")
THROUGH_WHOLE_PARENT(latest, "/a/secret c4 X time; /a/other c2 T")
THROUGH_WHOLE_PARENT(keyed, "/a/secret c4 X shape; /a/other c2 T")
THROUGH_WHOLE_PARENT(append, "/a/secret c4 X prefix; /a/other c2 T")
THROUGH_WHOLE_PARENT(add, "/a/secret c4 X incomparable; /a/other c2 T")

#define REMOVE_PARENT "{\"remove\":[\"/a\"],\"base\":{\"/a\":{\"secret\":\"B\",\"other\":1}}}"

#define THROUGH_REMOVAL(rule, decisions)                                                                     \
    START_TEST(rule##_is_not_bypassed_by_removing_the_parent)                                                \
    {                                                                                                        \
        struct trial *trial = attributes(#rule, REMOVE_PARENT);                                              \
                                                                                                             \
        ck_assert_str_eq(trial_decisions(trial), decisions);                                                 \
        trial_free(trial);                                                                                   \
    }                                                                                                        \
    END_TEST

THROUGH_REMOVAL(merge, "/a/secret c4 X; /a/other c2 O")
THROUGH_REMOVAL(external, "/a/secret c4 O; /a/other c2 O")
THROUGH_REMOVAL(prefer_external, "/a/secret c4 O; /a/other c2 O")
THROUGH_REMOVAL(prefer_document, "/a/secret c4 T; /a/other c2 O")
THROUGH_REMOVAL(document, "/a/secret c4 T; /a/other c2 O")
THROUGH_REMOVAL(ignore, "/a/other c2 O")
THROUGH_REMOVAL(object, "/a/secret c4 X; /a/other c2 O")
THROUGH_REMOVAL(atomic, "/a/secret c4 X; /a/other c2 O")
THROUGH_REMOVAL(fill, "/a/secret c4 T; /a/other c2 O")
THROUGH_REMOVAL(immutable, "/a/secret c4 X; /a/other c2 O")
THROUGH_REMOVAL(transition, "/a/secret c4 X transition; /a/other c2 O")
THROUGH_REMOVAL(rank, "/a/secret c4 X rank; /a/other c2 O")
THROUGH_REMOVAL(min, "/a/secret c4 T; /a/other c2 O")
THROUGH_REMOVAL(max, "/a/secret c4 T; /a/other c2 O")
THROUGH_REMOVAL(set, "/a/secret c4 X shape; /a/other c2 O")
THROUGH_REMOVAL(latest, "/a/secret c4 X time; /a/other c2 O")
THROUGH_REMOVAL(keyed, "/a/secret c4 X shape; /a/other c2 O")
THROUGH_REMOVAL(append, "/a/secret c4 X shape; /a/other c2 O")
THROUGH_REMOVAL(add, "/a/secret c4 X incomparable; /a/other c2 O")

START_TEST(removing_the_parent_leaves_what_a_child_rule_keeps)
{
    struct trial *trial = attributes("document", "{\"remove\":[\"/a\"]}");

    ck_assert_str_eq(trial_decisions(trial), "/a/secret c5 T no_base; /a/other c5 O no_base");
    ck_assert_str_eq(trial_document(trial), "{\"a\":{\"secret\":\"T\"}}");
    trial_free(trial);
}
END_TEST

START_TEST(removing_the_parent_takes_it_whole_when_no_child_rule_objects)
{
    struct trial *trial = attributes("external", "{\"remove\":[\"/a\"]}");

    ck_assert_str_eq(trial_decisions(trial), "/a/secret c5 O no_base; /a/other c5 O no_base");
    ck_assert_str_eq(trial_document(trial), "{}");
    trial_free(trial);
}
END_TEST

START_TEST(removing_the_parent_leaves_an_ignored_child)
{
    struct trial *trial = attributes("ignore", "{\"remove\":[\"/a\"]}");

    ck_assert_str_eq(trial_decisions(trial), "/a/other c5 O no_base");
    ck_assert_str_eq(trial_document(trial), "{\"a\":{\"secret\":\"T\"}}");
    trial_free(trial);
}
END_TEST

START_TEST(a_scalar_does_not_replace_a_parent_whose_child_is_kept)
{
    struct trial *trial = attributes("document", "{\"changes\":{\"/a\":null}}");

    ck_assert_str_eq(trial_decisions(trial), "/a c5 X child");
    ck_assert_int_eq(trial->output.verdict, MERGE_CONFLICT);
    ck_assert_int_eq(trial->output.edit_count, 0);
    trial_free(trial);
}
END_TEST

START_TEST(an_ignored_child_is_kept_from_a_scalar_too)
{
    struct trial *trial = trial_new();

    trial_rule(trial, "/a/secret", "ignore");
    trial_merge(trial, "{\"a\":{\"secret\":\"T\"}}", "{\"changes\":{\"/a\":null}}");
    ck_assert_str_eq(trial_decisions(trial), "/a c5 X child");
    trial_free(trial);
}
END_TEST

START_TEST(a_scalar_replaces_a_parent_whose_children_may_go)
{
    struct trial *trial = attributes("external", "{\"changes\":{\"/a\":null}}");

    ck_assert_str_eq(trial_decisions(trial), "/a c5 O no_base");
    ck_assert_str_eq(trial_document(trial), "{\"a\":null}");
    trial_free(trial);
}
END_TEST

START_TEST(a_rule_on_the_parent_governs_children_without_their_own)
{
    struct trial *trial = trial_new();

    trial_rule(trial, "/a", "document");
    trial_rule(trial, "/a/free", "external");
    trial_merge(trial, "{\"a\":{\"x\":{\"y\":1},\"free\":1}}",
                "{\"changes\":{\"/a/x/y\":2,\"/a/free\":2}}");
    ck_assert_str_eq(trial_decisions(trial), "/a/x/y c5 T no_base; /a/free c5 O no_base");
    trial_free(trial);
}
END_TEST

START_TEST(a_child_rule_stands_where_theirs_has_no_parent)
{
    struct trial *trial = trial_new();

    trial_rule(trial, "/a/secret", "document");
    trial_merge(trial, "{}", "{\"changes\":{\"/a\":{\"secret\":1,\"x\":2}}}");
    ck_assert_str_eq(trial_decisions(trial), "/a/secret c5 T no_base; /a/x c5 O no_base");
    ck_assert_str_eq(trial_document(trial), "{\"a\":{\"x\":2}}");
    trial_free(trial);
}
END_TEST

START_TEST(a_wildcard_pattern_reaches_through_an_unnamed_parent)
{
    struct trial *trial = trial_new();

    trial_rule(trial, "/**/secret", "document");
    trial_merge(trial, "{\"a\":{\"b\":{\"secret\":1}}}", "{\"changes\":{\"/a\":{\"b\":{\"secret\":2,\"x\":3}}}}");
    ck_assert_str_eq(trial_decisions(trial), "/a/b/secret c5 T no_base; /a/b/x c5 O no_base");
    trial_free(trial);
}
END_TEST

UNIT_TESTS("merge/bypass", merge_is_not_bypassed_by_setting_the_parent,
           external_is_not_bypassed_by_setting_the_parent, prefer_external_is_not_bypassed_by_setting_the_parent,
           prefer_document_is_not_bypassed_by_setting_the_parent, document_is_not_bypassed_by_setting_the_parent,
           ignore_is_not_bypassed_by_setting_the_parent, object_is_not_bypassed_by_setting_the_parent,
           atomic_is_not_bypassed_by_setting_the_parent, fill_is_not_bypassed_by_setting_the_parent,
           immutable_is_not_bypassed_by_setting_the_parent, transition_is_not_bypassed_by_setting_the_parent, rank_is_not_bypassed_by_setting_the_parent, min_is_not_bypassed_by_setting_the_parent, max_is_not_bypassed_by_setting_the_parent,
           add_is_not_bypassed_by_setting_the_parent,
           add_is_not_bypassed_by_setting_a_parent_that_is_one_value, add_is_not_bypassed_by_removing_the_parent,
           append_is_not_bypassed_by_setting_the_parent,
           append_is_not_bypassed_by_setting_a_parent_that_is_one_value, append_is_not_bypassed_by_removing_the_parent,
           keyed_is_not_bypassed_by_setting_the_parent,
           keyed_is_not_bypassed_by_setting_a_parent_that_is_one_value, keyed_is_not_bypassed_by_removing_the_parent,
           latest_is_not_bypassed_by_setting_the_parent,
           latest_is_not_bypassed_by_setting_a_parent_that_is_one_value, latest_is_not_bypassed_by_removing_the_parent,
           set_is_not_bypassed_by_setting_the_parent,
           set_is_not_bypassed_by_setting_a_parent_that_is_one_value, set_is_not_bypassed_by_removing_the_parent,
           merge_is_not_bypassed_by_setting_a_parent_that_is_one_value,
           external_is_not_bypassed_by_setting_a_parent_that_is_one_value,
           prefer_external_is_not_bypassed_by_setting_a_parent_that_is_one_value,
           prefer_document_is_not_bypassed_by_setting_a_parent_that_is_one_value,
           document_is_not_bypassed_by_setting_a_parent_that_is_one_value,
           ignore_is_not_bypassed_by_setting_a_parent_that_is_one_value,
           object_is_not_bypassed_by_setting_a_parent_that_is_one_value,
           atomic_is_not_bypassed_by_setting_a_parent_that_is_one_value, fill_is_not_bypassed_by_setting_a_parent_that_is_one_value,
           immutable_is_not_bypassed_by_setting_a_parent_that_is_one_value, transition_is_not_bypassed_by_setting_a_parent_that_is_one_value, rank_is_not_bypassed_by_setting_a_parent_that_is_one_value, min_is_not_bypassed_by_setting_a_parent_that_is_one_value, max_is_not_bypassed_by_setting_a_parent_that_is_one_value, merge_is_not_bypassed_by_removing_the_parent,
           external_is_not_bypassed_by_removing_the_parent, prefer_external_is_not_bypassed_by_removing_the_parent,
           prefer_document_is_not_bypassed_by_removing_the_parent, document_is_not_bypassed_by_removing_the_parent,
           ignore_is_not_bypassed_by_removing_the_parent, object_is_not_bypassed_by_removing_the_parent,
           atomic_is_not_bypassed_by_removing_the_parent, fill_is_not_bypassed_by_removing_the_parent,
           immutable_is_not_bypassed_by_removing_the_parent, transition_is_not_bypassed_by_removing_the_parent, rank_is_not_bypassed_by_removing_the_parent, min_is_not_bypassed_by_removing_the_parent, max_is_not_bypassed_by_removing_the_parent,
           removing_the_parent_leaves_what_a_child_rule_keeps,
           removing_the_parent_leaves_an_ignored_child,
           removing_the_parent_takes_it_whole_when_no_child_rule_objects,
           a_scalar_does_not_replace_a_parent_whose_child_is_kept, an_ignored_child_is_kept_from_a_scalar_too,
           a_scalar_replaces_a_parent_whose_children_may_go, a_rule_on_the_parent_governs_children_without_their_own,
           a_child_rule_stands_where_theirs_has_no_parent, a_wildcard_pattern_reaches_through_an_unnamed_parent)
