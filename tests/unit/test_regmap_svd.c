// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * SVD files: what each construction expands to, and what each fault is called. A map is shown as text, a line for
 * each item: B block, R register, F field, E value of it, ! problem with its line.
 */
#include <inttypes.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/mapfile/mapfile.h"
#include "tests/unit/tap.h"

/* --- maps as text ----------------------------------------------------------------------------- */

static void show_behaviour(FILE *out, const struct regmap_behaviour *b)
{
	static const char *const constraints[] = { "", " enum-only", " range", " as-read" };

	fprintf(out, " %s", b->access ? regmap_access_name(b->access) : "?");
	if (b->on_read)
		fprintf(out, " read:%s", regmap_read_effect_name(b->on_read));
	if (b->on_write)
		fprintf(out, " write:%s", regmap_write_effect_name(b->on_write));
	fprintf(out, "%s", constraints[b->constraint]);
	if (b->constraint == CONSTRAINT_RANGE)
		fprintf(out, "=%" PRIu64 "..%" PRIu64, b->minimum, b->maximum);
}

static void show_description(FILE *out, const char *description)
{
	if (description)
		fprintf(out, " '%s'", description);
	fprintf(out, "\n");
}

static void show_field(FILE *out, const struct regmap *map, const struct regmap_field *field)
{
	fprintf(out, "F %s [%u:%u]", field->name, field->lsb + field->bits - 1, field->lsb);
	show_behaviour(out, &field->behaviour);
	show_description(out, field->description);
	for (uint32_t i = 0; i < field->enum_count; i++) {
		const struct regmap_enum *e = &map->enums[field->first_enum + i];

		fprintf(out, "E %s", e->name);
		if (e->is_default)
			fprintf(out, " default");
		if (regmap_enum_has_value(field, e))
			fprintf(out, "=%" PRIu64, e->value);
		if (e->mask != UINT64_MAX)
			fprintf(out, " any:0x%" PRIx64, ~e->mask);
		fprintf(out, "%s%s", e->not_for_read ? " w" : "", e->not_for_write ? " r" : "");
		show_description(out, e->description);
	}
}

static void show_register(FILE *out, const struct regmap *map, const struct regmap_register *reg)
{
	const char *dot = strchr(reg->name, '.');

	fprintf(out, "R %s 0x%" PRIx64 " %u", reg->name, reg->address, reg->bits);
	if (reg->width != reg->bits)
		fprintf(out, "/%u", reg->width);
	show_behaviour(out, &reg->behaviour);
	if (reg->has_reset)
		fprintf(out, " reset:0x%" PRIx64 "&0x%" PRIx64, reg->reset_value, reg->reset_mask);
	if (reg->words != 1 || reg->word_bits != reg->bits || reg->block >= map->block_count || !dot ||
	    strcmp(reg->short_name, dot + 1) != 0)
		fprintf(out, " BROKEN");
	show_description(out, reg->description);
	for (uint32_t i = 0; i < reg->field_count; i++)
		show_field(out, map, regmap_field_at(map, reg, i));
}

static void show(FILE *out, const struct regmap *map)
{
	for (size_t i = 0; i < map->block_count; i++) {
		const struct regmap_block *block = &map->blocks[i];

		fprintf(out, "B %s 0x%" PRIx64 "+0x%" PRIx64, block->name, block->address, block->size);
		show_description(out, block->description);
	}
	for (size_t i = 0; i < map->register_count; i++)
		show_register(out, map, &map->registers[i]);
	for (size_t i = 0; i < map->problem_count && i < 10; i++)
		fprintf(out, "! %u: %s\n", regmap_line(map, map->problems[i].place),
			map->problems[i].message);
}

/* What of a map the test wants to see. */
static char *show_file(const char *path)
{
	struct error error = { 0 };
	struct regmap *map;
	char *text = NULL;
	size_t size;
	FILE *out = open_memstream(&text, &size);

	if (!out)
		abort();
	if (regmap_load_anyhow(path, &map, &error) < 0) {
		fprintf(out, "error %d: %s\nhint: %s\n", error.kind, error.message, error.hint);
	} else {
		show(out, map);
		regmap_close(map);
	}
	fclose(out);
	return text;
}

static char *write_temp(const char *bytes, size_t length)
{
	char *path = strdup("/tmp/test-regmap-svd-XXXXXX");
	int fd = path ? mkstemp(path) : -1;

	if (fd < 0 || write(fd, bytes, length) != (ssize_t)length || close(fd) < 0)
		abort();
	return path;
}

static void comment(const char *what, const char *text)
{
	printf("# %s:\n", what);
	while (*text) {
		size_t n = strcspn(text, "\n");

		printf("#   %.*s\n", (int)n, text);
		text += n + (text[n] == '\n');
	}
}

static void expect_file(struct tap *tap, const char *title, const char *path, const char *expected)
{
	char *text = show_file(path);

	if (!ok(tap, strcmp(text, expected) == 0, "%s", title)) {
		comment("expected", expected);
		comment("got", text);
	}
	free(text);
}

static void expect_bytes(struct tap *tap, const char *title, const char *bytes, size_t length,
			 const char *expected)
{
	char *path = write_temp(bytes, length);

	expect_file(tap, title, path, expected);
	unlink(path);
	free(path);
}

