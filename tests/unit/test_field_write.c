// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Writes of fields on a model of a device whose bits do what registers' bits do: they clear when 1 is written,
 * or 0, or on a read, or cannot be read at all. Each access is counted.
 */
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "core/access/access.h"
#include "core/mapfile/mapfile.h"
#include "core/mapfile/set.h"
#include "tests/unit/tap.h"

static const char map_text[] = "register,CTRL,0x0,32,rw\n"
			       "field,CTRL,ENABLE,0,rw\n"
			       "field,CTRL,MODE,3:1,rw\n"
			       "enum,CTRL.MODE,IDLE,0\n"
			       "enum,CTRL.MODE,LOOPBACK,5\n"
			       "field,CTRL,DONE,8,rw,write=w1c\n"
			       "field,CTRL,ERROR,9,rw,write=w0c\n"
			       "field,CTRL,STATE,15:12,ro\n"
			       "register,EVENTS,0x4,32,rw,write=w1c\n"
			       "field,EVENTS,A,0,rw\n"
			       "field,EVENTS,B,1,rw\n"
			       "register,COMMAND,0x8,32,wo,reset=0x30\n"
			       "field,COMMAND,GO,0,wo\n"
			       "field,COMMAND,BURST,7:4,wo\n"
			       "register,NORESET,0xc,32,wo\n"
			       "field,NORESET,GO,0,wo\n"
			       "field,NORESET,BURST,7:4,wo\n"
			       "register,FIFO,0x10,32,rw,read=modify\n"
			       "field,FIFO,LEVEL,7:0,rw\n"
			       "field,FIFO,WATERMARK,15:8,rw\n"
			       "register,MYSTERY,0x14,32,-\n"
			       "field,MYSTERY,ONE,0,-\n"
			       "field,MYSTERY,TWO,1,-\n"
			       "register,ONCE,0x18,32,rw\n"
			       "field,ONCE,KEY,7:0,rw1\n"
			       "field,ONCE,SPEED,9:8,rw\n"
			       "register,PLAIN,0x1c,32,-\n"
			       "register,WIDE,0x20,64,rw,words=2\n"
			       "register,RANGED,0x28,32,rw,range=2..9\n"
			       "register,ID,0x2c,32,ro\n"
			       "register,NARROW,0x30,24,rw\n"
			       "register,LIMITS,0x34,32,rw\n"
			       "field,LIMITS,GAIN,3:0,rw,range=1..5\n"
			       "field,LIMITS,MODE,6:4,rw,only=enum\n"
			       "enum,LIMITS.MODE,OFF,0\n"
			       "enum,LIMITS.MODE,LOOP,0x5:0x5\n"
			       "field,LIMITS,STATE,11:8,ro\n"
			       "register,RAISE,0x38,32,wo,reset=0\n"
			       "field,RAISE,V,7:0,wo\n"
			       "register,SPARSE,0x3c,32,rw\n"
			       "field,SPARSE,V,7:0,rw\n"
			       "register,COUNT,0x40,24,rw\n"
			       "field,COUNT,E,0,rw\n"
			       "register,OPTION,0x44,12,rw,width=32\n"
			       "register,SHORT,0x48,12,wo,width=32,reset=0\n"
			       "field,SHORT,GO,0,wo\n"
			       "register,ACK,0x4c,8,rw,width=32,write=w1c\n"
			       "field,ACK,A,0,rw\n"
			       "register,ZEROS,0x50,8,rw,width=32,write=w0c\n"
			       "field,ZEROS,A,0,rw\n"
			       "register,POP,0x54,8,rw,width=32,read=modify\n"
			       "register,ECHO,0x58,32,rw,only=read\n"
			       "register,TOKEN,0x5c,32,rw\n"
			       "field,TOKEN,KEY,7:0,rw,only=read\n"
			       "field,TOKEN,GO,8,rw\n"
			       "register,STATUS,0x60,32,ro,write=w1c\n";

struct model {
	struct region region; /* first: the region is the model */
	uint32_t regs[32];
	unsigned int reads;
	unsigned int writes;
	uint32_t written; /* the last value */
};

static int model_read(struct region *region, uint64_t offset, unsigned int width, uint64_t *value,
		      struct error *error)
{
	struct model *m = (struct model *)region;

