/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * DMA buffers: memory with a bus address that the device can read and write, mapped into this process.
 * A named buffer lives until it is freed, the device is released, or its session ends; an unnamed one
 * until the client that made it is closed.
 */
#ifndef PCIETOOL_BUFFER_H
#define PCIETOOL_BUFFER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/base/operand.h"
#include "core/pci/device.h"

struct client_ops;

/* An open door to the device's buffers and interrupts, by the way that the context or the device's driver says. */
struct buffer_client {
	const struct client_ops *ops; /* see client.h */
	struct device *device; /* not owned */
};

/*
 * Over the kernel helper: denied (exit 4) when not root, unsupported (6) when the module or the node is missing because
 * the device is not bound to the helper: with a hint to `driver bind`.
 */
int buffer_client_open(struct device *device, struct buffer_client **client, struct error *error);
void buffer_client_close(struct buffer_client *client); /* accepts NULL */

struct buffer {
	struct buffer_client *client; /* not owned */
	uint32_t handle;
	char name[BUFFER_NAME_SIZE]; /* empty: unnamed */
	uint64_t length; /* bytes, whole pages */
	uint64_t requested; /* bytes that were asked for */
	uint64_t address; /* bus address */
	uint64_t mmap_offset;
	bool page_backed; /* O_DIRECT and io_uring accept the mapping */
	bool coherent; /* needs no sync */
	bool orphan; /* its process died under a bus master */
	bool own; /* belongs to this client */
	uint8_t *map; /* NULL until buffer_map */
};

/* NAME NULL: unnamed. *BUFFER is the caller's to close. It is zeroed and not mapped yet. */
int buffer_alloc(struct buffer_client *client, const char *name, uint64_t size, struct buffer **buffer,
		 struct error *error);
/* Whether buffer_alloc() with that NAME would be refused, as far as the name and a limit of the sum go; nothing is allocated. */
int buffer_alloc_check(struct buffer_client *client, const char *name, uint64_t size, struct error *error);
/*
 * Whether COUNT buffers of SIZE bytes each may be allocated, as far as a limit of their sum goes: told before the first of
 * them is, with what all need. Fills the record.
 */
int buffer_room(struct buffer_client *client, uint64_t count, uint64_t size, struct error *error);
/* A named one, mapped; usage error with the names that exist when there is none of that name. */
int buffer_open(struct buffer_client *client, const char *name, struct buffer **buffer, struct error *error);
int buffer_map(struct buffer *buffer, struct error *error);
/*
 * Its memory as a file, whose offset 0 is the buffer's beginning: *FD is the caller's to close. EOPNOTSUPP: it is none, or
 * one of huge pages, which can only be mapped where they begin.
 */
int buffer_memory_fd(const struct buffer *buffer, int *fd, struct error *error);
/* Unmaps; memory and name stay. Accepts NULL. */
void buffer_close(struct buffer *buffer);
/* How a buffer is freed; bits. */
enum {
	BUFFER_FREE_FORCE = 1, /* turns bus mastering off first */
	BUFFER_FREE_IDLE = 2, /* the caller's word that no engine will use it: it is not held back */
};

/*
 * Frees the memory. Bus mastering off only pauses an engine, so it stays the device's (held back) where an engine
 * could go on to write to it, until a reset or a word. The struct still is the caller's to close.
 */
int buffer_free(struct buffer *buffer, unsigned int how, struct error *error);

/* Whether buffer_free() would be refused, and why; nothing is freed. */
int buffer_free_check(const struct buffer *buffer, unsigned int how, struct error *error);

/* What was freed and is still the device's. */
struct buffer_held {
	uint64_t bytes;
	uint32_t buffers;
	bool resets; /* releasing the device resets its function, which gives them back */
};

int buffer_held(struct buffer_client *client, struct buffer_held *held, struct error *error);
/*
 * The caller's word that the device's engines are idle: gives back all of it. Fails while bus mastering is on; HOW: with
 * BUFFER_FREE_FORCE it is turned off first.
 */
int buffer_give_back(struct buffer_client *client, unsigned int how, struct error *error);
/* Whether that would be refused, and why. */
int buffer_give_back_check(struct buffer_client *client, unsigned int how, struct error *error);

/* All buffers of the device, unmapped; *LIST and its elements are the caller's (buffer_list_free). */
int buffer_list(struct buffer_client *client, struct buffer **list, size_t *count, struct error *error);
void buffer_list_free(struct buffer *list);

/* Before the CPU reads what the device wrote, and before the device reads what the CPU wrote. */
int buffer_sync_for_cpu(struct buffer *buffer, uint64_t offset, uint64_t length, struct error *error);
int buffer_sync_for_device(struct buffer *buffer, uint64_t offset, uint64_t length, struct error *error);

/* --- the capture claim (one at a time per device) and what the kernel does when its owner dies ---- */

int buffer_client_claim(struct buffer_client *client, struct error *error);
/* Runs the stop writes, turns bus mastering off, waits for pending transactions. */
int buffer_client_release(struct buffer_client *client, struct error *error);
/* One write to run on the way out, in order; at most 16. MASK: the bits that change. */
int buffer_client_stop_write(struct buffer_client *client, unsigned int bar, uint64_t offset,
			     unsigned int width, uint64_t value, uint64_t mask, struct error *error);
/* No write of that kind is to run any more: the caller has made them. */
int buffer_client_forget_stops(struct buffer_client *client, struct error *error);

/* --- bytes in and out ---------------------------------------------------------------------------- */

/* The caller has checked that OFFSET and LENGTH lie inside. Each byte is loaded or stored once: core/base/dma_copy.h. */
int buffer_read(struct buffer *buffer, uint64_t offset, void *data, size_t length, struct error *error);
int buffer_write(struct buffer *buffer, uint64_t offset, const void *data, size_t length,
		 struct error *error);

/*
 * WIDTH bits, little-endian: one store where the offset is aligned, as a device that polls a descriptor must
 * see it whole; bytes otherwise.
 */
int buffer_store(struct buffer *buffer, uint64_t offset, unsigned int width, uint64_t value,
		 struct error *error);
/* Whether this build can: unsupported if not. */
int buffer_check_store(const struct buffer *buffer, uint64_t offset, unsigned int width, struct error *error);

#endif
