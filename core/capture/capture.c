// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * A capture or a play from end to end. The order matters: everything that can be refused is, before the
 * device is touched; and the device is stopped before its memory goes.
 */
#include "core/capture/capture.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "core/backend/path.h"
#include "core/capture/internal.h"
#include "core/preflight/preflight.h"

/* Everything about C that needs neither memory nor the helper. */
static int prepare(struct capture *c, const struct capture_config *config, struct device *device,
		   struct error *error)
{
	c->config = config;
	c->device = device;
	c->ring_size = config->block * (config->blocks ? config->blocks : 1);
	/* an operand that knows @buf counts on one address for all blocks, as a head does */
	c->is_contiguous = config->has_head || capture_config_names(config, "buf");
	c->ctx = *device->ctx;
	c->ctx.unsafe |= config->unsafe;
	access_init(&c->access, &c->ctx, device, SPACE_BAR);
	c->access.bar = config->bar;
	c->access.width = config->width ? config->width : 32;
	c->access.write = true;
	return capture_resolve(c, error);
}

/* Whether the interrupt that is waited for can come, and what its count tells. */
static int check_interrupt(struct capture *c, struct error *error)
{
	struct interrupt_state state;
	int rc;

	if (!c->config->has_irq)
		return 0;
	rc = interrupt_state(c->claim->client, &state, error);
	if (rc < 0)
		return rc;
	if (state.type == INTERRUPT_NONE) {
		error_set(error, ERROR_FAILED, "irq-not-enabled", "%s: --irq %u: interrupts are not enabled",
			  c->device->name, c->config->vector);
		error_hint(error, "enable them with 'pcietool -s %s irq enable'", c->device->name);
		return -EINVAL;
	}
	if (c->config->vector >= state.vectors)
		return error_set(error, ERROR_USAGE, "no-vector", "%s: --irq %u: the vectors are 0 to %u",
				 c->device->name, c->config->vector, state.vectors - 1);
	/* messages are counted one by one; a level may stand for several blocks (PCIe 5.0 section 6.1) */
	c->counts_blocks = state.type != INTERRUPT_INTX && !c->config->has_head && !c->config->has_done;
	return 0;
}

static const char *const ask_overrun = "--overrun CONDITION tells where the device has a sign for it";

/* What is known about losses when none is seen. */
static const char *lost_reason(const struct capture *c)
{
	const struct capture_config *config = c->config;

	if (config->has_overrun || config->has_lost || config->hooks[CAPTURE_EACH].count)
		return NULL;
	/* no block is filled again before the device is through with it */
	if (config->play && capture_config_submits(config))
		return NULL;
	if (config->has_head)
		return config->play || !capture_is_held(c) ? NULL : ask_overrun;
	return c->counts_blocks && !config->hooks[CAPTURE_ACK].count ? NULL : ask_overrun;
}

static int allocate_memories(struct capture *c, struct error *error)
{
	for (unsigned int i = 0; i < c->config->memory_count; i++) {
		struct symbol *symbol = &c->symbols[SYMBOL_MEMORY + i];
		int rc = capture_ring_alloc(c->claim->client, symbol->size, 1, true, &c->memories[i], error);

		if (rc < 0)
			return rc;
		symbol->value = capture_ring_address(c->memories[i], 0);
		symbol->map = capture_ring_map(c->memories[i], 0);
	}
	return 0;
}

