/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the files of core/capture share and nobody else sees. */
#ifndef PCIETOOL_CAPTURE_INTERNAL_H
#define PCIETOOL_CAPTURE_INTERNAL_H

#include <pthread.h>

#include "core/access/access.h"
#include "core/base/clock.h"
#include "core/file/stream_file.h"
#include "core/capture/capture.h"
#include "core/capture/direct_writer.h"
#include "core/dma/buffer.h"
#include "core/dma/interrupt.h"
#include "core/preflight/wait_reason.h"

/* --- a ring of DMA memory (ring.c) -------------------------------------------------------------- */

/*
 * Each block is contiguous for the device; the whole ring is only where that was asked for. An offset counts bytes
 * through all blocks, without the padding to pages.
 */
struct capture_ring {
	struct buffer **buffers; /* one, or one a block */
	size_t buffer_count;
	bool is_contiguous;
	uint64_t block; /* bytes */
	uint64_t blocks;
};

/* The memory is CLIENT's: it is freed when that is closed, or kept while the device may still write. */
int capture_ring_alloc(struct buffer_client *client, uint64_t block, uint64_t blocks, bool contiguous,
		       struct capture_ring **ring, struct error *error);
/* IS_IDLE: no engine uses it any more, so that its memory is given back; otherwise it is held back where it may be. */
void capture_ring_free(struct capture_ring *ring, bool is_idle);
uint64_t capture_ring_bytes(const struct capture_ring *ring); /* of memory; NULL has none */

/* OFFSET up to the end of its block (of the ring, where that is contiguous). */
uint8_t *capture_ring_map(const struct capture_ring *ring, uint64_t offset);
uint64_t capture_ring_address(const struct capture_ring *ring, uint64_t offset);
/* Where block SLOT is, for the device and here. */
void capture_ring_block(const struct capture_ring *ring, uint64_t slot, uint64_t *address, void **map);
bool capture_ring_is_page_backed(const struct capture_ring *ring);
int capture_ring_sync_for_cpu(struct capture_ring *ring, uint64_t offset, uint64_t length,
			      struct error *error);
int capture_ring_sync_for_device(struct capture_ring *ring, uint64_t offset, uint64_t length,
				 struct error *error);

struct iovec;

/* --- the file at the other end (file.c) --------------------------------------------------------- */

/*
 * Written through the page cache, or with O_DIRECT straight from the memory that the device filled; or the one that
 * play reads.
 *
 * Offset, length and memory address of a direct transfer are multiples of this: the largest logical block
 * of common disks (open(2), O_DIRECT).
 */
#define CAPTURE_DIRECT_ALIGNMENT 4096

struct capture_sink {
	const char *name; /* for messages */
	struct stream_file file; /* or what is read */
	bool is_direct; /* now */
	bool was_direct; /* set by us on what was given: to be taken back */
};

/* What is there already stays as it is until capture_sink_begin(). NAME must outlive *SINK. */
int capture_sink_open(const char *name, bool direct, struct capture_sink **sink, struct error *error);
int capture_source_open(const char *name, bool direct, struct capture_sink **source, struct error *error);
int capture_sink_begin(struct capture_sink *sink, struct error *error); /* truncates */

/*
 * LENGTH bytes. Returns 0, or -EINTR when a signal came (record not filled), or another -errno; *DONE
 * says how many were written in every case. What is not aligned at the end of a direct write goes through the
 * page cache, and so does everything after it.
 */
int capture_sink_write(struct capture_sink *sink, const void *data, size_t length, size_t *done,
		       struct error *error);
/*
 * One call for COUNT parts, at least one byte in all; *DONE may be less than they have, with 0 too. With O_DIRECT all but
 * the last one are aligned.
 */
int capture_sink_write_parts(struct capture_sink *sink, const struct iovec *parts, unsigned int count,
			     size_t *done, struct error *error);
/* Up to LENGTH bytes; *DONE below LENGTH with 0: the end of the file. Otherwise as above. */
int capture_source_read(struct capture_sink *source, void *data, size_t length, size_t *done,
			struct error *error);
/* The same, but what there is now, as a pipe has it; *DONE 0: the end. */
int capture_source_read_some(struct capture_sink *source, void *data, size_t length, size_t *done,
			     struct error *error);

/* Fills the record for a transfer that failed with RC; RC. */
int capture_sink_failed(const struct capture_sink *sink, int rc, struct error *error);

