/* SPDX-License-Identifier: GPL-3.0-or-later */
/* scan.c: one walk over a ModelProto's bytes before protobuf-c sees them.
 *
 * Two things protobuf-c cannot do: leave weights where they are (it copies every bytes
 * field), and refuse messages that nest without end or are all tiny fields. So this walk
 * copies the file, but in place of each TensorProto.raw_data it writes where the data
 * lie, and it bounds depth and number of fields on the way.
 *
 * Wire format: https://protobuf.dev/programming-guides/encoding/ . A nested message's
 * length changes with its contents, so it is written as a varint of five bytes, longer
 * than need be, and filled in afterwards. */
#include "base/error.h"
#include "onnx/onnx.h"
#include <stdlib.h>
#include <string.h>

#define MAX_GRAPH_DEPTH 8
#define MAX_FIELDS ((size_t)1 << 23)
#define MAX_SKELETON ((size_t)1 << 31)

enum { WIRE_VARINT = 0, WIRE_64 = 1, WIRE_BYTES = 2, WIRE_32 = 5 };

/* The messages that lead to tensors; any other is copied as it is. */
typedef enum { MODEL, GRAPH, FUNCTION, NODE, ATTRIBUTE, SPARSE, TENSOR, OTHER } Message;

static const struct {
    Message message;
    unsigned field;
    Message child;
} children[] = {
    {MODEL, 7, GRAPH},         {MODEL, 25, FUNCTION},   {FUNCTION, 7, NODE},
    {FUNCTION, 11, ATTRIBUTE}, {GRAPH, 1, NODE},        {GRAPH, 5, TENSOR},
    {NODE, 5, ATTRIBUTE},      {ATTRIBUTE, 5, TENSOR},  {ATTRIBUTE, 6, GRAPH},
    {GRAPH, 15, SPARSE},       {ATTRIBUTE, 22, SPARSE}, {SPARSE, 1, TENSOR},
    {SPARSE, 2, TENSOR},
};
#define TENSOR_RAW_DATA 9

typedef struct {
    const unsigned char *bytes;
    size_t at;
    unsigned char *out;
    size_t used, room;
    size_t fields;
    DcnError *error;
} Scan;

static Message
child_of(Message message, uint64_t field)
{
    for (size_t i = 0; i < sizeof children / sizeof *children; i++)
        if (children[i].message == message && children[i].field == field)
            return children[i].child;
    return OTHER;
}

static bool
not_onnx(Scan *scan)
{
    return dcn_fail(scan->error, DCN_ERROR_FORMAT,
                    "this is not an ONNX file, or it is damaged (at byte %zu)", scan->at);
}

static bool
cut_off(Scan *scan)
{
    return dcn_fail(scan->error, DCN_ERROR_FORMAT,
                    "this is not an ONNX file, or it is cut off (at byte %zu)", scan->at);
}

static bool
get_varint(Scan *scan, size_t end, uint64_t *value)
{
    *value = 0;
    for (unsigned shift = 0; shift < 64; shift += 7) {
        if (scan->at == end)
            return cut_off(scan);
        unsigned char byte = scan->bytes[scan->at++];
        *value |= (uint64_t)(byte & 0x7F) << shift;
        if (byte < 0x80)
            return true;
    }
    return not_onnx(scan);
}

static bool
put(Scan *scan, const void *bytes, size_t count)
{
    if (count > MAX_SKELETON - scan->used)
        return dcn_fail(scan->error, DCN_ERROR_FORMAT,
                        "the file holds more than 2 GB outside of its tensors");
    if (scan->used + count > scan->room) {
        size_t room = scan->room + scan->room / 2 + count + 4096;
        unsigned char *out = realloc(scan->out, room);
        if (!out)
            return dcn_fail_memory(scan->error, "reading the model", room);
        scan->out = out;
        scan->room = room;
    }
    if (count > 0)
        memcpy(scan->out + scan->used, bytes, count);
    scan->used += count;
    return true;
}

