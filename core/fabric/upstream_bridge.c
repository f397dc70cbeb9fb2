// SPDX-License-Identifier: GPL-2.0-or-later
/* The port above a device while the device is away: its reports off, kept awake, and back as before. */
#include "core/fabric/upstream_bridge.h"

#include <dirent.h>
#include <errno.h>
#include <inttypes.h>
#include <limits.h>
#include <linux/pci_regs.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "core/fabric/link.h"
#include "core/kernel/sysfs.h"
#include "core/pci/attribute.h"
#include "core/pci/fact.h"
#include "core/pci/run_file.h"

/* The RW1C bits of Device Status: PCIe 6.0 section 7.5.3.5 */
#define DEVICE_STATUS_ERRORS                                                                                 \
	(PCI_EXP_DEVSTA_CED | PCI_EXP_DEVSTA_NFED | PCI_EXP_DEVSTA_FED | PCI_EXP_DEVSTA_URD)

#define DEVCTL_FATAL (PCI_EXP_DEVCTL_NFERE | PCI_EXP_DEVCTL_FERE | PCI_EXP_DEVCTL_URRE)

/*
 * What makes the hot-plug driver take a link that is lost for a card that was pulled, and switch the power off:
 * drivers/pci/hotplug/pciehp_hpc.c masks the same two around a reset of its own.
 */
#define SLOT_EVENTS (PCI_EXP_SLTCTL_DLLSCE | PCI_EXP_SLTCTL_PDCE)

/* --- which one it is -------------------------------------------------------------------------------- */

/* "../../../devices/pci0000:00/0000:00:1c.0/0000:01:00.0": the folder that the device's is in. */
static int bridge_name(const struct device *device, char name[PCI_ADDRESS_SIZE])
{
	char target[PATH_MAX];
	struct pci_address address;
	char *slash;

	if (sysfs_link(device->ctx, target, sizeof(target), SYSFS_PCI_DEVICES "/%s", device->name) < 0)
		return -ENOENT;
	slash = strrchr(target, '/');
	if (!slash)
		return -ENOENT;
	*slash = '\0';
	slash = strrchr(target, '/');
	if (!slash || pci_address_parse(slash + 1, &address) < 0)
		return -ENOENT;
	pci_address_format(&address, name);
	return 0;
}

static int open_port(const struct context *ctx, const struct device *device, struct device **port,
		     struct error *error)
{
	char name[PCI_ADDRESS_SIZE];
	struct pci_address address;

	if (bridge_name(device, name) < 0 || pci_address_parse(name, &address) < 0)
		return -ENOENT;
	return device_open(ctx, &address, port, error);
}

bool upstream_bridge_is_express_port(const struct device *device)
{
	struct context ctx = *device->ctx;
	struct device *port;
	struct error ignored;
	int type;

	ctx.pool = NULL;
	if (open_port(&ctx, device, &port, &ignored) < 0)
		return false;
	type = link_port_type(port);
	device_close(port);
	return type == PCI_EXP_TYPE_ROOT_PORT || type == PCI_EXP_TYPE_DOWNSTREAM;
}

/* --- the note, in /run/pcietool: after SIGKILL the next reload, or a rescan, knows what was --------------- */

#define NOTE_SUFFIX ".port"

/*
 * To be written before anything is changed, and held until it is removed.
 * "reload STATUS AER_STATUS CONTROL", the first two as they were, the last what power/control was changed from or "-"; then a
 * line for each register: "NAME OFFSET BEFORE MASKED".
 */
