// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Ends a function of the model that does not end: by its instructions; as none are counted in a function of Lua's library, by
 * what those that may take for ever are asked to do, before they do it; and by the processor's time, as an instruction may
 * take a long one (two texts of many megabytes are put together by one).
 */
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "core/base/clock.h"
#include "core/twin/model_bounds.h"
#include "core/twin/model_internal.h"

/* A function that needs more is taken for one that never ends: half a second on a slow machine. */
#define INSTRUCTIONS 20000000
/* The same time in steps of the library's, each of some ns. */
#define STEPS 50000000
/* Of the processor: twice what QEMU waits for an answer (see DELAY_MAX), so that it comes after all that is of use. */
#define TIME_NS 10000000000u
/* Instructions between looks. Each may take 50 ms, with as much memory as a model has. */
#define LOOK 200

enum bound {
	BOUND_PATTERN,
	BOUND_REPEAT,
	BOUND_MOVE,
	BOUND_INSERT,
	BOUND_REMOVE,
	BOUND_SORT,
	BOUND_CONCAT,
	BOUND_FINALIZER
};

static const struct watched {
	const char *table;
	const char *name;
	enum bound bound;
	enum pattern_use use;
} watched[MODEL_WATCHED] = {
	{ "string", "find", BOUND_PATTERN, PATTERN_FIND },
	{ "string", "match", BOUND_PATTERN, PATTERN_FIND },
	{ "string", "gsub", BOUND_PATTERN, PATTERN_EACH },
	{ "string", "gmatch", BOUND_PATTERN, PATTERN_GMATCH },
	{ "string", "rep", BOUND_REPEAT, 0 },
	{ "table", "move", BOUND_MOVE, 0 },
	/* these go by #, which a metatable may say anything of, and a few elements: it is where one is followed by none */
	{ "table", "insert", BOUND_INSERT, 0 },
	{ "table", "remove", BOUND_REMOVE, 0 },
	{ "table", "sort", BOUND_SORT, 0 },
	{ "table", "concat", BOUND_CONCAT, 0 },
	{ "_G", "setmetatable", BOUND_FINALIZER, 0 },
};

/* The line of the model that is run: of what is called from there, there is none. */
static void push_line(struct model *m, lua_State *L, lua_Debug *where)
{
	for (int level = 0; m->lua.lua_getstack(L, level, where); level++) {
		m->lua.lua_getinfo(L, "Sl", where);
		if (where->currentline > 0)
			break;
	}
}

static void on_event(lua_State *L, lua_Debug *where);

/* Again after each instruction from then on, so that nothing that catches errors goes on. */
static void end(struct model *m, lua_State *L, lua_Debug *where)
{
	const struct model_watch *w = &m->watch;

	m->lua.lua_sethook(L, on_event, LUA_MASKCOUNT, 1);
	push_line(m, L, where);
	if (w->over == MODEL_OVER_STEPS)
		m->lua.lua_pushfstring(
			L, "%s:%d: ended after %d steps of Lua's library: a pattern without an end?",
			where->short_src, where->currentline, (int)w->given.steps);
	else if (w->over == MODEL_OVER_TIME)
		m->lua.lua_pushfstring(
			L,
			"%s:%d: ended after %d ms of the processor's time: texts that grow without an end?",
			where->short_src, where->currentline, (int)(w->given.ns / 1000000));
	else
		m->lua.lua_pushfstring(L, "%s:%d: ended after %d instructions: a loop without an end?",
				       where->short_src, where->currentline, (int)w->given.instructions);
	m->lua.lua_error(L);
}

/* This thread's: a twin has one. */
static uint64_t processor_ns(void)
{
	struct timespec t;

	clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);
	return (uint64_t)t.tv_sec * 1000000000 + (uint64_t)t.tv_nsec;
}

/* The processor's time costs a system call, and is never more than what has passed. */
static bool is_out_of_time(struct model_watch *w)
{
	uint64_t now = clock_ns();
	uint64_t used;

	if (now < w->look_at)
		return false;
	used = processor_ns();
	if (used >= w->end)
		return true;
	w->look_at = now + (w->end - used);
	return false;
}

static void on_count(struct model *m, lua_State *L, lua_Debug *where)
{
	struct model_watch *w = &m->watch;

	if (w->over == MODEL_NOT_OVER && w->left.instructions <= LOOK)
		w->over = MODEL_OVER_INSTRUCTIONS;
	else if (w->over == MODEL_NOT_OVER && is_out_of_time(w))
		w->over = MODEL_OVER_TIME;
	if (w->over != MODEL_NOT_OVER)
		end(m, L, where);
	w->left.instructions -= LOOK;
}

/* --- what a function is asked for -------------------------------------------------------------------------- */

/* Argument NUMBER of the function that is called, on the stack; false: there is none. */
static bool push_argument(struct model *m, lua_State *L, const lua_Debug *call, int number)
{
	return m->lua.lua_getlocal(L, call, number) != NULL;
}

