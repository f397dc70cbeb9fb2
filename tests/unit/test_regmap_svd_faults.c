// SPDX-License-Identifier: GPL-2.0-or-later
/* SVD files: what each fault is called, where there is an end, and what there is without expat. */
#include <limits.h>
#include <sys/stat.h>

#include "tests/unit/svd_file.h"

/* --- what is refused -------------------------------------------------------------------------- */

#define P_REG(element)                                                                                       \
	U(REG("OK", "0", "") "<register><name>A</name>" element "</register>\n" REG("END", "8", ""))
#define KEPT B_U "R U.OK 0x1000 32 ?\nR U.END 0x1008 32 ?\n"

static const struct example bad_numbers[] = {
	{ "no name", P_REG("<name/>"), KEPT "! 4: register A: <name> '' is empty\n" },
	{ "no name at all", U("<register><addressOffset>0</addressOffset></register>"),
	  B_U "! 3: register: it has no <name>\n" },
	{ "no addressOffset", P_REG(""), KEPT "! 4: register A: it has no <addressOffset>\n" },
	{ "no baseAddress", "<peripheral><name>V</name></peripheral>\n" U(""),
	  B_U "! 2: peripheral V: it has no <baseAddress>\n" },
	{ "a cluster without addressOffset", U("<cluster><name>C</name>" REG("A", "0", "") "</cluster>"),
	  B_U "! 3: cluster C: it has no <addressOffset>\n" },
	{ "not a number", P_REG("<addressOffset>4x</addressOffset>"),
	  KEPT "! 4: register A: <addressOffset> '4x' is not a number\n" },
	{ "no digits", P_REG("\n<addressOffset>0x</addressOffset>"),
	  KEPT "! 5: register A: <addressOffset> '0x' is not a number\n" },
	{ "an empty number", P_REG("<addressOffset/>"),
	  KEPT "! 4: register A: it has no <addressOffset>\n! 4: register A: <addressOffset> is empty\n" },
	{ "binary digits only", P_REG("<addressOffset>#12</addressOffset>"),
	  KEPT "! 4: register A: <addressOffset> '#12' is not a number\n" },
	{ "a negative address", P_REG("<addressOffset>-4</addressOffset>"),
	  KEPT "! 4: register A: <addressOffset> '-4' is not a number\n" },
	{ "2^64", P_REG("<addressOffset>18446744073709551616</addressOffset>"),
	  KEPT "! 4: register A: <addressOffset> '18446744073709551616' does not fit 64 bits\n" },
	{ "a scale that leads beyond 64 bits", P_REG("<addressOffset>0x1000000T</addressOffset>"),
	  KEPT "! 4: register A: <addressOffset> '0x1000000T' does not fit 64 bits\n" },
	{ "an address that leads beyond 64 bits", P_REG("<addressOffset>0xfffffffffffff000</addressOffset>"),
	  KEPT "! 4: register A: its address does not fit 64 bits\n" },
	{ "a register that begins below 2^64 and ends above",
	  P_REG("<addressOffset>0xffffffffffffefff</addressOffset>"),
	  KEPT "! 4: register A: its address does not fit 64 bits\n" },
	{ "dim times dimIncrement beyond 64 bits", U(REG("A%s", "0", DIM("16", "0x1000000000000000"))),
	  B_U "! 3: register A%s: dim times dimIncrement does not fit 64 bits\n" },
	{ "size 0", P_REG("<addressOffset>4</addressOffset>" SIZE("0")),
	  KEPT "! 4: register A: <size> is 0, 1 to 64 are possible\n" },
	{ "size 65", P_REG("<addressOffset>4</addressOffset>" SIZE("65")),
	  KEPT "! 4: register A: <size> is 65, 1 to 64 are possible\n" },
	{ "size 65 of a peripheral", BLOCK("V", "0", SIZE("65") REGISTERS(REG("A", "0", ""))) U(""),
	  B_U "! 2: peripheral V: <size> is 65, 1 to 64 are possible\n" },
	{ "addresses that do not count bytes", DEVICE("<addressUnitBits>16</addressUnitBits>", U("")),
	  B_U "! 1: device: <addressUnitBits> '16' is not supported: addresses count bytes, of 8 bits\n" },
	{ "an address block that ends beyond 64 bits",
	  BLOCK("V", "0", "\n<addressBlock><offset>0xffffffffffffffff</offset><size>2</size></addressBlock>")
		  U(""),
	  "B V 0x0+0x0\n" B_U "! 3: peripheral V: addressBlock ends above 64 bits\n" },
	{ "an address block without a size",
	  BLOCK("V", "0", "<addressBlock><offset>0</offset></addressBlock>"),
	  "B V 0x0+0x0\n! 2: peripheral V: addressBlock without size\n" },
};

