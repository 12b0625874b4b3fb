/* Which paragraphs of two pages share stretches of words, and how many: the first step of every
 * alignment. The twin is likeness_in_bulk.py.
 */
#include "_kernel_numbers.h"

/* What a paragraph is: no part of the comparison, in search of its partner, or known to have one. */
enum { FIXED, OPEN, SETTLED };

/* What a stretch holds beyond the end of its paragraph, and in place of words that the other page
 * has not. */
enum { PADDING, LEFT_ALONE, RIGHT_ALONE };

typedef struct {
    const uint64_t *words;
    const int64_t *bounds; /* of each paragraph, among the words */
    const uint8_t *parts;
    Py_ssize_t rows;
    uint64_t alone;
    uint64_t *codes;   /* the words, but those that stand here alone are all the same */
    int64_t *counts;   /* how many different stretches each paragraph has */
    int64_t *partners; /* how many paragraphs each is like */
} Page;

/* A stretch of words: the last paragraph of the right that had it, and the first of its holders. */
typedef struct {
    int32_t seen, holder;
} Stretch;

typedef struct {
    int32_t row, next;
} Holder;

typedef struct {
    Page left, right;
    int size;
    int64_t limit; /* of pairs of places */
    double least;  /* share of stretches */
    Numbering numbering; /* of the words of the left, then of all stretches */
    uint64_t *keys;      /* of the stretches of the left, then of those of the right */
    const int32_t *next; /* the number of the one that is looked at next */
    Stretch *stretches;  /* by their numbers */
    Holder *holders;
    int64_t *shared; /* by the paragraphs of the left, with one of the right */
    int64_t (*found)[5];
    Py_ssize_t count, room;
} Search;

static inline int64_t length_of(const Page *page)
{
    return page->bounds[page->rows];
}

/* Write the codes of both pages. */
static int code(Search *search)
{
    Page *left = &search->left, *right = &search->right;
    if (!number(&search->numbering, (Series){left->words, length_of(left), NULL}))
        return 0;
    const Numbering numbering = search->numbering;
    char *met = calloc((size_t)numbering.last + 1, 1);
    if (!met)
        return 0;
    for (int64_t at = 0; at < length_of(right); at++) {
        const int32_t found = number_of(&numbering, right->words[at]);
        right->codes[at] = found ? right->words[at] : right->alone;
        met[found] = 1;
    }
    for (int64_t at = 0; at < length_of(left); at++)
        left->codes[at] = met[numbering.of.numbers[at]] ? left->words[at] : left->alone;
    free(met);
    return 1;
}

/* Return where the stretches of a paragraph end that start with its words, exclusive. */
static inline int64_t last_of(const Search *search, const Page *page, Py_ssize_t row)
{
    const int64_t start = page->bounds[row], last = page->bounds[row + 1] - search->size + 1;
    if (page->parts[row] == FIXED || start == page->bounds[row + 1])
        return start;
    return last > start ? last : start + 1;
}

static uint64_t key_of(const Search *search, const Page *page, Py_ssize_t row, int64_t at)
{
    uint64_t key = 0;
    for (int64_t place = at; place < at + search->size; place++)
        key = fmix64(key * BASE + (place < page->bounds[row + 1] ? page->codes[place] : PADDING));
    return key;
}

/* Number the stretches of both pages, in their order. */
static int cut(Search *search)
{
    const Page *pages[] = {&search->left, &search->right};
    int64_t count = 0;
    for (int side = 0; side < 2; side++)
        for (Py_ssize_t row = 0; row < pages[side]->rows; row++)
            for (int64_t at = pages[side]->bounds[row]; at < last_of(search, pages[side], row); at++)
                search->keys[count++] = key_of(search, pages[side], row, at);
    if (!number(&search->numbering, (Series){search->keys, count, NULL}))
        return 0;
    search->next = search->numbering.of.numbers;
    for (int32_t at = 0; at <= search->numbering.last; at++)
        search->stretches[at] = (Stretch){-1, -1};
    return 1;
}

/* Note which paragraphs of the left hold each stretch. */
static void hold(Search *search)
{
    Page *left = &search->left;
    int32_t held = 0;
    for (Py_ssize_t row = 0; row < left->rows; row++)
        for (int64_t at = left->bounds[row]; at < last_of(search, left, row); at++) {
            Stretch *stretch = search->stretches + *search->next++;
            if (stretch->holder >= 0 && search->holders[stretch->holder].row == row)
                continue;
            search->holders[held] = (Holder){(int32_t)row, stretch->holder};
            stretch->holder = held++;
            left->counts[row]++;
        }
}

