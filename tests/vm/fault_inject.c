// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * What the kernel helper does when memory runs out: every command is repeated with its first allocation failing,
 * then its second, and so on, until none fails any more (Documentation/fault-injection/fault-injection.rst,
 * fail-nth). Copies from and to user space fail the same way. After a failure nothing may be left of the command.
 * fault_inject ADDRESS: of a device that is bound, while failures are limited to the helper. Prints TAP.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <unistd.h>

#include "kmod/pcietool_uapi.h"
#include "tests/unit/tap.h"

#define MOST_FAILURES 1000
#define DRIVER "/sys/bus/pci/drivers/pcietool/"

struct test {
	struct tap tap;
	const char *address;
	char node[64];
	int nth; /* of this thread */
	bool hits_all; /* this kernel (6.1) looks at no call trace for the nth failure: what is not the helper's fails too */
	int fd;
	uint32_t type; /* of interrupts */
	struct pcietool_dma_alloc buffer;
	void *map;
	int opened;
};

/* A command: what comes before it, it, whose failures are looked at, and what takes it back. */
struct command {
	const char *name;
	void (*prepare)(struct test *t);
	int (*run)(struct test *t);
	void (*undo)(struct test *t);
	uint64_t held; /* bytes that are held back when its answer cannot be delivered */
};

static int call(int fd, unsigned long number, void *args)
{
	return ioctl(fd, number, args) < 0 ? errno : 0;
}

static void fail_nth(struct test *t, int n)
{
	char text[16];
	int length = snprintf(text, sizeof(text), "%d", n);

	/* the failure may be this write's, which then was the last */
	if (pwrite(t->nth, text, (size_t)length, 0) != length &&
	    pwrite(t->nth, text, (size_t)length, 0) != length)
		exit(1);
}

/* Did the failure that was asked for come? None comes from here on. */
static bool has_failed(struct test *t)
{
	char text[16] = "";
	bool is_read = pread(t->nth, text, sizeof(text) - 1, 0) > 0;

	t->hits_all |= !is_read;
	fail_nth(t, 0);
	return is_read && atoi(text) == 0;
}

static struct pcietool_query query(struct test *t)
{
	struct pcietool_query q = { .size = sizeof(q) };

	if (call(t->fd, PCIETOOL_IOC_QUERY, &q))
		exit(1);
	return q;
}

static bool is_bound(struct test *t)
{
	char path[128];

	snprintf(path, sizeof(path), DRIVER "%s", t->address);
	return access(path, F_OK) == 0;
}

static void give_back(struct test *t)
{
	struct pcietool_dma_release args = { .size = sizeof(args) };

	if (call(t->fd, PCIETOOL_IOC_DMA_RELEASE, &args))
		exit(1);
}

/* Memory that another file may have seen in the list, although the caller was not told of it, comes back when asked for. */
static void give_back_held(struct test *t, uint64_t bytes)
{
	struct pcietool_query now = query(t);

	if (bytes && now.out_held_bytes == bytes && now.out_held_buffers == 1)
		give_back(t);
}

/* How much of what it used before is used now: nothing more, nothing less. */
static bool is_as_before(struct test *t, const struct pcietool_query *before)
{
	struct pcietool_query now = query(t);

	return memcmp(&now, before, sizeof(now)) == 0;
}

static void each_failure(struct test *t, const struct command *command)
{
	struct pcietool_query before = query(t);
	const char *what = "";
	int refused = 0;
	int n = 0;
	int rc;

	for (;;) {
		bool failed;

		if (command->prepare)
			command->prepare(t);
		give_back(t);
		before = query(t);
		fail_nth(t, ++n);
		rc = command->run(t);
		failed = has_failed(t);
		if (rc && !failed)
			what = ": refused without a failure";
		else if (rc && rc != ENOMEM && rc != EFAULT)
			what = ": another error";
		if (rc == EFAULT)
			give_back_held(t, command->held);
		if (rc && !*what && !is_as_before(t, &before))
			what = ": something is left of it";
		refused += rc != 0;
		if (rc == 0 && command->undo)
			command->undo(t);
		if (*what || !failed || n == MOST_FAILURES)
			break;
	}
	if (n == MOST_FAILURES)
		what = ": no end of failures";
	ok(&t->tap, !*what && rc == 0, "%s, %d failures, %d of them refused%s%s%s", command->name, n - 1,
	   refused, what, rc ? ", " : "", rc ? strerror(rc) : "");
}

/* --- the commands ------------------------------------------------------------------------------- */

static int run_query(struct test *t)
{
	struct pcietool_query q = { .size = sizeof(q) };

	return call(t->fd, PCIETOOL_IOC_QUERY, &q);
}

