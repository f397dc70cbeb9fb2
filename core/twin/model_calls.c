// SPDX-License-Identifier: GPL-2.0-or-later
/* What a model may call. An error in one is a jump out of it: nothing is held meanwhile. */
#include <errno.h>
#include <inttypes.h>
#include <linux/vfio.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "core/base/array.h"
#include "core/base/clock.h"
#include "core/base/number.h"
#include "core/twin/line.h"
#include "core/twin/model_internal.h"

/* in one transfer; Lua has it as a string */
#define DMA_MAX ((lua_Integer)64 << 20)
/* QEMU waits 5 s for an answer (hw/vfio-user/device.c, property x-msg-timeout) and drops the device then */
#define DELAY_MAX 4000000000u
#define NOTES_MAX 20

void model_note(struct model *m, enum log_level level, const char *format, ...)
{
	/* what a model prints is no reason to keep its faults from the user */
	unsigned int *told = level == LOG_WARN ? &m->warnings : &m->prints;
	char text[512];
	va_list arguments;

	va_start(arguments, format);
	vsnprintf(text, sizeof(text), format, arguments);
	va_end(arguments);
	twin_log_line(m->parts.log, "# %s", text);
	/* a fault in a loop is told once, and not for hours */
	if ((*told)++ < NOTES_MAX)
		context_log(m->parts.ctx, level, "%s", text);
	if (*told == NOTES_MAX)
		context_log(m->parts.ctx, LOG_NOTE, "more of these are in --log only");
}

/* --- registers ---------------------------------------------------------------------------------------- */

struct place {
	struct register_state *state;
	uint64_t mask;
	unsigned int lsb;
};

static struct place check_name(lua_State *L, int argument)
{
	struct model *m = model_of(L);
	const char *name = m->lua.luaL_checklstring(L, argument, NULL);
	struct regmap_item item = { 0 };
	struct register_state *state;
	struct error error;

	if (!m->parts.registers->map)
		m->lua.luaL_error(L, "'%s': there is no register map: --map", name);
	if (regmap_find(m->parts.registers->map, name, &item, &error) < 0)
		m->lua.luaL_error(L, "%s", error.message);
	state = register_file_find(m->parts.registers, item.reg);
	if (!state) {
		m->lua.luaL_error(L, "%s: it is where a capability says (at=), and a twin has it not",
				  item.reg->name);
		/* that was a jump */
		__builtin_unreachable();
	}
	return (struct place){ .state = state,
			       .mask = item.field ? regmap_field_mask(item.field) : width_max(item.reg->bits),
			       .lsb = item.field ? item.field->lsb : 0 };
}

static int call_get(lua_State *L)
{
	struct place p = check_name(L, 1);

	model_of(L)->lua.lua_pushinteger(L, (lua_Integer)((p.state->value & p.mask) >> p.lsb));
	return 1;
}

static int call_set(lua_State *L)
{
	struct place p = check_name(L, 1);
	uint64_t value = (uint64_t)model_of(L)->lua.luaL_checkinteger(L, 2);

	p.state->value = (p.state->value & ~p.mask) | (value << p.lsb & p.mask);
	return 0;
}

static int add_hook(lua_State *L, bool on_write)
{
	struct model *m = model_of(L);
	struct place p = check_name(L, 1);
	struct model_hook *hooks;
	int function;

	m->lua.luaL_checktype(L, 2, LUA_TFUNCTION);
	m->lua.lua_pushvalue(L, 2);
	function = m->lua.luaL_ref(L, LUA_REGISTRYINDEX);
	hooks = array_grow(m->hooks, m->hook_count, sizeof(*hooks));
	if (!hooks)
		return m->lua.luaL_error(L, "no memory");
	m->hooks = hooks;
	hooks[m->hook_count++] = (struct model_hook){
		.state = p.state, .mask = p.mask, .lsb = p.lsb, .on_write = on_write, .function = function
	};
	return 0;
}

