/* The loops that numpy has no single call for: shingles, signatures, digests. Words are in
 * _kernel_words.c, sorted sets in _kernel_sorted.c, pairs in _kernel_pairs.c, the alignment in
 * _kernel_likes.c.
 *
 * Every function of the kernel has a twin in Python that returns the same bits, takes over where this
 * module could not be built, and is what a reader should read first; those of this file are in
 * shingles.py and sketches.py. A test holds the two equal. Results go into arrays that the caller
 * made; what a function needs while it works, it gives back.
 */
#include "_kernel.h"

#define STRETCH 256 /* numbers that are gone through several times while they are at hand */

/* Write the hashes of `count` runs of `size` words, one after each word. */
FOR_WIDE_PRODUCTS
static void runs_of_words(const uint64_t *restrict words, int64_t count, int size,
                          const uint64_t *restrict weights, uint64_t *restrict out)
{
    for (int64_t first = 0; first < count; first += STRETCH) {
        const int64_t last = count - first < STRETCH ? count : first + STRETCH;
        for (int64_t at = first; at < last; at++)
            out[at] = words[at];
        for (int place = 1; place < size; place++)
            for (int64_t at = first; at < last; at++)
                out[at] += words[at + place] * weights[place];
        for (int64_t at = first; at < last; at++)
            out[at] = fmix64(out[at]);
    }
}

static PyObject *shingles(PyObject *self, PyObject *args)
{
    Py_buffer hashes, offsets, out;
    int size;

    if (!PyArg_ParseTuple(args, "y*y*iw*", &hashes, &offsets, &size, &out))
        return NULL;
    Py_BEGIN_ALLOW_THREADS
    const uint64_t *word = hashes.buf;
    const int64_t *bound = offsets.buf;
    const Py_ssize_t rows = offsets.len / (Py_ssize_t)sizeof(int64_t) - 1;
    uint64_t *next = out.buf, weights[64], weight = 1;
    for (int place = 0; place < size; place++, weight *= BASE)
        weights[place] = weight;
    for (Py_ssize_t row = 0; row < rows; row++) {
        const int64_t length = bound[row + 1] - bound[row];
        const int span = length < size ? (int)length : size;
        const int64_t count = span ? length - span + 1 : 0;
        runs_of_words(word + bound[row], count, span, weights, next);
        next += count;
    }
    Py_END_ALLOW_THREADS
    PyBuffer_Release(&hashes);
    PyBuffer_Release(&offsets);
    PyBuffer_Release(&out);
    Py_RETURN_NONE;
}

#define LANES 32 /* permutations whose least values stay in registers */

FOR_EACH_PROCESSOR
static void least_of(const uint32_t *mixed, int64_t count, const uint32_t *factors,
                     const uint32_t *summands, uint32_t *least)
{
    uint32_t best[LANES];
    for (int lane = 0; lane < LANES; lane++)
        best[lane] = UINT32_MAX;
    for (int64_t index = 0; index < count; index++)
        for (int lane = 0; lane < LANES; lane++) {
            const uint32_t value = factors[lane] * mixed[index] + summands[lane];
            best[lane] = value < best[lane] ? value : best[lane];
        }
    for (int lane = 0; lane < LANES; lane++)
        least[lane] = best[lane];
}

static void signature_of(const uint64_t *hashes, int64_t count, const uint32_t *factors,
                         const uint32_t *summands, Py_ssize_t perms, uint32_t *mixed,
                         uint32_t *least)
{
    for (int64_t index = 0; index < count; index++)
        mixed[index] = fmix32((uint32_t)hashes[index]);
    Py_ssize_t perm = 0;
    for (; perm + LANES <= perms; perm += LANES)
        least_of(mixed, count, factors + perm, summands + perm, least + perm);
    for (; perm < perms; perm++) {
        least[perm] = UINT32_MAX;
        for (int64_t index = 0; index < count; index++) {
            const uint32_t value = factors[perm] * mixed[index] + summands[perm];
            least[perm] = value < least[perm] ? value : least[perm];
        }
    }
}

