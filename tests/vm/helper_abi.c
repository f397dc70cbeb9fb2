// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The kernel helper's interface, by itself: what it must refuse, and what it must do when its user dies.
 * helper_abi NODE RESOURCE0 CONFIG: of an edu device that is bound, with decoding on. Prints TAP.
 */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <setjmp.h>
#include <signal.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include "kmod/pcietool_uapi.h"
#include "tests/unit/tap.h"

/* QEMU docs/specs/edu.txt */
#define EDU_IRQ_RAISE 0x60
#define EDU_IRQ_ACK 0x64
#define EDU_LIVENESS 0x04

struct test {
	struct tap tap;
	const char *node;
	int fd;
	int config;
	volatile uint32_t *registers;
};

static int call(int fd, unsigned long number, const void *args)
{
	return ioctl(fd, number, args) < 0 ? errno : 0;
}

static void set_master(struct test *t, int on)
{
	uint16_t command;

	if (pread(t->config, &command, 2, 4) != 2)
		exit(1);
	command = (uint16_t)(on ? command | 4 : command & ~4);
	if (pwrite(t->config, &command, 2, 4) != 2)
		exit(1);
}

static int is_master(struct test *t)
{
	uint16_t command = 0;

	return pread(t->config, &command, 2, 4) == 2 && command & 4;
}

static int alloc(int fd, const char *name, uint64_t length, struct pcietool_dma_alloc *args)
{
	*args = (struct pcietool_dma_alloc){ .size = sizeof(*args), .length = length };
	if (name) {
		args->flags = PCIETOOL_DMA_NAMED;
		memcpy(args->name, name, strnlen(name, sizeof(args->name)));
	}
	return call(fd, PCIETOOL_IOC_DMA_ALLOC, args);
}

static int free_buffer(int fd, uint32_t handle, uint32_t flags)
{
	struct pcietool_dma_free args = { .size = sizeof(args), .flags = flags, .handle = handle };

	return call(fd, PCIETOOL_IOC_DMA_FREE, &args);
}

static unsigned int buffers(struct test *t)
{
	struct pcietool_query q = { .size = sizeof(q) };

	return call(t->fd, PCIETOOL_IOC_QUERY, &q) ? 999 : q.out_buffers;
}

static void sizes_and_flags(struct test *t)
{
	struct {
		struct pcietool_query q;
		uint64_t more;
	} longer = { .q.size = sizeof(longer) };
	struct pcietool_query q = { .size = 8 };
	struct pcietool_set_mask mask = { .size = sizeof(mask), .bits = 28, .reserved = 1 };

	ok(&t->tap, call(t->fd, PCIETOOL_IOC_QUERY, &q) == 0 && q.out_abi_version == 0, "a shorter struct");
	q.size = sizeof(q);
	ok(&t->tap, call(t->fd, PCIETOOL_IOC_QUERY, &q) == 0 && q.out_abi_version == PCIETOOL_ABI_VERSION,
	   "the query");
	ok(&t->tap, call(t->fd, PCIETOOL_IOC_QUERY, &longer) == 0, "a longer struct with a zero tail");
	longer.more = 1;
	ok(&t->tap, call(t->fd, PCIETOOL_IOC_QUERY, &longer) == E2BIG, "a longer one with more in it");
	q.size = 4;
	ok(&t->tap, call(t->fd, PCIETOOL_IOC_QUERY, &q) == EINVAL, "a struct without flags");
	q.size = sizeof(q);
	q.flags = 1;
	ok(&t->tap, call(t->fd, PCIETOOL_IOC_QUERY, &q) == EINVAL, "an unknown flag");
	ok(&t->tap, call(t->fd, PCIETOOL_IOC_SET_MASK, &mask) == EINVAL, "a reserved field that is not zero");
	ok(&t->tap, call(t->fd, _IO(PCIETOOL_IOC_TYPE, 99), &q) == ENOTTY, "an unknown command");
	ok(&t->tap, call(t->fd, _IO(0x11, 0), &q) == ENOTTY, "another driver's command");
	ok(&t->tap, call(t->fd, PCIETOOL_IOC_QUERY, NULL) == EFAULT, "a bad pointer");
	mask.reserved = 0;
	mask.bits = 11;
	ok(&t->tap, call(t->fd, PCIETOOL_IOC_SET_MASK, &mask) == EINVAL, "a mask of 11 bits");
	mask.bits = 65;
	ok(&t->tap, call(t->fd, PCIETOOL_IOC_SET_MASK, &mask) == EINVAL, "a mask of 65 bits");
	mask.bits = 28;
	ok(&t->tap, call(t->fd, PCIETOOL_IOC_SET_MASK, &mask) == 0, "a mask of 28 bits");
}

