// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * What waiting for an interrupt costs at least: edu interrupts, read(2) of the eventfd waits for it, it is taken back.
 *
 * With FILE 4 KiB are written to it for each, as who saves a block must do too.
 *
 * Usage: irq_loop ADDRESS COUNT [FILE]
 */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>

#include "core/backend/vfio.h"
#include "core/backend/vfio_config.h"

/* QEMU's docs/specs/edu.txt: the factorial is computed by a thread of its own, which then interrupts */
#define FACTORIAL 0x08
#define STATUS 0x20
#define STATUS_INTERRUPT 0x80
#define ACKNOWLEDGE 0x64

static uint8_t block[4096];

int main(int argc, char **argv)
{
	struct context ctx = { .sysroot = "" };
	struct pci_address address;
	struct vfio_region bar;
	struct device *device;
	struct error error;
	struct vfio *vfio;
	volatile uint32_t *regs;
	unsigned int vectors;
	long count;
	int out = -1;
	int fd;

	if (argc < 3 || argc > 4 || pci_address_parse(argv[1], &address) < 0)
		return 2;
	count = strtol(argv[2], NULL, 10);
	if (argc == 4 && (out = open(argv[3], O_WRONLY)) < 0)
		return 1;
	if (device_open(&ctx, &address, &device, &error) < 0 || vfio_open(device, 32, &vfio, &error) < 0) {
		fprintf(stderr, "irq_loop: %s\n", error.message);
		return 1;
	}
	if (vfio_set_bus_master(vfio, true) < 0 || vfio_irq_enable(vfio, INTERRUPT_MSI, 1, &vectors) < 0 ||
	    vfio_irq_fd(vfio, 0, &fd) < 0 || vfio_region_info(vfio_device_fd(vfio), 0, &bar) < 0)
		return 1;
	regs = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED, vfio_device_fd(vfio),
		    (off_t)bar.file_offset);
	if (regs == MAP_FAILED || fcntl(fd, F_SETFL, 0) < 0)
		return 1;
	regs[STATUS / 4] = STATUS_INTERRUPT;
	while (count-- > 0) {
		uint64_t events;

		regs[FACTORIAL / 4] = 1;
		if (read(fd, &events, sizeof(events)) != sizeof(events))
			return 1;
		if (out >= 0 && write(out, block, sizeof(block)) != sizeof(block))
			return 1;
		regs[ACKNOWLEDGE / 4] = 1;
	}
	vfio_close(vfio);
	device_close(device);
	return 0;
}
