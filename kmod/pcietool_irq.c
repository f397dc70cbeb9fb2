// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Interrupts: counted per vector in 64 bits. A level-triggered INTx is masked in the handler and armed again by
 * the next wait, so that a device that nobody serves cannot storm.
 */
#include <linux/eventfd.h>
#include <linux/interrupt.h>
#include <linux/slab.h>

#include "pcietool.h"

/* An eventfd that a vector signals. */
struct pt_trigger {
	struct list_head list;
	struct pt_file *owner;
	u32 vector;
	struct eventfd_ctx *eventfd;
};

static void irq_free(struct kref *ref)
{
	kfree(container_of(ref, struct pt_irq, ref));
}

static void signal_eventfd(struct eventfd_ctx *eventfd)
{
#if LINUX_VERSION_CODE < KERNEL_VERSION(6, 8, 0)
	eventfd_signal(eventfd, 1);
#else
	eventfd_signal(eventfd);
#endif
}

static void count_interrupt(struct pt_irq *irq, u32 vector)
{
	struct pt_trigger *trigger;
	unsigned long flags;

	atomic64_inc(&irq->vector[vector].count);
	spin_lock_irqsave(&irq->lock, flags);
	list_for_each_entry(trigger, &irq->triggers, list) {
		if (trigger->vector == vector)
			signal_eventfd(trigger->eventfd);
	}
	spin_unlock_irqrestore(&irq->lock, flags);
	wake_up_all(&irq->wait);
}

static irqreturn_t handler(int number, void *data)
{
	struct pt_vector *vector = data;
	struct pt_irq *irq = vector->irq;

	if (irq->type == PCIETOOL_IRQ_INTX) {
		if (!pci_check_and_mask_intx(irq->pdev))
			return IRQ_NONE;
		atomic_set(&irq->masked, 1);
	}
	count_interrupt(irq, vector - irq->vector);
	return IRQ_HANDLED;
}

static int available(struct pci_dev *pdev, u32 type)
{
	int count;

	switch (type) {
	case PCIETOOL_IRQ_INTX:
		return pdev->pin && pci_intx_mask_supported(pdev) ? 1 : 0;
	case PCIETOOL_IRQ_MSI:
		count = pci_msi_vec_count(pdev);
		return count < 0 ? 0 : count;
	default:
		count = pci_msix_vec_count(pdev);
		return count < 0 ? 0 : count;
	}
}

#if LINUX_VERSION_CODE < KERNEL_VERSION(6, 8, 0)
#define PT_IRQ_INTX PCI_IRQ_LEGACY
#else
#define PT_IRQ_INTX PCI_IRQ_INTX
#endif

static const unsigned int alloc_flags[] = {
	[PCIETOOL_IRQ_INTX] = PT_IRQ_INTX,
	[PCIETOOL_IRQ_MSI] = PCI_IRQ_MSI,
	[PCIETOOL_IRQ_MSIX] = PCI_IRQ_MSIX,
};

static void free_handlers(struct pt_irq *irq, u32 count)
{
	while (count-- > 0)
		free_irq(pci_irq_vector(irq->pdev, count), &irq->vector[count]);
}

static int request_handlers(struct pt_irq *irq)
{
	unsigned long flags = irq->type == PCIETOOL_IRQ_INTX ? IRQF_SHARED : 0;
	u32 i;
	int rc;

	for (i = 0; i < irq->vectors; i++) {
		rc = request_irq(pci_irq_vector(irq->pdev, i), handler, flags, "pcietool", &irq->vector[i]);
		if (rc) {
			free_handlers(irq, i);
			return rc;
		}
	}
	return 0;
}

static struct pt_irq *irq_new(struct pci_dev *pdev, u32 type, u32 vectors)
{
	struct pt_irq *irq;
	u32 i;

