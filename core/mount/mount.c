// SPDX-License-Identifier: GPL-2.0-or-later
/* A mount's life: what it is about, the folder, the loop, the end. */
#include "core/mount/mount.h"

#include <errno.h>
#include <fcntl.h>
#include <mntent.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/statfs.h>
#include <unistd.h>

#include "core/backend/path.h"
#include "core/backend/session_link.h"
#include "core/backend/vfio.h"
#include "core/dma/buffer.h"
#include "core/mount/internal.h"

/* ms; how soon the end of the device, or a signal, is noticed at the latest */
#define TURN 1000
/* of the file system's type, fuse.pcietool */
#define SUBTYPE "pcietool"

#define SYMBOL(name) LIBRARY_SYMBOL(struct mount, name)
static const struct library_symbol symbols[] = { FUSE_FUNCTIONS(SYMBOL) };

static int load_library(struct mount *m, struct error *error)
{
	int rc;

	m->library = library_load(FUSE_LIBRARY, m, symbols, sizeof(symbols) / sizeof(symbols[0]));
	if (m->library)
		return 0;
	if (errno != ELIBACC)
		return error_errno(error, error_last(), "loading %s", FUSE_LIBRARY);
	rc = error_set(error, ERROR_UNSUPPORTED, "no-library", "%s is not installed", FUSE_LIBRARY);
	error_hint(error, "it is in Debian's package libfuse3-%s", strrchr(FUSE_LIBRARY, '.') + 1);
	return rc;
}

/* Before libfuse, whose words go to standard error only. */
static int check_kernel(struct error *error)
{
	int fd = open("/dev/fuse", O_RDWR | O_CLOEXEC);
	int rc = fd < 0 ? error_last() : 0;

	if (fd >= 0)
		close(fd);
	if (rc == -ENOENT || rc == -ENODEV || rc == -ENXIO) {
		rc = error_set(error, ERROR_UNSUPPORTED, "no-fuse", "/dev/fuse: this kernel has no FUSE");
		error_hint(error, "modprobe fuse");
	} else if (rc < 0) {
		rc = error_errno(error, rc, "/dev/fuse");
	}
	return rc;
}

/* What of ours is mounted at FOLDER, by its device's name. -ENOENT: nothing. */
static int find_mount(const char *folder, char name[PCI_ADDRESS_SIZE])
{
	FILE *f = setmntent("/proc/self/mounts", "re");
	const struct mntent *entry;
	int rc = -ENOENT;

	if (!f)
		return error_last();
	while ((entry = getmntent(f))) {
		if (strcmp(entry->mnt_dir, folder) != 0)
			continue;
		/* the last one is what is seen */
		rc = strcmp(entry->mnt_type, "fuse." SUBTYPE) == 0 ? 0 : -ENOENT;
		snprintf(name, PCI_ADDRESS_SIZE, "%s", entry->mnt_fsname);
	}
	endmntent(f);
	return rc;
}

/* One whose process was killed answers ENOTCONN, and is taken away. */
static int clean_folder(struct mount *m, struct error *error)
{
	const char *folder = m->options.folder;
	char name[PCI_ADDRESS_SIZE];
	struct statfs st;
	int rc = find_mount(folder, name);

	if (rc < 0)
		return rc == -ENOENT ? 0 : error_errno(error, rc, "/proc/self/mounts");
	/* asks the process, where stat(2) may not */
	if (statfs(folder, &st) == 0) {
		rc = error_set(error, ERROR_FAILED, "mounted", "%s: %s is mounted there already", folder,
			       name);
		error_hint(error, "umount %s", folder);
		return rc;
	}
	if (errno != ENOTCONN)
		return error_errno(error, error_last(), "%s", folder);
	if (umount2(folder, MNT_DETACH) < 0) {
		rc = error_errno(error, error_last(), "%s: a mount is there whose process was killed",
				 folder);
		error_hint(error, "fusermount3 -u -z %s", folder);
		return rc;
	}
	context_log(m->device->ctx, LOG_NOTE, "%s: a mount of %s whose process was killed is taken away",
		    folder, name);
	return 0;
}

char *mount_folder(const char *name, struct error *error)
{
	struct stat st;
	char *path;
	int rc = stat(name, &st) < 0 ? error_last() : 0;

	if (rc < 0 && rc != -ENOTCONN) {
		error_errno(error, rc, "%s", name);
		return NULL;
	}
	if (rc == 0 && !S_ISDIR(st.st_mode)) {
		error_set(error, ERROR_USAGE, "no-folder", "%s is no folder", name);
		return NULL;
	}
	path = realpath(name, NULL);
	if (!path)
		error_errno(error, error_last(), "%s", name);
	return path;
}

/* --- what the names are ----------------------------------------------------------------------------------- */

static int open_names(struct mount *m, struct error *error)
{
	const struct context *ctx = m->device->ctx;
	struct regmap *ignored;
	int rc;

	access_init(&m->access[NODE_BAR_SPACE], ctx, m->device, SPACE_BAR);
	access_init(&m->access[NODE_CONFIG_SPACE], ctx, m->device, SPACE_CONFIG);
	rc = access_map(&m->access[NODE_BAR_SPACE], &ignored, error);
	if (rc == 0)
		rc = access_map(&m->access[NODE_CONFIG_SPACE], &ignored, error);
	return rc;
}

