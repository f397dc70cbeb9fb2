// SPDX-License-Identifier: GPL-2.0-or-later
/* driver: gives the device to the kernel helper or another driver, and back. */
#include <errno.h>
#include <grp.h>
#include <pwd.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/command.h"
#include "cli/device.h"
#include "cli/fields.h"
#include "core/backend/helper.h"
#include "core/backend/path.h"
#include "core/backend/session_link.h"
#include "core/backend/vfio.h"
#include "core/base/number.h"
#include "core/driver/driver.h"
#include "core/driver/group.h"
#include "core/pci/iommu_group.h"
#include "core/pci/user_driver.h"

/* A page is the least that is allocated; 64 bits are all that an address has. */
#define MASK_MIN 12
#define MASK_MAX 64

static int parse_mask(const char *arg, unsigned int *mask, struct error *error)
{
	uint64_t bits;
	int rc = number_parse(arg, &bits, error);

	if (rc < 0)
		return rc;
	if (bits < MASK_MIN || bits > MASK_MAX)
		return error_set(error, ERROR_USAGE, "bad-option", "--mask: %s is not %d to %d bits", arg,
				 MASK_MIN, MASK_MAX);
	*mask = (unsigned int)bits;
	return 0;
}

static bool parse_owner_id(const char *text, unsigned int *id)
{
	char *end;
	unsigned long value = strtoul(text, &end, 10);

	/* the largest stands for "leave it" */
	if (text[0] < '0' || text[0] > '9' || *end || value >= (uid_t)-1)
		return false;
	*id = (unsigned int)value;
	return true;
}

static int parse_owner_user(const char *name, uid_t *uid, struct error *error)
{
	const struct passwd *user;

	if (parse_owner_id(name, uid))
		return 0;
	user = getpwnam(name);
	if (!user)
		return error_set(error, ERROR_USAGE, "bad-owner", "--owner: there is no user '%.60s'", name);
	*uid = user->pw_uid;
	return 0;
}

static int parse_owner_group(const char *name, gid_t *gid, struct error *error)
{
	const struct group *group;

	if (parse_owner_id(name, gid))
		return 0;
	group = getgrnam(name);
	if (!group)
		return error_set(error, ERROR_USAGE, "bad-owner", "--owner: there is no group '%.60s'", name);
	*gid = group->gr_gid;
	return 0;
}

/* "USER", "USER:GROUP", ":GROUP", each a name or a number, as chown(1) has it; what is not given is -1. */
static int owner_parse(const char *text, uid_t *uid, gid_t *gid, struct error *error)
{
	const char *colon = strchr(text, ':');
	char user[64];
	int rc = 0;

	*uid = (uid_t)-1;
	*gid = (gid_t)-1;
	if (!*text || strcmp(text, ":") == 0)
		return error_set(error, ERROR_USAGE, "bad-owner",
				 "--owner: it is USER, USER:GROUP or :GROUP");
	snprintf(user, sizeof(user), "%.*s", colon ? (int)(colon - text) : (int)strlen(text), text);
	if (user[0])
		rc = parse_owner_user(user, uid, error);
	if (rc == 0 && colon && colon[1])
		rc = parse_owner_group(colon + 1, gid, error);
	return rc;
}

static int parse(enum option_id option, char *arg, struct invocation *inv)
{
	struct option_values *o = &inv->options;

	if (option == OPTION_DRIVER_MASK)
		return parse_mask(arg, &o->mask, &inv->error);
	if (option == OPTION_OWNER) {
		o->has_owner = true;
		return owner_parse(arg, &o->uid, &o->gid, &inv->error);
	}
	o->to = user_driver_name(arg);
	return 0;
}

static bool is_helper(const char *driver)
{
	return strcmp(driver, user_driver_name("helper")) == 0;
}

static bool is_vfio(const char *driver)
{
	return strcmp(driver, user_driver_name("vfio")) == 0;
}