struct example {
	const char *title;
	const char *svd; /* the whole file, or what is between <peripherals> and its end, from line 2 on */
	const char *expected;
};

static void expect_all(struct tap *tap, const struct example *examples, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		const struct example *e = &examples[i];
		bool whole = strncmp(e->svd, "<device", 7) == 0 || strncmp(e->svd, "<?xml", 5) == 0;
		char *text = NULL;
		int n = asprintf(&text, "%s%s%s", whole ? "" : "<device><name>T</name><peripherals>\n",
				 e->svd, whole ? "" : "</peripherals></device>\n");

		if (n < 0)
			abort();
		expect_bytes(tap, e->title, text, (size_t)n, e->expected);
		free(text);
	}
}

#define EXPECT_ALL(tap, examples) expect_all(tap, examples, sizeof(examples) / sizeof((examples)[0]))

/* --- words for the files ---------------------------------------------------------------------- */

#define DEVICE(defaults, peripherals)                                                                        \
	"<device>" defaults "<peripherals>\n" peripherals "</peripherals></device>"
#define BLOCK(name, base, body)                                                                              \
	"<peripheral><name>" name "</name><baseAddress>" base "</baseAddress>" body "</peripheral>\n"
#define COPY(from, name, base, body)                                                                         \
	"<peripheral derivedFrom='" from "'><name>" name "</name><baseAddress>" base "</baseAddress>" body   \
	"</peripheral>\n"
#define REGISTERS(body) "<registers>\n" body "</registers>"
#define U(body) BLOCK("U", "0x1000", REGISTERS(body))
#define REG(name, offset, body)                                                                              \
	"<register><name>" name "</name><addressOffset>" offset "</addressOffset>" body "</register>\n"
#define REG_COPY(from, name, offset, body)                                                                   \
	"<register derivedFrom='" from "'><name>" name "</name><addressOffset>" offset                       \
	"</addressOffset>" body "</register>\n"
#define CLUSTER(name, offset, body)                                                                          \
	"<cluster><name>" name "</name><addressOffset>" offset "</addressOffset>" body "</cluster>\n"
#define CLUSTER_COPY(from, name, offset, body)                                                               \
	"<cluster derivedFrom='" from "'><name>" name "</name><addressOffset>" offset                        \
	"</addressOffset>" body "</cluster>\n"
#define FIELDS(body) "<fields>" body "</fields>"
#define FIELD(name, range, body)                                                                             \
	"<field><name>" name "</name><bitRange>" range "</bitRange>" body "</field>\n"
#define FIELD_AS(name, body) "<field><name>" name "</name>" body "</field>\n"
#define FIELD_COPY(from, name, body) "<field derivedFrom='" from "'><name>" name "</name>" body "</field>\n"
#define VALUES(body) "<enumeratedValues>" body "</enumeratedValues>"
#define VALUES_COPY(from, body) "<enumeratedValues derivedFrom='" from "'>" body "</enumeratedValues>"
#define VALUE(name, value)                                                                                   \
	"<enumeratedValue><name>" name "</name><value>" value "</value></enumeratedValue>\n"
#define DIM(count, increment) "<dim>" count "</dim><dimIncrement>" increment "</dimIncrement>"
#define INDEX(index) "<dimIndex>" index "</dimIndex>"
#define ACCESS(word) "<access>" word "</access>"
#define ON_READ(word) "<readAction>" word "</readAction>"
#define ON_WRITE(word) "<modifiedWriteValues>" word "</modifiedWriteValues>"
#define CONSTRAINT(body) "<writeConstraint>" body "</writeConstraint>"
#define SIZE(bits) "<size>" bits "</size>"
#define RESET(value, mask) "<resetValue>" value "</resetValue><resetMask>" mask "</resetMask>"

#define B_U "B U 0x1000+0x0\n"

/* --- what is understood ----------------------------------------------------------------------- */

