// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Ends a function of the model that does not end: by its instructions, and, as none are counted in a function of Lua's
 * library, by what those that may take for ever are asked to do, before they do it.
 */
#include <stdio.h>
#include <string.h>

#include "core/twin/model_bounds.h"
#include "core/twin/model_internal.h"

/* A function that needs more is taken for one that never ends: half a second on a slow machine. */
#define INSTRUCTIONS 20000000
/* The same time in steps of the library's, each of some ns. */
#define STEPS 50000000

enum bound { BOUND_PATTERN, BOUND_REPEAT, BOUND_MOVE, BOUND_LENGTH };

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
	/* these go by #, which a metatable may say anything of */
	{ "table", "insert", BOUND_LENGTH, 0 },
	{ "table", "remove", BOUND_LENGTH, 0 },
	{ "table", "sort", BOUND_LENGTH, 0 },
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
	m->lua.lua_sethook(L, on_event, LUA_MASKCOUNT, 1);
	push_line(m, L, where);
	if (m->is_out_of_steps)
		m->lua.lua_pushfstring(
			L, "%s:%d: ended after %d steps of Lua's library: a pattern without an end?",
			where->short_src, where->currentline, STEPS);
	else
		m->lua.lua_pushfstring(L, "%s:%d: ended after %d instructions: a loop without an end?",
				       where->short_src, where->currentline, INSTRUCTIONS);
	m->lua.lua_error(L);
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
				     STEPS - m->steps);
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

static void check_length(struct model *m, lua_State *L, const lua_Debug *call, const struct watched *w)
{
	int top = m->lua.lua_gettop(L);
	bool has_own;

	if (!push_argument(m, L, call, 1))
		return;
	has_own = m->lua.luaL_getmetafield(L, -1, "__len") != LUA_TNIL;
	m->lua.lua_settop(L, top);
	if (has_own)
		m->lua.luaL_error(L, "%s.%s: not of a table that says its length by __len", w->table,
				  w->name);
}

static void on_call(struct model *m, lua_State *L, lua_Debug *call)
{
	const void *function;
	const struct watched *w = watched;
	uint64_t cost = 0;

	m->lua.lua_getinfo(L, "f", call);
	function = m->lua.lua_topointer(L, -1);
	m->lua.lua_settop(L, -2);
	while (w < watched + MODEL_WATCHED && m->watched[w - watched] != function)
		w++;
	if (w == watched + MODEL_WATCHED)
		return;
	if (w->bound == BOUND_PATTERN)
		cost = pattern_cost(m, L, call, w);
	else if (w->bound == BOUND_REPEAT)
		cost = repeat_cost(m, L, call);
	else if (w->bound == BOUND_MOVE)
		cost = move_cost(m, L, call);
	else
		check_length(m, L, call, w);
	if (cost > STEPS - m->steps) {
		m->is_out_of_steps = true;
		end(m, L, call);
	}
	m->steps += cost;
}

static void on_event(lua_State *L, lua_Debug *where)
{
	struct model *m = model_of(L);

	if (where->event == LUA_HOOKCOUNT)
		end(m, L, where);
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

void model_watch_begin(struct model *m)
{
	m->steps = 0;
	m->is_out_of_steps = false;
	m->lua.lua_sethook(m->state, on_event, LUA_MASKCOUNT | LUA_MASKCALL, INSTRUCTIONS);
}
