#include "tests/support/formats.h"

#include <stdio.h>

static const struct map_value states[] = {{BYTES("30"), BYTES("\"RELEASED\"")}, {BYTES("x"), BYTES("null")}};

#define VALUES .values = states, .value_count = 2
static const struct map_entry entries[] = {
    {.from = BYTES("/STAT"), .to = BYTES("/state"), .as = MAP_AS_ENUM, .scale = MAP_SCALE_NONE, VALUES},
    {.from = BYTES("/ATTR"), .to = BYTES("/attributes/erp"), .scale = MAP_SCALE_NONE},
    {.from = BYTES("/DAY"), .to = BYTES("/day"), .as = MAP_AS_DATE_DAYS, .scale = MAP_SCALE_NONE},
    {.from = BYTES("/PRICE"), .to = BYTES("/price"), .as = MAP_AS_NUMBER, .scale = 2},
};

static struct event_input input_of(const char *value, enum map_rest rest)
{
    struct event_input input = record_of(EVENT_FORMAT_NATIVE, value);

    input.topic.map = (struct event_map){.entries = entries, .count = 4, .rest = rest};
    return input;
}

static void changes(const char *value, enum map_rest rest, const char *expected)
{
    struct event_input input = input_of(value, rest);

    input_changes(&input, expected);
}

static void rejected(const char *value, enum map_rest rest, enum event_defect defect, const char *detail)
{
    struct event_input input = input_of(value, rest);

    input_rejected(&input, defect, detail);
}

START_TEST(fields_and_values_are_mapped_and_bases_with_them)
{
    changes("{\"changes\":{\"/STAT\":\"30\",\"/ATTR\":1},\"base\":{\"/STAT\":\"x\",\"/DAY\":20781}}", MAP_REST_REJECT,
            "/state = \"RELEASED\" was null; /attributes/erp = 1; /day guard \"2026-11-24\"");
    changes("{\"changes\":{\"/STAT\":30},\"base_missing\":[\"/STAT\"]}", MAP_REST_REJECT,
            "/state = \"RELEASED\" was missing");
    changes("{\"remove\":[\"/STAT\"],\"base\":{\"/STAT\":\"30\"}}", MAP_REST_REJECT, "/state removed was \"RELEASED\"");
}
END_TEST

START_TEST(what_is_below_a_mapped_field_goes_with_it)
{
    changes("{\"changes\":{\"/ATTR/a\":1,\"/ATTR/b/c\":[2]}}", MAP_REST_REJECT,
            "/attributes/erp/a = 1; /attributes/erp/b/c = [2]");
    rejected("{\"changes\":{\"/STAT/a\":1}}", MAP_REST_KEEP, EVENT_DEFECT_BAD_EVENT,
             "byte 12: '/STAT/a' is a part of a field whose values are mapped as a whole");
}
END_TEST

START_TEST(the_rest_is_rejected_dropped_or_kept)
{
    const char *value = "{\"changes\":{\"/STAT\":30,\"/OTHER\":1},\"base\":{\"/MORE\":2}}";

    rejected(value, MAP_REST_REJECT, EVENT_DEFECT_BAD_EVENT, "byte 23: '/OTHER' is not in the map (map_rest: reject)");
    changes(value, MAP_REST_DROP, "/state = \"RELEASED\"");
    changes(value, MAP_REST_KEEP, "/state = \"RELEASED\"; /OTHER = 1; /MORE guard 2");
}
END_TEST

START_TEST(an_event_of_dropped_fields_alone_asks_for_nothing)
{
    rejected("{\"changes\":{\"/OTHER\":1},\"base\":{\"/STAT\":\"30\"}}", MAP_REST_DROP, EVENT_DEFECT_NOT_AN_UPDATE,
             "none of the fields that change is in the map");
    rejected("{\"base\":{\"/STAT\":\"30\"}}", MAP_REST_DROP, EVENT_DEFECT_NO_CHANGES,
             "neither `changes` nor `remove` has an entry");
}
END_TEST

