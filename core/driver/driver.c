// SPDX-License-Identifier: GPL-2.0-or-later
/* Which driver has a device: the only file that writes driver_override, bind and unbind. */
#include "core/driver/driver.h"

#include <dirent.h>
#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/backend/helper.h"
#include "core/backend/path.h"
#include "core/driver/claim.h"
#include "core/kernel/module.h"
#include "core/kernel/sysfs.h"
#include "core/pci/run_file.h"
#include "core/pci/user_driver.h"
#include "core/preflight/in_use.h"

static void current_driver(const struct device *device, char name[DRIVER_NAME_SIZE])
{
	if (device_driver(device, name, DRIVER_NAME_SIZE) < 0)
		name[0] = '\0';
}

/* What sysfs shows as "(null)" is none. */
static void current_override(const struct device *device, char name[DRIVER_NAME_SIZE])
{
	if (sysfs_read(device->ctx, name, DRIVER_NAME_SIZE, SYSFS_PCI_DEVICES "/%s/driver_override",
		       device->name) < 0 ||
	    strcmp(name, "(null)") == 0)
		name[0] = '\0';
}

static unsigned int read_mask(struct device *device)
{
	struct helper_state state = { .mask_bits = 0 };
	struct helper *helper;
	struct error ignored;

	if (helper_open(device, &helper, &ignored) < 0)
		return 0;
	helper_query(helper, &state);
	helper_close(helper);
	return state.mask_bits;
}

static void read_binding(struct device *device, struct driver_binding *binding)
{
	struct driver_binding b = { .driver = "" };

	current_driver(device, b.driver);
	current_override(device, b.override);
	if (strcmp(b.driver, user_driver_name("helper")) == 0)
		b.mask_bits = read_mask(device);
	*binding = b;
}

int driver_check_use(struct device *device, struct error *error)
{
	int rc;

	if (device->ctx->force)
		return 0;
	rc = driver_claim_check(device, error);
	if (rc < 0 || user_driver_has(device, "helper"))
		return rc;
	return in_use_check(device, device->name,
			    "the system uses the device; unmount it or take it down first, or --force",
			    error);
}

static int check_session(const struct device *device, struct error *error)
{
	int rc;

	if (device_vfio_fd(device) < 0)
		return 0;
	rc = error_set(error, ERROR_DENIED, "in-session",
		       "%s: it cannot be taken away in a session of it, which has it open", device->name);
	error_hint(error, "do that before or after the session; 'pcietool session status' shows it");
	return rc;
}

int driver_check_virtual_sessions(const struct device *device, struct error *error)
{
	struct pci_address address;
	char name[PCI_ADDRESS_SIZE];
	struct device *vf;
	struct error ignored;
	int rc = 0;

	/* "virtfn3" is a link to the fourth of them */
	for (unsigned int i = 0; rc == 0; i++) {
		if (sysfs_link_name(device->ctx, name, sizeof(name), SYSFS_PCI_DEVICES "/%s/virtfn%u",
				    device->name, i) < 0)
			break;
		if (pci_address_parse(name, &address) < 0 ||
		    device_open(device->ctx, &address, &vf, &ignored) < 0)
			continue;
		rc = check_session(vf, error);
		device_close(vf);
	}
	return rc;
}

int driver_check_session(const struct device *device, struct error *error)
{
	int rc = check_session(device, error);

	return rc == 0 ? driver_check_virtual_sessions(device, error) : rc;
}

static int check_use(struct device *device, const char *driver, const char *command, struct error *error)
{
	int rc = driver_check_use(device, error);

	if (rc < 0 || device->ctx->force || user_driver_is_one(driver))
		return rc;
	rc = error_set(error, ERROR_DENIED, "driver-bound", "%s: the driver %s is bound", device->name,
		       driver);
	error_hint(error, "'pcietool -s %s --force driver %s' takes the device from it%s", device->name,
		   command, strcmp(command, "release") == 0 ? "" : "; 'driver release' gives it back");
	return rc;
}