static const struct example texts[] = {
	{ "numbers: decimal, hex, binary with # and 0b, a sign, zeros in front, scales",
	  U(REG("A", "010", "") REG("B", "0x1F", "") REG("C", "0X1f", "") REG("D", "#101", "")
		    REG("E", "0b110", "") REG("F", "+4", "") REG("G", "1k", "") REG("H", "0x2M", "")
			    REG("I", "1G", "") REG("J", "1t", "") REG("K", "+0x8", "")),
	  B_U "R U.A 0x100a 32 ?\nR U.B 0x101f 32 ?\nR U.C 0x101f 32 ?\nR U.D 0x1005 32 ?\n"
	      "R U.E 0x1006 32 ?\nR U.F 0x1004 32 ?\nR U.G 0x1400 32 ?\nR U.H 0x201000 32 ?\n"
	      "R U.I 0x40001000 32 ?\nR U.J 0x10000001000 32 ?\nR U.K 0x1008 32 ?\n" },
	{ "blanks around texts are cut, runs of them inside become one",
	  U(REG(" A \n", "\t0x4 ",
		"<description>\n  Two\n\t words &amp; <!-- not this --> a <![CDATA[<third>]]>  "
		"</description>")),
	  B_U "R U.A 0x1004 32 ? 'Two words & a <third>'\n" },
	{ "an element in a text is not part of the text",
	  U(REG("A", "0", "<description>one <b>two <i>three</i></b>four</description>")),
	  B_U "R U.A 0x1000 32 ? 'one four'\n" },
	{ "an empty description is none", U(REG("A", "0", "<description> </description>")),
	  B_U "R U.A 0x1000 32 ?\n" },
	{ "an encoding that is not UTF-8",
	  "<?xml version='1.0' encoding='ISO-8859-1'?>" DEVICE(
		  "", U(REG("A", "0", "<description>\xb5s</description>"))),
	  B_U "R U.A 0x1000 32 ? '\xc2\xb5s'\n" },
	{ "what does not matter is skipped, with all names and registers in it",
	  BLOCK("U", "0x1000",
		"<groupName>G</groupName><version>1</version><headerStructName>X</headerStructName>"
		"<alternatePeripheral>Y</alternatePeripheral>"
		"<interrupt><name>IRQ</name><description>no</description><value>5</value></interrupt>"
		"<vendorExtensions><name>no</name><registers>" REG(
			"NO", "0",
			"") "</registers></vendorExtensions>" REGISTERS(REG("A", "0",
									    "<displayName>Z</"
									    "displayName><alternateGroup>G</"
									    "alternateGroup>"
									    "<alternateRegister>B</"
									    "alternateRegister><dataType>"
									    "uint8_t</dataType>"
									    "<protection>s</"
									    "protection><unknown><"
									    "addressOffset>8</"
									    "addressOffset></unknown>"))),
	  B_U "R U.A 0x1000 32 ?\n" },
	{ "the CPU is skipped",
	  DEVICE("<vendor>V</vendor><cpu><name>CM0</name><access>read-only</access></cpu>",
		 U(REG("A", "0", ""))),
	  B_U "R U.A 0x1000 32 ?\n" },
	{ "a device without peripherals is an empty map", "<device><name>T</name></device>", "" },
};

static const struct example defaults[] = {
	{ "size, access and reset come from the device, the peripheral, the cluster, the register",
	  DEVICE(SIZE("8") ACCESS("read-only") RESET("0x11", "0xff"),
		 U(REG("A", "0", "")) BLOCK(
			 "V", "0x2000",
			 SIZE("16") ACCESS("read-write") "<resetValue>0x1234</resetValue>" REGISTERS(
				 REG("A", "0", "") CLUSTER(
					 "C", "0x10",
					 ACCESS("write-only") SIZE("64") "<resetMask>1</resetMask>" REG(
						 "A", "0", "") REG("B", "8", SIZE("32") RESET("5", "7")))))),
	  B_U "B V 0x2000+0x0\nR U.A 0x1000 8 read-only reset:0x11&0xff\n"
	      "R V.A 0x2000 16 read-write reset:0x1234&0xff\n"
	      "R V.C.A 0x2010 64 write-only reset:0x1234&0x1\n"
	      "R V.C.B 0x2018 32 write-only reset:0x5&0x7\n" },
	{ "no reset mask: all bits; a value that is too long for the register is cut",
	  DEVICE("<resetValue>0x12345678</resetValue>",
		 U(REG("A", "0", SIZE("8")) REG("B", "4", SIZE("64")))),
	  B_U "R U.A 0x1000 8 ? reset:0x78&0xff\nR U.B 0x1004 64 ? reset:0x12345678&0xffffffffffffffff\n" },
	{ "a reset mask alone is no reset", U(REG("A", "0", "<resetMask>1</resetMask>")),
	  B_U "R U.A 0x1000 32 ?\n" },
	{ "odd sizes are reached with the next larger access",
	  U(REG("A", "0", SIZE("1")) REG("B", "0", SIZE("9")) REG("C", "0", SIZE("24"))
		    REG("D", "0", SIZE("33")) REG("E", "0", SIZE("0x40"))),
	  B_U "R U.A 0x1000 1/8 ?\nR U.B 0x1000 9/16 ?\nR U.C 0x1000 24/32 ?\nR U.D 0x1000 33/64 ?\n"
	      "R U.E 0x1000 64 ?\n" },
	{ "without any size it is the device's width", DEVICE("<width>16</width>", U(REG("A", "0", ""))),
	  B_U "R U.A 0x1000 16 ?\n" },
	{ "a block is as large as the end of its address blocks",
	  BLOCK("U", "0x1000",
		"<description>Serial</description>"
		"<addressBlock><offset>0x100</offset><size>0x20</size><usage>registers</usage></addressBlock>"
		"<addressBlock><offset>0</offset><size>0x10</size><usage>buffer</usage></addressBlock>"),
	  "B U 0x1000+0x120 'Serial'\n" },
	{ "all kinds of access",
	  U(REG("A", "0", ACCESS("read-only")) REG("B", "4", ACCESS("write-only"))
		    REG("C", "8", ACCESS("read-write")) REG("D", "12", ACCESS("writeOnce"))
			    REG("E", "16", ACCESS("read-writeOnce"))),
	  B_U "R U.A 0x1000 32 read-only\nR U.B 0x1004 32 write-only\nR U.C 0x1008 32 read-write\n"
	      "R U.D 0x100c 32 writeOnce\nR U.E 0x1010 32 read-writeOnce\n" },
};

