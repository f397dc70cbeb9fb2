// SPDX-License-Identifier: GPL-2.0-or-later
/* IP-XACT: what expressions are, and what each fault of a file is called. What good files expand to: tests/host/map_formats.bats. */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "core/mapfile/ipxact.h"
#include "core/mapfile/mapfile.h"
#include "tests/unit/tap.h"

/* --- expressions ------------------------------------------------------------------------------ */

static const struct {
	const char *text;
	uint64_t value;
	const char *fault; /* NULL: VALUE */
} expressions[] = {
	{ "0", 0, NULL },
	{ "4096", 4096, NULL },
	{ "0x1F", 31, NULL },
	{ "0b101", 5, NULL },
	{ "4K", 4096, NULL },
	{ "1 + 2 * 3 ** 2", 19, NULL },
	{ "2M", 2 << 20, NULL },
	{ "'h10", 16, NULL },
	{ "32'hFFFF_0000", 0xffff0000, NULL },
	{ "8'sd12", 12, NULL },
	{ "'o17", 15, NULL },
	{ "6'b10_1010", 42, NULL },
	{ "\"0110\"", 6, NULL },
	{ "#110", 6, NULL },
	{ "(1 << 12) - 1", 4095, NULL },
	{ "16 >> 2 >> 1", 2, NULL },
	{ "10 - 4 - 3", 3, NULL },
	{ "7 / 2 + 7 % 4", 6, NULL },
	{ "-1 + 5", 4, NULL },
	{ "~'hff & 'hfff", 0xf00, NULL },
	{ "!0 && 1 || 0", 1, NULL },
	{ "6 & 3 | 8 ^ 1", 11, NULL },
	{ "3 >= 3 == 1 ? 'ha : 'hb", 10, NULL },
	{ "0 ? 1 : 0 ? 2 : 3", 3, NULL },
	{ "$clog2(1)", 0, NULL },
	{ "$clog2(9) * $pow(2, 3)", 32, NULL },
	{ "$clog2(18446744073709551615)", 64, NULL },
	{ "18446744073709551615", UINT64_MAX, NULL },
	{ "true", 1, NULL },
	{ "", 0, "is empty" },
	{ "1 +", 0, "is not understood: it ends too early" },
	{ "(1", 0, "is not understood: a ')' is missing" },
	{ "1 2", 0, "is not understood" },
	{ "5 ? 1", 0, "is not understood: a ':' is missing" },
	{ "'x10", 0, "is not understood: behind a ' comes h, d, o or b" },
	{ "'h", 0, "is not understood: digits are missing" },
	{ "1.5", 0, "is not a whole number" },
	{ "1 - 2", 0, "is negative" },
	{ "1 / (2 - 2)", 0, "divides by zero" },
	{ "1 % 0", 0, "divides by zero" },
	{ "18446744073709551616", 0, "does not fit 64 bits" },
	{ "1 << 64", 0, "does not fit 64 bits" },
	{ "18446744073709551615 * 18446744073709551615", 0, "does not fit 64 bits" },
	{ "2 ** 1024", 0, "does not fit 64 bits" },
	{ "2 ** 99999999999", 0, "has an exponent that is out of bounds" },
	{ "1 << (0 - 1)", 0, "shifts a negative number, or by one" },
	{ "width", 0, "names what is no parameter of the file" },
	{ "$system(1)", 0, "has a function that is not known: $clog2, $pow, $ceil and $floor are" },
	{ "\"text\"", 0, "is not understood: digits are missing" },
};

static void check_expressions(struct tap *tap)
{
	struct ipxact x = { 0 };

	for (size_t i = 0; i < sizeof(expressions) / sizeof(expressions[0]); i++) {
		const char *expected = expressions[i].fault ? expressions[i].fault : "";
		uint64_t value = 0;
		const char *fault = ipxact_evaluate(&x, expressions[i].text, &value);

		if (!ok(tap, strcmp(fault ? fault : "", expected) == 0 && value == expressions[i].value,
			"expression '%s'", expressions[i].text))
			printf("# got %" PRIu64 ", %s\n", value, fault ? fault : "no fault");
	}
}