static int allocate(struct capture *c, struct error *error)
{
	const struct capture_config *config = c->config;
	int rc;

	rc = capture_ring_alloc(c->claim->client, config->block, c->symbols[SYMBOL_BLOCKS].value,
				c->is_contiguous, &c->ring, error);
	if (rc < 0)
		return rc;
	rc = allocate_memories(c, error);
	if (rc < 0)
		return rc;
	context_log(c->device->ctx, LOG_INFO, "%s: ring of %llu blocks of %llu bytes, the first at 0x%llx%s",
		    c->device->name, (unsigned long long)c->ring->blocks, (unsigned long long)c->ring->block,
		    (unsigned long long)capture_ring_address(c->ring, 0),
		    c->is_contiguous ? ", contiguous" : "");
	if (config->direct && !capture_ring_is_page_backed(c->ring)) {
		error_set(error, ERROR_UNSUPPORTED, "not-page-backed",
			  "%s: --direct: this device's DMA memory is not made of pages that a file can be "
			  "written from",
			  c->device->name);
		error_hint(error, "leave --direct away");
		return -EOPNOTSUPP;
	}
	if (c->is_contiguous) {
		c->symbols[SYMBOL_BUF].value = capture_ring_address(c->ring, 0);
		c->symbols[SYMBOL_BUF].map = capture_ring_map(c->ring, 0);
	}
	if (capture_config_submits(config)) {
		rc = completions_open(c, error);
		if (rc < 0)
			return rc;
	}
	return capture_check_values(c, error);
}

static int open_file(struct capture *c, struct error *error)
{
	const struct capture_config *config = c->config;

	if (config->play)
		return capture_source_open(config->file, config->direct, &c->file, error);
	return capture_sink_open(config->file, config->direct, &c->file, error);
}

int capture_new(const struct capture_config *config, struct device *device,
		const struct capture_events *events, struct capture **capture, struct error *error)
{
	struct capture *c = calloc(1, sizeof(*c));
	int rc;

	if (!c)
		return error_errno(error, -ENOMEM, "%s", device->name);
	c->events = events;
	c->before.log_fd = -1;
	rc = prepare(c, config, device, error);
	if (rc == 0)
		rc = open_file(c, error);
	if (rc < 0) {
		capture_free(c);
		return rc;
	}
	*capture = c;
	return 0;
}

int capture_attach(struct capture *c, struct capture_claim *claim, struct error *error)
{
	c->claim = claim;
	return check_interrupt(c, error);
}

int capture_allocate(struct capture *c, struct error *error)
{
	int rc = allocate(c, error);

	if (rc == 0)
		rc = capture_register_stop(c, error);
	c->result.lost_reason = lost_reason(c);
	return rc;
}

int capture_open(const struct capture_config *config, struct device *device,
		 const struct capture_events *events, struct capture **capture, struct error *error)
{
	struct capture_claim claim;
	struct capture *c;
	int rc;

	capture_claim_init(&claim, device);
	rc = capture_new(config, device, events, &c, error);
	if (rc < 0)
		return rc;
	c->own = claim;
	rc = capture_claim_open(&c->own, config->has_irq, error);
	if (rc == 0)
		rc = capture_attach(c, &c->own, error);
	if (rc == 0)
		rc = capture_claim_take(&c->own, error);
	if (rc == 0)
		rc = capture_allocate(c, error);
	if (rc < 0) {
		capture_close(c);
		return rc;
	}
	*capture = c;
	return 0;
}

void capture_await_done(struct capture *c, int rc, uint64_t since)
{
	/* --timeout has said that it does not end, and --stopped is the better sign */
	bool may_end = c->is_running && c->is_started && c->is_under_way && rc != -ENODEV && rc != -ETIME;

	if (may_end && c->config->has_done && !c->config->has_stopped)
		c->is_under_way = !capture_comes_to_hold(c, CONDITION_DONE, since);
}

int capture_stop_engine(struct capture *c, struct error *error)
{
	bool is_ours = c->is_running && (!c->kernel_stops || c->claim->stops_here);
	int rc = is_ours ? capture_hook_run(c, CAPTURE_STOP, error) : 0;

	c->is_stopping = c->is_running && rc == 0;
	c->is_running = false;
	return rc;
}

void capture_await_stopped(struct capture *c, uint64_t since)
{
	if (c->is_stopping && c->config->has_stopped)
		c->has_sign = capture_comes_to_hold(c, CONDITION_STOPPED, since);
	c->is_stopping = false;
}

