// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * One function's end of a link, from sysfs or the PCI Express capability; both ends together.
 * Changes nothing.
 */
#include "core/fabric/link.h"

#include <errno.h>
#include <linux/pci_regs.h>
#include <stdlib.h>
#include <fcntl.h>
#include <unistd.h>

#include "core/pci/attribute.h"
#include "core/pci/capability.h"
#include "core/pci/fact.h"
#include "core/pci/power.h"

const char LINK_STATE_NO_LINK[] = "no link";
const char LINK_STATE_NO_SPEED[] = "its speed is not known";
const char LINK_STATE_NOT_EXPRESS[] = "not PCI Express";
const char LINK_STATE_UNREADABLE[] = "cannot be read";

#define WIDTH_MAX 32 /* lanes, PCIe 6.0 section 7.5.3.6 */
#define READ_TRIES 3 /* of a link that changes all the time any state is as good */
#define WIDTH_ALL_ONES 63 /* what the field of 6 bits is of a device that does not answer */

/* "8.0 GT/s PCIe", "Unknown"; 0 when it is no number. */
static double parse_speed(const char *text)
{
	return text[0] >= '0' && text[0] <= '9' ? strtod(text, NULL) : 0;
}

/* A dump has no attributes, but config space. */
static void read_dump(const struct device *device, struct link_state *link)
{
	struct device *copy;
	struct error ignored;
	struct capability_list list;
	struct capability_place express;

	*link = (struct link_state){ .reason = LINK_STATE_NOT_EXPRESS };
	if (device_open(device->ctx, &device->address, &copy, &ignored) == 0) {
		capability_list_read(copy, false, &list);
		express = capability_list_place(&list, PCI_CAP_ID_EXP);
		if (list.reason)
			link->reason = list.reason;
		if (express.offset)
			link_state_read_config(copy, &express, link);
		device_close(copy);
	}
}

/* The kernel's files, which it gives to PCI Express devices only. */
struct link_files {
	int speed_rc; /* -errno of reading that file */
	int width_rc;
	struct link_state state; /* 0 for what is no number */
};

static int read_speed(const struct device *device, const char *name, double *speed)
{
	char text[64];
	int rc = device_read_attribute(device, name, text, sizeof(text));

	*speed = rc < 0 ? 0 : parse_speed(text);
	return rc;
}

static int read_width(const struct device *device, const char *name, unsigned int *width)
{
	uint64_t value = 0;
	int rc = device_read_number(device, name, &value);

	*width = (unsigned int)value;
	return rc;
}

/*
 * Both are in one register (Link Status), which the kernel reads anew for each file. Of a link that changes between the two
 * they would be a state that never was: where that matters, the speed is to be the same behind the width as before it.
 */
static void read_settled(const struct device *device, struct link_files *f)
{
	double again = 0;

	f->speed_rc = read_speed(device, "current_link_speed", &again);
	for (unsigned int i = 0; f->speed_rc >= 0 && i < READ_TRIES; i++) {
		f->state.speed = again;
		f->width_rc = read_width(device, "current_link_width", &f->state.width);
		f->speed_rc = read_speed(device, "current_link_speed", &again);
		if (again == f->state.speed)
			return;
	}
}

static void read_files(const struct device *device, bool settled, struct link_files *f)
{
	f->state.reason = NULL;
	if (settled)
		read_settled(device, f);
	else
		f->speed_rc = read_speed(device, "current_link_speed", &f->state.speed);
	if (f->speed_rc < 0)
		return;
	if (!settled)
		f->width_rc = read_width(device, "current_link_width", &f->state.width);
	read_width(device, "max_link_width", &f->state.max_width);
	read_speed(device, "max_link_speed", &f->state.max_speed);
}

/* Wider than any link: the kernel's "unknown" (drivers/pci/probe.c, PCIE_LNK_WIDTH_UNKNOWN), or of a device that does not answer. */
static unsigned int sane_width(unsigned int width)
{
	return width > WIDTH_MAX ? 0 : width;
}

/* All others are reserved, and 0 is none: PCIe 6.0 section 7.5.3.6. */
static unsigned int possible_width(unsigned int width)
{
	return width == 12 || (width & (width - 1)) == 0 ? sane_width(width) : 0;
}

static const char *why_not_up(const struct link_state *link)
{
	if (link->width == 0)
		return LINK_STATE_NO_LINK;
	return link->speed > 0 ? NULL : LINK_STATE_NO_SPEED;
}

