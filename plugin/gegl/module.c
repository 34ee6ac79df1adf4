/* SPDX-License-Identifier: GPL-3.0-or-later */
/* gegl/module.c: what GEGL asks of a module: which operations it has. */
#define _GNU_SOURCE /* dladdr() */

#include "gegl/filter.h"
#include "net/net.h"
#include <cblas.h>
#include <dlfcn.h>

extern const Procedure procedure_project, procedure_occlusion;

G_MODULE_EXPORT const GeglModuleInfo *gegl_module_query(GTypeModule *module);
G_MODULE_EXPORT gboolean gegl_module_register(GTypeModule *module);

static const char *const projection_params[] = {"model",      "layer",  "map", "unit",
                                                "point",      "method", "fit", "area",
                                                "percentile", "zero",   NULL};

static const char *const occlusion_params[] = {
    "model", "show", "labels", "layer",  "map",    "size",   "step",    "fill",
    "color", "fit",  "value",  "change", "colors", "smooth", "opacity", NULL};

/* One map is shown, and a projection is the other operation's. */
static const char *const occlusion_without[] = {"show", "projection", "show", "all",
                                                NULL};

#define REFERENCE                                                                        \
    "Zeiler and Fergus, Visualizing and Understanding Convolutional Networks, ECCV "     \
    "2014, https://arxiv.org/abs/1311.2901"

static const FilterKind kinds[] = {
    {.name = "featurescope:projection",
     .type = "FeaturescopeProjection",
     .menu = N_("Projection as a _Filter..."),
     .title = N_("Projection as a Filter"),
     .reference = REFERENCE,
     .procedure = &procedure_project,
     .params = projection_params,
     .compute = project_compute},
    {.name = "featurescope:occlusion",
     .type = "FeaturescopeOcclusion",
     .menu = N_("Occlusion as a Fi_lter..."),
     .title = N_("Occlusion as a Filter"),
     .reference = REFERENCE,
     .procedure = &procedure_occlusion,
     .params = occlusion_params,
     .without = occlusion_without,
     .coarse = TRUE,
     .compute = occlude_compute},
};

/* Ends the threads that OpenBLAS has started when it was loaded: the core has its own,
 * as many as GEGL is set to, while something is computed. */
void blas_thread_shutdown_(void);

static void
start(void)
{
    char *data = host_data_folder();
    char *locale = g_build_filename(data, "locale", NULL);
    if (g_file_test(locale, G_FILE_TEST_IS_DIR))
        bindtextdomain(GETTEXT_PACKAGE, locale);
    bind_textdomain_codeset(GETTEXT_PACKAGE, "UTF-8");
    g_free(locale);
    g_free(data);
    net_copy_files();
    openblas_set_num_threads(1);
    blas_thread_shutdown_();
}

const GeglModuleInfo *
gegl_module_query(GTypeModule *module)
{
    static const GeglModuleInfo info = {GEGL_MODULE_ABI_VERSION};
    (void)module;
    return &info;
}

gboolean
gegl_module_register(GTypeModule *module)
{
    Dl_info own;
    GModule *self = dladdr((void *)(guintptr)gegl_module_query, &own)
                        ? g_module_open(own.dli_fname, G_MODULE_BIND_LAZY)
                        : NULL;
    if (!self)
        return FALSE;
    g_module_make_resident(self); /* types and a timer of ours may outlive a use */
    g_module_close(self);
    start();
    for (gsize i = 0; i < G_N_ELEMENTS(kinds); i++)
        filter_register(module, &kinds[i]);
    return TRUE;
}
