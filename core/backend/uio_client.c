// SPDX-License-Identifier: GPL-2.0-or-later
/* The one interrupt of a UIO device, counted in 64 bits. */
#include "core/backend/backend.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <limits.h>
#include <linux/pci_regs.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "core/backend/path.h"
#include "core/backend/session_link.h"
#include "core/backend/uio.h"
#include "core/base/clock.h"
#include "core/dma/client.h"
#include "core/dma/event_count.h"
#include "core/kernel/sysfs.h"
#include "core/pci/user_driver.h"

/* A descriptor that several processes have tells an event to one of them: the others look again after this. */
#define SLICE_NS 50000000u

struct uio_client {
	struct buffer_client client; /* first */
	int fd; /* /dev/uioN; -1 until somebody waits: closing it has effects */
	int watch_fd; /* the same, and never read, so that every event is news to who watches it; -1: nobody does */
	bool is_shared; /* FD is that of our session's holder */
	bool is_generic; /* uio_pci_generic: INTx is armed in config space */
};

static struct uio_client *to_uio(struct buffer_client *client)
{
	return (struct uio_client *)client;
}

static int open_node(struct uio_client *c, struct error *error)
{
	return c->fd >= 0 ? 0 : uio_open_node(c->client.device, &c->fd, error);
}

/* --- 64 bits of a count -------------------------------------------------------------------------- */

uint64_t uio_count_after(uint64_t last, uint32_t now)
{
	return last + (uint32_t)(now - (uint32_t)last);
}

uint64_t uio_count_near(uint64_t near, uint32_t now)
{
	int32_t apart = (int32_t)(now - (uint32_t)near);

	/* before the first there is none */
	if (apart < 0 && near < (uint64_t) - (int64_t)apart)
		return now;
	return near + (uint64_t)(int64_t)apart;
}

/* Locked; -errno where this user has no place for it. */
static int open_record(const struct device *device)
{
	char path[PATH_MAX];
	struct stat st;
	int fd;

	if (geteuid() != 0 && !*device->ctx->sysroot)
		return -EACCES;
	if (sysfs_path(device->ctx, path, sizeof(path), "/run/pcietool") < 0 ||
	    (mkdir(path, 0755) < 0 && errno != EEXIST))
		return -EACCES;
	if (sysfs_path(device->ctx, path, sizeof(path), "/run/pcietool/uio%d.count", device_uio(device)) < 0)
		return -EACCES;
	fd = open(path, O_RDWR | O_CREAT | O_NOFOLLOW | O_CLOEXEC, 0600);
	if (fd < 0)
		return error_last();
	if (fstat(fd, &st) < 0 || st.st_uid != geteuid() || flock(fd, LOCK_EX) < 0) {
		close(fd);
		return -EACCES;
	}
	return fd;
}

/* Another binding's folder has another inode: its counter starts anew. */
static uint64_t binding(const struct device *device)
{
	char path[PATH_MAX];
	struct stat st;

	if (sysfs_path(device->ctx, path, sizeof(path), "/sys/class/uio/uio%d/", device_uio(device)) < 0 ||
	    stat(path, &st) < 0)
		return 0;
	return st.st_ino;
}

/*
 * What the kernel's counter NOW means, as far as /run/pcietool remembers what it was for this binding; who may not write
 * there has NEAR to go by, a count from before.
 */
static uint64_t uio_count_extend(const struct device *device, uint32_t now, uint64_t near)
{
	uint64_t inode = binding(device);
	uint64_t count = now;
	uint64_t was;
	uint64_t last;
	char text[64];
	ssize_t n;
	int fd;

	fd = open_record(device);
	if (fd < 0)
		return uio_count_near(near, now);
	n = pread(fd, text, sizeof(text) - 1, 0);
	text[n > 0 ? n : 0] = '\0';
	if (sscanf(text, "%" SCNu64 " %" SCNu64, &was, &last) == 2 && was == inode)
		count = uio_count_after(last, now);
	n = snprintf(text, sizeof(text), "%" PRIu64 " %" PRIu64 "\n", inode, count);
	/* counts only grow, so a shorter text never follows a longer one but for another binding */
	if (ftruncate(fd, 0) < 0 || pwrite(fd, text, (size_t)n, 0) != n)
		context_log(device->ctx, LOG_WARN, "%s: its count cannot be kept in /run/pcietool",
			    device->name);
	close(fd);
	return count;
}

