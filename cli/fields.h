/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Fields that `list` and `info` share: facts that may be unknown, BARs, links. */
#ifndef PCIETOOL_FIELDS_H
#define PCIETOOL_FIELDS_H

#include "cli/writer.h"
#include "core/survey/summary.h"

/* Where the values of a labelled line and all that follows an address stand. */
#define FIELDS_COLUMN 13

/* Each shows the reason where nothing is known: null in JSON. */
void field_number(struct writer *w, const char *key, const char *label, const struct fact_number *fact);
void field_hex(struct writer *w, const char *key, const char *label, const struct fact_number *fact,
	       int digits);
void field_id(struct writer *w, const char *key, const char *label, const struct fact_number *fact,
	      int digits);
void field_text(struct writer *w, const char *key, const char *label, const struct fact_text *fact);
/* The same, but an unknown one is left out of the text. */
void field_name(struct writer *w, const char *key, const char *label, const struct fact_text *fact);

/* "0000:01:00.0 8086:10d3 [020000] Ethernet controller: Intel Corporation 82574L", and their keys. */
void field_identity(struct writer *w, const struct device_summary *s);

/* The object "link". SHOW: also in the text, after LABEL. */
void field_link(struct writer *w, const char *label, const struct link_state *link, bool show);

/*
 * One object of "bars" or "rom" (KEY); the text is "BAR0 mem 1M", with the address when FULL. COMMAND, where
 * it is known, says whether the device decodes it; NULL leaves that out.
 */
void field_bar(struct writer *w, const char *key, const struct bar *bar, bool full,
	       const struct fact_number *command);

#endif
