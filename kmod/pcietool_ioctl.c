// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * One table: a row per command gives its struct's size and its handler, and the copying and checking is done
 * here once. Handlers see kernel memory only.
 */
#include <linux/build_bug.h>
#include <linux/nospec.h>
#include <linux/stddef.h>
#include <linux/uaccess.h>

#include "pcietool.h"

/* The interface: the same on every architecture; a struct may grow at its end, by fields of which zero says nothing. */
static_assert(sizeof(struct pcietool_query) == 88);
static_assert(sizeof(struct pcietool_set_mask) == 16);
static_assert(sizeof(struct pcietool_dma_alloc) == 88);
static_assert(sizeof(struct pcietool_dma_free) == 16);
static_assert(sizeof(struct pcietool_dma_info) == 96);
static_assert(sizeof(struct pcietool_dma_sync) == 32);
static_assert(sizeof(struct pcietool_irq_enable) == 24);
static_assert(sizeof(struct pcietool_irq_disable) == 8);
static_assert(sizeof(struct pcietool_irq_wait) == 40);
static_assert(sizeof(struct pcietool_irq_info) == 24);
static_assert(sizeof(struct pcietool_irq_eventfd) == 16);
static_assert(sizeof(struct pcietool_claim) == 8);
static_assert(sizeof(struct pcietool_stop_write) == 40);
static_assert(sizeof(struct pcietool_dma_release) == 8);

union pt_args {
	struct {
		u32 size;
		u32 flags;
	} common;
	struct pcietool_query query;
	struct pcietool_set_mask set_mask;
	struct pcietool_dma_alloc dma_alloc;
	struct pcietool_dma_free dma_free;
	struct pcietool_dma_info dma_info;
	struct pcietool_dma_sync dma_sync;
	struct pcietool_irq_enable irq_enable;
	struct pcietool_irq_disable irq_disable;
	struct pcietool_irq_wait irq_wait;
	struct pcietool_irq_info irq_info;
	struct pcietool_irq_eventfd irq_eventfd;
	struct pcietool_claim claim;
	struct pcietool_stop_write stop_write;
	struct pcietool_dma_release dma_release;
};

static int do_query(struct pt_file *pf, union pt_args *args)
{
	struct pcietool_query *q = &args->query;
	struct pt_device *pt = pf->pt;

	q->out_abi_version = PCIETOOL_ABI_VERSION;
	pt_dma_query(pt, q);
	pt_irq_query(pt, q);
	q->out_claimed = !pt->claim ? 0 : pt->claim == pf ? 1 : 2;
	return 0;
}

static int do_set_mask(struct pt_file *pf, union pt_args *args)
{
	return args->set_mask.reserved ? -EINVAL : pt_dma_set_mask(pf, &args->set_mask);
}

static int do_dma_alloc(struct pt_file *pf, union pt_args *args)
{
	return pt_dma_alloc(pf, &args->dma_alloc);
}

static void undo_dma_alloc(struct pt_file *pf, union pt_args *args, u32 irq_serial)
{
	pt_dma_undo(pf, args->dma_alloc.out_handle);
}

static int do_dma_free(struct pt_file *pf, union pt_args *args)
{
	return args->dma_free.reserved ? -EINVAL : pt_dma_free(pf, &args->dma_free);
}

static int do_dma_info(struct pt_file *pf, union pt_args *args)
{
	return pt_dma_info(pf, &args->dma_info);
}

static int do_dma_sync(struct pt_file *pf, union pt_args *args)
{
	return pt_dma_sync(pf, &args->dma_sync);
}

static int do_irq_enable(struct pt_file *pf, union pt_args *args)
{
	return args->irq_enable.reserved ? -EINVAL : pt_irq_enable(pf->pt, &args->irq_enable);
}

static void undo_irq_enable(struct pt_file *pf, union pt_args *args, u32 irq_serial)
{
	pt_irq_undo(pf->pt, irq_serial);
}

static int do_irq_disable(struct pt_file *pf, union pt_args *args)
{
	return pt_irq_disable(pf->pt, -ENODATA);
}

static int do_irq_info(struct pt_file *pf, union pt_args *args)
{
	return pt_irq_info(pf->pt, &args->irq_info);
}

static int do_irq_eventfd(struct pt_file *pf, union pt_args *args)
{
	return pt_irq_eventfd(pf, &args->irq_eventfd);
}

static int do_dma_release(struct pt_file *pf, union pt_args *args)
{
	return pt_dma_release(pf->pt);
}

static int do_claim(struct pt_file *pf, union pt_args *args)
{
	return pt_claim(pf, &args->claim);
}

static int do_stop_write(struct pt_file *pf, union pt_args *args)
{
	return pt_stop_write(pf, &args->stop_write);
}

/* Sleeps, so it takes the lock itself. */
static int do_irq_wait(struct pt_file *pf, union pt_args *args)
{
	return args->irq_wait.reserved ? -EINVAL : pt_irq_wait(pf->pt, &args->irq_wait);
}

