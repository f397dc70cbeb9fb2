/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What is behind the opaque types of include/pcietool.h. */
#ifndef PCIETOOL_LIB_INTERNAL_H
#define PCIETOOL_LIB_INTERNAL_H

#include <limits.h>

#include "core/access/access.h"
#include "core/base/context.h"
#include "core/base/error.h"
#include "core/dma/buffer.h"
#include "core/region/region.h"
#include "include/pcietool.h"

struct pcietool_error {
	struct error record;
};

/* NAMES of text that a context keeps. */
enum context_text { TEXT_SYSROOT, TEXT_MAP, TEXT_MAP_FOLDER, TEXT_SESSION, TEXT_COUNT };

struct pcietool_context {
	struct context ctx;
	char *texts[TEXT_COUNT];
	const char *folders[4]; /* of maps; ends with NULL */
	void (*log)(void *data, enum pcietool_log_level level, const char *message);
	void *log_data;
	bool (*stopped)(void *data);
	void *stopped_data;
	bool is_used; /* a device was opened */
};

struct shared_bar;

struct pcietool_device {
	struct pcietool_context *context;
	struct device *device;
	struct shared_bar *bars[DEVICE_BARS][2]; /* opened last, for reading and for writing; NULL: never */
	struct buffer_client *client; /* opened when it is first needed */
};

/* Where a caller does not want to know, somebody has to. */
#define RECORD(error) ((error) ? &(error)->record : &(struct error){ 0 })

/* Whom TEXT means, as PCIETOOL_DEVICE; NULL: every device. */
int select_text(const char *text, struct selector *selector, struct error *error);
/* Does the program want its call to end? */
bool context_stopped(const struct pcietool_context *context);
/* Buffers and interrupts of DEVICE, opened once. */
int device_client(struct pcietool_device *device, struct buffer_client **client, struct error *error);

/* --- bars.c ------------------------------------------------------------------------------------------- */

/* *SHARED, which is to be put, is BAR of DEVICE; bar_share() takes REGION, which is it, also where it fails. */
int bar_open(struct pcietool_device *device, unsigned int bar, bool write, struct shared_bar **shared,
	     struct error *error);
int bar_share(struct pcietool_device *device, unsigned int bar, bool write, struct region *region,
	      struct shared_bar **shared, struct error *error);
/* The one that is open, where a BAR that went since then is noticed by its use, as a fault; NULL: it is to be opened. */
struct shared_bar *bar_get(struct pcietool_device *device, unsigned int bar, bool write);
struct region *bar_region(const struct shared_bar *bar);
void bar_put(struct shared_bar *bar); /* accepts NULL */
void bars_close(struct pcietool_device *device);

#endif
