// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Capture from a ring of descriptors: each tells by itself that its block is finished, how much of it was used and
 * whether a frame ends there, and is made ready again (--refill) once that was copied. Owns descriptor_progress.
 */
#include <endian.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "core/capture/internal.h"

/* What the device said of a block that it is through with. */
struct piece {
	uint64_t length;
	uint64_t status;
	bool ends; /* a frame */
	bool is_skipped; /* and with it the frame */
	bool has_failed;
	uint64_t failure; /* what --failed read then */
};

struct descriptor_progress {
	struct piece *pieces; /* of each slot */
	uint64_t *
		order; /* the slot of each block that was completed, where they are saved as they come; or NULL */
	uint64_t first; /* number of the first block of the frame that is being received */
	uint64_t next; /* that is waited for */
	uint64_t kept; /* the first that was not given back */
	uint64_t owed; /* blocks that were given back and --ack does not know of */
	uint64_t now; /* ns, when the clock was last read */
	bool is_cut; /* a write was not whole: nothing comes behind it */
	bool is_ending; /* no block is looked at any more but those before LAST */
	uint64_t last;
	struct gather gather;
	uint64_t bytes; /* of data, in the file or gathered */
	uint64_t frames; /* the same */
	uint64_t offset; /* in the file, of what is gathered next */
	uint64_t epoch; /* ns since 1970, when the clock was at 0 */
};

/* Where block NUMBER, counted as they are saved, lies in the ring. */
static uint64_t slot_of(const struct capture *c, const struct descriptor_progress *p, uint64_t number)
{
	uint64_t n = number % c->ring->blocks;

	return p->order ? p->order[n] : n;
}

/* --- into the file ------------------------------------------------------------------------------- */

/* --- given back ---------------------------------------------------------------------------------- */

/* Its descriptor is made ready again. */
static int give_back(struct capture *c, struct descriptor_progress *p, uint64_t number, struct error *error)
{
	uint64_t block = c->ring->block;
	uint64_t slot = slot_of(c, p, number);
	int rc;

	p->kept = number + 1;
	if (c->config->has_completes && !completions_wants(c))
		return 0;
	/* before it is submitted: what it is told of is the device's then */
	rc = capture_ring_sync_for_device(c->ring, slot * block, block, error);
	if (rc < 0)
		return rc;
	if (c->config->has_completes) {
		rc = completions_submit(c, slot, capture_length(c, c->completions.submitted), CAPTURE_REFILL,
					error);
	} else {
		capture_point(c, number, block);
		rc = capture_hook_run(c, CAPTURE_REFILL, error);
	}
	if (rc == 0) {
		p->owed++;
		c->given_back = number + 1;
	}
	return rc;
}

/* --- into the file ------------------------------------------------------------------------------- */

static int tell_block(struct capture *c, const struct gathered *g, struct error *error)
{
	return c->events->block ? c->events->block(c->events->data, &g->block, error) : 0;
}

/* Of all that was gathered, WRITTEN bytes are in the file: counts and tells what is whole. GIVES_BACK: what was lent, too. */
static int account(struct capture *c, struct descriptor_progress *p, uint64_t written, bool gives_back,
		   struct error *error)
{
	int rc = 0;

	for (unsigned int i = 0; i < p->gather.count; i++) {
		const struct gathered *g = &p->gather.list[i];
		uint64_t start = g->end - g->block.length;

		if (g->end > written) {
			c->result.bytes += written > start ? written - start : 0;
			break;
		}
		c->result.bytes += g->block.length;
		c->result.blocks++;
		c->result.frames += g->ends_frame;
		if (rc == 0)
			rc = tell_block(c, g, error);
		if (rc == 0 && gives_back && g->keeps)
			rc = give_back(c, p, g->number, error);
	}
	return rc;
}

static int write_out(struct capture *c, struct descriptor_progress *p, bool gives_back, struct error *error)
{
	uint64_t whole = c->result.blocks;
	struct error why;
	uint64_t written;
	int told;
	int rc;

	rc = gather_write(c, &p->gather, &written, error);
	p->is_cut |= rc < 0;
	told = account(c, p, written, gives_back && rc == 0, &why);
	/* nobody took them */
	if (rc == -ECANCELED)
		c->result.lost += p->gather.count - (c->result.blocks - whole);
	gather_clear(&p->gather);
	if (rc == 0 && told < 0) {
		*error = why;
		rc = told;
	}
	return rc;
}

