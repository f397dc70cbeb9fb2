/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Which errors a function sends a message for. Of the others the root port and the kernel's counters never know: a count
 * of 0 says nothing of them.
 */
#ifndef PCIETOOL_AER_REPORTING_H
#define PCIETOOL_AER_REPORTING_H

#include "core/fabric/aer_counters.h"
#include "core/pci/capability.h"

/* For an error whose count says nothing, after "correctable errors: ". */
extern const char AER_NOT_REPORTED[];

struct aer_reporting {
	const char *reason; /* why it is not known; NULL: the rest is valid */
	bool is_unreported[AER_SEVERITIES];
};

/*
 * Reads config space of DEVICE, which must be awake. A virtual function's own enables are reserved, its physical function's
 * count for it (PCIe 6.0 sections 9.3.4.1.3 and 9.3.5.4): ask that one. The second form is for whoever has its LIST of
 * standard capabilities.
 */
void aer_reporting_read(struct device *device, struct aer_reporting *reporting);
void aer_reporting_read_in(struct device *device, const struct capability_list *list,
			   struct aer_reporting *reporting);
/* It is known, and errors of some severity are not reported. */
bool aer_reporting_lacks(const struct aer_reporting *reporting);

#endif
