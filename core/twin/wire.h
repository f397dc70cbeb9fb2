/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The messages of vfio-user 0.0 that a server gets, as QEMU's docs/interop/vfio-user.rst has them: each struct is the
 * section of its name. All is in the byte order of the machine ("Protocol Specification").
 */
#ifndef PCIETOOL_TWIN_WIRE_H
#define PCIETOOL_TWIN_WIRE_H

#include <stdint.h>

/* section "Commands" */
enum wire_command {
	WIRE_VERSION = 1,
	WIRE_DMA_MAP = 2,
	WIRE_DMA_UNMAP = 3,
	WIRE_DEVICE_GET_INFO = 4,
	WIRE_DEVICE_GET_REGION_INFO = 5,
	WIRE_DEVICE_GET_IRQ_INFO = 7,
	WIRE_DEVICE_SET_IRQS = 8,
	WIRE_REGION_READ = 9,
	WIRE_REGION_WRITE = 10,
	WIRE_DMA_READ = 11,
	WIRE_DMA_WRITE = 12,
	WIRE_DEVICE_RESET = 13,
};

/* section "Header" */
struct wire_header {
	uint16_t id;
	uint16_t command;
	uint32_t size; /* with this header */
	uint32_t flags;
	uint32_t error; /* errno */
};
#define WIRE_TYPE_MASK 0xfu
#define WIRE_TYPE_REPLY 1u
#define WIRE_NO_REPLY (1u << 4)
#define WIRE_ERROR (1u << 5)

/* section "VFIO_USER_VERSION"; JSON and a NUL follow */
struct wire_version {
	uint16_t major;
	uint16_t minor;
};

/* section "VFIO_USER_DMA_MAP" */
struct wire_dma_map {
	uint32_t argsz;
	uint32_t flags; /* 1: the device may read it, 2: write */
	uint64_t offset; /* in the descriptor */
	uint64_t address;
	uint64_t size;
};
#define WIRE_DMA_READABLE 1u
#define WIRE_DMA_WRITEABLE 2u

struct wire_dma_unmap {
	uint32_t argsz;
	uint32_t flags;
	uint64_t address;
	uint64_t size;
};

/* section "VFIO_USER_REGION_READ"; the data follow */
struct wire_region {
	uint64_t offset;
	uint32_t region;
	uint32_t count;
};

/* section "VFIO_USER_DMA_READ"; the data follow */
struct wire_dma {
	uint64_t address;
	uint64_t count;
};

/*
 * section "VFIO_USER_VERSION", max_data_xfer_size: its default, and with the header and struct wire_region the longest
 * message. The other structs are those of linux/vfio.h.
 */
#define WIRE_DATA_MAX (1u << 20)
#define WIRE_MESSAGE_MAX (sizeof(struct wire_header) + sizeof(struct wire_region) + WIRE_DATA_MAX)
/* max_msg_fds, below what Linux passes in one message (SCM_MAX_FD, 253) */
#define WIRE_FDS_MAX 16u

#endif