static void allocation(struct test *t)
{
	static const char *const bad[] = { "1x", "a-b", "../x", "", "abcdefghijklmnopqrstuvwxyz0123456" };
	struct pcietool_set_mask mask = { .size = sizeof(mask), .bits = 32 };
	struct pcietool_dma_alloc a;
	struct pcietool_dma_alloc b;
	int zero = 1;
	uint8_t *map;

	ok(&t->tap, alloc(t->fd, "a", 0, &a) == EINVAL, "no bytes");
	ok(&t->tap, alloc(t->fd, "a", UINT64_C(1) << 63, &a) == EDQUOT, "2^63 bytes");
	ok(&t->tap, alloc(t->fd, "a", UINT64_MAX, &a) == EDQUOT, "2^64-1 bytes");
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		ok(&t->tap, alloc(t->fd, bad[i], 4096, &a) == EINVAL, "the name '%s'", bad[i]);
	a = (struct pcietool_dma_alloc){ .size = sizeof(a), .length = 4096, .name = "x" };
	ok(&t->tap, call(t->fd, PCIETOOL_IOC_DMA_ALLOC, &a) == EINVAL, "a name without its flag");
	ok(&t->tap, alloc(t->fd, "abi", 5000, &a) == 0 && a.out_length == 8192, "5000 bytes are two pages");
	ok(&t->tap, a.out_address + a.out_length <= UINT64_C(1) << 28, "the address fits the mask");
	ok(&t->tap, alloc(t->fd, "abi", 4096, &b) == EEXIST, "a name twice");
	ok(&t->tap, call(t->fd, PCIETOOL_IOC_SET_MASK, &mask) == EBUSY, "the mask while a buffer exists");
	map = mmap(NULL, 8192, PROT_READ | PROT_WRITE, MAP_SHARED, t->fd, (off_t)a.out_mmap_offset);
	ok(&t->tap, map != MAP_FAILED, "the whole buffer is mapped");
	for (int i = 0; map != MAP_FAILED && i < 8192; i++)
		zero &= map[i] == 0;
	ok(&t->tap, zero, "it is zero");
	munmap(map, 8192);
	ok(&t->tap, free_buffer(t->fd, a.out_handle, 4) == EINVAL, "an unknown flag of free");
	ok(&t->tap, free_buffer(t->fd, a.out_handle, 0) == 0, "freed");
	ok(&t->tap, free_buffer(t->fd, a.out_handle, 0) == ENOENT, "freed twice");
	ok(&t->tap, buffers(t) == 0, "none is left");
}

static sigjmp_buf fault;

static void on_fault(int signal)
{
	siglongjmp(fault, signal);
}

/* The signal that a load gives, or 0. */
static int load_faults(const volatile uint8_t *address)
{
	int signal = sigsetjmp(fault, 1);

	if (signal == 0)
		(void)*address;
	return signal;
}

