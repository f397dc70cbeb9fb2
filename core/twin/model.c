// SPDX-License-Identifier: GPL-2.0-or-later
/* The model: its state in Lua, the functions it left, its timers. What it may call is in model_calls.c. */
#include "core/twin/model.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/array.h"
#include "core/base/clock.h"
#include "core/twin/model_internal.h"

/* bytes of Lua's memory: some of the largest DMA transfers */
#define MEMORY_MAX ((size_t)256 << 20)

static void *allocate(void *data, void *old, size_t old_size, size_t size)
{
	struct model *m = data;
	void *block;

	/* lua_Alloc: without OLD the size says what kind of thing it is for */
	if (!old)
		old_size = 0;
	if (size == 0) {
		free(old);
		m->used -= old_size;
		return NULL;
	}
	if (size > old_size && size - old_size > MEMORY_MAX - m->used)
		return NULL;
	block = realloc(old, size);
	if (block)
		m->used = m->used - old_size + size;
	return block;
}

/* --- running it --------------------------------------------------------------------------------------- */

/* The function below ARGUMENTS on the stack. -EIO: it failed, and its message is on the stack. */
static int run(struct model *m, int arguments, int results)
{
	struct model_watch outer;
	int status;

	model_watch_begin(m, &outer);
	status = m->lua.lua_pcallk(m->state, arguments, results, 0, 0, NULL);
	model_watch_end(m, &outer);
	return status == LUA_OK ? 0 : -EIO;
}

/* The message at the top, which is taken away. */
static void take_message(struct model *m, char *text, size_t size)
{
	const char *message = m->lua.lua_tolstring(m->state, -1, NULL);

	snprintf(text, size, "%s", message ? message : "an error that is no text");
	m->lua.lua_settop(m->state, -2);
}

/* The first is what the twin ends with. */
static void note_failure(struct model *m, const char *text)
{
	model_note(m, LOG_WARN, "%s", text);
	if (!m->failure[0])
		snprintf(m->failure, sizeof(m->failure), "%s", text);
}

/* As run(), for what nobody waits for: the device goes on. */
static int run_aside(struct model *m, int arguments, int results)
{
	char text[sizeof(m->failure)];
	int rc = run(m, arguments, results);

	if (rc == 0)
		return 0;
	take_message(m, text, sizeof(text));
	note_failure(m, text);
	return rc;
}

static void push_function(struct model *m, int reference)
{
	m->lua.lua_rawgeti(m->state, LUA_REGISTRYINDEX, reference);
}

/* --- register hooks ------------------------------------------------------------------------------------- */

static uint64_t field_bits(const struct model_hook *h, uint64_t value)
{
	return (value & h->mask) >> h->lsb;
}

static void on_read(void *data, struct register_state *state, uint64_t mask, uint64_t *value)
{
	struct model *m = data;

	for (size_t i = 0; i < m->hook_count; i++) {
		const struct model_hook h = m->hooks[i];

		if (h.on_write || h.state != state || !(h.mask & mask))
			continue;
		push_function(m, h.function);
		m->lua.lua_pushinteger(m->state, (lua_Integer)field_bits(&h, *value));
		if (run_aside(m, 1, 1) < 0)
			continue;
		/* nil: it reads what it holds */
		if (m->lua.lua_type(m->state, -1) != LUA_TNIL) {
			int is_number;
			uint64_t bits = (uint64_t)m->lua.lua_tointegerx(m->state, -1, &is_number) << h.lsb;

			if (is_number)
				*value = (*value & ~h.mask) | (bits & h.mask);
			else
				note_failure(m, "on_read: what the function gave is no integer");
		}
		m->lua.lua_settop(m->state, -2);
	}
}

