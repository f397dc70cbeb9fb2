# SPDX-License-Identifier: GPL-2.0-or-later
# bash completion for pcietool: the program itself knows its commands, options, devices and buffers.

_pcietool()
{
	local rest=${COMP_LINE:0:COMP_POINT} IFS=$'\n' line word last before file i
	local -a words=() found=()

	# bash cuts words at ':', '=' and '@' (COMP_WORDBREAKS), which are part of an address and of an operand: what stands
	# together in the line is one word
	for ((i = 0; i <= COMP_CWORD; i++)); do
		word=${COMP_WORDS[i]}
		[[ $i -lt $COMP_CWORD || -z $2 ]] || word=${rest#"${rest%%[![:space:]]*}"}
		if [[ $i -eq 0 || $rest == [[:space:]]* ]]; then
			words+=("$word")
		else
			words[-1]+=$word
		fi
		rest=${rest#"${rest%%[![:space:]]*}"}
		rest=${rest:${#word}}
	done
	[[ -z $rest ]] || words+=('')
	last=${words[-1]#[\'\"]}
	words[-1]=$last
	# only what stands behind such a character is replaced
	before=${last%"$2"}
	file=$last
	[[ $last != --*=* ]] || file=${last#*=}

	while read -r line; do
		case $line in
		--files-- | --directories--)
			# readline puts a '/' behind a folder then
			compopt -o filenames
			line=${line:2:1}
			mapfile -t -O "${#found[@]}" found < <(compgen "-$line" -P "${last%"$file"}" -- "$file")
			;;
		--open--) compopt -o nospace ;;
		*) found+=("$line") ;;
		esac
	done < <("${words[0]}" --complete "${words[@]:1}" 2>/dev/null)
	if [[ ${#found[@]} -eq 1 && ${found[0]} == *: ]]; then
		compopt -o nospace
	fi
	COMPREPLY=("${found[@]#"$before"}")
	return 0
}

complete -F _pcietool pcietool
