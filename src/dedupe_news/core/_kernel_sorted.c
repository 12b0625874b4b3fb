/* The loops that sort hashes.
 *
 * The twins are in shingles.py. Hashes are spread evenly, which a sort that compares does not know.
 */
#include "_kernel.h"

#define FEW 24       /* values that are sorted by insertion at once */
#define ROUNDS 6     /* of exchanges, after which hardly a bucket is out of order */
#define MOST_BITS 17 /* of a hash that choose its bucket */

static void insert_sorted(uint64_t *values, int64_t count)
{
    for (int64_t at = 1; at < count; at++) {
        const uint64_t value = values[at];
        int64_t place = at;
        for (; place && values[place - 1] > value; place--)
            values[place] = values[place - 1];
        values[place] = value;
    }
}

/* Exchange neighbours that are out of order, first those at even places, then those at odd ones.
 * No branch depends on the values. */
FOR_EACH_PROCESSOR
static void exchange(uint64_t *values, int64_t count)
{
    for (int round = 0; round < ROUNDS; round++)
        for (int64_t at = round & 1; at + 1 < count; at += 2) {
            const uint64_t one = values[at], other = values[at + 1];
            values[at] = one < other ? one : other;
            values[at + 1] = one < other ? other : one;
        }
}

/* Whether values are in order, and none is there twice. */
FOR_EACH_PROCESSOR
static int are_ascending(const uint64_t *values, int64_t count)
{
    int wrong = 0;
    for (int64_t at = 1; at < count; at++)
        wrong |= values[at] <= values[at - 1];
    return !wrong;
}

FOR_EACH_PROCESSOR
static uint32_t largest_of(const uint32_t *values, int64_t count)
{
    uint32_t largest = 0;
    for (int64_t at = 0; at < count; at++)
        largest = values[at] > largest ? values[at] : largest;
    return largest;
}

static int by_value(const void *one, const void *other)
{
    const uint64_t left = *(const uint64_t *)one, right = *(const uint64_t *)other;
    return (left > right) - (left < right);
}

/* Sort hashes, which are spread evenly: by their highest bits into buckets of one or two, after
 * which hardly a value has to be moved far. Where chance, or somebody, has filled a bucket with many,
 * they are sorted as anything is. */
static void sort_hashes(const uint64_t *hashes, int64_t count, uint64_t *values, uint32_t *starts)
{
    int bits = 2;
    if (count <= FEW) {
        memcpy(values, hashes, (size_t)count * sizeof(uint64_t));
        insert_sorted(values, count);
        return;
    }
    while ((count >> bits) && bits < MOST_BITS)
        bits++;
    const int shift = 64 - bits;
    const int64_t buckets = 1ll << bits;
    memset(starts, 0, (size_t)(buckets + 1) * sizeof(uint32_t));
    for (int64_t at = 0; at < count; at++)
        starts[(hashes[at] >> shift) + 1]++;
    const uint32_t fullest = largest_of(starts, buckets + 1);
    for (int64_t bucket = 1; bucket <= buckets; bucket++)
        starts[bucket] += starts[bucket - 1];
    for (int64_t at = 0; at < count; at++)
        values[starts[hashes[at] >> shift]++] = hashes[at];
    if (fullest <= FEW) {
        exchange(values, count);
        insert_sorted(values, count);
        return;
    }
    for (int64_t bucket = 0, start = 0; bucket < buckets; start = starts[bucket++])
        qsort(values + start, (size_t)(starts[bucket] - start), sizeof(uint64_t), by_value);
}

/* Write the distinct values of ascending ones; return how many. */
static int64_t distinct_of(const uint64_t *values, int64_t count, uint64_t *out)
{
    int64_t kept = 0;
    if (are_ascending(values, count)) {
        memcpy(out, values, (size_t)count * sizeof(uint64_t));
        return count;
    }
    for (int64_t at = 0; at < count; at++) {
        const int fresh = !at || values[at] != values[at - 1];
        out[kept] = values[at];
        kept += fresh;
    }
    return kept;
}

/* Sort each row and drop repetitions. The result may take the place of what is sorted: it has no row
 * that starts farther behind. */
PyObject *kernel_sets(PyObject *self, PyObject *args)
{
    Py_buffer values, offsets, out, counts;
    Py_ssize_t total = 0;
    uint64_t *sorted = NULL;
    uint32_t *starts = NULL;

    if (!PyArg_ParseTuple(args, "y*y*w*w*", &values, &offsets, &out, &counts))
        return NULL;
    Py_BEGIN_ALLOW_THREADS
    const int64_t *bound = offsets.buf;
    const Py_ssize_t rows = offsets.len / (Py_ssize_t)sizeof(int64_t) - 1;
    const uint64_t *value = values.buf;
    int64_t longest = 1;
    for (Py_ssize_t row = 0; row < rows; row++)
        if (bound[row + 1] - bound[row] > longest)
            longest = bound[row + 1] - bound[row];
    sorted = malloc((size_t)longest * sizeof(uint64_t));
    starts = malloc(((1u << MOST_BITS) + 1) * sizeof(uint32_t));
    for (Py_ssize_t row = 0; sorted && starts && row < rows; row++) {
        const int64_t count = bound[row + 1] - bound[row];
        sort_hashes(value + bound[row], count, sorted, starts);
        const int64_t kept = distinct_of(sorted, count, (uint64_t *)out.buf + total);
        ((int64_t *)counts.buf)[row] = kept;
        total += kept;
    }
    free(sorted);
    free(starts);
    Py_END_ALLOW_THREADS
    PyBuffer_Release(&values);
    PyBuffer_Release(&offsets);
    PyBuffer_Release(&out);
    PyBuffer_Release(&counts);
    return sorted && starts ? PyLong_FromSsize_t(total) : PyErr_NoMemory();
}
