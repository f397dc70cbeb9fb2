/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Streaming: a device's receive engine into a ring of DMA memory and on into a file (capture), or a file
 * through the ring into its transmit engine (play). What the engine wants done is given as ASSIGNs
 * (hooks) and CONDITIONs; see pcietool-dma(8).
 */
#ifndef PCIETOOL_CAPTURE_H
#define PCIETOOL_CAPTURE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/pci/device.h"
#include "core/base/operand.h"

enum capture_hook {
	CAPTURE_SETUP, /* once */
	CAPTURE_PER_BLOCK, /* once for every block, before start */
	CAPTURE_START, /* once */
	CAPTURE_EACH, /* starts every block anew */
	CAPTURE_REFILL, /* makes a saved block's descriptor ready again; in a play, hands over one that has data */
	CAPTURE_ACK, /* after every block, with a head after every save, with descriptors after a batch */
	CAPTURE_STOP, /* once */
	CAPTURE_HOOKS,
};

/* In --setup and --start: goes on when it holds. */
struct capture_wait {
	size_t before; /* which of the ASSIGNs it comes before */
	struct condition condition;
};

struct capture_assigns {
	struct assign *list;
	size_t count;
	struct capture_wait *waits; /* in their order */
	size_t wait_count;
};

enum capture_format {
	CAPTURE_RAW, /* the data, one block behind the other */
	CAPTURE_RECORDS, /* length and time before each frame; a play does not look at times */
	CAPTURE_PCAP, /* a file of packets */
};

/* With completions that name their block. */
enum capture_order {
	CAPTURE_SUBMITTED, /* saved in the order in which the device was given the blocks */
	CAPTURE_COMPLETED, /* as it is through with them */
	CAPTURE_STRICT, /* both are the same, or the capture fails */
};

/* REF[:MASK]: what is read there, masked and shifted down. */
struct masked_ref {
	struct ref ref;
	bool has_mask;
	uint64_t mask;
};

/* DMA memory of the capture's own beside the ring: for descriptors. */
#define CAPTURE_MEMORIES 8
struct capture_memory {
	char name[BUFFER_NAME_SIZE];
	uint64_t size; /* bytes */
};

/* What is asked for. All zero is a valid start. */
struct capture_config {
	bool play;
	bool has_size;
	uint64_t size; /* bytes; without it: until interrupted, or the end of the input */
	uint64_t block; /* bytes; 0: not given */
	uint64_t blocks; /* 0: not given, one */
	bool has_irq;
	unsigned int vector;
	bool has_done;
	struct condition done;
	bool has_head;
	struct masked_ref head;
	uint64_t head_unit; /* bytes; 0: not given, one */
	struct capture_assigns hooks[CAPTURE_HOOKS];
	struct capture_memory memories[CAPTURE_MEMORIES];
	unsigned int memory_count;
	/* a ring of descriptors */
	bool has_length;
	struct masked_ref length;
	bool has_end;
	struct condition end;
	bool has_skip;
	struct condition skip;
	bool has_failed;
	struct condition failed;
	uint64_t trim; /* bytes at the end of a frame that are not saved */
	uint64_t batch; /* blocks; 0: not given */
	/* whose completions stand in a ring of their own */
	bool has_completes;
	struct masked_ref completes;
	bool has_order;
	enum capture_order order;
	enum capture_format format;
	bool has_link_type;
	uint32_t link_type; /* of a file of packets; not given: Ethernet */
	bool has_stopped;
	struct condition stopped; /* the device's sign that its engine does nothing more, after --stop */
	bool has_overrun;
	struct condition overrun;
	bool has_lost;
	struct masked_ref lost; /* the device's own count of what it had no room for */
	bool lost_clears; /* reading it begins it anew, as a register map may say too */
	bool direct;
	bool unsafe; /* hooks may do what the register map says is not safe */
	unsigned int bar; /* default BAR of the operands */
	unsigned int width; /* default width; 0: not given, 32 */
	bool has_timeout;
	uint64_t timeout; /* ns without data */
	uint64_t interval; /* ns, the longest pause between two looks; 0: not given */
	const char *file; /* where the data goes to, or comes from; "-" is a standard stream */
	const char *index; /* for the caller; core opens no index */
	char **texts; /* what the operands point into */
	size_t text_count;
};

