// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * irq/N: a read waits for the vector's next interrupt. Each vector that is waited for has a thread, which waits only while
 * somebody reads or polls: waiting for INTx unmasks it.
 */
#include <errno.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/clock.h"
#include "core/base/number.h"
#include "core/dma/interrupt.h"
#include "core/mount/internal.h"

/* ns; how long a thread may take to notice that nobody waits any more */
#define SLICE 200000000
/* ns; the kernel does not say when a poll has ended, so after that long whoever polls has to do so anew */
#define POLL_NS 1000000000
/* 2^64 and a newline */
#define COUNT_SIZE 24

/* A read that is not answered yet. */
struct wait {
	struct wait *next;
	fuse_req_t request;
	struct handle *handle;
	size_t size;
};

struct vector {
	struct vector *next;
	struct interrupt_files *files;
	unsigned int number;
	struct buffer_client *client; /* the thread's own */
	pthread_t thread;
	struct wait *waits;
	struct handle *polls; /* whose reader is to be told */
	bool is_waiting;
};

struct interrupt_files {
	struct mount *mount;
	/* the device as threads see it: without a trace, which has accesses in their order */
	struct context context;
	struct device device;
	pthread_mutex_t lock; /* of all below, and of handles */
	pthread_cond_t changed;
	struct vector *vectors;
	bool is_ending;
};

int interrupt_files_open(struct mount *m, struct interrupt_files **files, struct error *error)
{
	struct interrupt_files *f = calloc(1, sizeof(*f));

	if (!f)
		return error_errno(error, -ENOMEM, "%s", m->device->name);
	f->mount = m;
	f->context = *m->device->ctx;
	f->context.trace = NULL;
	f->device = *m->device;
	f->device.ctx = &f->context;
	pthread_mutex_init(&f->lock, NULL);
	pthread_cond_init(&f->changed, NULL);
	*files = f;
	return 0;
}

/* --- answers ---------------------------------------------------------------------------------------------- */

/* As much of the handle's text as was asked for; a shell reads byte by byte. */
static void reply_text(const struct interrupt_files *f, fuse_req_t request, struct handle *h, size_t size)
{
	size_t left = h->length - h->at;

	if (size > left)
		size = left;
	f->mount->fuse_reply_buf(request, h->text + h->at, size);
	h->at += size;
}

static int set_count(struct handle *h, uint64_t count)
{
	char *text = h->text ? h->text : malloc(COUNT_SIZE);

	if (!text)
		return -ENOMEM;
	h->text = text;
	h->length = (size_t)snprintf(text, COUNT_SIZE, "%llu\n", (unsigned long long)count);
	h->at = 0;
	h->since = count;
	return 0;
}

static void reply_count(const struct interrupt_files *f, fuse_req_t request, struct handle *h, size_t size,
			uint64_t count)
{
	if (set_count(h, count) < 0)
		f->mount->fuse_reply_err(request, ENOMEM);
	else
		reply_text(f, request, h, size);
}

static void tell_poll(const struct interrupt_files *f, struct handle *h)
{
	f->mount->fuse_lowlevel_notify_poll(h->poll);
	f->mount->fuse_pollhandle_destroy(h->poll);
	h->poll = NULL;
}

/* Whoever has not seen COUNT; with NUMBER all, and reads fail with it. */
static void answer(struct vector *v, uint64_t count, int number)
{
	struct interrupt_files *f = v->files;
	struct wait **at = &v->waits;
	struct handle **poll = &v->polls;

	while (*at) {
		struct wait *w = *at;

		if (!number && w->handle->since >= count) {
			at = &w->next;
			continue;
		}
		*at = w->next;
		if (number)
			f->mount->fuse_reply_err(w->request, number);
		else
			reply_count(f, w->request, w->handle, w->size, count);
		free(w);
	}
	while (*poll) {
		struct handle *h = *poll;

		if (!number && h->since >= count) {
			poll = &h->next;
			continue;
		}
		*poll = h->next;
		tell_poll(f, h);
	}
}

/*
 * Those that polled long ago are told, though nothing came: one that still waits looks, sees that, and polls again without
 * coming back; of another nothing is heard.
 */
