/* The loops that compare texts: which words of two stand in the same order, and how much of each is
 * in the other.
 *
 * The twins are in shared_words.py. None of these functions touches a Python object while it works,
 * so they let other threads run.
 */
#include "_kernel_numbers.h"

/* All that the comparison of two texts needs besides them. */
typedef struct {
    Numbering words, shingles;
    Room met_room, sieved_room, bits_room, rows_room, marks_room;
} Workplace;

static void leave(Workplace *place)
{
    forget(&place->words);
    forget(&place->shingles);
    free(place->met_room.memory);
    free(place->sieved_room.memory);
    free(place->bits_room.memory);
    free(place->rows_room.memory);
    free(place->marks_room.memory);
}

/* Those words of a series that another has too: their numbers, and where they stand. */
typedef struct {
    int64_t count;
    int32_t *numbers, *places;
} Sieved;

/* Keep the words of a series that are numbered, and mark these numbers. */
static int64_t sieve_by_hash(const Numbering words, Series series, char *restrict met,
                             int32_t *restrict numbers, int32_t *restrict places)
{
    int64_t count = 0;
    for (int64_t at = 0; at < series.count; at++) {
        const int32_t number = number_of(&words, series.hashes[at]);
        met[number] = 1;
        numbers[count] = number;
        places[count] = (int32_t)at;
        count += number != 0;
    }
    return count;
}

/* Keep the words of a series whose numbers are marked. */
static int64_t sieve_by_number(Series series, const char *restrict met,
                               int32_t *restrict numbers, int32_t *restrict places)
{
    int64_t count = 0;
    for (int64_t at = 0; at < series.count; at++) {
        const int32_t number = series.numbers[at];
        numbers[count] = number;
        places[count] = (int32_t)at;
        count += met[number];
    }
    return count;
}

/* Keep of two series the words that both have: what only one has is in no alignment, and without it
 * all alignments stay what they are. One of them is numbered; 0 without memory. */
static int sieve(Workplace *place, const Series series[2], int numbered, Sieved sieved[2])
{
    const size_t rooms = (size_t)(series[0].count + series[1].count + 2);
    int32_t *room = roomy(&place->sieved_room, 2 * rooms * sizeof(int32_t));
    char *met = roomy(&place->met_room, (size_t)place->words.last + 1);
    if (!room || !met)
        return 0;
    memset(met, 0, (size_t)place->words.last + 1);
    for (int side = 0; side < 2; side++) {
        sieved[side] = (Sieved){0, room, room + series[side].count + 1};
        room += 2 * (series[side].count + 1);
    }
    Sieved *const other = &sieved[!numbered], *const own = &sieved[numbered];
    other->count = sieve_by_hash(place->words, series[!numbered], met, other->numbers, other->places);
    own->count = sieve_by_number(series[numbered], met, own->numbers, own->places);
    return 1;
}

/* Return a number of the row behind a word of the other text, given that of the row before it and
 * the places in the one text where the same word stands. */
static inline uint64_t next_state(uint64_t state, uint64_t matches, unsigned char *carry)
{
    const uint64_t both = state & matches;
    uint64_t next = added(state, both, carry) | (state - both);
    NO_BRANCH(next);
    return next;
}

static int zeros(uint64_t bits)
{
    bits = ~bits;
    bits -= bits >> 1 & 0x5555555555555555u;
    bits = (bits & 0x3333333333333333u) + (bits >> 2 & 0x3333333333333333u);
    return (int)(((bits + (bits >> 4)) & 0x0F0F0F0F0F0F0F0Fu) * 0x0101010101010101u >> 56);
}

/* A matrix of a longest common subsequence: a row of `width` numbers before the first word of
 * `other` and one behind each, in which a bit of 0 says that the word of `one` at this place extends
 * the best alignment so far. `bits` has for each word the places in `one` where it stands. */
typedef struct {
    Sieved one, other;
    int64_t width;
    uint64_t *bits, *rows;
} Matrix;

#define ROWS_OF(wide)                                                                              \
    case wide: {                                                                                   \
        uint64_t state[wide];                                                                      \
        memcpy(state, row, sizeof state);                                                          \
        for (; at < end; at++) {                                                                   \
            const uint64_t *const matches = bits + numbers[at] * width;                            \
            unsigned char carry = 0;                                                               \
            row += width;                                                                          \
            for (int part = 0; part < wide; part++)                                                \
                row[part] = state[part] = next_state(state[part], matches[part], &carry);          \
        }                                                                                          \
        break;                                                                                     \
    }

/* Fill rows `at` to `end`, from one of their numbers on to another. Those of the usual widths have
 * loops of their own, in which states stay where they are worked out.
 * Hyyrö, "Bit-parallel LCS-length computation revisited" (2004). */
