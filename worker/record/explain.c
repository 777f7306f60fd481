#include "record/explain.h"

#include "common/check.h"

#define VALUE_SHOWN_MAX 80

static bool is_word(struct bytes text)
{
    for (size_t i = 0; i < text.size; i++) {
        char c = text.data[i];
        bool is_letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');

        if (!is_letter && (i == 0 || ((c < '0' || c > '9') && c != '_' && c != '-' && c != '.')))
            return false;
    }
    return text.size > 0 && !bytes_equal(text, BYTES("null")) && !bytes_equal(text, BYTES("true")) &&
           !bytes_equal(text, BYTES("false"));
}

/* A string of which nobody takes the text for anything else stands there without its quotes. */
static struct bytes shown(struct bytes json)
{
    struct bytes inside;

    if (json.size < 2 || json.data[0] != '"')
        return json;
    inside = (struct bytes){json.data + 1, json.size - 2};
    return is_word(inside) ? inside : json;
}

/* On one line: a value may be spread over several, and a member's name may have anything. */
static void add_on_one_line(struct buffer *out, struct bytes text)
{
    for (size_t i = 0; i < text.size; i++)
        buffer_add_char(out, (unsigned char)text.data[i] < 0x20 || text.data[i] == 0x7f ? ' ' : text.data[i]);
}

static void add_value(struct buffer *out, const struct value *value)
{
    struct bytes text = shown(value->text);

    if (text.size <= VALUE_SHOWN_MAX) {
        add_on_one_line(out, text);
        return;
    }
    add_on_one_line(out, bytes_whole((struct bytes){text.data, VALUE_SHOWN_MAX}));
    buffer_format(out, "... (%zu bytes)", text.size);
}

static bool is_there(const struct value *value)
{
    return value->state == VALUE_PRESENT;
}

/* Where the base is from, if not from the event itself. */
static void add_base_from(struct buffer *out, enum base_from from)
{
    switch (from) {
    case BASE_FROM_VERSION:
        buffer_add_text(out, " (by the event's base_version)");
        return;
    case BASE_FROM_REFUSED_COPY:
        buffer_add_text(out, " (read before the refused write)");
        return;
    case BASE_FROM_MEMORY:
        buffer_add_text(out, " (set by an earlier event)");
        return;
    case BASE_FROM_EVENT:
    case BASE_FROM_NONE:
        return;
    }
    never("every base comes from somewhere");
}

/* What somebody did since the base. */
static void add_change_since(struct buffer *out, const struct decision *decision)
{
    if (!is_there(&decision->theirs))
        buffer_add_text(out, ", since somebody removed ");
    else if (is_there(&decision->base))
        buffer_add_text(out, ", which somebody wrote since ");
    else
        buffer_add_text(out, ", which somebody added since");
    if (is_there(&decision->base))
        add_value(out, &decision->base);
    add_base_from(out, decision->base_from);
}

/* How the document came to have theirs. */
static void add_history(struct buffer *out, const struct decision *decision)
{
    switch (decision->merge_case) {
    case CASE_2:
        buffer_add_text(out, ", as the producer saw it");
        add_base_from(out, decision->base_from);
        return;
    case CASE_3:
    case CASE_4:
        add_change_since(out, decision);
        return;
    case CASE_5:
        buffer_add_text(out, ", and nobody knows whether the producer saw it");
        return;
    case CASE_6:
        buffer_add_text(out, ", which cannot be read");
        return;
    case CASE_1:
    case CASE_COUNT:
        return;
    }
    never("every case has its history");
}

static void add_asked(struct buffer *out, const struct decision *decision)
{
    if (decision->merge_case == CASE_3) {
        buffer_add_text(out, "; the event leaves it as the producer saw it");
    } else if (is_there(&decision->ours)) {
        buffer_add_text(out, "; the event asks for ");
        add_value(out, &decision->ours);
    } else {
        buffer_add_text(out, "; the event removes it");
    }
}

static void add_already(struct buffer *out, const struct decision *decision)
{
    if (is_there(&decision->theirs)) {
        add_value(out, &decision->theirs);
        buffer_add_text(out, " is there already");
    } else {
        buffer_add_text(out, "is not there already");
    }
}