#define LONG_64 "N123456789012345678901234567890123456789012345678901234567890123"

static const struct example bad_words[] = {
	{ "an access that there is not", P_REG("<addressOffset>4</addressOffset>\n" ACCESS("rw")),
	  KEPT "! 5: register A: <access> 'rw' is none of its words\n" },
	{ "a readAction that there is not", P_REG("<addressOffset>4</addressOffset>" ON_READ("unsafe")),
	  KEPT "! 4: register A: <readAction> 'unsafe' is none of its words\n" },
	{ "modifiedWriteValues that there are not", P_REG("<addressOffset>4</addressOffset>" ON_WRITE("")),
	  KEPT "! 4: register A: <modifiedWriteValues> '' is none of its words\n" },
	{ "a constraint that is not true or false",
	  P_REG("<addressOffset>4</addressOffset>" CONSTRAINT("<writeAsRead>yes</writeAsRead>")),
	  KEPT "! 4: register A: <writeAsRead> 'yes' is neither true nor false\n" },
	{ "a range upside down",
	  P_REG("<addressOffset>4</addressOffset>" CONSTRAINT(
		  "<range><minimum>2</minimum><maximum>1</maximum></range>")),
	  KEPT "! 4: register A: range needs a minimum and a maximum not below it\n" },
	{ "a range with one end",
	  P_REG("<addressOffset>4</addressOffset>" CONSTRAINT("<range><minimum>2</minimum></range>")),
	  KEPT "! 4: register A: range needs a minimum and a maximum not below it\n" },
	{ "other characters in a name",
	  U(REG("A.B", "0", "") REG("A-B", "0", "") REG("A B", "0", "") REG("%d", "0", "")
		    REG("\xc3\x84", "0", "")),
	  B_U
	  "! 3: register: <name> 'A.B' has characters other than letters, digits, '_', '[', ']' and '%s'\n"
	  "! 4: register: <name> 'A-B' has characters other than letters, digits, '_', '[', ']' and '%s'\n"
	  "! 5: register: <name> 'A B' has characters other than letters, digits, '_', '[', ']' and '%s'\n"
	  "! 6: register: <name> '%d' has characters other than letters, digits, '_', '[', ']' and '%s'\n"
	  "! 7: register: <name> '\xc3\x84' has characters other than letters, digits, '_', '[', ']' and "
	  "'%s'\n" },
	{ "a name of 128 characters", U(REG(LONG_64 LONG_64, "0", "")),
	  B_U "! 3: register: <name> '" LONG_64 "' is too long\n" },
	{ "names that are too long together",
	  U(CLUSTER(LONG_64, "0", REG(LONG_64, "0", "") REG("A", "0", ""))),
	  B_U "R U." LONG_64 ".A 0x1000 32 ?\n"
	      "! 3: register " LONG_64 ": the name U." LONG_64 "." LONG_64
	      " is longer than 126 characters\n" },
};

