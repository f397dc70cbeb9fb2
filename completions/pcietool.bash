# SPDX-License-Identifier: GPL-2.0-or-later
# bash completion for pcietool: the program itself knows its commands, options, devices and buffers.

_pcietool()
{
	local IFS=$'\n' cur words cword line
	local -a found=()

	# a ':' is part of a device's address, a '=' of an operand
	if declare -F _get_comp_words_by_ref >/dev/null; then
		_get_comp_words_by_ref -n ':=@' cur words cword
	else
		words=("${COMP_WORDS[@]}")
		cword=$COMP_CWORD
		cur=${words[cword]}
	fi
	COMPREPLY=()
	while read -r line; do
		case $line in
		--files--) mapfile -t -O "${#found[@]}" found < <(compgen -f -- "$cur") ;;
		--directories--) mapfile -t -O "${#found[@]}" found < <(compgen -d -- "$cur") ;;
		*) found+=("$line") ;;
		esac
	done < <("${words[0]}" --complete "${words[@]:1:cword}" 2>/dev/null)
	COMPREPLY=("${found[@]}")
	if [[ ${#found[@]} -eq 1 && ${found[0]} == *: ]]; then
		compopt -o nospace
	fi
	declare -F __ltrim_colon_completions >/dev/null && __ltrim_colon_completions "$cur"
	return 0
}

complete -F _pcietool pcietool
