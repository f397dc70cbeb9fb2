-- SPDX-License-Identifier: GPL-2.0-or-later
-- A link that is what it is told to be, and that changes by itself while somebody watches it.

local function at(time, speed, width)
	after(time, function() link{speed = speed, width = width} end)
end

on_write("NOW", function()
	link{speed = get("NOW.SPEED"), width = get("NOW.WIDTH")}
end)

on_write("STORY", function(story)
	local speed, width = get("NOW.SPEED"), get("NOW.WIDTH")
	if story < 3 then
		at("1s", speed, width // 2)
		at("2s", 1, 1)
	end
	if story == 2 then
		at("3s", speed, width)
	elseif story == 3 then
		for i = 0, 2 do
			at(1 + 2 * i, 1, width)
			at(2 + 2 * i, speed, width)
		end
	end
end)

-- what the registers held goes with the reset
local trained
on_write("RESET", function()
	trained = {speed = get("RESET.SPEED"), width = get("RESET.WIDTH")}
end)

on_reset(function(kind)
	if kind == "device" and trained then
		link(trained)
	end
end)
