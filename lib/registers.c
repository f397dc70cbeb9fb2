// SPDX-License-Identifier: GPL-2.0-or-later
/* Registers by operand, BARs by blocks, and registers that are looked up once. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "core/access/once.h"
#include "core/access/wait.h"
#include "core/preflight/preflight.h"
#include "lib/internal.h"

static void begin(struct pcietool_device *d, bool write, struct access *access)
{
	access_init(access, d->device->ctx, d->device, SPACE_BAR);
	access->write = write;
}

int pcietool_regs_read(struct pcietool_device *d, const char *ref, uint64_t *value,
		       struct pcietool_error *error)
{
	return access_read_once(d->device, SPACE_BAR, ref, value, NULL, RECORD(error));
}

int pcietool_regs_write(struct pcietool_device *d, const char *assign, struct pcietool_error *error)
{
	return access_write_once(d->device, SPACE_BAR, assign, RECORD(error));
}

struct wait_end {
	const struct pcietool_context *context;
	bool is_stopped;
};

static bool wait_stopped(void *data)
{
	struct wait_end *end = data;

	end->is_stopped = context_stopped(end->context);
	return end->is_stopped;
}

int pcietool_regs_wait(struct pcietool_device *d, const char *condition, uint64_t timeout, uint64_t interval,
		       uint64_t *value, struct pcietool_error *error)
{
	struct resolved_condition resolved;
	struct access access;
	struct condition c;
	uint64_t actual = value ? *value : 0; /* as it was where nothing is read */
	struct wait_end end = { .context = d->context };
	const struct access_wait wait = { .conditions = &resolved,
					  .count = 1,
					  .actual = &actual,
					  .has_timeout = timeout != UINT64_MAX,
					  .timeout = timeout,
					  .interval = interval,
					  .stopped = wait_stopped,
					  .data = &end };
	int rc = condition_parse(condition, &c, RECORD(error));

	if (rc < 0)
		return rc;
	begin(d, false, &access);
	rc = access_resolve_condition(&access, &c, &resolved, RECORD(error));
	if (rc == 0)
		rc = access_wait(&access, &wait, RECORD(error));
	access_close(&access);
	if (value)
		*value = actual;
	return rc == 0 && end.is_stopped ? -EINTR : rc;
}

/* --- BARs ------------------------------------------------------------------------------------------------- */

typedef int (*block_fn)(struct region *region, uint64_t offset, unsigned int width, void *data, size_t length,
			struct error *error);

static int write_block(struct region *region, uint64_t offset, unsigned int width, void *data, size_t length,
		       struct error *error)
{
	return region_write_block(region, offset, width, data, length, error);
}

static bool is_ones(const uint8_t *data, size_t length)
{
	for (size_t i = 0; i < length; i++) {
		if (data[i] != 0xff)
			return false;
	}
	return true;
}

static int block_of(const struct shared_bar *shared, block_fn block, uint64_t offset, unsigned int width,
		    void *data, size_t length, struct error *error)
{
	struct region *region = bar_region(shared);
	int rc = region_check_range(region, offset, length, width, error);

	return rc < 0 ? rc : block(region, offset, width, data, length, error);
}

/*
 * Of the BAR that is open. -EFAULT: it is gone, and nothing was accessed, so it may be done again with another. What is gone later, in the
 * midst, is not: *IS_BEGUN.
 */
static int block_of_open(struct pcietool_device *d, unsigned int bar, const struct shared_bar *shared,
			 bool write, uint64_t offset, unsigned int width, void *data, size_t length,
			 bool *is_begun, struct error *error)
{
	block_fn block = write ? write_block : region_read_block;
	size_t first = length < width / 8 ? length : width / 8;
	int rc = 0;

	/* a write is lost in silence */
	if (write)
		rc = preflight_decoding(d->device, &(struct bar){ .index = bar }, error);
	if (rc == 0)
		rc = region_check_range(bar_region(shared), offset, length, width, error);
	if (rc == 0)
		rc = block_of(shared, block, offset, width, data, first, error);
	if (rc < 0 || first == length)
		return rc;
	*is_begun = true;
	return block_of(shared, block, offset + first, width, (char *)data + first, length - first, error);
}

static int bar_block(struct pcietool_device *d, unsigned int bar, uint64_t offset, unsigned int width,
		     void *data, size_t length, bool write, struct error *error)
{
	block_fn block = write ? write_block : region_read_block;
	struct shared_bar *shared;
	struct shared_bar *again;
	bool is_begun = false;
	int opened;
	int rc = 0;

	if (width != 8 && width != 16 && width != 32 && width != 64)
		return error_set(error, ERROR_USAGE, "bad-width",
				 "an access has 8, 16, 32 or 64 bits, not %u", width);
	if (bar >= DEVICE_BARS)
		return error_set(error, ERROR_USAGE, "bad-bar", "there is no BAR %u: BARs are 0 to %d", bar,
				 DEVICE_BARS - 1);
	if (length % (width / 8))
		return error_set(error, ERROR_USAGE, "bad-operand", "%zu bytes are no accesses of %u bits",
				 length, width);
	shared = bar_get(d, bar, write);
	if (shared) {
		rc = block_of_open(d, bar, shared, write, offset, width, data, length, &is_begun, error);
		bar_put(shared);
		/* of all ones, opening it finds out why: decoding may be off */
		if (rc < 0 ? rc != -EFAULT || is_begun : write || !is_ones(data, length))
			return rc;
	}
	opened = bar_open(d, bar, write, &again, error);
	if (opened < 0)
		return opened;
	if (!shared || rc < 0)
		rc = block_of(again, block, offset, width, data, length, error);
	bar_put(again);
	return rc;
}