/* "bind --to vfio", as it would be typed for DRIVER. */
static void bind_command(const char *driver, char *text, size_t size)
{
	static const char *const words[] = { "helper", "vfio", "uio" };

	snprintf(text, size, "bind --to %s", driver);
	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
		if (strcmp(user_driver_name(words[i]), driver) == 0)
			snprintf(text, size, "bind --to %s", words[i]);
	}
}

int driver_plan(struct device *device, const char *driver, struct driver_plan *plan, struct error *error)
{
	struct driver_plan p = { .done = false };
	char command[sizeof(p.driver) + 16];
	int rc;

	if (!*driver || strlen(driver) >= sizeof(p.driver) || strchr(driver, '/') || strchr(driver, '\n'))
		return error_set(error, ERROR_USAGE, "bad-driver", "'%.60s' is no name of a driver", driver);
	snprintf(p.driver, sizeof(p.driver), "%s", driver);
	current_driver(device, p.current);
	p.done = strcmp(p.current, p.driver) == 0;
	if (p.current[0] && !p.done) {
		bind_command(p.driver, command, sizeof(command));
		rc = check_use(device, p.current, command, error);
		if (rc < 0)
			return rc;
	}
	*plan = p;
	return 0;
}

static int set_override(struct device *device, const char *driver)
{
	/* a newline clears it */
	return sysfs_write(device->ctx, *driver ? driver : "\n", SYSFS_PCI_DEVICES "/%s/driver_override",
			   device->name);
}

static int unbind(struct device *device)
{
	int rc = sysfs_write(device->ctx, device->name, SYSFS_PCI_DEVICES "/%s/driver/unbind", device->name);

	return rc == -ENOENT || rc == -ENODEV ? 0 : rc;
}

/* Offers the device to the drivers; which one took it is for the caller to look at. */
static int probe(struct device *device)
{
	return sysfs_write(device->ctx, device->name, "/sys/bus/pci/drivers_probe");
}

static const char *module_hint(const char *driver)
{
	return strcmp(driver, user_driver_name("helper")) == 0
		       ? "build it with 'make kmod' and give it with --module FILE, or install it with dkms"
		       : NULL;
}

int driver_bind_check(struct device *device, const struct driver_plan *plan, const char *module_file,
		      struct error *error)
{
	int rc = plan->done ? 0 : driver_check_session(device, error);

	if (rc < 0 || plan->done)
		return rc;
	return module_check(device->ctx, plan->driver, module_file, module_hint(plan->driver), error);
}

static int explain(struct device *device, int rc, const char *what, struct error *error)
{
	error_errno(error, rc, "%s: %s", device->name, what);
	if ((rc == -EACCES || rc == -EPERM) && geteuid() != 0)
		error_hint(error, "run as root");
	return rc;
}

static bool is_bound_to(const struct device *device, const char *driver)
{
	char now[DRIVER_NAME_SIZE];

	current_driver(device, now);
	return strcmp(now, driver) == 0;
}

static int did_not_bind(struct device *device, const char *driver, struct error *error)
{
	int rc = error_set(error, ERROR_FAILED, "bind-failed", "%s: the driver %s did not take the device",
			   device->name, driver);

	error_hint(error, "the kernel log says why: 'dmesg | tail'");
	return rc;
}

static int bind(struct device *device, const struct driver_plan *plan, struct error *error)
{
	int rc;

	rc = set_override(device, plan->driver);
	if (rc < 0)
		return explain(device, rc, "setting driver_override", error);
	rc = unbind(device);
	if (rc < 0)
		return explain(device, rc, "unbinding its driver", error);
	rc = probe(device);
	if (rc < 0 && rc != -EINVAL && rc != -ENODEV)
		return explain(device, rc, "offering it to the driver", error);
	if (!is_bound_to(device, plan->driver))
		return did_not_bind(device, plan->driver, error);
	return 0;
}

/* What is remembered of PLAN; what a device had that was ours before is what it gets back. */
static int remember(struct device *device, const struct driver_plan *plan, const struct driver_before *before,
		    struct error *error)
{
	struct driver_record record = { .mask_bits = plan->mask_bits };

