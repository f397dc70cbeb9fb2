-- SPDX-License-Identifier: GPL-2.0-or-later
-- An engine at the speed of memory: it fills the blocks that it is given as fast as it can.

local BLOCKS = 64
local data = string.rep("\x5a", 1 << 20)
local queue, first, last = {}, 1, 0

local function fill()
	if first > last then
		return
	end
	dma_write(queue[first], data)
	dma_write(get("STATUS") + 8 * ((first - 1) % BLOCKS), string.pack("<I8", (first - 1) // BLOCKS + 1))
	queue[first] = nil
	first = first + 1
	after(0, fill)
end

on_write("BLOCK", function(address)
	last = last + 1
	queue[last] = address
	if first == last then
		after(0, fill)
	end
end)

on_write("CTRL.RUN", function(value)
	if value == 0 then
		queue, first, last = {}, 1, 0
	end
end)
