// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Random calls to the kernel helper: ioctls right and wrong, mappings, forks, eventfds, interrupts, and the device that
 * is unbound, removed and comes back meanwhile. Nothing is expected of a single call; the kernel's log is what is looked at.
 *
 * fuzz_helper NODE DEVICE-FOLDER CALLS SEED THREADS
 *
 * Each thread has numbers of its own, which the seed makes: one thread does the same again, several the same calls in
 * another order. The device's DMA is never started: that the engine is idle is said at random.
 */
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <setjmp.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/uio.h>
#include <sys/wait.h>
#include <unistd.h>

#include "kmod/pcietool_uapi.h"

#define FILES 6
#define SLOTS 16
#define SLOT_SIZE (1u << 20)
#define PAGE 4096u
#define MAX_THREADS 8

/* QEMU docs/specs/edu.txt */
#define EDU_IRQ_RAISE 0x60
#define EDU_IRQ_ACK 0x64

/* Shared by all threads, and not protected: what is closed under another's hands is what is looked for. */
static struct {
	const char *node;
	const char *folder;
	const char *address; /* the folder's last part */
	unsigned long calls;
	_Atomic int files[FILES];
	_Atomic int events[FILES];
	int pipe[2];
	char *slots; /* the only addresses that mappings get, so that nothing else of the process is ever hit */
	_Atomic unsigned int last_handle;
	_Atomic unsigned long good, bad;
} all;

struct fuzzer {
	uint64_t state;
	unsigned int number;
};

static _Thread_local sigjmp_buf fault;

static void on_fault(int signal)
{
	siglongjmp(fault, signal);
}

/* xorshift64*, Vigna 2014 */
static uint64_t random_of(struct fuzzer *f)
{
	f->state ^= f->state >> 12;
	f->state ^= f->state << 25;
	f->state ^= f->state >> 27;
	return f->state * UINT64_C(2685821657736338717);
}

static unsigned int below(struct fuzzer *f, unsigned int limit)
{
	return (unsigned int)(random_of(f) >> 33) % limit;
}

static bool once_in(struct fuzzer *f, unsigned int times)
{
	return below(f, times) == 0;
}

static void count(long result)
{
	if (result < 0)
		atomic_fetch_add(&all.bad, 1);
	else
		atomic_fetch_add(&all.good, 1);
}

static int a_file(struct fuzzer *f)
{
	return all.files[below(f, FILES)];
}

static char *a_slot(struct fuzzer *f)
{
	return all.slots + (size_t)below(f, SLOTS) * SLOT_SIZE;
}

static unsigned int a_handle(struct fuzzer *f)
{
	unsigned int last = all.last_handle;

	return last < 12 || once_in(f, 10) ? below(f, 16) : last - below(f, 12);
}

static uint64_t a_length(struct fuzzer *f)
{
	switch (below(f, 12)) {
	case 0:
		return random_of(f);
	case 1:
		return 0;
	case 2:
		return (uint64_t)below(f, 1024) * PAGE;
	default:
		return below(f, 16 * PAGE);
	}
}

static void write_text(const char *path, const char *text)
{
	int fd = open(path, O_WRONLY | O_CLOEXEC);

	if (fd < 0)
		return;
	count(write(fd, text, strlen(text)));
	close(fd);
}

static void write_attribute(const char *name, const char *text)
{
	char path[256];

	snprintf(path, sizeof(path), "%s/%s", all.folder, name);
	write_text(path, text);
}

/* --- ioctls ----------------------------------------------------------------------------------------- */

union arguments {
	uint32_t words[40];
	struct pcietool_query query;
	struct pcietool_set_mask mask;
	struct pcietool_dma_alloc alloc;
	struct pcietool_dma_free free;
	struct pcietool_dma_info info;
	struct pcietool_dma_sync sync;
	struct pcietool_irq_enable enable;
	struct pcietool_irq_disable disable;
	struct pcietool_irq_wait wait;
	struct pcietool_irq_info irq_info;
	struct pcietool_irq_eventfd eventfd;
	struct pcietool_claim claim;
	struct pcietool_stop_write stop;
	struct pcietool_dma_release release;
};

