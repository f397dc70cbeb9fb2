// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/survey/survey.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "core/survey/kernel_names.h"
#include "core/kernel/sysfs.h"

/* PCI Code and ID Assignment 1.11 section 1 */
#define CLASS_STORAGE_NVM 0x0108
#define CLASS_NETWORK 0x02
#define CLASS_DISPLAY 0x03
#define CLASS_BRIDGE 0x06
#define CLASS_BRIDGE_PCI 0x0604

static const char UNREADABLE[] = "cannot be read";

/* --- ids ------------------------------------------------------------------------------------- */

static void set(struct fact_number *fact, uint64_t value)
{
	*fact = (struct fact_number){ .value = value };
}

/* The line KEY=... of a device's "uevent", which has all in one file; NULL: there is none. */
static const char *value_of(const char *uevent, const char *key)
{
	size_t n = strlen(key);

	for (const char *line = uevent; line; line = strchr(line, '\n')) {
		line += *line == '\n';
		if (strncmp(line, key, n) == 0 && line[n] == '=')
			return line + n + 1;
	}
	return NULL;
}

static bool take_pair(const char *text, struct fact_number *a, struct fact_number *b)
{
	unsigned int x;
	unsigned int y;

	if (!text || sscanf(text, "%x:%x", &x, &y) != 2)
		return false;
	set(a, x);
	set(b, y);
	return true;
}

static void read_number(int folder, const char *name, struct fact_number *fact)
{
	char text[32];
	char *end;
	int rc = sysfs_read_at(folder, name, text, sizeof(text));

	if (rc == 0) {
		fact->value = strtoull(text, &end, 0);
		if (end == text || *end)
			rc = -EINVAL;
	}
	fact->reason = rc < 0 ? fact_reason(rc) : NULL;
}

/* Where there is no uevent, as in a captured tree. */
static void read_ids_apart(int folder, struct survey_device *d)
{
	char target[256];
	const char *slash;
	ssize_t n;

	read_number(folder, "vendor", &d->vendor_id);
	read_number(folder, "device", &d->device_id);
	read_number(folder, "class", &d->class_id);
	read_number(folder, "subsystem_vendor", &d->subsystem_vendor_id);
	read_number(folder, "subsystem_device", &d->subsystem_device_id);
	n = readlinkat(folder, "driver", target, sizeof(target) - 1);
	if (n <= 0)
		return;
	target[n] = '\0';
	slash = strrchr(target, '/');
	snprintf(d->driver, sizeof(d->driver), "%.63s", slash ? slash + 1 : target);
}

static void read_ids(int folder, struct survey_device *d)
{
	char text[1024];
	const char *value;
	char *end;

	if (sysfs_read_at(folder, "uevent", text, sizeof(text)) < 0 ||
	    !take_pair(value_of(text, "PCI_ID"), &d->vendor_id, &d->device_id) ||
	    !take_pair(value_of(text, "PCI_SUBSYS_ID"), &d->subsystem_vendor_id, &d->subsystem_device_id)) {
		read_ids_apart(folder, d);
		return;
	}
	value = value_of(text, "PCI_CLASS");
	d->class_id.reason = value ? NULL : fact_reason(-ENOENT);
	d->class_id.value = value ? strtoull(value, &end, 16) : 0;
	value = value_of(text, "DRIVER");
	if (value)
		snprintf(d->driver, sizeof(d->driver), "%.*s", (int)strcspn(value, "\n"), value);
}

/* --- the rest of a device -------------------------------------------------------------------- */

static void read_power(int folder, struct survey_device *d)
{
	char text[32];

	if (sysfs_read_at(folder, "power/runtime_status", text, sizeof(text)) == 0) {
		d->has_sleep = true;
		d->is_suspended = strcmp(text, "suspended") == 0;
	}
	if (sysfs_read_at(folder, "power_state", text, sizeof(text)) == 0 && text[0] == 'D')
		snprintf(d->power_state, sizeof(d->power_state), "%.15s", text);
}

/* "8.0 GT/s PCIe"; 0 for "Unknown". */
static int read_speed(int folder, const char *name, double *speed)
{
	char text[64];
	int rc = sysfs_read_at(folder, name, text, sizeof(text));

	*speed = rc == 0 && text[0] >= '0' && text[0] <= '9' ? strtod(text, NULL) : 0;
	return rc;
}

static unsigned int read_width(int folder, const char *name)
{
	struct fact_number width;

	read_number(folder, name, &width);
	/* wider than any link: the kernel's "unknown", or a device that does not answer */
	return width.reason || width.value > 32 ? 0 : (unsigned int)width.value;
}