/* Count what a paragraph of the right shares with each of the left; return whether few do. */
static int meet(Search *search, Py_ssize_t row)
{
    Page *right = &search->right;
    for (int64_t at = right->bounds[row]; at < last_of(search, right, row); at++) {
        Stretch *stretch = search->stretches + *search->next++;
        if (stretch->seen == row)
            continue;
        stretch->seen = (int32_t)row;
        right->counts[row]++;
        for (int32_t holder = stretch->holder; holder >= 0; holder = search->holders[holder].next) {
            if (--search->limit < 0)
                return 0;
            search->shared[search->holders[holder].row]++;
        }
    }
    return 1;
}

/* Note which paragraphs of the left one of the right is like; return whether there is room. */
static int note(Search *search, Py_ssize_t row)
{
    Page *left = &search->left, *right = &search->right;
    const int64_t width = right->counts[row];
    for (Py_ssize_t other = 0; other < left->rows; other++) {
        const int64_t shared = search->shared[other], height = left->counts[other];
        search->shared[other] = 0;
        if (!shared || (left->parts[other] == SETTLED && right->parts[row] == SETTLED))
            continue;
        if ((double)shared / (double)(height < width ? height : width) < search->least)
            continue;
        if (search->count == search->room)
            return 0;
        const int64_t like[5] = {other, row, shared, height, width};
        memcpy(search->found[search->count++], like, sizeof like);
        left->partners[other]++;
        right->partners[row]++;
    }
    return 1;
}

/* Whether two open paragraphs that are like each other have both more than so many partners. */
static int is_crowded(const Search *search, int64_t most)
{
    for (Py_ssize_t at = 0; at < search->count; at++) {
        const int64_t *like = search->found[at];
        if (search->left.parts[like[0]] == OPEN && search->left.partners[like[0]] > most &&
            search->right.parts[like[1]] == OPEN && search->right.partners[like[1]] > most)
            return 1;
    }
    return 0;
}

/* Share out memory for all that is noted while searching; return whether there is enough. */
static int furnished(Search *search)
{
    Page *left = &search->left, *right = &search->right;
    const size_t words = (size_t)(length_of(left) + length_of(right)) + 1;
    const size_t rows = (size_t)(left->rows + right->rows);
    left->codes = calloc(words + 2 * rows + (size_t)left->rows, sizeof(uint64_t));
    search->keys = malloc(words * sizeof(uint64_t));
    search->stretches = malloc(words * sizeof(Stretch));
    search->holders = malloc(words * sizeof(Holder));
    if (!left->codes || !search->keys || !search->stretches || !search->holders)
        return 0;
    right->codes = left->codes + length_of(left);
    left->counts = (int64_t *)left->codes + words;
    right->counts = left->counts + left->rows;
    left->partners = right->counts + right->rows;
    right->partners = left->partners + left->rows;
    search->shared = right->partners + right->rows;
    return code(search) && cut(search);
}

/* Find all pairs; return whether they are few enough to be told. */
static int find(Search *search)
{
    hold(search);
    for (Py_ssize_t row = 0; row < search->right.rows; row++)
        if (!meet(search, row) || !note(search, row))
            return 0;
    return 1;
}

static Page page_of(const Py_buffer *words, const Py_buffer *bounds, const Py_buffer *parts,
                    uint64_t alone)
{
    Page page = {words->buf, bounds->buf, parts->buf, parts->len, alone, NULL, NULL, NULL};
    return page;
}

PyObject *kernel_likes(PyObject *self, PyObject *args)
{
    Py_buffer words, bounds, parts, others, other_bounds, other_parts, out;
    Search search = {0};
    Py_ssize_t most, limit;

    if (!PyArg_ParseTuple(args, "y*y*y*y*y*y*inndw*", &words, &bounds, &parts, &others,
                          &other_bounds, &other_parts, &search.size, &most, &limit, &search.least,
                          &out))
        return NULL;
    search.left = page_of(&words, &bounds, &parts, LEFT_ALONE);
    search.right = page_of(&others, &other_bounds, &other_parts, RIGHT_ALONE);
    search.limit = limit;
    search.found = out.buf;
    search.room = out.len / (Py_ssize_t)sizeof search.found[0];
    int enough, few = 0, crowded = 0;
    Py_BEGIN_ALLOW_THREADS
    enough = furnished(&search);
    if (enough) {
        few = find(&search);
        crowded = is_crowded(&search, most);
    }
    free(search.left.codes);
    free(search.keys);
    free(search.stretches);
    free(search.holders);
    forget(&search.numbering);
    Py_END_ALLOW_THREADS
    PyBuffer_Release(&words);
    PyBuffer_Release(&bounds);
    PyBuffer_Release(&parts);
    PyBuffer_Release(&others);
    PyBuffer_Release(&other_bounds);
    PyBuffer_Release(&other_parts);
    PyBuffer_Release(&out);
    return enough ? Py_BuildValue("ni", few ? search.count : -1, crowded) : PyErr_NoMemory();
}