static void read_link(const struct device *device, bool settled, struct link_state *link)
{
	struct link_files files;

	if (device->ctx->dump) {
		read_dump(device, link);
		return;
	}
	if (power_is_asleep(device)) {
		link->reason = LINK_STATE_SUSPENDED;
		return;
	}
	read_files(device, settled, &files);
	if (files.speed_rc < 0 || files.width_rc < 0) {
		link->reason = LINK_STATE_NOT_EXPRESS;
		return;
	}
	if (files.state.width == WIDTH_ALL_ONES) {
		*link = (struct link_state){ .reason = FACT_NO_ANSWER };
		return;
	}
	if (device_is_virtual(device)) {
		*link = (struct link_state){ .reason = FACT_VIRTUAL_FUNCTION };
		return;
	}
	*link = files.state;
	link->max_width = possible_width(link->max_width);
	link->reason = why_not_up(link);
}

/* A file less for each of what may be thousands of functions. */
void link_state_read(const struct device *device, struct link_state *link)
{
	read_link(device, false, link);
}

void link_state_survey(const struct device *device, bool is_asleep, struct link_state *link)
{
	struct link_files files;

	*link = (struct link_state){ .reason = LINK_STATE_NOT_EXPRESS };
	if (is_asleep) {
		if (faccessat(device->folder, "current_link_speed", F_OK, 0) == 0)
			link->reason = LINK_STATE_SUSPENDED;
		return;
	}
	read_files(device, false, &files);
	if (files.speed_rc < 0) {
		if (files.speed_rc != -ENOENT)
			link->reason = LINK_STATE_UNREADABLE;
		return;
	}
	if (files.state.width == WIDTH_ALL_ONES) {
		link->reason = FACT_NO_ANSWER;
		return;
	}
	*link = files.state;
	link->width = sane_width(link->width);
	link->max_width = possible_width(link->max_width);
	/* of all ones the kernel makes some speed */
	if (!link->max_width && !link->width)
		link->max_speed = 0;
	/* a port whose link is down still says how wide it could be */
	link->reason = why_not_up(link);
	if (link->reason && !link->max_width)
		link->reason = LINK_STATE_UNREADABLE;
}

/* Each code is a bit of LnkCap2's speeds vector, PCIe 6.0 section 7.5.3.18 */
double link_generation_speed(unsigned int generation)
{
	static const double speeds[] = { 0, 2.5, 5, 8, 16, 32, 64, 128 };

	return generation < sizeof(speeds) / sizeof(speeds[0]) ? speeds[generation] : 0;
}

void link_state_read_config(struct device *device, const struct capability_place *express,
			    struct link_state *link)
{
	struct fact_number flags;
	struct fact_number cap;
	struct fact_number status;
	unsigned int type;

	/* its Link Status is reserved, and the link is its physical function's: PCIe 6.0 section 9.3.5 */
	link->reason = device_is_virtual(device) ? FACT_VIRTUAL_FUNCTION : NULL;
	if (link->reason)
		return;
	capability_read(device, express, PCI_EXP_FLAGS, 16, &flags);
	link->reason = flags.reason;
	if (link->reason)
		return;
	type = (unsigned int)(flags.value & PCI_EXP_FLAGS_TYPE) >> 4;
	if (type == PCI_EXP_TYPE_RC_END || type == PCI_EXP_TYPE_RC_EC) {
		link->reason = "integrated in the root complex";
		return;
	}
	capability_read(device, express, PCI_EXP_LNKCAP, 32, &cap);
	capability_read(device, express, PCI_EXP_LNKSTA, 16, &status);
	link->reason = cap.reason ? cap.reason : status.reason;
	if (link->reason)
		return;
	*link = (struct link_state){
		.speed = link_generation_speed((unsigned int)status.value & PCI_EXP_LNKSTA_CLS),
		.width = (unsigned int)(status.value & PCI_EXP_LNKSTA_NLW) >> PCI_EXP_LNKSTA_NLW_SHIFT,
		.max_speed = link_generation_speed((unsigned int)cap.value & PCI_EXP_LNKCAP_SLS),
		.max_width = possible_width((unsigned int)(cap.value & PCI_EXP_LNKCAP_MLW) >> 4),
	};
	link->reason = why_not_up(link);
}

bool link_state_has_possible(const struct link_state *link)
{
	return !link->reason || link->reason == LINK_STATE_NO_LINK || link->reason == LINK_STATE_NO_SPEED;
}

bool link_state_is_reduced(const struct link_state *link)
{
	return !link->reason && (link->speed < link->max_speed || link->width < link->max_width);
}

