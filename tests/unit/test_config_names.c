// SPDX-License-Identifier: GPL-2.0-or-later
/* Register names of config space, resolved on a device of plain files. */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/pci/capability.h"
#include "core/config/setpci_names.h"

static unsigned int count;
static unsigned int failed;

static void check(bool ok, const char *what)
{
	printf("%sok %u %s\n", ok ? "" : "not ", ++count, what);
	failed += !ok;
}

/* A device in a tree of its own, whose config space is SIZE bytes at CONFIG. */
static struct device *make_device(struct context *ctx, char root[64], const uint8_t *config, size_t size)
{
	static const char *const folders[] = { "sys", "sys/bus", "sys/bus/pci", "sys/bus/pci/devices",
					       "sys/bus/pci/devices/0000:01:00.0" };
	struct pci_address address = { .bus = 1 };
	struct device *device = NULL;
	struct error error;
	char path[256];
	int fd;

	snprintf(root, 64, "/tmp/pcietool-unit-XXXXXX");
	if (!mkdtemp(root))
		return NULL;
	for (size_t i = 0; i < sizeof(folders) / sizeof(folders[0]); i++) {
		snprintf(path, sizeof(path), "%s/%s", root, folders[i]);
		mkdir(path, 0755);
	}
	strcat(path, "/config");
	fd = open(path, O_WRONLY | O_CREAT, 0644);
	if (fd < 0 || write(fd, config, size) != (ssize_t)size)
		return NULL;
	close(fd);
	ctx->sysroot = root;
	return device_open(ctx, &address, &device, &error) < 0 ? NULL : device;
}

static void remove_tree(const char *root)
{
	static const char *const paths[] = { "/sys/bus/pci/devices/0000:01:00.0/config",
					     "/sys/bus/pci/devices/0000:01:00.0",
					     "/sys/bus/pci/devices",
					     "/sys/bus/pci",
					     "/sys/bus",
					     "/sys",
					     "" };
	char path[256];

	for (size_t i = 0; i < sizeof(paths) / sizeof(paths[0]); i++) {
		snprintf(path, sizeof(path), "%s%s", root, paths[i]);
		remove(path);
	}
}

static void expect(struct device *device, const char *name, unsigned int offset, unsigned int width)
{
	unsigned int o = 0xdead;
	unsigned int w = 0xdead;
	struct error error;
	int rc = config_name_resolve(device, name, &o, &w, &error);

	check(rc == 0 && o == offset && w == width, name);
}

static void expect_error(struct device *device, const char *name, enum error_kind kind, const char *text)
{
	unsigned int o = 0xdead;
	unsigned int w = 0xdead;
	struct error error = { .kind = ERROR_NONE };
	int rc = config_name_resolve(device, name, &o, &w, &error);

	check(rc < 0 && error.kind == kind && o == 0xdead && w == 0xdead &&
		      (strstr(error.message, text) || strstr(error.hint, text)),
	      name);
	if (rc == 0 || error.kind != kind)
		printf("# rc %d kind %d: %s\n", rc, (int)error.kind, error.message);
}