static int flush(struct capture *c, struct descriptor_progress *p, struct error *error)
{
	return write_out(c, p, true, error);
}

static int make_room(struct capture *c, struct descriptor_progress *p, uint64_t length, struct error *error)
{
	return gather_has_room(&p->gather, length) ? 0 : flush(c, p, error);
}

/* What this process has made itself. */
static int save_bytes(struct capture *c, struct descriptor_progress *p, const void *data, size_t length,
		      struct error *error)
{
	int rc = make_room(c, p, length, error);

	if (rc == 0)
		rc = gather_copy(c, &p->gather, data, length, error);
	p->offset += length;
	return rc;
}

/*
 * draft-ietf-opsawg-pcap, "File Header" and "Packet Record": in the writer's byte order, which the magic number tells.
 */
#define PCAP_MAJOR 2
#define PCAP_MINOR 4
#define PCAP_ETHERNET 1
/* libpcap's pcap-int.h, MAXIMUM_SNAPLEN: a reader takes no longer ones */
#define PCAP_LENGTH_MAX 262144u

static int save_file_header(struct capture *c, struct descriptor_progress *p, struct error *error)
{
	const struct {
		uint32_t magic;
		uint16_t major;
		uint16_t minor;
		uint32_t reserved[2];
		uint32_t length_max;
		uint32_t link_type;
	} header = {
		.magic = PCAP_MAGIC_NS,
		.major = PCAP_MAJOR,
		.minor = PCAP_MINOR,
		.length_max = PCAP_LENGTH_MAX,
		.link_type = c->config->has_link_type ? c->config->link_type : PCAP_ETHERNET,
	};

	return c->config->format == CAPTURE_PCAP ? save_bytes(c, p, &header, sizeof(header), error) : 0;
}

/* A frame of TOTAL bytes follows, LENGTH of them are saved. */
static int save_header(struct capture *c, struct descriptor_progress *p, uint64_t total, uint64_t length,
		       uint64_t now, struct error *error)
{
	uint64_t time = p->epoch + now;
	const uint32_t packet[] = {
		(uint32_t)(time / 1000000000),
		(uint32_t)(time % 1000000000),
		(uint32_t)length,
		(uint32_t)total,
	};
	/* pcietool-dma(8), CAPTURE: two words of 64 bits, little-endian */
	const uint64_t record[] = { htole64(total), htole64(now - c->started) };

	if (c->config->format == CAPTURE_RAW)
		return 0;
	if (c->config->format == CAPTURE_PCAP)
		return save_bytes(c, p, packet, sizeof(packet), error);
	return save_bytes(c, p, record, sizeof(record), error);
}

/* --- blocks and frames --------------------------------------------------------------------------- */

static bool is_full(const struct capture *c, const struct descriptor_progress *p)
{
	return c->config->has_size && p->bytes >= c->config->size;
}

/* How much of a frame of TOTAL bytes is saved: raw data up to --size; a record is always whole. */
static uint64_t limited(const struct capture *c, const struct descriptor_progress *p, uint64_t total)
{
	uint64_t left = UINT64_MAX;

	if (c->config->format == CAPTURE_PCAP)
		left = PCAP_LENGTH_MAX;
	else if (c->config->has_size && c->config->format == CAPTURE_RAW)
		left = is_full(c, p) ? 0 : c->config->size - p->bytes;
	return total < left ? total : left;
}

/*
 * How long the frame of all blocks from FIRST on is, without what is not saved of its end; of one that has not ended
 * that is not there yet.
 */
static int measure_frame(struct capture *c, const struct descriptor_progress *p, uint64_t *total,
			 struct error *error)
{
	uint64_t trim = p->pieces[slot_of(c, p, p->next - 1)].ends ? c->config->trim : 0;