/* --- the count ------------------------------------------------------------------------------------ */

static int read_count(struct uio_client *c, uint64_t near, uint64_t *count)
{
	struct device *device = c->client.device;
	uint64_t now;
	int rc;

	rc = sysfs_read_number(device->ctx, &now, "/sys/class/uio/uio%d/event", device_uio(device));
	if (rc == 0)
		*count = uio_count_extend(device, (uint32_t)now, near);
	return rc == -ENOENT ? -ENODEV : rc;
}

static int irq_state(struct buffer_client *client, struct interrupt_state *state, struct error *error)
{
	uint64_t ignored;
	int rc = read_count(to_uio(client), 0, &ignored);

	(void)error;
	if (rc == 0)
		*state =
			(struct interrupt_state){ .type = INTERRUPT_INTX, .vectors = 1, .intx_available = 1 };
	return rc;
}

static int irq_count(struct buffer_client *client, unsigned int vector, uint64_t *count,
		     unsigned int *linux_irq, struct error *error)
{
	(void)error;
	if (linux_irq)
		*linux_irq = 0;
	return vector > 0 ? -ERANGE : read_count(to_uio(client), 0, count);
}

/* --- arming ---------------------------------------------------------------------------------------- */

/* The kernel masked it when it came, by that very bit. */
static int switch_intx(struct device *device, bool on, struct error *error)
{
	uint32_t command;
	int rc = device_config_read(device, PCI_COMMAND, 16, &command, error);

	if (rc < 0 || on == !(command & PCI_COMMAND_INTX_DISABLE))
		return rc;
	return device_config_write(device, PCI_COMMAND, 16, command ^ PCI_COMMAND_INTX_DISABLE, error);
}

/* For the driver; -ENOSYS: it has nothing to switch, -EIO: it has no interrupt at all. */
static int switch_irq(struct uio_client *c, bool on, struct error *error)
{
	int32_t value = on;
	ssize_t n;
	int rc;

	if (c->is_generic)
		return switch_intx(c->client.device, on, error);
	rc = open_node(c, error);
	if (rc < 0)
		return rc;
	n = write(c->fd, &value, sizeof(value));
	return n < 0 ? error_last() : 0;
}

static int no_interrupt(struct uio_client *c, struct error *error)
{
	return error_set(error, ERROR_UNSUPPORTED, "no-interrupt", "%s: /dev/uio%d has no interrupt",
			 c->client.device->name, device_uio(c->client.device));
}

/* No interrupt, or no driver any more: then its folder goes, a moment later. */
static int explain_eio(struct uio_client *c, struct error *error)
{
	const struct timespec pause = { .tv_nsec = 20000000 };
	uint64_t ignored;

	for (int tries = 10; tries > 0; tries--) {
		int rc = read_count(c, 0, &ignored);

		if (rc < 0)
			return rc;
		nanosleep(&pause, NULL);
	}
	return no_interrupt(c, error);
}

static int irq_enable(struct buffer_client *client, enum interrupt_type type, unsigned int vectors,
		      unsigned int *enabled, struct error *error)
{
	int rc;

	if (type != INTERRUPT_INTX)
		return -EOPNOTSUPP;
	if (vectors > 1)
		return -ENOSPC;
	rc = switch_irq(to_uio(client), true, error);
	if (rc == -EIO)
		return explain_eio(to_uio(client), error);
	/* what cannot be switched is on */
	if (rc < 0 && rc != -ENOSYS)
		return rc;
	*enabled = 1;
	return 0;
}

static int irq_disable(struct buffer_client *client, struct error *error)
{
	struct uio_client *c = to_uio(client);
	int rc = switch_irq(c, false, error);

	if (rc == -EIO)
		return explain_eio(c, error);
	if (rc != -ENOSYS)
		return rc;
	rc = error_set(error, ERROR_UNSUPPORTED, "no-switch",
		       "%s: the driver of /dev/uio%d cannot switch its interrupt, which stays on",
		       client->device->name, device_uio(client->device));
	error_hint(error, "the device's own registers may be able to");
	return rc;
}

/* --- waiting ----------------------------------------------------------------------------------------- */