/* An endpoint: two vendor-specific capabilities, PCI Express; AER. */
static void endpoint(void)
{
	uint8_t config[4096] = { 0x34, 0x12, 0xe8, 0x11, [0x06] = 0x10, [0x34] = 0x40 };
	struct context ctx = { .sysroot = "" };
	char root[64];
	struct device *device;

	memcpy(config + 0x40, (uint8_t[]){ 0x09, 0x50 }, 2);
	memcpy(config + 0x50, (uint8_t[]){ 0x10, 0x60 }, 2);
	memcpy(config + 0x60, (uint8_t[]){ 0x09, 0x00 }, 2);
	memcpy(config + 0x100, (uint8_t[]){ 0x01, 0x00, 0x02, 0x00 }, 4);
	device = make_device(&ctx, root, config, sizeof(config));
	check(device != NULL, "an endpoint");
	if (!device)
		return;
	expect(device, "COMMAND", 0x04, 16);
	expect(device, "command", 0x04, 16);
	expect(device, "BASE_ADDRESS_5", 0x24, 32);
	expect(device, "ROM_ADDRESS", 0x30, 32);
	expect(device, "INTERRUPT_PIN", 0x3d, 8);
	expect(device, "CAP_EXP", 0x50, 0);
	expect(device, "cap10", 0x50, 0);
	expect(device, "CAP_VNDR", 0x40, 0);
	expect(device, "CAP_VNDR@0", 0x40, 0);
	expect(device, "CAP_VNDR@1", 0x60, 0);
	expect(device, "CAP9@1", 0x60, 0);
	expect(device, "ECAP_AER", 0x100, 0);
	expect(device, "ECAP0001", 0x100, 0);
	expect(device, "ecap1", 0x100, 0);
	expect_error(device, "CAP_VNDR@2", ERROR_UNSUPPORTED, "number 2");
	expect_error(device, "CAP_MSIX", ERROR_UNSUPPORTED, "MSI-X");
	expect_error(device, "ECAP_SRIOV", ERROR_UNSUPPORTED, "Single Root");
	expect_error(device, "PRIMARY_BUS", ERROR_UNSUPPORTED, "header type 0");
	expect_error(device, "CB_IO_BASE_0", ERROR_UNSUPPORTED, "header type 0");
	expect_error(device, "COMAND", ERROR_USAGE, "COMMAND");
	expect_error(device, "CAP_XYZZY", ERROR_USAGE, "CAP_XYZZY");
	expect_error(device, "CAP", ERROR_USAGE, "CAP");
	expect_error(device, "CAP123", ERROR_USAGE, "CAP123");
	expect_error(device, "CAPZZ", ERROR_USAGE, "CAPZZ");
	expect_error(device, "ECAP12345", ERROR_USAGE, "ECAP12345");
	expect_error(device, "CAP_VNDR@", ERROR_USAGE, "number");
	expect_error(device, "CAP_VNDR@x", ERROR_USAGE, "number");
	expect_error(device, "CAP_VNDR@08", ERROR_USAGE, "number");
	expect_error(device, "CAP_VNDR@9999", ERROR_USAGE, "number");
	expect_error(device, "COMMAND@1", ERROR_USAGE, "only capabilities");
	expect_error(device, "", ERROR_USAGE, "''");
	device_close(device);
	remove_tree(root);
}

static void bridge(void)
{
	uint8_t config[256] = { 0x34, 0x12, 0xe8, 0x11, [0x0e] = 0x81 };
	struct context ctx = { .sysroot = "" };
	char root[64];
	struct device *device = make_device(&ctx, root, config, sizeof(config));

	check(device != NULL, "a bridge");
	if (!device)
		return;
	expect(device, "SECONDARY_BUS", 0x19, 8);
	expect(device, "BRIDGE_CONTROL", 0x3e, 16);
	expect(device, "BASE_ADDRESS_1", 0x14, 32);
	expect_error(device, "BASE_ADDRESS_2", ERROR_UNSUPPORTED, "header type 1");
	expect_error(device, "SUBSYSTEM_ID", ERROR_UNSUPPORTED, "PCI bridge");
	expect_error(device, "ECAP_AER", ERROR_UNSUPPORTED, "256 bytes");
	device_close(device);
	remove_tree(root);
}

/* What somebody other than root sees, and what nobody sees. */
static void hidden(void)
{
	uint8_t config[64] = { 0x34, 0x12, 0xe8, 0x11, [0x06] = 0x10, [0x34] = 0x40 };
	struct context ctx = { .sysroot = "" };
	char root[64];
	struct device *device = make_device(&ctx, root, config, sizeof(config));

	check(device != NULL, "64 bytes");
	if (device) {
		expect(device, "STATUS", 0x06, 16);
		expect_error(device, "CAP_EXP", ERROR_DENIED, "root");
		device_close(device);
		remove_tree(root);
	}
	memset(config, 0xff, sizeof(config));
	device = make_device(&ctx, root, config, sizeof(config));
	check(device != NULL, "all ones");
	if (device) {
		expect_error(device, "CAP_EXP", ERROR_GONE, "does not answer");
		expect_error(device, "PRIMARY_BUS", ERROR_GONE, "does not answer");
		device_close(device);
		remove_tree(root);
	}
}

static void names(void)
{
	bool has_aer = false;
	bool unique = true;
	const char *name;
	char text[64];
	size_t n;

	for (n = 0; (name = config_name_at(n)) != NULL; n++) {
		has_aer |= strcmp(name, "ECAP_AER") == 0;
		for (size_t i = 0; i < n; i++)
			unique &= strcmp(config_name_at(i), name) != 0;
	}
	check(has_aer && n > 120, "all names");
	check(unique, "no name twice");
	capability_name_format(false, 0x11, text, sizeof(text));
	check(strcmp(text, "MSI-X") == 0, "a capability's name");
	capability_name_format(false, 0x55, text, sizeof(text));
	check(strcmp(text, "capability 0x55") == 0, "an unknown capability's");
	capability_name_format(true, 0x555, text, sizeof(text));
	check(strcmp(text, "extended capability 0x0555") == 0, "an unknown extended one's");
}

int main(void)
{
	endpoint();
	bridge();
	hidden();
	names();
	printf("1..%u\n", count);
	return failed ? 1 : 0;
}