	if (before->has_record && (!plan->current[0] || user_driver_is_one(plan->current)))
		snprintf(record.previous, sizeof(record.previous), "%s", before->record.previous);
	else
		snprintf(record.previous, sizeof(record.previous), "%s", plan->current);
	snprintf(record.leader, sizeof(record.leader), "%s", plan->leader ? plan->leader : "");
	return driver_record_write(device, &record, error);
}

/* Bound already: only the mask may be new, and only where the binding is ours. */
static int update(struct device *device, const struct driver_plan *plan, struct error *error)
{
	struct driver_record record;

	if (!plan->mask_bits)
		return 0;
	if (driver_record_read(device, &record) < 0) {
		context_log(device->ctx, LOG_WARN,
			    "%s: somebody else bound it, so its mask is not kept: 'session --mask %u' has it",
			    device->name, plan->mask_bits);
		return 0;
	}
	record.mask_bits = plan->mask_bits;
	return driver_record_write(device, &record, error);
}

static int bind_other(struct device *device, const struct driver_plan *plan, const char *module_file,
		      const struct driver_before *before, struct error *error)
{
	int rc;

	rc = driver_check_session(device, error);
	if (rc == 0)
		rc = module_load(device->ctx, plan->driver, module_file, module_hint(plan->driver), error);
	if (rc == 0)
		rc = remember(device, plan, before, error);
	if (rc < 0)
		return rc;
	rc = bind(device, plan, error);
	if (rc < 0)
		driver_bind_undo(device, before);
	else
		driver_note_forget(device);
	return rc;
}

int driver_bind(struct device *device, const struct driver_plan *plan, const char *module_file,
		struct driver_before *before, struct error *error)
{
	struct driver_before b = { .has_record = false };
	int rc;

	read_binding(device, &b.binding);
	b.has_record = driver_record_read(device, &b.record) == 0;
	rc = plan->done ? update(device, plan, error) : bind_other(device, plan, module_file, &b, error);
	if (rc == 0 && before)
		*before = b;
	return rc;
}

void driver_bind_undo(struct device *device, const struct driver_before *before)
{
	struct error why;

	if (driver_give(device, &before->binding, &why) < 0)
		context_log(device->ctx, LOG_WARN, "%s", why.message);
	if (!before->has_record)
		driver_record_remove(device);
	else if (driver_record_write(device, &before->record, &why) < 0)
		context_log(device->ctx, LOG_WARN, "%s", why.message);
}

int driver_status(struct device *device, struct driver_status *status, struct error *error)
{
	struct driver_status s = { .has_record = false };
	struct driver_record record;

	(void)error;
	current_driver(device, s.current);
	current_override(device, s.override);
	if (driver_record_read(device, &record) == 0) {
		s.has_record = true;
		snprintf(s.previous, sizeof(s.previous), "%s", record.previous);
		snprintf(s.leader, sizeof(s.leader), "%s", record.leader);
		s.mask_bits = record.mask_bits;
	}
	*status = s;
	return 0;
}

/* The previous driver by name, not whichever would take the device first. */
static int restore(struct device *device, const char *previous, struct error *error)
{
	struct error why;
	int rc;

	rc = module_load(device->ctx, previous, NULL, module_hint(previous), &why);
	if (rc < 0)
		return error_set(error, ERROR_FAILED, "not-given-back", "%s: left without its driver %s: %s",
				 device->name, previous, why.message);
	rc = set_override(device, previous);
	if (rc < 0)
		return explain(device, rc, "setting driver_override", error);
	rc = probe(device);
	if (rc < 0 && rc != -EINVAL && rc != -ENODEV)
		return explain(device, rc, "offering it to its driver", error);
	if (!is_bound_to(device, previous))
		return did_not_bind(device, previous, error);
	return 0;
}

