// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Text maps: what each kind of row becomes, what each fault is called, what both writers keep. A map is shown as text,
 * a line for each item: M map, B block, R register, F field, E value of it, ! problem with its line.
 */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "core/convert/convert.h"
#include "tests/unit/show_map.h"
#include "tests/unit/tap.h"

/* --- maps as text ----------------------------------------------------------------------------- */

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
		else
			fprintf(out, "=%" PRIu64, e->value);
		if (e->mask != UINT64_MAX)
			fprintf(out, "&0x%" PRIx64, e->mask);
		fprintf(out, "%s%s", e->not_for_read ? " w" : "", e->not_for_write ? " r" : "");
		show_description(out, e->description);
	}
}

static void show_register(FILE *out, const struct regmap *map, const struct regmap_register *reg)
{
	fprintf(out, "R %s", reg->name);
	if (reg->short_name != reg->name)
		fprintf(out, "(%s)", reg->short_name);
	if (reg->block != REGMAP_NO_BLOCK)
		fprintf(out, " in %s", map->blocks[reg->block].name);
	fprintf(out, " 0x%" PRIx64 " %u/%u", reg->address, reg->bits, reg->width);
	if (reg->words != 1 || reg->word_bits != reg->bits)
		fprintf(out, " %ux%u%s", reg->words, reg->word_bits, reg->low_first ? " low" : "");
	show_behaviour(out, &reg->behaviour);
	if (reg->has_reset)
		fprintf(out, " reset:0x%" PRIx64, reg->reset_value);
	if (reg->reset_mask != UINT64_MAX)
		fprintf(out, "&0x%" PRIx64, reg->reset_mask);
	show_description(out, reg->description);
	for (uint32_t i = 0; i < reg->field_count; i++)
		show_field(out, map, regmap_field_at(map, reg, i));
}

static void show(FILE *out, const struct regmap *map)
{
	if (strncmp(map->name, "test-regmap-text-", 17) != 0 || map->description) {
		fprintf(out, "M %s", map->name);
		show_description(out, map->description);
	}
	if (map->has_id)
		fprintf(out, "id %04x:%04x\n", map->vendor, map->device);
	if (map->has_base)
		fprintf(out, "base 0x%" PRIx64 "\n", map->base);
	for (size_t i = 0; i < map->block_count; i++) {
		const struct regmap_block *block = &map->blocks[i];

		fprintf(out, "B %s 0x%" PRIx64 "+0x%" PRIx64, block->name, block->address, block->size);
		if (block->bar >= 0)
			fprintf(out, " BAR %d", block->bar);
		show_description(out, block->description);
	}
	for (size_t i = 0; i < map->register_count; i++)
		show_register(out, map, &map->registers[i]);
	for (size_t i = 0; i < map->problem_count; i++)
		fprintf(out, "! %u: %s\n", regmap_line(map, map->problems[i].place),
			map->problems[i].message);
}

static char *write_temp(const char *bytes, size_t length)
{
	char *path = strdup("/tmp/test-regmap-text-XXXXXX");
	int fd = path ? mkstemp(path) : -1;

	if (fd < 0 || write(fd, bytes, length) != (ssize_t)length || close(fd) < 0)
		abort();
	return path;
}

static struct regmap *load(const char *bytes, size_t length)
{
	struct error error = { 0 };
	struct regmap *map = NULL;
	char *path = write_temp(bytes, length);

	if (regmap_load_anyhow(path, &map, &error) < 0) {
		printf("# %s\n", error.message);
		abort();
	}
	unlink(path);
	free(path);
	return map;
}

static char *show_map(const struct regmap *map)
{
	char *text = NULL;
	size_t size;
	FILE *out = open_memstream(&text, &size);

	if (!out)
		abort();
	show(out, map);
	fclose(out);
	return text;
}

static char *show_bytes(const char *bytes, size_t length)
{
	struct regmap *map = load(bytes, length);
	char *text = show_map(map);

	regmap_close(map);
	return text;
}

static void same(struct tap *tap, const char *is, const char *wanted, const char *what)
{
	if (!ok(tap, strcmp(is, wanted) == 0, "%s", what))
		printf("# --- wanted\n%s# --- is\n%s# ---\n", wanted, is);
}

/* --- rows ------------------------------------------------------------------------------------- */

