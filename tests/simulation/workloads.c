#include "world.h"

#include "common/check.h"
#include "probes.h"

#include <stdio.h>

/* What happens by itself, one small thing for each step: events are produced, others write, workers come and go. */

struct field {
    const char *field;
    const char *values[3];
};
static const struct field fields[] = {
    {"/status", {"\"DRAFT\"", "\"REVIEW\"", "\"RELEASED\""}},
    {"/owner", {"\"ana\"", "\"bo\"", "null"}},
    {"/attributes/weight", {"1", "1.0", "2.50"}},
    {"/attributes/color", {"\"red\"", "\"blue\"", "\"\\u0062lue\""}},
    {"/number", {"1", "2", "9007199254740993"}},
    {"/tags", {"[]", "[1]", "[1,2]"}},
    {"/note", {"{\"c\":null}", "{\"a\":1}", "{\"a\":2,\"b\":{}}"}},
    {"/size/height", {"1", "2", "3"}},
};
#define FIELDS (sizeof(fields) / sizeof(fields[0]))

/* Values that say something to some rules alone. */
static const struct {
    enum model_rule rule;
    struct field field;
} special[] = {
    {MODEL_KEYED,
     {"/tags",
      {"[{\"k\":1,\"v\":1}]", "[{\"k\":1,\"v\":2},{\"k\":2}]", "[{\"k\":2,\"o\":{\"a\":1}},{\"k\":3}]"}}},
    {MODEL_LATEST,
     {"/owner",
      {"\"2026-11-24T10:00:00Z\"", "\"2026-11-24T12:00:00+01:00\"", "\"2026-11-24T12:00:00Z\""}}},
};

static const struct field *field_of(const struct world *world, uint32_t number)
{
    for (size_t i = 0; i < sizeof(special) / sizeof(special[0]); i++) {
        if (world_has_rule(world, special[i].rule) && strcmp(special[i].field.field, fields[number].field) == 0)
            return &special[i].field;
    }
    return &fields[number];
}

static const char start_text[] =
    "{\"status\": \"DRAFT\", \"owner\": \"ana\", \"attributes\": {\"weight\": 1, \"color\": \"red\"}, \"number\": 1, "
    "\"tags\": [], \"other\": [1, 2, {\"x\": 1e0}]}";

static struct document *choose_document(struct world *world)
{
    uint32_t number = tape_draw(world->tape, world->options.documents);
    char id[16];

    snprintf(id, sizeof(id), "d%u", number);
    return service_find(world, bytes_of(id));
}

void workloads_prepare(struct world *world)
{
    for (uint32_t i = 0; i < world->options.documents; i++)
        service_add(world, world_format(world, "d%u", i), bytes_of(start_text));
}

/* Where the partitions are skewed the first document has one, and all others share the next. */
static int32_t partition_of(const struct world *world, struct bytes id)
{
    uint32_t number = (uint32_t)(id.data[id.size - 1] - '0');

    return (int32_t)((world->options.is_skewed && number > 0 ? 1 : number) % world->options.partitions);
}

/* --- events --- */

/* The words are drawn before anything is said, so that their order in the frame is plain to see. */
struct wish {
    uint32_t field;
    uint32_t value;
    uint32_t shape;
    uint32_t base;
    uint32_t identity;
};

enum { SHAPE_ONE, SHAPE_TWO, SHAPE_REMOVE, SHAPE_OBJECT, SHAPE_GUARD, SHAPES };
enum { BASE_NOTHING, BASE_TRUE, BASE_OTHER, BASE_CURRENT_VERSION, BASE_OLD_VERSION, BASES };

static void add_base(struct buffer *out, struct buffer *missing, const struct document *document, const char *field,
                     uint32_t base, const char *other)
{
    struct model_value now = model_value_at(document_now(document)->text, bytes_of(field));

    if (base == BASE_TRUE && now.state == MODEL_MISSING) {
        buffer_format(missing, "%s\"%s\"", missing->size > 0 ? "," : "", field);
        return;
    }
    buffer_format(out, "%s\"%s\":", out->size > 0 ? "," : "", field);
    if (base == BASE_TRUE)
        buffer_add(out, now.text);
    else
        buffer_add_text(out, other);
}

