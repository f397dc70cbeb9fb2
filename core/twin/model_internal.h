/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Of model.c and model_calls.c alone: what a model holds. */
#ifndef PCIETOOL_TWIN_MODEL_INTERNAL_H
#define PCIETOOL_TWIN_MODEL_INTERNAL_H

#include "core/twin/lua.h"
#include "core/twin/model.h"

struct model_hook {
	struct register_state *state;
	uint64_t mask; /* the field's bits */
	unsigned int lsb;
	bool on_write;
	int function; /* in Lua's registry */
};

/* A function for what is written to config space. */
struct model_config_hook {
	unsigned int offset;
	unsigned int bytes; /* 1, 2 or 4 */
	int function; /* in Lua's registry */
};

struct model_timer {
	uint64_t due; /* clock_ns() */
	uint64_t number; /* they are numbered as they are set */
	int function;
};

/* Functions of Lua's library that may take for ever without an instruction of Lua's; model_watch.c. */
enum { MODEL_WATCHED = 11 };

struct model_budget {
	uint64_t instructions;
	uint64_t steps; /* of the library's */
	uint64_t ns; /* of the processor's time; none is left at model_watch.end */
};

/* Of a function of the model's that runs. */
struct model_watch {
	bool is_running;
	enum {
		MODEL_NOT_OVER,
		MODEL_OVER_INSTRUCTIONS,
		MODEL_OVER_STEPS,
		MODEL_OVER_TIME,
	} over;
	struct model_budget given;
	struct model_budget left; /* without ns */
	uint64_t end; /* of this thread's time, ns */
	uint64_t look_at; /* clock_ns(); END is not before */
};

struct model {
	struct model_parts parts;
	struct lua lua;
	lua_State *state;
	size_t used; /* bytes of its memory */
	const void *watched[MODEL_WATCHED]; /* as lua_topointer() has them */
	struct model_watch watch;
	struct model_hook *hooks;
	size_t hook_count;
	struct model_config_hook *config_hooks;
	size_t config_hook_count;
	struct model_timer *timers;
	size_t timer_count;
	uint64_t timer_number;
	bool has_on_reset;
	int on_reset;
	bool dead;
	bool ones;
	bool no_intx_status; /* the Interrupt Status bit stays 0 */
	uint64_t delay; /* ns */
	unsigned int prints; /* that were told so far */
	unsigned int warnings; /* as well */
	char failure[400];
};

/* A new coroutine has a copy of the main one's space (lua.h, lua_getextraspace). */
static inline struct model *model_of(lua_State *L)
{
	return *(struct model **)lua_getextraspace(L);
}

/* --- model_watch.c: what ends a model that does not end ------------------------------------------------ */

/* Of the library's table at the top of the stack, which is NAME: what is in it is watched from then on. */
void model_watch(struct model *model, const char *name);
/*
 * Around what is called; OUTER holds what runs already, whose DMA came back to the device. They share one budget: what is called
 * then may use half of what is left, so that one that does not end leaves the outer one some, and many do not go on for ever.
 */
void model_watch_begin(struct model *model, struct model_watch *outer);
void model_watch_end(struct model *model, const struct model_watch *outer);

/* To the log, and the first ones to the user. */
void model_note(struct model *model, enum log_level level, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

struct model_call {
	const char *name;
	lua_CFunction function;
};
extern const struct model_call model_calls[]; /* ends with a row without a name */

#endif
