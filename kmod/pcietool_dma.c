// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * DMA buffers. Page-backed wherever possible, as only pages with references of their own can be handed to
 * O_DIRECT and io_uring; freed page by page, since such a reference may outlive the buffer.
 */
#include <linux/cc_platform.h>
#include <linux/ctype.h>
#include <linux/dma-map-ops.h>
#include <linux/dma-mapping.h>
#include <linux/module.h>
#include <linux/slab.h>
#include <linux/swiotlb.h>

#include "pcietool.h"

/*
 * Rather fail than send the OOM killer out for a buffer. Charged to the caller's memory cgroup, as long as it stays
 * with the device (Documentation/core-api/memory-allocation.rst).
 */
#define PT_GFP (GFP_KERNEL_ACCOUNT | __GFP_NOWARN | __GFP_RETRY_MAYFAIL)

static unsigned long max_bytes;
module_param(max_bytes, ulong, 0644);
MODULE_PARM_DESC(max_bytes, "most bytes that all buffers may have together; 0: half of memory");

static atomic64_t bytes_used;

/*
 * What protects the rest of the machine from a script that allocates in a loop: half of memory, as tmpfs takes at most
 * (Documentation/filesystems/tmpfs.rst). Never beyond memory itself, so that no sum with it can wrap.
 */
static u64 cap(void)
{
	u64 memory = (u64)totalram_pages() << PAGE_SHIFT;
	unsigned long limit = READ_ONCE(max_bytes);

	return limit ? min_t(u64, limit, memory) : memory / 2;
}

static u64 free_bytes(void)
{
	u64 used = atomic64_read(&bytes_used);
	u64 limit = cap();

	return used < limit ? limit - used : 0;
}

static int charge(size_t length)
{
	s64 used = atomic64_read(&bytes_used);

	do {
		if (used + length > cap())
			return -EDQUOT;
	} while (!atomic64_try_cmpxchg(&bytes_used, &used, used + length));
	return 0;
}

static void uncharge(size_t length)
{
	atomic64_sub(length, &bytes_used);
}

/* --- memory of the three kinds ------------------------------------------------------------------ */

static int alloc_page_array(struct pt_buffer *buffer)
{
	buffer->pages = kvmalloc_array(buffer->length >> PAGE_SHIFT, sizeof(*buffer->pages), PT_GFP);
	return buffer->pages ? 0 : -ENOMEM;
}

static void free_pages_singly(struct page *first, size_t count)
{
	size_t i;

	for (i = 0; i < count; i++)
		__free_page(first + i);
}

/*
 * Contiguous pages whose addresses the device can send. A zone that is narrower is tried when what came
 * does not fit: checked before mapping, as a mapping that must bounce warns, and would show stale data.
 */
static struct page *alloc_contiguous(struct device *dev, size_t length)
{
	static const gfp_t zones[] = { 0, GFP_DMA32, GFP_DMA };
	u64 limit = min_not_zero(dma_get_mask(dev), dev->bus_dma_limit);
	size_t count = length >> PAGE_SHIFT;
	unsigned int order = get_order(length);
	struct page *page;
	size_t i;

	if (order > PT_MAX_ORDER)
		return NULL;
	/* memory from anywhere only where the device reaches everywhere: otherwise that is mostly in vain */
	for (i = dma_get_required_mask(dev) > limit; i < ARRAY_SIZE(zones); i++) {
		page = alloc_pages_node(dev_to_node(dev), PT_GFP | __GFP_ZERO | zones[i], order);
		if (!page)
			continue;
		split_page(page, order);
		free_pages_singly(page + count, (1UL << order) - count);
		if (page_to_phys(page) + length - 1 <= limit)
			return page;
		free_pages_singly(page, count);
	}
	return NULL;
}

