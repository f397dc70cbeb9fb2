/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The error record: what was tried, why it failed, what to do about it. Core functions that talk to a
 * user's device take one as their last parameter, fill it on failure and return -errno; whoever called
 * them shows it. Only the innermost function that knows the reason fills it.
 */
#ifndef PCIETOOL_ERROR_H
#define PCIETOOL_ERROR_H

#include <errno.h>
#include <stdbool.h>

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
	char code[40]; /* a stable word for programs, e.g. "decoding-off" */
	char message[512];
	char hint[512]; /* empty: none */
};

/* Of a record that is not zeroed: no error, no texts. */
static inline void error_clear(struct error *error)
{
	error->kind = ERROR_NONE;
	error->code[0] = error->message[0] = error->hint[0] = '\0';
}

/* The -errno that stands for a kind. */
static inline int error_number(enum error_kind kind)
{
	switch (kind) {
	case ERROR_USAGE:
		return -EINVAL;
	case ERROR_SELECT:
	case ERROR_GONE:
		return -ENODEV;
	case ERROR_DENIED:
		return -EPERM;
	case ERROR_UNSUPPORTED:
		return -EOPNOTSUPP;
	case ERROR_TIMEOUT:
		return -ETIME;
	case ERROR_DIFFERS:
		return -EILSEQ;
	default:
		return -EIO;
	}
}

/*
 * Fills the record and returns the -errno that stands for the kind. (A macro, so that
 * compilers and analyzers see that it never returns 0.)
 */
#define error_set(error, kind, code, ...)                                                                    \
	(error_record((error), (kind), (code), __VA_ARGS__), error_number(kind))
void error_record(struct error *error, enum error_kind kind, const char *code, const char *format, ...)
	__attribute__((format(printf, 4, 5)));

/*
 * Fills the record from a failed call: RC is its -errno, whose text is appended; the kind follows from
 * it (EPERM and EACCES are denied, ENODEV and ENXIO gone, EOPNOTSUPP and ENOTTY unsupported, ETIME
 * timed out, the rest failed). Returns RC.
 */
#define error_errno(error, rc, ...)                                                                          \
	__extension__({                                                                                      \
		int error_rc_ = (rc);                                                                        \
		error_record_errno((error), error_rc_, __VA_ARGS__);                                         \
		error_rc_;                                                                                   \
	})
void error_record_errno(struct error *error, int rc, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

/* -errno of the call that just failed; never 0, which an analyzer cannot know of errno itself. */
static inline int error_last(void)
{
	int rc = -errno;

	return rc < 0 ? rc : -EIO;
}

/* Is it this process, or the machine, that has no descriptor or memory for a call? Nothing follows about what it asked for. */
static inline bool error_is_lack(int rc)
{
	return rc == -EMFILE || rc == -ENFILE || rc == -ENOMEM;
}

/* Puts WHAT and a colon before the message: of which of several it is. */
void error_prefix(struct error *error, const char *what);

/* Adds to the message, behind a semicolon: what else is so now. */
void error_add(struct error *error, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* Adds the advice; to be called after one of the above. */
void error_hint(struct error *error, const char *format, ...) __attribute__((format(printf, 2, 3)));

#endif