static int64_t integer_argument(struct model *m, lua_State *L, const lua_Debug *call, int number,
				int64_t otherwise)
{
	int is_number = 0;
	lua_Integer value = 0;

	if (push_argument(m, L, call, number)) {
		value = m->lua.lua_tointegerx(L, -1, &is_number);
		m->lua.lua_settop(L, -2);
	}
	return is_number ? value : otherwise;
}

static bool is_true_argument(struct model *m, lua_State *L, const lua_Debug *call, int number)
{
	bool is_true = false;

	if (push_argument(m, L, call, number)) {
		is_true = m->lua.lua_toboolean(L, -1);
		m->lua.lua_settop(L, -2);
	}
	return is_true;
}

/* Left on the stack, where there is one: *TEXT lasts as long as that. NULL: an argument that Lua refuses. */
static const char *text_argument(struct model *m, lua_State *L, const lua_Debug *call, int number,
				 size_t *length)
{
	return push_argument(m, L, call, number) ? m->lua.lua_tolstring(L, -1, length) : NULL;
}

/* Where the third argument of string.find and its kind has it begin, from 0. */
static size_t begins_at(int64_t init, size_t length)
{
	if (init > 0)
		return (uint64_t)init - 1 > length ? length + 1 : (size_t)init - 1;
	return init == 0 || 0 - (uint64_t)init > length ? 0 : length - (size_t)(0 - (uint64_t)init);
}

static uint64_t pattern_cost(struct model *m, lua_State *L, const lua_Debug *call, const struct watched *w)
{
	int top = m->lua.lua_gettop(L);
	bool is_find = strcmp(w->name, "find") == 0;
	enum pattern_use use = w->use;
	int64_t first = 1;
	size_t length = 0;
	size_t pattern_length = 0;
	const char *subject;
	const char *pattern;
	uint64_t cost = 0;

	/* before anything is on the stack, where it would be taken for an argument */
	if (w->use != PATTERN_EACH)
		first = integer_argument(m, L, call, 3, 1);
	if (is_find && is_true_argument(m, L, call, 4))
		use = PATTERN_PLAIN;
	subject = text_argument(m, L, call, 1, &length);
	pattern = subject ? text_argument(m, L, call, 2, &pattern_length) : NULL;
	if (pattern)
		cost = pattern_steps(use, subject, length, begins_at(first, length), pattern, pattern_length,
				     m->watch.left.steps);
	m->lua.lua_settop(L, top);
	return cost;
}

/* Nothing, so and so often: what is something ends with the memory. */
static uint64_t repeat_cost(struct model *m, lua_State *L, const lua_Debug *call)
{
	int64_t count = integer_argument(m, L, call, 2, 0);

	return count > 0 ? (uint64_t)count / 16 : 0;
}

static uint64_t move_cost(struct model *m, lua_State *L, const lua_Debug *call)
{
	int64_t first = integer_argument(m, L, call, 2, 1);
	int64_t last = integer_argument(m, L, call, 3, 0);

	return last >= first ? (uint64_t)last - (uint64_t)first : 0;
}

/* Nobody's own word for it counts. */
static uint64_t own_length(struct model *m, lua_State *L, const lua_Debug *call, const struct watched *w)
{
	int top = m->lua.lua_gettop(L);
	uint64_t length;
	bool has_own;

	if (!push_argument(m, L, call, 1))
		return 0;
	/* Lua refuses what is no table; the length of a text is no number of elements */
	length = m->lua.lua_type(L, -1) == LUA_TTABLE ? m->lua.lua_rawlen(L, -1) : 0;
	has_own = m->lua.luaL_getmetafield(L, -1, "__len") != LUA_TNIL;
	m->lua.lua_settop(L, top);
	if (has_own)
		m->lua.luaL_error(L, "%s.%s: not of a table that says its length by __len", w->table,
				  w->name);
	return length;
}

/* From the POSITION that is its second argument to the end; without a position nothing is moved. */
static uint64_t shift_cost(struct model *m, lua_State *L, const lua_Debug *call, const struct watched *w)
{
	int64_t position = integer_argument(m, L, call, 2, INT64_MAX);
	bool is_at_end = w->bound == BOUND_INSERT && !push_argument(m, L, call, 3);
	uint64_t length;

	if (w->bound == BOUND_INSERT && !is_at_end)
		m->lua.lua_settop(L, -2);
	length = own_length(m, L, call, w);
	/* Lua refuses a position that is none */
	return is_at_end || position < 1 || (uint64_t)position > length ? 0 : length - (uint64_t)position;
}

/* Each element is compared so and so often, texts by each of their bytes. */
static uint64_t sort_cost(struct model *m, lua_State *L, const lua_Debug *call, const struct watched *w)
{
	int top = m->lua.lua_gettop(L);
	uint64_t length = own_length(m, L, call, w);
	uint64_t cost = length;
	uint64_t rounds = 1;

	while (length >> rounds)
		rounds++;
	if (length > m->watch.left.steps / rounds || !push_argument(m, L, call, 1))
		return length > m->watch.left.steps / rounds ? UINT64_MAX : 0;
	for (uint64_t i = 1; i <= length; i++) {
		m->lua.lua_rawgeti(L, top + 1, (lua_Integer)i);
		if (m->lua.lua_type(L, -1) == LUA_TSTRING)
			cost += m->lua.lua_rawlen(L, -1) / 16;
		m->lua.lua_settop(L, top + 1);
	}
	m->lua.lua_settop(L, top);
	return cost * rounds;
}