static void mappings(struct test *t)
{
	struct pcietool_dma_alloc a;
	struct pcietool_dma_alloc b;
	off_t at;
	void *map;

	alloc(t->fd, "m1", 8192, &a);
	alloc(t->fd, "m2", 8192, &b);
	at = (off_t)a.out_mmap_offset;
	ok(&t->tap, mmap(NULL, 12288, PROT_READ, MAP_SHARED, t->fd, at) == MAP_FAILED, "beyond the end");
	ok(&t->tap, mmap(NULL, 8192, PROT_READ, MAP_SHARED, t->fd, at + 4096) == MAP_FAILED,
	   "across the end");
	ok(&t->tap, mmap(NULL, 4096, PROT_READ, MAP_SHARED, t->fd, at + 8192) == MAP_FAILED,
	   "behind the end");
	ok(&t->tap, mmap(NULL, 4096, PROT_READ, MAP_SHARED, t->fd, INT64_MAX & ~4095L) == MAP_FAILED,
	   "far outside");
	ok(&t->tap, mmap(NULL, 8192, PROT_READ, MAP_PRIVATE, t->fd, at) == MAP_FAILED, "a private mapping");
	map = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED, t->fd, at + 4096);
	ok(&t->tap, map != MAP_FAILED && !load_faults(map), "a part of it");
	free_buffer(t->fd, a.out_handle, 0);
	ok(&t->tap, load_faults(map) == SIGBUS, "a mapping of freed memory faults");
	munmap(map, 4096);
	free_buffer(t->fd, b.out_handle, 0);
}

static void direct(struct test *t)
{
	struct pcietool_dma_alloc a;
	uint8_t *map;
	int file;

	alloc(t->fd, "d", 8192, &a);
	map = mmap(NULL, 8192, PROT_READ | PROT_WRITE, MAP_SHARED, t->fd, (off_t)a.out_mmap_offset);
	ok(&t->tap, a.out_attributes & PCIETOOL_BUFFER_PAGE_BACKED, "page-backed");
	memset(map, 0xa5, 8192);
	file = open("/mnt/direct", O_RDWR | O_CREAT | O_DIRECT, 0600);
	ok(&t->tap, file >= 0 && write(file, map, 8192) == 8192, "O_DIRECT writes from the mapping");
	memset(map, 0, 8192);
	ok(&t->tap, pread(file, map, 8192, 0) == 8192 && map[0] == 0xa5 && map[8191] == 0xa5,
	   "O_DIRECT reads into it");
	close(file);
	munmap(map, 8192);
	free_buffer(t->fd, a.out_handle, 0);
}

static void freeing_under_a_master(struct test *t)
{
	struct pcietool_dma_alloc a;
	struct pcietool_dma_info info = { .size = sizeof(info), .handle = 1 };
	int other = open(t->node, O_RDWR);

	alloc(t->fd, "b", 4096, &a);
	set_master(t, 1);
	ok(&t->tap, free_buffer(t->fd, a.out_handle, 0) == EBUSY, "free is refused under a bus master");
	ok(&t->tap, free_buffer(t->fd, a.out_handle, PCIETOOL_DMA_FREE_FORCE) == 0 && !is_master(t),
	   "FORCE turns bus mastering off");
	set_master(t, 1);
	alloc(other, NULL, 4096, &a);
	ok(&t->tap, free_buffer(t->fd, a.out_handle, PCIETOOL_DMA_FREE_FORCE) == EBUSY,
	   "another file's buffer");
	close(other);
	ok(&t->tap,
	   call(t->fd, PCIETOOL_IOC_DMA_INFO, &info) == 0 && info.out_attributes & PCIETOOL_BUFFER_ORPHAN &&
		   is_master(t),
	   "closed under a bus master, it is an orphan");
	set_master(t, 0);
	ok(&t->tap, free_buffer(t->fd, info.out_handle, 0) == 0, "which is freed later");
	other = open(t->node, O_RDWR);
	alloc(other, NULL, 4096, &a);
	close(other);
	ok(&t->tap, buffers(t) == 0, "closed without one, it is freed at once");
}

static uint64_t held(const struct test *t)
{
	struct pcietool_query q = { .size = sizeof(q) };

	return call(t->fd, PCIETOOL_IOC_QUERY, &q) ? 999 : q.out_held_bytes;
}

