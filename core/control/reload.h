/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The steps of a reload; only the files reload*.c include this. */
#ifndef PCIETOOL_RELOAD_STEPS_H
#define PCIETOOL_RELOAD_STEPS_H

#include "core/control/functions.h"
#include "core/control/reload_reload.h"
#include "core/fabric/upstream.h"

struct reload {
	struct context ctx; /* the caller's without its pool */
	struct pci_address address; /* of the function that was selected */
	struct upstream *upstream; /* NULL: on a root bus */
	struct function_state *functions;
	size_t count;
	struct function_difference *differences;
	size_t difference_count;

	const struct reload_options *options;
	const struct reload_calls *calls;
	bool undoing;
	bool skipped; /* by the step that runs */
	char detail[400]; /* of the step that runs */
};

struct step {
	const char *name;
	int (*run)(struct reload *r, struct error *error);
	bool (*needed)(const struct reload *r); /* after a failure before it; NULL: never */
};

/* In order; ends with one without a name. */
extern const struct step reload_steps[];

/* Adds to what the step tells. */
void reload_note(struct reload *r, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* Is it time to stop? Not while undoing. */
bool reload_is_stopped(const struct reload *r);

int reload_interrupted(struct error *error); /* fills the record */
void reload_pause(long ns);
int reload_function_open(struct reload *r, const struct function_state *f, struct device **device,
			 struct error *error);
void reload_note_driver(struct reload *r, const struct function_state *f, const char *driver);

/* The steps of reload_back.c, and when they are needed after a failure. */
int reload_rescan(struct reload *r, struct error *error);
int reload_appear(struct reload *r, struct error *error);
int reload_check(struct reload *r, struct error *error);
int reload_restore(struct reload *r, struct error *error);
int reload_bind(struct reload *r, struct error *error);
bool reload_any_removed(const struct reload *r);
bool reload_bind_needed(const struct reload *r);

#endif
