/* SPDX-License-Identifier: GPL-3.0-or-later */
/* labels.h: the names of a network's classes. */
#ifndef FEATURESCOPE_NET_LABELS_H
#define FEATURESCOPE_NET_LABELS_H

#include <glib.h>

/* Names by class, from 0. Names may be empty or stand twice: then a class is called by
 * its number. */
typedef struct {
    char **names;
    gsize count;
} Labels;

void labels_clear(Labels *labels);

/* One name a line, UTF-8. */
gboolean labels_read(Labels *labels, const char *path, GError **error);
gboolean labels_parse(Labels *labels,
                      const char *text,
                      const char *source,
                      GError **error);

/* "tabby", or "class 281". g_free(). */
char *labels_name(const Labels *labels, gsize class_index);

/* What a script may write for the class: its name if labels_find() finds it again, else
 * its number. g_free(). */
char *labels_key(const Labels *labels, gsize class_index);

/* A class by name (exactly; else whatever the case; else what stands before a comma) or
 * by number. A failure offers the nearest names. */
gboolean labels_find(const Labels *labels,
                     gsize classes,
                     const char *wanted,
                     gsize *class_index,
                     GError **error);

#endif