	(void)error;
	if (width != 32)
		return -1;
	m->reads++;
	*value = m->regs[offset / 4];
	if (offset == 0x8 || offset == 0xc)
		*value = 0; /* cannot be read */
	if (offset == 0x10)
		m->regs[4] = 0; /* cleared by the read */
	return 0;
}

static int model_write(struct region *region, uint64_t offset, unsigned int width, uint64_t value,
		       struct error *error)
{
	struct model *m = (struct model *)region;
	uint32_t v = (uint32_t)value;
	uint32_t *reg = &m->regs[offset / 4];

	(void)error;
	if (width != 32)
		return -1;
	m->writes++;
	m->written = v;
	switch (offset) {
	case 0x0:
		*reg = (*reg & 0xf000) | (v & 0xf) | (*reg & ~v & 0x100) | (*reg & v & 0x200);
		break;
	case 0x4:
		*reg &= ~v;
		break;
	default:
		*reg = v;
		break;
	}
	return 0;
}

static void model_close(struct region *region)
{
	(void)region;
}

static const struct region_ops model_ops = { .read = model_read, .write = model_write, .close = model_close };

static struct access access_to(struct model *m, const struct context *ctx, struct regmap *map)
{
	struct access a;

	m->region = (struct region){ .ops = &model_ops, .name = "model", .size = 128, .max_width = 64 };
	access_init(&a, ctx, NULL, SPACE_BAR);
	a.bars[0] = &m->region;
	a.map = map;
	return a;
}

/* One ASSIGN on a model that holds BEFORE in REG; *M is what it is like then. */
static int assign(struct regmap *map, bool unsafe, const char *text, unsigned int reg, uint32_t before,
		  struct model *m, struct error *error)
{
	struct context ctx = { .sysroot = "", .unsafe = unsafe };
	struct resolved_assign resolved;
	struct assign_result result;
	struct assign parsed;
	struct access a;
	int rc;

	*m = (struct model){ 0 };
	a = access_to(m, &ctx, map);
	m->regs[reg] = before;
	*error = (struct error){ 0 };
	rc = assign_parse(text, &parsed, error);
	if (rc == 0)
		rc = access_resolve_assign(&a, &parsed, &resolved, error);
	if (rc == 0)
		rc = access_assign(&a, &resolved, false, &result, error);
	return rc;
}