static void on_write(void *data, struct register_state *state, uint64_t mask, uint64_t written, uint64_t old)
{
	struct model *m = data;

	for (size_t i = 0; i < m->hook_count; i++) {
		const struct model_hook h = m->hooks[i];

		if (!h.on_write || h.state != state || !(h.mask & mask))
			continue;
		push_function(m, h.function);
		m->lua.lua_pushinteger(m->state, (lua_Integer)field_bits(&h, written));
		m->lua.lua_pushinteger(m->state, (lua_Integer)field_bits(&h, old));
		run_aside(m, 2, 0);
	}
}

struct register_hooks model_hooks(struct model *m)
{
	if (!m || m->hook_count == 0)
		return (struct register_hooks){ 0 };
	return (struct register_hooks){ .data = m, .read = on_read, .write = on_write };
}

/* What H's bytes are if the COUNT from OFFSET on are BYTES, and the others what config space holds. */
static uint32_t config_value(const struct model *m, const struct model_config_hook *h, unsigned int offset,
			     const uint8_t *bytes, size_t count)
{
	uint32_t value = 0;

	for (unsigned int i = 0; i < h->bytes; i++) {
		unsigned int at = h->offset + i;
		bool is_written = at >= offset && at - offset < count;

		value |= (uint32_t)(is_written ? bytes[at - offset] : m->parts.config->bytes[at]) << 8 * i;
	}
	return value;
}

void model_config_written(struct model *m, unsigned int offset, const uint8_t *written, const uint8_t *old,
			  size_t count)
{
	for (size_t i = 0; m && i < m->config_hook_count; i++) {
		const struct model_config_hook h = m->config_hooks[i];

		if (h.offset >= offset + count || h.offset + h.bytes <= offset)
			continue;
		push_function(m, h.function);
		m->lua.lua_pushinteger(m->state, config_value(m, &h, offset, written, count));
		m->lua.lua_pushinteger(m->state, config_value(m, &h, offset, old, count));
		run_aside(m, 2, 0);
	}
}

void model_reset(struct model *m, enum config_reset kind)
{
	static const char *const names[] = {
		[CONFIG_RESET_DEVICE] = "device",
		[CONFIG_RESET_FLR] = "flr",
		[CONFIG_RESET_PM] = "pm",
	};

	if (!m || m->dead)
		return;
	for (size_t i = 0; i < m->timer_count; i++)
		m->lua.luaL_unref(m->state, LUA_REGISTRYINDEX, m->timers[i].function);
	m->timer_count = 0;
	m->ones = false;
	m->delay = 0;
	if (!m->has_on_reset)
		return;
	push_function(m, m->on_reset);
	m->lua.lua_pushstring(m->state, names[kind]);
	run_aside(m, 1, 0);
}

/* --- timers ------------------------------------------------------------------------------------------------ */

static const struct model_timer *next_timer(const struct model *m)
{
	const struct model_timer *next = NULL;

	for (size_t i = 0; i < m->timer_count; i++) {
		/* of two that are due at once, the one that was set first */
		if (!next || m->timers[i].due < next->due ||
		    (m->timers[i].due == next->due && m->timers[i].number < next->number))
			next = &m->timers[i];
	}
	return next;
}

uint64_t model_due(const struct model *m)
{
	const struct model_timer *next = m && !m->dead ? next_timer(m) : NULL;

	return next ? next->due : UINT64_MAX;
}

void model_run_timers(struct model *m, uint64_t now)
{
	const struct model_timer *next;
	uint64_t last = m ? m->timer_number : 0;

	/* what a timer sets waits for the next turn, so that messages are answered in between */
	while (m && !m->dead && (next = next_timer(m)) && next->due <= now && next->number <= last) {
		int function = next->function;

		m->timers[next - m->timers] = m->timers[--m->timer_count];
		push_function(m, function);
		m->lua.luaL_unref(m->state, LUA_REGISTRYINDEX, function);
		run_aside(m, 0, 0);
	}
}

/* --- open and close ----------------------------------------------------------------------------------------- */

bool model_is_dead(const struct model *m)
{
	return m && m->dead;
}

bool model_answers_ones(const struct model *m)
{
	return m && m->ones;
}

