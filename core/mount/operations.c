// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * What the kernel asks for, one request after the other. Nothing is cached by it: each read(2) and write(2) comes here
 * (FOPEN_DIRECT_IO), with the size that it has.
 */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/dma/buffer.h"
#include "core/mount/internal.h"

/* How long the kernel may take a name, or what stat(2) says, as it was, where that cannot change. */
#define FIXED_SECONDS 3600.0
/* Longest text that may be written to a file: more than any value has. */
#define TEXT_SIZE 1024

/*
 * Whose request this thread answers: libfuse hands its functions a request only, and what would give the mount for that is
 * a function of the library, which the mount has.
 */
static _Thread_local struct mount *serving;

static void refuse(fuse_req_t request, int number)
{
	serving->fuse_reply_err(request, number);
}

static void fail(fuse_req_t request, int rc, const struct error *error)
{
	refuse(request, mount_fail(serving, rc, error));
}

static struct handle *handle_of(const struct fuse_file_info *info)
{
	return (struct handle *)(uintptr_t)info->fh;
}

static double lasts(const struct node *node)
{
	return node_is_fixed(node) ? FIXED_SECONDS : 0;
}

/* --- names ------------------------------------------------------------------------------------------------ */

/* What the device allows, as far as the umask and --ro let it be seen. */
static int stat_node(const struct node *node, struct stat *st)
{
	int rc = node_stat(serving, node, st);

	st->st_mode &= ~(mode_t)serving->mask;
	if (serving->options.read_only)
		st->st_mode &= ~(mode_t)0222;
	return rc;
}

static int fill_entry(const struct node *node, struct fuse_entry_param *entry)
{
	*entry = (struct fuse_entry_param){ .ino = node_number(node),
					    .attr_timeout = lasts(node),
					    .entry_timeout = lasts(node) };
	return stat_node(node, &entry->attr);
}

static void do_lookup(fuse_req_t request, fuse_ino_t parent, const char *name)
{
	const struct node folder = node_from(parent);
	struct fuse_entry_param entry;
	struct node node;
	int rc = node_find(serving, &folder, name, &node);

	if (rc == 0)
		rc = fill_entry(&node, &entry);
	if (rc < 0)
		refuse(request, -rc);
	else
		serving->fuse_reply_entry(request, &entry);
}

static void do_getattr(fuse_req_t request, fuse_ino_t number, struct fuse_file_info *info)
{
	const struct node node = node_from(number);
	struct stat st;
	int rc = stat_node(&node, &st);

	(void)info;
	if (rc < 0)
		refuse(request, -rc);
	else
		serving->fuse_reply_attr(request, &st, lasts(&node));
}

struct listing {
	struct handle *handle;
	fuse_req_t request;
	size_t room;
};

static int add_entry(void *data, const char *name, const struct node *node)
{
	const struct stat st = { .st_ino = node_number(node),
				 .st_mode = node_is_folder(node) ? S_IFDIR : S_IFREG };
	struct listing *l = data;
	struct handle *h = l->handle;
	size_t size = serving->fuse_add_direntry(l->request, NULL, 0, name, NULL, 0);

	if (size > l->room - h->length) {
		size_t room = 2 * l->room + size;
		char *grown = realloc(h->text, room);

		if (!grown)
			return -ENOMEM;
		h->text = grown;
		l->room = room;
	}
	serving->fuse_add_direntry(l->request, h->text + h->length, size, name, &st,
				   (off_t)(h->length + size));
	h->length += size;
	return 0;
}

static int list_folder(fuse_req_t request, struct handle *h)
{
	/* where it is does not matter to anybody who reads a folder */
	static const struct node root = { .kind = NODE_ROOT };
	struct listing l = { .handle = h, .request = request };
	int rc = add_entry(&l, ".", &h->node);

	if (rc == 0)
		rc = add_entry(&l, "..", &root);
	return rc < 0 ? rc : node_list(serving, &h->node, add_entry, &l);
}

