/* The loops that look hashes up in a list: how often they occur in it, and which of them do.
 *
 * The twins are in ragged.py and among.py. None of these functions touches a Python object while
 * it works, so they let other threads run.
 */
#include "_kernel_numbers.h"

/* Add up over each row how often its values occur among others, which are given, each once, with
 * their numbers. */
PyObject *kernel_weigh(PyObject *self, PyObject *args)
{
    Py_buffer hashes, weights, values, offsets, out;
    int ready;

    if (!PyArg_ParseTuple(args, "y*y*y*y*w*", &hashes, &weights, &values, &offsets, &out))
        return NULL;
    Py_BEGIN_ALLOW_THREADS
    const uint64_t *value = values.buf;
    const int64_t *bound = offsets.buf, *weight = weights.buf;
    const Py_ssize_t rows = offsets.len / (Py_ssize_t)sizeof(int64_t) - 1;
    const Series others = {hashes.buf, hashes.len / (Py_ssize_t)sizeof(uint64_t), NULL};
    Numbering numbering = {0};
    Room room = {0};
    int64_t *weight_of = roomy(&room, (size_t)(others.count + 1) * sizeof(int64_t));
    ready = weight_of && number(&numbering, others);
    if (ready) {
        weight_of[0] = 0;
        memcpy(weight_of + 1, weight, (size_t)others.count * sizeof(int64_t));
    }
    for (Py_ssize_t row = 0; ready && row < rows; row++) {
        int64_t sum = 0;
        for (int64_t place = bound[row]; place < bound[row + 1]; place++)
            sum += weight_of[number_of(&numbering, value[place])];
        ((int64_t *)out.buf)[row] = sum;
    }
    forget(&numbering);
    free(room.memory);
    Py_END_ALLOW_THREADS
    PyBuffer_Release(&hashes);
    PyBuffer_Release(&weights);
    PyBuffer_Release(&values);
    PyBuffer_Release(&offsets);
    PyBuffer_Release(&out);
    return ready ? Py_NewRef(Py_None) : PyErr_NoMemory();
}

/* Some hashes that many others are held against: a bit for each of their lowest bits tells that
 * most are none of them, and their numbers tell of the rest. */
#define LOW_BITS 20

typedef struct {
    uint64_t *present;
    Numbering numbering;
} Sought;

static int prepared(Sought *sought, const uint64_t *hashes, Py_ssize_t count)
{
    sought->present = calloc((size_t)1 << (LOW_BITS - 6), sizeof(uint64_t));
    if (!sought->present || !number(&sought->numbering, (Series){hashes, count, NULL}))
        return 0;
    for (Py_ssize_t at = 0; at < count; at++)
        sought->present[(hashes[at] >> 6) & ((1u << (LOW_BITS - 6)) - 1)] |= 1ull << (hashes[at] & 63);
    return 1;
}

static inline int is_sought(const Sought *sought, uint64_t hash)
{
    if (!((sought->present[(hash >> 6) & ((1u << (LOW_BITS - 6)) - 1)] >> (hash & 63)) & 1))
        return 0;
    return number_of(&sought->numbering, hash) != 0;
}

static void dismissed(Sought *sought)
{
    free(sought->present);
    forget(&sought->numbering);
}

PyObject *kernel_places(PyObject *self, PyObject *args)
{
    Py_buffer hashes, values, out;
    Py_ssize_t found = 0;
    int failed;

    if (!PyArg_ParseTuple(args, "y*y*w*", &hashes, &values, &out))
        return NULL;
    Py_BEGIN_ALLOW_THREADS
    const uint64_t *value = values.buf;
    const Py_ssize_t count = values.len / (Py_ssize_t)sizeof(uint64_t);
    Sought sought = {0};
    failed = !prepared(&sought, hashes.buf, hashes.len / (Py_ssize_t)sizeof(uint64_t));
    for (Py_ssize_t at = 0; !failed && at < count; at++)
        if (is_sought(&sought, value[at]))
            ((int64_t *)out.buf)[found++] = at;
    dismissed(&sought);
    Py_END_ALLOW_THREADS
    PyBuffer_Release(&hashes);
    PyBuffer_Release(&values);
    PyBuffer_Release(&out);
    return failed ? PyErr_NoMemory() : PyLong_FromSsize_t(found);
}

/* Of each row copy the values that are among the hashes, or those that are not. */
PyObject *kernel_sifted(PyObject *self, PyObject *args)
{
    Py_buffer hashes, values, starts, lengths, out, counts;
    Py_ssize_t found = 0;
    int wanted, failed;

    if (!PyArg_ParseTuple(args, "y*y*y*y*pw*w*", &hashes, &values, &starts, &lengths, &wanted,
                          &out, &counts))
        return NULL;
    Py_BEGIN_ALLOW_THREADS
    const int64_t *start = starts.buf, *length = lengths.buf;
    const Py_ssize_t rows = starts.len / (Py_ssize_t)sizeof(int64_t);
    Sought sought = {0};
    failed = !prepared(&sought, hashes.buf, hashes.len / (Py_ssize_t)sizeof(uint64_t));
    for (Py_ssize_t row = 0; !failed && row < rows; row++) {
        const uint64_t *value = (const uint64_t *)values.buf + start[row];
        const Py_ssize_t before = found;
        for (int64_t at = 0; at < length[row]; at++)
            if (is_sought(&sought, value[at]) == wanted)
                ((uint64_t *)out.buf)[found++] = value[at];
        ((int64_t *)counts.buf)[row] = found - before;
    }
    dismissed(&sought);
    Py_END_ALLOW_THREADS
    PyBuffer_Release(&hashes);
    PyBuffer_Release(&values);
    PyBuffer_Release(&starts);
    PyBuffer_Release(&lengths);
    PyBuffer_Release(&out);
    PyBuffer_Release(&counts);
    return failed ? PyErr_NoMemory() : PyLong_FromSsize_t(found);
}
