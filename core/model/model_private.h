/* SPDX-License-Identifier: GPL-3.0-or-later */
/* model_private.h: the inside of DcnModel, for the files that look things up in a model,
 * change it, read it (onnx/) and write it. */
#ifndef DCN_MODEL_MODEL_PRIVATE_H
#define DCN_MODEL_MODEL_PRIVATE_H

#include "base/arena.h"
#include "base/file.h"
#include "base/names.h"
#include "base/tensor.h"
#include "model/model.h"

typedef struct {
    const char *location;
    DcnFile file;
} DcnExternal;

typedef struct {
    const char *key, *value;
} DcnProperty;

struct DcnModel {
    DcnArena *arena; /* all that the reader copied */
    DcnFile file;    /* empty if parsed from memory */
    DcnGraph graph;
    size_t room_values, room_nodes, room_properties; /* of a model that grew; else 0 */
    int opset;
    int64_t ir_version;
    size_t n_properties;
    DcnProperty *properties;
    size_t n_externals;
    DcnExternal *externals;
    DcnNames value_names, node_names;
    char *folder; /* of the file; NULL: parsed from memory */
    char *linked; /* see dcn_file_link_folder() */
};

DcnModel *dcn_model_empty(DcnError *error);

/* picture.c: puts the inputs of a model that was read in their order (dcn.h). */
void dcn_model_put_picture_first(DcnModel *model);

#endif