static int alloc_split_pages(struct device *dev, struct pt_buffer *buffer)
{
	size_t count = buffer->length >> PAGE_SHIFT;
	struct page *page;
	size_t i;

	if (is_swiotlb_force_bounce(dev) || alloc_page_array(buffer))
		return -ENOMEM;
	page = alloc_contiguous(dev, buffer->length);
	if (!page)
		goto err_free_array;
	buffer->address = dma_map_page(dev, page, 0, buffer->length, DMA_BIDIRECTIONAL);
	if (dma_mapping_error(dev, buffer->address))
		goto err_free_pages;
	/* another address means a bounce buffer, or a bus with an offset: not what the mapping would show */
	if (buffer->address != page_to_phys(page))
		goto err_unmap_page;
	for (i = 0; i < count; i++)
		buffer->pages[i] = page + i;
	buffer->kind = PT_PAGES;
	buffer->attributes = PCIETOOL_BUFFER_PAGE_BACKED;
	return 0;

err_unmap_page:
	dma_unmap_page(dev, buffer->address, buffer->length, DMA_BIDIRECTIONAL);
err_free_pages:
	free_pages_singly(page, count);
err_free_array:
	kvfree(buffer->pages);
	buffer->pages = NULL;
	return -ENOMEM;
}

/* Pages of the DMA API; each must have a reference of its own, as single pages have. */
static bool list_pages(struct pt_buffer *buffer)
{
	size_t count = buffer->length >> PAGE_SHIFT;
	struct sg_page_iter iter;
	size_t i = 0;

	for_each_sgtable_page(buffer->sgt, &iter, 0) {
		struct page *page = sg_page_iter_page(&iter);

		if (i == count || !page_ref_count(page))
			return false;
		buffer->pages[i++] = page;
	}
	return i == count && buffer->sgt->nents == 1;
}

static int alloc_noncontiguous(struct device *dev, struct pt_buffer *buffer)
{
	if (alloc_page_array(buffer))
		return -ENOMEM;
	buffer->sgt = dma_alloc_noncontiguous(dev, buffer->length, DMA_BIDIRECTIONAL, PT_GFP | __GFP_ZERO, 0);
	if (!buffer->sgt)
		goto err_free_array;
	if (!list_pages(buffer))
		goto err_free_memory;
	buffer->address = sg_dma_address(buffer->sgt->sgl);
	buffer->kind = PT_NONCONTIGUOUS;
	buffer->attributes = PCIETOOL_BUFFER_PAGE_BACKED;
	return 0;

err_free_memory:
	dma_free_noncontiguous(dev, buffer->length, buffer->sgt, DMA_BIDIRECTIONAL);
	buffer->sgt = NULL;
err_free_array:
	kvfree(buffer->pages);
	buffer->pages = NULL;
	return -ENOMEM;
}

/* With encrypted memory the kernel shares this unencrypted, and a mapping would show ciphertext. */
static int alloc_coherent(struct device *dev, struct pt_buffer *buffer)
{
	if (cc_platform_has(CC_ATTR_MEM_ENCRYPT))
		return -ENOMEM;
	buffer->cpu = dma_alloc_coherent(dev, buffer->length, &buffer->address, PT_GFP);
	if (!buffer->cpu)
		return -ENOMEM;
	buffer->kind = PT_COHERENT;
	buffer->attributes = PCIETOOL_BUFFER_COHERENT;
	return 0;
}

static int alloc_memory(struct device *dev, struct pt_buffer *buffer)
{
	int rc;

	rc = pt_is_translated(dev) ? alloc_noncontiguous(dev, buffer) : alloc_split_pages(dev, buffer);
	if (rc)
		rc = alloc_coherent(dev, buffer);
	if (!rc && dev_is_dma_coherent(dev))
		buffer->attributes |= PCIETOOL_BUFFER_COHERENT;
	return rc;
}

static void free_memory(struct device *dev, struct pt_buffer *buffer)
{
	switch (buffer->kind) {
	case PT_PAGES:
		dma_unmap_page(dev, buffer->address, buffer->length, DMA_BIDIRECTIONAL);
		free_pages_singly(buffer->pages[0], buffer->length >> PAGE_SHIFT);
		break;
	case PT_NONCONTIGUOUS:
		dma_free_noncontiguous(dev, buffer->length, buffer->sgt, DMA_BIDIRECTIONAL);
		break;
	case PT_COHERENT:
		dma_free_coherent(dev, buffer->length, buffer->cpu, buffer->address);
		break;
	}
	kvfree(buffer->pages);
}

/* --- buffers ------------------------------------------------------------------------------------ */