static const struct {
	const char *text;
	unsigned int reg;
	uint32_t before;
	uint32_t after;
	uint32_t written;
	unsigned int reads;
	const char *what;
} good[] = {
	{ "CTRL.ENABLE=1", 0, 0x7304, 0x7305, 0x7205, 1,
	  "a neighbour that writing 1 clears is written as 0" },
	{ "CTRL.ENABLE=1", 0, 0x7104, 0x7105, 0x7205, 1, "one that writing 0 clears is written as 1" },
	{ "CTRL.MODE=LOOPBACK", 0, 0x0301, 0x030b, 0x020b, 1, "a value by name" },
	{ "CTRL.MODE=2:6", 0, 0x0303, 0x0307, 0x0207, 1, "a mask within a field" },
	{ "CTRL.DONE=1", 0, 0x0305, 0x0205, 0x0305, 1, "the bit itself is cleared, its neighbours stay" },
	{ "CTRL=1:1", 0, 0x7304, 0x7305, 0x7205, 1, "a mask of the whole register is as careful" },
	{ "EVENTS.A=1", 1, 0x3, 0x2, 0x1, 0, "a register of such bits is not read at all" },
	{ "COMMAND.GO=1", 2, 0, 0x31, 0x31, 0, "write-only neighbours get their reset value" },
	{ "CTRL=0x5", 0, 0x7301, 0x7105, 0x5, 0, "a whole register: what was asked for, nothing read" },
	{ "RANGED=9", 10, 0, 9, 9, 0, "a value that the map allows" },
	{ "RANGED=1:3", 10, 4, 5, 5, 1, "a mask that leads to one" },
	{ "RANGED=9:0xffffffff", 10, 0, 9, 9, 0, "a mask of all bits is the whole register" },
	{ "CTRL=5:0xffffffff", 0, 0x7301, 0x7105, 0x5, 0, "which may have read-only fields" },
	{ "NARROW=0xffffff", 12, 0, 0xffffff, 0xffffff, 0,
	  "all bits of a register narrower than its access" },
	{ "NARROW=(0-1)", 12, 0, 0xffffff, 0xffffff, 0, "below zero, as such a register has it" },
	{ "LIMITS=0x53:0x7f", 13, 0xf00, 0xf53, 0xf53, 1,
	  "fields that the map allows, by a mask of their register" },
	{ "LIMITS=0x70:0x70", 13, 0x1, 0x71, 0x71, 1, "a name with bits that do not matter" },
	{ "LIMITS.GAIN=4:4", 13, 0x1, 0x5, 0x5, 1, "a part of a field, what comes of it is allowed" },
	{ "LIMITS.MODE=1:1", 13, 0x41, 0x51, 0x51, 1, "or has a name" },
	{ "COUNT.E=0", 16, 0xab000001, 0xab000000, 0xab000000, 1, "what is above the register is kept" },
	{ "OPTION=1:1", 17, 0xfffff012, 0xfffff013, 0xfffff013, 1, "also by a mask" },
	{ "OPTION=5:0xfff", 17, 0xfffff012, 0xfffff005, 0xfffff005, 1, "of all bits of the register" },
	{ "OPTION=5", 17, 0xfffff012, 0x5, 0x5, 0, "a write of the whole register reads nothing to keep" },
	{ "SHORT.GO=1", 18, 0xfffff000, 1, 1, 0, "above a register that cannot be read is 0" },
	{ "ACK.A=1", 19, 0xabcdef03, 1, 1, 0, "above one of which a 1 has an effect, too" },
	{ "ZEROS.A=0", 20, 0xffffffff, 0xfffffffe, 0xfffffffe, 0, "above one of which a 0 has, 1" },
	{ "CTRL=0xf:1", 0, 0x7304, 0x7305, 0x7205, 1, "all ones are all bits of a mask" },
	{ "TOKEN.GO=1", 23, 0xa5, 0x1a5, 0x1a5, 1,
	  "what may be written as it was read only is written so beside another" },
	{ "TOKEN=0x100:0x100", 23, 0xa5, 0x1a5, 0x1a5, 1, "also by a mask" },
	{ "TOKEN=0x155", 23, 0xa5, 0x155, 0x155, 0, "the whole register is not its fields" },
	{ "STATUS=1", 24, 0xff, 1, 1, 0,
	  "a read-only register that a write has an effect on is one to write" },
	{ "POP=1:0xff", 21, 0xabcdef03, 1, 1, 0, "above one that is not safe to read, 0" },
};

static const struct {
	const char *text;
	const char *message;
} refused[] = {
	{ "NORESET.GO=1", "no reset value" },
	{ "FIFO.WATERMARK=1", "not safe" },
	{ "MYSTERY.ONE=1", "TWO has no access in the map" },
	{ "PLAIN=1:1", "has no access in the map" },
	{ "ONCE.SPEED=1", "KEY can be written only once" },
	{ "CTRL.STATE=1", "CTRL.STATE is read-only" },
	{ "CTRL.MODE=8", "does not fit in 3 bits" },
	{ "CTRL.MODE=1:8", "does not fit in 3 bits" },
	{ "CTRL.MODE=LOPBACK", "no value called" },
	{ "CTRL=LOOPBACK", "only values of a field have names" },
	{ "CTRL.*=1", "not a glob" },
	{ "C?RL=1", "not a glob" },
	{ "CTRL.NONE=1", "no field 'NONE'" },
	{ "CTRLL=1", "no register 'CTRLL'" },
	{ "CTRL.MODE/8=1", "is a field" },
	{ "WIDE=1", "64 bits in 2 words" },
	{ "RANGED=1", "not within 0x2 to 0x9" },
	{ "RANGED=0xf0:0xf0", "not within 0x2 to 0x9" },
	{ "RANGED=1:0xffffffff", "not within 0x2 to 0x9" },
	{ "ECHO=1", "ECHO: the map allows only what was read just before" },
	{ "ECHO=1:1", "ECHO: the map allows only what was read just before" },
	{ "ECHO=1:0xffffffff", "ECHO: the map allows only what was read just before" },
	{ "TOKEN.KEY=1", "TOKEN.KEY: the map allows only what was read just before" },
	{ "TOKEN.KEY=1:1", "TOKEN.KEY: the map allows only what was read just before" },
	{ "TOKEN=0x101:0x101", "TOKEN.KEY: the map allows only what was read just before" },
	{ "ID=1", "ID is read-only" },
	{ "ID=1:1", "ID is read-only" },
	{ "ID=1:0xffffffff", "ID is read-only" },
	{ "CTRL=0x1000:0x1000", "CTRL.STATE is read-only" },
	{ "CTRL=0x1001:0x1001", "CTRL.STATE is read-only" },
	{ "LIMITS=7:0xf", "LIMITS.GAIN: 0x7 is not within 0x1 to 0x5" },
	{ "LIMITS=0x20:0x70", "LIMITS.MODE: the map allows only values that have a name" },
	{ "LIMITS.GAIN=8:8", "not within" },
	{ "CTRL=0x30:0xf", "the bits 0x30 are outside of the mask 0xf" },
	{ "CTRL=(3<<4):0xf", "the bits 0x30 are outside of the mask 0xf" },
	{ "CTRL=1:0", "the bits 0x1 are outside of the mask 0x0" },
	{ "CTRL=0x7:0xc", "the bits 0x3 are outside of the mask 0xc" },
	{ "CTRL.MODE=LOOPBACK:1", "the bits 0x4 are outside of the mask 0x1" },
	{ "NARROW=0x1000000", "does not fit in 24 bits" },
	{ "NARROW=0x1000000:0x1000000", "does not fit in 24 bits" },
};

