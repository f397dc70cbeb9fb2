/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What a command and the holder of its session say to each other: a request, a reply, each one packet of a unix
 * socket (SOCK_SEQPACKET), with a descriptor beside the reply where one is asked for. Data of the device never goes
 * this way. Both ends are the same program: the magic changes with the structs.
 */
#ifndef PCIETOOL_SESSION_WIRE_H
#define PCIETOOL_SESSION_WIRE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "core/dma/buffer.h"
#include "core/dma/interrupt.h"

#define SESSION_MAGIC 0x50430001u

enum session_request_type {
	SESSION_HELLO, /* KIND; with VFIO the device's descriptor, with the helper the holder's node */
	SESSION_STATUS,
	/* VFIO only, from here on */
	SESSION_ALLOC, /* name, size */
	SESSION_FREE, /* handle, flag: BUFFER_FREE_* */
	SESSION_NEXT, /* handle */
	SESSION_MAP, /* handle; with the memory's descriptor */
	SESSION_IRQ_STATE,
	SESSION_IRQ_ENABLE, /* number: type, count: vectors */
	SESSION_IRQ_DISABLE,
	SESSION_IRQ_FD, /* number: vector; with its eventfd */
	SESSION_CLAIM, /* flag: release */
	SESSION_STOP_WRITE, /* number: BAR, width, offset, value, mask */
	SESSION_FORGET, /* the claim and the unnamed buffers */
	SESSION_REQUESTS
};

struct session_request {
	uint32_t magic;
	uint32_t type; /* enum session_request_type */
	uint32_t handle;
	uint32_t number;
	uint32_t count;
	uint32_t flag;
	uint32_t width;
	uint32_t reserved;
	uint64_t size;
	uint64_t offset;
	uint64_t value;
	uint64_t mask;
	char name[BUFFER_NAME_SIZE];
};

struct session_summary {
	uint32_t kind; /* enum backend_id */
	pid_t pid;
	uint32_t buffers;
	uint32_t clients;
	uint32_t irq_type; /* enum interrupt_type */
	uint32_t vectors;
	uint32_t mask_bits; /* of the device's bus addresses; 0: nobody says */
	uint64_t bytes;
	uint64_t age; /* ns */
	char interface[32]; /* "group 7" */
	char command[128];
};

struct session_reply {
	uint32_t magic;
	int32_t rc; /* 0 or -errno; the record where ERROR.kind says so */
	uint32_t generation; /* of the interrupts: another one, others are enabled */
	uint32_t count;
	struct buffer buffer; /* without its pointers */
	struct interrupt_state irq;
	struct session_summary summary;
	struct error error;
};

/* --- the socket ---------------------------------------------------------------------------------- */

/* PATH too long for an address: -ENAMETOOLONG. The descriptor, or -errno. Listens for its owner only. */
int session_socket_listen(const char *path);
int session_socket_connect(const char *path);
/* The other end is this user's or root's, who connected or listens; socket(7), SO_PEERCRED. */
bool session_socket_is_trusted(int socket);

/* All of it at once, with FD (-1: none). Never waits: a peer that does not read is -EAGAIN. */
int session_socket_send(int socket, const void *data, size_t size, int fd);
/*
 * One packet of exactly SIZE bytes; another size is -EPROTO, the end -ECONNRESET. *FD (may be NULL: what comes is
 * dropped) is -1 or the caller's to close.
 */
int session_socket_receive(int socket, void *data, size_t size, int *fd);

#endif
