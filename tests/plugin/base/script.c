/* SPDX-License-Identifier: GPL-3.0-or-later */
/* script.c: tests of calls as text. */
#include "base/script.h"
#include "check.h"

static const ParamChoice methods[] = {{"plain", "x"}, {"guided", "x"}, {NULL, NULL}};

static const Param params[] = {
    {"model", PARAM_FILE, "_Model", "A file", .text = NULL},
    {"map", PARAM_INT, "_Map", "Number", .min = -1, .max = 99, .value = -1},
    {"flip", PARAM_BOOL, "_Flip", "Yes or no", .value = 1},
    {"share", PARAM_DOUBLE, "_Share", "Part", .min = 0, .max = 1, .value = 0.25},
    {"method", PARAM_CHOICE, "Me_thod", "How", .text = "plain", .choices = methods},
    {"point", PARAM_POINT, "_Point", "A pixel", .min = -5, .max = 9, .value = 0},
    {"note", PARAM_STRING, "_Note", "Any text", .text = NULL},
};

static const Procedure procedure = {
    .name = "plug-in-x",
    .params = params,
    .n_params = G_N_ELEMENTS(params),
};

static ParamValues *
changed(void)
{
    ParamValues *values = param_values_new(params, G_N_ELEMENTS(params));
    param_set_text(values, "model", "/a \"b\"\\net.onnx");
    param_set_bool(values, "flip", FALSE);
    param_set_double(values, "share", 0.1);
    param_set_point(values, "point", 3, -4);
    param_set_text(values, "note", "猫\n'");
    return values;
}

static void
check_script(ScriptLanguage language, const ParamValues *values, const char *wanted)
{
    char *text = script_text(language, &procedure, values);
    check_same_text(text, wanted);
    g_free(text);
}

static void
all_arguments_stand_in_their_order_in_gimp_2(void)
{
    ParamValues *values = changed();
    check_script(SCRIPT_SCHEME_2, values,
                 "(let* ((image (vector-ref (cadr (gimp-image-list)) 0))\n"
                 "       (drawable (car (gimp-image-get-active-drawable image))))\n"
                 "  (plug-in-x RUN-NONINTERACTIVE image drawable\n"
                 "    \"/a \\\"b\\\"\\\\net.onnx\"\n"
                 "    -1\n"
                 "    0\n"
                 "    0.1\n"
                 "    \"plain\"\n"
                 "    3\n"
                 "    -4\n"
                 "    \"猫\\n'\"))\n");
    param_values_free(values);
}

static void
others_than_the_defaults_are_named_in_gimp_3(void)
{
    ParamValues *values = changed();
    check_script(SCRIPT_SCHEME_3, values,
                 "(let* ((image (vector-ref (car (gimp-get-images)) 0))\n"
                 "       (drawables (car (gimp-image-get-selected-drawables image))))\n"
                 "  (plug-in-x #:run-mode RUN-NONINTERACTIVE\n"
                 "    #:image image #:drawables drawables\n"
                 "    #:model \"/a \\\"b\\\"\\\\net.onnx\"\n"
                 "    #:flip #f\n"
                 "    #:share 0.1\n"
                 "    #:point-x 3\n"
                 "    #:point-y -4\n"
                 "    #:note \"猫\\n'\"))\n");
    check_script(
        SCRIPT_PYTHON_3, values,
        "from gi.repository import Gimp, Gio\n"
        "image = Gimp.get_images()[0]\n"
        "procedure = Gimp.get_pdb().lookup_procedure(\"plug-in-x\")\n"
        "config = procedure.create_config()\n"
        "config.set_property(\"run-mode\", Gimp.RunMode.NONINTERACTIVE)\n"
        "config.set_property(\"image\", image)\n"
        "config.set_core_object_array(\"drawables\", image.get_selected_drawables())\n"
        "config.set_property(\"model\", Gio.File.new_for_path(\"/a "
        "\\\"b\\\"\\\\net.onnx\"))\n"
        "config.set_property(\"flip\", False)\n"
        "config.set_property(\"share\", 0.1)\n"
        "config.set_property(\"point-x\", 3)\n"
        "config.set_property(\"point-y\", -4)\n"
        "config.set_property(\"note\", \"猫\\n'\")\n"
        "result = procedure.run(config)\n");
    param_values_free(values);
    values = param_values_new(params, G_N_ELEMENTS(params));
    check_script(SCRIPT_SCHEME_3, values,
                 "(let* ((image (vector-ref (car (gimp-get-images)) 0))\n"
                 "       (drawables (car (gimp-image-get-selected-drawables image))))\n"
                 "  (plug-in-x #:run-mode RUN-NONINTERACTIVE\n"
                 "    #:image image #:drawables drawables))\n");
    param_values_free(values);
}

CHECK_MAIN(CHECK_TEST(all_arguments_stand_in_their_order_in_gimp_2),
           CHECK_TEST(others_than_the_defaults_are_named_in_gimp_3))
