/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Is the machine's PCI as it should be? By rules that hold everywhere, and by a baseline. What sleeps is left asleep:
 * rules that would wake a device, or need a right that is missing, are told as not checked.
 */
#ifndef PCIETOOL_CHECK_H
#define PCIETOOL_CHECK_H

#include "core/survey/baseline.h"
#include "core/survey/survey.h"

enum check_severity {
	CHECK_INFO,
	CHECK_WARNING,
	CHECK_CRITICAL,
	CHECK_SEVERITIES,
};

struct check_finding {
	enum check_severity severity;
	const char *address; /* of the device; in the baseline where it is not there */
	const char *path;
	const char *slot; /* its name; NULL: none is known */
	const char *rule; /* a literal, a word for programs */
	char message[256];
	char expected[64]; /* empty: nothing is to be said */
	char actual[64];
};

/* RULE could not be checked of a device. */
struct check_gap {
	const char *address;
	const char *path;
	const char *rule;
	const char *reason; /* a literal */
};

/* Whom to tell; what is behind the pointers lasts as long as the call. */
struct check_sink {
	void *data;
	void (*finding)(void *data, const struct check_finding *finding);
	void (*gap)(void *data, const struct check_gap *gap);
};

/*
 * The selected devices of the survey, and those of BASELINE (NULL: none) that SELECTOR (NULL: all) means. In order of
 * address, devices that are not there last. 0, or -ENOMEM, -EMFILE: the process lacks what it takes to see all, so that
 * what was told is no verdict.
 */
int check_run(const struct context *ctx, const struct survey *survey, const struct baseline *baseline,
	      const struct selector *selector, const struct check_sink *sink);

/* Without the rules that hold everywhere: only what differs from BASELINE. The same otherwise. */
int check_compare(const struct context *ctx, const struct survey *survey, const struct baseline *baseline,
		  const struct selector *selector, const struct check_sink *sink);

/* "info", "warning", "critical". */
const char *check_severity_name(enum check_severity severity);

#endif
