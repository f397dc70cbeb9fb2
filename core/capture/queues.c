// SPDX-License-Identifier: GPL-2.0-or-later
/* Captures, or plays, of one device at once: a thread each, one claim. */
#include "core/capture/queues.h"

#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>

#include "core/backend/path.h"
#include "core/backend/session_link.h"
#include "core/file/same_file.h"
#include "core/capture/internal.h"

/* How often the caller's thread looks at the others. */
#define LOOK_NS UINT64_C(100000000)

struct queue {
	struct capture_queues *all;
	const struct capture_queue *asked;
	size_t number;
	struct capture_events events;
	struct capture *capture;
	pthread_t thread;
	bool has_thread;
	bool is_ended; /* guarded by LOCK, as SEEN */
	struct capture_result seen;
	int rc;
	struct error error;
};

struct capture_queues {
	const struct capture_queue_events *events;
	struct device *device;
	struct capture_claim claim;
	pthread_mutex_t lock;
	pthread_mutex_t accesses; /* the claim's */
	pthread_cond_t ended; /* a queue has */
	atomic_bool is_failed; /* one of them, so that the others end */
	const struct queue *failed; /* the first; guarded by LOCK */
	size_t count;
	struct queue list[];
};

/* The parsers and engines do not know of queues; which one it was is known here. */
static int in_queue(const struct queue *q, int rc, struct error *error)
{
	return rc == 0 || rc == -ECANCELED ? rc : capture_queue_failed(q->asked->name, rc, error);
}

/* --- what the engines ask for and tell -------------------------------------------------------------- */

static bool is_stopped(void *data)
{
	const struct capture_queues *all = ((struct queue *)data)->all;

	return atomic_load(&all->is_failed) ||
	       (all->events->stopped && all->events->stopped(all->events->data));
}

static bool is_hurried(void *data)
{
	const struct capture_queue_events *events = ((struct queue *)data)->all->events;

	return events->hurried && events->hurried(events->data);
}

static int on_begun(void *data, struct error *error)
{
	const struct queue *q = data;
	const struct capture_queue_events *events = q->all->events;

	return events->begun ? events->begun(events->data, q->number, error) : 0;
}

static int on_block(void *data, const struct capture_block *block, struct error *error)
{
	const struct queue *q = data;
	const struct capture_queue_events *events = q->all->events;

	return events->block ? events->block(events->data, q->number, block, error) : 0;
}

static void on_progress(void *data, const struct capture_result *result)
{
	struct queue *q = data;

	pthread_mutex_lock(&q->all->lock);
	q->seen = *result;
	pthread_mutex_unlock(&q->all->lock);
}

/* --- opening ---------------------------------------------------------------------------------------- */

/* What is only read may be everybody's, unless it is a stream; so may what keeps nothing, as /dev/null. */
static bool may_share(const struct stat *status, bool play)
{
	return play ? S_ISREG(status->st_mode) || S_ISBLK(status->st_mode) : S_ISCHR(status->st_mode);
}

static bool is_one_file(const struct stat *one, const struct stat *other, bool play)
{
	return same_inode(one, other) && !may_share(one, play);
}

int capture_queues_same_file(const char *one, const char *other, const char *file, struct error *error)
{
	return error_set(error, ERROR_USAGE, "same-file", "%.100s and %.100s: both have the file %.100s", one,
			 other, file);
}

bool capture_queues_is_one_file(int one, int other, bool play)
{
	struct stat a;
	struct stat b;

	return fstat(one, &a) == 0 && fstat(other, &b) == 0 && is_one_file(&a, &b, play);
}

/* Do the two names lead to a file that is there, or would make the same one? */
static bool names_one_file(const char *one, const char *other, bool play)
{
	struct stat status;

	return one && other && same_file(one, other, &status) &&
	       !(status.st_mode && may_share(&status, play));
}

