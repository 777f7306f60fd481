#ifndef IFMATCH_SERVICE_SERVICE_H
#define IFMATCH_SERVICE_SERVICE_H

#include "config/config.h"
#include "engine/action.h"
#include "engine/options.h"
#include "service/transport.h"

/* The document service as the engine knows it: actions READ and WRITE in, answers out. Between them the profile
 * says how this kind of service spells versions, preconditions, stale answers and writes. */
struct service;

/* Loads the profile (shipped or a file), builds the transport and the credentials. */
struct service *service_new(const struct config *config, struct error *error);
void service_free(struct service *service);

/* Puts what the profile knows into the engine's options: after_write, writes_patch, versions_are_reused, ... */
void service_set_options(const struct service *service, struct engine_options *options);

/* Begins a READ or WRITE. Exactly one answer follows, also when nothing could be sent. The action's bytes must live
 * until then. */
void service_perform(struct service *service, const struct action *action, int64_t now_ms);
void service_run(struct service *service, int64_t now_ms, int64_t wall_ms);
/* The next answer and the action it belongs to. Valid until the next call of next, run or free. */
bool service_next(struct service *service, uint64_t *ret_action_id, struct answer *ret_answer, bool *ret_is_write,
                  int64_t *ret_took_ms);
/* Credentials that could not be renewed since the last call, while the old ones still hold; NULL: nothing. For the log;
 * valid until the next run. */
const char *service_trouble(struct service *service);
int service_descriptor(const struct service *service);
int64_t service_deadline(const struct service *service);

/* Could this WRITE be sent at all? False: the write form cannot express its edits, `ret_why` (static text) says why. */
bool service_expresses(const struct service *service, const struct action *action, const char **ret_why);

/* For commands: performs one action and waits for its answer, which is valid until the next call. Nothing else may be under
 * way. False: no answer in time. */
bool service_ask(struct service *service, const struct action *action, struct answer *ret_answer);

/* For `check`: one read of a document that need not exist; true if the service answered at all in a way that fits
 * the profile (a document, 404, ...). `ret_text` (one line for people) is set in both cases; the caller frees it. */
bool service_check(struct service *service, const char *document, char **ret_text);

const char *service_profile_name(const struct service *service);
/* "GET", "PUT", "PATCH": what records and metrics call the request. */
const char *service_method(const struct service *service, bool is_write);

#endif