	*total = 0;
	for (uint64_t n = p->first; n < p->next; n++)
		*total += p->pieces[slot_of(c, p, n)].length;
	if (*total < trim)
		return error_set(
			error, ERROR_FAILED, "bad-length",
			"%s: the device says that frame %llu has %llu bytes, which is less than --trim",
			c->device->name, (unsigned long long)p->frames, (unsigned long long)*total);
	*total -= trim;
	return 0;
}

/* The first LENGTH bytes of block FIRST. It is given back at once if nothing before it, and not it, is still needed. */
static int save_block(struct capture *c, struct descriptor_progress *p, uint64_t length, uint64_t time,
		      struct error *error)
{
	uint64_t slot = slot_of(c, p, p->first);
	struct gathered g = {
		.block = {
			.number = c->config->has_completes ? c->completions.slots[slot].number : p->first,
			.offset = p->offset,
			.length = length,
			.time = time,
			.has_interrupts = c->config->has_irq,
			.interrupts = c->interrupts,
			.is_described = true,
			.frame = p->frames,
			.status = p->pieces[slot].status,
		},
		.number = p->first,
		.ends_frame = p->first + 1 == p->next,
	};
	int rc = make_room(c, p, length, error);

	g.keeps = p->gather.lent > 0 || gather_lends(length);
	if (rc == 0)
		rc = gather_block(c, &p->gather, &g, slot * c->ring->block, error);
	if (rc < 0)
		return rc;
	p->bytes += length;
	p->offset += length;
	return g.keeps ? 0 : give_back(c, p, p->first, error);
}

/* All blocks from FIRST on, which are a frame, or at the end what there is of one. */
static int save_frame(struct capture *c, struct descriptor_progress *p, struct error *error)
{
	uint64_t now = clock_ns();
	uint64_t total;
	uint64_t left;
	int rc;

	p->now = now;
	rc = measure_frame(c, p, &total, error);
	if (rc < 0)
		return rc;
	left = limited(c, p, total);
	rc = save_header(c, p, total, left, now, error);
	for (; rc == 0 && p->first < p->next; p->first++) {
		const struct piece *piece = &p->pieces[slot_of(c, p, p->first)];
		uint64_t length = piece->length < left ? piece->length : left;

		left -= length;
		rc = save_block(c, p, length, now - c->started, error);
	}
	p->frames += rc == 0;
	return rc;
}

/* The block that the operands are about says LENGTH. */
static int too_long(struct capture *c, uint64_t length, struct error *error)
{
	return error_set(error, ERROR_FAILED, "bad-length",
			 "%s: --length says %llu bytes for the block at @index %llu, which has %llu",
			 c->device->name, (unsigned long long)length,
			 (unsigned long long)c->symbols[SYMBOL_INDEX].value,
			 (unsigned long long)c->symbols[SYMBOL_BLOCK].size);
}

/* What the device says of the block that the operands are about. */
static int read_piece(struct capture *c, struct piece *piece, struct error *error)
{
	uint64_t block = c->symbols[SYMBOL_BLOCK].size;
	uint64_t ignored;
	int rc;

	*piece = (struct piece){ .length = block, .status = c->status, .ends = true };
	rc = capture_failed_look(c, &piece->has_failed, &piece->failure, error);
	if (rc < 0 || piece->has_failed)
		return rc;
	if (c->config->has_skip)
		rc = access_condition(&c->access, &c->conditions[CONDITION_SKIP], &piece->is_skipped,
				      &ignored, error);
	/* what it says of the length of that may be anything */
	if (rc == 0 && c->config->has_length && !piece->is_skipped)
		rc = capture_length_read(c, &piece->length, error);
	if (rc == 0 && piece->length > block)
		rc = too_long(c, piece->length, error);
	if (rc == 0 && c->config->has_end)
		rc = access_condition(&c->access, &c->conditions[CONDITION_END], &piece->ends, &ignored,
				      error);
	return rc;
}

static bool is_skipped(const struct capture *c, const struct descriptor_progress *p)
{
	for (uint64_t n = p->first; n < p->next; n++) {
		if (p->pieces[slot_of(c, p, n)].is_skipped)
			return true;
	}
	return false;
}

