# shellcheck shell=bash disable=SC2034 # status, output, stderr are for the tests
# SPDX-License-Identifier: GPL-2.0-or-later
#
# One way to a device for a whole file of tests:  load ../lib/paths  after capture.
#
# $BACKEND: helper, helper-session, vfio, vfio-user (everything as a user without rights, in a session), uio, sysfs,
# devmem.

BACKEND=${BACKEND:-vfio}
PATH_USER=65534

# path_open VENDOR:DEVICE BITS: the device's driver, and where the way needs one the session of this file, which the
# file "session" in the run's folder names.
path_open() {
	PCIETOOL_DEVICE=$(bdf_of "$1")
	export PCIETOOL_DEVICE
	case $BACKEND in
	# a kernel that is locked down refuses the module: the tests look at that
	helper | helper-session) pcietool driver bind --mask "$2" || true ;;
	vfio) pcietool driver bind --to vfio ;;
	vfio-user)
		pcietool driver bind --to vfio --mask "$2" --owner "$PATH_USER:$PATH_USER"
		# what a rule of udev would say
		[[ ! -e /dev/iommu ]] || chmod 666 /dev/iommu
		;;
	uio) pcietool driver bind --to uio ;;
	esac
	case $BACKEND in
	vfio) path_session "$2" ;;
	# the mask is that of the binding
	vfio-user) path_session ;;
	helper-session) is_locked_down || path_session ;;
	esac
}

path_session() { # [BITS]
	local file=$BATS_FILE_TMPDIR/session mask=()
	[[ $# -eq 0 ]] || mask=(--mask "$1")
	path_open_folders "$BATS_FILE_TMPDIR"
	path_user
	# shellcheck disable=SC2016 # for the other shell
	"${path_as[@]}" pcietool session "${mask[@]}" -- bash -c 'echo "$PCIETOOL_SESSION" >"$1.new" && mv "$1.new" "$1" &&
		exec sleep infinity' - "$file" </dev/null >"$file.log" 2>&1 3>&- &
	echo $! >"$file.pid"
	until_true test -e "$file" || {
		cat "$file.log"
		return 1
	}
}

path_close() {
	if [[ -e $BATS_FILE_TMPDIR/session.pid ]]; then
		kill "$(<"$BATS_FILE_TMPDIR/session.pid")"
		# not our child any more in another process than setup_file's
		until_true path_has_ended
	fi
	[[ $BACKEND == sysfs || $BACKEND == devmem ]] || pcietool -q -f driver release || true
}

path_has_ended() {
	! kill -0 "$(<"$BATS_FILE_TMPDIR/session.pid")" 2>/dev/null
}

# Whose commands they are.
path_user() {
	path_as=()
	[[ $BACKEND != vfio-user ]] ||
		path_as=(setpriv --reuid="$PATH_USER" --regid="$PATH_USER" --clear-groups --no-new-privs
			env -u XDG_RUNTIME_DIR)
}

# path_refresh: for setup.
path_refresh() {
	path_user
	path_options=()
	case $BACKEND in
	sysfs | devmem) path_options=(--via "$BACKEND") ;;
	esac
	if [[ -e $BATS_FILE_TMPDIR/session ]]; then
		PCIETOOL_SESSION=$(<"$BATS_FILE_TMPDIR/session")
		export PCIETOOL_SESSION
	fi
	path_open_folders "$BATS_TEST_TMPDIR"
}

# Another user writes there too.
path_open_folders() {
	chmod 777 "$1"
	chmod go+x "$BATS_RUN_TMPDIR" "$BATS_RUN_TMPDIR"/* 2>/dev/null || true
}

# path_clean: for teardown: what a test left, where it had interrupts or memory.
path_clean() {
	[[ -n $path_used ]] || return 0
	! has_irq || on irq disable || true
	! has_dma || on --force dma free --all || true
}
path_used=

# on ARG...: pcietool by this way, for $status, $output and $stderr.
on() {
	[[ $* != *@(dma|irq|batch)* ]] || path_used=1
	run_limited "${path_as[@]}" pcietool "${path_options[@]}" "$@"
}

# path_begin VERB ARG...: a dma command in the background, as begin.
path_begin() {
	path_used=1
	cd "$BATS_TEST_TMPDIR" || return
	"${path_as[@]}" env --default-signal=INT,PIPE pcietool "${path_options[@]}" dma "$@" >out.txt 2>err.txt 3>&- &
	pid=$!
}

at_rest() {
	on config read COMMAND.MASTER
	assert_output 0x0
	on dma list --json
	assert_json '.buffers | length' 0
}

path_of_registers() {
	case $BACKEND in
	vfio*) echo vfio ;;
	devmem) echo /dev/mem ;;
	*) echo sysfs ;;
	esac
}

path_of_client() {
	case $BACKEND in
	vfio*) echo VFIO ;;
	uio) echo UIO ;;
	*) echo 'the kernel helper' ;;
	esac
}

has_dma() {
	[[ $BACKEND == vfio* || $BACKEND == helper* ]]
}

has_irq() {
	has_dma || [[ $BACKEND == uio ]]
}

is_locked_down() {
	grep -qF '[integrity]' /sys/kernel/security/lockdown 2>/dev/null
}

# is_refused: is the kernel locked down, and does the way not help?
is_refused() {
	is_locked_down && [[ $BACKEND != vfio* ]]
}

# if_refused ARG...: true, and tested, where that is so: the command is refused with that word.
if_refused() {
	is_refused || return 1
	on "$@"
	assert_exit 4 && assert_err lockdown
}

# if_no_dma: true, and tested, where the way has no DMA memory, or the kernel does not let it. One test does; what else
# needs memory or messages asks can_dma.
if_no_dma() {
	if is_refused && has_dma; then
		# the module is what is refused first, whatever is asked for
		run_tool driver bind
		assert_exit 4 && assert_err lockdown
		return
	fi
	! has_dma || return 1
	on dma alloc --name x 4k
	assert_exit 6
}

can_dma() {
	has_dma && ! is_refused
}
