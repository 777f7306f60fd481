#include "demo/model.h"

#include "common/memory.h"
#include "tests/support/unit.h"

#define UNKNOWN ((struct model_value){MODEL_UNKNOWN, BYTES_NONE})
#define BY(name) ((struct model_pattern){.rule = (name)})
#define MISSING ((struct model_value){MODEL_MISSING, BYTES_NONE})

static const struct model_value one = {MODEL_VALUE, {"1", 1}}, two = {MODEL_VALUE, {"2", 1}},
                                three = {MODEL_VALUE, {"3", 1}};

static struct model_verdict decided(struct model_pattern by, enum model_base_from from, struct model_value base,
                                    struct model_value theirs, struct model_value ours)
{
    const struct model_field field = {.by = by, .base_from = from, .base = base, .theirs = theirs, .ours = ours};
    struct arena *arena = arena_new(4096);
    struct model_verdict verdict = model_decide(&field, arena);

    arena_free(arena);
    return verdict;
}

/* What the field is made of, as text; "X": a conflict, "T": theirs. */
static char *made(struct model_pattern by, struct model_value base, struct model_value theirs, struct model_value ours)
{
    const struct model_field field = {.by = by,
                                      .base_from = base.state == MODEL_UNKNOWN ? MODEL_NONE : MODEL_EVENT,
                                      .base = base,
                                      .theirs = theirs,
                                      .ours = ours,
                                      .document = BYTES("{\"at\":\"2026-11-24T10:00:00Z\"}"),
                                      .time = BYTES("2026-11-24T12:00:00+01:00")};
    struct arena *arena = arena_new(4096);
    struct model_verdict verdict = model_decide(&field, arena);
    char *text = memory_format("%.*s", BYTES_ARG(verdict.value.text));

    if (!model_is_change(verdict.result)) {
        free(text);
        text = memory_text(verdict.result == MODEL_CONFLICT ? "X" : "T");
    }
    arena_free(arena);
    return text;
}

#define EXPECT(call, expected)                                                                               \
    do {                                                                                                     \
        auto_text got_ = (call);                                                                             \
        ck_assert_str_eq(got_, expected);                                                                    \
    } while (0)

START_TEST(every_cell_of_the_table_is_what_the_page_of_rules_says)
{
    static const struct {
        enum model_rule rule;
        const char *cells; /* c1 to c5 */
    } rows[] = {
        {MODEL_MERGE, "tOTXO"},           {MODEL_EXTERNAL, "tOOOO"}, {MODEL_PREFER_EXTERNAL, "tOTOO"},
        {MODEL_PREFER_DOCUMENT, "tOTTT"}, {MODEL_DOCUMENT, "tTTTT"}, {MODEL_IGNORE, "tTTTT"},
        {MODEL_OBJECT, "tOTXO"},          {MODEL_FILL, "tTTTT"},     {MODEL_IMMUTABLE, "tXTXX"},
        {MODEL_MAX, "tOTOO"},             {MODEL_MIN, "tTOTT"},      {MODEL_ATOMIC, "tOTXO"},
    };
    const struct model_value bases[] = {one, one, two, one, UNKNOWN}, theirs[] = {two, one, three, two, two},
                             ours[] = {two, two, two, three, three};

    for (size_t row = 0; row < sizeof(rows) / sizeof(rows[0]); row++) {
        for (unsigned column = MODEL_C1; column <= MODEL_C5; column++) {
            char cell = rows[row].cells[column];
            struct model_verdict verdict =
                decided(BY(rows[row].rule), MODEL_EVENT, bases[column], theirs[column], ours[column]);

            ck_assert_msg(verdict.kase == column, "%s c%u", model_rule_name(rows[row].rule), column + 1);
            ck_assert_msg(verdict.result == (cell == 'O'   ? MODEL_OURS
                                             : cell == 'X' ? MODEL_CONFLICT
                                                           : MODEL_THEIRS),
                          "%s c%u", model_rule_name(rows[row].rule), column + 1);
        }
    }
}
END_TEST

START_TEST(a_field_is_filled_where_nothing_or_null_is)
{
    ck_assert_int_eq(decided(BY(MODEL_FILL), MODEL_NONE, UNKNOWN, MISSING, one).result, MODEL_OURS);
    ck_assert_int_eq(decided(BY(MODEL_FILL), MODEL_EVENT, two, MODEL_TEXT("null"), one).result, MODEL_OURS);
    ck_assert_int_eq(decided(BY(MODEL_FILL), MODEL_EVENT, MODEL_TEXT("0"), MODEL_TEXT("0"), one).result, MODEL_THEIRS);
}
END_TEST

