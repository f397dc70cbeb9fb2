# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# The examples of the manual pages, run:  load ../lib/manual  after common.

# examples_of PAGE: what stands in its examples' literal blocks, as a reader sees it.
examples_of() {
	sed -n '/^\.Sh EXAMPLES/,/^\.Sh SEE ALSO/{ /^\.Bd/,/^\.Ed/{ /^\.[BE]d/d; s/^\\&//; s/\\e/\\/g; p; }; }' "$1"
}

# run_examples: a transcript on standard input, its lines "$ COMMAND" run in one shell; prints the transcript of that. A
# command goes on in the next line behind a backslash. What a command said before is left out.
run_examples() {
	local line command
	while IFS= read -r line; do
		[[ $line == '$ '* ]] || continue
		printf '%s\n' "$line"
		command=${line#??}
		while [[ $command == *\\ ]] && IFS= read -r line; do
			printf '%s\n' "$line"
			command=${command%\\}$line
		done
		eval "$command" </dev/null 2>&1 || true
	done
}

# mask_examples: what differs from run to run, as one of its kind: times with the blanks of their column, rates, the
# numbers and counts that Linux gives interrupts.
mask_examples() {
	sed -E 's/ *[0-9]+(\.[0-9]+)? (ms|s|us)\b */ N \2 /g; s/[0-9]+(\.[0-9]+)?[KMG]?\/s/N\/s/g; s/irq [0-9]+/irq N/g; s/count [0-9]+, CPU [0-9]+/count N, CPU N/g'
}