static int check_release(struct device *device, const struct driver_release_plan *p, struct error *error)
{
	int rc;

	if (!p->has_record && !p->is_ours && !p->override[0]) {
		rc = error_set(error, ERROR_FAILED, "not-bound",
			       "%s: nothing to release, it was not taken by 'driver bind'", device->name);
		error_hint(error, "its driver is %s", p->from[0] ? p->from : "none");
		return rc;
	}
	if (!p->is_ours || device->ctx->force)
		return 0;
	if (!p->has_record && strcmp(p->from, user_driver_name("helper")) != 0) {
		rc = error_set(error, ERROR_DENIED, "driver-bound",
			       "%s: the driver %s was bound by somebody else; a virtual machine may use it",
			       device->name, p->from);
		error_hint(error, "'pcietool -s %s --force driver release' takes the device from it",
			   device->name);
		return rc;
	}
	return check_use(device, p->from, "release", error);
}

int driver_release_plan(struct device *device, struct driver_release_plan *plan, struct error *error)
{
	struct driver_release_plan p = { .has_record = false };
	int rc;

	rc = driver_check_session(device, error);
	if (rc < 0)
		return rc;
	current_driver(device, p.from);
	current_override(device, p.override);
	p.has_record = driver_record_read(device, &p.record) == 0;
	p.is_ours = p.from[0] && strcmp(p.from, p.record.previous) != 0 &&
		    (user_driver_is_one(p.from) || strcmp(p.from, p.override) == 0);
	/* a driver that came in another way meanwhile stays */
	memcpy(p.to, p.from[0] && !p.is_ours ? p.from : p.record.previous, sizeof(p.to));
	rc = check_release(device, &p, error);
	if (rc == 0)
		*plan = p;
	return rc;
}

static int other_driver(const struct device *device, const struct driver_release_plan *plan,
			struct error *error)
{
	int rc = error_set(error, ERROR_FAILED, "other-driver",
			   "%s: it keeps the driver %s, which came meanwhile; before it was taken it had %s",
			   device->name, plan->to, plan->record.previous);

	error_hint(error, "'pcietool -s %s --force driver bind --to %s' gives it that one", device->name,
		   plan->record.previous);
	return rc;
}

int driver_release(struct device *device, const struct driver_release_plan *plan, struct error *error)
{
	const char *previous = plan->record.previous;
	int cleared;
	int rc = 0;

	if (plan->is_ours) {
		rc = unbind(device);
		if (rc < 0)
			return explain(device, rc, "unbinding its driver", error);
	}
	if (previous[0] && strcmp(plan->to, previous) == 0 && !is_bound_to(device, previous))
		rc = restore(device, previous, error);
	/* whatever became of that: nothing is forced on the device from here on */
	cleared = set_override(device, "");
	if (rc < 0) {
		error_hint(error, "'pcietool -s %s driver release' tries it again", device->name);
		return rc;
	}
	if (cleared < 0)
		return explain(device, cleared, "clearing driver_override", error);
	driver_record_remove(device);
	driver_note_forget(device);
	return previous[0] && strcmp(plan->to, previous) != 0 ? other_driver(device, plan, error) : 0;
}

int driver_set_mask(struct device *device, unsigned int bits, struct error *error)
{
	struct helper *helper;
	int rc;

	rc = helper_open(device, &helper, error);
	if (rc < 0)
		return rc;
	rc = helper_set_mask(helper, bits, error);
	helper_close(helper);
	return rc;
}

/* --- for those that take a device away and bring it back ----------------------------------------------- */

/* Nobody has given the device to another driver since. */
static bool is_left_behind(const struct driver_binding *now, const struct driver_binding *noted)
{
	return !now->driver[0] || strcmp(now->driver, noted->driver) == 0;
}

