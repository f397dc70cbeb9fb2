/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A device that this process has opened over VFIO: its descriptor, the memory that it may reach, its interrupts. Opening
 * it resets the device, clears bus mastering and turns decoding on; closing does the same. Linux
 * Documentation/driver-api/vfio.rst, userspace-api/iommufd.rst, and include/uapi/linux/vfio.h.
 *
 * What is allocated, enabled or claimed belongs to an owner: a number that the caller gives to each of those whom it
 * acts for.
 */
#ifndef PCIETOOL_VFIO_H
#define PCIETOOL_VFIO_H

#include "core/backend/vfio_config.h"
#include "core/dma/buffer.h"
#include "core/dma/event_count.h"
#include "core/dma/interrupt.h"
#include "core/pci/device.h"

struct vfio;

/*
 * By the device's own node and iommufd where kernel and rights have them, by group and container otherwise. MASK_BITS:
 * of bus addresses that the device can send. Not bound to vfio-pci is unsupported (exit 6), no right to the node,
 * somebody else's session, or a group that is not viable denied (4), with names.
 */
int vfio_open(struct device *device, unsigned int mask_bits, struct vfio **vfio, struct error *error);
/* The device is quiet then: interrupts off, bus mastering off, memory given back. Accepts NULL. */
void vfio_close(struct vfio *vfio);

/* "/dev/vfio/7", that of its IOMMU group; -ENOENT: it has none. */
int vfio_group_node(const struct device *device, char *node, size_t size);
/* "vfio0", the device's own node in /dev/vfio/devices, as the folder says that the kernel adds to the device's; -ENOENT. */
int vfio_device_node(const struct device *device, char *name, size_t size);

int vfio_device_fd(const struct vfio *vfio); /* stays VFIO's */
const struct vfio_region *vfio_config(const struct vfio *vfio); /* where config space lies in it */
const char *vfio_interface(const struct vfio *vfio); /* "iommufd", "group 7" */
unsigned int vfio_new_owner(struct vfio *vfio); /* never 0, and none that was given before */

/*
 * The device's own reset (function level, or what the kernel has instead) over DEVICE_FD, which may be another process'
 * copy; EOPNOTSUPP: there is none.
 */
int vfio_reset(const struct device *device, int device_fd, struct error *error);

/*
 * Event descriptors for the kernel's word that it wants the device back (unbind, unplug), and for an uncorrectable error
 * (AER); -1 where the kernel or the device has none. They stay VFIO's.
 */
int vfio_request_fd(const struct vfio *vfio);
int vfio_error_fd(const struct vfio *vfio);

/* --- bus mastering ------------------------------------------------------------------------------- */

int vfio_set_bus_master(struct vfio *vfio, bool on);
bool vfio_is_bus_master(struct vfio *vfio);

/* --- buffers: the ops of client.h; named ones are nobody's ---------------------------------------- */

int vfio_alloc(struct vfio *vfio, unsigned int owner, const char *name, uint64_t size, struct buffer *buffer,
	       struct error *error);
int vfio_free(struct vfio *vfio, unsigned int owner, uint32_t handle, unsigned int how, struct error *error);
int vfio_next_buffer(struct vfio *vfio, unsigned int owner, uint32_t first, struct buffer *buffer);
/* The file behind the buffer, to be mapped from its start; stays VFIO's. */
int vfio_buffer_fd(struct vfio *vfio, uint32_t handle, int *fd);

/* --- interrupts: the same -------------------------------------------------------------------------- */

enum interrupt_type vfio_irq_type(const struct vfio *vfio);
int vfio_irq_state(struct vfio *vfio, struct interrupt_state *state);
int vfio_irq_enable(struct vfio *vfio, enum interrupt_type type, unsigned int vectors, unsigned int *enabled);
int vfio_irq_disable(struct vfio *vfio);
/* The eventfd that counts VECTOR, see event_count.h; stays VFIO's. ENODATA, ERANGE. */
int vfio_irq_fd(struct vfio *vfio, unsigned int vector, int *fd);
/* The same as a count of this process' own, for a device that is in no session. It stays VFIO's. */
int vfio_irq_count(struct vfio *vfio, unsigned int vector, struct event_count **count);
/* As interrupt_fd(); from then on that count is not read any more. EOPNOTSUPP: there is no /proc. */
int vfio_irq_watch_vector(struct vfio *vfio, unsigned int vector, int *fd);

/* --- the capture claim ------------------------------------------------------------------------------ */

int vfio_claim(struct vfio *vfio, unsigned int owner, bool release);
int vfio_stop_write(struct vfio *vfio, unsigned int owner, unsigned int bar, uint64_t offset,
		    unsigned int width, uint64_t value, uint64_t mask);
/* OWNER is no more: its claim is given back (stop writes, bus mastering off), its unnamed buffers are freed. */
void vfio_forget(struct vfio *vfio, unsigned int owner);

/* --- waiting for a vector whose eventfd is a copy of what vfio_irq_fd() gave --------------------- */

/*
 * As interrupt_wait(): until the count exceeds SINCE, *VALUE is it on 0 and on -ETIME. INTX_FD: the device's
 * descriptor when the vector is INTx, which is let come again unless SINCE is exceeded already; -1: it is a message.
 * HANGUP as in event_count_wait().
 */
int vfio_wait(struct event_count *count, int intx_fd, uint64_t since, uint64_t timeout, int hangup,
	      uint64_t *value);

/* --- the IOMMU group that a device shares: VFIO takes all of it or nothing ----------------------- */

/*
 * Would VFIO open the group: there is one, and no other member has a driver of its own. Otherwise says which
 * member and driver stand in the way.
 */
int vfio_group_check(const struct device *device, struct error *error);
/* Only: is it in a group that an IOMMU keeps, and not in one of VFIO's no-IOMMU mode? */
int vfio_group_check_mode(const struct device *device, struct error *error);

/*
 * DEVICE has no group yet, and may get one: before Linux 6.15 (commit bcb81ac6ae3c) an IOMMU that devicetree or ACPI's
 * IORT describes gives a function its group when a driver is probed for it. Those of x86 give them all at boot.
 */
bool vfio_group_may_come(const struct device *device);

#define VFIO_GROUP_NAME 64

/*
 * The other members that have a driver which VFIO does not suffer: a list of addresses, the caller's to free.
 * Unsupported (exit 6) without an IOMMU.
 */
int vfio_group_companions(const struct device *device, char (**names)[VFIO_GROUP_NAME], size_t *count,
			  struct error *error);

#endif
