// SPDX-License-Identifier: GPL-2.0-or-later
/* A twin at its socket: one client after the other. */
#include "core/twin/twin.h"

#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include "core/base/clock.h"
#include "core/base/number.h"
#include "core/base/sigbus.h"
#include "core/twin/asker.h"
#include "core/twin/protocol.h"

struct twin {
	const struct context *ctx;
	struct twin_device device;
	bool has_device;
	struct sockaddr_un address;
	int listener; /* -1: none */
	struct channel channel;
	struct protocol protocol;
	struct asker asker;
	bool is_released; /* the message that is being answered has its answer */
	int end; /* of twin_serve(), as the two below */
	bool (*stopped)(void *data);
	void *stopped_data;
	uint8_t *reply; /* WIRE_MESSAGE_MAX */
	struct twin_log *log; /* NULL: none */
};

/* --- the socket ------------------------------------------------------------------------------------ */

static int in_use(const char *path, struct error *error)
{
	int rc = error_set(error, ERROR_DENIED, "in-use", "%s: a process listens there", path);

	error_hint(error, "end that one first, or take another --socket; 'ss -xlp' shows which it is");
	return rc;
}

/* What a twin that was killed left is removed; what somebody listens at, or is no socket, is not. */
static int clear_path(const struct twin *t, struct error *error)
{
	const char *path = t->address.sun_path;
	struct stat st;
	int fd;
	int rc;

	if (lstat(path, &st) < 0)
		return errno == ENOENT ? 0 : error_errno(error, error_last(), "%s", path);
	if (!S_ISSOCK(st.st_mode)) {
		rc = error_set(error, ERROR_USAGE, "not-a-socket", "%s is there, and is no socket", path);
		error_hint(error, "give --socket a path where nothing is");
		return rc;
	}
	fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	if (fd < 0)
		return error_errno(error, error_last(), "%s", path);
	rc = connect(fd, (const struct sockaddr *)&t->address, sizeof(t->address)) < 0 ? error_last() : 0;
	close(fd);
	/* a full queue has somebody at its end, too */
	if (rc == 0 || rc == -EAGAIN)
		return in_use(path, error);
	if (rc != -ECONNREFUSED)
		return error_errno(error, rc, "%s", path);
	if (unlink(path) < 0 && errno != ENOENT)
		return error_errno(error, error_last(), "%s", path);
	return 0;
}

/* For its owner alone: who may connect is the device. */
static int listen_at(struct twin *t, struct error *error)
{
	mode_t mask;
	int rc;

	t->listener = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	if (t->listener < 0)
		return error_errno(error, error_last(), "%s", t->address.sun_path);
	mask = umask(0177);
	rc = bind(t->listener, (struct sockaddr *)&t->address, sizeof(t->address)) < 0 ? error_last() : 0;
	umask(mask);
	if (rc == 0 && listen(t->listener, 1) < 0) {
		rc = error_last();
		unlink(t->address.sun_path);
	}
	if (rc < 0) {
		close(t->listener);
		t->listener = -1;
		return error_errno(error, rc, "%s", t->address.sun_path);
	}
	return 0;
}

static int set_address(struct twin *t, const char *path, struct error *error)
{
	size_t length = strlen(path);

	t->address.sun_family = AF_UNIX;
	if (length == 0 || length >= sizeof(t->address.sun_path))
		return error_set(error, ERROR_USAGE, "bad-socket",
				 "--socket: a socket's path has 1 to %zu characters, this has %zu",
				 sizeof(t->address.sun_path) - 1, length);
	memcpy(t->address.sun_path, path, length + 1);
	return 0;
}

static int turn_aside(void *data);
static bool release(void *data);

static void fail_late(void *data, uint64_t address, size_t size, int rc)
{
	const struct twin *t = data;

	model_dma_fault(t->device.model, address, size, true, rc);
}

static void tell_mute(void *data)
{
	const struct twin *t = data;
	static const char text[] = "the client answers no requests: DMA reaches only memory that it shares";

	twin_log_line(t->log, "# %s", text);
	context_log(t->ctx, LOG_WARN, "%s: %s", t->address.sun_path, text);
}

static int ask_client(void *data, uint64_t address, void *bytes, size_t size, bool write)
{
	return asker_transfer(data, address, bytes, size, write);
}

/* --- open and close --------------------------------------------------------------------------------- */

static int open_all(struct twin *t, const struct twin_options *options, struct error *error)
{
	int rc = sigbus_init();

	rc = rc < 0 ? error_errno(error, rc, "a twin") : set_address(t, options->socket, error);

	if (rc == 0 && options->log)
		rc = twin_log_open(options->log, &t->log, error);
	if (rc == 0)
		rc = twin_device_open(&t->device, t->ctx, options, t->log, error);
	if (rc < 0)
		return rc;
	t->has_device = true;
	t->protocol.device = &t->device;
	t->asker = (struct asker){ .channel = &t->channel,
				   .turn = turn_aside,
				   .release = release,
				   .failed = fail_late,
				   .mute = tell_mute,
				   .data = t };
	t->device.memory.ask = ask_client;
	t->device.memory.ask_data = &t->asker;
	return 0;
}

