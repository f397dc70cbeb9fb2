// SPDX-License-Identifier: GPL-2.0-or-later
/* The only file of core that knows the kernel helper's interface, kmod/pcietool_uapi.h. */
#include "core/helper.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <time.h>
#include <unistd.h>

#include "core/preflight.h"
#include "core/sysfs.h"
#include "kmod/pcietool_uapi.h"

_Static_assert(PCIETOOL_NAME_MAX == BUFFER_NAME_SIZE - 1, "a name that the kernel takes fits here");

#define NODE_TRIES 50
#define NODE_PAUSE 20000000 /* ns */

struct helper {
	int fd;
};

static int explain_open(struct device *device, int rc, struct error *error)
{
	char driver[64];
	char mode[32];

	if (rc == -ENOENT || rc == -ENXIO || rc == -ENODEV) {
		if (device_driver(device, driver, sizeof(driver)) < 0)
			snprintf(driver, sizeof(driver), "none");
		error_set(error, ERROR_UNSUPPORTED, "not-bound",
			  "%s: the device is not bound to the kernel helper (its driver: %s)", device->name,
			  driver);
		error_hint(error, "give it to the helper with 'pcietool -s %s driver bind'", device->name);
		return -EOPNOTSUPP;
	}
	error_errno(error, rc, "opening /dev/pcietool/%s", device->name);
	if ((rc == -EACCES || rc == -EPERM) && geteuid() != 0) {
		error_hint(error, "run as root: DMA without an IOMMU reaches all memory");
	} else if (rc == -EPERM && preflight_lockdown(device->ctx, mode, sizeof(mode))) {
		error_set(error, ERROR_DENIED, "lockdown",
			  "opening /dev/pcietool/%s: kernel lockdown (%s) forbids it", device->name, mode);
		error_hint(error, "see kernel_lockdown(7); VFIO still works under lockdown");
	} else if (rc == -EPERM) {
		error_hint(error, "it needs CAP_SYS_RAWIO");
	}
	return rc;
}

/* The node comes with the binding, but where udev makes it, a little later. */
static int open_node(const struct device *device)
{
	const struct timespec pause = { .tv_nsec = NODE_PAUSE };
	char driver[64];
	int fd = -ENOENT;

	for (int tries = NODE_TRIES; tries > 0; tries--) {
		fd = sysfs_open(device->ctx, O_RDWR, "/dev/pcietool/%s", device->name);
		if (fd != -ENOENT || device_driver(device, driver, sizeof(driver)) < 0 ||
		    strcmp(driver, "pcietool") != 0)
			break;
		nanosleep(&pause, NULL);
	}
	return fd;
}

int helper_open(struct device *device, struct helper **helper, struct error *error)
{
	struct helper_state state;
	struct helper *h;
	int rc;

	h = malloc(sizeof(*h));
	if (!h)
		return error_errno(error, -ENOMEM, "%s", device->name);
	h->fd = open_node(device);
	if (h->fd < 0) {
		rc = explain_open(device, h->fd, error);
		goto err_free_helper;
	}
	rc = helper_query(h, &state);
	if (rc < 0) {
		error_errno(error, rc, "%s: asking the kernel helper", device->name);
		goto err_close_fd;
	}
	if (state.abi_version != PCIETOOL_ABI_VERSION) {
		rc = error_set(error, ERROR_UNSUPPORTED, "helper-version",
			       "%s: the kernel helper speaks version %u, this program %u", device->name,
			       state.abi_version, PCIETOOL_ABI_VERSION);
		error_hint(error, "build and load the helper of this version: 'make kmod'");
		goto err_close_fd;
	}
	*helper = h;
	return 0;

err_close_fd:
	close(h->fd);
err_free_helper:
	free(h);
	return rc;
}

void helper_close(struct helper *helper)
{
	if (!helper)
		return;
	close(helper->fd);
	free(helper);
}

static int call(struct helper *helper, unsigned long number, void *args)
{
	return ioctl(helper->fd, number, args) < 0 ? error_last() : 0;
}