static const struct {
	const char *what;
	const char *rows;
	const char *wanted;
} rows[] = {
	{ "comments, blank lines, blanks, no newline at the end, CR LF, a byte order mark",
	  "\xef\xbb\xbf# a\n\n  \t\r\n  # b\r\n register , A , 0x10 , 32 , rw , a , b \r\nregister,B,20,8,ro",
	  "R A 0x10 32/32 read-write 'a , b'\nR B 0x14 8/8 read-only\n" },
	{ "map, device, base",
	  "map,card,The card, rev. B\ndevice,10EE:9038\nbase,0xf0000000\nregister,A,0,8,rw\n",
	  "M card 'The card, rev. B'\nid 10ee:9038\nbase 0xf0000000\nR A 0x0 8/8 read-write\n" },
	{ "blocks, BARs, names in them, the longest one",
	  "block,A,0x100,0x10,First, of two\nblock,A.B,0x200,0x20,bar=2\nblock,C,0x300\nbar,C,5\n"
	  "register,A.X,4,32,rw\nregister,A.B.Y,8,32,rw\nregister,D.X,0xc,32,rw\nregister,A.E.X,8,8,rw\n"
	  "register,Z,0x301,8,rw,block=C\n",
	  "B A 0x100+0x10 'First, of two'\nB A.B 0x200+0x20 BAR 2\nB C 0x300+0x0 BAR 5\n"
	  "R A.X(X) in A 0x104 32/32 read-write\nR A.B.Y(Y) in A.B 0x208 32/32 read-write\n"
	  "R D.X 0xc 32/32 read-write\nR A.E.X(E.X) in A 0x108 8/8 read-write\n"
	  "R Z in C 0x301 8/8 read-write\n" },
	{ "the access width is the smallest that holds the bits",
	  "register,A,0,1,rw\nregister,B,0,9,rw\nregister,C,0,17,rw\nregister,D,0,33,rw\nregister,E,0,64,"
	  "rw\n",
	  "R A 0x0 1/8 read-write\nR B 0x0 9/16 read-write\nR C 0x0 17/32 read-write\n"
	  "R D 0x0 33/64 read-write\nR E 0x0 64/64 read-write\n" },
	{ "all accesses",
	  "register,A,0,8,ro\nregister,B,0,8,rw\nregister,C,0,8,wo\nregister,D,0,8,w1\nregister,E,0,8,rw1\n"
	  "register,F,0,8,-\nregister,G,0,8,\nregister,H,0,8\n",
	  "R A 0x0 8/8 read-only\nR B 0x0 8/8 read-write\nR C 0x0 8/8 write-only\nR D 0x0 8/8 writeOnce\n"
	  "R E 0x0 8/8 read-writeOnce\nR F 0x0 8/8 ?\nR G 0x0 8/8 ?\nR H 0x0 8/8 ?\n" },
	{ "effects of reads",
	  "register,A,0,8,ro,read=clear\nregister,B,0,8,ro,read=set\nregister,C,0,8,ro,read=modify\n"
	  "register,D,0,8,ro,read=other\nregister,E,0,8,ro,read=unsafe\nregister,F,0,8,ro,read=none\n",
	  "R A 0x0 8/8 read-only read:clear\nR B 0x0 8/8 read-only read:set\n"
	  "R C 0x0 8/8 read-only read:modify\nR D 0x0 8/8 read-only read:modifyExternal\n"
	  "R E 0x0 8/8 read-only read:unsafe\nR F 0x0 8/8 read-only\n" },
	{ "effects of writes",
	  "register,A,0,8,RW,write=W1C\nregister,B,0,8,rw,write=w1s\nregister,C,0,8,rw,write=w1t\n"
	  "register,D,0,8,rw,write=w0c\nregister,E,0,8,rw,write=w0s\nregister,F,0,8,rw,write=w0t\n"
	  "register,G,0,8,rw,write=clear\nregister,H,0,8,rw,write=set\nregister,I,0,8,rw,write=none\n",
	  "R A 0x0 8/8 read-write write:oneToClear\nR B 0x0 8/8 read-write write:oneToSet\n"
	  "R C 0x0 8/8 read-write write:oneToToggle\nR D 0x0 8/8 read-write write:zeroToClear\n"
	  "R E 0x0 8/8 read-write write:zeroToSet\nR F 0x0 8/8 read-write write:zeroToToggle\n"
	  "R G 0x0 8/8 read-write write:clear\nR H 0x0 8/8 read-write write:set\nR I 0x0 8/8 read-write\n" },
	{ "resets, constraints, a description that looks like a key",
	  "register,A,0,8,rw,reset=0x12,known=0x3f\nregister,B,0,8,rw,range=1..0b11\n"
	  "register,C,0,8,rw,only=enum,\"reset=5\"\nregister,D,0,8,rw,only=read,, \"a\", b\n",
	  "R A 0x0 8/8 read-write reset:0x12&0x3f\nR B 0x0 8/8 read-write range=1..3\n"
	  "R C 0x0 8/8 read-write enum-only 'reset=5'\nR D 0x0 8/8 read-write as-read ', \"a\", b'\n" },
	{ "registers of several words",
	  "register,A,0,64,rw,words=2\nregister,B,0,16,rw,words=2,width=32,order=low\n"
	  "register,C,0,33,ro,words=2,order=high\nregister,D,0,8,rw,width=32\nregister,E,0,96,ro,words=3\n",
	  "R A 0x0 64/32 2x32 read-write\nR B 0x0 16/32 2x8 low read-write\nR C 0x0 33/32 2x17 read-only\n"
	  "R D 0x0 8/32 read-write\nR E 0x0 96/32 3x32 read-only\n" },
	{ "fields: in the order of their bits, wherever they stand; what they do not say is the register's",
	  "register,A,0,32,rw,write=w1c,read=clear\nregister,B,4,32,ro\nfield,B,Y,0\nfield,A,H,31:16,ro,High,"
	  " part\n"
	  "field,A,L,3:0,,write=none\nfield,A,M,8,-,read=none\nfield,B,Z,31:1,\n",
	  "R A 0x0 32/32 read-write read:clear write:oneToClear\nF L [3:0] read-write read:clear\n"
	  "F M [8:8] ? write:oneToClear\nF H [31:16] read-only read:clear write:oneToClear 'High, part'\n"
	  "R B 0x4 32/32 read-only\nF Y [0:0] read-only\nF Z [31:1] read-only\n" },
	{ "values: each field's together, in their order; masks, others, directions",
	  "register,A,0,32,rw\nfield,A,F,3:0,rw\nfield,A,G,7:4,rw\nenum,A.F,ON,1,Is "
	  "on\nenum,A.G,X,0b10:0b110\n"
	  "enum,A.F,OFF,0,for=read\nenum,A.F,NO,0,for=write,\"No, thanks\"\nenum,A.G,REST,*\n",
	  "R A 0x0 32/32 read-write\nF F [3:0] read-write\nE ON=1 'Is on'\nE OFF=0 r\nE NO=0 w 'No, thanks'\n"
	  "F G [7:4] read-write\nE X=2&0x6\nE REST default\n" },
	{ "effect: of registers and of fields, at the end",
	  "csr_register,a,0,1,rw\nfield,a,F,0,rw\neffect,a,read=clear,access=ro,reset=5,known=0xf\n"
	  "effect,a.F,write=w1c,range=0..1\n",
	  "R a 0x0 32/32 read-only read:clear reset:0x5&0xf\n"
	  "F F [0:0] read-write read:clear write:oneToClear range=0..1\n" },
	{ "LiteX: words and blocks, the longest name; constants at the end",
	  "csr_base,dma,0x1000,,\ncsr_base,dma_rx,0x1800,,\ncsr_register,dma_x,0x1000,1,rw\n"
	  "csr_register,dma_rx_x,0x1800,2,ro\ncsr_register,other,0x0,1,ro\nconstant,config_csr_data_width,8,,"
	  "\n"
	  "constant,config_csr_alignment,32,,\nconstant,config_csr_ordering,little,,\nconstant,a,None,,\n"
	  "constant,b,\nconstant,c,some text,,\nmemory_region,sram,0x10000000,8192,cached\n"
	  "memory_region,dma,0x1000,4096,io\n",
	  "B dma 0x1000+0x0\nB dma_rx 0x1800+0x0\nB sram 0x10000000+0x2000\n"
	  "R dma_x in dma 0x1000 8/32 read-write\nR dma_rx_x in dma_rx 0x1800 16/32 2x8 low read-only\n"
	  "R other 0x0 8/32 read-only\n" },
	{ "LiteX: 32 bits a word, the high one first, where nothing is said; wide ones",
	  "csr_register,a,0x0,2,ro\ncsr_register,b,0x8,5,ro\nconstant,config_csr_ordering,big,,\n",
	  "R a 0x0 64/32 2x32 read-only\nR b 0x8 160/32 5x32 read-only\n" },
	{ "LiteX: a BAR for a block", "csr_base,a,0x0,,\nbar,a,1\ncsr_register,a_b,0x0,1,rw\n",
	  "B a 0x0+0x0 BAR 1\nR a_b in a 0x0 32/32 read-write\n" },
	{ "an alignment of 64 bits", "csr_register,a,0,2,rw\nconstant,config_csr_alignment,64\n",
	  "R a 0x0 64/64 2x32 read-write\n" },
	{ "the words of data sheets",
	  "register,A,0,8,RW1C\nregister,B,1,8,rc\nregister,C,2,8,R/W\nfield,C,F,0,W1S\n",
	  "R A 0x0 8/8 read-write write:oneToClear\nR B 0x1 8/8 read-only read:clear\nR C 0x2 8/8 read-write\n"
	  "F F [0:0] read-write write:oneToSet\n" },
	{ "of what names a register or a field that is wrong nothing more is told",
	  "register,A,x,8,rw\nfield,A,F,0,rw\nenum,A.F,ON,1\neffect,A,write=w1c\neffect,A.F,write=w1c\n"
	  "register,B,0,8,rw\nfield,B,G,x,rw\nenum,B.G,ON,1\nenum,B.H,ON,1\n",
	  "R B 0x0 8/8 read-write\n! 1: register: the offset is no number: 'x' is not a number\n"
	  "! 7: field: the bit is no number: 'x' is not a number\n! 9: enum: there is no field 'B.H' above\n" },
	{ "nothing at all", "", "! 1: there is no register in it; is it a register map?\n" },
	{ "the rest is read behind a row that is wrong", "register,A,x,32,rw\nregister,B,4,8,rw\nwhat,ever\n",
	  "R B 0x4 8/8 read-write\n"
	  "! 1: register: the offset is no number: 'x' is not a number\n! 3: 'what' is no kind of row: "
	  "register, field, enum, csr_register, csr_base, constant, memory_region, effect, block, include, bar, if, "
	  "map, device, base\n" },
};

