/* What the files of the kernel share: how hashes are mixed, memory that grows, and the functions that
 * the first file offers to Python for the others.
 */
#ifndef DEDUPE_NEWS_KERNEL_H
#define DEDUPE_NEWS_KERNEL_H

#define PY_SSIZE_T_CLEAN
#include <Python.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#if defined(__x86_64__) && defined(__GNUC__) && !defined(__clang__) && defined(__linux__)
#define HAS_WIDE_PROCESSORS
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

/* Has a number worked out, where the compiler would branch on what it was worked out from. */
#ifdef __GNUC__
#define NO_BRANCH(number) __asm__("" : "+r"(number))
#else
#define NO_BRANCH(number) ((void)0)
#endif

/* Add two numbers and a carry of 0 or 1, which is that of the sum then. What compilers make of the
 * plain way takes twice as many steps. */
static inline uint64_t added(uint64_t one, uint64_t other, unsigned char *carry)
{
#if defined(__x86_64__) && defined(__GNUC__)
    __asm__("addb $-1, %1\n\tadcq %2, %0\n\tsetc %1" : "+r"(one), "+q"(*carry) : "r"(other) : "cc");
    return one;
#else
    const uint64_t sum = one + other, whole = sum + *carry;
    *carry = (sum < one) | (whole < sum);
    return whole;
#endif
}

/* Return the place of the lowest bit that is set, and clear it. */
static inline unsigned lowest(uint64_t *bits)
{
#if defined(__GNUC__)
    const unsigned place = (unsigned)__builtin_ctzll(*bits);
#else
    unsigned place = 0;
    while (!(*bits >> place & 1))
        place++;
#endif
    *bits &= *bits - 1;
    return place;
}

/* The number whose powers weigh the places of a polynomial; hashing.py tells of it. */
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

/* Memory that is kept while a function works: it grows, and is given back at the end. */
typedef struct {
    void *memory;
    size_t size;
} Room;

static inline void *roomy(Room *room, size_t size)
{
    if (room->size < size) {
        free(room->memory);
        room->size = 0;
        room->memory = malloc(size + size / 2);
        if (room->memory)
            room->size = size + size / 2;
    }
    return room->memory;
}

PyObject *kernel_words(PyObject *self, PyObject *args);
PyObject *kernel_sets(PyObject *self, PyObject *args);
PyObject *kernel_ascending(PyObject *self, PyObject *args);
PyObject *kernel_shared(PyObject *self, PyObject *args);
PyObject *kernel_aligned(PyObject *self, PyObject *args);
PyObject *kernel_shares(PyObject *self, PyObject *args);
PyObject *kernel_company(PyObject *self, PyObject *args);
PyObject *kernel_weigh(PyObject *self, PyObject *args);
PyObject *kernel_places(PyObject *self, PyObject *args);
PyObject *kernel_likes(PyObject *self, PyObject *args);
PyObject *kernel_sifted(PyObject *self, PyObject *args);
PyObject *kernel_rows(PyObject *self, PyObject *args);
PyObject *kernel_packed(PyObject *self, PyObject *args);
PyObject *kernel_pairs(PyObject *self, PyObject *args);
PyObject *kernel_held(PyObject *self, PyObject *args);

#endif
