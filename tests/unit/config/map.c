#include "../../support/config.h"
#include "../../support/unit.h"

START_TEST(a_map_has_where_its_fields_go_and_what_becomes_of_their_values)
{
    struct config *config =
        config_of("map:\n"
                  "  /A: /a\n"
                  "  /STAT: { to: /state, values: { '30': RELEASED, 40: ~ } }\n"
                  "  /DAY: { to: /day, as: date-days }\n"
                  "  /PRICE: { to: /price, as: number, scale: 2 }\n"
                  "  /AT: { to: /at, as: instant, unit: micros, values: { '0': ~ } }\n"
                  "map_rest: drop\n",
                  NULL, NULL);
    const struct map_entry *entries = config->map.entries;

    ck_assert_uint_eq(config->map.count, 5);
    ck_assert_int_eq(config->map.rest, MAP_REST_DROP);
    ck_assert(bytes_equal(entries[0].from, BYTES("/A")) && bytes_equal(entries[0].to, BYTES("/a")));
    ck_assert(entries[0].as == MAP_AS_IT_IS && entries[0].value_count == 0);
    ck_assert(entries[1].as == MAP_AS_ENUM && entries[1].value_count == 2);
    ck_assert(bytes_equal(entries[1].values[0].from, BYTES("30")));
    ck_assert(bytes_equal(entries[1].values[0].to, BYTES("\"RELEASED\"")));
    ck_assert(bytes_equal(entries[1].values[1].to, BYTES("null")));
    ck_assert(entries[2].as == MAP_AS_DATE_DAYS && entries[2].scale == MAP_SCALE_NONE);
    ck_assert(entries[3].as == MAP_AS_NUMBER && entries[3].scale == 2);
    ck_assert(entries[4].as == MAP_AS_INSTANT && entries[4].unit == MAP_UNIT_MICROS && entries[4].value_count == 1);
    config_free(config);
}
END_TEST

START_TEST(without_a_map_there_is_none)
{
    struct config *config = config_of("map: {}\n", NULL, NULL);

    ck_assert_uint_eq(config->map.count, 0);
    config_free(config);
}
END_TEST

static void refused(const char *entry, const char *message)
{
    struct error error = {0};
    char text[256], begin[512];

    snprintf(text, sizeof(text), "map:\n  %s\n", entry);
    ck_assert_ptr_null(config_try(text, NULL, NULL, &error));
    snprintf(begin, sizeof(begin), "%s\n", message);
    ck_assert_msg(strncmp(error.text, begin, strlen(begin)) == 0, "%s", error.text);
}

START_TEST(what_is_wrong_with_a_map_is_said_with_its_place)
{
    refused("A: /a", "a.yaml:2:3: 'A' is no pointer: does not start with '/'");
    refused("/A: a", "a.yaml:2:7: 'a' is no pointer: does not start with '/'");
    refused("'': /a", "a.yaml:2:3: the empty pointer is the whole document: name its fields");
    refused("/A: [1]", "a.yaml:2:7: a field of the map needs a pointer, or { to, values, as, unit, scale }");
    refused("/A: { as: text }", "a.yaml:2:7: a field of the map needs 'to', its pointer in the document");
    refused("/A: { to: /a, as: txt }", "a.yaml:2:21: unknown conversion 'txt'; known are: text, number, date-days, instant, enum");
    refused("/A: { to: /a, of: x }", "a.yaml:2:17: unknown key 'of'; known are: to, values, as, unit, scale");
    refused("/A: { to: /a, as: enum }", "a.yaml:2:7: 'as: enum' needs its values: { '30': RELEASED }");
    refused("/A: { to: /a, values: 3 }", "a.yaml:2:25: 'values' needs what becomes of each: { '30': RELEASED }");
    refused("/A: { to: /a, as: instant }",
            "a.yaml:2:7: 'unit' and 'as: instant' belong together: seconds, millis, micros or nanos");
    refused("/A: { to: /a, unit: days }", "a.yaml:2:23: unknown unit 'days'; known are: seconds, millis, micros, nanos");
    refused("/A: { to: /a, as: text, scale: 2 }", "a.yaml:2:7: 'scale' goes with 'as: number'");
    refused("/A: { to: /a, as: number, scale: -1 }",
            "a.yaml:2:36: 'scale' is the number of digits behind the point, at most 100");
    refused("/A: /a\n  /A/b: /b", "a.yaml:3:3: '/A' and '/A/b' contain each other");
    refused("/A: /x\n  /B: /x/y", "a.yaml:3:3: '/A' and '/B' go to the same place");
}
END_TEST

START_TEST(the_fingerprint_changes_with_the_map)
{
    static const char *const texts[] = {"version: 1\n", "map: { /A: /a }\n", "map: { /A: /b }\n",
                                        "map: { /A: { to: /a, as: text } }\n", "map: { /A: /a }\nmap_rest: keep\n",
                                        "map: { /A: { to: /a, values: { x: y } } }\n",
                                        "map: { /A: { to: /a, values: { x: z } } }\n"};
    struct config *configs[7];

    for (size_t i = 0; i < 7; i++) {
        configs[i] = config_of(texts[i], NULL, NULL);
        for (size_t k = 0; k < i; k++)
            ck_assert_str_ne(configs[i]->fingerprint, configs[k]->fingerprint);
    }
    for (size_t i = 0; i < 7; i++)
        config_free(configs[i]);
}
END_TEST

UNIT_TESTS("config/map", a_map_has_where_its_fields_go_and_what_becomes_of_their_values, without_a_map_there_is_none,
           what_is_wrong_with_a_map_is_said_with_its_place, the_fingerprint_changes_with_the_map)
