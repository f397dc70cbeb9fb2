// SPDX-License-Identifier: GPL-2.0-or-later
/* Why an access cannot work, or did not. Looks at config space and sysfs, never at registers. */
#include "core/preflight/preflight.h"

#include <errno.h>
#include <limits.h>
#include <linux/pci_regs.h>
#include <string.h>
#include <unistd.h>

#include "core/kernel/lockdown.h"
#include "core/kernel/sysfs.h"
#include "core/pci/capability.h"
#include "core/pci/user_driver.h"
#include "core/preflight/decoding.h"
#include "core/preflight/no_room.h"

/* The kernel lists no such BAR: for want of room, as config space or the kernel log tells, or it is not there. */
static int check_absent(struct device *dev, const struct bar *bar, struct error *error)
{
	bool forgotten = device_bar_is_forgotten(dev, bar);
	const struct no_room_bar *told;
	char text[NO_ROOM_TEXT];
	struct no_room no_room;
	int rc;

	if (!forgotten && !device_is_present(dev))
		return device_gone(dev, error);
	no_room_read(dev->ctx, &no_room);
	told = no_room_find(&no_room, dev->name, bar->index);
	if (told || forgotten) {
		no_room_text(bar->index, told ? told->size : 0, text);
		rc = error_set(error, ERROR_FAILED, "bar-unassigned", "%s: %s", dev->name, text);
		no_room_hint(dev, error);
	} else {
		rc = error_set(error, ERROR_UNSUPPORTED, "no-bar", "%s: the device has no BAR %u%s",
			       dev->name, bar->index,
			       no_room_would_tell(&no_room, &dev->address)
				       ? ""
				       : ", or the kernel found no room for it, which its log does not tell");
		error_hint(error, "'pcietool -s %s info' lists the BARs", dev->name);
	}
	no_room_free(&no_room);
	return rc;
}

static int check_state(struct device *dev, const struct bar *bar, struct error *error)
{
	unsigned int i = bar->index;
	int rc;

	switch (bar->state) {
	case BAR_ABSENT:
		return check_absent(dev, bar, error);
	case BAR_UPPER_HALF:
		rc = error_set(error, ERROR_UNSUPPORTED, "no-bar",
			       "%s: BAR %u is the upper half of the 64-bit BAR %u", dev->name, i, i - 1);
		error_hint(error, "its registers are reached as BAR %u", i - 1);
		return rc;
	case BAR_UNASSIGNED:
		rc = error_set(error, ERROR_FAILED, "bar-unassigned",
			       "%s: BAR %u: the kernel has assigned it no address", dev->name, i);
		no_room_hint(dev, error);
		return rc;
	case BAR_NO_ROOM:
	case BAR_ASSIGNED:
		break;
	}
	if (!device_bar_is_lost(dev, bar))
		return 0;
	/* decoding is off then too, and turning it on would not help */
	rc = error_set(
		error, ERROR_FAILED, "bar-lost",
		"%s: BAR %u: the device has lost its address, which the kernel has at 0x%llx: it was reset, "
		"or has a new image",
		dev->name, i, (unsigned long long)bar->start);
	error_hint(
		error,
		"'pcietool -s %s remove; pcietool rescan' sets it up anew, 'config restore' from what 'config "
		"save' saved; 'pcietool reload' does it around the loading of an image",
		dev->name);
	return rc;
}

static int decoding_off(const struct device *dev, const struct bar *bar, unsigned int bit,
			struct error *error)
{
	char owner[PCI_ADDRESS_SIZE];
	int rc;

	if (!bar->io && decoding_owner(dev, owner)) {
		rc = error_set(error, ERROR_FAILED, "decoding-off",
			       "%s: BAR %u: %s has memory decoding of its virtual functions off", dev->name,
			       bar->index, owner);
		error_hint(error, "enable it with 'pcietool -s %s config write SRIOV.CTRL.MSE=1'", owner);
		return rc;
	}
	rc = error_set(error, ERROR_FAILED, "decoding-off", "%s: BAR %u: %s decoding is off", dev->name,
		       bar->index, bar->io ? "I/O" : "memory");
	error_hint(error, "enable it with 'pcietool -s %s config write COMMAND=0x%x:0x%x'", dev->name, bit,
		   bit);
	return rc;
}

int preflight_decoding(struct device *dev, const struct bar *bar, struct error *error)
{
	unsigned int bit = bar->io ? PCI_COMMAND_IO : PCI_COMMAND_MEMORY;
	struct fact_number command;

	fact_read_config(dev, PCI_COMMAND, 16, &command);
	decoding_apply(dev, &command);
	if (command.reason == FACT_NO_ANSWER)
		return device_gone(dev, error);
	if (command.reason || (command.value & bit))
		return 0;
	return decoding_off(dev, bar, bit, error);
}

static int check_power(struct device *dev, struct error *error)
{
	const struct capability_place pm = capability_place_read(dev, false, PCI_CAP_ID_PM);
	struct fact_number control;
	char driver[64];
	unsigned int state;
	int rc;

	capability_read(dev, &pm, PCI_PM_CTRL, 16, &control);
	if (control.reason)
		return 0;
	state = (unsigned int)control.value & PCI_PM_CTRL_STATE_MASK;
	if (state == 0)
		return 0;
	rc = error_set(error, ERROR_FAILED, "not-in-d0", "%s: the device is in power state D%u%s, not in D0",
		       dev->name, state, state == 3 ? "hot" : "");
	/* vfio-pci lets a device sleep that nobody has open: vfio_pci_core_runtime_suspend() in Linux */
	if (device_driver(dev, driver, sizeof(driver)) == 0 &&
	    strcmp(driver, user_driver_name("vfio")) == 0) {
		error_hint(error, "vfio-pci wakes it for a session: 'pcietool -s %s session -- COMMAND'",
			   dev->name);
		return rc;
	}
	error_hint(error,
		   "keep it awake with 'pcietool -s %s power on'; if that "
		   "changes nothing, 'pcietool -s %s config write CAP_PM+%d/16=0:3'",
		   dev->name, dev->name, PCI_PM_CTRL);
	return rc;
}