/*
 * One option by its long name, VALUE NULL for one without an argument; copies VALUE. Given again, an
 * option that is no hook replaces what it said before.
 */
int capture_config_set(struct capture_config *config, const char *name, const char *value,
		       struct error *error);
/* What has to be there, and what does not go together. To be called after the last set. */
int capture_config_check(const struct capture_config *config, struct error *error);
void capture_config_free(struct capture_config *config); /* leaves it all zero */

const char *capture_hook_name(enum capture_hook hook); /* "per-block" */
/* Is it a ring of descriptors, whose blocks may be of any length? */
bool capture_config_describes(const struct capture_config *config);
/* Does it count what the device is given and what it is through with, as @submitted and @completed? */
bool capture_config_submits(const struct capture_config *config);

/* One block that was saved (or played), or with a head one save. */
struct capture_block {
	uint64_t number; /* as the device counted it: a gap is a loss */
	uint64_t offset; /* in the file */
	uint64_t length;
	uint64_t time; /* ns since the start */
	bool has_interrupts;
	uint64_t interrupts; /* the vector's count */
	bool overwritten; /* the device is known to have written it while it was saved */
	bool is_described; /* by a descriptor, so that it has */
	uint64_t frame; /* that it is part of, counted from 0 */
	uint64_t status; /* what --done read */
	/* Of a capture: where its bytes are in the ring until the call ends; a second piece where it goes round the end. */
	struct {
		const void *at; /* NULL: there is none */
		uint64_t length;
	} pieces[2];
};

/* All its bytes, during the call that tells it. -EFAULT: the memory went, as the driver was unbound. */
int capture_block_copy(const struct capture_block *block, void *to);

struct capture_result {
	uint64_t bytes;
	uint64_t blocks; /* with a head: saves */
	uint64_t frames; /* of a ring of descriptors */
	uint64_t skipped; /* frames that --skip left out, which no other number counts */
	const char *lost_reason; /* why LOST is not known; NULL: it is */
	uint64_t lost; /* blocks */
	uint64_t device_lost; /* with --lost: what the device counts, in its unit */
	uint64_t overruns; /* how often --overrun was seen to become true */
	uint64_t time; /* ns since the start */
	bool stopped; /* ended by the caller's wish */
};

/* The caller's side of a running capture; each may be NULL. */
struct capture_events {
	void *data;
	bool (*stopped)(void *data); /* shall it end now? Asked often; a signal must interrupt system calls */
	/* Shall it end without the device's sign that its engine has stopped? Memory is held back then. */
	bool (*hurried)(void *data);
	/* Nothing was found to refuse: the file is emptied, and what the caller keeps beside it may be. NULL: nobody asks. */
	int (*begun)(void *data, struct error *error);
	int (*block)(void *data, const struct capture_block *block, struct error *error);
	void (*progress)(void *data, const struct capture_result *result); /* ten times a second */
};

struct capture;

/*
 * Resolves all operands, opens the file, claims the device, allocates the ring. No register is touched.
 * CONFIG, DEVICE and EVENTS must outlive *CAPTURE.
 */
int capture_open(const struct capture_config *config, struct device *device,
		 const struct capture_events *events, struct capture **capture, struct error *error);
/*
 * Runs it to its end. However it ends, the device is stopped then and its bus mastering is off. Lost
 * blocks are a failure. Without a size the caller's wish to stop is success; see capture_result().
 */
int capture_run(struct capture *capture, struct error *error);
/* What there is so far, also after a failure. */
const struct capture_result *capture_result(const struct capture *capture);
/* Accepts NULL. What of its memory nobody knows to be out of the device's use is held back, with a warning. */
void capture_close(struct capture *capture);

/*
 * A hook as it would run. VALUE is a number, or the operand's own text where only a run knows it; NULL: TARGET is a
 * condition that is waited for.
 */
typedef void (*capture_plan_fn)(void *data, enum capture_hook hook, const char *target, const char *value);

/*
 * Resolves all operands and tells the hooks in their order; changes and allocates nothing. Where there is a way to the device's
 * memory by now (the helper, a session), what a run would be refused for is refused: bus mastering, --irq, a limit.
 */
int capture_plan(const struct capture_config *config, struct device *device, capture_plan_fn tell, void *data,
		 struct error *error);

#endif
