// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/dma/buffer_data.h"

#include <errno.h>
#include <string.h>

#include "core/base/sigbus.h"
#include "core/base/mmio.h"

static int lost(const struct buffer *buffer, struct error *error)
{
	struct device *device = buffer->client->device;
	int rc;

	if (!device_is_present(device))
		return device_gone(device, error);
	rc = error_set(error, ERROR_GONE, "bus-error", "%s: %s: the memory is gone", device->name,
		       buffer->name);
	error_hint(error, "the buffer was freed, or the device released, meanwhile");
	return rc;
}

static int copy(void *to, const void *from, size_t length)
{
	struct fault_guard guard;
	int rc = fault_init();

	if (rc < 0)
		return rc;
	if (fault_caught(&guard))
		return -EFAULT;
	memcpy(to, from, length);
	fault_end(&guard);
	return 0;
}

int buffer_read(struct buffer *buffer, uint64_t offset, void *data, size_t length, struct error *error)
{
	int rc = buffer_sync_for_cpu(buffer, offset, length, error);

	if (rc < 0)
		return rc;
	return copy(data, buffer->map + offset, length) < 0 ? lost(buffer, error) : 0;
}

int buffer_write(struct buffer *buffer, uint64_t offset, const void *data, size_t length, struct error *error)
{
	if (copy(buffer->map + offset, data, length) < 0)
		return lost(buffer, error);
	return buffer_sync_for_device(buffer, offset, length, error);
}

static int store(void *address, unsigned int width, uint64_t value)
{
	struct fault_guard guard;
	int rc = fault_init();

	if (rc < 0)
		return rc;
	if (fault_caught(&guard))
		return -EFAULT;
	mmio_write(address, width, value);
	fault_end(&guard);
	return 0;
}

int buffer_check_store(const struct buffer *buffer, uint64_t offset, unsigned int width, struct error *error)
{
	if (width <= mmio_max_width() || offset % (width / 8))
		return 0;
	return mmio_no_width(buffer->client->device->name, buffer->name, width, error);
}

int buffer_store(struct buffer *buffer, uint64_t offset, unsigned int width, uint64_t value,
		 struct error *error)
{
	uint8_t bytes[8];

	for (unsigned int i = 0; i < sizeof(bytes); i++)
		bytes[i] = (uint8_t)(value >> (8 * i));
	if (offset % (width / 8))
		return buffer_write(buffer, offset, bytes, width / 8, error);
	if (store(buffer->map + offset, width, value) < 0)
		return lost(buffer, error);
	return buffer_sync_for_device(buffer, offset, width / 8, error);
}
