/* SPDX-License-Identifier: GPL-3.0-or-later */
/* arena.c: blocks of memory, handed out from the front and freed together. */
#include "base/arena.h"
#include "base/pages.h"
#include <stdlib.h>
#include <string.h>

typedef struct Block {
    struct Block *next;
    char *memory;
    size_t size, used;
} Block;

struct DcnArena {
    Block *first;
    size_t bytes;
};

#define BLOCK_BYTES 65536
#define ALIGN 64

DcnArena *
dcn_arena_new(void)
{
    return calloc(1, sizeof(DcnArena));
}

void
dcn_arena_free(DcnArena *arena)
{
    if (!arena)
        return;
    for (Block *block = arena->first, *next; block; block = next) {
        next = block->next;
        free(block->memory);
        free(block);
    }
    free(arena);
}

void *
dcn_arena_take(DcnArena *arena, size_t bytes)
{
    if (bytes > (size_t)1 << 50)
        return NULL;
    bytes = bytes == 0 ? ALIGN : (bytes + ALIGN - 1) / ALIGN * ALIGN;
    Block *block = arena->first;
    if (!block || block->size - block->used < bytes) {
        block = calloc(1, sizeof *block);
        if (!block)
            return NULL;
        block->size = bytes > BLOCK_BYTES ? bytes : BLOCK_BYTES;
        block->memory = dcn_pages_alloc(block->size);
        if (!block->memory) {
            free(block);
            return NULL;
        }
        /* A block of its own goes behind the first, which may still have room. */
        if (bytes > BLOCK_BYTES && arena->first) {
            block->next = arena->first->next;
            arena->first->next = block;
        } else {
            block->next = arena->first;
            arena->first = block;
        }
        arena->bytes += block->size;
    }
    void *memory = block->memory + block->used;
    block->used += bytes;
    return memory;
}

void *
dcn_arena_alloc(DcnArena *arena, size_t bytes)
{
    void *memory = dcn_arena_take(arena, bytes);
    if (memory)
        memset(memory, 0, bytes);
    return memory;
}

char *
dcn_arena_strdup(DcnArena *arena, const char *text)
{
    size_t bytes = strlen(text) + 1;
    char *copy = dcn_arena_alloc(arena, bytes);
    if (copy)
        memcpy(copy, text, bytes);
    return copy;
}

size_t
dcn_arena_bytes(const DcnArena *arena)
{
    return arena->bytes;
}