	irq = kzalloc(struct_size(irq, vector, vectors), GFP_KERNEL);
	if (!irq)
		return NULL;
	kref_init(&irq->ref);
	irq->pdev = pdev;
	irq->type = type;
	irq->vectors = vectors;
	init_waitqueue_head(&irq->wait);
	spin_lock_init(&irq->lock);
	INIT_LIST_HEAD(&irq->triggers);
	for (i = 0; i < vectors; i++)
		irq->vector[i].irq = irq;
	return irq;
}

int pt_irq_enable(struct pt_device *pt, struct pcietool_irq_enable *args)
{
	struct pci_dev *pdev = pt->pdev;
	struct pt_irq *irq;
	int vectors;
	int rc;

	if (args->type < PCIETOOL_IRQ_INTX || args->type > PCIETOOL_IRQ_MSIX)
		return -EINVAL;
	if (pt->irq)
		return -EBUSY;
	vectors = available(pdev, args->type);
	if (!vectors)
		return -EOPNOTSUPP;
	if (args->vectors > vectors)
		return -ENOSPC;
	if (args->vectors)
		vectors = args->vectors;
	irq = irq_new(pdev, args->type, vectors);
	if (!irq)
		return -ENOMEM;
	rc = pci_alloc_irq_vectors(pdev, vectors, vectors, alloc_flags[args->type]);
	if (rc < 0)
		goto err_put_irq;
	rc = request_handlers(irq);
	if (rc)
		goto err_free_vectors;
	if (irq->type == PCIETOOL_IRQ_INTX)
		pci_intx(pdev, 1);
	pt->irq = irq;
	args->out_vectors = vectors;
	return 0;

err_free_vectors:
	pci_free_irq_vectors(pdev);
err_put_irq:
	kref_put(&irq->ref, irq_free);
	return rc;
}

static void free_triggers(struct pt_irq *irq, struct pt_file *owner, s64 vector)
{
	struct pt_trigger *trigger;
	struct pt_trigger *next;
	LIST_HEAD(gone);

	spin_lock_irq(&irq->lock);
	list_for_each_entry_safe(trigger, next, &irq->triggers, list) {
		if ((!owner || trigger->owner == owner) && (vector < 0 || trigger->vector == vector))
			list_move(&trigger->list, &gone);
	}
	spin_unlock_irq(&irq->lock);
	list_for_each_entry_safe(trigger, next, &gone, list) {
		eventfd_ctx_put(trigger->eventfd);
		kfree(trigger);
	}
}

int pt_irq_disable(struct pt_device *pt)
{
	struct pt_irq *irq = pt->irq;

	if (!irq)
		return -EINVAL;
	pt->irq = NULL;
	free_handlers(irq, irq->vectors);
	pci_free_irq_vectors(pt->pdev);
	/* nobody serves the line now; a next driver turns it on for itself */
	pci_intx(pt->pdev, 0);
	free_triggers(irq, NULL, -1);
	WRITE_ONCE(irq->dead, true);
	wake_up_all(&irq->wait);
	kref_put(&irq->ref, irq_free);
	return 0;
}

int pt_irq_info(struct pt_device *pt, struct pcietool_irq_info *args)
{
	if (!pt->irq)
		return -ENODATA;
	if (args->vector >= pt->irq->vectors)
		return -ERANGE;
	args->out_linux_irq = pci_irq_vector(pt->pdev, args->vector);
	args->out_count = atomic64_read(&pt->irq->vector[args->vector].count);
	return 0;
}

int pt_irq_eventfd(struct pt_file *pf, const struct pcietool_irq_eventfd *args)
{
	struct pt_irq *irq = pf->pt->irq;
	struct pt_trigger *trigger;

	if (!irq)
		return -ENODATA;
	if (args->vector >= irq->vectors)
		return -ERANGE;
	if (args->fd < -1)
		return -EINVAL;
	if (args->fd == -1) {
		free_triggers(irq, pf, args->vector);
		return 0;
	}
	trigger = kzalloc(sizeof(*trigger), GFP_KERNEL_ACCOUNT);
	if (!trigger)
		return -ENOMEM;
	trigger->eventfd = eventfd_ctx_fdget(args->fd);
	if (IS_ERR(trigger->eventfd)) {
		int rc = PTR_ERR(trigger->eventfd);

		kfree(trigger);
		return rc;
	}
	trigger->owner = pf;
	trigger->vector = args->vector;
	free_triggers(irq, pf, args->vector);
	spin_lock_irq(&irq->lock);
	list_add(&trigger->list, &irq->triggers);
	spin_unlock_irq(&irq->lock);
	return 0;
}