START_TEST(what_has_no_order_has_no_greatest)
{
    const struct model_value early = MODEL_TEXT("\"2026-01-01T00:00:00Z\""), late = MODEL_TEXT("\"2026-01-01T00:00:00-01:00\"");

    ck_assert_int_eq(decided(BY(MODEL_MAX), MODEL_NONE, UNKNOWN, early, late).result, MODEL_OURS);
    ck_assert_int_eq(decided(BY(MODEL_MIN), MODEL_NONE, UNKNOWN, early, late).result, MODEL_THEIRS);
    ck_assert_int_eq(decided(BY(MODEL_MAX), MODEL_NONE, UNKNOWN, one, early).result, MODEL_CONFLICT);
    ck_assert_int_eq(decided(BY(MODEL_MIN), MODEL_NONE, UNKNOWN, MISSING, one).result, MODEL_OURS);
    ck_assert_int_eq(decided(BY(MODEL_MIN), MODEL_NONE, UNKNOWN, one, MISSING).result, MODEL_THEIRS);
}
END_TEST

START_TEST(a_rank_goes_forward_and_a_transition_the_named_ways)
{
    const struct model_pattern rank = {.rule = MODEL_RANK, .values = BYTES("1\nA\n2\n")};
    const struct model_pattern transition = {.rule = MODEL_TRANSITION, .values = BYTES("1\tA\nA\t2\n")};
    const struct model_value a = MODEL_TEXT("\"A\"");

    ck_assert_int_eq(decided(rank, MODEL_EVENT, three, a, two).result, MODEL_OURS);
    ck_assert_int_eq(decided(rank, MODEL_EVENT, two, a, two).result, MODEL_THEIRS);
    ck_assert_int_eq(decided(rank, MODEL_NONE, UNKNOWN, two, a).result, MODEL_THEIRS);
    ck_assert_int_eq(decided(rank, MODEL_NONE, UNKNOWN, two, three).result, MODEL_CONFLICT);
    ck_assert_int_eq(decided(rank, MODEL_NONE, UNKNOWN, MISSING, one).result, MODEL_CONFLICT);
    ck_assert_int_eq(decided(transition, MODEL_EVENT, one, one, a).result, MODEL_OURS);
    ck_assert_int_eq(decided(transition, MODEL_NONE, UNKNOWN, a, two).result, MODEL_OURS);
    ck_assert_int_eq(decided(transition, MODEL_NONE, UNKNOWN, one, two).result, MODEL_CONFLICT);
    ck_assert_int_eq(decided(transition, MODEL_EVENT, two, one, two).result, MODEL_THEIRS);
}
END_TEST

START_TEST(a_set_has_what_each_side_adds_and_not_what_it_takes_away)
{
    EXPECT(made(BY(MODEL_SET), MODEL_TEXT("[1,2]"), MODEL_TEXT("[1,2,3]"), MODEL_TEXT("[2,4]")), "[2,3,4]");
    EXPECT(made(BY(MODEL_SET), UNKNOWN, MODEL_TEXT("[1,2]"), MODEL_TEXT("[4,2.0,4]")), "[1,2,4]");
    EXPECT(made(BY(MODEL_SET), MODEL_TEXT("[1]"), MODEL_TEXT("[2]"), MODEL_TEXT("[2,1]")), "T");
    EXPECT(made(BY(MODEL_SET), UNKNOWN, MODEL_TEXT("[2]"), MODEL_TEXT("[[1]]")), "X");
    EXPECT(made(BY(MODEL_SET), MODEL_TEXT("2"), MODEL_TEXT("2"), MODEL_TEXT("[1]")), "[1]");
    EXPECT(made(BY(MODEL_SET), MISSING, MODEL_TEXT("null"), MODEL_TEXT("[1]")), "[1]");
}
END_TEST

