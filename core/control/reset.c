// SPDX-License-Identifier: GPL-2.0-or-later
/* Resets by the kernel, by the method that is asked for; the list of methods is put back. */
#include "core/control/reset.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "core/pci/power.h"
#include "core/pci/attribute.h"
#include "core/pci/run_file.h"
#include "core/base/clock.h"
#include "core/control/functions.h"
#include "core/fabric/dpc.h"
#include "core/fabric/upstream_bridge.h"
#include "core/kernel/sysfs.h"
#include "core/backend/path.h"
#include "core/backend/vfio.h"

#define NOTE_SUFFIX ".reset"

static void split(struct reset_methods *m)
{
	char *rest = m->words;
	char *word;

	snprintf(m->words, sizeof(m->words), "%s", m->text);
	m->count = 0;
	while ((word = strsep(&rest, " \n"))) {
		if (*word && m->count < RESET_METHODS_MAX)
			m->list[m->count++] = word;
	}
}

int reset_methods_read(const struct device *device, struct reset_methods *m, struct error *error)
{
	int rc;

	m->reason = NULL;
	m->count = 0;
	rc = sysfs_read(device->ctx, m->text, sizeof(m->text), SYSFS_PCI_DEVICES "/%s/reset_method",
			device->name);
	if (!attribute_exists(device, "reset")) {
		rc = attribute_check_device(device, error);
		if (rc < 0)
			return rc;
		rc = error_set(error, ERROR_UNSUPPORTED, "no-reset",
			       "%s: the kernel knows no way to reset it alone", device->name);
		error_hint(error, "'pcietool -s %s remove' and 'pcietool rescan' set it up anew",
			   device->name);
		return rc;
	}
	if (rc == -ENOENT)
		m->reason = "this kernel has no reset_method, which came with Linux 5.15";
	else if (rc < 0)
		return error_errno(error, rc, "%s: reading its reset methods", device->name);
	else
		split(m);
	return 0;
}

static bool has_method(const struct reset_methods *m, const char *method)
{
	for (size_t i = 0; i < m->count; i++) {
		if (strcmp(m->list[i], method) == 0)
			return true;
	}
	return false;
}

static int check_method(const struct device *device, const struct reset_methods *m, const char *method,
			struct error *error)
{
	int rc;

	if (!method && (m->reason || m->count > 0))
		return 0;
	if (!method) {
		rc = error_set(error, ERROR_UNSUPPORTED, "no-method",
			       "%s: all its reset methods are disabled", device->name);
	} else if (m->reason) {
		rc = error_set(error, ERROR_UNSUPPORTED, "no-method", "%s: --method: %s", device->name,
			       m->reason);
		error_hint(error, "without --method the kernel takes the first that works");
		return rc;
	} else if (has_method(m, method)) {
		return 0;
	} else {
		rc = error_set(error, ERROR_UNSUPPORTED, "no-method",
			       "%s: it cannot be reset by '%.40s', but by: %s", device->name, method,
			       m->count ? m->text : "nothing");
	}
	error_hint(error,
		   "methods that somebody disabled come back with "
		   "'echo default > /sys/bus/pci/devices/%s/reset_method'",
		   device->name);
	return rc;
}

static bool is_of_one_function(const char *method)
{
#define METHOD(name_, of_one_) { #name_, of_one_ },
	static const struct {
		const char *name;
		bool of_one;
	} methods[] = { RESET_METHODS(METHOD) };
#undef METHOD

	for (size_t i = 0; method && i < sizeof(methods) / sizeof(methods[0]); i++) {
		if (strcmp(method, methods[i].name) == 0)
			return methods[i].of_one;
	}
	return false; /* one that came later may reset anything */
}

int reset_check(struct device *device, const struct reset_methods *m, const char *method, struct error *error)
{
	struct functions *functions = NULL;
	int rc;

	rc = check_method(device, m, method, error);
	if (rc < 0)
		return rc;
	if (!method && m->count > 0)
		method = m->list[0];
	if (is_of_one_function(method))
		return functions_check_use(device, error);
	rc = functions_open(device, &functions, error);
	for (size_t i = 0; rc == 0 && i < functions->count; i++)
		rc = functions_check_use(functions->list[i], error);
	functions_close(functions);
	return rc;
}

/* Why a reset did not work, and what helps; empty: that is not seen. */
struct why {
	char text[120];
	char hint[DPC_TEXT];
};

/* What the port above says of the link that the kernel waits for after a reset. */
static void ask_port(struct upstream_bridge *upstream, struct why *why)
{
	const char *port = upstream->port->name;
	const char *silence = NULL;
	struct dpc_state dpc;
	struct error ignored;
	bool is_up = true;

	dpc_read(upstream->port, &dpc);
	if (!dpc.reason && dpc.is_contained) {
		dpc_text(&dpc, why->hint);
		snprintf(why->text, sizeof(why->text), ": the port %s contains its link", port);
	} else if (!upstream_bridge_has_link(upstream, &silence)) {
		snprintf(why->text, sizeof(why->text), ": the link below %s is not seen: %s", port, silence);
	} else if (upstream_bridge_link_is_up(upstream, &is_up, &ignored) == 0 && !is_up) {
		snprintf(why->text, sizeof(why->text),
			 ": the port %s does not show its link as up, which the kernel waits for", port);
		snprintf(why->hint, sizeof(why->hint), "'pcietool -s %s link show' shows it", port);
	}
}

