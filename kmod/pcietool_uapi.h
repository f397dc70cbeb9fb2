/* SPDX-License-Identifier: GPL-2.0-or-later WITH Linux-syscall-note */
/*
 * The interface between pcietool and its kernel helper.
 *
 * Node: /dev/pcietool/DDDD:BB:DD.F, one per device bound to the driver "pcietool".
 *
 * Every command takes a pointer to a struct that starts with
 *   size   bytes of the struct that the caller knows. A shorter struct is extended with zeroes,
 *          a longer one is accepted while its unknown tail is zero (otherwise E2BIG).
 *   flags  of the command; an unknown one is EINVAL.
 * Reserved fields must be zero (EINVAL). Fields named out_* are written by the kernel and ignored
 * on input; they are valid only when the command returns 0. A struct without any is only read.
 *
 * Common errors: ENODEV the device was unbound or unplugged; ENOTTY unknown command; EFAULT, EINVAL,
 * E2BIG as above; EPERM without CAP_SYS_RAWIO or with the kernel locked down (at open).
 */
#ifndef PCIETOOL_UAPI_H
#define PCIETOOL_UAPI_H

#include <linux/ioctl.h>
#include <linux/types.h>

#define PCIETOOL_ABI_VERSION	1
#define PCIETOOL_NAME_MAX	32	/* characters of a buffer's name: [A-Za-z_][A-Za-z0-9_]{0,31} */
#define PCIETOOL_NAME_SIZE	40	/* of the field: the name, then zeroes to its end */
#define PCIETOOL_MAX_STOP_WRITES 16

#define PCIETOOL_IOC_TYPE	0xbb

enum pcietool_irq_type {
	PCIETOOL_IRQ_NONE = 0,
	PCIETOOL_IRQ_INTX = 1,
	PCIETOOL_IRQ_MSI = 2,
	PCIETOOL_IRQ_MSIX = 3,
};

/* What the helper and the binding are. */
#define PCIETOOL_FEATURE_PAGE_BACKED	(1ULL << 0)	/* buffers that O_DIRECT accepts are possible */
#define PCIETOOL_FEATURE_IOMMU		(1ULL << 1)	/* bus addresses are translated */
#define PCIETOOL_FEATURE_COHERENT	(1ULL << 2)	/* PCIETOOL_IOC_DMA_SYNC is never needed */
#define PCIETOOL_FEATURE_HOLD		(1ULL << 3)	/* memory that is freed is held back, see DMA_FREE */

struct pcietool_query {
	__u32 size;
	__u32 flags;		/* 0 */
	__u32 out_abi_version;
	__u32 out_dma_mask_bits;
	__aligned_u64 out_features;
	__aligned_u64 out_bytes_used;	/* by this device's buffers */
	__aligned_u64 out_bytes_free;	/* left under the module's cap, all devices together */
	__u32 out_buffers;
	__u32 out_irq_type;	/* enum pcietool_irq_type, as enabled */
	__u32 out_vectors;	/* enabled now */
	__u32 out_intx;		/* 1 when the device has a maskable INTx */
	__u32 out_msi_vectors;	/* what the device offers, 0 without the capability */
	__u32 out_msix_vectors;
	__u32 out_claimed;	/* 0 free, 1 by this file, 2 by another */
	__u32 out_unclaimed;	/* INTx is masked for good after that many interrupts, see IRQ_ENABLE; 0: it is not */
	__aligned_u64 out_held_bytes;	/* freed, and held back; they count under the cap, not in out_bytes_used */
	__u32 out_held_buffers;
	__u32 out_resets;	/* 1: unbinding resets the function, which gives them back; 0: it cannot */
};
#define PCIETOOL_IOC_QUERY	_IO(PCIETOOL_IOC_TYPE, 0)

/*
 * The width of bus addresses the device can send. EBUSY while a buffer exists; EIO the platform has no memory
 * that such addresses reach.
 */
struct pcietool_set_mask {
	__u32 size;
	__u32 flags;		/* 0 */
	__u32 bits;		/* 12..64 */
	__u32 reserved;
};
#define PCIETOOL_IOC_SET_MASK	_IO(PCIETOOL_IOC_TYPE, 1)

/*
 * One DMA buffer, contiguous in bus addresses, zeroed, rounded up to pages.
 * Map it with mmap(fd, ..., out_mmap_offset): one mapping is one buffer or part of it, MAP_SHARED of a file
 * that is open for writing too, not executable; a child of fork() does not get it, unless madvise(MADV_DOFORK)
 * asks for that.
 * With a name it belongs to the binding and outlives the file; without one to the file: on close it
 * is held back (see DMA_FREE) once bus mastering is off, and kept for the binding as an orphan while it is on.
 * With SESSION a named one belongs to the file too, and closing that turns bus mastering off first.
 * EEXIST the name is taken; EDQUOT the module's cap; ENOMEM no contiguous memory of that size
 * under the mask; EINVAL a bad name or size 0.
 */