START_TEST(what_is_added_and_appended_is_what_the_event_adds_to_its_base)
{
    EXPECT(made(BY(MODEL_ADD), MODEL_TEXT("3"), MODEL_TEXT("7.25"), MODEL_TEXT("5")), "9.25");
    EXPECT(made(BY(MODEL_ADD), MISSING, MODEL_TEXT("7"), MODEL_TEXT("5")), "12");
    EXPECT(made(BY(MODEL_ADD), UNKNOWN, MODEL_TEXT("7"), MODEL_TEXT("5")), "X");
    EXPECT(made(BY(MODEL_ADD), MODEL_TEXT("3"), MISSING, MODEL_TEXT("5")), "X");
    EXPECT(made(BY(MODEL_APPEND), MODEL_TEXT("\"a\""), MODEL_TEXT("\"a\\nb\""), MODEL_TEXT("\"ac\"")), "\"a\\nbc\"");
    EXPECT(made(BY(MODEL_APPEND), MODEL_TEXT("[1]"), MODEL_TEXT("[1,2]"), MODEL_TEXT("[1.0,3]")), "[1,2,3]");
    EXPECT(made(BY(MODEL_APPEND), MODEL_TEXT("[1]"), MODEL_TEXT("[1,2]"), MODEL_TEXT("[2,3]")), "X");
    EXPECT(made(BY(MODEL_APPEND), MODEL_TEXT("\"a\""), MODEL_TEXT("[1]"), MODEL_TEXT("\"ac\"")), "X");
    EXPECT(made(BY(MODEL_APPEND), UNKNOWN, MODEL_TEXT("[1]"), MODEL_TEXT("[1,2]")), "X");
}
END_TEST

START_TEST(the_latest_is_the_newer_of_event_and_document)
{
    const struct model_pattern at = {.rule = MODEL_LATEST, .values = BYTES("/at")};
    const struct model_pattern nowhere = {.rule = MODEL_LATEST, .values = BYTES("/then")};

    EXPECT(made(at, one, two, three), "3"); /* 11:00 UTC against 10:00 */
    EXPECT(made(at, one, two, one), "T");
    EXPECT(made(nowhere, one, two, three), "X");
    EXPECT(made(nowhere, one, one, three), "3");
}
END_TEST

START_TEST(keyed_elements_merge_one_by_one)
{
    const struct model_pattern by = {.rule = MODEL_KEYED, .values = BYTES("k")};

    EXPECT(made(by, MODEL_TEXT("[{\"k\":1,\"v\":1},{\"k\":2}]"),
                MODEL_TEXT("[{\"k\":3},{\"k\":1,\"v\":1,\"w\":5},{\"k\":2}]"),
                MODEL_TEXT("[{\"k\":1,\"v\":2},{\"k\":4}]")),
           "[{\"k\":3},{\"k\":1,\"v\":2,\"w\":5},{\"k\":4}]");
    EXPECT(made(by, MODEL_TEXT("[{\"k\":1,\"v\":1}]"), MODEL_TEXT("[{\"k\":1,\"v\":3}]"),
                MODEL_TEXT("[{\"k\":1,\"v\":2}]")), "X");
    EXPECT(made(by, MODEL_TEXT("[{\"k\":1,\"v\":1}]"), MODEL_TEXT("[{\"k\":1,\"v\":3}]"), MODEL_TEXT("[]")), "X");
    EXPECT(made(by, MODEL_TEXT("[{\"k\":1,\"v\":1}]"), MODEL_TEXT("[]"), MODEL_TEXT("[{\"k\":1,\"v\":2}]")), "X");
    EXPECT(made(by, UNKNOWN, MODEL_TEXT("[{\"k\":1,\"v\":1}]"), MODEL_TEXT("[{\"k\":2}]")),
           "[{\"k\":1,\"v\":1},{\"k\":2}]");
    EXPECT(made(by, UNKNOWN, MODEL_TEXT("[{\"k\":1},{\"k\":1}]"), MODEL_TEXT("[{\"k\":2}]")), "X");
}
END_TEST

START_TEST(missing_is_a_value_and_numbers_compare_by_value)
{
    ck_assert_int_eq(decided(BY(MODEL_MERGE), MODEL_EVENT, MISSING, MISSING, one).kase, MODEL_C2);
    ck_assert_int_eq(decided(BY(MODEL_MERGE), MODEL_EVENT, MISSING, two, one).kase, MODEL_C4);
    ck_assert_int_eq(decided(BY(MODEL_MERGE), MODEL_EVENT, one, MISSING, MISSING).kase, MODEL_C1);
    ck_assert_int_eq(decided(BY(MODEL_MERGE), MODEL_EVENT, one, one, MISSING).kase, MODEL_C2);
    ck_assert(model_equal(MODEL_TEXT("1.0"), MODEL_TEXT("10e-1")));
    ck_assert(model_equal(MODEL_TEXT("{\"a\":1,\"b\":\"\\u0041\"}"), MODEL_TEXT("{ \"b\":\"A\", \"a\":1e0}")));
    ck_assert(!model_equal(MODEL_TEXT("[1,2]"), MODEL_TEXT("[2,1]")));
    ck_assert(!model_equal(UNKNOWN, UNKNOWN));
}
END_TEST