static void check_good(struct tap *tap, struct regmap *map)
{
	for (size_t i = 0; i < sizeof(good) / sizeof(good[0]); i++) {
		struct error error;
		struct model m;
		int rc = assign(map, false, good[i].text, good[i].reg, good[i].before, &m, &error);

		ok(tap,
		   rc == 0 && m.regs[good[i].reg] == good[i].after && m.written == good[i].written &&
			   m.reads == good[i].reads && m.writes == 1,
		   "%s: %s (0x%x, wrote 0x%x, %u reads, %s)", good[i].text, good[i].what, m.regs[good[i].reg],
		   m.written, m.reads, error.message);
	}
}

static void check_refused(struct tap *tap, struct regmap *map)
{
	for (size_t i = 0; i < sizeof(refused) / sizeof(refused[0]); i++) {
		struct error error;
		struct model m;
		int rc = assign(map, false, refused[i].text, 0, 0xffffffff, &m, &error);

		ok(tap,
		   rc < 0 && error.kind == ERROR_USAGE && strstr(error.message, refused[i].message) &&
			   m.reads + m.writes == 0,
		   "%s is refused before any access: %s", refused[i].text, error.message);
	}
}

/* What depends on the bits that stay is known once they are read. */
static const struct {
	const char *text;
	unsigned int reg;
	uint32_t before;
	const char *message;
} refused_later[] = {
	{ "RANGED=1:1", 10, 0x10, "not within 0x2 to 0x9" },
	{ "LIMITS=4:4", 13, 0x3, "LIMITS.GAIN: 0x7 is not within 0x1 to 0x5" },
	{ "LIMITS.GAIN=4:4", 13, 0x3, "LIMITS.GAIN: 0x7 is not within 0x1 to 0x5" },
	{ "LIMITS.MODE=1:1", 13, 0x1, "LIMITS.MODE: the map allows only values that have a name" },
};

static void check_refused_later(struct tap *tap, struct regmap *map)
{
	for (size_t i = 0; i < sizeof(refused_later) / sizeof(refused_later[0]); i++) {
		struct error error;
		struct model m;
		int rc = assign(map, false, refused_later[i].text, refused_later[i].reg,
				refused_later[i].before, &m, &error);

		ok(tap,
		   rc < 0 && error.kind == ERROR_USAGE && strstr(error.message, refused_later[i].message) &&
			   m.writes == 0,
		   "%s is refused before it is written: %s", refused_later[i].text, error.message);
		rc = assign(map, true, refused_later[i].text, refused_later[i].reg, refused_later[i].before,
			    &m, &error);
		ok(tap, rc == 0 && m.writes == 1, "%s: --unsafe writes it", refused_later[i].text);
	}
}

