/* SPDX-License-Identifier: GPL-3.0-or-later */
/* lrn.h: what a plan says of a local response normalisation that no file can say. */
#ifndef DCN_OPS_NORM_LRN_H
#define DCN_OPS_NORM_LRN_H

/* An attribute of ours: how many channels before c the window of c begins, at most
 * size - 1. Absent: (size - 1) / 2, as ONNX has it; PyTorch's begins size / 2 before. */
#define DCN_LRN_BEFORE "before, not ONNX's"

#endif