START_TEST(a_base_from_the_refused_copy_is_c4_even_where_ours_equals_it)
{
    ck_assert_int_eq(decided(BY(MODEL_MERGE), MODEL_REFUSED_COPY, one, two, one).kase, MODEL_C4);
    ck_assert_int_eq(decided(BY(MODEL_MERGE), MODEL_MEMORY, one, two, one).kase, MODEL_C3);
}
END_TEST

/* The answer for one change of `pointer`, as "end: decisions -> document". */
static char *merged(const char *document, const char *pointer, struct model_value ours, struct model_value base,
                    const struct model_rules *rules)
{
    struct arena *arena = arena_new(4096);
    struct model_change change = {bytes_of(pointer), ours, base};
    struct model_question question = {
        .document = bytes_of(document), .changes = &change, .count = 1, .rules = rules};
    static const char *const ends[] = {"written", "unchanged", "undecided", "overlap", "index"};
    struct model_answer answer;
    struct buffer out;

    buffer_init(&out, 1 << 16);
    model_merge(&question, arena, &answer);
    buffer_add_text(&out, ends[answer.end]);
    for (size_t i = 0; i < answer.count; i++)
        buffer_format(&out, " %.*s=%s/%s/%s%s", BYTES_ARG(answer.decisions[i].pointer),
                      model_rule_name(answer.decisions[i].rule),
                      answer.decisions[i].note == MODEL_PLAIN ? model_case_name(answer.decisions[i].verdict.kase) : "-",
                      model_result_name(answer.decisions[i].verdict.result),
                      answer.decisions[i].note == MODEL_PARENT  ? "/parent"
                      : answer.decisions[i].note == MODEL_GUARD ? "/guard"
                                                                : "");
    buffer_format(&out, " -> %.*s", BYTES_ARG(answer.document));
    arena_free(arena);
    return buffer_detach(&out);
}

START_TEST(an_object_is_split_and_no_rule_is_bypassed_through_its_parent)
{
    const struct model_pattern patterns[] = {{.pattern = BYTES("/a/secret"), .rule = MODEL_DOCUMENT},
                                             {.pattern = BYTES("/a/*"), .rule = MODEL_EXTERNAL},
                                             {.pattern = BYTES("/whole"), .rule = MODEL_ATOMIC},
                                             {.pattern = BYTES("/gone"), .rule = MODEL_IGNORE}};
    const struct model_rules rules = {patterns, 4, MODEL_MERGE};

    EXPECT(merged("{\"a\":{\"x\":1,\"secret\":1}}", "/a", MODEL_TEXT("{\"x\":2,\"secret\":2}"), UNKNOWN, &rules),
           "written /a/x=external/c5/ours /a/secret=document/c5/theirs -> {\"a\":{\"x\":2,\"secret\":1}}");
    EXPECT(merged("{\"a\":{\"x\":1,\"secret\":1}}", "/a", MISSING, UNKNOWN, &rules),
           "written /a/x=external/c5/ours /a/secret=document/c5/theirs -> {\"a\":{\"secret\":1}}");
    EXPECT(merged("{\"m\":{\"x\":1,\"y\":1}}", "/m", MODEL_TEXT("{\"x\":2}"), MODEL_TEXT("{\"x\":3}"), &rules),
           "undecided /m/x=merge/c4/conflict -> {\"m\":{\"x\":1,\"y\":1}}");
    EXPECT(merged("{\"whole\":{\"x\":1,\"y\":1}}", "/whole", MODEL_TEXT("{\"x\":2}"), UNKNOWN, &rules),
           "written /whole=atomic/c5/ours -> {\"whole\":{\"x\":2}}");
    EXPECT(merged("{\"gone\":1}", "/gone", two, UNKNOWN, &rules), "unchanged -> {\"gone\":1}");
}
END_TEST

