#include "engine/faq.h"

#include "common/buffer.h"
#include "common/check.h"

static const struct faq outcomes[OUTCOME_COUNT] = {
    [OUTCOME_APPLIED] = {"Nobody was faster: every field was what the producer had seen, or had the value already.", "Nothing."},
    [OUTCOME_MERGED] =
        {"Somebody else had changed the document since the producer saw it, a write was answered stale, or the base of a field "
         "was not known; the rules had an answer for every field.",
         "Nothing. The decisions of the record tell for each field what was replaced and what was kept."},
    [OUTCOME_UNCHANGED] =
        {"The document has what the event asks for, or the rules keep what it has.",
         "Nothing, if that is what the rules are for; the reason tells."},
    [OUTCOME_DUPLICATE] =
        {"An event with the same `source` and `id` ended applied, merged or unchanged before. Producers send again after a "
         "timeout, and workers meet events again after a crash.",
         "Nothing. If the events are different ones, the producer gives an id twice."},
    [OUTCOME_OUTDATED] =
        {"An event with the same `source` and a `sequence` at or above this one ended before for the same document: this one "
         "was overtaken.",
         "Nothing, if the producer may send out of order. If it counts anew after a restart, it needs a new `source` or a "
         "sequence that goes on."},
    [OUTCOME_CONFLICT] =
        {"Two have changed the same field, or a condition of the event does not hold, and the rules leave it to a person.",
         "Look at the fields of the dead letter (`ifmatch-conflicts`): base, what the document has, what the event asks for. "
         "Set the right value in the document, or send a new event with the present value as base. If the same field comes up "
         "again and again, give it a rule with an answer (rules.md)."},
    [OUTCOME_REJECTED] =
        {"The event, or the answer of the service, makes it impossible, however often it is tried.",
         "The reason and the detail tell what is wrong; mend it there and send the event again."},
    [OUTCOME_EXHAUSTED] =
        {"It was tried until its budget was used up.",
         "Look at the document: whether the last write arrived may not be known. Then send the event again; if it was "
         "written, it ends unchanged."},
};

struct entry {
    enum outcome outcome;
    struct faq faq;
};

