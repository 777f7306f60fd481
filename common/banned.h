#ifndef IFMATCH_COMMON_BANNED_H
#define IFMATCH_COMMON_BANNED_H

/* Included before every source: calls that lose bytes, sizes or errors silently do not compile. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

/* Some are macros, depending on compiler and _FORTIFY_SOURCE; only identifiers can be poisoned. */
#undef alloca
#undef sprintf
#undef vsprintf
#pragma GCC poison strcpy strcat sprintf vsprintf gets strtok atoi atol atoll atof strncpy strncat
#ifndef BANNED_BUT_ALLOCA /* a library's header that speaks of it, see CMakeLists.txt */
#pragma GCC poison alloca
#endif
#pragma GCC poison asctime ctime gmtime localtime tmpnam mktemp

#endif
