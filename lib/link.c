// SPDX-License-Identifier: GPL-2.0-or-later
/* The device's link. */
#include "core/fabric/link.h"

#include <errno.h>
#include <stdlib.h>

#include "lib/internal.h"

struct pcietool_link {
	struct topology *topology; /* what LINK points into */
	struct link link;
};

int pcietool_link_read(struct pcietool_device *d, struct pcietool_link **link, struct pcietool_error *error)
{
	const struct context *ctx = d->device->ctx;
	struct pcietool_link *l = calloc(1, sizeof(*l));
	const struct topology_node *node;
	int rc;

	if (!l)
		return error_errno(RECORD(error), -ENOMEM, "%s", d->device->name);
	rc = topology_read(ctx, &l->topology, RECORD(error));
	if (rc < 0)
		goto out_free;
	node = topology_find(l->topology, &d->device->address);
	rc = node ? link_read(ctx, node, &l->link, RECORD(error)) : device_gone(d->device, RECORD(error));
	if (rc < 0)
		goto out_free;
	*link = l;
	return 0;

out_free:
	pcietool_link_free(l);
	return rc;
}

void pcietool_link_free(struct pcietool_link *l)
{
	if (!l)
		return;
	topology_free(l->topology);
	free(l);
}

const char *pcietool_link_reason(const struct pcietool_link *l)
{
	return l->link.reason;
}

double pcietool_link_speed(const struct pcietool_link *l)
{
	return l->link.speed;
}

unsigned int pcietool_link_width(const struct pcietool_link *l)
{
	return l->link.width;
}

double pcietool_link_expected_speed(const struct pcietool_link *l)
{
	return l->link.expected_speed;
}

unsigned int pcietool_link_expected_width(const struct pcietool_link *l)
{
	return l->link.expected_width;
}