#define P_FIELD(body)                                                                                        \
	U(REG("A", "0", SIZE("8") FIELDS("\n<field><name>X</name>" body "</field>" FIELD("Y", "[1:1]", ""))))
#define KEPT_FIELD B_U "R U.A 0x1000 8 ?\nF Y [1:1] ?\n"

static const struct example bad_fields[] = {
	{ "bits past the end of the register", P_FIELD("<bitRange>[8:7]</bitRange>"),
	  KEPT_FIELD "! 4: field X: bits 7..8 are not in a register of 8\n" },
	{ "bits at 2^64-1", P_FIELD("<lsb>0xffffffffffffffff</lsb><msb>0xffffffffffffffff</msb>"),
	  KEPT_FIELD "! 4: field X: it begins above bit 63\n" },
	{ "an array of fields past the end of the register",
	  U(REG("A", "0",
		SIZE("8")
			FIELDS("\n" FIELD("X%s", "[0:0]", DIM("2", "0xffffffff")) FIELD("Y", "[1:1]", "")))),
	  B_U "R U.A 0x1000 8 ?\nF X0 [0:0] ?\nF Y [1:1] ?\n"
	      "! 4: field X%s: bits 65..65 are not in a register of 8\n" },
	{ "no bits", P_FIELD(""), KEPT_FIELD "! 4: field X: its bits are not given (bitRange)\n" },
	{ "bitOffset without bitWidth", P_FIELD("<bitOffset>1</bitOffset>"),
	  KEPT_FIELD "! 4: field X: its bits are not given (bitRange)\n" },
	{ "msb without lsb", P_FIELD("<msb>1</msb>"), KEPT_FIELD "! 4: field X: msb without lsb\n" },
	{ "no bit", P_FIELD("<bitOffset>1</bitOffset><bitWidth>0</bitWidth>"),
	  KEPT_FIELD "! 4: field X: 1 to 64 bits are possible\n" },
	{ "msb below lsb", P_FIELD("<lsb>2</lsb><msb>1</msb>"),
	  KEPT_FIELD "! 4: field X: 1 to 64 bits are possible\n" },
	{ "a range upside down", P_FIELD("<bitRange>[1:2]</bitRange>"),
	  KEPT_FIELD "! 4: field X: <bitRange> '[1:2]' is not [MSB:LSB]\n" },
	{ "a range without its end", P_FIELD("<bitRange>[2:1</bitRange>"),
	  KEPT_FIELD "! 4: field X: <bitRange> '[2:1' is not [MSB:LSB]\n" },
	{ "bit ranges that differ: lsb", P_FIELD("<bitRange>[2:1]</bitRange><lsb>0</lsb><msb>2</msb>"),
	  KEPT_FIELD "! 4: field X: its bit ranges differ\n" },
	{ "bit ranges that differ: width", P_FIELD("<bitRange>[2:1]</bitRange><lsb>1</lsb><msb>3</msb>"),
	  KEPT_FIELD "! 4: field X: its bit ranges differ\n" },
	{ "bit ranges that differ: offset",
	  P_FIELD("<lsb>1</lsb><msb>3</msb><bitOffset>2</bitOffset><bitWidth>3</bitWidth>"),
	  KEPT_FIELD "! 4: field X: its bit ranges differ\n" },
	{ "a value that does not fit its field",
	  P_FIELD("<bitRange>[2:1]</bitRange><enumeratedValues>" VALUE("A", "3")
			  VALUE("B", "4") "</enumeratedValues>"),
	  B_U "R U.A 0x1000 8 ?\nF X [2:1] ?\nE A=3\nF Y [1:1] ?\n"
	      "! 5: field X: value B, 4, does not fit its 2 bits\n" },
	{ "a value with more binary digits than bits",
	  P_FIELD("<bitRange>[2:1]</bitRange><enumeratedValues>" VALUE("A", "#xxx") "</enumeratedValues>"),
	  B_U "R U.A 0x1000 8 ?\nF X [2:1] ?\nF Y [1:1] ?\n"
	      "! 4: field X: value A, 7, does not fit its 2 bits\n" },
	{ "a value without a name, one without a value, one that is none: left out, the field stays",
	  P_FIELD("<bitRange>[3:2]</bitRange><enumeratedValues>\n<enumeratedValue><value>1</value></"
		  "enumeratedValue>\n"
		  "<enumeratedValue><name>B</name></enumeratedValue>\n" VALUE("C", "#12")
			  VALUE("D", "0x1ffffffffffffffff") VALUE("E", "3") "</enumeratedValues>"),
	  B_U "R U.A 0x1000 8 ?\nF Y [1:1] ?\nF X [3:2] ?\nE E=3\n"
	      "! 5: enumeratedValue: it has no <name>\n! 6: enumeratedValue B: it has no <value>\n"
	      "! 7: enumeratedValue C: <value> '#12' is not a number\n"
	      "! 8: enumeratedValue D: <value> '0x1ffffffffffffffff' does not fit 64 bits\n" },
	{ "words in another case of letters", P_FIELD("<bitRange>[3:2]</bitRange>" ACCESS("read-writeonce")),
	  B_U "R U.A 0x1000 8 ?\nF Y [1:1] ?\nF X [3:2] read-writeOnce\n" },
	{ "a usage that there is not",
	  P_FIELD("<bitRange>[3:2]</bitRange><enumeratedValues><usage>all</usage>" VALUE(
		  "E", "3") "</enumeratedValues>"),
	  B_U "R U.A 0x1000 8 ?\nF Y [1:1] ?\nF X [3:2] ?\n"
	      "! 4: enumeratedValues: <usage> 'all' is none of its words\n" },
};

