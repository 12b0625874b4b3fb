/* The loops that compare: what two sorted sets share, which words of two texts stand in the same
 * order, how much of each is in the other, and where hashes of a list occur.
 *
 * The twins are in verify.py and columns.py. None of these functions touches a Python object
 * while it works, so they let other threads run.
 */
#include "_kernel.h"

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

/* Some hashes in their order, and for each the number that it has among the distinct ones. */
typedef struct {
    const uint64_t *hashes;
    int64_t count;
    const int32_t *numbers;
} Series;

static Series part_of(Series series, int64_t start, int64_t count)
{
    return (Series){series.hashes + start, count, series.numbers + start};
}

/* The distinct hashes of one series, numbered from 1, and a table that leads from a hash to its
 * number; 0 is none. It is kept while pairs follow in which the same series is one of both: in a
 * crowd each is compared with a few, or all with one. */
typedef struct {
    Series of;
    uint64_t *distinct;
    int32_t last, *slots;
    size_t mask;
    Room distinct_room, slots_room, numbers_room, others_room;
} Numbering;

static int is_of(const Numbering *numbering, Series series)
{
    return numbering->of.numbers && numbering->of.hashes == series.hashes &&
           numbering->of.count == series.count;
}

static inline size_t slot_at_first(const Numbering *numbering, uint64_t hash)
{
    return (size_t)(hash ^ (hash >> 32)) & numbering->mask;
}

/* Return where the number of a hash is, or is to be put. */
static inline int32_t *slot_for(const Numbering *numbering, uint64_t hash)
{
    size_t slot = slot_at_first(numbering, hash);
    while (numbering->slots[slot] && numbering->distinct[numbering->slots[slot]] != hash)
        slot = (slot + 1) & numbering->mask;
    return numbering->slots + slot;
}

/* Number the hashes of a series, unless they are; 0 without memory. */
static int number(Numbering *numbering, Series series)
{
    if (is_of(numbering, series))
        return 1;
    numbering->of.numbers = NULL;
    size_t size = 16;
    while (size < 4 * (size_t)series.count) /* mostly empty: hardly a place is taken by another */
        size *= 2;
    const size_t room = (size_t)series.count + 1;
    int32_t *numbers = roomy(&numbering->numbers_room, room * sizeof(int32_t));
    numbering->distinct = roomy(&numbering->distinct_room, room * sizeof(uint64_t));
    numbering->slots = roomy(&numbering->slots_room, size * sizeof(int32_t));
    if (!numbers || !numbering->distinct || !numbering->slots)
        return 0;
    memset(numbering->slots, 0, size * sizeof(int32_t));
    numbering->mask = size - 1;
    numbering->distinct[0] = 0;
    numbering->last = 0;
    for (int64_t at = 0; at < series.count; at++) {
        int32_t *const slot = slot_for(numbering, series.hashes[at]);
        if (!*slot) {
            *slot = ++numbering->last;
            numbering->distinct[*slot] = series.hashes[at];
        }
        numbers[at] = *slot;
    }
    series.numbers = numbers;
    numbering->of = series;
    return 1;
}

/* Return the number of a hash. Whether it has one is chance, and not to be guessed; that another
 * took its place is rare. */
static inline int32_t number_of(const Numbering *numbering, uint64_t hash)
{
    const int32_t found = numbering->slots[slot_at_first(numbering, hash)];
    int32_t same = numbering->distinct[found] == hash;
    int taken = (found != 0) & !same;
    NO_BRANCH(same);
    NO_BRANCH(taken);
    return taken ? *slot_for(numbering, hash) : found & -same;
}

/* Look the hashes of another series up; 0 without memory. */
static int look_up(Numbering *numbering, Series *other)
{
    int32_t *numbers =
        roomy(&numbering->others_room, (size_t)(other->count + 1) * sizeof(int32_t));
    if (!numbers)
        return 0;
    for (int64_t at = 0; at < other->count; at++)
        numbers[at] = number_of(numbering, other->hashes[at]);
    other->numbers = numbers;
    return 1;
}

static void forget(Numbering *numbering)
{
    free(numbering->distinct_room.memory);
    free(numbering->slots_room.memory);
    free(numbering->numbers_room.memory);
    free(numbering->others_room.memory);
}

/* Give two series the numbers of the one that is to be kept; 0 without memory. */
static int number_both(Numbering *numbering, Series *kept, Series *other)
{
    if (!number(numbering, *kept))
        return 0;
    *kept = numbering->of;
    return look_up(numbering, other);
}

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
 * most are none of them, and a table tells of the rest. */
#define LOW_BITS 20

typedef struct {
    uint64_t *present;
    Table table;
} Sought;

static int prepared(Sought *sought, const uint64_t *hashes, Py_ssize_t count)
{
    sought->present = calloc((size_t)1 << (LOW_BITS - 6), sizeof(uint64_t));
    if (!sought->present || !cleared(&sought->table, count))
        return 0;
    for (Py_ssize_t at = 0; at < count; at++) {
        const size_t slot = slot_of(&sought->table, hashes[at]);
        sought->table.keys[slot] = hashes[at];
        sought->table.numbers[slot] = 0;
        sought->present[(hashes[at] >> 6) & ((1u << (LOW_BITS - 6)) - 1)] |= 1ull << (hashes[at] & 63);
    }
    return 1;
}

static inline int is_sought(const Sought *sought, uint64_t hash)
{
    if (!((sought->present[(hash >> 6) & ((1u << (LOW_BITS - 6)) - 1)] >> (hash & 63)) & 1))
        return 0;
    return sought->table.numbers[slot_of(&sought->table, hash)] >= 0;
}

static void dismissed(Sought *sought)
{
    free(sought->present);
    release(&sought->table);
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

/* Write left * count + right for each pair of holders of a key: all with all, or in a crowd of more
 * than `most` each with the first few. Return how many, whether there is room for them or not. */
PyObject *kernel_pairs(PyObject *self, PyObject *args)
{
    Py_buffer ranks, offsets, out;
    Py_ssize_t count, most, few, found = 0;

    if (!PyArg_ParseTuple(args, "y*y*nnnw*", &ranks, &offsets, &count, &most, &few, &out))
        return NULL;
    Py_BEGIN_ALLOW_THREADS
    const int64_t *rank = ranks.buf, *bound = offsets.buf;
    const Py_ssize_t rows = offsets.len / (Py_ssize_t)sizeof(int64_t) - 1;
    const Py_ssize_t room = out.len / (Py_ssize_t)sizeof(uint64_t);
    uint64_t *code = out.buf;
    for (Py_ssize_t row = 0; row < rows; row++) {
        const int64_t start = bound[row], end = bound[row + 1];
        const int64_t last = end - start > most ? start + few : end;
        for (int64_t one = start; one < last; one++) {
            if (found + end - one - 1 <= room)
                for (int64_t other = one + 1; other < end; other++)
                    code[found + other - one - 1] =
                        (uint64_t)rank[one] * (uint64_t)count + (uint64_t)rank[other];
            found += end - one - 1;
        }
    }
    Py_END_ALLOW_THREADS
    PyBuffer_Release(&ranks);
    PyBuffer_Release(&offsets);
    PyBuffer_Release(&out);
    return PyLong_FromSsize_t(found);
}