static PyObject *signatures(PyObject *self, PyObject *args)
{
    Py_buffer hashes, offsets, factors, summands, out;
    uint32_t *mixed = NULL;

    if (!PyArg_ParseTuple(args, "y*y*y*y*w*", &hashes, &offsets, &factors, &summands, &out))
        return NULL;
    Py_BEGIN_ALLOW_THREADS
    const int64_t *bound = offsets.buf;
    const Py_ssize_t rows = offsets.len / (Py_ssize_t)sizeof(int64_t) - 1;
    const Py_ssize_t perms = factors.len / (Py_ssize_t)sizeof(uint32_t);
    int64_t longest = 1;
    for (Py_ssize_t row = 0; row < rows; row++)
        if (bound[row + 1] - bound[row] > longest)
            longest = bound[row + 1] - bound[row];
    mixed = malloc((size_t)longest * sizeof(uint32_t));
    for (Py_ssize_t row = 0; mixed && row < rows; row++)
        signature_of((uint64_t *)hashes.buf + bound[row], bound[row + 1] - bound[row],
                     factors.buf, summands.buf, perms, mixed, (uint32_t *)out.buf + row * perms);
    free(mixed);
    Py_END_ALLOW_THREADS
    PyBuffer_Release(&hashes);
    PyBuffer_Release(&offsets);
    PyBuffer_Release(&factors);
    PyBuffer_Release(&summands);
    PyBuffer_Release(&out);
    return mixed ? Py_NewRef(Py_None) : PyErr_NoMemory();
}

static PyObject *band_keys(PyObject *self, PyObject *args)
{
    Py_buffer values, out;
    Py_ssize_t perms, bands, rows;

    if (!PyArg_ParseTuple(args, "y*nnnw*", &values, &perms, &bands, &rows, &out))
        return NULL;
    Py_BEGIN_ALLOW_THREADS
    const Py_ssize_t articles = values.len / (perms * (Py_ssize_t)sizeof(uint32_t));
    uint64_t *key = out.buf;
    for (Py_ssize_t article = 0; article < articles; article++) {
        const uint32_t *value = (const uint32_t *)values.buf + article * perms;
        for (Py_ssize_t band = 0; band < bands; band++) {
            uint64_t sum = (uint64_t)band, weight = BASE;
            for (Py_ssize_t row = 0; row < rows; row++, weight *= BASE)
                sum += *value++ * weight;
            *key++ = fmix64(sum);
        }
    }
    Py_END_ALLOW_THREADS
    PyBuffer_Release(&values);
    PyBuffer_Release(&out);
    Py_RETURN_NONE;
}

/* Write the digest of a row of words; `weights` are those of the places of a stretch. */
FOR_WIDE_PRODUCTS
static void digest_of(const uint64_t *restrict words, int64_t count,
                      const uint64_t *restrict weights, uint64_t *restrict digest)
{
    uint64_t one = 0, other = 0, weight = 1;
    for (int64_t first = 0; first < count; first += STRETCH, weight *= weights[STRETCH]) {
        const int64_t size = count - first < STRETCH ? count - first : STRETCH;
        uint64_t left = 0, right = 0;
        for (int64_t at = 0; at < size; at++) {
            left += fmix64(words[first + at] ^ BASE) * weights[at];
            right += fmix64(words[first + at] ^ ~BASE) * weights[at];
        }
        one += left * weight;
        other += right * weight;
    }
    digest[0] = fmix64(one + (uint64_t)count);
    digest[1] = fmix64(other + (uint64_t)count);
}

static PyObject *digests(PyObject *self, PyObject *args)
{
    Py_buffer hashes, offsets, out;

    if (!PyArg_ParseTuple(args, "y*y*w*", &hashes, &offsets, &out))
        return NULL;
    Py_BEGIN_ALLOW_THREADS
    const uint64_t *word = hashes.buf;
    const int64_t *bound = offsets.buf;
    const Py_ssize_t rows = offsets.len / (Py_ssize_t)sizeof(int64_t) - 1;
    uint64_t weights[STRETCH + 1], weight = 1;
    for (int place = 0; place <= STRETCH; place++, weight *= BASE)
        weights[place] = weight;
    for (Py_ssize_t row = 0; row < rows; row++)
        digest_of(word + bound[row], bound[row + 1] - bound[row], weights,
                  (uint64_t *)out.buf + 2 * row);
    Py_END_ALLOW_THREADS
    PyBuffer_Release(&hashes);
    PyBuffer_Release(&offsets);
    PyBuffer_Release(&out);
    Py_RETURN_NONE;
}

