/* SPDX-License-Identifier: GPL-2.0-or-later */
/* liblua 5.4, loaded when a model is: lua.h's functions as members of a struct. Its macros call what is linked. */
#ifndef PCIETOOL_TWIN_LUA_H
#define PCIETOOL_TWIN_LUA_H

/* Debian and Arch have several versions beside each other, Fedora one. */
#if __has_include(<lua5.4/lua.h>)
#include <lua5.4/lauxlib.h>
#include <lua5.4/lua.h>
#include <lua5.4/lualib.h>
#else
#include <lauxlib.h>
#include <lua.h>
#include <lualib.h>
#endif

#include "core/base/library.h"

#define LUA_FUNCTIONS(X)                                                                                     \
	X(lua_newstate)                                                                                      \
	X(lua_close)                                                                                         \
	X(lua_sethook)                                                                                       \
	X(lua_getinfo)                                                                                       \
	X(lua_getstack)                                                                                      \
	X(lua_getlocal)                                                                                      \
	X(lua_topointer)                                                                                     \
	X(lua_settop)                                                                                        \
	X(lua_gettop)                                                                                        \
	X(lua_pushvalue)                                                                                     \
	X(lua_pushnil)                                                                                       \
	X(lua_pushboolean)                                                                                   \
	X(lua_pushinteger)                                                                                   \
	X(lua_pushlightuserdata)                                                                             \
	X(lua_pushstring)                                                                                    \
	X(lua_pushlstring)                                                                                   \
	X(lua_pushfstring)                                                                                   \
	X(lua_pushcclosure)                                                                                  \
	X(lua_setglobal)                                                                                     \
	X(lua_getfield)                                                                                      \
	X(lua_rawget)                                                                                        \
	X(lua_rawgeti)                                                                                       \
	X(lua_rawlen)                                                                                        \
	X(lua_type)                                                                                          \
	X(lua_toboolean)                                                                                     \
	X(lua_tolstring)                                                                                     \
	X(lua_tointegerx)                                                                                    \
	X(lua_pcallk)                                                                                        \
	X(lua_error)                                                                                         \
	X(luaL_error)                                                                                        \
	X(luaL_checkinteger)                                                                                 \
	X(luaL_checknumber)                                                                                  \
	X(luaL_checklstring)                                                                                 \
	X(luaL_getmetafield)                                                                                 \
	X(luaL_checktype)                                                                                    \
	X(luaL_tolstring)                                                                                    \
	X(luaL_buffinitsize)                                                                                 \
	X(luaL_pushresultsize)                                                                               \
	X(luaL_ref)                                                                                          \
	X(luaL_unref)                                                                                        \
	X(luaL_loadfilex)                                                                                    \
	X(luaL_requiref)                                                                                     \
	X(luaopen_base)                                                                                      \
	X(luaopen_string)                                                                                    \
	X(luaopen_table)                                                                                     \
	X(luaopen_math)                                                                                      \
	X(luaopen_utf8)

struct lua {
	void *library;
	LUA_FUNCTIONS(LIBRARY_MEMBER)
};

#endif