/* Whatever it is of. */
static void close_handle(struct mount *m, struct handle *h)
{
	struct handle **at = &m->made;

	if (h->node.kind == NODE_VECTOR)
		interrupt_file_end(m->interrupts, h);
	backing_leave(m, h);
	while (*at && *at != h)
		at = &(*at)->next_made;
	if (*at)
		*at = h->next_made;
	free(h->text);
	free(h);
}

static void do_opendir(fuse_req_t request, fuse_ino_t number, struct fuse_file_info *info)
{
	struct handle *h = calloc(1, sizeof(*h));
	int rc;

	if (!h) {
		refuse(request, ENOMEM);
		return;
	}
	h->node = node_from(number);
	rc = list_folder(request, h);
	info->fh = (uint64_t)(uintptr_t)h;
	/* nobody answers for it where the opening was interrupted */
	if (rc < 0)
		refuse(request, -rc);
	if (rc < 0 || serving->fuse_reply_open(request, info) == -ENOENT)
		close_handle(serving, h);
}

/* What there is of TEXT from OFFSET on. */
static void reply_part(fuse_req_t request, const char *text, size_t length, off_t offset, size_t size)
{
	size_t from = (uint64_t)offset < length ? (size_t)offset : length;

	serving->fuse_reply_buf(request, text ? text + from : NULL,
				size < length - from ? size : length - from);
}

static void do_readdir(fuse_req_t request, fuse_ino_t number, size_t size, off_t offset,
		       struct fuse_file_info *info)
{
	const struct handle *h = handle_of(info);

	(void)number;
	reply_part(request, h->text, h->length, offset, size);
}

static void do_releasedir(fuse_req_t request, fuse_ino_t number, struct fuse_file_info *info)
{
	(void)number;
	close_handle(serving, handle_of(info));
	refuse(request, 0);
}

/* --- buffers that come and go ----------------------------------------------------------------------------- */

static void do_create(fuse_req_t request, fuse_ino_t parent, const char *name, mode_t mode,
		      struct fuse_file_info *info)
{
	const struct node folder = node_from(parent);
	struct mount *m = serving;
	struct fuse_entry_param entry;
	struct error error = { 0 };
	struct handle *h;
	int rc;

	(void)mode;
	if (folder.kind != NODE_BUFFERS) {
		refuse(request, EPERM);
		return;
	}
	rc = buffer_name_check(name, &error);
	if (rc < 0) {
		fail(request, rc, &error);
		return;
	}
	h = calloc(1, sizeof(*h));
	if (!h) {
		refuse(request, ENOMEM);
		return;
	}
	snprintf(h->name, sizeof(h->name), "%s", name);
	h->number = ++m->made_count;
	h->node = (struct node){ .kind = NODE_NEW_BUFFER, .index = h->number };
	h->next_made = m->made;
	m->made = h;
	fill_entry(&h->node, &entry);
	info->fh = (uint64_t)(uintptr_t)h;
	info->direct_io = 1;
	if (m->fuse_reply_create(request, &entry, info) == -ENOENT)
		close_handle(m, h);
}

static void do_setattr(fuse_req_t request, fuse_ino_t number, struct stat *st, int what,
		       struct fuse_file_info *info)
{
	const struct node node = node_from(number);
	struct error error = { 0 };
	int rc = 0;

	if (what & (FUSE_SET_ATTR_MODE | FUSE_SET_ATTR_UID | FUSE_SET_ATTR_GID)) {
		refuse(request, EPERM);
		return;
	}
	if (what & FUSE_SET_ATTR_SIZE)
		rc = buffer_file_resize(serving, &node, st->st_size, &error);
	if (rc < 0)
		fail(request, rc, &error);
	else
		do_getattr(request, number, info);
}

static void do_unlink(fuse_req_t request, fuse_ino_t parent, const char *name)
{
	const struct node folder = node_from(parent);
	struct error error = { 0 };
	struct node node;
	int rc = node_find(serving, &folder, name, &node);

	if (rc < 0 || node.kind != NODE_BUFFER) {
		refuse(request, rc < 0 ? -rc : EPERM);
		return;
	}
	rc = buffer_file_remove(serving, name, &error);
	if (rc < 0)
		fail(request, rc, &error);
	else
		refuse(request, 0);
}

