/* Hashes as small numbers, by which tables of all kinds can be laid out. */
#ifndef DEDUPE_NEWS_KERNEL_NUMBERS_H
#define DEDUPE_NEWS_KERNEL_NUMBERS_H

#include "_kernel.h"

/* Some hashes in their order, and for each the number that it has among the distinct ones. */
typedef struct {
    const uint64_t *hashes;
    int64_t count;
    const int32_t *numbers;
} Series;

static inline Series part_of(Series series, int64_t start, int64_t count)
{
    return (Series){series.hashes + start, count, series.numbers ? series.numbers + start : NULL};
}

/* The distinct hashes of one series, numbered from 1, and a table that leads from a hash to its
 * number; 0 is none. It is kept while pairs follow in which the same series is one of both: in a
 * crowd each is compared with a few, or all with one. */
typedef struct {
    Series of;
    uint64_t *distinct;
    int32_t last, *slots;
    size_t mask;
    Room distinct_room, slots_room, numbers_room;
} Numbering;

static inline int is_of(const Numbering *numbering, Series series)
{
    return numbering->of.numbers && numbering->of.hashes == series.hashes &&
           numbering->of.count == series.count;
}

#define CROWDED INT32_MIN /* of a slot: a hash that wanted it is in one of the next */
#define NUMBER INT32_MAX

static inline size_t slot_at_first(const Numbering *numbering, uint64_t hash)
{
    return (size_t)(hash ^ (hash >> 32)) & numbering->mask;
}

static inline int is_in(const Numbering *numbering, size_t slot, uint64_t hash)
{
    return numbering->distinct[numbering->slots[slot] & NUMBER] == hash;
}

/* Return the number of a hash that is in none of the slots before this one. */
static inline int32_t number_behind(const Numbering *numbering, size_t slot, uint64_t hash)
{
    while (numbering->slots[slot] && !is_in(numbering, slot, hash))
        slot = (slot + 1) & numbering->mask;
    return numbering->slots[slot] & NUMBER;
}

/* Return where the number of a hash is to be. */
static inline int32_t *slot_for(Numbering *numbering, uint64_t hash)
{
    size_t slot = slot_at_first(numbering, hash);
    while (numbering->slots[slot] && !is_in(numbering, slot, hash)) {
        numbering->slots[slot] |= CROWDED;
        slot = (slot + 1) & numbering->mask;
    }
    return numbering->slots + slot;
}

/* Number the hashes of a series, unless they are; 0 without memory. */
static inline int number(Numbering *numbering, Series series)
{
    if (is_of(numbering, series))
        return 1;
    numbering->of.numbers = NULL;
    size_t size = 16;
    while (size < 8 * (size_t)series.count) /* mostly empty: hardly two want the same place */
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
    int32_t last = 0;
    for (int64_t at = 0; at < series.count; at++) {
        int32_t *const slot = slot_for(numbering, series.hashes[at]);
        int32_t is_new = !*slot; /* not to be guessed */
        NO_BRANCH(is_new);
        last += is_new;
        *slot |= last & -is_new;
        numbers[at] = *slot & NUMBER;
        numbering->distinct[numbers[at]] = series.hashes[at]; /* as it is, unless it is new */
    }
    numbering->last = last;
    series.numbers = numbers;
    numbering->of = series;
    return 1;
}

/* Return the number of a hash. Whether it has one is chance, and not to be guessed; that another
 * took its place is rare. */
static inline int32_t number_of(const Numbering *numbering, uint64_t hash)
{
    const size_t slot = slot_at_first(numbering, hash);
    const int32_t found = numbering->slots[slot];
    int32_t same = is_in(numbering, slot, hash);
    int elsewhere = (found < 0) & !same;
    NO_BRANCH(same);
    NO_BRANCH(elsewhere);
    return elsewhere ? number_behind(numbering, slot, hash) : found & NUMBER & -same;
}

static inline void forget(Numbering *numbering)
{
    free(numbering->distinct_room.memory);
    free(numbering->slots_room.memory);
    free(numbering->numbers_room.memory);
}

#endif
