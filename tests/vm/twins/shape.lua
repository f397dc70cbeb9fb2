-- SPDX-License-Identifier: GPL-2.0-or-later
-- Config space as the guest wants it, behind the BARs. QEMU found no capability in it, and so passes on whatever is there.
local words, at = {}, 0

local function show()
	config_set(0x34, words[0x34] or 0)
	for offset = 0x40, 0xffc, 4 do
		config_set(offset, words[offset] or 0)
	end
	config_set(0x06, words[0x34] and 0x10 or 0, 16)
end

on_write("CLEAR", function() words = {} end)
on_write("AT", function(offset) at = offset end)
on_write("DATA", function(word) words[at] = word end)
on_write("SHOW", show)
on_reset(show)
