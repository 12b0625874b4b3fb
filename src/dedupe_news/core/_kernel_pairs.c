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

/* All that the comparison of two texts needs besides them. */
typedef struct {
    Table table;
    Room bits_room, rows_room, marks_room;
} Workplace;

static void leave(Workplace *place)
{
    release(&place->table);
    free(place->bits_room.memory);
    free(place->rows_room.memory);
    free(place->marks_room.memory);
}

/* A text as the hashes of its words, and a mark for each word; marks may be missing. */
typedef struct {
    const uint64_t *words;
    int64_t count;
    char *marks;
} Text;

static Text part_of(Text text, int64_t start, int64_t count)
{
    Text part = {text.words + start, count, text.marks ? text.marks + start : NULL};
    return part;
}

static int64_t noted(Text one, int64_t at, Text other, int64_t there, int64_t length,
                     int64_t shortest)
{
    if (length < shortest)
        return 0;
    if (one.marks)
        memset(one.marks + at, 1, (size_t)length);
    if (other.marks)
        memset(other.marks + there, 1, (size_t)length);
    return length;
}

/* Fill the matrix of a longest common subsequence: a row before the first word of `other` and one
 * behind each, in which a bit of 0 says that the word of `one` at this place extends the best
 * alignment so far.
 * Hyyrö, "Bit-parallel LCS-length computation revisited" (2004). */
static uint64_t *matrix_of(Workplace *place, Text one, Text other, int64_t width)
{
    Table *table = &place->table;
    uint64_t *bits = roomy(&place->bits_room, (size_t)(one.count * width) * sizeof(uint64_t));
    uint64_t *rows =
        roomy(&place->rows_room, (size_t)((other.count + 1) * width) * sizeof(uint64_t));
    if (!bits || !rows || !cleared(table, one.count))
        return NULL;
    int32_t distinct = 0;
    for (int64_t at = 0; at < one.count; at++) {
        const size_t slot = slot_of(table, one.words[at]);
        if (table->numbers[slot] < 0) {
            table->keys[slot] = one.words[at];
            memset(bits + distinct * width, 0, (size_t)width * sizeof(uint64_t));
            table->numbers[slot] = distinct++;
        }
        bits[table->numbers[slot] * width + at / 64] |= 1ull << (at % 64);
    }
    uint64_t *row = rows;
    memset(row, 0xFF, (size_t)width * sizeof(uint64_t));
    for (int64_t at = 0; at < other.count; at++) {
        const uint64_t *before = row;
        const int32_t number = table->numbers[slot_of(table, other.words[at])];
        row += width;
        if (number < 0) {
            memcpy(row, before, (size_t)width * sizeof(uint64_t));
            continue;
        }
        const uint64_t *matches = bits + number * width;
        uint64_t carry = 0;
        for (int64_t part = 0; part < width; part++) {
            const uint64_t state = before[part], both = state & matches[part];
            const uint64_t sum = state + both;
            const uint64_t full = sum + carry;
            carry = (sum < state) | (full < sum);
            row[part] = full | (state - both);
        }
    }
    return rows;
}

/* Count (and mark) the words that stand in the same order in both, in runs of some length, from
 * the end: the same alignment as rapidfuzz's LCSseq.opcodes(one, other). -1 without memory. */
static int64_t runs_of(Workplace *place, Text one, Text other, int64_t shortest)
{
    const int64_t least = one.count < other.count ? one.count : other.count;
    int64_t head = 0, tail = 0, found = 0;
    while (head < least && one.words[head] == other.words[head])
        head++;
    while (tail < least - head &&
           one.words[one.count - 1 - tail] == other.words[other.count - 1 - tail])
        tail++;
    const Text left = part_of(one, head, one.count - head - tail);
    const Text right = part_of(other, head, other.count - head - tail);
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
                found += noted(left, column, right, row, run, shortest);
                run = 0;
                column--;
            } else if (row > 1 && !(rows[(row - 1) * width + word] & bit)) {
                found += noted(left, column, right, row, run, shortest);
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
        found += noted(left, column, right, row, run, shortest);
        run = 0;
        column = row = 0;
    }
    return found + noted(one, 0, other, 0, head + run, shortest);
}

