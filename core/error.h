/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The error record: what was tried, why it failed, what to do about it. Core functions that talk to a
 * user's device take one as their last parameter, fill it on failure and return -errno; whoever called
 * them shows it. Only the innermost function that knows the reason fills it.
 */
#ifndef PCIETOOL_ERROR_H
#define PCIETOOL_ERROR_H

/* The kinds are the exit statuses of the program (a contract, see pcietool(8)). */
enum error_kind {
	ERROR_NONE = 0,
	ERROR_FAILED = 1,
	ERROR_USAGE = 2,
	ERROR_SELECT = 3,
	ERROR_DENIED = 4,
	ERROR_GONE = 5,
	ERROR_UNSUPPORTED = 6,
	ERROR_TIMEOUT = 7,
	ERROR_DIFFERS = 8,
};

struct error {
	enum error_kind kind;
	const char *code;	/* a stable word for programs, e.g. "decoding-off"; a literal */
	char message[512];
	char hint[512];		/* empty: none */
};

/* Fills the record and returns the -errno that stands for the kind. CODE is a string literal. */
int error_set(struct error *error, enum error_kind kind, const char *code, const char *format, ...)
	__attribute__((format(printf, 4, 5)));

/*
 * Fills the record from a failed call: RC is its -errno, whose text is appended; the kind follows from
 * it (EPERM and EACCES are denied, ENODEV and ENXIO gone, EOPNOTSUPP and ENOTTY unsupported, ETIME
 * timed out, the rest failed). Returns RC.
 */
int error_errno(struct error *error, int rc, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

/* Adds the advice; to be called after one of the above. */
void error_hint(struct error *error, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* The word for a kind where no better one is known: "failed", "usage", ... */
const char *error_kind_code(enum error_kind kind);

#endif