static void check_unsafe(struct tap *tap, struct regmap *map)
{
	struct error error;
	struct model m;
	int rc;

	rc = assign(map, true, "FIFO.WATERMARK=2", 4, 0x107, &m, &error);
	ok(tap, rc == 0 && m.written == 0x207 && m.reads == 1, "--unsafe reads what a read changes: 0x%x",
	   m.written);
	rc = assign(map, true, "MYSTERY.ONE=1", 5, 0x2, &m, &error);
	ok(tap, rc == 0 && m.written == 0x3, "--unsafe takes unknown access as read-write: 0x%x", m.written);
	rc = assign(map, true, "NORESET.GO=1", 3, 0, &m, &error);
	ok(tap, rc == 0 && m.written == 0x1, "--unsafe writes 0 where no reset value is known: 0x%x",
	   m.written);
	rc = assign(map, true, "RANGED=1", 10, 0, &m, &error);
	ok(tap, rc == 0 && m.written == 1, "--unsafe writes what the map does not allow");
	rc = assign(map, true, "ECHO=1", 22, 0, &m, &error);
	ok(tap, rc == 0 && m.written == 1 && m.reads == 0, "or of which nobody can say that it was read");
	rc = assign(map, true, "ID=1:1", 11, 4, &m, &error);
	ok(tap, rc == 0 && m.written == 5, "also by a mask: 0x%x", m.written);
	rc = assign(map, true, "NARROW=0x1000000", 12, 4, &m, &error);
	ok(tap, rc == 0 && m.written == 0x1000000, "and bits that the register has not: 0x%x", m.written);
}

/* What a write of ASSIGN is compared with, when the register holds AFTER then. */
static const struct {
	const char *text;
	unsigned int reg;
	uint32_t after;
	bool checked;
	bool differs;
	const char *what;
} verified[] = {
	{ "RAISE=0x1", 14, 0xffffffff, false, false,
	  "a write-only register is not read, nor are the bits beside its fields" },
	{ "RAISE.V=1", 14, 0xffffffff, false, false, "nor is a field of it" },
	{ "SPARSE=0x12", 15, 0xabcdef12, true, false, "the bits of no field are reserved: not compared" },
	{ "SPARSE=0x12", 15, 0xabcdef13, true, true, "those of a field are" },
	{ "SPARSE=0x100:0x100", 15, 0, false, false, "a mask of reserved bits leaves nothing to compare" },
	{ "RANGED=3", 10, 0x80000003, true, true, "a register without fields is compared as a whole" },
	{ "OPTION=5", 17, 0xfffff005, true, false, "nor is what is above the register" },
	{ "OPTION=5:0xf", 17, 0xfffff006, true, true, "its own bits are" },
	{ "CTRL=0x101", 0, 0xffff0001, true, false,
	  "of several fields, those that read as they were written" },
};

static void check_verify(struct tap *tap, struct regmap *map)
{
	struct context ctx = { .sysroot = "" };

	for (size_t i = 0; i < sizeof(verified) / sizeof(verified[0]); i++) {
		struct resolved_assign resolved = { 0 };
		struct assign_result result = { 0 };
		struct error error = { 0 };
		struct model m = { 0 };
		struct access a = access_to(&m, &ctx, map);
		struct assign parsed;
		bool checked = false;
		bool differs = false;
		uint64_t read;
		int rc = assign_parse(verified[i].text, &parsed, &error);

		if (rc == 0)
			rc = access_resolve_assign(&a, &parsed, &resolved, &error);
		if (rc == 0)
			rc = access_assign(&a, &resolved, false, &result, &error);
		m.reads = 0;
		m.regs[verified[i].reg] = verified[i].after;
		if (rc == 0)
			rc = access_verify(&a, &resolved, result.new, &checked, &differs, &read, &error);
		ok(tap,
		   rc == 0 && checked == verified[i].checked && differs == verified[i].differs &&
			   m.reads == verified[i].checked,
		   "verify %s: %s (%u reads, checked %d, differs %d, %s)", verified[i].text, verified[i].what,
		   m.reads, checked, differs, error.message);
	}
}

