// SPDX-License-Identifier: GPL-2.0-or-later
/* How devices are reached, and which there are. */
#include <errno.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include "core/backend/path.h"
#include "core/base/number.h"
#include "core/mapfile/set.h"
#include "core/pci/select.h"
#include "lib/internal.h"

#ifndef PCIETOOL_VERSION
#define PCIETOOL_VERSION "unknown"
#endif

const char *pcietool_version(void)
{
	return PCIETOOL_VERSION;
}

static void pass_log(void *data, enum log_level level, const char *message)
{
	static const enum pcietool_log_level levels[] = {
		[LOG_WARN] = PCIETOOL_WARNING,
		[LOG_NOTE] = PCIETOOL_NOTE,
		[LOG_INFO] = PCIETOOL_INFO,
	};
	const struct pcietool_context *c = data;

	if (c->log)
		c->log(c->log_data, levels[level], message);
}

/* OWN, which may be NULL, goes before those of the system. */
static void set_folders(struct pcietool_context *c, const char *own)
{
	unsigned int count = 0;

	if (own)
		c->folders[count++] = own;
	for (unsigned int i = 0; regmap_system_folders[i]; i++)
		c->folders[count++] = regmap_system_folders[i];
	c->folders[count] = NULL;
}

struct pcietool_context *pcietool_context_new(void)
{
	struct pcietool_context *c = calloc(1, sizeof(*c));

	if (!c)
		return NULL;
	c->ctx = (struct context){
		.sysroot = "", .hooks = &backend_hooks, .log = pass_log, .log_data = c, .verbose = true
	};
	set_folders(c, NULL);
	if (regmap_set_open(c->folders, &c->ctx.maps) < 0) {
		free(c);
		return NULL;
	}
	return c;
}

void pcietool_context_free(struct pcietool_context *c)
{
	if (!c)
		return;
	regmap_set_close(c->ctx.maps);
	for (unsigned int i = 0; i < TEXT_COUNT; i++)
		free(c->texts[i]);
	free(c);
}

void pcietool_context_set_log(struct pcietool_context *c,
			      void (*log)(void *data, enum pcietool_log_level level, const char *message),
			      void *data)
{
	c->log = log;
	c->log_data = data;
}

void pcietool_context_set_stopped(struct pcietool_context *c, bool (*stopped)(void *data), void *data)
{
	c->stopped = stopped;
	c->stopped_data = data;
}

bool context_stopped(const struct pcietool_context *c)
{
	return c->stopped && c->stopped(c->stopped_data);
}

/* --- options ---------------------------------------------------------------------------------------------- */

static const struct {
	const char *name;
	size_t flag; /* where in struct context it goes */
} flags[] = {
	{ "force", offsetof(struct context, force) },
	{ "unsafe", offsetof(struct context, unsafe) },
	{ "wide", offsetof(struct context, wide) },
	{ "wc", offsetof(struct context, wc) },
	{ "open-vfio", offsetof(struct context, opens_vfio) },
};

static int set_flag(struct pcietool_context *c, size_t flag, const char *name, const char *value,
		    struct error *error)
{
	bool on = strcmp(value, "1") == 0;

	if (!on && strcmp(value, "0") != 0)
		return error_set(error, ERROR_USAGE, "bad-option", "%s: '%s' is neither 1 nor 0", name,
				 value);
	memcpy((char *)&c->ctx + flag, &on, sizeof(on));
	return 0;
}

static int keep_text(struct pcietool_context *c, enum context_text which, const char *value,
		     struct error *error)
{
	char *copy = strdup(value);

	if (!copy)
		return error_errno(error, -ENOMEM, "%s", value);
	free(c->texts[which]);
	c->texts[which] = copy;
	switch (which) {
	case TEXT_SYSROOT:
		c->ctx.sysroot = copy;
		break;
	case TEXT_MAP:
		c->ctx.map_file = copy;
		break;
	case TEXT_MAP_FOLDER:
		set_folders(c, copy);
		break;
	default:
		c->ctx.session = copy;
		break;
	}
	return 0;
}

static int set_via(struct pcietool_context *c, const char *value, struct error *error)
{
	return backend_find(value, &c->ctx.via) == 0
		       ? 0
		       : error_set(error, ERROR_USAGE, "bad-option", "via: there is no way '%.40s'", value);
}

int pcietool_context_set(struct pcietool_context *c, const char *name, const char *value,
			 struct pcietool_error *error)
{
	static const char *const texts[TEXT_COUNT] = { "sysroot", "map", "map-folder", "session" };
	struct error *record = RECORD(error);
	int rc;

	/* what opens VFIO asks each time */
	if (c->is_used && strcmp(name, "open-vfio") != 0)
		return error_set(record, ERROR_USAGE, "in-use", "%.40s: a device was opened already", name);
	for (unsigned int i = 0; i < TEXT_COUNT; i++) {
		if (strcmp(name, texts[i]) == 0)
			return keep_text(c, (enum context_text)i, value, record);
	}
	for (size_t i = 0; i < sizeof(flags) / sizeof(flags[0]); i++) {
		if (strcmp(name, flags[i].name) == 0)
			return set_flag(c, flags[i].flag, name, value, record);
	}
	if (strcmp(name, "via") == 0)
		return set_via(c, value, record);
	if (strcmp(name, "base") != 0)
		return error_set(record, ERROR_USAGE, "bad-option", "there is no option '%.40s'", name);
	rc = number_parse(value, &c->ctx.map_base, record);
	c->ctx.has_map_base = rc == 0;
	return rc;
}

/* --- devices ---------------------------------------------------------------------------------------------- */

int select_text(const char *text, struct selector *selector, struct error *error)
{
	selector_init(selector);
	return text ? selector_set_default(selector, text, error) : 0;
}

int pcietool_find(struct pcietool_context *c, const char *selector,
		  int (*found)(void *data, const char *address), void *data, struct pcietool_error *error)
{
	struct pci_address *list = NULL;
	char name[PCI_ADDRESS_SIZE];
	struct selector s;
	size_t count = 0;
	int rc;

	rc = select_text(selector, &s, RECORD(error));
	if (rc == 0)
		rc = selector_list(&c->ctx, &s, &list, &count, RECORD(error));
	for (size_t i = 0; rc == 0 && i < count; i++) {
		pci_address_format(&list[i], name);
		rc = found(data, name);
	}
	free(list);
	return rc;
}