static enum interrupt_type type_from_uapi(uint32_t type)
{
	switch (type) {
	case PCIETOOL_IRQ_INTX:
		return INTERRUPT_INTX;
	case PCIETOOL_IRQ_MSI:
		return INTERRUPT_MSI;
	case PCIETOOL_IRQ_MSIX:
		return INTERRUPT_MSIX;
	default:
		return INTERRUPT_NONE;
	}
}

static uint32_t type_to_uapi(enum interrupt_type type)
{
	switch (type) {
	case INTERRUPT_INTX:
		return PCIETOOL_IRQ_INTX;
	case INTERRUPT_MSI:
		return PCIETOOL_IRQ_MSI;
	case INTERRUPT_MSIX:
		return PCIETOOL_IRQ_MSIX;
	default:
		return PCIETOOL_IRQ_NONE;
	}
}

int helper_query(struct helper *helper, struct helper_state *state)
{
	struct pcietool_query query = { .size = sizeof(query) };
	int rc = call(helper, PCIETOOL_IOC_QUERY, &query);

	if (rc < 0)
		return rc;
	*state = (struct helper_state){
		.abi_version = query.out_abi_version,
		.mask_bits = query.out_dma_mask_bits,
		.has_iommu = query.out_features & PCIETOOL_FEATURE_IOMMU,
		.is_coherent = query.out_features & PCIETOOL_FEATURE_COHERENT,
		.bytes_used = query.out_bytes_used,
		.bytes_free = query.out_bytes_free,
		.buffers = query.out_buffers,
		.interrupts = {
			.type = type_from_uapi(query.out_irq_type),
			.vectors = query.out_vectors,
			.intx_available = query.out_intx,
			.msi_available = query.out_msi_vectors,
			.msix_available = query.out_msix_vectors,
		},
		.claimed = query.out_claimed != 0,
		.claimed_here = query.out_claimed == 1,
	};
	return 0;
}

int helper_set_mask(struct helper *helper, unsigned int bits)
{
	struct pcietool_set_mask args = { .size = sizeof(args), .bits = bits };

	return call(helper, PCIETOOL_IOC_SET_MASK, &args);
}

static void attributes_from_uapi(uint32_t attributes, struct buffer *buffer)
{
	buffer->page_backed = attributes & PCIETOOL_BUFFER_PAGE_BACKED;
	buffer->coherent = attributes & PCIETOOL_BUFFER_COHERENT;
	buffer->orphan = attributes & PCIETOOL_BUFFER_ORPHAN;
	buffer->own = attributes & PCIETOOL_BUFFER_OWN;
}

int helper_alloc(struct helper *helper, const char *name, uint64_t size, struct buffer *buffer)
{
	struct pcietool_dma_alloc args = {
		.size = sizeof(args),
		.flags = name[0] ? PCIETOOL_DMA_NAMED : 0,
		.length = size,
	};
	int rc;

	snprintf(args.name, sizeof(args.name), "%s", name);
	rc = call(helper, PCIETOOL_IOC_DMA_ALLOC, &args);
	if (rc < 0)
		return rc;
	*buffer = (struct buffer){
		.handle = args.out_handle,
		.length = args.out_length,
		.requested = size,
		.address = args.out_address,
		.mmap_offset = args.out_mmap_offset,
	};
	attributes_from_uapi(args.out_attributes, buffer);
	buffer->own = !name[0];
	snprintf(buffer->name, sizeof(buffer->name), "%.*s", PCIETOOL_NAME_MAX, name);
	return 0;
}

int helper_free(struct helper *helper, uint32_t handle, bool force)
{
	struct pcietool_dma_free args = {
		.size = sizeof(args),
		.flags = force ? PCIETOOL_DMA_FREE_FORCE : 0,
		.handle = handle,
	};

	return call(helper, PCIETOOL_IOC_DMA_FREE, &args);
}

