// SPDX-License-Identifier: GPL-2.0-or-later
/* The grammar of operands: what each text means, and what is refused. */
#include <string.h>

#include "core/base/operand.h"
#include "tests/unit/tap.h"

static void refs(struct tap *tap)
{
	struct error error = { 0 };
	struct ref r;

	ok(tap,
	   !ref_parse("0x98", &r, &error) && r.kind == REF_OFFSET && r.bar == -1 && r.offset == 0x98 &&
		   r.width == 0,
	   "an offset");
	ok(tap, !ref_parse("2:16/8", &r, &error) && r.bar == 2 && r.offset == 16 && r.width == 8,
	   "a BAR, an offset, a width");
	ok(tap,
	   !ref_parse("@rx", &r, &error) && r.kind == REF_BUFFER && !strcmp(r.name, "rx") && r.offset == 0,
	   "a buffer");
	ok(tap, !ref_parse("@rx+0x10/64", &r, &error) && r.offset == 0x10 && r.width == 64,
	   "an offset in it");
	ok(tap, !ref_parse("@rx+4k", &r, &error) && r.offset == 4096, "an offset with a unit");
	ok(tap,
	   !ref_parse("CAP_EXP+0x10/16", &r, &error) && r.kind == REF_NAME && !strcmp(r.name, "CAP_EXP") &&
		   r.offset == 0x10 && r.width == 16,
	   "a name with an offset");
	ok(tap, !ref_parse("CTRL.ENABLE", &r, &error) && !strcmp(r.name, "CTRL.ENABLE"),
	   "a register's field");
}

static void calculated_refs(struct tap *tap)
{
	struct error error = { 0 };
	struct condition c;
	struct assign a;
	struct range g;
	struct ref r;

	ok(tap,
	   !ref_parse("@desc+16*@index+8/32", &r, &error) && r.kind == REF_BUFFER && r.has_expression &&
		   r.offset == 0 && r.width == 32 && ref_has_name(&r, "index") && ref_has_name(&r, "desc"),
	   "a place in a buffer that depends on a name, and its width");
	ok(tap, !ref_parse("@desc+2*8/16", &r, &error) && !r.has_expression && r.offset == 16,
	   "numbers alone are a number");
	ok(tap, !ref_parse("2:(@index*8)", &r, &error) && r.bar == 2 && r.has_expression,
	   "in parentheses behind a BAR");
	ok(tap, !ref_parse("(1<<4)/8", &r, &error) && r.offset == 16 && r.width == 8,
	   "in parentheses with a width");
	ok(tap, !ref_parse("0x1000+8*@index", &r, &error) && r.has_expression, "a number and a name");
	ok(tap, !ref_parse("RDT+4*@index", &r, &error) && r.kind == REF_NAME && r.has_expression,
	   "a register's name and a name");
	ok(tap, ref_parse("0x10+4", &r, &error) < 0 && strstr(error.message, "not to a number"),
	   "a number and a number stays refused where it may be taken for a length");
	ok(tap, ref_parse("0x10+8*@index/(2)", &r, &error) < 0, "a '/' is the width");
	ok(tap, ref_parse("@rx+8<<1", &r, &error) < 0, "a shift needs parentheses");
	ok(tap, ref_parse("@rx+(@index/0)", &r, &error) < 0, "a division by zero");
	ok(tap,
	   !assign_parse("0x1000+8*@index=@block.lo", &a, &error) && a.ref.has_expression &&
		   a.value.part == VALUE_LO,
	   "a write to it");
	ok(tap, !assign_parse("0x1000+8*3=1", &a, &error) && a.ref.offset == 0x1018, "what a shell wrote");
	ok(tap,
	   !assign_parse("0x10=@prp+@index*256", &a, &error) && a.value.is_expression &&
		   !assign_parse("0x10=@prp-(@index+1)*256", &a, &error) && a.value.is_expression &&
		   !assign_parse("0x10=@prp+256", &a, &error) && a.value.is_symbol,
	   "a VALUE that begins with a name");
	ok(tap,
	   !assign_parse("RDT=(@index+@blocks-1)%@blocks:0xff", &a, &error) && a.value.is_expression &&
		   a.has_mask && value_has_name(&a.value, "blocks"),
	   "a value without parentheses around it");
	ok(tap, !assign_parse("0x4=@lap&1", &a, &error) && a.value.is_expression, "a name and an operator");
	ok(tap, assign_parse("0x4=@rx.lo+1", &a, &error) < 0, "a part ends a value");
	ok(tap,
	   !condition_parse("@desc+16*@index+12/8==(1):1", &c, &error) && c.ref.has_expression &&
		   c.ref.width == 8 && c.has_mask,
	   "a condition on it");
	ok(tap, !condition_parse("@cq+16*@index+14/16!=@lap&1:1", &c, &error) && c.value.is_expression,
	   "a phase bit");
	ok(tap, !condition_parse("8*@index<5", &c, &error) && c.compare == COMPARE_LT, "'<' compares");
	ok(tap, !range_parse("(0x10+4)+8", &g, &error) && g.first.offset == 20 && g.length == 8,
	   "a range whose start is calculated");
	ok(tap, !range_parse("@rx+16+8", &g, &error) && g.first.offset == 16 && g.length == 8,
	   "a range of a buffer as ever");
}

