#include "../../support/unit.h"

#include "common/memory.h"
#include "compose/compose.h"

START_TEST(a_tree_is_printed_on_one_line_and_every_digit_stays)
{
    struct cJSON *root = compose_object(), *array;
    auto_text text = NULL;

    compose_text(root, "text", "a\"b\n\xc3\xa9");
    compose_int(root, "large", INT64_C(9007199254740993));
    compose_int(root, "least", INT64_MIN);
    compose_number(root, "number", 2.5);
    compose_bool(root, "bool", true);
    array = compose_member_array(root, "array");
    compose_int(compose_element_object(array), "a", 1);
    compose_element_object(array);
    compose_null(compose_member_object(root, "object"), "nothing");
    text = compose_print(root);
    ck_assert_str_eq(text, "{\"text\":\"a\\\"b\\n\xc3\xa9\",\"large\":9007199254740993,\"least\":-9223372036854775808,"
                           "\"number\":2.5,\"bool\":true,\"array\":[{\"a\":1},{}],\"object\":{\"nothing\":null}}");
    compose_free(root);
}
END_TEST

START_TEST(what_is_no_text_becomes_null)
{
    struct cJSON *root = compose_object();
    auto_text text = NULL;

    compose_text(root, "none", NULL);
    compose_text(root, "bytes", "\xff");
    text = compose_print(root);
    ck_assert_str_eq(text, "{\"none\":null,\"bytes\":null}");
    compose_free(root);
}
END_TEST

UNIT_TESTS("compose/compose", a_tree_is_printed_on_one_line_and_every_digit_stays, what_is_no_text_becomes_null)
