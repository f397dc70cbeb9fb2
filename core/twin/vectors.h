/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The device's interrupts: an eventfd of the client's for each vector. Masks of MSI and MSI-X are the client's business. */
#ifndef PCIETOOL_TWIN_VECTORS_H
#define PCIETOOL_TWIN_VECTORS_H

#include <linux/vfio.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* PCIe 6.0 section 7.7.2.2: Table Size has 11 bits */
#define VECTORS_MAX 2048

struct vectors {
	unsigned int counts[3]; /* that the device has of VFIO_PCI_INTX_IRQ_INDEX, MSI, MSIX */
	int *fds[3]; /* -1: none */
	bool intx_masked; /* by the client, until it has served one */
	bool intx_asserted; /* by the device, whatever its Interrupt Status says */
};

/* COUNTS as above. 0 or -ENOMEM. */
int vectors_open(struct vectors *vectors, const unsigned int counts[3]);
void vectors_close(struct vectors *vectors);
/* No client: no descriptors. */
void vectors_release(struct vectors *vectors);

/*
 * SET with what follows it: DATA_SIZE bytes, COUNT descriptors, of which those that are taken become -1. *UNMASKED: the INTx
 * line was unmasked, and interrupts again where it is still asserted. -EINVAL: it does not fit this device.
 */
int vectors_set(struct vectors *vectors, const struct vfio_irq_set *set, const uint8_t *data,
		size_t data_size, int *fds, unsigned int count, bool *unmasked);

/* 0; -ENOENT: nobody enabled it, or INTx is masked. */
int vectors_trigger(const struct vectors *vectors, unsigned int index, unsigned int vector);
/* Has the client enabled any of that index? */
bool vectors_enabled(const struct vectors *vectors, unsigned int index);

#endif