static const struct entry reasons[REASON_COUNT] = {
    [REASON_ALREADY] = {OUTCOME_UNCHANGED,
                        {"Somebody set the same values before, or the event was applied and met again after a crash.", "Nothing."}},
    [REASON_KEPT] = {OUTCOME_UNCHANGED,
                     {"A rule like `prefer_document`, `document`, `max` or `rank` decided for what the document has; or the event "
                      "leaves a field as the producer saw it, and somebody else changed it.",
                      "Nothing, if the rule is meant so. `ifmatch merge` names the rule and its line."}},
    [REASON_SUPERSEDED] = {OUTCOME_UNCHANGED,
                           {"An event is met again after a crash, while a later one of the document, whose value stands there, "
                            "waits behind it.",
                            "Nothing."}},
    [REASON_FOLDED_AWAY] = {OUTCOME_UNCHANGED,
                            {"Several waiting events of the document were merged for one write, and in the end it was as before: "
                             "one set a value, a later one set it back.",
                             "Nothing. `fold.never` names fields of which every step must be written."}},
    [REASON_NO_BASE] = {OUTCOME_MERGED,
                        {"The event carries neither `base` nor `base_version`, and no earlier event of this worker had set the "
                         "field.",
                         "Send a base where people edit too, or let `merge.no_base: conflict` ask a person."}},
    [REASON_FIELD] = {OUTCOME_CONFLICT,
                      {"The field was changed by the event and by somebody else, to different values, or its rule allows no such "
                       "step (the note of the decision says so: `rank`, `transition`, `incomparable`, `not_repeatable`, `element` and others; "
                       "`ifmatch merge` puts it into a sentence).",
                       "Decide which value is right. For good: `external` if the producer is the authority, `prefer_document` if "
                       "people are, `on_conflict` for this field alone."}},
    [REASON_GUARD] = {OUTCOME_CONFLICT,
                      {"The event has a base for a field that it does not change: it is meant only for a document with that value.",
                       "Nothing, if the condition is meant so. Else leave the base of that field out."}},
    [REASON_PARENT] = {OUTCOME_CONFLICT,
                       {"The event sets `/a/b`, and `/a` is a text, a number, null or a list in the document.",
                        "Mend the document, or let the event set `/a` as a whole."}},
    [REASON_EXISTS] = {OUTCOME_CONFLICT,
                       {"The event creates a document, and somebody made one with other values before.",
                        "Compare them. An event that may find one is an `upsert`."}},
    [REASON_UNSEEN] = {OUTCOME_CONFLICT,
                       {"A delete without a word of what the producer saw would delete what others have written since.",
                        "Send `base` or `base_version` with it. Where the producer may delete unseen, the rule of the whole document "
                        "is `external`."}},
    [REASON_BASE_VERSION] = {OUTCOME_CONFLICT,
                             {"With `merge.base_version: require` an event is only for the version that it names, and somebody has "
                              "written since.",
                              "Let the producer look again. With `hint` (the default) the fields are merged instead."}},
    [REASON_NOT_REPEATABLE] = {OUTCOME_CONFLICT,
                               {"The rule is `add` or `append`, and the event brings no base of its own; or an earlier write of it may "
                                "have been applied, and the field has changed since. What is added twice would count twice.",
                                "Let the producer send `base` or `base_version`. Otherwise look whether the document has the event's "
                                "part, and set the right value."}},
    [REASON_POSSIBLY_WRITTEN] = {OUTCOME_CONFLICT,
                                 {"The answer to a write was lost. Afterwards the document had neither what was there before nor "
                                  "what was written: ours may have been there for a moment.",
                                  "Compare with the service's own history, if it has one, and set the right value."}},
    [REASON_NOT_JSON] = {OUTCOME_REJECTED,
                         {"Another format (Avro, Protobuf, text), a cut text, or JSON that parsers read in different ways: "
                          "duplicate keys, trailing text, bytes that are no UTF-8.",
                          "Mend the producer; the detail names the byte. formats.md shows what is understood."}},
    [REASON_TOO_LARGE] = {OUTCOME_REJECTED,
                          {"The event is over `limits.event`, or nested deeper than 64.",
                           "Send only the fields that change; or raise the limit and send the dead letter again."}},
    [REASON_NO_VALUE] = {OUTCOME_REJECTED,
                         {"A tombstone on a topic whose format has none; to delete is an event of its own "
                          "(`operation: delete`).", "Stop the producer from "
                          "sending null, or choose the `topics.format` that knows tombstones."}},
    [REASON_NO_KEY] = {OUTCOME_REJECTED,
                       {"The document id is the Kafka key, or what `document.from` names, and this record has none.",
                        "Let the producer set it: order holds only for records with the same key."}},
    [REASON_BAD_DOCUMENT] = {OUTCOME_REJECTED,
                             {"The id is `.`, `..`, too long, not UTF-8, has control characters, or does not match `document.pattern`.", "Mend it in the producer."}},
    [REASON_KEY_MISMATCH] = {OUTCOME_REJECTED,
                             {"`document` of the event (`subject` of a CloudEvent) names another document than the key, or what "
                              "`document.from` says.",
                              "Make both the same, or leave it out of the event."}},
    [REASON_BAD_EVENT] = {OUTCOME_REJECTED,
                          {"A typo in a member, a member of the wrong type, or another format than `topics.format` says.",
                           "The detail names the member. Members of your own begin with `x-`."}},
    [REASON_NO_CHANGES] = {OUTCOME_REJECTED,
                           {"Neither `changes` nor `remove` has an entry, or the patch is empty.",
                            "Send nothing when nothing changes."}},
    [REASON_BAD_POINTER] = {OUTCOME_REJECTED,
                            {"A field does not begin with `/`, or has a `~` that is neither `~0` nor `~1`.",
                             "Write `/status`, not `status`; a `/` in a name is `~1`, a `~` is `~0`."}},
    [REASON_OVERLAP] = {OUTCOME_REJECTED,
                        {"The event sets `/a` and `/a/b`: nobody knows which comes first.", "Set one of them."}},
    [REASON_NO_BEFORE] = {OUTCOME_REJECTED,
                          {"The table gives no old values: PostgreSQL without `REPLICA IDENTITY FULL`.",
                           "Set it for the table, or take all columns as changes: `debezium.without_before: all_fields`."}},
    [REASON_NOT_AN_UPDATE] = {OUTCOME_UNCHANGED,
                              {"Change streams have records beside the changes: heartbeats, tombstones, snapshots, updates in which "
                               "nothing differs.",
                               "Nothing. `debezium.snapshot: apply` takes snapshots as changes."}},
    [REASON_UNSUPPORTED] = {OUTCOME_REJECTED,
                                      {"A JSON Patch copies or moves what no `test` before it names, or changes elements of a list "
                                       "without one of the whole list.",
                                       "See formats.md for what each format may ask for."}},
    [REASON_ID_REUSED] = {OUTCOME_REJECTED,
                          {"The producer gave an id twice, to events that are not the same: as a duplicate the second would be lost.",
                           "Mend how ids are made, and send the event with one of its own."}},
    [REASON_SEQUENCE_SHAPE] = {OUTCOME_REJECTED,
                               {"Sequences of digits compare as numbers, all others as text; this source has sent both.",
                                "Keep one shape for each source."}},
    [REASON_ARRAY_INDEX] = {OUTCOME_REJECTED,
                            {"The event names an element of a list by its number, and nobody knows which element that is by now.",
                             "Send the list as a whole."}},
    [REASON_NOT_EXPRESSIBLE] = {OUTCOME_REJECTED,
                                {"A merge patch cannot set a member to null.", "Write with `service.write: put`, if the service "
                                 "takes it; or remove the member."}},
    [REASON_DOCUMENT_TOO_LARGE] = {OUTCOME_REJECTED,
                                   {"With the event the document would be over `limits.document`, or nested deeper than 64.",
                                    "Take something out of the document, or raise the limit."}},
    [REASON_MISSING] = {OUTCOME_REJECTED,
                        {"The service answers 404: the id is wrong, the document is not there yet, or the URL has a typo.",
                         "`ifmatch check --document ID` shows what is asked. Create the document, then send the event again; or let "
                         "`document.missing` create or skip."}},
    [REASON_GONE] = {OUTCOME_REJECTED,
                     {"Somebody deleted the document.", "Nothing, or make it again and send the event once more; `document.gone` may say "
                      "`create` or `skip`."}},
    [REASON_REFUSED] = {OUTCOME_REJECTED,
                        {"The service does not want the request: its validation, a permission, a state in which the document cannot be "
                         "changed. The detail has its answer.",
                         "Mend what the answer names, then send the event again."}},
    [REASON_UNREADABLE] = {OUTCOME_REJECTED,
                           {"The service answers with something that is no JSON document: a login page, a list, or more than "
                            "`limits.document`.",
                            "Look at the answer for this id: `ifmatch check --document ID`."}},
    [REASON_NO_VERSION] = {OUTCOME_REJECTED,
                           {"The answer has no ETag (or what the profile reads instead): a write could overwrite what nobody has "
                            "seen.",
                            "Choose the profile that fits; a proxy may have taken the header away. `service.unprotected: allow` "
                            "writes without protection."}},
    [REASON_SKIPPED_BY_OPERATOR] = {OUTCOME_REJECTED, {"`skip` in the configuration names this record.", "Take the entry out when it "
                                                       "is settled."}},
    [REASON_CONFLICT_ATTEMPTS] = {OUTCOME_EXHAUSTED,
                                  {"Somebody else writes the document so often that each attempt came too late.",
                                   "Send it again when it is quieter; more `retry.conflicts.attempts`; or find who writes in a loop."}},
    [REASON_PRECONDITION_UNSATISFIABLE] = {OUTCOME_EXHAUSTED,
                                           {"The service says that a version is over, and gives the same one out again: weak ETags that "
                                            "it does not take back, or a cache or a compressing proxy in between.",
                                            "Ask the service without the proxy; see whether its ETags are strong; another profile."}},
    [REASON_SERVICE_ERROR] = {OUTCOME_EXHAUSTED,
                              {"This document gets errors (5xx, timeouts) for `retry.document.give_up`, while others get through.",
                               "The attempts of the record have the answers; the service's log tells more. Send it again when it is "
                               "mended."}},
    [REASON_LOCKED] = {OUTCOME_EXHAUSTED,
                       {"Somebody has it locked or checked out for longer than `retry.locked.give_up`.",
                        "Find who has it, then send the event again; `never` waits for ever."}},
    [REASON_UNDESCRIBED] = {OUTCOME_EXHAUSTED,
                            {"The service gives an answer of which the profile does not say what it means.",
                             "Describe the answer in a profile of your own; the attempts of the record have its status."}},
};

