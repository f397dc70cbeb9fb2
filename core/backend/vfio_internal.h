/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the files of VFIO share. */
#ifndef PCIETOOL_VFIO_INTERNAL_H
#define PCIETOOL_VFIO_INTERNAL_H

#include "core/dma/iova.h"
#include "core/backend/vfio.h"
#include "core/region/region.h"

#define VFIO_STOP_WRITES 16 /* as the helper has */

struct vfio_buffer;

/* One of the kernel's two interfaces to the IOMMU. Functions return 0 or -errno. */
struct vfio_iommu_ops {
	/* Opens the device's descriptor and all that it takes, with the record filled. */
	int (*open)(struct vfio *vfio, struct error *error);
	void (*close)(struct vfio *vfio); /* what open has opened so far */
	/* *RANGES is the caller's to free. */
	int (*ranges)(struct vfio *vfio, struct iova_range **ranges, size_t *count);
	int (*map)(struct vfio *vfio, void *memory, uint64_t length, uint64_t address);
	int (*unmap)(struct vfio *vfio, uint64_t length, uint64_t address);
};

extern const struct vfio_iommu_ops vfio_container_ops; /* vfio_container.c */
extern const struct vfio_iommu_ops vfio_iommufd_ops; /* vfio_iommufd.c */

/* Has the kernel a node of the device's own, and may we use it, or is there nothing else? */
bool vfio_iommufd_is_chosen(const struct device *device);

struct vfio_stop {
	unsigned int bar;
	uint64_t offset;
	unsigned int width;
	uint64_t value;
	uint64_t mask;
};

struct vfio {
	struct device *device;
	const struct vfio_iommu_ops *iommu;
	char interface[32];
	int device_fd;
	int group_fd; /* container interface; -1: not open */
	int iommu_fd; /* the container, or iommufd */
	uint32_t ioas; /* iommufd */
	unsigned int mask_bits;
	struct vfio_region config; /* config space in the device's file */

	struct iova_space *space;
	struct vfio_buffer *buffers; /* a list by rising handle */
	uint32_t next_handle;
	uint64_t mapped; /* bytes that are locked */
	bool was_told; /* buffers were freed without the word that the engine is idle */

	enum interrupt_type irq_type;
	unsigned int vectors;
	int *vector_fds;
	struct event_count *counts; /* of each vector, once this process counts itself; NULL */
	int request_fd;
	int error_fd;

	unsigned int owners; /* given so far */
	unsigned int claim; /* its owner; 0: nobody */
	struct vfio_stop stops[VFIO_STOP_WRITES];
	unsigned int stop_count;
};

/* --- vfio_bar.c ------------------------------------------------------------------------------------- */

/* By DEVICE_FD, which may be another process' copy; no preflight. */
int vfio_open_bar(struct device *device, int device_fd, unsigned int bar, bool write, struct region **region,
		  struct error *error);

/* --- vfio_irq.c ------------------------------------------------------------------------------------ */

void vfio_irq_watch(
	struct vfio *vfio); /* opens the request's and the error's descriptors, where there are such */
void vfio_irq_close(struct vfio *vfio);

/* --- vfio_buffers.c -------------------------------------------------------------------------------- */

int vfio_buffers_open(struct vfio *vfio, struct error *error);
/* Those of OWNER; 0: all. */
void vfio_buffers_free(struct vfio *vfio, unsigned int owner);

/* --- vfio_claim.c ---------------------------------------------------------------------------------- */

#endif
