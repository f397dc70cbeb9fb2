/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Inside the helper. Locks, in the order in which they are taken:
 *   mmap_lock (a page fault) -> pt_device.lock -> pt_vector.lock (a spinlock, also of the handler)
 * User memory is only copied with none of ours held. With one held nobody waits for the device, but for the end of the
 * transactions that are pending once bus mastering is off: some hundred milliseconds at most.
 */
#ifndef PCIETOOL_H
#define PCIETOOL_H

#include <linux/cdev.h>
#include <linux/device.h>
#include <linux/fs.h>
#include <linux/kref.h>
#include <linux/list.h>
#include <linux/pci.h>
#include <linux/rbtree.h>
#include <linux/rwsem.h>
#include <linux/wait.h>

#include "pcietool_compat.h"
#include "pcietool_uapi.h"

#define PT_MINORS 256

struct pt_irq;

enum pt_kind {
	PT_PAGES,	/* split pages, bus address equal to the physical one */
	PT_NONCONTIGUOUS,	/* scattered pages behind an IOMMU */
	PT_COHERENT,	/* what the DMA API gives; not page-backed */
};

struct pt_buffer {
	struct rb_node node;	/* in pt_device.buffers */
	struct list_head held;	/* in pt_device.held, then no longer there */
	struct pt_file *owner;	/* NULL: the binding */
	u32 handle;
	u32 attributes;
	char name[PCIETOOL_NAME_SIZE];
	u64 requested;
	size_t length;
	dma_addr_t address;
	u64 mmap_offset;
	enum pt_kind kind;
	struct page **pages;	/* PT_PAGES, PT_NONCONTIGUOUS */
	struct sg_table *sgt;	/* PT_NONCONTIGUOUS */
	void *cpu;		/* PT_COHERENT */
};

struct pt_stop {
	void __iomem *io;
	u32 bar;
	u32 width;
	u64 value;
	u64 mask;
};

/* One binding; the struct lives until the last file that was opened on it is closed. */
struct pt_device {
	struct device dev;
	struct cdev cdev;

	struct rw_semaphore lock;	/* for all below: page faults and waits shared, all else alone */
	struct pci_dev *pdev;	/* NULL once detached */
	struct list_head files;
	struct rb_root buffers;	/* by handle, and thereby by mmap offset: both only grow */
	struct list_head held;	/* freed, and not given back: an engine may still write there */
	u64 held_bytes;		/* in it; there may be thousands, and each command asks */
	u32 held_buffers;
	ktime_t reset_began;
	bool is_resetting;	/* the kernel keeps its configuration, to put it back */
	wait_queue_head_t reset_over;
	u32 next_handle;
	u64 next_offset;
	u32 mask_bits;
	struct pt_irq *irq;	/* NULL: not enabled */
	u32 irq_serial;	/* how often interrupts were enabled */
	struct pt_file *claim;
	struct pt_stop stops[PCIETOOL_MAX_STOP_WRITES];
	u32 stop_count;
};

struct pt_file {
	struct list_head list;
	struct pt_device *pt;
	struct file *file;
	bool is_session;	/* has allocated with PCIETOOL_DMA_SESSION */
};

/* pcietool_main.c */
/* Takes the device's lock alone, when the kernel does not reset the function: a minute at most. It may be detached. */
void pt_lock_between_resets(struct pt_device *pt);

/* pcietool_ioctl.c */
long pt_ioctl(struct file *file, unsigned int number, unsigned long argument);

/* In the files below: with the device's lock held alone, and attached, unless said. */

/* pcietool_dma.c */
int pt_dma_alloc(struct pt_file *pf, struct pcietool_dma_alloc *args);
int pt_dma_free(struct pt_file *pf, const struct pcietool_dma_free *args);
int pt_dma_info(struct pt_file *pf, struct pcietool_dma_info *args);
int pt_dma_sync(struct pt_file *pf, const struct pcietool_dma_sync *args);
int pt_dma_set_mask(struct pt_file *pf, const struct pcietool_set_mask *args);
void pt_dma_undo(struct pt_file *pf, u32 handle);
int pt_dma_release(struct pt_device *pt);
void pt_dma_give_back(struct pt_device *pt);
void pt_dma_hold_all(struct pt_device *pt);
void pt_dma_release_file(struct pt_file *pf);
void pt_dma_detach(struct pt_device *pt, struct pci_dev *pdev);	/* detached, without the lock */
void pt_dma_query(struct pt_device *pt, struct pcietool_query *query);

/* pcietool_mmap.c; for the first two shared will do */
struct pt_buffer *pt_buffer_find(struct pt_device *pt, u32 handle);
struct pt_buffer *pt_buffer_from(struct pt_device *pt, u32 handle);	/* the first that is not before it */
int pt_mmap(struct file *file, struct vm_area_struct *vma);	/* takes the lock itself */
void pt_unmap(struct pt_device *pt, const struct pt_buffer *buffer);

/* pcietool_irq.c */
int pt_irq_enable(struct pt_device *pt, struct pcietool_irq_enable *args);
int pt_irq_disable(struct pt_device *pt, int reason);
void pt_irq_undo(struct pt_device *pt, u32 serial);
int pt_irq_info(struct pt_device *pt, struct pcietool_irq_info *args);
int pt_irq_eventfd(struct pt_file *pf, const struct pcietool_irq_eventfd *args);
void pt_irq_release_file(struct pt_file *pf);
void pt_irq_query(struct pt_device *pt, struct pcietool_query *query);
int pt_irq_wait(struct pt_device *pt, struct pcietool_irq_wait *args);	/* takes the lock itself */

/* pcietool_quiesce.c */
bool pt_answers(struct pci_dev *pdev, u16 decoding);
bool pt_is_quiet(struct pt_device *pt);
bool pt_quiesce(struct pt_device *pt);
bool pt_can_reset(struct pci_dev *pdev);	/* without the lock, too */
int pt_reset(struct pci_dev *pdev);	/* detached, without the lock */
bool pt_release_claim(struct pt_device *pt);
int pt_claim(struct pt_file *pf, const struct pcietool_claim *args);
int pt_stop_write(struct pt_file *pf, const struct pcietool_stop_write *args);

#endif