static void holding_back(struct test *t)
{
	struct pcietool_dma_release release = { .size = sizeof(release) };
	struct pcietool_query q = { .size = sizeof(q) };
	struct pcietool_dma_info info = { .size = sizeof(info), .handle = 1 };
	struct pcietool_dma_alloc a;
	struct pcietool_dma_alloc again;
	uint64_t used;
	void *read_only;

	call(t->fd, PCIETOOL_IOC_DMA_RELEASE, &release);
	ok(&t->tap,
	   call(t->fd, PCIETOOL_IOC_QUERY, &q) == 0 && q.out_features & PCIETOOL_FEATURE_HOLD &&
		   q.out_held_bytes == 0 && q.out_held_buffers == 0,
	   "nothing is held back");
	used = q.out_bytes_free;
	alloc(t->fd, "h", 8192, &a);
	free_buffer(t->fd, a.out_handle, 0);
	call(t->fd, PCIETOOL_IOC_QUERY, &q);
	ok(&t->tap,
	   q.out_held_bytes == 8192 && q.out_held_buffers == 1 && q.out_bytes_used == 0 &&
		   q.out_bytes_free == used - 8192,
	   "what was freed is held back, and counts under the cap");
	ok(&t->tap,
	   call(t->fd, PCIETOOL_IOC_DMA_INFO, &info) == ENOENT && alloc(t->fd, "h", 8192, &again) == 0 &&
		   again.out_address != a.out_address,
	   "its name is free, its memory is not");
	free_buffer(t->fd, again.out_handle, PCIETOOL_DMA_FREE_IDLE);
	ok(&t->tap, held(t) == 8192, "IDLE: not held back");
	set_master(t, 1);
	ok(&t->tap, call(t->fd, PCIETOOL_IOC_DMA_RELEASE, &release) == EBUSY && held(t) == 8192,
	   "not given back under a bus master");
	set_master(t, 0);
	release.flags = 1;
	ok(&t->tap, call(t->fd, PCIETOOL_IOC_DMA_RELEASE, &release) == EINVAL, "an unknown flag");
	release.flags = 0;
	ok(&t->tap, call(t->fd, PCIETOOL_IOC_DMA_RELEASE, &release) == 0 && held(t) == 0, "given back");
	/* an answer that cannot be delivered: another file may have seen it meanwhile */
	read_only = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	*(struct pcietool_dma_alloc *)read_only =
		(struct pcietool_dma_alloc){ .size = sizeof(a), .length = 4096 };
	mprotect(read_only, 4096, PROT_READ);
	ok(&t->tap,
	   call(t->fd, PCIETOOL_IOC_DMA_ALLOC, read_only) == EFAULT && buffers(t) == 0 && held(t) == 4096,
	   "an allocation whose answer does not arrive is held back, too");
	munmap(read_only, 4096);
	call(t->fd, PCIETOOL_IOC_DMA_RELEASE, &release);
}

static int alloc_for_session(int fd, const char *name, struct pcietool_dma_alloc *args)
{
	*args = (struct pcietool_dma_alloc){ .size = sizeof(*args),
					     .flags = PCIETOOL_DMA_NAMED | PCIETOOL_DMA_SESSION,
					     .length = 4096 };
	memcpy(args->name, name, strlen(name));
	return call(fd, PCIETOOL_IOC_DMA_ALLOC, args);
}

