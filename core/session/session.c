// SPDX-License-Identifier: GPL-2.0-or-later
/* The holder of a session: what it opens, serves and gives back. */
#include "core/session/session.h"

#include <errno.h>
#include <linux/pci_regs.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/pci/power.h"
#include "core/base/clock.h"
#include "core/backend/path.h"
#include "core/backend/helper.h"
#include "core/driver/driver.h"
#include "core/session/session_internal.h"
#include "core/backend/session_link.h"
#include "core/backend/session_wire.h"
#include "core/backend/uio.h"
#include "core/backend/vfio.h"
#include "core/pci/user_driver.h"

/* How long the last command of a session that was killed may take to notice. */
#define LINGER_NS 2000000000u
/* Somebody who only looks does not wait for one that is busy or stopped. */
#define STATUS_PATIENCE 3000000000u

/* --- one session a device ---------------------------------------------------------------------------- */

/* Root's lies in /run/pcietool, which may be the first thing there. */
static void make_parent(const char *folder)
{
	char parent[PATH_MAX];

	snprintf(parent, sizeof(parent), "%.*s", (int)(strrchr(folder, '/') - folder), folder);
	mkdir(parent, 0755);
}

int session_folder_check(const char *folder, struct error *error)
{
	struct stat st;

	if (lstat(folder, &st) < 0)
		return error_errno(error, error_last(), "%s", folder);
	if (!S_ISDIR(st.st_mode) || st.st_uid != geteuid() || st.st_mode & 077)
		return error_set(error, ERROR_DENIED, "not-private",
				 "%s, for the session's socket, is not a private folder of yours", folder);
	return 0;
}

static int make_folder(const char *folder, struct error *error)
{
	make_parent(folder);
	if (mkdir(folder, 0700) < 0 && errno != EEXIST)
		return error_errno(error, error_last(), "making %s, for the session's socket", folder);
	return session_folder_check(folder, error);
}

static int taken(const struct device *device, const char *who, struct error *error)
{
	int rc = error_set(error, ERROR_DENIED, "in-use", "%s: a session has the device: %s", device->name,
			   who);

	error_hint(error, "end that one first; 'pcietool session status' shows it");
	return rc;
}

static int take_lock(struct session *s, struct error *error)
{
	char text[200];
	char who[200];
	int fd;

	snprintf(text, sizeof(text), "process %d: %.150s", (int)getpid(), s->command);
	fd = session_lock_take(s->lock_path, text);
	if (fd == -EWOULDBLOCK) {
		if (session_lock_holder(s->lock_path, who, sizeof(who)) < 0)
			snprintf(who, sizeof(who), "another process");
		return taken(s->device, who, error);
	}
	if (fd < 0)
		return error_errno(error, fd, "%s", s->lock_path);
	s->lock = fd;
	return 0;
}

static int listen_at(struct session *s, struct error *error)
{
	/* one that was killed leaves its socket */
	unlink(s->path);
	s->listener = session_socket_listen(s->path);
	return s->listener < 0 ? error_errno(error, s->listener, "the session's socket %s", s->path) : 0;
}

/* --- the device ---------------------------------------------------------------------------------------- */

static int open_vfio(struct session *s, struct error *error)
{
	unsigned int bits = s->options.mask_bits ? s->options.mask_bits : driver_record_mask_bits(s->device);
	uint64_t start = clock_ns();
	struct vfio *vfio = NULL;
	int rc;

	/* commands of a session that was killed may not have noticed yet */
	while ((rc = vfio_open(s->device, bits, &vfio, error)) < 0 && strcmp(error->code, "in-use") == 0 &&
	       clock_ns() - start < LINGER_NS)
		device_wait_pause();
	if (rc < 0)
		return rc;
	device_path_own(s->device, vfio);
	s->mask_bits = bits;
	return 0;
}

static int open_helper(struct session *s, struct error *error)
{
	struct helper_state was;
	int rc;

	rc = helper_open(s->device, &s->helper, error);
	if (rc < 0)
		return rc;
	rc = helper_query(s->helper, &was);
	if (rc < 0)
		return error_errno(error, rc, "%s: asking the helper what it has", s->device->name);
	s->had_interrupts = was.interrupts.type != INTERRUPT_NONE;
	s->helper_mask_bits = s->mask_bits = was.mask_bits;
	if (!s->options.mask_bits)
		return 0;
	rc = helper_set_mask(s->helper, s->options.mask_bits, error);
	if (rc == 0)
		s->mask_bits = s->options.mask_bits;
	return rc;
}

static int nothing_to_hold(const struct device *device, const char *driver, struct error *error)
{
	int rc;

	rc = error_set(
		error, ERROR_UNSUPPORTED, "not-bound",
		"%s: there is nothing to hold: its driver is %s, not vfio-pci, the kernel helper or UIO",
		device->name, *driver ? driver : "none");
	error_hint(error, "bind it first, or with 'session --bind vfio', which gives it back at the end");
	return rc;
}

