// SPDX-License-Identifier: GPL-2.0-or-later
/* The table of config space against itself: what a typing error in a row would break. */
#include <ctype.h>
#include <stdio.h>
#include <string.h>

#include "core/config/table.h"
#include "core/pci/capability.h"
#include "tap.h"

static bool is_name(const char *name)
{
	for (const char *c = name; *c; c++) {
		if (!isupper((unsigned char)*c) && !isdigit((unsigned char)*c) && *c != '_')
			return false;
	}
	return *name != '\0';
}

/* Two fields at one place are of different kinds of ports. */
static bool overlap(const struct config_field *a, const struct config_field *b)
{
	bool apart = a->lsb + a->bits <= b->lsb || b->lsb + b->bits <= a->lsb;

	return !apart && (!a->ports || !b->ports || (a->ports & b->ports));
}

static unsigned int check_field(const char *where, const struct config_register *reg,
				const struct config_field *f)
{
	unsigned int bad = 0;

	if (!is_name(f->name) || !f->title || !*f->title)
		bad += fprintf(stderr, "# %s.%s.%s: name or title\n", where, reg->name, f->name) > 0;
	if (!f->bits || f->lsb + f->bits > reg->width)
		bad += fprintf(stderr, "# %s.%s.%s: outside its register\n", where, reg->name, f->name) > 0;
	for (const struct config_value *v = f->values; v && v->name; v++) {
		if (f->bits < 32 && v->value >> f->bits)
			bad += fprintf(stderr, "# %s.%s.%s: %s does not fit\n", where, reg->name, f->name,
				       v->name) > 0;
	}
	for (const struct config_field *other = f + 1; other->name; other++) {
		if (overlap(f, other))
			bad += fprintf(stderr, "# %s.%s: %s and %s overlap\n", where, reg->name, f->name,
				       other->name) > 0;
		if (strcmp(f->name, other->name) == 0 &&
		    (!f->ports || !other->ports || f->ports & other->ports))
			bad += fprintf(stderr, "# %s.%s: %s twice\n", where, reg->name, f->name) > 0;
		if (other->lsb < f->lsb)
			bad += fprintf(stderr, "# %s.%s: %s before %s\n", where, reg->name, f->name,
				       other->name) > 0;
	}
	return bad;
}

static unsigned int check_register(const struct config_block *block, const struct config_register *reg)
{
	const char *where = block->name[0] ? block->name : "header";
	unsigned int end = block->is_extended ? 4096 : 256;
	unsigned int bad = 0;

	if (!is_name(reg->name) || !reg->title || !*reg->title)
		bad += fprintf(stderr, "# %s.%s: name or title\n", where, reg->name) > 0;
	if (reg->width != 8 && reg->width != 16 && reg->width != 32)
		bad += fprintf(stderr, "# %s.%s: width %u\n", where, reg->name, reg->width) > 0;
	else if (reg->offset % (reg->width / 8))
		bad += fprintf(stderr, "# %s.%s: not aligned\n", where, reg->name) > 0;
	if (reg->offset >= end || (block->name[0] && reg->offset < (block->is_extended ? 4 : 2)))
		bad += fprintf(stderr, "# %s.%s: offset\n", where, reg->name) > 0;
	if ((reg->fixed || reg->repeat.width) && reg->stride < reg->width / 8)
		bad += fprintf(stderr, "# %s.%s: stride\n", where, reg->name) > 0;
	if (reg->longer.width && !reg->repeat.width)
		bad += fprintf(stderr, "# %s.%s: longer without repeat\n", where, reg->name) > 0;
	for (const struct config_field *f = reg->fields; f && f->name; f++)
		bad += check_field(where, reg, f);
	return bad;
}

static unsigned int check_block(const struct config_block *block)
{
	const struct capability_name *name = capability_name_of(block->is_extended, block->id);
	unsigned int bad = 0;

	/* setpci's names and those of the table are two lists; what people read is the same in both */
	if (block->name[0] && (!name || strcmp(name->name, block->title) != 0))
		bad += fprintf(stderr, "# %s: capability_names.c does not call it %s\n", block->name,
			       block->title) > 0;
	for (const struct config_register *reg = block->registers; reg->name; reg++)
		bad += check_register(block, reg);
	for (size_t i = 1;; i++) {
		const struct config_block *other = config_block_at(i);

		if (!other)
			break;
		if (other != block &&
		    (strcmp(other->name, block->name) == 0 ||
		     (block->name[0] && other->is_extended == block->is_extended && other->id == block->id)))
			bad += fprintf(stderr, "# %s is there twice\n", block->name) > 0;
	}
	return bad;
}

int main(void)
{
	struct tap tap = { 0 };
	const struct config_block *block;

	for (size_t i = 0; (block = config_block_at(i)) != NULL; i++) {
		char what[80];

		snprintf(what, sizeof(what), "the rows of %s", block->name[0] ? block->name : "the header");
		ok(&tap, check_block(block) == 0, "%s", what);
	}
	ok(&tap, config_block_of(false, 0x10) == &config_express, "PCI Express is found by its id");
	ok(&tap, config_block_of(true, 0x01) == &config_aer, "AER is found by its id");
	ok(&tap, config_block_of(true, 0xffff) == NULL, "an unknown one is not");
	return tap_done(&tap);
}