/* --- files ------------------------------------------------------------------------------------------------ */

/* Modes do not keep root from anything: what is not safe to read is refused here. */
static int check_mode(const struct node *node, int flags, struct error *error)
{
	bool reads = (flags & O_ACCMODE) != O_WRONLY;
	bool writes = (flags & O_ACCMODE) != O_RDONLY;
	char name[NODE_NAME_SIZE] = "it";
	struct stat st;
	int rc = node_stat(serving, node, &st);

	if (rc < 0)
		return error_errno(error, rc, "%s", serving->device->name);
	if (node->kind == NODE_REGISTER || node->kind == NODE_FIELD)
		node_operand(serving, node, name, sizeof(name));
	if (reads && !(st.st_mode & 0400)) {
		error_errno(error, -EACCES, "%.200s is write-only in the map, or not safe to read", name);
		error_hint(error, "mount it with --unsafe, to read it all the same");
		return -EACCES;
	}
	return writes && !(st.st_mode & 0200) ? error_errno(error, -EACCES, "%.200s is read-only", name) : 0;
}

static void do_open(fuse_req_t request, fuse_ino_t number, struct fuse_file_info *info)
{
	struct mount *m = serving;
	struct handle *h = calloc(1, sizeof(*h));
	struct error error = { 0 };
	int rc;

	if (!h) {
		refuse(request, ENOMEM);
		return;
	}
	h->node = node_from(number);
	rc = check_mode(&h->node, info->flags, &error);
	if (rc == 0 && h->node.kind == NODE_VECTOR)
		rc = interrupt_file_begin(m->interrupts, h, &error);
	if (rc < 0) {
		fail(request, rc, &error);
		free(h);
		return;
	}
	info->fh = (uint64_t)(uintptr_t)h;
	info->direct_io = 1;
	if (h->node.kind == NODE_BUFFER)
		backing_join(m, h, info);
	if (m->fuse_reply_open(request, info) == -ENOENT)
		close_handle(m, h);
}

static void do_release(fuse_req_t request, fuse_ino_t number, struct fuse_file_info *info)
{
	(void)number;
	close_handle(serving, handle_of(info));
	refuse(request, 0);
}

static int describe_failure(const struct mount *m, char **text, size_t *length)
{
	const struct error *e = &m->failure;
	int n = 0;

	if (e->kind == ERROR_NONE)
		*text = strdup("");
	else
		n = asprintf(text, "%s%s%s\n", e->message, e->hint[0] ? "\nhint: " : "", e->hint);
	if (n < 0 || !*text)
		return -ENOMEM;
	*length = (size_t)n;
	return 0;
}

/* What a read at the beginning of a file of text gives. */
static int make_text(struct mount *m, const struct node *node, char **text, size_t *length,
		     struct error *error)
{
	int rc;

	switch (node->kind) {
	case NODE_REGISTER:
	case NODE_FIELD:
		return register_text_read(m, node, text, length, error);
	case NODE_BUFFER_ADDRESS:
		return buffer_file_address(m, node, text, length, error);
	case NODE_INTERRUPT_TYPE:
		return interrupt_type_read(m, text, length, error);
	case NODE_INFO:
		rc = m->options.describe(m->options.data, text, length);
		break;
	case NODE_ERROR:
		rc = describe_failure(m, text, length);
		break;
	default:
		rc = -EISDIR;
		break;
	}
	return rc < 0 ? error_errno(error, rc, "%s", m->device->name) : 0;
}

/* At offset 0 the text is made anew; what is behind belongs to the same look. */
static void read_text(fuse_req_t request, struct handle *h, size_t size, off_t offset)
{
	struct error error = { 0 };
	char *text = NULL;
	size_t length = 0;
	int rc;

	if (offset == 0 || !h->text) {
		rc = make_text(serving, &h->node, &text, &length, &error);
		if (rc < 0) {
			fail(request, rc, &error);
			return;
		}
		free(h->text);
		h->text = text;
		h->length = length;
	}
	reply_part(request, h->text, h->length, offset, size);
}

