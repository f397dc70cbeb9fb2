// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * DMA buffers. Page-backed wherever possible, as only pages with references of their own can be handed to
 * O_DIRECT and io_uring; freed page by page, since such a reference may outlive the buffer.
 */
#include <linux/ctype.h>
#include <linux/dma-map-ops.h>
#include <linux/dma-mapping.h>
#include <linux/iommu.h>
#include <linux/module.h>
#include <linux/slab.h>

#include "pcietool.h"

static unsigned long max_bytes;
module_param(max_bytes, ulong, 0644);
MODULE_PARM_DESC(max_bytes, "most bytes that all buffers may have together; 0: a quarter of memory");

static atomic64_t bytes_used;

/* The largest order that the page allocator has; the constant changed its name and meaning. */
#if LINUX_VERSION_CODE >= KERNEL_VERSION(6, 8, 0)
#define PT_MAX_ORDER MAX_PAGE_ORDER
#elif LINUX_VERSION_CODE >= KERNEL_VERSION(6, 4, 0)
#define PT_MAX_ORDER MAX_ORDER
#else
#define PT_MAX_ORDER (MAX_ORDER - 1)
#endif

static u64 cap(void)
{
	unsigned long limit = READ_ONCE(max_bytes);

	return limit ? limit : (u64)totalram_pages() * PAGE_SIZE / 4;
}

u64 pt_dma_free_bytes(void)
{
	u64 used = atomic64_read(&bytes_used);

	return used < cap() ? cap() - used : 0;
}

static int charge(size_t length)
{
	u64 used = atomic64_add_return(length, &bytes_used);

	if (used > cap()) {
		atomic64_sub(length, &bytes_used);
		return -EDQUOT;
	}
	return 0;
}

static void uncharge(size_t length)
{
	atomic64_sub(length, &bytes_used);
}

/* Does an IOMMU translate: are bus addresses its, and scattered pages one range to the device? */
static bool is_translated(struct device *dev)
{
	struct iommu_domain *domain = iommu_get_domain_for_dev(dev);

	return domain && domain->type != IOMMU_DOMAIN_IDENTITY;
}

u64 pt_dma_features(struct pt_device *pt)
{
	u64 features = PCIETOOL_FEATURE_PAGE_BACKED;

	if (is_translated(&pt->pdev->dev))
		features |= PCIETOOL_FEATURE_IOMMU;
	if (dev_is_dma_coherent(&pt->pdev->dev))
		features |= PCIETOOL_FEATURE_COHERENT;
	return features;
}

/* --- memory of the three kinds ------------------------------------------------------------------ */