static int check_driver(const struct device *dev, struct error *error)
{
	char driver[64];
	int rc;

	if (dev->ctx->force || device_driver(dev, driver, sizeof(driver)) < 0 || user_driver_is_one(driver))
		return 0;
	rc = error_set(error, ERROR_DENIED, "driver-bound",
		       "%s: the driver %s is bound and uses the registers", dev->name, driver);
	error_hint(error,
		   "take the device with 'pcietool -s %s --force driver bind', or go ahead beside the "
		   "driver with --force",
		   dev->name);
	return rc;
}

int preflight_bar(struct device *dev, const struct bar *bar, struct error *error)
{
	int rc;

	rc = check_state(dev, bar, error);
	/* not in D0 the registers behind it may say anything */
	if (rc == 0)
		rc = check_power(dev, error);
	if (rc == 0)
		rc = preflight_decoding(dev, bar, error);
	if (rc == 0)
		rc = check_driver(dev, error);
	return rc;
}

int preflight_bus_master(struct device *dev, struct error *error)
{
	uint32_t command;
	int rc;

	rc = device_config_read(dev, PCI_COMMAND, 16, &command, error);
	if (rc < 0)
		return rc;
	if (command == 0xffff && !device_is_present(dev))
		return device_gone(dev, error);
	if (command & PCI_COMMAND_MASTER)
		return 0;
	rc = error_set(error, ERROR_FAILED, "bus-master-off",
		       "%s: bus mastering is off, so the device can send neither DMA nor MSI", dev->name);
	error_hint(error, "enable it with 'pcietool -s %s config write COMMAND=0x4:0x4'", dev->name);
	return rc;
}

static int explain_denied(struct device *dev, const char *node, const char *what, int rc, struct error *error)
{
	char mode[32];
	char driver[64];

	if (geteuid() != 0) {
		error_set(error, ERROR_DENIED, "not-root", "%s: %s %s: permission denied", dev->name, what,
			  node);
		user_driver_hint_denied(dev, false, error);
	} else if (lockdown_mode(dev->ctx, mode, sizeof(mode))) {
		error_set(error, ERROR_DENIED, "lockdown", "%s: %s %s: kernel lockdown (%s) forbids it",
			  dev->name, what, node, mode);
		user_driver_hint_denied(dev, true, error);
	} else if (device_driver(dev, driver, sizeof(driver)) == 0) {
		error_set(error, ERROR_DENIED, "driver-holds-bar",
			  "%s: %s %s: the driver %s has claimed it, and the kernel lets nobody else in",
			  dev->name, what, node, driver);
		error_hint(
			error,
			strcmp(driver, user_driver_name("vfio")) == 0
				? "whoever has it open over VFIO has it alone: 'pcietool -s %s session "
				  "status'"
				: "--force cannot help; take the device with 'pcietool -s %s --force driver "
				  "bind', or boot with iomem=relaxed",
			dev->name);
	} else {
		error_errno(error, rc, "%s: %s %s", dev->name, what, node);
		error->kind = ERROR_DENIED;
		error_hint(error,
			   "the kernel refuses this range (CONFIG_STRICT_DEVMEM, IO_STRICT_DEVMEM); boot "
			   "with iomem=relaxed");
	}
	return rc;
}

int preflight_explain(struct device *dev, const char *node, const char *what, int rc, struct error *error)
{
	char driver[64];

	if (rc == -EPERM || rc == -EACCES)
		return explain_denied(dev, node, what, rc, error);
	/* what mmap of an exclusively claimed resource gives: pci_mmap_resource() in the kernel */
	if (rc == -EINVAL && device_driver(dev, driver, sizeof(driver)) == 0)
		return explain_denied(dev, node, what, rc, error);
	if ((rc == -ENOENT || rc == -ENODEV) && !device_is_present(dev))
		return device_gone(dev, error);
	if (rc == -EROFS) {
		error_errno(error, rc, "%s: %s %s", dev->name, what, node);
		error_hint(
			error,
			"a container sees /sys read-only; 'docker run -v /sys:/sys' has it as the host has");
		return rc;
	}
	if (rc == -ENOENT) {
		error_set(error, ERROR_UNSUPPORTED, "no-node", "%s: there is no %s", dev->name, node);
		return -EOPNOTSUPP;
	}
	return error_errno(error, rc, "%s: %s %s", dev->name, what, node);
}

bool preflight_is_no_node(int rc)
{
	return rc == -ENOENT || rc == -ENXIO;
}

int preflight_no_node(const struct device *dev, const char *node, const char *needed, struct error *error)
{
	char path[PATH_MAX];
	bool is_there = sysfs_path(dev->ctx, path, sizeof(path), "%s", node) == 0 && access(path, F_OK) == 0;
	int rc;

	if (is_there)
		rc = error_set(error, ERROR_UNSUPPORTED, "no-node",
			       "%s: the %s here is no device's: it was made for an earlier binding",
			       dev->name, node);
	else
		rc = error_set(error, ERROR_UNSUPPORTED, "no-node", "%s: there is no %s here", dev->name,
			       node);
	error_hint(error, "a container has only the nodes that it was started with%s%s", *needed ? ": " : "",
		   needed);
	return rc;
}