static void fill_rows(const Matrix *matrix, int64_t at, int64_t end, int64_t first, int64_t last)
{
    const int64_t width = matrix->width;
    const uint64_t *const bits = matrix->bits + first;
    const int32_t *const numbers = matrix->other.numbers;
    uint64_t *row = matrix->rows + at * width + first;
    switch (last - first) {
        ROWS_OF(1)
        ROWS_OF(2)
        ROWS_OF(3)
        ROWS_OF(4)
        ROWS_OF(5)
        ROWS_OF(6)
        ROWS_OF(7)
        ROWS_OF(8)
    default:
        for (; at < end; at++, row += width) {
            const uint64_t *const matches = bits + numbers[at] * width;
            unsigned char carry = 0;
            for (int64_t part = 0; part < last - first; part++)
                row[width + part] = next_state(row[part], matches[part], &carry);
        }
    }
}

/* Fill that part of a matrix through which alignments of at least so many words lead, and return
 * how many words the longest has in there. No such alignment leaves out so many words of the one or
 * of the other text that it gets farther from the diagonal. Where it is less than `least`, there may
 * be a longer one outside. Ukkonen, "Algorithms for approximate string matching" (1985). */
static int64_t fill(const Matrix *matrix, int64_t least)
{
    const int64_t before = matrix->other.count - least, behind = matrix->one.count - least;
    int64_t first = 0, last = 0, found = 0;
    uint64_t *row = matrix->rows;
    for (int64_t at = 0, end; at < matrix->other.count; at = end) {
        for (; (first + 1) * 64 <= at - before; first++)
            found += zeros(row[first]);
        for (; last < matrix->width && last * 64 <= at + behind; last++)
            row[last] = ~0ull;
        end = before + (first + 1) * 64;
        if (last < matrix->width && last * 64 - behind < end)
            end = last * 64 - behind;
        end = end < matrix->other.count ? end : matrix->other.count;
        fill_rows(matrix, at, end, first, last);
        row = matrix->rows + end * matrix->width;
    }
    for (; first < last; first++)
        found += zeros(row[first]);
    return found;
}

#define MOSTLY 64 /* words of the shorter text that an alignment is expected to leave out at most */

/* Return the matrix of two texts, filled wherever their longest alignments lead; no rows without
 * memory. */
static Matrix matrix_of(Workplace *place, Sieved one, Sieved other)
{
    Matrix matrix = {one, other, one.count / 64 + 1, NULL, NULL};
    const size_t bytes = (size_t)matrix.width * sizeof(uint64_t);
    matrix.bits = roomy(&place->bits_room, ((size_t)place->words.last + 1) * bytes);
    matrix.rows = roomy(&place->rows_room, ((size_t)other.count + 1) * bytes);
    if (!matrix.bits || !matrix.rows)
        return (Matrix){one, other, 0, NULL, NULL};
    memset(matrix.bits, 0, ((size_t)place->words.last + 1) * bytes);
    for (int64_t at = 0; at < one.count; at++)
        matrix.bits[one.numbers[at] * matrix.width + at / 64] |= 1ull << (at % 64);
    const int64_t least = (one.count < other.count ? one.count : other.count) - MOSTLY;
    if (fill(&matrix, least > 0 ? least : 0) < least)
        fill(&matrix, 0);
    return matrix;
}

/* A text as its words, and a mark for each; marks may be missing. */
typedef struct {
    Series words;
    char *marks;
} Text;

/* Words that stand in the same order in both texts, one after the other. */
typedef struct {
    int64_t at, there, length;
} Run;

/* Mark the words of a run, unless it is too short, and return how many these are. */
static int64_t noted(const Text both[2], Run run, int64_t shortest)
{
    if (run.length < shortest)
        return 0;
    if (both[0].marks)
        memset(both[0].marks + run.at, 1, (size_t)run.length);
    if (both[1].marks)
        memset(both[1].marks + run.there, 1, (size_t)run.length);
    return run.length;
}

/* How many words two texts have in common at their beginnings, and at their ends behind that. */
typedef struct {
    int64_t head, tail;
} Edges;

static Edges edges_of(Series one, Series other)
{
    const int64_t least = one.count < other.count ? one.count : other.count;
    Edges edges = {0, 0};
    while (edges.head < least && one.hashes[edges.head] == other.hashes[edges.head])
        edges.head++;
    while (edges.tail < least - edges.head &&
           one.hashes[one.count - 1 - edges.tail] == other.hashes[other.count - 1 - edges.tail])
        edges.tail++;
    return edges;
}

/* Count (and mark) the words that stand in the same order in both, in runs of some length, from
 * the end: the same alignment as rapidfuzz's LCSseq.opcodes(one, other). Who only asks whether there
 * are enough is told of no more. -1 without memory. */
