// SPDX-License-Identifier: GPL-2.0-or-later
/* Names of the kernel's that belong to a PCI device, looked up in sysfs. */
#include "core/pci/kernel_name.h"

#include <ctype.h>
#include <dirent.h>
#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>

#include "core/kernel/sysfs.h"

#define SLOT "slot:"

bool kernel_name_is_one(const char *text)
{
	if (text[0] == '/' || strncmp(text, SLOT, strlen(SLOT)) == 0)
		return true;
	return isalpha((unsigned char)text[0]) && !strpbrk(text, ":*") &&
	       text[strspn(text, "0123456789abcdefABCDEF.")] != '\0';
}

/* The last function in it: what is behind a bridge has the bridge's in front. */
static int address_in_path(const char *path, struct pci_address *address)
{
	char part[PCI_ADDRESS_SIZE];
	int rc = -ENODEV;

	while (*path) {
		size_t n = strcspn(path, "/");

		if (n > 0 && n < sizeof(part)) {
			memcpy(part, path, n);
			part[n] = '\0';
			if (pci_address_parse(part, address) == 0)
				rc = 0;
		}
		path += n + (path[n] == '/');
	}
	return rc;
}

/* -ENODEV: it is there, and no PCI device's. */
static int follow(const struct context *ctx, const char *path, struct pci_address *address)
{
	char *real = realpath(path, NULL);
	int rc;

	if (!real)
		return -errno;
	/* the sysroot itself may lie anywhere */
	rc = address_in_path(
		strncmp(real, ctx->sysroot, strlen(ctx->sysroot)) == 0 ? real + strlen(ctx->sysroot) : real,
		address);
	free(real);
	return rc;
}

static int find_slot(const struct context *ctx, const char *slot, struct pci_address *address)
{
	char text[PCI_ADDRESS_SIZE];
	char full[PCI_ADDRESS_SIZE + sizeof(":00.0")];
	int rc;

	if (!*slot || strchr(slot, '/'))
		return -ENOENT;
	rc = sysfs_read(ctx, text, sizeof(text), "/sys/bus/pci/slots/%s/address", slot);
	if (rc < 0)
		return rc;
	/* drivers/pci/slot.c: DOMAIN:BUS:DEVICE, without :DEVICE where the slot is the whole bus */
	snprintf(full, sizeof(full), "%s%s.0", text, strchr(text, ':') == strrchr(text, ':') ? ":00" : "");
	return pci_address_parse(full, address);
}

static int find_path(const struct context *ctx, const char *name, struct pci_address *address)
{
	char path[PATH_MAX];
	struct stat st;
	int rc;

	if (ctx->sysroot[0] || strncmp(name, "/dev/", 5) != 0) {
		rc = sysfs_path(ctx, path, sizeof(path), "%s", name);
		return rc < 0 ? rc : follow(ctx, path, address);
	}
	if (stat(name, &st) < 0)
		return -errno;
	if (!S_ISBLK(st.st_mode) && !S_ISCHR(st.st_mode))
		return -ENODEV;
	snprintf(path, sizeof(path), "/sys/dev/%s/%u:%u", S_ISBLK(st.st_mode) ? "block" : "char",
		 major(st.st_rdev), minor(st.st_rdev));
	return follow(ctx, path, address);
}

/* -EEXIST: of two devices. */
static int find_in_classes(const struct context *ctx, const char *name, struct pci_address *address)
{
	char path[PATH_MAX];
	struct pci_address here;
	struct dirent *entry;
	int found = -ENOENT;
	DIR *dir;
	int rc;

	dir = sysfs_opendir(ctx, "/sys/class");
	if (!dir)
		return -errno;
	while (found != -EEXIST && (entry = readdir(dir))) {
		if (entry->d_name[0] == '.' ||
		    sysfs_path(ctx, path, sizeof(path), "/sys/class/%s/%s", entry->d_name, name) < 0)
			continue;
		rc = follow(ctx, path, &here);
		if (rc == 0 && found == 0 && pci_address_compare(&here, address) != 0) {
			found = -EEXIST;
		} else if (rc == 0) {
			*address = here;
			found = 0;
		} else if (rc != -ENOENT && rc != -ENOTDIR && found == -ENOENT) {
			found = rc;
		}
	}
	closedir(dir);
	return found;
}

static int explain(int rc, const char *name, struct error *error)
{
	if (rc == -ENODATA) {
		rc = error_set(error, ERROR_SELECT, "no-device",
			       "%.200s: a dump has no names of the kernel's", name);
		error_hint(error, "choose by address: -s 01:00.0");
	} else if (rc == -ENOENT || rc == -ENOTDIR) {
		rc = error_set(error, ERROR_SELECT, "no-device",
			       "%.200s: the kernel has nothing of that name", name);
		error_hint(error,
			   "an address is [[[DOMAIN:]BUS:]DEV][.FUNC], hexadecimal; 'pcietool list' shows "
			   "what there is");
	} else if (rc == -ENODEV) {
		rc = error_set(error, ERROR_SELECT, "no-device", "%.200s belongs to no PCI device", name);
		error_hint(error, "'pcietool list' shows what there is");
	} else if (rc == -EEXIST) {
		rc = error_set(error, ERROR_SELECT, "several-devices",
			       "%.200s: several devices have that name", name);
		error_hint(error, "choose by address, or by path: -s /sys/class/net/%.100s", name);
	} else {
		error_errno(error, rc, "%.200s", name);
	}
	return rc;
}

int kernel_name_resolve(const struct context *ctx, const char *name, struct pci_address *address,
			bool *is_whole, struct error *error)
{
	bool is_slot = strncmp(name, SLOT, strlen(SLOT)) == 0;
	struct pci_address found = { 0 };
	int rc;

	if (ctx->dump)
		return explain(-ENODATA, name, error);
	if (is_slot)
		rc = find_slot(ctx, name + strlen(SLOT), &found);
	else if (name[0] == '/')
		rc = find_path(ctx, name, &found);
	else
		rc = find_in_classes(ctx, name, &found);
	if (rc < 0)
		return explain(rc, name, error);
	*address = found;
	*is_whole = is_slot;
	return 0;
}
