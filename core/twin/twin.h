/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A twin: a PCI device made of files, which QEMU's vfio-user-pci shows to a guest. It speaks the server's side of vfio-user
 * 0.0 (QEMU, docs/interop/vfio-user.rst) at a Unix socket, for one client at a time.
 *
 * Its config space is a dump's; the table of core/config says what a write does to it. Registers behave as a register map
 * says, a BAR without one is memory, and what neither can say is a model in Lua.
 */
#ifndef PCIETOOL_TWIN_H
#define PCIETOOL_TWIN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/base/context.h"
#include "core/base/error.h"
#include "core/pci/device.h"

/* One that is wanted beside what the config space and the map have. */
struct twin_bar {
	uint64_t size; /* bytes, a power of two; 0: nothing is said */
	bool is_64bit;
	bool is_prefetchable;
};

struct twin_options {
	const char *socket;
	const char *config; /* a dump; NULL: an endpoint with the map's ids */
	const struct pci_address *address; /* of its device in the dump and the trace; NULL: the only one */
	const char *rom; /* a file, which is its expansion ROM; NULL: it has none */
	const char *snapshot; /* of its registers' values; NULL: those of a reset */
	const char *model; /* in Lua; NULL: none */
	const char *replay; /* a trace that its registers answer from; NULL: none */
	const char *log; /* gets a line for each access; NULL: none */
	struct twin_bar bars[DEVICE_BARS];
};

/* "SIZE[,64][,prefetch]". A usage error. */
int twin_bar_parse(const char *text, struct twin_bar *bar, struct error *error);

struct twin;

/*
 * Reads all files. CTX has the register map's name and is used as long as the twin. An error names the file and, where it
 * has lines, the line.
 */
int twin_open(const struct context *ctx, const struct twin_options *options, struct twin **twin,
	      struct error *error);
/* Makes the socket. One that nobody listens at is replaced, anything else at that path is left. */
int twin_listen(struct twin *twin, struct error *error);
/* Takes it away: nobody connects to what is served no more. */
void twin_unlisten(struct twin *twin);
/*
 * Serves until END, a descriptor (-1: none), is readable, STOPPED, which is asked after each signal, or until the model ends it: 0; where one of the model's
 * functions failed, that; ERROR_DIFFERS where what came was not what the trace has.
 */
int twin_serve(struct twin *twin, int end, bool (*stopped)(void *data), void *data, struct error *error);
void twin_close(struct twin *twin); /* removes the socket; accepts NULL */

/* Have both a --log that goes to one file, whatever it is called? Not where that keeps nothing, or a pipe takes it. */
bool twin_shares_log(const struct twin *twin, const struct twin *other);

/* What it is, for whoever shows it. */
struct twin_summary {
	uint16_t vendor;
	uint16_t device;
	unsigned int config_size; /* bytes */
	struct {
		uint64_t size; /* 0: there is none */
		bool is_io;
		bool is_64bit;
		bool is_memory; /* mapped by the client; else each access is a message */
		size_t registers; /* of the map that lie in it */
		bool is_replayed;
	} bars[DEVICE_BARS];
	unsigned int vectors[3]; /* of INTx, MSI, MSI-X */
	uint64_t rom; /* bytes; 0: there is none */
};
void twin_summary(const struct twin *twin, struct twin_summary *summary);

#endif