static void renew_polls(struct vector *v)
{
	uint64_t now = clock_ns();
	struct handle **poll = &v->polls;

	while (*poll) {
		struct handle *h = *poll;

		if (now - h->polled < POLL_NS) {
			poll = &h->next;
			continue;
		}
		*poll = h->next;
		tell_poll(v->files, h);
	}
}

/* --- the thread of a vector ------------------------------------------------------------------------------- */

static uint64_t smallest_since(const struct vector *v)
{
	uint64_t since = UINT64_MAX;

	for (const struct wait *w = v->waits; w; w = w->next)
		since = w->handle->since < since ? w->handle->since : since;
	for (const struct handle *h = v->polls; h; h = h->next)
		since = h->since < since ? h->since : since;
	return since;
}

static void *wait_for_vector(void *data)
{
	struct vector *v = data;
	struct interrupt_files *f = v->files;

	pthread_mutex_lock(&f->lock);
	while (!f->is_ending) {
		struct error error = { 0 };
		uint64_t count = 0;
		uint64_t since;
		int rc;

		if (!v->waits && !v->polls) {
			pthread_cond_wait(&f->changed, &f->lock);
			continue;
		}
		since = smallest_since(v);
		v->is_waiting = true;
		pthread_mutex_unlock(&f->lock);
		rc = interrupt_wait(v->client, v->number, since, SLICE, &count, &error);
		pthread_mutex_lock(&f->lock);
		v->is_waiting = false;
		pthread_cond_broadcast(&f->changed);
		if (rc == 0)
			answer(v, count, 0);
		else if (rc != -ETIME && rc != -EINTR)
			answer(v, 0, mount_errno(rc, &error));
		renew_polls(v);
	}
	answer(v, 0, ENODEV);
	pthread_mutex_unlock(&f->lock);
	return NULL;
}

/* Signals are for the thread that serves. */
static int start_thread(struct vector *v)
{
	sigset_t all;
	sigset_t old;
	int rc;

	sigfillset(&all);
	pthread_sigmask(SIG_SETMASK, &all, &old);
	rc = pthread_create(&v->thread, NULL, wait_for_vector, v);
	pthread_sigmask(SIG_SETMASK, &old, NULL);
	return -rc;
}

static struct vector *find_vector(const struct interrupt_files *f, unsigned int number)
{
	struct vector *v = f->vectors;

	while (v && v->number != number)
		v = v->next;
	return v;
}

static int make_vector(struct interrupt_files *f, unsigned int number, struct vector **vector,
		       struct error *error)
{
	struct vector *v = find_vector(f, number);
	int rc;

	if (v) {
		*vector = v;
		return 0;
	}
	v = calloc(1, sizeof(*v));
	if (!v)
		return error_errno(error, -ENOMEM, "vector %u", number);
	v->files = f;
	v->number = number;
	rc = buffer_client_open(&f->device, &v->client, error);
	if (rc < 0)
		goto out_free;
	rc = start_thread(v);
	if (rc < 0) {
		rc = error_errno(error, rc, "vector %u: a thread", number);
		goto out_close;
	}
	v->next = f->vectors;
	f->vectors = v;
	*vector = v;
	return 0;

out_close:
	buffer_client_close(v->client);
out_free:
	free(v);
	return rc;
}

/* --- files ------------------------------------------------------------------------------------------------ */

int interrupt_file_begin(struct interrupt_files *f, struct handle *h, struct error *error)
{
	return interrupt_count(f->mount->client, h->node.index, &h->since, NULL, error);
}

/* Its reader was sent a signal: called by libfuse with the request that it is about. */
static void interrupted(fuse_req_t request, void *data)
{
	struct interrupt_files *f = data;

	pthread_mutex_lock(&f->lock);
	for (struct vector *v = f->vectors; v; v = v->next) {
		for (struct wait **at = &v->waits; *at; at = &(*at)->next) {
			struct wait *w = *at;

			if (w->request != request)
				continue;
			*at = w->next;
			free(w);
			f->mount->fuse_reply_err(request, EINTR);
			goto out_unlock;
		}
	}
out_unlock:
	pthread_mutex_unlock(&f->lock);
}

