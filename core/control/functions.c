// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/control/functions.h"

#include <stdio.h>
#include <stdlib.h>

#include "core/base/array.h"
#include "core/pci/device_attribute.h"
#include "core/driver/driver.h"
#include "core/kernel/sysfs.h"
#include "core/fabric/upstream.h"

/* PCIe 6.0 section 9.3.3.3: NumVFs has 16 bits */
#define VIRTUAL_MAX 65536u

static int add(struct functions *f, const struct pci_address *address, struct error *error)
{
	struct function *grown = array_grow(f->list, f->count, sizeof(*f->list));
	int rc;

	if (!grown)
		return error_errno(error, -ENOMEM, "listing functions");
	f->list = grown;
	rc = device_open(&f->ctx, address, &f->list[f->count].device, error);
	if (rc < 0)
		return rc;
	if (attribute_exists(f->list[f->count].device, "physfn"))
		device_close(f->list[f->count].device);
	else
		f->count++;
	return 0;
}

int functions_open(const struct device *device, struct functions **functions, struct error *error)
{
	struct functions *f = calloc(1, sizeof(*f));
	struct pci_address *list = NULL;
	struct selector selector;
	size_t count = 0;
	int rc;

	if (!f)
		return error_errno(error, -ENOMEM, "listing functions");
	f->ctx = *device->ctx;
	f->ctx.pool = NULL;
	selector_init(&selector);
	selector.has_slot = true;
	selector.domain = device->address.domain;
	selector.bus = device->address.bus;
	if (!upstream_is_express_port(device))
		selector.device = device->address.device;
	rc = selector_list(&f->ctx, &selector, &list, &count, error);
	for (size_t i = 0; rc == 0 && i < count; i++)
		rc = add(f, &list[i], error);
	free(list);
	if (rc < 0)
		functions_close(f);
	else
		*functions = f;
	return rc;
}

void functions_close(struct functions *f)
{
	if (!f)
		return;
	for (size_t i = 0; i < f->count; i++)
		device_close(f->list[i].device);
	free(f->list);
	free(f);
}

/* "virtfn3" is a link to the fourth of them. */
static int check_virtual(const struct context *ctx, const char *name, struct error *error)
{
	struct pci_address address;
	struct device *device;
	struct error ignored;
	int rc;

	if (pci_address_parse(name, &address) < 0 || device_open(ctx, &address, &device, &ignored) < 0)
		return 0;
	rc = driver_check_use(device, error);
	device_close(device);
	return rc;
}

int functions_check_use(struct device *device, struct error *error)
{
	struct context ctx = *device->ctx;
	char name[PCI_ADDRESS_SIZE];
	int rc;

	ctx.pool = NULL;
	rc = driver_check_use(device, error);
	for (unsigned int i = 0; rc == 0 && i < VIRTUAL_MAX; i++) {
		if (sysfs_link_name(&ctx, name, sizeof(name), SYSFS_PCI_DEVICES "/%s/virtfn%u", device->name,
				    i) < 0)
			break;
		rc = check_virtual(&ctx, name, error);
	}
	return rc;
}
