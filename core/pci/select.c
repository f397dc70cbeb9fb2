// SPDX-License-Identifier: GPL-2.0-or-later
/* lspci's -s and -d, and the addresses that match: in sysfs, or in a dump. */
#include "core/pci/select.h"

#include <dirent.h>
#include <errno.h>
#include <inttypes.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "core/pci/dump.h"
#include "core/pci/attribute.h"
#include "core/pci/kernel_name.h"
#include "core/pci/proc_devices.h"
#include "core/kernel/sysfs.h"

/* a number of 64 bits */
#define SELECT_PART_SIZE 17

void selector_init(struct selector *s)
{
	*s = (struct selector){
		.domain = SELECT_ANY,
		.bus = SELECT_ANY,
		.device = SELECT_ANY,
		.function = SELECT_ANY,
		.vendor_id = SELECT_ANY,
		.device_id = SELECT_ANY,
		.uio = SELECT_ANY,
	};
}

/* One hexadecimal part of N characters: empty or '*' is any. */
static int part_parse(const char *text, size_t n, uint64_t max, int64_t *value)
{
	uint64_t v = 0;

	if (n == 0 || (n == 1 && text[0] == '*')) {
		*value = SELECT_ANY;
		return 0;
	}
	if (n > 2 && text[0] == '0' && (text[1] == 'x' || text[1] == 'X')) {
		text += 2;
		n -= 2;
	}
	if (n > 8 || strspn(text, "0123456789abcdefABCDEF") < n)
		return -EINVAL;
	for (size_t i = 0; i < n; i++) {
		char digit[2] = { text[i], '\0' };

		v = v * 16 + strtoul(digit, NULL, 16);
	}
	if (v > max)
		return -ERANGE;
	*value = (int64_t)v;
	return 0;
}

static int bad_slot(const char *text, const char *why, struct error *error)
{
	int rc = error_set(error, ERROR_USAGE, "bad-selector", "'%s' is no device address: %s", text, why);

	error_hint(error, "the form is [[[DOMAIN:]BUS:]DEV][.FUNC], hexadecimal: 0000:01:00.0, 01:00, 1c.2");
	return rc;
}

/* "uio:3", in decimal as the kernel's names are */
static int set_uio(struct selector *s, const char *text, struct error *error)
{
	char *end;
	unsigned long number = strtoul(text + 4, &end, 10);

	if (text[4] < '0' || text[4] > '9' || *end || number > INT_MAX)
		return bad_slot(text, "a UIO device is uio:N, as in /dev/uioN", error);
	s->uio = (int)number;
	return 0;
}

static int set_name(struct selector *s, const char *text, struct error *error)
{
	size_t n = strlen(text) + 1;

	if (n > sizeof(s->name))
		return bad_slot(text, "the name is too long", error);
	memcpy(s->name, text, n);
	s->has_slot = true;
	return 0;
}

int selector_resolve(const struct context *ctx, struct selector *s, struct error *error)
{
	struct pci_address address;
	bool is_whole;
	int rc;

	if (!s->name[0])
		return 0;
	rc = kernel_name_resolve(ctx, s->name, &address, &is_whole, error);
	if (rc < 0)
		return rc;
	s->domain = address.domain;
	s->bus = address.bus;
	s->device = address.device;
	s->function = is_whole ? SELECT_ANY : address.function;
	s->name[0] = '\0';
	return 0;
}

int selector_set_slot(struct selector *s, const char *text, struct error *error)
{
	const char *dot = strchr(text, '.');
	const char *end = dot ? dot : text + strlen(text);
	const char *parts[3];
	size_t lengths[3];
	int64_t domain = SELECT_ANY;
	int64_t bus = SELECT_ANY;
	int64_t device = SELECT_ANY;
	int64_t function = SELECT_ANY;
	size_t n = 0;

	if (strncmp(text, "uio:", 4) == 0)
		return set_uio(s, text, error);
	if (kernel_name_is_one(text))
		return set_name(s, text, error);
	for (const char *p = text; p <= end; p++) {
		const char *colon = memchr(p, ':', (size_t)(end - p));
		const char *stop = colon ? colon : end;

		if (n == 3)
			return bad_slot(text, "too many ':'", error);
		parts[n] = p;
		lengths[n++] = (size_t)(stop - p);
		p = stop;
	}
	if (n == 0 || !*text)
		return bad_slot(text, "it is empty", error);
	if (part_parse(parts[n - 1], lengths[n - 1], 0x1f, &device) < 0)
		return bad_slot(text, "a device number is 00 to 1f", error);
	if (n >= 2 && part_parse(parts[n - 2], lengths[n - 2], 0xff, &bus) < 0)
		return bad_slot(text, "a bus number is 00 to ff", error);
	if (n >= 3 && part_parse(parts[0], lengths[0], 0x7fffffff, &domain) < 0)
		return bad_slot(text, "a domain is 0 to 7fffffff", error);
	if (dot && part_parse(dot + 1, strlen(dot + 1), 7, &function) < 0)
		return bad_slot(text, "a function number is 0 to 7", error);
	s->domain = domain;
	s->bus = (int)bus;
	s->device = (int)device;
	s->function = (int)function;
	s->has_slot = true;
	return 0;
}