static void render_plan(struct invocation *inv, struct device *device, const struct driver_plan *plan)
{
	struct writer *w = inv->out;

	writer_document(w, inv->command->name);
	writer_bool(w, "dry_run", NULL, inv->dry_run);
	writer_string(w, "address", inv->dry_run ? "" : NULL, device->name);
	if (plan->current[0])
		writer_string(w, "previous", inv->dry_run ? ": " : NULL, plan->current);
	else
		writer_null(w, "previous", inv->dry_run ? ": " : NULL, "none");
	writer_string(w, "driver", inv->dry_run ? " -> " : NULL, plan->driver);
}

/* What only some drivers know. */
static int check_options(const struct option_values *o, const char *driver, struct error *error)
{
	int rc;

	if (o->mask && !is_helper(driver) && !is_vfio(driver))
		return error_set(error, ERROR_USAGE, "usage", "--mask is the helper's and VFIO's, not %s's",
				 driver);
	if (o->group && !is_vfio(driver))
		return error_set(error, ERROR_USAGE, "usage",
				 "--group is for VFIO: 'driver bind --to vfio --group'");
	if (!o->has_owner || is_vfio(driver))
		return 0;
	rc = error_set(error, ERROR_USAGE, "usage", "--owner: only VFIO's node can be handed to a user");
	if (is_helper(driver))
		error_hint(error, "without an IOMMU between, whoever has a device's DMA has all of memory");
	return rc;
}

/* Is the group ours to take? */
static int check_all(const struct device *device, struct error *error)
{
	char(*names)[VFIO_GROUP_NAME] = NULL;
	size_t count;
	int rc = vfio_group_companions(device, &names, &count, error);

	free(names);
	return rc;
}

/*
 * Before anything is changed, but where the group comes only with the driver: there PLAN is done when it could be
 * looked at, *MADE, and *BEFORE what was before.
 */
static int check_group(struct invocation *inv, struct device *device, struct driver_plan *plan,
		       struct driver_before *before, bool *made)
{
	int (*check)(const struct device *, struct error *) =
		inv->options.group ? check_all : vfio_group_check;
	int rc;

	if (!vfio_group_may_come(device))
		return check(device, &inv->error);
	if (inv->dry_run)
		return 0;
	rc = driver_group_make(device, plan, inv->options.module, check, before, &inv->error);
	*made = rc == 0 && !plan->done;
	plan->done = plan->done || *made;
	return rc;
}

/* MADE, unless it is NULL: the driver came for the sake of its group already, and that is how it was before. */
static int bind_vfio(const struct option_values *o, struct device *device, const struct driver_plan *plan,
		     const struct driver_before *made, struct error *error)
{
	struct driver_before before;
	struct error ignored;
	bool is_new = made || !plan->done;
	bool bound = false;
	int rc;

	rc = o->group ? driver_group_take(device, false, error) : 0;
	if (rc == 0) {
		rc = driver_bind(device, plan, o->module, &before, error);
		bound = rc == 0;
	}
	if (rc == 0 && o->has_owner)
		rc = driver_group_give_nodes(device, o->uid, o->gid, error);
	if (rc == 0)
		return 0;
	/* those of an earlier bind stay */
	if (o->group && is_new)
		driver_group_give_back(device, false, &ignored);
	if (made || bound)
		driver_bind_undo(device, made ? made : &before);
	return rc;
}

static int bind_driver(const struct option_values *o, struct device *device, const struct driver_plan *plan,
		       const struct driver_before *made, struct error *error)
{
	struct driver_before before;
	int rc;

	if (is_vfio(plan->driver))
		return bind_vfio(o, device, plan, made, error);
	rc = driver_bind(device, plan, o->module, &before, error);
	if (rc < 0 || !o->mask)
		return rc;
	/* the mask belongs to the binding: a new one starts with 32 bits */
	rc = driver_set_mask(device, o->mask, error);
	if (rc < 0)
		driver_bind_undo(device, &before);
	return rc;
}

static void render_companions(struct invocation *inv, struct device *device)
{
	char(*names)[VFIO_GROUP_NAME] = NULL;
	struct error ignored;
	size_t count = 0;

	vfio_group_companions(device, &names, &count, &ignored);
	writer_array(inv->out, "companions");
	for (size_t i = 0; i < count; i++) {
		writer_string(inv->out, NULL, inv->dry_run ? "with it: " : NULL, names[i]);
		if (inv->dry_run)
			writer_line(inv->out);
	}
	writer_end(inv->out);
	free(names);
}

