#include "../../support/unit.h"

#include "config/yaml.h"

static struct yaml *parse(const char *text)
{
    struct error error = {0};
    struct yaml *yaml = yaml_parse("a.yaml", text, strlen(text), &error);

    ck_assert_msg(yaml != NULL, "%s", error.text);
    return yaml;
}

#define ck_assert_no_yaml(input, size, expected)                                                             \
    do {                                                                                                     \
        struct error refused_ = {0};                                                                         \
                                                                                                             \
        ck_assert_ptr_null(yaml_parse("a.yaml", input, size, &refused_));                                    \
        ck_assert_int_eq(refused_.kind, ERROR_USAGE);                                                        \
        ck_assert_str_eq(refused_.text, expected);                                                           \
    } while (0)

START_TEST(nodes_know_line_and_column)
{
    struct yaml *yaml = parse("# head\na: 1\nb:\n  - x\n  - 'y'\nc: {d: \"ä\", e: z}\n");
    const struct yaml_node *root = yaml_root(yaml);
    const struct yaml_node *list = yaml_find(root, "b");

    ck_assert_int_eq(yaml_kind(root), YAML_MAPPING);
    ck_assert_uint_eq(yaml_count(root), 3);
    ck_assert_int_eq(yaml_line(yaml_find(root, "a")), 2);
    ck_assert_int_eq(yaml_column(yaml_find(root, "a")), 4);
    ck_assert_int_eq(yaml_kind(list), YAML_SEQUENCE);
    ck_assert_int_eq(yaml_line(yaml_item(list, 1)), 5);
    ck_assert_int_eq(yaml_column(yaml_item(list, 1)), 5);
    ck_assert_str_eq(yaml_text(yaml_item(list, 1)), "y");
    ck_assert_int_eq(yaml_column(yaml_find(yaml_find(root, "c"), "e")), 16);
    ck_assert_str_eq(yaml_text(yaml_key(root, 2)), "c");
    ck_assert_ptr_null(yaml_find(root, "d"));
    yaml_free(yaml);
}
END_TEST

START_TEST(a_key_without_a_value_is_null_and_stands_where_its_key_does)
{
    struct yaml *yaml = parse("a:\nb: ~\nc: null\nd: ''\ne: 'null'\n");
    const struct yaml_node *root = yaml_root(yaml);

    ck_assert(yaml_is_null(yaml_find(root, "a")));
    ck_assert_int_eq(yaml_line(yaml_find(root, "a")), 1);
    ck_assert(yaml_is_null(yaml_find(root, "b")));
    ck_assert(yaml_is_null(yaml_find(root, "c")));
    ck_assert(!yaml_is_null(yaml_find(root, "d")));
    ck_assert(!yaml_is_null(yaml_find(root, "e")));
    yaml_free(yaml);
}
END_TEST

START_TEST(an_empty_text_has_no_root)
{
    struct yaml *empty = parse(""), *comment = parse("# nothing\n");

    ck_assert_ptr_null(yaml_root(empty));
    ck_assert_ptr_null(yaml_root(comment));
    yaml_free(empty);
    yaml_free(comment);
}
END_TEST

START_TEST(aliases_are_followed)
{
    struct yaml *yaml = parse("a: &x [1, 2]\nb: *x\n");

    ck_assert_ptr_eq(yaml_find(yaml_root(yaml), "b"), yaml_find(yaml_root(yaml), "a"));
    yaml_free(yaml);
    ck_assert_no_yaml("a: &x [*x]\n", 11,
                      "a.yaml:1:8: no anchor 'x' stands before this alias\na: &x [*x]\n       ^");
}
END_TEST

START_TEST(what_is_no_yaml_is_refused_with_its_place)
{
    ck_assert_no_yaml("a: [1\n", 6, "a.yaml:2:1: no YAML: flow sequence without a closing bracket\n\n^");
    ck_assert_no_yaml("a: 1\n\tb: 2\n", 11, "a.yaml:1:4: no YAML: invalid multiline plain key\na: 1\n   ^");
}
END_TEST

START_TEST(what_is_more_than_a_configuration_needs_is_refused)
{
    ck_assert_no_yaml("a: 1\na: 2\n", 10,
                      "a.yaml:2:1: 'a' stands here for the second time, first in line 1\na: 2\n^");
    ck_assert_no_yaml("a: 1\n---\nb: 2\n", 14,
                      "a.yaml:3:1: a second document begins here; there can be only one\nb: 2\n^");
    ck_assert_no_yaml("[a]: 1\n", 7, "a.yaml:1:1: a key must be a text\n[a]: 1\n^");
    ck_assert_no_yaml("a: !x {b: 1}\n", 13, "a.yaml:1:7: tags are not supported\na: !x {b: 1}\n      ^");
}
END_TEST

