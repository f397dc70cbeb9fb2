/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A link, which has two ends: the port above (a root or downstream port) and the function below. What it could run at
 * is the lower of what both can. From sysfs, for everybody; a device that sleeps is left asleep.
 */
#ifndef PCIETOOL_LINK_H
#define PCIETOOL_LINK_H

#include <stdbool.h>

#include "core/fabric/link_port.h"
#include "core/fabric/topology.h"
#include "core/pci/capability.h"
#include "core/pci/device.h"
#include "core/pci/power.h"

/* Reasons, to be compared by their address */
extern const char LINK_STATE_NO_LINK[]; /* there is one, and it is down */
extern const char LINK_STATE_NO_SPEED
	[]; /* there is one, which is up at a speed that is none known here, or to the kernel */
extern const char LINK_STATE_NOT_EXPRESS[];
#define LINK_STATE_SUSPENDED POWER_SUSPENDED
extern const char LINK_STATE_UNREADABLE[];

struct link_state {
	const char *reason; /* why it is not known what it runs at; NULL: it is */
	double speed; /* GT/s per lane */
	unsigned int width; /* lanes */
	double max_speed;
	unsigned int max_width;
};

/*
 * From sysfs, for everybody. A device that sleeps (runtime PM) is left asleep, as reading its link would
 * wake it up.
 */
void link_state_read(const struct device *device, struct link_state *link);

/*
 * The same for whoever knows whether it IS_ASLEEP and looks at both ends: also tells apart who sleeps and has no link, and
 * who was given up by the kernel or does not answer (LINK_STATE_UNREADABLE). Not of a dump.
 */
void link_state_survey(const struct device *device, bool is_asleep, struct link_state *link);

/* From the PCI Express capability at OFFSET. */
void link_state_read_config(struct device *device, const struct capability_place *express,
			    struct link_state *link);

/* Is what it could be read, which may be 0 for not known? Also of a link that is down, or at no known speed. */
bool link_state_has_possible(const struct link_state *link);

/* Does it run slower or narrower than this device could? (The other end may be the reason.) */
bool link_state_is_reduced(const struct link_state *link);

enum link_verdict {
	LINK_GOOD, /* as fast and as wide as both ends can */
	LINK_SLOW,
	LINK_NARROW,
	LINK_SLOW_AND_NARROW,
	LINK_DOWN, /* no lane is up */
	LINK_UNKNOWN, /* see reason; NULL: it is up, and an end is not seen, or does not say what it could do */
};

struct link {
	const struct topology_node
		*up; /* the port; NULL: the function is on a root bus, or its port is not seen */
	const struct topology_node *down; /* NULL: nothing is there below the port */
	struct link_state up_state;
	struct link_state down_state;
	const char *reason; /* why nothing is known of it; NULL: the rest is valid */
	double speed; /* GT/s */
	unsigned int width; /* lanes */
	double expected_speed; /* the lower of both ends, of one alone its own; 0: not known, as the width */
	unsigned int expected_width;
	enum link_verdict verdict;
	bool is_flit; /* in flit mode, as link_flit_read() found it */
};

/*
 * The link that NODE is an end of: that to the function or switch below a port, otherwise the one above it.
 * ERROR_UNSUPPORTED where it has none (integrated, conventional PCI).
 */
int link_read(const struct context *ctx, const struct topology_node *node, struct link *link,
	      struct error *error);

/*
 * The link above NODE, without a record: false where there is none, also inside a switch, or neither end is known to have
 * one. Below a port there is one, also where NODE is not PCI Express: then it is as the port has it. Where a device sleeps
 * the link's reason says so.
 */
bool link_above(const struct context *ctx, const struct topology_node *node, struct link *link);

/*
 * The rest of *LINK from its ends and their states, for whoever read these otherwise. What the lower end says of now
 * counts: a port above may have several below. Of a link that is up, one of whose ends is not seen or does not say what it
 * could do, the verdict is LINK_UNKNOWN without a reason.
 */
void link_combine(struct link *link);

/* Why not all is known that is expected of it, a literal; NULL: it is. */
const char *link_expected_reason(const struct link *link);

/*
 * Do both ends say what the link runs at, and differ? One of them is wrong, or the link changed while it was looked at.
 */
bool link_ends_disagree(const struct link *link);

/* GT/s of a generation, 1 to 7, which is the code of a speed in all link registers; 0 for none. */
double link_generation_speed(unsigned int generation);

/*
 * The generation that PORT's target speed must have for EXPECTED GT/s, where it is set to a lower one, *TARGET; 0 where
 * that is not what makes the link slow, or not known. PCIe 5.0 section 7.5.3.19.
 */
unsigned int link_target_clamps(struct device *port, double expected, double *target);

/* Is the link below PORT known to be disabled, by Link Disable? PCIe 6.0 section 7.5.3.7. Reads config space. */
bool link_is_disabled(struct device *port);

/*
 * Is LINK in flit mode? Above 32 GT/s it is, at other speeds Link Status 2 says so (PCIe 6.0 section 7.5.3.20): the lower
 * end's, or the port's where that cannot be read. Into its IS_FLIT, false where that is not known, for the reason returned;
 * NULL: it is. Reads config space, which needs root; an end that sleeps is left asleep.
 */
const char *link_flit_read(const struct context *ctx, struct link *link);

/*
 * Bytes per second in one direction, after encoding (PCIe 6.0 section 4.2.1, 4.2.2) and in flit mode, which above 32 GT/s is
 * all there is, without the bytes of a flit that are no packets' (4.2.3). Packets' headers are not taken off.
 */
double link_bandwidth(double speed, unsigned int width, bool is_flit);

/*
 * The link with the least bandwidth on the way from NODE to the root; false where none is known. Of equal ones the
 * nearest to NODE.
 */
bool link_bottleneck(const struct context *ctx, const struct topology_node *node, struct link *bottleneck);

/* "ok", "slow", "narrow", "slow-narrow", "down", "unknown". */
const char *link_verdict_name(enum link_verdict verdict);

#endif