static void all_rows(struct tap *tap)
{
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		char *is = show_bytes(rows[i].rows, strlen(rows[i].rows));

		same(tap, is, rows[i].wanted, rows[i].what);
		free(is);
	}
}

/* --- faults: behind a good register, in the last line ------------------------------------------- */

static const struct {
	const char *rows;
	const char *message;
} faults[] = {
	{ "regster,A,0,8,rw", "is no kind of row" },
	{ ",A,0,8,rw", "is no kind of row" },
	{ "register", "columns are missing" },
	{ "register,A,0", "columns are missing" },
	{ "field,G,F", "columns are missing" },
	{ "enum,G.F,A", "columns are missing" },
	{ "effect,G", "columns are missing" },
	{ "block,B", "columns are missing" },
	{ "bar,B", "columns are missing" },
	{ "base", "columns are missing" },
	{ "device", "columns are missing" },
	{ "map", "columns are missing" },
	{ "constant", "columns are missing" },
	{ "csr_base,a", "columns are missing" },
	{ "csr_register,a,0,1", "columns are missing" },
	{ "memory_region,a,0", "columns are missing" },
	{ "register,,0,8,rw", "is no name" },
	{ "register,a-b,0,8,rw", "is no name" },
	{ "register,.a,0,8,rw", "is no name" },
	{ "register,a.,0,8,rw", "is no name" },
	{ "register,a..b,0,8,rw", "is no name" },
	{ "register,A,,8,rw", "a number is missing" },
	{ "register,A,-4,8,rw", "the offset is no number" },
	{ "register,A,1000h,8,rw", "'1000h'; write 0x1000" },
	{ "enum,G.H,10M,1", "begins with a digit would be a number where it is used; write _10M" },
	{ "register,A,08,8,rw", "the offset is no number" },
	{ "register,A,0x1ffffffffffffffff,8,rw", "the offset is no number" },
	{ "register,A,0,-1,rw", "the number of bits is no number" },
	{ "register,A,0,0,rw", "1 to 64 bits" },
	{ "register,A,0,65,rw", "1 to 64 bits" },
	{ "register,A,0,129,rw,words=2", "1 to 64 bits" },
	{ "register,A,0,0xffffffffffffffff,rw", "1 to 64 bits" },
	{ "register,A,0,8,wr", "'wr' is no access: -, ro, rw, wo, w1, rw1" },
	{ "register,A,0,8,rw,words=0", "words=" },
	{ "register,A,0,8,rw,words=65", "words=" },
	{ "register,A,0,8,rw,width=24", "width=" },
	{ "register,A,0,32,rw,width=8", "more bits than width= says" },
	{ "register,A,0,8,rw,order=middle", "order=" },
	{ "register,A,0,8,rw,block=B", "no block 'B' above" },
	{ "register,A,0,8,rw,reset=0x100", "reset value" },
	{ "register,A,0,8,rw,reset=x", "is no number" },
	{ "register,A,0,8,rw,known=", "is no number" },
	{ "register,A,0,8,rw,read=maybe", "'maybe' is no effect of a read" },
	{ "register,A,0,8,rw,write=w2c", "'w2c' is no effect of a write" },
	{ "register,A,0,8,rw,range=5", "MINIMUM..MAXIMUM" },
	{ "register,A,0,8,rw,range=x..5", "the minimum is no number" },
	{ "register,A,0,8,rw,range=1..", "the maximum is no number" },
	{ "register,A,0,8,rw,only=some", "only=" },
	{ "register,A,0xfffffffffffffffd,32,rw", "above the highest address" },
	{ "field,B,F,0,rw", "no register 'B' above" },
	{ "field,G,F,,rw", "a number is missing" },
	{ "field,G,F,0:3,rw", "are no bits" },
	{ "field,G,F,-1,rw", "is no number" },
	{ "field,G,F,31:-1,rw", "is no number" },
	{ "field,G,F,64:0,rw", "are no bits" },
	{ "field,G,F,9999999999999999999:0,rw", "are no bits" },
	{ "field,G,F,32,rw", "past the register's 32 bits" },
	{ "field,G,F,35:30,rw", "past the register's 32 bits" },
	{ "field,G,,0,rw", "is no name" },
	{ "field,G,a.b,0,rw", "is no name" },
	{ "field,G,F,0,yes", "'yes' is no access" },
	{ "enum,G.F,A,1", "no field 'G.F' above" },
	{ "enum,G,A,1", "no field 'G' above" },
	{ "enum,G.H,A,4", "does not fit in the field's 2 bits" },
	{ "enum,G.H,A,x", "the value is no number" },
	{ "enum,G.H,A,1:x", "the mask is no number" },
	{ "enum,G.H,A,1,for=fun", "for=" },
	{ "enum,G.H,,1", "is no name" },
	{ "effect,B,read=clear", "no register 'B' above" },
	{ "effect,G,words=2", "is not understood here" },
	{ "effect,G,read", "is not understood here" },
	{ "effect,G.H,reset=1", "is not understood here" },
	{ "effect,G,read=x", "is no effect of a read" },
	{ "block,B,x,1", "the address is no number" },
	{ "block,B,0,-1", "the size is no number" },
	{ "block,B,0xffffffffffffff00,0x101", "above the highest address" },
	{ "block,B,0,1,bar=6", "there is no BAR 6" },
	{ "block,B,0,1,bar=x", "the BAR is no number" },
	{ "block,K,0,1", "there is a block K already" },
	{ "csr_base,K,0", "there is a block K already" },
	{ "bar,B,0", "no block 'B' above" },
	{ "bar,K,6", "there is no BAR 6" },
	{ "register,K.A,0xffffffffffffff00,8,rw", "above the highest address" },
	{ "csr_register,a,0,0,rw", "1 to 4096 words" },
	{ "csr_register,a,0,4097,rw", "1 to 4096 words" },
	{ "csr_register,a,0,1,x", "'x' is no access" },
	{ "csr_register,a,0xfffffffffffffffc,2,rw", "above the highest address" },
	{ "constant,config_csr_data_width,7", "8, 16, 32 or 64" },
	{ "constant,config_csr_alignment,none", "is no number" },
	{ "memory_region,a,0,x,io", "the length is no number" },
	{ "device,1234", "is not VENDOR:DEVICE" },
	{ "device,12345:1", "is not VENDOR:DEVICE" },
	{ "device,1234:1x", "is not VENDOR:DEVICE" },
	{ "base,-1", "the address is no number" },
	{ "map,", "a name is missing" },
};

