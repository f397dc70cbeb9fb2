-- SPDX-License-Identifier: GPL-2.0-or-later
local function done(well)
	set("DONE", well and 1 or 2)
end

on_write("PUT", function(word) done(dma_write(get("TARGET"), string.pack("<I4", word))) end)
on_write("GET", function()
	local bytes = dma_read(get("TARGET"), 4)
	set("WORD", bytes and string.unpack("<I4", bytes) or 0)
	done(bytes)
end)
on_write("FILL", function(bytes)
	local words = {}
	for i = 0, bytes // 4 - 1 do
		words[#words + 1] = string.pack("<I4", i)
	end
	done(dma_write(get("TARGET"), table.concat(words)))
end)
on_write("BELL", function()
	set("RINGS", get("RINGS") + 1)
	irq(0)
end)
on_read("PEEK", function() return dma_read(get("TARGET"), 4) and 1 or 2 end)
