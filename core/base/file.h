/* SPDX-License-Identifier: GPL-3.0-or-later */
/* file.h: files mapped or read into memory: a model, and the data files beside it. */
#ifndef DCN_BASE_FILE_H
#define DCN_BASE_FILE_H

#include "dcn.h"

typedef struct {
    const unsigned char *bytes;
    size_t size;
    bool copied; /* set before it is mapped: it is read instead, and may change then */
} DcnFile;

/* Maps a regular file, read only. False and an error if it cannot be read or is empty. */
bool dcn_file_map(const char *path, DcnFile *file, DcnError *error);
void dcn_file_unmap(DcnFile *file);

/* Gives the memory of whole pages of a part back. They are read again where they are
 * wanted. Nothing, if the part is not of this file, or the file was copied. */
void dcn_file_let_go(const DcnFile *file, const void *part, size_t size);

/* The folder that a symbolic link leads to, as an absolute path without links; free().
 * NULL: path is no link, or there is no memory. */
char *dcn_file_link_folder(const char *path);

/* A data file beside a model: `location` as the model has it must be a relative path
 * inside `folder`, to a regular file with one name. It may be a symbolic link only if it
 * leads right into `linked`, the folder that the model's own link leads to (NULL: the
 * model is no link): caches of downloads keep both as links into one folder. */
bool dcn_file_map_beside(const char *folder,
                         const char *linked,
                         const char *location,
                         DcnFile *file,
                         DcnError *error);

#endif
