-- SPDX-License-Identifier: GPL-2.0-or-later
-- A DMA engine that is started for each block: it sends words that count up, in one write, and interrupts by MSI.

local function done(fault)
	set("CTRL.START", 0)
	set(fault and "STATUS.FAULT" or "STATUS.DONE", 1)
	if not fault then
		set("BLOCKS", get("BLOCKS") + 1)
	end
	if get("CTRL.IRQ") == 1 then
		irq(0)
	end
end

-- so many words from FIRST on
local function words(first, count)
	local t = {}
	for i = 1, count do
		t[i] = string.pack("<I4", (first + i - 1) & 0xffffffff)
	end
	return table.concat(t)
end

local function transfer()
	local length = get("LENGTH")
	local count = get("COUNTER")
	local ok = length > 0 and length % 4 == 0 and length <= 0x100000 and
		dma_write(get("ADDRESS"), words(count, length // 4))
	if ok then
		set("COUNTER", (count + length // 4) & 0xffffffff)
	end
	done(not ok)
end

on_write("CTRL.START", function(value, old)
	if value == 1 and old == 0 then
		after("100us", transfer)
	end
end)

-- rehearse what a script does when the board goes
on_write("CTRL.DIE", function(value)
	if value == 1 then
		die()
	end
end)
