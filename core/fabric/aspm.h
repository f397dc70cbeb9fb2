/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Active State Power Management of a link, at both of its ends: PCIe 6.0 sections 5.4.1 and 5.5.4, 7.5.3.6 and 7.5.3.7 (Link
 * Capabilities and Control), 7.8.3 (L1 PM Substates). Needs root.
 */
#ifndef PCIETOOL_ASPM_H
#define PCIETOOL_ASPM_H

#include "core/config/map.h"
#include "core/fabric/link.h"
#include "core/pci/fact.h"

enum aspm_mode {
	ASPM_OFF,
	ASPM_L0S, /* and not L1 */
	ASPM_L1, /* without substates, and not L0s */
	ASPM_L1SS, /* with those substates that both ends can */
	ASPM_MODES,
};

/* "off", "l0s", "l1", "l1ss" */
const char *aspm_mode_name(enum aspm_mode mode);

/* Values of the fields ASPM; bits. PCIe 6.0 sections 7.5.3.6 and 7.5.3.7 */
#define ASPM_BIT_L0S 1u
#define ASPM_BIT_L1 2u
/* Bits of L1 PM Substates Capabilities and Control 1 that are about ASPM, in the same places: section 7.8.3 */
#define ASPM_BIT_L1_2 4u
#define ASPM_BIT_L1_1 8u
#define ASPM_SUBSTATES (ASPM_BIT_L1_1 | ASPM_BIT_L1_2)

#define ASPM_ENDS 9 /* the port, and what a device without ARI can have of functions */

struct aspm_end {
	struct device *device; /* open */
	struct config_map *map;
	unsigned int can; /* ASPM_BIT_L0S, ASPM_BIT_L1 */
	unsigned int on;
	bool has_substates;
	unsigned int substates_can; /* ASPM_SUBSTATES */
	unsigned int substates_on;
};

struct aspm {
	unsigned int
		count; /* of ends: the port first, then the functions below it that have a link of their own */
	struct aspm_end ends[ASPM_ENDS];
	unsigned int can; /* what all ends can */
	unsigned int substates_can;
	const char *
		no_l1_2; /* what is missing for L1.2, which is the kernel's or firmware's to set, a literal; NULL: nothing */
};

/* LINK must have both ends. ERROR_UNSUPPORTED where it has not. What ASPM holds is the caller's (aspm_close). */
int aspm_open(const struct context *ctx, const struct link *link, struct aspm *aspm, struct error *error);
void aspm_close(struct aspm *aspm);

/*
 * Sets all ends: off at the lower ones first, then at the port; then substates; then on at the port first. Read back; what
 * was there before is set again on failure. ERROR_UNSUPPORTED where an end cannot. ASPM has what is on afterwards.
 */
int aspm_set(struct aspm *aspm, enum aspm_mode mode, struct error *error);

/* May it be set, and to which values? The same errors. */
int aspm_plan(const struct aspm *aspm, enum aspm_mode mode, unsigned int *on, unsigned int *substates,
	      struct error *error);

/* What the kernel does about ASPM, as far as that can be known. */
struct aspm_kernel {
	struct fact_text policy; /* "default", "powersave": /sys/module/pcie_aspm/parameters/policy */
	const char *off_because; /* a literal: what keeps the kernel from it; NULL: nothing that is known */
};

void aspm_kernel_read(const struct context *ctx, struct aspm_kernel *kernel);

#endif