static int call_on_read(lua_State *L)
{
	return add_hook(L, false);
}

static int call_on_write(lua_State *L)
{
	return add_hook(L, true);
}

static int call_on_reset(lua_State *L)
{
	struct model *m = model_of(L);

	m->lua.luaL_checktype(L, 1, LUA_TFUNCTION);
	m->lua.lua_settop(L, 1);
	m->on_reset = m->lua.luaL_ref(L, LUA_REGISTRYINDEX);
	m->has_on_reset = true;
	return 0;
}

/* --- config space ------------------------------------------------------------------------------------- */

struct config_place {
	unsigned int offset;
	unsigned int bytes;
};

/* An offset, and behind AFTER the width in bits, 32 unless it is given. */
static struct config_place check_place(lua_State *L, int after)
{
	struct model *m = model_of(L);
	lua_Integer offset = m->lua.luaL_checkinteger(L, 1);
	lua_Integer bits = m->lua.lua_gettop(L) > after ? m->lua.luaL_checkinteger(L, after + 1) : 32;

	if (bits != 8 && bits != 16 && bits != 32)
		m->lua.luaL_error(L, "config space: a width is 8, 16 or 32");
	if (offset < 0 || offset % (bits / 8) || offset > (lua_Integer)m->parts.config->size - bits / 8)
		m->lua.luaL_error(L, "config space: an offset is 0 to %d, a multiple of its width",
				  (int)m->parts.config->size - 1);
	return (struct config_place){ .offset = (unsigned int)offset, .bytes = (unsigned int)bits / 8 };
}

/* config_get(offset[, bits]) */
static int call_config_get(lua_State *L)
{
	struct model *m = model_of(L);
	struct config_place p = check_place(L, 1);
	lua_Integer value = 0;

	for (unsigned int i = 0; i < p.bytes; i++)
		value |= (lua_Integer)m->parts.config->bytes[p.offset + i] << 8 * i;
	m->lua.lua_pushinteger(L, value);
	return 1;
}

/* config_set(offset, value[, bits]): what it holds, also where a guest's write changes nothing */
static int call_config_set(lua_State *L)
{
	struct model *m = model_of(L);
	uint64_t value = (uint64_t)m->lua.luaL_checkinteger(L, 2);
	struct config_place p = check_place(L, 2);

	for (unsigned int i = 0; i < p.bytes; i++)
		m->parts.config->bytes[p.offset + i] = (uint8_t)(value >> 8 * i);
	return 0;
}

/* on_config_write(offset, f[, bits]) */
static int call_on_config_write(lua_State *L)
{
	struct model *m = model_of(L);
	struct config_place p = check_place(L, 2);
	struct model_config_hook *hooks;
	int function;

	m->lua.luaL_checktype(L, 2, LUA_TFUNCTION);
	m->lua.lua_pushvalue(L, 2);
	function = m->lua.luaL_ref(L, LUA_REGISTRYINDEX);
	hooks = array_grow(m->config_hooks, m->config_hook_count, sizeof(*hooks));
	if (!hooks)
		return m->lua.luaL_error(L, "no memory");
	m->config_hooks = hooks;
	hooks[m->config_hook_count++] =
		(struct model_config_hook){ .offset = p.offset, .bytes = p.bytes, .function = function };
	return 0;
}

/* --- DMA ------------------------------------------------------------------------------------------------- */

static const char *fault_text(int rc)
{
	switch (rc) {
	case -EPERM:
		return "bus mastering is off";
	case -EHOSTDOWN:
		return "it is not in D0";
	case -EACCES:
		return "memory that the guest maps for the other direction only";
	case -ENODEV:
		return "memory that QEMU does not share: -object memory-backend-memfd,share=on";
	case -EBUSY:
		return "no memory of the guest's; another device's is not reached while the guest waits for an answer: "
		       "after(0, f)";
	case -ELOOP:
		return "too many at once: each waits for the one before it";
	case -ETIMEDOUT:
	case -ECONNRESET:
	case -EINTR:
		return "QEMU does not answer";
	default:
		return "no memory of the guest's";
	}
}

