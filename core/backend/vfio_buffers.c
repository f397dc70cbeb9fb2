// SPDX-License-Identifier: GPL-2.0-or-later
/* Memory for a device behind the IOMMU: a file in memory, so that every process of a session can map it. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <unistd.h>

#include "core/kernel/sysfs.h"
#include "core/backend/vfio_internal.h"

#define HUGE_PAGE (2u << 20)
#define HUGE_FLAGS (MFD_HUGETLB | 21u << 26) /* MFD_HUGE_2MB, memfd_create(2) */

struct vfio_buffer {
	struct vfio_buffer *next;
	unsigned int owner; /* 0: nobody's, it has a name */
	uint32_t handle;
	char name[BUFFER_NAME_SIZE];
	uint64_t requested;
	uint64_t length;
	uint64_t address;
	int fd;
	void *memory;
};

int vfio_buffers_open(struct vfio *v, struct error *error)
{
	uint64_t last = v->mask_bits >= 64 ? UINT64_MAX : (UINT64_C(1) << v->mask_bits) - 1;
	struct iova_range *ranges = NULL;
	size_t count = 0;
	int rc;

	rc = v->iommu->ranges(v, &ranges, &count);
	if (rc < 0)
		return error_errno(error, rc, "%s: VFIO: asking for the IOMMU's addresses", v->device->name);
	rc = iova_space_open(ranges, count, last, &v->space);
	free(ranges);
	v->next_handle = 1;
	return rc < 0 ? error_errno(error, rc, "%s", v->device->name) : 0;
}

/* --- memory ------------------------------------------------------------------------------------- */

