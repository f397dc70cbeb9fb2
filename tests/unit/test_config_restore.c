// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * In which order a restore writes; and a device that goes away after some accesses to its config space: whichever it is,
 * what was read is not taken for the device's. This program's pread() and pwrite() come before the library's, and are the
 * device: once it is gone reads give ones, and writes are lost.
 */
#include <fcntl.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/types.h>
#include <unistd.h>

#include "core/config/saved.h"
#include "core/pci/config_space.h"
#include "tests/unit/tap.h"

#define FOLDER "sys/bus/pci/devices/0000:01:00.0"

static uint8_t config[256]; /* the device's */
static unsigned int left; /* accesses until it goes */
static char written[256]; /* "04=0000 10=fe400000": places and values in their order */

static bool goes(void)
{
	return left == 0 || --left == 0;
}

ssize_t pread(int fd, void *bytes, size_t count, off_t offset)
{
	(void)fd;
	if (offset < 0 || (size_t)offset >= sizeof(config))
		return 0;
	if (count > sizeof(config) - (size_t)offset)
		count = sizeof(config) - (size_t)offset;
	if (goes())
		memset(bytes, 0xff, count);
	else
		memcpy(bytes, config + offset, count);
	return (ssize_t)count;
}

ssize_t pwrite(int fd, const void *bytes, size_t count, off_t offset)
{
	uint32_t value = 0;
	size_t used = strlen(written);

	(void)fd;
	memcpy(&value, bytes, count);
	snprintf(written + used, sizeof(written) - used, "%s%02x=%0*x", used ? " " : "", (unsigned int)offset,
		 (int)count * 2, value);
	if (!goes() && (size_t)offset + count <= sizeof(config))
		memcpy(config + offset, bytes, count);
	return (ssize_t)count;
}

/* An endpoint with a BAR, power management and PCI Express. */
static void reset(uint8_t bytes[256])
{
	static const uint8_t header[] = { 0x34, 0x12, 0x01, 0x10, 0x06, 0x00, 0x10, 0x00, 0x00, 0x00,
					  0x00, 0x02, 0x10, 0x00, 0x00, 0x00, 0x00, 0x00, 0x40, 0xfe };
	static const uint8_t pm[] = { 0x01, 0x60, 0x03, 0x00 };
	static const uint8_t express[] = { 0x10, 0x00, 0x02, 0x00, 0x02, 0x80, 0x00, 0x00, 0x10, 0x28 };

	memset(bytes, 0, 256);
	memcpy(bytes, header, sizeof(header));
	bytes[0x34] = 0x40;
	memcpy(bytes + 0x40, pm, sizeof(pm));
	memcpy(bytes + 0x60, express, sizeof(express));
}

static bool make_tree(char root[64])
{
	static const char *const folders[] = { "sys", "sys/bus", "sys/bus/pci", "sys/bus/pci/devices",
					       FOLDER };
	char path[256];
	int fd;

	snprintf(root, 64, "/tmp/pcietool-unit-XXXXXX");
	if (!mkdtemp(root))
		return false;
	for (size_t i = 0; i < sizeof(folders) / sizeof(folders[0]); i++) {
		snprintf(path, sizeof(path), "%s/%s", root, folders[i]);
		if (mkdir(path, 0755) < 0)
			return false;
	}
	strcat(path, "/config");
	fd = open(path, O_WRONLY | O_CREAT, 0644);
	if (fd < 0 || ftruncate(fd, sizeof(config)) < 0)
		return false;
	close(fd);
	return true;
}

static void remove_tree(const char *root)
{
	static const char *const paths[] = {
		FOLDER "/config", FOLDER, "sys/bus/pci/devices", "sys/bus/pci", "sys/bus", "sys", ""
	};
	char path[256];

	for (size_t i = 0; i < sizeof(paths) / sizeof(paths[0]); i++) {
		snprintf(path, sizeof(path), "%s/%s", root, paths[i]);
		remove(path);
	}
}

/* --- each verb, on a device and what was saved of it -------------------------------------------------- */

typedef int (*verb)(struct device *device, struct device *saved, struct error *error);

static int copy(struct device *device, struct device *saved, struct error *error)
{
	struct config_space space;

	(void)saved;
	return config_space_read(device, &space, error);
}