/* What was asked for and is not to be had by that way: nobody shall believe that it was done. */
static int check_options(const struct device *device, enum backend_id kind,
			 const struct session_options *options, struct error *error)
{
	const char *way = kind == BACKEND_UIO ? "UIO" : "the kernel helper";
	int rc;

	if (kind == BACKEND_UIO && options->mask_bits)
		return error_set(error, ERROR_UNSUPPORTED, "no-mask",
				 "%s: --mask: over UIO there is no DMA memory that it could be for",
				 device->name);
	if (kind == BACKEND_VFIO || !options->reset)
		return 0;
	rc = error_set(error, ERROR_UNSUPPORTED, "no-reset",
		       "%s: --reset: over %s the device is not reset at the end", device->name, way);
	error_hint(error, "'pcietool -s %s reset' behind it does that", device->name);
	return rc;
}

/* Is there a way to hold it, and which? */
static int choose_way(struct device *device, const struct session_options *options, enum backend_id *kind,
		      struct error *error)
{
	char driver[DRIVER_NAME_SIZE] = "";
	int rc;

	*kind = device_path_client(device);
	rc = check_options(device, *kind, options, error);
	if (rc < 0)
		return rc;
	if (*kind == BACKEND_UIO)
		return device_path_uio(device, error);
	device_driver(device, driver, sizeof(driver));
	if (*kind == BACKEND_HELPER && device->ctx->via == BACKEND_AUTO &&
	    strcmp(driver, user_driver_name("helper")) != 0)
		return nothing_to_hold(device, driver, error);
	return 0;
}

int session_check_free(const struct device *device, const struct session_options *options,
		       struct error *error)
{
	char who[200];
	int rc;

	if (device_session(device)) {
		rc = error_set(error, ERROR_DENIED, "in-use",
			       "%s: this is in a session of the device already", device->name);
		error_hint(error, "its commands need no second one");
		return rc;
	}
	return session_holder(options->folder, device->name, who, sizeof(who)) == 0
		       ? taken(device, who, error)
		       : 0;
}

int session_check(struct device *device, const struct session_options *options, struct error *error)
{
	enum backend_id kind;
	int rc;

	rc = session_check_free(device, options, error);
	if (rc == 0)
		rc = device_path_check(device, error);
	return rc == 0 ? choose_way(device, options, &kind, error) : rc;
}

static int open_device(struct session *s, struct error *error)
{
	int rc = choose_way(s->device, &s->options, &s->kind, error);

	if (rc < 0)
		return rc;
	switch (s->kind) {
	case BACKEND_VFIO:
		return open_vfio(s, error);
	case BACKEND_UIO:
		return uio_open_node(s->device, &s->uio_fd, error);
	default:
		return open_helper(s, error);
	}
}

int session_open(struct device *device, const struct session_options *options, struct session **session,
		 struct error *error)
{
	struct session *s;
	int rc;

	rc = session_check_free(device, options, error);
	if (rc == 0)
		rc = device_path_check(device, error);
	if (rc < 0)
		return rc;
	s = calloc(1, sizeof(*s));
	if (!s)
		return error_errno(error, -ENOMEM, "%s", device->name);
	s->device = device;
	s->options = *options;
	s->lock = s->listener = s->uio_fd = -1;
	s->started = clock_ns();
	s->generation = 1;
	snprintf(s->command, sizeof(s->command), "%s", options->command);
	snprintf(s->path, sizeof(s->path), "%s/%s", options->folder, device->name);
	snprintf(s->lock_path, sizeof(s->lock_path), "%s" SESSION_LOCK, s->path);
	rc = make_folder(options->folder, error);
	if (rc == 0)
		rc = take_lock(s, error);
	if (rc == 0)
		rc = open_device(s, error);
	if (rc == 0)
		rc = listen_at(s, error);
	if (rc < 0) {
		session_close(s);
		return rc;
	}
	s->is_open = true;
	*session = s;
	return 0;
}

const char *session_path(const struct session *s)
{
	return s->path;
}

enum backend_id session_kind(const struct session *s)
{
	return s->kind;
}

/* --- the end --------------------------------------------------------------------------------------------- */

static void turn_bus_master_off(struct device *device)
{
	struct error ignored;
	uint32_t command;

	if (device_is_present(device) &&
	    device_config_read(device, PCI_COMMAND, 16, &command, &ignored) == 0 &&
	    command & PCI_COMMAND_MASTER)
		device_config_write(device, PCI_COMMAND, 16, command & ~(uint32_t)PCI_COMMAND_MASTER,
				    &ignored);
}

/* Of others' buffers, and of what is held back, none may be beyond it. */
static void give_mask_back(struct session *s)
{
	struct error why;

	if (driver_set_mask(s->device, s->helper_mask_bits, &why) < 0)
		context_log(s->device->ctx, LOG_WARN, "%s: the mask is not %u bits as before: %s",
			    s->device->name, s->helper_mask_bits, why.message);
}

