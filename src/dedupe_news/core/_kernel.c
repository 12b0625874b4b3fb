/* The loops that numpy has no single call for: words, shingles, signatures, digests, sorted sets.
 *
 * Every function of the kernel has a twin in Python (text.py, shingles.py, sketches.py, columns.py,
 * verify.py) that returns the same bits, takes over where this module could not be built, and is
 * what a reader should read first. A test holds the two equal. Results go into arrays that the
 * caller made; what a function needs while it works, it gives back.
 */
#include "_kernel.h"

#if defined(__x86_64__) && defined(__GNUC__) && !defined(__clang__) && defined(__linux__)
#define FOR_EACH_PROCESSOR __attribute__((target_clones("avx512f", "avx2", "default")))
#else
#define FOR_EACH_PROCESSOR
#endif
/* The last level has products of several numbers of 64 bits at once. */
#if defined(__x86_64__) && defined(__GNUC__) && !defined(__clang__) && defined(__linux__) && __GNUC__ > 11
#define FOR_WIDE_PRODUCTS __attribute__((target_clones("arch=x86-64-v4", "default")))
#else
#define FOR_WIDE_PRODUCTS
#endif

/* The flags of a table entry; text.py says what they mean. */
#define TRAILS (1u << 21)
#define LEADS (1u << 22)
#define KNOWN (1u << 24)
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

FOR_WIDE_PRODUCTS
static void mix_all(uint64_t *hashes, Py_ssize_t count)
{
    for (Py_ssize_t at = 0; at < count; at++)
        hashes[at] = fmix64(hashes[at]);
}

#define FAR 64   /* letters of a word, and signs of a stretch of text, whose weights are looked up */
#define ODD (-2) /* a text that the plain loop leaves to the general one */

/* What makes a sign more than a letter, or one that parts words, whatever stands beside it. */
#define ALWAYS_SPECIAL (KNOWN | SIGN | IGNORED | TRAILS | LEADS)

/* What the plain loop asks of a code point, told apart once for the narrow ones. */
typedef struct {
    const uint32_t *table;
    uint32_t hard;
    uint64_t weights[2 * FAR], inverses[2 * FAR];
    uint64_t folded[256];
    uint8_t letter[256];
    uint8_t special[256]; /* whether it is: 1 beside a letter, 2 always */
    uint8_t beside[256];  /* of what stands behind it, which of these it calls for */
} Plain;

static void prepare(Plain *plain, const uint32_t *table, uint32_t hard)
{
    uint64_t weight = 1, inverse = 1, reciprocal = BASE;
    for (int bits = 3; bits < 64; bits *= 2)
        reciprocal *= 2 - BASE * reciprocal;
    plain->table = table;
    plain->hard = hard;
    for (int place = 0; place < 2 * FAR; place++, weight *= BASE, inverse *= reciprocal) {
        plain->weights[place] = weight;
        plain->inverses[place] = inverse;
    }
    for (int code = 0; code < 256; code++) {
        const uint32_t entry = table[code];
        plain->letter[code] = (entry >> 25) & 1;
        plain->folded[code] = entry & FOLDED;
        plain->beside[code] = plain->letter[code] | 2;
        plain->special[code] = (entry & (HYPHEN | POINT) ? 1 : 0) |
                               ((entry ^ KNOWN) & (ALWAYS_SPECIAL | hard) ? 2 : 0);
    }
}

#define NARROW_SPECIAL(code, after) (plain->special[code] & plain->beside[after])
#define NARROW_LETTER(code) plain->letter[code]
#define NARROW_FOLDED(code) plain->folded[code]
#define WIDE_SPECIAL(code, after)                                                                  \
    (((table[code] ^ KNOWN) & (ALWAYS_SPECIAL | hard)) |                                           \
     (table[code] >> 30 & -(table[after] >> 25 & 1)))
#define WIDE_LETTER(code) (table[code] >> 25 & 1)
#define WIDE_FOLDED(code) (table[code] & FOLDED)

/* Append the word hashes of one text; return how many, or -1 if the table cannot tell. There is
 * one pair of functions for each width of a code point, so that no loop has to ask for it. The
 * general one can also tell where each word starts and ends.
 *
 * The plain one takes text of letters, blanks and punctuation, and has no branch that depends on
 * where a word ends: what is summed up to each sign is written down, and stays if a word starts or
 * ends there. A word is the difference of two sums, by the weight that it starts with; it is mixed
 * afterwards. A string ends with a code point of 0, so there is always one behind. */