/* Closes and frees; what only then is known to have failed is reported. */
int capture_sink_finish(struct capture_sink *sink, struct error *error);
/* The same, for a capture that failed: removes a file that was created and never begun. Accepts NULL. */
void capture_sink_close(struct capture_sink *sink);

/* --- the state of a run -------------------------------------------------------------------------- */

/* Where each of the symbols lies in the table that the operands look at. */
enum {
	SYMBOL_BLOCK,
	SYMBOL_BLOCKS,
	SYMBOL_INDEX,
	SYMBOL_NEXT,
	SYMBOL_BUF,
	SYMBOL_MEMORY, /* the first of them */
	SYMBOL_COUNT = SYMBOL_MEMORY + CAPTURE_MEMORIES,
	SYMBOL_LAP,
	SYMBOL_HEAD,
	SYMBOL_TAIL,
	SYMBOL_COMPLETED,
	SYMBOL_SUBMITTED,
	SYMBOLS
};

/* What is looked at in the midst of a run, beside what hooks wait for. */
enum capture_condition {
	CONDITION_DONE,
	CONDITION_END,
	CONDITION_SKIP,
	CONDITION_FAILED,
	CONDITION_OVERRUN,
	CONDITION_STOPPED,
	CONDITIONS
};

struct resolved_hooks {
	struct resolved_assign *list;
	size_t count;
	struct resolved_condition *waits; /* as many as there are in the configuration */
};

/* A REF that depends on the symbols, for reads. */
struct moving_ref {
	struct target target;
	struct bound_place place;
};

/* play.c: how far play has read its file. */
struct capture_input {
	uint64_t bytes; /* in the ring so far */
	uint64_t blocks;
	bool is_ended;
	/* with a head: positions on an endless tape, of which the ring is the current piece */
	uint64_t sent; /* by the device */
	uint64_t filled;
};

/* laps.c: the last look at a head. */
struct capture_laps {
	uint64_t head;
	uint64_t looked; /* ns */
	uint64_t moved; /* bytes until then */
	uint64_t enough; /* bytes after which a rate says something */
};

/* A block that the device is through with. */
struct finished_block {
	uint64_t number;
	uint64_t slot;
	uint64_t length;
	uint64_t interrupts; /* the vector's count then */
};

/* claim.c: what all captures that run on a device together have of it. */
struct capture_claim {
	struct device *device;
	struct buffer_client *client;
	bool had_vfio; /* it was open before us */
	bool is_taken;
	bool stops_here; /* --stopped is waited for between --stop, which this process runs then, and bus mastering off */
	size_t stop_writes; /* that were registered with it */
	/*
	 * Held where a thread writes, or reads what others might be in the midst of: an ASSIGN may read before it writes, and
	 * a register may stand behind an index that another sets. NULL: there is one thread.
	 */
	pthread_mutex_t *lock;
};

/* wait.c: how fast the device is, as far as that is known, and so how long it need not be looked at. */
struct capture_pace {
	uint64_t seen; /* ns, when nothing was finished; 0: never yet */
	uint64_t finished; /* blocks, by then */
	uint64_t each; /* ns from one to the next; 0: not known */
	uint64_t nap; /* ns between two looks; 0: it is looked at without a pause at first */
};

struct capture;
/* BLOCK is in the file from OFFSET on. */
typedef int (*block_written)(struct capture *c, const struct finished_block *block, uint64_t offset,
			     struct error *error);

/* write_queue.c: blocks whose writes have not ended yet. */
struct write_queue {
	struct direct_writer *writer; /* NULL: a write ends before the next block is waited for */
	block_written written;
	struct finished_block *blocks; /* LIMIT of them */
	unsigned int limit;
	unsigned int first;
	unsigned int count;
	uint64_t bytes;
	bool is_broken; /* a write failed: the file ends there */
};

/* gather.c: a block that is not in the file yet. */
struct gathered {
	struct capture_block block; /* as it will be told; where its bytes are is filled in */
	uint64_t number; /* counted as they are saved */
	bool ends_frame;
	bool keeps; /* it is to be given back when it is written */
	bool is_lent; /* written from the ring */
	uint64_t end; /* bytes of all that is gathered, up to its end */
};

/* gather.c: what was not written yet, in the order of the file. */
struct gather {
	struct gathered *list;
	unsigned int count;
	uint64_t size; /* of LIST */
	struct iovec *parts;
	unsigned int part_count;
	uint8_t *stage; /* what was copied */
	uint64_t staged; /* bytes in it */
	uint64_t bytes; /* in all */
	unsigned int lent; /* blocks */
};

