/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * DMA that the client does for the twin, where it shares no memory: another device's BAR, or memory without a descriptor.
 * Sections are those of QEMU's docs/interop/vfio-user.rst.
 */
#ifndef PCIETOOL_TWIN_ASKER_H
#define PCIETOOL_TWIN_ASKER_H

#include <stdbool.h>

#include "core/twin/message.h"

struct question;
struct deferred;

/* How many may be asked at once: each has its stack, and a buffer of a message's size */
#define ASKER_ASKED_MAX 8
/* Writes that nobody waits for */
#define ASKER_POSTED_MAX 256

struct posted {
	uint64_t address;
	size_t size;
	uint16_t id;
	bool is_open; /* there is no answer yet */
};

struct asker {
	struct channel *channel;
	/*
	 * Waits a little for a message, and answers it: what the client wants meanwhile is not to wait for the twin, or both
	 * wait. 0, -EINTR: it is to end, -ECONNRESET: there is no client any more.
	 */
	int (*turn)(void *data);
	/* Gives the answer to what is_waited_for now, where that can be. False: it is not known yet. */
	bool (*release)(void *data);
	/* A write that was not waited for was none; RC as asker_transfer() */
	void (*failed)(void *data, uint64_t address, size_t size, int rc);
	/* The client does not answer what it is asked for: it is not asked any more */
	void (*mute)(void *data);
	void *data;
	uint64_t data_max; /* bytes of data that the client takes in a message */
	bool is_answering; /* a message of the client's, which the channel holds */
	bool is_waited_for; /* the client waits for the answer to it, and does nothing else */
	bool is_probed;
	bool is_probing; /* writes wait for what that tells */
	bool is_mute;
	bool is_wide; /* how it has its messages: see asker.c */
	uint16_t next; /* number of a message */
	struct question *asked; /* the last one that has no answer */
	struct posted posted[ASKER_POSTED_MAX];
	struct deferred *deferred; /* the first one */
	unsigned int deferred_count;
	uint16_t late[ASKER_ASKED_MAX]; /* probes without an answer, which may still come */
	unsigned int late_count;
};

/*
 * SIZE bytes to or from ADDRESS on, in the order of addresses. Where many are under way already, a write is not waited for, nor
 * while the first transfer finds out how the client has its messages.
 * -EFAULT: nothing is there that takes them, the guest's IOMMU does not let them through, or the client answers no requests; -EBUSY: the client cannot be asked while it waits; -ELOOP: it is asked for too many already;
 * -ETIMEDOUT, -ECONNRESET, -EINTR: there was no answer. What came before a failure is done.
 */
int asker_transfer(struct asker *asker, uint64_t address, void *bytes, size_t size, bool write);
/* MESSAGE is a reply. -EPROTO: to nothing that was asked, or it cannot be. */
int asker_take(struct asker *asker, const struct message *message);
/* There is another client, or none. */
void asker_restart(struct asker *asker);

#endif
