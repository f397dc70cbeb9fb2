// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * What the kernel counted of errors, and whether it is the kernel that handles them. sysfs and the kernel's log,
 * no registers.
 */
#include "core/fabric/aer_counters.h"

#include <ctype.h>
#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "core/kernel/kmsg.h"
#include "core/kernel/sysfs.h"
#include "core/pci/fact.h"

#define PAGE 4096 /* what an attribute has at most */

static const char NO_COUNTERS[] = "the kernel counts no errors of it";

const char *aer_severity_name(enum aer_severity severity)
{
	static const char *const names[] = {
		[AER_CORRECTABLE] = "correctable",
		[AER_NONFATAL] = "nonfatal",
		[AER_FATAL] = "fatal",
	};

	return names[severity];
}

static const char *reason_of(int rc)
{
	return rc == -ENOENT ? NO_COUNTERS : fact_reason(rc);
}

/* "Name of it 12": names may hold blanks, the last word is the number. */
static bool parse_line(char *line, uint64_t *count)
{
	char *blank = strrchr(line, ' ');
	char *end;

	if (!blank || blank == line || !isdigit((unsigned char)blank[1]))
		return false;
	*blank = '\0';
	/* of nearly all it is 0 */
	if (!blank[2]) {
		*count = (uint64_t)(blank[1] - '0');
		return true;
	}
	errno = 0;
	*count = strtoull(blank + 1, &end, 10);
	return !errno && !*end;
}

static void parse_counts(char *text, struct aer_counts *c)
{
	bool has_total = false;
	uint64_t sum = 0;
	char *rest;

	*c = (struct aer_counts){ 0 };
	for (char *line = text; line; line = rest) {
		uint64_t count;

		rest = strchr(line, '\n');
		if (rest)
			*rest++ = '\0';
		if (!parse_line(line, &count))
			continue;
		if (strncmp(line, "TOTAL_ERR", strlen("TOTAL_ERR")) == 0) {
			c->total = count;
			has_total = true;
		} else if (c->type_count < AER_TYPES_MAX) {
			struct aer_count *type = &c->types[c->type_count++];

			memcpy(type->name, line, strnlen(line, AER_NAME_SIZE - 1));
			type->count = count;
			sum += count;
		}
	}
	if (!has_total)
		c->total = sum;
	if (!has_total && c->type_count == 0)
		c->reason = "cannot be understood";
}

static int read_counters(const struct device *device, struct aer_counters *counters)
{
	static const char *const files[] = { "aer_dev_correctable", "aer_dev_nonfatal", "aer_dev_fatal" };
	char text[PAGE];
	int first = 0;

	for (int i = 0; i < AER_SEVERITIES; i++) {
		/* they come together: without the first the others need not be looked for */
		int rc = first == -ENOENT ? first
					  : device_read_attribute(device, files[i], text, sizeof(text));

		if (i == 0)
			first = rc;
		if (rc < 0)
			counters->counts[i] = (struct aer_counts){ .reason = reason_of(rc) };
		else
			parse_counts(text, &counters->counts[i]);
	}
	return first == -ENOENT ? first : 0;
}

static void read_root_counters(const struct device *device, struct aer_root_counters *counters)
{
	static const char *const files[] = { "aer_rootport_total_err_cor", "aer_rootport_total_err_nonfatal",
					     "aer_rootport_total_err_fatal" };
	char text[64];
	char *end;

	*counters = (struct aer_root_counters){ 0 };
	for (int i = 0; i < AER_SEVERITIES; i++) {
		int rc = device_read_attribute(device, files[i], text, sizeof(text));

		if (rc == 0) {
			counters->totals[i] = strtoull(text, &end, 10);
			if (!isdigit((unsigned char)text[0]) || *end)
				rc = -EINVAL;
		}
		if (rc < 0) {
			counters->reason = reason_of(rc);
			return;
		}
	}
}

int aer_counters_read(const struct device *device, struct aer_counters *counters)
{
	if (!device->image)
		return read_counters(device, counters);
	for (int i = 0; i < AER_SEVERITIES; i++)
		counters->counts[i] = (struct aer_counts){ .reason = fact_reason(-ENODATA) };
	return 0;
}

void aer_root_counters_read(const struct device *device, struct aer_root_counters *counters)
{
	if (device->image)
		*counters = (struct aer_root_counters){ .reason = fact_reason(-ENODATA) };
	else
		read_root_counters(device, counters);
}

/* Names whose words run together, as drivers/pci/pcie/aer.c has them; the rest follows from capitals and blanks. */
static const char *known_name(const char *kernel_name)
{
	static const char *const names[][2] = {
		{ "RxErr", "receiver" },
		{ "BadTLP", "bad_tlp" },
		{ "BadDLLP", "bad_dllp" },
		{ "Rollover", "replay_num_rollover" },
		{ "RELAY_NUM Rollover", "replay_num_rollover" }, /* the kernel's spelling */
		{ "Timeout", "replay_timer_timeout" },
		{ "NonFatalErr", "advisory_nonfatal" },
		{ "CorrIntErr", "corrected_internal" },
		{ "HeaderOF", "header_log_overflow" },
		{ "DLP", "data_link_protocol" },
		{ "SDES", "surprise_down" },
		{ "TLP", "poisoned_tlp" },
		{ "FCP", "flow_control_protocol" },
		{ "CmpltTO", "completion_timeout" },
		{ "CmpltAbrt", "completer_abort" },
		{ "UnxCmplt", "unexpected_completion" },
		{ "RxOF", "receiver_overflow" },
		{ "MalfTLP", "malformed_tlp" },
		{ "ECRC", "ecrc" },
		{ "UnsupReq", "unsupported_request" },
		{ "ACSViol", "acs_violation" },
		{ "UncorrIntErr", "uncorrectable_internal" },
		{ "BlockedTLP", "blocked_tlp" },
		{ "AtomicOpBlocked", "atomicop_blocked" },
		{ "TLPBlockedErr", "tlp_prefix_blocked" },
		{ "PoisonTLPBlocked", "poisoned_tlp_blocked" },
		{ "DMWrReqBlocked", "dmwr_request_blocked" },
		{ "IDECheck", "ide_check" },
		{ "MisIDETLP", "misrouted_ide_tlp" },
		{ "TLPXlatBlocked", "tlp_translation_blocked" },
	};

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		if (strcmp(names[i][0], kernel_name) == 0)
			return names[i][1];
	}
	return NULL;
}

