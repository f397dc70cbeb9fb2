// SPDX-License-Identifier: GPL-2.0-or-later
/* Text maps: what each kind of row does; see pcietool-map(5). */
#include <ctype.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "core/base/number.h"
#include "core/mapfile/text.h"
#include "core/regmap/store.h"

/* --- LiteX's blocks ------------------------------------------------------------------------------ */

/* LiteX: csr_base,NAME,ADDRESS; memory_region,NAME,ADDRESS,LENGTH,TYPE */
static int row_csr_base(struct text_map *t, const struct text_row *row)
{
	struct regmap_block block = { .bar = -1 };
	int rc;

	rc = text_take_name(t, row, row->columns[1].text, false, &block.name);
	if (rc == 0)
		rc = text_take_number(t, row, "address", row->columns[2].text, &block.address);
	return rc ? rc : text_add_block(t, row, block);
}

static int row_memory_region(struct text_map *t, const struct text_row *row)
{
	struct regmap_block block = { .bar = -1 };
	uint32_t ignored;
	int rc;

	rc = text_take_name(t, row, row->columns[1].text, false, &block.name);
	if (rc == 0)
		rc = text_take_number(t, row, "address", row->columns[2].text, &block.address);
	if (rc == 0)
		rc = text_take_number(t, row, "length", row->columns[3].text, &block.size);
	/* the region of a block's own memory has its name */
	if (rc || name_table_find(&t->blocks, block.name, strlen(block.name), &ignored))
		return rc;
	return text_add_block(t, row, block);
}

static int row_constant(struct text_map *t, const struct text_row *row)
{
	const char *constant = row->columns[1].text;
	const char *value = row->count > 2 ? row->columns[2].text : "";
	uint64_t v;
	int rc;

	if (strcmp(constant, "config_csr_ordering") == 0)
		t->csr_low_first = strcmp(value, "little") == 0;
	if (strcmp(constant, "config_csr_data_width") != 0 && strcmp(constant, "config_csr_alignment") != 0)
		return 0;
	rc = text_take_number(t, row, "value", value, &v);
	if (rc)
		return rc;
	if (v != 8 && v != 16 && v != 32 && v != 64)
		return text_bad(t, row, "%s is 8, 16, 32 or 64", constant);
	if (strcmp(constant, "config_csr_alignment") == 0)
		t->csr_alignment = v;
	else
		t->csr_data_width = v;
	return 0;
}

/* --- the map itself ------------------------------------------------------------------------------- */

static int row_map(struct text_map *t, const struct text_row *row)
{
	const char *text = row->columns[1].text;

	if (!text[0])
		return text_bad(t, row, "a name is missing");
	t->map->name = regmap_string(t->map, text, strlen(text));
	return t->map->name ? text_take_description(t, row, 2, &t->map->description) : -ENOMEM;
}

static int row_device(struct text_map *t, const struct text_row *row)
{
	unsigned int vendor;
	unsigned int device;
	int used = 0;

	if (sscanf(row->columns[1].text, "%4x:%4x%n", &vendor, &device, &used) != 2 ||
	    row->columns[1].text[used])
		return text_bad(t, row, "'%.60s' is not VENDOR:DEVICE in hexadecimal", row->columns[1].text);
	t->map->has_id = true;
	t->map->vendor = (uint16_t)vendor;
	t->map->device = (uint16_t)device;
	return 0;
}

static int row_base(struct text_map *t, const struct text_row *row)
{
	int rc = text_take_number(t, row, "address", row->columns[1].text, &t->map->base);

	t->map->has_base = rc == 0;
	return rc;
}

/* --- registers ------------------------------------------------------------------------------------ */

/* The declared block that the name starts with, at a dot; and what is behind it. */
static uint32_t block_of(const struct text_map *t, const char *reg, const char **rest)
{
	for (size_t n = strlen(reg); n > 0; n--) {
		uint32_t block;

		if (reg[n] == '.' && name_table_find(&t->blocks, reg, n, &block)) {
			*rest = reg + n + 1;
			return block;
		}
	}
	*rest = reg;
	return REGMAP_NO_BLOCK;
}

