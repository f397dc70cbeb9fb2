/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Queues: several captures, or several plays, of one device at once. Each has an engine, a ring, a vector and a file of its
 * own, and a thread; the device is claimed, and stopped, once.
 */
#ifndef PCIETOOL_CAPTURE_QUEUES_H
#define PCIETOOL_CAPTURE_QUEUES_H

#include "core/capture/capture.h"

#define CAPTURE_QUEUES 64

/*
 * What COMMON says for every queue, as the start of *CONFIG for the one that IS_FIRST or not: everything but its --start;
 * its --setup and --stop are the first queue's, which come before its own. What CONFIG is set to later replaces it. COMMON
 * must outlive *CONFIG, which is to be freed, also after a failure.
 */
int capture_queue_config(const struct capture_config *common, bool is_first, struct capture_config *config,
			 struct error *error);
/* COMMON's --start, behind that of the last queue. */
int capture_queue_start(const struct capture_config *common, struct capture_config *config,
			struct error *error);
/* Puts the queue's NAME before the message; RC. */
int capture_queue_failed(const char *name, int rc, struct error *error);
/* Does the option of that name replace what it said before? (Hooks, --memory and --ring add to it.) */
bool capture_option_replaces(const char *name);

struct capture_queue {
	const char *name; /* for messages */
	const struct capture_config *config;
};

/* The caller's side; each may be NULL. */
struct capture_queue_events {
	void *data;
	bool (*stopped)(void *data); /* shall all end now? In any thread */
	bool (*hurried)(void *data); /* as of struct capture_events; in the caller's thread */
	int (*begun)(void *data, size_t queue, struct error *error); /* as of struct capture_events */
	/* in the queue's own thread */
	int (*block)(void *data, size_t queue, const struct capture_block *block, struct error *error);
	void (*progress)(void *data,
			 const struct capture_result *all); /* in the caller's, ten times a second */
};

/*
 * What COUNT queues may not have in common: a vector, a file or an index. Usage error; needs no device. Files that are one
 * by other names are found when they are open.
 */
int capture_queues_check(const struct capture_queue *list, size_t count, struct error *error);

/* The data of a capture or a play, and its index, may not be one file. Usage error; needs no device. */
int capture_files_check(const struct capture_config *config, struct error *error);

/* For what the caller opens itself: are these descriptors of one file that two queues may not share? Of a PLAY it is read. */
bool capture_queues_is_one_file(int one, int other, bool play);
/* The error of the queues ONE and OTHER, by their names, that have FILE in common. */
int capture_queues_same_file(const char *one, const char *other, const char *file, struct error *error);

struct capture_queues;

/*
 * As capture_open(), for COUNT queues that capture_queues_check() finds nothing wrong with; LIST and EVENTS must outlive
 * *QUEUES. Two of them with a file by two names are a usage error; in a session over VFIO, a batch and with a trace
 * there are none (ERROR_UNSUPPORTED).
 */
int capture_queues_open(const struct capture_queue *list, size_t count, struct device *device,
			const struct capture_queue_events *events, struct capture_queues **queues,
			struct error *error);
/*
 * Sets all of them up, starts them in their order, and runs each in its thread. One that fails ends the others, and its
 * error is the one that is told. An engine that is through waits for the others before it is stopped.
 */
int capture_queues_run(struct capture_queues *queues, struct error *error);
const struct capture_result *capture_queues_result(const struct capture_queues *queues, size_t queue);
void capture_queues_close(struct capture_queues *queues); /* accepts NULL */

#endif