static int bad_id(const char *text, const char *why, struct error *error)
{
	int rc = error_set(error, ERROR_USAGE, "bad-selector", "'%s' is no device id: %s", text, why);

	error_hint(error,
		   "the form is VENDOR:DEVICE[:CLASS[:PROGIF]], hexadecimal: 10ee:9038, 8086:, ::0108");
	return rc;
}

/* CLASS of four digits (or fewer, with zeroes in front), 'x' any; fills the upper 16 of 24 bits. */
static int class_parse(const char *text, size_t n, struct selector *s)
{
	uint32_t code = 0;
	uint32_t mask = 0;

	if (n == 0 || (n == 1 && *text == '*'))
		return 0;
	if (n > 4)
		return -EINVAL;
	for (size_t i = 0; i < n; i++) {
		char digit[2] = { text[i], '\0' };
		bool any = text[i] == 'x' || text[i] == 'X';

		if (!any && !strspn(digit, "0123456789abcdefABCDEF"))
			return -EINVAL;
		code = code << 4 | (any ? 0 : (uint32_t)strtoul(digit, NULL, 16));
		mask = mask << 4 | (any ? 0 : 0xf);
	}
	/* "2" is class 0002, as for lspci: what is not written is zero */
	for (size_t i = n; i < 4; i++)
		mask |= 0xfu << (4 * i);
	s->class_code |= code << 8;
	s->class_mask |= mask << 8;
	return 0;
}

int selector_set_id(struct selector *s, const char *text, struct error *error)
{
	struct selector new = *s;
	const char *parts[4] = { text };
	size_t lengths[4] = { 0 };
	int64_t vendor = SELECT_ANY;
	int64_t device = SELECT_ANY;
	int64_t progif = SELECT_ANY;
	size_t n = 0;

	for (const char *p = text;; p++) {
		size_t length = strcspn(p, ":");

		if (n == 4)
			return bad_id(text, "too many ':'", error);
		parts[n] = p;
		lengths[n++] = length;
		p += length;
		if (!*p)
			break;
	}
	if (n < 2)
		return bad_id(text, "the ':' is missing", error);
	if (part_parse(parts[0], lengths[0], 0xffff, &vendor) < 0)
		return bad_id(text, "a vendor id is 0000 to ffff", error);
	if (part_parse(parts[1], lengths[1], 0xffff, &device) < 0)
		return bad_id(text, "a device id is 0000 to ffff", error);
	new.class_code = 0;
	new.class_mask = 0;
	if (n >= 3 && class_parse(parts[2], lengths[2], &new) < 0)
		return bad_id(text, "a class is four digits, x for any", error);
	if (n >= 4 && part_parse(parts[3], lengths[3], 0xff, &progif) < 0)
		return bad_id(text, "a programming interface is 00 to ff", error);
	if (progif != SELECT_ANY) {
		new.class_code |= (uint32_t)progif;
		new.class_mask |= 0xff;
	}
	new.vendor_id = (int)vendor;
	new.device_id = (int)device;
	new.has_id = true;
	*s = new;
	return 0;
}

int selector_set_default(struct selector *s, const char *text, struct error *error)
{
	return strchr(text, '.') || strncmp(text, "uio:", 4) == 0 || kernel_name_is_one(text)
		       ? selector_set_slot(s, text, error)
		       : selector_set_id(s, text, error);
}

static bool ids_match(const struct selector *s, uint64_t vendor, uint64_t device)
{
	return (s->vendor_id == SELECT_ANY || (uint64_t)s->vendor_id == vendor) &&
	       (s->device_id == SELECT_ANY || (uint64_t)s->device_id == device);
}