static PyObject *under(PyObject *self, PyObject *args)
{
    Py_buffer values, offsets, limits, counts;

    if (!PyArg_ParseTuple(args, "y*y*y*w*", &values, &offsets, &limits, &counts))
        return NULL;
    Py_BEGIN_ALLOW_THREADS
    const uint64_t *value = values.buf, *limit = limits.buf;
    const int64_t *bound = offsets.buf;
    const Py_ssize_t rows = offsets.len / (Py_ssize_t)sizeof(int64_t) - 1;
    for (Py_ssize_t row = 0; row < rows; row++) {
        int64_t low = bound[row], high = bound[row + 1];
        while (low < high) {
            const int64_t middle = low + (high - low) / 2;
            if (value[middle] <= limit[row])
                low = middle + 1;
            else
                high = middle;
        }
        ((int64_t *)counts.buf)[row] = low - bound[row];
    }
    Py_END_ALLOW_THREADS
    PyBuffer_Release(&values);
    PyBuffer_Release(&offsets);
    PyBuffer_Release(&limits);
    PyBuffer_Release(&counts);
    Py_RETURN_NONE;
}

static PyMethodDef methods[] = {
    {"words", kernel_words, METH_VARARGS, "words(texts, table, mode, hashes, counts, spans=None) -> rows, words"},
    {"shingles", shingles, METH_VARARGS, "shingles(hashes, offsets, size, out)"},
    {"signatures", signatures, METH_VARARGS,
     "signatures(hashes, offsets, factors, summands, out)"},
    {"band_keys", band_keys, METH_VARARGS, "band_keys(signatures, perms, bands, rows, out)"},
    {"digests", digests, METH_VARARGS, "digests(hashes, offsets, out)"},
    {"sets", kernel_sets, METH_VARARGS, "sets(values, offsets, out, counts) -> total"},
    {"ascending", kernel_ascending, METH_VARARGS, "ascending(values, room)"},
    {"under", under, METH_VARARGS, "under(values, offsets, limits, counts)"},
    {"shared", kernel_shared, METH_VARARGS,
     "shared(values, left, left_end, right, right_end, out)"},
    {"aligned", kernel_aligned, METH_VARARGS,
     "aligned(words, left, left_end, right, right_end, needed, shortest, largest, out)"},
    {"shares", kernel_shares, METH_VARARGS,
     "shares(words, offsets, shingles, offsets, left, right, size, shortest, largest, out)"},
    {"company", kernel_company, METH_VARARGS, "company(values, offsets, most, sizes, shared)"},
    {"weigh", kernel_weigh, METH_VARARGS, "weigh(hashes, numbers, values, offsets, out)"},
    {"places", kernel_places, METH_VARARGS, "places(hashes, values, out) -> count"},
    {"likes", kernel_likes, METH_VARARGS,
     "likes(words, offsets, parts, words, offsets, parts, size, most, limit, least, out)"
     " -> count, crowded"},
    {"sifted", kernel_sifted, METH_VARARGS,
     "sifted(hashes, values, starts, lengths, wanted, out, counts) -> count"},
    {"rows", kernel_rows, METH_VARARGS, "rows(arrays, parts, starts, lengths, size, out)"},
    {"packed", kernel_packed, METH_VARARGS,
     "packed(values, offsets, bits, part_bits, part, out) -> count"},
    {"pairs", kernel_pairs, METH_VARARGS,
     "pairs(ranks, offsets, count, most, few, codes, shared) -> pairs"},
    {"held", kernel_held, METH_VARARGS, "held(packed, bits, keys, sizes) -> rows, holders"},
    {NULL, NULL, 0, NULL},
};

static struct PyModuleDef definition = {
    PyModuleDef_HEAD_INIT, "_kernel", "Loops in C; see the Python twins.", -1, methods,
    NULL, NULL, NULL, NULL,
};

PyMODINIT_FUNC PyInit__kernel(void)
{
    return PyModule_Create(&definition);
}
