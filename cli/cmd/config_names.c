// SPDX-License-Identifier: GPL-2.0-or-later
/* config names: the table of config space itself. The manual's appendix is made of this. */
#include <stdio.h>
#include <strings.h>

#include "cli/cmd/config.h"
#include "cli/register_view.h"
#include "core/config/table.h"

#define NAME_COLUMN 26
#define BITS_COLUMN 34
#define ACCESS_COLUMN 42

static const char *access_name(unsigned int access)
{
	static const char *const names[] = {
		[RO] = "RO",   [RW] = "RW",	  [RW1C] = "RW1C",     [ROS] = "ROS",
		[RWS] = "RWS", [RW1CS] = "RW1CS", [HWINIT] = "HwInit", [TRIGGER] = "trigger",
	};

	return names[access];
}

/* "0-3", "5": whether a value has a name. */
/* Of a long list of numbers, all powers of two or all that there are, the text has the first and the last. */
#define NUMBERS_MAX 16
#define NUMBERS_FIRST 4

static void write_values(struct writer *w, const struct config_value *values, bool are_numbers)
{
	const char *separator = ": ";
	size_t count = 0;

	while (values && values[count].name)
		count++;
	writer_array(w, "values");
	for (size_t i = 0; i < count; i++) {
		bool is_left_out = are_numbers && count > NUMBERS_MAX && i >= NUMBERS_FIRST && i < count - 1;

		writer_object(w, NULL);
		writer_number(w, "value", NULL, values[i].value);
		writer_string(w, "name", is_left_out ? NULL : separator, values[i].name);
		writer_end(w);
		if (is_left_out && i == NUMBERS_FIRST)
			writer_text(w, ", ...");
		separator = ", ";
	}
	writer_end(w);
}

static void write_field(struct writer *w, const struct config_field *f)
{
	char bits[REGISTER_BITS_SIZE];

	register_bits(f->lsb, f->bits, bits);
	writer_object(w, NULL);
	writer_string(w, "name", "    ", f->name);
	writer_number(w, "lsb", NULL, f->lsb);
	writer_number(w, "bits", NULL, f->bits);
	writer_column(w, NAME_COLUMN);
	writer_text(w, " %s", bits);
	writer_column(w, BITS_COLUMN);
	writer_string(w, "access", " ", access_name(f->access));
	writer_column(w, ACCESS_COLUMN);
	writer_string(w, "title", " ", f->title);
	write_values(w, f->values, f->sizes);
	writer_line(w);
	writer_end(w);
}

static void write_register(struct writer *w, const struct config_block *block,
			   const struct config_register *reg)
{
	bool repeats = reg->fixed || reg->repeat.width;
	char name[64];
	char place[32];

	snprintf(name, sizeof(name), "%s%s%s%s", block->name, block->name[0] ? "." : "", reg->name,
		 reg->inner.width ? "N_OFM"
		 : repeats	  ? "N"
				  : "");
	snprintf(place, sizeof(place), "+0x%02x/%u", reg->offset, reg->width);
	writer_object(w, NULL);
	writer_string(w, "name", "  ", name);
	writer_hex(w, "offset", NULL, reg->offset, 2);
	writer_number(w, "width", NULL, reg->width);
	writer_bool(w, "repeats", NULL, repeats);
	writer_column(w, NAME_COLUMN);
	writer_text(w, " %s", place);
	writer_column(w, BITS_COLUMN);
	if (reg->fields)
		writer_null(w, "access", NULL, "its fields'");
	else
		writer_string(w, "access", " ", access_name(reg->access));
	writer_column(w, ACCESS_COLUMN);
	writer_string(w, "title", " ", reg->title);
	writer_line(w);
	writer_array(w, "fields");
	for (const struct config_field *f = reg->fields; f && f->name; f++)
		write_field(w, f);
	writer_end(w);
	writer_end(w);
}

static void write_block(struct writer *w, const struct config_block *block)
{
	writer_object(w, NULL);
	writer_string(w, "name", "", block->name[0] ? block->name : "header");
	writer_string(w, "title", block->name[0] ? ": " : NULL, block->title);
	writer_id(w, "id",
		  block->name[0] ? (block->is_extended ? ", extended capability " : ", capability ") : NULL,
		  block->id, block->is_extended ? 4 : 2);
	writer_bool(w, "extended", NULL, block->is_extended);
	writer_line(w);
	writer_array(w, "registers");
	for (const struct config_register *reg = block->registers; reg->name; reg++)
		write_register(w, block, reg);
	writer_end(w);
	writer_end(w);
}

static bool is_asked_for(const struct invocation *inv, const struct config_block *block)
{
	for (unsigned int i = 0; i < inv->operand_count; i++) {
		if (strcasecmp(config_block_word(inv->operands[i]),
			       block->name[0] ? block->name : "header") == 0)
			return true;
	}
	return inv->operand_count == 0;
}

static int check_operands(struct invocation *inv)
{
	for (unsigned int i = 0; i < inv->operand_count; i++) {
		const char *word = config_block_word(inv->operands[i]);
		const struct config_block *block;
		bool found = strcasecmp(word, "header") == 0;

		for (size_t b = 1; !found && (block = config_block_at(b)) != NULL; b++)
			found = strcasecmp(word, block->name) == 0;
		if (!found) {
			int rc = error_set(&inv->error, ERROR_USAGE, "unknown-name",
					   "'%.100s': no capability has that name", inv->operands[i]);

			error_hint(&inv->error, "'pcietool config names' lists all");
			return rc;
		}
	}
	return 0;
}

int config_names(struct invocation *inv)
{
	const struct config_block *block;
	int rc = check_operands(inv);

	if (rc < 0)
		return rc;
	writer_document(inv->out, inv->command->name);
	writer_array(inv->out, "blocks");
	for (size_t i = 0; (block = config_block_at(i)) != NULL; i++) {
		if (is_asked_for(inv, block))
			write_block(inv->out, block);
	}
	return 0;
}
