/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Fields of a link: for list --tree and the verbs of link. */
#ifndef PCIETOOL_LINK_FIELDS_H
#define PCIETOOL_LINK_FIELDS_H

#include "cli/writer.h"
#include "core/fabric/link.h"

/* The object "link"; the text is "[8GT/s x4] ", and what it could be where it is less: "[8GT/s x4 of 16GT/s x4] ". */
void link_fields_edge(struct writer *w, const struct link *link);

/* The object KEY: speed, width, bytes per second; LABEL "" and the like before "8GT/s x4, 3.938 GB/s". */
void link_fields_rate(struct writer *w, const char *key, const char *label, double speed, unsigned int width);

#endif
