// SPDX-License-Identifier: GPL-2.0-or-later
/* Attributes and registers of a device with the reason why one is not known. */
#include "core/pci/fact.h"

#include <errno.h>

const char FACT_NO_ANSWER[] = "the device does not answer";
const char FACT_VIRTUAL_FUNCTION[] = "a virtual function does not say";

void fact_read_number(const struct device *device, const char *attribute, struct fact_number *fact)
{
	int rc = device_read_number(device, attribute, &fact->value);

	fact->reason = rc < 0 ? fact_reason(rc) : NULL;
}

void fact_read_text(const struct device *device, const char *attribute, struct fact_text *fact)
{
	int rc = device_read_attribute(device, attribute, fact->text, sizeof(fact->text));

	fact->reason = rc < 0 ? fact_reason(rc) : NULL;
}

void fact_read_config(struct device *device, unsigned int offset, unsigned int width,
		      struct fact_number *fact)
{
	struct error error;
	uint32_t value;
	int size;
	int rc;

	rc = device_config_read(device, offset, width, &value, &error);
	if (rc == 0) {
		/* what a completion that never came looks like; PCIe 5.0 section 2.3.2, implementation note */
		bool is_gone = value == UINT32_MAX >> (32 - width) && !device_is_present(device);

		fact->reason = is_gone ? FACT_NO_ANSWER : NULL;
		fact->value = value;
		return;
	}
	if (device->ctx->dump) {
		fact->reason = fact_reason(-ENODATA);
		return;
	}
	size = device_config_size(device);
	if (size < 0)
		fact->reason = fact_reason(size);
	else
		fact->reason = offset >= 64 && size == 64 ? "needs root" : fact_reason(rc);
}
