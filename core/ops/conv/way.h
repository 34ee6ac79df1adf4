/* SPDX-License-Identifier: GPL-3.0-or-later */
/* way.h: ways to compute a convolution. Read this before any file in this folder.
 *
 * A convolution is three maps (DcnConvMap), and each can be computed in several ways,
 * which differ by what they fit, by speed and by rounding. A way is one file and one
 * declared DcnConvWay; ways.c has them in three lists, one a map. The first of a list
 * that fits and pays is taken; the last is the definition by columns and BLAS, and fits
 * everything. To add a way: write its file, name it in ways.c and in meson.build.
 *
 * Forms. Weights in another layout are a form. A way that needs one says how large it is
 * and how it is made. Forms are made once a plan (in training before each pass), shared
 * by runs of other sizes, as patches of occlusion are, and say themselves of which ways
 * they are: a run takes no way whose form was not made.
 *
 * The choice is made by dcn_conv_choose() and nowhere else. What a plan asks for, forms
 * and scratch memory, is what that function may choose later. */
#ifndef DCN_OPS_CONV_WAY_H
#define DCN_OPS_CONV_WAY_H

#include "ops/conv/conv2d.h"

typedef enum {
    DCN_CONV_FORWARD, /* y = clamp(w x + bias), bias by map */
    DCN_CONV_BACK,    /* x = clamp(w' y + bias), bias by channel: the transpose */
    DCN_CONV_WEIGHTS, /* dw += sum over images of y x' */
    DCN_CONV_MAPS
} DcnConvMap;

/* What a plan knows of the runs. */
typedef struct {
    size_t images;  /* of a run; 0: any number */
    bool training;  /* weights change, and forms are made before each pass */
    bool ahead;     /* the map gives what an operator puts out, not what comes back */
    bool forms;     /* forms are made */
    bool transform; /* also those that take more memory and pay for several runs only */
} DcnConvUse;

/* One run of one map. Of y and x, the side that the map gives is written. */
typedef struct {
    const DcnConv2d *conv;
    const DcnConvUse *use; /* that scratch memory was asked for */
    DcnContext *context;
    size_t images;
    const DcnImages *y, *x; /* the map side, the image side */
    const float *weights;   /* as the file has them */
    const float *forms;     /* by dcn_conv_prepare(); NULL: none */
    const float *form;      /* the one of the way that runs; NULL: it needs none */
    float *dw;              /* weights only */
    const float *bias;      /* NULL: none */
    DcnClamp clamp;
    bool add;          /* to what is there, before it is clamped */
    const DcnBox *box; /* back only: the maps and the rows (all of each) of y that are to
                          be looked at; NULL: all. Then with add and without bias and
                          clamp, and x is zero where the box cannot reach */
    bool narrow;       /* back only: y may be zero but for a few places and maps */
} DcnConvRun;

typedef struct {
    const char *name;

    /* True if the way can compute this convolution, whose depth is 1 where it is not deep,
     * and the convolution is large enough to gain by it. */
    bool (*fits)(const DcnConv2d *conv);

    /* Is asked only where the way fits. True if it is quicker than the ways behind it in
     * the list, with that many images. With 0 images: true if it is for some number of
     * images. NULL: it always is. */
    bool (*pays)(const DcnConv2d *conv, const DcnConvUse *use);

    bool deep;       /* it fits convolutions over three axes as well */
    bool transforms; /* its form is larger than the weights: see DcnConvUse.transform */
    bool boxes;      /* it honours DcnConvRun.box */
    bool wide;       /* it does not gain where y is zero nearly everywhere */

    /* Floats of the form, and the form itself. NULL: it takes weights as they are. */
    size_t (*floats)(const DcnConv2d *conv, const DcnConvUse *use);
    void (*prepare)(const DcnConv2d *conv,
                    const DcnConvUse *use,
                    const float *weights,
                    float *form);

    /* Bytes of scratch memory that each thread needs for use->images. */
    size_t (*scratch)(const DcnConv2d *conv, const DcnConvUse *use);

    void (*run)(const DcnConvRun *run);
} DcnConvWay;

/* The ways of a map, in the order in which they are tried. NULL ends the list. */
const DcnConvWay *const *dcn_conv_ways(DcnConvMap map);

/* Floats of the forms that runs may want, with a table of what there is, and the forms.
 * 0 floats: the plan makes none, and nothing is to be prepared. */
size_t dcn_conv_forms(DcnConvMap map, const DcnConv2d *conv, const DcnConvUse *use);
void dcn_conv_prepare(DcnConvMap map,
                      const DcnConv2d *conv,
                      const DcnConvUse *use,
                      const float *weights,
                      float *forms);

/* The floats that forms take, as they say themselves. */
size_t dcn_conv_forms_size(const float *forms);

/* Bytes of scratch memory that each thread needs, whatever is chosen, with transformed
 * forms or without. */
size_t dcn_conv_scratch(DcnConvMap map, const DcnConv2d *conv, const DcnConvUse *use);

const DcnConvWay *dcn_conv_choose(DcnConvMap map, const DcnConvRun *run);

/* Chooses a way and runs it. */
void dcn_conv_run(DcnConvMap map, const DcnConvRun *run);

#endif
