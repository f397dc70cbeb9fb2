// SPDX-License-Identifier: GPL-2.0-or-later
#include "cli/acs_fields.h"

void acs_text(struct writer *w, const char *label, unsigned int set)
{
	const char *separator = "";

	writer_text(w, "%s", label);
	for (const struct acs_bit *bit = acs_bits; bit->mask; bit++) {
		if (!(set & bit->mask))
			continue;
		writer_text(w, "%s%s", separator, bit->name);
		separator = ", ";
	}
	writer_text(w, "%s", *separator ? "" : "none");
}

void field_acs(struct writer *w, const char *label, const struct acs *acs)
{
	if (acs->reason) {
		writer_null(w, "acs", label, acs->reason);
		return;
	}
	acs_text(w, label, acs->control);
	writer_object(w, "acs");
	writer_hex(w, "offset", NULL, acs->offset, 3);
	writer_hex(w, "capability", NULL, acs->capability, 4);
	writer_hex(w, "control", NULL, acs->control, 4);
	for (const struct acs_bit *bit = acs_bits; bit->mask; bit++) {
		writer_object(w, bit->key);
		writer_bool(w, "capable", NULL, acs->capability & bit->mask);
		writer_bool(w, "enabled", NULL, acs->control & bit->mask);
		writer_end(w);
	}
	writer_end(w);
}
