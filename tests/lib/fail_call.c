// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * fail_call [-n N [-a]] [-e ERRNO] [-k SIGNAL] [-o] [-u] -d FOLDER -l LOG -- COMMAND [ARG...]: what a command writes below FOLDER, call by call: what
 * creates, writes, sizes, syncs, closes or names a file there. LOG gets a line for each, "N CALL PATH". The Nth fails with
 * ENOSPC or the number of -e, with -a each behind it too, as on a disk that stays full; without -n none does, and their number is told. With -o
 * what counts is each file that is opened there, also to be read, and it fails with EMFILE, as where there are no more
 * descriptors. With -k the Nth does not fail: the command gets that signal, a number, while it is in that call. With -u io_uring_setup() fails with ENOSYS, as in a kernel or a container without it.
 *
 * The kernel asks this program before it does such a call (seccomp_unotify(2)), so that those within libc count too, and
 * those of a program that sanitizers watch. The exit status is the command's, 125 where this program failed itself.
 */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <poll.h>
#include <signal.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <sys/wait.h>
#include <unistd.h>

#define NAME_SIZE 2048
#define PATH_SIZE ((size_t)2 * NAME_SIZE)
#define STATUS_FAILED 125

/* What a call is about: an open file, or a path that is relative to one. */
enum subject { WRITTEN_FILE, CREATED_PATH, NAMED_PATH, RING };

static const struct call {
	const char *name;
	int number;
	enum subject subject;
	int file; /* which argument; -1: none, the path is relative to the working directory */
	int path;
	int flags; /* of CREATED_PATH: open(2)'s */
} calls[] = {
	{ "write", SYS_write, WRITTEN_FILE, 0, -1, -1 },
	{ "writev", SYS_writev, WRITTEN_FILE, 0, -1, -1 },
	{ "pwrite", SYS_pwrite64, WRITTEN_FILE, 0, -1, -1 },
	{ "ftruncate", SYS_ftruncate, WRITTEN_FILE, 0, -1, -1 },
	{ "fallocate", SYS_fallocate, WRITTEN_FILE, 0, -1, -1 },
	{ "fchmod", SYS_fchmod, WRITTEN_FILE, 0, -1, -1 },
	{ "fsync", SYS_fsync, WRITTEN_FILE, 0, -1, -1 },
	{ "fdatasync", SYS_fdatasync, WRITTEN_FILE, 0, -1, -1 },
	{ "close", SYS_close, WRITTEN_FILE, 0, -1, -1 },
	{ "openat", SYS_openat, CREATED_PATH, 0, 1, 2 },
	{ "mkdirat", SYS_mkdirat, NAMED_PATH, 0, 1, -1 },
	{ "renameat2", SYS_renameat2, NAMED_PATH, 2, 3, -1 },
	{ "linkat", SYS_linkat, NAMED_PATH, 2, 3, -1 },
	{ "io_uring_setup", SYS_io_uring_setup, RING, -1, -1, -1 },
/* newer architectures have those above only */
#ifdef SYS_open
	{ "open", SYS_open, CREATED_PATH, -1, 0, 1 },
	{ "mkdir", SYS_mkdir, NAMED_PATH, -1, 0, -1 },
	{ "rename", SYS_rename, NAMED_PATH, -1, 1, -1 },
	{ "link", SYS_link, NAMED_PATH, -1, 1, -1 },
#endif
#ifdef SYS_renameat
	{ "renameat", SYS_renameat, NAMED_PATH, 2, 3, -1 },
#endif
};

#define COUNT (sizeof(calls) / sizeof(calls[0]))

struct watch {
	int listener;
	FILE *log;
	const char *folder;
	unsigned long fail_at; /* 0: none */
	bool and_behind;
	int error; /* with which; 0: by what fails */
	int signal; /* in its stead; 0: none */
	bool opens;
	bool no_rings;
	unsigned long seen;
};

static void fail(const char *what)
{
	fprintf(stderr, "fail_call: %s: %s\n", what, strerror(errno));
	exit(STATUS_FAILED);
}

/* --- the command's side -------------------------------------------------------------------------------- */

/* With it a signal does not end a call that is asked about: it is there when the call is made. Linux 5.19 */
#ifndef SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV
#define SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV (1UL << 5)
#endif

static int install_filter(bool keeps_signals)
{
	unsigned long flags = SECCOMP_FILTER_FLAG_NEW_LISTENER |
			      (keeps_signals ? SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV : 0);
	struct sock_filter code[2 * COUNT + 2];
	struct sock_fprog program = { .filter = code };
	int listener;

	code[program.len++] =
		(struct sock_filter)BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr));
	for (size_t i = 0; i < COUNT; i++) {
		code[program.len++] = (struct sock_filter)BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K,
								   (uint32_t)calls[i].number, 0, 1);
		code[program.len++] = (struct sock_filter)BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_USER_NOTIF);
	}
	code[program.len++] = (struct sock_filter)BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW);
	if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) < 0)
		fail("PR_SET_NO_NEW_PRIVS");
	listener = (int)syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, flags, &program);
	if (listener < 0)
		fail("seccomp");
	return listener;
}