static int64_t runs_of(Workplace *place, const Text both[2], int numbered, Edges edges,
                       int64_t shortest, int64_t enough)
{
    Series middle[2];
    for (int side = 0; side < 2; side++)
        middle[side] = part_of(both[side].words, edges.head,
                               both[side].words.count - edges.head - edges.tail);
    Sieved kept[2];
    if (!sieve(place, middle, numbered, kept))
        return -1;
    const Matrix matrix = matrix_of(place, kept[0], kept[1]);
    if (!matrix.rows)
        return -1;
    Run run = {both[0].words.count - edges.tail, both[1].words.count - edges.tail, edges.tail};
    int64_t column = kept[0].count, row = kept[1].count, found = 0;
    while (column && row && found < enough) {
        const uint64_t *here = matrix.rows + row * matrix.width + (column - 1) / 64;
        const uint64_t bit = 1ull << ((column - 1) % 64);
        if (*here & bit)
            column--;
        else if (!(*(here - matrix.width) & bit))
            row--;
        else {
            const int64_t at = edges.head + kept[0].places[--column];
            const int64_t there = edges.head + kept[1].places[--row];
            if (at + 1 != run.at || there + 1 != run.there) {
                found += noted(both, run, shortest);
                run.length = 0;
            }
            run = (Run){at, there, run.length + 1};
        }
    }
    if (run.at != edges.head || run.there != edges.head) {
        found += noted(both, run, shortest);
        run.length = 0;
    }
    return found + noted(both, (Run){0, 0, edges.head + run.length}, shortest);
}

/* The same, whichever of the two comes first: the lesser one is laid along the columns.
 * `kept` says which of them is numbered, if neither is as yet. */
static int64_t alignment_of(Workplace *place, const Text texts[2], int kept, int64_t shortest,
                            int64_t enough)
{
    if (!number(&place->words, texts[kept].words))
        return -1;
    const Series one = texts[0].words, other = texts[1].words;
    const Edges edges = edges_of(one, other);
    int swapped = other.count < one.count;
    if (one.count == other.count && edges.head < one.count)
        swapped = other.hashes[edges.head] < one.hashes[edges.head];
    Text both[2] = {texts[swapped], texts[!swapped]};
    both[kept ^ swapped].words = place->words.of;
    return runs_of(place, both, kept ^ swapped, edges, shortest, enough);
}

/* Which of two series is kept: the one that is, else the one that the next pair has as well. */
static int kept_of(const Numbering *numbering, Series one, Series other, int next_has_one)
{
    if (is_of(numbering, one) || is_of(numbering, other))
        return !is_of(numbering, one);
    return !next_has_one;
}

PyObject *kernel_aligned(PyObject *self, PyObject *args)
{
    Py_buffer words, left, left_end, right, right_end, needed, out;
    Py_ssize_t shortest, largest;
    int failed = 0;

    if (!PyArg_ParseTuple(args, "y*y*y*y*y*y*nnw*", &words, &left, &left_end, &right, &right_end,
                          &needed, &shortest, &largest, &out))
        return NULL;
    Py_BEGIN_ALLOW_THREADS
    const uint64_t *word = words.buf;
    const int64_t *one = left.buf, *one_end = left_end.buf;
    const int64_t *other = right.buf, *other_end = right_end.buf;
    const Py_ssize_t pairs = out.len / (Py_ssize_t)sizeof(int64_t);
    Workplace place = {0};
    for (Py_ssize_t pair = 0; pair < pairs && !failed; pair++) {
        const Series first = {word + one[pair], one_end[pair] - one[pair], NULL};
        const Series second = {word + other[pair], other_end[pair] - other[pair], NULL};
        int64_t found = -1;
        if (!first.count || second.count <= largest / first.count) {
            const int again = pair + 1 < pairs && one[pair + 1] == one[pair];
            const int kept = kept_of(&place.words, first, second, again);
            const Text texts[2] = {{first, NULL}, {second, NULL}};
            found = alignment_of(&place, texts, kept, shortest, ((int64_t *)needed.buf)[pair]);
            failed = found < 0;
        }
        ((int64_t *)out.buf)[pair] = found;
    }
    leave(&place);
    Py_END_ALLOW_THREADS
    PyBuffer_Release(&words);
    PyBuffer_Release(&left);
    PyBuffer_Release(&left_end);
    PyBuffer_Release(&right);
    PyBuffer_Release(&right_end);
    PyBuffer_Release(&needed);
    PyBuffer_Release(&out);
    return failed ? PyErr_NoMemory() : Py_NewRef(Py_None);
}

/* Mark the words of a text that lie in a shingle which is numbered, and note the numbers that are
 * hit; return how many words these are. */
