// SPDX-License-Identifier: GPL-2.0-or-later
/* What a SIGBUS that was caught is said to be: memory that is gone, or an access that was rejected. */
#include <errno.h>
#include <signal.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "core/base/mmio.h"
#include "core/base/sigbus.h"
#include "tests/unit/tap.h"

/* An external abort, as arm64's kernel reports it; a process may send itself any signal, rt_tgsigqueueinfo(2). */
static void abort_externally(void)
{
	siginfo_t info;

	memset(&info, 0, sizeof(info));
	info.si_signo = SIGBUS;
	info.si_code = BUS_OBJERR;
	syscall(SYS_rt_tgsigqueueinfo, getpid(), (pid_t)syscall(SYS_gettid), SIGBUS, &info);
}

static int rejected(void)
{
	struct sigbus_guard guard;

	if (sigbus_caught(&guard))
		return sigbus_errno(&guard);
	abort_externally();
	sigbus_end(&guard);
	return 0;
}

static int load(const volatile void *address)
{
	struct sigbus_guard guard;

	if (sigbus_caught(&guard))
		return sigbus_errno(&guard);
	mmio_read(address, 32);
	sigbus_end(&guard);
	return 0;
}

/* What sigbus_distance() says of a load at OFFSET, of a block of LENGTH bytes at START. */
static size_t distance(const char *start, size_t offset, size_t length)
{
	struct sigbus_guard guard;

	if (sigbus_caught(&guard))
		return sigbus_distance(&guard, start, length);
	mmio_read(start + offset, 32);
	sigbus_end(&guard);
	return length;
}

int main(void)
{
	size_t page = (size_t)sysconf(_SC_PAGESIZE);
	int fd = memfd_create("test", MFD_CLOEXEC);
	struct tap tap = { 0 };
	void *map;

	if (!ok(&tap, sigbus_init() == 0 && fd >= 0 && ftruncate(fd, (off_t)page) == 0, "set up"))
		return tap_done(&tap);
	map = mmap(NULL, 2 * page, PROT_READ, MAP_SHARED, fd, 0);
	if (!ok(&tap, map != MAP_FAILED, "mapped"))
		return tap_done(&tap);
	ok(&tap, load(map) == 0, "what is there is read");
	ok(&tap, load((char *)map + page) == -EFAULT, "nothing is mapped there any more");
	ok(&tap, rejected() == -EREMOTEIO, "an access that was rejected");
	ok(&tap, load((char *)map + page) == -EFAULT, "and the next one is told apart again");
	ok(&tap, load(map) == 0, "and one that works, works");
	ok(&tap, distance(map, page + 8, 2 * page) == page + 8, "where in a block it was");
	ok(&tap, distance(map, page + 8, page) == 0, "not in the block: not known");
	munmap(map, 2 * page);
	close(fd);
	return tap_done(&tap);
}
