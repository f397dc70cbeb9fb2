// SPDX-License-Identifier: GPL-2.0-or-later
/* The file that `snapshot` wrote, read and checked. Knows no device. */
#include "core/survey/baseline.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/json.h"

#define SIZE_LIMIT (64u << 20) /* a kilobyte for each of more functions than a machine has */
#define DEVICES_MAX 65536u

/* A device while it is read. */
struct reader {
	const struct json *json;
	const struct json_value *object;
	const char *file;
	size_t index;
	struct error *error;
};

static int bad(const struct reader *r, const char *what)
{
	return error_set(r->error, ERROR_USAGE, "bad-baseline", "%s: devices[%zu]: %s", r->file, r->index,
			 what);
}

static int get_text(const struct reader *r, const char *key, char *text, size_t size)
{
	const char *value = json_string(r->json, json_member(r->json, r->object, key));
	char what[64];

	if (value && *value && strlen(value) < size) {
		snprintf(text, size, "%s", value);
		return 0;
	}
	snprintf(what, sizeof(what), "'%s' is missing, or no such text", key);
	return bad(r, what);
}

/* 1: it is there, 0: it is not, or null; a value that makes no sense is an error. */
static int get_number(const struct reader *r, const struct json_value *object, const char *key, uint32_t max,
		      uint32_t *number)
{
	const struct json_value *value = json_member(r->json, object, key);
	char what[64];
	uint64_t v;

	if (!value)
		return 0;
	if (json_unsigned(r->json, value, &v) && v <= max) {
		*number = (uint32_t)v;
		return 1;
	}
	snprintf(what, sizeof(what), "'%s' is no such number", key);
	return bad(r, what);
}

static int get_id(const struct reader *r, const char *key, uint32_t *id)
{
	char what[64];
	int rc = get_number(r, r->object, key, 0xffff, id);

	if (rc)
		return rc < 0 ? rc : 0;
	snprintf(what, sizeof(what), "'%s' is missing", key);
	return bad(r, what);
}

static int read_ids(const struct reader *r, struct baseline_device *d)
{
	struct pci_address ignored;
	int rc = get_text(r, "path", d->path, sizeof(d->path));

	if (rc == 0)
		rc = get_text(r, "address", d->address, sizeof(d->address));
	if (rc == 0 && pci_address_parse(d->address, &ignored) < 0)
		rc = bad(r, "'address' is none");
	if (rc == 0)
		rc = get_id(r, "vendor_id", &d->vendor_id);
	if (rc == 0)
		rc = get_id(r, "device_id", &d->device_id);
	if (rc == 0) {
		rc = get_number(r, r->object, "class_id", 0xffffff, &d->class_id);
		d->has_class = rc > 0;
	}
	if (rc >= 0) {
		rc = get_number(r, r->object, "subsystem_vendor_id", 0xffff, &d->subsystem_vendor_id);
		d->has_subsystem = rc > 0;
	}
	if (rc > 0) {
		rc = get_number(r, r->object, "subsystem_device_id", 0xffff, &d->subsystem_device_id);
		d->has_subsystem = rc > 0;
	}
	return rc < 0 ? rc : 0;
}

static int read_link(const struct reader *r, struct baseline_device *d)
{
	const struct json_value *link = json_member(r->json, r->object, "link");
	const struct json_value *speed = json_member(r->json, link, "speed_gts");
	int rc;

	if (speed && (!json_number(r->json, speed, &d->speed) || d->speed < 0 || d->speed > 1e6))
		return bad(r, "'speed_gts' is no such number");
	rc = get_number(r, link, "width", 64, &d->width);
	return rc < 0 ? rc : 0;
}

static int read_bars(const struct reader *r, struct baseline_device *d)
{
	const struct json_value *list = json_member(r->json, r->object, "bars");
	size_t count = json_length(r->json, list);

	if (!list)
		return 0;
	if (!json_is_array(r->json, list))
		return bad(r, "'bars' is no list");
	d->has_bars = true;
	for (size_t i = 0; i < count; i++) {
		const struct json_value *bar = json_item(r->json, list, i);
		uint64_t index, size;

		if (!json_unsigned(r->json, json_member(r->json, bar, "index"), &index) ||
		    !json_unsigned(r->json, json_member(r->json, bar, "size"), &size) || index >= DEVICE_BARS)
			return bad(r, "'bars' has one without an index below 6 and a size");
		d->bars[index] = size;
	}
	return 0;
}