static int write_note(struct upstream_bridge *u, struct error *error)
{
	char text[RUN_FILE_TEXT];
	size_t n;
	int rc;

	if (u->note < 0)
		u->note = run_file_hold(u->port, NOTE_SUFFIX);
	if (u->note == -EWOULDBLOCK)
		return error_set(error, ERROR_DENIED, "in-use", "%s: another reload is at work below it",
				 u->port->name);
	n = (size_t)snprintf(text, sizeof(text), "reload %" PRIx32 " %" PRIx32 " %s", u->device_status,
			     u->aer_status, u->is_auto ? "auto" : "-");
	for (unsigned int i = 0; i < UPSTREAM_REGISTERS; i++) {
		const struct upstream_bridge_register *r = &u->registers[i];

		if (r->offset)
			n += (size_t)snprintf(text + n, sizeof(text) - n, "\n%s %x %" PRIx32 " %" PRIx32,
					      r->name, r->offset, r->before, r->masked);
	}
	rc = run_file_write(u->port, NOTE_SUFFIX, text);
	if (rc == 0) {
		if (u->note >= 0)
			close(u->note);
		u->note = run_file_hold(u->port, NOTE_SUFFIX);
		rc = u->note < 0 ? u->note : 0;
	}
	if (rc < 0) {
		error_errno(error, rc, "%s: remembering its registers in " RUN_FILE_FOLDER, u->port->name);
		if (geteuid() != 0)
			error_hint(error, "run as root");
	}
	return rc;
}

static struct upstream_bridge_register *find_register(struct upstream_bridge *u, const char *name,
						      unsigned int offset)
{
	for (unsigned int i = 0; i < UPSTREAM_REGISTERS; i++) {
		struct upstream_bridge_register *r = &u->registers[i];

		if (r->offset && r->offset == offset && strcmp(r->name, name) == 0)
			return r;
	}
	return NULL;
}

static void take_line(struct upstream_bridge *u, const char *line)
{
	struct upstream_bridge_register *r;
	unsigned int offset;
	uint32_t before;
	uint32_t masked;
	uint32_t bits;
	char name[16];

	if (sscanf(line, "%15s %x %" SCNx32 " %" SCNx32, name, &offset, &before, &masked) != 4)
		return;
	r = find_register(u, name, offset);
	bits = before ^ masked;
	if (!r || !bits || ((r->before ^ masked) & bits))
		return;
	r->before = (r->before & ~bits) | (before & bits);
	u->is_left = true;
}

/*
 * What was before, where there is a note that nobody holds: "before" of the registers that are still as they were changed.
 * Sets is_left, and holds the note.
 */
static void read_note(struct upstream_bridge *u)
{
	char text[RUN_FILE_TEXT];
	char control[8];
	uint32_t device;
	uint32_t aer;
	int note;

	note = run_file_hold(u->port, NOTE_SUFFIX);
	if (note < 0)
		return;
	if (run_file_read(u->port, NOTE_SUFFIX, text) < 0 ||
	    sscanf(text, "reload %" SCNx32 " %" SCNx32 " %7s", &device, &aer, control) != 3) {
		close(note);
		return;
	}
	u->note = note;
	u->device_status = device;
	u->aer_status = aer;
	if (strcmp(control, "auto") == 0 && !u->is_auto) {
		u->is_auto = true;
		u->is_left = true;
	}
	for (const char *line = strchr(text, '\n'); line; line = strchr(line + 1, '\n'))
		take_line(u, line + 1);
}

static void remove_note(struct upstream_bridge *u)
{
	if (u->note < 0)
		return;
	run_file_remove(u->port, NOTE_SUFFIX);
	close(u->note);
	u->note = -1;
}

/* --- what there is ---------------------------------------------------------------------------------- */

static int read_register(struct upstream_bridge *u, unsigned int i, const char *name, unsigned int offset,
			 unsigned int width, uint32_t clear, uint32_t set, struct error *error)
{
	struct upstream_bridge_register *r = &u->registers[i];
	int rc;

	*r = (struct upstream_bridge_register){ .name = name, .offset = offset, .width = width };
	rc = device_config_read(u->port, offset, width, &r->before, error);
	r->masked = (r->before & ~clear) | set;
	return rc;
}

static bool has_slot(struct upstream_bridge *u)
{
	struct fact_number flags;

	capability_read(u->port, &u->express, PCI_EXP_FLAGS, 16, &flags);
	return !flags.reason && flags.value & PCI_EXP_FLAGS_SLOT;
}

