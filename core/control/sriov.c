// SPDX-License-Identifier: GPL-2.0-or-later
/* Physical functions and their virtual ones, by sysfs' sriov_numvfs. */
#include "core/control/sriov.h"

#include <errno.h>
#include <linux/pci_regs.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/array.h"
#include "core/driver/claim.h"
#include "core/driver/driver.h"
#include "core/kernel/sysfs.h"
#include "core/pci/attribute.h"
#include "core/pci/capability.h"
#include "core/pci/power.h"
#include "core/pci/user_driver.h"
#include "core/preflight/in_use.h"

/* NumVFs has 16 bits */
#define VFS_MAX 65535

/* "%x", without 0x */
static void read_vf_device(const struct device *dev, struct fact_number *fact)
{
	struct fact_text text;
	char *end;

	fact_read_text(dev, "sriov_vf_device", &text);
	fact->reason = text.reason;
	if (text.reason)
		return;
	fact->value = strtoul(text.text, &end, 16);
	if (end == text.text || *end)
		fact->reason = fact_reason(-EINVAL);
}

static void read_driver(const struct device *dev, const char *name, struct fact_text *driver)
{
	int rc = sysfs_link_name(dev->ctx, driver->text, sizeof(driver->text), SYSFS_PCI_DEVICES "/%s/driver",
				 name);

	driver->reason = rc == -ENOENT ? "none" : rc < 0 ? fact_reason(rc) : NULL;
}

void sriov_device_total(struct device *dev, struct fact_number *total)
{
	struct capability_place place;
	int size;

	if (power_is_asleep(dev)) {
		total->reason = POWER_SUSPENDED;
		return;
	}
	place = capability_place_read(dev, true, PCI_EXT_CAP_ID_SRIOV);
	if (place.offset) {
		capability_read(dev, &place, PCI_SRIOV_TOTAL_VF, 16, total);
		return;
	}
	size = device_config_size(dev);
	if (size < 0)
		total->reason = fact_reason(size);
	else if (!device_is_present(dev))
		total->reason = FACT_NO_ANSWER;
	else if (size <= PCI_STD_HEADER_SIZEOF)
		total->reason = "needs root";
	else
		total->reason = size <= PCI_CFG_SPACE_SIZE ? "the kernel shows no extended config space"
							   : "no such capability";
}

static int read_vfs(const struct device *dev, struct sriov *s, struct error *error)
{
	for (unsigned int i = 0; i < VFS_MAX; i++) {
		struct sriov_vf vf;
		struct sriov_vf *vfs;

		if (sysfs_link_name(dev->ctx, vf.name, sizeof(vf.name), SYSFS_PCI_DEVICES "/%s/virtfn%u",
				    dev->name, i) < 0 ||
		    pci_address_parse(vf.name, &vf.address) < 0)
			break;
		read_driver(dev, vf.name, &vf.driver);
		vfs = array_grow(s->vfs, s->count, sizeof(*vfs));
		if (!vfs)
			return error_errno(error, -ENOMEM, "%s: its virtual functions", dev->name);
		s->vfs = vfs;
		vfs[s->count++] = vf;
	}
	return 0;
}

int sriov_read(struct device *dev, struct sriov *sriov, struct error *error)
{
	struct sriov s = { .count = 0 };
	int rc;

	fact_read_number(dev, "sriov_totalvfs", &s.totalvfs);
	s.is_pf = !s.totalvfs.reason;
	sriov_device_total(dev, &s.device_totalvfs);
	fact_read_number(dev, "sriov_numvfs", &s.numvfs);
	fact_read_number(dev, "sriov_offset", &s.offset);
	fact_read_number(dev, "sriov_stride", &s.stride);
	fact_read_number(dev, "sriov_drivers_autoprobe", &s.autoprobe);
	fact_read_number(dev, "sriov_vf_total_msix", &s.vf_total_msix);
	read_vf_device(dev, &s.vf_device);
	rc = sysfs_link_name(dev->ctx, s.pf.text, sizeof(s.pf.text), SYSFS_PCI_DEVICES "/%s/physfn",
			     dev->name);
	s.pf.reason = rc == -ENOENT ? "none" : rc < 0 ? fact_reason(rc) : NULL;
	rc = read_vfs(dev, &s, error);
	if (rc < 0) {
		sriov_free(&s);
		return rc;
	}
	*sriov = s;
	return 0;
}