static const struct example fields[] = {
	{ "the three ways to say where a field is",
	  U(REG("A", "0",
		FIELDS(FIELD_AS("W", "<bitOffset>4</bitOffset><bitWidth>0x3</bitWidth>")
			       FIELD_AS("L", "<lsb>8</lsb><msb>15</msb>") FIELD("P", "[31:16]", "")
				       FIELD("Q", " [ 3 : 3 ] ", "")))),
	  B_U "R U.A 0x1000 32 ?\nF Q [3:3] ?\nF W [6:4] ?\nF L [15:8] ?\nF P [31:16] ?\n" },
	{ "all three at once, where they agree",
	  U(REG("A", "0",
		FIELDS(FIELD("W", "[6:4]",
			     "<msb>6</msb><lsb>4</lsb><bitOffset>4</bitOffset><bitWidth>3</bitWidth>")))),
	  B_U "R U.A 0x1000 32 ?\nF W [6:4] ?\n" },
	{ "fields are in the order of their bits; views of the same bits in that of the file",
	  U(REG("A", "0",
		FIELDS(FIELD("C", "[2:2]", "") FIELD("R", "[1:1]", ACCESS("read-only"))
			       FIELD("W", "[1:1]", ACCESS("write-only")) FIELD("A", "[0:0]", "")))),
	  B_U "R U.A 0x1000 32 ?\nF A [0:0] ?\nF R [1:1] read-only\nF W [1:1] write-only\nF C [2:2] ?\n" },
	{ "a field of all 64 bits", U(REG("A", "0", SIZE("64") FIELDS(FIELD("ALL", "[63:0]", "")))),
	  B_U "R U.A 0x1000 64 ?\nF ALL [63:0] ?\n" },
	{ "what a field does not say is its register's",
	  U(REG("A", "0",
		ACCESS("read-only") ON_READ("clear") ON_WRITE("oneToClear")
			CONSTRAINT("<writeAsRead>true</writeAsRead>")
				FIELDS(FIELD("ALL", "[0:0]", "") FIELD(
					"NONE", "[1:1]",
					ACCESS("read-write") ON_READ("modifyExternal") ON_WRITE("modify")
						CONSTRAINT("<useEnumeratedValues>1</useEnumeratedValues>"))
					       FIELD("FREE", "[2:2]",
						     CONSTRAINT("<writeAsRead>false</writeAsRead>"))))),
	  B_U "R U.A 0x1000 32 read-only read:clear write:oneToClear as-read\n"
	      "F ALL [0:0] read-only read:clear write:oneToClear as-read\n"
	      "F NONE [1:1] read-write read:modifyExternal enum-only\n"
	      "F FREE [2:2] read-only read:clear write:oneToClear\n" },
	{ "a register's range is that of a field only if the field is all of it",
	  U(REG("A", "0",
		CONSTRAINT("<range><minimum>1</minimum><maximum>0x10</maximum></range>")
			FIELDS(FIELD("ALL", "[31:0]", "") FIELD("PART", "[7:0]", "")))
		    REG("B", "4",
			FIELDS(FIELD("F", "[7:0]",
				     CONSTRAINT(
					     "<range><minimum>2</minimum><maximum>3</maximum></range>"))))),
	  B_U "R U.A 0x1000 32 ? range=1..16\nF ALL [31:0] ? range=1..16\nF PART [7:0] ?\n"
	      "R U.B 0x1004 32 ?\nF F [7:0] ? range=2..3\n" },
	{ "all effects of reading and writing",
	  U(REG("A", "0", ON_READ("set") ON_WRITE("oneToSet")) REG(
		  "B", "0", ON_READ("modify") ON_WRITE("oneToToggle")) REG("C", "0", ON_WRITE("zeroToClear"))
		    REG("D", "0", ON_WRITE("zeroToSet")) REG("E", "0", ON_WRITE("zeroToToggle"))
			    REG("F", "0", ON_WRITE("clear")) REG("G", "0", ON_WRITE("set"))),
	  B_U "R U.A 0x1000 32 ? read:set write:oneToSet\nR U.B 0x1000 32 ? read:modify write:oneToToggle\n"
	      "R U.C 0x1000 32 ? write:zeroToClear\nR U.D 0x1000 32 ? write:zeroToSet\n"
	      "R U.E 0x1000 32 ? write:zeroToToggle\nR U.F 0x1000 32 ? write:clear\n"
	      "R U.G 0x1000 32 ? write:set\n" },
};

#define MODE VALUES("<name>Mode</name>" VALUE("OFF", "0") VALUE("ON", "1"))