/* Parentheses, signs and parameters without an end: each ends with a reason, and soon. */
static void check_depths(struct tap *tap)
{
	static const char *const repeated[] = { "(", "-", "1 ? ", "$clog2(", "2 ** (" };
	struct ipxact x = { 0 };
	static char text[700000];
	uint64_t value;

	for (size_t i = 0; i < sizeof(repeated) / sizeof(repeated[0]); i++) {
		const char *fault;

		text[0] = '\0';
		for (size_t n = 0; n + 10 < sizeof(text); n += strlen(repeated[i]))
			memcpy(text + n, repeated[i], strlen(repeated[i]) + 1);
		fault = ipxact_evaluate(&x, text, &value);
		ok(tap, fault && strcmp(fault, "is nested too deeply") == 0, "'%s' without an end",
		   repeated[i]);
	}
}

/* --- faults of files -------------------------------------------------------------------------- */

#define HEAD                                                                                                   \
	"<ipxact:component xmlns:ipxact='x'><ipxact:name>c</ipxact:name><ipxact:memoryMaps><ipxact:memoryMap>" \
	"<ipxact:name>m</ipxact:name>\n"
#define TAIL "</ipxact:memoryMap></ipxact:memoryMaps></ipxact:component>"
#define BLOCK(content)                                                                                       \
	HEAD "<ipxact:addressBlock><ipxact:name>b</ipxact:name><ipxact:baseAddress>0</ipxact:baseAddress>"   \
	     "<ipxact:range>64</ipxact:range><ipxact:width>32</ipxact:width>\n" content                      \
	     "</ipxact:addressBlock>" TAIL
#define REG(content)                                                                                          \
	BLOCK("<ipxact:register><ipxact:name>R</ipxact:name><ipxact:addressOffset>0</ipxact:addressOffset>\n" \
	      "<ipxact:size>32</ipxact:size>\n" content "</ipxact:register>")
#define FIELD(content)                                                                                       \
	REG("<ipxact:field><ipxact:name>F</ipxact:name>\n"                                                   \
	    "<ipxact:bitOffset>0</ipxact:bitOffset><ipxact:bitWidth>4</ipxact:bitWidth>\n" content           \
	    "</ipxact:field>")
#define FILE_OF(content)                                                                                     \
	"<ipxact:registerFile><ipxact:name>g</ipxact:name><ipxact:addressOffset>0</ipxact:addressOffset>"    \
	"<ipxact:range>4</ipxact:range>" content "</ipxact:registerFile>"
#define PARAMETERS(content) "<ipxact:parameters>" content "</ipxact:parameters>"
#define PARAMETER(id, value)                                                                                 \
	"<ipxact:parameter parameterId='" id "'><ipxact:value>" value "</ipxact:value></ipxact:parameter>"

