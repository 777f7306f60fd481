#ifndef IFMATCH_SERVICE_SHIPPED_H
#define IFMATCH_SERVICE_SHIPPED_H

/* The profiles of deploy/profiles as the build compiled them in (deploy/cmake/profiles.cmake). */
struct shipped_profile {
    const char *name; /* NULL behind the last */
    const char *text;
};
extern const struct shipped_profile shipped_profiles[];

#endif
