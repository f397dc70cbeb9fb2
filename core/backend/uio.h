/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * UIO devices, as /sys/class/uio shows them; /dev/uioN is not opened for that. Linux Documentation/driver-api/uio-howto.rst.
 */
#ifndef PCIETOOL_UIO_H
#define PCIETOOL_UIO_H

#include "core/pci/device.h"
#include "core/pci/fact.h"

#define UIO_MAPS 5 /* MAX_UIO_MAPS of include/linux/uio_driver.h */
#define UIO_PORTS 5 /* MAX_UIO_PORT_REGIONS */

struct uio_map {
	unsigned int index;
	struct fact_text name;
	struct fact_number address;
	struct fact_number size; /* bytes */
	struct fact_number offset; /* of the device's memory in its first page */
};

struct uio_port {
	unsigned int index;
	struct fact_text name;
	struct fact_number start;
	struct fact_number size;
	struct fact_text type; /* "port_x86" */
};

struct uio_device {
	unsigned int number;
	struct fact_text name; /* of the driver's choice */
	struct fact_text version;
	struct fact_number events; /* 32 bits, they wrap */
	struct fact_text parent; /* "0000:01:00.0", or a platform device's name */
	bool is_pci;
	struct pci_address address; /* of PARENT */
	size_t map_count;
	struct uio_map maps[UIO_MAPS];
	size_t port_count;
	struct uio_port ports[UIO_PORTS];
};

/* The numbers of all, rising. *NUMBERS is the caller's to free, also when *COUNT is 0. */
int uio_list(const struct context *ctx, unsigned int **numbers, size_t *count, struct error *error);
/* ERROR_SELECT when there is none of that number. */
int uio_read(const struct context *ctx, unsigned int number, struct uio_device *uio, struct error *error);
/* Its folder, the caller's to close; -errno with the record as for uio_read(). */
int uio_open_folder(const struct context *ctx, unsigned int number, struct error *error);
/* The number of the UIO device that PCI device NAME has a driver for; -ENOENT: none. */
int uio_find(const struct context *ctx, const char *name, unsigned int *number);

/*
 * A device for registers and interrupts by its number: the PCI device behind it, or one that is no PCI device. *DEVICE is
 * the caller's to close.
 */
int uio_open_device(const struct context *ctx, unsigned int number, struct device **device,
		    struct error *error);

/*
 * /dev/uioN, or in a session what its holder has open; why it cannot be. Closing one's own clears bus mastering where the
 * driver is uio_pci_generic.
 */
int uio_open_node(const struct device *device, int *fd, struct error *error);

/* --- UIO counts a device's events in 32 bits; here they are 64 ----------------------------------- */

/* The count that NOW (its lower 32 bits) means, when it was LAST before: it has wrapped at most once since. */
uint64_t uio_count_after(uint64_t last, uint32_t now);
/* The one nearest to NEAR, before or behind it: where nothing is known of the past. */
uint64_t uio_count_near(uint64_t near, uint32_t now);

#endif
