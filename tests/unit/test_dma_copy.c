// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Copies to shared memory: each byte is stored once. The stores are counted: the page cannot be written to, each store
 * faults, is let through for the one instruction (the trap flag) and counted.
 */
#include <inttypes.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <ucontext.h>

#include "core/base/dma_copy.h"
#include "tests/unit/tap.h"

#define PAGE 4096
#define LONGEST 40

static void keeps_bytes(struct tap *tap)
{
	_Alignas(8) uint8_t memory[LONGEST + 24];
	uint8_t from[LONGEST + 8], to[LONGEST + 8];
	unsigned int wrong = 0;

	for (size_t i = 0; i < sizeof(from); i++)
		from[i] = (uint8_t)(i + 1);
	for (size_t at = 0; at < 8; at++) {
		for (size_t length = 0; length <= LONGEST; length++) {
			memset(memory, 0xa5, sizeof(memory));
			memset(to, 0xa5, sizeof(to));
			dma_copy_to(memory + 8 + at, from + at % 3, length);
			wrong += memcmp(memory + 8 + at, from + at % 3, length) != 0;
			wrong += memory[7 + at] != 0xa5 || memory[8 + at + length] != 0xa5;
			dma_copy_from(to, memory + 8 + at, length);
			wrong += memcmp(to, from + at % 3, length) != 0 || to[length] != 0xa5;
		}
	}
	ok(tap, wrong == 0, "every length at every offset, and nothing beside it: %u wrong", wrong);
}

#ifdef __x86_64__

/* EFLAGS.TF: a trap behind the next instruction (Intel SDM volume 1, section 3.4.3.3) */
#define TRAP_FLAG 0x100

/* of the signal handlers, which get no argument */
static uint8_t *page;
static unsigned int stores;

static void on_fault(int number, siginfo_t *info, void *context)
{
	ucontext_t *c = context;
	uint8_t *at = info->si_addr;

	(void)number;
	if (at < page || at >= page + PAGE || mprotect(page, PAGE, PROT_READ | PROT_WRITE) < 0)
		abort();
	stores++;
	c->uc_mcontext.gregs[REG_EFL] |= TRAP_FLAG;
}

static void on_trap(int number, siginfo_t *info, void *context)
{
	ucontext_t *c = context;

	(void)number;
	(void)info;
	if (mprotect(page, PAGE, PROT_READ) < 0)
		abort();
	c->uc_mcontext.gregs[REG_EFL] &= ~(greg_t)TRAP_FLAG;
}

static void stores_once(struct tap *tap)
{
	static const struct {
		size_t at, length;
		unsigned int stores;
	} cases[] = {
		{ 0, 8, 1 }, { 16, 4, 1 }, { 18, 2, 1 }, { 3, 1, 1 },	   { 0, 16, 2 },
		{ 4, 8, 2 }, { 0, 12, 2 }, { 1, 15, 4 }, { 0, 4096, 512 },
	};
	static uint8_t from[PAGE];
	const struct sigaction fault = { .sa_sigaction = on_fault, .sa_flags = SA_SIGINFO };
	const struct sigaction trap = { .sa_sigaction = on_trap, .sa_flags = SA_SIGINFO };

	page = mmap(NULL, PAGE, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	if (page == MAP_FAILED || sigaction(SIGSEGV, &fault, NULL) < 0 ||
	    sigaction(SIGTRAP, &trap, NULL) < 0) {
		ok(tap, false, "a page whose stores are counted");
		return;
	}
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		stores = 0;
		dma_copy_to(page + cases[i].at, from, cases[i].length);
		ok(tap, stores == cases[i].stores, "%zu bytes at %zu: %u stores", cases[i].length,
		   cases[i].at, stores);
	}
	munmap(page, PAGE);
}

#endif

int main(void)
{
	struct tap tap = { 0 };

	keeps_bytes(&tap);
#ifdef __x86_64__
	stores_once(&tap);
#endif
	return tap_done(&tap);
}
