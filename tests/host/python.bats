#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
#
# Python's package on a fake tree, by pytest. With a device: tests/vm/library.bats.

load ../lib/common
load ../lib/fake_device

setup() {
	python=/usr/bin/python3
	[ -e "$BUILD/python/pcietool/_native.abi3.so" ] || skip 'there is no package for it in this build: cffi, the headers of Python, no sanitizers'
	fake_edu
	cd "$BATS_TEST_TMPDIR" || return
	cat >board.map <<-'END'
		map,board
		register,ID,0x0,32,ro
		register,CTRL,0x4,32,rw
		field,CTRL,START,0
		field,CTRL,MODE,7:4
		enum,CTRL.MODE,SLOW,0
		enum,CTRL.MODE,FAST,5
		register,KICK,0x8,32,wo
		register,DMA.LEN,0x40,32,rw
		register,DMA.STATE,0x44,32,ro
		register,CH[0].ADDR,0x50,32,rw
		register,CH[1].ADDR,0x54,32,rw
		register,class,0x60,32,rw
		register,value,0x64,32,rw
		register,CTRL2,0x68,32,rw
		field,CTRL2,value,3:0
		register,BYTE,0x6c,8,rw
		register,MIXED,0x70,12,rw,width=32
		field,MIXED,GO,8,wo
		field,MIXED,LOW,3:0,rw
	END
	export SYSROOT BAR=$file TOP PYTHONPATH=$BUILD/python PYTHONDONTWRITEBYTECODE=1
}

# tests NAME: tests/python/test_NAME.py, each of its tests on a tree of its own state.
tests() {
	local name
	cp "$file" before.bar
	while read -r name; do
		cp before.bar "$file"
		run timeout 120 "$python" -m pytest -q -p no:cacheprovider --rootdir "$TOP/tests/python" \
			"$TOP/tests/python/test_$1.py::$name"
		assert_success
	done < <(sed -n 's/^def \(test_[a-z_]*\)(.*/\1/p' "$TOP/tests/python/test_$1.py")
}

@test "registers by name: attributes, brackets, fields, blocks, names of Python's own" {
	tests registers
}

@test "errors are exceptions of their kind" {
	tests errors
}

@test "close, fork, threads, descriptors" {
	tests life
}

@test "the types are whole: every name has one" {
	"$python" -m mypy --version >/dev/null 2>&1 || skip 'no mypy here'
	run "$python" -m mypy --strict --allow-untyped-decorators --no-warn-return-any --cache-dir "$BATS_TEST_TMPDIR" \
		"$BUILD/python/pcietool"
	assert_success
}

@test "a notebook's user finds the names by Tab, and the package's words" {
	run "$python" -c '
import pcietool, inspect
for name in pcietool.__all__:
    assert inspect.getdoc(getattr(pcietool, name)), name
print(pcietool.__version__)'
	assert_success
	assert_output "$(pcietool --version | grep -oE '[0-9]+\.[0-9]+\.[0-9]+' | head -n 1)"
}