static const struct example enums[] = {
	{ "values: decimal, hex, binary, bits that do not matter, the default",
	  U(REG("A", "0",
		FIELDS(FIELD("M", "[3:0]",
			     VALUES(VALUE("A", "1") VALUE("B", "0xA") VALUE("C", "#0010") VALUE("D", "0b11")
					    VALUE("E", "#1x0X") VALUE(
						    "1ST", "+3") "<enumeratedValue><name>REST</"
								 "name><description>All\n other"
								 "</description><isDefault>true</isDefault>"
								 "</enumeratedValue>"))))),
	  B_U "R U.A 0x1000 32 ?\nF M [3:0] ?\nE A=1\nE B=10\nE C=2\nE D=3\nE E=8 any:0x5\nE 1ST=3\n"
	      "E REST default 'All other'\n" },
	{ "isDefault false is a value; with a value that does not fit only the default",
	  U(REG("A", "0",
		FIELDS(FIELD("M", "[0:0]",
			     VALUES("<enumeratedValue><name>A</name><value>1</value><isDefault>0</isDefault>"
				    "</enumeratedValue><enumeratedValue><name>B</name><value>9</value>"
				    "<isDefault>1</isDefault></enumeratedValue>"))))),
	  B_U "R U.A 0x1000 32 ?\nF M [0:0] ?\nE A=1\nE B default\n" },
	{ "isDefault with a value has both",
	  U(REG("A", "0",
		FIELDS(FIELD(
			"M",
			"[1:0]",
			VALUES("<enumeratedValue><name>A</name><value>2</value><isDefault>true</isDefault>"
			       "</enumeratedValue>" VALUE("B", "1")))))),
	  B_U "R U.A 0x1000 32 ?\nF M [1:0] ?\nE A default=2\nE B=1\n" },
	{ "names for reading and others for writing",
	  U(REG("A", "0",
		FIELDS(FIELD("M", "[0:0]",
			     VALUES("<name>R</name><usage>read</usage>" VALUE("IDLE", "0") VALUE("BUSY", "1"))
				     VALUES("<usage>write</usage>" VALUE("START", "1"))
					     VALUES("<usage>read-write</usage>" VALUE("BOTH", "1")))))),
	  B_U "R U.A 0x1000 32 ?\nF M [0:0] ?\nE IDLE=0 r\nE BUSY=1 r\nE START=1 w\nE BOTH=1\n" },
	{ "derived from another field's in the same register before those of others",
	  U(REG("X", "0", FIELDS(FIELD("N", "[0:0]", VALUES("<name>Mode</name>" VALUE("NO", "1"))))) REG(
		  "A", "4", FIELDS(FIELD("M", "[0:0]", MODE) FIELD("N", "[1:1]", VALUES_COPY("Mode", ""))))),
	  B_U "R U.X 0x1000 32 ?\nF N [0:0] ?\nE NO=1\n"
	      "R U.A 0x1004 32 ?\nF M [0:0] ?\nE OFF=0\nE ON=1\nF N [1:1] ?\nE OFF=0\nE ON=1\n" },
	{ "derived by a path, from further behind, from another peripheral",
	  U(REG("A", "0",
		FIELDS(FIELD("M", "[0:0]", VALUES_COPY("V.C.B.M.Mode", "")) FIELD("N", "[1:1]",
										  VALUES_COPY("B.M.Mode", ""))
			       FIELD("O", "[2:2]", VALUES_COPY("P.Here", ""))
				       FIELD("P", "[3:3]", VALUES("<name>Here</name>" VALUE("X", "1")))))
		    REG("B", "4",
			FIELDS(FIELD("M", "[0:0]", VALUES("<name>Mode</name>" VALUE("NEAR", "1"))))))
		  BLOCK("V", "0",
			REGISTERS(CLUSTER("C", "0", REG("B", "0", FIELDS(FIELD("M", "[0:0]", MODE)))))),
	  B_U "B V 0x0+0x0\nR U.A 0x1000 32 ?\nF M [0:0] ?\nE OFF=0\nE ON=1\nF N [1:1] ?\nE NEAR=1\n"
	      "F O [2:2] ?\nE X=1\nF P [3:3] ?\nE X=1\nR U.B 0x1004 32 ?\nF M [0:0] ?\nE NEAR=1\n"
	      "R V.C.B 0x0 32 ?\nF M [0:0] ?\nE OFF=0\nE ON=1\n" },
	{ "derived, for another usage; derived, with another value for one name and one more",
	  U(REG("A", "0",
		FIELDS(FIELD("M", "[1:0]", MODE)
			       FIELD("N", "[3:2]", VALUES_COPY("Mode", "<usage>write</usage>"))
				       FIELD("O", "[5:4]",
					     VALUES_COPY("Mode", VALUE("ON", "2") VALUE("AUTO", "3")))))),
	  B_U "R U.A 0x1000 32 ?\nF M [1:0] ?\nE OFF=0\nE ON=1\nF N [3:2] ?\nE OFF=0 w\nE ON=1 w\n"
	      "F O [5:4] ?\nE OFF=0\nE ON=2\nE AUTO=3\n" },
	{ "two enumeratedValues of which one is derived",
	  U(REG("A", "0",
		FIELDS(FIELD("M", "[0:0]", VALUES("<name>R</name><usage>read</usage>" VALUE("BUSY", "1")))
			       FIELD("N", "[1:1]",
				     VALUES_COPY("R", "") VALUES("<usage>write</usage>" VALUE("GO", "1")))))),
	  B_U "R U.A 0x1000 32 ?\nF M [0:0] ?\nE BUSY=1 r\nF N [1:1] ?\nE BUSY=1 r\nE GO=1 w\n" },
};

