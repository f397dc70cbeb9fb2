// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Interrupts: counted per vector in 64 bits. A level-triggered INTx is masked in the handler and armed again by
 * the next wait, so that a device that nobody serves cannot storm; one that asserts it and does not say so in its
 * Status is masked for good.
 */
#include <linux/build_bug.h>
#include <linux/delay.h>
#include <linux/eventfd.h>
#include <linux/hrtimer.h>
#include <linux/interrupt.h>
#include <linux/irq.h>
#include <linux/nospec.h>
#include <linux/sched/signal.h>
#include <linux/slab.h>

#include "pcietool.h"

/*
 * The kernel turns a line off after 100,000 interrupts that nobody took (kernel/irq/spurious.c). Long before, INTx is
 * masked; when as many as PROOF come all the same, they are another device's, and it is unmasked. Each binding has its
 * own turn, as of several on one line only the one whose mask ends it is meant.
 */
#define UNCLAIMED_MAX 1000
#define UNCLAIMED_PROOF 100
#define UNCLAIMED_TURN(minor) (UNCLAIMED_MAX + 2 * UNCLAIMED_PROOF * (minor))
static_assert(UNCLAIMED_TURN(PT_MINORS) < 99900);
/* what PROOF takes at most */
#define UNCLAIMED_MS 10

enum pt_verdict { PT_NOT_TRIED, PT_MASKED, PT_INNOCENT };

/* An eventfd that a vector signals. */
struct pt_trigger {
	struct list_head list;
	struct pt_file *owner;
	struct eventfd_ctx *eventfd;
};

struct pt_vector {
	struct pt_irq *irq;
	atomic64_t count;
	wait_queue_head_t wait;
	spinlock_t lock;	/* triggers; masking and arming of INTx with its count */
	struct list_head triggers;
	/* of INTx: interrupts in a row that neither we nor a neighbour took, and what the kernel had counted at the last */
	u32 unclaimed;
	u32 unhandled;
	enum pt_verdict verdict;	/* in this row */
	u32 proved;	/* masked: with that many it is another device's */
};

/* One enabling of interrupts; the struct outlives it while somebody waits. */
struct pt_irq {
	struct kref ref;
	struct pci_dev *pdev;	/* valid while over is 0 */
	u32 type;
	u32 vectors;
	u32 turn;	/* see UNCLAIMED_TURN */
	int over;	/* why waiters get no more: -ENODATA disabled, -ENODEV detached, -EIO unclaimed */
	struct pt_vector vector[];
};

static void irq_free(struct kref *ref)
{
	kvfree(container_of(ref, struct pt_irq, ref));
}

static u64 read_count(struct pt_vector *vector)
{
	return atomic64_read(&vector->count);
}

/* With the vector's lock held. */
static void count_interrupt(struct pt_vector *vector)
{
	struct pt_trigger *trigger;

	atomic64_inc(&vector->count);
	list_for_each_entry(trigger, &vector->triggers, list)
		pt_eventfd_signal(trigger->eventfd);
	wake_up_all(&vector->wait);
}

/* Of a device that is gone and reads as all ones, neither. */
static bool intx_is(struct pci_dev *pdev, bool masked)
{
	u16 command;

	if (pci_read_config_word(pdev, PCI_COMMAND, &command) || command == 0xffff)
		return false;
	return !(command & PCI_COMMAND_INTX_DISABLE) == !masked;
}

/*
 * The line may be shared. While ours is masked but still pending, an interrupt is the neighbour's. It is COMMAND
 * that tells, no flag of ours: user space writes that register, too.
 */
static bool mask_intx(struct pci_dev *pdev)
{
	return intx_is(pdev, false) && pci_check_and_mask_intx(pdev);
}

/* Arms INTx again. A line that is still asserted cannot be: that is an interrupt at once. */
static void arm_intx(struct pt_vector *vector, u64 since)
{
	struct pci_dev *pdev = vector->irq->pdev;

	spin_lock_irq(&vector->lock);
	/* not when another waiter has just found one */
	if (!vector->irq->over && read_count(vector) <= since && intx_is(pdev, true) && !pci_check_and_unmask_intx(pdev) &&
	    pci_device_is_present(pdev))
		count_interrupt(vector);
	spin_unlock_irq(&vector->lock);
}

