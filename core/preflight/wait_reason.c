// SPDX-License-Identifier: GPL-2.0-or-later
/* What config space, the AER counters and the kernel log tell of a wait that was in vain. */
#include "core/pci/config_space.h"
#include "core/preflight/wait_reason.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <linux/pci_regs.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "core/kernel/interrupts.h"
#include "core/kernel/sysfs.h"
#include "core/pci/capability.h"
#include "core/pci/fact.h"

/* More of the kernel log than this is not searched; a fault comes in many lines alike. */
#define LOG_RECORDS 4096

/* Documentation/ABI/testing/sysfs-bus-pci-devices-aer_stats */
static const char *const counter_files[WAIT_REASON_COUNTERS] = {
	"aer_dev_correctable",
	"aer_dev_nonfatal",
	"aer_dev_fatal",
};

/* The text that is made, and how much of it there is. */
struct reasons {
	struct device *device;
	const char *doubt; /* behind what would explain it only if DMA or messages were waited for */
	bool is_polled;
	char *text;
	size_t size;
	size_t used;
};

static void add(struct reasons *r, const char *format, ...) __attribute__((format(printf, 2, 3)));

static void add(struct reasons *r, const char *format, ...)
{
	va_list ap;

	if (r->used > 0 && r->used < r->size)
		r->used += (size_t)snprintf(r->text + r->used, r->size - r->used, "; ");
	if (r->used >= r->size)
		return;
	va_start(ap, format);
	r->used += (size_t)vsnprintf(r->text + r->used, r->size - r->used, format, ap);
	va_end(ap);
}

static void read_counters(struct device *device, unsigned int i, char text[WAIT_REASON_TEXT])
{
	if (sysfs_read(device->ctx, text, WAIT_REASON_TEXT, SYSFS_PCI_DEVICES "/%s/%s", device->name,
		       counter_files[i]) < 0)
		text[0] = '\0';
}

void wait_reason_begin(struct device *device, struct wait_reason *before)
{
	before->is_register = before->is_polled = false;
	for (unsigned int i = 0; i < WAIT_REASON_COUNTERS; i++)
		read_counters(device, i, before->counters[i]);
	/* O_NONBLOCK: a read at the end says EAGAIN; Documentation/ABI/testing/dev-kmsg */
	before->log_fd = sysfs_open(device->ctx, O_RDONLY | O_NONBLOCK, "/dev/kmsg");
	if (before->log_fd < 0) {
		before->log_fd = -1;
		return;
	}
	lseek(before->log_fd, 0, SEEK_END);
}

void wait_reason_end(struct wait_reason *before)
{
	if (before->log_fd >= 0)
		close(before->log_fd);
	before->log_fd = -1;
}

/* A register of config space; 0 where it cannot be read. */
static uint32_t config(const struct reasons *r, unsigned int offset, unsigned int width)
{
	struct error ignored;
	uint32_t value;

	return device_config_read(r->device, offset, width, &value, &ignored) < 0 ? 0 : value;
}

/* The kernel has MSI or MSI-X set up: its folder of vectors is there then. */
static bool kernel_uses_msi(const struct reasons *r)
{
	char path[256];

	return sysfs_path(r->device->ctx, path, sizeof(path), SYSFS_PCI_DEVICES "/%s/msi_irqs",
			  r->device->name) == 0 &&
	       access(path, F_OK) == 0;
}

/* Of a capability; 0 where it has none. */
static uint32_t config_of(const struct reasons *r, const struct capability_place *place, unsigned int offset,
			  unsigned int width)
{
	return capability_holds(place, offset, width) ? config(r, place->offset + offset, width) : 0;
}

static void check_msi_bits(struct reasons *r, const struct capability_place *msi, uint32_t control)
{
	unsigned int offset = control & PCI_MSI_FLAGS_64BIT ? PCI_MSI_MASK_64 : PCI_MSI_MASK_32;
	uint32_t mask;
	uint32_t pending;

	if (!(control & PCI_MSI_FLAGS_MASKBIT))
		return;
	mask = config_of(r, msi, offset, 32);
	pending = config_of(r, msi, offset + PCI_MSI_PENDING_32 - PCI_MSI_MASK_32, 32);
	if (mask & pending)
		add(r, "MSI is masked (0x%x) while messages are pending (0x%x)", mask, pending);
	else if (pending)
		add(r, "MSI messages are pending (0x%x): the device could not send them", pending);
	else if (mask & 1)
		add(r, "MSI is masked (0x%x)", mask);
}

/* MSI and MSI-X, as config space has them. */
struct messages {
	bool in_use; /* the device sends them, or ought to */
	bool is_virtual; /* what VFIO shows of these capabilities is its own idea of them */
	struct capability_place msi;
	uint32_t msi_control;
	uint32_t msix_control;
};

