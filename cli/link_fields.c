// SPDX-License-Identifier: GPL-2.0-or-later
#include "cli/link_fields.h"

static void write_partner(struct writer *w, const char *key, const struct topology_node *node)
{
	if (node)
		writer_string(w, key, NULL, node->name);
	else
		writer_null(w, key, NULL, "not seen");
}

void link_fields_edge(struct writer *w, const struct link *link)
{
	bool is_up = link->verdict != LINK_UNKNOWN && link->verdict != LINK_DOWN;
	bool less = is_up && link->verdict != LINK_GOOD;

	if (link->reason) {
		writer_null(w, "link", "[link ", link->reason);
		writer_text(w, "] ");
		return;
	}
	writer_object(w, "link");
	write_partner(w, "up", link->up);
	write_partner(w, "down", link->down);
	writer_text(w, "%s", is_up ? "[" : "[link down] ");
	writer_real(w, "speed_gts", is_up ? "" : NULL, link->speed);
	writer_number(w, "width", is_up ? "GT/s x" : NULL, link->width);
	writer_real(w, "expected_speed_gts", less ? " of " : NULL, link->expected_speed);
	writer_number(w, "expected_width", less ? "GT/s x" : NULL, link->expected_width);
	writer_string(w, "verdict", less ? ", " : NULL, link_verdict_name(link->verdict));
	writer_text(w, "%s", is_up ? "] " : "");
	writer_end(w);
}

void link_fields_rate(struct writer *w, const char *key, const char *label, double speed, unsigned int width)
{
	double rate = link_bandwidth(speed, width);

	if (speed <= 0 || width == 0) {
		writer_null(w, key, label, "not known");
		return;
	}
	writer_object(w, key);
	writer_real(w, "speed_gts", label, speed);
	writer_number(w, "width", label ? "GT/s x" : NULL, width);
	writer_real(w, "bytes_per_second", NULL, rate);
	if (label)
		writer_text(w, ", %.3f GB/s", rate / 1e9);
	writer_end(w);
}