/* The same, whichever of the two comes first: the lesser one is laid along the columns. */
static int64_t alignment_of(Workplace *place, Text one, Text other, int64_t shortest)
{
    int swapped = other.count < one.count;
    if (one.count == other.count) {
        int64_t at = 0;
        while (at < one.count && one.words[at] == other.words[at])
            at++;
        swapped = at < one.count && other.words[at] < one.words[at];
    }
    return swapped ? runs_of(place, other, one, shortest) : runs_of(place, one, other, shortest);
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
        const Text first = {word + one[pair], one_end[pair] - one[pair], NULL};
        const Text second = {word + other[pair], other_end[pair] - other[pair], NULL};
        int64_t found = -1;
        if (!first.count || second.count <= largest / first.count) {
            found = alignment_of(&place, first, second, shortest);
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

/* Shingles of a text, in the order of its words. */
typedef struct {
    const uint64_t *hashes;
    int64_t count;
} Shingles;

/* Mark the words that lie in a shingle which the other text has too; 0 without memory. */
static int covered(Table *table, Text text, Shingles own, Shingles others, int size)
{
    if (!cleared(table, others.count))
        return 0;
    for (int64_t at = 0; at < others.count; at++) {
        const size_t slot = slot_of(table, others.hashes[at]);
        table->keys[slot] = others.hashes[at];
        table->numbers[slot] = 0;
    }
    int64_t marked = 0; /* words up to here need no mark any more */
    for (int64_t start = 0; start < own.count; start++) {
        if (table->numbers[slot_of(table, own.hashes[start])] < 0)
            continue;
        const int64_t end = start + size < text.count ? start + size : text.count;
        const int64_t from = marked > start ? marked : start;
        if (end > from)
            memset(text.marks + from, 1, (size_t)(end - from));
        marked = end;
    }
    return 1;
}

static int64_t marked_in(Text text)
{
    int64_t count = 0;
    for (int64_t at = 0; at < text.count; at++)
        count += text.marks[at];
    return count;
}

/* Count the words of each of two texts that stand in the other; 0 without memory. */
static int shares_of(Workplace *place, Text one, Text other, Shingles first, Shingles second,
                     int size, int64_t shortest, int64_t largest, int64_t *counts)
{
    char *marks = roomy(&place->marks_room, (size_t)(one.count + other.count + 1));
    if (!marks)
        return 0;
    memset(marks, 0, (size_t)(one.count + other.count));
    one.marks = marks;
    other.marks = marks + one.count;
    if (!covered(&place->table, one, first, second, size) ||
        !covered(&place->table, other, second, first, size))
        return 0;
    counts[0] = marked_in(one);
    counts[1] = marked_in(other);
    if (counts[0] == one.count || counts[1] == other.count ||
        (one.count && other.count > largest / one.count))
        return 1;
    if (alignment_of(place, one, other, shortest) < 0)
        return 0;
    counts[0] = marked_in(one);
    counts[1] = marked_in(other);
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
        const int64_t a = one[pair], b = other[pair];
        const Text texts[2] = {{word + bound[a], bound[a + 1] - bound[a], NULL},
                               {word + bound[b], bound[b + 1] - bound[b], NULL}};
        const Shingles sets[2] = {
            {shingle + shingle_bound[a], shingle_bound[a + 1] - shingle_bound[a]},
            {shingle + shingle_bound[b], shingle_bound[b + 1] - shingle_bound[b]}};
        failed = !shares_of(&place, texts[0], texts[1], sets[0], sets[1], size, shortest, largest,
                            (int64_t *)out.buf + 2 * pair);
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

/* Add up over each row how often its values occur among others, which are given with their numbers. */
PyObject *kernel_weigh(PyObject *self, PyObject *args)
{
    Py_buffer hashes, numbers, values, offsets, out;
    Table table = {{NULL, 0}, {NULL, 0}, NULL, NULL, 0};

    if (!PyArg_ParseTuple(args, "y*y*y*y*w*", &hashes, &numbers, &values, &offsets, &out))
        return NULL;
    const Py_ssize_t count = hashes.len / (Py_ssize_t)sizeof(uint64_t);
    const int ready = cleared(&table, count);
    if (ready) {
        Py_BEGIN_ALLOW_THREADS
        const uint64_t *value = values.buf;
        const int64_t *bound = offsets.buf;
        const Py_ssize_t rows = offsets.len / (Py_ssize_t)sizeof(int64_t) - 1;
        for (Py_ssize_t at = 0; at < count; at++) {
            const size_t slot = slot_of(&table, ((uint64_t *)hashes.buf)[at]);
            table.keys[slot] = ((uint64_t *)hashes.buf)[at];
            table.numbers[slot] = (int32_t)((int64_t *)numbers.buf)[at];
        }
        for (Py_ssize_t row = 0; row < rows; row++) {
            int64_t sum = 0;
            for (int64_t place = bound[row]; place < bound[row + 1]; place++) {
                const int32_t number = table.numbers[slot_of(&table, value[place])];
                sum += number > 0 ? number : 0;
            }
            ((int64_t *)out.buf)[row] = sum;
        }
        Py_END_ALLOW_THREADS
    }
    release(&table);
    PyBuffer_Release(&hashes);
    PyBuffer_Release(&numbers);
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
