// SPDX-License-Identifier: GPL-2.0-or-later
/* Arithmetic in operands: what it comes to, and what is refused. */
#include <errno.h>
#include <string.h>

#include "core/base/expression.h"
#include "tap.h"

static void values(struct tap *tap)
{
	static const struct {
		const char *text;
		uint64_t value;
	} cases[] = {
		{ "(7)", 7 },
		{ "(1+2*3)", 7 },
		{ "((1+2)*3)", 9 },
		{ "(10-4-3)", 3 },
		{ "(100/10/5)", 2 },
		{ "(1<<2+1)", 8 },
		{ "(1|6^2&3)", 5 },
		{ "(0xff>>4&3)", 3 },
		{ "( 0x10 + 8 * @index )", 0x28 },
		{ "((@index+@blocks-1)%@blocks)", 2 },
		{ "(@index-4)", UINT64_MAX },
		{ "(0xffffffffffffffff+2)", 1 },
		{ "(1<<64)", 0 },
		{ "(1<<63>>63)", 1 },
		{ "(@index<<@blocks)", 384 },
		{ "(@blocks-@index-@index)", 1 },
		{ "(4k+0x10)", 4112 },
		{ "(@blocks%4)", 3 },
		{ "(@blocks%1)", 0 },
		{ "(@blocks/4)", 1 },
		{ "(@blocks/1)", 7 },
		{ "(@blocks%6/5)", 0 },
		{ "(16%@blocks)", 2 },
		{ "(16-(@index+1)*2)", 8 },
		{ "(@blocks*(@index-1)%8+1)", 7 },
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct error error = { 0 };
		const char *cursor = cases[i].text;
		struct expression e;
		uint64_t names[EXPRESSION_NAMES] = { 0 };
		uint64_t v = 0;
		int rc = expression_scan(&cursor, &e, &error);

		for (unsigned int n = 0; rc == 0 && n < e.name_count; n++)
			names[n] = strcmp(e.names[n], "index") == 0 ? 3 : 7;
		ok(tap, rc == 0 && !*cursor && !expression_value(&e, names, &v) && v == cases[i].value,
		   "%s is 0x%llx", cases[i].text, (unsigned long long)cases[i].value);
	}
}

/* Is TEXT FACTOR times @index and CONSTANT, with @blocks at 7, and what expression_value() says it is? */
static bool is_linear(const char *text, uint64_t *factor, uint64_t *constant)
{
	uint64_t names[EXPRESSION_NAMES] = { 0 };
	unsigned int index = 0;
	struct expression e;
	struct error error;
	bool same = true;

	if (expression_scan(&text, &e, &error) < 0)
		return false;
	for (unsigned int n = 0; n < e.name_count; n++) {
		bool is_index = strcmp(e.names[n], "index") == 0;

		names[n] = 7;
		index = is_index ? n : index;
	}
	if (!expression_is_linear(&e, names, index, factor, constant))
		return false;
	for (uint64_t i = 0; i < 5; i++) {
		uint64_t v;

		names[index] = i;
		same &= expression_value(&e, names, &v) == 0 && v == *factor * i + *constant;
	}
	return same;
}

static void linear(struct tap *tap)
{
	static const struct {
		const char *text;
		uint64_t factor;
		uint64_t constant;
	} cases[] = {
		{ "(@index)", 1, 0 },
		{ "(16*@index+8)", 16, 8 },
		{ "(8+@index*16)", 16, 8 },
		{ "(@blocks-1-@index)", UINT64_MAX, 6 },
		{ "(16-(@index+1)*2)", UINT64_MAX - 1, 14 },
		{ "(2*(@index-4)*@blocks)", 14, UINT64_MAX - 55 },
		{ "((@blocks+1)*(@index+2))", 8, 16 },
		{ "(@index-(@index-5))", 0, 5 },
		{ "(@blocks%4*@index+(1<<4))", 3, 16 },
	};
	static const char *const others[] = {
		"((@index+1)%@blocks)", "(@index/2)",	       "(@index*@blocks%4)",	 "(@index<<4)",
		"(1<<@index)",		"(@index&1)",	       "(@index*@index)",	 "(@index|1)",
		"(@blocks%@index)",	"((@index+1)*@index)", "(1/(@blocks-7)+@index)", "(@index^1)",
		"(@index>>1)",
	};
	uint64_t factor = 0;
	uint64_t constant = 0;

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		bool is = is_linear(cases[i].text, &factor, &constant);

		ok(tap, is && factor == cases[i].factor && constant == cases[i].constant, "%s is linear",
		   cases[i].text);
	}
	for (size_t i = 0; i < sizeof(others) / sizeof(others[0]); i++)
		ok(tap, !is_linear(others[i], &factor, &constant), "%s is not linear", others[i]);
}

