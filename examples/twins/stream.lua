-- SPDX-License-Identifier: GPL-2.0-or-later
-- A streaming engine: words that count up, a page at a time, round a ring; vector 1 of MSI-X for data, vector 2 for a fault.

local PAGE = 4096
local counter = 0

local function page()
	local t = {}
	for i = 0, PAGE // 4 - 1 do
		t[i + 1] = string.pack("<I4", (counter + i) & 0xffffffff)
	end
	return table.concat(t)
end

local function room()
	local size = get("SIZE")
	return (get("TAIL") - get("HEAD") - 1) % size
end

-- A page, or nothing; false when it cannot go on.
local function fill()
	local size, head = get("SIZE"), get("HEAD")
	if room() < PAGE then
		if get("CTRL.DROP") == 1 then
			counter = (counter + PAGE // 4) & 0xffffffff
			set("STATUS.OVERRUN", 1)
			set("LOST", get("LOST") + PAGE)
		end
		return true
	end
	if not dma_write(get("RING") + head, page()) then
		set("STATUS.FAULT", 1)
		set("CTRL.RUN", 0)
		irq(2)
		return false
	end
	counter = (counter + PAGE // 4) & 0xffffffff
	set("HEAD", (head + PAGE) % size)
	set("STATUS.DATA", 1)
	irq(1)
	return true
end

local function run()
	if get("CTRL.RUN") == 1 and fill() then
		after("200us", run)
	end
end

-- Before it runs: a reader takes up the tail where the head stands then.
on_write("SIZE", function()
	set("HEAD", 0)
end)

on_write("CTRL.RUN", function(value, old)
	if value == 1 and old == 0 then
		local size = get("SIZE")
		if size == 0 or size % PAGE ~= 0 then
			set("STATUS.FAULT", 1)
			set("CTRL.RUN", 0)
			return
		end
		counter = 0
		after(0, run)
	end
end)