void aer_type_name(const char *kernel_name, char name[AER_NAME_SIZE])
{
	const char *known = known_name(kernel_name);
	size_t used = 0;

	if (known) {
		snprintf(name, AER_NAME_SIZE, "%s", known);
		return;
	}
	for (const char *c = kernel_name; *c && used < AER_NAME_SIZE - 2; c++) {
		bool starts = isupper((unsigned char)*c) && c > kernel_name && islower((unsigned char)c[-1]);

		if (starts || !isalnum((unsigned char)*c)) {
			if (used > 0 && name[used - 1] != '_')
				name[used++] = '_';
		}
		if (isalnum((unsigned char)*c))
			name[used++] = (char)tolower((unsigned char)*c);
	}
	while (used > 0 && name[used - 1] == '_')
		used--;
	name[used] = '\0';
	if (used == 0)
		snprintf(name, AER_NAME_SIZE, "unknown");
}

const char AER_NOT_HANDLED[] = "the kernel does not handle errors below this root port";

/*
 * The kernel's driver for ports makes a device "0000:00:1c.0:pcie002" for the AER of a root port that it handles, of an event
 * collector "...:pcie602": not where firmware keeps it, not where the port has none, not with pci=noaer. The number is the
 * port's type less 4, then the service: drivers/pci/pcie/portdrv.c, get_descriptor_id().
 */
static bool has_service(const struct device *root, const char *name)
{
	char service[64];

	snprintf(service, sizeof(service), "%.32s:%s", root->name, name);
	return faccessat(root->folder, service, F_OK, 0) == 0;
}

enum aer_owner aer_owner_of_root(const struct device *root, const char *driver)
{
	if (strcmp(driver, "pcieport") != 0)
		return AER_OWNER_UNKNOWN;
	return has_service(root, "pcie002") || has_service(root, "pcie602") ? AER_OWNER_KERNEL
									    : AER_OWNER_NOT_KERNEL;
}

enum aer_owner aer_owner_below(const struct context *ctx, const struct topology_node *root)
{
	enum aer_owner owner = AER_OWNER_UNKNOWN;
	struct device *device;
	struct error ignored;
	char driver[64];

	if (device_open(ctx, &root->address, &device, &ignored) < 0)
		return owner;
	if (device_driver(device, driver, sizeof(driver)) == 0)
		owner = aer_owner_of_root(device, driver);
	device_close(device);
	return owner;
}

/* "acpi PNP0A08:00: _OSC: OS now controls [PCIeHotplug PME AER ...]" */
static enum aer_owner owner_in(const char *record)
{
	const char *controls = strstr(record, "_OSC: OS now controls [");

	if (controls)
		return strstr(controls, " AER") || strstr(controls, "[AER") ? AER_OWNER_KERNEL
									    : AER_OWNER_FIRMWARE;
	if (strstr(record, "_OSC failed") && strstr(record, "disabling ASPM"))
		return AER_OWNER_FIRMWARE;
	return AER_OWNER_UNKNOWN;
}

static int take_owner(void *data, char *line)
{
	enum aer_owner *owner = data;

	*owner = owner_in(line);
	return *owner != AER_OWNER_UNKNOWN;
}

/* "pci=noaer,...": the kernel did not even ask for it. Documentation/admin-guide/kernel-parameters.txt */
static bool is_switched_off(const struct context *ctx)
{
	char line[4096];

	return sysfs_read(ctx, line, sizeof(line), "/proc/cmdline") == 0 && strstr(line, "noaer");
}

/*
 * From what the kernel logged of ACPI's _OSC when it started (PCI Firmware 3.3 section 4.5.1). Unknown where the log does
 * not reach back to that, or may not be read.
 */
static enum aer_owner owner_of_log(const struct context *ctx)
{
	enum aer_owner owner = AER_OWNER_UNKNOWN;

	if (is_switched_off(ctx))
		return AER_OWNER_NOT_KERNEL;
	kmsg_read(ctx, take_owner, &owner);
	return owner;
}

enum aer_owner aer_owner_find(const struct context *ctx, const struct topology *topology,
			      const struct topology_node *node, const char **port)
{
	enum aer_owner owner = AER_OWNER_UNKNOWN;
	enum aer_owner logged;

	while (node && node->parent)
		node = node->parent;
	for (size_t i = 0; i < topology->count && owner != AER_OWNER_NOT_KERNEL; i++) {
		const struct topology_node *root = &topology->nodes[i];
		enum aer_owner one;

		if (root->parent || (node ? root != node : !root->child))
			continue;
		one = aer_owner_below(ctx, root);
		owner = one == AER_OWNER_UNKNOWN ? owner : one;
		if (one == AER_OWNER_NOT_KERNEL)
			*port = root->name;
	}
	if (owner == AER_OWNER_KERNEL)
		return owner;
	logged = owner_of_log(ctx);
	return owner == AER_OWNER_UNKNOWN || logged == AER_OWNER_FIRMWARE ? logged : owner;
}
