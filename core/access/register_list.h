/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The registers that the operands of a verb mean which only looks: by name, by glob, those of a range, or all of
 * the map. What is not safe to read is left out and remembered, unless the context says unsafe. A register of more than 64
 * bits is there word by word, NAME+0x0, NAME+0x4 and so on.
 */
#ifndef PCIETOOL_REGISTER_LIST_H
#define PCIETOOL_REGISTER_LIST_H

#include "core/access/access.h"

struct left_out {
	struct regmap_item item; /* as in the map; item.reg is never NULL */
	const char *reason; /* a literal, or the list's */
};

struct register_list {
	struct target *targets;
	size_t count;
	struct left_out *left_out;
	size_t left_out_count;
};

/*
 * TEXT is a RANGE, a NAME or a glob. Without a map a range gives an access of its width after another. Refuses
 * more than REGISTER_LIST_MAX targets.
 */
#define REGISTER_LIST_MAX (1u << 20)
int register_list_add(struct register_list *list, struct access *access, const char *text,
		      struct error *error);
/* The same, but for a range in which the map has no register: of that nothing is added. */
int register_list_add_named(struct register_list *list, struct access *access, const char *text,
			    struct error *error);
/* All of the map, which there must be; those outside of their BAR are left out. */
int register_list_add_all(struct register_list *list, struct access *access, struct error *error);
/* What a glob matches, but for blocks that are not there; ERROR_UNSUPPORTED where nothing is left. */
int register_list_add_glob(struct register_list *list, struct access *access, const char *glob,
			   struct error *error);
/* One that was resolved already; safe or not. */
int register_list_add_target(struct register_list *list, const struct target *target, struct error *error);
void register_list_free(struct register_list *list);

#endif
