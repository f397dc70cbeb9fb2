/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Fields that several commands show: facts that may be unknown, BARs, address ranges, links, ACS. */
#ifndef PCIETOOL_FIELDS_H
#define PCIETOOL_FIELDS_H

#include "cli/writer.h"
#include "core/fabric/acs.h"
#include "core/fabric/link.h"
#include "core/fabric/link_ceiling.h"
#include "core/pci/bar.h"
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
 * it is known, says whether the device decodes it, LOST whether it has that address no more; NULL leaves that out.
 */
void field_bar(struct writer *w, const char *key, const struct bar *bar, bool full,
	       const struct fact_number *command, const struct fact_number *lost);

/* The key "lost" of a BAR; the text says that it is. */
void field_lost(struct writer *w, const struct fact_number *lost);

/* Behind "none", where the log does not reach back to when the device was found. */
#define FIELDS_BARS_UNTOLD " known, and the kernel's log does not reach back to when it looked"

/* The object "acs", or null; in the text what is on, after LABEL: "request redirect, completion redirect". */
void field_acs(struct writer *w, const char *label, const struct acs *acs);

/* In the text, after LABEL: those bits of SET by name, or "none". */
void acs_text(struct writer *w, const char *label, unsigned int set);

/* The object "link"; the text is "[8GT/s x4] ", and what it could be where it is less: "[8GT/s x4 of 16GT/s x4] ". */
void link_fields_edge(struct writer *w, const struct link *link);

/* The object KEY: speed, width, bytes per second; LABEL "" and the like before "8GT/s x4, 3.938 GB/s". */
void link_fields_rate(struct writer *w, const char *key, const char *label, double speed, unsigned int width,
		      bool is_flit);

/* The object KEY, or null; the text, from LABEL on, is "writes 13.625 GB/s, reads 13.625 GB/s: 16GT/s x8, ...". LINK is its. */
void field_ceiling(struct writer *w, const char *key, const char *label, const struct link *link,
		   const struct link_ceiling *ceiling);

#define RESOURCE_NAME_SIZE 32

/* "BAR0", "ROM", "VF BAR0", "window memory" */
void resource_name_format(const struct resource *resource, char name[RESOURCE_NAME_SIZE]);

/* In the open object; in the text, when SHOW: "BAR0 mem 16M at 0xe0000000, 64-bit, prefetchable". */
void field_resource(struct writer *w, const struct resource *resource, bool show);

#endif