static const struct example dims[] = {
	{ "an array, and lists: counted, letters, numbers, words",
	  U(REG("A[%s]", "0", DIM("2", "4")) REG("B%s", "0x10", DIM("2", "8")) REG(
		  "C%s_X", "0x20", DIM("3", "4") INDEX("A-C")) REG("D%s", "0x30", DIM("2", "4") INDEX("3-4"))
		    REG("E_%s", "0x40", DIM("3", "0x4") INDEX("RX, TX,\n 7")) REG(
			    "F[%s]", "0x50", DIM("2", "4") INDEX("4 - 5")) REG("G", "0x60", DIM("1", "4"))),
	  B_U "R U.A[0] 0x1000 32 ?\nR U.A[1] 0x1004 32 ?\nR U.B0 0x1010 32 ?\nR U.B1 0x1018 32 ?\n"
	      "R U.CA_X 0x1020 32 ?\nR U.CB_X 0x1024 32 ?\nR U.CC_X 0x1028 32 ?\nR U.D3 0x1030 32 ?\n"
	      "R U.D4 0x1034 32 ?\nR U.E_RX 0x1040 32 ?\nR U.E_TX 0x1044 32 ?\nR U.E_7 0x1048 32 ?\n"
	      "R U.F[4] 0x1050 32 ?\nR U.F[5] 0x1054 32 ?\nR U.G 0x1060 32 ?\n" },
	{ "clusters in clusters, all with dim",
	  U(CLUSTER("CH[%s]", "0x100",
		    DIM("2", "0x40") "<dimName>ch_t</dimName>" REG("CTRL", "0", "") CLUSTER(
			    "Q%s", "0x10", DIM("2", "8") INDEX("A,B") REG("R%s", "0", DIM("2", "4"))))),
	  B_U "R U.CH[0].CTRL 0x1100 32 ?\nR U.CH[0].QA.R0 0x1110 32 ?\nR U.CH[0].QA.R1 0x1114 32 ?\n"
	      "R U.CH[0].QB.R0 0x1118 32 ?\nR U.CH[0].QB.R1 0x111c 32 ?\n"
	      "R U.CH[1].CTRL 0x1140 32 ?\nR U.CH[1].QA.R0 0x1150 32 ?\nR U.CH[1].QA.R1 0x1154 32 ?\n"
	      "R U.CH[1].QB.R0 0x1158 32 ?\nR U.CH[1].QB.R1 0x115c 32 ?\n" },
	{ "peripherals with dim are blocks",
	  BLOCK("T%s", "0x1000",
		DIM("2", "0x400") INDEX("1-2") "<addressBlock><offset>0</offset><size>16</size></"
					       "addressBlock>" REGISTERS(REG("CTRL", "4", ""))),
	  "B T1 0x1000+0x10\nB T2 0x1400+0x10\nR T1.CTRL 0x1004 32 ?\nR T2.CTRL 0x1404 32 ?\n" },
	{ "a field's dimIncrement is in bits",
	  U(REG("A", "0",
		FIELDS(FIELD_AS("EN%s", DIM("3", "2") "<bitOffset>1</bitOffset><bitWidth>1</bitWidth>") FIELD(
			"LOW", "[0:0]", "") FIELD("M%s", "[17:16]", DIM("2", "4") INDEX("A-B"))))),
	  B_U "R U.A 0x1000 32 ?\nF LOW [0:0] ?\nF EN0 [1:1] ?\nF EN1 [3:3] ?\nF EN2 [5:5] ?\n"
	      "F MA [17:16] ?\nF MB [21:20] ?\n" },
	{ "an increment of 0: names for the same register", U(REG("A%s", "0", DIM("2", "0"))),
	  B_U "R U.A0 0x1000 32 ?\nR U.A1 0x1000 32 ?\n" },
};

#define A_AND_B REGISTERS(REG("A", "0", SIZE("8")) REG("B", "4", ""))

