/* Words of texts, as hashes; text.py says what a word is, and has the twin in Python.
 */
#include "_kernel.h"

#if defined(__SSE2__)
#include <emmintrin.h>
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

#define FAR 64   /* letters of a word, and signs of a stretch of text, that are gone through at once */
#define ODD (-2) /* a text that the plain loop leaves to the general one */

/* What the plain loop asks of a sign, as bits of one byte: whether it is a letter; whether it is
 * more than a separator where a letter stands behind it; whether it is special in any case. */
#define LETTER 0
#define JOINS 1
#define SPECIAL 2
#define ALWAYS_SPECIAL (KNOWN | SIGN | IGNORED | TRAILS | LEADS)

static inline uint8_t kind_of(uint32_t entry, uint32_t hard)
{
    return (uint8_t)((entry & WORD ? 1 << LETTER : 0) | (entry & (HYPHEN | POINT) ? 1 << JOINS : 0) |
                     ((entry ^ KNOWN) & (ALWAYS_SPECIAL | hard) ? 1 << SPECIAL : 0));
}

/* What it asks of a code point, told apart once for the narrow ones, and what it notes of a stretch.
 * All of it has less than four kilobytes, and lies together: no two places that are written and
 * read in turns look alike to a processor, which compares the last twelve bits of addresses. */
typedef struct {
    const uint32_t *table;
    uint32_t hard;
    uint64_t weights[2 * FAR], inverses[FAR];
    uint64_t sums[FAR + 1];
    uint8_t met[FAR];
    uint32_t folded[256];
    uint8_t kinds[256];
} Plain;

static void prepare(Plain *plain, const uint32_t *table, uint32_t hard)
{
    uint64_t weight = 1, inverse = 1, reciprocal = BASE;
    for (int bits = 3; bits < 64; bits *= 2)
        reciprocal *= 2 - BASE * reciprocal;
    memset(plain, 0, sizeof(Plain));
    plain->table = table;
    plain->hard = hard;
    for (int place = 0; place < 2 * FAR; place++, weight *= BASE)
        plain->weights[place] = weight;
    for (int place = 0; place < FAR; place++, inverse *= reciprocal)
        plain->inverses[place] = inverse;
    for (int code = 0; code < 256; code++) {
        plain->folded[code] = table[code] & FOLDED;
        plain->kinds[code] = kind_of(table[code], hard);
    }
}

/* Return for each of `FAR` bytes one of its bits. */
static inline uint64_t bits_of(const uint8_t *bytes, int bit)
{
    uint64_t bits = 0;
#if defined(__SSE2__)
    for (int first = 0; first < FAR; first += 16) {
        const __m128i some = _mm_loadu_si128((const __m128i *)(bytes + first));
        bits |= (uint64_t)_mm_movemask_epi8(_mm_slli_epi16(some, 7 - bit)) << first;
    }
#else
    for (int place = 0; place < FAR; place++)
        bits |= (uint64_t)(bytes[place] >> bit & 1) << place;
#endif
    return bits;
}

/* A word that is not at its end yet: its sum, and how many letters it has. */
typedef struct {
    uint64_t sum;
    unsigned letters;
} Open;

/* Append the sums of the words of a stretch that starts a word wherever a letter follows none. */
static inline uint64_t *words_of_stretch(const Plain *plain, unsigned length, uint64_t letters,
                                         Open *open, uint64_t *next)
{
    const uint64_t *sums = plain->sums;
    uint64_t edges = letters ^ (letters << 1 | (open->letters > 0));
    edges &= length < FAR ? (1ull << length) - 1 : ~0ull;
    if (open->letters) {
        const unsigned end = edges ? lowest(&edges) : length;
        open->sum += sums[end] * plain->weights[open->letters];
        if (end == length) {
            open->letters += length;
            return next;
        }
        *next++ = open->sum;
    }
    open->sum = open->letters = 0;
    while (edges) {
        const unsigned start = lowest(&edges);
        if (!edges) { /* the last one goes on behind the stretch */
            open->sum = (sums[length] - sums[start]) * plain->inverses[start];
            open->letters = length - start;
            break;
        }
        *next++ = (sums[lowest(&edges)] - sums[start]) * plain->inverses[start];
    }
    return next;
}

