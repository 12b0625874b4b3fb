/* The loops that compare sets: what two of them share, what several do, and who holds the same key.
 *
 * The twins are in ragged.py, verify.py, holders.py and pair_counts.py. None of these functions
 * touches a Python object while it works, so they let other threads run.
 */
#include "_kernel.h"

#define FEW_OTHERS 32 /* that are sorted by insertion */

/* How many values two ascending runs without repetition have in common; no branch to guess. */
static int64_t common(const uint64_t *one, const uint64_t *one_end, const uint64_t *other,
                      const uint64_t *other_end)
{
    int64_t count = 0;
    while (one < one_end && other < other_end) {
        const uint64_t left = *one, right = *other;
        size_t on = left <= right, on_other = right <= left;
        NO_BRANCH(on);
        NO_BRANCH(on_other);
        count += left == right;
        one += on;
        other += on_other;
    }
    return count;
}

typedef int64_t Common(const uint64_t *, const uint64_t *, const uint64_t *, const uint64_t *);

#ifdef HAS_WIDE_PROCESSORS
/* The same, `lanes` values at a time: all of one block are held against all of the other, and
 * whichever ends first is done with. A value occurs once on either side, so nothing is counted twice.
 * Schlegel, Willhalm and Lehner, "Fast sorted-set intersection using SIMD instructions" (2011). */
#define COMMON_IN_BLOCKS(name, processor, lanes)                                                   \
    __attribute__((target(processor))) static int64_t name(                                        \
        const uint64_t *one, const uint64_t *one_end, const uint64_t *other,                       \
        const uint64_t *other_end)                                                                 \
    {                                                                                              \
        typedef uint64_t Block __attribute__((vector_size(lanes * sizeof(uint64_t))));             \
        Block block, hits = {0};                                                                   \
        while (one_end - one >= lanes && other_end - other >= lanes) {                             \
            const uint64_t left = one[lanes - 1], right = other[lanes - 1];                        \
            size_t on = left <= right, on_other = right <= left;                                   \
            NO_BRANCH(on);                                                                         \
            NO_BRANCH(on_other);                                                                   \
            memcpy(&block, one, sizeof block);                                                     \
            for (int lane = 0; lane < lanes; lane++)                                               \
                hits -= (Block)(block == other[lane]);                                             \
            one += lanes * on;                                                                     \
            other += lanes * on_other;                                                             \
        }                                                                                          \
        int64_t count = common(one, one_end, other, other_end);                                    \
        for (int lane = 0; lane < lanes; lane++)                                                   \
            count += (int64_t)hits[lane];                                                          \
        return count;                                                                              \
    }

COMMON_IN_BLOCKS(common_512, "avx512f", 8)
COMMON_IN_BLOCKS(common_256, "avx2", 4)

static Common *common_here(void)
{
    if (__builtin_cpu_supports("avx512f"))
        return common_512;
    return __builtin_cpu_supports("avx2") ? common_256 : common;
}
#else
static Common *common_here(void) { return common; }
#endif

PyObject *kernel_shared(PyObject *self, PyObject *args)
{
    Py_buffer values, left, left_end, right, right_end, out;

    if (!PyArg_ParseTuple(args, "y*y*y*y*y*w*", &values, &left, &left_end, &right, &right_end,
                          &out))
        return NULL;
    Py_BEGIN_ALLOW_THREADS
    const uint64_t *value = values.buf;
    const int64_t *one = left.buf, *one_end = left_end.buf;
    const int64_t *other = right.buf, *other_end = right_end.buf;
    const Py_ssize_t pairs = out.len / (Py_ssize_t)sizeof(int64_t);
    Common *const in_both = common_here();
    for (Py_ssize_t pair = 0; pair < pairs; pair++)
        ((int64_t *)out.buf)[pair] = in_both(value + one[pair], value + one_end[pair],
                                             value + other[pair], value + other_end[pair]);
    Py_END_ALLOW_THREADS
    PyBuffer_Release(&values);
    PyBuffer_Release(&left);
    PyBuffer_Release(&left_end);
    PyBuffer_Release(&right);
    PyBuffer_Release(&right_end);
    PyBuffer_Release(&out);
    Py_RETURN_NONE;
}

/* How many values each of some ascending sets has, and each two share, without those that `most`
 * sets or more have in common. */