#define PCIETOOL_DMA_NAMED	(1U << 0)
#define PCIETOOL_DMA_SESSION	(1U << 1)	/* only with NAMED */
#define PCIETOOL_DMA_ALLOC_FLAGS (PCIETOOL_DMA_NAMED | PCIETOOL_DMA_SESSION)

/* out_attributes, attributes */
#define PCIETOOL_BUFFER_PAGE_BACKED	(1U << 0)	/* O_DIRECT, io_uring accept the mapping */
#define PCIETOOL_BUFFER_COHERENT	(1U << 1)	/* needs no sync */
#define PCIETOOL_BUFFER_ORPHAN		(1U << 2)	/* its file was closed under a bus master */
#define PCIETOOL_BUFFER_OWN		(1U << 3)	/* belongs to the asking file */

struct pcietool_dma_alloc {
	__u32 size;
	__u32 flags;		/* PCIETOOL_DMA_ALLOC_FLAGS */
	__aligned_u64 length;	/* bytes asked for */
	char name[PCIETOOL_NAME_SIZE];	/* zero to the end; all zero without PCIETOOL_DMA_NAMED */
	__u32 out_handle;	/* never 0, never reused while the device is bound */
	__u32 out_attributes;
	__aligned_u64 out_length;	/* rounded up to pages */
	__aligned_u64 out_address;	/* bus address */
	__aligned_u64 out_mmap_offset;
};
#define PCIETOOL_IOC_DMA_ALLOC	_IO(PCIETOOL_IOC_TYPE, 2)

/*
 * EBUSY while bus mastering is on, unless FORCE, which turns it off and waits for pending
 * transactions first. ENOENT no such handle. Mappings of it fault with SIGBUS afterwards, handle and name are free.
 * Another file's buffer is EBUSY, with or without FORCE; so is bus mastering that cannot be turned off.
 *
 * Bus mastering off pauses an engine, it does not disarm it: turned on again, it goes on to write where it was
 * told. So the memory is held back: still mapped for the device, nobody else's, counted under the cap. It is given back
 * after a reset of the function that the kernel tells its driver of (sysfs, error recovery), by DMA_RELEASE, or by
 * unbinding, which resets the function where it has FLR or a reset by D3hot. Where it has neither, unbinding keeps
 * that memory for ever, and says so in the kernel's log.
 * IDLE is the caller's word that no engine will use the buffer any more: it is given back at once.
 */
#define PCIETOOL_DMA_FREE_FORCE	(1U << 0)
#define PCIETOOL_DMA_FREE_IDLE	(1U << 1)
#define PCIETOOL_DMA_FREE_FLAGS	(PCIETOOL_DMA_FREE_FORCE | PCIETOOL_DMA_FREE_IDLE)

struct pcietool_dma_free {
	__u32 size;
	__u32 flags;
	__u32 handle;
	__u32 reserved;
};
#define PCIETOOL_IOC_DMA_FREE	_IO(PCIETOOL_IOC_TYPE, 3)

/*
 * The buffer with the smallest handle that is at least `handle`: start with 1, go on with
 * out_handle + 1. ENOENT at the end. Other files' unnamed buffers are listed too.
 */
struct pcietool_dma_info {
	__u32 size;
	__u32 flags;		/* 0 */
	__u32 handle;
	__u32 out_handle;
	char out_name[PCIETOOL_NAME_SIZE];	/* empty: unnamed */
	__u32 out_attributes;
	__u32 out_reserved;
	__aligned_u64 out_length;
	__aligned_u64 out_requested;	/* the length that was asked for */
	__aligned_u64 out_address;
	__aligned_u64 out_mmap_offset;
};
#define PCIETOOL_IOC_DMA_INFO	_IO(PCIETOOL_IOC_TYPE, 4)

/* Cache maintenance where the platform is not coherent; does nothing on a coherent buffer. */
enum pcietool_sync_direction {
	PCIETOOL_SYNC_FOR_CPU = 1,
	PCIETOOL_SYNC_FOR_DEVICE = 2,
};

struct pcietool_dma_sync {
	__u32 size;
	__u32 flags;		/* 0 */
	__u32 handle;
	__u32 direction;	/* enum pcietool_sync_direction */
	__aligned_u64 offset;
	__aligned_u64 length;
};
#define PCIETOOL_IOC_DMA_SYNC	_IO(PCIETOOL_IOC_TYPE, 5)

/*
 * Interrupts belong to the binding. `vectors` 0 means one for INTx and all that the device offers
 * otherwise. Exactly that many or an error: EOPNOTSUPP the device lacks the type (INTx: it cannot
 * be masked); ENOSPC fewer vectors than asked for; EBUSY already enabled; ENXIO for MSI-X, whose table is in a
 * BAR, while memory decoding is off or the device is not in D0.
 *
 * INTx is the device's while its Interrupt Status bit says so. A device that asserts it without that bit would have
 * the kernel turn the line off for all on it. So after a thousand interrupts in a row that were nobody's, or some more
 * where several devices are bound, INTx is masked until IRQ_DISABLE, unless they go on without it; waiters get EIO.
 */