static struct messages read_messages(const struct reasons *r)
{
	struct capability_place msix;
	struct messages m = { .is_virtual = r->device->config && r->device->config->is_virtual };

	if (m.is_virtual) {
		m.in_use = kernel_uses_msi(r);
		return m;
	}
	m.msi = capability_place_read(r->device, false, PCI_CAP_ID_MSI);
	msix = capability_place_read(r->device, false, PCI_CAP_ID_MSIX);
	m.msi_control = config_of(r, &m.msi, PCI_MSI_FLAGS, 16);
	m.msix_control = config_of(r, &msix, PCI_MSIX_FLAGS, 16);
	m.in_use = m.msix_control & PCI_MSIX_FLAGS_ENABLE || m.msi_control & PCI_MSI_FLAGS_ENABLE ||
		   ((m.msi.offset || msix.offset) && kernel_uses_msi(r));
	return m;
}

static void check_messages(struct reasons *r, const struct messages *m)
{
	if (m->is_virtual || r->is_polled)
		return;
	if (m->msix_control & PCI_MSIX_FLAGS_ENABLE) {
		if (m->msix_control & PCI_MSIX_FLAGS_MASKALL)
			add(r,
			    "MSI-X is masked for the whole function: 'pcietool -s %s config write "
			    "CAP_MSIX+2/16=0:0x4000'",
			    r->device->name);
		return;
	}
	if (m->msi_control & PCI_MSI_FLAGS_ENABLE)
		check_msi_bits(r, &m->msi, m->msi_control);
	else
		add(r,
		    "MSI is disabled in the device, though the kernel set it up (a reset does that): 'pcietool -s %s "
		    "irq disable', then 'irq enable'",
		    r->device->name);
}

/* Of requests Bus Master Enable holds back those of memory, which messages are, and no INTx: PCIe 5.0 section 7.5.1.1.3. */
static void check_bus_master(struct reasons *r, uint32_t command, bool messages)
{
	if (command & PCI_COMMAND_MASTER)
		return;
	add(r, "bus mastering is off, so the device can %s%s: 'pcietool -s %s config write COMMAND=0x4:0x4'",
	    messages || config(r, PCI_INTERRUPT_PIN, 8) == 0 ? "send neither DMA nor MSI"
							     : "do no DMA, though send INTx",
	    r->doubt, r->device->name);
}

/* Does anybody wait for its INTx? Not without a driver, nor when the kernel has no handler on its line; true: not known. */
static bool is_listened_to(const struct reasons *r)
{
	struct irq_counts counts = { 0 };
	struct fact_number irq;
	char driver[64];
	bool is_handled;

	if (device_driver(r->device, driver, sizeof(driver)) < 0)
		return false;
	fact_read_number(r->device, "irq", &irq);
	if (!irq.reason && !irq.value)
		return false;
	if (irq.reason || irq_counts_read(r->device->ctx, &counts) < 0)
		return true;
	is_handled = irq_counts_find(&counts, (unsigned int)irq.value);
	irq_counts_free(&counts);
	return is_handled;
}

static void check_intx(struct reasons *r, uint32_t command, uint32_t status)
{
	if (config(r, PCI_INTERRUPT_PIN, 8) == 0)
		return;
	if (command & PCI_COMMAND_INTX_DISABLE && !r->is_polled && is_listened_to(r))
		add(r, "INTx is disabled: 'pcietool -s %s config write COMMAND=0:0x400'", r->device->name);
	if (status & PCI_STATUS_INTERRUPT)
		add(r, "INTx is asserted: the device waits for its interrupt to be acknowledged");
}

/* A line "NAME N" of now against that of before. */
static void check_counter(struct reasons *r, const char *file, const char *line, const char *before)
{
	const char *blank = strchr(line, ' ');
	size_t name = blank ? (size_t)(blank - line) + 1 : 0;
	unsigned long long now;
	unsigned long long old = 0;
	const char *p;

	if (!name || strncmp(line, "TOTAL", 5) == 0)
		return;
	for (p = before; p && *p; p = strchr(p, '\n')) {
		p += *p == '\n';
		if (strncmp(p, line, name) == 0) {
			old = strtoull(p + name, NULL, 10);
			break;
		}
	}
	now = strtoull(line + name, NULL, 10);
	if (now > old)
		add(r, "AER counted %llu %s of %.*s meanwhile", now - old,
		    strcmp(file, "aer_dev_correctable") == 0 ? "correctable errors" : "errors", (int)name - 1,
		    line);
}