static bool slot_matches(const struct selector *s, const struct pci_address *a)
{
	return (s->domain == SELECT_ANY || s->domain == a->domain) &&
	       (s->bus == SELECT_ANY || s->bus == a->bus) &&
	       (s->device == SELECT_ANY || s->device == a->device) &&
	       (s->function == SELECT_ANY || s->function == a->function);
}

static bool id_matches(const struct context *ctx, const struct selector *s, const struct pci_address *address)
{
	uint64_t vendor;
	uint64_t device;
	uint64_t class_code;

	if (!s->has_id)
		return true;
	if (pci_attribute_read(ctx, address, "vendor", &vendor) < 0 ||
	    pci_attribute_read(ctx, address, "device", &device) < 0)
		return false;
	if (!ids_match(s, vendor, device))
		return false;
	if (s->class_mask == 0)
		return true;
	return pci_attribute_read(ctx, address, "class", &class_code) == 0 &&
	       ((class_code ^ s->class_code) & s->class_mask) == 0;
}

bool selector_matches(const struct selector *s, const struct pci_address *address, uint32_t vendor,
		      uint32_t device, uint32_t class_code)
{
	if (!slot_matches(s, address))
		return false;
	return !s->has_id ||
	       (ids_match(s, vendor, device) && ((class_code ^ s->class_code) & s->class_mask) == 0);
}

struct address_list {
	struct pci_address *items;
	size_t count;
	size_t size;
};

static int append(struct address_list *list, const struct pci_address *address)
{
	struct pci_address *items;

	if (list->count == list->size) {
		size_t size = list->size ? 2 * list->size : 16;

		items = reallocarray(list->items, size, sizeof(*items));
		if (!items)
			return -ENOMEM;
		list->items = items;
		list->size = size;
	}
	list->items[list->count++] = *address;
	return 0;
}

static int compare_addresses(const void *a, const void *b)
{
	return pci_address_compare(a, b);
}

/* The one address that it means; false where a part of it is open. */
static bool one_address(const struct selector *s, struct pci_address *address)
{
	if (s->domain == SELECT_ANY || s->bus == SELECT_ANY || s->device == SELECT_ANY ||
	    s->function == SELECT_ANY)
		return false;
	*address = (struct pci_address){
		.domain = (uint32_t)s->domain,
		.bus = (uint8_t)s->bus,
		.device = (uint8_t)s->device,
		.function = (uint8_t)s->function,
	};
	return true;
}

bool selector_file_address(const struct selector *s, struct pci_address *address)
{
	struct selector wanted = *s;

	if (wanted.domain == SELECT_ANY)
		wanted.domain = 0;
	return one_address(&wanted, address);
}

static int list_one(const struct context *ctx, const struct selector *s, const struct pci_address *address,
		    struct address_list *list)
{
	char name[PCI_ADDRESS_SIZE];
	char path[PATH_MAX];
	int rc;

	pci_address_format(address, name);
	rc = sysfs_path(ctx, path, sizeof(path), SYSFS_PCI_DEVICES "/%s", name);
	if (rc < 0)
		return rc;
	if (access(path, F_OK) < 0 || !id_matches(ctx, s, address))
		return 0;
	return append(list, address);
}

static int list_dump(const struct context *ctx, const struct selector *s, struct address_list *list)
{
	int rc = 0;

	for (size_t i = 0; rc == 0 && i < ctx->dump->count; i++) {
		const struct pci_address *address = &ctx->dump->devices[i].address;

		if (slot_matches(s, address) && id_matches(ctx, s, address))
			rc = append(list, address);
	}
	return rc;
}

static void sort(struct address_list *list)
{
	if (list->count > 1)
		qsort(list->items, list->count, sizeof(*list->items), compare_addresses);
}

static int list_all(const struct context *ctx, const struct selector *s, struct address_list *list)
{
	struct pci_address address;
	struct dirent *entry;
	DIR *dir;
	int rc = 0;

	dir = sysfs_opendir(ctx, SYSFS_PCI_DEVICES);
	if (!dir)
		return -errno;
	while (rc == 0 && (entry = readdir(dir))) {
		if (pci_address_parse(entry->d_name, &address) < 0)
			continue;
		if (slot_matches(s, &address) && id_matches(ctx, s, &address))
			rc = append(list, &address);
	}
	closedir(dir);
	sort(list);
	return rc;
}

