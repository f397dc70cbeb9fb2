// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Finding buffers, and putting them into user space's memory: nothing else can ever be mapped through here.
 * Knows nothing of how they are made. Pages are put in one by one when they are touched, under the lock, so that
 * none can come after a buffer's mappings were taken away. A mapping keeps only the buffer's handle, which is
 * never used twice: the buffer may be gone.
 */
#include <linux/dma-map-ops.h>
#include <linux/mm.h>

#include "pcietool.h"

/* --- the tree of a device's buffers: in the order of their handles, and thereby of their offsets -------- */

struct pt_buffer *pt_buffer_from(struct pt_device *pt, u32 handle)
{
	struct rb_node *node = pt->buffers.rb_node;
	struct pt_buffer *found = NULL;

	while (node) {
		struct pt_buffer *buffer = rb_entry(node, struct pt_buffer, node);

		if (buffer->handle >= handle) {
			found = buffer;
			node = node->rb_left;
		} else {
			node = node->rb_right;
		}
	}
	return found;
}

struct pt_buffer *pt_buffer_find(struct pt_device *pt, u32 handle)
{
	struct pt_buffer *buffer = pt_buffer_from(pt, handle);

	return buffer && buffer->handle == handle ? buffer : NULL;
}

/* The buffer in which all of OFFSET..OFFSET+LENGTH lies: the last one that does not start behind OFFSET. */
static struct pt_buffer *find_range(struct pt_device *pt, u64 offset, u64 length)
{
	struct rb_node *node = pt->buffers.rb_node;
	struct pt_buffer *found = NULL;
	u64 into;

	while (node) {
		struct pt_buffer *buffer = rb_entry(node, struct pt_buffer, node);

		if (buffer->mmap_offset <= offset) {
			found = buffer;
			node = node->rb_right;
		} else {
			node = node->rb_left;
		}
	}
	if (!found)
		return NULL;
	into = offset - found->mmap_offset;
	return into < found->length && length <= found->length - into ? found : NULL;
}

/* --- mappings ----------------------------------------------------------------------------------- */

static vm_fault_t insert(const struct pt_buffer *buffer, struct vm_fault *vmf, size_t offset)
{
	void *cpu;

	if (buffer->kind != PT_COHERENT)
		return vmf_insert_page(vmf->vma, vmf->address, buffer->pages[offset >> PAGE_SHIFT]);
	cpu = buffer->cpu + offset;
	return vmf_insert_pfn(vmf->vma, vmf->address,
			      is_vmalloc_addr(cpu) ? vmalloc_to_pfn(cpu) : page_to_pfn(virt_to_page(cpu)));
}

static vm_fault_t pt_fault(struct vm_fault *vmf)
{
	struct pt_file *pf = vmf->vma->vm_file->private_data;
	u32 handle = (unsigned long)vmf->vma->vm_private_data;
	u64 offset = (u64)vmf->pgoff << PAGE_SHIFT;
	struct pt_device *pt = pf->pt;
	vm_fault_t result = VM_FAULT_SIGBUS;
	struct pt_buffer *buffer;

	down_read(&pt->lock);
	buffer = pt_buffer_find(pt, handle);
	if (buffer && offset >= buffer->mmap_offset && offset - buffer->mmap_offset < buffer->length)
		result = insert(buffer, vmf, offset - buffer->mmap_offset);
	up_read(&pt->lock);
	return result;
}

static const struct vm_operations_struct pt_vm_ops = {
	.fault = pt_fault,
};

/* Not handed on by fork: a child that lives on would keep the file, and so the device, from being released. */
static int prepare(struct pt_device *pt, struct vm_area_struct *vma)
{
	struct pt_buffer *buffer = find_range(pt, (u64)vma->vm_pgoff << PAGE_SHIFT, vma->vm_end - vma->vm_start);

	if (!buffer)
		return -EINVAL;
	pt_vm_flags_mod(vma, VM_DONTEXPAND | VM_DONTDUMP | VM_DONTCOPY |
			(buffer->kind == PT_COHERENT ? VM_PFNMAP | VM_IO : VM_MIXEDMAP), VM_MAYEXEC);
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
	if (vma->vm_flags & VM_EXEC)
		return -EPERM;
	/* as bytes it must not wrap */
	if ((u64)vma->vm_pgoff > U64_MAX >> PAGE_SHIFT)
		return -EINVAL;
	down_read(&pt->lock);
	if (pt->pdev)
		rc = prepare(pt, vma);
	up_read(&pt->lock);
	return rc;
}

/*
 * Takes a buffer's pages out of every process. Each file may have come from another inode, so from another
 * address space (mknod makes as many nodes as one likes); a mapping holds its file, so all are in the list.
 */
void pt_unmap(struct pt_device *pt, const struct pt_buffer *buffer)
{
	struct pt_file *pf;

	list_for_each_entry(pf, &pt->files, list)
		unmap_mapping_range(pf->file->f_mapping, buffer->mmap_offset, buffer->length, 1);
}