START_TEST(a_value_that_the_map_does_not_name_is_rejected)
{
    rejected("{\"changes\":{\"/STAT\":\"40\"}}", MAP_REST_KEEP, EVENT_DEFECT_BAD_EVENT,
             "byte 12: '/STAT' has a value that its map does not name");
    rejected("{\"changes\":{\"/STAT\":{}}}", MAP_REST_KEEP, EVENT_DEFECT_BAD_EVENT,
             "byte 12: '/STAT' has a value that its map does not name");
    changes("{\"changes\":{\"/STAT\":null}}", MAP_REST_REJECT, "/state = null");
}
END_TEST

START_TEST(two_fields_that_meet_overlap)
{
    rejected("{\"changes\":{\"/STAT\":\"30\",\"/state\":1}}", MAP_REST_KEEP, EVENT_DEFECT_OVERLAP,
             "byte 25: '/state' is named twice");
}
END_TEST

START_TEST(an_object_around_mapped_fields_is_no_way_past_the_map)
{
    const struct map_entry deep = {.from = BYTES("/a/b"), .to = BYTES("/c"), .scale = MAP_SCALE_NONE};
    struct event_input input = record_of(EVENT_FORMAT_NATIVE, "{\"changes\":{\"/a\":{\"b\":1}}}");

    input.topic.map = (struct event_map){.entries = &deep, .count = 1, .rest = MAP_REST_DROP};
    input_rejected(&input, EVENT_DEFECT_BAD_EVENT,
                   "byte 12: '/a' contains fields that are mapped: name them one by one");
}
END_TEST

START_TEST(rows_of_a_database_are_mapped)
{
    struct event_input input =
        input_of("{\"op\":\"u\",\"before\":{\"ID\":1,\"STAT\":\"x\",\"DAY\":0,\"PRICE\":\"AA==\",\"OTHER\":1},"
                 "\"after\":{\"ID\":1,\"STAT\":\"30\",\"DAY\":20781,\"PRICE\":\"/4U=\",\"OTHER\":2}}",
                 MAP_REST_DROP);

    input.topic.format = EVENT_FORMAT_DEBEZIUM;
    input.key = BYTES("{\"ID\":1}");
    input_changes(&input, "/state = \"RELEASED\" was null; /day = \"2026-11-24\" was \"1970-01-01\"; "
                          "/price = -1.23 was 0.00");
}
END_TEST

/* --- one value --- */

static void value(struct map_entry entry, const char *json, const char *expected)
{
    struct event_input input = record_of(EVENT_FORMAT_NATIVE, "");
    char text[256], wanted[256];

    entry.from = entry.to = BYTES("/v");
    snprintf(text, sizeof(text), "{\"changes\":{\"/v\":%s}}", json);
    input.value = bytes_of(text);
    input.topic.map = (struct event_map){.entries = &entry, .count = 1};
    if (expected[0] == '!') {
        snprintf(wanted, sizeof(wanted), "byte 12: '/v' %s", expected + 1);
        input_rejected(&input, EVENT_DEFECT_BAD_EVENT, wanted);
    } else {
        snprintf(wanted, sizeof(wanted), "/v = %s", expected);
        input_changes(&input, wanted);
    }
}

#define DECIMAL(digits) ((struct map_entry){.as = MAP_AS_NUMBER, .scale = digits})
#define AS(kind, ...) ((struct map_entry){.scale = MAP_SCALE_NONE, .as = MAP_AS_##kind, ##__VA_ARGS__})

START_TEST(values_become_text)
{
    value(AS(TEXT), "12.50", "\"12.50\"");
    value(AS(TEXT), "true", "\"true\"");
    value(AS(TEXT), "\"a\\\"b\"", "\"a\\\"b\"");
    value(AS(TEXT), "null", "null");
    value(AS(TEXT), "[1]", "!is no text, number or boolean");
}
END_TEST

START_TEST(values_become_numbers)
{
    value(AS(NUMBER), "12.50", "12.50");
    value(AS(NUMBER), "\"-12.50e3\"", "-12.50e3");
    value(AS(NUMBER), "\"012\"", "!is no number in text");
    value(AS(NUMBER), "false", "!is no number");
    value(AS(NUMBER), "{\"scale\":3,\"value\":\"AeJA\"}", "123.456");
    value(AS(NUMBER), "{\"scale\":3}", "!is no number, nor {scale, value} of one");
    value(AS(NUMBER), "{\"scale\":101,\"value\":\"AeJA\"}", "!is no number, nor {scale, value} of one");
}
END_TEST

