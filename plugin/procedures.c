/* SPDX-License-Identifier: GPL-3.0-or-later */
/* procedures.c: the list of procedures, in the order of the menu. */
#include "base/procedure.h"

extern const Procedure procedure_browse, procedure_check, procedure_classify,
    procedure_compare, procedure_correspondence, procedure_evidence, procedure_evolution,
    procedure_filters, procedure_invariance, procedure_judge, procedure_model,
    procedure_occlusion, procedure_project, procedure_top, procedure_whatif,
    procedure_whole;

/* one a line */
/* clang-format off */
const Procedure *const procedures[] = {
    &procedure_project,
    &procedure_browse,
    &procedure_occlusion,
    &procedure_classify,
    &procedure_check,
    &procedure_whatif,
    &procedure_evidence,
    &procedure_invariance,
    &procedure_judge,
    &procedure_correspondence,
    &procedure_compare,
    &procedure_filters,
    &procedure_top,
    &procedure_evolution,
    &procedure_model,
    &procedure_whole,
    NULL,
};
/* clang-format on */
