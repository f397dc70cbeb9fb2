#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
#
# What is documented is what there is, and the other way round.

load ../lib/common
load ../lib/fake_device

setup_file() {
	local page
	MANUAL=$(manual pcietool.8)
	export MANUAL
	for page in "$BATS_TEST_DIRNAME"/../../man/pcietool-*.8; do
		manual "${page##*/}" >"$BATS_FILE_TMPDIR/${page##*/}"
	done
}

# The page as text, without what a printer makes bold.
manual() {
	mandoc -Tascii "$BATS_TEST_DIRNAME/../../man/$1" | sed 's/.\x08//g'
}

# The page of a command's noun, as text.
page_of() {
	cat "$BATS_FILE_TMPDIR/pcietool-${1%% *}.8"
}

commands() {
	pcietool --help | sed -n '/^Commands:/,/^$/s/^  \([a-z0-9]\+\( [a-z]\+\)\?\)  .*/\1/p'
}

# The long options of one command beside the common ones.
options() {
	# shellcheck disable=SC2086 # noun and verb
	pcietool $1 --help | grep -o -- '^ .*--[a-z-]*' | grep -o -- '--[a-z-]*' | grep -vxFf <(common_options)
}

common_options() {
	pcietool --help | grep -o -- '^ .*--[a-z-]*' | grep -o -- '--[a-z-]*'
}

@test "the manuals are well-formed" {
	for page in "$BATS_TEST_DIRNAME"/../../man/*.[0-9]; do
		run mandoc -Tlint -Wwarning "$page"
		assert_success
		assert_output ''
	done
}

@test "the example in the manual of register maps is one" {
	mandoc -Tascii "$BATS_TEST_DIRNAME/../../man/pcietool-map.5" | sed 's/.\x08//g; s/^ *//' |
		sed -n '/^map,demo/,/^register,DMA.START/p' >"$BATS_TEST_TMPDIR/demo.map"
	[ "$(wc -l <"$BATS_TEST_TMPDIR/demo.map")" -gt 10 ]
	run_tool map check "$BATS_TEST_TMPDIR/demo.map"
	assert_exit 0
	assert_output ''
}

