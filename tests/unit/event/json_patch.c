#include "tests/support/formats.h"

static void changes(const char *patch, const char *expected)
{
    const struct event_input input = record_of(EVENT_FORMAT_JSON_PATCH, patch);

    input_changes(&input, expected);
}

#define REJECTS(name, patch, defect, detail)                                                                 \
    START_TEST(name)                                                                                         \
    {                                                                                                        \
        const struct event_input input = record_of(EVENT_FORMAT_JSON_PATCH, patch);                          \
                                                                                                             \
        input_rejected(&input, EVENT_DEFECT_##defect, detail);                                               \
    }                                                                                                        \
    END_TEST

/* RFC 6902, appendix A. Elements of arrays (A.2, A.4, A.16) are told apart from members by the merge, which has the document. */
START_TEST(vectors_of_the_rfc_that_change_members)
{
    changes("[{\"op\":\"add\",\"path\":\"/baz\",\"value\":\"qux\"}]", "/baz = \"qux\"");                 /* A.1 */
    changes("[{\"op\":\"add\",\"path\":\"/foo/1\",\"value\":\"qux\"}]", "/foo/1 = \"qux\"");             /* A.2 */
    changes("[{\"op\":\"remove\",\"path\":\"/baz\"}]", "/baz removed");                                  /* A.3 */
    changes("[{\"op\":\"remove\",\"path\":\"/foo/1\"}]", "/foo/1 removed");                              /* A.4 */
    changes("[{\"op\":\"replace\",\"path\":\"/baz\",\"value\":\"boo\"}]", "/baz = \"boo\"");             /* A.5 */
    changes("[{\"op\":\"add\",\"path\":\"/child\",\"value\":{\"grandchild\":{}}}]",
            "/child = {\"grandchild\":{}}");                                                             /* A.10 */
    changes("[{\"op\":\"add\",\"path\":\"/baz\",\"value\":\"qux\",\"xyz\":123}]", "/baz = \"qux\"");     /* A.11 */
    changes("[{\"op\":\"add\",\"path\":\"/baz/bat\",\"value\":\"qux\"}]", "/baz/bat = \"qux\"");         /* A.12 */
    changes("[{\"op\":\"add\",\"path\":\"/foo/-\",\"value\":[\"abc\",\"def\"]}]", "/foo/- = [\"abc\",\"def\"]"); /* A.16 */
}
END_TEST

REJECTS(vector_a6_moves_what_no_test_gives, "[{\"op\":\"move\",\"from\":\"/foo/waldo\",\"path\":\"/qux/thud\"}]", UNSUPPORTED,
        "byte 21: `move` needs a `test` of '/foo/waldo' right before it")
REJECTS(vector_a7_moves_an_element_that_no_test_gives, "[{\"op\":\"move\",\"from\":\"/foo/1\",\"path\":\"/foo/3\"}]",
        UNSUPPORTED, "byte 21: `move` needs a `test` of '/foo/1' right before it")
REJECTS(vector_a8_tests_alone, "[{\"op\":\"test\",\"path\":\"/baz\",\"value\":\"qux\"},{\"op\":\"test\",\"path\":\"/foo/1\",\"value\":2}]",
        NO_CHANGES, "no operation of the patch changes anything")
REJECTS(vector_a13_has_two_ops, "[{\"op\":\"add\",\"path\":\"/baz\",\"value\":\"qux\",\"op\":\"remove\"}]", NOT_JSON,
        "byte 41: duplicate key")
REJECTS(vector_a14_tests_an_escaped_name_alone, "[{\"op\":\"test\",\"path\":\"/~01\",\"value\":10}]", NO_CHANGES,
        "no operation of the patch changes anything")

START_TEST(a_test_is_the_base_of_a_change)
{
    changes("[{\"op\":\"test\",\"path\":\"/a\",\"value\":1},{\"op\":\"replace\",\"path\":\"/a\",\"value\":2},"
            "{\"op\":\"test\",\"path\":\"/b\",\"value\":null},{\"op\":\"remove\",\"path\":\"/b\"}]",
            "/a = 2 was 1; /b removed was null");
}
END_TEST

START_TEST(a_test_of_a_field_that_does_not_change_is_a_guard)
{
    changes("[{\"op\":\"test\",\"path\":\"/g\",\"value\":1},{\"op\":\"add\",\"path\":\"/a\",\"value\":2}]", "/a = 2; /g guard 1");
}
END_TEST

START_TEST(move_and_copy_take_what_a_test_gives)
{
    changes("[{\"op\":\"test\",\"path\":\"/a\",\"value\":{\"x\":1}},{\"op\":\"move\",\"from\":\"/a\",\"path\":\"/b\"}]",
            "/a removed was {\"x\":1}; /b = {\"x\":1}");
    changes("[{\"op\":\"test\",\"path\":\"/a\",\"value\":7},{\"op\":\"copy\",\"from\":\"/a\",\"path\":\"/b\"}]", "/b = 7; /a guard 7");
}
END_TEST

#define TESTED "[{\"op\":\"test\",\"path\":\"/l\",\"value\":[1,2,3]},"

START_TEST(a_tested_array_changes_as_one_value)
{
    changes(TESTED "{\"op\":\"add\",\"path\":\"/l/1\",\"value\":9}]", "/l = [1,9,2,3] was [1,2,3]");
    changes(TESTED "{\"op\":\"add\",\"path\":\"/l/-\",\"value\":{}}]", "/l = [1,2,3,{}] was [1,2,3]");
    changes(TESTED "{\"op\":\"remove\",\"path\":\"/l/0\"},{\"op\":\"replace\",\"path\":\"/l/1\",\"value\":8}]",
            "/l = [2,8] was [1,2,3]");
    changes(TESTED "{\"op\":\"move\",\"from\":\"/l/0\",\"path\":\"/l/2\"}]", "/l = [2,3,1] was [1,2,3]");
    changes(TESTED "{\"op\":\"copy\",\"from\":\"/l/2\",\"path\":\"/first\"}]", "/first = 3; /l guard [1,2,3]");
    changes(TESTED "{\"op\":\"remove\",\"path\":\"/l/0\"},{\"op\":\"remove\",\"path\":\"/l/0\"},"
                   "{\"op\":\"test\",\"path\":\"/l/0\",\"value\":3.0},{\"op\":\"remove\",\"path\":\"/l/0\"}]",
            "/l = [] was [1,2,3]");
}
END_TEST

REJECTS(an_element_behind_the_end, TESTED "{\"op\":\"add\",\"path\":\"/l/4\",\"value\":9}]", BAD_POINTER,
        "byte 62: the tested array of 3 elements has no place '4'")
REJECTS(no_element_to_replace, TESTED "{\"op\":\"replace\",\"path\":\"/l/-\",\"value\":9}]", BAD_POINTER,
        "byte 66: the tested array of 3 elements has no place '-'")
REJECTS(a_name_in_an_array, TESTED "{\"op\":\"remove\",\"path\":\"/l/x\"}]", BAD_POINTER,
        "byte 65: the tested array of 3 elements has no place 'x'")
REJECTS(an_element_that_is_not_what_a_test_says, TESTED "{\"op\":\"test\",\"path\":\"/l/0\",\"value\":2}]", BAD_EVENT,
        "byte 63: the `test` fails on what the patch itself says of the array")
REJECTS(below_an_element_of_a_tested_array, TESTED "{\"op\":\"add\",\"path\":\"/l/0/x\",\"value\":9}]", OVERLAP,
        "byte 62: '/l' contains '/l/0/x'")
REJECTS(a_copy_of_what_has_changed, "[{\"op\":\"test\",\"path\":\"/a\",\"value\":1},{\"op\":\"replace\",\"path\":\"/a\",\"value\":2},"
        "{\"op\":\"copy\",\"from\":\"/a\",\"path\":\"/b\"}]", UNSUPPORTED, "byte 96: `copy` needs a `test` of '/a' right before it")
REJECTS(a_test_behind_the_change, "[{\"op\":\"add\",\"path\":\"/a\",\"value\":2},{\"op\":\"test\",\"path\":\"/a\",\"value\":2}]",
        BAD_EVENT, "byte 56: the `test` of '/a' stands behind its change")
REJECTS(a_field_changed_twice, "[{\"op\":\"add\",\"path\":\"/a\",\"value\":1},{\"op\":\"add\",\"path\":\"/a\",\"value\":2}]", OVERLAP,
        "byte 55: '/a' is named twice")
REJECTS(the_whole_document, "[{\"op\":\"add\",\"path\":\"\",\"value\":{}}]", BAD_POINTER,
        "byte 20: the empty pointer is the whole document: name its fields")
REJECTS(no_array, "{\"op\":\"add\"}", BAD_EVENT, "byte 0: a JSON Patch is an array, not an object")
REJECTS(no_operation, "[1]", BAD_EVENT, "byte 1: an operation is an object, not a number")
REJECTS(an_unknown_op, "[{\"op\":\"merge\",\"path\":\"/a\",\"value\":1}]", BAD_EVENT, "byte 7: `op` is 'merge', none of RFC 6902")
REJECTS(no_op, "[{\"path\":\"/a\"}]", BAD_EVENT, "byte 1: an operation without `op`")
REJECTS(no_path, "[{\"op\":\"remove\"}]", BAD_EVENT, "byte 1: an operation without `path`")
REJECTS(no_new_value, "[{\"op\":\"add\",\"path\":\"/a\"}]", BAD_EVENT, "byte 1: an operation without `value`")
REJECTS(no_source, "[{\"op\":\"copy\",\"path\":\"/a\"}]", BAD_EVENT, "byte 1: an operation without `from`")
REJECTS(a_path_that_is_no_text, "[{\"op\":\"remove\",\"path\":1}]", BAD_EVENT, "byte 23: `path` is a number, not a string")
REJECTS(a_path_that_is_no_pointer, "[{\"op\":\"remove\",\"path\":\"a\"}]", BAD_POINTER, "byte 23: 'a': does not start with '/'")

START_TEST(too_many_operations)
{
    struct event_input input;
    auto_buffer text;

    buffer_init(&text, 1 << 20);
    buffer_add_text(&text, "[0");
    for (size_t i = 0; i < 1000; i++)
        buffer_add_text(&text, ",0");
    buffer_add_text(&text, "]");
    input = record_of(EVENT_FORMAT_JSON_PATCH, "");
    input.value = buffer_bytes(&text);
    input_rejected(&input, EVENT_DEFECT_TOO_LARGE, "byte 0: 1001 operations, at most 1000 are read");
}
END_TEST

START_TEST(copies_take_no_more_memory_than_an_event)
{
    struct event_input input = record_of(EVENT_FORMAT_JSON_PATCH, "");
    auto_buffer text;

    buffer_init(&text, 1 << 20);
    buffer_add_text(&text, "[{\"op\":\"test\",\"path\":\"/l\",\"value\":[\"");
    for (size_t i = 0; i < 600000; i++)
        buffer_add_char(&text, 'x');
    buffer_add_text(&text, "\"]},{\"op\":\"copy\",\"from\":\"/l/0\",\"path\":\"/l/-\"},{\"op\":\"copy\",\"from\":\"/l/0\",\"path\":\"/l/-\"}]");
    input.value = buffer_bytes(&text);
    input_rejected(&input, EVENT_DEFECT_TOO_LARGE, "byte 600102: what the patch copies is larger than an event may be");
}
END_TEST

UNIT_TESTS("event/json_patch", vectors_of_the_rfc_that_change_members, vector_a6_moves_what_no_test_gives,
           vector_a7_moves_an_element_that_no_test_gives, vector_a8_tests_alone, vector_a13_has_two_ops,
           vector_a14_tests_an_escaped_name_alone, a_test_is_the_base_of_a_change,
           a_test_of_a_field_that_does_not_change_is_a_guard, move_and_copy_take_what_a_test_gives,
           a_tested_array_changes_as_one_value, an_element_behind_the_end, no_element_to_replace, a_name_in_an_array,
           an_element_that_is_not_what_a_test_says, below_an_element_of_a_tested_array, a_copy_of_what_has_changed,
           a_test_behind_the_change, a_field_changed_twice, the_whole_document, no_array, no_operation, an_unknown_op,
           no_op, no_path, no_new_value, no_source, a_path_that_is_no_text, a_path_that_is_no_pointer,
           too_many_operations, copies_take_no_more_memory_than_an_event)
