/* SPDX-License-Identifier: GPL-3.0-or-later */
/* procedures.c: the list of procedures, in the order of their use. */
#include "base/procedure.h"

extern const Procedure procedure_browse, procedure_check, procedure_classify,
    procedure_compare, procedure_correspondence, procedure_evidence, procedure_evolution,
    procedure_filters, procedure_folder, procedure_invariance, procedure_judge,
    procedure_model, procedure_occlusion, procedure_project, procedure_top,
    procedure_whatif, procedure_whole;

/* one a line */
/* clang-format off */
const Procedure *const procedures[] = {
    &procedure_browse,
    &procedure_whatif,
    &procedure_classify,
    &procedure_project,
    &procedure_occlusion,
    &procedure_evidence,
    &procedure_compare,
    &procedure_judge,
    &procedure_invariance,
    &procedure_correspondence,
    &procedure_folder,
    &procedure_top,
    &procedure_model,
    &procedure_check,
    &procedure_filters,
    &procedure_evolution,
    &procedure_whole,
    NULL,
};
/* clang-format on */
