// SPDX-License-Identifier: GPL-2.0-or-later
/* What a function was: how what comes back differs from it, and what of config space is put back. On a fake tree. */
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/control/functions.h"
#include "tests/unit/tap.h"

#define FOLDER "/sys/bus/pci/devices/0000:01:00.0"
#define EXPRESS 0x40
#define DEVCTL (EXPRESS + 8)

static char root[] = "/tmp/pcietool-unit-XXXXXX";
static const struct context ctx = { .sysroot = root };
static const struct pci_address address = { .bus = 1 };

static void put(const char *name, const char *text, size_t length, off_t offset)
{
	char path[256];
	int fd;

	snprintf(path, sizeof(path), "%s" FOLDER "/%s", root, name);
	fd = open(path, O_RDWR | O_CREAT, 0600);
	if (fd < 0 || pwrite(fd, text, length, offset) != (ssize_t)length)
		abort();
	close(fd);
}

static void put_text(const char *name, const char *text)
{
	put(name, text, strlen(text), 0);
}

static void put_config(unsigned int offset, unsigned int bytes, unsigned int value)
{
	char raw[4];

	for (unsigned int i = 0; i < 4; i++)
		raw[i] = (char)(value >> (8 * i));
	put("config", raw, bytes, offset);
}

static void put_bars(unsigned int size)
{
	char text[1024];
	int n = snprintf(text, sizeof(text), "0x%016x 0x%016x 0x%016x\n", 0xfe000000, 0xfe000000 + size - 1,
			 0x40200);

	for (int i = 0; i < 6; i++)
		n += snprintf(text + n, sizeof(text) - (size_t)n, "0x%016x 0x%016x 0x%016x\n", 0, 0, 0);
	put_text("resource", text);
}

static void make_tree(void)
{
	static const char *const folders[] = { "/sys", "/sys/bus", "/sys/bus/pci", "/sys/bus/pci/devices",
					       FOLDER };
	char path[256];

	if (!mkdtemp(root))
		abort();
	for (size_t i = 0; i < sizeof(folders) / sizeof(folders[0]); i++) {
		snprintf(path, sizeof(path), "%s%s", root, folders[i]);
		mkdir(path, 0700);
	}
	put_text("vendor", "0x1234\n");
	put_text("device", "0x11e8\n");
	put_text("class", "0xff0000\n");
	put_text("subsystem_vendor", "0x0000\n");
	put_text("subsystem_device", "0x0000\n");
	put_bars(4096);
	put_config(252, 4, 0);
	put_config(0, 4, 0x11e81234);
	put_config(6, 2, 0x10);
	put_config(0x34, 1, EXPRESS);
	put_config(EXPRESS, 4, 0x00020010);
	put_config(DEVCTL, 2, 0x5930);
}

static struct device *open_device(void)
{
	struct device *device;
	struct error error;

	if (device_open(&ctx, &address, &device, &error) < 0)
		abort();
	return device;
}

struct told {
	unsigned int count;
	struct function_difference last;
};

static void tell(void *data, const struct function_difference *difference)
{
	struct told *told = data;

	told->count++;
	told->last = *difference;
}

static void test_compare(struct tap *tap, const struct function_state *before)
{
	struct told told = { .count = 0 };

	function_state_compare(before, &ctx, tell, &told);
	ok(tap, told.count == 0, "the same: nothing to tell");
	put_bars(8192);
	function_state_compare(before, &ctx, tell, &told);
	ok(tap,
	   told.count == 1 && strcmp(told.last.what, "BAR 0") == 0 &&
		   strcmp(told.last.before, "mem 0x1000") == 0 && strcmp(told.last.after, "mem 0x2000") == 0,
	   "a BAR of another size: %s %s %s", told.last.what, told.last.before, told.last.after);
	ok(tap, function_state_is_same(before, &ctx), "its ids are the same all the same");
	put_bars(4096);
	put_text("subsystem_device", "0x0007\n");
	function_state_compare(before, &ctx, tell, &told);
	ok(tap, told.count == 2 && strcmp(told.last.after, "0x0007") == 0, "another subsystem");
	put_text("subsystem_device", "0x0000\n");
	put_text("device", "0x11e9\n");
	function_state_compare(before, &ctx, tell, &told);
	ok(tap, told.count == 3 && strcmp(told.last.what, "device") == 0, "another device");
	ok(tap, !function_state_is_same(before, &ctx), "which it is then");
	put_text("device", "0x11e8\n");
}

static uint32_t devctl(struct device *device)
{
	struct error error;
	uint32_t value = 0;

	device_config_read(device, DEVCTL, 16, &value, &error);
	return value;
}

static void test_restore(struct tap *tap, const struct function_state *before)
{
	struct device *device = open_device();
	unsigned int changed = 7;
	struct error error;

	ok(tap, function_state_restore(before, device, false, &changed, &error) == 0 && changed == 0,
	   "nothing differs, nothing is written");
	/* as the kernel enumerates: another payload, the default read request, errors reported */
	put_config(DEVCTL, 2, 0x280f);
	ok(tap, function_state_restore(before, device, true, &changed, &error) == 0 && changed == 1,
	   "a register differs");
	ok(tap, devctl(device) == 0x280f, "counting writes nothing");
	ok(tap,
	   function_state_restore(before, device, false, &changed, &error) == 0 && changed == 1 &&
		   devctl(device) == 0x5930,
	   "what software sets is as before");
	/* another image has the capability elsewhere */
	put_config(0x34, 1, 0x80);
	put_config(0x80, 4, 0x00020010);
	put_config(0x88, 2, 0x0000);
	ok(tap, function_state_restore(before, device, false, &changed, &error) == 0 && changed == 0,
	   "a capability that was not there is left alone");
	device_close(device);
}

int main(void)
{
	struct function_state *before = calloc(1, sizeof(*before));
	struct tap tap = { .count = 0 };
	char command[64];
	struct device *device;
	struct error error;

	make_tree();
	device = open_device();
	ok(&tap, before && function_state_read(device, before, &error) == 0, "read");
	ok(&tap, before->config_size == 256 && before->config[DEVCTL] == 0x30, "with config space");
	device_close(device);
	test_compare(&tap, before);
	test_restore(&tap, before);
	free(before);
	snprintf(command, sizeof(command), "rm -rf %s", root);
	return system(command) == 0 ? tap_done(&tap) : 1;
}