static unsigned int width_of(uint64_t bits)
{
	return bits <= 8 ? 8 : bits <= 16 ? 16 : bits <= 32 ? 32 : 64;
}

/* Words, widths and the address of a register whose row was read. */
static int finish_register(struct text_map *t, const struct text_row *row, uint64_t bits,
			   struct regmap_register *reg)
{
	const struct regmap_block *block = reg->block == REGMAP_NO_BLOCK ? NULL : &t->map->blocks[reg->block];
	uint64_t bytes;

	if (bits < 1 || bits > UINT64_C(64) * reg->words)
		return text_bad(t, row, "%s: a register has 1 to 64 bits a word, not %llu", reg->name,
				(unsigned long long)bits);
	reg->bits = (unsigned int)bits;
	reg->word_bits = (unsigned int)((bits + reg->words - 1) / reg->words);
	if (reg->width && reg->width < reg->word_bits)
		return text_bad(t, row, "%s: a word has more bits than width= says", reg->name);
	if (!reg->width)
		reg->width = width_of(reg->word_bits);
	/* with block=, the name has no block in front and the offset counts from 0 */
	if (reg->short_name == reg->name)
		block = NULL;
	if (block && block->address + reg->address < block->address)
		return text_bad(t, row, "%s lies above the highest address", reg->name);
	if (block)
		reg->address += block->address;
	bytes = (uint64_t)reg->words * reg->width / 8;
	if (reg->address + (bytes - 1) < reg->address)
		return text_bad(t, row, "%s ends above the highest address", reg->name);
	if (reg->has_reset && bits < 64 && reg->reset_value >> bits)
		return text_bad(t, row, "%s: its reset value has more than %llu bit%s", reg->name,
				(unsigned long long)bits, plural(bits));
	return 0;
}

static int row_register(struct text_map *t, const struct text_row *row)
{
	struct regmap_register reg = { .words = 1, .reset_mask = UINT64_MAX };
	unsigned int ignored = 0;
	struct text_subject subject = {
		.behaviour = &reg.behaviour, .given = &ignored, .reg = &reg, .is_new = true
	};
	uint64_t bits;
	int rc;

	rc = text_take_name(t, row, row->columns[1].text, true, &reg.name);
	if (rc == 0)
		rc = text_take_number(t, row, "offset", row->columns[2].text, &reg.address);
	if (rc == 0)
		rc = text_take_number(t, row, "number of bits", row->columns[3].text, &bits);
	if (rc == 0)
		rc = text_take_access(t, row, row->count > 4 ? row->columns[4].text : "", &reg.behaviour,
				      &ignored);
	if (rc)
		return rc;
	reg.block = block_of(t, reg.name, &reg.short_name);
	rc = text_take_keys(t, row, 5, &subject, &reg.description);
	if (rc == 0)
		rc = finish_register(t, row, bits, &reg);
	return rc ? rc : text_add_register(t, row, &reg, false);
}

/* LiteX: csr_register,NAME,ADDRESS,WORDS,ro|rw */
static int row_csr_register(struct text_map *t, const struct text_row *row)
{
	struct regmap_register reg = { .block = REGMAP_NO_BLOCK, .reset_mask = UINT64_MAX };
	unsigned int ignored = 0;
	uint64_t words;
	int rc;

	rc = text_take_name(t, row, row->columns[1].text, false, &reg.name);
	if (rc == 0)
		rc = text_take_number(t, row, "address", row->columns[2].text, &reg.address);
	if (rc == 0)
		rc = text_take_number(t, row, "number of words", row->columns[3].text, &words);
	if (rc == 0)
		rc = text_take_access(t, row, row->columns[4].text, &reg.behaviour, &ignored);
	if (rc)
		return rc;
	if (words < 1 || words > 4096)
		return text_bad(t, row, "%s: 1 to 4096 words are possible, not %llu", reg.name,
				(unsigned long long)words);
	reg.words = (unsigned int)words;
	reg.short_name = reg.name;
	return text_add_register(t, row, &reg, true);
}

