// SPDX-License-Identifier: GPL-2.0-or-later
/* Which way leads to a device's buffers and interrupts. */
#include "core/dma/client.h"

#include "core/backend/helper.h"
#include "core/backend/path.h"
#include "core/backend/backend.h"
#include "core/backend/session_link.h"

static int open_helper(struct device *device, struct buffer_client **client, struct error *error)
{
	struct helper *helper;
	int rc = helper_open(device, &helper, error);

	if (rc < 0)
		return rc;
	if (device_session(device))
		helper_join(helper, session_link_fd(device_session(device)));
	*client = helper_client(helper);
	return 0;
}

static int open_vfio(struct device *device, struct buffer_client **client, struct error *error)
{
	int rc = device_path_vfio(device, error);

	if (rc < 0)
		return rc;
	return device_vfio(device) ? vfio_client_open(device, client, error)
				   : session_client_open(device, client, error);
}

int buffer_client_open(struct device *device, struct buffer_client **client, struct error *error)
{
	enum backend_id way = device_path_client(device);
	int rc;

	if (way == BACKEND_VFIO)
		rc = open_vfio(device, client, error);
	else if (way == BACKEND_UIO)
		rc = uio_client_open(device, client, error);
	else
		rc = open_helper(device, client, error);
	if (rc == 0)
		context_log(device->ctx, LOG_INFO, "%s: buffers and interrupts over %s%s", device->name,
			    (*client)->ops->name, device_session(device) ? ", in a session" : "");
	return rc;
}
