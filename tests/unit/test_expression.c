// SPDX-License-Identifier: GPL-2.0-or-later
/* Arithmetic in operands: what it comes to, and what is refused. */
#include <errno.h>
#include <string.h>

#include "core/base/expression.h"
#include "core/base/expression_term.h"
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

/* --- terms: @a and @b are other names each time, @seven stays ----------------------------------------- */

/* Is it one, and if so, is that what expression_value() says for many values? */
static bool is_term(const char *text, bool *is_same)
{
	static const uint64_t samples[] = {
		0, 1, 2, 31, 63, 64, 255, 4096, 0x123456789abcdef0, UINT64_MAX - 1, UINT64_MAX
	};
	const size_t count = sizeof(samples) / sizeof(samples[0]);
	const char *cursor = text;
	uint64_t names[EXPRESSION_NAMES] = { 0 };
	bool moves[EXPRESSION_NAMES] = { false };
	struct expression_term term = { 0 };
	struct expression e;
	struct error error;

	*is_same = true;
	if (expression_scan_open(&cursor, false, &e, &error) < 0 || *cursor)
		return false;
	for (unsigned int n = 0; n < e.name_count; n++) {
		moves[n] = strcmp(e.names[n], "seven") != 0;
		names[n] = 7;
	}
	if (!expression_is_term(&e, names, moves, &term))
		return false;
	for (size_t i = 0; i < count * count; i++) {
		uint64_t v;

		for (unsigned int n = 0; n < e.name_count; n++) {
			if (moves[n])
				names[n] = samples[(e.names[n][0] == 'a' ? i : i / count) % count];
		}
		if (expression_value(&e, names, &v) == 0)
			*is_same &= v == expression_term_value(&term, term.has_name ? names[term.name] : 0,
							       term.has_added ? names[term.added] : 0);
	}
	return true;
}

static void terms(struct tap *tap)
{
	static const char *const are[] = {
		"5",
		"@a",
		"@a*16+8",
		"16*(@a+1)",
		"@a+@a",
		"@seven-@a",
		"@a+@seven-1",
		"@seven*@a*2",
		"100/@seven+@a",
		"@a<<4",
		"@a>>1",
		"@a/512-1",
		"@a&1",
		"@a+1&1",
		"@a|1",
		"1<<32|@a<<16|2",
		"64*(@a%64)+24",
		"(@a/64+1)&1",
		"(@a+@seven)%8",
		"(@a&0xff)%16*4",
		"@a/4/2%2",
		"@b+256*@a",
		"256*@a+(@b-1)",
		"@b+64*(@a%64)+24",
		"@a+@b|1",
		"0*@a",
		"10-(@a%8)*2",
	};
	static const char *const are_not[] = {
		"1<<@a",	 "@a*@a",      "@seven%@a", "(@a+1)*@a",  "1/(@seven-7)+@a", "@a^1",
		"(@a+1)/2",	 "(@a*2)/2",   "@a%7",	    "@a/7",	  "(@a|1)+1",	     "@a-@b",
		"@a*2+@b*2",	 "(@a+@b)&7",  "(@a+@b)*2", "(@a*4+1)%8", "@a>>64",	     "@a<<64",
		"(@a|1)&@seven", "(@a+@b)+@a", "@a&@b",	    "(@a%8)>>1",  "1-(@a+@b)",
	};
	bool is_same;

	for (size_t i = 0; i < sizeof(are) / sizeof(are[0]); i++)
		ok(tap, is_term(are[i], &is_same) && is_same, "%s is a term", are[i]);
	for (size_t i = 0; i < sizeof(are_not) / sizeof(are_not[0]); i++)
		ok(tap, !is_term(are_not[i], &is_same), "%s is none", are_not[i]);
}

static unsigned int any(uint32_t *seed, unsigned int limit)
{
	*seed = *seed * 1664525 + 1013904223;
	return (*seed >> 16) % limit;
}

/* Whatever stands there: either none, or what expression_value() says. */
static void any_terms(struct tap *tap)
{
	static const char *const operands[] = { "@a", "@b",	"@seven", "1",	    "64",
						"3",  "0xffff", "(@a%8)", "(@a+1)", "(2*@a)" };
	static const char *const operators[] = { "+", "-", "*", "/", "%", "<<", ">>", "&", "|", "^" };
	unsigned int found = 0;
	unsigned int wrong = 0;
	uint32_t seed = 1;

	for (unsigned int i = 0; i < 20000; i++) {
		char text[128] = "";
		bool is_same;

		for (unsigned int n = any(&seed, 5) + 1; n > 0; n--) {
			strcat(text, operands[any(&seed, sizeof(operands) / sizeof(operands[0]))]);
			strcat(text,
			       n > 1 ? operators[any(&seed, sizeof(operators) / sizeof(operators[0]))] : "");
		}
		found += is_term(text, &is_same);
		wrong += !is_same;
		if (!is_same)
			printf("# %s\n", text);
	}
	ok(tap, found > 2000 && wrong == 0, "of 20000 at random %u are terms, %u of them wrong", found,
	   wrong);
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
	terms(&tap);
	any_terms(&tap);
	refused(&tap);
	open_ones(&tap);
	rest(&tap);
	return tap_done(&tap);
}
