/* SPDX-License-Identifier: GPL-3.0-or-later */
/* list.c: the table of operators. */
#include "ops/op.h"
#include <string.h>

#define OP(name) extern const DcnOp dcn_op_##name;
#include "ops/list.h"
#undef OP

static const DcnOp *const ops[] = {
#define OP(name) &dcn_op_##name,
#include "ops/list.h"
#undef OP
};

const DcnOp *
dcn_op_find(const char *name)
{
    for (size_t i = 0; i < sizeof ops / sizeof *ops; i++)
        if (strcmp(ops[i]->name, name) == 0)
            return ops[i];
    return NULL;
}