int capture_files_check(const struct capture_config *config, struct error *error)
{
	const char *file = config->file;

	if (strcmp(file, "-") == 0)
		file = config->play ? "/dev/stdin" : "/dev/stdout";
	if (!names_one_file(file, config->index, false))
		return 0;
	return error_set(error, ERROR_USAGE, "same-file", "%s and --index both have the file %.100s",
			 config->play ? "-i" : "-o", config->index);
}

static int check_two(const struct capture_queue *q, const struct capture_queue *other, struct error *error)
{
	const struct capture_config *a = q->config;
	const struct capture_config *b = other->config;

	if (a->has_irq && b->has_irq && a->vector == b->vector)
		return error_set(
			error, ERROR_USAGE, "same-vector",
			"%.100s and %.100s: both wait for vector %u; each queue needs its own, or is polled",
			other->name, q->name, a->vector);
	if (names_one_file(a->file, b->file, a->play))
		return capture_queues_same_file(other->name, q->name, a->file, error);
	if (names_one_file(a->index, b->index, false) || names_one_file(a->index, b->file, false))
		return capture_queues_same_file(other->name, q->name, a->index, error);
	if (names_one_file(a->file, b->index, false))
		return capture_queues_same_file(other->name, q->name, b->index, error);
	return 0;
}

int capture_queues_check(const struct capture_queue *list, size_t count, struct error *error)
{
	int rc = 0;

	for (size_t i = 0; i < count; i++) {
		for (size_t n = 0; n < i && rc == 0; n++)
			rc = check_two(&list[i], &list[n], error);
	}
	return rc;
}

/* The same of what is open, by whatever name. */
static int check_apart(const struct queue *q, const struct queue *other, struct error *error)
{
	const struct capture_config *config = q->asked->config;

	if (capture_queues_is_one_file(q->capture->file->file.fd, other->capture->file->file.fd,
				       config->play))
		return capture_queues_same_file(other->asked->name, q->asked->name, config->file, error);
	return 0;
}

static int open_queue(struct queue *q, struct error *error)
{
	int rc;

	q->events = (struct capture_events){
		.data = q,
		.stopped = is_stopped,
		.hurried = is_hurried,
		.begun = on_begun,
		.block = on_block,
		.progress = on_progress,
	};
	rc = capture_new(q->asked->config, q->all->device, &q->events, &q->capture, error);
	if (rc < 0)
		return in_queue(q, rc, error);
	for (size_t i = 0; i < q->number && rc == 0; i++)
		rc = check_apart(q, &q->all->list[i], error);
	return rc;
}

static int open_all(struct capture_queues *all, struct error *error)
{
	bool has_irq = false;
	int rc = 0;

	for (size_t i = 0; i < all->count && rc == 0; i++) {
		rc = open_queue(&all->list[i], error);
		has_irq |= all->list[i].asked->config->has_irq;
	}
	if (rc == 0)
		rc = capture_claim_open(&all->claim, has_irq, error);
	for (size_t i = 0; i < all->count && rc == 0; i++)
		rc = in_queue(&all->list[i], capture_attach(all->list[i].capture, &all->claim, error), error);
	if (rc == 0)
		rc = capture_claim_take(&all->claim, error);
	for (size_t i = 0; i < all->count && rc == 0; i++)
		rc = in_queue(&all->list[i], capture_allocate(all->list[i].capture, error), error);
	return rc;
}

/*
 * The holder of a session over VFIO answers one question after the other, a trace has its accesses in their order, and what
 * a pool keeps open is for one thread.
 */
static int check_device(const struct device *device, struct error *error)
{
	if (device->ctx->trace)
		return error_set(error, ERROR_UNSUPPORTED, "queues-traced",
				 "%s: queues run side by side, a trace has no place for that", device->name);
	if (device->path && device->path->is_kept)
		return error_set(error, ERROR_UNSUPPORTED, "queues-in-batch",
				 "%s: there are no queues in a batch: run it as a command of its own",
				 device->name);
	if (!device_session(device) || session_link_kind(device_session(device)) != BACKEND_VFIO)
		return 0;
	error_set(error, ERROR_UNSUPPORTED, "queues-in-session",
		  "%s: there are no queues in a session over VFIO", device->name);
	error_hint(error, "run it outside, where it opens VFIO by itself: 'pcietool --via vfio dma ...'");
	return -EOPNOTSUPP;
}

