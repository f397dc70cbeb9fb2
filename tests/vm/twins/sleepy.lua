-- SPDX-License-Identifier: GPL-2.0-or-later
local resets = 0

on_reset(function(kind)
	resets = resets + (kind == "pm" and 1 or 0)
	set("RESETS", resets)
end)
