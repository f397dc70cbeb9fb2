// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/pci/config_space.h"

#include <errno.h>

int config_space_read(struct device *device, struct config_space *space, struct error *error)
{
	int size = device_config_size(device);

	if (size < 0)
		return error_errno(error, size, "%s: reading config space", device->name);
	if (!device_is_present(device))
		return device_gone(device, error);
	space->size = (unsigned int)size;
	for (unsigned int i = 0; i < space->size;) {
		unsigned int width = space->size - i >= 4 ? 32 : 8;
		uint32_t value;
		int rc = device_config_read(device, i, width, &value, error);

		if (rc < 0)
			return rc;
		for (unsigned int n = 0; n < width / 8; n++)
			space->bytes[i++] = (uint8_t)(value >> (8 * n));
	}
	/* it went in between: ones are no config space of anything */
	return device_is_present(device) ? 0 : device_gone(device, error);
}

uint32_t config_space_get(const struct config_space *space, unsigned int offset, unsigned int width)
{
	uint32_t value = 0;

	for (unsigned int n = width / 8; n-- > 0;)
		value = value << 8 | (offset + n < space->size ? space->bytes[offset + n] : 0);
	return value;
}