static void check_wide(struct tap *tap, struct regmap *map)
{
	struct context ctx = { .sysroot = "", .wide = true };
	const struct ref ref = { .kind = REF_NAME, .bar = -1, .name = "WIDE" };
	struct target target = { 0 };
	struct error error = { 0 };
	struct model m = { 0 };
	struct access a = access_to(&m, &ctx, map);
	uint64_t value = 0;

	m.regs[8] = 0x01234567;
	m.regs[9] = 0x89abcdef;
	ok(tap,
	   access_resolve_read(&a, &ref, &target, &error) == 0 && target_read(&target, &value, &error) == 0 &&
		   value == 0x0123456789abcdef && m.reads == 2,
	   "two words are one value, the high one first: 0x%llx %s", (unsigned long long)value,
	   error.message);
	ok(tap,
	   target_write(&target, 0x1122334455667788, &error) == 0 && m.regs[8] == 0x11223344 &&
		   m.regs[9] == 0x55667788 && m.writes == 2,
	   "and are written so");
}

static bool condition_holds(struct access *a, const char *text)
{
	struct resolved_condition resolved;
	struct condition condition;
	struct error error;
	uint64_t value;
	bool holds;

	if (condition_parse(text, &condition, &error) < 0 ||
	    access_resolve_condition(a, &condition, &resolved, &error) < 0 ||
	    access_condition(a, &resolved, &holds, &value, &error) < 0)
		abort();
	return holds;
}

static const struct {
	const char *text;
	const char *message;
} idle[] = {
	{ "CTRL==0x30:0xf", "the bits 0x30 are outside of the mask 0xf, so it never holds" },
	{ "CTRL!=0x30:0xf", "the bits 0x30 are outside of the mask 0xf, so it always holds" },
	{ "CTRL==0xff:0xf", "the bits 0xf0 are outside of the mask 0xf, so it never holds" },
	{ "0x0==0x30:0xf", "the bits 0x30 are outside" },
	{ "CTRL==0:0", "the mask has no bits" },
	{ "CTRL<0", "nothing is below 0x0, so it never holds" },
	{ "CTRL>0xffffffff", "nothing is above 0xffffffff, so it never holds" },
	{ "CTRL.MODE>7", "nothing is above 0x7" },
	{ "CTRL>0xf:0xf", "nothing is above 0xf" },
	{ "CTRL<0x10:0xf", "nothing is above 0xf, so it always holds" },
	{ "OPTION==0x1012", "0x1012 does not fit in 12 bits" },
	{ "OPTION==0x12:0x1fff", "the mask 0x1fff does not fit in 12 bits" },
	{ "OPTION>0xfff", "nothing is above 0xfff" },
	{ "LIMITS.MODE==LOOP:3", "the bits 0x4 are outside of the mask 0x3, so it never holds" },
};

static const char *const sensible[] = {
	"CTRL==0x3:0xf", "CTRL!=0:0xf",	 "CTRL<1",	"CTRL>0xfffffffe",
	"CTRL<0xf:0xf",	 "CTRL>0xe:0xf", "CTRL.MODE<7", "OPTION==0xfff",
};

/* A wait for what never comes, or is always there, waits for nothing. */
static void check_conditions(struct tap *tap, struct regmap *map)
{
	struct context ctx = { .sysroot = "" };
	struct model m = { 0 };
	struct access a = access_to(&m, &ctx, map);
	struct resolved_condition resolved;
	struct condition condition;

	for (size_t i = 0; i < sizeof(idle) / sizeof(idle[0]); i++) {
		struct error error = { 0 };
		int rc = condition_parse(idle[i].text, &condition, &error);

		if (rc == 0)
			rc = access_resolve_condition(&a, &condition, &resolved, &error);
		ok(tap, rc < 0 && error.kind == ERROR_USAGE && strstr(error.message, idle[i].message),
		   "%s is refused: %s", idle[i].text, error.message);
	}
	for (size_t i = 0; i < sizeof(sensible) / sizeof(sensible[0]); i++) {
		struct error error = { 0 };
		int rc = condition_parse(sensible[i], &condition, &error);

		if (rc == 0)
			rc = access_resolve_condition(&a, &condition, &resolved, &error);
		ok(tap, rc == 0, "%s is not: %s", sensible[i], error.message);
	}
}