/* What would lie in the next capability is left alone, and what it would have kept quiet is told. */
static bool has_register(const struct upstream_bridge *u, const struct capability_place *place,
			 const char *name, unsigned int offset, unsigned int width)
{
	bool has = capability_holds(place, offset, width);

	if (place->offset && !has)
		context_log(u->port->ctx, LOG_WARN, "%s: %s is not touched: %s at 0x%x", u->port->name, name,
			    CAPABILITY_CUT_OFF, place->end);
	return has;
}

static int read_express(struct upstream_bridge *u, struct error *error)
{
	const struct capability_place *express = &u->express;
	int rc = 0;

	if (has_register(u, express, "DEVCTL", PCI_EXP_DEVCTL, 16))
		rc = read_register(u, UPSTREAM_DEVCTL, "DEVCTL", express->offset + PCI_EXP_DEVCTL, 16,
				   DEVCTL_FATAL, 0, error);
	if (rc == 0 && capability_holds(express, PCI_EXP_DEVSTA, 16))
		rc = device_config_read(u->port, express->offset + PCI_EXP_DEVSTA, 16, &u->device_status,
					error);
	return rc;
}

static int read_aer(struct upstream_bridge *u, struct error *error)
{
	int rc = 0;

	if (has_register(u, &u->aer, "AER_MASK", PCI_ERR_UNCOR_MASK, 32))
		rc = read_register(u, UPSTREAM_AER_MASK, "AER_MASK", u->aer.offset + PCI_ERR_UNCOR_MASK, 32,
				   0, PCI_ERR_UNC_SURPDN, error);
	if (rc == 0 && capability_holds(&u->aer, PCI_ERR_UNCOR_STATUS, 32))
		rc = device_config_read(u->port, u->aer.offset + PCI_ERR_UNCOR_STATUS, 32, &u->aer_status,
					error);
	return rc;
}

static int read_registers(struct upstream_bridge *u, struct error *error)
{
	int rc = 0;

	if (has_slot(u) && has_register(u, &u->express, "SLTCTL", PCI_EXP_SLTCTL, 16))
		rc = read_register(u, UPSTREAM_SLOT, "SLTCTL", u->express.offset + PCI_EXP_SLTCTL, 16,
				   SLOT_EVENTS, 0, error);
	if (rc == 0)
		rc = read_register(u, UPSTREAM_COMMAND, "COMMAND", PCI_COMMAND, 16, PCI_COMMAND_SERR, 0,
				   error);
	if (rc == 0)
		rc = read_express(u, error);
	return rc < 0 ? rc : read_aer(u, error);
}

/* Some ports have the bit and never set it; where a device answers without it, it means nothing. */
static bool reports_link(struct upstream_bridge *u, bool answers)
{
	struct fact_number cap;
	struct fact_number status;

	capability_read(u->port, &u->express, PCI_EXP_LNKCAP, 32, &cap);
	capability_read(u->port, &u->express, PCI_EXP_LNKSTA, 16, &status);
	return !cap.reason && !status.reason && (cap.value & PCI_EXP_LNKCAP_DLLLARC) &&
	       (!answers || (status.value & PCI_EXP_LNKSTA_DLLLA));
}

/* PORT is its own, also after a failure. */
static int open_bridge(struct device *port, bool answers, struct upstream_bridge **upstream,
		       struct error *error)
{
	struct upstream_bridge *u = calloc(1, sizeof(*u));
	struct fact_text control;
	int rc = 0;

	if (!u) {
		device_close(port);
		return error_errno(error, -ENOMEM, "looking at the port above");
	}
	u->port = port;
	u->note = -1;
	if (!device_is_present(port))
		rc = device_gone(port, error);
	if (rc == 0) {
		u->express = capability_place_read(port, false, PCI_CAP_ID_EXP);
		u->aer = capability_place_read(port, true, PCI_EXT_CAP_ID_ERR);
		u->reports_link = reports_link(u, answers);
		fact_read_text(port, "power/control", &control);
		u->is_auto = !control.reason && strcmp(control.text, "auto") == 0;
		rc = read_registers(u, error);
	}
	if (rc < 0) {
		upstream_bridge_close(u);
		return rc;
	}
	read_note(u);
	*upstream = u;
	return 0;
}

