// SPDX-License-Identifier: GPL-2.0-or-later
/* The only file of core that knows the kernel helper's interface, kmod/pcietool_uapi.h. */
#include "core/backend/helper.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/pci_regs.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/sysinfo.h>
#include <time.h>
#include <unistd.h>

#include "core/dma/client.h"
#include "core/dma/event_count.h"
#include "core/kernel/lockdown.h"
#include "core/kernel/sysfs.h"
#include "core/pci/capability.h"
#include "core/pci/iommu_group.h"
#include "core/pci/user_driver.h"
#include "core/preflight/preflight.h"
#include "kmod/pcietool_uapi.h"

_Static_assert(PCIETOOL_NAME_MAX == BUFFER_NAME_SIZE - 1, "a name that the kernel takes fits here");

#define NODE_TRIES 50
#define NODE_PAUSE 20000000 /* ns */

struct helper {
	struct buffer_client client; /* first */
	int fd;
	int session_fd; /* the holder's of our session; -1: none */
	struct helper_event *events; /* what descriptors of interrupts watch */
};

/* The kernel signals one eventfd a file and vector. */
struct helper_event {
	struct helper_event *next;
	unsigned int vector;
	int fd;
};

static const struct client_ops helper_ops;

static struct helper *to_helper(struct buffer_client *client)
{
	return (struct helper *)client;
}

struct buffer_client *helper_client(struct helper *helper)
{
	return &helper->client;
}

/* Behind an IOMMU the helper is the second choice: over VFIO the device reaches its own buffers only. */
static void hint_at_ways(const struct device *device, struct error *error)
{
	struct fact_number group;
	struct fact_text type;

	iommu_group_of(device->ctx, device->name, &group, &type);
	if (group.reason)
		error_hint(error, "give it to the helper with 'pcietool -s %s driver bind'", device->name);
	else
		error_hint(
			error,
			"over VFIO, as there is an IOMMU: 'pcietool -s %s session --bind vfio -- COMMAND'; or give it to the "
			"helper with 'pcietool -s %s driver bind'",
			device->name, device->name);
}

static int explain_open(struct device *device, int rc, struct error *error)
{
	char driver[64];
	char mode[32];
	char node[48];

	if (rc == -ENOENT || rc == -ENXIO || rc == -ENODEV) {
		if (device_driver(device, driver, sizeof(driver)) < 0)
			snprintf(driver, sizeof(driver), "none");
		if (preflight_is_no_node(rc) && strcmp(driver, user_driver_name("helper")) == 0) {
			snprintf(node, sizeof(node), "/dev/pcietool/%s", device->name);
			return preflight_no_node(device, node, "", error);
		}
		error_set(error, ERROR_UNSUPPORTED, "not-bound",
			  "%s: the device is not bound to the kernel helper (its driver: %s)", device->name,
			  driver);
		hint_at_ways(device, error);
		return -EOPNOTSUPP;
	}
	error_errno(error, rc, "opening /dev/pcietool/%s", device->name);
	if ((rc == -EACCES || rc == -EPERM) && geteuid() != 0) {
		error_hint(error, "run as root: DMA without an IOMMU reaches all memory");
	} else if (rc == -EPERM && lockdown_mode(device->ctx, mode, sizeof(mode))) {
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
		    strcmp(driver, user_driver_name("helper")) != 0)
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
	h->session_fd = -1;
	h->events = NULL;
	h->client = (struct buffer_client){ .ops = &helper_ops, .device = device };
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

int helper_fd(const struct helper *helper)
{
	return helper->fd;
}

void helper_join(struct helper *helper, int fd)
{
	helper->session_fd = fd;
}

void helper_close(struct helper *helper)
{
	if (!helper)
		return;
	while (helper->events) {
		struct helper_event *event = helper->events;

		helper->events = event->next;
		close(event->fd);
		free(event);
	}
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
			.unclaimed = query.out_unclaimed,
		},
		.held = {
			.bytes = query.out_held_bytes,
			.buffers = query.out_held_buffers,
			.resets = query.out_resets,
		},
		.claimed = query.out_claimed != 0,
		.claimed_here = query.out_claimed == 1,
	};
	return 0;
}

