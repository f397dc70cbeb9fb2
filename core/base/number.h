/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Numbers as people type them: decimal, 0x hex, 0b binary; never octal, never signed. `08` is refused
 * because setpci reads it as hex and memtool as octal.
 */
#ifndef PCIETOOL_NUMBER_H
#define PCIETOOL_NUMBER_H

#include <stddef.h>
#include <stdint.h>

#include "core/base/error.h"

/* The whole of TEXT is one number. -EINVAL (usage) otherwise. */
int number_parse(const char *text, uint64_t *value, struct error *error);

/*
 * One number at *CURSOR, which ends at the first character that is neither letter, digit nor '_';
 * *CURSOR is moved behind it.
 */
int number_scan(const char **cursor, uint64_t *value, struct error *error);

/* "4K", "1M", "1000": in the largest unit that it is a whole number of, powers of 1024. */
#define SIZE_TEXT 24
void size_format(uint64_t bytes, char text[SIZE_TEXT]);

/* A size in bytes: a number with an optional k, M or G (powers of 1024), upper or lower case. */
int size_parse(const char *text, uint64_t *bytes, struct error *error);
/* The same at *CURSOR, as number_scan. */
int size_scan(const char **cursor, uint64_t *bytes, struct error *error);

/* A time with its unit (ns, us, ms, s, m) in nanoseconds; a bare number is refused. */
int duration_parse(const char *text, uint64_t *ns, struct error *error);
#define DURATION_SIZE 24
void duration_format(uint64_t ns, char text[DURATION_SIZE]); /* "100ms": as duration_parse() takes it */

/* 8, 16, 32 or 64: the width of an access in bits. */
int width_parse(const char *text, unsigned int *width, struct error *error);

/* The largest value of that many bits, 1..64. */
static inline uint64_t width_max(unsigned int width)
{
	return width >= 64 ? UINT64_MAX : (UINT64_C(1) << width) - 1;
}

/* What a noun has behind N of it. */
static inline const char *plural(uint64_t n)
{
	return n == 1 ? "" : "s";
}

/* "0x" and at least DIGITS digits, 16 at most; a register is printed often enough for printf() to be felt. */
#define NUMBER_HEX_SIZE 24
void number_format_hex(uint64_t value, int digits, char text[NUMBER_HEX_SIZE]);

/* Decimal, at the end of BUFFER: where it starts. */
#define NUMBER_DECIMAL_SIZE 24
const char *number_format_decimal(uint64_t value, char buffer[NUMBER_DECIMAL_SIZE]);

#endif