/* Named ones that end with their file, and what the device must not do by then. */
static void sessions(struct test *t)
{
	struct pcietool_dma_alloc a = { .size = sizeof(a), .flags = PCIETOOL_DMA_SESSION, .length = 4096 };
	struct pcietool_dma_alloc kept;
	int other = open(t->node, O_RDWR);
	int ready[2];
	pid_t child;
	char c;

	ok(&t->tap, call(other, PCIETOOL_IOC_DMA_ALLOC, &a) == EINVAL, "a session's buffer without a name");
	ok(&t->tap, alloc(t->fd, "kept", 4096, &kept) == 0 && alloc_for_session(other, "ses", &a) == 0,
	   "one of a session beside one of the binding");
	ok(&t->tap, alloc_for_session(t->fd, "ses", &a) == EEXIST, "its name is taken for all");
	ok(&t->tap, free_buffer(t->fd, kept.out_handle + 1, PCIETOOL_DMA_FREE_FORCE) == EBUSY,
	   "it is another file's");
	set_master(t, 1);
	ok(&t->tap, close(other) == 0 && !is_master(t) && buffers(t) == 1,
	   "its end turns bus mastering off and frees it, and nothing else");

	if (pipe(ready) < 0)
		exit(1);
	set_master(t, 1);
	child = fork();
	if (child == 0) {
		other = open(t->node, O_RDWR);
		if (alloc_for_session(other, "one", &a) || alloc_for_session(other, "two", &a) ||
		    mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED, other, (off_t)a.out_mmap_offset) ==
			    MAP_FAILED ||
		    write(ready[1], "r", 1) != 1)
			_exit(1);
		pause();
	}
	ok(&t->tap, read(ready[0], &c, 1) == 1 && buffers(t) == 3 && is_master(t),
	   "a holder with two, under a master");
	kill(child, SIGKILL);
	waitpid(child, NULL, 0);
	ok(&t->tap, !is_master(t) && buffers(t) == 1, "killed: bus mastering is off, they are freed");
	/* what was freed by hand before leaves nothing to be quiet for */
	other = open(t->node, O_RDWR);
	ok(&t->tap, alloc_for_session(other, "ses", &a) == 0 && free_buffer(other, a.out_handle, 0) == 0,
	   "freed by its own file");
	close(other);
	ok(&t->tap, free_buffer(t->fd, kept.out_handle, 0) == 0 && buffers(t) == 0,
	   "none is left of a session");
	close(ready[0]);
	close(ready[1]);
}

static int stop_write(int fd, uint32_t bar, uint32_t width, uint64_t offset, uint64_t value, uint64_t mask)
{
	struct pcietool_stop_write args = {
		.size = sizeof(args),
		.bar = bar,
		.width = width,
		.offset = offset,
		.value = value,
		.mask = mask,
	};

	return call(fd, PCIETOOL_IOC_STOP_WRITE, &args);
}