/* PCIe 6.0 sections 5.3.1.2 to 5.3.1.4 and 7.5.1.1.3: a function issues requests in D0, while Bus Master Enable is set. */
static int check_master(const struct model *m)
{
	if (!m || !(config_image_get16(m->parts.config, PCI_COMMAND) & PCI_COMMAND_MASTER))
		return -EPERM;
	return config_image_power_state(m->parts.config) ? -EHOSTDOWN : 0;
}

void model_dma_fault(struct model *m, uint64_t address, size_t size, bool write, int rc)
{
	if (m)
		model_note(m, LOG_WARN, "DMA fault: %s %zu bytes at 0x%" PRIx64 ": %s",
			   write ? "writing" : "reading", size, address, fault_text(rc));
}

static int transfer(struct model *m, uint64_t address, void *bytes, size_t size, bool write)
{
	int rc = check_master(m);

	if (rc == 0)
		rc = guest_memory_copy(m->parts.memory, address, bytes, size, write);
	if (rc < 0)
		model_dma_fault(m, address, size, write, rc);
	return rc;
}

/* dma_read(address, size): a string, or nil and the reason */
static int call_dma_read(lua_State *L)
{
	struct model *m = model_of(L);
	uint64_t address = (uint64_t)m->lua.luaL_checkinteger(L, 1);
	lua_Integer size = m->lua.luaL_checkinteger(L, 2);
	luaL_Buffer buffer;
	char *bytes;
	int rc;

	if (size < 0 || size > DMA_MAX)
		return m->lua.luaL_error(L, "dma_read: 0 to %d bytes", (int)DMA_MAX);
	bytes = m->lua.luaL_buffinitsize(L, &buffer, (size_t)size);
	rc = transfer(m, address, bytes, (size_t)size, false);
	m->lua.luaL_pushresultsize(&buffer, rc < 0 ? 0 : (size_t)size);
	if (rc == 0)
		return 1;
	m->lua.lua_pushnil(L);
	m->lua.lua_pushstring(L, fault_text(rc));
	return 2;
}

/* dma_write(address, string): true, or false and the reason */
static int call_dma_write(lua_State *L)
{
	struct model *m = model_of(L);
	uint64_t address = (uint64_t)m->lua.luaL_checkinteger(L, 1);
	size_t size;
	const char *bytes = m->lua.luaL_checklstring(L, 2, &size);
	int rc = transfer(m, address, (void *)bytes, size, true);

	m->lua.lua_pushboolean(L, rc == 0);
	if (rc == 0)
		return 1;
	m->lua.lua_pushstring(L, fault_text(rc));
	return 2;
}

/* --- interrupts ------------------------------------------------------------------------------------------- */

/* irq(vector[, asserted]): by MSI-X, MSI or INTx, whatever the guest enabled. True where it went out. */
static int call_irq(lua_State *L)
{
	struct model *m = model_of(L);
	lua_Integer vector = m->lua.luaL_checkinteger(L, 1);
	bool asserted = m->lua.lua_gettop(L) < 2 || m->lua.lua_toboolean(L, 2);
	unsigned int index = vectors_enabled(m->parts.vectors, VFIO_PCI_MSIX_IRQ_INDEX)
				     ? VFIO_PCI_MSIX_IRQ_INDEX
				     : VFIO_PCI_MSI_IRQ_INDEX;
	int rc;

	if (vector < 0 || vector >= VECTORS_MAX)
		return m->lua.luaL_error(L, "irq: a vector is 0 to %d", VECTORS_MAX - 1);
	if (!vectors_enabled(m->parts.vectors, index) && asserted &&
	    config_image_power_state(m->parts.config) != 0) {
		rc = -EHOSTDOWN;
		model_note(m, LOG_WARN, "no INTx: %s", fault_text(rc));
	} else if (!vectors_enabled(m->parts.vectors, index)) {
		rc = line_set(m->parts.config, m->parts.vectors, asserted, m->no_intx_status);
	} else {
		rc = asserted ? check_master(m) : -ENOENT;
		if (rc == 0)
			rc = vectors_trigger(m->parts.vectors, index, (unsigned int)vector);
		else if (asserted)
			model_note(m, LOG_WARN, "an interrupt is a memory write, and %s: vector %d",
				   fault_text(rc), (int)vector);
	}
	m->lua.lua_pushboolean(L, rc == 0);
	return 1;
}

