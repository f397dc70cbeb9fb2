// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * For the tests only: a UIO device that is no PCI device. Its registers are RAM, its events come when they are asked for,
 * its counter can be set near its wrap, and it can lie about a size.
 */
#include <linux/module.h>
#include <linux/platform_device.h>
#include <linux/uio_driver.h>

#define MEMORY (2 * PAGE_SIZE)

static unsigned long lie;
module_param(lie, ulong, 0444);
MODULE_PARM_DESC(lie, "the size that map 0 is said to have");

static int armed = -1;
module_param(armed, int, 0444);
MODULE_PARM_DESC(armed, "what was written to the device last");

static bool switchless;
module_param(switchless, bool, 0444);
MODULE_PARM_DESC(switchless, "its interrupt cannot be switched");

static bool silent;
module_param(silent, bool, 0444);
MODULE_PARM_DESC(silent, "it has no interrupt");

static struct platform_device *device;
static void *memory;

static int irqcontrol(struct uio_info *info, s32 on)
{
	armed = on;
	return 0;
}

static struct uio_info info = {
	.name = "uio_test",
	.version = "1.2",
	.irq = UIO_IRQ_CUSTOM,
	.irqcontrol = irqcontrol,
	.port[0] = { .name = "post", .start = 0x80, .size = 1, .porttype = UIO_PORT_X86 },
};

static int raise(const char *text, const struct kernel_param *param)
{
	unsigned int count;
	int rc = kstrtouint(text, 0, &count);

	while (!rc && count--)
		uio_event_notify(&info);
	return rc;
}

static const struct kernel_param_ops raise_ops = { .set = raise };
module_param_cb(raise, &raise_ops, NULL, 0200);
MODULE_PARM_DESC(raise, "so many events come");

static int set_count(const char *text, const struct kernel_param *param)
{
	unsigned int count;
	int rc = kstrtouint(text, 0, &count);

	if (!rc && info.uio_dev)
		atomic_set(&info.uio_dev->event, (int)count);
	return rc;
}

static const struct kernel_param_ops count_ops = { .set = set_count };
module_param_cb(count, &count_ops, NULL, 0200);
MODULE_PARM_DESC(count, "the counter is set to this");

static int __init uio_test_init(void)
{
	int rc;

	memory = (void *)__get_free_pages(GFP_KERNEL | __GFP_ZERO | __GFP_COMP, get_order(MEMORY));
	if (!memory)
		return -ENOMEM;
	device = platform_device_register_simple("uio_test", -1, NULL, 0);
	if (IS_ERR(device)) {
		rc = PTR_ERR(device);
		goto err_free_memory;
	}
	info.mem[0] = (struct uio_mem){
		.name = "ram",
		.addr = (phys_addr_t)memory,
		.size = lie ? lie : MEMORY,
		.memtype = UIO_MEM_LOGICAL,
	};
	info.mem[1] = (struct uio_mem){
		.name = "part",
		.addr = (phys_addr_t)memory,
		.offs = 0x100,
		.size = 0x200,
		.memtype = UIO_MEM_LOGICAL,
	};
	if (switchless)
		info.irqcontrol = NULL;
	if (silent)
		info.irq = UIO_IRQ_NONE;
	rc = uio_register_device(&device->dev, &info);
	if (rc)
		goto err_unregister_device;
	return 0;

err_unregister_device:
	platform_device_unregister(device);
err_free_memory:
	free_pages((unsigned long)memory, get_order(MEMORY));
	return rc;
}

static void __exit uio_test_exit(void)
{
	uio_unregister_device(&info);
	platform_device_unregister(device);
	free_pages((unsigned long)memory, get_order(MEMORY));
}

module_init(uio_test_init);
module_exit(uio_test_exit);
MODULE_DESCRIPTION("UIO device for pcietool's tests");
MODULE_LICENSE("GPL");