/* One that did not begin leaves the device, which others may use, as it is. */
static void close_helper(struct session *s)
{
	struct error ignored;

	if (s->is_open)
		turn_bus_master_off(s->device);
	if (s->is_open && !s->had_interrupts)
		interrupt_disable(helper_client(s->helper), &ignored);
	/* its buffers go with it, and only then the mask can change */
	helper_close(s->helper);
	if (s->mask_bits != s->helper_mask_bits)
		give_mask_back(s);
}

static void reset_vfio(struct session *s)
{
	struct error why;

	if (vfio_reset(s->device, device_vfio_fd(s->device), &why) < 0)
		context_log(s->device->ctx, LOG_WARN, "%s", why.message);
}

void session_close(struct session *s)
{
	if (!s)
		return;
	if (s->listener >= 0) {
		close(s->listener);
		unlink(s->path);
	}
	for (size_t i = 0; i < s->peer_count; i++)
		session_hang_up(&s->peers[i]);
	if (device_vfio(s->device)) {
		vfio_set_bus_master(device_vfio(s->device), false);
		if (s->options.reset)
			reset_vfio(s);
		device_path_close(s->device);
	}
	if (s->helper)
		close_helper(s);
	if (s->uio_fd >= 0) {
		if (s->is_open && s->device->config)
			turn_bus_master_off(s->device);
		close(s->uio_fd);
	}
	session_lock_release(s->lock_path, s->lock);
	free(s);
}

/* --- serving ------------------------------------------------------------------------------------------ */

static void accept_peer(struct session *s)
{
	int socket = accept4(s->listener, NULL, NULL, SOCK_CLOEXEC | SOCK_NONBLOCK);

	if (socket < 0)
		return;
	/* the folder keeps others out; this does so too where it was made otherwise */
	if (!session_socket_is_trusted(socket)) {
		close(socket);
		return;
	}
	s->peers[s->peer_count++] = (struct session_peer){ .socket = socket };
}

static void serve_peers(struct session *s, const struct pollfd *polls)
{
	size_t kept = 0;

	for (size_t i = 0; i < s->peer_count; i++) {
		struct session_peer *peer = &s->peers[i];

		if (polls[i].revents && session_answer(s, peer) < 0)
			session_hang_up(peer);
		else
			s->peers[kept++] = *peer;
	}
	s->peer_count = kept;
}

/* The kernel's own descriptors are read, so that each event is told once. */
static bool has_event(const struct pollfd *p)
{
	uint64_t count;

	return p->fd >= 0 && p->revents & POLLIN && read(p->fd, &count, sizeof(count)) == sizeof(count);
}

int session_serve(struct session *s, int wake, int ms, struct error *error)
{
	struct vfio *vfio = device_vfio(s->device);
	size_t peers = s->peer_count;
	struct pollfd *p = s->polls;

	p[0] = (struct pollfd){ .fd = wake, .events = POLLIN };
	/* when all places are taken, those who come wait in the listener's queue for one */
	p[1] = (struct pollfd){ .fd = peers < SESSION_PEERS ? s->listener : -1, .events = POLLIN };
	p[2] = (struct pollfd){ .fd = vfio ? vfio_request_fd(vfio) : -1, .events = POLLIN };
	p[3] = (struct pollfd){ .fd = vfio ? vfio_error_fd(vfio) : -1, .events = POLLIN };
	for (size_t i = 0; i < peers; i++)
		p[4 + i] = (struct pollfd){ .fd = s->peers[i].socket, .events = POLLIN };
	if (poll(p, 4 + peers, ms) < 0)
		return error_last();
	if (p[0].revents)
		return 0;
	if (has_event(&p[2]))
		return error_set(error, ERROR_GONE, "device-wanted",
				 "%s: the kernel wants the device back (unbound, removed or unplugged)",
				 s->device->name);
	if (has_event(&p[3]))
		context_log(s->device->ctx, LOG_WARN,
			    "%s: the device reported an uncorrectable error: see 'pcietool aer show'",
			    s->device->name);
	serve_peers(s, p + 4);
	if (p[1].revents & POLLIN)
		accept_peer(s);
	return -EAGAIN;
}

/* --- for everybody ------------------------------------------------------------------------------------- */

int session_holder(const char *folder, const char *name, char *text, size_t size)
{
	char path[PATH_MAX];

	snprintf(path, sizeof(path), "%s/%s" SESSION_LOCK, folder, name);
	return session_lock_holder(path, text, size);
}

int session_ask_status(const char *folder, const char *name, struct session_summary *summary)
{
	struct session_request request = { .type = SESSION_STATUS };
	struct session_link *link = NULL;
	struct session_reply reply;
	struct error ignored;
	char path[PATH_MAX];
	int rc;

	snprintf(path, sizeof(path), "%s/%s", folder, name);
	rc = session_link_connect(path, STATUS_PATIENCE, &link);
	if (rc == 0)
		rc = session_link_ask(link, &request, &reply, NULL, &ignored);
	session_link_close(link);
	if (rc == 0)
		*summary = reply.summary;
	return rc;
}