static void company_of(const uint64_t **heads, const uint64_t **ends, Py_ssize_t count,
                       Py_ssize_t most, int64_t *sizes, int64_t *shared)
{
    Py_ssize_t *holders = (Py_ssize_t *)(ends + count);
    for (;;) {
        uint64_t least = UINT64_MAX;
        Py_ssize_t held = 0, open = 0;
        for (Py_ssize_t set = 0; set < count; set++) {
            if (heads[set] == ends[set])
                continue;
            open++;
            least = *heads[set] < least ? *heads[set] : least;
        }
        if (!open)
            return;
        for (Py_ssize_t set = 0; set < count; set++) {
            if (heads[set] == ends[set] || *heads[set] != least)
                continue;
            heads[set]++;
            holders[held++] = set;
        }
        if (held >= most)
            continue;
        for (Py_ssize_t one = 0; one < held; one++) {
            sizes[holders[one]]++;
            for (Py_ssize_t other = one + 1; other < held; other++)
                shared[holders[one] * count + holders[other]]++;
        }
    }
}

PyObject *kernel_company(PyObject *self, PyObject *args)
{
    Py_buffer values, offsets, sizes, shared;
    Py_ssize_t most;

    if (!PyArg_ParseTuple(args, "y*y*nw*w*", &values, &offsets, &most, &sizes, &shared))
        return NULL;
    const int64_t *bound = offsets.buf;
    const Py_ssize_t count = offsets.len / (Py_ssize_t)sizeof(int64_t) - 1;
    const uint64_t **heads =
        malloc((size_t)(count + 1) * (2 * sizeof(uint64_t *) + sizeof(Py_ssize_t)));
    if (heads) {
        const uint64_t **ends = heads + count;
        for (Py_ssize_t set = 0; set < count; set++) {
            heads[set] = (const uint64_t *)values.buf + bound[set];
            ends[set] = (const uint64_t *)values.buf + bound[set + 1];
        }
        memset(sizes.buf, 0, (size_t)sizes.len);
        memset(shared.buf, 0, (size_t)shared.len);
        company_of(heads, ends, count, most, sizes.buf, shared.buf);
        free(heads);
    }
    PyBuffer_Release(&values);
    PyBuffer_Release(&offsets);
    PyBuffer_Release(&sizes);
    PyBuffer_Release(&shared);
    return heads ? Py_NewRef(Py_None) : PyErr_NoMemory();
}

/* Lay rows of several arrays one after the other; `part` says which array a row lies in. */
PyObject *kernel_rows(PyObject *self, PyObject *args)
{
    PyObject *arrays;
    Py_buffer parts, starts, lengths, out;
    Py_ssize_t size;

    if (!PyArg_ParseTuple(args, "O!y*y*y*nw*", &PyList_Type, &arrays, &parts, &starts, &lengths,
                          &size, &out))
        return NULL;
    const Py_ssize_t count = PyList_GET_SIZE(arrays);
    Py_buffer *values = PyMem_Calloc((size_t)count + 1, sizeof(Py_buffer));
    Py_ssize_t known = 0;
    while (values && known < count
           && !PyObject_GetBuffer(PyList_GET_ITEM(arrays, known), &values[known], PyBUF_SIMPLE))
        known++;
    if (values && known == count) {
        Py_BEGIN_ALLOW_THREADS
        const int64_t *part = parts.buf, *start = starts.buf, *length = lengths.buf;
        const Py_ssize_t rows = starts.len / (Py_ssize_t)sizeof(int64_t);
        char *next = out.buf;
        for (Py_ssize_t row = 0; row < rows; row++) {
            const size_t bytes = (size_t)(length[row] * size);
            memcpy(next, (const char *)values[part[row]].buf + start[row] * size, bytes);
            next += bytes;
        }
        Py_END_ALLOW_THREADS
    } else if (!values)
        PyErr_NoMemory();
    for (Py_ssize_t at = 0; at < known; at++)
        PyBuffer_Release(&values[at]);
    PyMem_Free(values);
    PyBuffer_Release(&parts);
    PyBuffer_Release(&starts);
    PyBuffer_Release(&lengths);
    PyBuffer_Release(&out);
    return PyErr_Occurred() ? NULL : Py_NewRef(Py_None);
}

/* Pack keys, cut to the bits that a rank leaves free, with the ranks of their holders: those of one
 * part of several into which the cut keys are divided by their highest bits. There has to be room
 * for one more; where there is less, only their number is of use. */