/* Until something came, or the time is over: 0, -ETIME, -EINTR. */
static int wait_event(struct uio_client *c, uint64_t timeout, struct error *error)
{
	struct pollfd poller = { .fd = c->fd, .events = POLLIN };
	struct timespec time = { .tv_sec = (time_t)(timeout / 1000000000),
				 .tv_nsec = (long)(timeout % 1000000000) };
	uint32_t events;
	int n;

	n = ppoll(&poller, 1, timeout == INTERRUPT_FOREVER ? NULL : &time, NULL);
	if (n <= 0)
		return n == 0 ? -ETIME : error_last();
	/* always four bytes; it would wait where there is nothing, but poll said that there is */
	if (read(c->fd, &events, sizeof(events)) == sizeof(events))
		return 0;
	if (errno != EIO)
		return error_last();
	return explain_eio(c, error);
}

static int irq_wait(struct buffer_client *client, unsigned int vector, uint64_t since, uint64_t timeout,
		    uint64_t *count, struct error *error)
{
	struct uio_client *c = to_uio(client);
	uint64_t start = clock_ns();
	bool is_over = false;
	uint64_t left;
	int waited;
	int rc;

	if (vector > 0)
		return -ERANGE;
	/* opened before the look: what comes in between ends the wait */
	rc = open_node(c, error);
	if (rc < 0)
		return rc;
	for (bool is_armed = false;;) {
		uint64_t passed = clock_ns() - start;

		rc = read_count(c, since, count);
		if (rc < 0 || *count > since)
			return rc;
		if (is_over)
			return -ETIME;
		/* it is masked when it comes */
		if (!is_armed)
			rc = switch_irq(c, true, error);
		/* what cannot be switched is on; without any the wait itself tells */
		if (rc < 0 && rc != -ENOSYS && rc != -EIO)
			return rc;
		left = timeout == INTERRUPT_FOREVER ? timeout : passed < timeout ? timeout - passed : 0;
		waited = wait_event(c, c->is_shared && left > SLICE_NS ? SLICE_NS : left, error);
		if (waited < 0 && waited != -ETIME)
			return waited;
		/* of a descriptor that is shared another process may have taken the event */
		is_armed = waited == -ETIME && !c->is_shared;
		is_over = waited == -ETIME && (!c->is_shared || left <= SLICE_NS);
	}
}

/* Not of the descriptor that a session's processes share: one that reads it takes the event from all. */
static int irq_fd(struct buffer_client *client, unsigned int vector, int *fd, struct error *error)
{
	struct uio_client *c = to_uio(client);
	int rc = 0;

	if (vector > 0)
		return -ERANGE;
	if (c->is_shared)
		return error_set(error, ERROR_UNSUPPORTED, "no-descriptor",
				 "%s: over UIO in a session there is no descriptor for an interrupt",
				 client->device->name);
	if (c->watch_fd < 0)
		rc = uio_open_node(client->device, &c->watch_fd, error);
	return rc < 0 ? rc : event_watch_open(c->watch_fd, -1, fd);
}

static void close_client(struct buffer_client *client)
{
	struct uio_client *c = to_uio(client);

	if (c->watch_fd >= 0)
		close(c->watch_fd);
	if (c->fd >= 0)
		close(c->fd);
	free(c);
}

static const struct client_ops uio_client_ops = {
	.name = "UIO",
	.irq_is_fixed = true,
	.irq_state = irq_state,
	.irq_enable = irq_enable,
	.irq_disable = irq_disable,
	.irq_count = irq_count,
	.irq_wait = irq_wait,
	.irq_fd = irq_fd,
	.close = close_client,
};

int uio_client_open(struct device *device, struct buffer_client **client, struct error *error)
{
	struct uio_client *c;
	int rc;

	rc = device_path_uio(device, error);
	if (rc < 0)
		return rc;
	c = calloc(1, sizeof(*c));
	if (!c)
		return error_errno(error, -ENOMEM, "%s", device->name);
	c->client = (struct buffer_client){ .ops = &uio_client_ops, .device = device };
	c->fd = -1;
	c->watch_fd = -1;
	c->is_shared = device_session(device) && session_link_kind(device_session(device)) == BACKEND_UIO;
	c->is_generic = device->config && user_driver_has(device, "uio");
	*client = &c->client;
	return 0;
}
