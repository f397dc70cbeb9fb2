// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * pcietool's kernel helper: DMA buffers and interrupts of a PCI device for user space, and nothing else.
 * Registers stay with sysfs: a driver that claims the BARs would close resourceN to everybody
 * (CONFIG_IO_STRICT_DEVMEM).
 *
 * There is no id table: a device comes here through driver_override only, when somebody asked for it.
 */
#include <linux/capability.h>
#include <linux/dma-mapping.h>
#include <linux/idr.h>
#include <linux/module.h>
#include <linux/security.h>
#include <linux/slab.h>

#include "pcietool.h"

static dev_t pt_first;
static DEFINE_IDA(pt_minors);

static char *pt_devnode(PT_DEVNODE_DEVICE *dev, umode_t *mode)
{
	/* never for others: without an IOMMU, DMA is root */
	if (mode)
		*mode = 0600;
	return kasprintf(GFP_KERNEL, "pcietool/%s", dev_name(dev));
}

static struct class pt_class = {
	.name = "pcietool",
	.devnode = pt_devnode,
};

void pt_lock_between_resets(struct pt_device *pt)
{
	down_write(&pt->lock);
	while (pt->is_resetting) {
		up_write(&pt->lock);
		wait_event(pt->reset_over, !READ_ONCE(pt->is_resetting));
		down_write(&pt->lock);
	}
}

static int pt_open(struct inode *inode, struct file *file)
{
	struct pt_device *pt = container_of(inode->i_cdev, struct pt_device, cdev);
	struct pt_file *pf;
	int rc;

	if (!capable(CAP_SYS_RAWIO))
		return -EPERM;
	rc = security_locked_down(LOCKDOWN_DEV_MEM);
	if (rc)
		return rc;
	pf = kzalloc(sizeof(*pf), GFP_KERNEL_ACCOUNT);
	if (!pf)
		return -ENOMEM;
	pf->pt = pt;
	pf->file = file;
	file->private_data = pf;

	/* The cdev, which the file holds, holds the device's struct: but it may be detached by now. */
	down_write(&pt->lock);
	rc = pt->pdev ? 0 : -ENODEV;
	if (!rc)
		list_add(&pf->list, &pt->files);
	up_write(&pt->lock);
	if (rc) {
		kfree(pf);
		return rc;
	}
	return nonseekable_open(inode, file);
}

static int pt_release(struct inode *inode, struct file *file)
{
	struct pt_file *pf = file->private_data;
	struct pt_device *pt = pf->pt;

	/* a reset would put back that it is a bus master */
	pt_lock_between_resets(pt);
	list_del(&pf->list);
	if (pt->pdev) {
		/* the device is stopped before its memory goes */
		if (pt->claim == pf)
			pt_release_claim(pt);
		pt_irq_release_file(pf);
		pt_dma_release_file(pf);
	}
	up_write(&pt->lock);
	kfree(pf);
	return 0;
}

static const struct file_operations pt_fops = {
	.owner = THIS_MODULE,
	.open = pt_open,
	.release = pt_release,
	.unlocked_ioctl = pt_ioctl,
	.compat_ioctl = compat_ptr_ioctl,
	.mmap = pt_mmap,
};

static void pt_device_release(struct device *dev)
{
	struct pt_device *pt = container_of(dev, struct pt_device, dev);

	ida_free(&pt_minors, MINOR(dev->devt));
	kfree(pt);
}

static struct pt_device *pt_device_new(struct pci_dev *pdev)
{
	struct pt_device *pt;
	int minor;

