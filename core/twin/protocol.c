// SPDX-License-Identifier: GPL-2.0-or-later
/* The server's side of vfio-user 0.0; sections are those of QEMU's docs/interop/vfio-user.rst. */
#include "core/twin/protocol.h"

#include <errno.h>
#include <linux/vfio.h>
#include <stdio.h>
#include <string.h>

#include "core/base/json.h"

/* What every client takes, whatever it says that cannot be read. */
#define DATA_MIN 4096u

bool protocol_is_reply(const struct message *m)
{
	return (m->header.flags & WIRE_TYPE_MASK) == WIRE_TYPE_REPLY;
}

bool protocol_wants_reply(const struct message *m)
{
	return !(m->header.flags & WIRE_NO_REPLY);
}

/* The payload's head into a struct of the wire, which it must fill. */
static int take(const struct message *m, void *object, size_t size)
{
	if (m->size < size)
		return -EINVAL;
	memcpy(object, m->payload, size);
	return 0;
}

bool protocol_is_bar_write(const struct message *m)
{
	struct wire_region region;

	return m->header.command == WIRE_REGION_WRITE && take(m, &region, sizeof(region)) == 0 &&
	       region.region < DEVICE_BARS;
}

static void answer(struct message_reply *r, const void *object, size_t size)
{
	memcpy(r->bytes, object, size);
	r->size = size;
}

/* The capability max_data_xfer_size of the client's; without it, its default. */
static uint64_t client_data_max(const struct message *m)
{
	const char *text = (const char *)m->payload + sizeof(struct wire_version);
	size_t length = strnlen(text, m->size - sizeof(struct wire_version));
	uint64_t most = WIRE_DATA_MAX;
	const struct json_value *value;
	struct error ignored;
	struct json *json;

	if (length == 0)
		return most;
	if (json_parse("the client's version", text, length, &json, &ignored) < 0)
		return DATA_MIN;
	value = json_member(json, json_member(json, json_root(json), "capabilities"), "max_data_xfer_size");
	if (value && !json_unsigned(json, value, &most))
		most = DATA_MIN;
	json_free(json);
	return most;
}

/* section "VFIO_USER_VERSION": the same major, a minor that is not above the client's */
static int version(struct protocol *p, const struct message *m, struct message_reply *r)
{
	struct wire_version v;
	int n;

	if (p->is_open || take(m, &v, sizeof(v)) < 0 || v.major != 0)
		return -EPROTO;
	v.minor = 0;
	answer(r, &v, sizeof(v));
	n = snprintf((char *)r->bytes + sizeof(v), 128,
		     "{\"capabilities\":{\"max_msg_fds\":%u,\"max_data_xfer_size\":%u}}", WIRE_FDS_MAX,
		     WIRE_DATA_MAX);
	r->size += (size_t)n + 1;
	p->data_max = client_data_max(m);
	p->is_open = true;
	return 0;
}

static int dma_map(struct protocol *p, const struct message *m)
{
	struct wire_dma_map map;

	if (take(m, &map, sizeof(map)) < 0 || m->fd_count > 1)
		return -EINVAL;
	return guest_memory_map(&p->device->memory, &map, m->fd_count ? m->fds[0] : -1);
}

static int dma_unmap(struct protocol *p, const struct message *m, struct message_reply *r)
{
	struct wire_dma_unmap unmap;
	int rc = take(m, &unmap, sizeof(unmap));

	if (rc == 0)
		rc = guest_memory_unmap(&p->device->memory, unmap.address, unmap.size);
	if (rc == 0)
		answer(r, &unmap, sizeof(unmap));
	return rc;
}

static int get_info(const struct message *m, struct message_reply *r)
{
	struct vfio_device_info info;
	/* without the member that newer headers have: the message has 16 bytes */
	const size_t size = 16;
	int rc = take(m, &info, size);

	if (rc < 0)
		return rc;
	info.argsz = (uint32_t)size;
	info.flags = VFIO_DEVICE_FLAGS_RESET | VFIO_DEVICE_FLAGS_PCI;
	info.num_regions = VFIO_PCI_NUM_REGIONS;
	info.num_irqs = VFIO_PCI_NUM_IRQS;
	answer(r, &info, size);
	return 0;
}