/* As link_state_read(), but a device that the kernel gave up, or that does not answer, is told apart. */
static void read_link(int folder, struct survey_device *d)
{
	struct link_state *link = &d->link;
	int rc;

	if (d->is_suspended) {
		rc = faccessat(folder, "current_link_speed", F_OK, 0);
		link->reason = rc == 0 ? LINK_STATE_SUSPENDED : LINK_STATE_NOT_EXPRESS;
		return;
	}
	rc = read_speed(folder, "current_link_speed", &link->speed);
	if (rc < 0) {
		link->reason = rc == -ENOENT ? LINK_STATE_NOT_EXPRESS : UNREADABLE;
		return;
	}
	link->width = read_width(folder, "current_link_width");
	link->max_width = read_width(folder, "max_link_width");
	/* of all ones the kernel makes some speed */
	if (link->max_width || link->width)
		read_speed(folder, "max_link_speed", &link->max_speed);
	/* a port whose link is down still says how wide it could be */
	if (link->speed <= 0 || link->width == 0)
		link->reason = link->max_width ? LINK_STATE_NO_LINK : UNREADABLE;
}

static int read_aer(int folder, struct survey_device *d)
{
	struct aer_counters *aer = malloc(sizeof(*aer));

	if (!aer)
		return -ENOMEM;
	if (aer_counters_read_at(folder, aer) == 0)
		d->aer = aer;
	else
		free(aer);
	if (d->node->is_bridge && !d->node->parent)
		d->aer_owner = aer_owner_of_root_at(folder, d->node->name, d->driver);
	if (d->aer && d->node->is_bridge && !d->node->parent)
		aer_root_counters_read_at(folder, &d->root);
	else
		d->root.reason = "no root port";
	return 0;
}