	pt = kzalloc(sizeof(*pt), GFP_KERNEL);
	if (!pt)
		return ERR_PTR(-ENOMEM);
	minor = ida_alloc_max(&pt_minors, PT_MINORS - 1, GFP_KERNEL);
	if (minor < 0) {
		pci_err(pdev, "no device number is left: %d devices are bound\n", PT_MINORS);
		kfree(pt);
		return ERR_PTR(minor);
	}
	init_rwsem(&pt->lock);
	INIT_LIST_HEAD(&pt->files);
	INIT_LIST_HEAD(&pt->held);
	init_waitqueue_head(&pt->reset_over);
	pt->buffers = RB_ROOT;
	pt->pdev = pdev;
	pt->next_handle = 1;
	pt->mask_bits = 32;
	device_initialize(&pt->dev);
	pt->dev.class = &pt_class;
	pt->dev.parent = &pdev->dev;
	pt->dev.release = pt_device_release;
	pt->dev.devt = MKDEV(MAJOR(pt_first), minor);
	cdev_init(&pt->cdev, &pt_fops);
	pt->cdev.owner = THIS_MODULE;
	return pt;
}

/* From here on there are files at most, which are told that the device is gone. */
static void detach(struct pt_device *pt)
{
	struct pci_dev *pdev = pt->pdev;

	/* waits for the operations under way; the longest is the wait for pending transactions */
	down_write(&pt->lock);
	pt_release_claim(pt);
	pt_irq_disable(pt, -ENODEV);
	pt_dma_hold_all(pt);
	pt->pdev = NULL;
	up_write(&pt->lock);
	pt_dma_detach(pt, pdev);
}

/*
 * Enabling the device routes its INTx, which the platform does only here, and wakes it to D0. It turns decoding
 * on, but not bus mastering: that is the user's to do. No BAR is requested, see above, and none is touched.
 */
static int pt_probe(struct pci_dev *pdev, const struct pci_device_id *id)
{
	struct pt_device *pt;
	int rc;

	if (pdev->hdr_type != PCI_HEADER_TYPE_NORMAL) {
		pci_err(pdev, "a bridge is not for user space to drive\n");
		return -ENODEV;
	}
	rc = pci_enable_device(pdev);
	if (rc) {
		pci_err(pdev, "cannot be enabled: is a BAR not assigned?\n");
		return rc;
	}
	rc = dma_set_mask_and_coherent(&pdev->dev, DMA_BIT_MASK(32));
	if (rc)
		goto err_disable_device;
	/* a buffer is one segment, wherever it lies: the defaults are those of a device that says nothing */
	dma_set_max_seg_size(&pdev->dev, UINT_MAX);
	dma_set_seg_boundary(&pdev->dev, ULONG_MAX);
	pt = pt_device_new(pdev);
	if (IS_ERR(pt)) {
		rc = PTR_ERR(pt);
		goto err_disable_device;
	}
	rc = dev_set_name(&pt->dev, "%s", pci_name(pdev));
	if (rc)
		goto err_put_device;
	pci_set_drvdata(pdev, pt);
	/* for after a reset by error recovery */
	pci_save_state(pdev);
	rc = cdev_device_add(&pt->cdev, &pt->dev);
	if (rc)
		goto err_detach;
	return 0;

err_detach:
	/* a node that was made by hand may have been opened before the device could not be added */
	detach(pt);
err_put_device:
	put_device(&pt->dev);
err_disable_device:
	pci_disable_device(pdev);
	return rc;
}

static void pt_remove(struct pci_dev *pdev)
{
	struct pt_device *pt = pci_get_drvdata(pdev);

	/* no open finds it any more, and one that is under way sees that it is detached */
	cdev_device_del(&pt->cdev, &pt->dev);
	detach(pt);
	/* what probe did; decoding stays on, as after any driver */
	pci_disable_device(pdev);
	put_device(&pt->dev);
}

/* A kernel that is started next (kexec) must not find its memory written to. */
static void pt_shutdown(struct pci_dev *pdev)
{
	struct pt_device *pt = pci_get_drvdata(pdev);

	down_write(&pt->lock);
	pt_quiesce(pt);
	up_write(&pt->lock);
}

