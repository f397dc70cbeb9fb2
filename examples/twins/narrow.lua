-- SPDX-License-Identifier: GPL-2.0-or-later
-- A link that is half as wide as it should be, and a VPD that says why (PCI Local Bus 3.0, appendix I).
-- The link is as narrow.config says; link{speed=, width=} would change it.

local function item(keyword, text)
	return keyword .. string.char(#text) .. text
end

local function resource(tag, data)
	return string.char(tag) .. string.pack("<I2", #data) .. data
end

local name = resource(0x82, "Narrow demonstration board")
local body = item("PN", "NARROW-1") .. item("SN", "0001") .. item("V0", "lanes 4-7 not populated")
-- what makes the sum of all bytes up to and with it zero
local head = name .. string.char(0x90) .. string.pack("<I2", #body + 4) .. body .. "RV\1"
local sum = 0
for i = 1, #head do
	sum = sum + head:byte(i)
end
vpd(head .. string.char(-sum & 0xff) .. string.char(0x78))