static int read_rest(const struct reader *r, struct baseline_device *d)
{
	const struct json_value *driver = json_member(r->json, r->object, "driver");
	const char *reason = json_string(r->json, json_member(r->json, r->object, "driver_reason"));
	const char *name = json_string(r->json, driver);
	int rc = read_link(r, d);

	if (rc == 0)
		rc = read_bars(r, d);
	if (rc == 0)
		rc = get_number(r, r->object, "mps", 16384, &d->mps);
	if (rc >= 0)
		rc = get_number(r, r->object, "mrrs", 16384, &d->mrrs);
	if (rc < 0)
		return rc;
	if (driver && (!name || strlen(name) >= sizeof(d->driver)))
		return bad(r, "'driver' is no such text");
	d->has_driver = name || (reason && strcmp(reason, "none") == 0);
	snprintf(d->driver, sizeof(d->driver), "%.63s", name ? name : "");
	return 0;
}

static int by_path(const void *a, const void *b)
{
	return strcmp(((const struct baseline_device *)a)->path, ((const struct baseline_device *)b)->path);
}

static int check_schema(const struct json *json, const char *file, struct error *error)
{
	const char *schema = json_string(json, json_member(json, json_root(json), "schema"));
	int rc;

	if (schema && strcmp(schema, BASELINE_SCHEMA) == 0)
		return 0;
	rc = error_set(error, ERROR_USAGE, "bad-baseline",
		       "%s: this is no baseline: its schema is '%.64s', not '%s'", file, schema ? schema : "",
		       BASELINE_SCHEMA);
	error_hint(error, "'pcietool snapshot -o FILE' writes one");
	return rc;
}

static int read_devices(const struct json *json, const char *file, struct baseline *b, struct error *error)
{
	const struct json_value *list = json_member(json, json_root(json), "devices");
	size_t count = json_length(json, list);

	if (!json_is_array(json, list))
		return error_set(error, ERROR_USAGE, "bad-baseline", "%s: it has no list of devices", file);
	if (count > DEVICES_MAX)
		return error_set(error, ERROR_USAGE, "bad-baseline", "%s: more than %u devices", file,
				 DEVICES_MAX);
	b->devices = calloc(count + 1, sizeof(*b->devices));
	if (!b->devices)
		return error_errno(error, -ENOMEM, "%s", file);
	for (; b->count < count; b->count++) {
		const struct reader r = {
			.json = json,
			.object = json_item(json, list, b->count),
			.file = file,
			.index = b->count,
			.error = error,
		};
		int rc = read_ids(&r, &b->devices[b->count]);

		if (rc == 0)
			rc = read_rest(&r, &b->devices[b->count]);
		if (rc < 0)
			return rc;
	}
	qsort(b->devices, b->count, sizeof(*b->devices), by_path);
	for (size_t i = 1; i < b->count; i++) {
		if (by_path(&b->devices[i - 1], &b->devices[i]) == 0)
			return error_set(error, ERROR_USAGE, "bad-baseline", "%s: '%s' comes twice", file,
					 b->devices[i].path);
	}
	return 0;
}

int baseline_read(const char *path, struct baseline **baseline, struct error *error)
{
	struct baseline *b;
	struct json *json;
	int rc = json_read(path, SIZE_LIMIT, &json, error);

	if (rc < 0)
		return rc;
	b = calloc(1, sizeof(*b));
	rc = b ? check_schema(json, path, error) : error_errno(error, -ENOMEM, "%s", path);
	if (rc == 0)
		rc = read_devices(json, path, b, error);
	json_free(json);
	if (rc < 0) {
		baseline_free(b);
		return rc;
	}
	*baseline = b;
	return 0;
}

void baseline_free(struct baseline *b)
{
	if (!b)
		return;
	free(b->devices);
	free(b);
}

const struct baseline_device *baseline_find(const struct baseline *b, const char *path)
{
	struct baseline_device key = { 0 };

	snprintf(key.path, sizeof(key.path), "%s", path);
	return b->count ? bsearch(&key, b->devices, b->count, sizeof(*b->devices), by_path) : NULL;
}
