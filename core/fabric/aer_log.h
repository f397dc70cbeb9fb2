/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The packet that the first uncorrectable error was in, as Advanced Error Reporting logged it. PCIe 6.0 sections 6.2.4.2, 7.8.4. */
#ifndef PCIETOOL_AER_LOG_H
#define PCIETOOL_AER_LOG_H

#include "core/config/map.h"
#include "core/fabric/tlp.h"

/* A header of 7 dwords with 7 of what is optional, PCIe 6.0 section 7.8.4.8; Linux' PCIE_STD_MAX_TLP_HEADERLOG. */
#define AER_HEADER_DWORDS 14
#define AER_PREFIX_DWORDS 4

struct aer_log {
	const char *reason; /* why there is no header, a literal; NULL: there is */
	bool is_flit; /* it was received in flit mode */
	unsigned int count; /* dwords of the header, at least 1 where there is one */
	uint32_t header[AER_HEADER_DWORDS];
	unsigned int prefix_count; /* end-end prefixes before it; a header of flit mode has none */
	uint32_t prefixes[AER_PREFIX_DWORDS];
};

/* Of the first error, which is bit FIRST of Uncorrectable Error Status. */
void aer_log_read(const struct config_map *map, struct device *device, unsigned int first,
		  struct aer_log *log);

/* LOG has a header. */
void aer_log_decode(const struct aer_log *log, struct tlp *tlp);

#endif
