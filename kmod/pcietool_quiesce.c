// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * How a device is stopped before its memory is taken away: the stop writes that its user registered, bus
 * mastering off, then a wait for what is still under way. Also when the user was killed. And how its engines are
 * made to forget what they were told.
 */
#include <linux/io.h>

#include "pcietool.h"

/* COMMAND, or 0 of a device that is gone and reads as all ones: it decodes and masters nothing. */
static u16 read_command(struct pci_dev *pdev)
{
	u16 command;

	if (!pci_device_is_present(pdev) || pci_read_config_word(pdev, PCI_COMMAND, &command) ||
	    command == 0xffff)
		return 0;
	return command;
}

/* Not the kernel's idea of the power state alone: user space may have written PMCSR. */
static bool is_awake(struct pci_dev *pdev)
{
	u16 control;

	if (pdev->current_state != PCI_D0)
		return false;
	return !pdev->pm_cap || (!pci_read_config_word(pdev, pdev->pm_cap + PCI_PM_CTRL, &control) &&
				 !(control & PCI_PM_CTRL_STATE_MASK));
}

/*
 * May its registers be accessed, in a space that takes this bit of COMMAND? An access that nobody answers is a
 * machine check on some platforms.
 */
bool pt_answers(struct pci_dev *pdev, u16 decoding)
{
	/* a virtual function has no such bit: its physical function decodes for it */
	if (pdev->is_virtfn && decoding == PCI_COMMAND_MEMORY)
		return pci_device_is_present(pdev) && is_awake(pdev);
	return read_command(pdev) & decoding && is_awake(pdev);
}

static bool is_io(struct pci_dev *pdev, u32 bar)
{
	return pci_resource_flags(pdev, bar) & IORESOURCE_IO;
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

static void run_stop(struct pci_dev *pdev, const struct pt_stop *stop)
{
	u64 value = stop->value;

	if (!pt_answers(pdev, is_io(pdev, stop->bar) ? PCI_COMMAND_IO : PCI_COMMAND_MEMORY))
		return;
	if (stop->mask != GENMASK_ULL(stop->width - 1, 0))
		value = (stop_read(stop) & ~stop->mask) | (value & stop->mask);
	stop_store(stop, value);
}

/*
 * Bus mastering is off, so it sends nothing new; waits for what it has sent. The reads of its configuration push
 * its writes to memory ahead of them. What may stay pending are its own reads, whose answers only it gets.
 */
static void drain(struct pci_dev *pdev)
{
	if (pci_device_is_present(pdev) && !pci_wait_for_pending_transaction(pdev))
		pci_warn(pdev, "reads of memory still pending after bus mastering was turned off\n");
}

/* True: it writes to no memory any more, nothing is under way. False: it is a bus master. */
bool pt_is_quiet(struct pt_device *pt)
{
	if (read_command(pt->pdev) & PCI_COMMAND_MASTER)
		return false;
	drain(pt->pdev);
	return true;
}

/* Stops it and says whether that worked. */
bool pt_quiesce(struct pt_device *pt)
{
	u32 i;

	for (i = 0; i < pt->stop_count; i++)
		run_stop(pt->pdev, &pt->stops[i]);
	if (pci_device_is_present(pt->pdev))
		pci_clear_master(pt->pdev);
	if (pt_is_quiet(pt))
		return true;
	pci_err(pt->pdev, "bus mastering cannot be turned off\n");
	return false;
}

/* PCI Power Management 1.2 section 5.4.1: without No_Soft_Reset, going from D3hot to D0 is a reset. */
static bool resets_by_pm(struct pci_dev *pdev)
{
	u16 control;

	return pdev->pm_cap && !(pdev->dev_flags & PCI_DEV_FLAGS_NO_PM_RESET) &&
	       !pci_read_config_word(pdev, pdev->pm_cap + PCI_PM_CTRL, &control) && control != 0xffff &&
	       !(control & PCI_PM_CTRL_NO_SOFT_RESET);
}

bool pt_can_reset(struct pci_dev *pdev)
{
	return !pcie_reset_flr(pdev, PCI_RESET_PROBE) || resets_by_pm(pdev);
}

static int reset_by_pm(struct pci_dev *pdev)
{
	int rc;

	if (!resets_by_pm(pdev))
		return -ENOTTY;
	rc = pci_set_power_state(pdev, PCI_D3hot);
	return rc ? rc : pci_set_power_state(pdev, PCI_D0);
}

/*
 * The function alone, by what it has itself. No reset of its bus: a driver's remove may run inside of the hot-plug
 * driver's own work on that slot.
 */
int pt_reset(struct pci_dev *pdev)
{
	int rc;

	pci_save_state(pdev);
	rc = pcie_reset_flr(pdev, PCI_RESET_DO_RESET);
	if (rc)
		rc = reset_by_pm(pdev);
	pci_restore_state(pdev);
	return rc;
}

static void clear_stops(struct pt_device *pt)
{
	while (pt->stop_count > 0)
		pci_iounmap(pt->pdev, pt->stops[--pt->stop_count].io);
}

bool pt_release_claim(struct pt_device *pt)
{
	bool quiet = pt_quiesce(pt);

	clear_stops(pt);
	pt->claim = NULL;
	return quiet;
}

int pt_claim(struct pt_file *pf, const struct pcietool_claim *args)
{
	struct pt_device *pt = pf->pt;

	if (args->flags & PCIETOOL_CLAIM_RELEASE) {
		if (pt->claim != pf)
			return -EPERM;
		return pt_release_claim(pt) ? 0 : -EIO;
	}
	if (pt->claim && pt->claim != pf)
		return -EBUSY;
	pt->claim = pf;
	return 0;
}

static int check_stop(struct pci_dev *pdev, const struct pcietool_stop_write *args)
{
	u64 bytes = args->width / 8;
	resource_size_t length;

	if (args->bar >= PCI_STD_NUM_BARS)
		return -EINVAL;
	if (args->width != 8 && args->width != 16 && args->width != 32 && args->width != 64)
		return -EINVAL;
	if (args->width == 64 && (!IS_ENABLED(CONFIG_64BIT) || is_io(pdev, args->bar)))
		return -EOPNOTSUPP;
	if (args->width < 64 && (args->value >> args->width || args->mask >> args->width))
		return -EINVAL;
	length = pci_resource_len(pdev, args->bar);
	if (!length || !pci_resource_start(pdev, args->bar) ||
	    pci_resource_flags(pdev, args->bar) & IORESOURCE_UNSET)
		return -ENXIO;
	if (args->offset & (bytes - 1) || args->offset >= length || length - args->offset < bytes)
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
	rc = check_stop(pt->pdev, args);
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
