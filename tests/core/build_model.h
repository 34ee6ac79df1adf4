/* build_model.h: small ONNX models, written in a test. SPDX-License-Identifier:
 * GPL-3.0-or-later
 *
 *     NewModel *net = new_model(13);
 *     new_input(net, "x", "1,3,8,8");
 *     new_weights(net, "w", "4,3,3,3", seed);
 *     new_node(net, "Conv", "conv1", "x;w", "c", "pads=1,1,1,1;strides=2,2");
 *     new_output(net, "c");
 *     DcnModel *model = new_model_open(net, &error);     the net owns the bytes: free it
 * after the model
 *
 * Attributes: name=integer; name=1,2 or name=[1], a list; name=:text; name=.float;
 * name=~1.5,2, floats; name='a,b, texts; name=#1.5,2, a tensor of one axis
 */
#ifndef BUILD_MODEL_H
#define BUILD_MODEL_H

#include "dcn.h"
#include <glib.h>

typedef struct NewModel NewModel;

NewModel *new_model(int opset);
void new_model_free(NewModel *net);

/* Shapes: "1,3,-1,-1"; -1 is open. "" is a scalar. */
void new_input(NewModel *net, const char *name, const char *shape);
void new_output(NewModel *net, const char *name);
void new_node(NewModel *net,
              const char *type,
              const char *name,
              const char *inputs,
              const char *outputs,
              const char *attributes);

/* Initialisers: seeded uniform values in -1 .. 1; given floats; given integers as int64.
 */
void new_weights(NewModel *net, const char *name, const char *shape, guint32 seed);
void new_floats(NewModel *net, const char *name, const char *shape, const float *values);
void new_ints(NewModel *net, const char *name, const char *values);

/* An initialiser with data in another file. */
void new_external(NewModel *net,
                  const char *name,
                  const char *shape,
                  const char *location,
                  const char *offset);

void new_metadata(NewModel *net, const char *key, const char *value);

/* The file's bytes; they belong to the net. */
const guint8 *new_model_bytes(NewModel *net, gsize *size);
DcnModel *new_model_open(NewModel *net, DcnError *error);

/* An If whose branches are one node each, from input to output. */
void new_if(NewModel *net,
            const char *condition,
            const char *then_type,
            const char *else_type,
            const char *input,
            const char *output);

/* Depth ifs inside each other, to be refused. */
void new_nested(NewModel *net, int depth);

#endif
