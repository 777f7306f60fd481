#include "options.h"

#include "common/buffer.h"

static const char *const fault_names[] = {"none",
#define X(identifier, name) name,
                                          FAULTS(X)
#undef X
};

static const char *const happening_names[] = {"none",
#define X(identifier, name) name,
                                              HAPPENINGS(X)
#undef X
};

const char *fault_name(enum fault fault)
{
    return fault_names[fault];
}

const char *happening_name(enum happening happening)
{
    return happening_names[happening];
}

void options_init(struct options *options)
{
    *options = (struct options){
        .steps = 100,
        .partitions = 1,
        .documents = 1,
        .workers = 1,
        .after_write = AFTER_WRITE_EXACT,
        .memory_is_base = true,
        .conflict_attempts = 5,
        .max_in_flight = 64,
        .partition_events_max = 1000,
        .fold_events_max = 4096,
        .cache_bytes_max = 64 << 20,
        .memory_max = 256 << 20,
        .commit_interval_ms = 1000,
        .session_ms = 45 * 1000,
        .skip_offset = -1,
        .give_up_ms = 15 * 60 * 1000,
        .engine_seed = 1,
    };
}

static void draw_shape(struct tape *tape, struct options *options)
{
    tape_step(tape);
    options->steps = 60 + 30 * tape_draw(tape, 10);
    options->partitions = 1 + tape_draw(tape, PARTITIONS_MAX);
    options->documents = 1 + tape_draw(tape, DOCUMENTS_MAX);
    options->workers = 1 + tape_draw(tape, WORKERS_MAX);
    options->rules = tape_draw(tape, RULE_SETS);
    options->engine_seed = 1 + tape_draw(tape, 1000000);
    options->memory_is_base = tape_draw(tape, 4) != 3;
    options->partial = tape_draw(tape, 4) == 3;
    tape_step(tape);
    options->profile = tape_draw(tape, PROFILE_COUNT);
    options->after_write = (AFTER_WRITE_EXACT + tape_draw(tape, 4)) % 4;
    options->writes_patch = tape_draw(tape, 3) == 2;
    options->normalizes = tape_draw(tape, 3) == 2 && options->after_write != AFTER_WRITE_EXACT;
    options->errors_carry_a_version = tape_draw(tape, 2) == 1;
    options->stale_is_409 = tape_draw(tape, 2) == 1;
    options->refuses_weak = tape_draw(tape, 4) == 3 && options->profile == PROFILE_WEAK;
    options->strips_weak = tape_draw(tape, 3) > 0;
}

static void draw_limits(struct tape *tape, struct options *options)
{
    static const uint32_t in_flight[] = {64, 1, 2, 3};
    static const uint32_t events[] = {1000, 1, 2, 5};
    static const size_t cache[] = {64 << 20, 0, 600, 2000};
    static const int64_t interval_ms[] = {1000, 0, 100, 5000};
    static const int64_t session_ms[] = {45 * 1000, 6 * 1000};

    tape_step(tape);
    options->conflict_attempts = tape_draw(tape, 3) == 2 ? 2 : 5;
    options->max_in_flight = in_flight[tape_draw(tape, 4)];
    options->partition_events_max = events[tape_draw(tape, 4)];
    options->cache_bytes_max = cache[tape_draw(tape, 4)];
    options->commit_interval_ms = interval_ms[tape_draw(tape, 4)];
    options->session_ms = session_ms[tape_draw(tape, 2)];
    options->gives_up_soon = tape_draw(tape, 2) == 1;
    options->give_up_ms = options->gives_up_soon ? 20 * 1000 : options->give_up_ms;
    options->skip_offset = tape_draw(tape, 4) == 3 ? 1 : -1;
}

/* Frames that have room for what the engine learns. */
#define MORE_FRAMES 4
static void draw_more(struct tape *tape, struct options *options)
{
    static const uint32_t fold[] = {4096, 1, 2, 3};
    static const int64_t rates_milli[] = {0, 0, 0, 0, 0, 0, 50 * 1000, 2000};
    static const size_t memory[] = {256 << 20, 256 << 20, 256 << 20, 512 << 10};

    tape_step(tape);
    options->fold_events_max = fold[tape_draw(tape, 4)];
    options->is_skewed = tape_draw(tape, 4) == 3;
    options->is_unprotected_allowed = tape_draw(tape, 8) == 7;
    options->is_limit_fixed = tape_draw(tape, 2) == 1;
    options->rate_limit_milli = rates_milli[tape_draw(tape, 8)];
    options->memory_max = memory[tape_draw(tape, 4)];
    options->has_small_retry_budget = tape_draw(tape, 4) == 3;
    options->versions_are_reused = tape_draw(tape, 8) == 7;
    tape_step(tape);
    options->creates_what_is_absent = tape_draw(tape, 4) == 3;
    for (int frame = 2; frame < MORE_FRAMES; frame++)
        tape_step(tape);
}