static void add_changes(const struct world *world, struct buffer *out, const struct wish *wish)
{
    const struct field *one = field_of(world, wish->field), *two = field_of(world, (wish->field + 1) % FIELDS);
    const char *first = one->field, *second = two->field;

    switch (wish->shape) {
    case SHAPE_REMOVE:
        buffer_format(out, "\"remove\":[\"%s\"]", first);
        return;
    case SHAPE_OBJECT:
        buffer_format(out, "\"changes\":{\"/attributes\":{\"weight\":%s,\"length\":%s}}",
                      fields[2].values[wish->value], fields[2].values[(wish->value + 1) % 3]);
        return;
    case SHAPE_TWO:
        buffer_format(out, "\"changes\":{\"%s\":%s,\"%s\":%s}", first, one->values[wish->value], second,
                      two->values[wish->value]);
        return;
    default:
        buffer_format(out, "\"changes\":{\"%s\":%s}", first, one->values[wish->value]);
    }
}

/* What the producer says it saw, if it is not what is there: where a rule looks into it, something of its kind. */
static const char *other_base(const struct world *world, const struct wish *wish)
{
    uint32_t other = (wish->value + 1) % 3;

    return (world->options.rules >= MAKING_SETS ? field_of(world, wish->field) : &fields[0])->values[other];
}

static void add_bases(const struct world *world, struct buffer *out, const struct document *document,
                      const struct wish *wish)
{
    const char *first = wish->shape == SHAPE_OBJECT ? "/attributes" : fields[wish->field].field;
    const char *second = fields[(wish->field + 1) % FIELDS].field;
    auto_buffer bases, missing;

    buffer_init(&bases, 4096);
    buffer_init(&missing, 4096);
    if (wish->base == BASE_TRUE || wish->base == BASE_OTHER)
        add_base(&bases, &missing, document, first, wish->base, other_base(world, wish));
    if ((wish->shape == SHAPE_TWO && wish->base == BASE_TRUE) || wish->shape == SHAPE_GUARD)
        add_base(&bases, &missing, document, second, BASE_TRUE, NULL);
    if (bases.size > 0)
        buffer_format(out, ",\"base\":{%.*s}", BYTES_ARG(buffer_bytes(&bases)));
    if (missing.size > 0)
        buffer_format(out, ",\"base_missing\":[%.*s]", BYTES_ARG(buffer_bytes(&missing)));
    if (wish->base == BASE_CURRENT_VERSION || wish->base == BASE_OLD_VERSION) {
        const struct state *state = wish->base == BASE_OLD_VERSION
                                        ? list_item(document->states.next, struct state, in_document)
                                        : document_now(document);

        buffer_format(out, ",\"base_version\":\"%s\\\"v%lld\\\"\"", state->version.data[0] == 'W' ? "W/" : "",
                      (long long)state->number);
    }
}

/* Who says it: nobody, or a source with an id and a sequence that rises, repeats, falls or is of another shape. */
enum {
    IDENTITY_NONE,
    IDENTITY_ID = 6,
    IDENTITY_RISING,
    IDENTITY_EQUAL,
    IDENTITY_FALLING,
    IDENTITY_TEXT,
    IDENTITY_REUSED_ID,
    IDENTITY_REPEATED,
    IDENTITIES
};

static void add_identity(struct world *world, struct buffer *out, uint32_t identity)
{
    uint32_t id = world->next_id;

    if (identity < IDENTITY_ID)
        return;
    if (identity != IDENTITY_REUSED_ID)
        world->next_id++;
    buffer_format(out, ",\"source\":\"s%u\",\"id\":\"%u\"", id % 2, id);
    if (identity == IDENTITY_RISING)
        world->next_sequence++;
    if (identity == IDENTITY_TEXT)
        buffer_format(out, ",\"sequence\":\"t%lld\"", (long long)world->next_sequence);
    else if (identity > IDENTITY_ID)
        buffer_format(out, ",\"sequence\":\"%s%lld\"", identity == IDENTITY_EQUAL ? "00" : "",
                      (long long)world->next_sequence - (identity == IDENTITY_FALLING ? 2 : 0));
}

