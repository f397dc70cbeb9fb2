// SPDX-License-Identifier: GPL-2.0-or-later
#include <inttypes.h>
#include <string.h>

#include "core/base/number.h"
#include "tests/unit/tap.h"

typedef int (*parser)(const char *text, uint64_t *value, struct error *error);

struct row {
	const char *text;
	uint64_t value;
	bool good;
};

static void check(struct tap *tap, const char *name, parser parse, const struct row *rows, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		uint64_t value = 0x5a5a;
		struct error error = { 0 };
		int rc = parse(rows[i].text, &value, &error);

		if (rows[i].good)
			ok(tap, rc == 0 && value == rows[i].value, "%s '%s' is %" PRIu64, name, rows[i].text,
			   rows[i].value);
		else
			ok(tap, rc < 0 && value == 0x5a5a && error.kind == ERROR_USAGE && error.message[0],
			   "%s '%s' is refused: %s", name, rows[i].text, error.message);
	}
}

static const struct row numbers[] = {
	{ "0", 0, true },
	{ "10", 10, true },
	{ "0x10", 16, true },
	{ "0XaBc", 0xabc, true },
	{ "0b101", 5, true },
	{ "18446744073709551615", UINT64_MAX, true },
	{ "0xffffffffffffffff", UINT64_MAX, true },
	{ "18446744073709551616", 0, false },
	{ "0x10000000000000000", 0, false },
	{ "08", 0, false },
	{ "010", 0, false },
	{ "00", 0, false },
	{ "0x", 0, false },
	{ "0b", 0, false },
	{ "0b2", 0, false },
	{ "", 0, false },
	{ "-1", 0, false },
	{ "+1", 0, false },
	{ " 1", 0, false },
	{ "1 ", 0, false },
	{ "1k", 0, false },
	{ "ff", 0, false },
	{ "0x1g", 0, false },
	{ "1_000", 0, false },
	{ "1.0", 0, false },
};

static const struct row sizes[] = {
	{ "4k", 4096, true },
	{ "1M", 1 << 20, true },
	{ "2G", UINT64_C(2) << 30, true },
	{ "0x10k", 16384, true },
	{ "7", 7, true },
	{ "0", 0, true },
	{ "k", 0, false },
	{ "4kb", 0, false },
	{ "4 k", 0, false },
	{ "17179869184G", 0, false },
	{ "08k", 0, false },
};

static const struct row durations[] = {
	{ "0s", 0, true },	    { "10ns", 10, true },
	{ "10us", 10000, true },    { "5ms", 5000000, true },
	{ "2s", 2000000000, true }, { "1m", UINT64_C(60000000000), true },
	{ "5", 0, false },	    { "0", 0, false },
	{ "s", 0, false },	    { "5h", 0, false },
	{ "-5s", 0, false },	    { "08s", 0, false },
	{ "5 s", 0, false },	    { "99999999999999s", 0, false },
	{ "", 0, false },
};

static void test_format_hex(struct tap *tap)
{
	static const struct {
		uint64_t value;
		int digits;
		const char *text;
	} rows[] = {
		{ 0, 0, "0x0" },
		{ 0, 8, "0x00000000" },
		{ 0xf, 1, "0xf" },
		{ 0x10, 1, "0x10" },
		{ 0xed, 8, "0x000000ed" },
		{ 0x123, 2, "0x123" },
		{ UINT64_MAX, 16, "0xffffffffffffffff" },
		{ 1, 99, "0x0000000000000001" },
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		char text[NUMBER_HEX_SIZE];

		number_format_hex(rows[i].value, rows[i].digits, text);
		ok(tap, strcmp(text, rows[i].text) == 0, "%s is %s", text, rows[i].text);
	}
}

int main(void)
{
	struct tap tap = { 0 };
	struct error error = { 0 };
	uint64_t value;

	check(&tap, "number", number_parse, numbers, sizeof(numbers) / sizeof(numbers[0]));
	check(&tap, "size", size_parse, sizes, sizeof(sizes) / sizeof(sizes[0]));
	check(&tap, "duration", duration_parse, durations, sizeof(durations) / sizeof(durations[0]));
	number_parse("08", &value, &error);
	ok(&tap, strstr(error.hint, "0x8") && strstr(error.hint, " 8 "), "08 names both readings: %s",
	   error.hint);
	test_format_hex(&tap);
	return tap_done(&tap);
}