struct candidates {
	const struct context *ctx;
	const struct selector *selector;
	struct address_list *list;
};

static int add_candidate(void *data, const struct proc_device *device)
{
	const struct candidates *c = data;
	const struct pci_address address = {
		.bus = device->bus,
		.device = device->device,
		.function = device->function,
	};
	size_t before = c->list->count;
	int rc;

	if (!ids_match(c->selector, device->vendor_id, device->device_id) ||
	    !slot_matches(c->selector, &address))
		return 0;
	rc = list_one(c->ctx, c->selector, &address, c->list);
	return rc == 0 && c->list->count == before ? -EAGAIN : rc;
}

static bool has_twins(const struct address_list *list)
{
	for (size_t i = 1; i < list->count; i++) {
		if (pci_address_compare(&list->items[i - 1], &list->items[i]) == 0)
			return true;
	}
	return false;
}

/*
 * Those with the ids, without a look at every function. -EAGAIN: the list of ids cannot tell it, for it has no
 * domains, and one of those that it names is not in domain 0.
 */
static int list_by_ids(const struct context *ctx, const struct selector *s, struct address_list *list)
{
	struct candidates c = { .ctx = ctx, .selector = s, .list = list };
	int rc;

	if (!s->has_id || s->class_mask || s->domain > 0)
		return -EAGAIN;
	rc = proc_devices_each(ctx, add_candidate, &c);
	sort(list);
	if (rc == 0 && (list->count == 0 || has_twins(list)))
		rc = -EAGAIN;
	if (rc < 0)
		list->count = 0;
	return rc;
}

static int list_matching(const struct context *ctx, const struct selector *s, struct address_list *list)
{
	struct pci_address address;

	if (one_address(s, &address))
		return list_one(ctx, s, &address, list);
	return list_by_ids(ctx, s, list) == 0 ? 0 : list_all(ctx, s, list);
}

/* The PCI device behind it. */
static int list_uio(const struct context *ctx, const struct selector *s, struct pci_address **items,
		    size_t *count, struct error *error)
{
	struct pci_address address;
	char name[PCI_ADDRESS_SIZE];
	int rc;

	rc = sysfs_link_name(ctx, name, sizeof(name), "/sys/class/uio/uio%d/device", s->uio);
	if (rc == 0)
		rc = pci_address_parse(name, &address);
	if (rc == -ENOENT &&
	    sysfs_read(ctx, name, sizeof(name), "/sys/class/uio/uio%d/version", s->uio) == -ENOENT) {
		rc = error_set(error, ERROR_SELECT, "no-device", "uio%d: no such UIO device", s->uio);
		error_hint(error, "'pcietool uio list' shows those that there are");
		return rc;
	}
	if (rc < 0) {
		rc = error_set(error, ERROR_UNSUPPORTED, "no-pci-device", "uio%d is no PCI device", s->uio);
		error_hint(error,
			   "its registers and its interrupt can be reached: 'regs', 'irq', 'uio list'");
		return rc;
	}
	*items = malloc(sizeof(**items));
	if (!*items)
		return error_errno(error, -ENOMEM, "uio%d", s->uio);
	(*items)[0] = address;
	*count = 1;
	return 0;
}

int selector_list(const struct context *ctx, const struct selector *selector, struct pci_address **items,
		  size_t *count, struct error *error)
{
	struct selector resolved = *selector;
	const struct selector *s = &resolved;
	struct address_list list = { 0 };
	int rc;

	if (s->uio >= 0)
		return list_uio(ctx, s, items, count, error);
	rc = selector_resolve(ctx, &resolved, error);
	if (rc < 0)
		return rc;
	if (ctx->dump)
		rc = list_dump(ctx, s, &list);
	else
		rc = list_matching(ctx, s, &list);
	if (rc < 0) {
		free(list.items);
		error_errno(error, rc, "reading %s" SYSFS_PCI_DEVICES, ctx->sysroot);
		if (rc == -ENOENT)
			error_hint(error, "is sysfs mounted, and does this kernel have PCI?");
		return rc;
	}
	*items = list.items;
	*count = list.count;
	return 0;
}

