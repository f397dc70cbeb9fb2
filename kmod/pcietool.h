/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Inside the helper. Locks, in the order in which they are taken:
 *   mmap_lock (a page fault) -> pt_device.lock, shared -> pt_device.state
 * User memory is only copied with none of ours held.
 */
#ifndef PCIETOOL_H
#define PCIETOOL_H

#include <linux/cdev.h>
#include <linux/device.h>
#include <linux/fs.h>
#include <linux/kref.h>
#include <linux/mm.h>
#include <linux/mutex.h>
#include <linux/pci.h>
#include <linux/rwsem.h>
#include <linux/version.h>
#include <linux/wait.h>

#include "pcietool_uapi.h"

struct pt_file;

enum pt_kind {
	PT_PAGES,	/* split pages, bus address equal to the physical one */
	PT_NONCONTIGUOUS,	/* scattered pages behind an IOMMU */
	PT_COHERENT,	/* what the DMA API gives; not page-backed */
};

struct pt_buffer {
	struct list_head list;
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

struct pt_vector {
	atomic64_t count;
	struct pt_irq *irq;
};

/* One enabling of interrupts; outlives it while somebody waits. */
struct pt_irq {
	struct kref ref;
	struct pci_dev *pdev;	/* valid while not dead */
	u32 type;
	u32 vectors;
	bool dead;
	atomic_t masked;	/* INTx: by the handler */
	wait_queue_head_t wait;
	spinlock_t lock;	/* triggers */
	struct list_head triggers;
	struct pt_vector vector[];
};

struct pt_stop {
	void __iomem *io;
	u32 bar;
	u32 width;
	u64 value;
	u64 mask;
};

struct pt_device {
	struct device dev;
	struct cdev cdev;
	struct inode *inode;	/* whose mapping all mmaps share; held */

	struct rw_semaphore lock;	/* operations shared, removal exclusive */
	struct pci_dev *pdev;	/* NULL once detached */

	struct mutex state;	/* all below */
	struct list_head buffers;
	u32 next_handle;
	u64 next_offset;
	u32 mask_bits;
	struct pt_irq *irq;	/* NULL: not enabled */
	struct pt_file *claim;
	struct pt_stop stops[PCIETOOL_MAX_STOP_WRITES];
	u32 stop_count;
};

struct pt_file {
	struct pt_device *pt;
};

/* pcietool_ioctl.c */
long pt_ioctl(struct file *file, unsigned int number, unsigned long argument);

/* pcietool_dma.c: with the device's lock and state held, unless said */
extern unsigned long pt_max_bytes;
u64 pt_dma_free_bytes(void);
int pt_dma_alloc(struct pt_file *pf, struct pcietool_dma_alloc *args);
int pt_dma_free(struct pt_file *pf, const struct pcietool_dma_free *args);
int pt_dma_info(struct pt_file *pf, struct pcietool_dma_info *args);
int pt_dma_sync(struct pt_file *pf, const struct pcietool_dma_sync *args);
int pt_dma_set_mask(struct pt_file *pf, const struct pcietool_set_mask *args);
void pt_dma_undo(struct pt_file *pf, u32 handle);
void pt_dma_release_file(struct pt_file *pf);
void pt_dma_free_all(struct pt_device *pt);
u64 pt_dma_features(struct pt_device *pt);
int pt_mmap(struct file *file, struct vm_area_struct *vma);	/* takes the locks itself */

/* pcietool_irq.c */
int pt_irq_enable(struct pt_device *pt, struct pcietool_irq_enable *args);
int pt_irq_disable(struct pt_device *pt);
int pt_irq_info(struct pt_device *pt, struct pcietool_irq_info *args);
int pt_irq_eventfd(struct pt_file *pf, const struct pcietool_irq_eventfd *args);
void pt_irq_release_file(struct pt_file *pf);
int pt_irq_wait(struct pt_device *pt, struct pcietool_irq_wait *args);	/* takes the locks itself */

/* pcietool_quiesce.c */
bool pt_is_bus_master(struct pt_device *pt);
void pt_quiesce(struct pt_device *pt);
int pt_claim(struct pt_file *pf, const struct pcietool_claim *args);
int pt_stop_write(struct pt_file *pf, const struct pcietool_stop_write *args);
void pt_release_claim(struct pt_device *pt);

/* 6.3 made vm_flags read-only to drivers, behind a function. */
#if LINUX_VERSION_CODE < KERNEL_VERSION(6, 3, 0)
static inline void pt_vm_flags_set(struct vm_area_struct *vma, unsigned long flags)
{
	vma->vm_flags |= flags;
}
#else
#define pt_vm_flags_set vm_flags_set
#endif

#endif
