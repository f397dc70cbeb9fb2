/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What is spelled differently in the kernels that the helper is built for. */
#ifndef PCIETOOL_COMPAT_H
#define PCIETOOL_COMPAT_H

#include <linux/eventfd.h>
#include <linux/iommu.h>
#include <linux/mm.h>
#include <linux/mmzone.h>
#include <linux/pci.h>
#include <linux/version.h>

/* The largest order that the page allocator has. MAX_ORDER meant one more before 6.4. */
#if defined(MAX_PAGE_ORDER)
#define PT_MAX_ORDER MAX_PAGE_ORDER
#elif LINUX_VERSION_CODE >= KERNEL_VERSION(6, 4, 0)
#define PT_MAX_ORDER MAX_ORDER
#else
#define PT_MAX_ORDER (MAX_ORDER - 1)
#endif

#ifndef PCI_IRQ_INTX
#define PCI_IRQ_INTX PCI_IRQ_LEGACY
#endif

/* The device that a class's devnode callback gets. */
#if LINUX_VERSION_CODE >= KERNEL_VERSION(6, 2, 0)
#define PT_DEVNODE_DEVICE const struct device
#else
#define PT_DEVNODE_DEVICE struct device
#endif

/* 6.3 made vm_flags read-only to drivers, behind functions. */
static inline void pt_vm_flags_mod(struct vm_area_struct *vma, unsigned long set, unsigned long clear)
{
#if LINUX_VERSION_CODE >= KERNEL_VERSION(6, 3, 0)
	vm_flags_mod(vma, set, clear);
#else
	vma->vm_flags = (vma->vm_flags | set) & ~clear;
#endif
}

static inline void pt_eventfd_signal(struct eventfd_ctx *eventfd)
{
#if LINUX_VERSION_CODE >= KERNEL_VERSION(6, 8, 0)
	eventfd_signal(eventfd);
#else
	eventfd_signal(eventfd, 1);
#endif
}

/* Does an IOMMU translate: are bus addresses its, and scattered pages one range to the device? */
static inline bool pt_is_translated(struct device *dev)
{
#ifdef CONFIG_IOMMU_API
	struct iommu_domain *domain = iommu_get_domain_for_dev(dev);

	return domain && domain->type != IOMMU_DOMAIN_IDENTITY;
#else
	return false;
#endif
}

#endif