/* --- fields and values ---------------------------------------------------------------------------- */

/* Of REGISTER or REGISTER.FIELD, or of the register before the last dot: was its own row wrong, and told? */
static bool is_refused(const struct text_map *t, const char *name)
{
	const char *dot = strrchr(name, '.');
	uint32_t ignored;

	return name_table_find(&t->refused, name, strlen(name), &ignored) ||
	       (dot && name_table_find(&t->refused, name, (size_t)(dot - name), &ignored));
}

/* What names this register or field further down is not wrong for that. */
static int refuse(struct text_map *t, const struct text_row *row)
{
	static const char *const named[] = { "register", "csr_register", "field", NULL };
	bool is_field = strcmp(row->columns[0].text, "field") == 0;
	char name[2 * REGMAP_NAME_SIZE];
	const char *kept;
	int rc;

	if (!text_is_one_of(row->columns[0].text, named) || row->count < (is_field ? 3u : 2u))
		return 0;
	snprintf(name, sizeof(name), "%s%s%s", row->columns[1].text, is_field ? "." : "",
		 is_field ? row->columns[2].text : "");
	kept = regmap_string(t->map, name, strlen(name));
	if (!kept)
		return -ENOMEM;
	rc = name_table_add(&t->refused, kept, 0);
	return rc == -ENOMEM ? rc : 0;
}

static int find_register(struct text_map *t, const struct text_row *row, const char *text, uint32_t *index)
{
	if (name_table_find(&t->registers, text, strlen(text), index))
		return 0;
	if (is_refused(t, text))
		return TEXT_BAD;
	return text_bad(t, row, "there is no register '%.100s' above", text);
}

static int row_field(struct text_map *t, const struct text_row *row)
{
	struct text_field f = { .first_enum = TEXT_NONE, .last_enum = TEXT_NONE };
	struct text_subject subject = { .behaviour = &f.field.behaviour, .given = &f.given };
	int rc;

	rc = find_register(t, row, row->columns[1].text, &f.reg);
	if (rc == 0)
		rc = text_take_name(t, row, row->columns[2].text, false, &f.field.name);
	if (rc == 0)
		rc = text_take_bits(t, row, row->columns[3].text, &f.field.lsb, &f.field.bits);
	if (rc == 0)
		rc = text_take_access(t, row, row->count > 4 ? row->columns[4].text : "", &f.field.behaviour,
				      &f.given);
	if (rc)
		return rc;
	f.field.place = row->place;
	rc = text_take_keys(t, row, 5, &subject, &f.field.description);
	return rc ? rc : text_add_field(t, &f);
}

static struct text_field *find_field(struct text_map *t, const char *text)
{
	const char *dot = strrchr(text, '.');
	uint32_t reg;

	if (!dot || !name_table_find(&t->registers, text, (size_t)(dot - text), &reg))
		return NULL;
	for (uint32_t i = t->extra[reg].first_field; i != TEXT_NONE; i = t->fields[i].next) {
		if (strcmp(t->fields[i].field.name, dot + 1) == 0)
			return &t->fields[i];
	}
	return NULL;
}

/* VALUE, VALUE:MASK where bits do not matter, or '*' for all without another name */
static int enum_value(struct text_map *t, const struct text_row *row, const char *text, unsigned int bits,
		      struct regmap_enum *e)
{
	char value[64];
	const char *colon = strchr(text, ':');
	int rc;

	e->mask = UINT64_MAX;
	e->is_default = strcmp(text, "*") == 0;
	if (e->is_default)
		return 0;
	snprintf(value, sizeof(value), "%.*s", colon ? (int)(colon - text) : 63, text);
	rc = text_take_number(t, row, "value", value, &e->value);
	if (rc == 0 && colon)
		rc = text_take_number(t, row, "mask", colon + 1, &e->mask);
	if (rc == 0 && e->value > width_max(bits))
		rc = text_bad(t, row, "the value does not fit in the field's %u bit%s", bits, plural(bits));
	return rc;
}