/* A session has the device: it stays where it is, so that a script runs in one as it does without. */
static int bind_in_session(struct invocation *inv, struct device *device, const char *driver)
{
	struct driver_status status;
	struct driver_plan plan = { .done = true };
	int rc;

	rc = driver_status(device, &status, &inv->error);
	if (rc < 0)
		return rc;
	if (driver && strcmp(driver, status.current) != 0) {
		rc = error_set(&inv->error, ERROR_DENIED, "in-use",
			       "%s: a session has the device with %s, not %s", device->name, status.current,
			       driver);
		error_hint(&inv->error, "end it first; 'pcietool session status' shows it");
		return rc;
	}
	context_log(&inv->ctx, LOG_INFO, "%s: in a session, it stays with %s", device->name, status.current);
	memcpy(plan.driver, status.current, sizeof(plan.driver));
	memcpy(plan.current, status.current, sizeof(plan.current));
	render_plan(inv, device, &plan);
	return 0;
}

static int run_bind(struct invocation *inv)
{
	const struct option_values *o = &inv->options;
	const char *driver = o->to ? o->to : user_driver_name("helper");
	struct device *device = NULL;
	struct driver_before before;
	struct driver_plan plan;
	bool made = false;
	int rc;

	rc = check_options(o, driver, &inv->error);
	if (rc == 0)
		rc = command_device(inv, &device);
	if (rc < 0)
		return rc;
	if (device_session(device)) {
		rc = bind_in_session(inv, device, o->to);
		device_close(device);
		return rc;
	}
	rc = driver_plan(device, driver, &plan, &inv->error);
	plan.mask_bits = is_vfio(driver) ? o->mask : 0;
	if (rc == 0 && is_vfio(driver))
		rc = check_group(inv, device, &plan, &before, &made);
	if (rc == 0 && inv->dry_run && o->group && !vfio_group_may_come(device))
		rc = driver_group_take(device, true, &inv->error);
	if (rc == 0 && inv->dry_run)
		rc = driver_bind_check(device, &plan, o->module, &inv->error);
	if (rc < 0)
		goto out_close;
	render_plan(inv, device, &plan);
	if (o->group && inv->dry_run)
		writer_line(inv->out);
	/* before they are taken: afterwards none of them stands in the way */
	if (o->group)
		render_companions(inv, device);
	if (!inv->dry_run)
		rc = bind_driver(o, device, &plan, made ? &before : NULL, &inv->error);
	if (rc == 0 && !inv->dry_run)
		context_log(&inv->ctx, LOG_INFO, "%s: %s%s", device->name,
			    plan.done ? "already bound to " : "bound to ", driver);
out_close:
	device_close(device);
	return rc;
}

static void render_release(struct invocation *inv, const struct device *device, const char *from,
			   const char *to)
{
	writer_document(inv->out, inv->command->name);
	writer_bool(inv->out, "dry_run", NULL, inv->dry_run);
	writer_string(inv->out, "address", inv->dry_run ? "" : NULL, device->name);
	writer_string(inv->out, "from", inv->dry_run ? ": " : NULL, from[0] ? from : "none");
	writer_string(inv->out, "to", inv->dry_run ? " -> " : NULL, to[0] ? to : "none");
}

/* What is the device's own, or was: unbinding loses it where its function has no reset and nobody says it is idle. */
static int free_buffers(struct invocation *inv, struct buffer_client *client)
{
	struct buffer *list = NULL;
	const unsigned int how = BUFFER_FREE_FORCE | BUFFER_FREE_IDLE;
	size_t count = 0;
	int rc = buffer_list(client, &list, &count, &inv->error);

	for (size_t i = 0; rc == 0 && i < count; i++)
		rc = buffer_free(&list[i], how, &inv->error);
	buffer_list_free(list);
	return rc == 0 ? buffer_give_back(client, how, &inv->error) : rc;
}