static const struct example bad_dims[] = {
	{ "dim of 10^9", U(REG("A%s", "0", DIM("1000000000", "4"))),
	  B_U "! 3: register A%s: <dim> is 1000000000, 1 to 65536 are possible\n" },
	{ "dim of 0", U(REG("A%s", "0", DIM("0", "4"))),
	  B_U "! 3: register A%s: <dim> is 0, 1 to 65536 are possible\n" },
	{ "dim without dimIncrement", U(REG("A%s", "0", "<dim>2</dim>")),
	  B_U "! 3: register A%s: dim without dimIncrement\n" },
	{ "dim without %s", U(REG("A", "0", DIM("2", "4"))),
	  B_U "! 3: register A: dim is 2, but there is no %s in the name\n" },
	{ "%s without dim", U(REG("A[%s]", "0", "")),
	  B_U "! 3: register A[%s]: there is a %s in the name, but no dim\n" },
	{ "a list that is too short", U(REG("A%s", "0", DIM("3", "4") INDEX("X,Y"))),
	  B_U "! 3: register A%s: dim is 3, but dimIndex has 2\n" },
	{ "a range that is too long", U(REG("A%s", "0", DIM("3", "4") INDEX("0-3"))),
	  B_U "! 3: register A%s: dim is 3, but dimIndex has 4\n" },
	{ "a range downwards", U(REG("A%s", "0", DIM("4", "4") INDEX("3-0"))),
	  B_U "! 3: register A%s: dimIndex '3-0' is neither a list nor a range\n" },
	{ "an empty word in a list", U(REG("A%s", "0", DIM("3", "4") INDEX("A,,C"))),
	  B_U "! 3: register A%s: dimIndex 'A,,C' is neither a list nor a range\n" },
	{ "an empty list", U(REG("A%s", "0", DIM("1", "4") INDEX(""))),
	  B_U "! 3: register A%s: dimIndex '' is neither a list nor a range\n" },
	{ "other characters in a list", U(REG("A%s", "0", DIM("2", "4") INDEX("A,%s"))),
	  B_U "! 3: register A%s: dimIndex 'A,%s' is neither a list nor a range\n" },
	{ "fields, clusters and peripherals too",
	  BLOCK("P%s", "0", DIM("2", "4") INDEX("A"))
		  U(CLUSTER("C", "0", DIM("2", "4")) REG("A", "0", FIELDS(FIELD("F%s", "[0:0]", "")))),
	  B_U "R U.A 0x1000 32 ?\n! 2: peripheral P%s: dim is 2, but dimIndex has 1\n"
	      "! 4: cluster C: dim is 2, but there is no %s in the name\n"
	      "! 5: field F%s: there is a %s in the name, but no dim\n" },
};