/* blocks.c: how far a capture block by block is. */
struct block_progress {
	uint64_t next; /* number of the block that is waited for */
	uint64_t base; /* the vector's count before the start */
	uint64_t depth; /* finished blocks that the device leaves alone */
	uint64_t current; /* that the operands are about while it is waited for */
	bool is_ending; /* no block is saved any more but those before LAST */
	bool is_silent; /* nothing is asked or told of the device any more */
	uint64_t last;
};

/* frames.c: the frames of a file that is played, and what of it was read ahead. */
struct frame_reader {
	uint8_t *buffer; /* NULL: the file is raw data */
	size_t at; /* what is next in it */
	size_t end;
	uint64_t count; /* frames so far */
	bool is_swapped; /* a file of packets in the other byte order */
	bool is_begun; /* its header was read */
	bool has_cut; /* told that a frame is not whole */
};

/* completions.c: a block of the ring, as the device has it. */
struct submission {
	uint64_t number; /* which one it was, counted since the start */
	uint64_t length; /* bytes that are wanted, or are in it */
	bool is_out; /* the device has it */
	bool is_finished; /* its completion was taken, its data not yet */
};

/* completions.c: what the device was given, and what it is through with. With --completes, and in a play by descriptors. */
struct completions {
	struct submission *slots; /* of each block */
	uint64_t submitted;
	uint64_t taken;
	bool is_unsure; /* a block was not submitted as a whole: the device may have it */
	uint64_t limit; /* no more than so many are wanted */
};

/*
 * A capture or a play. Who writes what: capture.c what is open and how it is run, hooks.c the operands, wait.c the
 * times, save.c and the modes (blocks.c, head.c, play.c) how far it is.
 */
struct capture {
	const struct capture_config *config;
	const struct capture_events *events;
	struct device *device;
	struct capture_sink *file;
	struct capture_claim own; /* where it is the only one */
	struct capture_claim *claim;
	struct capture_ring *ring;
	struct capture_ring *memories[CAPTURE_MEMORIES]; /* of one block each */
	uint64_t ring_size; /* bytes */
	bool is_contiguous;

	/* operands */
	struct context ctx; /* the device's, with the capture's own wishes */
	struct access access;
	struct symbol symbols[SYMBOLS];
	struct resolved_hooks hooks[CAPTURE_HOOKS];
	struct resolved_condition conditions[CONDITIONS];
	struct target head;
	struct target lost;
	struct moving_ref length;
	struct moving_ref completes;

	/* the run */
	struct wait_reason before; /* what a timeout compares with */
	bool is_running; /* the device was touched, and is to be stopped */
	bool is_stopping; /* its --stop was run, or is the kernel's to run */
	bool has_sign; /* that --stopped held after that */
	bool is_told; /* a hook but --stop wrote something: it may know of the ring */
	bool is_started; /* --start was run to its end */
	bool is_under_way; /* a block that --each started: it is not known to be finished */
	bool may_go_on; /* it was told of the ring, and nothing says that its engine is idle */
	bool kernel_stops; /* all --stop writes are registered: releasing the claim runs them */
	bool counts_blocks; /* one MSI for every block, so a difference is a loss */
	uint64_t interrupts; /* the vector's count as last seen */
	uint64_t started; /* ns */
	uint64_t ticked;
	bool is_overrun; /* --overrun held when last looked at */
	bool counts_lost; /* --lost was read for the first time */
	uint64_t lost_before; /* what it said then, or last */
	uint64_t status; /* what --done read last */
	uint64_t given_back; /* descriptors: blocks */
	struct capture_pace pace;
	struct block_progress progress;
	struct write_queue queue;
	struct capture_input input;
	struct frame_reader frames;
	struct completions completions;
	struct capture_result result;
};

/* --- options.c ----------------------------------------------------------------------------------- */

/* NULL: it was not given. */
const struct condition *capture_config_condition(const struct capture_config *config,
						 enum capture_condition which);
/* Does any operand know @NAME? */
bool capture_config_names(const struct capture_config *config, const char *name);

/* --- claim.c -------------------------------------------------------------------------------------- */