static bool
put_varint(Scan *scan, uint64_t value)
{
    unsigned char bytes[10];
    size_t n = 0;
    for (; value >= 0x80; value >>= 7)
        bytes[n++] = (unsigned char)(value | 0x80);
    bytes[n++] = (unsigned char)value;
    return put(scan, bytes, n);
}

/* Writes offset and length of the data in place of the data. */
static bool
put_span(Scan *scan, uint64_t offset, uint64_t length)
{
    unsigned char bytes[16];
    for (unsigned i = 0; i < 8; i++) {
        bytes[i] = (unsigned char)(offset >> 8 * i);
        bytes[8 + i] = (unsigned char)(length >> 8 * i);
    }
    return put_varint(scan, sizeof bytes) && put(scan, bytes, sizeof bytes);
}

static bool
fill_length(Scan *scan, size_t place, size_t length)
{
    for (unsigned i = 0; i < 5; i++)
        scan->out[place + i] =
            (unsigned char)((length >> 7 * i & 0x7F) | (i < 4 ? 0x80 : 0));
    return true;
}

/* Copies the fields of one message, which ends at `end`. */
static bool
copy_message(Scan *scan, Message message, size_t end, int depth)
{
    while (scan->at < end) {
        uint64_t tag, length;
        if (!get_varint(scan, end, &tag))
            return false;
        if (++scan->fields > MAX_FIELDS)
            return dcn_fail(scan->error, DCN_ERROR_FORMAT,
                            "the file has more than %zu fields", MAX_FIELDS);
        unsigned wire = (unsigned)(tag & 7);
        if (tag >> 3 == 0 || tag >> 32 != 0)
            return not_onnx(scan);
        if (!put_varint(scan, tag))
            return false;
        switch (wire) {
        case WIRE_VARINT:
            if (!get_varint(scan, end, &length) || !put_varint(scan, length))
                return false;
            continue;
        case WIRE_64:
        case WIRE_32:
            length = wire == WIRE_64 ? 8 : 4;
            if (end - scan->at < length)
                return cut_off(scan);
            break;
        case WIRE_BYTES:
            if (!get_varint(scan, end, &length))
                return false;
            if (end - scan->at < length)
                return cut_off(scan);
            break;
        default:
            return not_onnx(scan);
        }
        Message child = wire == WIRE_BYTES ? child_of(message, tag >> 3) : OTHER;
        size_t start = scan->at;
        if (message == TENSOR && tag >> 3 == TENSOR_RAW_DATA && wire == WIRE_BYTES) {
            if (!put_span(scan, start, length))
                return false;
            scan->at += length;
        } else if (child == OTHER) {
            if (wire == WIRE_BYTES && !put_varint(scan, length))
                return false;
            if (!put(scan, scan->bytes + start, length))
                return false;
            scan->at += length;
        } else {
            static const unsigned char five[5] = {0};
            int child_depth = depth + (child == GRAPH);
            if (child_depth > MAX_GRAPH_DEPTH)
                return dcn_fail(scan->error, DCN_ERROR_FORMAT,
                                "graphs nest more than %d deep", MAX_GRAPH_DEPTH);
            size_t place = scan->used;
            if (!put(scan, five, sizeof five) ||
                !copy_message(scan, child, start + length, child_depth))
                return false;
            fill_length(scan, place, scan->used - place - 5);
        }
    }
    return true;
}

bool
dcn_scan_model(const unsigned char *bytes,
               size_t size,
               unsigned char **skeleton,
               size_t *skeleton_size,
               DcnError *error)
{
    Scan scan = {.bytes = bytes, .error = error};
    if (!copy_message(&scan, MODEL, size, 0)) {
        free(scan.out);
        return false;
    }
    *skeleton = scan.out;
    *skeleton_size = scan.used;
    return true;
}