/* Its handle is the largest, so its place is at the right. */
static void add(struct pt_device *pt, struct pt_buffer *buffer)
{
	struct rb_node **link = &pt->buffers.rb_node;
	struct rb_node *parent = NULL;

	while (*link) {
		parent = *link;
		link = &parent->rb_right;
	}
	rb_link_node(&buffer->node, parent, link);
	rb_insert_color(&buffer->node, &pt->buffers);
}

static bool is_taken(struct pt_device *pt, const char *name)
{
	struct rb_node *node;

	for (node = rb_first(&pt->buffers); node; node = rb_next(node)) {
		if (!strcmp(rb_entry(node, struct pt_buffer, node)->name, name))
			return true;
	}
	return false;
}

void pt_dma_query(struct pt_device *pt, struct pcietool_query *query)
{
	struct device *dev = &pt->pdev->dev;
	struct rb_node *node;

	query->out_dma_mask_bits = pt->mask_bits;
	query->out_bytes_free = free_bytes();
	query->out_bytes_used = 0;
	query->out_buffers = 0;
	for (node = rb_first(&pt->buffers); node; node = rb_next(node)) {
		query->out_bytes_used += rb_entry(node, struct pt_buffer, node)->length;
		query->out_buffers++;
	}
	query->out_held_bytes = pt->held_bytes;
	query->out_held_buffers = pt->held_buffers;
	query->out_resets = pt_can_reset(pt->pdev);
	query->out_features = PCIETOOL_FEATURE_HOLD;
	if (pt_is_translated(dev))
		query->out_features |= PCIETOOL_FEATURE_IOMMU | PCIETOOL_FEATURE_PAGE_BACKED;
	else if (!is_swiotlb_force_bounce(dev))
		query->out_features |= PCIETOOL_FEATURE_PAGE_BACKED;
	if (dev_is_dma_coherent(dev))
		query->out_features |= PCIETOOL_FEATURE_COHERENT;
}

static int check_name(struct pt_device *pt, const struct pcietool_dma_alloc *args)
{
	bool named = args->flags & PCIETOOL_DMA_NAMED;
	size_t length = strnlen(args->name, sizeof(args->name));
	size_t i;

	if (memchr_inv(args->name + length, 0, sizeof(args->name) - length))
		return -EINVAL;
	if (args->flags & PCIETOOL_DMA_SESSION && !named)
		return -EINVAL;
	if (named != (length > 0) || length > PCIETOOL_NAME_MAX || isdigit(args->name[0]))
		return -EINVAL;
	for (i = 0; i < length; i++) {
		if (!isascii(args->name[i]) || !(isalnum(args->name[i]) || args->name[i] == '_'))
			return -EINVAL;
	}
	return named && is_taken(pt, args->name) ? -EEXIST : 0;
}

static void fill_out(const struct pt_buffer *buffer, struct pcietool_dma_alloc *args)
{
	args->out_handle = buffer->handle;
	args->out_attributes = buffer->attributes;
	args->out_length = buffer->length;
	args->out_address = buffer->address;
	args->out_mmap_offset = buffer->mmap_offset;
}

int pt_dma_alloc(struct pt_file *pf, struct pcietool_dma_alloc *args)
{
	struct pt_device *pt = pf->pt;
	struct pt_buffer *buffer;
	int rc;

	rc = check_name(pt, args);
	if (rc)
		return rc;
	if (!args->length)
		return -EINVAL;
	if (args->length > cap())
		return -EDQUOT;
	/* a handle is never used twice, so a mapping never finds another buffer behind it */
	if (!pt->next_handle || pt->next_offset > S64_MAX - PAGE_ALIGN(args->length) - PAGE_SIZE)
		return -ENOSPC;
	buffer = kzalloc(sizeof(*buffer), GFP_KERNEL_ACCOUNT);
	if (!buffer)
		return -ENOMEM;
	buffer->requested = args->length;
	buffer->length = PAGE_ALIGN(args->length);
	memcpy(buffer->name, args->name, sizeof(buffer->name));
	rc = charge(buffer->length);
	if (rc)
		goto err_free_buffer;
	rc = alloc_memory(&pt->pdev->dev, buffer);
	if (rc)
		goto err_uncharge;
	if (!(args->flags & PCIETOOL_DMA_NAMED) || args->flags & PCIETOOL_DMA_SESSION)
		buffer->owner = pf;
	if (args->flags & PCIETOOL_DMA_SESSION)
		pf->is_session = true;
	buffer->handle = pt->next_handle++;
	buffer->mmap_offset = pt->next_offset;
	/* a page between two buffers: a mapping across an end finds nothing */
	pt->next_offset += buffer->length + PAGE_SIZE;
	add(pt, buffer);
	/* the caller's file holds one already */
	__module_get(THIS_MODULE);
	fill_out(buffer, args);
	return 0;

err_uncharge:
	uncharge(buffer->length);
err_free_buffer:
	kfree(buffer);
	return rc;
}