int upstream_bridge_open(const struct context *ctx, const struct device *device, bool answers,
			 struct upstream_bridge **upstream, struct error *error)
{
	char name[PCI_ADDRESS_SIZE];
	struct device *port;
	int rc;

	if (bridge_name(device, name) < 0) {
		*upstream = NULL;
		return 0;
	}
	rc = open_port(ctx, device, &port, error);
	return rc < 0 ? rc : open_bridge(port, answers, upstream, error);
}

void upstream_bridge_close(struct upstream_bridge *u)
{
	if (!u)
		return;
	if (u->note >= 0)
		close(u->note);
	device_close(u->port);
	free(u);
}

/* --- masking ---------------------------------------------------------------------------------------- */

static bool is_changed(const struct upstream_bridge_register *r)
{
	return r->offset && r->before != r->masked;
}

/* Nothing below it may let it sleep, and a link of a port in D3 does not train. */
static void keep_awake(struct upstream_bridge *u)
{
	struct error ignored;

	u->kept_awake = u->is_auto && attribute_write(u->port, "power/control", "on", &ignored) == 0;
}

static void let_sleep(struct upstream_bridge *u)
{
	struct error why;

	if (u->kept_awake && attribute_write(u->port, "power/control", "auto", &why) < 0)
		context_log(u->port->ctx, LOG_WARN, "%s", why.message);
	u->kept_awake = false;
}

/* Only the bits that were changed: what others changed meanwhile stays. The first failure is told. */
static int put_back(struct upstream_bridge *u, struct error *error)
{
	int first = 0;

	for (unsigned int i = UPSTREAM_REGISTERS; i-- > 0;) {
		struct upstream_bridge_register *r = &u->registers[i];
		struct error why;
		uint32_t bits = r->before ^ r->masked;
		uint32_t now;
		int rc;

		if (!is_changed(r))
			continue;
		rc = device_config_read(u->port, r->offset, r->width, &now, &why);
		if (rc == 0 && (now & bits) != (r->before & bits))
			rc = device_config_write(u->port, r->offset, r->width,
						 (now & ~bits) | (r->before & bits), &why);
		if (rc < 0 && first == 0) {
			first = rc;
			*error = why;
		}
	}
	return first;
}

int upstream_bridge_mask(struct upstream_bridge *u, struct error *error)
{
	struct error ignored;
	int rc = write_note(u, error);

	if (rc < 0)
		return rc;
	keep_awake(u);
	for (unsigned int i = 0; rc == 0 && i < UPSTREAM_REGISTERS; i++) {
		struct upstream_bridge_register *r = &u->registers[i];

		if (!is_changed(r))
			continue;
		rc = device_config_write(u->port, r->offset, r->width, r->masked, error);
		/* a port that does not report surprise removal has no bit to mask it: PCIe 6.0 section 7.8.4.3 */
		if (rc == 0)
			rc = device_config_read(u->port, r->offset, r->width, &r->masked, error);
	}
	u->is_masked = rc == 0;
	if (rc < 0) {
		if (put_back(u, &ignored) == 0)
			remove_note(u);
		let_sleep(u);
	}
	return rc;
}

/* Clears those of BITS that are set. */
static void clear_set(struct upstream_bridge *u, const struct capability_place *place, unsigned int offset,
		      unsigned int width, uint32_t bits)
{
	struct error ignored;
	uint32_t now;

	if (!capability_holds(place, offset, width) ||
	    device_config_read(u->port, place->offset + offset, width, &now, &ignored) < 0)
		return;
	now &= bits;
	if (now)
		device_config_write(u->port, place->offset + offset, width, now, &ignored);
}