/*
 * No handler is told whether another one on the line took the interrupt. The kernel's count is one more each time that
 * nobody did.
 */
static void count_unclaimed(struct pt_vector *vector, int number)
{
	u32 unhandled = irq_data_to_desc(irq_get_irq_data(number))->irqs_unhandled;

	if (unhandled == vector->unhandled + 1) {
		vector->unclaimed++;
	} else {
		vector->unclaimed = 0;
		vector->verdict = PT_NOT_TRIED;
	}
	vector->unhandled = unhandled;
}

/* With user space kept from COMMAND. False: somebody else does that, a reset, and the next interrupt tries again. */
static bool switch_intx(struct pci_dev *pdev, bool on)
{
	if (!pci_cfg_access_trylock(pdev))
		return false;
	pci_intx(pdev, on);
	pci_cfg_access_unlock(pdev);
	return true;
}

static void judge_unclaimed(struct pt_vector *vector)
{
	struct pt_irq *irq = vector->irq;

	if (vector->verdict == PT_NOT_TRIED && vector->unclaimed >= irq->turn && intx_is(irq->pdev, false) &&
	    switch_intx(irq->pdev, false)) {
		vector->verdict = PT_MASKED;
		vector->proved = vector->unclaimed + UNCLAIMED_PROOF;
		WRITE_ONCE(irq->over, -EIO);
		wake_up_all(&vector->wait);
	} else if (vector->verdict == PT_MASKED && vector->unclaimed >= vector->proved &&
		   switch_intx(irq->pdev, true)) {
		vector->verdict = PT_INNOCENT;
		WRITE_ONCE(irq->over, 0);
	}
}

static irqreturn_t handler(int number, void *data)
{
	struct pt_vector *vector = data;
	struct pt_irq *irq = vector->irq;
	irqreturn_t result = IRQ_NONE;
	unsigned long flags;

	spin_lock_irqsave(&vector->lock, flags);
	if (irq->type != PCIETOOL_IRQ_INTX || mask_intx(irq->pdev)) {
		count_interrupt(vector);
		result = IRQ_HANDLED;
	} else {
		count_unclaimed(vector, number);
		judge_unclaimed(vector);
	}
	spin_unlock_irqrestore(&vector->lock, flags);
	return result;
}

static int available(struct pci_dev *pdev, u32 type)
{
	int count;

	switch (type) {
	case PCIETOOL_IRQ_INTX:
		return pdev->pin && pdev->irq && pci_intx_mask_supported(pdev);
	case PCIETOOL_IRQ_MSI:
		count = pci_msi_vec_count(pdev);
		return max(count, 0);
	default:
		count = pci_msix_vec_count(pdev);
		return max(count, 0);
	}
}

void pt_irq_query(struct pt_device *pt, struct pcietool_query *query)
{
	query->out_irq_type = pt->irq ? pt->irq->type : PCIETOOL_IRQ_NONE;
	query->out_vectors = pt->irq ? pt->irq->vectors : 0;
	query->out_unclaimed = pt->irq && READ_ONCE(pt->irq->over) ? pt->irq->turn : 0;
	query->out_intx = available(pt->pdev, PCIETOOL_IRQ_INTX);
	query->out_msi_vectors = available(pt->pdev, PCIETOOL_IRQ_MSI);
	query->out_msix_vectors = available(pt->pdev, PCIETOOL_IRQ_MSIX);
}