/* A producer that does not know whether its event arrived sends it once more. */
static bool repeat_last(struct world *world, int32_t partition)
{
    const struct partition_log *log = &world->kafka.partitions[partition];
    const struct asked *last;

    for (const struct list *node = log->asked.previous; node != &log->asked; node = node->previous) {
        last = list_item(node, struct asked, in_partition);
        if (last->is_good && bytes_present(last->event.id)) {
            kafka_produce(world, partition, log->end, last->key, last->value);
            return true;
        }
    }
    return false;
}

static void produce(struct world *world)
{
    const struct document *document = choose_document(world);
    int32_t partition = partition_of(world, document->id);
    struct wish wish = {.field = tape_draw(world->tape, FIELDS),
                        .value = tape_draw(world->tape, 3),
                        .shape = tape_draw(world->tape, SHAPES),
                        .base = tape_draw(world->tape, BASES)};
    int64_t gap = tape_draw(world->tape, 4) == 3 ? 3 : 0;
    auto_buffer out;

    wish.identity = tape_draw(world->tape, IDENTITIES);
    buffer_init(&out, 8192);
    if (wish.identity == IDENTITY_REPEATED && repeat_last(world, partition))
        return;
    buffer_add_char(&out, '{');
    add_changes(world, &out, &wish);
    if (world_has_rule(world, MODEL_LATEST) && wish.value > 0)
        buffer_format(&out, ",\"time\":%s", field_of(world, 1)->values[wish.identity % 3]);
    add_bases(world, &out, document, &wish);
    add_identity(world, &out, wish.identity);
    buffer_add_char(&out, '}');
    kafka_produce(world, partition, world->kafka.partitions[partition].end + gap, document->id, buffer_bytes(&out));
}

static void burst(struct world *world)
{
    const struct document *document = choose_document(world);
    int32_t partition = partition_of(world, document->id);
    uint32_t count = 2 + tape_draw(world->tape, 4), field = tape_draw(world->tape, FIELDS);

    for (uint32_t i = 0; i < count; i++) {
        struct bytes value = world_format(world, "{\"changes\":{\"%s\":%s}}", fields[field].field,
                                          field_of(world, field)->values[i % 3]);

        kafka_produce(world, partition, world->kafka.partitions[partition].end, document->id, value);
    }
}

static void bad_event(struct world *world)
{
    static const char *const values[] = {
        "not json",
        "{\"changes\":{}}",
        "{\"document\":\"somebody else\",\"changes\":{\"/status\":1}}",
        "{\"changes\":{\"/a\":1,\"/a/b\":2}}",
        "{\"changes\":{\"/tags/0\":1}}", /* good until the document is seen */
        "{\"changes\":{\"status\":1}}",
        NULL,
        "", /* stands for an event of a document that the service does not have */
        "{\"changes\":5}",
        "{\"changes\":{\"/a\":1},\"operation\":\"delete\"}",
        "{\"changes\":{\"/number/inside\":1}}", /* its parent is no object */
    };
    const struct document *document = choose_document(world);
    uint32_t which = tape_draw(world->tape, sizeof(values) / sizeof(values[0]));
    struct bytes id = document->id, value = BYTES("{\"changes\":{\"/status\":1}}");
    int32_t partition;

    if (values[which] == NULL || values[which][0] != '\0')
        value = bytes_of(values[which]);
    else
        id = BYTES("nobody-0");
    partition = partition_of(world, id);
    kafka_produce(world, partition, world->kafka.partitions[partition].end, id, value);
}