static bool shares_bus(const struct device *device)
{
	struct functions *functions = NULL;
	struct error ignored;
	bool shares;

	if (functions_open(device, &functions, &ignored) < 0)
		return false;
	shares = functions->count > 1;
	functions_close(functions);
	return shares;
}

/* The kernel says no more than that no method could do it; it also says so where it waited for the link in vain. */
static int explain_none(struct device *device, const char *method, struct error *error)
{
	struct why why = { .hint = "the kernel log may say why: 'dmesg | tail'" };
	struct upstream_bridge *upstream = NULL;
	struct error ignored;
	int rc;

	/* what the port says counts, also if it never shows a link and the device answers all the same */
	if (upstream_bridge_open(device->ctx, device, false, &upstream, &ignored) == 0 && upstream)
		ask_port(upstream, &why);
	upstream_bridge_close(upstream);
	/* pci_parent_bus_reset() in drivers/pci/pci.c */
	if (!why.text[0] && method && strcmp(method, "bus") == 0 && shares_bus(device))
		snprintf(why.text, sizeof(why.text), ": other functions are on its bus");
	rc = error_set(error, ERROR_UNSUPPORTED, "reset-failed", "%s: no reset method worked%s", device->name,
		       why.text);
	error_hint(error, "%s", why.hint);
	return rc;
}

static int explain(struct device *device, const char *method, int rc, struct error *error)
{
	if (!device_is_present(device))
		return device_gone(device, error);
	return rc == -ENOTTY ? explain_none(device, method, error)
			     : attribute_explain(device, "reset", rc, error);
}

/* What is open over VFIO is reset that way: also by a user who may not write to sysfs. */
static int reset_vfio(struct device *device, uint64_t *waited, struct error *error)
{
	uint64_t start = clock_ns();
	int rc;

	rc = vfio_reset(device, device_vfio_fd(device), error);
	if (rc == 0)
		rc = device_wait(device, DEVICE_WAIT_TIMEOUT_NS, error);
	if (rc == 0)
		*waited = clock_ns() - start;
	return rc;
}

/* An empty list is written as a line. */
static int write_methods(const struct device *device, const char *text, struct error *error)
{
	return attribute_write(device, "reset_method", *text ? text : "\n", error);
}

static void remove_note(const struct device *device, int note)
{
	if (note < 0)
		return;
	run_file_remove(device, NOTE_SUFFIX);
	close(note);
}

int reset_methods_restore(const struct device *device, bool dry_run, bool *was_left, struct error *error)
{
	char text[RUN_FILE_TEXT];
	int note = run_file_hold(device, NOTE_SUFFIX);
	int rc = 0;

	*was_left = note >= 0 && run_file_read(device, NOTE_SUFFIX, text) == 0;
	if (*was_left && !dry_run)
		rc = write_methods(device, text, error);
	if (*was_left && !dry_run && rc == 0)
		remove_note(device, note);
	else if (note >= 0)
		close(note);
	return rc;
}

/* The list of methods is METHOD alone, and *NOTE says what it was: a descriptor, less than 0 where nothing could be noted. */
static int choose(const struct device *device, const struct reset_methods *m, const char *method, int *note,
		  struct error *error)
{
	int rc;

	*note = run_file_write(device, NOTE_SUFFIX, m->text);
	if (*note == 0)
		*note = run_file_hold(device, NOTE_SUFFIX);
	rc = attribute_write(device, "reset_method", method, error);
	if (rc < 0)
		remove_note(device, *note);
	return rc;
}

int reset_run(struct device *device, const struct reset_methods *m, const char *method, uint64_t *waited,
	      struct error *error)
{
	struct error other;
	uint64_t start;
	int note = -1;
	int rc = 0;

	if (device_vfio_fd(device) >= 0 && !method)
		return reset_vfio(device, waited, error);
	if (method)
		rc = choose(device, m, method, &note, error);
	if (rc < 0)
		return rc;
	start = clock_ns();
	rc = sysfs_write(device->ctx, "1", SYSFS_PCI_DEVICES "/%s/reset", device->name);
	if (rc < 0)
		rc = explain(device, method, rc, error);
	if (method && write_methods(device, m->count ? m->text : "", &other) < 0) {
		if (rc < 0)
			context_log(device->ctx, LOG_WARN, "%s", other.message);
		else
			rc = error_number((*error = other).kind);
	} else {
		remove_note(device, note);
		note = -1;
	}
	if (note >= 0)
		close(note);
	if (rc == 0)
		rc = device_wait(device, DEVICE_WAIT_TIMEOUT_NS, error);
	if (rc == 0)
		*waited = clock_ns() - start;
	return rc;
}