int pcietool_bar_read(struct pcietool_device *d, unsigned int bar, uint64_t offset, unsigned int width,
		      void *data, size_t length, struct pcietool_error *error)
{
	return bar_block(d, bar, offset, width, data, length, false, RECORD(error));
}

int pcietool_bar_write(struct pcietool_device *d, unsigned int bar, uint64_t offset, unsigned int width,
		       const void *data, size_t length, struct pcietool_error *error)
{
	/* one way for both: a write only reads what is behind it */
	return bar_block(d, bar, offset, width, (void *)(uintptr_t)data, length, true, RECORD(error));
}

/* --- looked up once --------------------------------------------------------------------------------------- */

struct pcietool_register {
	struct access access;
	struct assign assign; /* VALUE is written, and is a number */
	struct target target;
	struct error unreadable; /* why it cannot be read; no kind: it can */
	struct shared_bar *shared; /* whose region ACCESS has; NULL: none, it is of DMA memory */
	unsigned int bar;
	char name[];
};

/* The BAR that it was found in is, from here on, the one that all have. */
static int share(struct pcietool_device *d, struct pcietool_register *r, struct error *error)
{
	struct region *region = r->target.region;
	int rc;

	/* of a BAR with several windows only those in the first: one mapping would go to and fro */
	if (r->target.offset >= (region->granule ? region->granule : UINT64_MAX))
		return 0;
	for (unsigned int i = 0; i < DEVICE_BARS; i++) {
		if (r->access.bars[i] != region)
			continue;
		r->access.bars[i] = NULL;
		rc = bar_share(d, i, r->access.write, region, &r->shared, error);
		if (rc < 0)
			return rc;
		r->bar = i;
		r->target.region = bar_region(r->shared);
		r->access.bars[i] = r->target.region;
		break;
	}
	return 0;
}

int pcietool_register_open(struct pcietool_device *d, const char *ref, struct pcietool_register **reg,
			   struct pcietool_error *error)
{
	size_t size = strlen(ref) + 1;
	struct pcietool_register *r = calloc(1, sizeof(*r) + size);
	struct error unwritable = { 0 };
	struct target ignored;
	int rc;

	if (!r)
		return error_errno(RECORD(error), -ENOMEM, "%s", ref);
	memcpy(r->name, ref, size);
	r->assign.text = r->name;
	begin(d, true, &r->access);
	rc = ref_parse(r->name, &r->assign.ref, RECORD(error));
	if (rc == 0)
		rc = access_resolve(&r->access, &r->assign.ref, &r->target, &unwritable);
	/* who may only read it can do that */
	if (rc < 0 && unwritable.kind == ERROR_DENIED) {
		access_close(&r->access);
		begin(d, false, &r->access);
		rc = access_resolve(&r->access, &r->assign.ref, &r->target, RECORD(error));
	} else if (rc < 0 && unwritable.kind != ERROR_NONE) {
		*RECORD(error) = unwritable;
	}
	if (rc < 0) {
		pcietool_register_close(r);
		return rc;
	}
	access_resolve_read(&r->access, &r->assign.ref, &ignored, &r->unreadable);
	rc = share(d, r, RECORD(error));
	if (rc < 0) {
		pcietool_register_close(r);
		return rc;
	}
	*reg = r;
	return 0;
}

void pcietool_register_close(struct pcietool_register *r)
{
	if (!r)
		return;
	if (r->shared)
		r->access.bars[r->bar] = NULL;
	access_close(&r->access);
	bar_put(r->shared);
	free(r);
}

unsigned int pcietool_register_bits(const struct pcietool_register *r)
{
	return target_value_bits(&r->target);
}

int pcietool_register_read(struct pcietool_register *r, uint64_t *value, struct pcietool_error *error)
{
	if (r->unreadable.kind != ERROR_NONE) {
		*RECORD(error) = r->unreadable;
		return error_number(r->unreadable.kind);
	}
	return target_read(&r->target, value, RECORD(error));
}

int pcietool_register_write(struct pcietool_register *r, uint64_t value, struct pcietool_error *error)
{
	struct resolved_assign resolved;
	struct assign_result result;
	int rc;

	if (!r->access.write)
		return error_set(RECORD(error), ERROR_DENIED, "denied",
				 "%s: it was opened for reading, as it may not be written", r->name);
	r->assign.value.number = value;
	/* what the map allows depends on the value */
	rc = access_resolve_assign(&r->access, &r->assign, &resolved, RECORD(error));
	return rc < 0 ? rc : access_assign(&r->access, &resolved, false, &result, RECORD(error));
}