static int explain_mask(const struct helper *helper, int rc, unsigned int bits, unsigned int now,
			struct error *error)
{
	const char *name = helper->client.device->name;

	switch (rc) {
	case -EBUSY:
		rc = error_set(error, ERROR_FAILED, "buffers-exist",
			       "%s: the mask of %u bits stays while there are buffers", name, now);
		error_hint(error, "free them first: 'pcietool -s %s dma free --all'", name);
		return rc;
	case -EIO: /* dma_set_mask(9) knows no other error */
		error_set(error, ERROR_UNSUPPORTED, "bad-mask",
			  "%s: this kernel has no memory that can be reached with %u address bits", name,
			  bits);
		error_hint(
			error,
			"behind an IOMMU, or with CONFIG_ZONE_DMA, it may; --mask 32 for what can do that");
		return -EOPNOTSUPP;
	default:
		return error_errno(error, rc, "%s: setting a DMA mask of %u bits", name, bits);
	}
}

int helper_set_mask(struct helper *helper, unsigned int bits, struct error *error)
{
	struct pcietool_set_mask args = { .size = sizeof(args), .bits = bits };
	struct helper_state state;
	int rc = helper_query(helper, &state);

	if (rc < 0)
		return error_errno(error, rc, "%s: asking the helper for its DMA mask",
				   helper->client.device->name);
	if (state.mask_bits == bits)
		return 0;
	rc = call(helper, PCIETOOL_IOC_SET_MASK, &args);
	return rc < 0 ? explain_mask(helper, rc, bits, state.mask_bits, error) : 0;
}

static void attributes_from_uapi(uint32_t attributes, struct buffer *buffer)
{
	buffer->page_backed = attributes & PCIETOOL_BUFFER_PAGE_BACKED;
	buffer->coherent = attributes & PCIETOOL_BUFFER_COHERENT;
	buffer->orphan = attributes & PCIETOOL_BUFFER_ORPHAN;
	buffer->own = attributes & PCIETOOL_BUFFER_OWN;
}

/* --- buffers ------------------------------------------------------------------------------------ */