static const struct {
	const char *title;
	const char *xml;
	unsigned int line;
	const char *message;
} faults[] = {
	{ "no memory map", "<ipxact:component/>", 1,
	  "this IP-XACT component has no memory map with registers" },
	{ "units of half bytes",
	  HEAD "<ipxact:addressUnitBits>4</ipxact:addressUnitBits>"
	       "<ipxact:addressBlock><ipxact:name>b</ipxact:name></ipxact:addressBlock>" TAIL,
	  1, "addressUnitBits is 4: whole bytes are possible, up to 1024 bits" },
	{ "a bank",
	  HEAD "<ipxact:bank/><ipxact:addressBlock><ipxact:name>b</ipxact:name>"
	       "<ipxact:baseAddress>0</ipxact:baseAddress></ipxact:addressBlock>" TAIL,
	  2, "component c: <bank>: banks of address blocks are not read" },
	{ "a register without an offset",
	  BLOCK("\n<ipxact:register><ipxact:name>R</ipxact:name></ipxact:register>"), 4,
	  "register R: it has no <addressOffset>" },
	{ "a register without a name", BLOCK("<ipxact:register/>"), 3, "register: it has no <name>" },
	{ "a size of 128 bits",
	  BLOCK("<ipxact:register><ipxact:name>R</ipxact:name>"
		"<ipxact:addressOffset>0</ipxact:addressOffset>\n"
		"<ipxact:size>128</ipxact:size></ipxact:register>"),
	  3, "register R: <size> is 128, 1 to 64 are possible" },
	{ "a parameter that is not there",
	  REG("<ipxact:reset><ipxact:value>W + 1</ipxact:value></ipxact:reset>"), 5,
	  "register R: <value> 'W + 1' names what is no parameter of the file" },
	{ "an access that is none", REG("\n<ipxact:access>sometimes</ipxact:access>"), 6,
	  "register R: <access> 'sometimes' is none of its words" },
	{ "a huge array", REG("<ipxact:dim>65537</ipxact:dim>"), 5,
	  "register R: <dim> '65537' is out of bounds: an array has 1 to 65536 elements" },
	{ "a huge array of arrays", REG("<ipxact:dim>65536</ipxact:dim>\n<ipxact:dim>65536</ipxact:dim>"), 6,
	  "register R: <dim> '65536' is out of bounds: an array has 1 to 65536 elements" },
	{ "too many dimensions",
	  REG("<ipxact:dim>2</ipxact:dim><ipxact:dim>2</ipxact:dim><ipxact:dim>2</ipxact:dim>"
	      "<ipxact:dim>2</ipxact:dim>\n<ipxact:dim>2</ipxact:dim>"),
	  6, "register R: <dim> '2' is one dimension too many" },
	{ "a presence that is not known",
	  REG("<ipxact:field>\n<ipxact:isPresent>X</ipxact:isPresent></ipxact:field>"), 6,
	  "register R: <isPresent> 'X' names what is no parameter of the file" },
	{ "a field without bits", REG("\n<ipxact:field><ipxact:name>F</ipxact:name></ipxact:field>"), 6,
	  "field F: it has no <bitOffset>" },
	{ "an effect that is none", FIELD("<ipxact:readAction>explode</ipxact:readAction>"), 7,
	  "field F: <readAction> 'explode' is none of its words" },
	{ "a value that is none",
	  FIELD("<ipxact:enumeratedValues>\n<ipxact:enumeratedValue><ipxact:name>V</ipxact:name>"
		"<ipxact:value>x</ipxact:value></ipxact:enumeratedValue></ipxact:enumeratedValues>"),
	  8, "enumeratedValue V: 'x' names what is no parameter of the file" },
	{ "a value that does not fit",
	  FIELD("<ipxact:enumeratedValues>\n<ipxact:enumeratedValue><ipxact:name>V</ipxact:name>"
		"<ipxact:value>16</ipxact:value></ipxact:enumeratedValue></ipxact:enumeratedValues>"),
	  8, "field F: value V, 16, does not fit its 4 bits" },
	{ "a range the wrong way round",
	  FIELD("<ipxact:writeValueConstraint><ipxact:minimum>2</ipxact:minimum><ipxact:maximum>1</ipxact:maximum>"
		"</ipxact:writeValueConstraint>"),
	  7, "field F: its minimum is above its maximum" },
	{ "a definition of another file",
	  BLOCK("<ipxact:register><ipxact:name>R</ipxact:name>\n"
		"<ipxact:registerDefinitionRef typeDefinitions='t'>r_t</ipxact:registerDefinitionRef></ipxact:register>"),
	  4, "register R: 'r_t' is not defined in this file" },
	{ "a parameter that leads back to itself",
	  "<ipxact:component>" PARAMETERS(PARAMETER("a", "b + 1") PARAMETER(
		  "b",
		  "a")) "<ipxact:memoryMaps><ipxact:memoryMap>"
			"<ipxact:addressBlock><ipxact:name>b</ipxact:name>\n<ipxact:baseAddress>a</ipxact:baseAddress>"
			"</ipxact:addressBlock></ipxact:memoryMap></ipxact:memoryMaps></ipxact:component>",
	  2, "addressBlock b: <baseAddress> 'a' leads back to itself" },
	{ "an entity", "<!DOCTYPE c [<!ENTITY e 'e'>]>\n<ipxact:component/>", 1,
	  "it declares an entity (<!ENTITY>), which is refused" },
	{ "a file that ends early", HEAD, 2, "not well-formed XML: no element found" },
};

static struct regmap *load(const char *xml)
{
	char path[] = "/tmp/test-regmap-ipxact-XXXXXX";
	int fd = mkstemp(path);
	struct regmap *map = NULL;
	struct error error = { 0 };

	if (fd < 0 || write(fd, xml, strlen(xml)) != (ssize_t)strlen(xml) || close(fd) < 0)
		abort();
	if (regmap_load_anyhow(path, &map, &error) < 0)
		printf("# %s\n", error.message);
	unlink(path);
	return map;
}