static int add_wait(struct vector *v, fuse_req_t request, struct handle *h, size_t size, struct error *error)
{
	struct wait *w = calloc(1, sizeof(*w));

	if (!w)
		return error_errno(error, -ENOMEM, "vector %u", v->number);
	*w = (struct wait){ .next = v->waits, .request = request, .handle = h, .size = size };
	v->waits = w;
	pthread_cond_broadcast(&v->files->changed);
	return 0;
}

/* Others who wait for it hear of it as well: where this process reads the count, its threads may not be woken by it. */
static int look_at_count(struct interrupt_files *f, struct handle *h, uint64_t *count, struct error *error)
{
	struct vector *v = find_vector(f, h->node.index);
	int rc = interrupt_count(f->mount->client, h->node.index, count, NULL, error);

	if (rc < 0)
		return rc;
	/* they were enabled anew */
	if (*count < h->since)
		h->since = 0;
	if (v)
		answer(v, *count, 0);
	return 0;
}

/* With the lock held. True: it was answered. */
static bool read_now(struct interrupt_files *f, fuse_req_t request, struct handle *h, size_t size,
		     bool is_nonblocking, int *rc, struct error *error)
{
	uint64_t count = 0;

	if (h->at < h->length) {
		reply_text(f, request, h, size);
		return true;
	}
	*rc = look_at_count(f, h, &count, error);
	if (*rc == 0 && count > h->since) {
		reply_count(f, request, h, size, count);
		return true;
	}
	if (*rc == 0 && is_nonblocking) {
		f->mount->fuse_reply_err(request, EAGAIN);
		return true;
	}
	return false;
}

void interrupt_file_read(struct interrupt_files *f, fuse_req_t request, struct handle *h, size_t size,
			 bool is_nonblocking)
{
	struct error error = { 0 };
	struct vector *v;
	int rc = 0;
	bool is_answered;

	/*
	 * Before anybody can answer it: then the request is no more. It is this thread that hears of signals, which may
	 * have come before.
	 */
	f->mount->fuse_req_interrupt_func(request, interrupted, f);
	if (f->mount->fuse_req_interrupted(request)) {
		f->mount->fuse_reply_err(request, EINTR);
		return;
	}
	pthread_mutex_lock(&f->lock);
	is_answered = read_now(f, request, h, size, is_nonblocking, &rc, &error);
	if (!is_answered && rc == 0)
		rc = make_vector(f, h->node.index, &v, &error);
	if (!is_answered && rc == 0)
		rc = add_wait(v, request, h, size, &error);
	pthread_mutex_unlock(&f->lock);
	if (!is_answered && rc < 0)
		f->mount->fuse_reply_err(request, mount_fail(f->mount, rc, &error));
}

static void forget_poll(struct interrupt_files *f, struct handle *h)
{
	for (struct vector *v = f->vectors; v; v = v->next) {
		for (struct handle **at = &v->polls; *at; at = &(*at)->next) {
			if (*at == h) {
				*at = h->next;
				break;
			}
		}
	}
	if (h->poll)
		f->mount->fuse_pollhandle_destroy(h->poll);
	h->poll = NULL;
}

void interrupt_file_poll(struct interrupt_files *f, fuse_req_t request, struct handle *h,
			 struct fuse_pollhandle *poll)
{
	struct error error = { 0 };
	struct vector *v = NULL;
	uint64_t count = 0;
	unsigned int events = 0;
	int rc;

	pthread_mutex_lock(&f->lock);
	forget_poll(f, h);
	rc = look_at_count(f, h, &count, &error);
	if (rc < 0)
		events = POLLERR | POLLHUP;
	else if (h->at < h->length || count > h->since)
		events = POLLIN | POLLRDNORM;
	if (!events && poll && make_vector(f, h->node.index, &v, &error) == 0) {
		h->poll = poll;
		h->polled = clock_ns();
		h->next = v->polls;
		v->polls = h;
		poll = NULL;
		pthread_cond_broadcast(&f->changed);
	}
	if (poll)
		f->mount->fuse_pollhandle_destroy(poll);
	pthread_mutex_unlock(&f->lock);
	f->mount->fuse_reply_poll(request, events);
}