static int map_file(struct vfio_buffer *b, unsigned int flags, uint64_t page)
{
	int fd = memfd_create("pcietool", MFD_CLOEXEC | flags);
	void *memory;
	int rc;

	if (fd < 0)
		return error_last();
	b->length = (b->requested + page - 1) & ~(page - 1);
	/* huge pages are reserved by the mapping, or it fails */
	if (ftruncate(fd, (off_t)b->length) < 0)
		goto err_close_fd;
	memory = mmap(NULL, b->length, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	if (memory == MAP_FAILED)
		goto err_close_fd;
	b->fd = fd;
	b->memory = memory;
	return 0;

err_close_fd:
	rc = error_last();
	close(fd);
	return rc;
}

static int get_memory(struct vfio_buffer *b)
{
	if (b->requested % HUGE_PAGE == 0 && map_file(b, HUGE_FLAGS, HUGE_PAGE) == 0)
		return 0;
	return map_file(b, 0, (uint64_t)sysconf(_SC_PAGESIZE));
}

static void put_memory(struct vfio_buffer *b)
{
	munmap(b->memory, b->length);
	close(b->fd);
}

/* --- why not ------------------------------------------------------------------------------------- */

static int no_address(struct vfio *v, uint64_t size, struct error *error)
{
	int rc = error_set(
		error, ERROR_FAILED, "no-bus-address",
		"%s: no %llu bytes of bus addresses are free below %u bits; %llu would be the largest",
		v->device->name, (unsigned long long)size, v->mask_bits,
		(unsigned long long)iova_largest(v->space));

	error_hint(
		error,
		"if the device can send wider addresses: 'pcietool -s %s driver bind --to vfio --mask 64', or "
		"'pcietool -s %s session --mask 64 -- COMMAND'",
		v->device->name, v->device->name);
	return rc;
}

/* Root may lock as much as there is; others what their limit allows (VFIO accounts it as locked memory). */
static int no_memory(struct vfio *v, uint64_t length, struct error *error)
{
	unsigned long long need = v->mapped + length;
	struct rlimit limit;
	int rc;

	if (getrlimit(RLIMIT_MEMLOCK, &limit) < 0 || limit.rlim_cur >= need)
		return error_set(error, ERROR_FAILED, "no-memory",
				 "%s: the kernel does not lock %llu bytes in memory for the device",
				 v->device->name, (unsigned long long)length);
	rc = error_set(error, ERROR_DENIED, "memlock",
		       "%s: DMA memory is locked, and %llu bytes are more than RLIMIT_MEMLOCK allows (%llu)",
		       v->device->name, need, (unsigned long long)limit.rlim_cur);
	error_hint(error, "at least %llu are needed: 'ulimit -l %llu' by root, or memlock in limits.conf(5)",
		   need, (need + 1023) / 1024);
	return rc;
}

/*
 * Locking takes the memory at once: asking for more than there is would make the kernel kill somebody, and asking for the
 * last of it, leave the machine without a page for anything else. A sixteenth stays.
 */
static int check_available(struct vfio *v, uint64_t size, struct error *error)
{
	static const char key[] = "MemAvailable:";
	unsigned long long available;
	char text[1024];
	const char *at;

	if (sysfs_read(v->device->ctx, text, sizeof(text), "/proc/meminfo") < 0 || !(at = strstr(text, key)))
		return 0;
	available = strtoull(at + sizeof(key) - 1, NULL, 10) * 1024;
	available -= available / 16;
	if (size <= available)
		return 0;
	return error_set(error, ERROR_FAILED, "no-memory",
			 "%s: %llu bytes are more than the %llu that are available for it", v->device->name,
			 (unsigned long long)size, available);
}

/* --- buffers -------------------------------------------------------------------------------------- */

static void describe(const struct vfio_buffer *b, unsigned int owner, struct buffer *buffer)
{
	*buffer = (struct buffer){
		.handle = b->handle,
		.length = b->length,
		.requested = b->requested,
		.address = b->address,
		.page_backed = true,
		.coherent =
			true, /* VFIO refuses an IOMMU that is not cache coherent on x86; arm64 maps cacheable */
		.own = b->owner && b->owner == owner,
	};
	memcpy(buffer->name, b->name, sizeof(buffer->name));
}

static int map_for_device(struct vfio *v, struct vfio_buffer *b, struct error *error)
{
	uint64_t align = b->length % HUGE_PAGE == 0 ? HUGE_PAGE : (uint64_t)sysconf(_SC_PAGESIZE);
	int rc;

	rc = iova_alloc(v->space, b->length, align, &b->address);
	if (rc < 0)
		return rc == -ENOSPC ? no_address(v, b->length, error) : rc;
	rc = v->iommu->map(v, b->memory, b->length, b->address);
	if (rc < 0) {
		iova_free(v->space, b->address);
		return rc == -ENOMEM ? no_memory(v, b->length, error) : rc;
	}
	v->mapped += b->length;
	return 0;
}

static struct vfio_buffer **find_from(struct vfio *v, uint32_t handle)
{
	struct vfio_buffer **at = &v->buffers;

	while (*at && (*at)->handle < handle)
		at = &(*at)->next;
	return at;
}

static bool is_taken(const struct vfio *v, const char *name)
{
	for (const struct vfio_buffer *b = v->buffers; b; b = b->next) {
		if (*name && strcmp(b->name, name) == 0)
			return true;
	}
	return false;
}

int vfio_alloc(struct vfio *v, unsigned int owner, const char *name, uint64_t size, struct buffer *buffer,
	       struct error *error)
{
	struct vfio_buffer *b;
	int rc;

	if (is_taken(v, name))
		return -EEXIST;
	if (size > INT64_MAX - HUGE_PAGE)
		return no_address(v, size, error);
	rc = check_available(v, size, error);
	if (rc < 0)
		return rc;
	b = calloc(1, sizeof(*b));
	if (!b)
		return -ENOMEM;
	b->requested = size;
	rc = get_memory(b);
	if (rc < 0)
		goto err_free_buffer;
	rc = map_for_device(v, b, error);
	if (rc < 0)
		goto err_put_memory;
	snprintf(b->name, sizeof(b->name), "%s", name);
	b->owner = *name ? 0 : owner;
	b->handle = v->next_handle++;
	*find_from(v, b->handle) = b;
	describe(b, owner, buffer);
	return 0;

err_put_memory:
	put_memory(b);
err_free_buffer:
	free(b);
	return rc;
}

/* Takes it out of the list. */
static void destroy(struct vfio *v, struct vfio_buffer **at, bool is_idle)
{
	struct vfio_buffer *b = *at;

	v->was_told |= !is_idle;
	*at = b->next;
	v->iommu->unmap(v, b->length, b->address);
	v->mapped -= b->length;
	iova_free(v->space, b->address);
	put_memory(b);
	free(b);
}

int vfio_free(struct vfio *v, unsigned int owner, uint32_t handle, unsigned int how, struct error *error)
{
	struct vfio_buffer **at = find_from(v, handle);

	(void)error;
	if (!*at || (*at)->handle != handle)
		return -ENOENT;
	if ((*at)->owner && (*at)->owner != owner)
		return -EBUSY;
	/* the IOMMU would keep the device out, but what it writes then is an error that somebody has to explain */
	if (vfio_is_bus_master(v)) {
		int rc = how & BUFFER_FREE_FORCE ? vfio_set_bus_master(v, false) : -EBUSY;

		if (rc < 0)
			return rc;
	}
	destroy(v, at, how & BUFFER_FREE_IDLE);
	return 0;
}

void vfio_buffers_free(struct vfio *v, unsigned int owner)
{
	struct vfio_buffer **at = &v->buffers;

	while (*at) {
		if (owner == 0 || (*at)->owner == owner)
			destroy(v, at, false);
		else
			at = &(*at)->next;
	}
}

int vfio_next_buffer(struct vfio *v, unsigned int owner, uint32_t first, struct buffer *buffer)
{
	struct vfio_buffer *b = *find_from(v, first);

	if (!b)
		return -ENOENT;
	describe(b, owner, buffer);
	return 0;
}

int vfio_buffer_fd(struct vfio *v, uint32_t handle, int *fd)
{
	struct vfio_buffer *b = *find_from(v, handle);

	if (!b || b->handle != handle)
		return -ENOENT;
	*fd = b->fd;
	return 0;
}
