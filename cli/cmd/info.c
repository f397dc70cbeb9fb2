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
	const char *file; /* NULL: not asked for */
	int (*read)(struct device *device, uint8_t **data, size_t *length, struct error *error);
	size_t length;
};

static int save(const char *file, const uint8_t *data, size_t length, struct error *error)
{
	struct output *output;
	int rc;

	rc = output_open(file, false, &output, error);
	if (rc < 0)
		return rc;
	rc = output_write(output, data, length, error);
	if (rc == 0)
		rc = output_finish(output, error);
	output_close(output);
	return rc;
}

/* The file is opened when there is something to put into it: a failed read leaves an old one alone. */
static int save_image(struct invocation *inv, struct device *device, struct image *image)
{
	uint8_t *data;
	int rc;

	if (!image->file || inv->dry_run)
		return 0;
	rc = image->read(device, &data, &image->length, &inv->error);
	if (rc < 0)
		return rc;
	rc = save(image->file, data, image->length, &inv->error);
	free(data);
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

static int show(struct invocation *inv, struct device *device)
{
	const struct option_values *options = &inv->options;
	struct image images[] = {
		{ .what = "rom", .file = options->rom, .read = device_rom_read },
		{ .what = "vpd", .file = options->vpd, .read = device_vpd_read },
	};
	struct names *names = NULL;
	struct device_info info;
	int rc;

	rc = save_image(inv, device, &images[0]);
	if (rc == 0)
		rc = save_image(inv, device, &images[1]);
	if (rc < 0)
		return rc;
	if (!options->numeric) {
		rc = names_open(&inv->ctx, &names);
		if (rc < 0)
			return error_errno(&inv->error, rc, "names");
	}
	rc = device_info_read(device, names, &info, &inv->error);
	if (rc == 0) {
		writer_document(inv->out, "info");
		info_write(inv->out, &info);
		write_saved(inv, images, sizeof(images) / sizeof(images[0]));
		writer_document_end(inv->out);
	}
	names_close(names);
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
			"Capabilities need root. --rom switches the ROM's decoder on while it reads; memory "
			"decoding must be on.",
		.options = TAKES(OPTION_NUMERIC, OPTION_ROM, OPTION_VPD),
		.parse = parse,
		.offline = true,
		.run = run_info,
	},
	{ 0 },
};