#define WORDS_OF_TEXT(PLAIN, GENERAL, CODE_POINT, KIND)                                            \
    static Py_ssize_t PLAIN(const CODE_POINT *text, Py_ssize_t length, const Plain *plain,         \
                            uint64_t *out)                                                         \
    {                                                                                              \
        const uint32_t *table = plain->table, hard = plain->hard;                                  \
        const uint64_t *weights = plain->weights, *inverses = plain->inverses;                     \
        uint64_t sums[FAR + 2], *next = out;                                                       \
        uint8_t starts[FAR + 2]; /* where in the weights each sum was written down */              \
        uint64_t sum = 0, last = 0; /* last: whether a word is open */                             \
        unsigned depth = 0;         /* where in the weights the next letter is */                  \
        for (Py_ssize_t place = 0; place < length;) {                                              \
            const Py_ssize_t end = length - place < FAR ? length : place + FAR;                    \
            unsigned edges = (unsigned)last;                                                       \
            sums[0] = 0;                                                                           \
            starts[0] = 0;                                                                         \
            for (; place < end; place++) {                                                         \
                const CODE_POINT code = text[place];                                               \
                uint64_t letter = KIND##_LETTER(code);                                             \
                uint64_t folded = KIND##_FOLDED(code);                                             \
                if (KIND##_SPECIAL(code, text[place + 1])) {                                       \
                    uint32_t entry = table[code];                                                  \
                    if (entry == 0 || (entry & hard))                                              \
                        return -1;                                                                 \
                    if (entry & (SIGN | TRAILS | LEADS))                                           \
                        return ODD;                                                                \
                    if (entry & (HYPHEN | POINT))                                                  \
                        entry = in_context(entry, place ? table[text[place - 1]] : 0,              \
                                           place + 1 < length ? table[text[place + 1]] : KNOWN);   \
                    if (entry & IGNORED)                                                           \
                        continue;                                                                  \
                    letter = entry >> 25 & 1;                                                      \
                    folded = entry & FOLDED;                                                       \
                }                                                                                  \
                sums[edges] = sum;                                                                 \
                starts[edges] = (uint8_t)depth;                                                    \
                edges += (unsigned)(letter ^ last);                                                \
                last = letter;                                                                     \
                sum += folded * weights[depth++];                                                  \
            }                                                                                      \
            for (unsigned edge = 0; edge + 1 < edges; edge += 2)                                   \
                *next++ = (sums[edge + 1] - sums[edge]) * inverses[starts[edge]];                  \
            if (!last) {                                                                           \
                sum = depth = 0;                                                                   \
                continue;                                                                          \
            }                                                                                      \
            sum = (sum - sums[edges - 1]) * inverses[starts[edges - 1]];                           \
            depth -= starts[edges - 1];                                                            \
            if (depth >= FAR)                                                                      \
                return ODD;                                                                        \
        }                                                                                          \
        if (last)                                                                                  \
            *next++ = sum;                                                                         \
        mix_all(out, next - out);                                                                  \
        return next - out;                                                                         \
    }                                                                                              \
                                                                                                   \
    static Py_ssize_t GENERAL(const CODE_POINT *text, Py_ssize_t length, const uint32_t *table,    \
                              int mode, uint32_t hard, uint64_t *out, int64_t *span)               \
    {                                                                                              \
        uint64_t sum = 0, weight = 1, *next = out;                                                 \
        uint32_t last = 0; /* the entry that the open word or sign ends with, 0 if none is open */ \
        for (Py_ssize_t place = 0; place < length; place++) {                                      \
            uint32_t entry = table[text[place]];                                                   \
            if (entry == 0 || (entry & hard))                                                      \
                return -1;                                                                         \
            if (entry & (HYPHEN | POINT)) {                                                        \
                const uint32_t before = place ? table[text[place - 1]] : 0;                        \
                const uint32_t after = place + 1 < length ? table[text[place + 1]] : KNOWN;        \
                if (after == 0)                                                                    \
                    return -1;                                                                     \
                entry = in_context(entry, before, after);                                          \
            }                                                                                      \
            if (entry & IGNORED)                                                                   \
                continue;                                                                          \
            if ((mode & BY_SIGN) && (entry & (WORD | SIGN)))                                       \
                entry = SIGN | (entry & FOLDED);                                                   \
            if (last && !goes_on(last, entry)) {                                                   \
                *next++ = fmix64(sum);                                                             \
                sum = 0;                                                                           \
                weight = 1;                                                                        \
                span += span ? 2 : 0;                                                              \
            }                                                                                      \
            last = entry & (WORD | SIGN) ? entry : 0;                                              \
            if (last && span) {                                                                    \
                span[0] = weight == 1 ? place : span[0];                                           \
                span[1] = place + 1;                                                               \
            }                                                                                      \
            if (last) {                                                                            \
                sum += (entry & FOLDED) * weight;                                                  \
                weight *= BASE;                                                                    \
            }                                                                                      \
        }                                                                                          \
        if (last)                                                                                  \
            *next++ = fmix64(sum);                                                                 \
        return next - out;                                                                         \
    }

