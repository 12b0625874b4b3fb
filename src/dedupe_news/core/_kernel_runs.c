/* The loops that compare texts: which words of two stand in the same order, and how much of each is
 * in the other.
 *
 * The twins are in verify.py. None of these functions touches a Python object while it works, so
 * they let other threads run.
 */
#include "_kernel_numbers.h"

/* All that the comparison of two texts needs besides them. */
typedef struct {
    Numbering words, shingles;
    Room bits_room, rows_room, marks_room;
} Workplace;

static void leave(Workplace *place)
{
    forget(&place->words);
    forget(&place->shingles);
    free(place->bits_room.memory);
    free(place->rows_room.memory);
    free(place->marks_room.memory);
}

/* Write the row behind a word of the other text. `before` is the row before it, `matches` has the
 * places in the one text where the same word stands. */
static inline __attribute__((always_inline)) void
next_row(const uint64_t *restrict before, const uint64_t *restrict matches,
         uint64_t *restrict row, int64_t width)
{
    unsigned char carry = 0;
    for (int64_t part = 0; part < width; part++) {
        const uint64_t state = before[part], both = state & matches[part];
        row[part] = added(state, both, &carry) | (state - both);
    }
}

#define ROWS_OF(wide)                                                                              \
    case wide:                                                                                     \
        for (int64_t at = 0; at < other.count; at++, row += wide)                                  \
            next_row(row, bits + other.numbers[at] * wide, row + wide, wide);                      \
        break;

/* Fill the matrix of a longest common subsequence: a row before the first word of `other` and one
 * behind each, in which a bit of 0 says that the word of `one` at this place extends the best
 * alignment so far. Rows of the usual widths have loops of their own.
 * Hyyrö, "Bit-parallel LCS-length computation revisited" (2004). */
static uint64_t *matrix_of(Workplace *place, Series one, Series other, int64_t width)
{
    const int64_t nobody = place->words.last + 1; /* the row of what the other text has not */
    const size_t size = (size_t)((nobody + 1) * width) * sizeof(uint64_t);
    uint64_t *bits = roomy(&place->bits_room, size);
    uint64_t *rows =
        roomy(&place->rows_room, (size_t)((other.count + 1) * width) * sizeof(uint64_t));
    if (!bits || !rows)
        return NULL;
    memset(bits, 0, size);
    for (int64_t at = 0; at < one.count; at++) {
        int64_t place = one.numbers[at];
        place += place ? 0 : nobody;
        bits[place * width + at / 64] |= 1ull << (at % 64);
    }
    uint64_t *row = rows;
    memset(row, 0xFF, (size_t)width * sizeof(uint64_t));
    switch (width) {
        ROWS_OF(1)
        ROWS_OF(2)
        ROWS_OF(3)
        ROWS_OF(4)
        ROWS_OF(5)
        ROWS_OF(6)
        ROWS_OF(7)
        ROWS_OF(8)
    default:
        for (int64_t at = 0; at < other.count; at++, row += width)
            next_row(row, bits + other.numbers[at] * width, row + width, width);
    }
    return rows;
}

/* A text as its words, and a mark for each; marks may be missing. */
typedef struct {
    Series words;
    char *marks;
} Text;

static int64_t noted(char *marks, int64_t at, char *other, int64_t there, int64_t length,
                     int64_t shortest)
{
    if (length < shortest)
        return 0;
    if (marks)
        memset(marks + at, 1, (size_t)length);
    if (other)
        memset(other + there, 1, (size_t)length);
    return length;
}

/* Count (and mark) the words that stand in the same order in both, in runs of some length, from
 * the end: the same alignment as rapidfuzz's LCSseq.opcodes(one, other). -1 without memory. */
static int64_t runs_of(Workplace *place, Text first, Text second, int64_t shortest)
{
    const Series one = first.words, other = second.words;
    const int64_t least = one.count < other.count ? one.count : other.count;
    int64_t head = 0, tail = 0, found = 0;
    while (head < least && one.hashes[head] == other.hashes[head])
        head++;
    while (tail < least - head &&
           one.hashes[one.count - 1 - tail] == other.hashes[other.count - 1 - tail])
        tail++;
    const Series left = part_of(one, head, one.count - head - tail);
    const Series right = part_of(other, head, other.count - head - tail);
    char *marks = first.marks ? first.marks + head : NULL;
    char *twins = second.marks ? second.marks + head : NULL;
    int64_t column = left.count, row = right.count, run = tail;
    if (column && row) {
        const int64_t width = (column + 63) / 64;
        const uint64_t *rows = matrix_of(place, left, right, width);
        if (!rows)
            return -1;
        while (column && row) {
            const int64_t word = (column - 1) / 64;
            const uint64_t bit = 1ull << ((column - 1) % 64);
            if (rows[row * width + word] & bit) {
                found += noted(marks, column, twins, row, run, shortest);
                run = 0;
                column--;
            } else if (row > 1 && !(rows[(row - 1) * width + word] & bit)) {
                found += noted(marks, column, twins, row, run, shortest);
                run = 0;
                row--;
            } else {
                row--;
                column--;
                run++;
            }
        }
    }
    if (column || row) {
        found += noted(marks, column, twins, row, run, shortest);
        run = 0;
    }
    return found + noted(first.marks, 0, second.marks, 0, head + run, shortest);
}

