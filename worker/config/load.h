#ifndef IFMATCH_CONFIG_LOAD_H
#define IFMATCH_CONFIG_LOAD_H

#include "config/schema.h"

/* The parts of config_load. What they read stays alive until the end of loading: the settings point into it.
 */
struct loading {
    struct settings settings;
    struct yaml **yamls;
    size_t yaml_count;
    char **names;
    size_t name_count;
};

/* The loading owns both from now on. NULL is passed through. */
struct yaml *loading_keep(struct loading *loading, struct yaml *yaml);
const char *loading_keep_name(struct loading *loading, char *name);

bool load_environment(struct loading *loading, struct error *error);
bool load_overrides(struct loading *loading, const struct config_overrides *overrides, struct error *error);

/* What no option can know by itself: the address, credentials, topics. */
bool check_settings(struct settings *settings, struct error *error);
/* `document:` and with it the address; they belong to the configuration. */
bool document_read(struct settings *settings, struct error *error);
/* `map:`; it belongs to the configuration. */
bool map_read(struct settings *settings, struct error *error);
bool check_auth(const struct settings *settings, struct error *error);
/* What stands in Authorization, by what is set. */
enum service_auth check_auth_kind(const struct config_auth *auth);
/* The rules of `merge:`; the caller frees. */
struct rules *rules_build(const struct settings *settings, struct error *error);
void fingerprint_set(struct config *config);

#endif
