// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/fabric/link.h"

#include "core/pci/device_attribute.h"
#include "core/pci/config_regs.h"

#define EXP_FLAGS 2 /* from the PCI Express capability, bits 7:4 the type, PCIe 6.0 section 7.5.3.2 */
#define EXP_LINK_CAP 0x0c
#define EXP_LINK_CAP_DLL_ACTIVE (1u << 20) /* the port has the bit below */
#define EXP_LINK_STATUS 0x12
#define EXP_LINK_STATUS_DLL_ACTIVE (1u << 13)
#define TYPE_ROOT_PORT 4
#define TYPE_DOWNSTREAM_PORT 6
#define TYPE_FROM_PCI 8

const char *link_verdict_name(enum link_verdict verdict)
{
	static const char *const names[] = {
		[LINK_GOOD] = "ok",	  [LINK_SLOW] = "slow",
		[LINK_NARROW] = "narrow", [LINK_SLOW_AND_NARROW] = "slow-narrow",
		[LINK_DOWN] = "down",	  [LINK_UNKNOWN] = "unknown",
	};

	return names[verdict];
}

double link_bandwidth(double speed, unsigned int width)
{
	double efficiency;

	if (speed <= 5)
		efficiency = 8.0 / 10; /* 8b/10b */
	else if (speed <= 32)
		efficiency = 128.0 / 130;
	else
		efficiency = 236.0 / 256; /* of a flit's bytes 236 are TLPs' */
	return speed * 1e9 * efficiency / 8 * width;
}

/* -1: not readable. */
static int port_type(const struct context *ctx, const struct topology_node *node)
{
	struct device *device;
	struct error ignored;
	unsigned int offset;
	uint32_t flags;
	int type = -1;

	if (device_open(ctx, &node->address, &device, &ignored) < 0)
		return -1;
	offset = device_capability(device, CAPABILITY_PCIE, 0);
	if (offset && device_config_read(device, offset + EXP_FLAGS, 16, &flags, &ignored) == 0)
		type = (int)(flags >> 4 & 0xf);
	device_close(device);
	return type;
}

static void read_state(const struct context *ctx, const struct topology_node *node, struct link_state *state)
{
	struct device *device;
	struct error ignored;

	*state = (struct link_state){ .reason = "the device is gone" };
	if (device_open(ctx, &node->address, &device, &ignored) < 0)
		return;
	link_state_read(device, state);
	/* Link Status is reserved in virtual functions: the port above knows */
	if (state->reason == LINK_STATE_NO_LINK && attribute_exists(device, "physfn"))
		state->reason = "a virtual function does not say";
	device_close(device);
}

/*
 * Bridges with a link alternate on the way down: below a root port's link is a switch's upstream port, below that, inside
 * the switch, are downstream ports with a link each. Their type would say so too, but reading it needs rights and wakes
 * a port that sleeps.
 */
static bool is_port_by_place(const struct topology_node *node)
{
	bool is_port = false;

	for (; node; node = node->parent)
		is_port = !is_port;
	return is_port;
}

bool link_is_port(const struct context *ctx, const struct topology_node *node)
{
	int type;

	if (!node->is_bridge)
		return false;
	/* a dump may begin anywhere */
	type = ctx->dump ? port_type(ctx, node) : -1;
	if (type < 0)
		return is_port_by_place(node);
	return type == TYPE_ROOT_PORT || type == TYPE_DOWNSTREAM_PORT || type == TYPE_FROM_PCI;
}

static enum link_verdict judge(const struct link *link)
{
	bool slow = link->expected_speed > 0 && link->speed < link->expected_speed;
	bool narrow = link->expected_width > 0 && link->width < link->expected_width;

	if (link->width == 0 || link->speed <= 0)
		return LINK_DOWN;
	return slow && narrow ? LINK_SLOW_AND_NARROW : slow ? LINK_SLOW : narrow ? LINK_NARROW : LINK_GOOD;
}

/* The lower of both; an end that is there and does not say leaves it open (0). */
static double lower(const struct topology_node *a, double of_a, const struct topology_node *b, double of_b)
{
	if (!a || !b)
		return a ? of_a : of_b;
	return of_a <= 0 || of_b <= 0 ? 0 : of_a < of_b ? of_a : of_b;
}

/* "no link" is known: nothing is up. */
static bool is_known(const struct link_state *state)
{
	return !state->reason || state->reason == LINK_STATE_NO_LINK;
}