int driver_take_noted(struct device *device, struct driver_binding *was, int *note, struct error *error)
{
	struct driver_binding noted;
	struct driver_binding now;
	int held = -1;
	int rc;

	rc = driver_check_session(device, error);
	if (rc < 0)
		return rc;
	read_binding(device, &now);
	rc = driver_note_take(device, &noted, &held);
	if (rc == -EWOULDBLOCK)
		return error_set(error, ERROR_DENIED, "in-use", "%s: another reload is at work on it",
				 device->name);
	if (rc < 0 || !is_left_behind(&now, &noted))
		noted = now;
	rc = driver_note_write(device, &noted, note, error);
	if (held >= 0)
		close(held);
	if (rc < 0)
		return rc;
	rc = unbind(device);
	if (rc < 0) {
		driver_note_remove(device, note);
		return explain(device, rc, "unbinding its driver", error);
	}
	*was = noted;
	return 0;
}

int driver_take(struct device *device, struct driver_binding *was, struct error *error)
{
	struct driver_binding b;
	int rc;

	rc = driver_check_session(device, error);
	if (rc < 0)
		return rc;
	read_binding(device, &b);
	rc = unbind(device);
	if (rc < 0)
		return explain(device, rc, "unbinding its driver", error);
	*was = b;
	return 0;
}

int driver_offer(struct device *device, struct error *error)
{
	int rc = probe(device);

	return rc < 0 && rc != -EINVAL && rc != -ENODEV
		       ? explain(device, rc, "offering it to the drivers", error)
		       : 0;
}

int driver_give(struct device *device, const struct driver_binding *was, struct error *error)
{
	int rc = 0;

	if (!is_bound_to(device, was->driver)) {
		rc = unbind(device);
		if (rc < 0)
			return explain(device, rc, "unbinding its driver", error);
		rc = was->driver[0] ? restore(device, was->driver, error) : 0;
	}
	/* a folder of sysfs that is new has no override yet */
	if (set_override(device, was->override) < 0 && was->override[0])
		context_log(device->ctx, LOG_WARN, "%s: driver_override is not %s as before", device->name,
			    was->override);
	/* with more bits than it has the device would write elsewhere */
	return rc < 0 || was->mask_bits == 0 ? rc : driver_set_mask(device, was->mask_bits, error);
}

/* --- after one of them was killed ---------------------------------------------------------------------- */

static bool is_same(const struct driver_binding *a, const struct driver_binding *b)
{
	return strcmp(a->driver, b->driver) == 0 && strcmp(a->override, b->override) == 0;
}

/* *WAS is what the device got back, with *GIVEN. */
static int recover_one(struct device *device, bool dry_run, struct driver_binding *was, bool *given,
		       struct error *error)
{
	struct driver_binding now;
	int note = -1;
	int rc = 0;

	if (driver_note_take(device, was, &note) < 0)
		return 0;
	read_binding(device, &now);
	*given = is_left_behind(&now, was) && !is_same(&now, was);
	if (!is_left_behind(&now, was) && was->driver[0])
		context_log(device->ctx, LOG_WARN,
			    "%s: it keeps the driver %s; before a reload that was killed it had %s",
			    device->name, now.driver, was->driver);
	if (*given && !dry_run)
		rc = driver_give(device, was, error);
	if (rc == 0 && !dry_run)
		driver_note_remove(device, &note);
	else
		close(note);
	return rc;
}

int driver_recover(const struct context *ctx, bool dry_run,
		   void (*tell)(void *data, const char *device, const char *driver), void *data,
		   struct error *error)
{
	DIR *dir = sysfs_opendir(ctx, RUN_FILE_FOLDER);
	struct pci_address address;
	struct dirent *entry;
	int first = 0;

	while (dir && (entry = readdir(dir))) {
		struct driver_binding was;
		struct device *device;
		bool given = false;
		struct error why;
		int rc;

		if (!driver_note_parse_name(entry->d_name, &address) ||
		    device_open(ctx, &address, &device, &why) < 0)
			continue;
		rc = recover_one(device, dry_run, &was, &given, &why);
		if (rc < 0 && first == 0) {
			first = rc;
			*error = why;
		}
		if (rc == 0 && given)
			tell(data, device->name, was.driver);
		device_close(device);
	}
	if (dir)
		closedir(dir);
	return first;
}