static int get_region(struct protocol *p, const struct message *m, struct message_reply *r)
{
	struct vfio_region_info info;
	int rc = take(m, &info, sizeof(info));

	if (rc < 0)
		return rc;
	if (info.index >= VFIO_PCI_NUM_REGIONS)
		return -EINVAL;
	info = (struct vfio_region_info){ .argsz = sizeof(info), .index = info.index };
	info.size = twin_device_size(p->device, info.index);
	if (info.size)
		info.flags = VFIO_REGION_INFO_FLAG_READ | VFIO_REGION_INFO_FLAG_WRITE;
	if (info.index < DEVICE_BARS && p->device->fds[info.index] >= 0 &&
	    !p->device->config.bars[info.index].io) {
		info.flags |= VFIO_REGION_INFO_FLAG_MMAP;
		r->fd = p->device->fds[info.index];
	}
	answer(r, &info, sizeof(info));
	return 0;
}

static int get_irq(struct protocol *p, const struct message *m, struct message_reply *r)
{
	struct vfio_irq_info info;
	int rc = take(m, &info, sizeof(info));

	if (rc < 0)
		return rc;
	if (info.index >= VFIO_PCI_NUM_IRQS)
		return -EINVAL;
	info = (struct vfio_irq_info){ .argsz = sizeof(info), .index = info.index };
	if (info.index <= VFIO_PCI_MSIX_IRQ_INDEX)
		info.count = p->device->vectors.counts[info.index];
	if (info.count && info.index == VFIO_PCI_INTX_IRQ_INDEX)
		info.flags = VFIO_IRQ_INFO_EVENTFD | VFIO_IRQ_INFO_MASKABLE | VFIO_IRQ_INFO_AUTOMASKED;
	else if (info.count)
		info.flags = VFIO_IRQ_INFO_EVENTFD | VFIO_IRQ_INFO_NORESIZE;
	answer(r, &info, sizeof(info));
	return 0;
}

static int set_irqs(struct protocol *p, struct message *m)
{
	struct vfio_irq_set set;
	bool unmasked;
	int rc = take(m, &set, sizeof(set));

	if (rc == 0)
		rc = vectors_set(&p->device->vectors, &set, m->payload + sizeof(set), m->size - sizeof(set),
				 m->fds, m->fd_count, &unmasked);
	if (rc == 0 && unmasked)
		twin_device_unmasked(p->device);
	return rc;
}

static int region_read(struct protocol *p, const struct message *m, struct message_reply *r)
{
	struct wire_region region;
	int rc = take(m, &region, sizeof(region));

	if (rc == 0 && region.count > WIRE_DATA_MAX)
		rc = -EINVAL;
	if (rc == 0)
		rc = twin_device_read(p->device, region.region, region.offset, r->bytes + sizeof(region),
				      region.count);
	if (rc < 0)
		return rc;
	answer(r, &region, sizeof(region));
	r->size += region.count;
	return 0;
}

static int region_write(struct protocol *p, const struct message *m, struct message_reply *r)
{
	struct wire_region region;
	int rc = take(m, &region, sizeof(region));

	if (rc == 0 && m->size - sizeof(region) != region.count)
		rc = -EINVAL;
	if (rc == 0)
		rc = twin_device_write(p->device, region.region, region.offset, m->payload + sizeof(region),
				       region.count);
	if (rc == 0)
		answer(r, &region, sizeof(region));
	return rc;
}

static int dispatch(struct protocol *p, struct message *m, struct message_reply *r)
{
	switch (m->header.command) {
	case WIRE_DMA_MAP:
		return dma_map(p, m);
	case WIRE_DMA_UNMAP:
		return dma_unmap(p, m, r);
	case WIRE_DEVICE_GET_INFO:
		return get_info(m, r);
	case WIRE_DEVICE_GET_REGION_INFO:
		return get_region(p, m, r);
	case WIRE_DEVICE_GET_IRQ_INFO:
		return get_irq(p, m, r);
	case WIRE_DEVICE_SET_IRQS:
		return set_irqs(p, m);
	case WIRE_REGION_READ:
		return region_read(p, m, r);
	case WIRE_REGION_WRITE:
		return region_write(p, m, r);
	case WIRE_DEVICE_RESET:
		twin_device_reset(p->device);
		return 0;
	default:
		return -ENOTSUP;
	}
}

int protocol_answer(struct protocol *p, struct message *m, struct message_reply *r)
{
	int rc;

	r->error = 0;
	r->size = 0;
	r->fd = -1;
	if ((m->header.flags & WIRE_TYPE_MASK) != 0)
		return -EPROTO;
	if (m->header.command == WIRE_VERSION)
		return version(p, m, r);
	/* section "VFIO_USER_VERSION": it comes first */
	if (!p->is_open)
		return -EPROTO;
	rc = dispatch(p, m, r);
	if (rc < 0)
		r->error = -rc;
	return 0;
}
