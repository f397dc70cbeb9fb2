// SPDX-License-Identifier: GPL-2.0-or-later
/* The device as a capture, or several of its queues, have it: a way to its memory and interrupts, and the claim. */
#include <errno.h>

#include "core/backend/path.h"
#include "core/backend/vfio.h"
#include "core/capture/internal.h"
#include "core/preflight/preflight.h"

void capture_claim_init(struct capture_claim *claim, struct device *device)
{
	*claim = (struct capture_claim){ .device = device, .had_vfio = device_vfio(device) != NULL };
}

/* Opening VFIO has reset the device, so that what others do beforehand is to be done now. */
static int prepare_vfio(const struct capture_claim *claim, bool has_irq, struct error *error)
{
	struct device *device = claim->device;
	enum interrupt_type type;
	unsigned int vectors;
	int rc;

	rc = vfio_set_bus_master(device_vfio(device), true);
	if (rc < 0)
		return error_errno(error, rc, "%s: turning bus mastering on", device->name);
	context_log(device->ctx, LOG_INFO, "%s: bus mastering turned on, as opening VFIO has cleared it",
		    device->name);
	return has_irq ? interrupt_enable(claim->client, INTERRUPT_AUTO, 0, &type, &vectors, error) : 0;
}

int capture_claim_open(struct capture_claim *claim, bool has_irq, struct error *error)
{
	struct device *device = claim->device;
	int rc = 0;

	if (device_path_client(device) != BACKEND_VFIO)
		rc = preflight_bus_master(device, error);
	if (rc == 0)
		rc = buffer_client_open(device, &claim->client, error);
	if (rc == 0 && device_vfio(device) && !claim->had_vfio)
		rc = prepare_vfio(claim, has_irq, error);
	if (rc == 0 && device_vfio_fd(device) >= 0)
		rc = preflight_bus_master(device, error);
	return rc;
}

int capture_claim_take(struct capture_claim *claim, struct error *error)
{
	int rc = buffer_client_claim(claim->client, error);

	claim->is_taken = rc == 0;
	return rc;
}

int capture_claim_release(struct capture_claim *claim, bool is_stopped, struct error *error)
{
	struct error ignored;
	int rc = 0;

	/* where that fails they are made twice */
	if (claim->is_taken && claim->stops_here && is_stopped)
		buffer_client_forget_stops(claim->client, &ignored);
	if (claim->is_taken) {
		do {
			rc = buffer_client_release(claim->client, error);
		} while (rc == -EINTR);
	}
	claim->is_taken = false;
	return rc;
}

void capture_claim_close(struct capture_claim *claim)
{
	buffer_client_close(claim->client);
	claim->client = NULL;
}

void capture_claim_lock(struct capture_claim *claim)
{
	if (claim->lock)
		pthread_mutex_lock(claim->lock);
}

void capture_claim_unlock(struct capture_claim *claim)
{
	if (claim->lock)
		pthread_mutex_unlock(claim->lock);
}