static void check_counters(struct reasons *r, const struct wait_reason *before)
{
	for (unsigned int i = 0; i < WAIT_REASON_COUNTERS; i++) {
		char now[WAIT_REASON_TEXT];
		char *line = now;

		/* counters that could not be read then cannot be compared with */
		if (!before->counters[i][0])
			continue;
		read_counters(r->device, i, now);
		while (line && *line) {
			char *end = strchr(line, '\n');

			if (end)
				*end++ = '\0';
			check_counter(r, counter_files[i], line, before->counters[i]);
			line = end;
		}
	}
}

/*
 * A line of the kernel log that tells of a fault of this device in an IOMMU:
 * "DMAR: [DMA Write NO_PASID] Request device [00:02.0] fault addr ..." (drivers/iommu/intel/dmar.c);
 * "AMD-Vi: Event logged [IO_PAGE_FAULT device=0000:00:02.0 ..." or "... 0000:00:02.0: AMD-Vi: Event
 * logged [IO_PAGE_FAULT domain=..." (drivers/iommu/amd/iommu.c).
 */
static const char *find_fault(const struct reasons *r, const char *line)
{
	const char *name = r->device->name;
	const char *start = strstr(line, "DMAR: ");

	if (r->device->address.domain == 0)
		name += strcspn(name, ":") + 1;
	if (!start)
		start = strstr(line, "AMD-Vi: ");
	if (!start || !strcasestr(start, "fault") || !strstr(line, name))
		return NULL;
	return start;
}

static void check_log(struct reasons *r, const struct wait_reason *before)
{
	char record[8192];

	if (before->log_fd < 0)
		return;
	for (unsigned int i = 0; i < LOG_RECORDS; i++) {
		ssize_t n = read(before->log_fd, record, sizeof(record) - 1);
		char *save = NULL;

		/* EPIPE: records were overwritten before they were read; the next read goes on behind them */
		if (n < 0 && errno == EPIPE)
			continue;
		if (n <= 0)
			return;
		record[n] = '\0';
		for (char *line = strtok_r(record, "\n", &save); line; line = strtok_r(NULL, "\n", &save)) {
			const char *fault = find_fault(r, line);

			if (fault) {
				add(r, "the IOMMU refused the device's access: %.200s", fault);
				return;
			}
		}
	}
}

/* COMMAND of the bridge at ADDRESS says that it passes no requests on. */
static bool passes_nothing(const struct context *ctx, const struct pci_address *address)
{
	struct device *bridge;
	struct error ignored;
	uint32_t command;
	int rc;

	if (device_open(ctx, address, &bridge, &ignored) < 0)
		return false;
	rc = device_config_read(bridge, PCI_COMMAND, 16, &command, &ignored);
	device_close(bridge);
	return rc == 0 && command != 0xffff && !(command & PCI_COMMAND_MASTER);
}

/*
 * A bridge passes on what those below it write and read only with its own Bus Master Enable: PCIe 5.0 section 7.5.1.1.3.
 * They are in the device's path, "../../../devices/pci0000:00/0000:00:1c.0/0000:01:00.0".
 */
static void check_bridges(struct reasons *r)
{
	const struct context *ctx = r->device->ctx;
	char target[PATH_MAX];
	struct pci_address address;
	char *rest = target;

	if (r->device->image || !r->device->config ||
	    sysfs_link(ctx, target, sizeof(target), SYSFS_PCI_DEVICES "/%s", r->device->name) < 0)
		return;
	for (char *part = strsep(&rest, "/"); part && rest; part = strsep(&rest, "/")) {
		if (pci_address_parse(part, &address) == 0 && passes_nothing(ctx, &address))
			add(r,
			    "bus mastering is off in the bridge %s above it, so no DMA and no MSI pass%s: 'pcietool -s "
			    "%s config write COMMAND=0x4:0x4'",
			    part, r->doubt, part);
	}
}

bool wait_reason_explain(struct device *device, const struct wait_reason *before, char *text, size_t size)
{
	struct reasons r = {
		.device = device,
		.doubt = before->is_register ? ", if the register depends on that" : "",
		.is_polled = before->is_polled,
		.text = text,
		.size = size,
	};
	struct error ignored;
	uint32_t command;
	struct messages messages;

	text[0] = '\0';
	if (device_config_read(device, PCI_COMMAND, 16, &command, &ignored) == 0) {
		if (command == 0xffff) {
			add(&r, "the device does not answer");
			return true;
		}
		messages = read_messages(&r);
		check_bus_master(&r, command, messages.in_use);
		check_bridges(&r);
		if (messages.in_use)
			check_messages(&r, &messages);
		else
			check_intx(&r, command, config(&r, PCI_STATUS, 16));
	}
	check_log(&r, before);
	check_counters(&r, before);
	return r.used > 0;
}
