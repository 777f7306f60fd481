#include "kafka/state.h"

#include <stdarg.h>
#include <stdio.h>

struct kept_notice *notice_add(struct consumer *consumer, enum notice_kind kind)
{
    struct kept_notice *kept = memory_new(sizeof(*kept));

    kept->notice.kind = kind;
    list_push_back(&consumer->notices, &kept->node);
    return kept;
}

struct kept_notice *notice_say(struct consumer *consumer, enum notice_kind kind, const char *format, ...)
{
    struct kept_notice *kept = notice_add(consumer, kind);
    char text[1024];
    va_list arguments;

    va_start(arguments, format);
    vsnprintf(text, sizeof(text), format, arguments);
    va_end(arguments);
    kept->text = memory_text(text);
    kept->notice.text = kept->text;
    return kept;
}

void notice_free(struct kept_notice *kept)
{
    if (kept == NULL)
        return;
    list_remove(&kept->node);
    free(kept->assigned);
    if (kept->list != NULL)
        rd_kafka_topic_partition_list_destroy(kept->list);
    free(kept->partitions);
    free(kept->text);
    free(kept);
}