/* After a run that ENDED with that. Bus mastering off too, pending transactions waited for. */
static int stop(struct capture *c, int ended, struct error *error)
{
	struct error why;
	int stopped;
	int rc;

	capture_await_done(c, ended, clock_ns());
	stopped = capture_stop_engine(c, error);
	capture_await_stopped(c, clock_ns());
	rc = capture_claim_release(&c->own, stopped == 0, &why);
	if (rc < 0 && stopped == 0)
		*error = why;
	return stopped < 0 ? stopped : rc;
}

/* The memory of descriptors is the device's from here on. */
static int sync_all(struct capture *c, struct error *error)
{
	int rc = 0;

	for (uint64_t i = 0; i < c->ring->blocks && rc == 0; i++)
		rc = capture_ring_sync_for_device(c->ring, i * c->ring->block, c->ring->block, error);
	return rc;
}

/* Every block is the device's, or as many as are wanted. */
static int run_per_block(struct capture *c, struct error *error)
{
	uint64_t blocks = c->ring->blocks;
	int rc = 0;

	if (c->config->has_completes && !c->config->play) {
		for (uint64_t i = 0; i < blocks && rc == 0 && completions_wants(c); i++)
			rc = completions_submit(c, i, capture_length(c, c->completions.submitted),
						CAPTURE_PER_BLOCK, error);
		return rc;
	}
	for (uint64_t i = 0; i < blocks && rc == 0 && c->hooks[CAPTURE_PER_BLOCK].count; i++) {
		capture_point(c, i, capture_length(c, i));
		rc = capture_hook_run(c, CAPTURE_PER_BLOCK, error);
	}
	return rc;
}

/* --setup, --per-block: all but the start. */
static int arm(struct capture *c, struct error *error)
{
	int rc;

	c->is_running = true;
	c->may_go_on = true;
	rc = capture_hook_run(c, CAPTURE_SETUP, error);
	if (rc == 0)
		rc = run_per_block(c, error);
	if (rc == 0 && c->config->play && capture_config_submits(c->config))
		rc = play_descriptors_submit(c, error);
	if (rc == 0)
		rc = sync_all(c, error);
	if (rc == 0 && c->config->has_irq)
		rc = capture_count(c, &c->interrupts, error);
	if (rc == 0 && c->config->has_head) {
		/* where the device stands before it starts is where the data begins */
		rc = capture_head_read(c, &c->symbols[SYMBOL_TAIL].value, error);
		c->symbols[SYMBOL_HEAD].value = c->symbols[SYMBOL_TAIL].value;
		if (rc == 0 && c->config->play)
			rc = play_head_prefill(c, error);
	}
	capture_point(c, 0, capture_length(c, 0));
	/* what was lost before is no loss of this run */
	return rc == 0 ? capture_lost_check(c, error) : rc;
}

static int prepare_file(struct capture *c, struct error *error)
{
	int rc = c->events->begun ? c->events->begun(c->events->data, error) : 0;

	if (rc < 0)
		return rc;
	if (c->config->play)
		return capture_config_submits(c->config) ? play_descriptors_prefill(c, error)
							 : play_prefill(c, error);
	rc = capture_sink_begin(c->file, error);
	/* those of descriptors are gathered */
	if (rc < 0 || !c->config->direct || capture_config_describes(c->config))
		return rc;
	return write_queue_open(c, capture_block_written, error);
}

static int run_engine(struct capture *c, struct error *error)
{
	const struct capture_config *config = c->config;

	if (config->play && capture_config_submits(config))
		return play_run_descriptors(c, error);
	if (config->play)
		return config->has_head ? play_run_head(c, error) : play_run_blocks(c, error);
	if (capture_config_describes(config))
		return capture_run_descriptors(c, error);
	return config->has_head ? capture_run_head(c, error) : capture_run_blocks(c, error);
}