/* One descriptor beside one byte: 0 to receive, or to send. */
static int pass_file(int socket, int fd, bool receives)
{
	union {
		char space[CMSG_SPACE(sizeof(int))];
		struct cmsghdr align;
	} control = { { 0 } };
	char byte = 0;
	struct iovec io = { .iov_base = &byte, .iov_len = 1 };
	struct msghdr message = { .msg_iov = &io,
				  .msg_iovlen = 1,
				  .msg_control = control.space,
				  .msg_controllen = sizeof(control.space) };
	struct cmsghdr *header = CMSG_FIRSTHDR(&message);

	if (receives) {
		if (recvmsg(socket, &message, MSG_CMSG_CLOEXEC) != 1 || !CMSG_FIRSTHDR(&message))
			fail("recvmsg");
		memcpy(&fd, CMSG_DATA(CMSG_FIRSTHDR(&message)), sizeof(fd));
		return fd;
	}
	header->cmsg_level = SOL_SOCKET;
	header->cmsg_type = SCM_RIGHTS;
	header->cmsg_len = CMSG_LEN(sizeof(fd));
	memcpy(CMSG_DATA(header), &fd, sizeof(fd));
	if (sendmsg(socket, &message, 0) != 1)
		fail("sendmsg");
	return fd;
}

static void become(char **command, int socket, bool keeps_signals)
{
	pass_file(socket, install_filter(keeps_signals), false);
	/* the listener and this socket are closed by what follows */
	execvp(command[0], command);
	fail(command[0]);
}

/* --- the watcher's ------------------------------------------------------------------------------------- */

/* What a link in /proc/PID leads to. */
static bool read_link(char path[PATH_SIZE], pid_t pid, const char *what, int fd)
{
	char link[64];
	ssize_t n;

	if (fd >= 0)
		snprintf(link, sizeof(link), "/proc/%d/%s/%d", (int)pid, what, fd);
	else
		snprintf(link, sizeof(link), "/proc/%d/%s", (int)pid, what);
	n = readlink(link, path, PATH_SIZE - 1);
	path[n < 0 ? 0 : n] = '\0';
	return n > 0;
}

/* proc(5), fdinfo: an octal number with open(2)'s flags. */
static bool is_open_for_writing(pid_t pid, int fd)
{
	char line[64];
	char path[64];
	bool writes = false;
	FILE *f;

	snprintf(path, sizeof(path), "/proc/%d/fdinfo/%d", (int)pid, fd);
	f = fopen(path, "re");
	while (f && fgets(line, sizeof(line), f)) {
		if (strncmp(line, "flags:", 6) == 0)
			writes = (strtoul(line + 6, NULL, 8) & O_ACCMODE) != O_RDONLY;
	}
	if (f)
		fclose(f);
	return writes;
}

/* A string of the process, up to the end of what is there. */
static void read_string(char *text, size_t size, pid_t pid, uint64_t address)
{
	char path[64];
	ssize_t n = -1;
	int fd;

	snprintf(path, sizeof(path), "/proc/%d/mem", (int)pid);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd >= 0) {
		n = pread(fd, text, size - 1, (off_t)address);
		close(fd);
	}
	text[n < 0 ? 0 : n] = '\0';
}

static void resolve_path(char path[PATH_SIZE], const struct call *call, const struct seccomp_notif *asked)
{
	pid_t pid = (pid_t)asked->pid;
	char name[NAME_SIZE];
	int file = call->file < 0 ? AT_FDCWD : (int)asked->data.args[call->file];
	size_t length;

	read_string(name, sizeof(name), pid, asked->data.args[call->path]);
	if (name[0] == '/') {
		memcpy(path, name, sizeof(name));
		return;
	}
	read_link(path, pid, file == AT_FDCWD ? "cwd" : "fd", file == AT_FDCWD ? -1 : file);
	length = strlen(path);
	if (length < NAME_SIZE)
		snprintf(path + length, PATH_SIZE - length, "/%s", name);
}

static bool is_below(const char *path, const char *folder)
{
	size_t length = strlen(folder);

	return strncmp(path, folder, length) == 0 && (path[length] == '/' || path[length] == '\0');
}

static bool counts(const struct watch *w, const struct call *call, const struct seccomp_notif *asked,
		   char path[PATH_SIZE])
{
	int fd;

	if (w->opens && call->subject != CREATED_PATH)
		return false;
	switch (call->subject) {
	case WRITTEN_FILE:
		fd = (int)asked->data.args[call->file];
		return read_link(path, (pid_t)asked->pid, "fd", fd) && is_below(path, w->folder) &&
		       is_open_for_writing((pid_t)asked->pid, fd);
	case CREATED_PATH:
		if (!w->opens &&
		    !(asked->data.args[call->flags] & (O_CREAT | O_TRUNC | (O_TMPFILE & ~O_DIRECTORY))))
			return false;
		/* fall through */
	case NAMED_PATH:
		resolve_path(path, call, asked);
		return is_below(path, w->folder);
	case RING:
		break;
	}
	return false;
}