static void all_faults(struct tap *tap)
{
	static const char good[] = "block,K,0x1000,0x10\nregister,G,0,32,rw\nfield,G,H,1:0,rw\n";

	for (size_t i = 0; i < sizeof(faults) / sizeof(faults[0]); i++) {
		char text[512];
		int n = snprintf(text, sizeof(text), "%s%s\n", good, faults[i].rows);
		struct regmap *map = load(text, (size_t)n);
		bool passed = map->problem_count == 1 && map->problems[0].place == sizeof(good) - 1 &&
			      regmap_line(map, map->problems[0].place) == 4 &&
			      strstr(map->problems[0].message, faults[i].message);

		if (!ok(tap, passed, "%s: %s", faults[i].rows, faults[i].message)) {
			for (size_t k = 0; k < map->problem_count; k++)
				printf("# %s\n", map->problems[k].message);
		}
		regmap_close(map);
	}
}

static void long_things(struct tap *tap)
{
	static const char nul[] = "register,A,0,8,rw\nregister,B\0,0,8,rw\nregister,C,1,8,rw\n";
	char *text = malloc(70000);
	char *is = show_bytes(nul, sizeof(nul) - 1);
	struct regmap *map;

	if (!text)
		abort();
	same(tap, is,
	     "R A 0x0 8/8 read-write\nR C 0x1 8/8 read-write\n! 2: there is a NUL byte in the line\n",
	     "a NUL byte");
	free(is);
	for (int n = 127; n <= 128; n++) {
		int length = sprintf(text, "register,%0*d,0,8,rw\n", n, 0);

		memset(text + 9, 'A', (size_t)n);
		map = load(text, (size_t)length);
		ok(tap, map->register_count == (n == 127) && map->problem_count == (n != 127),
		   "a name of %d characters", n);
		regmap_close(map);
	}
	for (int n = 65535; n <= 65536; n++) {
		int used = sprintf(text, "register,A,0,8,rw,");

		memset(text + used, 'x', (size_t)(n - used));
		text[n] = '\n';
		map = load(text, (size_t)n + 1);
		ok(tap, map->register_count == (n == 65535) && map->problem_count >= (size_t)(n != 65535),
		   "a line of %d bytes", n);
		regmap_close(map);
	}
	free(text);
}