bool sriov_is_lowered(const struct sriov *s)
{
	return !s->totalvfs.reason && !s->device_totalvfs.reason &&
	       s->totalvfs.value < s->device_totalvfs.value;
}

void sriov_free(struct sriov *s)
{
	free(s->vfs);
	s->vfs = NULL;
	s->count = 0;
}

/* --- changing the number --------------------------------------------------------------------------- */

static int no_sriov(const struct device *dev, const struct sriov *s, struct error *error)
{
	int rc = attribute_check_device(dev, error);

	if (rc < 0)
		return rc;
	rc = error_set(error, ERROR_UNSUPPORTED, "no-sriov", "%s: the device has no SR-IOV%s", dev->name,
		       s->pf.reason ? "" : ": it is a virtual function itself");
	if (!s->pf.reason)
		error_hint(error, "its physical function is %s", s->pf.text);
	return rc;
}

/* Has somebody else than the system's own driver taken a VF, or does the system use it? */
static int check_vf(const struct device *dev, const struct sriov_vf *vf, struct error *error)
{
	static const char hint[] = "who uses it loses it: end that first, or --force";
	struct device *device;
	char subject[96];
	int rc;

	rc = device_open(dev->ctx, &vf->address, &device, error);
	if (rc < 0)
		return rc;
	snprintf(subject, sizeof(subject), "%s: its virtual function %s", dev->name, vf->name);
	rc = in_use_check(device, subject, hint, error);
	if (rc == 0)
		rc = driver_claim_check(device, error);
	device_close(device);
	if (rc == 0 && !vf->driver.reason && user_driver_lends(vf->driver.text)) {
		rc = error_set(error, ERROR_DENIED, "in-use", "%s has the driver %s", subject,
			       vf->driver.text);
		error_hint(error, "%s", hint);
	}
	return rc;
}

static int check_end(const struct device *dev, const struct sriov *s, const struct sriov_plan *plan,
		     struct error *error)
{
	int rc;

	if (plan->through_zero) {
		rc = error_set(
			error, ERROR_FAILED, "vfs-exist",
			"%s: there are virtual functions (%u), and another number means to end them first",
			dev->name, plan->current);
		error_hint(error,
			   "end them with 'pcietool -s %s sriov numvfs 0', or go through 0 with --force",
			   dev->name);
		return rc;
	}
	for (size_t i = 0; i < s->count; i++) {
		rc = check_vf(dev, &s->vfs[i], error);
		if (rc < 0)
			return rc;
	}
	return 0;
}

static int too_many(const struct device *dev, const struct sriov *s, unsigned int number, struct error *error)
{
	unsigned int allowed = (unsigned int)s->totalvfs.value;
	int rc;

	if (!sriov_is_lowered(s))
		rc = error_set(error, ERROR_USAGE, "too-many",
			       "%s: %u virtual functions are more than the device has, which is %u",
			       dev->name, number, allowed);
	else
		rc = error_set(error, ERROR_USAGE, "too-many",
			       "%s: %u virtual functions are more than its driver allows, which is %u of %u",
			       dev->name, number, allowed, (unsigned int)s->device_totalvfs.value);
	error_hint(error, "'pcietool -s %s sriov numvfs %u'", dev->name, allowed);
	return rc;
}

static int no_driver(const struct device *dev, struct error *error)
{
	int rc = error_set(error, ERROR_FAILED, "no-driver",
			   "%s: no driver is bound, and it is the driver that makes virtual functions",
			   dev->name);

	error_hint(error, "bind the device's own driver, or vfio-pci (module parameter enable_sriov=1)");
	return rc;
}

static bool has_driver(const struct device *dev)
{
	char driver[64];

	return device_driver(dev, driver, sizeof(driver)) == 0;
}

int sriov_plan(struct device *dev, unsigned int number, struct sriov_plan *plan, struct error *error)
{
	struct sriov_plan p = { .wanted = number };
	struct sriov s;
	int rc;

	rc = sriov_read(dev, &s, error);
	if (rc < 0)
		return rc;
	if (!s.is_pf || s.numvfs.reason) {
		rc = no_sriov(dev, &s, error);
		goto out_free;
	}
	if (number > s.totalvfs.value) {
		rc = too_many(dev, &s, number, error);
		goto out_free;
	}
	p.current = (unsigned int)s.numvfs.value;
	p.through_zero = number && p.current && number != p.current;
	if (number != p.current && p.current)
		rc = driver_check_virtual_sessions(dev, error);
	if (rc == 0 && number != p.current && p.current && !dev->ctx->force)
		rc = check_end(dev, &s, &p, error);
	if (rc == 0 && number != p.current && !has_driver(dev))
		rc = no_driver(dev, error);
	if (rc == 0)
		*plan = p;
out_free:
	sriov_free(&s);
	return rc;
}

