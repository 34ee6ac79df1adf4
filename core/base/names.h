/* SPDX-License-Identifier: GPL-3.0-or-later */
/* names.h: from names to numbers. */
#ifndef DCN_BASE_NAMES_H
#define DCN_BASE_NAMES_H

#include <stdbool.h>
#include <stddef.h>

/* A hash table of borrowed strings; numbers are 0 and more. Zeroed is empty. */
typedef struct {
    struct DcnName {
        const char *name; /* NULL: free */
        int number;
    } * slots;
    size_t size, used; /* size: 0 or a power of two */
} DcnNames;

/* False: no memory. A name that is there already keeps its number. */
bool dcn_names_add(DcnNames *names, const char *name, int number);
int dcn_names_get(const DcnNames *names, const char *name); /* -1: not there */
void dcn_names_clear(DcnNames *names);

#endif