/* The same, whichever of the two comes first: the lesser one is laid along the columns.
 * `kept` says which of them is numbered, if neither is as yet. */
static int64_t alignment_of(Workplace *place, Text one, Text other, int kept, int64_t shortest)
{
    Series *const both[2] = {&one.words, &other.words};
    if (!number_both(&place->words, both[kept], both[!kept]))
        return -1;
    int swapped = other.words.count < one.words.count;
    if (one.words.count == other.words.count) {
        int64_t at = 0;
        while (at < one.words.count && one.words.hashes[at] == other.words.hashes[at])
            at++;
        swapped = at < one.words.count && other.words.hashes[at] < one.words.hashes[at];
    }
    return swapped ? runs_of(place, other, one, shortest) : runs_of(place, one, other, shortest);
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
    Py_buffer words, left, left_end, right, right_end, out;
    Py_ssize_t shortest, largest;
    int failed = 0;

    if (!PyArg_ParseTuple(args, "y*y*y*y*y*nnw*", &words, &left, &left_end, &right, &right_end,
                          &shortest, &largest, &out))
        return NULL;
    Py_BEGIN_ALLOW_THREADS
    const uint64_t *word = words.buf;
    const int64_t *one = left.buf, *one_end = left_end.buf;
    const int64_t *other = right.buf, *other_end = right_end.buf;
    const Py_ssize_t pairs = out.len / (Py_ssize_t)sizeof(int64_t);
    Workplace place = {0};
    for (Py_ssize_t pair = 0; pair < pairs && !failed; pair++) {
        const Text first = {{word + one[pair], one_end[pair] - one[pair], NULL}, NULL};
        const Text second = {{word + other[pair], other_end[pair] - other[pair], NULL}, NULL};
        int64_t found = -1;
        if (!first.words.count || second.words.count <= largest / first.words.count) {
            const int again = pair + 1 < pairs && one[pair + 1] == one[pair];
            const int kept = kept_of(&place.words, first.words, second.words, again);
            found = alignment_of(&place, first, second, kept, shortest);
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
    PyBuffer_Release(&out);
    return failed ? PyErr_NoMemory() : Py_NewRef(Py_None);
}

/* Mark the words of a text that lie in a shingle which `hits` has, by its number, and no other;
 * return how many these are. */
static int64_t covered(Text text, Series shingles, const char *hits, int size)
{
    int64_t count = 0, end = 0; /* words up to here lie in the last that was hit */
    for (int64_t at = 0; at < text.words.count; at++) {
        if (at < shingles.count)
            end = hits[shingles.numbers[at]] ? at + size : end;
        text.marks[at] = at < end;
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
    if (!number_both(&place->shingles, &shingles[kept], &shingles[!kept]))
        return 0;
    const size_t numbers = (size_t)place->shingles.last + 1;
    char *marks = roomy(&place->marks_room, (size_t)(words[0].count + words[1].count) + numbers);
    if (!marks)
        return 0;
    const Text texts[2] = {{words[0], marks}, {words[1], marks + words[0].count}};
    char *hits = marks + words[0].count + words[1].count;
    memset(hits, 1, numbers);
    hits[0] = 0;
    counts[!kept] = covered(texts[!kept], shingles[!kept], hits, size);
    memset(hits, 0, numbers);
    for (int64_t at = 0; at < shingles[!kept].count; at++)
        hits[shingles[!kept].numbers[at]] = 1;
    counts[2] = 0;
    for (size_t at = 1; at < numbers; at++)
        counts[2] += hits[at];
    counts[kept] = covered(texts[kept], shingles[kept], hits, size);
    if (counts[0] == words[0].count || counts[1] == words[1].count ||
        (words[0].count && words[1].count > largest / words[0].count))
        return 1;
    if (alignment_of(place, texts[0], texts[1], kept, shortest) < 0)
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
