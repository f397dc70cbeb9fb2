/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A config space that is written to: bytes, and what a write may do to each of their bits, of the table of core/config. */
#ifndef PCIETOOL_TWIN_CONFIG_IMAGE_H
#define PCIETOOL_TWIN_CONFIG_IMAGE_H

#include <linux/pci_regs.h>

#include "core/base/context.h"
#include "core/mapfile/set.h"
#include "core/pci/capability.h"
#include "core/pci/device.h"
#include "core/twin/twin.h"

struct config_image {
	unsigned int size; /* 256 or 4096 */
	uint8_t bytes[PCI_CFG_SPACE_EXP_SIZE];
	uint8_t initial[PCI_CFG_SPACE_EXP_SIZE]; /* after a reset */
	uint8_t writable[PCI_CFG_SPACE_EXP_SIZE];
	uint8_t clears[PCI_CFG_SPACE_EXP_SIZE]; /* bits that writing a 1 clears */
	uint8_t sticky[PCI_CFG_SPACE_EXP_SIZE]; /* bits that an FLR leaves */
	struct bar bars[DEVICE_BARS]; /* their sizes and types */
	unsigned int power; /* offsets of capabilities; 0: there is none */
	unsigned int express;
	unsigned int msi;
	unsigned int msix;
	unsigned int vpd;
	unsigned int advanced; /* AF */
	struct capability_list standard; /* where each of them begins */
	uint8_t *vpd_data; /* what VPD reads; NULL: it never answers */
	size_t vpd_size;
};

/* The device's that OPTIONS name, or an endpoint with these ids. Without BARs: their sizes are not in it. */
int config_image_open(struct config_image *image, const struct context *ctx,
		      const struct twin_options *options, const struct regmap_id *id, struct error *error);
void config_image_close(struct config_image *image);

/*
 * Gives BAR a size, of which the image's own bits say the type, and BAR adds to it. A usage error where there is no room
 * for it, or the size can be none.
 */
int config_image_add_bar(struct config_image *image, unsigned int index, const struct twin_bar *bar,
			 struct error *error);
/* A ROM of SIZE bytes, a power of two: what is written to its address tells that size. */
void config_image_add_rom(struct config_image *image, uint32_t size);
/* The BARs are complete: a usage error where the image has one that nobody gave a size. */
int config_image_ready(struct config_image *image, const char *name, struct error *error);

enum config_reset {
	CONFIG_RESET_NONE,
	CONFIG_RESET_DEVICE, /* as power-on */
	CONFIG_RESET_FLR, /* PCIe 6.0 section 6.6.2: sticky bits and the link's stay */
	CONFIG_RESET_PM, /* section 5.3.1.4, from D3hot to D0 without No_Soft_Reset: the same stay */
};

void config_image_reset(struct config_image *image, enum config_reset reset);

/* COUNT bytes, all of them within its size. */
void config_image_read(const struct config_image *image, unsigned int offset, uint8_t *bytes, size_t count);
/* *RESET: what the write asked for, which is the caller's to do. */
void config_image_write(struct config_image *image, unsigned int offset, const uint8_t *bytes, size_t count,
			enum config_reset *reset);

/*
 * PowerState of PMCSR, 0 (D0, and where there is none) to 3 (D3hot). In all but 0 a function answers requests of configuration
 * alone, and makes none: sections 5.3.1.2 to 5.3.1.4.
 */
unsigned int config_image_power_state(const struct config_image *image);

uint16_t config_image_get16(const struct config_image *image, unsigned int offset);
void config_image_put16(struct config_image *image, unsigned int offset, uint16_t value);
/*
 * Are BYTES from OFFSET on in the capability at CAPABILITY its own? False where another one begins before, config space ends,
 * or there is none (0).
 */
bool config_image_has(const struct config_image *image, unsigned int capability, unsigned int offset,
		      unsigned int bytes);
/* Vectors of INTx, MSI, MSI-X. */
void config_image_vectors(const struct config_image *image, unsigned int counts[3]);
/* 0 or -ENOMEM. */
int config_image_set_vpd(struct config_image *image, const void *bytes, size_t size);

#endif
