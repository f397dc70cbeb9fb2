/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What can be done to a link, all of it through the port above it: PCIe 6.0 section 7.5.3.7 (Link Control), 7.5.3.19
 * (Link Control 2). Each waits, verifies, and puts back what it changed when it fails or is interrupted.
 */
#ifndef PCIETOOL_LINK_CONTROL_H
#define PCIETOOL_LINK_CONTROL_H

#include "core/config/map.h"
#include "core/fabric/link.h"

/* Asked between two looks: has somebody had enough? */
typedef bool (*link_stopped)(void *data);

struct link_control {
	struct device *port; /* open */
	struct device *partner; /* the function below; NULL: none is seen */
	struct config_map *map; /* of the port */
	bool has_dll_active; /* the port's Data Link Layer Link Active bit can be believed */
	uint64_t timeout; /* ns */
	link_stopped stopped; /* NULL: nobody asks */
	void *data;
};

struct link_result {
	double speed; /* GT/s */
	unsigned int width;
	bool is_flit; /* in flit mode */
	bool is_up;
	uint64_t time; /* ns that it took */
};

/* LINK must have a port. What a driver below would notice is the caller's to have asked. */
int link_control_open(const struct context *ctx, const struct link *link, struct link_control *control,
		      struct error *error);
void link_control_close(struct link_control *control);

/* ERROR_TIMEOUT where the link does not come back; says what the slot says of a card. */
int link_retrain(struct link_control *control, struct link_result *result, struct error *error);

/*
 * GENERATION 1 (2.5 GT/s) to 7 (128 GT/s) as the target speed, and a retraining. ERROR_UNSUPPORTED where one of the ends
 * cannot, ERROR_DIFFERS where the link comes back at another speed: the old target is set again and the link retrained.
 */
int link_set_speed(struct link_control *control, unsigned int generation, struct link_result *result,
		   struct error *error);

/* Waits until the link is down, or up. */
int link_disable(struct link_control *control, struct link_result *result, struct error *error);
int link_enable(struct link_control *control, struct link_result *result, struct error *error);

#endif
