-- SPDX-License-Identifier: GPL-2.0-or-later
-- The card-to-host channels of an XDMA (PG195), registers of examples/xdma.map. They read the card's memory, whose words are
-- their number; or, with --snapshot xdma-stream.snapshot, send a stream of packets, of words that count up.

local MAGIC, WRITEBACK = 0xad4b, 0x52b4
local STOP, COMPLETED = 1, 2

local function words(first, count)
	local t = {}
	for i = 1, count do
		t[i] = string.pack("<I4", (first + i - 1) & 0xffffffff)
	end
	return table.concat(t)
end

local function channel(n)
	local name = "C2H" .. n
	local next_descriptor, credits, completed, is_waiting, generation = 0, 0, 0, false, 0
	-- of the stream, which begins anew with RUN: its next word, those that its packet still has
	local word, left, seed = 0, 0, 1
	local is_stream = false
	local step

	local function field(f, value)
		set(name .. ".STATUS." .. f, value)
	end

	local function stop(why)
		field("BUSY", 0)
		field(why, 1)
		is_waiting = false
		generation = generation + 1
	end

	local function waits_for_credits()
		return get("SGDMA.CREDIT_MODE.C2H") >> n & 1 == 1 and credits == 0
	end

	-- The next packet has so many words: 1 to 3,000, by a generator of Lehmer's.
	local function packet()
		seed = seed * 48271 % 0x7fffffff
		return seed % 3000 + 1
	end

	-- LENGTH bytes at most; how many, and whether a packet ends there
	local function data(source, length)
		if not is_stream then
			return words(source // 4, length // 4), false
		end
		if left == 0 then
			left = packet()
		end
		local count = math.min(left, length // 4)
		local bytes = words(word, count)
		word, left = word + count, left - count
		return bytes, left == 0
	end

	local function tell_count()
		local control = get(name .. ".CONTROL")
		field("DESC_COMPLETED", 1)
		if control >> 26 & 1 == 1 and control >> 2 & 1 == 1 then
			dma_write(get(name .. ".POLL_LO") | get(name .. ".POLL_HI") << 32,
				string.pack("<I4", completed & 0xffffff))
		end
	end

	local function transfer(control, length, source, destination)
		local bytes, ends = data(source, length)
		local ok = dma_write(destination, bytes)
		if ok and is_stream then
			ok = dma_write(source, string.pack("<I4I4", WRITEBACK << 16 | (ends and 1 or 0), #bytes))
		end
		if not ok then
			return false
		end
		completed = completed + 1
		set(name .. ".COMPLETED", completed)
		if control & COMPLETED ~= 0 then
			tell_count()
		end
		return true
	end

	step = function(of)
		if of ~= generation or get(name .. ".CONTROL.RUN") == 0 then
			return
		end
		if waits_for_credits() then
			is_waiting = true
			return
		end
		local raw = dma_read(next_descriptor, 32)
		if not raw then
			return stop("DESC_ERROR")
		end
		local first, length, source, destination, following = string.unpack("<I4I4I8I8I8", raw)
		if first >> 16 ~= MAGIC then
			return stop("MAGIC_STOPPED")
		end
		if not transfer(first & 0xff, length & 0xfffffff, source, destination) then
			return stop("READ_ERROR")
		end
		credits = math.max(credits - 1, 0)
		if first & STOP ~= 0 then
			return stop("DESC_STOPPED")
		end
		next_descriptor = following
		after("20us", function() step(of) end)
	end

	local function begin()
		set(name .. ".STATUS", 0)
		field("BUSY", 1)
		is_stream = get(name .. ".ID.STREAM") == 1
		word, left, seed = 0, 0, 1
		completed, is_waiting, generation = 0, false, generation + 1
		set(name .. ".COMPLETED", 0)
		next_descriptor = get(name .. "_SGDMA.DESC_LO") | get(name .. "_SGDMA.DESC_HI") << 32
		local of = generation
		after(0, function() step(of) end)
	end

	local function control(value)
		local old = get(name .. ".CONTROL")
		set(name .. ".CONTROL", value)
		if value & 1 == 1 and old & 1 == 0 then
			begin()
		elseif value & 1 == 0 and old & 1 == 1 then
			credits = 0
			stop("IDLE_STOPPED")
		end
	end

	on_write(name .. ".CONTROL", function(value, old)
		set(name .. ".CONTROL", old)
		control(value)
	end)
	on_write(name .. ".CONTROL_SET", function(value)
		control(get(name .. ".CONTROL") | value)
	end)
	on_write(name .. ".CONTROL_CLEAR", function(value)
		control(get(name .. ".CONTROL") & ~value)
	end)
	on_write(name .. "_SGDMA.CREDITS", function(value)
		credits = credits + (value & 0x3ff)
		if is_waiting then
			is_waiting = false
			local of = generation
			after(0, function() step(of) end)
		end
	end)
end

channel(0)
channel(1)

on_write("SGDMA.CREDIT_MODE_SET", function(value)
	set("SGDMA.CREDIT_MODE", get("SGDMA.CREDIT_MODE") | value)
end)
on_write("SGDMA.CREDIT_MODE_CLEAR", function(value)
	set("SGDMA.CREDIT_MODE", get("SGDMA.CREDIT_MODE") & ~value)
end)
