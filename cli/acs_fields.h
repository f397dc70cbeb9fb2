/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The fields of Access Control Services, for acs and p2p. */
#ifndef PCIETOOL_ACS_FIELDS_H
#define PCIETOOL_ACS_FIELDS_H

#include "cli/writer.h"
#include "core/fabric/acs.h"

/* The object "acs", or null; in the text what is on, after LABEL: "request redirect, completion redirect". */
void field_acs(struct writer *w, const char *label, const struct acs *acs);

/* In the text, after LABEL: those bits of SET by name, or "none". */
void acs_text(struct writer *w, const char *label, unsigned int set);

#endif
