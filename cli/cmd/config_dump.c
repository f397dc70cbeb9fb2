// SPDX-License-Identifier: GPL-2.0-or-later
/* config dump: in lspci's form, which lspci -F and --from-dump read; as bytes with -o, as JSON. */
#include <errno.h>
#include <linux/pci_regs.h>
#include <stdio.h>
#include <stdlib.h>

#include "cli/cmd/config.h"
#include "cli/cmd/registers.h"
#include "cli/device.h"
#include "core/pci/config_space.h"
#include "core/pci/dump.h"

/* Those of a virtual function are not in its config space: PCIe 6.0 sections 9.3.4.1.1 and 9.3.4.1.2. */
static void write_ids(struct writer *w, const struct device *device, uint32_t id)
{
	uint64_t vendor = id & 0xffff;
	uint64_t number = id >> 16;

	if (id == UINT32_MAX && device_is_virtual(device) &&
	    (device_read_number(device, "vendor", &vendor) < 0 ||
	     device_read_number(device, "device", &number) < 0))
		writer_text(w, "a virtual function");
	else
		writer_text(w, "%04x:%04x", (unsigned int)vendor, (unsigned int)number);
}

void config_dump_write(struct writer *w, const struct device *device, const struct config_space *space)
{
	uint32_t class = config_space_get(space, PCI_CLASS_REVISION, 32) >> 8;
	uint32_t id = config_space_get(space, PCI_VENDOR_ID, 32);
	char line[DUMP_LINE_SIZE];

	writer_text(w, "%s Class %06x: ", device->name, class);
	write_ids(w, device, id);
	writer_line(w);
	for (unsigned int i = 0; i < space->size; i += DUMP_LINE_BYTES) {
		size_t n = space->size - i < DUMP_LINE_BYTES ? space->size - i : DUMP_LINE_BYTES;

		dump_format_line(line, i, space->bytes + i, n);
		writer_text(w, "%s", line);
		writer_line(w);
	}
	writer_line(w);
}

/* One device's. A device that cannot be read is an error only when it is the only one. */
static int dump_one(struct invocation *inv, struct device *device)
{
	struct config_space space;
	int rc = config_space_read(device, &space, &inv->error);

	if (rc == 0)
		config_dump_write(inv->out, device, &space);
	return rc;
}

static int dump_all(struct invocation *inv)
{
	struct pci_address *list;
	struct device *device;
	size_t count;
	int rc;

	rc = selector_list(&inv->ctx, &inv->selector, &list, &count, &inv->error);
	for (size_t i = 0; rc == 0 && i < count; i++) {
		if (device_open(&inv->ctx, &list[i], &device, &inv->error) < 0)
			continue;
		if (dump_one(inv, device) < 0)
			context_log(&inv->ctx, LOG_WARN, "%s", inv->error.message);
		device_close(device);
	}
	if (rc == 0) {
		inv->error = (struct error){ 0 };
		if (count == 0)
			rc = no_match(inv);
		free(list);
	}
	return rc;
}

int config_dump(struct invocation *inv)
{
	const struct option_values *o = &inv->options;
	struct device *device;
	int rc;

	if (o->all && (inv->json || o->output)) {
		rc = error_set(&inv->error, ERROR_USAGE, "usage", "--all gives text only");
		if (o->output)
			error_hint(&inv->error, "'pcietool config dump --all > %s'", o->output);
		return rc;
	}
	if (o->all)
		return dump_all(inv);
	if (inv->json || o->output || o->width)
		return registers_dump(inv);
	rc = command_device(inv, &device);
	if (rc < 0)
		return rc;
	rc = dump_one(inv, device);
	device_close(device);
	return rc;
}
