/* SPDX-License-Identifier: GPL-3.0-or-later */
/* arena.h: memory for an object with many parts, which are allocated one by one and freed
 * together with the object. */
#ifndef DCN_BASE_ARENA_H
#define DCN_BASE_ARENA_H

#include <stddef.h>

typedef struct DcnArena DcnArena;

DcnArena *dcn_arena_new(void); /* NULL if there is no memory */
void dcn_arena_free(DcnArena *arena);

/* Memory aligned to 64 bytes; NULL: there is none. alloc clears it, take does not. */
void *dcn_arena_alloc(DcnArena *arena, size_t bytes);
void *dcn_arena_take(DcnArena *arena, size_t bytes);

char *dcn_arena_strdup(DcnArena *arena, const char *text);

/* All that the arena has asked for, in bytes. */
size_t dcn_arena_bytes(const DcnArena *arena);

#endif
