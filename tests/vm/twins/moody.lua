-- SPDX-License-Identifier: GPL-2.0-or-later
-- Each mood comes a little later, so that whoever asked for it waits for something already.
on_write("MOOD", function(mood)
	if mood == 3 then
		slow("50ms")
	end
	after("300ms", function()
		if mood == 1 then
			answer("ones")
			after("3s", function() answer("normal") end)
		elseif mood == 2 then
			slow("200ms")
		elseif mood == 3 then
			after("1s", function() answer("ones") end)
			after("4s", function() answer("normal") slow(0) end)
		end
	end)
end)

-- PN says that it is longer than there is
vpd("\x82\x03\x00bad\x90\x10\x00PN\xf0abc\x78")