START_TEST(parents_are_made_where_missing_and_a_conflict_where_no_object)
{
    const struct model_rules rules = {NULL, 0, MODEL_MERGE};

    EXPECT(merged("{}", "/a/b", one, MISSING, &rules), "written /a/b=merge/c2/ours -> {\"a\":{\"b\":1}}");
    EXPECT(merged("{\"a\":5}", "/a/b", one, UNKNOWN, &rules), "undecided /a/b=merge/-/conflict/parent -> {\"a\":5}");
    EXPECT(merged("{\"a\":[5]}", "/a/b", one, UNKNOWN, &rules),
           "undecided /a/b=merge/-/conflict/parent -> {\"a\":[5]}");
    EXPECT(merged("{\"a\":[5]}", "/a/0", one, UNKNOWN, &rules), "index -> {\"a\":[5]}");
    EXPECT(merged("{\"a\":{}}", "/a/0", one, UNKNOWN, &rules), "written /a/0=merge/c5/ours -> {\"a\":{\"0\":1}}");
    EXPECT(merged("{\"a\":1}", "/a", UNKNOWN, one, &rules), "unchanged -> {\"a\":1}");
    EXPECT(merged("{\"a\":1}", "/a", UNKNOWN, two, &rules), "undecided /a=merge/-/conflict/guard -> {\"a\":1}");
}
END_TEST

static bool remember_two(void *context, struct bytes pointer, struct model_value *ret_base,
                         enum model_base_from *ret_from)
{
    (void)context;
    *ret_base = two;
    *ret_from = MODEL_MEMORY;
    return bytes_equal(pointer, BYTES("/m"));
}

START_TEST(bases_come_from_event_then_version_then_recall)
{
    struct arena *arena = arena_new(4096);
    const struct model_rules rules = {NULL, 0, MODEL_MERGE};
    const struct model_change changes[] = {
        {BYTES("/e"), one, three}, {BYTES("/m"), three, UNKNOWN}, {BYTES("/n"), three, UNKNOWN}};
    struct model_question question = {.document = BYTES("{\"e\":3,\"m\":1,\"n\":1}"),
                                      .changes = changes,
                                      .count = 3,
                                      .rules = &rules,
                                      .recall = remember_two,
                                      .is_partial = true};
    struct model_answer answer;

    model_merge(&question, arena, &answer);
    ck_assert_int_eq(answer.end, MODEL_UNDECIDED);
    ck_assert_int_eq(answer.decisions[0].base_from, MODEL_EVENT);
    ck_assert_int_eq(answer.decisions[1].base_from, MODEL_MEMORY);
    ck_assert_int_eq(answer.decisions[1].verdict.kase, MODEL_C4);
    ck_assert_int_eq(answer.decisions[2].base_from, MODEL_NONE);
    ck_assert(bytes_equal(answer.document, BYTES("{\"e\":1,\"m\":1,\"n\":3}")));
    question.is_version_current = true;
    model_merge(&question, arena, &answer);
    ck_assert_int_eq(answer.decisions[0].base_from, MODEL_EVENT);
    ck_assert_int_eq(answer.decisions[1].base_from, MODEL_VERSION);
    ck_assert_int_eq(answer.decisions[1].verdict.kase, MODEL_C2);
    ck_assert_int_eq(answer.end, MODEL_WRITTEN);
    arena_free(arena);
}
END_TEST

START_TEST(overlapping_pointers_are_rejected)
{
    struct arena *arena = arena_new(4096);
    const struct model_rules rules = {NULL, 0, MODEL_MERGE};
    const struct model_change changes[] = {{BYTES("/a/b"), one, UNKNOWN}, {BYTES("/a"), two, UNKNOWN}};
    const struct model_question question = {
        .document = BYTES("{}"), .changes = changes, .count = 2, .rules = &rules};
    struct model_answer answer;

    model_merge(&question, arena, &answer);
    ck_assert_int_eq(answer.end, MODEL_OVERLAP);
    ck_assert_uint_eq(answer.count, 0);
    arena_free(arena);
}
END_TEST

UNIT_TESTS("demo/model", every_cell_of_the_table_is_what_the_page_of_rules_says,
           a_field_is_filled_where_nothing_or_null_is, what_has_no_order_has_no_greatest,
           a_rank_goes_forward_and_a_transition_the_named_ways,
           a_set_has_what_each_side_adds_and_not_what_it_takes_away,
           what_is_added_and_appended_is_what_the_event_adds_to_its_base,
           the_latest_is_the_newer_of_event_and_document, keyed_elements_merge_one_by_one, missing_is_a_value_and_numbers_compare_by_value,
           a_base_from_the_refused_copy_is_c4_even_where_ours_equals_it,
           an_object_is_split_and_no_rule_is_bypassed_through_its_parent,
           parents_are_made_where_missing_and_a_conflict_where_no_object, bases_come_from_event_then_version_then_recall,
           overlapping_pointers_are_rejected)
