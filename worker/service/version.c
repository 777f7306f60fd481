#include "service/version.h"

#include <curl/curl.h>
#include <stdio.h>

const char *service_version(void)
{
    static char text[128];
    const curl_version_info_data *info = curl_version_info(CURLVERSION_NOW);

    snprintf(text, sizeof(text), "libcurl %s, %s", info->version, info->ssl_version != NULL ? info->ssl_version : "no TLS");
    return text;
}