/* Before anything opens the device; needs no end as long as it is not opened. */
void capture_claim_init(struct capture_claim *claim, struct device *device);
/* With bus mastering; HAS_IRQ: and interrupts, where opening has turned both off. To be closed also after a failure. */
int capture_claim_open(struct capture_claim *claim, bool has_irq, struct error *error);
int capture_claim_take(struct capture_claim *claim, struct error *error);
/*
 * The device is stopped, its bus mastering off. IS_STOPPED: all --stop was run here, so that no write is made twice.
 * Does nothing where it was not taken.
 */
int capture_claim_release(struct capture_claim *claim, bool is_stopped, struct error *error);
void capture_claim_close(struct capture_claim *claim);
void capture_claim_lock(struct capture_claim *claim);
void capture_claim_unlock(struct capture_claim *claim);

/* --- capture.c: a capture's life in steps, for those that several have in common ------------------- */

/* Resolves the operands and opens the file: what needs neither memory nor a claim. */
int capture_new(const struct capture_config *config, struct device *device,
		const struct capture_events *events, struct capture **capture, struct error *error);
/* CLAIM, which is open, must outlive C. Can its interrupt come? */
int capture_attach(struct capture *c, struct capture_claim *claim, struct error *error);
/* Once the claim is taken: the memory, and what the kernel is to write at the end. */
int capture_allocate(struct capture *c, struct error *error);
/* The file begins; --setup, --per-block. -ECANCELED: it shall end, as everywhere here. */
int capture_arm(struct capture *c, struct error *error);
int capture_start(struct capture *c, struct error *error); /* --start; the clock starts */
int capture_run_engine(struct capture *c, struct error *error); /* to its end */
/*
 * After the run, which ended with RC, and before the others: what --each started may end meanwhile, since SINCE,
 * clock_ns(), as --done says. An engine that is reset in the midst of a block says nothing any more.
 */
void capture_await_done(struct capture *c, int rc, uint64_t since);
/* --stop, where the kernel does not run all of it when the claim is released, so that no write is made twice. */
int capture_stop_engine(struct capture *c, struct error *error);
/* After that of all that run on the device, which was at SINCE, clock_ns(): waits for the sign of --stopped. */
void capture_await_stopped(struct capture *c, uint64_t since);
/*
 * After the claim's release. RC is what the last of these steps ended with, which is in ERROR, STOPPED and WHY what
 * stopping the device did. What it came to in all.
 */
int capture_end(struct capture *c, int rc, int stopped, const struct error *why, struct error *error);
/*
 * C is stopped, its claim not closed yet. Bytes of memory that were left to the device, as nothing says that its engine
 * is idle.
 */
uint64_t capture_free(struct capture *c);
/* Warns of BYTES that were left to the device, where the kernel holds them back for it. */
void capture_tell_held(struct capture_claim *claim, uint64_t bytes);

/* --- hooks.c: operands ----------------------------------------------------------------- */

/* Of everything that CONFIG has, with a table of symbols whose addresses and memory are not known yet. */
int capture_resolve(struct capture *c, struct error *error);
void capture_unresolve(struct capture *c);
/* With the true addresses: does every value fit its register? */
int capture_check_values(struct capture *c, struct error *error);
/* @block, @block.size, @index, @next, @count and @lap are about block NUMBER, counted since the start. */
void capture_point(struct capture *c, uint64_t number, uint64_t length);
/* The same of one that lies in another slot of the ring than its number says. */
void capture_point_slot(struct capture *c, uint64_t number, uint64_t slot, uint64_t length);
/*
 * With a head: does --ack tell the device how far it may go (@tail)? Otherwise it acknowledges an interrupt, and
 * nothing holds the device back.
 */
bool capture_is_held(const struct capture *c);
bool capture_is_stopped(const struct capture *c); /* shall it end? */
bool capture_is_hurried(const struct capture *c); /* without waiting for anybody? */
int capture_hook_run(struct capture *c, enum capture_hook hook, struct error *error);
int capture_head_read(struct capture *c, uint64_t *head, struct error *error);
int capture_length_read(struct capture *c, uint64_t *length, struct error *error);
int capture_completes_read(struct capture *c, uint64_t *slot, struct error *error);
/* Does --failed hold for the block that the operands are about? *ACTUAL: what was read. */
int capture_failed_look(struct capture *c, bool *failed, uint64_t *actual, struct error *error);
/* Says that it does; a -errno. */
int capture_failed(const struct capture *c, uint64_t actual, struct error *error);
/* "@desc+0x3c": where --done looks now. */
void capture_done_place(const struct capture *c, char *text, size_t size);
/* Counts another --overrun. */
int capture_overrun_check(struct capture *c, struct error *error);
/* Adds what --lost has more than when it was read last; the first time nothing. */
int capture_lost_check(struct capture *c, struct error *error);
/* Has the kernel run what it can of --stop, should this process be killed. */
int capture_register_stop(struct capture *c, struct error *error);