/* What the kernel's answers mean: sriov_numvfs_store() in Linux' drivers/pci/iov.c */
static int explain(const struct device *dev, unsigned int number, int rc, struct error *error)
{
	char driver[64];

	if (rc == -ENOENT && attribute_check_device(dev, error) < 0)
		return -ENODEV;
	if (rc == -ENOENT && device_driver(dev, driver, sizeof(driver)) < 0)
		return no_driver(dev, error);
	if (rc == -ENOENT) {
		rc = error_set(error, ERROR_UNSUPPORTED, "driver-without-sriov",
			       "%s: its driver %s makes no virtual functions", dev->name, driver);
		error_hint(error,
			   "bind the device's own driver, or vfio-pci (module parameter enable_sriov=1)");
		return rc;
	}
	error_errno(error, rc, "%s: setting the number of virtual functions to %u", dev->name, number);
	if (rc == -EPERM || rc == -EACCES)
		error_hint(error, "run as root");
	else if (rc == -ENOMEM || rc == -ENOSPC)
		error_hint(
			error,
			"their BARs have no room ('pcietool -s %s bar list'); the firmware's SR-IOV option "
			"or pci=realloc makes some",
			dev->name);
	else
		error_hint(error, "the kernel log says why: 'dmesg | tail'");
	return rc;
}

static int set_number(const struct device *dev, unsigned int number, struct error *error)
{
	char text[16];
	int rc;

	snprintf(text, sizeof(text), "%u", number);
	rc = sysfs_write(dev->ctx, text, SYSFS_PCI_DEVICES "/%s/sriov_numvfs", dev->name);
	return rc < 0 ? explain(dev, number, rc, error) : 0;
}

/*
 * Of one that had some: how many it has now. Those that were ended on the way do not come back by themselves: new ones would be
 * others, without what their users had set in the earlier ones.
 */
static void tell_now(const struct device *dev, const struct sriov_plan *plan, bool were_ended,
		     struct error *error)
{
	struct fact_number now;

	if (!plan->current || error->kind == ERROR_GONE)
		return;
	if (were_ended)
		error_add(error, "the earlier %u were ended before", plan->current);
	fact_read_number(dev, "sriov_numvfs", &now);
	if (now.reason)
		error_add(error, "how many there are now is not known: %s", now.reason);
	else
		error_add(error, "now there are %u", (unsigned int)now.value);
	if (were_ended && !now.reason && now.value == 0)
		error_add(error, "'pcietool -s %s sriov numvfs %u' makes as many new ones", dev->name,
			  plan->current);
}

int sriov_apply(const struct device *dev, const struct sriov_plan *plan, struct error *error)
{
	struct fact_number now;
	bool were_ended;
	int rc = 0;

	if (plan->wanted == plan->current)
		return 0;
	if (plan->through_zero)
		rc = set_number(dev, 0, error);
	were_ended = plan->through_zero && rc == 0;
	if (rc == 0)
		rc = set_number(dev, plan->wanted, error);
	if (rc < 0) {
		tell_now(dev, plan, were_ended, error);
		return rc;
	}
	fact_read_number(dev, "sriov_numvfs", &now);
	if (now.reason) {
		rc = error_set(error, ERROR_FAILED, "not-read-back",
			       "%s: the kernel took the number %u, and how many there are is not known: %s",
			       dev->name, plan->wanted, now.reason);
		if (were_ended)
			error_add(error, "the earlier %u were ended before", plan->current);
		return rc;
	}
	if (now.value == plan->wanted)
		return 0;
	rc = error_set(error, ERROR_FAILED, "not-so-many",
		       "%s: the driver made %u virtual functions instead of %u", dev->name,
		       (unsigned int)now.value, plan->wanted);
	error_hint(error, "the kernel log says why: 'dmesg | tail'");
	return rc;
}