static const size_t sizes[] = {
	sizeof(struct pcietool_query),	     sizeof(struct pcietool_set_mask),
	sizeof(struct pcietool_dma_alloc),   sizeof(struct pcietool_dma_free),
	sizeof(struct pcietool_dma_info),    sizeof(struct pcietool_dma_sync),
	sizeof(struct pcietool_irq_enable),  sizeof(struct pcietool_irq_disable),
	sizeof(struct pcietool_irq_wait),    sizeof(struct pcietool_irq_info),
	sizeof(struct pcietool_irq_eventfd), sizeof(struct pcietool_claim),
	sizeof(struct pcietool_stop_write),  sizeof(struct pcietool_dma_release),
};

#define COMMANDS (sizeof(sizes) / sizeof(sizes[0]))

static void fill(struct fuzzer *f, unsigned int number, union arguments *a)
{
	memset(a, 0, sizeof(*a));
	a->query.size = (uint32_t)sizes[number];
	a->query.flags = once_in(f, 3) ? below(f, 4) : 0;
	switch (number) {
	case 1:
		a->mask.bits = below(f, 70);
		break;
	case 2:
		a->alloc.length = a_length(f);
		if (a->alloc.flags & PCIETOOL_DMA_NAMED)
			snprintf(a->alloc.name, sizeof(a->alloc.name), "b%u", below(f, 8));
		break;
	case 3:
		a->free.handle = a_handle(f);
		break;
	case 4:
		a->info.handle = a_handle(f);
		a->info.flags = 0;
		break;
	case 5:
		a->sync.handle = a_handle(f);
		a->sync.direction = below(f, 4);
		a->sync.offset = a_length(f);
		a->sync.length = a_length(f);
		break;
	case 6:
		a->enable.flags = 0;
		a->enable.type = below(f, 5);
		a->enable.vectors = below(f, 4);
		break;
	case 8:
		a->wait.flags = 0;
		a->wait.vector = below(f, 3);
		a->wait.since = below(f, 3) ? below(f, 100) : random_of(f);
		a->wait.timeout_ns = below(f, 1000000); /* below 1 ms; for ever is no test */
		break;
	case 9:
		a->irq_info.vector = below(f, 3);
		break;
	case 10:
		a->eventfd.flags = 0;
		a->eventfd.vector = below(f, 3);
		a->eventfd.fd = once_in(f, 4) ? (int)below(f, 64) - 1 : all.events[below(f, FILES)];
		break;
	case 12:
		a->stop.bar = below(f, 7);
		a->stop.width = 8u << below(f, 5);
		a->stop.offset = EDU_IRQ_ACK + below(f, 8);
		a->stop.value = random_of(f);
		a->stop.mask = once_in(f, 2) ? UINT64_MAX : random_of(f);
		break;
	default:
		break;
	}
}

static void any_ioctl(struct fuzzer *f)
{
	unsigned int number = below(f, COMMANDS);
	union arguments a;
	void *at = &a;
	int rc;

	fill(f, number, &a);
	if (once_in(f, 10)) /* something is wrong with it */
		a.words[below(f, 40)] = (uint32_t)random_of(f);
	if (number == 8 && (a.wait.timeout_ns < 0 || a.wait.timeout_ns > 1000000))
		a.wait.timeout_ns = 0;
	if (once_in(f, 30)) /* in the memory that comes and goes */
		at = a_slot(f) + below(f, PAGE);
	rc = ioctl(a_file(f), _IOC(once_in(f, 100) ? below(f, 4) : 0, PCIETOOL_IOC_TYPE, number, 0), at);
	if (rc == 0 && number == 2 && at == &a)
		all.last_handle = a.alloc.out_handle;
	count(rc);
}

/* --- memory ----------------------------------------------------------------------------------------- */

static void map(struct fuzzer *f)
{
	struct pcietool_dma_info info = { .size = sizeof(info), .handle = a_handle(f) };
	int fd = a_file(f);
	size_t length;
	off_t offset;

	if (ioctl(fd, PCIETOOL_IOC_DMA_INFO, &info) < 0 && !once_in(f, 4))
		return;
	length = info.out_length && info.out_length <= SLOT_SIZE ? info.out_length : PAGE;
	offset = (off_t)info.out_mmap_offset;
	if (once_in(f, 5))
		length = (1 + below(f, SLOT_SIZE / PAGE)) * PAGE;
	if (once_in(f, 5))
		offset += (off_t)below(f, 32) * PAGE;
	count(mmap(a_slot(f), length, once_in(f, 3) ? PROT_READ : PROT_READ | PROT_WRITE,
		   MAP_FIXED | (once_in(f, 10) ? MAP_PRIVATE : MAP_SHARED), fd, offset) == MAP_FAILED
		      ? -1
		      : 0);
}