/* --- writers ---------------------------------------------------------------------------------- */

static int collect(void *data, const char *text, size_t length, struct error *error)
{
	(void)error;
	return fwrite(text, 1, length, data) == length ? 0 : -EIO;
}

/* MAP as a file, and that read back. */
static struct regmap *write_and_load(const struct regmap *map, enum regmap_format format)
{
	struct error error = { 0 };
	struct regmap *back;
	char *text = NULL;
	size_t size;
	FILE *out = open_memstream(&text, &size);

	if (!out ||
	    (format == REGMAP_SVD ? regmap_write_svd : regmap_write_text)(map, collect, out, &error) < 0)
		abort();
	fclose(out);
	back = load(text, size);
	free(text);
	return back;
}

/* Shows what comes back of ROWS through FORMAT and through text again. */
static char *there_and_back(const char *text, enum regmap_format format)
{
	struct regmap *map = load(text, strlen(text));
	struct regmap *there = write_and_load(map, format);
	struct regmap *back = write_and_load(there, REGMAP_TEXT);
	char *is = show_map(back);

	regmap_close(map);
	regmap_close(there);
	regmap_close(back);
	return is;
}

/* Each comes back as it is from a text map. */
static void through_text(struct tap *tap)
{
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct regmap *map = load(rows[i].rows, strlen(rows[i].rows));
		struct regmap *back = write_and_load(map, REGMAP_TEXT);
		char *is = show_map(back);
		char *wanted = show_map(map);

		if (map->problem_count == 0)
			same(tap, is, wanted, rows[i].what);
		free(is);
		free(wanted);
		regmap_close(map);
		regmap_close(back);
	}
}