START_TEST(decimals_in_base64_keep_every_digit)
{
    value(DECIMAL(0), "\"AA==\"", "0");
    value(DECIMAL(0), "\"/w==\"", "-1");
    value(DECIMAL(0), "\"gA==\"", "-128");
    value(DECIMAL(2), "\"AQ==\"", "0.01");
    value(DECIMAL(2), "\"/w==\"", "-0.01");
    value(DECIMAL(0), "\"AIAAAAAAAAAAAAAAAAAAAAA=\"", "170141183460469231731687303715884105728");
    value(DECIMAL(10), "\"f/////////8=\"", "922337203.6854775807");
    value(DECIMAL(2), "\"12.5\"", "!is no decimal in base64");
    value(DECIMAL(2), "\"\"", "!is no decimal in base64");
    value(DECIMAL(2), "12.5", "12.5");
}
END_TEST

START_TEST(days_become_dates)
{
    value(AS(DATE_DAYS), "20781", "\"2026-11-24\"");
    value(AS(DATE_DAYS), "-1", "\"1969-12-31\"");
    value(AS(DATE_DAYS), "-719528", "\"0000-01-01\"");
    value(AS(DATE_DAYS), "2932896", "\"9999-12-31\"");
    value(AS(DATE_DAYS), "2932897", "!is no number of days");
    value(AS(DATE_DAYS), "-719529", "!is no number of days");
    value(AS(DATE_DAYS), "1.5", "!is no number of days");
    value(AS(DATE_DAYS), "\"20781\"", "!is no number of days");
}
END_TEST

START_TEST(counts_of_time_become_instants)
{
    value(AS(INSTANT, .unit = MAP_UNIT_SECONDS), "1795514400", "\"2026-11-24T10:00:00Z\"");
    value(AS(INSTANT, .unit = MAP_UNIT_MILLIS), "1795514400500", "\"2026-11-24T10:00:00.5Z\"");
    value(AS(INSTANT, .unit = MAP_UNIT_MICROS), "1795514400000001", "\"2026-11-24T10:00:00.000001Z\"");
    value(AS(INSTANT, .unit = MAP_UNIT_NANOS), "1795514400000000010", "\"2026-11-24T10:00:00.00000001Z\"");
    value(AS(INSTANT, .unit = MAP_UNIT_MICROS), "-1", "\"1969-12-31T23:59:59.999999Z\"");
    value(AS(INSTANT, .unit = MAP_UNIT_MICROS), "\"2026-11-24T11:00:00.25+01:00\"", "\"2026-11-24T11:00:00.25+01:00\"");
    value(AS(INSTANT, .unit = MAP_UNIT_SECONDS), "253402300800",
          "!is no instant: neither a number nor a time in text (RFC 3339)");
    value(AS(INSTANT, .unit = MAP_UNIT_SECONDS), "9223372036854775808",
          "!is no instant: neither a number nor a time in text (RFC 3339)");
}
END_TEST

START_TEST(named_values_go_before_the_conversion)
{
    value(AS(NUMBER, VALUES), "\"x\"", "null");
    value(AS(NUMBER, VALUES), "\"31\"", "31");
    value(AS(IT_IS, VALUES), "\"y\"", "\"y\"");
}
END_TEST

UNIT_TESTS("event/map", fields_and_values_are_mapped_and_bases_with_them, what_is_below_a_mapped_field_goes_with_it,
           the_rest_is_rejected_dropped_or_kept, an_event_of_dropped_fields_alone_asks_for_nothing,
           a_value_that_the_map_does_not_name_is_rejected, two_fields_that_meet_overlap,
           an_object_around_mapped_fields_is_no_way_past_the_map, rows_of_a_database_are_mapped, values_become_text,
           values_become_numbers, decimals_in_base64_keep_every_digit, days_become_dates,
           counts_of_time_become_instants, named_values_go_before_the_conversion)