static const struct example bad_derived[] = {
	{ "from something that does not exist",
	  COPY("NO", "V", "0", "") U(REG_COPY("V.NO", "A", "0", "") CLUSTER_COPY("A", "C", "0", "") REG(
		  "B", "0",
		  FIELDS("\n" FIELD_COPY("B", "F", "<bitRange>[0:0]</bitRange>")
				 FIELD("G", "[1:1]", VALUES_COPY("X", ""))))),
	  B_U "R U.B 0x1000 32 ?\nF G [1:1] ?\n"
	      "! 2: peripheral V: derivedFrom 'NO': there is no such peripheral\n"
	      "! 4: register A: derivedFrom 'V.NO': there is no such register\n"
	      "! 5: cluster C: derivedFrom 'A': there is no such cluster\n"
	      "! 7: field F: derivedFrom 'B': there is no such field\n"
	      "! 8: enumeratedValues: derivedFrom 'X': there is no such enumeratedValues\n" },
	{ "from an empty name, from dots", U(REG_COPY("", "A", "0", "") REG_COPY("..", "B", "0", "")),
	  B_U "! 3: register A: derivedFrom '': there is no such register\n"
	      "! 4: register B: derivedFrom '..': there is no such register\n" },
	{ "from itself", U(REG_COPY("A", "A", "0", "") REG_COPY("U.B", "B", "0", "")),
	  B_U "! 3: register A: derivedFrom 'A' leads back to itself\n"
	      "! 4: register B: derivedFrom 'U.B' leads back to itself\n" },
	{ "in a ring", U(REG_COPY("B", "A", "0", "") REG_COPY("C", "B", "0", "") REG_COPY("A", "C", "0", "")),
	  B_U "! 5: register C: derivedFrom 'A' leads back to itself\n" },
	{ "a ring of enumeratedValues",
	  U(REG("R", "0",
		FIELDS(FIELD("A", "[0:0]", VALUES_COPY("Y", "<name>X</name>"))
			       FIELD("B", "[1:1]", VALUES_COPY("X", "<name>Y</name>"))))),
	  B_U "R U.R 0x1000 32 ?\nF A [0:0] ?\nF B [1:1] ?\n"
	      "! 4: enumeratedValues Y: derivedFrom 'X' leads back to itself\n" },
	{ "a cluster from the one that it is in",
	  U(CLUSTER("C", "0", REG("A", "0", "") CLUSTER_COPY("C", "D", "0", ""))),
	  B_U "R U.C.A 0x1000 32 ?\n! 4: cluster D: derivedFrom leads back to itself\n" },
	{ "two clusters, each from the one that the other is in",
	  U(CLUSTER("C", "0", CLUSTER_COPY("E", "D", "0", ""))
		    CLUSTER("E", "0", CLUSTER_COPY("C", "F", "0", ""))),
	  B_U "! 5: cluster F: derivedFrom leads back to itself\n" },
	{ "from one that is wrong: the problem is that one's",
	  U("<register><name>A</name></register>\n" REG_COPY("A", "B", "0", "") REG("OK", "0", "")),
	  B_U "R U.OK 0x1000 32 ?\n! 3: register A: it has no <addressOffset>\n" },
	{ "a name is not inherited",
	  U(REG("A", "0", "") "<register derivedFrom='A'><addressOffset>0</addressOffset>"
			      "</register>\n"),
	  B_U "R U.A 0x1000 32 ?\n! 4: register: it has no <name>\n" },
	{ "nor an address", U(REG("A", "0", "") "<register derivedFrom='A'><name>B</name></register>\n"),
	  B_U "R U.A 0x1000 32 ?\n! 4: register B: it has no <addressOffset>\n" },
};