/*
 * Takes it from user space: mappings are gone and fault. The memory is still the device's; but nobody's work is lost by
 * unloading the module any more.
 */
static void withdraw(struct pt_device *pt, struct pt_buffer *buffer)
{
	rb_erase(&buffer->node, &pt->buffers);
	pt_unmap(pt, buffer);
	module_put(THIS_MODULE);
}

/* Of a buffer that was withdrawn, and that no engine uses. */
static void give_back(struct pci_dev *pdev, struct pt_buffer *buffer)
{
	free_memory(&pdev->dev, buffer);
	uncharge(buffer->length);
	kfree(buffer);
}

/*
 * Bus mastering off pauses an engine; turned on again, by whomever, it writes where it was told. What it may have been
 * told of is nobody else's until it was reset, or its user says that it is idle.
 */
static void hold(struct pt_device *pt, struct pt_buffer *buffer)
{
	withdraw(pt, buffer);
	list_add_tail(&buffer->held, &pt->held);
	pt->held_bytes += buffer->length;
	pt->held_buffers++;
}

void pt_dma_give_back(struct pt_device *pt)
{
	struct pt_buffer *buffer;
	struct pt_buffer *next;

	list_for_each_entry_safe(buffer, next, &pt->held, held) {
		list_del(&buffer->held);
		give_back(pt->pdev, buffer);
	}
	pt->held_bytes = 0;
	pt->held_buffers = 0;
}

int pt_dma_release(struct pt_device *pt)
{
	if (!pt_is_quiet(pt))
		return -EBUSY;
	pt_dma_give_back(pt);
	return 0;
}

/* Its caller was not told of it; but another file may have seen it in the list. */
void pt_dma_undo(struct pt_file *pf, u32 handle)
{
	struct pt_buffer *buffer = pt_buffer_find(pf->pt, handle);

	if (buffer)
		hold(pf->pt, buffer);
}

int pt_dma_free(struct pt_file *pf, const struct pcietool_dma_free *args)
{
	struct pt_buffer *buffer = pt_buffer_find(pf->pt, args->handle);

	if (!buffer)
		return -ENOENT;
	if (buffer->owner && buffer->owner != pf)
		return -EBUSY;
	if (!pt_is_quiet(pf->pt) && !(args->flags & PCIETOOL_DMA_FREE_FORCE && pt_quiesce(pf->pt)))
		return -EBUSY;
	if (args->flags & PCIETOOL_DMA_FREE_IDLE) {
		withdraw(pf->pt, buffer);
		give_back(pf->pt->pdev, buffer);
	} else {
		hold(pf->pt, buffer);
	}
	return 0;
}

/* A session's end stops the device. Under a bus master, what its engine may be writing to stays listed. */
void pt_dma_release_file(struct pt_file *pf)
{
	bool quiet = pf->is_session ? pt_quiesce(pf->pt) : pt_is_quiet(pf->pt);
	struct rb_node *next;
	struct rb_node *node;

	for (node = rb_first(&pf->pt->buffers); node; node = next) {
		struct pt_buffer *buffer = rb_entry(node, struct pt_buffer, node);

		next = rb_next(node);
		if (buffer->owner != pf)
			continue;
		if (quiet) {
			hold(pf->pt, buffer);
		} else {
			buffer->owner = NULL;
			buffer->attributes |= PCIETOOL_BUFFER_ORPHAN;
		}
	}
}

