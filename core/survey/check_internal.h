/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What check.c, finding.c and the two files of rules share. Private to them. */
#ifndef PCIETOOL_CHECK_INTERNAL_H
#define PCIETOOL_CHECK_INTERNAL_H

#include "core/survey/check.h"
#include "core/fabric/link.h"

struct check {
	const struct context *ctx;
	const struct survey *survey;
	const struct baseline *baseline; /* NULL: none */
	const struct check_sink *sink;
	struct payload *payloads; /* of each device; all zero until it was read */
};

/* The device that is looked at. */
struct check_item {
	struct check *check;
	const struct survey_device *device;
	char path[TOPOLOGY_PATH_SIZE];
	const char *slot; /* NULL: none is known */
	struct device *open; /* NULL: it sleeps, or is not there any more */
	bool is_gone; /* it does not answer */
	bool told_speed; /* there is a finding of this already */
	bool told_width;
	unsigned int told_bars; /* bits */
};

/* EXPECTED and ACTUAL may be NULL. */
void check_tell(struct check_item *item, enum check_severity severity, const char *rule, const char *expected,
		const char *actual, const char *format, ...) __attribute__((format(printf, 6, 7)));
void check_tell_gap(struct check_item *item, const char *rule, const char *reason);

/* How many the device can have, a bridge two: what stands behind them in config space is no address. -errno. */
int check_read_bars(const struct check_item *item, struct bar bars[DEVICE_BARS]);

/* Read once. */
const struct payload *check_payload(struct check *check, const struct survey_device *device);

/* The rules that hold everywhere. */
void check_rules(struct check_item *item);
/* What differs from the baseline. */
void check_baseline(struct check_item *item);
/* What is in the baseline and not there. */
void check_absent(struct check *check, const struct selector *selector);

#endif