static int64_t covered_by_hash(Text text, Series shingles, const Numbering numbering,
                               char *restrict hits, int size)
{
    char *const restrict marks = text.marks;
    int64_t count = 0, end = 0; /* words up to here lie in the last that was hit */
    for (int64_t at = 0; at < text.words.count; at++) {
        if (at < shingles.count) {
            const int32_t number = number_of(&numbering, shingles.hashes[at]);
            hits[number] = 1;
            end = number ? at + size : end;
        }
        marks[at] = at < end;
        count += at < end;
    }
    return count;
}

/* The same of a text whose shingles are numbered: those count that were hit. */
static int64_t covered_by_number(Text text, Series shingles, const char *restrict hits, int size)
{
    char *const restrict marks = text.marks;
    int64_t count = 0, end = 0;
    for (int64_t at = 0; at < text.words.count; at++) {
        if (at < shingles.count)
            end = hits[shingles.numbers[at]] ? at + size : end;
        marks[at] = at < end;
        count += at < end;
    }
    return count;
}

static int64_t marked_in(Text text)
{
    int64_t count = 0;
    for (int64_t at = 0; at < text.words.count; at++)
        count += text.marks[at];
    return count;
}

/* Count the words of each of two texts that stand in the other, and the distinct shingles that both
 * have; 0 without memory. */
static int shares_of(Workplace *place, Series words[2], Series shingles[2], int kept, int size,
                     int64_t shortest, int64_t largest, int64_t *counts)
{
    if (!number(&place->shingles, shingles[kept]))
        return 0;
    const size_t numbers = (size_t)place->shingles.last + 1;
    char *marks = roomy(&place->marks_room, (size_t)(words[0].count + words[1].count) + numbers);
    if (!marks)
        return 0;
    const Text texts[2] = {{words[0], marks}, {words[1], marks + words[0].count}};
    char *hits = marks + words[0].count + words[1].count;
    memset(hits, 0, numbers);
    counts[!kept] = covered_by_hash(texts[!kept], shingles[!kept], place->shingles, hits, size);
    hits[0] = 0;
    counts[kept] = covered_by_number(texts[kept], place->shingles.of, hits, size);
    counts[2] = 0;
    for (size_t at = 1; at < numbers; at++)
        counts[2] += hits[at];
    if (counts[0] == words[0].count || counts[1] == words[1].count ||
        (words[0].count && words[1].count > largest / words[0].count))
        return 1;
    if (alignment_of(place, texts, kept, shortest, INT64_MAX) < 0)
        return 0;
    counts[0] = marked_in(texts[0]);
    counts[1] = marked_in(texts[1]);
    return 1;
}

PyObject *kernel_shares(PyObject *self, PyObject *args)
{
    Py_buffer words, bounds, shingles, shingle_bounds, left, right, out;
    int size, failed = 0;
    Py_ssize_t shortest, largest;

    if (!PyArg_ParseTuple(args, "y*y*y*y*y*y*innw*", &words, &bounds, &shingles, &shingle_bounds,
                          &left, &right, &size, &shortest, &largest, &out))
        return NULL;
    Py_BEGIN_ALLOW_THREADS
    const uint64_t *word = words.buf, *shingle = shingles.buf;
    const int64_t *bound = bounds.buf, *shingle_bound = shingle_bounds.buf;
    const int64_t *one = left.buf, *other = right.buf;
    const Py_ssize_t pairs = left.len / (Py_ssize_t)sizeof(int64_t);
    Workplace place = {0};
    for (Py_ssize_t pair = 0; pair < pairs && !failed; pair++) {
        const int64_t rows[2] = {one[pair], other[pair]};
        Series texts[2], runs[2];
        for (int side = 0; side < 2; side++) {
            const int64_t row = rows[side];
            texts[side] = (Series){word + bound[row], bound[row + 1] - bound[row], NULL};
            runs[side] = (Series){shingle + shingle_bound[row],
                                  shingle_bound[row + 1] - shingle_bound[row], NULL};
        }
        const int again = pair + 1 < pairs && one[pair + 1] == one[pair];
        const int kept = kept_of(&place.shingles, runs[0], runs[1], again);
        failed = !shares_of(&place, texts, runs, kept, size, shortest, largest,
                            (int64_t *)out.buf + 3 * pair);
    }
    leave(&place);
    Py_END_ALLOW_THREADS
    PyBuffer_Release(&words);
    PyBuffer_Release(&bounds);
    PyBuffer_Release(&shingles);
    PyBuffer_Release(&shingle_bounds);
    PyBuffer_Release(&left);
    PyBuffer_Release(&right);
    PyBuffer_Release(&out);
    return failed ? PyErr_NoMemory() : Py_NewRef(Py_None);
}