/* One that makes its document, or deletes it, with what its producer saw, or not. */
static void whole_event(struct world *world)
{
    enum { CREATE, CREATE_MORE, UPSERT, DELETE, DELETE_BY_VERSION, DELETE_BLINDLY, WHOLES };
    static const char *const operations[WHOLES] = {"create", "create", "upsert", "delete", "delete", "delete"};
    const struct document *document = choose_document(world);
    struct wish wish = {.field = tape_draw(world->tape, FIELDS), .value = tape_draw(world->tape, 3)};
    uint32_t which = tape_draw(world->tape, WHOLES), base = tape_draw(world->tape, 2);
    int32_t partition = partition_of(world, document->id);
    auto_buffer out;

    buffer_init(&out, 4096);
    buffer_format(&out, "{\"operation\":\"%s\"", operations[which]);
    wish.shape = which == CREATE_MORE ? SHAPE_TWO : which == DELETE ? SHAPE_GUARD : SHAPE_ONE;
    if (which == DELETE_BY_VERSION)
        wish.base = base == 0 ? BASE_CURRENT_VERSION : BASE_OLD_VERSION;
    else if (which == DELETE)
        wish.base = base == 0 ? BASE_TRUE : BASE_OTHER;
    if (which <= UPSERT) {
        buffer_add_char(&out, ',');
        add_changes(world, &out, &wish);
    } else if (which != DELETE_BLINDLY) {
        add_bases(world, &out, document, &wish);
    }
    buffer_add_char(&out, '}');
    kafka_produce(world, partition, world->kafka.partitions[partition].end, document->id, buffer_bytes(&out));
}

/* --- others --- */

static void foreign_write(struct world *world)
{
    struct document *document = choose_document(world);
    uint32_t field = tape_draw(world->tape, FIELDS), value = tape_draw(world->tape, 4);

    service_user_sets(world, document, bytes_of(fields[field].field),
                      value == 3 ? BYTES_NONE : bytes_of(field_of(world, field)->values[value]));
}

static void delete_document(struct world *world)
{
    service_user_deletes(world, choose_document(world));
}

static void outage(struct world *world)
{
    static const int64_t spans_ms[] = {3000, 60 * 1000, 20 * 60 * 1000};

    world->service.down_until_ms = world->now_ms + spans_ms[tape_draw(world->tape, 3)];
    world_note(world, "the service is down until %lld", (long long)world->service.down_until_ms);
}

/* The owners may hear of it late. */
static void rebalance(struct world *world)
{
    static const int64_t delays_ms[] = {0, 500, 3000, 20 * 1000};

    world->kafka.spread = tape_draw(world->tape, 2) + world->kafka.spread + 1;
    world->kafka.revoke_delay_ms = delays_ms[tape_draw(world->tape, 4)];
    world_note(world, "a rebalance");
    group_rebalance(world);
}

static struct worker *choose_worker(struct world *world)
{
    return &world->workers[tape_draw(world->tape, world->options.workers)];
}

static void stop_worker(struct world *world)
{
    static const int64_t parts[] = {1, 3, 6, 10}; /* sixths of the session */
    struct worker *worker = choose_worker(world);

    worker_stop(world, worker, world->options.session_ms * parts[tape_draw(world->tape, 4)] / 6);
}

static const int64_t restarts_ms[] = {1000, 10 * 1000, 60 * 1000};

static void crash(struct world *world)
{
    struct worker *worker = choose_worker(world);

    worker_crash(world, worker, restarts_ms[tape_draw(world->tape, 3)]);
}

static void crash_at(struct world *world)
{
    struct worker *worker = choose_worker(world);

    worker->dies_after = 1 + tape_draw(world->tape, 6);
    worker->restart_ms = restarts_ms[tape_draw(world->tape, 3)];
}

static void cut_off(struct world *world)
{
    static const int64_t parts[] = {7, 3, 10, 20}; /* sixths of the session */
    struct worker *worker = choose_worker(world);

    worker_cut_off(world, worker, world->options.session_ms * parts[tape_draw(world->tape, 4)] / 6);
}

static void lose(struct world *world)
{
    group_lose(world, choose_worker(world));
}

static void redeliver(struct world *world)
{
    struct worker *worker = choose_worker(world);
    int32_t partition = (int32_t)tape_draw(world->tape, world->options.partitions);

    kafka_seek_back(world, worker, partition, 1 + tape_draw(world->tape, 20));
}

