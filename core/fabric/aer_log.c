// SPDX-License-Identifier: GPL-2.0-or-later
/* Which errors log their packet, and the registers that it is in then. What they have otherwise is of an error before. */
#include "core/fabric/aer_log.h"

#include <stdio.h>

#define BIT(n) (1u << (n))

/* Bits of Uncorrectable Error Status whose packet is always logged: PCIe 6.0 section 6.2.7 table 6-5. */
#define LOGS_ALWAYS                                                                                          \
	(BIT(12) | BIT(15) | BIT(16) | BIT(18) | BIT(19) | BIT(20) | BIT(21) | BIT(23) | BIT(24) | BIT(25) | \
	 BIT(26) | BIT(27) | BIT(28) | BIT(29) | BIT(30) | BIT(31))
#define COMPLETION_TIMEOUT 14
#define INTERNAL_ERROR 22

static bool read_value(const struct config_map *map, struct device *device, const char *name, uint32_t *value,
		       const char **reason)
{
	struct config_value_of v;

	config_value_read(map, device, name, &v);
	if (v.reason) {
		if (!*reason)
			*reason = v.reason;
		return false;
	}
	*value = (uint32_t)v.value;
	return true;
}

/* Why error FIRST has none; NULL: it has one. */
static const char *missing(const struct config_map *map, struct device *device, unsigned int first)
{
	const char *reason = NULL;
	uint32_t logs_timeouts = 0;

	if (BIT(first) & LOGS_ALWAYS)
		return NULL;
	if (first == INTERNAL_ERROR)
		return "an internal error need not log one: what is in the log may be older";
	if (first != COMPLETION_TIMEOUT)
		return "such an error is in no TLP";
	if (!read_value(map, device, "AER.CONTROL.TIMEOUT_LOG", &logs_timeouts, &reason))
		return reason;
	return logs_timeouts ? NULL : "the device does not log the TLP of a completion timeout";
}

/* How many dwords of the log are of the header. */
static unsigned int logged_size(const struct config_map *map, struct device *device, struct aer_log *log)
{
	uint32_t is_flit = 0;
	uint32_t size = 0;

	read_value(map, device, "AER.CONTROL.FLIT_TLP", &is_flit, &log->reason);
	if (!is_flit)
		return 4;
	log->is_flit = true;
	read_value(map, device, "AER.CONTROL.TLP_SIZE", &size, &log->reason);
	return size < AER_HEADER_DWORDS ? size : AER_HEADER_DWORDS;
}

static void read_header(const struct config_map *map, struct device *device, struct aer_log *log)
{
	unsigned int size = logged_size(map, device, log);

	for (unsigned int i = 0; i < size && !log->reason; i++) {
		char name[32];

		snprintf(name, sizeof(name), "AER.HEADER_LOG%u", i);
		if (read_value(map, device, name, &log->header[i], &log->reason))
			log->count++;
	}
}

/* As Linux does: up to the first that is 0, which no prefix is. */
static void read_prefixes(const struct config_map *map, struct device *device, struct aer_log *log)
{
	const char *ignored = NULL;

	for (unsigned int i = 0; i < AER_PREFIX_DWORDS && !log->is_flit; i++) {
		char name[32];

		snprintf(name, sizeof(name), "AER.PREFIX_LOG%u", i);
		if (!read_value(map, device, name, &log->prefixes[i], &ignored) || !log->prefixes[i])
			return;
		log->prefix_count++;
	}
}

static bool is_all(const struct aer_log *log, uint32_t word)
{
	for (unsigned int i = 0; i < log->count; i++) {
		if (log->header[i] != word)
			return false;
	}
	return true;
}

void aer_log_read(const struct config_map *map, struct device *device, unsigned int first,
		  struct aer_log *log)
{
	*log = (struct aer_log){ .reason = missing(map, device, first) };
	if (log->reason)
		return;
	read_header(map, device, log);
	if (log->reason)
		return;
	/* one dword of zeroes is a packet of flit mode, that does nothing */
	if (log->count == 0 || (!log->is_flit && is_all(log, 0)))
		log->reason = "no header is logged";
	/* virtual functions share room: section 6.2.4.2.1 */
	else if (is_all(log, 0xffffffff))
		log->reason = "no header is logged: there was no room for it";
	else
		read_prefixes(map, device, log);
}

void aer_log_decode(const struct aer_log *log, struct tlp *tlp)
{
	if (log->is_flit)
		tlp_decode_flit(log->header, log->count, tlp);
	else
		tlp_decode(log->header, tlp);
}