/* A group has whole frames of its own, so that it can grow without a change of meaning in kept tapes. */
static void draw_rates(struct tape *tape, uint32_t *rates, int first, int last, size_t frames)
{
    static const uint32_t levels[] = {0, 0, 0, 0, 0, 30, 60, 150};

    for (size_t frame = 0; frame < frames; frame++) {
        tape_step(tape);
        for (int i = 0; i < FRAME_WORDS && first <= last; i++, first++)
            rates[first] = levels[tape_draw(tape, sizeof(levels) / sizeof(levels[0]))];
    }
}

void options_draw(struct tape *tape, struct options *ret_options)
{
    options_init(ret_options);
    draw_shape(tape, ret_options);
    draw_limits(tape, ret_options);
    draw_rates(tape, ret_options->fault_rate, FAULT_NO_CONNECTION, FAULT_NO_VERSION, 3);
    draw_rates(tape, ret_options->fault_rate, FAULT_PUBLISH_FAILED, FAULT_PUBLISH_SLOW, 1);
    draw_rates(tape, ret_options->fault_rate, FAULT_COMMIT_FAILED, FAULT_COMMIT_SLOW, 1);
    draw_rates(tape, ret_options->happening_rate, HAPPENING_PRODUCE, HAPPENING_COUNT - 1, 4);
    draw_more(tape, ret_options);
    ret_options->happening_rate[HAPPENING_PRODUCE] += 100;
    ret_options->happening_rate[HAPPENING_REBALANCE] /= 4;
    ret_options->happening_rate[HAPPENING_STOP_WORKER] /= 6;
    ret_options->happening_rate[HAPPENING_CRASH] /= 6;
    ret_options->happening_rate[HAPPENING_SHUTDOWN] /= 6;
    ret_options->happening_rate[HAPPENING_PAUSE] /= 6;
    ret_options->happening_rate[HAPPENING_DELETE] /= 4;
    ret_options->happening_rate[HAPPENING_OUTAGE] /= 6;
    ret_options->happening_rate[HAPPENING_CUT_OFF] /= 6;
    ret_options->happening_rate[HAPPENING_LOSE] /= 6;
    ret_options->happening_rate[HAPPENING_REDELIVER] /= 4;
    ret_options->happening_rate[HAPPENING_CRASH_AT] /= 6;
    ret_options->happening_rate[HAPPENING_CLOCK_JUMP] /= 4;
    ret_options->happening_rate[HAPPENING_TOKEN_EXPIRY] /= 6;
    ret_options->happening_rate[HAPPENING_TOUCH] /= 2;
    ret_options->happening_rate[HAPPENING_HOT_DOCUMENT] /= 30;
    ret_options->happening_rate[HAPPENING_LOCK] /= 4;
    tape->length = OPTION_FRAMES + ret_options->steps;
}

static void describe_rates(struct buffer *out, const uint32_t *rates, const char *const *names, size_t count)
{
    for (size_t i = 1; i < count; i++) {
        if (rates[i] > 0)
            buffer_format(out, " %s=%u", names[i], rates[i]);
    }
}

void options_describe(const struct options *options, struct buffer *out)
{
    static const char *const profiles[] = {"strong", "weak", "silent_write", "inexact", "none"};
    static const char *const after[] = {"exact", "body", "version", "none"};

    buffer_format(out, "partitions=%u documents=%u workers=%u profile=%s after_write=%s rules=%u attempts=%u "
                       "in_flight=%u events=%u fold=%u cache=%zu commit_interval=%lld session=%lld give_up=%lld",
                  options->partitions, options->documents, options->workers, profiles[options->profile],
                  after[options->after_write], options->rules, options->conflict_attempts, options->max_in_flight,
                  options->partition_events_max, options->fold_events_max, options->cache_bytes_max, (long long)options->commit_interval_ms,
                  (long long)options->session_ms, (long long)options->give_up_ms);
    buffer_format(out, " rate=%lld memory=%zu%s%s%s%s%s;", (long long)options->rate_limit_milli, options->memory_max,
                  options->is_limit_fixed ? " fixed" : "", options->has_small_retry_budget ? " few_retries" : "",
                  options->versions_are_reused ? " reused" : "", options->is_skewed ? " skewed" : "", options->is_unprotected_allowed ? " unprotected" : "");
    buffer_format(out, "%s%s%s%s%s%s%s%s;", options->writes_patch ? " patch" : "",
                  options->refuses_weak ? " refuses_weak" : "", options->strips_weak ? " strips_weak" : "",
                  options->normalizes ? " normalizes" : "", options->stale_is_409 ? " 409" : "",
                  options->errors_carry_a_version ? " error_versions" : "",
                  options->memory_is_base ? "" : " no_memory", options->partial ? " partial" : "");
    describe_rates(out, options->happening_rate, happening_names, HAPPENING_COUNT);
    describe_rates(out, options->fault_rate, fault_names, FAULT_COUNT);
}