static void add_ours(struct buffer *out, const struct decision *decision)
{
    if (!is_there(&decision->ours)) {
        buffer_add_text(out, "the event removes ");
        add_value(out, &decision->theirs);
    } else {
        buffer_add_text(out, "the event's ");
        add_value(out, &decision->ours);
        buffer_add_text(out, is_there(&decision->theirs) ? " replaces " : " is added where nothing is");
        if (is_there(&decision->theirs))
            add_value(out, &decision->theirs);
    }
    add_history(out, decision);
}

static void add_theirs(struct buffer *out, const struct decision *decision)
{
    if (is_there(&decision->theirs)) {
        add_value(out, &decision->theirs);
        buffer_add_text(out, " stays");
    } else {
        buffer_add_text(out, "it stays away");
    }
    add_history(out, decision);
    add_asked(out, decision);
}

static void add_made(struct buffer *out, const struct decision *decision)
{
    add_value(out, &decision->value);
    buffer_add_text(out, " is made of ");
    if (is_there(&decision->theirs))
        add_value(out, &decision->theirs);
    else
        buffer_add_text(out, "nothing");
    add_history(out, decision);
    add_asked(out, decision);
}

static void add_guard(struct buffer *out, const struct decision *decision)
{
    buffer_add_text(out, "conflict: the event is for a document with ");
    if (is_there(&decision->base))
        add_value(out, &decision->base);
    else
        buffer_add_text(out, "nothing");
    buffer_add_text(out, " there, and it has ");
    if (is_there(&decision->theirs))
        add_value(out, &decision->theirs);
    else
        buffer_add_text(out, "nothing");
}

static void add_conflict(struct buffer *out, const struct decision *decision)
{
    if (decision->note == DECISION_NOTE_GUARD) {
        add_guard(out, decision);
        return;
    }
    buffer_add_text(out, "conflict: the document has ");
    if (is_there(&decision->theirs))
        add_value(out, &decision->theirs);
    else
        buffer_add_text(out, "nothing");
    add_history(out, decision);
    add_asked(out, decision);
}

/* What rule and case alone do not say. */
static void add_note(struct buffer *out, const struct decision *decision)
{
    static const char *const sentences[] = {
#define X(identifier, name, sentence) [DECISION_NOTE_##identifier] = sentence,
        DECISION_NOTES(X)
#undef X
    };

    switch (decision->note) {
    case DECISION_NOTE_NONE:
    case DECISION_NOTE_GUARD:
    case DECISION_NOTE_NO_BASE:
        return; /* said already */
    default:
        break;
    }
    buffer_format(out, " (%s", sentences[decision->note]);
    if (bytes_present(decision->element)) {
        buffer_add_text(out, ": ");
        add_on_one_line(out, shown(decision->element));
    }
    buffer_add_char(out, ')');
}

static void add_rule(struct buffer *out, const struct decision *decision)
{
    const struct rule_entry *entry = decision->entry;

    buffer_format(out, ": rule %s", rule_name(entry->rule));
    if (!bytes_present(entry->pattern)) {
        buffer_add_text(out, ", the default");
        return;
    }
    if (!bytes_equal(entry->pattern, decision->field))
        buffer_format(out, " of %.*s", BYTES_ARG(entry->pattern));
    if (entry->place.file != NULL)
        buffer_format(out, ", %s", entry->place.file);
    if (entry->place.file != NULL && entry->place.line > 0)
        buffer_format(out, ":%d", entry->place.line);
}

void explain_decision(const struct decision *decision, struct buffer *out)
{
    add_on_one_line(out, decision->field);
    buffer_add_text(out, ": ");
    if (decision->merge_case == CASE_1)
        add_already(out, decision);
    else if (decision->result == RESULT_OURS)
        add_ours(out, decision);
    else if (decision->result == RESULT_THEIRS)
        add_theirs(out, decision);
    else if (decision->result == RESULT_MERGED)
        add_made(out, decision);
    else
        add_conflict(out, decision);
    add_note(out, decision);
    if (decision->superseded_by >= 0)
        buffer_format(out, " (the event of offset %lld replaced it before it was written)",
                      (long long)decision->superseded_by);
    add_rule(out, decision);
}