void pt_irq_release_file(struct pt_file *pf)
{
	if (pf->pt->irq)
		free_triggers(pf->pt->irq, pf, -1);
}

/*
 * A line that is still asserted cannot be unmasked: that is an interrupt too. Only what the handler masked is
 * touched, as between its mask and its count the line may look the same.
 */
static void rearm(struct pt_irq *irq)
{
	if (!atomic_xchg(&irq->masked, 0))
		return;
	if (pci_check_and_unmask_intx(irq->pdev))
		return;
	atomic_set(&irq->masked, 1);
	count_interrupt(irq, 0);
}

/* Arms INTx again unless the count is beyond SINCE already. Gives a reference, or an error. */
static struct pt_irq *irq_arm(struct pt_device *pt, u32 vector, u64 since)
{
	struct pt_irq *irq = ERR_PTR(-ENODEV);

	down_read(&pt->lock);
	if (!pt->pdev)
		goto out_unlock_device;
	mutex_lock(&pt->state);
	irq = pt->irq;
	if (!irq) {
		irq = ERR_PTR(-ENODATA);
	} else if (vector >= irq->vectors) {
		irq = ERR_PTR(-ERANGE);
	} else {
		kref_get(&irq->ref);
		if (atomic64_read(&irq->vector[vector].count) <= since)
			rearm(irq);
	}
	mutex_unlock(&pt->state);
out_unlock_device:
	up_read(&pt->lock);
	return irq;
}

static bool is_over(struct pt_irq *irq, u32 vector, u64 count)
{
	return READ_ONCE(irq->dead) || atomic64_read(&irq->vector[vector].count) > count;
}

/* Until the next interrupt after SEEN, or DEADLINE; KTIME_MAX is for ever. */
static int sleep_on(struct pt_irq *irq, u32 vector, u64 seen, ktime_t deadline)
{
	ktime_t left = KTIME_MAX;
	int rc;

	if (deadline != KTIME_MAX) {
		left = ktime_sub(deadline, ktime_get());
		if (left <= 0)
			return is_over(irq, vector, seen) ? 0 : -ETIME;
	}
	rc = wait_event_interruptible_hrtimeout(irq->wait, is_over(irq, vector, seen), left);
	/* not restarted: the timeout would start again with it */
	return rc == -ERESTARTSYS ? -EINTR : rc;
}

int pt_irq_wait(struct pt_device *pt, struct pcietool_irq_wait *args)
{
	ktime_t deadline = KTIME_MAX;
	int rc = 0;

	if (args->timeout_ns >= 0)
		deadline = ktime_add_safe(ktime_get(), ns_to_ktime(args->timeout_ns));
	for (;;) {
		struct pt_irq *irq = irq_arm(pt, args->vector, args->since);
		u64 seen;

		if (IS_ERR(irq))
			return PTR_ERR(irq);
		seen = atomic64_read(&irq->vector[args->vector].count);
		if (seen <= args->since && rc == 0)
			rc = sleep_on(irq, args->vector, seen, deadline);
		args->out_count = atomic64_read(&irq->vector[args->vector].count);
		if (READ_ONCE(irq->dead) && args->out_count <= args->since)
			rc = rc ? rc : -EAGAIN;
		kref_put(&irq->ref, irq_free);
		if (args->out_count > args->since)
			return 0;
		/* disabled or unplugged meanwhile: the next look says which */
		if (rc == -EAGAIN)
			rc = 0;
		else if (rc)
			return rc;
	}
}