/* All blocks from FIRST on are given back as they are. */
static int skip_frame(struct capture *c, struct descriptor_progress *p, struct error *error)
{
	/* blocks are given back in their order */
	int rc = p->gather.lent ? flush(c, p, error) : 0;

	for (; rc == 0 && p->first < p->next; p->first++)
		rc = give_back(c, p, p->first, error);
	c->result.skipped++;
	p->now = clock_ns();
	return rc;
}

/* Block NEXT is finished; the frame is saved, if it ends there. A failure is told when all before it is in the file. */
static int take_block(struct capture *c, struct descriptor_progress *p, struct error *error)
{
	uint64_t slot = slot_of(c, p, p->next);
	const struct piece *piece = &p->pieces[slot];

	if (piece->has_failed) {
		if (c->config->has_completes)
			completions_point(c, slot);
		return capture_failed(c, piece->failure, error);
	}
	if (c->config->has_completes)
		c->completions.slots[slot].is_finished = false;
	p->next++;
	if (piece->ends)
		return is_skipped(c, p) ? skip_frame(c, p, error) : save_frame(c, p, error);
	if (p->next - p->first == c->ring->blocks)
		return error_set(error, ERROR_FAILED, "frame-too-long",
				 "%s: all %llu blocks are finished, and --end held for none of them",
				 c->device->name, (unsigned long long)c->ring->blocks);
	return 0;
}

/* What was given back is told to the device (its doorbell). */
static int acknowledge(struct capture *c, struct descriptor_progress *p, struct error *error)
{
	int rc;

	if (!p->owed)
		return 0;
	rc = capture_overrun_check(c, error);
	capture_point(c, c->given_back - 1, c->config->block);
	if (rc == 0)
		rc = capture_hook_run(c, CAPTURE_ACK, error);
	p->owed = 0;
	capture_point(c, p->next, c->config->block);
	return rc;
}

/* That, and all that was gathered goes into the file. */
static int settle(struct capture *c, struct descriptor_progress *p, struct error *error)
{
	int rc = acknowledge(c, p, error);

	if (rc == 0)
		rc = flush(c, p, error);
	return rc == 0 ? acknowledge(c, p, error) : rc;
}

static uint64_t half_ring(const struct capture *c)
{
	uint64_t half = c->ring->blocks / 2;

	return half ? half : 1;
}

/* A doorbell that comes only when the whole ring is finished would let the device run dry. */
uint64_t capture_batch(const struct capture *c)
{
	return c->config->batch ? c->config->batch : half_ring(c);
}

/* Nothing is finished: all but what a frame that has not ended takes is the device's. */
static int wait_empty(struct capture *c, struct descriptor_progress *p, struct error *error)
{
	const struct completions *completions = &c->completions;
	int rc = settle(c, p, error);

	if (rc < 0)
		return rc;
	if (c->config->has_completes)
		capture_pace(c, completions->taken, completions->submitted - completions->taken);
	else
		capture_pace(c, p->next, c->ring->blocks - (p->next - p->first));
	return capture_wait_block(c, 0, error);
}

/* Is it time to write? Many doorbells may come before that, but for blocks that are written from the ring. */
static bool is_due(const struct capture *c, const struct descriptor_progress *p)
{
	uint64_t batch = capture_batch(c);

	/* the next one's place is not the device's yet: what its descriptor says is old */
	if (p->gather.count && p->next - p->kept == c->ring->blocks)
		return true;
	return p->gather.count >= half_ring(c) || p->gather.lent >= batch;
}

/* Before the next block is looked for: doorbells and writes that are due. */
static int attend(struct capture *c, struct descriptor_progress *p, struct error *error)
{
	uint64_t batch = capture_batch(c);
	int rc = p->owed >= batch ? acknowledge(c, p, error) : 0;

	if (rc == 0 && is_due(c, p)) {
		rc = flush(c, p, error);
		if (rc == 0 && p->owed >= batch)
			rc = acknowledge(c, p, error);
	}
	return rc;
}