/* By the clock that nobody sets. */
static void init_ended(pthread_cond_t *ended)
{
	pthread_condattr_t attributes;

	pthread_condattr_init(&attributes);
	pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC);
	pthread_cond_init(ended, &attributes);
	pthread_condattr_destroy(&attributes);
}

int capture_queues_open(const struct capture_queue *list, size_t count, struct device *device,
			const struct capture_queue_events *events, struct capture_queues **queues,
			struct error *error)
{
	struct capture_queues *all;
	int rc = check_device(device, error);

	if (rc < 0)
		return rc;
	all = calloc(1, sizeof(*all) + count * sizeof(all->list[0]));
	if (!all)
		return error_errno(error, -ENOMEM, "%s", device->name);
	all->events = events;
	all->device = device;
	all->count = count;
	pthread_mutex_init(&all->lock, NULL);
	pthread_mutex_init(&all->accesses, NULL);
	init_ended(&all->ended);
	capture_claim_init(&all->claim, device);
	all->claim.lock = &all->accesses;
	for (size_t i = 0; i < count; i++) {
		all->list[i].all = all;
		all->list[i].asked = &list[i];
		all->list[i].number = i;
	}
	rc = open_all(all, error);
	if (rc < 0) {
		capture_queues_close(all);
		return rc;
	}
	*queues = all;
	return 0;
}

/* --- running ---------------------------------------------------------------------------------------- */

/* Q ended with its RC. */
static void note_end(struct queue *q)
{
	struct capture_queues *all = q->all;

	pthread_mutex_lock(&all->lock);
	q->is_ended = true;
	if (q->rc < 0 && q->rc != -ECANCELED && !all->failed) {
		all->failed = q;
		atomic_store(&all->is_failed, true);
	}
	pthread_cond_signal(&all->ended);
	pthread_mutex_unlock(&all->lock);
}

static void *run_queue(void *data)
{
	struct queue *q = data;

	q->rc = capture_run_engine(q->capture, &q->error);
	note_end(q);
	return NULL;
}

static void on_nudge(int signal)
{
	(void)signal;
}

/* How many have not ended; WAKE: a system call that one of them is in comes back. With LOCK. */
static size_t count_running(const struct capture_queues *all, bool wake)
{
	size_t running = 0;

	for (size_t i = 0; i < all->count; i++) {
		if (!all->list[i].has_thread || all->list[i].is_ended)
			continue;
		running++;
		if (wake)
			pthread_kill(all->list[i].thread, SIGUSR1);
	}
	return running;
}

static void tell_progress(const struct capture_queues *all)
{
	struct capture_result sum = { 0 };

	if (!all->events->progress)
		return;
	for (size_t i = 0; i < all->count; i++) {
		const struct capture_result *r = &all->list[i].seen;

		sum.bytes += r->bytes;
		sum.lost += r->lost;
		sum.time = r->time > sum.time ? r->time : sum.time;
		if (r->lost_reason)
			sum.lost_reason = r->lost_reason;
	}
	all->events->progress(all->events->data, &sum);
}

static void wait_for_all(struct capture_queues *all)
{
	struct timespec until;

	pthread_mutex_lock(&all->lock);
	while (count_running(all, is_stopped(&all->list[0])) > 0) {
		tell_progress(all);
		clock_gettime(CLOCK_MONOTONIC, &until);
		until.tv_nsec += LOOK_NS;
		if (until.tv_nsec >= 1000000000) {
			until.tv_nsec -= 1000000000;
			until.tv_sec++;
		}
		pthread_cond_timedwait(&all->ended, &all->lock, &until);
	}
	pthread_mutex_unlock(&all->lock);
}

/*
 * Of the first STARTED, also where the next one could not be: what is finished is saved. SIGUSR1 comes to a thread in the midst
 * of a system call that would take long, when all are to end.
 */