/* A dry run of HOOK. */
int capture_plan_hook(struct capture *c, enum capture_hook hook, capture_plan_fn tell, void *data,
		      struct error *error);

/* --- wait.c -------------------------------------------------------------------------------------- */

/* Looks once. 0 or -errno. */
typedef int (*capture_look)(struct capture *c, bool *found, struct error *error);

int capture_count(struct capture *c, uint64_t *count, struct error *error); /* of --irq's vector */
/* Progress, and whether the device is still there: ten times a second at most. */
int capture_tick(struct capture *c, struct error *error);
/* The same for who knows the time: NOW is clock_ns(), or was not long ago. */
int capture_tick_at(struct capture *c, uint64_t now, struct error *error);
/*
 * FINISHED blocks are, none more, and the device has HELD others in hand: what is waited for next is looked for in pauses,
 * if that leaves it enough of them.
 */
void capture_pace(struct capture *c, uint64_t finished, uint64_t held);
/*
 * Each waits for as long as --timeout allows: 0, -ECANCELED when it shall end (record not filled), -ETIME with
 * the reason, or another -errno.
 */
int capture_wait_look(struct capture *c, capture_look look, struct error *error);
/* The same for a condition in HOOK. */
int capture_wait_condition(struct capture *c, enum capture_hook hook,
			   const struct resolved_condition *condition, struct error *error);
/*
 * Does CONDITION come to hold within a second of SINCE, clock_ns(), that of --stopped within --timeout where that is longer,
 * but within 10 s? The wish to stop does not end it, that to hurry does; it is looked at once in any case.
 */
bool capture_comes_to_hold(struct capture *c, enum capture_condition condition, uint64_t since);
/* Does --done hold? */
int capture_look_done(struct capture *c, bool *found, struct error *error);
/* --done, or without one --irq, for the block that was started when the count was SINCE. */
int capture_wait_block(struct capture *c, uint64_t since, struct error *error);

/* --- save.c -------------------------------------------------------------------------------------- */

/* An access to the ring's memory faulted: says why, -ENODEV. */
int capture_memory_gone(struct capture *c, struct error *error);
/* From or to memory that goes away when the driver is unbound: -EFAULT then. */
int capture_copy(void *to, const void *from, size_t length);
/*
 * A write of which DONE bytes were taken was interrupted. 0: on with it; -ECANCELED: it is to end, and the reader takes
 * nothing, or the user insists. *WAS_IDLE, false at first, is between these calls.
 */
int capture_write_interrupted(const struct capture *c, size_t done, bool *was_idle);
/*
 * Ring memory from OFFSET (LENGTH does not pass the end of a block, or of a contiguous ring) to the file. What is in it
 * on failure, too, is in the result.
 */
int capture_save(struct capture *c, uint64_t offset, uint64_t length, struct error *error);
#define CAPTURE_NOWHERE UINT64_MAX
/*
 * What was saved from file offset OFFSET on is a block, INTERRUPTS the count then: counts and tells it. It lies AT of the
 * ring, CAPTURE_NOWHERE: it does no more.
 */
int capture_account(struct capture *c, uint64_t number, uint64_t interrupts, uint64_t offset, uint64_t at,
		    bool overwritten, struct error *error);
/* Bytes that block NUMBER has, or will have: the last one of play, or of completions that are counted, may be shorter. */
uint64_t capture_length(const struct capture *c, uint64_t number);
/* Bytes that may still be saved, beside those whose writes have not ended. */
uint64_t capture_left(const struct capture *c);

/* --- gather.c ------------------------------------------------------------------------------------ */

int gather_open(struct capture *c, struct gather *gather, struct error *error);
void gather_close(struct gather *gather); /* also one that could not be opened, or is all zero */
/* Is a block of LENGTH bytes written from the ring? With --direct each is. */
bool gather_lends(const struct capture *c, uint64_t length);
/* For a block, or something else, of LENGTH bytes; one that is empty has room for any that a block's header may be. */
bool gather_has_room(const struct capture *c, const struct gather *gather, uint64_t length);
/* Each for what there is room for. Bytes of no block; -ENODEV: the memory is gone. */
int gather_copy(struct capture *c, struct gather *gather, const void *data, uint64_t length,
		struct error *error);
