// SPDX-License-Identifier: GPL-2.0-or-later
/* The frames of a file that is played, records or packets, one after another. Knows nothing of who sends them. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "core/capture/internal.h"

/* What is read ahead: a frame each would be a system call each. */
#define BUFFER_SIZE ((size_t)64 * 1024)

/* draft-ietf-opsawg-pcapng, "Section Header Block": its type */
#define PCAPNG_MAGIC 0x0a0d0d0au
#define PCAP_HEADER_SIZE 24
#define HEADER_SIZE 16 /* of a frame, of either kind */

int frames_open(struct capture *c, struct error *error)
{
	if (c->config->format == CAPTURE_RAW)
		return 0;
	c->frames.buffer = malloc(BUFFER_SIZE);
	return c->frames.buffer ? 0 : error_errno(error, -ENOMEM, "%s", c->file->name);
}

void frames_close(struct capture *c)
{
	free(c->frames.buffer);
	c->frames.buffer = NULL;
}

static int bad_file(const struct capture *c, struct error *error, const char *why)
{
	return error_set(error, ERROR_FAILED, "bad-file", "%s: %s", c->file->name, why);
}

static int bad_frame(const struct capture *c, struct error *error, const char *why)
{
	return error_set(error, ERROR_FAILED, "bad-file", "%s: frame %llu %s", c->file->name,
			 (unsigned long long)c->frames.count, why);
}

static int read_ahead(struct capture *c, struct error *error)
{
	struct frame_reader *f = &c->frames;
	int rc;

	f->at = 0;
	f->end = 0;
	do {
		rc = capture_source_read_some(c->file, f->buffer, BUFFER_SIZE, &f->end, error);
	} while (rc == -EINTR && !capture_is_stopped(c));
	return rc == -EINTR ? -ECANCELED : rc;
}

/* *DONE below LENGTH: the file has ended. */
static int take(struct capture *c, void *to, uint64_t length, uint64_t *done, struct error *error)
{
	struct frame_reader *f = &c->frames;
	int rc = 0;

	for (*done = 0; *done < length;) {
		size_t n = f->end - f->at;

		if (n == 0) {
			rc = read_ahead(c, error);
			if (rc < 0 || f->end == 0)
				return rc;
			continue;
		}
		if (n > length - *done)
			n = length - *done;
		if (capture_copy((uint8_t *)to + *done, f->buffer + f->at, n) < 0)
			return capture_memory_gone(c, error);
		f->at += n;
		*done += n;
	}
	return 0;
}

static uint32_t word(const struct frame_reader *f, const uint8_t *from)
{
	uint32_t v;

	memcpy(&v, from, sizeof(v));
	return f->is_swapped ? __builtin_bswap32(v) : v;
}

static int begin_packets(struct capture *c, struct error *error)
{
	struct frame_reader *f = &c->frames;
	uint8_t header[PCAP_HEADER_SIZE];
	uint64_t done;
	uint32_t magic;
	int rc;

	rc = take(c, header, sizeof(header), &done, error);
	if (rc < 0)
		return rc;
	if (done == 0)
		return play_is_empty(c, error);
	if (done < sizeof(header))
		return bad_file(c, error, "this is no file of packets");
	memcpy(&magic, header, sizeof(magic));
	f->is_swapped =
		magic == __builtin_bswap32(PCAP_MAGIC_US) || magic == __builtin_bswap32(PCAP_MAGIC_NS);
	if (magic == PCAPNG_MAGIC) {
		bad_file(c, error, "this is pcapng, which is not read here");
		error_hint(error, "convert it with 'editcap -F pcap %.100s OUT', of Wireshark",
			   c->file->name);
		return -EINVAL;
	}
	if (magic != PCAP_MAGIC_US && magic != PCAP_MAGIC_NS && !f->is_swapped)
		return bad_file(c, error, "this is no file of packets");
	return 0;
}

static uint64_t number64(const uint8_t *from)
{
	uint64_t v = 0;

	for (unsigned int i = 0; i < 8; i++)
		v |= (uint64_t)from[i] << (8 * i);
	return v;
}

/* How long the frame behind HEADER is. */
static uint64_t frame_length(struct capture *c, const uint8_t header[HEADER_SIZE])
{
	struct frame_reader *f = &c->frames;

	/* pcietool-dma(8), CAPTURE: length and time, 64 bits each, little-endian */
	if (c->config->format == CAPTURE_RECORDS)
		return number64(header);
	/* draft-ietf-opsawg-pcap, "Packet Record": two words of the time, what was captured, what there was */
	if (word(f, header + 8) < word(f, header + 12) && !f->has_cut) {
		f->has_cut = true;
		context_log(c->device->ctx, LOG_WARN,
			    "%s: frame %llu is sent as it was captured, without its end", c->file->name,
			    (unsigned long long)f->count);
	}
	return word(f, header + 8);
}

int frames_next(struct capture *c, uint64_t offset, uint64_t *length, struct error *error)
{
	struct frame_reader *f = &c->frames;
	uint8_t header[HEADER_SIZE];
	uint64_t done = 0;
	uint64_t n;
	int rc = 0;

	if (c->config->format == CAPTURE_PCAP && !f->is_begun)
		rc = begin_packets(c, error);
	f->is_begun = true;
	if (rc == 0)
		rc = take(c, header, sizeof(header), &done, error);
	if (rc < 0)
		return rc;
	if (done == 0) {
		*length = 0;
		return 0;
	}
	if (done < sizeof(header))
		return bad_frame(c, error, "is cut off");
	n = frame_length(c, header);
	if (n == 0)
		return bad_frame(c, error, "has no bytes");
	if (n > c->config->block)
		return error_set(error, ERROR_FAILED, "bad-file",
				 "%s: frame %llu has %llu bytes, a block only %llu", c->file->name,
				 (unsigned long long)f->count, (unsigned long long)n,
				 (unsigned long long)c->config->block);
	rc = take(c, capture_ring_map(c->ring, offset), n, &done, error);
	if (rc == 0 && done < n)
		rc = bad_frame(c, error, "is cut off");
	if (rc == 0)
		rc = capture_ring_sync_for_device(c->ring, offset, n, error);
	if (rc < 0)
		return rc;
	f->count++;
	*length = n;
	return 0;
}