static void run_threads(struct capture_queues *all, size_t started)
{
	struct sigaction nudge = { .sa_handler = on_nudge };
	struct sigaction before;

	sigemptyset(&nudge.sa_mask);
	sigaction(SIGUSR1, &nudge, &before);
	for (size_t i = 0; i < started; i++) {
		struct queue *q = &all->list[i];
		int rc = pthread_create(&q->thread, NULL, run_queue, q);

		q->has_thread = rc == 0;
		if (rc == 0)
			continue;
		q->rc = error_errno(&q->error, -rc, "a thread of its own");
		note_end(q);
	}
	wait_for_all(all);
	for (size_t i = 0; i < all->count; i++) {
		if (all->list[i].has_thread)
			pthread_join(all->list[i].thread, NULL);
	}
	sigaction(SIGUSR1, &before, NULL);
}

typedef int (*capture_step)(struct capture *c, struct error *error);

/* Each in its order, until one fails: the rest shall end before it has begun. How many did not. */
static size_t each_queue(struct capture_queues *all, capture_step step)
{
	for (size_t i = 0; i < all->count; i++) {
		struct queue *q = &all->list[i];

		q->rc = step(q->capture, &q->error);
		if (q->rc == 0)
			continue;
		for (size_t n = 0; n < all->count; n++) {
			if (n != i)
				all->list[n].rc = -ECANCELED;
		}
		note_end(q);
		return i;
	}
	return all->count;
}

/* Each --stop, then the claim. */
static int stop_all(struct capture_queues *all, struct error *error)
{
	uint64_t since = clock_ns();
	int rc = 0;

	for (size_t i = 0; i < all->count; i++) {
		if (all->list[i].capture)
			capture_await_done(all->list[i].capture, all->list[i].rc, since);
	}
	for (size_t i = 0; i < all->count; i++) {
		struct queue *q = &all->list[i];
		struct error why;
		int stopped = q->capture ? in_queue(q, capture_stop_engine(q->capture, &why), &why) : 0;

		if (stopped < 0 && rc == 0) {
			*error = why;
			rc = stopped;
		}
	}
	/* their engines stop side by side */
	since = clock_ns();
	for (size_t i = 0; i < all->count; i++) {
		if (all->list[i].capture)
			capture_await_stopped(all->list[i].capture, since);
	}
	if (rc < 0) {
		struct error ignored;

		capture_claim_release(&all->claim, false, &ignored);
		return rc;
	}
	return capture_claim_release(&all->claim, true, error);
}

int capture_queues_run(struct capture_queues *all, struct error *error)
{
	const struct queue *first;
	struct error why;
	int stopped;

	if (each_queue(all, capture_arm) == all->count)
		run_threads(all, each_queue(all, capture_start));
	stopped = stop_all(all, &why);
	first = all->failed;
	for (size_t i = 0; i < all->count; i++) {
		struct queue *q = &all->list[i];

		q->rc = capture_end(q->capture, q->rc, stopped, &why, &q->error);
		if (q->rc < 0 && !first)
			first = q;
	}
	if (!first)
		return 0;
	*error = first->error;
	/* what stopping them came to is nobody's own */
	return stopped < 0 && !all->failed ? first->rc : in_queue(first, first->rc, error);
}

const struct capture_result *capture_queues_result(const struct capture_queues *all, size_t queue)
{
	return capture_result(all->list[queue].capture);
}

void capture_queues_close(struct capture_queues *all)
{
	struct error ignored;
	uint64_t left = 0;

	if (!all)
		return;
	stop_all(all, &ignored);
	for (size_t i = 0; i < all->count; i++) {
		if (all->list[i].capture)
			left += capture_free(all->list[i].capture);
	}
	capture_tell_held(&all->claim, left);
	capture_claim_close(&all->claim);
	pthread_cond_destroy(&all->ended);
	pthread_mutex_destroy(&all->accesses);
	pthread_mutex_destroy(&all->lock);
	free(all);
}