static void clock_jump(struct world *world)
{
    static const int64_t jumps_ms[] = {-3600 * 1000, 3600 * 1000, -999, 30 * INT64_C(86400) * 1000};

    world->wall_jump_ms += jumps_ms[tape_draw(world->tape, 4)];
    world_note(world, "the wall clock jumps to %+lld ms", (long long)world->wall_jump_ms);
}

static void token_expiry(struct world *world)
{
    static const int64_t spans_ms[] = {3000, 60 * 1000, 20 * 60 * 1000};

    world->service.unauthorized_until_ms = world->now_ms + spans_ms[tape_draw(world->tape, 3)];
    world_note(world, "the credentials are refused until %lld", (long long)world->service.unauthorized_until_ms);
}

static void touch(struct world *world)
{
    service_touch(world, choose_document(world));
}

static void lock(struct world *world)
{
    static const int64_t spans_ms[] = {5000, 40 * 1000, 120 * 1000};
    struct document *document = choose_document(world);

    document->locked_until_ms = world->now_ms + spans_ms[tape_draw(world->tape, 3)];
    world_note(world, "%.*s is locked until %lld", BYTES_ARG(document->id), (long long)document->locked_until_ms);
}

/* Somebody moves a thousand parts: the same document again and again. */
static void hot_document(struct world *world)
{
    const struct document *document = choose_document(world);
    int32_t partition = partition_of(world, document->id);
    uint32_t count = 100 + 50 * tape_draw(world->tape, 5), fields_used = 1 + tape_draw(world->tape, FIELDS);

    for (uint32_t i = 0; i < count; i++) {
        uint32_t field = i % fields_used;
        struct bytes value = world_format(world, "{\"changes\":{\"%s\":%s}}", fields[field].field,
                                          fields[field].values[i / fields_used % 3]);

        kafka_produce(world, partition, world->kafka.partitions[partition].end, document->id, value);
    }
}

static void shut_down(struct world *world)
{
    worker_shut_down(world, choose_worker(world));
}

static void pause_worker(struct world *world)
{
    static const int64_t spans_ms[] = {100, 2000, 10 * 1000, 30 * 60 * 1000};
    struct worker *worker = choose_worker(world);

    worker_pause(world, worker);
    world_at(world, world->now_ms + spans_ms[tape_draw(world->tape, 4)], worker_resumes, worker, NULL);
}

static void (*const happenings[HAPPENING_COUNT])(struct world *) = {
    [HAPPENING_PRODUCE] = produce,
    [HAPPENING_BURST] = burst,
    [HAPPENING_FOREIGN_WRITE] = foreign_write,
    [HAPPENING_BAD_EVENT] = bad_event,
    [HAPPENING_DELETE] = delete_document,
    [HAPPENING_OUTAGE] = outage,
    [HAPPENING_REBALANCE] = rebalance,
    [HAPPENING_STOP_WORKER] = stop_worker,
    [HAPPENING_CRASH] = crash,
    [HAPPENING_SHUTDOWN] = shut_down,
    [HAPPENING_PAUSE] = pause_worker,
    [HAPPENING_CUT_OFF] = cut_off,
    [HAPPENING_LOSE] = lose,
    [HAPPENING_REDELIVER] = redeliver,
    [HAPPENING_CRASH_AT] = crash_at,
    [HAPPENING_CLOCK_JUMP] = clock_jump,
    [HAPPENING_TOKEN_EXPIRY] = token_expiry,
    [HAPPENING_TOUCH] = touch,
    [HAPPENING_HOT_DOCUMENT] = hot_document,
    [HAPPENING_LOCK] = lock,
    [HAPPENING_WHOLE] = whole_event,
};

bool workloads_step(struct world *world)
{
    uint32_t word = tape_draw(world->tape, 1000), left = 1000 - word;

    for (int i = 1; i < HAPPENING_COUNT && word > 0; i++) {
        if (left <= world->options.happening_rate[i]) {
            probes_happening((enum happening)i);
            happenings[i](world);
            return true;
        }
        left -= world->options.happening_rate[i];
    }
    return false;
}
