#include "engine/words.h"

#include "common/buffer.h"
#include "common/check.h"

static const struct {
    const char *name;
    bool is_dead_letter;
    const char *sentence;
} outcomes[] = {
#define X(identifier, name, dead_letter, sentence) [OUTCOME_##identifier] = {name, dead_letter, sentence},
    OUTCOMES(X)
#undef X
};

static const struct {
    const char *name;
    const char *sentence;
} reasons[] = {
#define X(identifier, name, sentence) [REASON_##identifier] = {name, sentence},
    REASONS(X)
#undef X
};

static const enum reason defect_reasons[] = {
#define X(identifier, name, sentence) [EVENT_DEFECT_##identifier] = REASON_##identifier,
    EVENT_DEFECTS(X)
#undef X
};

static const struct {
    const char *name;
    const char *sentence;
} meanings[] = {
#define X(identifier, name, sentence) [MEANING_##identifier] = {name, sentence},
    MEANINGS(X)
#undef X
};

const char *outcome_name(enum outcome outcome)
{
    ensure(outcome < OUTCOME_COUNT);
    return outcomes[outcome].name;
}

const char *outcome_sentence(enum outcome outcome)
{
    ensure(outcome < OUTCOME_COUNT);
    return outcomes[outcome].sentence;
}

bool outcome_is_dead_letter(enum outcome outcome)
{
    ensure(outcome < OUTCOME_COUNT);
    return outcomes[outcome].is_dead_letter;
}

bool outcome_parse(struct bytes name, enum outcome *ret_outcome)
{
    for (size_t i = 0; i < OUTCOME_COUNT; i++) {
        if (bytes_equal(name, bytes_of(outcomes[i].name))) {
            *ret_outcome = (enum outcome)i;
            return true;
        }
    }
    return false;
}

const char *reason_name(enum reason reason)
{
    ensure(reason < REASON_COUNT);
    return reason == REASON_NONE ? NULL : reasons[reason].name;
}

const char *reason_sentence(enum reason reason)
{
    ensure(reason < REASON_COUNT);
    return reasons[reason].sentence;
}

enum reason reason_of_defect(enum event_defect defect)
{
    ensure(defect != EVENT_DEFECT_NONE);
    ensure(defect < sizeof(defect_reasons) / sizeof(defect_reasons[0]));
    return defect_reasons[defect];
}

const char *meaning_name(enum meaning meaning)
{
    ensure(meaning < MEANING_COUNT);
    return meanings[meaning].name;
}

const char *sent_name(enum sent sent)
{
    static const char *const names[] = {
        [SENT_NOT] = "not", [SENT_ONCE] = "once", [SENT_PERHAPS_TWICE] = "perhaps_twice"};

    ensure(sent <= SENT_PERHAPS_TWICE);
    return names[sent];
}

void words_document(struct buffer *out)
{
    buffer_add_text(out, "# Outcomes, reasons, meanings\n\nGenerated from the tables in the code.\n\n## Outcomes\n\n"
                         "| outcome | dead letter | meaning |\n|---|---|---|\n");
    for (size_t i = 0; i < OUTCOME_COUNT; i++)
        buffer_format(out, "| `%s` | %s | %s |\n", outcomes[i].name, outcomes[i].is_dead_letter ? "yes" : "no",
                      outcomes[i].sentence);
    buffer_add_text(out, "\n## Reasons\n\n| reason | meaning |\n|---|---|\n");
    for (size_t i = REASON_NONE + 1; i < REASON_COUNT; i++)
        buffer_format(out, "| `%s` | %s |\n", reasons[i].name, reasons[i].sentence);
    buffer_add_text(out, "\n## What an answer of the service means\n\n| meaning | |\n|---|---|\n");
    for (size_t i = 0; i < MEANING_COUNT; i++)
        buffer_format(out, "| `%s` | %s |\n", meanings[i].name, meanings[i].sentence);
}
