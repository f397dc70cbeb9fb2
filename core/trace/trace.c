// SPDX-License-Identifier: GPL-2.0-or-later
/* The writing end of a trace. One write(2) a line or block, so that those of several processes are not mixed. */
#include "core/trace/trace.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/base/clock.h"
#include "core/base/fd_wait.h"
#include "core/file/output_path.h"
#include "core/kernel/sysfs.h"

/* all but the device, the place and the names, which are at most TEXT_MAX */
#define LINE_MAX_SIZE ((size_t)1024)
#define TEXT_MAX 255
#define BLOCK_SIZE 32768
/* a UUID, as the kernel writes it */
#define BOOT_LENGTH 36

struct trace {
	int fd;
	int given; /* the file that others write to, too, by a descriptor that was given; -1: none */
	char *path;
	bool is_begun; /* this process' first line is there */
	bool is_cut; /* what was in the file does not end with a line */
	bool is_block;
	int rc; /* the first failure, after which nothing is written */
	pid_t pid;
	char boot[BOOT_LENGTH + 1]; /* the machine's; empty: not known */
	char command[TEXT_MAX + 1];
	const char *name; /* of the next one; NULL: none */
	size_t used;
	char block[BLOCK_SIZE];
};

/* --- the file ------------------------------------------------------------------------------------------ */

/*
 * A regular file that is not empty is a trace: nobody else's file gets lines of ours. Where it does not end with a line, its
 * writer lost its machine or its disk, or is in the midst of it: ours begin on a new one.
 */
static int check_file(struct trace *t, const char *path, struct error *error)
{
	char start[sizeof(TRACE_MAGIC) - 1];
	struct stat st;
	char last;

	if (fstat(t->fd, &st) < 0)
		return error_errno(error, error_last(), "%s", path);
	if (!S_ISREG(st.st_mode) || st.st_size == 0)
		return 0;
	if (pread(t->fd, start, sizeof(start), 0) != (ssize_t)sizeof(start) ||
	    memcmp(start, TRACE_MAGIC, sizeof(start)) != 0)
		return error_set(error, ERROR_USAGE, "no-trace",
				 "%s: there is something in it, and that is no trace", path);
	if (pread(t->fd, &last, 1, st.st_size - 1) == 1 && last != '\n')
		t->is_cut = true;
	return 0;
}

static bool is_regular(int fd)
{
	struct stat st;

	return fstat(fd, &st) == 0 && S_ISREG(st.st_mode);
}

/*
 * The lines of several processes come one behind the other by O_APPEND, which a descriptor that was given need not have: a
 * file is opened by its name all the same. What is no file may not have one, as a socket has not.
 */
static int open_file(struct trace *t, const char *path)
{
	int fd;

	t->given = output_path_duplicate(path);
	if (t->given < 0 && t->given != -ENOENT)
		return t->given;
	if (t->given >= 0 && !is_regular(t->given)) {
		t->fd = t->given;
		t->given = -1;
		return 0;
	}
	fd = open(path, O_RDWR | O_APPEND | O_CREAT | O_CLOEXEC | O_NOCTTY, 0666);
	if (fd < 0) {
		fd = -errno;
		if (t->given >= 0)
			close(t->given);
		return fd;
	}
	t->fd = fd;
	return 0;
}

/* What others write by the descriptor that was given comes behind the trace. */
static void go_to_end(const struct trace *t)
{
	if (t->given >= 0)
		lseek(t->given, 0, SEEK_END);
}

static int close_file(struct trace *t)
{
	go_to_end(t);
	if (t->given >= 0)
		close(t->given);
	return close(t->fd);
}

/* Documentation/admin-guide/sysctl/kernel.rst, random: another one each time that the machine is started. */
static void read_boot(const struct context *ctx, char boot[static BOOT_LENGTH + 1])
{
	char text[BOOT_LENGTH + 2];

	if (sysfs_read(ctx, text, sizeof(text), "/proc/sys/kernel/random/boot_id") == 0 &&
	    strlen(text) == BOOT_LENGTH && !text[strspn(text, "0123456789abcdef-")])
		memcpy(boot, text, sizeof(text) - 1);
}

int trace_open(const struct context *ctx, const char *path, struct trace **trace, struct error *error)
{
	struct trace *t = calloc(1, sizeof(*t));
	int rc;

	if (!t)
		return error_errno(error, -ENOMEM, "%s", path);
	rc = open_file(t, path);
	if (rc < 0) {
		error_errno(error, rc, "%s", path);
		goto out_free;
	}
	rc = check_file(t, path, error);
	if (rc < 0)
		goto out_close;
	/* a pipe or terminal behind /dev/stdout has none */
	t->path = realpath(path, NULL);
	if (!t->path)
		t->path = strdup(path);
	if (!t->path) {
		rc = error_errno(error, error_last(), "%s", path);
		goto out_close;
	}
	read_boot(ctx, t->boot);
	t->pid = getpid();
	snprintf(t->command, sizeof(t->command), "-");
	*trace = t;
	return 0;

out_close:
	close_file(t);
out_free:
	free(t);
	return rc;
}

static void flush(struct trace *t)
{
	if (t->rc == 0)
		t->rc = fd_write_all(t->fd, t->block, t->used);
	t->used = 0;
	go_to_end(t);
}

