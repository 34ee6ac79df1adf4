/* SPDX-License-Identifier: GPL-3.0-or-later */
/* scan.c: one walk over a ModelProto's bytes before protobuf-c sees them.
 *
 * Three things protobuf-c does not do: leave weights where they are (it copies every bytes
 * field), refuse messages that nest without end or are all tiny fields, and see to it that
 * strings are UTF-8. So this walk copies the file, but in place of each
 * TensorProto.raw_data it writes where the data lie, it bounds depth and number of fields
 * on the way, and what is no UTF-8 in a name becomes that (old exporters wrote names of
 * their own code pages): a byte becomes the character of its number, so that names that
 * differ still do.
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

/* The messages that lead to tensors and to names; any other is copied as it is. */
typedef enum {
    MODEL,
    OPSET,
    PROPERTY,
    GRAPH,
    FUNCTION,
    NODE,
    ATTRIBUTE,
    SPARSE,
    TENSOR,
    VALUE,
    TYPE,
    TENSOR_TYPE,
    SHAPE,
    DIMENSION,
    OTHER
} Message;

static const struct {
    Message message;
    unsigned field;
    Message child;
} children[] = {
    {MODEL, 7, GRAPH},         {MODEL, 25, FUNCTION},   {FUNCTION, 7, NODE},
    {FUNCTION, 11, ATTRIBUTE}, {GRAPH, 1, NODE},        {GRAPH, 5, TENSOR},
    {NODE, 5, ATTRIBUTE},      {ATTRIBUTE, 5, TENSOR},  {ATTRIBUTE, 6, GRAPH},
    {GRAPH, 15, SPARSE},       {ATTRIBUTE, 22, SPARSE}, {SPARSE, 1, TENSOR},
    {SPARSE, 2, TENSOR},       {MODEL, 8, OPSET},       {MODEL, 14, PROPERTY},
    {GRAPH, 11, VALUE},        {GRAPH, 12, VALUE},      {GRAPH, 13, VALUE},
    {FUNCTION, 9, OPSET},      {VALUE, 2, TYPE},        {TYPE, 1, TENSOR_TYPE},
    {TENSOR_TYPE, 2, SHAPE},   {SHAPE, 1, DIMENSION},
};
#define TENSOR_RAW_DATA 9

/* Their strings, but for names of files (TensorProto.external_data), which are bytes. */
static const struct {
    Message message;
    unsigned fields[8];
} texts[] = {
    {MODEL, {2, 3, 4, 6}},
    {OPSET, {1}},
    {PROPERTY, {1, 2}},
    {GRAPH, {2, 10}},
    {FUNCTION, {1, 4, 5, 6, 8, 10, 13}},
    {NODE, {1, 2, 3, 4, 6, 7, 8}},
    {ATTRIBUTE, {1, 13, 21}},
    {TENSOR, {8, 12}},
    {VALUE, {1, 3}},
    {DIMENSION, {2}},
};

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
is_text(Message message, uint64_t field)
{
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
        for (size_t k = 0; texts[i].message == message && k < 8; k++)
            if (texts[i].fields[k] == field)
                return true;
    return false;
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

/* Bytes of the UTF-8 character that the text begins with; 0: it begins with none.
 * RFC 3629, section 4. */
static size_t
character(const unsigned char *text, size_t length)
{
    unsigned char first = text[0], low = 0x80, high = 0xBF;
    if (first < 0x80)
        return 1;
    size_t count = first < 0xC2   ? 0
                   : first < 0xE0 ? 2
                   : first < 0xF0 ? 3
                   : first < 0xF5 ? 4
                                  : 0;
    if (count == 0 || count > length)
        return 0;
    if (first == 0xE0)
        low = 0xA0;
    if (first == 0xED)
        high = 0x9F;
    if (first == 0xF0)
        low = 0x90;
    if (first == 0xF4)
        high = 0x8F;
    for (size_t i = 1; i < count; i++, low = 0x80, high = 0xBF)
        if (text[i] < low || text[i] > high)
            return 0;
    return count;
}

/* A string with its length, as UTF-8. */
static bool
put_text(Scan *scan, const unsigned char *text, size_t length)
{
    size_t strange = 0, step;
    for (size_t i = 0; i < length; i += step ? step : 1)
        strange += (step = character(text + i, length - i)) == 0;
    if (!put_varint(scan, length + strange))
        return false;
    if (strange == 0)
        return put(scan, text, length);
    for (size_t i = 0; i < length; i += step ? step : 1) {
        step = character(text + i, length - i);
        const unsigned char two[2] = {(unsigned char)(0xC0 | text[i] >> 6),
                                      (unsigned char)(0x80 | (text[i] & 0x3F))};
        if (!put(scan, step ? text + i : two, step ? step : sizeof two))
            return false;
    }
    return true;
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
        } else if (wire == WIRE_BYTES && is_text(message, tag >> 3)) {
            if (!put_text(scan, scan->bytes + start, length))
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