/* Eight of the 33 that are too many. */
#define TERMS "+@a+@a+@a+@a+@a+@a+@a+@a"

static void refused(struct tap *tap)
{
	static const char *const bad[] = {
		"(",
		"()",
		"(1",
		"(1+)",
		"(+1)",
		"(1 2)",
		"(1<2)",
		"(1>2)",
		"(1<>2)",
		"(@)",
		"(@1)",
		"(a)",
		"(1+(2)",
		"(1//2)",
		"(1/0)",
		"(@a/0)",
		"(@a%(1-1))",
		"(1/(2-2))",
		"(@abcdefghijklmnopqrstuvwxyz0123456)",
		"((((((((((((((((((1))))))))))))))))))",
		"(@a+@b+@c+@d+@e+@f+@g+@h+@i)",
		"(@a" TERMS TERMS TERMS TERMS ")",
	};

	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		struct error error = { 0 };
		const char *cursor = bad[i];
		struct expression e;

		ok(tap,
		   expression_scan(&cursor, &e, &error) == -EINVAL && error.message[0] && cursor == bad[i],
		   "'%s' is refused", bad[i]);
	}
}

static void open_ones(struct tap *tap)
{
	static const struct {
		const char *text;
		const char *left;
		bool is_offset;
		uint64_t value;
	} cases[] = {
		{ "(@a+@b-1)%@b", "", false, 2 },
		{ "@a&1", "", false, 1 },
		{ "7*@a.size", "", false, 49 },
		{ "@a<<4:0xff", ":0xff", false, 48 },
		{ "1 + 2", "", false, 3 },
		{ "0x1000+8*@a/32", "/32", true, 0x1018 },
		{ "16*@a+8/16==1", "/16==1", true, 56 },
		{ "8<5", "<5", true, 8 },
		{ "8*(@b/3<<1)<5", "<5", true, 32 },
		{ "@b%4-1!=2", "!=2", true, 2 },
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct error error = { 0 };
		const char *cursor = cases[i].text;
		struct expression e;
		uint64_t names[EXPRESSION_NAMES] = { 0 };
		uint64_t v = 0;
		int rc = expression_scan_open(&cursor, cases[i].is_offset, &e, &error);

		for (unsigned int n = 0; rc == 0 && n < e.name_count; n++)
			names[n] = strcmp(e.names[n], "a") == 0 ? 3 : 7;
		ok(tap,
		   rc == 0 && strcmp(cursor, cases[i].left) == 0 && !expression_value(&e, names, &v) &&
			   v == cases[i].value,
		   "%s is %llu, and '%s' is left", cases[i].text, (unsigned long long)cases[i].value,
		   cases[i].left);
	}
}

static void rest(struct tap *tap)
{
	const char *cursor = "(@a/@b)/32";
	const uint64_t names[] = { 1, 0 };
	struct error error = { 0 };
	struct expression e;
	uint64_t v;

	ok(tap, !expression_scan(&cursor, &e, &error) && strcmp(cursor, "/32") == 0,
	   "a width behind it is left");
	ok(tap, expression_value(&e, names, &v) == -EDOM, "a division by zero that only a run shows");
}

int main(void)
{
	struct tap tap = { 0 };

	values(&tap);
	linear(&tap);
	refused(&tap);
	open_ones(&tap);
	rest(&tap);
	return tap_done(&tap);
}
