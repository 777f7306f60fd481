#ifndef IFMATCH_SERVICE_VERSION_H
#define IFMATCH_SERVICE_VERSION_H

/* Of the library in use and what it is built on: "libcurl 7.88.1, OpenSSL/3.0.15". */
const char *service_version(void);

#endif
