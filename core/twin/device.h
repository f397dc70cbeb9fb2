/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The device that a twin is: config space, BARs, interrupts, the guest's memory. Knows no messages. */
#ifndef PCIETOOL_TWIN_DEVICE_H
#define PCIETOOL_TWIN_DEVICE_H

#include "core/twin/config_image.h"
#include "core/twin/guest_memory.h"
#include "core/twin/line.h"
#include "core/twin/log.h"
#include "core/twin/model.h"
#include "core/twin/option_rom.h"
#include "core/twin/registers.h"
#include "core/twin/replay.h"
#include "core/twin/vectors.h"

struct twin_device {
	const struct context *ctx;
	const char *name; /* of its config space, for messages */
	struct config_image config;
	struct vectors vectors;
	struct guest_memory memory;
	int fds[DEVICE_BARS]; /* of BARs that are memory; -1 */
	uint8_t *bytes[DEVICE_BARS]; /* the same mapped; NULL */
	struct option_rom rom;
	struct register_file registers;
	struct model *model; /* NULL: none */
	struct replay *replay; /* NULL: none */
	bool replays_line; /* INTx is asserted since the recording had an interrupt */
	struct twin_log *log; /* NULL: none */
};

/* LOG (NULL: none) stays the caller's. */
int twin_device_open(struct twin_device *device, const struct context *ctx,
		     const struct twin_options *options, struct twin_log *log, struct error *error);
void twin_device_close(struct twin_device *device);

/* Of a region as VFIO numbers them (linux/vfio.h, VFIO_PCI_BAR0_REGION_INDEX ...), in bytes; 0: there is none. */
uint64_t twin_device_size(const struct twin_device *device, unsigned int region);
/*
 * COUNT bytes at OFFSET of a region. -EINVAL: they do not lie in it. What a guest does is one access of the width asked for;
 * more bytes than a register has are several.
 */
int twin_device_read(struct twin_device *device, unsigned int region, uint64_t offset, uint8_t *bytes,
		     size_t count);
int twin_device_write(struct twin_device *device, unsigned int region, uint64_t offset, const uint8_t *bytes,
		      size_t count);
/* All of it, as after power-on. */
void twin_device_reset(struct twin_device *device);
/* The INTx line was unmasked, by the client or by Interrupt Disable: is it still asserted? */
void twin_device_unmasked(struct twin_device *device);
/* The client is gone, with its memory and its interrupts; what the device holds stays (vfio-user.rst, "Client Disconnection"). */
void twin_device_disconnect(struct twin_device *device);

#endif