static void change_mapping(struct fuzzer *f)
{
	static const int advice[] = { MADV_DONTNEED, MADV_DOFORK, MADV_DONTFORK, MADV_WILLNEED,
				      MADV_REMOVE,   MADV_FREE,	  MADV_HUGEPAGE, MADV_COLD };
	char *slot = a_slot(f);
	size_t length = (1 + below(f, 32)) * PAGE;

	switch (below(f, 5)) {
	case 0: /* unmapped, but kept for the next one */
		count(mmap(slot, SLOT_SIZE, PROT_NONE,
			   MAP_FIXED | MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0) == MAP_FAILED
			      ? -1
			      : 0);
		break;
	case 1:
		count(mprotect(slot + below(f, 4) * PAGE, length, (int)below(f, 8)));
		break;
	case 2:
		count(madvise(slot, length, advice[below(f, sizeof(advice) / sizeof(advice[0]))]));
		break;
	case 3:
		count(mremap(slot, length, (1 + below(f, 64)) * PAGE, MREMAP_MAYMOVE | MREMAP_FIXED,
			     a_slot(f)) == MAP_FAILED
			      ? -1
			      : 0);
		break;
	default:
		count(mlock(slot, length));
		munlock(slot, length);
		break;
	}
}

/* Through system calls, which fail where a touch would be a signal; and a touch. */
static void use_memory(struct fuzzer *f)
{
	char *at = a_slot(f) + below(f, 16 * PAGE);
	struct iovec piece = { .iov_base = at, .iov_len = 1 + below(f, 2 * PAGE) };
	char drain[2 * PAGE];

	switch (below(f, 3)) {
	case 0:
		count(vmsplice(all.pipe[1], &piece, 1,
			       SPLICE_F_NONBLOCK | (once_in(f, 2) ? SPLICE_F_GIFT : 0)));
		break;
	case 1:
		count(write(all.pipe[1], at, piece.iov_len));
		break;
	default:
		if (sigsetjmp(fault, 1) == 0)
			*(volatile char *)at += 1;
		break;
	}
	if (once_in(f, 2))
		count(read(all.pipe[0], once_in(f, 2) ? at : drain, sizeof(drain)));
}

static void fork_child(struct fuzzer *f)
{
	pid_t child = fork();

	if (child == 0) {
		for (unsigned int i = 0; i < 8; i++) {
			any_ioctl(f);
			use_memory(f);
		}
		_exit(0);
	}
	if (child > 0) {
		if (once_in(f, 2))
			kill(child, SIGKILL);
		waitpid(child, NULL, 0);
	}
	count(child);
}

/* --- files, interrupts, the device ------------------------------------------------------------------- */

static void reopen(struct fuzzer *f)
{
	int fd = open(all.node, (once_in(f, 6) ? O_RDONLY : O_RDWR) | O_CLOEXEC);
	int old = atomic_exchange(&all.files[below(f, FILES)], fd);

	if (old >= 0)
		close(old);
	count(fd);
}

static void new_event(struct fuzzer *f)
{
	int old = atomic_exchange(&all.events[below(f, FILES)], eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC));

	if (old >= 0)
		close(old);
}