const char *link_verdict_name(enum link_verdict verdict)
{
	static const char *const names[] = {
		[LINK_GOOD] = "ok",	  [LINK_SLOW] = "slow",
		[LINK_NARROW] = "narrow", [LINK_SLOW_AND_NARROW] = "slow-narrow",
		[LINK_DOWN] = "down",	  [LINK_UNKNOWN] = "unknown",
	};

	return names[verdict];
}

unsigned int link_target_clamps(struct device *port, double expected, double *target)
{
	const struct capability_place express = capability_place_read(port, false, PCI_CAP_ID_EXP);
	struct fact_number control;
	double speed;

	capability_read(port, &express, PCI_EXP_LNKCTL2, 16, &control);
	if (control.reason || control.value == UINT16_MAX)
		return 0;
	speed = link_generation_speed((unsigned int)control.value & PCI_EXP_LNKCTL2_TLS);
	if (speed <= 0 || speed >= expected)
		return 0;
	for (unsigned int g = 1; link_generation_speed(g) > 0; g++) {
		if (link_generation_speed(g) == expected) {
			*target = speed;
			return g;
		}
	}
	return 0;
}

bool link_is_disabled(struct device *port)
{
	const struct capability_place express = capability_place_read(port, false, PCI_CAP_ID_EXP);
	struct fact_number control;

	capability_read(port, &express, PCI_EXP_LNKCTL, 16, &control);
	return !control.reason && control.value != UINT16_MAX && control.value & PCI_EXP_LNKCTL_LD;
}

/* Above these GT/s the next encoding: PCIe 6.0 sections 4.2.1, 4.2.2, 4.2.3.1 */
#define SPEED_8B10B 5
#define SPEED_128B130B 32

double link_bandwidth(double speed, unsigned int width, bool is_flit)
{
	double efficiency = 1;

	if (speed <= SPEED_8B10B)
		efficiency = 8.0 / 10;
	else if (speed <= SPEED_128B130B)
		efficiency = 128.0 / 130;
	if (is_flit || speed > SPEED_128B130B)
		efficiency *= 236.0 / 256; /* of a flit's bytes 236 are TLPs' */
	return speed * 1e9 * efficiency / 8 * width;
}

/* Link Status 2, Flit Mode Status: section 7.5.3.20, not in older headers of the kernel */
#define LNKSTA2_FLIT_MODE 0x0400
/* The version of the capability that has the register: section 7.5.3.2 */
#define EXP_VERSION_LINK2 2

/* Is DEVICE's link in flit mode? Why that is not known; NULL: *IS_FLIT says so. */
static const char *read_flit(struct device *device, bool *is_flit)
{
	struct capability_place express;
	struct fact_number flags;
	struct fact_number status;

	if (power_is_asleep(device))
		return LINK_STATE_SUSPENDED;
	if (device_is_virtual(device))
		return FACT_VIRTUAL_FUNCTION;
	express = capability_place_read(device, false, PCI_CAP_ID_EXP);
	if (!express.offset)
		return LINK_STATE_NOT_EXPRESS;
	capability_read(device, &express, PCI_EXP_FLAGS, 16, &flags);
	if (flags.reason)
		return flags.reason;
	*is_flit = false;
	if ((flags.value & PCI_EXP_FLAGS_VERS) < EXP_VERSION_LINK2)
		return NULL;
	capability_read(device, &express, PCI_EXP_LNKSTA2, 16, &status);
	*is_flit = !status.reason && status.value & LNKSTA2_FLIT_MODE;
	return status.reason;
}

static const char *flit_of(const struct context *ctx, const struct topology_node *node, bool *is_flit)
{
	struct device *device;
	struct error ignored;
	const char *reason;

	if (!node)
		return "the other end is not seen";
	if (device_open(ctx, &node->address, &device, &ignored) < 0)
		return "it cannot be read";
	reason = read_flit(device, is_flit);
	device_close(device);
	return reason;
}

const char *link_flit_read(const struct context *ctx, struct link *link)
{
	const char *reason;

	link->is_flit = link->speed > SPEED_128B130B;
	if (link->is_flit)
		return NULL;
	reason = flit_of(ctx, link->down, &link->is_flit);
	return reason && !flit_of(ctx, link->up, &link->is_flit) ? NULL : reason;
}

static const char gone[] = "the device is gone";

