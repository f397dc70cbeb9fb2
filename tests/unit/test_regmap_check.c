// SPDX-License-Identifier: GPL-2.0-or-later
/* What the check of a register map finds, and what it leaves alone; names to numbers by hash. */
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "core/base/name_table.h"
#include "core/mapfile/mapfile.h"
#include "tests/unit/tap.h"

static struct regmap *load(const char *bytes)
{
	char path[] = "/tmp/test-regmap-check-XXXXXX";
	size_t length = strlen(bytes);
	struct error error = { 0 };
	struct regmap *map = NULL;
	int fd = mkstemp(path);

	if (fd < 0 || write(fd, bytes, length) != (ssize_t)length || close(fd) < 0 ||
	    regmap_load_anyhow(path, &map, &error) < 0)
		abort();
	unlink(path);
	return map;
}

/* A line each, "LINE: message". */
static char *check(const char *bytes)
{
	struct regmap *map = load(bytes);
	char *text = NULL;
	size_t size;
	FILE *out = open_memstream(&text, &size);

	if (!out)
		abort();
	if (map->problem_count)
		fprintf(out, "the map is bad: %s\n", map->problems[0].message);
	if (regmap_check(map) < 0)
		abort();
	for (size_t i = 0; i < map->problem_count; i++)
		fprintf(out, "%u: %s\n", regmap_line(map, map->problems[i].place), map->problems[i].message);
	fclose(out);
	regmap_close(map);
	return text;
}

static const struct {
	const char *what;
	const char *map;
	const char *wanted;
} checks[] = {
	{ "nothing", "register,A,0,32,rw\nregister,B,4,32,rw\n", "" },
	{ "registers overlap, the same address and a part of it",
	  "register,A,0,32,rw\nregister,B,0,32,rw\nregister,C,6,16,rw\nregister,D,4,32,rw\n",
	  "2: B overlaps A (line 1)\n3: C overlaps D (line 4)\n" },
	{ "one in a large one, behind others",
	  "register,L,0,96,rw,words=3\nregister,A,4,8,rw\nregister,B,5,8,rw\nregister,C,0xb,8,rw\nregister,D,"
	  "0xc,8,rw\n",
	  "2: A overlaps L (line 1)\n3: B overlaps L (line 1)\n4: C overlaps L (line 1)\n" },
	{ "at the highest address of all",
	  "register,A,0xfffffffffffffffc,32,rw\nregister,B,0xfffffffffffffffe,16,rw\nregister,C,0,8,rw\n",
	  "2: B overlaps A (line 1)\n" },
	{ "what is in different BARs does not",
	  "block,A,0,0x10,bar=0\nblock,B,0,0x10,bar=1\nregister,A.X,0,32,rw\nregister,B.X,0,32,rw\n", "" },
	{ "what is in one does, over its blocks",
	  "block,A,0,0x10,bar=0\nblock,B,8,0x10,bar=0\nregister,A.X,8,32,rw\nregister,B.X,0,32,rw\n",
	  "4: B.X overlaps A.X (line 3)\n" },
	{ "misaligned to the access",
	  "register,A,2,32,rw\nregister,B,0xc,64,rw\nregister,C,0x19,8,rw,width=16\n",
	  "1: A: its address 0x2 is not aligned to 32 bits\n2: B: its address 0xc is not aligned to 64 bits\n"
	  "3: C: its address 0x19 is not aligned to 16 bits\n" },
	{ "words of 32 bits at 32 bits' alignment are good", "csr_register,a,0x4,2,rw\n", "" },
	{ "two of one name", "register,A,0,32,rw\nregister,A,4,32,rw\nregister,A,8,32,rw\n",
	  "2: there is another register A (line 1)\n3: there is another register A (line 1)\n" },
	{ "in two blocks one short name is good",
	  "block,B,0,0x10\nblock,C,0x10,0x10\nregister,B.A,0,8,rw\nregister,C.A,0,8,rw\n", "" },
	{ "outside of the block: behind, across its end, below",
	  "block,B,0x100,0x10\nregister,B.A,0x10,8,rw\nregister,B.C,0xc,64,rw,width=64\nregister,D,0xfc,32,"
	  "rw,block=B\n"
	  "register,B.E,0,32,rw\n",
	  "2: B.A lies outside of its block B of 0x10 bytes\n2: B.A overlaps B.C (line 3)\n"
	  "3: B.C: its address 0x10c is not aligned to 64 bits\n"
	  "3: B.C lies outside of its block B of 0x10 bytes\n4: D lies outside of its block B of 0x10 "
	  "bytes\n" },
	{ "of a block of unknown size nothing is", "block,B,0x100\nregister,B.A,0x1000,8,rw\n", "" },
	{ "a reset value that does not fit", "register,A,0,8,rw\neffect,A,reset=0x1ff\n",
	  "1: A: its reset value 0x1ff has more than 8 bits\n" },
	{ "ranges that hold nothing",
	  "register,A,0,8,rw,range=5..4\nregister,B,1,8,rw,range=256..300\nregister,C,2,8,rw\n"
	  "field,C,F,1:0,rw,range=4..5\nfield,C,G,3:2,rw,range=3..9\n",
	  "1: A: no value is in the range from 0x5 to 0x4\n2: B: its range starts at 0x100, above its 8 "
	  "bits\n"
	  "4: C.F: its range starts at 0x4, above its 2 bits\n" },
	{ "fields: overlaps, names",
	  "register,A,0,32,rw\nfield,A,X,7:0,rw\nfield,A,Y,3,rw\nfield,A,Z,5:4,rw\nfield,A,X,8,rw\n",
	  "3: A.Y overlaps A.X (line 2)\n4: A.Z overlaps A.X (line 2)\n5: A has another field X (line 2)\n" },
	{ "values: names and numbers",
	  "register,A,0,32,rw\nfield,A,F,3:0,rw\nenum,A.F,ON,1\nenum,A.F,OFF,0\nenum,A.F,ON,2\nenum,A.F,YES,"
	  "1\n"
	  "enum,A.F,ANY,*\nenum,A.F,OTHERS,*\n",
	  "5: A.F: there is another value ON (line 3)\n6: A.F: YES is the same value as ON (line 3)\n"
	  "8: A.F: OTHERS is the same value as ANY (line 7)\n" },
	{ "values: one and the same is told once",
	  "register,A,0,32,rw\nfield,A,F,3:0,rw\nenum,A.F,ON,1\nenum,A.F,ON,1\n",
	  "4: A.F: there is another value ON (line 3)\n" },
	{ "values: for reads and for writes are different, for both is neither",
	  "register,A,0,32,rw\nfield,A,F,3:0,rw\nenum,A.F,R,1,for=read\nenum,A.F,W,1,for=write\nfield,A,G,7:"
	  "4,rw\n"
	  "enum,A.G,R,1,for=read\nenum,A.G,W,1,for=write\nenum,A.G,B,1\n",
	  "6: A.G: R is the same value as B (line 8)\n7: A.G: W is the same value as B (line 8)\n" },
	{ "values: with bits that do not matter",
	  "register,A,0,32,rw\nfield,A,F,3:0,rw\nenum,A.F,X,0b0100:0b1100\nenum,A.F,Y,0b0111:0b1100\nenum,A."
	  "F,Z,0b0100\n",
	  "4: A.F: Y is the same value as X (line 3)\n" },
	{ "SVD: an array's fields are told once",
	  "<device><name>n</name><peripherals><peripheral><name>P</name><baseAddress>0</"
	  "baseAddress><registers>"
	  "<register><dim>3</dim><dimIncrement>4</dimIncrement><name>R[%s]</name><addressOffset>0</"
	  "addressOffset>"
	  "<fields>\n<field><name>F</name><bitRange>[3:0]</bitRange></field>\n"
	  "<field><name>G</name><bitRange>[4:3]</bitRange></field></fields></register></registers></"
	  "peripheral>"
	  "</peripherals></device>",
	  "3: P.R[0].G overlaps P.R[0].F (line 2)\n" },
};