static uint64_t concat_cost(struct model *m, lua_State *L, const lua_Debug *call, const struct watched *w)
{
	int64_t first = integer_argument(m, L, call, 3, 1);
	int64_t last = integer_argument(m, L, call, 4, INT64_MIN);
	uint64_t length = own_length(m, L, call, w);

	if (last == INT64_MIN)
		last = length > INT64_MAX ? INT64_MAX : (int64_t)length;
	return last >= first ? (uint64_t)last - (uint64_t)first : 0;
}

/* Lua calls one with no hooks in place (Lua 5.4, lgc.c, GCTM()). */
static void check_finalizer(struct model *m, lua_State *L, const lua_Debug *call)
{
	int top = m->lua.lua_gettop(L);
	bool has_finalizer = false;

	if (push_argument(m, L, call, 2) && m->lua.lua_type(L, -1) == LUA_TTABLE) {
		m->lua.lua_pushstring(L, "__gc");
		has_finalizer = m->lua.lua_rawget(L, -2) != LUA_TNIL;
	}
	m->lua.lua_settop(L, top);
	if (has_finalizer)
		m->lua.luaL_error(L, "setmetatable: a model has no __gc");
}

static uint64_t cost_of(struct model *m, lua_State *L, const lua_Debug *call, const struct watched *w)
{
	switch (w->bound) {
	case BOUND_PATTERN:
		return pattern_cost(m, L, call, w);
	case BOUND_REPEAT:
		return repeat_cost(m, L, call);
	case BOUND_MOVE:
		return move_cost(m, L, call);
	case BOUND_INSERT:
	case BOUND_REMOVE:
		return shift_cost(m, L, call, w);
	case BOUND_SORT:
		return sort_cost(m, L, call, w);
	case BOUND_CONCAT:
		return concat_cost(m, L, call, w);
	case BOUND_FINALIZER:
		check_finalizer(m, L, call);
		break;
	}
	return 0;
}

static void on_call(struct model *m, lua_State *L, lua_Debug *call)
{
	const void *function;
	const struct watched *w = watched;
	uint64_t cost;

	m->lua.lua_getinfo(L, "f", call);
	function = m->lua.lua_topointer(L, -1);
	m->lua.lua_settop(L, -2);
	while (w < watched + MODEL_WATCHED && m->watched[w - watched] != function)
		w++;
	if (w == watched + MODEL_WATCHED)
		return;
	cost = cost_of(m, L, call, w);
	if (cost > m->watch.left.steps) {
		m->watch.over = MODEL_OVER_STEPS;
		end(m, L, call);
	}
	m->watch.left.steps -= cost;
}

static void on_event(lua_State *L, lua_Debug *where)
{
	struct model *m = model_of(L);

	if (where->event == LUA_HOOKCOUNT)
		on_count(m, L, where);
	else
		on_call(m, L, where);
}

void model_watch(struct model *m, const char *name)
{
	for (size_t i = 0; i < MODEL_WATCHED; i++) {
		if (strcmp(watched[i].table, name) != 0)
			continue;
		m->lua.lua_getfield(m->state, -1, watched[i].name);
		m->watched[i] = m->lua.lua_topointer(m->state, -1);
		m->lua.lua_settop(m->state, -2);
	}
}

static void set_hook(struct model *m)
{
	m->lua.lua_sethook(m->state, on_event, LUA_MASKCOUNT | LUA_MASKCALL, LOOK);
}

void model_watch_begin(struct model *m, struct model_watch *outer)
{
	struct model_watch *w = &m->watch;
	uint64_t now = processor_ns();

	*outer = *w;
	if (outer->is_running) {
		w->given.instructions = outer->left.instructions / 2;
		w->given.steps = outer->left.steps / 2;
		w->given.ns = outer->end > now ? (outer->end - now) / 2 : 0;
	} else {
		w->given = (struct model_budget){
			.instructions = INSTRUCTIONS,
			.steps = STEPS,
			.ns = m->parts.time_max ? m->parts.time_max : TIME_NS,
		};
		set_hook(m);
	}
	w->left = w->given;
	w->end = now + w->given.ns;
	w->look_at = 0;
	w->over = MODEL_NOT_OVER;
	w->is_running = true;
}

void model_watch_end(struct model *m, const struct model_watch *outer)
{
	struct model_watch inner = m->watch;

	m->watch = *outer;
	if (!outer->is_running)
		return;
	m->watch.left.instructions -= inner.given.instructions - inner.left.instructions;
	m->watch.left.steps -= inner.given.steps - inner.left.steps;
	/* set anew only where it was changed: what has been counted so far is forgotten with it */
	if (inner.over != MODEL_NOT_OVER && outer->over == MODEL_NOT_OVER)
		set_hook(m);
}