static int row_enum(struct text_map *t, const struct text_row *row)
{
	struct text_field *field = find_field(t, row->columns[1].text);
	struct text_enum e = { .next = TEXT_NONE };
	struct text_subject subject = { .value = &e.item };
	int rc;

	if (!field && is_refused(t, row->columns[1].text))
		return TEXT_BAD;
	if (!field)
		return text_bad(t, row, "there is no field '%.100s' above", row->columns[1].text);
	e.item.place = row->place;
	rc = text_take_name(t, row, row->columns[2].text, false, &e.item.name);
	if (rc == 0)
		rc = enum_value(t, row, row->columns[3].text, field->field.bits, &e.item);
	if (rc == 0)
		rc = text_take_keys(t, row, 4, &subject, &e.item.description);
	if (rc)
		return rc;
	return text_add_enum(t, field, &e);
}

/* effect,REGISTER or REGISTER.FIELD,KEY=VALUE...: for rows that cannot say it themselves */
static int row_effect(struct text_map *t, const struct text_row *row)
{
	struct text_field *field = find_field(t, row->columns[1].text);
	unsigned int ignored = 0;
	struct text_subject subject = { 0 };
	uint32_t reg;
	int rc;

	if (field) {
		subject.behaviour = &field->field.behaviour;
		subject.given = &field->given;
		return text_take_keys(t, row, 2, &subject, NULL);
	}
	rc = find_register(t, row, row->columns[1].text, &reg);
	if (rc)
		return rc;
	subject.reg = &t->map->registers[reg];
	subject.behaviour = &subject.reg->behaviour;
	subject.given = &ignored;
	return text_take_keys(t, row, 2, &subject, NULL);
}

/* Parts of the template, in its order: what is named stands above. */
enum part { PART_MAP, PART_ITEMS, PART_BEHIND, PART_LITEX, PARTS };

static const struct {
	const char *kind;
	int (*take)(struct text_map *t, const struct text_row *row);
	const char *form;
	const char *meaning;
	const char *example; /* rows; NULL: the template only names it, as it is for files of LiteX's */
	unsigned int columns; /* at least */
	enum part part;
} kinds[] = {
	{ "register", row_register, "register,NAME,OFFSET,BITS,ACCESS",
	  "With KEY=VALUE columns behind it, then a description. In BLOCK.NAME the offset is the block's.",
	  "register,ID,0x0,32,ro,reset=0x600d0001,Who it is\n"
	  "register,COUNT,0x8,64,ro,words=2,width=32,order=low,Two accesses of 32 bits; --wide makes them one value\n"
	  "register,DMA.CONTROL,0x0,32,rw,reset=0x0,\"Starts it, sets it up\"\n"
	  "register,DMA.STATUS,0x4,32,ro,read=clear,Reading it clears it\n",
	  4, PART_ITEMS },
	{ "field", row_field, "field,REGISTER,NAME,BITS,ACCESS",
	  "BITS is 7:4 or 3. What it does not say it has from the register.",
	  "field,DMA.CONTROL,START,0,rw,write=w1s\n"
	  "field,DMA.CONTROL,MODE,5:4,rw,only=enum\n"
	  "field,DMA.CONTROL,BURST,15:8,rw,range=1..64\n"
	  "field,DMA.STATUS,DONE,0,ro\n",
	  4, PART_ITEMS },
	{ "enum", row_enum, "enum,REGISTER.FIELD,NAME,VALUE",
	  "The name of a value; VALUE:MASK leaves bits out of account, * is every other value.",
	  "enum,DMA.CONTROL.MODE,OFF,0\n"
	  "enum,DMA.CONTROL.MODE,LOOP,1,for=write\n"
	  "enum,DMA.CONTROL.MODE,OTHER,*\n",
	  4, PART_ITEMS },
	{ "csr_register", row_csr_register, "csr_register,NAME,ADDRESS,WORDS,ACCESS", "LiteX's register.",
	  NULL, 5, PART_LITEX },
	{ "csr_base", row_csr_base, "csr_base,NAME,ADDRESS", "LiteX's block.", NULL, 3, PART_LITEX },
	{ "constant", row_constant, "constant,NAME,VALUE", "LiteX's constant.", NULL, 2, PART_LITEX },
	{ "memory_region", row_memory_region, "memory_region,NAME,ADDRESS,LENGTH,TYPE", "LiteX's memory.",
	  NULL, 4, PART_LITEX },
	{ "effect", row_effect, "effect,REGISTER,KEY=VALUE",
	  "Adds to what another row says, of a REGISTER or a REGISTER.FIELD.",
	  "effect,DMA.STATUS.DONE,read=clear\n", 3, PART_ITEMS },
	{ "block", text_row_block, "block,NAME,ADDRESS,SIZE",
	  "A part of the address space; bar=N behind it says which BAR its registers are in, at=virtio:TYPE that the "
	  "virtio capability of that cfg_type in the device's config space says BAR and place.",
	  "block,DMA,0x1000,0x100,bar=0,The DMA engine\n", 3, PART_MAP },
	{ "include", text_include, "include,FILE,BAR,BASE",
	  "All that another map has (text, csr.csv, SVD, IP-XACT), at BASE, an address or the name of a block above; "
	  "as=NAME names its block, from=ADDRESS is what BASE is in FILE.",
	  NULL, 4, PART_MAP },
	{ "bar", text_row_bar, "bar,BLOCK,N", "The same for a block of another row.", "bar,DMA,0\n", 3,
	  PART_MAP },
	{ "if", text_row_if, "if,BLOCK,REGISTER[:BITS][+...]>NUMBER",
	  "The block is there only where the sum is above NUMBER: what shows all of a map reads that first.",
	  "if,DMA,ID:31:16>0\n", 3, PART_BEHIND },
	{ "map", row_map, "map,NAME,DESCRIPTION", "What the map is called.",
	  "map,board,The board on the bench\n", 2, PART_MAP },
	{ "device", row_device, "device,VENDOR:DEVICE", "Which device it is for, in hexadecimal.",
	  "device,1234:5678\n", 2, PART_MAP },
	{ "base", row_base, "base,ADDRESS", "The address that is offset 0 of the BAR.", "base,0x0\n", 2,
	  PART_MAP },
};