static const struct {
	const char *what;
	const char *rows;
	const char *wanted; /* NULL: the same as from ROWS */
} svd[] = {
	{ "all that SVD has words for",
	  "map,n,\"All, <of> & 'it'\"\nblock,B,0x100,0x20,A block\nblock,MEMORY,0x1000,0x1000\n"
	  "register,B.A,0,32,rw,reset=0x12,known=0xff,write=w1c,range=1..5,A register\n"
	  "field,B.A,F,3:0,ro,read=clear,write=none,A "
	  "field\nfield,B.A,G,9:4,rw,only=enum\nfield,B.A,H,10,rw,only=read\n"
	  "enum,B.A.F,ON,1,Is on\nenum,B.A.F,SOME,0x2:0x6\nenum,B.A.F,REST,*\nenum,B.A.F,R,3,for=read\n"
	  "enum,B.A.F,W,3,for=write\nregister,B.C[0].X,4,8,w1,write=set\nregister,B.C[0].Y[1],5,8,rw1,read="
	  "modify\n"
	  "register,B.D.E.Z,8,24,wo\nregister,B.Q,0xc,64,-\n",
	  NULL },
	{ "constraints that fields do not share",
	  "map,n\nblock,B,0,0x100\nregister,B.A,0,8,rw,only=enum\nfield,B.A,F,0,rw\nregister,B.C,1,8,rw,"
	  "range=1..3\n"
	  "field,B.C,F,7:0,rw\nregister,B.D,2,8,rw,only=read\nfield,B.D,F,7:0,rw,range=0..1\n",
	  NULL },
	{ "unsafe becomes modify, which is as careful",
	  "map,n\nblock,B,0,0\nregister,B.A,0,8,rw,read=unsafe\n",
	  "M n\nB B 0x0+0x0\nR B.A(A) in B 0x0 8/8 read-write read:modify\n" },
	{ "a register beside a field of unknown access says nothing",
	  "map,n\nblock,B,0,0\nregister,B.A,0,8,rw\nfield,B.A,F,0,-\nfield,B.A,G,1,ro\n",
	  "M n\nB B 0x0+0x0\nR B.A(A) in B 0x0 8/8 ?\nF F [0:0] ?\nF G [1:1] read-only\n" },
	{ "a harmless field in a register that is not is not",
	  "map,n\nblock,B,0,0\nregister,B.A,0,8,rw,read=clear\n"
	  "field,B.A,F,0,rw,read=none\n",
	  "M n\nB B 0x0+0x0\nR B.A(A) in B 0x0 8/8 read-write read:clear\nF F [0:0] read-write "
	  "read:clear\n" },
	{ "words: one register each, with the fields and the part of the reset value that are in it, those "
	  "across with a part in each",
	  "map,n\nblock,B,0,0\nregister,B.A,0,64,rw,words=2,reset=0x100000002\nfield,B.A,F,35:33,rw\n"
	  "field,B.A,BOTH,32:31,-,read=clear\nenum,B.A.BOTH,X,3\nfield,B.A,G,3:0,ro\nregister,B.L,8,16,ro,"
	  "words=2,order=low\n",
	  "M n\nB B 0x0+0x0\nR B.A1(A1) in B 0x0 32/32 ? reset:0x1\nF BOTH [0:0] ? read:clear\nF F [3:1] "
	  "read-write\n"
	  "R B.A0(A0) in B 0x4 32/32 ? reset:0x2\nF G [3:0] read-only\n"
	  "F BOTH [31:31] ? read:clear\n"
	  "R B.L0(L0) in B 0x8 8/8 read-only\nR B.L1(L1) in B 0x9 8/8 read-only\n" },
	{ "an access that is wider than the bits is kept",
	  "map,n\nblock,B,0,0\nregister,B.A,0,8,rw,width=32\n",
	  "M n\nB B 0x0+0x0\nR B.A(A) in B 0x0 32/32 read-write\n" },
	{ "BARs, base and id are lost",
	  "map,n\ndevice,1:2\nbase,0x10\nblock,B,0,0,bar=3\nregister,B.A,0,8,rw\n",
	  "M n\nB B 0x0+0x0\nR B.A(A) in B 0x0 8/8 read-write\n" },
	{ "what is in no block is in one called after the map",
	  "map,my card\nblock,my_card,0,0\nregister,A,0x10,8,rw\n",
	  "M my card\nB my_card_ 0x0+0x0\nB my_card 0x0+0x0\nR my_card_.A(A) in my_card_ 0x10 8/8 "
	  "read-write\n" },
	{ "names have their block in front; LiteX's do already",
	  "map,n\nblock,ctrl,0x10,0\nblock,A.B,0x20,0\nregister,ctrl_x,0x10,8,rw,block=ctrl\n"
	  "register,Y,0x11,8,rw,block=ctrl\nregister,A.B.Z,0,8,rw\n",
	  "M n\nB ctrl 0x10+0x0\nB A_B 0x20+0x0\nR ctrl.x(x) in ctrl 0x10 8/8 read-write\n"
	  "R ctrl.Y(Y) in ctrl 0x11 8/8 read-write\nR A_B.Z(Z) in A_B 0x20 8/8 read-write\n" },
	{ "what XML cannot hold",
	  "map,n\nblock,B,0,0\nregister,B.A,0,8,rw,\"a\x01 \xc3\xa9 \xff \xed\xa0\x80 \xc0\xaf\"\n",
	  "M n\nB B 0x0+0x0\nR B.A(A) in B 0x0 8/8 read-write 'a\xef\xbf\xbd \xc3\xa9 \xef\xbf\xbd "
	  "\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd \xef\xbf\xbd\xef\xbf\xbd'\n" },
};