static int alloc(struct helper *helper, const char *name, uint64_t size, struct buffer *buffer)
{
	struct pcietool_dma_alloc args = {
		.size = sizeof(args),
		.length = size,
	};
	int fd = helper->fd;

	if (name[0])
		args.flags = PCIETOOL_DMA_NAMED;
	if (name[0] && helper->session_fd >= 0) {
		args.flags |= PCIETOOL_DMA_SESSION;
		fd = helper->session_fd;
	}
	snprintf(args.name, sizeof(args.name), "%s", name);
	if (ioctl(fd, PCIETOOL_IOC_DMA_ALLOC, &args) < 0)
		return error_last();
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

static int helper_free(struct buffer_client *client, uint32_t handle, unsigned int how, struct error *error)
{
	struct pcietool_dma_free args = {
		.size = sizeof(args),
		.flags = (how & BUFFER_FREE_FORCE ? PCIETOOL_DMA_FREE_FORCE : 0) |
			 (how & BUFFER_FREE_IDLE ? PCIETOOL_DMA_FREE_IDLE : 0),
		.handle = handle,
	};

	struct helper *helper = to_helper(client);
	int rc = call(helper, PCIETOOL_IOC_DMA_FREE, &args);

	(void)error;
	/* another file's: the session's? */
	if (rc == -EBUSY && helper->session_fd >= 0)
		rc = ioctl(helper->session_fd, PCIETOOL_IOC_DMA_FREE, &args) < 0 ? error_last() : 0;
	return rc;
}

static int helper_held(struct buffer_client *client, struct buffer_held *held, struct error *error)
{
	struct helper_state state;
	int rc = helper_query(to_helper(client), &state);

	(void)error;
	if (rc == 0)
		*held = state.held;
	return rc;
}

static int helper_give_back(struct buffer_client *client, struct error *error)
{
	struct pcietool_dma_release args = { .size = sizeof(args) };

	(void)error;
	return call(to_helper(client), PCIETOOL_IOC_DMA_RELEASE, &args);
}

/*
 * The largest power of two of bytes that would have been given, found by asking; 0 for none, or not known:
 * what was had for the question can be given back only while bus mastering is off.
 */
static uint64_t largest_possible(struct buffer_client *client, uint64_t size)
{
	struct error ignored;
	struct buffer probe;
	uint32_t command;
	uint64_t try = 1;

	if (device_config_read(client->device, PCI_COMMAND, 16, &command, &ignored) < 0 ||
	    command & PCI_COMMAND_MASTER)
		return 0;
	while (try <= size / 2)
		try *= 2;
	for (; try >= 4096; try /= 2) {
		if (alloc(to_helper(client), "", try, &probe) == 0) {
			/* no device was told of it */
			helper_free(client, probe.handle, BUFFER_FREE_IDLE, &ignored);
			return try;
		}
	}
	return 0;
}

static int explain_no_memory(struct buffer_client *client, uint64_t size, struct error *error)
{
	uint64_t largest = largest_possible(client, size - 1);
	char fits[64] = "";
	int rc;

	if (largest)
		snprintf(fits, sizeof(fits), "; %lluk would be the largest",
			 (unsigned long long)largest / 1024);
	rc = error_set(error, ERROR_FAILED, "no-memory",
		       "%s: the kernel has no %llu contiguous bytes under the device's DMA mask%s",
		       client->device->name, (unsigned long long)size, fits);
	error_hint(
		error,
		"an IOMMU (intel_iommu=on) makes scattered pages contiguous, a wider mask (driver bind "
		"--mask) or cma= at boot gives more; a capture needs only its blocks contiguous; a control "
		"group's memory.max counts this memory too");
	return rc;
}

#define MAX_BYTES "/sys/module/pcietool/parameters/max_bytes"

/* What all buffers may have together, as kmod/pcietool_dma.c has it; *MEMORY: what it never goes beyond. 0: not known. */
static uint64_t read_cap(const struct context *ctx, uint64_t *memory)
{
	struct sysinfo info;
	uint64_t limit;

	if (sysinfo(&info) < 0 || sysfs_read_number(ctx, &limit, MAX_BYTES) < 0)
		return 0;
	*memory = (uint64_t)info.totalram * info.mem_unit;
	if (limit == 0)
		return *memory / 2;
	return limit < *memory ? limit : *memory;
}

static int over_cap(struct buffer_client *client, uint64_t size, struct error *error)
{
	const char *name = client->device->name;
	struct helper_state state = { 0 };
	uint64_t memory = 0;
	uint64_t cap = read_cap(client->device->ctx, &memory);
	uint64_t needed;
	int rc;

	helper_query(to_helper(client), &state);
	/* freed in the meantime, or set anew */
	cap = cap > state.bytes_free ? cap : state.bytes_free;
	needed = cap - state.bytes_free + size;
	rc = error_set(
		error, ERROR_FAILED, "over-cap",
		"%s: %llu bytes are more than the %llu that are left of the %llu for all buffers together",
		name, (unsigned long long)size, (unsigned long long)state.bytes_free,
		(unsigned long long)cap);
	if (state.held.bytes)
		error_hint(
			error,
			"%llu bytes that were freed stay with the device: once its engine is idle, 'pcietool -s %s dma "
			"free --idle --all' gives them back; or raise " MAX_BYTES,
			(unsigned long long)state.held.bytes, name);
	else if (needed >= size && needed <= memory)
		error_hint(error, "free buffers, or raise the module's limit: 'echo %llu >" MAX_BYTES "'",
			   (unsigned long long)needed);
	else
		error_hint(error, "free buffers, or raise " MAX_BYTES);
	return rc;
}

static int helper_room(struct buffer_client *client, uint64_t size, struct error *error)
{
	struct helper_state state = { 0 };
	int rc = helper_query(to_helper(client), &state);

	if (rc < 0)
		return rc;
	return size > state.bytes_free ? over_cap(client, size, error) : 0;
}

static int helper_alloc(struct buffer_client *client, const char *name, uint64_t size, struct buffer *buffer,
			struct error *error)
{
	int rc = alloc(to_helper(client), name, size, buffer);

	if (rc == -EDQUOT)
		return over_cap(client, size, error);
	return rc == -ENOMEM ? explain_no_memory(client, size, error) : rc;
}

static int helper_next_buffer(struct buffer_client *client, uint32_t first, struct buffer *buffer,
			      struct error *error)
{
	struct pcietool_dma_info args = { .size = sizeof(args), .handle = first };
	int rc = call(to_helper(client), PCIETOOL_IOC_DMA_INFO, &args);

	(void)error;
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

static int helper_sync(struct buffer_client *client, uint32_t handle, bool for_cpu, uint64_t offset,
		       uint64_t length)
{
	struct pcietool_dma_sync args = {
		.size = sizeof(args),
		.handle = handle,
		.direction = for_cpu ? PCIETOOL_SYNC_FOR_CPU : PCIETOOL_SYNC_FOR_DEVICE,
		.offset = offset,
		.length = length,
	};

	return call(to_helper(client), PCIETOOL_IOC_DMA_SYNC, &args);
}

static int helper_map(struct buffer_client *client, const struct buffer *buffer, void **map,
		      struct error *error)
{
	void *address = mmap(NULL, buffer->length, PROT_READ | PROT_WRITE, MAP_SHARED, to_helper(client)->fd,
			     (off_t)buffer->mmap_offset);

	(void)error;
	if (address == MAP_FAILED)
		return error_last();
	*map = address;
	return 0;
}

/* --- interrupts --------------------------------------------------------------------------------- */

static int helper_irq_state(struct buffer_client *client, struct interrupt_state *state, struct error *error)
{
	struct helper_state all;
	int rc = helper_query(to_helper(client), &all);

	(void)error;
	if (rc == 0)
		*state = all.interrupts;
	return rc;
}

/* The kernel cannot reach the table of MSI-X: why its BAR does not answer. */
static int explain_no_table(struct device *device, int rc, struct error *error)
{
	const struct capability_place msix = capability_place_read(device, false, PCI_CAP_ID_MSIX);
	struct fact_number table;
	struct error ignored;
	struct bar bar;
	int why;

	capability_read(device, &msix, PCI_MSIX_TABLE, 32, &table);
	if (table.reason || device_bar(device, table.value & PCI_MSIX_TABLE_BIR, &bar, &ignored) < 0)
		return rc;
	why = preflight_bar(device, &bar, error);
	return why < 0 ? why : rc;
}

static int helper_irq_enable(struct buffer_client *client, enum interrupt_type type, unsigned int vectors,
			     unsigned int *enabled, struct error *error)
{
	struct pcietool_irq_enable args = {
		.size = sizeof(args),
		.type = type_to_uapi(type),
		.vectors = vectors,
	};
	int rc = call(to_helper(client), PCIETOOL_IOC_IRQ_ENABLE, &args);

	if (rc == 0)
		*enabled = args.out_vectors;
	return rc == -ENXIO ? explain_no_table(client->device, rc, error) : rc;
}

static int helper_irq_disable(struct buffer_client *client, struct error *error)
{
	struct pcietool_irq_disable args = { .size = sizeof(args) };

	(void)error;
	return call(to_helper(client), PCIETOOL_IOC_IRQ_DISABLE, &args);
}

static int helper_irq_count(struct buffer_client *client, unsigned int vector, uint64_t *count,
			    unsigned int *linux_irq, struct error *error)
{
	struct pcietool_irq_info args = { .size = sizeof(args), .vector = vector };
	int rc = call(to_helper(client), PCIETOOL_IOC_IRQ_INFO, &args);

	(void)error;
	if (rc < 0)
		return rc;
	*count = args.out_count;
	if (linux_irq)
		*linux_irq = args.out_linux_irq;
	return 0;
}

static int helper_irq_wait(struct buffer_client *client, unsigned int vector, uint64_t since,
			   uint64_t timeout, uint64_t *count, struct error *error)
{
	struct pcietool_irq_wait args = {
		.size = sizeof(args),
		.vector = vector,
		.since = since,
		.timeout_ns = timeout > INT64_MAX ? -1 : (int64_t)timeout,
	};
	int rc = call(to_helper(client), PCIETOOL_IOC_IRQ_WAIT, &args);

	(void)error;
	if (rc == 0 || rc == -ETIME)
		*count = args.out_count;
	return rc;
}

static int find_event(struct helper *helper, unsigned int vector, struct helper_event **event)
{
	struct helper_event *e = helper->events;

	while (e && e->vector != vector)
		e = e->next;
	if (!e) {
		e = malloc(sizeof(*e));
		if (!e)
			return -ENOMEM;
		*e = (struct helper_event){ .next = helper->events, .vector = vector };
		e->fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
		if (e->fd < 0) {
			int rc = error_last();

			free(e);
			return rc;
		}
		helper->events = e;
	}
	*event = e;
	return 0;
}

static int helper_irq_fd(struct buffer_client *client, unsigned int vector, int *fd, struct error *error)
{
	struct helper *helper = to_helper(client);
	struct pcietool_irq_eventfd args = { .size = sizeof(args), .vector = vector };
	struct helper_event *event;
	uint64_t ignored;
	int rc;

	/* only of a vector that there is */
	rc = helper_irq_count(client, vector, &ignored, NULL, error);
	if (rc == 0)
		rc = find_event(helper, vector, &event);
	if (rc < 0)
		return rc;
	args.fd = event->fd;
	/* told each time: who disabled interrupts meanwhile, and enabled them again, took it away */
	rc = call(helper, PCIETOOL_IOC_IRQ_EVENTFD, &args);
	return rc < 0 ? rc : event_watch_open(event->fd, -1, fd);
}

/* --- the claim ---------------------------------------------------------------------------------- */

static int helper_claim(struct buffer_client *client, bool release, struct error *error)
{
	struct pcietool_claim args = { .size = sizeof(args), .flags = release ? PCIETOOL_CLAIM_RELEASE : 0 };
	const char *device = client->device->name;
	int rc = call(to_helper(client), PCIETOOL_IOC_CLAIM, &args);

	if (rc == -EBUSY && !release) {
		rc = error_set(error, ERROR_DENIED, "claimed",
			       "%s: another process is capturing from the device", device);
		error_hint(error, "wait for it to end, or end it: 'fuser -v /dev/pcietool/%s' names it",
			   device);
	}
	return rc;
}

static int helper_stop_write(struct buffer_client *client, unsigned int bar, uint64_t offset,
			     unsigned int width, uint64_t value, uint64_t mask, struct error *error)
{
	struct pcietool_stop_write args = {
		.size = sizeof(args),
		.bar = bar,
		.width = width,
		.offset = offset,
		.value = value,
		.mask = mask,
		.flags = width ? 0 : PCIETOOL_STOP_CLEAR,
	};

	(void)error;
	return call(to_helper(client), PCIETOOL_IOC_STOP_WRITE, &args);
}

static void helper_client_close(struct buffer_client *client)
{
	helper_close(to_helper(client));
}

static const struct client_ops helper_ops = {
	.name = "the kernel helper",
	.irq_counts_unclaimed = true,
	.alloc = helper_alloc,
	.room = helper_room,
	.free = helper_free,
	.held = helper_held,
	.give_back = helper_give_back,
	.next_buffer = helper_next_buffer,
	.map = helper_map,
	.sync = helper_sync,
	.irq_state = helper_irq_state,
	.irq_enable = helper_irq_enable,
	.irq_disable = helper_irq_disable,
	.irq_count = helper_irq_count,
	.irq_wait = helper_irq_wait,
	.irq_fd = helper_irq_fd,
	.claim = helper_claim,
	.stop_write = helper_stop_write,
	.close = helper_client_close,
};