const struct faq *faq_of_outcome(enum outcome outcome)
{
    ensure(outcome < OUTCOME_COUNT);
    return &outcomes[outcome];
}

const struct faq *faq_of_reason(enum reason reason, enum outcome *ret_outcome)
{
    ensure(reason != REASON_NONE);
    ensure(reason < REASON_COUNT);
    *ret_outcome = reasons[reason].outcome;
    return &reasons[reason].faq;
}

static void add_entry(struct buffer *out, const char *level, const char *name, const char *sentence, const struct faq *faq)
{
    buffer_format(out, "\n%s %s\n\n**What it means:** %s.\n\n**Why:** %s\n\n**What to do:** %s\n", level, name, sentence, faq->why,
                  faq->act);
}

void faq_document(struct buffer *out)
{
    buffer_add_text(out, "# Why was my event ...?\n\nGenerated from the tables in the code. Every event has one audit record: `ifmatch tail "
                         "-c ifmatch.yaml DOCUMENT` shows it, with outcome,\nreason, detail and the decision for each field. A dead letter "
                         "has them as headers `ifmatch-outcome`, `ifmatch-reason`, `ifmatch-detail`.\n`ifmatch merge` shows with files of "
                         "your own what becomes of an event, in sentences ([rules.md](rules.md)).\n");
    for (size_t i = 0; i < OUTCOME_COUNT; i++) {
        add_entry(out, "##", outcome_name(i), outcome_sentence(i), &outcomes[i]);
        for (size_t k = REASON_NONE + 1; k < REASON_COUNT; k++)
            if (reasons[k].outcome == i)
                add_entry(out, "###", reason_name(k), reason_sentence(k), &reasons[k].faq);
    }
}