void link_combine(struct link *link)
{
	const struct link_state *now =
		link->down && is_known(&link->down_state) ? &link->down_state : &link->up_state;
	bool has_up = link->up && is_known(&link->up_state);
	bool has_down = link->down && is_known(&link->down_state);

	link->reason = NULL;
	if (!has_up && !has_down) {
		link->reason = link->down ? link->down_state.reason : link->up_state.reason;
		link->verdict = LINK_UNKNOWN;
		return;
	}
	link->speed = now->speed;
	link->width = now->width;
	link->expected_speed = lower(link->up, has_up ? link->up_state.max_speed : 0, link->down,
				     has_down ? link->down_state.max_speed : 0);
	link->expected_width = (unsigned int)lower(link->up, has_up ? link->up_state.max_width : 0,
						   link->down, has_down ? link->down_state.max_width : 0);
	link->verdict = judge(link);
}

/*
 * On a root bus a port has its link below it, an integrated device has none, whose attributes say nothing ("Unknown", 0,
 * 255). A guest's device may show one.
 */
static bool has_own_link(const struct link_state *state)
{
	return !state->reason || (state->reason == LINK_STATE_NO_LINK && state->max_speed > 0);
}

bool link_above(const struct context *ctx, const struct topology_node *node, struct link *link)
{
	*link = (struct link){ .down = node };
	if (node->parent && !link_is_port(ctx, node->parent))
		return false;
	read_state(ctx, node, &link->down_state);
	if (!node->parent && (node->is_bridge || !has_own_link(&link->down_state)))
		return false;
	if (node->parent) {
		link->up = node->parent;
		read_state(ctx, node->parent, &link->up_state);
	}
	link_combine(link);
	return link->down_state.reason != LINK_STATE_NOT_EXPRESS;
}

bool link_port_is_inactive(struct device *port)
{
	unsigned int offset = device_capability(port, CAPABILITY_PCIE, 0);
	struct error ignored;
	uint32_t cap;
	uint32_t status;

	return offset && device_config_read(port, offset + EXP_LINK_CAP, 32, &cap, &ignored) == 0 &&
	       cap & EXP_LINK_CAP_DLL_ACTIVE &&
	       device_config_read(port, offset + EXP_LINK_STATUS, 16, &status, &ignored) == 0 &&
	       !(status & EXP_LINK_STATUS_DLL_ACTIVE);
}

/* Some ports keep a speed and a width when there is nothing below them (any more). */
static void take_down_if_inactive(const struct context *ctx, struct link *link)
{
	struct device *port;
	struct error ignored;

	if (link->reason || link->verdict == LINK_DOWN || !link->up || !is_known(&link->up_state) ||
	    (link->down && is_known(&link->down_state)) ||
	    device_open(ctx, &link->up->address, &port, &ignored) < 0)
		return;
	if (link_port_is_inactive(port)) {
		link->up_state.reason = LINK_STATE_NO_LINK;
		link->up_state.speed = link->up_state.width = 0;
		link_combine(link);
	}
	device_close(port);
}

int link_read(const struct context *ctx, const struct topology_node *node, struct link *link,
	      struct error *error)
{
	struct link found = { 0 };
	int rc;

	if (node->child && link_is_port(ctx, node) && link_above(ctx, node->child, &found)) {
		take_down_if_inactive(ctx, &found);
		*link = found;
		return 0;
	}
	if (!node->child && link_is_port(ctx, node)) {
		found = (struct link){ .up = node };
		read_state(ctx, node, &found.up_state);
		link_combine(&found);
		take_down_if_inactive(ctx, &found);
		if (found.up_state.reason != LINK_STATE_NOT_EXPRESS) {
			*link = found;
			return 0;
		}
	} else if (!link_is_port(ctx, node) && link_above(ctx, node, &found)) {
		*link = found;
		return 0;
	}
	rc = error_set(error, ERROR_UNSUPPORTED, "no-link", "%s: it has no link", node->name);
	error_hint(error, "it is %s",
		   !node->parent ? "integrated in the root complex" : "conventional PCI, or inside a switch");
	return rc;
}

bool link_bottleneck(const struct context *ctx, const struct topology_node *node, struct link *bottleneck)
{
	bool found = false;

	for (; node; node = node->parent) {
		struct link link;

		if (!link_above(ctx, node, &link) || link.reason || link.verdict == LINK_DOWN)
			continue;
		if (found && link_bandwidth(link.speed, link.width) >=
				     link_bandwidth(bottleneck->speed, bottleneck->width))
			continue;
		*bottleneck = link;
		found = true;
	}
	return found;
}
