# SPDX-License-Identifier: GPL-2.0-or-later
# fish completion for pcietool: the program itself knows its commands, options, devices and registers, and what they are.

function __pcietool_complete
    set -l words (commandline -opc)
    set -l last (commandline -ct)
    # --map=FILE: only what stands behind the = is a name of a file
    set -l before (string match -r -- '^--[^=]*=' $last)
    set -l path (string replace -r -- '^--[^=]*=' '' $last)
    set -l behind ''

    for line in ($words[1] --complete-described $words[2..-1] "$last" 2>/dev/null)
        switch $line
            case --files--
                __fish_complete_path "$path" | string replace -r -- '^' "$before"
            case --directories--
                __fish_complete_directories "$path" '' | string replace -r -- '^' "$before"
            case --open--
                # fish puts no blank behind an =
                set behind =
            case '*'
                string replace -r -- '^([^\t]*[^\t:=])(\t|$)' "\$1$behind\$2" $line
        end
    end
end

complete -c pcietool -f -a '(__pcietool_complete)'