#define HEAD "<?xml version='1.0'?>\n"

static const struct example bad_files[] = {
	{ "truncated", HEAD "<device><name>T</name>\n<peripherals>\n<periph",
	  "! 4: not well-formed XML: unclosed token\n" },
	{ "truncated between elements", HEAD "<device><name>T</name>\n<peripherals>\n",
	  "! 4: not well-formed XML: no element found\n" },
	{ "an end that is of another element", "<device><name>T</nam>\n</device>",
	  "! 1: not well-formed XML: mismatched tag\n" },
	{ "something behind the end", "<device/>\n<device/>",
	  "! 2: not well-formed XML: junk after document element\n" },
	{ "no text at all", "<?xml version='1.0'?>", "! 1: not well-formed XML: no element found\n" },
	{ "not SVD", "<?xml version='1.0'?>\n<html><body/></html>",
	  "! 2: this is a web page (HTML); write its registers as a CSV with a heading, "
	  "name,offset,width,access,reset\n" },
	{ "an encoding that there is not", "<?xml version='1.0' encoding='none'?><device/>",
	  "! 1: not well-formed XML: unknown encoding\n" },
	{ "bytes that are not of the encoding", "<device>\n<name>\xff</name></device>",
	  "! 2: not well-formed XML: not well-formed (invalid token)\n" },
	{ "another encoding than it says", "<?xml version='1.0' encoding='UTF-16'?>\n<device/>",
	  "! 1: not well-formed XML: encoding specified in XML declaration is incorrect\n" },
	{ "an entity that is not declared", "<device>\n<name>&x;</name></device>",
	  "! 2: not well-formed XML: undefined entity\n" },
	{ "a billion laughs",
	  "<?xml version='1.0'?>\n<!DOCTYPE device [\n<!ENTITY a 'ha'>\n<!ENTITY b "
	  "'&a;&a;&a;&a;&a;&a;&a;&a;&a;'>\n"
	  "<!ENTITY c '&b;&b;&b;&b;&b;&b;&b;&b;&b;'>\n]><device><name>&c;</name></device>",
	  "! 3: it declares an entity (<!ENTITY>), which is refused\n" },
	{ "an external entity",
	  "<?xml version='1.0'?>\n<!DOCTYPE device [ <!ENTITY x SYSTEM 'file:///etc/passwd'> ]>\n"
	  "<device><name>&x;</name></device>",
	  "! 2: it declares an entity (<!ENTITY>), which is refused\n" },
	{ "a parameter entity",
	  "<?xml version='1.0'?>\n<!DOCTYPE device [ <!ENTITY % x SYSTEM 'file:///etc/passwd'> %x; "
	  "]>\n<device/>",
	  "! 2: it declares an entity (<!ENTITY>), which is refused\n" },
	{ "an entity of an external subset",
	  "<?xml version='1.0'?>\n<!DOCTYPE device SYSTEM "
	  "'file:///etc/passwd'>\n<device>\n<name>&x;</name></device>",
	  "! 4: an entity that is not in the file is refused\n" },
	{ "an external subset that nothing is used of is not read",
	  "<?xml version='1.0'?>\n<!DOCTYPE device SYSTEM 'file:///dev/tty'>\n" DEVICE("", U("")), B_U },
};

/* --- what is large ---------------------------------------------------------------------------- */

struct text {
	char *bytes;
	size_t length;
	FILE *out;
};