static const unsigned int alloc_flags[] = {
	[PCIETOOL_IRQ_INTX] = PCI_IRQ_INTX,
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

static struct pt_irq *irq_new(struct pci_dev *pdev, unsigned int minor, u32 type, u32 vectors)
{
	struct pt_irq *irq;
	u32 i;

	irq = kvzalloc(struct_size(irq, vector, vectors), GFP_KERNEL);
	if (!irq)
		return NULL;
	kref_init(&irq->ref);
	irq->pdev = pdev;
	irq->type = type;
	irq->vectors = vectors;
	irq->turn = UNCLAIMED_TURN(minor);
	for (i = 0; i < vectors; i++) {
		struct pt_vector *vector = &irq->vector[i];

		vector->irq = irq;
		init_waitqueue_head(&vector->wait);
		spin_lock_init(&vector->lock);
		INIT_LIST_HEAD(&vector->triggers);
	}
	return irq;
}

int pt_irq_enable(struct pt_device *pt, struct pcietool_irq_enable *args)
{
	struct pci_dev *pdev = pt->pdev;
	struct pt_irq *irq;
	u32 vectors;
	int rc;

	if (args->type < PCIETOOL_IRQ_INTX || args->type > PCIETOOL_IRQ_MSIX)
		return -EINVAL;
	if (pt->irq)
		return -EBUSY;
	/* all ones would be vectors, too */
	if (!pci_device_is_present(pdev))
		return -ENODEV;
	vectors = available(pdev, args->type);
	if (!vectors)
		return -EOPNOTSUPP;
	if (args->vectors > vectors)
		return -ENOSPC;
	if (args->vectors)
		vectors = args->vectors;
	/* the table of MSI-X is in a BAR */
	if (args->type == PCIETOOL_IRQ_MSIX && !pt_answers(pdev, PCI_COMMAND_MEMORY))
		return -ENXIO;
	irq = irq_new(pdev, MINOR(pt->dev.devt), args->type, vectors);
	if (!irq)
		return -ENOMEM;
	rc = pci_alloc_irq_vectors(pdev, vectors, vectors, alloc_flags[args->type]);
	if (rc < 0)
		goto err_put_irq;
	rc = request_handlers(irq);
	if (rc)
		goto err_free_vectors;
	if (irq->type == PCIETOOL_IRQ_INTX)
		arm_intx(&irq->vector[0], 0);
	pt->irq = irq;
	pt->irq_serial++;
	args->out_vectors = vectors;
	return 0;

err_free_vectors:
	pci_free_irq_vectors(pdev);
err_put_irq:
	kref_put(&irq->ref, irq_free);
	return rc;
}

/* Takes the triggers of a file, or everybody's, from one vector; ADDED (NULL: none) comes without a gap between. */
static void replace_triggers(struct pt_vector *vector, struct pt_file *owner, struct pt_trigger *added)
{
	struct pt_trigger *trigger;
	struct pt_trigger *next;
	LIST_HEAD(gone);

	spin_lock_irq(&vector->lock);
	list_for_each_entry_safe(trigger, next, &vector->triggers, list) {
		if (!owner || trigger->owner == owner)
			list_move(&trigger->list, &gone);
	}
	if (added)
		list_add(&added->list, &vector->triggers);
	spin_unlock_irq(&vector->lock);
	list_for_each_entry_safe(trigger, next, &gone, list) {
		eventfd_ctx_put(trigger->eventfd);
		kfree(trigger);
	}
}

static void free_triggers(struct pt_vector *vector, struct pt_file *owner)
{
	replace_triggers(vector, owner, NULL);
}

int pt_irq_disable(struct pt_device *pt, int reason)
{
	struct pt_irq *irq = pt->irq;
	u32 i;

	if (!irq)
		return -EINVAL;
	pt->irq = NULL;
	/*
	 * Nobody serves the line from here on, so it stays masked. A next driver's pci_enable_device() turns it
	 * on again; freeing MSI vectors does, too, hence twice.
	 */
	pci_intx(pt->pdev, 0);
	free_handlers(irq, irq->vectors);
	pci_free_irq_vectors(pt->pdev);
	pci_intx(pt->pdev, 0);
	WRITE_ONCE(irq->over, reason);
	for (i = 0; i < irq->vectors; i++) {
		free_triggers(&irq->vector[i], NULL);
		wake_up_all(&irq->vector[i].wait);
	}
	kref_put(&irq->ref, irq_free);
	return 0;
}

/* Another file may have disabled and enabled them since: those are not the ones to take back. */
void pt_irq_undo(struct pt_device *pt, u32 serial)
{
	if (pt->irq_serial == serial)
		pt_irq_disable(pt, -ENODATA);
}

/* The vector of that number, or an error. */
static struct pt_vector *find_vector(struct pt_device *pt, u32 number)
{
	if (!pt->irq)
		return ERR_PTR(-ENODATA);
	if (number >= pt->irq->vectors)
		return ERR_PTR(-ERANGE);
	return &pt->irq->vector[array_index_nospec(number, pt->irq->vectors)];
}

int pt_irq_info(struct pt_device *pt, struct pcietool_irq_info *args)
{
	struct pt_vector *vector = find_vector(pt, args->vector);

	if (IS_ERR(vector))
		return PTR_ERR(vector);
	args->out_linux_irq = pci_irq_vector(pt->pdev, args->vector);
	args->out_count = read_count(vector);
	return 0;
}

int pt_irq_eventfd(struct pt_file *pf, const struct pcietool_irq_eventfd *args)
{
	struct pt_vector *vector = find_vector(pf->pt, args->vector);
	struct pt_trigger *trigger;
	int rc;

	if (IS_ERR(vector))
		return PTR_ERR(vector);
	if (args->fd < -1)
		return -EINVAL;
	if (args->fd == -1) {
		free_triggers(vector, pf);
		return 0;
	}
	trigger = kzalloc(sizeof(*trigger), GFP_KERNEL_ACCOUNT);
	if (!trigger)
		return -ENOMEM;
	trigger->eventfd = eventfd_ctx_fdget(args->fd);
	if (IS_ERR(trigger->eventfd)) {
		rc = PTR_ERR(trigger->eventfd);
		kfree(trigger);
		return rc;
	}
	trigger->owner = pf;
	replace_triggers(vector, pf, trigger);
	return 0;
}

void pt_irq_release_file(struct pt_file *pf)
{
	struct pt_irq *irq = pf->pt->irq;
	u32 i;

	for (i = 0; irq && i < irq->vectors; i++)
		free_triggers(&irq->vector[i], pf);
}

/*
 * Gives the vector, with a reference, and its count; when that is not beyond SINCE, INTx was armed after the
 * count was taken, so that what comes now is beyond SEEN.
 */
static struct pt_vector *look(struct pt_device *pt, const struct pcietool_irq_wait *args, u64 *seen)
{
	struct pt_vector *vector = ERR_PTR(-ENODEV);

	/* a reset would put back that INTx is masked */
	pt_lock_between_resets(pt);
	downgrade_write(&pt->lock);
	if (!pt->pdev)
		goto out_unlock;
	vector = find_vector(pt, args->vector);
	if (IS_ERR(vector))
		goto out_unlock;
	kref_get(&vector->irq->ref);
	*seen = read_count(vector);
	if (*seen <= args->since && vector->irq->type == PCIETOOL_IRQ_INTX)
		arm_intx(vector, args->since);
out_unlock:
	up_read(&pt->lock);
	return vector;
}

/* Until the count is beyond SEEN (0), or DEADLINE, without the slack that wait_event_*() would add. */
static int sleep_until(struct pt_vector *vector, u64 seen, ktime_t deadline)
{
	ktime_t *expires = deadline == KTIME_MAX ? NULL : &deadline;
	bool is_late = false;
	DEFINE_WAIT(wait);
	int rc;

	for (;;) {
		prepare_to_wait(&vector->wait, &wait, TASK_INTERRUPTIBLE);
		rc = 0;
		if (read_count(vector) > seen)
			break;
		rc = READ_ONCE(vector->irq->over);
		if (rc)
			break;
		/* not to be restarted: the timeout would start again with it */
		rc = -EINTR;
		if (signal_pending(current))
			break;
		rc = -ETIME;
		if (is_late)
			break;
		is_late = !schedule_hrtimeout_range(expires, 0, HRTIMER_MODE_ABS);
	}
	finish_wait(&vector->wait, &wait);
	return rc;
}

int pt_irq_wait(struct pt_device *pt, struct pcietool_irq_wait *args)
{
	ktime_t deadline = KTIME_MAX;
	struct pt_vector *vector;
	bool is_proved = false;
	u64 seen;
	int rc;

	if (args->timeout_ns >= 0)
		deadline = ktime_add_safe(ktime_get(), ns_to_ktime(args->timeout_ns));
	do {
		vector = look(pt, args, &seen);
		if (IS_ERR(vector))
			return PTR_ERR(vector);
		rc = seen > args->since ? 0 : sleep_until(vector, seen, deadline);
		args->out_count = read_count(vector);
		kref_put(&vector->irq->ref, irq_free);
		if (args->out_count > args->since)
			return 0;
		if (rc == -EIO && !is_proved) {
			is_proved = true;
			msleep(UNCLAIMED_MS);
			rc = 0;
		}
		/* otherwise one has come, but more are asked for: INTx wants arming again */
	} while (!rc);
	return rc;
}