void pt_dma_hold_all(struct pt_device *pt)
{
	struct rb_node *node;

	while ((node = rb_first(&pt->buffers)))
		hold(pt, rb_entry(node, struct pt_buffer, node));
}

/* Neither the system's any more nor under the cap: the next driver's bus mastering may let an engine go on. */
static void lose(struct pci_dev *pdev, struct pt_buffer *buffer)
{
	pci_err(pdev, "%zu bytes at bus address %pad are kept for ever: the function has no reset of its own, and nobody said that its engine is idle\n",
		buffer->length, &buffer->address);
	/* a bus address that is the physical one needs no mapping to stay the device's */
	if (buffer->kind == PT_PAGES)
		dma_unmap_page(&pdev->dev, buffer->address, buffer->length, DMA_BIDIRECTIONAL);
	kfree(buffer);
}

/* A device that is gone writes no more; what comes in its place was powered up anew. */
void pt_dma_detach(struct pt_device *pt, struct pci_dev *pdev)
{
	struct pt_buffer *buffer;
	struct pt_buffer *next;
	bool is_idle;

	if (list_empty(&pt->held))
		return;
	is_idle = !pci_device_is_present(pdev) || !pt_reset(pdev);
	list_for_each_entry_safe(buffer, next, &pt->held, held) {
		list_del(&buffer->held);
		if (is_idle)
			give_back(pdev, buffer);
		else
			lose(pdev, buffer);
	}
}

int pt_dma_info(struct pt_file *pf, struct pcietool_dma_info *args)
{
	struct pt_buffer *buffer = pt_buffer_from(pf->pt, args->handle);

	if (!buffer)
		return -ENOENT;
	args->out_handle = buffer->handle;
	memcpy(args->out_name, buffer->name, sizeof(args->out_name));
	args->out_attributes = buffer->attributes;
	if (buffer->owner == pf)
		args->out_attributes |= PCIETOOL_BUFFER_OWN;
	args->out_reserved = 0;
	args->out_length = buffer->length;
	args->out_requested = buffer->requested;
	args->out_address = buffer->address;
	args->out_mmap_offset = buffer->mmap_offset;
	return 0;
}

/* Page by page: behind an IOMMU the next one lies elsewhere, and what is not asked for is not touched. */
static void sync_range(struct device *dev, const struct pt_buffer *buffer, const struct pcietool_dma_sync *args)
{
	size_t end = args->offset + args->length;
	size_t at = args->offset;

	while (at < end) {
		size_t bytes = min_t(size_t, end - at, PAGE_SIZE - offset_in_page(at));

		if (args->direction == PCIETOOL_SYNC_FOR_CPU)
			dma_sync_single_for_cpu(dev, buffer->address + at, bytes, DMA_BIDIRECTIONAL);
		else
			dma_sync_single_for_device(dev, buffer->address + at, bytes, DMA_BIDIRECTIONAL);
		at += bytes;
	}
}

int pt_dma_sync(struct pt_file *pf, const struct pcietool_dma_sync *args)
{
	struct pt_buffer *buffer = pt_buffer_find(pf->pt, args->handle);

	if (!buffer)
		return -ENOENT;
	if (args->direction != PCIETOOL_SYNC_FOR_CPU && args->direction != PCIETOOL_SYNC_FOR_DEVICE)
		return -EINVAL;
	if (args->offset > buffer->length || args->length > buffer->length - args->offset)
		return -EINVAL;
	if (!(buffer->attributes & PCIETOOL_BUFFER_COHERENT))
		sync_range(&pf->pt->pdev->dev, buffer, args);
	return 0;
}

int pt_dma_set_mask(struct pt_file *pf, const struct pcietool_set_mask *args)
{
	struct pt_device *pt = pf->pt;
	int rc;

	if (args->bits < 12 || args->bits > 64)
		return -EINVAL;
	if (!RB_EMPTY_ROOT(&pt->buffers))
		return -EBUSY;
	rc = dma_set_mask_and_coherent(&pt->pdev->dev, DMA_BIT_MASK(args->bits));
	if (!rc)
		pt->mask_bits = args->bits;
	return rc;
}