@test "the example maps have nothing to complain about, and say the same" {
	cd "$BATS_TEST_TMPDIR" || return
	for map in "$TOP"/examples/*.map "$TOP"/examples/*.svd; do
		run_tool map check "$map"
		assert_exit 0
	done
	pcietool map convert --to text "$TOP/examples/edu.map" | grep -v '^\(block\|device\)' >one
	pcietool map convert --to text "$TOP/examples/edu.svd" | grep -v ^block | sed 's/EDU\.//' >other
	diff one other
}

@test "every command is in the manual" {
	[ "$(commands | wc -l)" -gt 20 ]
	while read -r command; do
		noun=${command%% *} verb=${command##* }
		[[ $(page_of "$command") =~ (^|[[:space:]|])$noun([[:space:]].*)?[[:space:]|]?$verb ]] || {
			echo "not in the manual: $command"
			false
		}
	done < <(commands)
}

# The rows of all tables, whether the program knows them or not.
rows() {
	sed -n 's/^\t\t\.name = "\([a-z0-9 ]*\)",$/\1/p' "$TOP"/cli/cmd/*.c
}

@test "a command is everywhere where it is looked for" {
	[ "$(rows | wc -l)" -gt 70 ]
	# what --help does not know, cli/commands.c does not either
	diff <(rows | sort) <(commands | sort)
	readme=$(sed -n '/^## What there is/,/^## /p' "$TOP/README.md")
	missing=''
	while read -r command; do
		noun=${command%% *} verb=${command##* }
		words="$noun.* $verb"
		[[ $noun != "$verb" ]] || words=$noun
		# shellcheck disable=SC2046 # no word where there is no noun
		pcietool --complete $([[ $noun == "$verb" ]] || echo "$noun") "$verb" | grep -qx -- "$verb" ||
			missing+="completion: $command"$'\n'
		grep '^\.It Cm ' "$TOP/man/pcietool-$noun.8" | grep -qwE -- "$words" ||
			missing+="man/pcietool-$noun.8: $command"$'\n'
		grep -qE -- "\b${words/ /.*\\b}\b" <<<"$readme" || missing+="README.md: $command"$'\n'
		# by name, or by the verb in the noun's own file
		grep -qw -- "$command" "$TOP"/tests/host/*.bats || grep -qws -- "$verb" "$TOP/tests/host/$noun.bats" ||
			missing+="tests/host: $command"$'\n'
	done < <(rows)
	assert_equal "$missing" ''
}

@test "every option is in the manual, a command's own in its noun's page" {
	while read -r command; do
		page=$(page_of "$command")
		while read -r option; do
			[[ $page == *"$option"[^a-z-]* ]] || {
				echo "not in man/pcietool-${command%% *}.8: $command $option"
				false
			}
		done < <(options "$command")
	done < <(commands)
	while read -r option; do
		[[ $MANUAL == *"$option"[^a-z-]* ]]
	done < <(common_options)
}

@test "every option of the manual is one of some command" {
	all=$(pcietool --help
		while read -r command; do
			# shellcheck disable=SC2086
			pcietool $command --help
		done < <(commands))
	while read -r option; do
		[[ $all == *"$option"[^a-z-]* ]] || {
			echo "no such option: $option"
			false
		}
	done < <(cat "$BATS_FILE_TMPDIR"/pcietool-*.8 - <<<"$MANUAL" | grep -o -- ' --[a-z][a-z-]*' | sort -u | tr -d ' ')
}

@test "the manual's synopsis has every command of one word, and what is optional has both brackets" {
	synopsis=$(sed -n '/^SYNOPSIS/,/^DESCRIPTION/p' <<<"$MANUAL")
	for command in $(commands | grep -v ' '); do
		grep -qw -- "$command" <<<"$synopsis" || {
			echo "not in the synopsis: $command"
			false
		}
	done
	# what the manual shows of a command's usage starts in the fifth column
	while read -r usage; do
		opened=${usage//[^\[]/} closed=${usage//[^\]]/}
		[ "${#opened}" -eq "${#closed}" ] || {
			echo "$usage"
			false
		}
	done < <(cat "$BATS_FILE_TMPDIR"/pcietool-*.8 - <<<"$MANUAL" | grep -E '^     [a-z-][^ ]* .*[][]')
}

@test "the exit statuses are the same in the manual and the README" {
	for status in 0 1 2 3 4 5 6 7 8; do
		grep -q "^| $status |" "$BATS_TEST_DIRNAME/../../README.md"
		grep -qE "^ +$status +[A-Z]" <<<"$MANUAL"
	done
	for page in "$BATS_FILE_TMPDIR"/pcietool-*.8; do
		list=$(sed -n '/^EXIT STATUS/,/^SEE ALSO/p' "$page" | tr -s ' \n' ' ')
		[[ $list == *' 0 done, 1 failed, 2 usage, '*' 7 timed out, 8 differs '* ]]
	done
}

@test "every noun has a page, which the overview names and whose examples are run" {
	mapfile -t nouns < <(commands | sed "s/ .*//" | sort -u)
	diff <(printf 'pcietool-%s.8\n' "${nouns[@]}") <(cd "$TOP/man" && ls pcietool-*.8)
	for noun in "${nouns[@]}"; do
		grep -q "^\.It Xr pcietool-$noun 8" "$TOP/man/pcietool.8" &&
			sed -n '/^\.Sh SEE ALSO/,$p' "$TOP/man/pcietool.8" | grep -q "^\.Xr pcietool-$noun 8" || {
			echo "not in COMMANDS and SEE ALSO of man/pcietool.8: pcietool-$noun(8)"
			false
		}
		grep -q "^	page $noun\$" "$TOP/tests/vm/manual.bats"
	done
}

@test "every page that a page names is there" {
	while read -r name section; do
		[[ -e $TOP/man/$name.$section || -e $BUILD/man/$name.$section ]] || {
			echo "no such page: $name($section)"
			false
		}
	done < <(sed -n 's/^\.\(It \)\?Xr \(pcietool[a-z0-9-]*\) \([0-9]\).*/\2 \3/p' "$TOP"/man/*.[58] | sort -u)
}

@test "the version is the Makefile's everywhere" {
	version=$(sed -n 's/^VERSION := //p' "$TOP/Makefile")
	grep -qxF "PACKAGE_VERSION=\"$version\"" "$TOP/kmod/dkms.conf"
	grep -qxF "MODULE_VERSION(\"$version\");" "$TOP/kmod/pcietool_main.c"
	grep -qF "dkms install pcietool/$version " "$TOP/README.md"
	grep -q "^## $version " "$TOP/CHANGELOG.md"
	assert_equal "$(pcietool --version)" "pcietool $version"
}

@test "every example recipe is understood" {
	fake_tree
	for recipe in "$BATS_TEST_DIRNAME"/../../examples/*.recipe; do
		[ -e "$recipe" ]
		queues=()
		[[ $recipe != *-pools.recipe ]] || queues=(--queue "${recipe%s.recipe}0.recipe")
		run_tool --sysroot "$SYSROOT" -s 01:00.0 dma capture --recipe "$recipe" "${queues[@]}" -o /dev/null --size 1
		# the device is not there: the recipe itself was read
		assert_exit 3
	done
}