WORDS_OF_TEXT(plain_narrow, narrow, Py_UCS1, NARROW)
WORDS_OF_TEXT(plain_usual, usual, Py_UCS2, WIDE)
WORDS_OF_TEXT(plain_wide, wide, Py_UCS4, WIDE)

static Py_ssize_t words_of_text(PyObject *text, const Plain *plain, int mode, uint64_t *out,
                                int64_t *span)
{
    const Py_ssize_t length = PyUnicode_GET_LENGTH(text);
    const void *data = PyUnicode_DATA(text);
    const int kind = PyUnicode_KIND(text);
    const uint32_t *table = plain->table, hard = plain->hard;
    Py_ssize_t found = ODD;
    if (!(mode & BY_SIGN) && !span)
        found = kind == PyUnicode_1BYTE_KIND   ? plain_narrow(data, length, plain, out)
                : kind == PyUnicode_2BYTE_KIND ? plain_usual(data, length, plain, out)
                                               : plain_wide(data, length, plain, out);
    if (found == ODD)
        found = kind == PyUnicode_1BYTE_KIND   ? narrow(data, length, table, mode, hard, out, span)
                : kind == PyUnicode_2BYTE_KIND ? usual(data, length, table, mode, hard, out, span)
                                               : wide(data, length, table, mode, hard, out, span);
    return found;
}

static PyObject *words(PyObject *self, PyObject *args)
{
    PyObject *texts;
    Py_buffer table, hashes, counts, spans = {.buf = NULL};
    int mode;
    Py_ssize_t row = 0, total = 0;

    if (!PyArg_ParseTuple(args, "O!y*iw*w*|w*", &PyList_Type, &texts, &table, &mode, &hashes,
                          &counts, &spans))
        return NULL;
    Plain plain;
    const Py_ssize_t room = hashes.len / (Py_ssize_t)sizeof(uint64_t);
    prepare(&plain, table.buf, mode & COMPOSED ? EXPANDS : EXPANDS | COMBINES);
    for (; row < PyList_GET_SIZE(texts); row++) {
        if (PyUnicode_GET_LENGTH(PyList_GET_ITEM(texts, row)) > room - total)
            break;
        uint64_t *out = (uint64_t *)hashes.buf + total;
        int64_t *span = spans.buf ? (int64_t *)spans.buf + 2 * total : NULL;
        Py_ssize_t found =
            words_of_text(PyList_GET_ITEM(texts, row), &plain, mode, out, span);
        if (found < 0)
            break;
        ((int64_t *)counts.buf)[row] = found;
        total += found;
    }
    PyBuffer_Release(&table);
    PyBuffer_Release(&hashes);
    PyBuffer_Release(&counts);
    PyBuffer_Release(&spans);
    return Py_BuildValue("nn", row, total);
}

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
static void sort_hashes(uint64_t *values, int64_t count, uint64_t *spare, uint32_t *starts)
{
    int bits = 2;
    if (count <= FEW) {
        insert_sorted(values, count);
        return;
    }
    while ((count >> bits) && bits < MOST_BITS)
        bits++;
    const int shift = 64 - bits;
    const int64_t buckets = 1ll << bits;
    memset(starts, 0, (size_t)(buckets + 1) * sizeof(uint32_t));
    for (int64_t at = 0; at < count; at++)
        starts[(values[at] >> shift) + 1]++;
    const uint32_t fullest = largest_of(starts, buckets + 1);
    for (int64_t bucket = 1; bucket <= buckets; bucket++)
        starts[bucket] += starts[bucket - 1];
    memcpy(spare, values, (size_t)count * sizeof(uint64_t));
    for (int64_t at = 0; at < count; at++)
        values[starts[spare[at] >> shift]++] = spare[at];
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
        memmove(out, values, (size_t)count * sizeof(uint64_t));
        return count;
    }
    for (int64_t at = 0; at < count; at++) {
        const int fresh = !at || values[at] != values[at - 1];
        out[kept] = values[at];
        kept += fresh;
    }
    return kept;
}