static void claims(struct test *t)
{
	/* in memory that cannot be written: nothing comes back from it */
	static const struct pcietool_claim claim = { .size = sizeof(claim) };
	struct pcietool_claim release = { .size = sizeof(release), .flags = PCIETOOL_CLAIM_RELEASE };
	struct pcietool_dma_alloc a;
	int other = open(t->node, O_RDWR);
	int left = PCIETOOL_MAX_STOP_WRITES;
	int ready[2];
	pid_t child;
	char c;

	ok(&t->tap, stop_write(t->fd, 0, 32, 4, 0, ~0U) == EPERM, "a stop write without the claim");
	ok(&t->tap, call(t->fd, PCIETOOL_IOC_CLAIM, &release) == EPERM, "release without the claim");
	ok(&t->tap, call(t->fd, PCIETOOL_IOC_CLAIM, &claim) == 0, "the claim");
	ok(&t->tap, call(other, PCIETOOL_IOC_CLAIM, &claim) == EBUSY, "a second claim");
	ok(&t->tap, stop_write(t->fd, 6, 32, 4, 0, ~0U) == EINVAL, "a stop write to BAR 6");
	ok(&t->tap, stop_write(t->fd, 1, 32, 4, 0, ~0U) == ENXIO, "to a BAR that is not there");
	ok(&t->tap, stop_write(t->fd, 0, 32, 2, 0, ~0U) == EINVAL, "misaligned");
	ok(&t->tap, stop_write(t->fd, 0, 32, 1 << 20, 0, ~0U) == EINVAL, "past the end");
	ok(&t->tap, stop_write(t->fd, 0, 32, UINT64_MAX - 3, 0, ~0U) == EINVAL, "at the end of all numbers");
	ok(&t->tap, stop_write(t->fd, 0, 24, 4, 0, ~0U) == EINVAL, "of 24 bits");
	ok(&t->tap, stop_write(t->fd, 0, 8, 4, 0x100, 0xff) == EINVAL, "of a value too wide");
	while (left > 0 && stop_write(t->fd, 0, 32, EDU_LIVENESS, 1, ~0U) == 0)
		left--;
	ok(&t->tap, left == 0 && stop_write(t->fd, 0, 32, 4, 0, ~0U) == ENOSPC, "16 of them and no more");
	set_master(t, 1);
	t->registers[EDU_LIVENESS / 4] = 0;
	ok(&t->tap,
	   call(t->fd, PCIETOOL_IOC_CLAIM, &release) == 0 && !is_master(t) &&
		   t->registers[EDU_LIVENESS / 4] == ~1U,
	   "release runs them and turns bus mastering off");
	close(other);

	if (pipe(ready) < 0)
		exit(1);
	set_master(t, 1);
	t->registers[EDU_LIVENESS / 4] = 0;
	child = fork();
	if (child == 0) {
		other = open(t->node, O_RDWR);
		if (call(other, PCIETOOL_IOC_CLAIM, &claim) ||
		    stop_write(other, 0, 32, EDU_LIVENESS, 0x55, ~0U) || alloc(other, NULL, 65536, &a) ||
		    write(ready[1], "r", 1) != 1)
			_exit(1);
		pause();
	}
	if (read(ready[0], &c, 1) != 1)
		exit(1);
	kill(child, SIGKILL);
	waitpid(child, NULL, 0);
	ok(&t->tap, !is_master(t), "killed: bus mastering is off");
	ok(&t->tap, t->registers[EDU_LIVENESS / 4] == ~0x55U, "killed: the stop write ran");
	ok(&t->tap, buffers(t) == 0, "killed: its memory is freed");
	ok(&t->tap, call(t->fd, PCIETOOL_IOC_CLAIM, &claim) == 0, "killed: the claim is free");
	call(t->fd, PCIETOOL_IOC_CLAIM, &release);
}

static int irq_wait(int fd, uint64_t since, int64_t timeout, uint64_t *count)
{
	struct pcietool_irq_wait args = { .size = sizeof(args), .since = since, .timeout_ns = timeout };
	int rc = call(fd, PCIETOOL_IOC_IRQ_WAIT, &args);

	*count = args.out_count;
	return rc;
}

static void interrupts(struct test *t, uint32_t type, const char *name)
{
	struct pcietool_irq_enable enable = { .size = sizeof(enable), .type = type, .vectors = 99 };
	struct pcietool_irq_disable disable = { .size = sizeof(disable) };
	struct pcietool_irq_eventfd event = { .size = sizeof(event), .fd = eventfd(0, EFD_NONBLOCK) };
	uint64_t signalled = 0;
	uint64_t count;

	ok(&t->tap, irq_wait(t->fd, 0, 0, &count) == ENODATA, "%s: a wait before they are enabled", name);
	ok(&t->tap, call(t->fd, PCIETOOL_IOC_IRQ_DISABLE, &disable) == EINVAL, "%s: disable before", name);
	ok(&t->tap, call(t->fd, PCIETOOL_IOC_IRQ_ENABLE, &enable) == ENOSPC, "%s: 99 vectors", name);
	enable.vectors = 0;
	ok(&t->tap, call(t->fd, PCIETOOL_IOC_IRQ_ENABLE, &enable) == 0 && enable.out_vectors == 1, "%s",
	   name);
	ok(&t->tap, call(t->fd, PCIETOOL_IOC_IRQ_ENABLE, &enable) == EBUSY, "%s: twice", name);
	set_master(t, 1);
	ok(&t->tap, irq_wait(t->fd, 0, 0, &count) == ETIME && count == 0, "%s: a look", name);
	ok(&t->tap, irq_wait(t->fd, 0, 10000000, &count) == ETIME, "%s: 10 ms", name);
	ok(&t->tap, call(t->fd, PCIETOOL_IOC_IRQ_EVENTFD, &event) == 0, "%s: an eventfd", name);
	t->registers[EDU_IRQ_RAISE / 4] = 1;
	ok(&t->tap, irq_wait(t->fd, 0, 5000000000, &count) == 0 && count == 1, "%s: the first", name);
	t->registers[EDU_IRQ_ACK / 4] = 1;
	ok(&t->tap, read(event.fd, &signalled, 8) == 8 && signalled == 1, "%s: the eventfd has it", name);
	ok(&t->tap, irq_wait(t->fd, 0, 0, &count) == 0 && count == 1, "%s: it stays counted", name);
	for (uint64_t i = 2; i < 50; i++) {
		t->registers[EDU_IRQ_RAISE / 4] = 1;
		if (irq_wait(t->fd, i - 1, 5000000000, &count) || count != i)
			break;
		t->registers[EDU_IRQ_ACK / 4] = 1;
	}
	ok(&t->tap, count == 49, "%s: 49 of 49 are counted", name);
	ok(&t->tap, call(t->fd, PCIETOOL_IOC_IRQ_DISABLE, &disable) == 0, "%s: disabled", name);
	close(event.fd);
	set_master(t, 0);
}