PyObject *kernel_packed(PyObject *self, PyObject *args)
{
    Py_buffer values, offsets, out;
    int bits, part_bits;
    unsigned long long part;
    Py_ssize_t found = 0;

    if (!PyArg_ParseTuple(args, "y*y*iiKw*", &values, &offsets, &bits, &part_bits, &part, &out))
        return NULL;
    Py_BEGIN_ALLOW_THREADS
    const uint64_t *value = values.buf;
    const int64_t *bound = offsets.buf;
    const Py_ssize_t rows = offsets.len / (Py_ssize_t)sizeof(int64_t) - 1;
    const Py_ssize_t last = out.len / (Py_ssize_t)sizeof(uint64_t) - 1;
    const uint64_t mask = part_bits ? ~0ull << (64 - part_bits) : 0;
    const uint64_t wanted = part_bits ? part << (64 - part_bits) : 0;
    uint64_t *packed = out.buf;
    /* Each is written, and kept if the next does not take its place: which of them are wanted is
     * chance, and cannot be guessed. */
    for (Py_ssize_t row = 0; row < rows && last >= 0; row++)
        for (int64_t at = bound[row]; at < bound[row + 1]; at++) {
            const uint64_t key = value[at] << bits;
            packed[found < last ? found : last] = key | (uint64_t)row;
            found += (key & mask) == wanted;
        }
    Py_END_ALLOW_THREADS
    PyBuffer_Release(&values);
    PyBuffer_Release(&offsets);
    PyBuffer_Release(&out);
    return PyLong_FromSsize_t(found);
}

/* Of ascending packed keys, move those that several hold to the front, as the ranks of their
 * holders; write the cut key and the number of holders of each. */
PyObject *kernel_held(PyObject *self, PyObject *args)
{
    Py_buffer packed, keys, sizes;
    int bits;
    Py_ssize_t held = 0, rows = 0;

    if (!PyArg_ParseTuple(args, "w*iw*w*", &packed, &bits, &keys, &sizes))
        return NULL;
    Py_BEGIN_ALLOW_THREADS
    uint64_t *value = packed.buf, *key = keys.buf;
    int64_t *size = sizes.buf;
    const uint64_t ranks = (1ull << bits) - 1;
    const Py_ssize_t count = packed.len / (Py_ssize_t)sizeof(uint64_t);
    for (Py_ssize_t start = 0, end; start < count; start = end) {
        const uint64_t cut = value[start] >> bits;
        for (end = start + 1; end < count && value[end] >> bits == cut; end++)
            ;
        if (end - start < 2)
            continue;
        key[rows] = cut;
        size[rows++] = end - start;
        for (Py_ssize_t at = start; at < end; at++)
            value[held++] = value[at] & ranks;
    }
    Py_END_ALLOW_THREADS
    PyBuffer_Release(&packed);
    PyBuffer_Release(&keys);
    PyBuffer_Release(&sizes);
    return Py_BuildValue("nn", rows, held);
}

/* Holders of keys, of which each is paired with all others, or in a crowd of more than `most` with the
 * first few. */
typedef struct {
    const int64_t *rank, *bound;
    Py_ssize_t keys, most, few;
} Held;

/* Where those holders of a key end with whom all that stand behind them are paired. */
static inline int64_t met_by_all(const Held *held, Py_ssize_t key)
{
    const int64_t start = held->bound[key], end = held->bound[key + 1];
    return end - start > held->most ? start + held->few : end;
}

/* Add up how many others each of `count` articles is paired with, so that these find their places
 * in one array; return how many places that takes. */
static size_t places_of_others(const Held *held, size_t *place, Py_ssize_t count)
{
    for (Py_ssize_t key = 0; key < held->keys; key++)
        for (int64_t one = held->bound[key]; one < met_by_all(held, key); one++)
            place[held->rank[one]] += (size_t)(held->bound[key + 1] - one - 1);
    size_t total = 0;
    for (Py_ssize_t article = 0; article < count; article++) {
        const size_t others = place[article];
        place[article] = total;
        total += others;
    }
    return total;
}

/* Put the others of each article side by side, each once for every key; its place moves to the end
 * of them. */