void interrupt_file_end(struct interrupt_files *f, struct handle *h)
{
	pthread_mutex_lock(&f->lock);
	forget_poll(f, h);
	pthread_mutex_unlock(&f->lock);
}

/* --- irq/type --------------------------------------------------------------------------------------------- */

int interrupt_type_read(struct mount *m, char **text, size_t *length, struct error *error)
{
	struct interrupt_state state;
	int rc = interrupt_state(m->client, &state, error);
	int n;

	if (rc < 0)
		return rc;
	if (state.type == INTERRUPT_NONE)
		n = asprintf(text, "none\n");
	else
		n = asprintf(text, "%s %u\n", interrupt_type_name(state.type), state.vectors);
	if (n < 0)
		return error_errno(error, -ENOMEM, "irq/type");
	*length = (size_t)n;
	return 0;
}

static bool is_waited_for(const struct interrupt_files *f)
{
	/* the kernel does not say when a poll has ended */
	for (const struct vector *v = f->vectors; v; v = v->next) {
		if (v->waits)
			return true;
	}
	return false;
}

/* A thread that waits for nobody any more is not to see its vector go: it has a moment. */
static void await_threads(struct interrupt_files *f)
{
	for (struct vector *v = f->vectors; v;) {
		if (v->is_waiting)
			pthread_cond_wait(&f->changed, &f->lock);
		else
			v = v->next;
	}
}

static int parse_type(const char *text, enum interrupt_type *type, unsigned int *vectors, struct error *error)
{
	char name[16];
	uint64_t count = 0;
	int used = 0;
	int rc = 0;

	*vectors = 0;
	if (sscanf(text, "%15s %n", name, &used) < 1)
		return error_set(error, ERROR_USAGE, "bad-operand", "irq/type: TYPE [VECTORS] is written");
	if (text[used])
		rc = number_parse(text + used, &count, error);
	if (rc == 0 && (count > 2048 || (text[used] && count == 0)))
		rc = error_set(error, ERROR_USAGE, "bad-operand",
			       "irq/type: '%.20s' vectors are not 1 to 2048", text + used);
	*vectors = (unsigned int)count;
	if (rc == 0 && strcmp(name, "none") == 0)
		*type = INTERRUPT_NONE;
	else if (rc == 0)
		rc = interrupt_type_parse(name, type, error);
	return rc;
}

int interrupt_type_write(struct interrupt_files *f, const char *text, struct error *error)
{
	struct buffer_client *client = f->mount->client;
	enum interrupt_type type = INTERRUPT_NONE;
	enum interrupt_type enabled;
	unsigned int vectors;
	int rc = parse_type(text, &type, &vectors, error);

	if (rc < 0)
		return rc;
	pthread_mutex_lock(&f->lock);
	if (is_waited_for(f)) {
		rc = error_errno(error, -EBUSY, "irq/type: somebody waits for an interrupt");
	} else {
		/* whoever polls is to look again */
		for (struct vector *v = f->vectors; v; v = v->next)
			answer(v, 0, ENODEV);
		await_threads(f);
		rc = type == INTERRUPT_NONE
			     ? interrupt_disable(client, error)
			     : interrupt_enable(client, type, vectors, &enabled, &vectors, error);
	}
	pthread_mutex_unlock(&f->lock);
	return rc;
}

void interrupt_files_close(struct interrupt_files *f)
{
	struct vector *v;

	if (!f)
		return;
	pthread_mutex_lock(&f->lock);
	f->is_ending = true;
	pthread_cond_broadcast(&f->changed);
	pthread_mutex_unlock(&f->lock);
	while ((v = f->vectors)) {
		f->vectors = v->next;
		pthread_join(v->thread, NULL);
		buffer_client_close(v->client);
		free(v);
	}
	pthread_cond_destroy(&f->changed);
	pthread_mutex_destroy(&f->lock);
	free(f);
}