/* Not every way to a device has them; then there are no files of them. */
static int open_client(struct mount *m, struct error *error)
{
	struct error why = { 0 };

	if (buffer_client_open(m->device, &m->client, &why) < 0) {
		m->client = NULL;
		context_log(m->device->ctx, LOG_INFO, "no dma and irq: %s", why.message);
		return 0;
	}
	return interrupt_files_open(m, &m->interrupts, error);
}

/* --- mounting --------------------------------------------------------------------------------------------- */

static int start_session(struct mount *m, struct error *error)
{
	char options[200];
	char *argv[] = { "pcietool", "-o", options, NULL };
	struct fuse_args args = FUSE_ARGS_INIT(3, argv);
	int rc;

	snprintf(options, sizeof(options), "fsname=%s,subtype=" SUBTYPE ",default_permissions%s%s",
		 m->device->name, m->options.allow_other ? ",allow_other" : "",
		 m->options.read_only ? ",ro" : "");
	rc = operations_open(m, &args, &m->session);
	m->fuse_opt_free_args(&args);
	if (rc < 0)
		return error_set(error, ERROR_FAILED, "fuse", "%s: libfuse does not start",
				 m->options.folder);
	if (m->fuse_session_mount(m->session, m->options.folder) < 0) {
		m->fuse_session_destroy(m->session);
		m->session = NULL;
		rc = error_set(error, ERROR_FAILED, "fuse",
			       "%s: it cannot be mounted there; libfuse says why on standard error",
			       m->options.folder);
		if (m->options.allow_other && geteuid() != 0)
			error_hint(error, "--allow-other needs the line user_allow_other in /etc/fuse.conf");
		return rc;
	}
	return 0;
}

int mount_open(struct device *device, const struct mount_options *options, struct mount **mount,
	       struct error *error)
{
	struct mount *m = calloc(1, sizeof(*m));
	int rc;

	if (!m)
		return error_errno(error, -ENOMEM, "%s", device->name);
	m->device = device;
	m->options = *options;
	m->mask = umask(0);
	umask((mode_t)m->mask);
	rc = load_library(m, error);
	if (rc == 0)
		rc = check_kernel(error);
	if (rc == 0)
		rc = clean_folder(m, error);
	if (rc == 0)
		rc = open_names(m, error);
	if (rc == 0)
		rc = open_client(m, error);
	if (rc == 0)
		rc = start_session(m, error);
	if (rc < 0) {
		mount_close(m);
		return rc;
	}
	*mount = m;
	return 0;
}

/* --- serving ---------------------------------------------------------------------------------------------- */

/* Without asking the device: it may sleep. */
static bool is_gone(const struct mount *m)
{
	uint64_t ignored;

	return device_read_number(m->device, "vendor", &ignored) == -ENOENT;
}

/* 1: it was unmounted. */
static int one_request(struct mount *m, struct fuse_buf *buffer, struct error *error)
{
	int n = m->fuse_session_receive_buf(m->session, buffer);

	if (n == -EINTR || n == -EAGAIN)
		return 0;
	if (n < 0)
		return error_errno(error, n, "%s", m->options.folder);
	if (n == 0)
		return 1;
	operations_serve(m, buffer);
	return 0;
}

/*
 * Over VFIO the device stays where it is until who has it open lets it go: the kernel asks for it back, this process or the
 * session that it belongs to, which then ends.
 */
static struct pollfd watch_end(const struct mount *m)
{
	if (device_session(m->device))
		return (struct pollfd){ .fd = session_link_socket(device_session(m->device)),
					.events = POLLRDHUP };
	return (struct pollfd){ .fd = device_vfio(m->device) ? vfio_request_fd(device_vfio(m->device)) : -1,
				.events = POLLIN };
}

static int tell_end(const struct mount *m, struct error *error)
{
	if (device_session(m->device))
		return error_set(error, ERROR_GONE, "session-ended", "%s: the session has ended",
				 m->device->name);
	return error_set(error, ERROR_GONE, "device-wanted",
			 "%s: the kernel wants the device back (unbound, removed or unplugged)",
			 m->device->name);
}

int mount_serve(struct mount *m, bool (*stopped)(void *data), void *data, struct error *error)
{
	struct pollfd p[] = { { .fd = m->fuse_session_fd(m->session), .events = POLLIN }, watch_end(m) };
	struct fuse_buf buffer = { 0 };
	int rc = 0;

	while (rc == 0 && !stopped(data) && !m->fuse_session_exited(m->session)) {
		int n = poll(p, sizeof(p) / sizeof(p[0]), TURN);

		if (n < 0 && errno != EINTR)
			rc = error_errno(error, error_last(), "%s", m->options.folder);
		else if (n > 0 && p[1].revents)
			rc = tell_end(m, error);
		else if (n > 0)
			rc = one_request(m, &buffer, error);
		if (rc == 0 && (n == 0 || m->failure.kind == ERROR_GONE) && is_gone(m))
			rc = device_gone(m->device, error);
	}
	free(buffer.mem);
	return rc > 0 ? 0 : rc;
}

void mount_close(struct mount *m)
{
	if (!m)
		return;
	interrupt_files_close(m->interrupts);
	if (m->session) {
		m->fuse_session_unmount(m->session);
		m->fuse_session_destroy(m->session);
	}
	buffer_client_close(m->client);
	for (unsigned int i = 0; i < NODE_SPACES; i++)
		access_close(&m->access[i]);
	library_close(m->library);
	free(m);
}
