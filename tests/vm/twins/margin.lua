-- SPDX-License-Identifier: GPL-2.0-or-later
-- A receiver of four lanes, number 6, that can be margined in time (PCIe 5.0 section 4.2.13): eight steps, of which a lane
-- takes three and its number. The answer to a command comes a little later, as that of a receiver does.

local CAPABILITY, STEPS, NORMAL = 0x100, 8, 0x0f
local REPORTS = {[0x88] = 0x10, [0x8a] = STEPS, [0x8b] = 40}

local function answer(lane, kind, payload)
	if kind == 1 then
		return REPORTS[payload] or 0
	elseif kind == 3 then
		local errs = (payload & 0x3f) > lane + 3
		return errs and 0x05 or 0x80
	end
	return payload
end

local last = {}
for lane = 0, 3 do
	local control = CAPABILITY + 8 + 4 * lane
	on_config_write(control, function(word)
		local receiver, kind, payload = word & 7, word >> 3 & 7, word >> 8
		if receiver ~= 6 and kind ~= 7 then
			return
		end
		if kind == 2 then
			set("SETTINGS", get("SETTINGS") + 1)
			set("NORMAL", payload == NORMAL and 1 or 0)
		end
		last[lane] = word
		after("2ms", function()
			if last[lane] == word then
				config_set(control + 2, receiver | kind << 3 | answer(lane, kind, payload) << 8, 16)
			end
		end)
	end, 16)
end