static int run_open(struct test *t)
{
	t->opened = open(t->node, O_RDWR);
	return t->opened < 0 ? errno : 0;
}

static void close_opened(struct test *t)
{
	close(t->opened);
}

static int alloc(struct test *t, const char *name, uint64_t length)
{
	t->buffer = (struct pcietool_dma_alloc){ .size = sizeof(t->buffer), .length = length };
	if (name) {
		t->buffer.flags = PCIETOOL_DMA_NAMED;
		memcpy(t->buffer.name, name, strlen(name));
	}
	return call(t->fd, PCIETOOL_IOC_DMA_ALLOC, &t->buffer);
}

static int alloc_page(struct test *t)
{
	return alloc(t, NULL, 4096);
}

static int alloc_named(struct test *t)
{
	return alloc(t, "named", 1 << 20);
}

static void must_alloc(struct test *t)
{
	if (alloc(t, NULL, 1 << 20))
		exit(1);
}

static int free_buffer(struct test *t)
{
	struct pcietool_dma_free args = { .size = sizeof(args), .handle = t->buffer.out_handle };

	return call(t->fd, PCIETOOL_IOC_DMA_FREE, &args);
}

static void must_free(struct test *t)
{
	if (free_buffer(t))
		exit(1);
}

/* Once there, it stays until the command goes through. */
static void have_buffer(struct test *t)
{
	if (!t->buffer.out_handle)
		must_alloc(t);
}

static void forget_buffer(struct test *t)
{
	t->buffer.out_handle = 0;
}

static int map_and_touch(struct test *t)
{
	t->map = mmap(NULL, 1 << 20, PROT_READ | PROT_WRITE, MAP_SHARED, t->fd,
		      (off_t)t->buffer.out_mmap_offset);
	if (t->map == MAP_FAILED)
		return errno;
	/* a fault that finds no memory is tried again */
	memset(t->map, 1, 1 << 20);
	return 0;
}

static void unmap_and_free(struct test *t)
{
	munmap(t->map, 1 << 20);
	must_free(t);
	forget_buffer(t);
}

static int enable(struct test *t)
{
	struct pcietool_irq_enable args = { .size = sizeof(args), .type = t->type };
	int rc = call(t->fd, PCIETOOL_IOC_IRQ_ENABLE, &args);

	/* pci_alloc_irq_vectors() says so whatever it lacked */
	return rc == ENOSPC ? ENOMEM : rc;
}

static void disable(struct test *t)
{
	struct pcietool_irq_disable args = { .size = sizeof(args) };

	if (call(t->fd, PCIETOOL_IOC_IRQ_DISABLE, &args))
		exit(1);
}

static int irq_wait(struct test *t)
{
	struct pcietool_irq_wait args = { .size = sizeof(args), .timeout_ns = 1000000 };
	int rc = call(t->fd, PCIETOOL_IOC_IRQ_WAIT, &args);

	return rc == ETIME ? 0 : rc;
}

static int add_eventfd(struct test *t)
{
	struct pcietool_irq_eventfd args = { .size = sizeof(args), .fd = t->opened };

	return call(t->fd, PCIETOOL_IOC_IRQ_EVENTFD, &args);
}

static int claim(struct test *t)
{
	struct pcietool_claim args = { .size = sizeof(args) };

	return call(t->fd, PCIETOOL_IOC_CLAIM, &args);
}

static void release_claim(struct test *t)
{
	struct pcietool_claim args = { .size = sizeof(args), .flags = PCIETOOL_CLAIM_RELEASE };

	if (call(t->fd, PCIETOOL_IOC_CLAIM, &args))
		exit(1);
}

static int stop_write(struct test *t)
{
	struct pcietool_stop_write args = { .size = sizeof(args), .width = 32, .offset = 4, .mask = ~0U };

	return call(t->fd, PCIETOOL_IOC_STOP_WRITE, &args);
}

static void clear_stop_writes(struct test *t)
{
	struct pcietool_stop_write args = { .size = sizeof(args), .flags = PCIETOOL_STOP_CLEAR };

	if (call(t->fd, PCIETOOL_IOC_STOP_WRITE, &args))
		exit(1);
}

/* --- binding ------------------------------------------------------------------------------------- */

static int write_driver(struct test *t, const char *file)
{
	char path[64];
	int rc;
	int fd;

	snprintf(path, sizeof(path), DRIVER "%s", file);
	fd = open(path, O_WRONLY);
	rc = fd < 0 || write(fd, t->address, strlen(t->address)) < 0 ? errno : 0;
	close(fd);
	return rc;
}

