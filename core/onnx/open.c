/* SPDX-License-Identifier: GPL-3.0-or-later */
/* open.c: a model out of a file, or out of bytes in memory. */
#include "base/error.h"
#include "base/file.h"
#include "model/model_private.h"
#include "onnx/onnx.h"
#include <stdlib.h>
#include <string.h>

/* Puts the file's name before the sentence that says what is wrong in it. */
static void
prefix_file(DcnError *error, const char *path)
{
    if (!error || error->code == DCN_OK || error->code == DCN_ERROR_FILE)
        return;
    char text[sizeof error->text];
    memcpy(text, error->text, sizeof text);
    const char *name = strrchr(path, '/');
    dcn_fail(error, error->code, "%.200s: %s", name ? name + 1 : path, text);
}

/* The folder part of a path, malloc'ed. */
static char *
folder_of(const char *path)
{
    const char *slash = strrchr(path, '/');
    size_t length = slash ? (size_t)(slash - path) : 0;
    char *folder = malloc(length + 2);
    if (!folder)
        return NULL;
    memcpy(folder, slash ? path : ".", length + (length == 0));
    folder[length + (length == 0)] = '\0';
    return folder;
}

static DcnModel *
open_file(const char *path, bool copied, DcnError *error)
{
    DcnModel *model = dcn_model_empty(error);
    if (!model)
        return NULL;
    model->file.copied = copied;
    if (!dcn_file_map(path, &model->file, error)) {
        dcn_model_free(model);
        return NULL;
    }
    model->folder = folder_of(path);
    if (!model->folder) {
        dcn_fail_memory(error, "a path", strlen(path));
        dcn_model_free(model);
        return NULL;
    }
    model->linked = dcn_file_link_folder(path);
    if (!dcn_read_model(model, model->file.bytes, model->file.size, model->folder,
                        error)) {
        prefix_file(error, path);
        dcn_model_free(model);
        return NULL;
    }
    return model;
}

DcnModel *
dcn_model_open(const char *path, DcnError *error)
{
    return open_file(path, false, error);
}

DcnModel *
dcn_model_open_copied(const char *path, DcnError *error)
{
    return open_file(path, true, error);
}

DcnModel *
dcn_model_parse(const void *bytes, size_t size, DcnError *error)
{
    DcnModel *model = dcn_model_empty(error);
    if (model && !dcn_read_model(model, bytes, size, NULL, error)) {
        dcn_model_free(model);
        model = NULL;
    }
    return model;
}