static PyObject *sets(PyObject *self, PyObject *args)
{
    Py_buffer values, offsets, counts;
    Py_ssize_t total = 0;
    uint64_t *spare = NULL;
    uint32_t *starts = NULL;

    if (!PyArg_ParseTuple(args, "w*y*w*", &values, &offsets, &counts))
        return NULL;
    Py_BEGIN_ALLOW_THREADS
    const int64_t *bound = offsets.buf;
    const Py_ssize_t rows = offsets.len / (Py_ssize_t)sizeof(int64_t) - 1;
    uint64_t *value = values.buf;
    int64_t longest = 1;
    for (Py_ssize_t row = 0; row < rows; row++)
        if (bound[row + 1] - bound[row] > longest)
            longest = bound[row + 1] - bound[row];
    spare = malloc((size_t)longest * sizeof(uint64_t));
    starts = malloc(((1u << MOST_BITS) + 1) * sizeof(uint32_t));
    for (Py_ssize_t row = 0; spare && starts && row < rows; row++) {
        const int64_t count = bound[row + 1] - bound[row];
        sort_hashes(value + bound[row], count, spare, starts);
        const int64_t kept = distinct_of(value + bound[row], count, value + total);
        ((int64_t *)counts.buf)[row] = kept;
        total += kept;
    }
    free(spare);
    free(starts);
    Py_END_ALLOW_THREADS
    PyBuffer_Release(&values);
    PyBuffer_Release(&offsets);
    PyBuffer_Release(&counts);
    return spare && starts ? PyLong_FromSsize_t(total) : PyErr_NoMemory();
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
    {"words", words, METH_VARARGS, "words(texts, table, mode, hashes, counts, spans=None) -> rows, words"},
    {"shingles", shingles, METH_VARARGS, "shingles(hashes, offsets, size, out)"},
    {"signatures", signatures, METH_VARARGS,
     "signatures(hashes, offsets, factors, summands, out)"},
    {"band_keys", band_keys, METH_VARARGS, "band_keys(signatures, perms, bands, rows, out)"},
    {"digests", digests, METH_VARARGS, "digests(hashes, offsets, out)"},
    {"sets", sets, METH_VARARGS, "sets(values, offsets, counts) -> total"},
    {"under", under, METH_VARARGS, "under(values, offsets, limits, counts)"},
    {"shared", kernel_shared, METH_VARARGS,
     "shared(values, left, left_end, right, right_end, out)"},
    {"aligned", kernel_aligned, METH_VARARGS,
     "aligned(words, left, left_end, right, right_end, shortest, largest, out)"},
    {"shares", kernel_shares, METH_VARARGS,
     "shares(words, offsets, shingles, offsets, left, right, size, shortest, largest, out)"},
    {"company", kernel_company, METH_VARARGS, "company(values, offsets, most, sizes, shared)"},
    {"weigh", kernel_weigh, METH_VARARGS, "weigh(hashes, numbers, values, offsets, out)"},
    {"places", kernel_places, METH_VARARGS, "places(hashes, values, out) -> count"},
    {"likes", kernel_likes, METH_VARARGS,
     "likes(words, offsets, parts, words, offsets, parts, size, most, limit, least, out)"
     " -> count, crowded"},
    {"only", kernel_only, METH_VARARGS,
     "only(hashes, values, starts, lengths, out, counts) -> count"},
    {"rows", kernel_rows, METH_VARARGS, "rows(values, starts, lengths, size, out)"},
    {"packed", kernel_packed, METH_VARARGS,
     "packed(values, offsets, bits, part_bits, part, out) -> count"},
    {"pairs", kernel_pairs, METH_VARARGS, "pairs(ranks, offsets, count, most, few, out) -> pairs"},
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