static void tell_loss(const struct invocation *inv, const struct device *device, const struct helper_state *s)
{
	uint64_t bytes = s->bytes_used + s->held.bytes;

	if (bytes && !s->held.resets)
		context_log(
			&inv->ctx, LOG_WARN,
			"%s: its %llu bytes of DMA memory stay out of use until the next boot: the function has no "
			"reset of its own, and may still write there; 'driver release --idle' gives them back",
			device->name, (unsigned long long)bytes);
}

static int end_helper(struct invocation *inv, struct device *device)
{
	const struct option_values *o = &inv->options;
	struct helper_state state;
	struct helper *helper;
	struct error ignored;
	int rc = 0;

	/* without the right to the node nothing of this is known; unbinding is refused for the same want */
	if (helper_open(device, &helper, &ignored) < 0)
		return 0;
	if (o->idle)
		rc = free_buffers(inv, helper_client(helper));
	else if (helper_query(helper, &state) == 0)
		tell_loss(inv, device, &state);
	helper_close(helper);
	return rc;
}

/* Those of its group are given back whatever becomes of it. */
static int give_back(struct device *device, const struct driver_release_plan *plan, struct error *error)
{
	struct error why;
	int rc = driver_release(device, plan, error);
	int others = driver_group_give_back(device, false, &why);

	if (rc == 0 && others < 0)
		*error = why;
	return rc < 0 ? rc : others;
}

static int release(struct invocation *inv, struct device *device)
{
	struct driver_release_plan plan;
	struct driver_status after;
	int rc;

	/* a capture's buffers are not freed under it by a release that is refused */
	rc = driver_release_plan(device, &plan, &inv->error);
	if (rc < 0)
		return rc;
	if (inv->dry_run) {
		rc = driver_group_give_back(device, true, &inv->error);
		if (rc == 0)
			render_release(inv, device, plan.from, plan.to);
		return rc;
	}
	if (is_helper(plan.from))
		rc = end_helper(inv, device);
	if (rc == 0)
		rc = give_back(device, &plan, &inv->error);
	if (rc == 0)
		rc = driver_status(device, &after, &inv->error);
	if (rc == 0)
		render_release(inv, device, plan.from, after.current);
	return rc;
}

static int run_release(struct invocation *inv)
{
	struct driver_status status;
	struct device *device = NULL;
	int rc;

	rc = command_device(inv, &device);
	if (rc < 0)
		return rc;
	rc = driver_status(device, &status, &inv->error);
	if (rc == 0 && device_session(device)) {
		context_log(&inv->ctx, LOG_INFO, "%s: in a session, it stays with %s", device->name,
			    status.current);
		render_release(inv, device, status.current, status.current);
	} else if (rc == 0) {
		rc = release(inv, device);
	}
	device_close(device);
	return rc;
}

static void render_helper(struct writer *w, const struct helper_state *s)
{
	writer_object(w, "helper");
	writer_number(w, "abi_version", NULL, s->abi_version);
	writer_number(w, "mask_bits", "  dma mask    ", s->mask_bits);
	writer_text(w, " bits");
	writer_line(w);
	writer_bool(w, "iommu", "  iommu       ", s->has_iommu);
	writer_line(w);
	writer_bool(w, "coherent", NULL, s->is_coherent);
	writer_number(w, "buffers", "  buffers     ", s->buffers);
	writer_size(w, "bytes_used", ", ", s->bytes_used);
	writer_amount(w, "bytes_free", " used, ", s->bytes_free);
	writer_text(w, " left");
	writer_line(w);
	writer_size(w, "bytes_held", "  held back   ", s->held.bytes);
	writer_text(w, s->held.bytes ? " freed, but the device's until it is reset" : " of freed memory");
	writer_line(w);
	writer_bool(w, "reset_on_release", "  reset       on release: ", s->held.resets);
	writer_line(w);
	writer_string(w, "irq_type", "  interrupts  ", interrupt_type_name(s->interrupts.type));
	writer_number(w, "irq_vectors", ", vectors ", s->interrupts.vectors);
	writer_bool(w, "intx_available", " (offers: intx ", s->interrupts.intx_available);
	writer_number(w, "msi_available", ", msi ", s->interrupts.msi_available);
	writer_number(w, "msix_available", ", msix ", s->interrupts.msix_available);
	writer_text(w, ")");
	writer_line(w);
	writer_bool(w, "capturing", "  capturing   ", s->claimed);
	writer_line(w);
	writer_end(w);
}

