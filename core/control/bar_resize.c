// SPDX-License-Identifier: GPL-2.0-or-later
/* Resizable BARs by the kernel's files resourceN_resize: Documentation/ABI/testing/sysfs-bus-pci. */
#include "core/control/bar_resize.h"

#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "core/pci/fact.h"
#include "core/kernel/sysfs.h"
#include "core/kernel/lockdown.h"
#include "core/preflight/in_use.h"

#define SIZE_SHIFT 20 /* bit 0 is 1 MiB */

static const char not_resizable[] = "not resizable";

/* Sixteen hex digits without 0x: resourceN_resize_show() in Linux' drivers/pci/pci-sysfs.c */
static int read_bitmap(const struct device *dev, unsigned int bar, uint64_t *bitmap)
{
	char text[32];
	char *end;
	int rc;

	rc = sysfs_read(dev->ctx, text, sizeof(text), SYSFS_PCI_DEVICES "/%s/resource%u_resize", dev->name,
			bar);
	if (rc < 0)
		return rc;
	errno = 0;
	*bitmap = strtoull(text, &end, 16);
	return errno || *end || end == text ? -EINVAL : 0;
}

static bool is_resizable(const struct device *dev, unsigned int bar)
{
	char path[PATH_MAX];

	return sysfs_path(dev->ctx, path, sizeof(path), SYSFS_PCI_DEVICES "/%s/resource%u_resize", dev->name,
			  bar) == 0 &&
	       access(path, F_OK) == 0;
}

static void read_sizes(struct device *dev, unsigned int bar, struct bar_sizes *sizes)
{
	int rc;

	*sizes = (struct bar_sizes){ .reason = not_resizable };
	if (!is_resizable(dev, bar))
		return;
	rc = read_bitmap(dev, bar, &sizes->bitmap);
	sizes->reason = rc < 0 ? fact_reason(rc) : device_is_present(dev) ? NULL : FACT_NO_ANSWER;
}

void bar_sizes_read(struct device *dev, unsigned int bar, struct bar_sizes *sizes)
{
	struct fact_text status;

	fact_read_text(dev, "power/runtime_status", &status);
	if (!status.reason && strcmp(status.text, "suspended") == 0 && is_resizable(dev, bar))
		*sizes = (struct bar_sizes){ .reason = "suspended" };
	else
		read_sizes(dev, bar, sizes);
}

bool bar_sizes_can(const struct bar_sizes *sizes)
{
	return sizes->reason != not_resizable;
}

void bar_sizes_format(const struct bar_sizes *sizes, char text[BAR_SIZES_TEXT])
{
	static const char units[] = "MGTPE";
	size_t used = 0;

	text[0] = '\0';
	/* bit 43 is 8 EiB; what is above fits in no address space */
	for (unsigned int bit = 0; bit + SIZE_SHIFT < 64; bit++) {
		if (sizes->bitmap >> bit & 1 && used < BAR_SIZES_TEXT)
			used += (size_t)snprintf(text + used, BAR_SIZES_TEXT - used, "%s%u%c",
						 used ? " " : "", 1U << bit % 10, units[bit / 10]);
	}
}

/* --- planning ------------------------------------------------------------------------------------- */

static int check_bar(struct device *dev, const struct bar *bar, struct error *error)
{
	int rc;

	if (bar->state == BAR_UPPER_HALF)
		return error_set(error, ERROR_UNSUPPORTED, "no-bar",
				 "%s: BAR %u is the upper half of the 64-bit BAR %u", dev->name, bar->index,
				 bar->index - 1);
	if (bar->state == BAR_ABSENT && !is_resizable(dev, bar->index)) {
		rc = error_set(error, ERROR_UNSUPPORTED, "no-bar", "%s: the device has no BAR %u", dev->name,
			       bar->index);
		error_hint(error, "'pcietool -s %s bar list' lists the BARs", dev->name);
		return rc;
	}
	return 0;
}

static int check_sizes(struct device *dev, const struct bar_resize *p, struct error *error)
{
	char list[BAR_SIZES_TEXT];
	int rc;

	if (p->sizes.reason == not_resizable) {
		rc = error_set(error, ERROR_UNSUPPORTED, "not-resizable", "%s: BAR %u cannot be resized",
			       dev->name, p->bar.index);
		error_hint(error, "the device has no Resizable BAR capability for it, or the kernel is "
				  "older than 5.19");
		return rc;
	}
	if (p->sizes.reason) {
		if (p->sizes.reason != fact_reason(-EACCES))
			return error_set(error, ERROR_FAILED, "failed",
					 "%s: BAR %u: its sizes cannot be read: %s", dev->name, p->bar.index,
					 p->sizes.reason);
		rc = error_set(error, ERROR_DENIED, "not-root", "%s: BAR %u: looking at its sizes needs root",
			       dev->name, p->bar.index);
		error_hint(error, "run as root");
		return rc;
	}
	if (p->sizes.bitmap >> p->bit & 1 && p->size == UINT64_C(1) << (p->bit + SIZE_SHIFT))
		return 0;
	bar_sizes_format(&p->sizes, list);
	rc = error_set(error, ERROR_UNSUPPORTED, "no-such-size", "%s: BAR %u cannot have that size",
		       dev->name, p->bar.index);
	error_hint(error, "one of: %s", list);
	return rc;
}