static int several(const struct pci_address *list, size_t count, struct error *error)
{
	char names[400] = "";
	size_t used = 0;
	size_t shown = 0;
	int rc;

	while (shown < count && used + PCI_ADDRESS_SIZE + 24 < sizeof(names)) {
		char name[PCI_ADDRESS_SIZE];

		pci_address_format(&list[shown], name);
		used += (size_t)snprintf(names + used, sizeof(names) - used, "%s%s", shown ? ", " : "", name);
		shown++;
	}
	if (shown < count)
		snprintf(names + used, sizeof(names) - used, " and %zu more", count - shown);
	rc = error_set(error, ERROR_SELECT, "several-devices", "%zu devices match: %s", count, names);
	error_hint(error, "choose one with -s ADDRESS");
	return rc;
}

/* A part of a selector of DIGITS, hexadecimal; "*" is any. */
static const char *part_text(int64_t value, int digits, char text[SELECT_PART_SIZE])
{
	if (value == SELECT_ANY)
		return "*";
	snprintf(text, SELECT_PART_SIZE, "%0*" PRIx64, digits, (uint64_t)value);
	return text;
}

static void slot_text(const struct selector *s, char *text, size_t size)
{
	char domain[SELECT_PART_SIZE];
	char bus[SELECT_PART_SIZE];
	char device[SELECT_PART_SIZE];
	char function[SELECT_PART_SIZE];
	bool has_domain = s->domain != SELECT_ANY;

	if (s->name[0]) {
		snprintf(text, size, "%s", s->name);
		return;
	}
	snprintf(text, size, "%s%s%s:%s.%s", has_domain ? part_text(s->domain, 4, domain) : "",
		 has_domain ? ":" : "", part_text(s->bus, 2, bus), part_text(s->device, 2, device),
		 part_text(s->function, 1, function));
}

/* Of a class the digits that count, as class_parse() takes them. */
static void id_text(const struct selector *s, char *text, size_t size)
{
	char vendor[SELECT_PART_SIZE];
	char device[SELECT_PART_SIZE];
	char class_code[] = ":xxxx";
	char progif[] = ":xx";

	for (unsigned int i = 0; i < 6; i++) {
		unsigned int shift = 20 - 4 * i;
		char *digit = i < 4 ? class_code + 1 + i : progif + 1 + i - 4;

		if (s->class_mask >> shift & 0xf)
			*digit = "0123456789abcdef"[s->class_code >> shift & 0xf];
	}
	snprintf(text, size, "%s:%s%s%s", part_text(s->vendor_id, 4, vendor),
		 part_text(s->device_id, 4, device), s->class_mask ? class_code : "",
		 s->class_mask & 0xff ? progif : "");
}

int selector_no_match(const struct selector *s, struct error *error)
{
	char slot[SELECT_NAME_SIZE];
	char id[64];
	int rc;

	slot_text(s, slot, sizeof(slot));
	id_text(s, id, sizeof(id));
	rc = error_set(error, ERROR_SELECT, "no-device", "no device matches%s%.200s%s%s",
		       s->has_slot ? " " : "", s->has_slot ? slot : "",
		       s->has_id && s->has_slot ? " and "
		       : s->has_id		? " "
						: "",
		       s->has_id ? id : "");
	error_hint(error, "'pcietool list' shows what there is");
	return rc;
}

/* Ids of a device that was gone when the dump was made are all ones there, whatever it was. */
static int none(const struct context *ctx, const struct selector *s, struct error *error)
{
	char name[PCI_ADDRESS_SIZE];
	int rc = selector_no_match(s, error);

	for (size_t i = 0; ctx->dump && s->has_id && i < ctx->dump->count; i++) {
		const struct dump_device *d = &ctx->dump->devices[i];

		if (!slot_matches(s, &d->address) || dump_device_answered(d))
			continue;
		pci_address_format(&d->address, name);
		rc = error_set(error, ERROR_GONE, "device-gone",
			       "no device matches, but %s did not answer when the dump was made (all ones)",
			       name);
		error_hint(error, "if it is the one that is meant, select it with '-s %s'", name);
		break;
	}
	return rc;
}

int selector_one(const struct context *ctx, const struct selector *s, struct pci_address *address,
		 struct error *error)
{
	struct pci_address *list;
	size_t count;
	int rc;

	rc = selector_list(ctx, s, &list, &count, error);
	if (rc < 0)
		return rc;
	if (count == 1) {
		*address = list[0];
	} else if (count == 0) {
		rc = none(ctx, s, error);
	} else {
		rc = several(list, count, error);
	}
	free(list);
	return rc;
}