static void unbinding(struct test *t, const char *address)
{
	struct pcietool_irq_enable enable = { .size = sizeof(enable), .type = PCIETOOL_IRQ_MSI };
	struct pcietool_query q = { .size = sizeof(q) };
	struct pcietool_dma_alloc a;
	uint64_t count;
	int status = 0;
	uint8_t *map;
	pid_t child;
	int fd;

	alloc(t->fd, "u", 4096, &a);
	map = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED, t->fd, (off_t)a.out_mmap_offset);
	map[0] = 1;
	call(t->fd, PCIETOOL_IOC_IRQ_ENABLE, &enable);
	set_master(t, 1);
	child = fork();
	if (child == 0)
		_exit(irq_wait(t->fd, 0, -1, &count));
	usleep(200000);
	fd = open("/sys/bus/pci/drivers/pcietool/unbind", O_WRONLY);
	ok(&t->tap, fd >= 0 && write(fd, address, strlen(address)) > 0, "unbound with all of it in use");
	waitpid(child, &status, 0);
	ok(&t->tap, WIFEXITED(status) && WEXITSTATUS(status) == ENODEV, "the waiter woke with ENODEV");
	ok(&t->tap, call(t->fd, PCIETOOL_IOC_QUERY, &q) == ENODEV, "commands answer ENODEV");
	ok(&t->tap, load_faults(map) == SIGBUS, "the mapping faults");
	ok(&t->tap, mmap(NULL, 4096, PROT_READ, MAP_SHARED, t->fd, (off_t)a.out_mmap_offset) == MAP_FAILED,
	   "no new mapping");
	ok(&t->tap, !is_master(t), "bus mastering is off");
	close(t->fd);
}

int main(int argc, char **argv)
{
	struct sigaction action = { .sa_handler = on_fault };
	struct test t = { 0 };

	if (argc != 5)
		return 2;
	t.node = argv[1];
	t.fd = open(argv[1], O_RDWR);
	t.config = open(argv[3], O_RDWR);
	t.registers = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED, open(argv[2], O_RDWR), 0);
	if (t.fd < 0 || t.config < 0 || t.registers == MAP_FAILED)
		return 1;
	setvbuf(stdout, NULL, _IOLBF, 0);
	sigaction(SIGBUS, &action, NULL);
	sizes_and_flags(&t);
	allocation(&t);
	mappings(&t);
	direct(&t);
	freeing_under_a_master(&t);
	holding_back(&t);
	sessions(&t);
	claims(&t);
	interrupts(&t, PCIETOOL_IRQ_INTX, "INTx");
	interrupts(&t, PCIETOOL_IRQ_MSI, "MSI");
	unbinding(&t, argv[4]);
	return tap_done(&t.tap);
}