static void all_checks(struct tap *tap)
{
	for (size_t i = 0; i < sizeof(checks) / sizeof(checks[0]); i++) {
		char *is = check(checks[i].map);

		if (!ok(tap, strcmp(is, checks[i].wanted) == 0, "%s", checks[i].what))
			printf("# --- wanted\n%s# --- is\n%s# ---\n", checks[i].wanted, is);
		free(is);
	}
}

/* COUNT rows that FORMAT makes of their number, behind HEAD. */
static char *many(const char *head, const char *format, unsigned int count)
{
	char *text = NULL;
	size_t size;
	FILE *out = open_memstream(&text, &size);

	if (!out)
		abort();
	fputs(head, out);
	for (unsigned int i = 0; i < count; i++)
		fprintf(out, format, i, i); /* NOLINT(clang-diagnostic-format-nonliteral) */
	fclose(out);
	return text;
}

/* More problems than are kept; time is no matter here, but what is quadratic would be felt. */
static void all_bad(struct tap *tap, const char *what, const char *head, const char *format)
{
	char *text = many(head, format, 20000);
	struct regmap *map = load(text);

	ok(tap, map->problem_count == 0 && regmap_check(map) == 0 && map->problem_count == 1000, "20,000 %s",
	   what);
	regmap_close(map);
	free(text);
}

static void names(struct tap *tap)
{
	struct name_table table = { 0 };
	char text[1000][8];
	bool good = true;
	uint32_t value = 7;

	ok(tap, !name_table_find(&table, "A", 1, &value) && value == 7, "nothing is in an empty table");
	for (uint32_t i = 0; i < 1000; i++) {
		snprintf(text[i], sizeof(text[i]), "N%u", i);
		good = good && name_table_add(&table, text[i], i) == 0;
	}
	for (uint32_t i = 0; i < 1000; i++)
		good = good && name_table_find(&table, text[i], strlen(text[i]), &value) && value == i;
	ok(tap, good, "1000 names are found");
	ok(tap,
	   name_table_add(&table, "N5", 6) == -EEXIST && name_table_find(&table, "N5", 2, &value) &&
		   value == 5,
	   "the first of one name stays");
	ok(tap, name_table_find(&table, "N123456", 4, &value) && value == 123,
	   "a name is the part that is asked for");
	ok(tap, !name_table_find(&table, "N", 1, &value) && !name_table_find(&table, "", 0, &value),
	   "a beginning of names is none");
	name_table_free(&table);
	ok(tap, !name_table_find(&table, "N5", 2, &value), "nothing is left of a table that was freed");
}

int main(void)
{
	struct tap tap = { 0 };

	all_checks(&tap);
	all_bad(&tap, "overlaps", "register,A,0,8,rw\n", "register,A%u,0,8,rw,%u\n");
	all_bad(&tap, "registers of one name", "register,A,0,8,rw\n", "register,A,%u,8,rw,%u\n");
	all_bad(&tap, "fields of one bit", "register,A,0,8,rw\nfield,A,F,0,rw\n", "field,A,F%u,0,rw,%u\n");
	all_bad(&tap, "values of one name", "register,A,0,32,rw\nfield,A,F,31:0,rw\nenum,A.F,V,99999\n",
		"enum,A.F,V,%u,%u\n");
	names(&tap);
	return tap_done(&tap);
}