static FILE *begin(struct text *text)
{
	text->out = open_memstream(&text->bytes, &text->length);
	if (!text->out)
		abort();
	return text->out;
}

static void expect_text(struct tap *tap, struct text *text, const char *title, const char *expected)
{
	fclose(text->out);
	expect_bytes(tap, title, text->bytes, text->length, expected);
	free(text->bytes);
}

static struct regmap *load_text(struct text *text)
{
	struct regmap *map;

	fclose(text->out);
	map = load_bytes(text->bytes, text->length);
	free(text->bytes);
	return map;
}

static const char *first_problem(const struct regmap *map)
{
	return map->problem_count ? map->problems[0].message : "no problem";
}

static void repeat(FILE *out, unsigned int count, const char *what)
{
	while (count--)
		fputs(what, out);
}

static void nesting(struct tap *tap)
{
	struct text text;
	FILE *out = begin(&text);

	fprintf(out, "<device><peripherals>\n<peripheral><registers>");
	repeat(out, 10000, "\n<cluster><name>C</name><addressOffset>0</addressOffset>");
	expect_text(tap, &text, "10,000 clusters in each other", "! 61: elements are nested too deeply\n");
	out = begin(&text);
	fprintf(out, "<device>\n");
	repeat(out, 100000, "<x>");
	expect_text(tap, &text, "100,000 unknown elements in each other",
		    "! 2: elements are nested too deeply\n");
}

/* Each of them derived from the one before, or the one behind. */
static struct regmap *chain(int count, int step)
{
	struct text text;
	FILE *out = begin(&text);

	fprintf(out, "<device><peripherals>\n");
	for (int i = 0; i < count; i++) {
		int from = i + step;

		fprintf(out, "<peripheral");
		if (from >= 0 && from < count)
			fprintf(out, " derivedFrom='P%d'", from);
		fprintf(out, "><name>P%d</name><baseAddress>0</baseAddress></peripheral>\n", i);
	}
	fprintf(out, "</peripherals></device>\n");
	return load_text(&text);
}

static void chains(struct tap *tap)
{
	for (int step = -1; step <= 1; step += 2) {
		struct regmap *map = chain(100000, step);

		ok(tap, strstr(first_problem(map), "goes on over more than 64 others"),
		   "100,000 derived one from the %s: %s", step < 0 ? "other" : "next", first_problem(map));
		regmap_close(map);
		map = chain(65, step);
		ok(tap, map->problem_count == 0 && map->block_count == 65, "64 behind each other are fine");
		regmap_close(map);
	}
}

/* Clusters that contain the one before twice: 2^40 of them. */
static void multiplying(struct tap *tap)
{
	struct regmap *map;
	struct text text;
	FILE *out = begin(&text);

	fprintf(out,
		"<device><peripherals><peripheral><name>V</name><baseAddress>0</baseAddress><registers>");
	fprintf(out, CLUSTER("C0", "0", ""));
	for (int i = 1; i <= 40; i++)
		fprintf(out,
			"<cluster><name>C%d</name><addressOffset>0</addressOffset>" CLUSTER_COPY(
				"V.C%d", "a", "0", "") CLUSTER_COPY("V.C%d", "b", "0", "") "</cluster>\n",
			i, i - 1, i - 1);
	fprintf(out, "</registers></peripheral></peripherals></device>");
	map = load_text(&text);
	ok(tap, map->problem_count == 1 && strstr(first_problem(map), "expands to too much"),
	   "2^40 clusters: %s", first_problem(map));
	regmap_close(map);
}

struct limit {
	const char *title;
	const char *svd;
	const char *message;
};

