/* The loops that numpy has no single call for: words, shingles, signatures, digests, and what
 * two sorted sets share.
 *
 * Every function here has a twin in Python (text.py, shingles.py, sketches.py, verify.py) that
 * returns the same bits, takes over where this module could not be built, and is what a reader
 * should read first. A test holds the two equal. Nothing here allocates: results go into arrays
 * that the caller made.
 */
#define PY_SSIZE_T_CLEAN
#include <Python.h>
#include <stdint.h>
#include <string.h>

#if defined(__x86_64__) && defined(__GNUC__) && !defined(__clang__) && defined(__linux__)
#define FOR_EACH_PROCESSOR __attribute__((target_clones("avx512f", "avx2", "default")))
#else
#define FOR_EACH_PROCESSOR
#endif

/* The flags of a table entry; text.py says what they mean. */
#define TRAILS (1u << 21)
#define LEADS (1u << 22)
#define WORD (1u << 25)
#define SIGN (1u << 26)
#define IGNORED (1u << 27)
#define EXPANDS (1u << 28)
#define COMBINES (1u << 29)
#define HYPHEN (1u << 30)
#define POINT (1u << 31)
#define FOLDED ((1u << 21) - 1)

/* How words are told apart, as one number. */
#define BY_SIGN 1
#define COMPOSED 2

static const uint64_t BASE = 0x9E3779B97F4A7C15ull;

static inline uint64_t fmix64(uint64_t value)
{
    value ^= value >> 33;
    value *= 0xFF51AFD7ED558CCDull;
    value ^= value >> 33;
    value *= 0xC4CEB9FE1A85EC53ull;
    return value ^ (value >> 33);
}

static inline uint32_t fmix32(uint32_t value)
{
    value ^= value >> 16;
    value *= 0x85EBCA6Bu;
    value ^= value >> 13;
    value *= 0xC2B2AE35u;
    return value ^ (value >> 16);
}

static inline int is_digit(uint32_t entry)
{
    uint32_t folded = entry & FOLDED;
    return folded >= '0' && folded <= '9';
}

static inline int is_letter(uint32_t entry)
{
    return (entry & WORD) && !is_digit(entry);
}

/* What the sign at a place counts as, now that its neighbours are known. */
static inline uint32_t in_context(uint32_t entry, uint32_t before, uint32_t after)
{
    if (entry & HYPHEN)
        return is_letter(before) && is_letter(after) ? IGNORED : 0;
    return is_digit(before) && is_digit(after) ? WORD | '.' : 0;
}

/* Whether an entry belongs to the word or sign that the last one is part of. */
static inline int goes_on(uint32_t last, uint32_t entry)
{
    if (last & entry & WORD)
        return 1;
    return (last & entry & SIGN) && ((entry & TRAILS) || (last & LEADS));
}

/* Append the word hashes of one text; return how many, or -1 if the table cannot tell. */
static Py_ssize_t words_of_text(PyObject *text, const uint32_t *table, int mode, uint64_t *out)
{
    const int kind = PyUnicode_KIND(text);
    const void *data = PyUnicode_DATA(text);
    const Py_ssize_t length = PyUnicode_GET_LENGTH(text);
    const uint32_t hard = mode & COMPOSED ? EXPANDS : EXPANDS | COMBINES;
    uint64_t sum = 0, weight = 1;
    uint32_t last = 0; /* the entry that the open word or sign ends with, 0 if none is open */
    uint64_t *next = out;

    for (Py_ssize_t place = 0; place < length; place++) {
        uint32_t entry = table[PyUnicode_READ(kind, data, place)];
        if (entry == 0 || (entry & hard))
            return -1;
        if (entry & (HYPHEN | POINT)) {
            uint32_t before = place ? table[PyUnicode_READ(kind, data, place - 1)] : 0;
            uint32_t after = 0;
            if (place + 1 < length) {
                after = table[PyUnicode_READ(kind, data, place + 1)];
                if (after == 0)
                    return -1;
            }
            entry = in_context(entry, before, after);
        }
        if (entry & IGNORED)
            continue;
        if ((mode & BY_SIGN) && (entry & (WORD | SIGN)))
            entry = SIGN | (entry & FOLDED);
        if (last && !goes_on(last, entry)) {
            *next++ = fmix64(sum);
            sum = 0;
            weight = 1;
        }
        last = entry & (WORD | SIGN) ? entry : 0;
        if (last) {
            sum += (entry & FOLDED) * weight;
            weight *= BASE;
        }
    }
    if (last)
        *next++ = fmix64(sum);
    return next - out;
}

