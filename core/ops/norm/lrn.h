/* SPDX-License-Identifier: GPL-3.0-or-later */
/* lrn.h: what a plan says of a local response normalisation that no file can say. */
#ifndef DCN_OPS_NORM_LRN_H
#define DCN_OPS_NORM_LRN_H

/* An attribute of ours, of a normalisation that the file has in pieces: how many channels
 * before c the window of c begins, at most size - 1. Absent: (size - 1) / 2, as ONNX has
 * it; PyTorch's begins size / 2 before. With it the deconvnet goes back by the gradient,
 * as it does through the pieces. */
#define DCN_LRN_BEFORE "before, not ONNX's"

#endif
