#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# package: libc6 2.36-9+deb12u14 (memcpy() on x86-64), of Debian 12
# guess:   of 8 aligned bytes, a word of a descriptor, memcpy() makes one store: whoever shares the memory sees the word
#          written once, as a device's write of it is.
# seen:    8 bytes are stored twice, whole, to the same address, and so are 4 and 2.
# matters: a model of a device, or a driver in user space, that writes to a ring which the other side works in: that one
#          sees the word after the first store, takes the block and clears the word, and the second store, some
#          instructions or a time slice later, undoes it. In one of some fifty captures on a busy machine one slot of a
#          ring then told, from there on, the length of a lap before. C allows it: the memory is one thread's own there.
set -euo pipefail

version=2.36-9+deb12u14
[[ $(uname -m) == x86_64 ]] || { echo 'only on x86-64' && exit 2; }
command -v gcc >/dev/null || { echo 'there is no compiler' && exit 2; }
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
apt-get -q download "libc6=$version" >log 2>&1 || { cat log && exit 2; }
dpkg -x ./*.deb root
loader=$(find root -name 'ld-linux-x86-64.so.2' | head -n 1)
libraries=$(find root -name libc.so.6 -printf '%h\n' | head -n 1)

# The page cannot be written to: each store faults, is counted, and is let through with the trap flag set.
cat >count.c <<'END'
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <ucontext.h>

static char *page;
static unsigned int stores;

static void fault(int number, siginfo_t *info, void *context)
{
	if (mprotect(page, 4096, PROT_READ | PROT_WRITE))
		abort();
	stores++;
	((ucontext_t *)context)->uc_mcontext.gregs[REG_EFL] |= 0x100;
}

static void trap(int number, siginfo_t *info, void *context)
{
	if (mprotect(page, 4096, PROT_READ))
		abort();
	((ucontext_t *)context)->uc_mcontext.gregs[REG_EFL] &= ~0x100;
}

int main(int argc, char **argv)
{
	struct sigaction on_fault = { .sa_sigaction = fault, .sa_flags = SA_SIGINFO };
	struct sigaction on_trap = { .sa_sigaction = trap, .sa_flags = SA_SIGINFO };
	static const char from[16] = "0123456789abcde";

	page = mmap(NULL, 4096, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	if (page == MAP_FAILED || sigaction(SIGSEGV, &on_fault, NULL) || sigaction(SIGTRAP, &on_trap, NULL))
		return 2;
	for (int i = 1; i < argc; i++) {
		stores = 0;
		memcpy(page, from, strtoul(argv[i], NULL, 10));
		printf("%s bytes: %u stores\n", argv[i], stores);
	}
	return 0;
}
END
gcc -D_GNU_SOURCE -fno-builtin -o count count.c
"$loader" --library-path "$libraries" ./count 1 2 4 8 | tee seen
diff seen - <<'END'
1 bytes: 1 stores
2 bytes: 2 stores
4 bytes: 2 stores
8 bytes: 2 stores
END