/* intx{status=boolean}: false, and its Interrupt Status bit never shows INTx, as of boards that lack it */
static int call_intx(lua_State *L)
{
	struct model *m = model_of(L);

	m->lua.luaL_checktype(L, 1, LUA_TTABLE);
	if (m->lua.lua_getfield(L, 1, "status") != LUA_TBOOLEAN)
		return m->lua.luaL_error(L, "intx: status is true or false");
	m->no_intx_status = !m->lua.lua_toboolean(L, -1);
	return 0;
}

/* --- time --------------------------------------------------------------------------------------------------- */

/* Seconds as a number, or "10ms". */
static uint64_t check_time(lua_State *L, int argument)
{
	struct model *m = model_of(L);
	struct error error;
	uint64_t ns = 0;
	lua_Number seconds;

	if (m->lua.lua_type(L, argument) == LUA_TSTRING) {
		if (duration_parse(m->lua.lua_tolstring(L, argument, NULL), &ns, &error) < 0)
			m->lua.luaL_error(L, "%s", error.message);
		return ns;
	}
	seconds = m->lua.luaL_checknumber(L, argument);
	/* a day; and what is no number compares false */
	if (!(seconds >= 0 && seconds <= 86400))
		m->lua.luaL_error(L, "a time is 0 to 86400 seconds, or a text such as '10ms'");
	return (uint64_t)(seconds * 1e9);
}

/* after(time, f) */
static int call_after(lua_State *L)
{
	struct model *m = model_of(L);
	uint64_t ns = check_time(L, 1);
	struct model_timer *timers;
	int function;

	m->lua.luaL_checktype(L, 2, LUA_TFUNCTION);
	m->lua.lua_settop(L, 2);
	function = m->lua.luaL_ref(L, LUA_REGISTRYINDEX);
	timers = array_grow(m->timers, m->timer_count, sizeof(*timers));
	if (!timers)
		return m->lua.luaL_error(L, "no memory");
	m->timers = timers;
	timers[m->timer_count++] = (struct model_timer){ .due = clock_ns() + ns,
							 .number = ++m->timer_number,
							 .function = function };
	return 0;
}

static int call_slow(lua_State *L)
{
	struct model *m = model_of(L);
	uint64_t ns = check_time(L, 1);

	if (ns > DELAY_MAX)
		return m->lua.luaL_error(L, "slow: QEMU gives up on a device after 5 s: 4s at most");
	m->delay = ns;
	return 0;
}

/* --- the device as a whole ------------------------------------------------------------------------------------ */

static unsigned int link_member(lua_State *L, const char *name, unsigned int now, unsigned int most)
{
	struct model *m = model_of(L);
	lua_Integer value = now;

	m->lua.lua_getfield(L, 1, name);
	if (m->lua.lua_type(L, -1) != LUA_TNIL)
		value = m->lua.luaL_checkinteger(L, -1);
	m->lua.lua_settop(L, 1);
	if (value < 1 || value > most)
		m->lua.luaL_error(L, "link: %s is 1 to %d", name, (int)most);
	return (unsigned int)value;
}