START_TEST(a_refused_value_that_is_not_written_has_a_place)
{
    ck_assert_no_yaml(" !", 2, "a.yaml:1:1: tags are not supported\n !\n^");
    ck_assert_no_yaml("a: 1\nb: !\n", 10, "a.yaml:2:1: tags are not supported\nb: !\n^");
}
END_TEST

START_TEST(bytes_that_are_no_text_are_refused)
{
    ck_assert_no_yaml("a: 1\nb: \xff\n", 10, "a.yaml:2:4: this byte is no UTF-8 text\nb: ?\n   ^");
    ck_assert_no_yaml("a: \0\n", 5, "a.yaml:1:4: this byte is no UTF-8 text\na:  \n   ^");
    ck_assert_no_yaml("a: \"x\\0y\"\n", 10,
                      "a.yaml:1:4: a NUL character is not possible here\na: \"x\\0y\"\n   ^");
}
END_TEST

START_TEST(depth_has_a_limit)
{
    char text[300];
    struct error error = {0};

    memset(text, '[', 100);
    memset(text + 100, ']', 100);
    ck_assert_ptr_null(yaml_parse("a.yaml", text, 200, &error));
    text[60] = '\0';
    ck_assert_msg(strstr(error.text, "a.yaml:1:65: more than 64 levels") == error.text, "%s", error.text);
}
END_TEST

START_TEST(a_failure_never_shows_a_secret)
{
    struct yaml *yaml =
        parse("a:\n  sasl.password: geheim\n  url: http://u:geheim@host/\n  jaas: |\n    user geheim\n");
    const struct yaml_node *node = yaml_find(yaml_root(yaml), "a");
    struct error error = {0};

    ck_assert(!yaml_fail(yaml_find(node, "sasl.password"), &error, "number %d", 7));
    ck_assert_str_eq(error.text, "a.yaml:2:18: number 7\n  sasl.password: ***\n                 ^");
    ck_assert(!yaml_fail(yaml_find(node, "url"), &error, "no"));
    ck_assert_str_eq(error.text, "a.yaml:3:8: no\n  url: http://***@host/\n       ^");
    yaml_free(yaml);
}
END_TEST

START_TEST(a_failure_is_cut_between_characters)
{
    char text[802] = "a";
    struct yaml *yaml;
    struct error error = {0};
    size_t bad;

    for (size_t i = 1; i < 801; i += 2)
        memcpy(text + i, "\xc3\xa9", 2);
    yaml = parse(text);
    ck_assert(!yaml_fail(yaml_root(yaml), &error, "'%s'", text));
    ck_assert(bytes_are_utf8(bytes_of(error.text), &bad));
    ck_assert(!yaml_fail(yaml_root(yaml), &error, "%s", text));
    ck_assert(bytes_are_utf8(bytes_of(error.text), &bad));
    yaml_free(yaml);
}
END_TEST

START_TEST(control_characters_of_a_message_become_spaces)
{
    struct yaml *yaml = parse("\"\\x1b[31m\\n\": 1");
    struct error error = {0};

    ck_assert(!yaml_fail(yaml_key(yaml_root(yaml), 0), &error, "no '%s'", yaml_text(yaml_key(yaml_root(yaml), 0))));
    ck_assert_str_eq(error.text, "a.yaml:1:1: no ' [31m '\n\"\\x1b[31m\\n\": 1\n^");
    yaml_free(yaml);
}
END_TEST

START_TEST(a_text_of_no_file_is_named_without_a_line)
{
    struct yaml *yaml = yaml_of_text("--set a", "b: [c");
    struct error error = {0};

    ck_assert_str_eq(yaml_text(yaml_root(yaml)), "b: [c");
    ck_assert(!yaml_fail(yaml_root(yaml), &error, "no"));
    ck_assert_str_eq(error.text, "--set a: no");
    yaml_free(yaml);
}
END_TEST

UNIT_TESTS("config/yaml", nodes_know_line_and_column,
           a_key_without_a_value_is_null_and_stands_where_its_key_does, an_empty_text_has_no_root,
           aliases_are_followed, what_is_no_yaml_is_refused_with_its_place,
           what_is_more_than_a_configuration_needs_is_refused,
           a_refused_value_that_is_not_written_has_a_place, bytes_that_are_no_text_are_refused,
           depth_has_a_limit, a_failure_never_shows_a_secret,
           a_failure_is_cut_between_characters, control_characters_of_a_message_become_spaces,
           a_text_of_no_file_is_named_without_a_line)
