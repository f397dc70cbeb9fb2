/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Lane margining at the receiver: how far a receiver's sampling point can be moved, in time and in voltage, until it errs.
 * PCIe 5.0 section 4.2.13 (commands, tables 4-26 to 4-28), 8.4.4 (what receivers must be able to), 7.7.7 (registers); for
 * 16 and 32 GT/s.
 *
 * A receiver is asked through the lane registers of the port that it belongs to: those of the port above the link have
 * receiver 1 (its own) and those of the retimers, 2 to 5; those of the device below have 6.
 */
#ifndef PCIETOOL_LINK_MARGIN_H
#define PCIETOOL_LINK_MARGIN_H

#include "core/fabric/link.h"

#define MARGIN_RECEIVERS 6 /* they are numbered from 1 */
#define MARGIN_ERROR_LIMIT_MAX 63 /* errors; six bits of Set Error Count Limit */
#define MARGIN_ERROR_LIMIT 4 /* what a receiver starts with */

enum margin_direction {
	MARGIN_LEFT, /* also stands for both where a receiver does not tell left from right */
	MARGIN_RIGHT,
	MARGIN_UP, /* also for both */
	MARGIN_DOWN,
	MARGIN_DIRECTIONS, /* how many there are */
};

/* What a receiver says that it can do: the answers to Report Margin Control Capabilities and what follows it. */
struct margin_offer {
	bool has_voltage; /* MVoltageSupported; the rest of voltage means nothing without */
	bool has_up_down; /* MIndUpDownVoltage: up and down are measured each */
	bool has_left_right; /* MIndLeftRightTiming */
	bool has_own_sampler; /* MIndErrorSampler: margining does not disturb the data */
	unsigned int timing_steps; /* MNumTimingSteps, to one side */
	unsigned int timing_reach; /* MMaxTimingOffset, percent of a unit interval; 0: not reported */
	unsigned int voltage_steps; /* MNumVoltageSteps */
	unsigned int voltage_reach; /* MMaxVoltageOffset, units of 10 mV; 0: not reported */
};

enum margin_outcome {
	MARGIN_AT_END, /* the last step, and the receiver did not err more than it may */
	MARGIN_ERRED, /* more errors than the limit at the next step */
	MARGIN_REFUSED, /* the receiver answered the next step with NAK */
};

struct margin_result {
	unsigned int steps; /* the last good one; 0: none was */
	unsigned int errors; /* at the last good one */
	enum margin_outcome outcome;
};

struct margin_plan {
	uint64_t dwell; /* ns at each step */
	unsigned int error_limit; /* 0..MARGIN_ERROR_LIMIT_MAX */
	bool (*stopped)(void *data); /* asked between two looks; NULL: nobody asks */
	void *data;
};

struct link_margin;

/*
 * Makes the link ready: both ends without ASPM and without changes of speed and width by themselves, until the close. Either
 * fails as a whole and leaves nothing changed: ERROR_UNSUPPORTED where an end is not seen or not in D0, or the link is not
 * at 16 or 32 GT/s; ERROR_GONE. TIMEOUT, ns: how long an answer may take, which is 10 ms, and a step, which is 200 ms (section
 * 8.4.4). *MARGIN is the caller's to close.
 */
int link_margin_open(const struct context *ctx, const struct link *link, uint64_t timeout,
		     struct link_margin **margin, struct error *error);

/* Puts back what was changed, also of receivers that were margined; the first failure, with the record. Accepts NULL. */
int link_margin_close(struct link_margin *margin, struct error *error);

unsigned int link_margin_width(const struct link_margin *margin); /* lanes that the link runs with */
double link_margin_speed(const struct link_margin *margin); /* GT/s */

/* NULL: RECEIVER can be asked; otherwise why not: "no retimer", "it has no lane margining", "not ready". */
const char *link_margin_absent(const struct link_margin *margin, unsigned int receiver);

/* The device that has RECEIVER's registers. */
const char *link_margin_device(const struct link_margin *margin, unsigned int receiver);

/* ERROR_TIMEOUT: the receiver does not answer on LANE. */
int link_margin_offer(struct link_margin *margin, unsigned int receiver, unsigned int lane,
		      struct margin_offer *offer, struct error *error);

/*
 * Step by step in DIRECTION, up to STEPS, at most what the receiver offers, until the receiver errs more than the limit; then back
 * to its normal settings. -ECANCELED: stopped. ERROR_FAILED: the link left its speed or width.
 */
int link_margin_measure(struct link_margin *margin, unsigned int receiver, unsigned int lane,
			enum margin_direction direction, unsigned int steps, const struct margin_plan *plan,
			struct margin_result *result, struct error *error);

#endif
