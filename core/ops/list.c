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

/* ONNX's own domain has two names. */
static const char *
plain_domain(const char *domain)
{
    return !domain || strcmp(domain, "ai.onnx") == 0 ? "" : domain;
}

const DcnOp *
dcn_op_find_in(const char *domain, const char *name)
{
    domain = plain_domain(domain);
    for (size_t i = 0; i < sizeof ops / sizeof *ops; i++)
        if (strcmp(ops[i]->name, name) == 0 &&
            strcmp(plain_domain(ops[i]->domain), domain) == 0)
            return ops[i];
    return NULL;
}

const DcnOp *
dcn_op_find(const char *name)
{
    return dcn_op_find_in("", name);
}