static void ranges(struct tap *tap)
{
	struct error error = { 0 };
	struct range r;

	ok(tap, !range_parse("0x10", &r, &error) && !r.has_length && !r.has_last, "a range of one access");
	ok(tap, !range_parse("0x10+64", &r, &error) && r.has_length && r.length == 64, "a length");
	ok(tap, !range_parse("1:0x10+4k", &r, &error) && r.first.bar == 1 && r.length == 4096,
	   "a length with a unit");
	ok(tap, !range_parse("0x10/16+64", &r, &error) && r.first.width == 16 && r.length == 64,
	   "the width before the length");
	ok(tap, !range_parse("0x10+64/16", &r, &error) && r.first.width == 16 && r.length == 64,
	   "the width behind it");
	ok(tap, !range_parse("0x10..0x1c", &r, &error) && r.has_last && r.last.offset == 0x1c, "two ends");
	ok(tap, !range_parse("@rx+64", &r, &error) && r.first.offset == 0 && r.length == 64,
	   "a buffer's '+' is a length in a range");
	ok(tap, !range_parse("@rx+64+16", &r, &error) && r.first.offset == 64 && r.length == 16,
	   "with two, the first is the offset");
	ok(tap, !range_parse("@rx+8..@rx+16", &r, &error) && r.first.offset == 8 && r.last.offset == 16,
	   "the ends of a span have offsets");
	ok(tap, range_parse("0x10+0", &r, &error) < 0, "a length of zero is refused");
	ok(tap, range_parse("0x10..", &r, &error) < 0, "a missing end is refused");
	ok(tap, range_parse("..0x10", &r, &error) < 0, "a missing start is refused");
	ok(tap, range_parse("0x10+", &r, &error) < 0, "a missing length is refused");
}

static void assigns(struct tap *tap)
{
	struct error error = { 0 };
	struct assign a;

	ok(tap, !assign_parse("0x4=5", &a, &error) && a.ref.offset == 4 && a.value.number == 5 && !a.has_mask,
	   "a write");
	ok(tap, !assign_parse("0x4=5:0xf", &a, &error) && a.has_mask && a.mask == 15, "a masked write");
	ok(tap, !assign_parse("0x88=@rx", &a, &error) && a.value.is_symbol && !strcmp(a.value.name, "rx"),
	   "a bus address");
	ok(tap,
	   !assign_parse("0x88=@rx+0x1000.hi", &a, &error) && a.value.number == 0x1000 &&
		   a.value.part == VALUE_HI,
	   "the upper half of one with an offset");
	ok(tap, !assign_parse("0x38=@tail-16", &a, &error) && a.value.number == (uint64_t)-16,
	   "a difference");
	ok(tap, !assign_parse("0x88=@rx.size", &a, &error) && a.value.part == VALUE_SIZE, "a size");
	ok(tap, !assign_parse("0x88=@rx.lo:0xff", &a, &error) && a.value.part == VALUE_LO && a.mask == 0xff,
	   "a part with a mask");
	ok(tap, !assign_parse("@ring+8/64=@rx", &a, &error) && a.ref.kind == REF_BUFFER && a.ref.width == 64,
	   "a descriptor in DMA memory");
	ok(tap, assign_parse("0x4==5", &a, &error) < 0 && strstr(error.hint, "regs wait"),
	   "'==' in a write gets a hint");
	ok(tap, assign_parse("0x4", &a, &error) < 0 && error.hint[0], "no value is refused");
	ok(tap, assign_parse("0x4=", &a, &error) < 0, "an empty value is refused");
	ok(tap, assign_parse("0x4=-1", &a, &error) < 0, "a negative value is refused");
	ok(tap, assign_parse("0x4=1:2:3", &a, &error) < 0, "two masks are refused");
	ok(tap, assign_parse("=5", &a, &error) < 0, "no register is refused");
	ok(tap, assign_parse("0x4=@rx.mid", &a, &error) < 0, "an unknown part is refused");
}

