-- SPDX-License-Identifier: GPL-2.0-or-later
-- A streaming engine that does what a first design does: it writes past its ring, does not stop, answers slowly, dies.

local PAGE = 4096
local counter, head, running, deaf = 0, 0, false, false

local function count(name)
	set(name, get(name) + 1)
end

local function words(first)
	local t = {}
	for i = 0, PAGE // 4 - 1 do
		t[i + 1] = string.pack("<I4", (first + i) & 0xffffffff)
	end
	return table.concat(t)
end

local function page(size)
	if not deaf and (get("TAIL") - head - 1) % size < PAGE then
		return
	end
	if not dma_write(get("RING") + head, words(counter)) then
		return count("REFUSED")
	end
	count("WROTE")
	counter = counter + PAGE // 4
	head = (head + PAGE) % size
	set("HEAD", head + get("JUMP"))
	local beyond = get("BEYOND")
	if head == 0 and beyond > 0 and not dma_write(get("RING") + size, string.rep("\xee", beyond)) then
		count("REFUSED")
	end
	irq(0)
end

local function run()
	if running then
		page(get("SIZE"))
		after("1ms", run)
	end
end

-- before it runs: a reader takes up the tail where the head stands then
on_write("SIZE", function()
	head = 0
	set("HEAD", 0)
end)

on_write("CTRL.DEAF", function(value, old)
	set("CTRL.DEAF", value | old)
end)

on_write("CTRL.RUN", function(value)
	if value == 1 and not running then
		counter, running = 0, true
		after(0, run)
	elseif value == 0 then
		-- and minds no reader from then on
		deaf = deaf or running and get("CTRL.DEAF") == 1
		running = deaf
	end
	set("CTRL.RUN", running and 1 or 0)
end)

on_reset(function()
	running, deaf = false, false
end)

on_write("SLOW", function(ms)
	slow(ms / 1000)
	after("3s", function() slow(0) end)
end)

on_write("FATE", function(fate)
	if fate == 2 then
		slow("50ms")
	end
	after("700ms", die)
end)
