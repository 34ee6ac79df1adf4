/* SPDX-License-Identifier: GPL-3.0-or-later */
/* names.c: a hash table with open addressing (FNV-1a). */
#include "base/names.h"
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

static uint64_t
hash(const char *name)
{
    uint64_t h = 14695981039346656037u;
    for (; *name; name++)
        h = (h ^ (unsigned char)*name) * 1099511628211u;
    return h;
}

/* The slot that holds the name, or the free one where it belongs. */
static struct DcnName *
find_slot(struct DcnName *slots, size_t size, const char *name)
{
    size_t i = hash(name) & (size - 1);
    while (slots[i].name && strcmp(slots[i].name, name) != 0)
        i = (i + 1) & (size - 1);
    return &slots[i];
}

static bool
grow(DcnNames *names)
{
    size_t size = names->size ? 2 * names->size : 64;
    struct DcnName *slots = calloc(size, sizeof *slots);
    if (!slots)
        return false;
    for (size_t i = 0; i < names->size; i++)
        if (names->slots[i].name)
            *find_slot(slots, size, names->slots[i].name) = names->slots[i];
    free(names->slots);
    names->slots = slots;
    names->size = size;
    return true;
}

bool
dcn_names_add(DcnNames *names, const char *name, int number)
{
    if (2 * names->used >= names->size && !grow(names))
        return false;
    struct DcnName *slot = find_slot(names->slots, names->size, name);
    if (!slot->name) {
        *slot = (struct DcnName){name, number};
        names->used++;
    }
    return true;
}

int
dcn_names_get(const DcnNames *names, const char *name)
{
    if (names->size == 0)
        return -1;
    const struct DcnName *slot = find_slot(names->slots, names->size, name);
    return slot->name ? slot->number : -1;
}

void
dcn_names_clear(DcnNames *names)
{
    free(names->slots);
    *names = (DcnNames){0};
}
