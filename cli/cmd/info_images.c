// SPDX-License-Identifier: GPL-2.0-or-later
/* What is in a device's ROM and VPD, rendered. */
#include <stdlib.h>
#include <string.h>

#include "cli/cmd/info.h"
#include "core/survey/privacy.h"

#define COLUMN 13 /* where info's values stand */
#define MEANING 16 /* from there on */
#define VALUE 42

static void write_problem(struct writer *w, const char *problem)
{
	if (!problem[0])
		return;
	writer_column(w, COLUMN);
	writer_string(w, "problem", "damaged: ", problem);
	writer_line(w);
}

/* --- VPD --------------------------------------------------------------------------------------------- */

static void write_field(struct writer *w, const struct vpd *vpd, const struct vpd_field *field,
			bool with_serials)
{
	char *text = vpd_text(vpd, field->offset, field->length);
	const char *meaning = vpd_meaning(field->keyword);

	writer_object(w, NULL);
	writer_column(w, COLUMN);
	writer_string(w, "keyword", "", field->keyword);
	writer_column(w, MEANING);
	if (meaning)
		writer_string(w, "meaning", "", meaning);
	writer_string(w, "area", field->is_writable ? ", " : NULL,
		      field->is_writable ? "writable" : "read-only");
	writer_column(w, VALUE);
	if (text && !with_serials && privacy_is_vpd_serial(field->keyword))
		memset(text, 'x', strlen(text));
	writer_string(w, "value", "", text ? text : "");
	writer_number(w, "bytes", NULL, field->length);
	writer_hex(w, "offset", NULL, field->offset, 3);
	writer_line(w);
	writer_end(w);
	free(text);
}

static void write_checksum(struct writer *w, enum vpd_checksum checksum)
{
	writer_column(w, COLUMN);
	if (checksum == VPD_CHECKSUM_NONE)
		writer_null(w, "checksum", "checksum ", "there is none");
	else
		writer_string(w, "checksum", "checksum ", checksum == VPD_CHECKSUM_GOOD ? "good" : "wrong");
	writer_line(w);
}

void info_write_vpd(struct writer *w, const struct vpd *vpd, bool with_serials)
{
	char *name = vpd->has_identifier ? vpd_text(vpd, vpd->identifier, vpd->identifier_length) : NULL;

	writer_object(w, "vpd");
	writer_text(w, "VPD");
	writer_column(w, COLUMN);
	if (name)
		writer_string(w, "identifier", "", name);
	else
		writer_null(w, "identifier", "identifier ", "there is none");
	writer_line(w);
	writer_array(w, "fields");
	for (size_t i = 0; i < vpd->field_count; i++)
		write_field(w, vpd, &vpd->fields[i], with_serials);
	writer_end(w);
	write_checksum(w, vpd->checksum);
	write_problem(w, vpd->problem);
	writer_end(w);
	free(name);
}

/* --- ROM --------------------------------------------------------------------------------------------- */

static void write_code(struct writer *w, const struct rom_image *image)
{
	const char *code = rom_code_name(image->code_type);
	const char *machine = rom_machine_name(image->efi_machine);

	writer_number(w, "code_type", NULL, image->code_type);
	if (code)
		writer_string(w, "code", ": ", code);
	else
		writer_null(w, "code", ": ", "code of no known kind");
	if (!image->is_efi)
		return;
	if (machine)
		writer_string(w, "machine", " for ", machine);
	else
		writer_null(w, "machine", " for ", "no known machine");
	writer_hex(w, "machine_type", NULL, image->efi_machine, 4);
	writer_number(w, "subsystem", NULL, image->efi_subsystem);
	writer_bool(w, "compressed", NULL, image->efi_is_compressed);
	if (image->efi_is_compressed)
		writer_text(w, ", compressed");
}

static void write_image(struct writer *w, const struct rom *rom, const struct rom_image *image,
			const struct device_ids *ids)
{
	writer_object(w, NULL);
	writer_column(w, COLUMN);
	writer_hex(w, "offset", "at ", image->offset, 4);
	write_code(w, image);
	writer_id(w, "vendor_id", ", ", image->vendor, 4);
	writer_id(w, "device_id", ":", image->device, 4);
	writer_id(w, "class_id", " [", image->class_code, 6);
	writer_size(w, "size", "], ", image->length);
	writer_hex(w, "level", ", level ", image->level, 4);
	if (!ids->vendor_id.reason && !ids->device_id.reason) {
		bool fits = rom_image_is_for(rom, image, (uint16_t)ids->vendor_id.value,
					     (uint16_t)ids->device_id.value);

		writer_bool(w, "is_for_device", NULL, fits);
		if (!fits)
			writer_text(w, ", for another device");
	}
	if (image->checksum != ROM_CHECKSUM_NONE)
		writer_string(w, "checksum", ", checksum ",
			      image->checksum == ROM_CHECKSUM_GOOD ? "good" : "wrong");
	writer_line(w);
	writer_end(w);
}

void info_write_rom(struct writer *w, const struct rom *rom, const struct device_ids *ids)
{
	writer_object(w, "rom_content");
	writer_text(w, "ROM");
	writer_column(w, COLUMN);
	writer_number(w, "count", "images ", rom->image_count);
	writer_size(w, "size", ", read ", rom->length);
	writer_line(w);
	writer_array(w, "images");
	for (size_t i = 0; i < rom->image_count; i++)
		write_image(w, rom, &rom->images[i], ids);
	writer_end(w);
	write_problem(w, rom->problem);
	writer_end(w);
}