static int alloc_page_array(struct pt_buffer *buffer)
{
	buffer->pages = kvmalloc_array(buffer->length >> PAGE_SHIFT, sizeof(*buffer->pages), GFP_KERNEL);
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
	u64 mask = dma_get_mask(dev);
	size_t count = length >> PAGE_SHIFT;
	unsigned int order = get_order(length);
	struct page *page;
	size_t i;

	if (order > PT_MAX_ORDER)
		return NULL;
	for (i = 0; i < ARRAY_SIZE(zones); i++) {
		/* of the two zones, one that is wider than the mask only helps by luck */
		if (i == 0 && mask < DMA_BIT_MASK(32))
			continue;
		page = alloc_pages(GFP_KERNEL | __GFP_ZERO | __GFP_NOWARN | __GFP_RETRY_MAYFAIL | zones[i], order);
		if (!page)
			continue;
		split_page(page, order);
		free_pages_singly(page + count, (1UL << order) - count);
		if (page_to_phys(page) + length - 1 <= mask)
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

	if (alloc_page_array(buffer))
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

static int alloc_noncontiguous(struct device *dev, struct pt_buffer *buffer)
{
	struct sg_page_iter iter;
	size_t i = 0;

	if (alloc_page_array(buffer))
		return -ENOMEM;
	buffer->sgt = dma_alloc_noncontiguous(dev, buffer->length, DMA_BIDIRECTIONAL,
					      GFP_KERNEL | __GFP_ZERO | __GFP_NOWARN, 0);
	if (!buffer->sgt) {
		kvfree(buffer->pages);
		buffer->pages = NULL;
		return -ENOMEM;
	}
	for_each_sgtable_page(buffer->sgt, &iter, 0)
		buffer->pages[i++] = sg_page_iter_page(&iter);
	buffer->address = sg_dma_address(buffer->sgt->sgl);
	buffer->kind = PT_NONCONTIGUOUS;
	buffer->attributes = PCIETOOL_BUFFER_PAGE_BACKED;
	return 0;
}

static int alloc_coherent(struct device *dev, struct pt_buffer *buffer)
{
	buffer->cpu = dma_alloc_coherent(dev, buffer->length, &buffer->address, GFP_KERNEL | __GFP_NOWARN);
	if (!buffer->cpu)
		return -ENOMEM;
	buffer->kind = PT_COHERENT;
	buffer->attributes = PCIETOOL_BUFFER_COHERENT;
	return 0;
}

static int alloc_memory(struct device *dev, struct pt_buffer *buffer)
{
	int rc;

	rc = is_translated(dev) ? alloc_noncontiguous(dev, buffer) : alloc_split_pages(dev, buffer);
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

static struct pt_buffer *find(struct pt_device *pt, u32 handle)
{
	struct pt_buffer *buffer;

	list_for_each_entry(buffer, &pt->buffers, list) {
		if (buffer->handle == handle)
			return buffer;
	}
	return NULL;
}

static int check_name(struct pt_device *pt, const struct pcietool_dma_alloc *args)
{
	bool named = args->flags & PCIETOOL_DMA_NAMED;
	size_t length = strnlen(args->name, sizeof(args->name));
	struct pt_buffer *buffer;
	size_t i;

	if (memchr_inv(args->name + length, 0, sizeof(args->name) - length))
		return -EINVAL;
	if (named != (length > 0) || length > PCIETOOL_NAME_MAX || isdigit(args->name[0]))
		return -EINVAL;
	for (i = 0; i < length; i++) {
		if (!isascii(args->name[i]) || !(isalnum(args->name[i]) || args->name[i] == '_'))
			return -EINVAL;
	}
	list_for_each_entry(buffer, &pt->buffers, list) {
		if (named && !strcmp(buffer->name, args->name))
			return -EEXIST;
	}
	return 0;
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
	buffer->owner = args->flags & PCIETOOL_DMA_NAMED ? NULL : pf;
	buffer->handle = pt->next_handle++;
	buffer->mmap_offset = pt->next_offset;
	/* a page between two buffers: a mapping across an end finds nothing */
	pt->next_offset += buffer->length + PAGE_SIZE;
	list_add_tail(&buffer->list, &pt->buffers);
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

/* Mappings are gone and fault before the memory is given back. */
static void destroy(struct pt_device *pt, struct pt_buffer *buffer)
{
	list_del(&buffer->list);
	if (pt->inode)
		unmap_mapping_range(pt->inode->i_mapping, buffer->mmap_offset, buffer->length, 1);
	free_memory(&pt->pdev->dev, buffer);
	uncharge(buffer->length);
	kfree(buffer);
	module_put(THIS_MODULE);
}

/* Nobody was told of it yet, so no device can know its address. */
void pt_dma_undo(struct pt_file *pf, u32 handle)
{
	struct pt_buffer *buffer = find(pf->pt, handle);

	if (buffer)
		destroy(pf->pt, buffer);
}

int pt_dma_free(struct pt_file *pf, const struct pcietool_dma_free *args)
{
	struct pt_buffer *buffer = find(pf->pt, args->handle);

	if (!buffer)
		return -ENOENT;
	if (buffer->owner && buffer->owner != pf)
		return -EBUSY;
	if (pt_is_bus_master(pf->pt)) {
		if (!(args->flags & PCIETOOL_DMA_FREE_FORCE))
			return -EBUSY;
		pt_quiesce(pf->pt);
	}
	destroy(pf->pt, buffer);
	return 0;
}

/* What a device may still write to is kept for the binding. */
void pt_dma_release_file(struct pt_file *pf)
{
	bool keep = pt_is_bus_master(pf->pt);
	struct pt_buffer *buffer;
	struct pt_buffer *next;

	list_for_each_entry_safe(buffer, next, &pf->pt->buffers, list) {
		if (buffer->owner != pf)
			continue;
		if (keep) {
			buffer->owner = NULL;
			buffer->attributes |= PCIETOOL_BUFFER_ORPHAN;
		} else {
			destroy(pf->pt, buffer);
		}
	}
}

void pt_dma_free_all(struct pt_device *pt)
{
	struct pt_buffer *buffer;
	struct pt_buffer *next;

	list_for_each_entry_safe(buffer, next, &pt->buffers, list)
		destroy(pt, buffer);
}

int pt_dma_info(struct pt_file *pf, struct pcietool_dma_info *args)
{
	struct pt_buffer *buffer;

	/* in the order of handles: they only grow */
	list_for_each_entry(buffer, &pf->pt->buffers, list) {
		if (buffer->handle < args->handle)
			continue;
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
	return -ENOENT;
}

static void sync_range(struct device *dev, struct pt_buffer *buffer, const struct pcietool_dma_sync *args)
{
	bool for_cpu = args->direction == PCIETOOL_SYNC_FOR_CPU;

	if (buffer->kind == PT_NONCONTIGUOUS && for_cpu)
		dma_sync_sgtable_for_cpu(dev, buffer->sgt, DMA_BIDIRECTIONAL);
	else if (buffer->kind == PT_NONCONTIGUOUS)
		dma_sync_sgtable_for_device(dev, buffer->sgt, DMA_BIDIRECTIONAL);
	else if (for_cpu)
		dma_sync_single_range_for_cpu(dev, buffer->address, args->offset, args->length,
					      DMA_BIDIRECTIONAL);
	else
		dma_sync_single_range_for_device(dev, buffer->address, args->offset, args->length,
						 DMA_BIDIRECTIONAL);
}

int pt_dma_sync(struct pt_file *pf, const struct pcietool_dma_sync *args)
{
	struct pt_buffer *buffer = find(pf->pt, args->handle);

	if (!buffer)
		return -ENOENT;
	if (args->direction != PCIETOOL_SYNC_FOR_CPU && args->direction != PCIETOOL_SYNC_FOR_DEVICE)
		return -EINVAL;
	if (args->offset > buffer->length || args->length > buffer->length - args->offset)
		return -EINVAL;
	if (args->length && !(buffer->attributes & PCIETOOL_BUFFER_COHERENT))
		sync_range(&pf->pt->pdev->dev, buffer, args);
	return 0;
}

int pt_dma_set_mask(struct pt_file *pf, const struct pcietool_set_mask *args)
{
	struct pt_device *pt = pf->pt;
	int rc;

	if (args->bits < PAGE_SHIFT || args->bits > 64)
		return -EINVAL;
	if (!list_empty(&pt->buffers))
		return -EBUSY;
	rc = dma_set_mask_and_coherent(&pt->pdev->dev, DMA_BIT_MASK(args->bits));
	if (!rc)
		pt->mask_bits = args->bits;
	return rc;
}

/* --- mappings ----------------------------------------------------------------------------------- */

static vm_fault_t insert(struct pt_buffer *buffer, struct vm_fault *vmf, u64 offset)
{
	void *cpu;
	unsigned long pfn;

	if (buffer->kind != PT_COHERENT)
		return vmf_insert_page(vmf->vma, vmf->address, buffer->pages[offset >> PAGE_SHIFT]);
	cpu = buffer->cpu + offset;
	pfn = is_vmalloc_addr(cpu) ? vmalloc_to_pfn(cpu) : page_to_pfn(virt_to_page(cpu));
	return vmf_insert_pfn(vmf->vma, vmf->address, pfn);
}

/*
 * Pages are put in one by one under the lock, so that none can come after a buffer's mappings were taken
 * away. Only a handle is kept: the buffer may be gone.
 */
static vm_fault_t pt_fault(struct vm_fault *vmf)
{
	struct pt_file *pf = vmf->vma->vm_file->private_data;
	u32 handle = (unsigned long)vmf->vma->vm_private_data;
	struct pt_device *pt = pf->pt;
	vm_fault_t result = VM_FAULT_SIGBUS;
	struct pt_buffer *buffer;
	u64 offset;

	down_read(&pt->lock);
	if (!pt->pdev)
		goto out_unlock;
	mutex_lock(&pt->state);
	buffer = find(pt, handle);
	offset = (u64)vmf->pgoff << PAGE_SHIFT;
	if (buffer && offset >= buffer->mmap_offset && offset - buffer->mmap_offset < buffer->length)
		result = insert(buffer, vmf, offset - buffer->mmap_offset);
	mutex_unlock(&pt->state);
out_unlock:
	up_read(&pt->lock);
	return result;
}

static const struct vm_operations_struct pt_vm_ops = {
	.fault = pt_fault,
};

/* The buffer in which all of OFFSET..OFFSET+LENGTH lies. */
static struct pt_buffer *find_range(struct pt_device *pt, u64 offset, u64 length)
{
	struct pt_buffer *buffer;

	list_for_each_entry(buffer, &pt->buffers, list) {
		u64 into = offset - buffer->mmap_offset;

		if (offset >= buffer->mmap_offset && into < buffer->length && length <= buffer->length - into)
			return buffer;
	}
	return NULL;
}

static int prepare(struct pt_device *pt, struct vm_area_struct *vma)
{
	struct pt_buffer *buffer;

	if (vma->vm_pgoff > U64_MAX >> PAGE_SHIFT)
		return -EINVAL;
	buffer = find_range(pt, (u64)vma->vm_pgoff << PAGE_SHIFT, vma->vm_end - vma->vm_start);
	if (!buffer)
		return -EINVAL;
	pt_vm_flags_set(vma, VM_DONTEXPAND | VM_DONTDUMP |
			(buffer->kind == PT_COHERENT ? VM_PFNMAP | VM_IO : VM_MIXEDMAP));
	if (buffer->kind == PT_COHERENT && !dev_is_dma_coherent(&pt->pdev->dev))
		vma->vm_page_prot = pgprot_dmacoherent(vma->vm_page_prot);
	vma->vm_private_data = (void *)(unsigned long)buffer->handle;
	vma->vm_ops = &pt_vm_ops;
	return 0;
}

int pt_mmap(struct file *file, struct vm_area_struct *vma)
{
	struct pt_file *pf = file->private_data;
	struct pt_device *pt = pf->pt;
	int rc = -ENODEV;

	/* a private copy would not show what the device writes */
	if (!(vma->vm_flags & VM_SHARED))
		return -EINVAL;
	down_read(&pt->lock);
	if (pt->pdev) {
		mutex_lock(&pt->state);
		rc = prepare(pt, vma);
		mutex_unlock(&pt->state);
	}
	up_read(&pt->lock);
	return rc;
}