static const struct limit limits[] = {
	{ "2^32 registers",
	  DEVICE("", U(CLUSTER("C%s", "0", DIM("65536", "4") REG("A%s", "0", DIM("65536", "4"))))),
	  "register A%s: more than 1048576 registers in all" },
	{ "2^32 clusters",
	  DEVICE("", BLOCK("P%s", "0", DIM("65536", "4") REGISTERS(CLUSTER("C%s", "0", DIM("65536", "4"))))),
	  "cluster C%s: the file expands to too much: it is derived or repeated too often" },
	{ "an array that leads beyond 64 bits",
	  DEVICE("", U(REG("A%s", "0xffffffffffffeffe", DIM("4", "1") SIZE("8")))),
	  "register A%s: its address does not fit 64 bits" },
};

static void check_limits(struct tap *tap)
{
	for (size_t i = 0; i < sizeof(limits) / sizeof(limits[0]); i++) {
		struct regmap *map = load_bytes(limits[i].svd, strlen(limits[i].svd));

		ok(tap, map->problem_count == 1 && strcmp(first_problem(map), limits[i].message) == 0,
		   "%s: %s", limits[i].title, first_problem(map));
		regmap_close(map);
	}
}

static void many_problems(struct tap *tap)
{
	struct error error = { 0 };
	struct regmap *map;
	struct text text;
	char *path;

	fprintf(begin(&text), "<device><peripherals>\n");
	repeat(text.out, 100000, "<peripheral/>\n");
	fprintf(text.out, "</peripherals></device>");
	fclose(text.out);
	map = load_bytes(text.bytes, text.length);
	ok(tap, map->problem_count == 1000 && regmap_line(map, map->problems[999].place) == 1001,
	   "after 1000 problems the rest is not read");
	regmap_close(map);
	path = write_temp(text.bytes, text.length);
	ok(tap,
	   regmap_load(NULL, path, &map, &error) < 0 && error.kind == ERROR_FAILED &&
		   strstr(error.message, ":2: peripheral: it has no <name>"),
	   "regmap_load() refuses it, with the first");
	unlink(path);
	free(path);
	free(text.bytes);
}

/* --- without its library ----------------------------------------------------------------------- */

/* In a process that finds no expat: the loader takes the first file of that name, and this is no library. */
static void without_expat(struct tap *tap, const char *self)
{
	char folder[] = "/tmp/test-regmap-svd-XXXXXX";
	char command[2 * PATH_MAX];
	char path[PATH_MAX];
	char *svd = write_temp("<device/>", 9);
	FILE *f;

	if (!mkdtemp(folder))
		abort();
	snprintf(path, sizeof(path), "%s/libexpat.so.1", folder);
	f = fopen(path, "w");
	if (!f || fputs("no library\n", f) < 0 || fclose(f))
		abort();
	snprintf(command, sizeof(command), "LD_LIBRARY_PATH=%s '%s' %s", folder, self, svd);
	ok(tap, system(command) == 0, "without libexpat.so.1: unsupported, with the name of the package");
	unlink(path);
	rmdir(folder);
	unlink(svd);
	free(svd);
}

static int expect_no_expat(const char *path)
{
	struct error error = { 0 };
	struct regmap *map;

	if (regmap_load(NULL, path, &map, &error) < 0 && error.kind == ERROR_UNSUPPORTED &&
	    strstr(error.message, "libexpat.so.1") && strstr(error.hint, "libexpat1"))
		return 0;
	printf("# %s\n# %s\n", error.message, error.hint);
	return 1;
}

int main(int argc, char **argv)
{
	struct tap tap = { 0 };

	if (argc == 2)
		return expect_no_expat(argv[1]);
	EXPECT_ALL(&tap, bad_numbers);
	EXPECT_ALL(&tap, bad_words);
	EXPECT_ALL(&tap, bad_fields);
	EXPECT_ALL(&tap, bad_dims);
	EXPECT_ALL(&tap, bad_derived);
	EXPECT_ALL(&tap, bad_files);
	nesting(&tap);
	chains(&tap);
	multiplying(&tap);
	check_limits(&tap);
	many_problems(&tap);
	without_expat(&tap, argv[0]);
	return tap_done(&tap);
}
