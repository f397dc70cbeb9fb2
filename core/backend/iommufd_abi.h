/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The part of the kernel's iommufd interface that is used here, as facts: Linux 6.6 and later,
 * Documentation/userspace-api/iommufd.rst. Headers of older distributions lack it.
 */
#ifndef PCIETOOL_IOMMUFD_ABI_H
#define PCIETOOL_IOMMUFD_ABI_H

#include <linux/types.h>
#include <linux/vfio.h>
#include <sys/ioctl.h>

#define ABI_IOMMUFD_TYPE ';'

struct abi_ioas_alloc {
	__u32 size;
	__u32 flags;
	__u32 out_ioas_id;
};
#define ABI_IOAS_ALLOC _IO(ABI_IOMMUFD_TYPE, 0x81)

struct abi_iova_range {
	__aligned_u64 start;
	__aligned_u64 last;
};

struct abi_ioas_iova_ranges {
	__u32 size;
	__u32 ioas_id;
	__u32 num_iovas; /* room; the kernel says how many there are, with EMSGSIZE when that is more */
	__u32 reserved;
	__aligned_u64 allowed_iovas; /* pointer to abi_iova_range */
	__aligned_u64 out_iova_alignment;
};
#define ABI_IOAS_IOVA_RANGES _IO(ABI_IOMMUFD_TYPE, 0x84)

#define ABI_IOAS_MAP_FIXED_IOVA (1 << 0)
#define ABI_IOAS_MAP_WRITEABLE (1 << 1)
#define ABI_IOAS_MAP_READABLE (1 << 2)

struct abi_ioas_map {
	__u32 size;
	__u32 flags;
	__u32 ioas_id;
	__u32 reserved;
	__aligned_u64 user_va;
	__aligned_u64 length;
	__aligned_u64 iova;
};
#define ABI_IOAS_MAP _IO(ABI_IOMMUFD_TYPE, 0x85)

struct abi_ioas_unmap {
	__u32 size;
	__u32 ioas_id;
	__aligned_u64 iova;
	__aligned_u64 length;
};
#define ABI_IOAS_UNMAP _IO(ABI_IOMMUFD_TYPE, 0x86)

struct abi_bind_iommufd {
	__u32 argsz;
	__u32 flags;
	__s32 iommufd;
	__u32 out_devid;
};
#define ABI_DEVICE_BIND_IOMMUFD _IO(VFIO_TYPE, VFIO_BASE + 18)

struct abi_attach_iommufd_pt {
	__u32 argsz;
	__u32 flags;
	__u32 pt_id;
};
#define ABI_DEVICE_ATTACH_IOMMUFD_PT _IO(VFIO_TYPE, VFIO_BASE + 19)

#endif