/* The first of FOLDER's; false where there is no such folder, or it is empty. */
static bool read_name_in(int device, const char *folder, struct survey_device *d)
{
	int fd = openat(device, folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	DIR *dir = fd < 0 ? NULL : fdopendir(fd);
	struct dirent *entry;

	if (!dir) {
		if (fd >= 0)
			close(fd);
		return false;
	}
	while ((entry = readdir(dir)) != NULL) {
		if (entry->d_name[0] != '.' && (!d->name[0] || strverscmp(entry->d_name, d->name) < 0))
			snprintf(d->name, sizeof(d->name), "%.31s", entry->d_name);
	}
	closedir(dir);
	return d->name[0];
}

/* Most devices have what their class is for; those that have not are looked through. */
static void read_name(const struct context *ctx, int folder, struct survey_device *d)
{
	struct device device = { .ctx = ctx, .address = d->node->address, .config_fd = -1 };
	unsigned int base = (unsigned int)d->class_id.value >> 16;
	struct kernel_names names;

	if (!d->driver[0] || base == CLASS_BRIDGE)
		return;
	if ((base == CLASS_NETWORK && read_name_in(folder, "net", d)) ||
	    (base == CLASS_DISPLAY && read_name_in(folder, "drm", d)) ||
	    (d->class_id.value >> 8 == CLASS_STORAGE_NVM && read_name_in(folder, "nvme", d)))
		return;
	memcpy(device.name, d->node->name, sizeof(device.name));
	kernel_names_read(&device, &names);
	if (names.count)
		snprintf(d->name, sizeof(d->name), "%s", names.names[0].name);
}

static int read_device(const struct context *ctx, struct survey_device *d)
{
	static const char gone[] = "the device is gone";
	int folder = sysfs_open(ctx, O_RDONLY | O_DIRECTORY, SYSFS_PCI_DEVICES "/%s", d->node->name);
	int rc;

	if (folder < 0) {
		d->vendor_id.reason = d->device_id.reason = d->class_id.reason = gone;
		d->subsystem_vendor_id.reason = d->subsystem_device_id.reason = gone;
		d->link.reason = d->root.reason = gone;
		return 0;
	}
	read_ids(folder, d);
	d->node->is_bridge = d->class_id.value >> 8 == CLASS_BRIDGE_PCI;
	read_power(folder, d);
	read_link(folder, d);
	/* only Express ones can be virtual functions */
	if (!d->node->is_bridge && (!d->link.reason || d->link.reason == LINK_STATE_NO_LINK))
		d->is_virtual = faccessat(folder, "physfn", F_OK, AT_SYMLINK_NOFOLLOW) == 0;
	rc = read_aer(folder, d);
	read_name(ctx, folder, d);
	close(folder);
	return rc;
}

/* --- all devices ----------------------------------------------------------------------------- */

static int mark_selected(const struct context *ctx, const struct selector *selector, struct survey *s,
			 struct error *error)
{
	struct pci_address *list;
	size_t count;
	int rc;

	if (!selector) {
		for (size_t i = 0; i < s->topology->count; i++)
			s->devices[i].is_selected = true;
		s->selected = s->topology->count;
		return 0;
	}
	rc = selector_list(ctx, selector, &list, &count, error);
	if (rc < 0)
		return rc;
	for (size_t i = 0; i < count; i++) {
		const struct topology_node *node = topology_find(s->topology, &list[i]);

		if (!node)
			continue;
		s->devices[node - s->topology->nodes].is_selected = true;
		s->selected++;
	}
	free(list);
	return 0;
}

static int read_all(const struct context *ctx, const struct selector *selector, struct survey *s,
		    struct error *error)
{
	int rc = topology_read_places(ctx, &s->topology, error);

	if (rc < 0)
		return rc;
	s->devices = calloc(s->topology->count + 1, sizeof(*s->devices));
	if (!s->devices)
		return error_errno(error, -ENOMEM, "reading the devices");
	s->topology->has_bridges = true; /* from here on */
	for (size_t i = 0; i < s->topology->count; i++) {
		s->devices[i].node = &s->topology->nodes[i];
		if (read_device(ctx, &s->devices[i]) < 0)
			return error_errno(error, -ENOMEM, "reading the devices");
	}
	if (slot_list_read(ctx, &s->slots) < 0)
		return error_errno(error, -ENOMEM, "reading the slots");
	return mark_selected(ctx, selector, s, error);
}

int survey_read(const struct context *ctx, const struct selector *selector, struct survey **survey,
		struct error *error)
{
	struct survey *s = calloc(1, sizeof(*s));
	int rc;

	if (!s)
		return error_errno(error, -ENOMEM, "reading the devices");
	rc = read_all(ctx, selector, s, error);
	if (rc < 0) {
		survey_free(s);
		return rc;
	}
	*survey = s;
	return 0;
}

void survey_free(struct survey *s)
{
	if (!s)
		return;
	for (size_t i = 0; s->devices && i < s->topology->count; i++)
		free(s->devices[i].aer);
	free(s->devices);
	slot_list_free(&s->slots);
	topology_free(s->topology);
	free(s);
}

const struct survey_device *survey_above(const struct survey *s, const struct survey_device *d)
{
	return d->node->parent ? &s->devices[d->node->parent - s->topology->nodes] : NULL;
}

/* Bridges with a link below them and those without alternate on the way down, as ports and switches do. */
bool survey_is_port(const struct survey_device *d)
{
	bool is_port = false;

	for (const struct topology_node *node = d->node; node; node = node->parent)
		is_port = !is_port;
	return is_port && d->node->is_bridge && d->link.reason != LINK_STATE_NOT_EXPRESS;
}

static bool is_silent(const struct link_state *end)
{
	return end->reason == LINK_STATE_SUSPENDED || end->reason == UNREADABLE;
}

bool survey_link(const struct survey *s, const struct survey_device *d, struct link *link)
{
	const struct survey_device *above = survey_above(s, d);

	*link = (struct link){ .down = d->node, .down_state = d->link, .verdict = LINK_UNKNOWN };
	if (d->is_virtual || d->link.reason == LINK_STATE_NOT_EXPRESS)
		return false;
	if (above && (!survey_is_port(above) || d->node != above->node->child))
		return false;
	/* on a root bus: a port's link is below it, an integrated device has none; a guest's device may show one */
	if (!above && (d->node->is_bridge || d->link.reason))
		return false;
	if (above) {
		link->up = above->node;
		link->up_state = above->link;
	}
	if (is_silent(&link->up_state) || is_silent(&link->down_state))
		link->reason = is_silent(&link->up_state) ? link->up_state.reason : link->down_state.reason;
	else
		link_combine(link);
	/* a link that one end has is not down; some switches say nothing of theirs */
	if (link->verdict == LINK_DOWN && above && !above->link.reason) {
		link->down_state.speed = above->link.speed;
		link->down_state.width = above->link.width;
		link_combine(link);
	}
	return true;
}

bool survey_counts_are_void(const struct survey *s, const struct survey_device *d)
{
	const struct survey_device *root = d;

	while (root->node->parent)
		root = survey_above(s, root);
	if (root->aer_owner != AER_OWNER_NOT_KERNEL)
		return false;
	for (int i = 0; i < AER_SEVERITIES; i++) {
		if ((d->aer && d->aer->counts[i].total) || (!d->root.reason && d->root.totals[i]))
			return false;
	}
	return true;
}

const char *survey_slot(const struct survey *s, const struct survey_device *d)
{
	for (const struct topology_node *node = d->node; node; node = node->parent) {
		const struct slot *slot = slot_of(&s->slots, &node->address);

		if (slot)
			return slot->name;
	}
	return NULL;
}

void survey_nickname(const struct survey_device *d, char text[40])
{
	snprintf(text, 40, d->name[0] ? " (%s)" : "%s", d->name);
}
