/* SPDX-License-Identifier: GPL-3.0-or-later */
/* sparse.c: tests of weights of which a file has only those that are not zero. */
#include "check.h"
#include "core/fixture/build_model.h"
#include "core/fixture/model_run.h"

static NewModel *
product_net(void)
{
    NewModel *net = new_model(13);
    new_input(net, "x", "1,3");
    new_output(net, "y");
    return net;
}

static NewModel *
sparse_net(const char *shape, const char *index_shape, const char *indices)
{
    NewModel *net = product_net();
    new_floats(net, "w", "3", (float[]){2, -1, 0.5F});
    new_shaped_ints(net, "w indices", index_shape, indices);
    new_sparse(net, shape);
    new_node(net, "MatMul", "", "x;w", "y", "");
    return net;
}

static void
the_rest_is_zero(void)
{
    static const char *const ways[][2] = {{"3", "1,3,5"}, {"3,2", "0,1,1,1,2,1"}};
    for (int i = 0; i < 2; i++) {
        NewModel *plain = product_net();
        new_floats(plain, "w", "3,2", (float[]){0, 2, 0, -1, 0, 0.5F});
        new_node(plain, "MatMul", "", "x;w", "y", "");
        model_same_answers(plain, sparse_net("3,2", ways[i][0], ways[i][1]));
    }
}

static void
what_does_not_fit_is_refused(void)
{
    static const char part[] = "its indices do not fit its values or its shape";
    model_refused(sparse_net("3,2", "3", "1,3,6"), part);
    model_refused(sparse_net("3,2", "3", "1,-3,5"), part);
    model_refused(sparse_net("3,2", "3,2", "0,1,1,2,2,1"), part);
    model_refused(sparse_net("3,2", "2", "1,3"), part);
    model_refused(sparse_net("3,2", "3,1", "1,3,5"), part);
    model_refused(sparse_net("100000,100000", "3", "1,3,5"), "more than");
}

/* Each would do, of one byte an element. */
static void
all_of_a_file_are_counted(void)
{
    NewModel *net = product_net();
    for (int i = 0; i < 2; i++) {
        new_bytes(net, i ? "v" : "w", "1", DCN_INT8, (const guint8 *)"\1", 1, TRUE);
        new_shaped_ints(net, i ? "v indices" : "w indices", "1", "5");
        new_sparse(net, "7000,10000");
    }
    new_node(net, "MatMul", "", "x;w", "y", "");
    model_refused(net,
                  "sparse tensor \"v\": the file's have more than 134217728 elements");
}

CHECK_MAIN(CHECK_TEST(the_rest_is_zero),
           CHECK_TEST(what_does_not_fit_is_refused),
           CHECK_TEST(all_of_a_file_are_counted))