int twin_open(const struct context *ctx, const struct twin_options *options, struct twin **twin,
	      struct error *error)
{
	struct twin *t = calloc(1, sizeof(*t));
	int rc;

	if (!t)
		return error_errno(error, -ENOMEM, "a twin");
	t->ctx = ctx;
	t->listener = -1;
	t->channel.socket = -1;
	t->reply = malloc(WIRE_MESSAGE_MAX);
	rc = t->reply ? open_all(t, options, error) : error_errno(error, -ENOMEM, "a twin");
	if (rc < 0) {
		twin_close(t);
		return rc;
	}
	*twin = t;
	return 0;
}

int twin_listen(struct twin *t, struct error *error)
{
	int rc = clear_path(t, error);

	return rc < 0 ? rc : listen_at(t, error);
}

void twin_unlisten(struct twin *t)
{
	if (t->listener < 0)
		return;
	unlink(t->address.sun_path);
	close(t->listener);
	t->listener = -1;
}

void twin_close(struct twin *t)
{
	if (!t)
		return;
	channel_close(&t->channel);
	twin_unlisten(t);
	if (t->has_device)
		twin_device_close(&t->device);
	twin_log_close(t->log);
	free(t->reply);
	free(t);
}

bool twin_shares_log(const struct twin *t, const struct twin *other)
{
	return twin_log_is_shared(t->log, other->log);
}

int twin_bar_parse(const char *text, struct twin_bar *bar, struct error *error)
{
	struct twin_bar b = { 0 };
	const char *rest = text;
	int rc = size_scan(&rest, &b.size, error);

	while (rc == 0 && *rest) {
		size_t length = strcspn(rest + 1, ",");

		if (*rest == ',' && length == 2 && strncmp(rest + 1, "64", 2) == 0)
			b.is_64bit = true;
		else if (*rest == ',' && length == 8 && strncmp(rest + 1, "prefetch", 8) == 0)
			b.is_prefetchable = true;
		else
			rc = error_set(error, ERROR_USAGE, "bad-bar",
				       "'%s': a BAR is SIZE, and behind it ',64' and ',prefetch' if need be",
				       text);
		rest += 1 + length;
	}
	if (rc == 0 && b.size == 0)
		rc = error_set(error, ERROR_USAGE, "bad-bar", "'%s': a BAR of no bytes", text);
	if (rc == 0)
		*bar = b;
	return rc;
}

void twin_summary(const struct twin *t, struct twin_summary *s)
{
	const struct twin_device *d = &t->device;
	uint64_t extent;

	*s = (struct twin_summary){ .config_size = d->config.size,
				    .rom = d->rom.size,
				    .vendor = config_image_get16(&d->config, PCI_VENDOR_ID),
				    .device = config_image_get16(&d->config, PCI_DEVICE_ID) };
	memcpy(s->vectors, d->vectors.counts, sizeof(s->vectors));
	for (unsigned int i = 0; i < DEVICE_BARS; i++) {
		s->bars[i].size = d->config.bars[i].size;
		s->bars[i].is_io = d->config.bars[i].io;
		s->bars[i].is_64bit = d->config.bars[i].is_64bit;
		s->bars[i].is_memory = d->fds[i] >= 0;
		s->bars[i].registers = register_file_in_bar(&d->registers, i, &extent);
		s->bars[i].is_replayed = replay_extent(d->replay, i) > 0;
	}
}

/* --- a client ----------------------------------------------------------------------------------------- */

static void hang_up(struct twin *t)
{
	channel_close(&t->channel);
	twin_device_disconnect(&t->device);
}

static int accept_client(struct twin *t, struct error *error)
{
	int fd = accept4(t->listener, NULL, NULL, SOCK_CLOEXEC | SOCK_NONBLOCK);
	int rc;

	/* who is gone again was none */
	if (fd < 0)
		return error_is_lack(error_last())
			       ? error_errno(error, error_last(), "a client at %s", t->address.sun_path)
			       : 0;
	rc = channel_open(&t->channel, fd);
	if (rc < 0) {
		close(fd);
		return error_errno(error, rc, "a client at %s", t->address.sun_path);
	}
	t->protocol.is_open = false;
	asker_restart(&t->asker);
	replay_restart(t->device.replay);
	context_log(t->ctx, LOG_INFO, "%s: a client is there", t->address.sun_path);
	return 0;
}

/* A model may want the device to be slow. A signal ends the wait. */
static void delay(const struct twin *t)
{
	uint64_t ns = model_delay(t->device.model);

	if (ns)
		poll(NULL, 0, (int)((ns + 999999) / 1000000));
}

/*
 * A write to a BAR is posted (PCIe 6.0 section 2.4.1): what the device does then is not waited for. QEMU 11.1 wants an answer
 * all the same, and may do nothing else until it has it.
 */