static const struct example derived[] = {
	{ "a peripheral from one further behind: registers, size, address blocks, description",
	  COPY("U", "V", "0x2000", "")
		  BLOCK("U", "0x1000",
			"<description>Serial</description>" SIZE("16") ACCESS("read-only") A_AND_B
			"<addressBlock><offset>0</offset><size>16</size></addressBlock>"),
	  "B V 0x2000+0x10 'Serial'\nB U 0x1000+0x10 'Serial'\nR V.A 0x2000 8 read-only\n"
	  "R V.B 0x2004 16 read-only\nR U.A 0x1000 8 read-only\nR U.B 0x1004 16 read-only\n" },
	{ "own elements win; own registers come behind the others, or instead of one",
	  BLOCK("U", "0x1000", "<description>Serial</description>" SIZE("16") A_AND_B)
		  COPY("U", "V", "0x2000",
		       "<description>Other</description>" SIZE("64")
			       REGISTERS(REG("C", "8", "") REG("A", "12", ACCESS("read-only")))),
	  "B U 0x1000+0x0 'Serial'\nB V 0x2000+0x0 'Other'\nR U.A 0x1000 8 ?\nR U.B 0x1004 16 ?\n"
	  "R V.B 0x2004 64 ?\nR V.C 0x2008 64 ?\nR V.A 0x200c 64 read-only\n" },
	{ "over several levels",
	  COPY("V", "W", "0x3000", REGISTERS(REG("C", "8", ""))) COPY("U", "V", "0x2000", SIZE("64"))
		  BLOCK("U", "0x1000", A_AND_B),
	  "B W 0x3000+0x0\nB V 0x2000+0x0\nB U 0x1000+0x0\nR W.A 0x3000 8 ?\nR W.B 0x3004 64 ?\n"
	  "R W.C 0x3008 64 ?\nR V.A 0x2000 8 ?\nR V.B 0x2004 64 ?\nR U.A 0x1000 8 ?\nR U.B 0x1004 32 ?\n" },
	{ "a register: all but what it says itself; its scope's defaults are its own",
	  DEVICE(SIZE("16") ACCESS("read-write"),
		 U(REG("A", "0",
		       "<description>One</description>" ON_READ("clear") RESET("5", "0xf") ON_WRITE("set")
			       CONSTRAINT("<range><minimum>1</minimum><maximum>2</maximum></range>")
				       FIELDS(FIELD("X", "[0:0]", "<description>Bit</description>")))
			   REG_COPY("A", "B", "4",
				    ACCESS("read-only") "<resetValue>7</resetValue>" ON_WRITE("modify")))
			 BLOCK("V", "0", ACCESS("write-only") REGISTERS(REG_COPY("U.A", "A", "0", "")))),
	  B_U "B V 0x0+0x0\n"
	      "R U.A 0x1000 16 read-write read:clear write:set range=1..2 reset:0x5&0xf 'One'\n"
	      "F X [0:0] read-write read:clear write:set 'Bit'\n"
	      "R U.B 0x1004 16 read-only read:clear range=1..2 reset:0x7&0xf 'One'\n"
	      "F X [0:0] read-only read:clear 'Bit'\n"
	      "R V.A 0x0 16 write-only read:clear write:set range=1..2 reset:0x5&0xf 'One'\n"
	      "F X [0:0] write-only read:clear write:set 'Bit'\n" },
	{ "a register with one more field, and another one instead",
	  U(REG("A", "0", FIELDS(FIELD("X", "[0:0]", "") FIELD("Y", "[1:1]", "")))
		    REG_COPY("A", "B", "4", FIELDS(FIELD("Z", "[2:2]", "") FIELD("X", "[7:4]", "")))),
	  B_U "R U.A 0x1000 32 ?\nF X [0:0] ?\nF Y [1:1] ?\n"
	      "R U.B 0x1004 32 ?\nF Y [1:1] ?\nF Z [2:2] ?\nF X [7:4] ?\n" },
	{ "a name is looked for in the same scope, then further out, then everywhere",
	  BLOCK("V", "0", REGISTERS(REG("A", "0", SIZE("8")) REG("ONLY", "4", SIZE("64"))))
		  U(REG("A", "0", SIZE("16")) CLUSTER("C", "0x10",
						      REG("A", "0", SIZE("24")) REG_COPY("A", "X", "4", ""))
			    CLUSTER("D", "0x20", REG_COPY("A", "Y", "0", "") REG_COPY("ONLY", "Z", "8", ""))),
	  "B V 0x0+0x0\nB U 0x1000+0x0\nR V.A 0x0 8 ?\nR V.ONLY 0x4 64 ?\nR U.A 0x1000 16 ?\n"
	  "R U.C.A 0x1010 24/32 ?\nR U.C.X 0x1014 24/32 ?\nR U.D.Y 0x1020 16 ?\nR U.D.Z 0x1028 64 ?\n" },
	{ "a register of the same name elsewhere",
	  U(REG("A", "0", SIZE("16"))) BLOCK("V", "0", REGISTERS(REG_COPY("A", "A", "0", ""))),
	  B_U "B V 0x0+0x0\nR U.A 0x1000 16 ?\nR V.A 0x0 16 ?\n" },
	{ "clusters, with what is in them",
	  U(CLUSTER("C", "0x10", SIZE("8") REG("A", "0", "") CLUSTER("I", "4", REG("B", "0", SIZE("16"))))
		    CLUSTER_COPY("C", "D", "0x20", REG("A", "1", ""))
			    CLUSTER_COPY("U.C.I", "E%s", "0x40", DIM("2", "4"))),
	  B_U "R U.C.A 0x1010 8 ?\nR U.C.I.B 0x1014 16 ?\nR U.D.I.B 0x1024 16 ?\nR U.D.A 0x1021 8 ?\n"
	      "R U.E0.B 0x1040 16 ?\nR U.E1.B 0x1044 16 ?\n" },
	{ "fields: by name, by path, with other bits, with other values",
	  U(REG("A", "0",
		FIELDS(FIELD("X", "[1:0]", "<description>Mode</description>" ACCESS("read-only") MODE)
			       FIELD_COPY("X", "Y", "<bitOffset>2</bitOffset>")
				       FIELD_COPY("B.Z", "Z",
						  ACCESS("write-only") "<bitRange>[9:8]</bitRange>" VALUES(
							  VALUE("NEW", "2")))))
		    REG("B", "4", FIELDS(FIELD_COPY("U.A.X", "Z", "<lsb>4</lsb><msb>4</msb>")))),
	  B_U "R U.A 0x1000 32 ?\nF X [1:0] read-only 'Mode'\nE OFF=0\nE ON=1\n"
	      "F Y [3:2] read-only 'Mode'\nE OFF=0\nE ON=1\nF Z [9:8] write-only 'Mode'\nE NEW=2\n"
	      "R U.B 0x1004 32 ?\nF Z [4:4] read-only 'Mode'\nE OFF=0\nE ON=1\n" },
	{ "arrays: from one by its name with %s; an array only if the name can say so",
	  U(REG("A%s", "0", DIM("2", "4") INDEX("X,Y") SIZE("8")) REG_COPY("A%s", "B%s", "0x10", "") REG_COPY(
		  "A%s", "C", "0x20", "") REG_COPY("A%s", "D%s", "0x30", DIM("3", "8") INDEX("0-2"))),
	  B_U "R U.AX 0x1000 8 ?\nR U.AY 0x1004 8 ?\nR U.BX 0x1010 8 ?\nR U.BY 0x1014 8 ?\nR U.C 0x1020 8 ?\n"
	      "R U.D0 0x1030 8 ?\nR U.D1 0x1038 8 ?\nR U.D2 0x1040 8 ?\n" },
	{ "a copy of an array of peripherals",
	  BLOCK("T%s", "0x1000", DIM("2", "0x100") REGISTERS(REG("A", "0", "")))
		  COPY("T%s", "S", "0x8000", ""),
	  "B T0 0x1000+0x0\nB T1 0x1100+0x0\nB S 0x8000+0x0\nR T0.A 0x1000 32 ?\nR T1.A 0x1100 32 ?\n"
	  "R S.A 0x8000 32 ?\n" },
};

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