static void read_buffer(fuse_req_t request, const struct handle *h, size_t size, uint64_t offset)
{
	struct error error = { 0 };
	char *data = NULL;
	int rc = buffer_file_read(serving, &h->node, offset, &size, &data, &error);

	if (rc < 0)
		fail(request, rc, &error);
	else
		serving->fuse_reply_buf(request, data, size);
	free(data);
}

/* Behind its end there is nothing: looked for only where an access was refused. */
static bool is_behind(const struct node *node, uint64_t offset)
{
	struct stat st;

	return node_stat(serving, node, &st) == 0 && offset >= (uint64_t)st.st_size;
}

static void read_bar(fuse_req_t request, const struct handle *h, size_t size, uint64_t offset)
{
	struct error error = { 0 };
	char data[8];
	int rc = bar_file_read(serving, h->node.index, offset, data, size, &error);

	if (rc == 0)
		serving->fuse_reply_buf(request, data, size);
	else if (is_behind(&h->node, offset))
		serving->fuse_reply_buf(request, NULL, 0);
	else
		fail(request, rc, &error);
}

static void do_read(fuse_req_t request, fuse_ino_t number, size_t size, off_t offset,
		    struct fuse_file_info *info)
{
	struct handle *h = handle_of(info);

	(void)number;
	switch (h->node.kind) {
	case NODE_BAR:
		read_bar(request, h, size, (uint64_t)offset);
		break;
	case NODE_BUFFER:
		read_buffer(request, h, size, (uint64_t)offset);
		break;
	case NODE_NEW_BUFFER:
		serving->fuse_reply_buf(request, NULL, 0);
		break;
	case NODE_VECTOR:
		interrupt_file_read(serving->interrupts, request, h, size, info->flags & O_NONBLOCK);
		break;
	default:
		read_text(request, h, size, offset);
		break;
	}
}

/* Without the newline, and what an editor or a shell puts around it. */
static int take_line(const char *data, size_t size, char text[TEXT_SIZE], struct error *error)
{
	/* a NUL is the end of what strchr() looks at, and not of a line */
	while (size > 0 && data[size - 1] && strchr(" \t\r\n", data[size - 1]))
		size--;
	while (size > 0 && *data && strchr(" \t", *data)) {
		data++;
		size--;
	}
	if (size == 0 || size >= TEXT_SIZE || memchr(data, '\0', size) || memchr(data, '\n', size))
		return error_set(error, ERROR_USAGE, "bad-operand",
				 "one line with one value is written, at once");
	memcpy(text, data, size);
	text[size] = '\0';
	return 0;
}

static int write_text(struct mount *m, const struct node *node, const char *data, size_t size,
		      struct error *error)
{
	char text[TEXT_SIZE];
	int rc = take_line(data, size, text, error);

	if (rc < 0)
		return rc;
	return node->kind == NODE_INTERRUPT_TYPE ? interrupt_type_write(m->interrupts, text, error)
						 : register_text_write(m, node, text, error);
}

static void do_write(fuse_req_t request, fuse_ino_t number, const char *data, size_t size, off_t offset,
		     struct fuse_file_info *info)
{
	const struct handle *h = handle_of(info);
	struct error error = { 0 };
	int rc;

	(void)number;
	switch (h->node.kind) {
	case NODE_BAR:
		rc = bar_file_write(serving, h->node.index, (uint64_t)offset, data, size, &error);
		break;
	case NODE_BUFFER:
		rc = buffer_file_write(serving, &h->node, (uint64_t)offset, data, &size, &error);
		break;
	case NODE_NEW_BUFFER:
		rc = error_set(&error, ERROR_USAGE, "bad-size", "a new buffer needs a size first");
		error_hint(&error, "truncate -s SIZE makes one of SIZE bytes");
		break;
	default:
		rc = write_text(serving, &h->node, data, size, &error);
		break;
	}
	if (rc < 0)
		fail(request, rc, &error);
	else
		serving->fuse_reply_write(request, size);
}

