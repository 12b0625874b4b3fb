/* The loops that sort hashes.
 *
 * The twins are in shingles.py and ragged.py. Hashes are spread evenly, which a sort that compares
 * does not know.
 */
#include "_kernel.h"

#define FEW 24       /* values that are sorted by insertion at once */
#define MOVES 4      /* of each value, after which insertion is given up */
#define ROUNDS 6     /* of exchanges, after which hardly a bucket is out of order */
#define MOST_BITS 17 /* of a hash that choose its bucket */

/* Sort values by insertion, unless they have to be moved more often than `most`; return whether they
 * are sorted. */
static int insert_sorted(uint64_t *values, int64_t count, int64_t most)
{
    for (int64_t at = 1; at < count && most >= 0; at++) {
        const uint64_t value = values[at];
        int64_t place = at;
        for (; place && values[place - 1] > value; place--)
            values[place] = values[place - 1];
        values[place] = value;
        most -= at - place;
    }
    return most >= 0;
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

/* Sort values of which nothing is known; most often few are out of order, beside a crowd of equals. */
static void sort_any(uint64_t *values, int64_t count)
{
    if (!insert_sorted(values, count, MOVES * count))
        qsort(values, (size_t)count, sizeof(uint64_t), by_value);
}

/* The bucket of a hash: the bits behind the first `agreed`, of which so many buckets make use. */
static inline uint64_t bucket_of(uint64_t hash, int agreed, int bits)
{
    return hash << agreed >> (64 - bits);
}

/* Sort hashes, which agree in some of their highest bits and are spread evenly by the next: by these
 * into buckets of one or two, after which hardly a value has to be moved far. Where chance, or
 * somebody, has filled a bucket with many, these are sorted as anything is. */
static void sort_hashes(const uint64_t *hashes, int64_t count, int agreed, uint64_t *values,
                        uint32_t *starts)
{
    int bits = 2;
    if (count <= FEW) {
        memcpy(values, hashes, (size_t)count * sizeof(uint64_t));
        insert_sorted(values, count, INT64_MAX);
        return;
    }
    while ((count >> bits) && bits < MOST_BITS)
        bits++;
    const int64_t buckets = 1ll << bits;
    memset(starts, 0, (size_t)(buckets + 1) * sizeof(uint32_t));
    for (int64_t at = 0; at < count; at++)
        starts[bucket_of(hashes[at], agreed, bits) + 1]++;
    const uint32_t fullest = largest_of(starts, buckets + 1);
    for (int64_t bucket = 1; bucket <= buckets; bucket++)
        starts[bucket] += starts[bucket - 1];
    for (int64_t at = 0; at < count; at++)
        values[starts[bucket_of(hashes[at], agreed, bits)]++] = hashes[at];
    for (int64_t bucket = 0, start = 0; fullest > FEW && bucket < buckets; start = starts[bucket++])
        if (starts[bucket] - start > FEW)
            sort_any(values + start, starts[bucket] - start);
    exchange(values, count);
    insert_sorted(values, count, INT64_MAX);
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
        sort_hashes(value + bound[row], count, 0, sorted, starts);
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

#define PART_BITS 10 /* by which many hashes are dealt into parts: all of these grow at the same time */
#define PART_SIZE 11 /* bits of the number of hashes that a near cache holds in two places */

/* Return in how many of their highest bits all values agree; at most 63. */
FOR_EACH_PROCESSOR
static int agreed_by(const uint64_t *values, int64_t count)
{
    uint64_t differing = 1;
    int agreed = 0;
    for (int64_t at = 0; at < count; at++)
        differing |= values[at] ^ values[0];
    while (!(differing >> (63 - agreed)))
        agreed++;
    return agreed;
}

/* Sort any number of such hashes, with as much room beside them: part by part. */
static int sort_many(uint64_t *values, int64_t count, uint64_t *room)
{
    int64_t ends[(1 << PART_BITS) + 1] = {0};
    uint32_t *starts = malloc(((1u << MOST_BITS) + 1) * sizeof(uint32_t));
    const int agreed = agreed_by(values, count);
    int bits = 1;
    if (!starts)
        return 0;
    while (count >> PART_SIZE >> bits && bits < PART_BITS)
        bits++;
    const int behind = agreed + bits < 64 ? agreed + bits : 63;
    for (int64_t at = 0; at < count; at++)
        ends[bucket_of(values[at], agreed, bits) + 1]++;
    for (int64_t part = 1; part < 1 << bits; part++)
        ends[part] += ends[part - 1];
    for (int64_t at = 0; at < count; at++)
        room[ends[bucket_of(values[at], agreed, bits)]++] = values[at];
    for (int64_t part = 0, start = 0; part < 1 << bits; start = ends[part++])
        sort_hashes(room + start, ends[part] - start, behind, values + start, starts);
    free(starts);
    return 1;
}

/* Sort hashes where they are. */
PyObject *kernel_ascending(PyObject *self, PyObject *args)
{
    Py_buffer values, room;
    int done;

    if (!PyArg_ParseTuple(args, "w*w*", &values, &room))
        return NULL;
    Py_BEGIN_ALLOW_THREADS
    done = sort_many(values.buf, values.len / (Py_ssize_t)sizeof(uint64_t), room.buf);
    Py_END_ALLOW_THREADS
    PyBuffer_Release(&values);
    PyBuffer_Release(&room);
    return done ? Py_NewRef(Py_None) : PyErr_NoMemory();
}