static void conditions(struct tap *tap)
{
	struct error error = { 0 };
	struct condition c;

	ok(tap, !condition_parse("0x98==0:1", &c, &error) && c.compare == COMPARE_EQ && c.mask == 1, "equal");
	ok(tap, !condition_parse("0x98!=0", &c, &error) && c.compare == COMPARE_NE, "different");
	ok(tap, !condition_parse("0x98<5", &c, &error) && c.compare == COMPARE_LT, "less");
	ok(tap, !condition_parse("@rx+4>5", &c, &error) && c.compare == COMPARE_GT && c.ref.offset == 4,
	   "greater, in DMA memory");
	ok(tap, condition_parse("0x98=0", &c, &error) < 0 && strstr(error.message, "=="), "'=' is refused");
	ok(tap, condition_parse("0x98", &c, &error) < 0 && strstr(error.hint, "quote"),
	   "a bare register gets the hint about quoting");
	ok(tap, condition_parse("0x98<=5", &c, &error) < 0, "'<=' is refused");
	ok(tap, compare_holds(COMPARE_EQ, 0xf1, 0x0f, 1) && !compare_holds(COMPARE_EQ, 0xf1, 0xff, 1),
	   "the mask is for the register's side");
}

static void names(struct tap *tap)
{
	static const char *const bad[] = { "",	    "1rx",    "../x",
					   "a-b",   "a b",    "block",
					   "buf",   "blocks", "index",
					   "next",  "head",   "tail",
					   "count", "lap",    "abcdefghijklmnopqrstuvwxyz0123456" };
	static const char *const good[] = { "rx", "_", "Rx_1", "abcdefghijklmnopqrstuvwxyz012345" };
	struct error error = { 0 };
	char name[BUFFER_NAME_SIZE];
	char huge[10001];
	uint64_t offset;
	uint64_t length;

	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		ok(tap, buffer_name_check(bad[i], &error) < 0, "name '%s' is refused", bad[i]);
	for (size_t i = 0; i < sizeof(good) / sizeof(good[0]); i++)
		ok(tap, buffer_name_check(good[i], &error) == 0, "name '%s' is taken", good[i]);
	memset(huge, 'a', 10000);
	huge[10000] = '\0';
	ok(tap, buffer_name_check(huge, &error) < 0 && strlen(error.message) < 200, "a name of 10,000 bytes");
	ok(tap,
	   !buffer_range_parse("rx", name, &offset, &length, &error) && offset == 0 && length == UINT64_MAX,
	   "a whole buffer");
	ok(tap,
	   !buffer_range_parse("rx+4k+16", name, &offset, &length, &error) && offset == 4096 && length == 16,
	   "a part of it");
	ok(tap, buffer_range_parse("rx+", name, &offset, &length, &error) < 0, "'rx+' is refused");
	ok(tap, buffer_range_parse("rx+1+2+3", name, &offset, &length, &error) < 0,
	   "three parts are refused");
	ok(tap, buffer_range_parse(huge, name, &offset, &length, &error) < 0, "a huge name in a range");
}

int main(void)
{
	struct tap tap = { 0 };

	refs(&tap);
	calculated_refs(&tap);
	ranges(&tap);
	assigns(&tap);
	conditions(&tap);
	names(&tap);
	return tap_done(&tap);
}