int helper_next_buffer(struct helper *helper, uint32_t first, struct buffer *buffer)
{
	struct pcietool_dma_info args = { .size = sizeof(args), .handle = first };
	int rc = call(helper, PCIETOOL_IOC_DMA_INFO, &args);

	if (rc < 0)
		return rc;
	*buffer = (struct buffer){
		.handle = args.out_handle,
		.length = args.out_length,
		.requested = args.out_requested,
		.address = args.out_address,
		.mmap_offset = args.out_mmap_offset,
	};
	attributes_from_uapi(args.out_attributes, buffer);
	snprintf(buffer->name, sizeof(buffer->name), "%.*s", PCIETOOL_NAME_MAX, args.out_name);
	return 0;
}

int helper_sync(struct helper *helper, uint32_t handle, bool for_cpu, uint64_t offset, uint64_t length)
{
	struct pcietool_dma_sync args = {
		.size = sizeof(args),
		.handle = handle,
		.direction = for_cpu ? PCIETOOL_SYNC_FOR_CPU : PCIETOOL_SYNC_FOR_DEVICE,
		.offset = offset,
		.length = length,
	};

	return call(helper, PCIETOOL_IOC_DMA_SYNC, &args);
}

int helper_map(struct helper *helper, uint64_t mmap_offset, uint64_t length, void **map)
{
	void *address =
		mmap(NULL, length, PROT_READ | PROT_WRITE, MAP_SHARED, helper->fd, (off_t)mmap_offset);

	if (address == MAP_FAILED)
		return error_last();
	*map = address;
	return 0;
}

int helper_irq_enable(struct helper *helper, enum interrupt_type type, unsigned int vectors,
		      unsigned int *enabled)
{
	struct pcietool_irq_enable args = {
		.size = sizeof(args),
		.type = type_to_uapi(type),
		.vectors = vectors,
	};
	int rc = call(helper, PCIETOOL_IOC_IRQ_ENABLE, &args);

	if (rc == 0)
		*enabled = args.out_vectors;
	return rc;
}

int helper_irq_disable(struct helper *helper)
{
	struct pcietool_irq_disable args = { .size = sizeof(args) };

	return call(helper, PCIETOOL_IOC_IRQ_DISABLE, &args);
}

int helper_irq_count(struct helper *helper, unsigned int vector, uint64_t *count, unsigned int *linux_irq)
{
	struct pcietool_irq_info args = { .size = sizeof(args), .vector = vector };
	int rc = call(helper, PCIETOOL_IOC_IRQ_INFO, &args);

	if (rc < 0)
		return rc;
	*count = args.out_count;
	if (linux_irq)
		*linux_irq = args.out_linux_irq;
	return 0;
}

int helper_irq_wait(struct helper *helper, unsigned int vector, uint64_t since, uint64_t timeout,
		    uint64_t *count)
{
	struct pcietool_irq_wait args = {
		.size = sizeof(args),
		.vector = vector,
		.since = since,
		.timeout_ns = timeout > INT64_MAX ? -1 : (int64_t)timeout,
	};
	int rc = call(helper, PCIETOOL_IOC_IRQ_WAIT, &args);

	if (rc == 0 || rc == -ETIME)
		*count = args.out_count;
	return rc;
}

int helper_claim(struct helper *helper, bool release)
{
	struct pcietool_claim args = { .size = sizeof(args), .flags = release ? PCIETOOL_CLAIM_RELEASE : 0 };

	return call(helper, PCIETOOL_IOC_CLAIM, &args);
}

int helper_stop_write(struct helper *helper, unsigned int bar, uint64_t offset, unsigned int width,
		      uint64_t value, uint64_t mask)
{
	struct pcietool_stop_write args = {
		.size = sizeof(args),
		.bar = bar,
		.width = width,
		.offset = offset,
		.value = value,
		.mask = mask,
	};

	return call(helper, PCIETOOL_IOC_STOP_WRITE, &args);
}

int helper_failed(struct device *device, int rc, const char *what, struct error *error)
{
	if (rc != -ENODEV)
		return error_errno(error, rc, "%s: %s", device->name, what);
	if (!device_is_present(device))
		return device_gone(device, error);
	return error_set(error, ERROR_GONE, "unbound",
			 "%s: %s: the device was unbound from the helper meanwhile", device->name, what);
}