static void do_poll(fuse_req_t request, fuse_ino_t number, struct fuse_file_info *info,
		    struct fuse_pollhandle *poll)
{
	struct handle *h = handle_of(info);

	(void)number;
	if (h->node.kind == NODE_VECTOR) {
		interrupt_file_poll(serving->interrupts, request, h, poll);
		return;
	}
	if (poll)
		serving->fuse_pollhandle_destroy(poll);
	serving->fuse_reply_poll(request, POLLIN | POLLOUT | POLLRDNORM | POLLWRNORM);
}

/* --- what there is not ------------------------------------------------------------------------------------ */

static void no_mknod(fuse_req_t request, fuse_ino_t parent, const char *name, mode_t mode, dev_t device)
{
	(void)parent;
	(void)name;
	(void)mode;
	(void)device;
	refuse(request, EPERM);
}

static void no_mkdir(fuse_req_t request, fuse_ino_t parent, const char *name, mode_t mode)
{
	no_mknod(request, parent, name, mode, 0);
}

static void no_rmdir(fuse_req_t request, fuse_ino_t parent, const char *name)
{
	no_mknod(request, parent, name, 0, 0);
}

static void no_symlink(fuse_req_t request, const char *target, fuse_ino_t parent, const char *name)
{
	(void)target;
	no_mknod(request, parent, name, 0, 0);
}

static void no_link(fuse_req_t request, fuse_ino_t number, fuse_ino_t parent, const char *name)
{
	(void)number;
	no_mknod(request, parent, name, 0, 0);
}

static void no_rename(fuse_req_t request, fuse_ino_t parent, const char *name, fuse_ino_t new_parent,
		      const char *new_name, unsigned int flags)
{
	(void)new_parent;
	(void)new_name;
	no_mknod(request, parent, name, flags, 0);
}

/* --- what the kernel can do ------------------------------------------------------------------------------- */

#ifdef FUSE_CAP_PASSTHROUGH
static void do_init(void *ignored, struct fuse_conn_info *connection)
{
	(void)ignored;
	serving->can_map = connection->capable & FUSE_CAP_PASSTHROUGH;
	if (serving->can_map)
		connection->want |= FUSE_CAP_PASSTHROUGH;
}
#endif

static const struct fuse_lowlevel_ops operations = {
#ifdef FUSE_CAP_PASSTHROUGH
	.init = do_init,
#endif
	.lookup = do_lookup,
	.getattr = do_getattr,
	.setattr = do_setattr,
	.opendir = do_opendir,
	.readdir = do_readdir,
	.releasedir = do_releasedir,
	.create = do_create,
	.unlink = do_unlink,
	.mknod = no_mknod,
	.mkdir = no_mkdir,
	.rmdir = no_rmdir,
	.symlink = no_symlink,
	.link = no_link,
	.rename = no_rename,
	.open = do_open,
	.release = do_release,
	.read = do_read,
	.write = do_write,
	.poll = do_poll,
};

#if FUSE_MINOR_VERSION >= 17
int operations_open(struct mount *m, struct fuse_args *args, struct fuse_session **session)
{
	struct libfuse_version version = { .major = FUSE_MAJOR_VERSION,
					   .minor = FUSE_MINOR_VERSION,
					   .hotfix = FUSE_HOTFIX_VERSION };

	*session = m->fuse_session_new_versioned(args, &operations, sizeof(operations), &version, NULL);
	return *session ? 0 : -EINVAL;
}
#else
int operations_open(struct mount *m, struct fuse_args *args, struct fuse_session **session)
{
	*session = m->fuse_session_new(args, &operations, sizeof(operations), NULL);
	return *session ? 0 : -EINVAL;
}
#endif

void operations_serve(struct mount *m, const struct fuse_buf *request)
{
	serving = m;
	m->fuse_session_process_buf(m->session, request);
	serving = NULL;
}
