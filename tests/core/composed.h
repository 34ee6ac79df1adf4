/* composed.h: models made by calls. SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef COMPOSED_H
#define COMPOSED_H

#include "edit.h"
#include <glib.h>

/* inputs: names with blanks between. */
bool compose_node(DcnModel *model,
                  const char *type,
                  const char *output,
                  const char *inputs,
                  const DcnNodeAttribute *attributes,
                  size_t n_attributes,
                  DcnError *error);

/* Seeded values between -1 and 1. */
bool compose_weights(
    DcnModel *model, const char *name, DcnShape shape, guint32 seed, DcnError *error);

/* A classifier of four classes with all kinds of attributes that a call can make, labels
 * among its metadata, and an initialiser "unused". Pictures are 3 x 13 x 11. */
DcnModel *composed_net(void);

#endif
