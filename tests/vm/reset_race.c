// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Interrupts are enabled and disabled while the kernel resets the function, which keeps the configuration and puts it
 * back: reset_race NODE DEVICE-FOLDER, of an edu device that is bound. Prints TAP.
 */
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "kmod/pcietool_uapi.h"
#include "tests/unit/tap.h"

#define RESETS 200
/* PCI 3.0 section 6.2.2 */
#define COMMAND 4
#define COMMAND_INTX_DISABLE 0x400

struct test {
	struct tap tap;
	const char *folder;
	int fd;
	int config;
	int resets;
	atomic_bool over;
};

static int open_in(const char *folder, const char *name, int flags)
{
	char path[256];

	snprintf(path, sizeof(path), "%s/%s", folder, name);
	return open(path, flags);
}

static void *reset(void *data)
{
	struct test *t = data;

	for (int i = 0; i < RESETS; i++) {
		int fd = open_in(t->folder, "reset", O_WRONLY);

		t->resets += fd >= 0 && write(fd, "1", 1) == 1;
		close(fd);
	}
	t->over = true;
	return NULL;
}

/* Enabled before a reset and disabled within one, INTx is masked: the reset must not put back that it was not. */
static int stays_masked(struct test *t, uint32_t type)
{
	struct pcietool_irq_enable enable = { .size = sizeof(enable), .type = type };
	struct pcietool_irq_disable disable = { .size = sizeof(disable) };
	uint16_t command;

	if (ioctl(t->fd, PCIETOOL_IOC_IRQ_ENABLE, &enable) < 0)
		return 0;
	/* reading waits for the end of a reset; soon after, the next one has begun */
	if (pread(t->config, &command, 2, COMMAND) != 2)
		return 0;
	usleep(5000);
	if (ioctl(t->fd, PCIETOOL_IOC_IRQ_DISABLE, &disable) < 0)
		return 0;
	return pread(t->config, &command, 2, COMMAND) == 2 && command & COMMAND_INTX_DISABLE;
}

static void during_resets(struct test *t, uint32_t type, const char *name)
{
	pthread_t thread;
	int rounds = 0;
	int good = 0;

	t->over = false;
	t->resets = 0;
	if (pthread_create(&thread, NULL, reset, t) != 0)
		exit(1);
	while (!t->over) {
		good += stays_masked(t, type);
		rounds++;
	}
	pthread_join(thread, NULL);
	ok(&t->tap, t->resets == RESETS, "%s: %d resets", name, t->resets);
	ok(&t->tap, rounds > 0 && good == rounds, "%s: it stays disabled, %d times of %d", name, good,
	   rounds);
}

int main(int argc, char **argv)
{
	struct test t = { 0 };

	if (argc != 3)
		return 2;
	t.folder = argv[2];
	t.fd = open(argv[1], O_RDWR);
	t.config = open_in(argv[2], "config", O_RDONLY);
	if (t.fd < 0 || t.config < 0)
		return 1;
	setvbuf(stdout, NULL, _IOLBF, 0);
	during_resets(&t, PCIETOOL_IRQ_INTX, "INTx");
	during_resets(&t, PCIETOOL_IRQ_MSI, "MSI");
	return tap_done(&t.tap);
}