uint64_t model_delay(const struct model *m)
{
	return m ? m->delay : 0;
}

const char *model_failure(const struct model *m)
{
	return m && m->failure[0] ? m->failure : NULL;
}

static int load_library(struct model *m, const char *path, struct error *error)
{
#define SYMBOL(name) LIBRARY_SYMBOL(struct lua, name)
	static const struct library_symbol symbols[] = { LUA_FUNCTIONS(SYMBOL) };
#undef SYMBOL
	int rc;

	m->lua.library =
		library_load("liblua5.4.so.0", &m->lua, symbols, sizeof(symbols) / sizeof(symbols[0]));
	if (m->lua.library)
		return 0;
	if (errno != ELIBACC)
		return error_errno(error, -errno, "liblua5.4.so.0");
	rc = error_set(error, ERROR_UNSUPPORTED, "no-library", "%s: there is no liblua5.4.so.0 to run it",
		       path);
	error_hint(error, "apt install liblua5.4-0");
	return rc;
}

/* Under lua_pcall: the first things need memory, too. */
static int prepare(lua_State *L)
{
	struct model *m = model_of(L);
	/*
	 * what reaches files, or code that is no text; and xpcall, whose function for messages runs within the hook that ended
	 * the other one, where no hook ends it
	 */
	static const char *const unsafe[] = { "dofile",	 "loadfile",	   "load",
					      "require", "collectgarbage", "xpcall" };

	m->lua.luaL_requiref(L, "_G", m->lua.luaopen_base, 1);
	model_watch(m, "_G");
	m->lua.luaL_requiref(L, "string", m->lua.luaopen_string, 1);
	model_watch(m, "string");
	m->lua.luaL_requiref(L, "table", m->lua.luaopen_table, 1);
	model_watch(m, "table");
	m->lua.luaL_requiref(L, "math", m->lua.luaopen_math, 1);
	m->lua.luaL_requiref(L, "utf8", m->lua.luaopen_utf8, 1);
	for (size_t i = 0; i < sizeof(unsafe) / sizeof(unsafe[0]); i++) {
		m->lua.lua_pushnil(L);
		m->lua.lua_setglobal(L, unsafe[i]);
	}
	for (const struct model_call *call = model_calls; call->name; call++) {
		m->lua.lua_pushcclosure(L, call->function, 0);
		m->lua.lua_setglobal(L, call->name);
	}
	return 0;
}

static int run_file(struct model *m, const char *path, struct error *error)
{
	char text[sizeof(m->failure)];
	int rc;

	m->state = m->lua.lua_newstate(allocate, m);
	if (!m->state)
		return error_errno(error, -ENOMEM, "%s", path);
	*(struct model **)lua_getextraspace(m->state) = m;
	m->lua.lua_pushcclosure(m->state, prepare, 0);
	rc = run(m, 0, 0);
	/* text only: compiled code can do anything to its reader */
	if (rc == 0 && m->lua.luaL_loadfilex(m->state, path, "t") != LUA_OK)
		rc = -EIO;
	if (rc == 0)
		rc = run(m, 0, 0);
	if (rc == 0)
		return 0;
	take_message(m, text, sizeof(text));
	return error_set(error, ERROR_FAILED, "model", "%s", text);
}

int model_open(const struct model_parts *parts, const char *path, struct model **model, struct error *error)
{
	struct model *m = calloc(1, sizeof(*m));
	int rc;

	if (!m)
		return error_errno(error, -ENOMEM, "%s", path);
	m->parts = *parts;
	rc = load_library(m, path, error);
	if (rc == 0)
		rc = run_file(m, path, error);
	if (rc < 0) {
		model_close(m);
		return rc;
	}
	*model = m;
	return 0;
}

void model_close(struct model *m)
{
	if (!m)
		return;
	if (m->state)
		m->lua.lua_close(m->state);
	library_close(m->lua.library);
	free(m->hooks);
	free(m->config_hooks);
	free(m->timers);
	free(m);
}