static void ignore(void *data, const struct config_difference *difference)
{
	(void)data;
	(void)difference;
}

static int compare(struct device *device, struct device *saved, struct error *error)
{
	unsigned int skipped;

	return config_compare(saved, device, ignore, NULL, &skipped, error);
}

static int restore(struct device *device, struct device *saved, struct error *error)
{
	struct config_plan *plan;
	int rc = config_restore_plan(device, saved, CONFIG_RESTORE_ALL, &plan, error);

	if (rc < 0)
		return rc;
	rc = config_restore(device, plan, error);
	config_plan_free(plan);
	return rc;
}

/* One that lost its settings */
static void lose_settings(void)
{
	reset(config);
	config[0x04] = 0; /* COMMAND */
	memset(config + 0x10, 0, 4); /* BAR 0 */
	config[0x69] = 0x20; /* DEVCTL: MRRS=512 still, relaxed ordering no more */
	config[0x68] = 0;
}

static void try(struct tap *tap, const char *root, const char *name, verb run)
{
	const struct pci_address address = { .bus = 1 };
	struct context ctx = { .sysroot = root };
	struct config_saved *saved = NULL;
	unsigned int gone = 0;
	unsigned int done = 0;
	unsigned int wrong = 0;
	uint8_t before[256];
	struct error error;

	reset(before);
	if (config_saved_from(&ctx, &address, before, sizeof(before), &saved, &error) < 0)
		return;
	/* until one goes through to its end, and the device is still there */
	for (unsigned int n = 1; n < 10000 && !done; n++) {
		struct device *device;
		int rc;

		lose_settings();
		left = 10000;
		if (device_open(&ctx, &address, &device, &error) < 0)
			break;
		left = n;
		rc = run(device, saved->device, &error);
		device_close(device);
		gone += rc < 0 && error.kind == ERROR_GONE;
		if (rc < 0 && error.kind != ERROR_GONE) {
			printf("# %s\n", error.message);
			wrong++;
		}
		done += rc == 0;
	}
	ok(tap, done == 1 && wrong == 0 && gone > 10,
	   "%s: gone at each of %u accesses, %u taken for something else", name, gone + wrong, wrong);
	config_saved_close(saved);
}

/* --- the order ---------------------------------------------------------------------------------------- */

/* LOSE takes some of the device's settings. */
static void expect(struct tap *tap, const char *root, uint8_t type, void (*lose)(void), const char *expected)
{
	const struct pci_address address = { .bus = 1 };
	struct context ctx = { .sysroot = root };
	struct config_saved *saved = NULL;
	struct device *device = NULL;
	struct error error;

	reset(config);
	config[0x0e] = type;
	left = 10000;
	if (config_saved_from(&ctx, &address, config, sizeof(config), &saved, &error) < 0 ||
	    device_open(&ctx, &address, &device, &error) < 0)
		goto out_close;
	lose();
	written[0] = '\0';
	if (!ok(tap, restore(device, saved->device, &error) == 0 && strcmp(written, expected) == 0,
		"order: %s", expected))
		printf("# %s\n", written);
out_close:
	device_close(device);
	config_saved_close(saved);
}

static void lose_all(void)
{
	config[0x04] = 0;
	config[0x13] = 0;
	config[0x69] = 0;
}

static void move_bar(void)
{
	config[0x13] = 0xf0;
}

static void lose_latency(void)
{
	config[0x1b] = 0x40;
}

int main(void)
{
	struct tap tap = { 0 };
	uint8_t expected[256];
	char root[64];

	if (!ok(&tap, make_tree(root), "a tree"))
		return tap_done(&tap);
	expect(&tap, root, 0, lose_all, "10=fe400000 68=2810 04=0006");
	expect(&tap, root, 0, move_bar, "04=0004 10=fe400000 04=0006");
	/* a bridge's latency timer lies where an endpoint has BARs: what is behind the bridge stays within reach */
	expect(&tap, root, 1, lose_latency, "1b=00");
	try(&tap, root, "copy", copy);
	try(&tap, root, "compare", compare);
	try(&tap, root, "restore", restore);
	reset(expected);
	ok(&tap, memcmp(config, expected, sizeof(config)) == 0, "restore: the device has all of it again");
	remove_tree(root);
	return tap_done(&tap);
}