/*
 * One driver without this keeps the kernel from recovering what is beside its device, too. Whoever uses the device
 * is not told: the error is in the kernel's log and counters, and a wait that ends in vain looks there.
 */
static pci_ers_result_t pt_error_detected(struct pci_dev *pdev, pci_channel_state_t state)
{
	switch (state) {
	case pci_channel_io_normal:
		return PCI_ERS_RESULT_CAN_RECOVER;
	case pci_channel_io_frozen:
		return PCI_ERS_RESULT_NEED_RESET;
	default:
		return PCI_ERS_RESULT_DISCONNECT;
	}
}

/* Its configuration is put back as it was last saved, at the latest when it was bound; but it stays stopped. */
static pci_ers_result_t pt_slot_reset(struct pci_dev *pdev)
{
	struct pt_device *pt = pci_get_drvdata(pdev);

	down_write(&pt->lock);
	/* a reset by sysfs and a sleep of the machine take the mark away, not what was saved */
	pdev->state_saved = true;
	pci_restore_state(pdev);
	pci_clear_master(pdev);
	pt_dma_give_back(pt);
	up_write(&pt->lock);
	pci_warn(pdev, "reset after an error: what was set up in it is gone, bus mastering is off\n");
	return PCI_ERS_RESULT_RECOVERED;
}

/*
 * Around a reset that somebody asked the kernel for. It tells of the end of one that failed, too; but no method takes
 * less than a millisecond (PCIe 5.0 sections 6.6.1, 6.6.2: 1 ms of hot reset, 100 ms after FLR; 5.9: 10 ms out of
 * D3hot), and where none could be tried, the end comes at once. In between the kernel keeps the configuration, that of
 * interrupts too, to put it back: nobody may change it, see pt_lock_between_resets().
 */
static void pt_reset_prepare(struct pci_dev *pdev)
{
	struct pt_device *pt = pci_get_drvdata(pdev);

	down_write(&pt->lock);
	pt->reset_began = ktime_get();
	WRITE_ONCE(pt->is_resetting, true);
	up_write(&pt->lock);
}

static void pt_reset_done(struct pci_dev *pdev)
{
	struct pt_device *pt = pci_get_drvdata(pdev);

	down_write(&pt->lock);
	if (pt->pdev && ktime_ms_delta(ktime_get(), pt->reset_began) >= 1)
		pt_dma_give_back(pt);
	WRITE_ONCE(pt->is_resetting, false);
	up_write(&pt->lock);
	wake_up_all(&pt->reset_over);
}

static const struct pci_error_handlers pt_error_handlers = {
	.error_detected = pt_error_detected,
	.slot_reset = pt_slot_reset,
	.reset_prepare = pt_reset_prepare,
	.reset_done = pt_reset_done,
};

static struct pci_driver pt_driver = {
	.name = "pcietool",
	.probe = pt_probe,
	.remove = pt_remove,
	.shutdown = pt_shutdown,
	.err_handler = &pt_error_handlers,
};

static int __init pt_init(void)
{
	int rc;

	rc = alloc_chrdev_region(&pt_first, 0, PT_MINORS, "pcietool");
	if (rc)
		return rc;
	rc = class_register(&pt_class);
	if (rc)
		goto err_unregister_region;
	rc = pci_register_driver(&pt_driver);
	if (rc)
		goto err_unregister_class;
	return 0;

err_unregister_class:
	class_unregister(&pt_class);
err_unregister_region:
	unregister_chrdev_region(pt_first, PT_MINORS);
	return rc;
}

static void __exit pt_exit(void)
{
	pci_unregister_driver(&pt_driver);
	class_unregister(&pt_class);
	unregister_chrdev_region(pt_first, PT_MINORS);
	ida_destroy(&pt_minors);
}

module_init(pt_init);
module_exit(pt_exit);
MODULE_DESCRIPTION("DMA buffers and interrupts of a PCI device for pcietool");
MODULE_LICENSE("GPL");
MODULE_VERSION("0.1.0");