static PyObject *words(PyObject *self, PyObject *args)
{
    PyObject *texts;
    Py_buffer table, hashes, counts;
    int mode;
    Py_ssize_t row = 0, total = 0;

    if (!PyArg_ParseTuple(args, "O!y*iw*w*", &PyList_Type, &texts, &table, &mode, &hashes, &counts))
        return NULL;
    for (; row < PyList_GET_SIZE(texts); row++) {
        uint64_t *out = (uint64_t *)hashes.buf + total;
        Py_ssize_t found = words_of_text(PyList_GET_ITEM(texts, row), table.buf, mode, out);
        if (found < 0)
            break;
        ((int64_t *)counts.buf)[row] = found;
        total += found;
    }
    PyBuffer_Release(&table);
    PyBuffer_Release(&hashes);
    PyBuffer_Release(&counts);
    return Py_BuildValue("nn", row, total);
}

static PyObject *shingles(PyObject *self, PyObject *args)
{
    Py_buffer hashes, offsets, out;
    int size;

    if (!PyArg_ParseTuple(args, "y*y*iw*", &hashes, &offsets, &size, &out))
        return NULL;
    const uint64_t *word = hashes.buf;
    const int64_t *bound = offsets.buf;
    const Py_ssize_t rows = offsets.len / (Py_ssize_t)sizeof(int64_t) - 1;
    uint64_t *next = out.buf, weights[64], weight = 1;
    for (int place = 0; place < size; place++, weight *= BASE)
        weights[place] = weight;
    for (Py_ssize_t row = 0; row < rows; row++) {
        const int64_t length = bound[row + 1] - bound[row];
        const int span = length < size ? (int)length : size;
        for (int64_t start = bound[row]; span && start <= bound[row + 1] - span; start++) {
            uint64_t sum = 0;
            for (int place = 0; place < span; place++)
                sum += word[start + place] * weights[place];
            *next++ = fmix64(sum);
        }
    }
    PyBuffer_Release(&hashes);
    PyBuffer_Release(&offsets);
    PyBuffer_Release(&out);
    Py_RETURN_NONE;
}

FOR_EACH_PROCESSOR
static void least_of(const uint64_t *hashes, int64_t count, const uint32_t *factors,
                     const uint32_t *summands, Py_ssize_t perms, uint32_t *least)
{
    for (int64_t index = 0; index < count; index++) {
        const uint32_t mixed = fmix32((uint32_t)hashes[index]);
        for (Py_ssize_t perm = 0; perm < perms; perm++) {
            const uint32_t value = factors[perm] * mixed + summands[perm];
            least[perm] = value < least[perm] ? value : least[perm];
        }
    }
}

static PyObject *signatures(PyObject *self, PyObject *args)
{
    Py_buffer hashes, offsets, factors, summands, out;

    if (!PyArg_ParseTuple(args, "y*y*y*y*w*", &hashes, &offsets, &factors, &summands, &out))
        return NULL;
    const int64_t *bound = offsets.buf;
    const Py_ssize_t rows = offsets.len / (Py_ssize_t)sizeof(int64_t) - 1;
    const Py_ssize_t perms = factors.len / (Py_ssize_t)sizeof(uint32_t);
    memset(out.buf, 0xFF, (size_t)out.len);
    for (Py_ssize_t row = 0; row < rows; row++)
        least_of((uint64_t *)hashes.buf + bound[row], bound[row + 1] - bound[row], factors.buf,
                 summands.buf, perms, (uint32_t *)out.buf + row * perms);
    PyBuffer_Release(&hashes);
    PyBuffer_Release(&offsets);
    PyBuffer_Release(&factors);
    PyBuffer_Release(&summands);
    PyBuffer_Release(&out);
    Py_RETURN_NONE;
}

