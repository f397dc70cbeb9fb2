/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * All devices of the machine in one cheap look: each file of sysfs once, nothing that needs a right but which errors are
 * reported (of config space, and of that nothing else), and nothing that wakes a device (of one that sleeps neither config
 * space nor its link). What `metrics`, `check` and `snapshot` are made from.
 */
#ifndef PCIETOOL_SURVEY_H
#define PCIETOOL_SURVEY_H

#include <stdbool.h>
#include <stddef.h>

#include "core/fabric/aer_counters.h"
#include "core/fabric/aer_reporting.h"
#include "core/survey/summary.h"
#include "core/fabric/link.h"
#include "core/fabric/topology.h"

struct survey_device {
	struct topology_node *node;
	bool is_selected;
	bool is_port; /* has a link below it */
	bool is_virtual; /* of SR-IOV: has no link of its own */
	bool has_sleep; /* the kernel says whether it sleeps */
	bool is_suspended;
	char power_state[16]; /* "D0", "D3hot"; empty: not known */
	struct device_ids ids;
	char driver[64]; /* empty: none */
	char name[KERNEL_NAME_SIZE]; /* what the kernel made of it: "eth0"; empty: nothing */
	struct link_state link; /* as this end says */
	const struct aer_counters *aer; /* the survey's; NULL: none */
	struct aer_root_counters root; /* has a reason where it is no root port or event collector */
	enum aer_owner aer_owner; /* of what is below it, if it is a root port */
	struct aer_reporting reporting; /* a virtual function's is its physical one's; with counters only */
};

struct survey_counters;

struct survey {
	struct topology *topology;
	struct survey_device *devices; /* one for each node, in its order */
	size_t selected; /* how many are */
	struct slot_list slots;
	struct survey_counters *quiet; /* counters that never counted, each kind once: 5 KiB a device */
	struct survey_counters *counted; /* those that did, of a device each */
};

/*
 * SELECTOR marks those that are meant, which all are when it is NULL: the others are looked at too, as links have two
 * ends. *SURVEY is the caller's to free.
 */
int survey_read(const struct context *ctx, const struct selector *selector, struct survey **survey,
		struct error *error);
void survey_free(struct survey *survey); /* accepts NULL */

/* NULL: the device is on a root bus. */
const struct survey_device *survey_above(const struct survey *survey, const struct survey_device *device);

/*
 * The link above DEVICE; false where there is none, as in a switch, or where it is another function's: that of function
 * 0 is all functions'. With a reason where an end sleeps.
 */
bool survey_link(const struct survey *survey, const struct survey_device *device, struct link *link);

/*
 * Does it mean nothing that the kernel counted no error of DEVICE? It does not handle errors below the root port, and was
 * not told of one either.
 */
bool survey_counts_are_void(const struct survey *survey, const struct survey_device *device);

/*
 * Why a count of 0 of such errors of DEVICE says nothing: as above, or it reports none. NULL: it says that there were none, as far
 * as is known, or there is another count.
 */
const char *survey_count_void(const struct survey *survey, const struct survey_device *device,
			      enum aer_severity severity);

/* The slot that DEVICE is in, or the card that it is a part of; NULL: none is known. */
const char *survey_slot(const struct survey *survey, const struct survey_device *device);

/* What the kernel calls DEVICE, for a message: " (eth0)", or nothing. */
void survey_nickname(const struct survey_device *device, char text[40]);

#endif
