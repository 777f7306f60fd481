#include "address/address.h"

#include "common/memory.h"
#include "tests/support/unit.h"

#include <stdlib.h>
#include <time.h>

static struct id_pattern *pattern;
static struct address *address;
static struct arena *arena;

static void begin(const char *url, const char *expression)
{
    struct error error = {0};

    pattern = NULL;
    arena = arena_new(1024);
    ck_assert_msg(expression == NULL || id_pattern_new(expression, &pattern, &error), "%s", error.text);
    ck_assert_msg(address_new(url, pattern, &address, &error), "%s", error.text);
}

static void end(void)
{
    address_free(address);
    id_pattern_free(pattern);
    arena_free(arena);
}

static void assert_url(const char *id, const char *url)
{
    ck_assert_str_eq(address_url(address, bytes_of(id), arena), url);
}

static void assert_refused(const char *id, const char *why)
{
    const char *said = "nothing";

    ck_assert_msg(!address_takes(address, bytes_of(id), &said), "'%s' is taken", id);
    ck_assert_str_eq(said, why);
}

START_TEST(an_id_is_one_path_segment)
{
    static const struct {
        const char *id, *url;
    } cases[] = {
        {"4711", "http://h/4711?x=1"},       {"a-b_c.d~e", "http://h/a-b_c.d~e?x=1"}, {"a/b", "http://h/a%2Fb?x=1"},
        {"a b?c#d", "http://h/a%20b%3Fc%23d?x=1"}, {"100%", "http://h/100%25?x=1"},   {"\xc3\xa9", "http://h/%C3%A9?x=1"},
        {"...", "http://h/...?x=1"},         {"a+b&c=d", "http://h/a%2Bb%26c%3Dd?x=1"}, {"{id}", "http://h/%7Bid%7D?x=1"},
        {"a\\b", "http://h/a%5Cb?x=1"},      {"%2e", "http://h/%252e?x=1"},           {"../x", "http://h/..%2Fx?x=1"},
        {"it's", "http://h/it%27s?x=1"},
    };

    begin("http://h/{id}?x=1", NULL);
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
        assert_url(cases[i].id, cases[i].url);
    end();
}
END_TEST

START_TEST(a_plus_keeps_slashes_but_no_way_to_another_place)
{
    begin("http://h/{+id}/x", NULL);
    assert_url("a/b c/d", "http://h/a/b%20c/d/x");
    assert_refused("a/../b", "means another place in a URL");
    assert_refused("./b", "means another place in a URL");
    assert_refused("a/..", "means another place in a URL");
    assert_refused("a//b", "leaves a part of the URL empty");
    assert_refused("/a", "leaves a part of the URL empty");
    assert_refused("a/", "leaves a part of the URL empty");
    end();
}
END_TEST

START_TEST(a_key_of_odata_has_its_quotes_doubled)
{
    begin("http://h/Documents('{id:odata}')", NULL);
    assert_url("O'Neill/2", "http://h/Documents('O%27%27Neill%2F2')");
    end();
}
END_TEST

START_TEST(groups_of_the_pattern_are_placeholders)
{
    begin("http://h/{type}s/{+id}?whole={id}", "(?<type>[a-z]+):(?<id>.+)");
    assert_url("part:a/b", "http://h/parts/a/b?whole=a%2Fb"); /* a group called id is the id of the URL */
    assert_refused("part:", "does not match document.pattern");
    assert_refused("xpart:a\n", "does not match document.pattern");
    assert_refused("PART:a", "does not match document.pattern");
    assert_refused("part:..", "means another place in a URL");
    end();
    begin("http://h/{type}/{id}", "(?<type>[a-z]+)/.+");
    assert_url("part/a", "http://h/part/part%2Fa"); /* without such a group it is the whole */
    end();
}
END_TEST

START_TEST(a_pattern_takes_a_whole_id)
{
    begin("http://h/{id}", "[0-9]+|x");
    assert_url("12", "http://h/12");
    assert_refused("12a", "does not match document.pattern");
    assert_refused("a12", "does not match document.pattern");
    assert_refused("12\n", "does not match document.pattern");
    end();
}
END_TEST

START_TEST(a_group_that_took_no_part_is_no_segment)
{
    begin("http://h/{a}/{b}", "(?:(?<a>[0-9]+)|(?<b>[a-z]+))");
    assert_refused("12", "leaves a part of the URL empty");
    end();
}
END_TEST

/* Exponential without a limit. */
START_TEST(a_hostile_id_ends_in_bounded_time)
{
    char id[257];
    clock_t began = clock();

    memset(id, 'a', 255);
    id[255] = '!';
    id[256] = '\0';
    begin("http://h/{id}", "(?:a+)+b|(?:a|aa)+c|(?<id>(?:a?){64}a{64}d)");
    assert_refused(id, "takes document.pattern too many steps");
    ck_assert(clock() - began < 10 * CLOCKS_PER_SEC);
    end();
}
END_TEST

START_TEST(a_pattern_that_is_none_is_refused_with_its_place)
{
    struct error error = {0};

    ck_assert(!id_pattern_new("(?<type>[a-z]+", &pattern, &error));
    ck_assert_str_eq(error.text, "at character 15: missing closing parenthesis");
}
END_TEST

START_TEST(a_url_names_what_there_is)
{
    static const struct {
        const char *url, *text;
    } cases[] = {
        {"http://h/x", "must contain {id}, where the document id is put"},
        {"http://h/{type}", "has {type}, and document.pattern has no group of that name"},
        {"http://h/{id:xml}", "has {id:xml}: placeholders are {NAME}, {+NAME} and {NAME:odata}"},
        {"http://h/{id", "has a '{' without its '}'"},
        {"http://h/{}", "has {}, and document.pattern has no group of that name"},
    };
    struct error error;

    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        ck_assert(!address_new(cases[i].url, NULL, &address, &error));
        ck_assert_int_eq(error.kind, ERROR_USAGE);
        ck_assert_str_eq(error.text, cases[i].text);
    }
}
END_TEST

UNIT_TESTS("address/address", an_id_is_one_path_segment, a_plus_keeps_slashes_but_no_way_to_another_place,
           a_key_of_odata_has_its_quotes_doubled, groups_of_the_pattern_are_placeholders, a_pattern_takes_a_whole_id,
           a_group_that_took_no_part_is_no_segment, a_hostile_id_ends_in_bounded_time,
           a_pattern_that_is_none_is_refused_with_its_place, a_url_names_what_there_is)
