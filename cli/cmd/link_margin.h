/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef PCIETOOL_LINK_MARGIN_VIEW_H
#define PCIETOOL_LINK_MARGIN_VIEW_H

#include "cli/writer.h"
#include "core/fabric/link_margin.h"

/* The eye of a lane whose sampling point moved by STEPS; one side stands for both where the receiver has it so. Text. */
void link_margin_draw_eye(struct writer *w, const struct margin_offer *offer,
			  const unsigned int steps[MARGIN_DIRECTIONS]);

#endif
