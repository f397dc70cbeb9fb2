// SPDX-License-Identifier: GPL-2.0-or-later
/* `info`: one device, whole; and its ROM and VPD into files. */
#include "cli/cmd/info.h"

#include <stdlib.h>
#include <string.h>

#include "cli/command.h"
#include "cli/options.h"
#include "cli/output.h"
#include "cli/device.h"
#include "core/survey/info.h"

static int parse_file(const char *option, const char *arg, const char **file, struct error *error)
{
	if (strcmp(arg, "-") == 0 || !*arg)
		return error_set(error, ERROR_USAGE, "bad-option",
				 "%s: '%s': a file's name is needed, as info itself goes to standard output",
				 option, arg);
	*file = arg;
	return 0;
}

static int parse(enum option_id option, char *arg, struct invocation *inv)
{
	return option == OPTION_ROM ? parse_file("--rom", arg, &inv->options.rom, &inv->error)
				    : parse_file("--vpd", arg, &inv->options.vpd, &inv->error);
}

struct image {
	const char *what; /* "rom", "vpd" */
	const char *file; /* NULL: it is not to be saved */
	bool is_decoded; /* it is to be shown */
	int (*read)(struct device *device, uint8_t **data, size_t *length, struct error *error);
	struct output *output;
	uint8_t *data;
	size_t length;
};

static int open_image(struct invocation *inv, struct image *image)
{
	return image->file ? output_open(inv, image->file, &image->output) : 0;
}

static int read_image(struct invocation *inv, struct device *device, struct image *image)
{
	int rc;

	if (inv->dry_run || (!image->file && !image->is_decoded))
		return 0;
	rc = image->read(device, &image->data, &image->length, &inv->error);
	if (rc < 0 || !image->output)
		return rc;
	rc = output_write(image->output, image->data, image->length, &inv->error);
	return rc < 0 ? rc : output_finish(image->output, &inv->error);
}

static void free_image(struct image *image)
{
	output_close(image->output);
	free(image->data);
}

static int damaged(struct invocation *inv, const struct device *device, const char *what, const char *problem)
{
	int rc = error_set(&inv->error, ERROR_DIFFERS, "damaged", "%s: %s: %s", device->name, what, problem);

	error_hint(&inv->error, "'pcietool -s %s info --%s FILE' has the bytes", device->name, what);
	return rc;
}

static int write_vpd(struct invocation *inv, const struct device *device, const struct image *image)
{
	struct vpd vpd;
	int rc = vpd_parse(image->data, image->length, &vpd);

	if (rc < 0)
		return error_errno(&inv->error, rc, "%s", device->name);
	info_write_vpd(inv->out, &vpd, true);
	if (vpd.problem[0])
		rc = damaged(inv, device, image->what, vpd.problem);
	else if (vpd.checksum == VPD_CHECKSUM_WRONG)
		rc = damaged(inv, device, image->what, "its checksum is wrong");
	vpd_free(&vpd);
	return rc;
}

static int write_rom(struct invocation *inv, const struct device *device, const struct image *image,
		     const struct device_ids *ids)
{
	bool is_wrong = false;
	struct rom rom;
	int rc = rom_parse(image->data, image->length, &rom);

	if (rc < 0)
		return error_errno(&inv->error, rc, "%s", device->name);
	info_write_rom(inv->out, &rom, ids);
	for (size_t i = 0; i < rom.image_count; i++)
		is_wrong = is_wrong || rom.images[i].checksum == ROM_CHECKSUM_WRONG;
	if (rom.problem[0])
		rc = damaged(inv, device, image->what, rom.problem);
	else if (is_wrong)
		rc = damaged(inv, device, image->what, "the checksum of an image is wrong");
	rom_free(&rom);
	return rc;
}

static void write_saved(struct invocation *inv, const struct image *images, size_t count)
{
	struct writer *w = inv->out;

	writer_array(w, "saved");
	for (size_t i = 0; i < count && !inv->dry_run; i++) {
		if (!images[i].file)
			continue;
		writer_object(w, NULL);
		writer_text(w, "saved");
		writer_column(w, 13);
		writer_string(w, "what", "", images[i].what);
		writer_number(w, "bytes", ", bytes ", images[i].length);
		writer_string(w, "file", ", in ", images[i].file);
		writer_end(w);
		writer_line(w);
	}
	writer_end(w);
}

static int show_info(struct invocation *inv, struct device *device, const struct image images[2])
{
	const struct image *rom = &images[0];
	const struct image *vpd = &images[1];
	struct names *names = NULL;
	struct device_info info;
	int rc;

	if (!inv->options.numeric) {
		rc = names_open(&inv->ctx, &names);
		if (rc < 0)
			return error_errno(&inv->error, rc, "names");
	}
	rc = device_info_read(device, names, &info, &inv->error);
	if (rc == 0) {
		writer_document(inv->out, "info");
		info_write(inv->out, &info);
		if (rom->is_decoded && rom->data)
			rc = write_rom(inv, device, rom, &info.summary.ids);
		if (vpd->is_decoded && vpd->data) {
			int failed = write_vpd(inv, device, vpd);

			rc = rc < 0 ? rc : failed;
		}
		write_saved(inv, images, 2);
		if (rc == 0)
			writer_document_end(inv->out);
	}
	names_close(names);
	return rc;
}

static int show(struct invocation *inv, struct device *device)
{
	const struct option_values *options = &inv->options;
	struct image images[] = {
		{ .what = "rom",
		  .file = options->rom,
		  .is_decoded = options->rom_decode,
		  .read = device_rom_read },
		{ .what = "vpd",
		  .file = options->vpd,
		  .is_decoded = options->vpd_decode,
		  .read = device_vpd_read },
	};
	int rc = open_image(inv, &images[0]);

	if (rc == 0)
		rc = open_image(inv, &images[1]);
	if (rc == 0)
		rc = read_image(inv, device, &images[0]);
	if (rc == 0)
		rc = read_image(inv, device, &images[1]);
	if (rc == 0)
		rc = show_info(inv, device, images);
	free_image(&images[0]);
	free_image(&images[1]);
	return rc;
}

static int run_info(struct invocation *inv)
{
	struct device *device;
	int rc;

	rc = command_device(inv, &device);
	if (rc < 0)
		return rc;
	rc = show(inv, device);
	device_close(device);
	return rc;
}

const struct command info_commands[] = {
	{
		.name = "info",
		.summary = "Show one device: ids, BARs, capabilities, link, interrupts, driver, power",
		.details =
			"Capabilities need root. --rom and --rom-decode switch the ROM's decoder on while they "
			"read; memory decoding must be on.",
		.options =
			TAKES(OPTION_NUMERIC, OPTION_ROM, OPTION_VPD, OPTION_ROM_DECODE, OPTION_VPD_DECODE),
		.parse = parse,
		.offline = true,
		.pages = true,
		.run = run_info,
	},
	{ 0 },
};