static void check_faults(struct tap *tap)
{
	for (size_t i = 0; i < sizeof(faults) / sizeof(faults[0]); i++) {
		struct regmap *map = load(faults[i].xml);
		const struct regmap_problem *p = map && map->problem_count ? map->problems : NULL;

		if (!ok(tap,
			p && regmap_line(map, p->place) == faults[i].line &&
				strcmp(p->message, faults[i].message) == 0,
			"%s", faults[i].title) &&
		    p)
			printf("# got line %u: %s\n", regmap_line(map, p->place), p->message);
		regmap_close(map);
	}
}

/* A register file whose definition has it in itself, twice: it ends, with problems. */
static void check_recursion(struct tap *tap)
{
#define SELF(n)                                                                                              \
	"<ipxact:registerFile><ipxact:name>" n                                                               \
	"</ipxact:name><ipxact:addressOffset>0</ipxact:addressOffset>"                                       \
	"<ipxact:registerFileDefinitionRef>self</ipxact:registerFileDefinitionRef></ipxact:registerFile>"
	struct regmap *map = load(
		"<ipxact:component><ipxact:registerFileDefinitions><ipxact:registerFileDefinition>"
		"<ipxact:name>self</ipxact:name><ipxact:range>4</ipxact:range>" SELF("a") SELF(
			"b") "</ipxact:registerFileDefinition></ipxact:registerFileDefinitions><ipxact:memoryMaps>"
			     "<ipxact:memoryMap><ipxact:addressBlock><ipxact:name>b</ipxact:name>"
			     "<ipxact:baseAddress>0</ipxact:baseAddress>" SELF(
				     "f") "</ipxact:addressBlock></ipxact:memoryMap></ipxact:memoryMaps></ipxact:component>");

	ok(tap, map && map->problem_count > 0 && map->register_count == 0,
	   "a definition that has itself in it, twice");
	regmap_close(map);
	map = load(BLOCK(FILE_OF(FILE_OF(FILE_OF(FILE_OF(
		"<ipxact:register><ipxact:name>R</ipxact:name><ipxact:addressOffset>4</ipxact:addressOffset>"
		"<ipxact:size>32</ipxact:size></ipxact:register>"))))));
	ok(tap, map && map->register_count == 1 && strcmp(map->registers[0].name, "b.g.g.g.g.R") == 0,
	   "register files in register files");
	regmap_close(map);
}

/* --- what is inherited ---------------------------------------------------------------------------- */

#define AT(name, address, more)                                                                              \
	"<ipxact:register><ipxact:name>" name "</ipxact:name><ipxact:addressOffset>" address                 \
	"</ipxact:addressOffset><ipxact:size>32</ipxact:size>" more "</ipxact:register>"
#define BLOCK_AT(name, address, content)                                                                     \
	"<ipxact:addressBlock><ipxact:name>" name "</ipxact:name><ipxact:baseAddress>" address               \
	"</ipxact:baseAddress><ipxact:range>64</ipxact:range><ipxact:width>32</ipxact:width>" content        \
	"</ipxact:addressBlock>"

static const struct regmap_register *find(struct regmap *map, const char *name)
{
	struct regmap_item item = { 0 };

	return map && regmap_find(map, name, &item, NULL) == 0 ? item.reg : NULL;
}

/* Addresses of a remap count in the units of its memory map, and those of what comes behind it, too. */
static void check_units(struct tap *tap)
{
	struct regmap *map =
		load(HEAD "<ipxact:memoryRemap><ipxact:name>boot</ipxact:name>" BLOCK_AT(
			"a", "4", AT("R", "2", "")) "</ipxact:memoryRemap>" BLOCK_AT("b", "8",
										     AT("R", "2", ""))
			     BLOCK_AT("c", "16",
				      AT("R", "2",
					 "")) "<ipxact:addressUnitBits>32</ipxact:addressUnitBits>" TAIL);
	const struct regmap_register *remapped = find(map, "boot.R");
	const struct regmap_register *behind = find(map, "m.b.R");

	ok(tap, remapped && remapped->address == 24, "a remap has the address units of its memory map");
	ok(tap, behind && behind->address == 40, "and so has what is behind it");
	regmap_close(map);
}