/* Unbinding cannot be refused: with all of it in use, and whatever fails on the way. */
static void each_unbind(struct test *t)
{
	const char *what = "";
	int n = 0;

	for (bool failed = true; failed && !*what && n < MOST_FAILURES;) {
		t->fd = open(t->node, O_RDWR);
		if (t->fd < 0 || alloc_page(t) || alloc_named(t) || map_and_touch(t) || enable(t) ||
		    claim(t) || stop_write(t)) {
			what = ": it cannot be used";
			break;
		}
		fail_nth(t, ++n);
		write_driver(t, "unbind");
		failed = has_failed(t);
		if (is_bound(t))
			what = ": it is still bound";
		munmap(t->map, 1 << 20);
		close(t->fd);
		if (write_driver(t, "bind") || !is_bound(t))
			what = ": it cannot be bound again";
	}
	ok(&t->tap, !*what, "unbind, %d failures%s", n - 1, what);
}

static void each_bind(struct test *t)
{
	const char *what = "";
	int refused = 0;
	int n = 0;

	for (bool failed = true; failed && !*what && n < MOST_FAILURES;) {
		int rc;

		write_driver(t, "unbind");
		if (is_bound(t))
			what = ": it cannot be unbound";
		fail_nth(t, ++n);
		rc = write_driver(t, "bind");
		failed = has_failed(t);
		refused += rc != 0;
		if (rc && (rc != ENOMEM || !failed))
			what = ": another error";
		else if ((rc == 0) != is_bound(t))
			what = ": it says otherwise";
		else if (rc && access(t->node, F_OK) == 0)
			what = ": the node stays";
	}
	ok(&t->tap, !*what && is_bound(t), "bind, %d failures, %d of them refused%s", n - 1, refused, what);
}

int main(int argc, char **argv)
{
	static const struct command plain[] = {
		{ .name = "query", .run = run_query },
		{ .name = "open", .run = run_open, .undo = close_opened },
		{ .name = "alloc of a page", .run = alloc_page, .undo = must_free, .held = 4096 },
		{ .name = "alloc of 1 MiB with a name",
		  .run = alloc_named,
		  .undo = must_free,
		  .held = 1 << 20 },
		{ .name = "free", .prepare = have_buffer, .run = free_buffer, .undo = forget_buffer },
		{ .name = "map and touch",
		  .prepare = have_buffer,
		  .run = map_and_touch,
		  .undo = unmap_and_free },
		{ .name = "claim", .run = claim, .undo = release_claim },
	};
	static const struct command interrupts[] = {
		{ .name = "enable", .run = enable, .undo = disable },
	};
	static const struct command enabled[] = {
		{ .name = "wait", .run = irq_wait },
		{ .name = "eventfd", .run = add_eventfd },
	};
	static const struct command claimed = { .name = "stop write",
						.run = stop_write,
						.undo = clear_stop_writes };
	struct pcietool_query q;
	struct test t = { 0 };

	if (argc != 2)
		return 2;
	setvbuf(stdout, NULL, _IOLBF, 0);
	t.address = argv[1];
	snprintf(t.node, sizeof(t.node), "/dev/pcietool/%s", t.address);
	t.nth = open("/proc/thread-self/fail-nth", O_RDWR);
	t.fd = open(t.node, O_RDWR);
	if (t.fd < 0 || t.nth < 0)
		return 1;
	for (size_t i = 0; i < sizeof(plain) / sizeof(plain[0]); i++) {
		forget_buffer(&t);
		each_failure(&t, &plain[i]);
	}
	claim(&t);
	each_failure(&t, &claimed);
	release_claim(&t);
	if (t.hits_all) {
		/* 6.1 goes on without the descriptor of an interrupt that it had no memory for */
		printf("# interrupts and binding are left out: this kernel has more fail than the helper\n");
		return tap_done(&t.tap);
	}
	q = query(&t);
	for (t.type = PCIETOOL_IRQ_INTX; t.type <= PCIETOOL_IRQ_MSIX; t.type++) {
		if ((t.type == PCIETOOL_IRQ_MSI && !q.out_msi_vectors) ||
		    (t.type == PCIETOOL_IRQ_MSIX && !q.out_msix_vectors))
			continue;
		printf("# interrupts of type %u\n", t.type);
		each_failure(&t, &interrupts[0]);
		if (enable(&t))
			return 1;
		t.opened = eventfd(0, 0);
		for (size_t i = 0; i < sizeof(enabled) / sizeof(enabled[0]); i++)
			each_failure(&t, &enabled[i]);
		close(t.opened);
		disable(&t);
	}
	close(t.fd);
	t.type = PCIETOOL_IRQ_INTX;
	each_unbind(&t);
	each_bind(&t);
	return tap_done(&t.tap);
}
