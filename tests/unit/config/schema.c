#include "../../support/document.h"
#include "../../support/unit.h"

#include "common/memory.h"
#include "common/nearest.h"
#include "config/value.h"

START_TEST(the_page_says_what_the_table_says)
{
    struct buffer page;

    buffer_init(&page, 1 << 20);
    config_document(&page);
    ck_assert(!page.overflowed);
    document_compare("configuration.md", &page);
    buffer_release(&page);
}
END_TEST

START_TEST(no_key_stands_twice_or_is_a_section_too)
{
    for (size_t i = 0; i < schema_count(); i++) {
        ck_assert_ptr_eq(schema_find(schema_at(i)->key), schema_at(i));
        ck_assert_msg(!schema_is_section(schema_at(i)->key), "%s", schema_at(i)->key);
    }
    ck_assert(schema_is_section("retry.conflicts"));
    ck_assert(!schema_is_section("ret"));
}
END_TEST

START_TEST(every_default_and_range_is_one_that_the_option_takes)
{
    struct settings settings = {0};

    for (size_t i = 0; i < schema_count(); i++) {
        const struct option_schema *option = schema_at(i);
        struct error error = {0};
        struct yaml *yaml;

        ck_assert_msg(option->help != NULL && (option->min < option->max || option->min == option->max), "%s",
                      option->key);
        ck_assert_msg((option->type == OPTION_ENUM) == (option->names != NULL), "%s", option->key);
        if (option->initial == NULL)
            continue;
        yaml = yaml_parse("default", option->initial, strlen(option->initial), &error);
        ck_assert_msg(yaml != NULL && value_set(&settings, option, yaml_root(yaml), &error), "%s",
                      error.text);
        yaml_free(yaml);
    }
    value_release(&settings);
}
END_TEST

START_TEST(a_variable_is_the_key_in_capitals)
{
    auto_text name = schema_variable("service.connect_timeout");

    ck_assert_str_eq(name, "IFMATCH_SERVICE_CONNECT_TIMEOUT");
}
END_TEST

static void assert_hint(const char *unknown, const char *expected)
{
    struct buffer hint;

    buffer_init(&hint, 1024);
    schema_add_hint(&hint, unknown);
    ck_assert_uint_eq(hint.size, strlen(expected));
    ck_assert_mem_eq(hint.data, expected, hint.size);
    buffer_release(&hint);
}

START_TEST(an_unknown_key_names_the_nearest_or_what_is_known_there)
{
    assert_hint("service.timout", "; did you mean 'service.timeout'?");
    assert_hint("service.tiemout", "; did you mean 'service.timeout'?");
    assert_hint("servise.timeout", "; did you mean 'service'?");
    assert_hint("Kafka", "; did you mean 'kafka'?");
    assert_hint("max_in_flight", "; did you mean 'service.max_in_flight'?");
    assert_hint("log.colour", "; known here: level, format");
    assert_hint("retry.conflicts.wait", "; known here: attempts, backoff, share");
}
END_TEST

START_TEST(distance_counts_letters_and_swaps_once)
{
    ck_assert_uint_eq(nearest_distance("timeout", "timeout"), 0);
    ck_assert_uint_eq(nearest_distance("Timeout", "timeout"), 0);
    ck_assert_uint_eq(nearest_distance("timout", "timeout"), 1);
    ck_assert_uint_eq(nearest_distance("tiemout", "timeout"), 1);
    ck_assert_uint_eq(nearest_distance("", "abc"), 3);
    ck_assert_uint_eq(nearest_distance("kitten", "sitting"), 3);
}
END_TEST

START_TEST(durations_have_a_unit)
{
    static const struct {
        const char *text;
        int64_t ms;
    } good[] = {{"0", 0},        {"1500ms", 1500},  {"10s", 10000},
                {"15m", 900000}, {"24h", 86400000}, {"2d", 172800000}};
    static const char *const bad[] = {
        "", "10", "s", "-1s", "1.5s", "1 year", "1S", "99999999999999999999s", "9223372036854775807d"};
    int64_t value = -7;

    for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
        ck_assert_msg(!value_parse_duration(bytes_of(bad[i]), &value) && value == -7, "%s", bad[i]);
    for (size_t i = 0; i < sizeof(good) / sizeof(good[0]); i++) {
        ck_assert_msg(value_parse_duration(bytes_of(good[i].text), &value), "%s", good[i].text);
        ck_assert_int_eq(value, good[i].ms);
    }
}
END_TEST

START_TEST(sizes_are_bytes_or_have_a_unit)
{
    int64_t value = -7;

    ck_assert(!value_parse_size(BYTES("1MB"), &value));
    ck_assert(!value_parse_size(BYTES("GiB"), &value));
    ck_assert(!value_parse_size(BYTES("9223372036854775807KiB"), &value));
    ck_assert_int_eq(value, -7);
    ck_assert(value_parse_size(BYTES("512"), &value));
    ck_assert_int_eq(value, 512);
    ck_assert(value_parse_size(BYTES("64 KiB"), &value));
    ck_assert_int_eq(value, 65536);
    ck_assert(value_parse_size(BYTES("1GiB"), &value));
    ck_assert_int_eq(value, 1073741824);
}
END_TEST

UNIT_TESTS("config/schema", the_page_says_what_the_table_says, no_key_stands_twice_or_is_a_section_too,
           every_default_and_range_is_one_that_the_option_takes, a_variable_is_the_key_in_capitals,
           an_unknown_key_names_the_nearest_or_what_is_known_there, distance_counts_letters_and_swaps_once,
           durations_have_a_unit, sizes_are_bytes_or_have_a_unit)