static bool release(void *data)
{
	struct twin *t = data;
	const struct message *m = &t->channel.message;
	struct message_reply reply = { .bytes = t->reply, .size = sizeof(struct wire_region), .fd = -1 };

	if (!protocol_is_bar_write(m))
		return false;
	memcpy(t->reply, m->payload, sizeof(struct wire_region));
	delay(t);
	if (channel_reply(&t->channel, &reply) < 0)
		return false;
	t->is_released = true;
	t->asker.is_waited_for = false;
	return true;
}

static int answer_message(struct twin *t, struct message *m, struct message_reply *reply)
{
	bool was_waited_for = t->asker.is_waited_for;
	int rc;

	if (protocol_is_reply(m))
		return asker_take(&t->asker, m);
	t->asker.is_waited_for = protocol_wants_reply(m);
	t->asker.is_answering = true;
	rc = protocol_answer(&t->protocol, m, reply);
	t->asker.data_max = t->protocol.data_max;
	t->asker.is_answering = false;
	t->asker.is_waited_for = was_waited_for;
	return rc;
}

/* One message: 0, or -errno when there is nobody to talk to any more. */
static int answer_client(struct twin *t)
{
	struct message_reply reply = { .bytes = t->reply, .fd = -1 };
	struct message *m = &t->channel.message;
	bool was_released = t->is_released;
	bool is_answered;
	int rc;

	t->is_released = false;
	rc = answer_message(t, m, &reply);
	is_answered = protocol_is_reply(m) || !protocol_wants_reply(m) || t->is_released;
	t->is_released = was_released;
	/* while it was asked for something */
	if (rc == 0 && t->channel.socket < 0) {
		channel_close(&t->channel);
		return 0;
	}
	if (rc == 0 && !is_answered) {
		delay(t);
		rc = channel_reply(&t->channel, &reply);
	}
	channel_next(&t->channel);
	return rc;
}

static void serve_client(struct twin *t)
{
	int rc = channel_receive(&t->channel);

	if (rc > 0)
		rc = answer_client(t);
	if (rc == 0)
		return;
	if (rc == -ECONNRESET)
		context_log(t->ctx, LOG_INFO, "%s: the client is gone", t->address.sun_path);
	else
		context_log(t->ctx, LOG_WARN, "%s: the client is hung up on: %s", t->address.sun_path,
			    rc == -EPROTO ? "it does not speak vfio-user 0" : strerror(-rc));
	hang_up(t);
}

/* A message while the client is asked for something. */
static int turn_aside(void *data)
{
	struct twin *t = data;
	struct pollfd p[] = { { .fd = t->channel.socket, .events = POLLIN },
			      { .fd = t->end, .events = POLLIN } };
	/* not for ever: a signal may come just before */
	int n = poll(p, 2, 100);

	if (t->stopped(t->stopped_data) || (n > 0 && p[1].revents))
		return -EINTR;
	if (n > 0 && p[0].revents)
		serve_client(t);
	return t->channel.socket < 0 ? -ECONNRESET : 0;
}

/* Until something comes, or a timer of the model's is due; ms. */
static int patience(const struct twin *t)
{
	uint64_t due = model_due(t->device.model);
	uint64_t now = clock_ns();

	if (due == UINT64_MAX)
		return -1;
	if (due <= now)
		return 0;
	return due - now > 1000000000 ? 1000 : (int)((due - now + 999999) / 1000000);
}

/* END is there: 1. */
static int one_turn(struct twin *t, int end, struct error *error)
{
	bool has_client = t->channel.socket >= 0;
	struct pollfd p[] = { { .fd = has_client ? t->channel.socket : t->listener, .events = POLLIN },
			      { .fd = end, .events = POLLIN } };
	int n = poll(p, 2, patience(t));
	int rc = 0;

	if (n < 0 && errno != EINTR)
		return error_errno(error, error_last(), "%s", t->address.sun_path);
	if (n > 0 && p[0].revents && has_client)
		serve_client(t);
	else if (n > 0 && p[0].revents)
		rc = accept_client(t, error);
	model_run_timers(t->device.model, clock_ns());
	if (rc == 0)
		rc = twin_log_check(t->log, error);
	return rc == 0 && n > 0 && p[1].revents ? 1 : rc;
}

/*
 * A device that died answers ones until its client goes: QEMU 11.1 aborts, or waits 5 s, where a read has been sent and the
 * connection ends, and exits where it maps memory for one that is gone.
 */
static bool is_over(const struct twin *t)
{
	return model_is_dead(t->device.model) && t->channel.socket < 0;
}

int twin_serve(struct twin *t, int end, bool (*stopped)(void *data), void *data, struct error *error)
{
	int rc = 0;

	t->end = end;
	t->stopped = stopped;
	t->stopped_data = data;
	while (rc == 0 && !stopped(data) && !is_over(t))
		rc = one_turn(t, end, error);
	if (rc > 0)
		rc = 0;
	/* who waits for an answer waits no longer */
	hang_up(t);
	if (rc == 0 && model_failure(t->device.model))
		rc = error_set(error, ERROR_FAILED, "model", "%s", model_failure(t->device.model));
	if (rc == 0)
		rc = replay_verdict(t->device.replay, error);
	return rc;
}