/* The last look at --lost, after a run that ended with RC; a time-out is told before a count that cannot be read. */
static int count_lost(struct capture *c, int rc, struct error *error)
{
	struct error why;
	int counted;

	if (!c->counts_lost || (rc < 0 && rc != -ECANCELED && rc != -ETIME))
		return rc;
	counted = capture_lost_check(c, &why);
	if (counted == 0 || rc == -ETIME)
		return rc;
	*error = why;
	return counted;
}

int capture_arm(struct capture *c, struct error *error)
{
	int rc;

	wait_reason_begin(c->device, &c->before);
	c->before.is_polled = !c->config->has_irq;
	if (capture_is_stopped(c))
		return -ECANCELED;
	rc = prepare_file(c, error);
	return rc == 0 ? arm(c, error) : rc;
}

/* After RC of what began with the start. */
static int conclude(struct capture *c, int rc, struct error *error)
{
	rc = count_lost(c, rc, error);
	c->result.time = clock_ns() - c->started;
	return rc;
}

int capture_start(struct capture *c, struct error *error)
{
	int rc;

	c->started = clock_ns();
	c->ticked = c->started;
	rc = capture_hook_run(c, CAPTURE_START, error);
	c->is_started = rc == 0;
	return rc < 0 ? conclude(c, rc, error) : 0;
}

int capture_run_engine(struct capture *c, struct error *error)
{
	int rc = conclude(c, run_engine(c, error), error);

	/* a device that went away at the very end gave what looks like data */
	return rc == 0 && !device_is_present(c->device) ? device_gone(c->device, error) : rc;
}

/*
 * Is there evidence that its engine has nothing left to do, after a run that ended with RC? A --stop is none: not every
 * engine minds it. The sign of --stopped is, which has the last word; so is that all it was given is finished, where
 * it is given one block after the other (--each), or what it has is counted.
 */
static bool is_idle(struct capture *c, int rc)
{
	struct error ignored;
	bool holds = false;

	if (!c->is_started && !c->is_told)
		return true;
	if (c->config->has_stopped)
		return c->has_sign;
	/* what --setup, or half of --start, set going is counted by nobody */
	if (rc == -ENODEV || !c->is_started || c->config->has_head)
		return false;
	if (capture_config_submits(c->config))
		return !c->completions.is_unsure && c->completions.taken == c->completions.submitted;
	if (!c->hooks[CAPTURE_EACH].count)
		return false;
	if (!c->is_under_way)
		return true;
	return c->config->has_done && capture_look_done(c, &holds, &ignored) == 0 && holds;
}

static int report_loss(const struct capture *c, struct error *error)
{
	const struct capture_result *r = &c->result;

	if (r->device_lost > 0)
		return error_set(error, ERROR_FAILED, "device-lost", "%s: the device counts %llu lost",
				 c->device->name, (unsigned long long)r->device_lost);
	if (r->lost > 0)
		return error_set(error, ERROR_FAILED, "blocks-lost", "%s: %llu blocks lost", c->device->name,
				 (unsigned long long)r->lost);
	if (r->overruns > 0)
		return error_set(error, ERROR_FAILED, "blocks-lost", "%s: data was lost: %s", c->device->name,
				 r->lost_reason);
	return 0;
}

int capture_end(struct capture *c, int rc, int stopped, const struct error *why, struct error *error)
{
	struct error unfinished = { 0 };
	int ended = 0;

	wait_reason_end(&c->before);
	if (c->may_go_on && stopped == 0)
		c->may_go_on = !is_idle(c, rc);
	c->result.stopped = rc == -ECANCELED;
	if (c->result.stopped)
		rc = 0;
	if (rc == 0 && stopped < 0) {
		*error = *why;
		rc = stopped;
	}
	/* a file that nothing was to be written to any more goes, if it was not there before */
	if (!c->file->file.made) {
		ended = capture_sink_finish(c->file, &unfinished);
		c->file = NULL;
	}
	if (rc == 0 && ended < 0) {
		*error = unfinished;
		rc = ended;
	}
	return rc == 0 ? report_loss(c, error) : rc;
}