int trace_close(struct trace *t, struct error *error)
{
	int rc = 0;

	if (!t)
		return 0;
	flush(t);
	/* what NFS and quotas tell late */
	if (close_file(t) < 0 && t->rc == 0 && errno != EINTR)
		t->rc = error_last();
	if (t->rc < 0)
		rc = error_errno(error, t->rc, "%s: the trace is not whole", t->path);
	free(t->path);
	free(t);
	return rc;
}

const char *trace_path(const struct trace *trace)
{
	return trace->path;
}

/* A map may call a register, and a file be called, what is no word here. */
static char word_character(char c)
{
	return strchr(TRACE_WORD, c) ? c : '_';
}

void trace_set_command(struct trace *t, const char *name)
{
	snprintf(t->command, sizeof(t->command), "%s", name);
	for (char *c = t->command; *c; c++)
		*c = *c == ' ' ? '-' : word_character(*c);
}

void trace_set_name(struct trace *t, const char *name)
{
	t->name = name;
}

/* --- a line: by hand, as it is most of what tracing costs ------------------------------------------- */

static char *put_text(char *at, const char *text)
{
	size_t length = strnlen(text, TEXT_MAX);

	memcpy(at, text, length);
	return at + length;
}

static char *put_name(char *at, const char *name)
{
	char *end = put_text(at, name);

	for (; at < end; at++)
		*at = word_character(*at);
	return end;
}

static char *put_decimal(char *at, uint64_t value)
{
	char digits[20];
	unsigned int n = 0;

	do
		digits[n++] = (char)('0' + value % 10);
	while ((value /= 10));
	while (n)
		*at++ = digits[--n];
	return at;
}

/* At least DIGITS of them. */
static char *put_hex(char *at, uint64_t value, unsigned int digits)
{
	while (digits < 16 && value >> (4 * digits))
		digits++;
	*at++ = '0';
	*at++ = 'x';
	while (digits)
		*at++ = "0123456789abcdef"[value >> (4 * --digits) & 0xf];
	return at;
}

/* Values of an access have its width, whatever they are. */
static unsigned int digits_of(const struct trace_access *a)
{
	return (a->op == TRACE_READ || a->op == TRACE_WRITE || a->op == TRACE_STOP) && a->width <= 64
		       ? (unsigned int)a->width / 4
		       : 1;
}

static char *put_access(char *at, const struct trace_access *a, const char *name)
{
	at = put_text(at, a->device ? a->device : "-");
	*at++ = ' ';
	at = put_text(at, a->place);
	if (a->has_offset)
		at = put_hex(at, a->offset, 1);
	*at++ = ' ';
	at = put_name(at, name && *name ? name : "-");
	*at++ = ' ';
	*at++ = (char)a->op;
	*at++ = ' ';
	if (a->width)
		at = put_decimal(at, a->width);
	else
		*at++ = '-';
	*at++ = ' ';
	if (a->has_value)
		at = put_hex(at, a->value, digits_of(a));
	else
		*at++ = '-';
	if (a->error) {
		*at++ = ' ';
		at = put_text(at, *a->error ? a->error : "failed");
	}
	return at;
}

static char *put_header(char *at, const struct trace *t)
{
	/* an empty line says that the one before is cut off, see take_text() of file.c; two, that it was whole when it came */
	if (t->is_cut)
		at = put_text(at, "\n\n");
	at = put_text(at, TRACE_MAGIC);
	at = put_decimal(at, TRACE_VERSION);
	*at++ = '\n';
	if (t->boot[0]) {
		at = put_text(at, TRACE_BOOT);
		memcpy(at, t->boot, BOOT_LENGTH);
		at += BOOT_LENGTH;
		*at++ = '\n';
	}
	return at;
}

/* Where the next line goes, behind what a file begins with. */
static char *begin_line(struct trace *t)
{
	char *at;

	if (sizeof(t->block) - t->used < 2 * LINE_MAX_SIZE)
		flush(t);
	at = t->block + t->used;
	if (!t->is_begun)
		at = put_header(at, t);
	t->is_begun = true;
	return at;
}

static void end_line(struct trace *t, char *at)
{
	*at++ = '\n';
	t->used = (size_t)(at - t->block);
	if (!t->is_block)
		flush(t);
}

void trace_record(struct trace *t, const struct trace_access *a)
{
	char *at;

	if (t->rc == 0) {
		at = begin_line(t);
		at = put_decimal(at, a->time ? a->time : clock_ns());
		*at++ = ' ';
		at = put_decimal(at, a->has_process ? a->process : (uint64_t)t->pid);
		*at++ = ' ';
		at = put_text(at, t->command);
		*at++ = ' ';
		at = put_access(at, a, t->name);
		end_line(t, at);
	}
	t->name = NULL;
}

void trace_comment(struct trace *t, const char *text)
{
	char *at;

	if (t->rc < 0)
		return;
	at = put_text(begin_line(t), "# ");
	end_line(t, put_text(at, text));
}

void trace_block(struct trace *t)
{
	t->is_block = true;
}

void trace_block_end(struct trace *t)
{
	t->is_block = false;
	flush(t);
}