static void raise_interrupt(void)
{
	char path[256];
	volatile uint32_t *registers;
	int fd;

	snprintf(path, sizeof(path), "%s/resource0", all.folder);
	fd = open(path, O_RDWR | O_CLOEXEC);
	if (fd < 0)
		return;
	registers = mmap(NULL, PAGE, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	close(fd);
	if (registers == MAP_FAILED)
		return;
	if (sigsetjmp(fault, 1) == 0) {
		registers[EDU_IRQ_RAISE / 4] = 1;
		registers[EDU_IRQ_ACK / 4] = 1;
	}
	munmap((void *)registers, PAGE);
}

static void toggle_command(struct fuzzer *f)
{
	char path[256];
	uint16_t command;
	int fd;

	snprintf(path, sizeof(path), "%s/config", all.folder);
	fd = open(path, O_RDWR | O_CLOEXEC);
	if (fd < 0)
		return;
	/* bus master; seldom memory decoding, too. PCI 3.0 section 6.2.2 */
	if (pread(fd, &command, 2, 4) == 2) {
		command ^= once_in(f, 8) ? 2 : 4;
		count(pwrite(fd, &command, 2, 4));
	}
	close(fd);
}

static void give_back(int fd)
{
	struct pcietool_dma_release release = { .size = sizeof(release) };
	struct pcietool_dma_info info = { .size = sizeof(info), .handle = 1 };

	while (ioctl(fd, PCIETOOL_IOC_DMA_INFO, &info) == 0) {
		struct pcietool_dma_free free = {
			.size = sizeof(free),
			.flags = PCIETOOL_DMA_FREE_FORCE | PCIETOOL_DMA_FREE_IDLE,
			.handle = info.out_handle,
		};

		ioctl(fd, PCIETOOL_IOC_DMA_FREE, &free);
		info.handle = info.out_handle + 1;
	}
	ioctl(fd, PCIETOOL_IOC_DMA_RELEASE, &release);
}

static void change_device(struct fuzzer *f)
{
	/* edu has no reset of its own: what it was told of is kept for ever, and the machine has not that much */
	if (!once_in(f, 10)) {
		for (unsigned int i = 0; i < FILES; i++)
			give_back(all.files[i]);
	}
	switch (below(f, 5)) {
	case 0:
		write_attribute("remove", "1");
		break;
	case 1:
		write_attribute("reset", "1");
		break;
	default:
		write_text("/sys/bus/pci/drivers/pcietool/unbind", all.address);
		break;
	}
	write_text("/sys/bus/pci/rescan", "1");
	write_attribute("driver_override", "pcietool");
	write_text("/sys/bus/pci/drivers_probe", all.address);
	/* what was freed is to come back, or the module's cap ends the run */
	write_attribute("reset", "1");
}

/* --- a thread ------------------------------------------------------------------------------------------ */

static void one_call(struct fuzzer *f)
{
	switch (below(f, 100)) {
	case 0 ... 54:
		any_ioctl(f);
		break;
	case 55 ... 64:
		map(f);
		break;
	case 65 ... 74:
		change_mapping(f);
		break;
	case 75 ... 86:
		use_memory(f);
		break;
	case 87 ... 90:
		reopen(f);
		break;
	case 91 ... 92:
		new_event(f);
		break;
	case 93 ... 95:
		raise_interrupt();
		break;
	case 96 ... 98:
		toggle_command(f);
		break;
	default:
		if (once_in(f, 4))
			fork_child(f);
		else if (f->number == 0 && once_in(f, 10))
			change_device(f);
		break;
	}
}

static void *run(void *data)
{
	struct fuzzer *f = data;

	for (unsigned long i = 0; i < all.calls; i++)
		one_call(f);
	return NULL;
}

static int set_up(char **argv)
{
	struct sigaction action = { .sa_handler = on_fault };

	all.node = argv[1];
	all.folder = argv[2];
	all.address = strrchr(argv[2], '/') + 1;
	all.slots = mmap(NULL, (size_t)SLOTS * SLOT_SIZE, PROT_NONE,
			 MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
	if (all.slots == MAP_FAILED || pipe2(all.pipe, O_NONBLOCK | O_CLOEXEC) < 0)
		return -1;
	for (unsigned int i = 0; i < FILES; i++) {
		all.files[i] = open(all.node, O_RDWR | O_CLOEXEC);
		all.events[i] = -1;
		if (all.files[i] < 0)
			return -1;
	}
	sigaction(SIGBUS, &action, NULL);
	sigaction(SIGSEGV, &action, NULL);
	return 0;
}

int main(int argc, char **argv)
{
	struct fuzzer fuzzers[MAX_THREADS];
	pthread_t threads[MAX_THREADS];
	unsigned long count_of, seed;

	if (argc != 6 || (count_of = strtoul(argv[5], NULL, 0)) - 1 >= MAX_THREADS) {
		fprintf(stderr, "usage: fuzz_helper NODE DEVICE-FOLDER CALLS SEED THREADS\n");
		return 2;
	}
	all.calls = strtoul(argv[3], NULL, 0) / count_of;
	seed = strtoul(argv[4], NULL, 0);
	if (set_up(argv) < 0) {
		perror("fuzz_helper");
		return 1;
	}
	for (unsigned int i = 0; i < count_of; i++) {
		fuzzers[i] = (struct fuzzer){ .state = seed * MAX_THREADS + i + 1, .number = i };
		if (pthread_create(&threads[i], NULL, run, &fuzzers[i]) != 0)
			return 1;
	}
	for (unsigned int i = 0; i < count_of; i++)
		pthread_join(threads[i], NULL);
	printf("seed %lu, threads %lu: calls that worked %lu, that failed %lu\n", seed, count_of, all.good,
	       all.bad);
	return 0;
}