static const struct {
	const char *text;
	const char *hint;
} too_wide[] = {
	{ "0x0=@a", "take a part of it with @a.lo and @a.hi, or a wider access with -w 64" },
	{ "PLAIN=@a", "take a part of it with @a.lo and @a.hi" },
	{ "0x0/16=@a", "it takes an access of 64 bits, or one of 32 for each of @a.lo and @a.hi" },
	{ "0x0/16=@a.lo", "it takes a wider access, with -w 32 or -w 64" },
	{ "CTRL.MODE=@a.lo", "" },
};

static void check_hints(struct tap *tap, struct regmap *map)
{
	struct context ctx = { .sysroot = "" };
	const struct symbol symbol = { .name = "a", .value = 0x123456789000 };
	struct model m = { 0 };
	struct access a = access_to(&m, &ctx, map);
	struct resolved_assign resolved;
	struct assign parsed;

	a.symbols = &symbol;
	a.symbol_count = 1;
	for (size_t i = 0; i < sizeof(too_wide) / sizeof(too_wide[0]); i++) {
		struct error error = { 0 };
		int rc = assign_parse(too_wide[i].text, &parsed, &error);

		if (rc == 0)
			rc = access_resolve_assign(&a, &parsed, &resolved, &error);
		ok(tap, rc < 0 && strcmp(error.hint, too_wide[i].hint) == 0, "%s: the hint helps: %s",
		   too_wide[i].text, error.hint);
	}
}

static void check_fields_read(struct tap *tap, struct regmap *map)
{
	struct context ctx = { .sysroot = "" };
	const struct ref ref = { .kind = REF_NAME, .bar = -1, .name = "CTRL.MODE" };
	struct target target = { 0 };
	struct error error = { 0 };
	struct condition condition;
	struct resolved_condition resolved;
	struct model m = { 0 };
	struct access a = access_to(&m, &ctx, map);
	uint64_t value = 0;
	bool holds = false;

	m.regs[0] = 0xf00b;
	ok(tap,
	   access_resolve_read(&a, &ref, &target, &error) == 0 && target_read(&target, &value, &error) == 0 &&
		   value == 5 && target_bits(&target) == 3,
	   "a field's value is its own bits");
	ok(tap,
	   condition_parse("CTRL.MODE==LOOPBACK", &condition, &error) == 0 &&
		   access_resolve_condition(&a, &condition, &resolved, &error) == 0 &&
		   access_condition(&a, &resolved, &holds, &value, &error) == 0 && holds,
	   "a condition compares it with a value's name");
	m.regs[17] = 0xfffff012;
	ok(tap, condition_holds(&a, "OPTION==0x12") && !condition_holds(&a, "OPTION>0x12"),
	   "a register's value is its own bits, whatever its access has above");
	m.regs[13] = 0x70;
	ok(tap, condition_holds(&a, "LIMITS.MODE==LOOP") && !condition_holds(&a, "LIMITS.MODE!=LOOP"),
	   "by the bits of the name that matter");
	ok(tap, condition_holds(&a, "LIMITS.MODE==LOOP:7"), "and of those, those of a mask");
	m.regs[13] = 0x20;
	ok(tap, !condition_holds(&a, "LIMITS.MODE==LOOP") && condition_holds(&a, "LIMITS.MODE!=LOOP"),
	   "another value is not called so");
	ok(tap,
	   condition_parse("COMMAND.GO==0", &condition, &error) == 0 &&
		   access_resolve_condition(&a, &condition, &resolved, &error) < 0,
	   "what is write-only is not waited for: %s", error.message);
}

int main(void)
{
	struct tap tap = { 0 };
	char path[] = "/tmp/test_field_write.XXXXXX";
	struct error error = { 0 };
	struct regmap *map = NULL;
	int fd = mkstemp(path);

	if (fd < 0 || write(fd, map_text, sizeof(map_text) - 1) != (ssize_t)sizeof(map_text) - 1)
		return 1;
	close(fd);
	if (!ok(&tap, regmap_load(NULL, path, &map, &error) == 0, "the map is read: %s", error.message))
		return tap_done(&tap);
	check_good(&tap, map);
	check_refused(&tap, map);
	check_refused_later(&tap, map);
	check_unsafe(&tap, map);
	check_verify(&tap, map);
	check_wide(&tap, map);
	check_hints(&tap, map);
	check_conditions(&tap, map);
	check_fields_read(&tap, map);
	regmap_close(map);
	unlink(path);
	return tap_done(&tap);
}