struct pt_command {
	size_t size;
	u32 flags;	/* that are known */
	int (*run)(struct pt_file *pf, union pt_args *args);
	/* when its answer cannot be delivered; IRQ_SERIAL as it was when the command had run */
	void (*undo)(struct pt_file *pf, union pt_args *args, u32 irq_serial);
	bool answers;	/* has fields out_*; what has none is not written, and may be const */
	bool unlocked;
};

#define COMMAND(number, type, known, function, ...) \
	[_IOC_NR(number)] = { .size = sizeof(struct type), .flags = (known), .run = (function), __VA_ARGS__ }

static const struct pt_command commands[] = {
	COMMAND(PCIETOOL_IOC_QUERY, pcietool_query, 0, do_query, .answers = true),
	COMMAND(PCIETOOL_IOC_SET_MASK, pcietool_set_mask, 0, do_set_mask),
	COMMAND(PCIETOOL_IOC_DMA_ALLOC, pcietool_dma_alloc, PCIETOOL_DMA_ALLOC_FLAGS, do_dma_alloc,
		.answers = true, .undo = undo_dma_alloc),
	COMMAND(PCIETOOL_IOC_DMA_FREE, pcietool_dma_free, PCIETOOL_DMA_FREE_FLAGS, do_dma_free),
	COMMAND(PCIETOOL_IOC_DMA_INFO, pcietool_dma_info, 0, do_dma_info, .answers = true),
	COMMAND(PCIETOOL_IOC_DMA_SYNC, pcietool_dma_sync, 0, do_dma_sync),
	COMMAND(PCIETOOL_IOC_IRQ_ENABLE, pcietool_irq_enable, 0, do_irq_enable, .answers = true,
		.undo = undo_irq_enable),
	COMMAND(PCIETOOL_IOC_IRQ_DISABLE, pcietool_irq_disable, 0, do_irq_disable),
	COMMAND(PCIETOOL_IOC_IRQ_WAIT, pcietool_irq_wait, 0, do_irq_wait, .answers = true, .unlocked = true),
	COMMAND(PCIETOOL_IOC_IRQ_INFO, pcietool_irq_info, 0, do_irq_info, .answers = true),
	COMMAND(PCIETOOL_IOC_IRQ_EVENTFD, pcietool_irq_eventfd, 0, do_irq_eventfd),
	COMMAND(PCIETOOL_IOC_CLAIM, pcietool_claim, PCIETOOL_CLAIM_FLAGS, do_claim),
	COMMAND(PCIETOOL_IOC_STOP_WRITE, pcietool_stop_write, PCIETOOL_STOP_FLAGS, do_stop_write),
	COMMAND(PCIETOOL_IOC_DMA_RELEASE, pcietool_dma_release, 0, do_dma_release),
};

static int run_locked(struct pt_file *pf, const struct pt_command *command, union pt_args *args, u32 *irq_serial)
{
	struct pt_device *pt = pf->pt;
	int rc = -ENODEV;

	pt_lock_between_resets(pt);
	if (pt->pdev)
		rc = command->run(pf, args);
	*irq_serial = pt->irq_serial;
	up_write(&pt->lock);
	return rc;
}

static void undo_locked(struct pt_file *pf, const struct pt_command *command, union pt_args *args, u32 irq_serial)
{
	struct pt_device *pt = pf->pt;

	pt_lock_between_resets(pt);
	if (pt->pdev)
		command->undo(pf, args, irq_serial);
	up_write(&pt->lock);
}

long pt_ioctl(struct file *file, unsigned int number, unsigned long argument)
{
	struct pt_file *pf = file->private_data;
	void __user *user = (void __user *)argument;
	const struct pt_command *command;
	union pt_args args = {};
	u32 irq_serial = 0;
	u32 size;
	int rc;

	/* the numbers carry neither size nor direction: see the header */
	if (_IOC_TYPE(number) != PCIETOOL_IOC_TYPE || _IOC_SIZE(number) || _IOC_DIR(number) ||
	    _IOC_NR(number) >= ARRAY_SIZE(commands))
		return -ENOTTY;
	command = &commands[array_index_nospec(_IOC_NR(number), ARRAY_SIZE(commands))];
	if (get_user(size, (u32 __user *)user))
		return -EFAULT;
	if (size < sizeof(args.common))
		return -EINVAL;
	if (size > PAGE_SIZE)
		return -E2BIG;
	rc = copy_struct_from_user(&args, command->size, user, size);
	if (rc)
		return rc;
	if (args.common.flags & ~command->flags)
		return -EINVAL;
	rc = command->unlocked ? command->run(pf, &args) : run_locked(pf, command, &args, &irq_serial);
	/* a wait that timed out still tells the count */
	if ((rc && rc != -ETIME) || !command->answers)
		return rc;
	args.common.size = size;
	if (copy_to_user(user, &args, min_t(size_t, size, command->size))) {
		if (command->undo)
			undo_locked(pf, command, &args, irq_serial);
		return -EFAULT;
	}
	return rc;
}