#define NARROW_KIND(code) plain->kinds[code]
#define NARROW_FOLDED(code) plain->folded[code]
#define WIDE_KIND(code) kind_of(table[code], hard)
#define WIDE_FOLDED(code) (table[code] & FOLDED)

#define ADD_SIGN(code, at, WIDTH)                                                                  \
    {                                                                                              \
        plain->met[at] = WIDTH##_KIND(code);                                                       \
        plain->sums[at] = sum;                                                                     \
        sum += (uint64_t)WIDTH##_FOLDED(code) * plain->weights[at];                                \
    }

/* Append the word hashes of one text; return how many, or -1 if the table cannot tell. There is
 * one pair of functions for each width of a code point, so that no loop has to ask for it. The
 * general one can also tell where each word starts and ends.
 *
 * The plain one takes text of letters, blanks and punctuation, a stretch at a time, and has no
 * branch for each sign: signs are weighed and added up whatever they are, and what they are is
 * noted beside. A word is the difference of two sums by the weight that it starts with; it is
 * mixed afterwards. A stretch ends before a sign that needs a closer look. A string ends with a
 * code point of 0, so there is always one behind. */
#define WORDS_OF_TEXT(PLAIN, GENERAL, CODE_POINT, WIDTH)                                           \
    static Py_ssize_t PLAIN(const CODE_POINT *text, Py_ssize_t length, Plain *plain,               \
                            uint64_t *out)                                                         \
    {                                                                                              \
        const uint32_t *table = plain->table, hard = plain->hard;                                  \
        uint64_t *next = out;                                                                      \
        Open open = {0, 0};                                                                        \
        for (Py_ssize_t place = 0; place < length;) {                                              \
            const unsigned ahead = length - place < FAR ? (unsigned)(length - place) : FAR;        \
            uint64_t sum = 0;                                                                      \
            unsigned at = 0;                                                                       \
            for (; at + 8 <= ahead; at += 8)                                                       \
                for (unsigned step = 0; step < 8; step++)                                          \
                    ADD_SIGN(text[place + at + step], at + step, WIDTH)                            \
            for (; at < ahead; at++)                                                               \
                ADD_SIGN(text[place + at], at, WIDTH)                                              \
            plain->sums[ahead] = sum;                                                              \
            const uint64_t here = ahead < FAR ? (1ull << ahead) - 1 : ~0ull;                       \
            const uint64_t letters = bits_of(plain->met, LETTER) & here;                           \
            const uint64_t behind = WIDTH##_KIND(text[place + ahead]) >> LETTER & 1;               \
            uint64_t special = bits_of(plain->met, JOINS) &                                        \
                               (letters >> 1 | behind << (ahead - 1));                             \
            special = (special | bits_of(plain->met, SPECIAL)) & here;                             \
            const unsigned stretch = special ? lowest(&special) : ahead;                           \
            next = words_of_stretch(plain, stretch, letters, &open, next);                         \
            place += stretch;                                                                      \
            if (stretch < ahead) {                                                                 \
                uint32_t entry = table[text[place]];                                               \
                if (entry == 0 || (entry & hard))                                                  \
                    return -1;                                                                     \
                if (entry & (SIGN | TRAILS | LEADS))                                               \
                    return ODD;                                                                    \
                if (entry & (HYPHEN | POINT))                                                      \
                    entry = in_context(entry, place ? table[text[place - 1]] : 0,                  \
                                       place + 1 < length ? table[text[place + 1]] : KNOWN);       \
                if (entry & WORD) {                                                                \
                    open.sum += (entry & FOLDED) * plain->weights[open.letters++];                 \
                } else if (!(entry & IGNORED) && open.letters) {                                   \
                    *next++ = open.sum;                                                            \
                    open.sum = open.letters = 0;                                                   \
                }                                                                                  \
                place++;                                                                           \
            }                                                                                      \
            if (open.letters >= FAR)                                                               \
                return ODD;                                                                        \
        }                                                                                          \
        if (open.letters)                                                                          \
            *next++ = open.sum;                                                                    \
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

static Py_ssize_t words_of_text(PyObject *text, Plain *plain, int mode, uint64_t *out,
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

PyObject *kernel_words(PyObject *self, PyObject *args)
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