static void put_part(struct text_buffer *text, enum part part)
{
	for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++) {
		if (kinds[i].part != part)
			continue;
		text_buffer_format(text, "\n# %s\n#   %s\n", kinds[i].form, kinds[i].meaning);
		if (kinds[i].example)
			text_buffer_string(text, kinds[i].example);
	}
}

int text_template(struct text_buffer *text)
{
	text_buffer_string(text,
			   "# A register map, see pcietool-map(5). 'pcietool map check FILE' says what is "
			   "wrong in it.\n# A row a line; numbers are decimal, 0x hexadecimal or 0b binary.\n"
			   "#\n# ");
	text_list_words(text, "\n# ");
	for (enum part part = 0; part < PARTS; part++)
		put_part(text, part);
	return text->failed ? -ENOMEM : 0;
}

bool text_row_is_kind(const char *word, size_t length)
{
	for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++) {
		if (strlen(kinds[i].kind) == length && memcmp(kinds[i].kind, word, length) == 0)
			return true;
	}
	return false;
}

int text_row_take(struct text_map *t, const struct text_row *row)
{
	const char *kind = row->columns[0].text;
	char list[160] = "";
	size_t n = 0;
	int rc;

	for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++) {
		if (strcmp(kinds[i].kind, kind) != 0)
			continue;
		if (row->count < kinds[i].columns)
			rc = text_bad(t, row, "columns are missing: %s", kinds[i].form);
		else
			rc = kinds[i].take(t, row);
		if (rc == TEXT_BAD)
			rc = refuse(t, row);
		return rc < 0 ? rc : 0;
	}
	for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]) && n < sizeof(list); i++)
		n += (size_t)snprintf(list + n, sizeof(list) - n, "%s%s", i ? ", " : "", kinds[i].kind);
	regmap_problem(t->map, row->place, "'%.60s' is no kind of row: %s", kind, list);
	return 0;
}
