/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the rules of a check share. */
#ifndef PCIETOOL_CHECK_INTERNAL_H
#define PCIETOOL_CHECK_INTERNAL_H

#include "core/fabric/empty_port.h"
#include "core/fabric/payload.h"
#include "core/preflight/no_room.h"
#include "core/survey/check.h"

struct check {
	const struct context *ctx;
	const struct survey *survey;
	const struct baseline *baseline; /* NULL: none */
	bool without_rules; /* only what differs from it */
	const struct check_sink *sink;
	struct payload *payloads; /* of each device; all zero until it was read */
	struct no_room no_room; /* empty where the kernel log may not be read */
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
	struct empty_port empty; /* of a port with nothing below it; all zero: it is none */
	unsigned int told_bars; /* bits */
};

/* --- check_tell.c ------------------------------------------------------------------------------------- */

/* A finding of RULE, a literal. EXPECTED and ACTUAL may be NULL. */
void check_tell(struct check_item *item, enum check_severity severity, const char *rule, const char *expected,
		const char *actual, const char *format, ...) __attribute__((format(printf, 6, 7)));

/* RULE could not be checked for REASON; both are literals. */
void check_tell_gap(struct check_item *item, const char *rule, const char *reason);

/* --- check_payloads.c --------------------------------------------------------------------------------- */

/* Of D, read once; CHECK's. */
const struct payload *check_payload(struct check *check, const struct survey_device *d);

void check_payloads(struct check_item *item);

/* --- check_dpc.c -------------------------------------------------------------------------------------- */

void check_dpc(struct check_item *item);

/* --- check_capabilities.c ----------------------------------------------------------------------------- */

/* Of a device that is open; of another nothing is told. */
void check_capabilities(struct check_item *item);

#endif