static void through_svd(struct tap *tap)
{
	for (size_t i = 0; i < sizeof(svd) / sizeof(svd[0]); i++) {
		struct regmap *map = load(svd[i].rows, strlen(svd[i].rows));
		char *wanted = svd[i].wanted ? strdup(svd[i].wanted) : show_map(map);
		char *is = there_and_back(svd[i].rows, REGMAP_SVD);

		ok(tap, map->problem_count == 0, "no problem: %s", svd[i].what);
		same(tap, is, wanted, svd[i].what);
		free(is);
		free(wanted);
		regmap_close(map);
	}
}

static char *repeated(char c, size_t count)
{
	char *text = malloc(count + 1);

	if (!text)
		abort();
	memset(text, c, count);
	text[count] = '\0';
	return text;
}

static void long_text(struct tap *tap)
{
	char *description = repeated('d', 65000);
	char *name = repeated('N', 100);
	char text[512];
	struct regmap *map;
	struct regmap *back;

	snprintf(text, sizeof(text),
		 "block,B,0,0\nregister,B.%s.A,0,8,rw\nregister,B.a.b.c.d.e.f.g.h.i.j.k,1,8,rw\n", name);
	map = load(text, strlen(text));
	back = write_and_load(map, REGMAP_SVD);
	ok(tap,
	   back->problem_count == 0 && back->register_count == 2 &&
		   strcmp(back->registers[0].name, map->registers[0].name) == 0 &&
		   strcmp(back->registers[1].name, map->registers[1].name) == 0,
	   "long names and many clusters through SVD");
	map->registers[0].description = description;
	regmap_close(back);
	back = write_and_load(map, REGMAP_SVD);
	ok(tap, strcmp(back->registers[0].description, description) == 0, "a long description through SVD");
	regmap_close(back);
	back = write_and_load(map, REGMAP_TEXT);
	ok(tap, back->problem_count == 0 && strlen(back->registers[0].description) == 64000,
	   "a description is cut where the row could not be read back");
	regmap_close(back);
	memset(description, 0xc3, 65000);
	for (size_t i = 0; i < 65000; i += 2)
		description[i] = (char)0xa9;
	description[0] = 'x';
	back = write_and_load(map, REGMAP_TEXT);
	ok(tap, strlen(back->registers[0].description) == 63999, "between two characters of UTF-8");
	regmap_close(back);
	map->name = "a,b\nc\x1b[2J";
	map->registers[0].description = "x\x1by";
	back = write_and_load(map, REGMAP_TEXT);
	ok(tap, strcmp(back->name, "a b c [2J") == 0 && strcmp(back->registers[0].description, "x y") == 0,
	   "nothing that ends a column or drives a terminal");
	regmap_close(back);
	regmap_close(map);
	free(description);
	free(name);
}

static int fail_later(void *data, const char *text, size_t length, struct error *error)
{
	unsigned int *calls = data;

	(void)text;
	(void)length;
	return ++*calls < 2 ? 0 : error_set(error, ERROR_FAILED, "full", "full");
}

static void failing(struct tap *tap)
{
	struct error error = { 0 };
	unsigned int calls = 0;
	char *text = repeated('#', 60000);
	struct regmap *map;

	for (size_t i = 0; i + 24 < 60000; i += 24)
		memcpy(text + i, "\nregister,AAAA,0x00,8,rw", 24);
	map = load(text, 59976);
	ok(tap,
	   regmap_write_text(map, fail_later, &calls, &error) < 0 && calls == 2 &&
		   strcmp(error.message, "full") == 0,
	   "text: the first failure is told, and nothing is written behind it");
	calls = 0;
	ok(tap, regmap_write_svd(map, fail_later, &calls, &error) < 0 && calls == 2, "SVD: the same");
	regmap_close(map);
	free(text);
}

int main(void)
{
	struct tap tap = { 0 };

	all_rows(&tap);
	all_faults(&tap);
	long_things(&tap);
	through_text(&tap);
	through_svd(&tap);
	long_text(&tap);
	failing(&tap);
	return tap_done(&tap);
}
