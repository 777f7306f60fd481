#ifndef IFMATCH_ENGINE_WORDS_H
#define IFMATCH_ENGINE_WORDS_H

#include "common/bytes.h"
#include "event/defect.h"

/* The words shared by all rooms: each enum has one table, from which names, records, metrics and documentation are
 * made. No second spelling anywhere. */

/* How an event ended: identifier, name, does somebody have to act (dead letter), sentence. */
#define OUTCOMES(X)                                                                                          \
    X(APPLIED, "applied", false, "written; every field was as the producer saw it, and no answer was stale") \
    X(MERGED, "merged", false, "written, after a merge with what others wrote")                              \
    X(UNCHANGED, "unchanged", false, "nothing to write")                                                     \
    X(DUPLICATE, "duplicate", false, "an event of the same source and id has ended already")                 \
    X(OUTDATED, "outdated", false, "a later event of the same source and document has ended already")        \
    X(CONFLICT, "conflict", true, "a field whose rule has no answer: a person must decide")                  \
    X(REJECTED, "rejected", true, "can never be applied")                                                    \
    X(EXHAUSTED, "exhausted", true, "given up; whether it was written is unknown")

enum outcome {
#define X(identifier, name, dead_letter, sentence) OUTCOME_##identifier,
    OUTCOMES(X)
#undef X
    OUTCOME_COUNT
};

/* Why it ended so: identifier, name, sentence. The defects of events are reasons too. */
#define REASONS(X)                                                                                           \
    X(NONE, "", "")                                                                                          \
    X(ALREADY, "already", "the document had every value already")                                            \
    X(KEPT, "kept", "a rule kept what the document has")                                                     \
    X(SUPERSEDED, "superseded", "the document has what a later event of it asks for: nothing is written back") \
    X(FOLDED_AWAY, "folded_away", "what was folded into one write leaves the document as it is")             \
    X(NO_BASE, "no_base", "written over a value of which nobody knows whether the producer saw it")          \
    X(FIELD, "field", "a field was changed by the event and by somebody else, and its rule has no answer")   \
    X(GUARD, "guard", "a field that the event only looks at differs from what the producer saw")             \
    X(PARENT, "parent", "a parent of a field is neither an object nor missing")                              \
    X(BASE_VERSION, "base_version", "the document is not at the version that the event demands")             \
    X(NOT_REPEATABLE, "not_repeatable",                                                                      \
      "what is added counts twice if it is added twice: the event needs a base of its own, or its base_version") \
    X(POSSIBLY_WRITTEN, "possibly_written",                                                                  \
      "an earlier write may have been applied and changed back by somebody: nobody can tell")                \
    X(EXISTS, "exists", "the document that the event creates is there already, with other values")           \
    X(UNSEEN, "unseen", "the event deletes the document and does not say what of it its producer saw")       \
    EVENT_DEFECTS(X)                                                                                         \
    X(ID_REUSED, "id_reused", "the source gave the same id to another event, whose bytes differ")            \
    X(SEQUENCE_SHAPE, "sequence_shape", "the source's sequences are partly digits and partly text: they have no order") \
    X(ARRAY_INDEX, "array_index", "a pointer goes into an array: an array changes as one value")             \
    X(NOT_EXPRESSIBLE, "not_expressible", "the write form of the profile cannot express the change")         \
    X(DOCUMENT_TOO_LARGE, "document_too_large",                                                              \
      "the document would become larger or deeper than it may be, so that nobody could read it again")       \
    X(MISSING, "missing", "the service has no document of this id")                                          \
    X(GONE, "gone", "the document was deleted")                                                              \
    X(REFUSED, "refused", "the service refuses the request for good")                                        \
    X(UNREADABLE, "unreadable", "the document is not JSON, too large or too deep")                           \
    X(NO_VERSION, "no_version", "the service gave no version that a write could be protected with")          \
    X(SKIPPED_BY_OPERATOR, "skipped_by_operator", "named under `skip` in the configuration")                 \
    X(CONFLICT_ATTEMPTS, "conflict_attempts", "every attempt was answered stale")                            \
    X(PRECONDITION_UNSATISFIABLE, "precondition_unsatisfiable",                                              \
      "the service refuses the version that it gave out itself")                                             \
    X(SERVICE_ERROR, "service_error", "this document alone fails for too long while others succeed")         \
    X(LOCKED, "locked", "the document was locked by somebody for too long")                                  \
    X(UNDESCRIBED, "undescribed", "answers that the profile does not describe, for too long")

enum reason {
#define X(identifier, name, sentence) REASON_##identifier,
    REASONS(X)
#undef X
    REASON_COUNT
};

/* What an answer of the service means; service/answer decides by status, body and method. */
#define MEANINGS(X)                                                                                          \
    X(OK, "ok", "done")                                                                                      \
    X(NOT_MODIFIED, "not_modified", "the known version is current (304)")                                    \
    X(STALE, "stale", "the version is no longer current")                                                    \
    X(LOCKED, "locked", "locked by somebody")                                                                \
    X(OVERLOAD, "overload", "too many requests; later")                                                      \
    X(MISSING, "missing", "no such document")                                                                \
    X(GONE, "gone", "deleted")                                                                               \
    X(REFUSED, "refused", "refused for good")                                                                \
    X(UNAUTHORIZED, "unauthorized", "credentials are refused, also after a refresh, or none are to be had")                         \
    X(UNREADABLE, "unreadable", "a success whose body is no document")                                       \
    X(NOT_EXPRESSIBLE, "not_expressible", "nothing was sent: the write form cannot express the edits")       \
    X(OUTAGE, "outage", "no connection, timeout, reset, 5xx")                                                \
    X(UNDESCRIBED, "undescribed", "an answer that the profile does not describe")

enum meaning {
#define X(identifier, name, sentence) MEANING_##identifier,
    MEANINGS(X)
#undef X
    MEANING_COUNT
};

/* How often a request may have reached the service. libcurl re-sends by itself when a reused connection dies before
 * the first byte of the answer. */
enum sent { SENT_NOT, SENT_ONCE, SENT_PERHAPS_TWICE };

const char *outcome_name(enum outcome outcome);
const char *outcome_sentence(enum outcome outcome);
bool outcome_is_dead_letter(enum outcome outcome);
bool outcome_parse(struct bytes name, enum outcome *ret_outcome);
const char *reason_name(enum reason reason); /* NULL for NONE */
const char *reason_sentence(enum reason reason);
enum reason reason_of_defect(enum event_defect defect);
const char *meaning_name(enum meaning meaning);
const char *sent_name(enum sent sent); /* "not", "once", "perhaps_twice" */

/* docs/outcomes.md, made from these tables. */
struct buffer;
void words_document(struct buffer *out);

#endif