static void read_state(const struct context *ctx, const struct topology_node *node, struct link_state *state)
{
	struct device *device;
	struct error ignored;

	*state = (struct link_state){ .reason = gone };
	if (device_open(ctx, &node->address, &device, &ignored) < 0)
		return;
	read_link(device, true, state);
	/* the kernel gives the files of a link only to whom it found to be PCI Express */
	if ((state->reason == LINK_STATE_NOT_EXPRESS || state->reason == LINK_STATE_NO_SPEED) &&
	    !device->image && device_is_silent(device))
		state->reason = FACT_NO_ANSWER;
	device_close(device);
}

/* What is known to be less is told, also where the rest is not known. */
static enum link_verdict judge(const struct link *link)
{
	bool slow = link->expected_speed > 0 && link->speed < link->expected_speed;
	bool narrow = link->expected_width > 0 && link->width < link->expected_width;
	bool is_known = link->expected_speed > 0 && link->expected_width > 0;

	if (link->width == 0 || link->speed <= 0)
		return LINK_DOWN;
	/* what the other end could do is not known */
	if (!link->up || !link->down)
		return LINK_UNKNOWN;
	if (slow || narrow)
		return slow && narrow ? LINK_SLOW_AND_NARROW : slow ? LINK_SLOW : LINK_NARROW;
	return is_known ? LINK_GOOD : LINK_UNKNOWN;
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

static void take_expected(struct link *link)
{
	bool has_up = link->up && link_state_has_possible(&link->up_state);
	bool has_down = link->down && link_state_has_possible(&link->down_state);

	link->expected_speed = lower(link->up, has_up ? link->up_state.max_speed : 0, link->down,
				     has_down ? link->down_state.max_speed : 0);
	link->expected_width = (unsigned int)lower(link->up, has_up ? link->up_state.max_width : 0,
						   link->down, has_down ? link->down_state.max_width : 0);
}

void link_combine(struct link *link)
{
	const struct link_state *now =
		link->down && is_known(&link->down_state) ? &link->down_state : &link->up_state;
	bool has_up = link->up && is_known(&link->up_state);
	bool has_down = link->down && is_known(&link->down_state);

	link->reason = NULL;
	/* behind a link that is up: what the port says of it is not said of the device */
	if (link->down && link->down_state.reason == FACT_NO_ANSWER &&
	    !(link->up && link->up_state.reason == LINK_STATE_NO_LINK)) {
		link->reason = FACT_NO_ANSWER;
		link->verdict = LINK_UNKNOWN;
		return;
	}
	/* a device that is there and cannot say how is behind a link that is up */
	if (!has_down && link->down && link->down_state.reason == LINK_STATE_NOT_EXPRESS &&
	    link->up_state.reason == LINK_STATE_NO_LINK)
		has_up = false;
	if (!has_up && !has_down) {
		link->reason = link->down ? link->down_state.reason : link->up_state.reason;
		link->verdict = LINK_UNKNOWN;
		return;
	}
	/* what has no registers of a link, as if it were integrated, says nothing of one that is up */
	if (has_up && has_down && !link->up_state.reason && !link->down_state.max_width &&
	    link->down_state.reason == LINK_STATE_NO_LINK)
		now = &link->up_state;
	link->speed = now->speed;
	link->width = now->width;
	take_expected(link);
	link->verdict = judge(link);
}

static bool says_possible(const struct link_state *state)
{
	return link_state_has_possible(state) && state->max_speed > 0 && state->max_width > 0;
}

const char *link_expected_reason(const struct link *link)
{
	if (link->reason)
		return link->reason;
	if (!link->up || !link->down)
		return "the other end is not seen";
	if (!says_possible(&link->down_state))
		return "the device does not say what it could do";
	return says_possible(&link->up_state) ? NULL : "the port does not say what it could do";
}

bool link_ends_disagree(const struct link *link)
{
	return !link->reason && link->up && link->down && !link->up_state.reason &&
	       !link->down_state.reason &&
	       (link->up_state.speed != link->down_state.speed ||
		link->up_state.width != link->down_state.width);
}

/*
 * On a root bus a port has its link below it, an integrated device has none, whose attributes say nothing ("Unknown", 0,
 * 255). A guest's device may show one.
 */
static bool may_have_own_link(const struct link_state *state)
{
	return !state->reason || state->reason == CAPABILITY_CUT_OFF ||
	       (state->reason == LINK_STATE_NO_LINK && state->max_speed > 0);
}

/* Of NODE, above which none is seen. */
static bool shows_own_end(const struct context *ctx, const struct topology_node *node,
			  const struct link_state *state)
{
	if (node->is_bridge)
		return !link_is_port(ctx, node) && link_is_lower_end(ctx, node);
	return may_have_own_link(state) && !link_is_upper_end(ctx, node);
}

/* Is it known to be an end of a link, whatever it says of that? */
static bool is_end(const struct link_state *state)
{
	return state->reason != LINK_STATE_NOT_EXPRESS && state->reason != fact_reason(-ENODATA);
}

bool link_above(const struct context *ctx, const struct topology_node *node, struct link *link)
{
	*link = (struct link){ .down = node };
	if (node->parent && !link_is_port(ctx, node->parent))
		return false;
	read_state(ctx, node, &link->down_state);
	if (!node->parent && !shows_own_end(ctx, node, &link->down_state))
		return false;
	if (node->parent) {
		link->up = node->parent;
		read_state(ctx, node->parent, &link->up_state);
	}
	link_combine(link);
	/* below a port is a link, also where what is there is not PCI Express or cannot say so */
	return is_end(&link->down_state) || (link->up && is_end(&link->up_state));
}

/*
 * Does PORT say that nothing is at the other end, whatever its speed and width? Reads config space; false where it cannot
 * say. Not of a port below which a device answers: some have the bit and never set it.
 */
static bool is_inactive(struct device *port)
{
	const struct capability_place express = capability_place_read(port, false, PCI_CAP_ID_EXP);
	struct fact_number cap;
	struct fact_number status;

	capability_read(port, &express, PCI_EXP_LNKCAP, 32, &cap);
	if (cap.reason || !(cap.value & PCI_EXP_LNKCAP_DLLLARC))
		return false;
	capability_read(port, &express, PCI_EXP_LNKSTA, 16, &status);
	return !status.reason && !(status.value & PCI_EXP_LNKSTA_DLLLA);
}

/* A device that answers is behind a link that is up, whatever it says of that. */
static bool may_be_gone(const struct link_state *state)
{
	return state->reason == FACT_NO_ANSWER || state->reason == LINK_STATE_SUSPENDED ||
	       state->reason == gone;
}

/* Some ports keep a speed and a width when there is nothing below them (any more). */
static void take_down_if_inactive(const struct context *ctx, struct link *link)
{
	struct device *port;
	struct error ignored;

	if ((link->reason && link->reason != FACT_NO_ANSWER) || link->verdict == LINK_DOWN || !link->up ||
	    !is_known(&link->up_state) || (link->down && !may_be_gone(&link->down_state)) ||
	    device_open(ctx, &link->up->address, &port, &ignored) < 0)
		return;
	if (is_inactive(port)) {
		link->up_state.reason = LINK_STATE_NO_LINK;
		link->up_state.speed = link->up_state.width = 0;
		link_combine(link);
	}
	device_close(port);
}

static int no_link(const struct context *ctx, const struct topology_node *node, struct error *error)
{
	struct link_state state = { .reason = NULL };
	struct device *device;
	int rc;

	if (device_open(ctx, &node->address, &device, error) == 0) {
		rc = power_is_asleep(device) || device_is_present(device) ? 0 : device_gone(device, error);
		device_close(device);
		if (rc < 0)
			return rc;
	}
	read_state(ctx, node, &state);
	if (state.reason == fact_reason(-ENODATA))
		return error_set(error, ERROR_UNSUPPORTED, "no-link",
				 "%s: whether it has a link is not known: %s", node->name, state.reason);
	rc = error_set(error, ERROR_UNSUPPORTED, "no-link", "%s: it has no link", node->name);
	error_hint(error, "it is %s",
		   state.reason == FACT_VIRTUAL_FUNCTION ? "a virtual function, and does not say"
		   : !node->parent			 ? "integrated in the root complex"
							 : "conventional PCI, or inside a switch");
	return rc;
}

int link_read(const struct context *ctx, const struct topology_node *node, struct link *link,
	      struct error *error)
{
	struct link found = { 0 };

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
	return no_link(ctx, node, error);
}

bool link_bottleneck(const struct context *ctx, const struct topology_node *node, struct link *bottleneck)
{
	double lowest = 0;
	bool found = false;

	for (; node; node = node->parent) {
		struct link link;
		double rate;

		if (!link_above(ctx, node, &link) || link.reason || link.verdict == LINK_DOWN)
			continue;
		link_flit_read(ctx, &link);
		rate = link_bandwidth(link.speed, link.width, link.is_flit);
		if (found && rate >= lowest)
			continue;
		*bottleneck = link;
		lowest = rate;
		found = true;
	}
	return found;
}