static const struct call *find_call(int number)
{
	for (size_t i = 0; i < COUNT; i++) {
		if (calls[i].number == number)
			return &calls[i];
	}
	return NULL;
}

static void answer(struct watch *w, const struct seccomp_notif *asked)
{
	struct seccomp_notif_resp said = { .id = asked->id, .flags = SECCOMP_USER_NOTIF_FLAG_CONTINUE };
	const struct call *call = find_call(asked->data.nr);
	char path[PATH_SIZE];
	int error = 0;

	if (call && call->subject == RING && w->no_rings) {
		error = ENOSYS;
	} else if (call && counts(w, call, asked, path)) {
		w->seen++;
		fprintf(w->log, "%lu %s %s\n", w->seen, call->name, path);
		if (w->fail_at && (w->seen == w->fail_at || (w->and_behind && w->seen > w->fail_at)))
			error = w->error ? w->error : w->opens ? EMFILE : ENOSPC;
	}
	if (error && w->signal) {
		kill((pid_t)asked->pid, w->signal);
	} else if (error) {
		said.flags = 0;
		said.error = -error;
	}
	/* ENOENT: it was killed meanwhile */
	if (ioctl(w->listener, SECCOMP_IOCTL_NOTIF_SEND, &said) < 0 && errno != ENOENT)
		fail("SECCOMP_IOCTL_NOTIF_SEND");
}

/* A child that ended, of which before Linux 6.11 the filter is until it is waited for. */
static void reap(pid_t pid, struct pollfd *child, int *status)
{
	if (waitpid(pid, status, 0) < 0)
		fail("waitpid");
	close(child->fd);
	child->fd = -1;
	child->revents = 0;
}

/* To the end of the last process that the filter holds for; *STATUS is PID's, the child. */
static void watch(struct watch *w, pid_t pid, int *status)
{
	struct pollfd p[2] = { { .fd = w->listener, .events = POLLIN }, { .events = POLLIN } };

	p[1].fd = (int)syscall(SYS_pidfd_open, pid, 0);
	if (p[1].fd < 0)
		fail("pidfd_open");
	for (;;) {
		struct seccomp_notif asked = { 0 };

		if (poll(p, 2, -1) < 0 && errno != EINTR)
			fail("poll");
		if (p[1].revents & POLLIN)
			reap(pid, &p[1], status);
		if (p[0].revents & POLLIN) {
			if (ioctl(w->listener, SECCOMP_IOCTL_NOTIF_RECV, &asked) == 0)
				answer(w, &asked);
			else if (errno != ENOENT && errno != EINTR)
				fail("SECCOMP_IOCTL_NOTIF_RECV");
		} else if (p[0].revents & POLLHUP) {
			if (p[1].fd >= 0)
				reap(pid, &p[1], status);
			return;
		}
	}
}

int main(int argc, char **argv)
{
	struct watch w = { .folder = NULL };
	char folder[PATH_MAX];
	const char *log = NULL;
	int sockets[2];
	int status;
	pid_t pid;
	int c;

	while ((c = getopt(argc, argv, "+n:ae:k:oud:l:")) != -1) {
		switch (c) {
		case 'n':
			w.fail_at = strtoul(optarg, NULL, 10);
			break;
		case 'a':
			w.and_behind = true;
			break;
		case 'e':
			w.error = atoi(optarg);
			break;
		case 'k':
			w.signal = atoi(optarg);
			break;
		case 'o':
			w.opens = true;
			break;
		case 'u':
			w.no_rings = true;
			break;
		case 'd':
			w.folder = realpath(optarg, folder);
			break;
		case 'l':
			log = optarg;
			break;
		default:
			return STATUS_FAILED;
		}
	}
	if (!w.folder || !log || optind == argc) {
		fprintf(stderr,
			"usage: fail_call [-n N [-a]] [-e ERRNO] [-k SIGNAL] [-o] [-u] -d FOLDER -l LOG -- COMMAND [ARG...]\n");
		return STATUS_FAILED;
	}
	w.log = fopen(log, "we");
	if (!w.log)
		fail(log);
	if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, sockets) < 0)
		fail("socketpair");
	pid = fork();
	if (pid < 0)
		fail("fork");
	if (pid == 0)
		become(argv + optind, sockets[1], w.signal != 0);
	close(sockets[1]);
	w.listener = pass_file(sockets[0], -1, true);
	watch(&w, pid, &status);
	if (fclose(w.log) != 0)
		fail(log);
	return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}