/* --done holds for block NEXT, at once or after a wait; the operands are about it. */
static int wait_done(struct capture *c, struct descriptor_progress *p, struct error *error)
{
	bool found = false;
	int rc;

	capture_point(c, p->next, c->config->block);
	rc = capture_look_done(c, &found, error);
	return rc == 0 && !found ? wait_empty(c, p, error) : rc;
}

/* Of completions: is block NEXT one that came before those that were submitted before it? */
static bool is_waiting(const struct capture *c, const struct descriptor_progress *p)
{
	return c->config->order != CAPTURE_COMPLETED &&
	       c->completions.slots[p->next % c->ring->blocks].is_finished;
}

static int next_completion(struct capture *c, struct descriptor_progress *p, struct error *error)
{
	uint64_t slot = 0;
	int rc;

	if (is_waiting(c, p))
		return take_block(c, p, error);
	rc = wait_done(c, p, error);
	if (rc == 0)
		rc = completions_match(c, &slot, error);
	if (rc == 0)
		rc = read_piece(c, &p->pieces[slot], error);
	if (rc < 0)
		return rc;
	completions_taken(c, slot);
	if (!p->order)
		return 0;
	p->order[p->next % c->ring->blocks] = slot;
	return take_block(c, p, error);
}

static int next_block(struct capture *c, struct descriptor_progress *p, struct error *error)
{
	int rc;

	rc = attend(c, p, error);
	if (rc == 0 && c->config->has_completes)
		return next_completion(c, p, error);
	if (rc == 0)
		rc = wait_done(c, p, error);
	if (rc == 0)
		rc = read_piece(c, &p->pieces[p->next % c->ring->blocks], error);
	return rc == 0 ? take_block(c, p, error) : rc;
}

static int run(struct capture *c, struct descriptor_progress *p, struct error *error)
{
	int rc = 0;

	while (rc == 0 && !is_full(c, p)) {
		if (!p->is_ending && capture_is_stopped(c)) {
			p->is_ending = true;
			p->last = p->next + c->ring->blocks;
		}
		if (p->is_ending && p->next >= p->last)
			return -ECANCELED;
		rc = next_block(c, p, error);
		if (rc == 0)
			rc = capture_tick_at(c, p->now, error);
	}
	return rc;
}

/* However it ended: what is whole goes into the file, and as raw data also the start of a frame. */
static int finish(struct capture *c, struct descriptor_progress *p, int rc, struct error *error)
{
	bool ended_well = rc == 0 || rc == -ECANCELED;
	struct error why;
	int ended = 0;

	if (p->is_cut)
		return rc;
	if ((ended_well || rc == -ETIME) && p->next > p->first && c->config->format == CAPTURE_RAW &&
	    !is_full(c, p) && !is_skipped(c, p))
		ended = save_frame(c, p, &why);
	if (ended == 0)
		ended = ended_well ? settle(c, p, &why) : write_out(c, p, false, &why);
	/* why it ended is the better reason, where there is one */
	if (ended_well && ended < 0) {
		*error = why;
		return ended;
	}
	return rc;
}

static uint64_t epoch(void)
{
	struct timespec t;

	clock_gettime(CLOCK_REALTIME, &t);
	return (uint64_t)t.tv_sec * 1000000000 + (uint64_t)t.tv_nsec - clock_ns();
}

int capture_run_descriptors(struct capture *c, struct error *error)
{
	struct descriptor_progress p = { 0 };
	int rc;

	p.pieces = calloc(c->ring->blocks, sizeof(*p.pieces));
	p.epoch = epoch();
	p.now = clock_ns();
	if (c->config->order == CAPTURE_COMPLETED)
		p.order = calloc(c->ring->blocks, sizeof(*p.order));
	rc = p.pieces && (p.order || c->config->order != CAPTURE_COMPLETED)
		     ? gather_open(c, &p.gather, error)
		     : error_errno(error, -ENOMEM, "%s", c->device->name);
	if (rc == 0)
		rc = save_file_header(c, &p, error);
	if (rc == 0)
		rc = finish(c, &p, run(c, &p, error), error);
	gather_close(&p.gather);
	free(p.order);
	free(p.pieces);
	return rc;
}