/* The map of BYTES with all its problems; it must be possible. */
static struct regmap *load_bytes(const char *bytes, size_t length)
{
	char *path = write_temp(bytes, length);
	struct error error = { 0 };
	struct regmap *map;

	if (regmap_load_anyhow(path, &map, &error) < 0) {
		printf("Bail out! %s\n", error.message);
		exit(1);
	}
	unlink(path);
	free(path);
	return map;
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

/* --- the rest --------------------------------------------------------------------------------- */

static const char litex[] =
	"B CTRL 0xf0000800+0xc\nB UART 0xf0001000+0x20\n"
	"R CTRL.RESET 0xf0000800 32 read-write reset:0x0&0xffffffff\n"
	"F soc_rst [0:0] read-write 'Write `1` to this register to reset the full SoC & its CPU'\n"
	"F cpu_rst [1:1] read-write\n"
	"R CTRL.SCRATCH 0xf0000804 32 read-write reset:0x12345678&0xffffffff 'Scratch <32 bits>'\n"
	"F scratch [31:0] read-write\n"
	"R UART.EV_PENDING 0xf0001010 8 read-only reset:0x0&0xff\n";

/* The file in UTF-16, as some Windows tools write it. */
static void utf16(struct tap *tap)
{
	static const char plain[] = DEVICE(
		"", U(REG("A", "0", "<description>x</description>") "<register><name>B</name></register>"));
	char wide[2 * sizeof(plain)] = { '\xff', '\xfe' };

	for (size_t i = 0; i < sizeof(plain) - 1; i++)
		wide[2 + 2 * i] = plain[i];
	expect_bytes(tap, "UTF-16, with the line of a problem", wide, sizeof(wide),
		     B_U "R U.A 0x1000 32 ? 'x'\n! 4: register B: it has no <addressOffset>\n");
}

static void twice_one_name(struct tap *tap)
{
	static const char svd[] = DEVICE("<name>T</name><description>A\n device</description>",
					 U(REG("A", "0", "") REG("B", "4", "") REG("A", "8", "")));
	struct regmap *map = load_bytes(svd, sizeof(svd) - 1);
	struct regmap_item item = { 0 };
	struct error error = { 0 };

	ok(tap, map->register_count == 3 && map->problem_count == 0,
	   "two registers of one name are no problem of the file");
	ok(tap,
	   regmap_find(map, "A", &item, &error) < 0 && strstr(error.message, "U.A (line 4), U.A (line 6)"),
	   "the name is ambiguous, with both lines");
	ok(tap, !regmap_find(map, "B", &item, &error) && item.reg->address == 0x1004, "another one is found");
	ok(tap,
	   !strcmp(map->name, "T") && !strcmp(map->description, "A device") && map->format == REGMAP_SVD &&
		   !map->has_base && map->blocks[0].bar == -1,
	   "the device's name and description; nothing about BARs");
	regmap_close(map);
}

static void sharing(struct tap *tap)
{
	static const char svd[] = DEVICE(
		"", BLOCK("U%s", "0",
			  DIM("2", "0x100") REGISTERS(
				  REG("A%s", "0", DIM("100", "4") FIELDS(FIELD("F", "[0:0]", MODE)))
					  REG_COPY("A%s", "B", "0x400", ""))) COPY("U%s", "V", "0", ""));
	struct regmap *map = load_bytes(svd, sizeof(svd) - 1);

	ok(tap, map->register_count == 303 && map->field_count == 1 && map->enum_count == 2,
	   "three times 101 registers share their fields and values");
	regmap_close(map);
}

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
	EXPECT_ALL(&tap, texts);
	EXPECT_ALL(&tap, defaults);
	EXPECT_ALL(&tap, fields);
	EXPECT_ALL(&tap, enums);
	EXPECT_ALL(&tap, dims);
	EXPECT_ALL(&tap, derived);
	expect_file(&tap, "what LiteX writes", "tests/data/svd/litex.svd", litex);
	utf16(&tap);
	twice_one_name(&tap);
	sharing(&tap);
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