struct pcietool_irq_enable {
	__u32 size;
	__u32 flags;		/* 0 */
	__u32 type;		/* enum pcietool_irq_type, not NONE */
	__u32 vectors;
	__u32 out_vectors;
	__u32 reserved;
};
#define PCIETOOL_IOC_IRQ_ENABLE	_IO(PCIETOOL_IOC_TYPE, 6)

/* EINVAL when not enabled; waiters get ENODATA. */
struct pcietool_irq_disable {
	__u32 size;
	__u32 flags;		/* 0 */
};
#define PCIETOOL_IOC_IRQ_DISABLE _IO(PCIETOOL_IOC_TYPE, 7)

/*
 * Waits until the vector's count exceeds `since`. When it does already, returns at once and leaves a
 * masked INTx masked; otherwise re-arms INTx first. timeout_ns < 0 waits for ever, 0 looks once.
 * out_count is valid on 0 and on ETIME. ETIME timed out; ENODATA not enabled (any more); ERANGE no
 * such vector; EINTR a signal; EIO nobody claimed INTx, see IRQ_ENABLE.
 */
struct pcietool_irq_wait {
	__u32 size;
	__u32 flags;		/* 0 */
	__u32 vector;
	__u32 reserved;
	__aligned_u64 since;
	__s64 timeout_ns __attribute__((aligned(8)));
	__aligned_u64 out_count;
};
#define PCIETOOL_IOC_IRQ_WAIT	_IO(PCIETOOL_IOC_TYPE, 8)

/* The count of one vector, without waiting or re-arming. Errors as IRQ_WAIT. */
struct pcietool_irq_info {
	__u32 size;
	__u32 flags;		/* 0 */
	__u32 vector;
	__u32 out_linux_irq;	/* number in /proc/interrupts */
	__aligned_u64 out_count;
};
#define PCIETOOL_IOC_IRQ_INFO	_IO(PCIETOOL_IOC_TYPE, 9)

/*
 * An eventfd that is signalled by a vector; at most one a file and vector: a second takes its place, fd -1 takes
 * it away. Errors as IRQ_WAIT; EBADF, EINVAL when it is no eventfd.
 */
struct pcietool_irq_eventfd {
	__u32 size;
	__u32 flags;		/* 0 */
	__u32 vector;
	__s32 fd;
};
#define PCIETOOL_IOC_IRQ_EVENTFD _IO(PCIETOOL_IOC_TYPE, 10)

/*
 * The capture claim: one file at a time (EBUSY). When its file is closed, also by SIGKILL, the stop
 * writes run, bus mastering is turned off and pending transactions are waited for. Unbind does that always.
 * EPERM giving back what this file does not have; EIO given back, but bus mastering cannot be turned off.
 */
#define PCIETOOL_CLAIM_RELEASE	(1U << 0)	/* give it back, the same way */
#define PCIETOOL_CLAIM_FLAGS	PCIETOOL_CLAIM_RELEASE

struct pcietool_claim {
	__u32 size;
	__u32 flags;
};
#define PCIETOOL_IOC_CLAIM	_IO(PCIETOOL_IOC_TYPE, 11)

/*
 * Appends one write to run on the way out; needs the claim (EPERM). Checked here: a BAR that is
 * assigned (ENXIO), the range and the alignment (EINVAL), 64 bits not on an I/O BAR (EOPNOTSUPP), not
 * more than PCIETOOL_MAX_STOP_WRITES (ENOSPC). Skipped then when the device is gone, not in D0 or not
 * decoding. A mask other than all ones reads first.
 */
#define PCIETOOL_STOP_CLEAR	(1U << 0)	/* forget all; the other fields must be 0 */
#define PCIETOOL_STOP_FLAGS	PCIETOOL_STOP_CLEAR

struct pcietool_stop_write {
	__u32 size;
	__u32 flags;
	__u32 bar;		/* 0..5 */
	__u32 width;		/* 8, 16, 32, 64 */
	__aligned_u64 offset;
	__aligned_u64 value;
	__aligned_u64 mask;	/* bits that change */
};
#define PCIETOOL_IOC_STOP_WRITE	_IO(PCIETOOL_IOC_TYPE, 12)

/*
 * The caller's word that the device's engines are idle: gives back all memory that is held back. EBUSY while bus
 * mastering is on.
 */
struct pcietool_dma_release {
	__u32 size;
	__u32 flags;		/* 0 */
};
#define PCIETOOL_IOC_DMA_RELEASE _IO(PCIETOOL_IOC_TYPE, 13)

#endif