/* What is noted would otherwise be taken for part of the next error's report. */
static void clear_status(struct upstream_bridge *u)
{
	const struct upstream_bridge_register *slot = &u->registers[UPSTREAM_SLOT];
	struct error ignored;
	uint32_t events = is_changed(slot) ? slot->before ^ slot->masked : 0;

	/* the hot-plug driver would be told as soon as it is listened to again */
	events = (events & PCI_EXP_SLTCTL_DLLSCE ? PCI_EXP_SLTSTA_DLLSC : 0) |
		 (events & PCI_EXP_SLTCTL_PDCE ? PCI_EXP_SLTSTA_PDC : 0);
	if (events && capability_holds(&u->express, PCI_EXP_SLTSTA, 16))
		device_config_write(u->port, u->express.offset + PCI_EXP_SLTSTA, 16, events, &ignored);
	clear_set(u, &u->express, PCI_EXP_DEVSTA, 16, DEVICE_STATUS_ERRORS & ~u->device_status);
	clear_set(u, &u->aer, PCI_ERR_UNCOR_STATUS, 32, PCI_ERR_UNC_SURPDN & ~u->aer_status);
}

int upstream_bridge_unmask(struct upstream_bridge *u, struct error *error)
{
	int rc;

	clear_status(u);
	rc = put_back(u, error);
	let_sleep(u);
	u->is_masked = false;
	/* where it did not work, a later one may */
	if (rc == 0)
		remove_note(u);
	return rc;
}

static int recover_one(const struct context *ctx, const struct pci_address *address, bool dry_run,
		       bool *was_left, struct error *error)
{
	struct upstream_bridge *u = NULL;
	struct device *port;
	int rc;

	rc = device_open(ctx, address, &port, error);
	if (rc == 0)
		rc = open_bridge(port, true, &u, error);
	if (!u)
		return rc;
	*was_left = u->is_left;
	if (!dry_run && u->note >= 0) {
		u->kept_awake = u->is_auto;
		rc = upstream_bridge_unmask(u, error);
	}
	upstream_bridge_close(u);
	return rc;
}

int upstream_bridge_recover(const struct context *ctx, bool dry_run,
			    void (*tell)(void *data, const char *port), void *data, struct error *error)
{
	DIR *dir = sysfs_opendir(ctx, RUN_FILE_FOLDER);
	struct pci_address address;
	struct dirent *entry;
	int first = 0;

	while (dir && (entry = readdir(dir))) {
		char name[PCI_ADDRESS_SIZE];
		bool was_left = false;
		struct error why;
		int rc;

		if (!run_file_parse_name(entry->d_name, NOTE_SUFFIX, &address))
			continue;
		pci_address_format(&address, name);
		rc = recover_one(ctx, &address, dry_run, &was_left, &why);
		if (rc < 0 && rc != -ENODEV && first == 0) {
			first = rc;
			*error = why;
		}
		if (rc == 0 && was_left)
			tell(data, name);
	}
	if (dir)
		closedir(dir);
	return first;
}

/* --- the link --------------------------------------------------------------------------------------- */

bool upstream_bridge_has_link(const struct upstream_bridge *u, const char **why)
{
	*why = u->express.offset ? CAPABILITY_CUT_OFF : "the bridge above is not PCI Express";
	return capability_holds(&u->express, PCI_EXP_LNKSTA, 16);
}

int upstream_bridge_link_is_up(struct upstream_bridge *u, bool *up, struct error *error)
{
	uint32_t status;
	int rc;

	rc = device_config_read(u->port, u->express.offset + PCI_EXP_LNKSTA, 16, &status, error);
	if (rc < 0)
		return rc;
	if (status == 0xffff)
		return device_gone(u->port, error);
	*up = u->reports_link ? (status & PCI_EXP_LNKSTA_DLLLA) != 0 : !(status & PCI_EXP_LNKSTA_LT);
	return 0;
}