static void render_name(struct writer *w, const char *key, const char *label, const char *name)
{
	if (name[0])
		writer_string(w, key, label, name);
	else
		writer_null(w, key, label, "none");
	writer_line(w);
}

static unsigned int vfio_mask_bits(const struct device *device)
{
	const struct session_link *session = device_session(device);

	return session ? session_link_mask_bits(session) : driver_record_mask_bits(device);
}

static void render_vfio(struct writer *w, struct device *device, const struct driver_status *s)
{
	struct fact_number group;
	struct fact_text type;
	uid_t uid;
	gid_t gid;

	iommu_group_of(device->ctx, device->name, &group, &type);
	writer_object(w, "vfio");
	field_number(w, "group", "  group       ", &group);
	writer_line(w);
	if (driver_group_owner(device, &uid, &gid) == 0) {
		writer_number(w, "uid", "  node        user ", uid);
		writer_number(w, "gid", ", group ", gid);
		writer_line(w);
	} else {
		writer_null(w, "uid", NULL, "the node is not there");
	}
	writer_number(w, "mask_bits", "  dma mask    ", vfio_mask_bits(device));
	writer_text(w, " bits");
	writer_line(w);
	if (s->leader[0]) {
		writer_string(w, "group_of", "  taken for   ", s->leader);
		writer_line(w);
	}
	writer_end(w);
}

static void render_status(struct invocation *inv, struct device *device, const struct driver_status *s)
{
	struct writer *w = inv->out;
	struct helper_state state;
	struct helper *helper;
	struct error why;

	writer_document(w, inv->command->name);
	writer_string(w, "address", "", device->name);
	writer_line(w);
	render_name(w, "driver", "  driver      ", s->current);
	render_name(w, "driver_override", "  override    ", s->override);
	writer_bool(w, "bound_by_pcietool", NULL, s->has_record);
	if (s->has_record)
		render_name(w, "previous", "  previous    ", s->previous);
	else
		writer_null(w, "previous", NULL, "not bound by pcietool, or not root");
	if (is_vfio(s->current))
		render_vfio(w, device, s);
	if (!is_helper(s->current)) {
		writer_null(w, "helper", NULL, "not bound to it");
		return;
	}
	if (helper_open(device, &helper, &why) < 0) {
		writer_null(w, "helper", "  helper      ", why.message);
		return;
	}
	if (helper_query(helper, &state) == 0)
		render_helper(w, &state);
	helper_close(helper);
}

static int run_status(struct invocation *inv)
{
	struct driver_status status;
	struct device *device = NULL;
	int rc;

	rc = command_device(inv, &device);
	if (rc < 0)
		return rc;
	rc = driver_status(device, &status, &inv->error);
	if (rc == 0)
		render_status(inv, device, &status);
	device_close(device);
	return rc;
}

const struct command driver_commands[] = {
	{
		.name = "driver bind",
		.reopens = REOPENS_ALL,
		.summary = "Give the device to the kernel helper, or another driver",
		.details =
			"The driver that it had is remembered for 'driver release'. A foreign driver is only "
			"replaced with --force; a disk that is mounted or an interface that is up is refused "
			"by name.",
		.options = TAKES(OPTION_TO_DRIVER, OPTION_DRIVER_MASK, OPTION_GROUP, OPTION_OWNER,
				 OPTION_MODULE),
		.parse = parse,
		.run = run_bind,
	},
	{
		.name = "driver release",
		.reopens = REOPENS_ALL,
		.summary = "Give the device back to the driver it had",
		.details =
			"DMA memory of the helper is given back after a reset of the function. One that has no reset "
			"of its own keeps it until the next boot, unless you say that its engine is --idle.",
		.options = TAKES(OPTION_IDLE_RELEASE),
		.run = run_release,
	},
	{
		.name = "driver status",
		.summary = "Show its driver, the one before, and what the helper offers",
		.run = run_status,
	},
	{ 0 },
};