/* What the kernel answers with EBUSY, without a word. */
static int check_use(struct device *dev, const struct bar_resize *p, struct error *error)
{
	char driver[64];
	char what[256];
	uint64_t vfs;
	int rc;

	if (device_driver(dev, driver, sizeof(driver)) == 0) {
		bool used = in_use_find(dev, what, sizeof(what)) > 0;

		rc = error_set(
			error, ERROR_DENIED, "driver-bound",
			"%s: BAR %u: the driver %s is bound, and the kernel resizes no BAR under a driver%s%s",
			dev->name, p->bar.index, driver, used ? "; " : "", used ? what : "");
		/* whoever pastes it must not lose what stands on the device */
		error_hint(error, "%stake it away with 'echo %s > /sys/bus/pci/drivers/%s/unbind'",
			   used ? "end that use first, it would be lost; then " : "", dev->name, driver);
		return rc;
	}
	if (sysfs_read_number(dev->ctx, &vfs, SYSFS_PCI_DEVICES "/%s/sriov_numvfs", dev->name) == 0 && vfs) {
		rc = error_set(error, ERROR_DENIED, "vfs-exist",
			       "%s: BAR %u: the kernel resizes no BAR while there are virtual functions (%u)",
			       dev->name, p->bar.index, (unsigned int)vfs);
		error_hint(error, "end them with 'pcietool -s %s sriov numvfs 0'", dev->name);
		return rc;
	}
	return 0;
}

int bar_resize_plan(struct device *dev, unsigned int bar, uint64_t size, struct bar_resize *plan,
		    struct error *error)
{
	struct bar_resize p = { .size = size };
	int rc;

	for (p.bit = 0; p.bit + SIZE_SHIFT < 63 && UINT64_C(1) << (p.bit + SIZE_SHIFT) < size; p.bit++)
		;
	rc = device_bar(dev, bar, &p.bar, error);
	if (rc == 0)
		rc = check_bar(dev, &p.bar, error);
	if (rc < 0)
		return rc;
	read_sizes(dev, bar, &p.sizes);
	rc = check_sizes(dev, &p, error);
	if (rc == 0)
		rc = check_use(dev, &p, error);
	if (rc == 0)
		*plan = p;
	return rc;
}

/* --- doing ---------------------------------------------------------------------------------------- */

static int explain(struct device *dev, unsigned int bar, int rc, struct error *error)
{
	char mode[32];

	error_errno(error, rc, "%s: BAR %u: resizing it", dev->name, bar);
	if (rc == -ENOSPC || rc == -ENOMEM)
		error_hint(error,
			   "the window of a bridge above is too small: see 'pcietool bar windows'; boot with "
			   "pci=realloc, or remove the port above and rescan");
	else if (rc == -EBUSY)
		error_hint(error, "a driver came in between, or another BAR of the same kind is in use");
	else if ((rc == -EPERM || rc == -EACCES) && lockdown_mode(dev->ctx, mode, sizeof(mode)))
		error_hint(error, "the kernel is locked down (%s), see kernel_lockdown(7)", mode);
	else if (rc == -EPERM || rc == -EACCES)
		error_hint(error, "run as root");
	return rc;
}

int bar_resize(struct device *dev, const struct bar_resize *plan, struct bar *resized, struct error *error)
{
	unsigned int index = plan->bar.index;
	struct bar bar;
	char text[8];
	int rc;

	snprintf(text, sizeof(text), "%u", plan->bit);
	rc = sysfs_write(dev->ctx, text, SYSFS_PCI_DEVICES "/%s/resource%u_resize", dev->name, index);
	if (rc < 0)
		return explain(dev, index, rc, error);
	rc = device_bar(dev, index, &bar, error);
	if (rc < 0)
		return rc;
	if (bar.size != plan->size) {
		rc = error_set(error, ERROR_FAILED, "resize-failed",
			       "%s: BAR %u: the kernel took the size, but did not make it so", dev->name,
			       index);
		error_hint(error, "the kernel log says why: 'dmesg | tail'");
		return rc;
	}
	*resized = bar;
	return 0;
}