int capture_run(struct capture *c, struct error *error)
{
	struct error why;
	int stopped;
	int rc;

	rc = capture_arm(c, error);
	if (rc == 0)
		rc = capture_start(c, error);
	if (rc == 0)
		rc = capture_run_engine(c, error);
	stopped = stop(c, rc, &why);
	return capture_end(c, rc, stopped, &why, error);
}

const struct capture_result *capture_result(const struct capture *c)
{
	return &c->result;
}

/* Bytes of it that are left to the device. */
static uint64_t free_ring(const struct capture *c, struct capture_ring *ring)
{
	uint64_t bytes = c->may_go_on ? capture_ring_bytes(ring) : 0;

	capture_ring_free(ring, !c->may_go_on);
	return bytes;
}

uint64_t capture_free(struct capture *c)
{
	uint64_t left;

	write_queue_close(c);
	left = free_ring(c, c->ring);
	for (unsigned int i = 0; i < CAPTURE_MEMORIES; i++)
		left += free_ring(c, c->memories[i]);
	completions_close(c);
	frames_close(c);
	capture_sink_close(c->file);
	capture_unresolve(c);
	free(c);
	return left;
}

void capture_tell_held(struct capture_claim *claim, uint64_t bytes)
{
	const char *name = claim->device->name;
	struct buffer_held held;
	struct error ignored;

	/* behind an IOMMU nothing needs to be */
	if (!bytes || !claim->client || buffer_held(claim->client, &held, &ignored) < 0 || !held.bytes)
		return;
	context_log(
		claim->device->ctx, LOG_WARN,
		"%s: nothing says that its engine has stopped: %llu bytes of memory stay the device's until "
		"'pcietool -s %s reset', or 'dma free --idle --all' once it has; --stopped CONDITION says it",
		name, (unsigned long long)bytes, name);
}

void capture_close(struct capture *c)
{
	struct capture_claim claim;
	struct error ignored;
	uint64_t left;

	if (!c)
		return;
	stop(c, 0, &ignored);
	claim = c->own;
	left = capture_free(c);
	capture_tell_held(&claim, left);
	capture_claim_close(&claim);
}

static int check_room(const struct capture *c, struct buffer_client *client, struct error *error)
{
	uint64_t blocks = c->config->blocks ? c->config->blocks : 1;
	int rc = c->is_contiguous ? buffer_room(client, 1, c->ring_size, error)
				  : buffer_room(client, blocks, c->config->block, error);

	for (unsigned int i = 0; i < c->config->memory_count && rc == 0; i++)
		rc = buffer_room(client, 1, c->config->memories[i].size, error);
	return rc;
}

/* A plan may be made before the device is bound; and VFIO is not opened for one, as that resets the device. */
static int check_way(struct capture *c, struct error *error)
{
	struct capture_claim claim;
	struct error ignored;
	int rc;

	if (device_path_client(c->device) == BACKEND_VFIO && !device_session(c->device))
		return 0;
	capture_claim_init(&claim, c->device);
	if (buffer_client_open(c->device, &claim.client, &ignored) < 0)
		return 0;
	c->claim = &claim;
	rc = preflight_bus_master(c->device, error);
	if (rc == 0)
		rc = check_interrupt(c, error);
	if (rc == 0)
		rc = check_room(c, claim.client, error);
	capture_claim_close(&claim);
	c->claim = NULL;
	return rc;
}

int capture_plan(const struct capture_config *config, struct device *device, capture_plan_fn tell, void *data,
		 struct error *error)
{
	static const struct capture_events no_events;
	struct capture c = { .events = &no_events };
	int rc;

	rc = prepare(&c, config, device, error);
	if (rc == 0)
		rc = check_way(&c, error);
	for (int i = 0; i < CAPTURE_HOOKS && rc == 0; i++)
		rc = capture_plan_hook(&c, (enum capture_hook)i, tell, data, error);
	capture_unresolve(&c);
	return rc;
}