static void put_others(const Held *held, size_t *place, uint32_t *others)
{
    for (Py_ssize_t key = 0; key < held->keys; key++) {
        const int64_t end = held->bound[key + 1];
        for (int64_t one = held->bound[key]; one < met_by_all(held, key); one++) {
            uint32_t *next = others + place[held->rank[one]];
            for (int64_t other = one + 1; other < end; other++)
                *next++ = (uint32_t)held->rank[other];
            place[held->rank[one]] += (size_t)(end - one - 1);
        }
    }
}

static void sort_few(uint32_t *first, const uint32_t *end)
{
    for (uint32_t *next = first; next < end; next++) {
        const uint32_t value = *next;
        uint32_t *here = next;
        for (; here > first && here[-1] > value; here--)
            *here = here[-1];
        *here = value;
    }
}

/* Sort different numbers by means of bits, all of which are 0 before and after. */
static void sort_many(uint32_t *first, const uint32_t *end, uint64_t *bits)
{
    for (const uint32_t *next = first; next < end; next++)
        bits[*next / 64] |= 1ull << *next % 64;
    for (size_t word = 0; first < end; word++)
        while (bits[word])
            *first++ = (uint32_t)(64 * word + lowest(&bits[word]));
}

/* What is written for each pair, and what its making takes. */
typedef struct {
    uint64_t *code; /* left * count + right */
    int64_t *shared;
    uint32_t *seen; /* 0 for each article, before and after */
    uint64_t *bits; /* as many, and 0 as well */
} Counted;

/* Count how often each of some others occurs, which are overwritten; they are paired with one whose
 * code comes before theirs. */
static void count_others(uint32_t *others, const uint32_t *end, uint64_t base, Counted *next)
{
    uint32_t *fresh = others;
    for (const uint32_t *other = others; other < end; other++)
        if (!next->seen[*other]++)
            *fresh++ = *other;
    if (fresh - others < FEW_OTHERS)
        sort_few(others, fresh);
    else
        sort_many(others, fresh, next->bits);
    for (; others < fresh; others++) {
        *next->code++ = base + *others;
        *next->shared++ = next->seen[*others];
        next->seen[*others] = 0;
    }
}

/* Count the pairs that all holders make, by those who stand first in them. Return how many there
 * are, how much room is wanted if there is less, or -1 without memory. */
static Py_ssize_t count_pairs(const Held *held, Py_ssize_t count, uint64_t *code, int64_t *shared,
                              Py_ssize_t room)
{
    Py_ssize_t found = -1;
    size_t *place = calloc((size_t)count + 1, sizeof(size_t));
    uint32_t *seen = calloc((size_t)count + 1, sizeof(uint32_t)), *others = NULL;
    uint64_t *bits = calloc((size_t)count / 64 + 1, sizeof(uint64_t));
    if (place && seen && bits) {
        const size_t total = places_of_others(held, place, count);
        if (total > (size_t)room)
            found = (Py_ssize_t)total;
        else if ((others = malloc((total + 1) * sizeof(uint32_t)))) {
            Counted next = {code, shared, seen, bits};
            put_others(held, place, others);
            for (Py_ssize_t left = 0; left < count; left++)
                count_others(others + (left ? place[left - 1] : 0), others + place[left],
                             (uint64_t)left * (uint64_t)count, &next);
            found = next.code - code;
        }
    }
    free(place);
    free(seen);
    free(bits);
    free(others);
    return found;
}

/* Write left * count + right for each pair of holders of a key, ascending, and how many keys they
 * share. Return how many pairs there are; where there is less room than for all with repetition,
 * only how much that would be. */
PyObject *kernel_pairs(PyObject *self, PyObject *args)
{
    Py_buffer ranks, offsets, codes, shared;
    Py_ssize_t count, most, few, found;

    if (!PyArg_ParseTuple(args, "y*y*nnnw*w*", &ranks, &offsets, &count, &most, &few, &codes,
                          &shared))
        return NULL;
    Py_BEGIN_ALLOW_THREADS
    const Held held = {ranks.buf, offsets.buf, offsets.len / (Py_ssize_t)sizeof(int64_t) - 1,
                       most, few};
    const Py_ssize_t room = shared.len / (Py_ssize_t)sizeof(int64_t);
    found = count_pairs(&held, count, codes.buf, shared.buf, room);
    Py_END_ALLOW_THREADS
    PyBuffer_Release(&ranks);
    PyBuffer_Release(&offsets);
    PyBuffer_Release(&codes);
    PyBuffer_Release(&shared);
    return found < 0 ? PyErr_NoMemory() : PyLong_FromSsize_t(found);
}
