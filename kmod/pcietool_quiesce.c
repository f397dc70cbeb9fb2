// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * How a device is stopped before its memory is taken away: the stop writes that its user registered, bus
 * mastering off, then a wait for what is still under way. Also when the user was killed.
 */
#include <linux/io.h>
#include <linux/pci.h>

#include "pcietool.h"

/* A device that is gone reads as all ones; it masters nothing. */
bool pt_is_bus_master(struct pt_device *pt)
{
	u16 command;

	if (pci_read_config_word(pt->pdev, PCI_COMMAND, &command) || command == 0xffff)
		return false;
	return command & PCI_COMMAND_MASTER;
}

static bool is_io(struct pt_device *pt, u32 bar)
{
	return pci_resource_flags(pt->pdev, bar) & IORESOURCE_IO;
}

/* A write to a BAR that is not decoded, or to a device that sleeps, ends in a machine check somewhere. */
static bool can_write(struct pt_device *pt, const struct pt_stop *stop)
{
	u16 need = is_io(pt, stop->bar) ? PCI_COMMAND_IO : PCI_COMMAND_MEMORY;
	u16 command;
	u16 control;

	if (!pci_device_is_present(pt->pdev))
		return false;
	if (pci_read_config_word(pt->pdev, PCI_COMMAND, &command) || !(command & need))
		return false;
	/* not the kernel's idea of the state: user space may have written PMCSR */
	if (pt->pdev->pm_cap &&
	    (pci_read_config_word(pt->pdev, pt->pdev->pm_cap + PCI_PM_CTRL, &control) ||
	     (control & PCI_PM_CTRL_STATE_MASK)))
		return false;
	return true;
}

static u64 stop_read(const struct pt_stop *stop)
{
	switch (stop->width) {
	case 8:
		return ioread8(stop->io);
	case 16:
		return ioread16(stop->io);
	case 32:
		return ioread32(stop->io);
#ifdef CONFIG_64BIT
	case 64:
		return readq(stop->io);
#endif
	}
	return 0;
}

static void stop_store(const struct pt_stop *stop, u64 value)
{
	switch (stop->width) {
	case 8:
		iowrite8(value, stop->io);
		break;
	case 16:
		iowrite16(value, stop->io);
		break;
	case 32:
		iowrite32(value, stop->io);
		break;
#ifdef CONFIG_64BIT
	case 64:
		writeq(value, stop->io);
		break;
#endif
	}
}

static void run_stop(struct pt_device *pt, const struct pt_stop *stop)
{
	u64 all = stop->width == 64 ? U64_MAX : BIT_ULL(stop->width) - 1;
	u64 value = stop->value;

	if (!can_write(pt, stop))
		return;
	if ((stop->mask & all) != all)
		value = (stop_read(stop) & ~stop->mask) | (value & stop->mask);
	stop_store(stop, value);
}

/* Bus mastering off, and nothing under way any more. */
void pt_quiesce(struct pt_device *pt)
{
	u32 i;

	for (i = 0; i < pt->stop_count; i++)
		run_stop(pt, &pt->stops[i]);
	if (!pci_device_is_present(pt->pdev))
		return;
	pci_clear_master(pt->pdev);
	if (!pci_wait_for_pending_transaction(pt->pdev))
		pci_warn(pt->pdev, "transactions still pending after bus mastering was turned off\n");
}

static void clear_stops(struct pt_device *pt)
{
	while (pt->stop_count > 0)
		pci_iounmap(pt->pdev, pt->stops[--pt->stop_count].io);
}

void pt_release_claim(struct pt_device *pt)
{
	pt_quiesce(pt);
	clear_stops(pt);
	pt->claim = NULL;
}

int pt_claim(struct pt_file *pf, const struct pcietool_claim *args)
{
	struct pt_device *pt = pf->pt;

	if (args->flags & PCIETOOL_CLAIM_RELEASE) {
		if (pt->claim != pf)
			return -EPERM;
		pt_release_claim(pt);
		return 0;
	}
	if (pt->claim && pt->claim != pf)
		return -EBUSY;
	pt->claim = pf;
	return 0;
}

static int check_stop(struct pt_device *pt, const struct pcietool_stop_write *args)
{
	u64 bytes = args->width / 8;
	resource_size_t length;

	if (args->bar >= PCI_STD_NUM_BARS)
		return -EINVAL;
	if (args->width != 8 && args->width != 16 && args->width != 32 && args->width != 64)
		return -EINVAL;
	if (args->width == 64 && (!IS_ENABLED(CONFIG_64BIT) || is_io(pt, args->bar)))
		return -EOPNOTSUPP;
	if (args->width < 64 && (args->value >> args->width || args->mask >> args->width))
		return -EINVAL;
	length = pci_resource_len(pt->pdev, args->bar);
	if (!length || !pci_resource_start(pt->pdev, args->bar))
		return -ENXIO;
	if (args->offset % bytes || args->offset >= length || length - args->offset < bytes)
		return -EINVAL;
	return 0;
}

int pt_stop_write(struct pt_file *pf, const struct pcietool_stop_write *args)
{
	struct pt_device *pt = pf->pt;
	struct pt_stop *stop;
	int rc;

	if (pt->claim != pf)
		return -EPERM;
	if (args->flags & PCIETOOL_STOP_CLEAR) {
		if (args->bar || args->width || args->offset || args->value || args->mask)
			return -EINVAL;
		clear_stops(pt);
		return 0;
	}
	rc = check_stop(pt, args);
	if (rc)
		return rc;
	if (pt->stop_count == PCIETOOL_MAX_STOP_WRITES)
		return -ENOSPC;
	/* mapped now: on the way out nothing may fail */
	stop = &pt->stops[pt->stop_count];
	stop->io = pci_iomap_range(pt->pdev, args->bar, args->offset, args->width / 8);
	if (!stop->io)
		return -ENOMEM;
	stop->bar = args->bar;
	stop->width = args->width;
	stop->value = args->value;
	stop->mask = args->mask;
	pt->stop_count++;
	return 0;
}