/* link{speed=generation, width=lanes}: Link Status, PCIe 6.0 section 7.5.3.8 */
static int call_link(lua_State *L)
{
	struct model *m = model_of(L);
	struct config_image *c = m->parts.config;
	unsigned int at = c->express + PCI_EXP_LNKSTA;
	unsigned int status;
	unsigned int speed;
	unsigned int width;

	m->lua.luaL_checktype(L, 1, LUA_TTABLE);
	if (!config_image_has(c, c->express, PCI_EXP_LNKSTA, 2))
		return m->lua.luaL_error(
			L, c->express ? "link: its PCI Express capability is cut off before Link Status"
				      : "link: the device has no PCI Express capability");
	status = config_image_get16(c, at);
	speed = link_member(L, "speed", status & PCI_EXP_LNKSTA_CLS, 7);
	width = link_member(L, "width", (status & PCI_EXP_LNKSTA_NLW) >> PCI_EXP_LNKSTA_NLW_SHIFT, 32);
	status &= ~(unsigned int)(PCI_EXP_LNKSTA_CLS | PCI_EXP_LNKSTA_NLW);
	status |= speed | width << PCI_EXP_LNKSTA_NLW_SHIFT;
	config_image_put16(c, at, (uint16_t)status);
	/* a reset of the function does not train its link anew */
	memcpy(c->initial + at, c->bytes + at, 2);
	return 0;
}

/* vpd(string) */
static int call_vpd(lua_State *L)
{
	struct model *m = model_of(L);
	struct config_image *c = m->parts.config;
	size_t size;
	const char *bytes = m->lua.luaL_checklstring(L, 1, &size);

	if (!config_image_has(c, c->vpd, PCI_VPD_DATA, 4))
		return m->lua.luaL_error(L, c->vpd ? "vpd: its VPD capability is cut off before its data"
						   : "vpd: the device has no VPD capability");
	if (config_image_set_vpd(c, bytes, size) < 0)
		return m->lua.luaL_error(L, "no memory");
	return 0;
}

static int call_die(lua_State *L)
{
	struct model *m = model_of(L);

	m->dead = true;
	/* nor is it slow, a bus master, or at the line, whatever the model does after this */
	m->delay = 0;
	m->parts.vectors->intx_asserted = false;
	config_image_put16(m->parts.config, PCI_COMMAND, PCI_COMMAND_INTX_DISABLE);
	return 0;
}

/* answer("ones"), answer("normal") */
static int call_answer(lua_State *L)
{
	struct model *m = model_of(L);
	const char *word = m->lua.luaL_checklstring(L, 1, NULL);

	if (strcmp(word, "ones") != 0 && strcmp(word, "normal") != 0)
		return m->lua.luaL_error(L, "answer: 'ones' or 'normal', not '%s'", word);
	m->ones = strcmp(word, "ones") == 0;
	return 0;
}

static int call_print(lua_State *L)
{
	struct model *m = model_of(L);
	int count = m->lua.lua_gettop(L);
	char text[480] = "";
	size_t used = 0;

	/* on one line, with tabs between them, as Lua's own (Lua 5.4 manual, 6.1) */
	for (int i = 1; i <= count && used < sizeof(text) - 1; i++) {
		used += (size_t)snprintf(text + used, sizeof(text) - used, "%s%s", i > 1 ? "\t" : "",
					 m->lua.luaL_tolstring(L, i, NULL));
		m->lua.lua_settop(L, count);
	}
	model_note(m, LOG_NOTE, "%s", text);
	return 0;
}

const struct model_call model_calls[] = {
	{ "get", call_get },
	{ "set", call_set },
	{ "config_get", call_config_get },
	{ "config_set", call_config_set },
	{ "on_config_write", call_on_config_write },
	{ "on_read", call_on_read },
	{ "on_write", call_on_write },
	{ "on_reset", call_on_reset },
	{ "dma_read", call_dma_read },
	{ "dma_write", call_dma_write },
	{ "irq", call_irq },
	{ "intx", call_intx },
	{ "after", call_after },
	{ "slow", call_slow },
	{ "link", call_link },
	{ "vpd", call_vpd },
	{ "die", call_die },
	{ "answer", call_answer },
	{ "print", call_print },
	{ NULL, NULL },
};
