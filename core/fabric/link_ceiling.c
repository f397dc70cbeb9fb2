// SPDX-License-Identifier: GPL-2.0-or-later
/* What of a link's bits is data. Sections are those of PCIe 6.0; up to 5.0 those of the flit mode are not there. */
#include "core/fabric/link_ceiling.h"

#include "core/pci/fact.h"

/* Bytes. Memory requests, sections 2.2.1 and 2.2.4.1: an address below 4 GiB has the short form. Completions, 2.2.9: the short one. */
#define HEADER_3DW 12
#define HEADER_4DW 16

/* Section 4.2.1.2: the symbols STP and END; 3.6.2: sequence number 2, LCRC 4 */
#define FRAMING_8B10B (1 + 1 + 2 + 4)
/* Section 4.2.2.3.1: the STP token, which has the sequence number in it; 3.6.2: LCRC */
#define FRAMING_128B130B (4 + 4)
/* Section 4.2.3: a flit guards all of its packets at once */
#define FRAMING_FLIT 0

/* Section 4.2.3: of 256 bytes 236 are packets', 6 the data link layer's, 8 the CRC, 6 the FEC */
#define FLIT_SIZE 256
#define FLIT_PACKETS 236

/* Above these GT/s the next encoding: sections 4.2.1, 4.2.2, 4.2.3.1 */
#define SPEED_8B10B 5
#define SPEED_128B130B 32

#define PAYLOAD_MIN 128 /* bytes: sections 7.5.3.3 and 7.5.3.4 */

static const char *check(const struct link_ceiling_of *of)
{
	if (of->speed <= 0 || of->width == 0)
		return "the link's speed or width is not known";
	if (of->mps < PAYLOAD_MIN || of->mps > PAYLOAD_SIZE_MAX)
		return "the payload size is not known";
	if (of->mrrs < PAYLOAD_MIN || of->mrrs > PAYLOAD_SIZE_MAX)
		return "the read request size is not known";
	return NULL;
}

/* Of LINK bytes what is data, when each packet has so many bytes of it. */
static double data(double link, unsigned int payload, unsigned int beside)
{
	return link * payload / (payload + beside);
}

void link_ceiling_compute(const struct link_ceiling_of *of, struct link_ceiling *ceiling)
{
	struct link_ceiling c = { .reason = check(of), .of = *of };
	/* a completion is no larger than what was asked for, nor than what the device may be sent: section 2.2.2 */
	unsigned int completion = of->mrrs < of->mps ? of->mrrs : of->mps;

	if (c.reason) {
		*ceiling = c;
		return;
	}
	c.link = of->speed * 1e9 / 8 * of->width;
	if (of->speed <= SPEED_8B10B) {
		c.encoding = "8b/10b";
		c.link *= 8.0 / 10;
		c.framing = FRAMING_8B10B;
	} else if (of->speed <= SPEED_128B130B) {
		c.encoding = "128b/130b";
		c.link *= 128.0 / 130;
		c.framing = FRAMING_128B130B;
	} else {
		c.encoding = "1b/1b";
		c.of.is_flit = true;
	}
	if (c.of.is_flit) {
		c.link *= (double)FLIT_PACKETS / FLIT_SIZE;
		c.framing = FRAMING_FLIT;
	}
	c.write = data(c.link, of->mps, HEADER_3DW + c.framing);
	c.write_high = data(c.link, of->mps, HEADER_4DW + c.framing);
	c.read = data(c.link, completion, HEADER_3DW + c.framing);
	*ceiling = c;
}

/* Why there is no link whose speed is known above NODE. */
static const char *no_link(const struct context *ctx, const struct topology_node *node)
{
	struct link link;

	if (link_above(ctx, node, &link) && link.reason)
		return link.reason;
	if (link.down_state.reason == LINK_STATE_NO_LINK)
		return "it has no link, or that is down";
	return link.down_state.reason ? link.down_state.reason : "no link on the way is known";
}

static void read_path(const struct context *ctx, const struct topology_node *node, struct payload_path *path)
{
	struct payload payload;

	if (node->parent)
		read_path(ctx, node->parent, path);
	payload_read_of(ctx, node, &payload);
	payload_path_add(path, &payload);
}

void link_ceiling_read(const struct context *ctx, const struct topology_node *node,
		       const struct payload_path *path, struct link *link, struct link_ceiling *ceiling)
{
	struct payload_path own = { 0 };
	struct link_ceiling_of of;
	struct link slowest;

	*ceiling = (struct link_ceiling){ 0 };
	/* whose sizes are the physical function's, its own are reserved: section 9.3.5.4 */
	if (topology_is_virtual(ctx, node)) {
		ceiling->reason = FACT_VIRTUAL_FUNCTION;
		return;
	}
	if (!link_bottleneck(ctx, node, &slowest)) {
		ceiling->reason = no_link(ctx, node);
		return;
	}
	if (!path) {
		read_path(ctx, node, &own);
		path = &own;
	}
	ceiling->reason = path->own.reason ? path->own.reason : path->own.mps_reason;
	if (ceiling->reason)
		return;
	of = (struct link_ceiling_of){
		.speed = slowest.speed,
		.width = slowest.width,
		.mps = path->own.mps,
		.mrrs = path->own.mrrs,
	};
	/* the ports' limit what they send down, and what they take is not more: section 2.2.2 */
	if (of.mps <= PAYLOAD_SIZE_MAX && path->least && path->least < of.mps)
		of.mps = path->least;
	ceiling->reason = link_flit_read(ctx, &slowest);
	if (ceiling->reason)
		return;
	of.is_flit = slowest.is_flit;
	link_ceiling_compute(&of, ceiling);
	*link = slowest;
}
