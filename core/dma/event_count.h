/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * An eventfd that counts and is never read: the kernel keeps the 64 bits, every process that has the descriptor
 * sees the same count, and nobody takes an event away from another. The count is looked at in
 * /proc/self/fdinfo (proc(5), "eventfd-count"); news are waited for with an edge-triggered epoll (epoll(7)).
 *
 * A process that has it alone may read it, which costs less, and count itself.
 */
#ifndef PCIETOOL_EVENT_COUNT_H
#define PCIETOOL_EVENT_COUNT_H

#include <stdbool.h>
#include <stdint.h>

struct event_count {
	int fd; /* the eventfd; the owner's to close */
	int info; /* its fdinfo; -1: it is ours alone, and is read */
	_Atomic uint64_t total; /* so far, where it is ours alone; its threads may look at a time */
	int epoll; /* -1 until somebody waits */
};

/* About FD, which must not block and stay open as long as *COUNT is used. ALONE: nobody else looks at it. 0 or -errno. */
int event_count_open(int fd, bool alone, struct event_count *count);
void event_count_close(struct event_count *count); /* not FD */
/* One that is ours alone is read no more, so that it may be watched; the count stays what it is. 0 or -errno. */
int event_count_share(struct event_count *count);

int event_count_read(struct event_count *count, uint64_t *value);

/*
 * Until there was an event that no wait of this struct has seen, at most TIMEOUT ns: 0, -ETIME, -EINTR when a signal
 * came, -ECANCELED when HANGUP (a descriptor, -1: none) was hung up, or another -errno. The event may be an old one.
 */
int event_count_wait(struct event_count *count, uint64_t timeout, int hangup);

/*
 * *WATCH, the caller's to close, becomes readable for poll(2) when FD, which nobody reads, has an event after this call, and
 * stays so until it is cleared; each has its own state. It is when HANGUP (-1: none) is hung up, too, and stays so then.
 */
int event_watch_open(int fd, int hangup, int *watch);
int event_watch_clear(int watch);

#endif