/* The first bytes, as many as its length says, of what lies AT of the ring. */
int gather_block(struct capture *c, struct gather *gather, const struct gathered *block, uint64_t at,
		 struct error *error);
/* All of it. *WRITTEN: bytes that are in the file, in every case. -ECANCELED: it shall end. Once, before the clear. */
int gather_write(struct capture *c, struct gather *gather, uint64_t *written, struct error *error);
void gather_clear(struct gather *gather);

/* --- write_queue.c ------------------------------------------------------------------------------- */

/* With --direct, for a file that was begun. What cannot be is told with --verbose and no failure. */
int write_queue_open(struct capture *c, block_written written, struct error *error);
/* BLOCK is whole pages; there is room. */
int write_queue_submit(struct capture *c, const struct finished_block *block, struct error *error);
/* Gives back what is written by now, and waits for the oldest where there is no room. */
int write_queue_reap(struct capture *c, struct error *error);
/* All of it, also after a failure; then it is off. */
int write_queue_end(struct capture *c, struct error *error);
void write_queue_close(struct capture *c); /* without giving anything back */

/* --- blocks.c ------------------------------------------------------------------------------------ */

/* For the queue: counts BLOCK, and gives it back to the device. */
int capture_block_written(struct capture *c, const struct finished_block *block, uint64_t offset,
			  struct error *error);

/* --- completions.c ------------------------------------------------------------------------------- */

int completions_open(struct capture *c, struct error *error);
void completions_close(struct capture *c);
/* Is there another block that the device should get? */
bool completions_wants(const struct capture *c);
/* The operands are about LENGTH bytes of block SLOT as it is submitted next; HOOK does so. */
int completions_submit(struct capture *c, uint64_t slot, uint64_t length, enum capture_hook hook,
		       struct error *error);
void completions_point(struct capture *c, uint64_t slot); /* the operands are about that block */
/* --done holds: *SLOT is the block that it is of, and the operands are about it. */
int completions_match(struct capture *c, uint64_t *slot, struct error *error);
void completions_taken(struct capture *c, uint64_t slot);

/* draft-ietf-opsawg-pcap, "File Header": fractions of a second are us or ns. What a capture writes is of the latter. */
#define PCAP_MAGIC_US 0xa1b2c3d4u
#define PCAP_MAGIC_NS 0xa1b23c4du

/* --- frames.c ------------------------------------------------------------------------------------ */

int frames_open(struct capture *c, struct error *error);
void frames_close(struct capture *c);
/*
 * The next frame of the file into the block at OFFSET of the ring. *LENGTH 0: there is none. What the file has wrong
 * is an error that names the frame.
 */
int frames_next(struct capture *c, uint64_t offset, uint64_t *length, struct error *error);

/* --- descriptors.c ------------------------------------------------------------------------------- */

/* After how many blocks the doorbell is due. */
uint64_t capture_batch(const struct capture *c);

/* --- laps.c -------------------------------------------------------------------------------------- */

/* HEAD was read: may the device have gone round the ring since the last look? Then the result's loss is unknown. */
void capture_laps_look(struct capture *c, struct capture_laps *laps, uint64_t head);

/* --- the modes: until the end, -ECANCELED included ----------------------------------------------- */

int capture_run_blocks(struct capture *c, struct error *error);
int capture_run_head(struct capture *c, struct error *error);
int capture_run_descriptors(struct capture *c, struct error *error);
int play_run_blocks(struct capture *c, struct error *error);
int play_run_head(struct capture *c, struct error *error);
int play_run_descriptors(struct capture *c, struct error *error);
/* The input from where it is on into LENGTH bytes at OFFSET of the ring; *DONE below LENGTH: it has ended. */
int play_read(struct capture *c, uint64_t offset, uint64_t length, uint64_t *done, struct error *error);
int play_zero(struct capture *c, uint64_t offset, uint64_t length, struct error *error);
/* What has to be in the ring before the start: blocks, or a whole ring from the tail on. */
int play_prefill(struct capture *c, struct error *error);
int play_head_prefill(struct capture *c, struct error *error);
int play_descriptors_prefill(struct capture *c, struct error *error);
/* Before --start: the blocks that have data are the device's. */
int play_descriptors_submit(struct capture *c, struct error *error);
int play_is_empty(struct capture *c, struct error *error); /* says so; a -errno */

#endif