static PyObject *digests(PyObject *self, PyObject *args)
{
    Py_buffer hashes, offsets, out;

    if (!PyArg_ParseTuple(args, "y*y*w*", &hashes, &offsets, &out))
        return NULL;
    const uint64_t *word = hashes.buf;
    const int64_t *bound = offsets.buf;
    const Py_ssize_t rows = offsets.len / (Py_ssize_t)sizeof(int64_t) - 1;
    uint64_t *digest = out.buf;
    for (Py_ssize_t row = 0; row < rows; row++) {
        uint64_t one = 0, other = 0, weight = 1;
        for (int64_t place = bound[row]; place < bound[row + 1]; place++, weight *= BASE) {
            one += fmix64(word[place] ^ BASE) * weight;
            other += fmix64(word[place] ^ ~BASE) * weight;
        }
        const uint64_t length = (uint64_t)(bound[row + 1] - bound[row]);
        *digest++ = fmix64(one + length);
        *digest++ = fmix64(other + length);
    }
    PyBuffer_Release(&hashes);
    PyBuffer_Release(&offsets);
    PyBuffer_Release(&out);
    Py_RETURN_NONE;
}

/* How many values two ascending runs without repetition have in common; no branch to guess. */
static int64_t common(const uint64_t *one, const uint64_t *one_end, const uint64_t *other,
                      const uint64_t *other_end)
{
    int64_t count = 0;
    while (one < one_end && other < other_end) {
        const uint64_t left = *one, right = *other;
        count += left == right;
        one += left <= right;
        other += right <= left;
    }
    return count;
}

static PyObject *shared(PyObject *self, PyObject *args)
{
    Py_buffer values, left, left_end, right, right_end, out;

    if (!PyArg_ParseTuple(args, "y*y*y*y*y*w*", &values, &left, &left_end, &right, &right_end,
                          &out))
        return NULL;
    const uint64_t *value = values.buf;
    const int64_t *one = left.buf, *one_end = left_end.buf;
    const int64_t *other = right.buf, *other_end = right_end.buf;
    const Py_ssize_t pairs = out.len / (Py_ssize_t)sizeof(int64_t);
    for (Py_ssize_t pair = 0; pair < pairs; pair++)
        ((int64_t *)out.buf)[pair] = common(value + one[pair], value + one_end[pair],
                                            value + other[pair], value + other_end[pair]);
    PyBuffer_Release(&values);
    PyBuffer_Release(&left);
    PyBuffer_Release(&left_end);
    PyBuffer_Release(&right);
    PyBuffer_Release(&right_end);
    PyBuffer_Release(&out);
    Py_RETURN_NONE;
}

static int is_among(const uint64_t *among, Py_ssize_t count, uint64_t wanted)
{
    while (count > 1) {
        const Py_ssize_t half = count / 2;
        among += among[half] <= wanted ? half : 0;
        count -= half;
    }
    return *among == wanted;
}

static PyObject *covered(PyObject *self, PyObject *args)
{
    Py_buffer own, among, mask;
    int size;

    if (!PyArg_ParseTuple(args, "y*y*iw*", &own, &among, &size, &mask))
        return NULL;
    const uint64_t *shingle = own.buf;
    const Py_ssize_t count = own.len / (Py_ssize_t)sizeof(uint64_t);
    const Py_ssize_t others = among.len / (Py_ssize_t)sizeof(uint64_t);
    char *word = mask.buf;
    Py_ssize_t marked = 0; /* words up to here need no mark any more */
    for (Py_ssize_t start = 0; others && start < count; start++) {
        if (!is_among(among.buf, others, shingle[start]))
            continue;
        const Py_ssize_t end = start + size < mask.len ? start + size : mask.len;
        for (Py_ssize_t place = marked > start ? marked : start; place < end; place++)
            word[place] = 1;
        marked = end;
    }
    PyBuffer_Release(&own);
    PyBuffer_Release(&among);
    PyBuffer_Release(&mask);
    Py_RETURN_NONE;
}

static PyMethodDef methods[] = {
    {"words", words, METH_VARARGS, "words(texts, table, mode, hashes, counts) -> rows, words"},
    {"shingles", shingles, METH_VARARGS, "shingles(hashes, offsets, size, out)"},
    {"signatures", signatures, METH_VARARGS,
     "signatures(hashes, offsets, factors, summands, out)"},
    {"digests", digests, METH_VARARGS, "digests(hashes, offsets, out)"},
    {"shared", shared, METH_VARARGS,
     "shared(values, left, left_end, right, right_end, out)"},
    {"covered", covered, METH_VARARGS, "covered(own, among, size, mask)"},
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