#define ACCESS(word) "<ipxact:access>" word "</ipxact:access>"
#define POLICY(access) "<ipxact:accessPolicy>" access "</ipxact:accessPolicy>"
#define MODE_POLICY(mode, access)                                                                            \
	"<ipxact:accessPolicy><ipxact:modeRef>" mode "</ipxact:modeRef>" access "</ipxact:accessPolicy>"
#define POLICIES(content) "<ipxact:accessPolicies>" content "</ipxact:accessPolicies>"
#define ALTERNATE(name, more)                                                                                \
	"<ipxact:alternateRegisters><ipxact:alternateRegister><ipxact:name>" name "</ipxact:name>" more      \
	"</ipxact:alternateRegister></ipxact:alternateRegisters>"

static void check_access(struct tap *tap, struct regmap *map, const char *name, enum regmap_access access,
			 bool is_safe)
{
	const struct regmap_register *reg = find(map, name);

	ok(tap,
	   reg && reg->behaviour.access == access && (regmap_unsafe_to_read(map, reg) == NULL) == is_safe,
	   "%s is %s, %s to be read", name, regmap_access_name(access), is_safe ? "safe" : "not");
}

/* What is not there for the bus is not to be read, wherever that is said; but where something else is said inside. */
static void check_no_access(struct tap *tap)
{
	static const char alternates[] =
		HEAD BLOCK_AT("k", "0",
			      AT("A", "0", ACCESS("no-access") ALTERNATE("B", ACCESS("read-only")))
				      AT("C", "4", ACCESS("no-access") ALTERNATE("D", ""))) TAIL;
	struct regmap *map = load(
		HEAD BLOCK_AT("b", "0",
			      POLICIES(POLICY(ACCESS("no-access"))) AT("IN", "0", "")
				      AT("OWN", "4", POLICIES(POLICY(ACCESS("read-only")))))
			BLOCK_AT("f", "64",
				 "<ipxact:registerFile><ipxact:name>g</ipxact:name><ipxact:addressOffset>0"
				 "</ipxact:addressOffset><ipxact:range>16</ipxact:range>" ACCESS(
					 "no-access") AT("IN", "0", "")
					 AT("OWN", "4", ACCESS("read-write")) "</ipxact:registerFile>" AT(
						 "OUT", "16", ACCESS("read-write")) AT("NONE", "20", ""))
				TAIL);

	check_access(tap, map, "b.IN", REGMAP_UNKNOWN, false);
	check_access(tap, map, "b.OWN", REGMAP_READ_ONLY, true);
	check_access(tap, map, "f.g.IN", REGMAP_UNKNOWN, false);
	check_access(tap, map, "f.g.OWN", REGMAP_READ_WRITE, true);
	check_access(tap, map, "f.OUT", REGMAP_READ_WRITE, true);
	check_access(tap, map, "f.NONE", REGMAP_UNKNOWN, true);
	regmap_close(map);
	map = load(alternates);
	check_access(tap, map, "k.A", REGMAP_UNKNOWN, false);
	check_access(tap, map, "k.B", REGMAP_READ_ONLY, true);
	check_access(tap, map, "k.D", REGMAP_UNKNOWN, false);
	regmap_close(map);
}

/* 1685-2022: an access of a mode that the device need not be in is none to count on; where all are, the first one. */
static void check_modes(struct tap *tap)
{
	struct regmap *map = load(HEAD BLOCK_AT(
		"m", "0",
		AT("A", "0", POLICIES(MODE_POLICY("test", ACCESS("read-write")) POLICY(ACCESS("read-only"))))
			AT("B", "4",
			   POLICIES(MODE_POLICY("x", ACCESS("write-only"))
					    MODE_POLICY("y", ACCESS("read-only"))))
				AT("C", "8", POLICIES(MODE_POLICY("test", ACCESS("read-write")) POLICY(""))))
					  TAIL);

	check_access(tap, map, "m.A", REGMAP_READ_ONLY, true);
	check_access(tap, map, "m.B", REGMAP_WRITE_ONLY, false);
	check_access(tap, map, "m.C", REGMAP_UNKNOWN, true);
	regmap_close(map);
}

int main(void)
{
	struct tap tap = { 0 };

	check_expressions(&tap);
	check_depths(&tap);
	check_faults(&tap);
	check_recursion(&tap);
	check_units(&tap);
	check_no_access(&tap);
	check_modes(&tap);
	return tap_done(&tap);
}
