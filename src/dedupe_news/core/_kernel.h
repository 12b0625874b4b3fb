/* What the files of the kernel share: how hashes are mixed, and the functions that one file
 * offers to Python through the other.
 */
#ifndef DEDUPE_NEWS_KERNEL_H
#define DEDUPE_NEWS_KERNEL_H

#define PY_SSIZE_T_CLEAN
#include <Python.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

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

PyObject *kernel_shared(PyObject *self, PyObject *args);
PyObject *kernel_aligned(PyObject *self, PyObject *args);
PyObject *kernel_shares(PyObject *self, PyObject *args);
PyObject *kernel_company(PyObject *self, PyObject *args);
PyObject *kernel_places(PyObject *self, PyObject *args);
PyObject *kernel_only(PyObject *self, PyObject *args);
PyObject *kernel_rows(PyObject *self, PyObject *args);
PyObject *kernel_packed(PyObject *self, PyObject *args);
PyObject *kernel_held(PyObject *self, PyObject *args);

#endif
