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

#include "core/base/number.h"
#include "core/dma/buffer.h"
#include "core/dma/interrupt.h"
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

static int fill_entry(const struct node *node, struct fuse_entry_param *entry)
{
	*entry = (struct fuse_entry_param){ .ino = node_number(node),
					    .attr_timeout = lasts(node),
					    .entry_timeout = lasts(node) };
	return node_stat(serving, node, &entry->attr);
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
	int rc = node_stat(serving, &node, &st);

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

static void free_handle(struct handle *h)
{
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
		free_handle(h);
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
	free_handle(handle_of(info));
	refuse(request, 0);
}

/* --- buffers that come and go ----------------------------------------------------------------------------- */

static void do_create(fuse_req_t request, fuse_ino_t parent, const char *name, mode_t mode,
		      struct fuse_file_info *info)
{
	const struct node folder = node_from(parent);
	struct mount *m = serving;
	struct fuse_entry_param entry;
	struct handle *h;
	struct error error = { 0 };
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
	if (m->pending[0]) {
		refuse(request, EBUSY);
		return;
	}
	h = calloc(1, sizeof(*h));
	if (!h) {
		refuse(request, ENOMEM);
		return;
	}
	h->node = (struct node){ .kind = NODE_NEW_BUFFER };
	snprintf(m->pending, sizeof(m->pending), "%s", name);
	fill_entry(&h->node, &entry);
	info->fh = (uint64_t)(uintptr_t)h;
	info->direct_io = 1;
	if (m->fuse_reply_create(request, &entry, info) == -ENOENT) {
		m->pending[0] = '\0';
		free_handle(h);
	}
}

/* The first truncate(2) of a file that was created says how large the buffer is. */
static int set_size(struct mount *m, const struct node *node, off_t size, struct error *error)
{
	struct buffer *buffer = NULL;
	struct stat st;
	int rc;

	/* as a shell's > does before it writes */
	if (size == 0)
		return 0;
	rc = node_stat(m, node, &st);
	if (rc == 0 && st.st_size == size)
		return 0;
	if (rc < 0 || node->kind != NODE_NEW_BUFFER || !m->pending[0])
		return error_set(error, ERROR_USAGE, "bad-size",
				 "only a buffer that is made gets a size, once");
	rc = buffer_alloc(m->client, m->pending, (uint64_t)size, &buffer, error);
	if (rc < 0)
		return rc;
	buffer_close(buffer);
	m->pending[0] = '\0';
	return 0;
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
		rc = set_size(serving, &node, st->st_size, &error);
	if (rc < 0)
		fail(request, rc, &error);
	else
		do_getattr(request, number, info);
}

static void do_unlink(fuse_req_t request, fuse_ino_t parent, const char *name)
{
	const struct node folder = node_from(parent);
	struct buffer *buffer = NULL;
	struct error error = { 0 };
	struct node node;
	int rc = node_find(serving, &folder, name, &node);

	if (rc < 0 || node.kind != NODE_BUFFER) {
		refuse(request, rc < 0 ? -rc : EPERM);
		return;
	}
	rc = buffer_open(serving->client, name, &buffer, &error);
	if (rc == 0)
		rc = buffer_free(buffer, 0, &error);
	buffer_close(buffer);
	if (rc < 0)
		fail(request, rc, &error);
	else
		refuse(request, 0);
}

/* --- files ------------------------------------------------------------------------------------------------ */

/* Modes do not keep root from anything: what is not safe to read is refused here. */
static int check_mode(const struct node *node, int flags)
{
	struct stat st;
	int rc = node_stat(serving, node, &st);
	int how = flags & O_ACCMODE;

	if (rc < 0)
		return rc;
	if ((how != O_WRONLY && !(st.st_mode & 0400)) || (how != O_RDONLY && !(st.st_mode & 0200)))
		return -EACCES;
	return 0;
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
	h->is_nonblocking = info->flags & O_NONBLOCK;
	rc = check_mode(&h->node, info->flags);
	if (rc < 0) {
		refuse(request, -rc);
		goto out_free;
	}
	if (h->node.kind == NODE_VECTOR) {
		rc = interrupt_file_begin(m->interrupts, h, &error);
	}
	if (rc < 0) {
		fail(request, rc, &error);
		goto out_free;
	}
	info->fh = (uint64_t)(uintptr_t)h;
	info->direct_io = 1;
	if (m->fuse_reply_open(request, info) == -ENOENT)
		goto out_free;
	return;

out_free:
	free_handle(h);
}

static void do_release(fuse_req_t request, fuse_ino_t number, struct fuse_file_info *info)
{
	struct handle *h = handle_of(info);

	(void)number;
	if (h->node.kind == NODE_VECTOR)
		interrupt_file_end(serving->interrupts, h);
	if (h->node.kind == NODE_NEW_BUFFER)
		serving->pending[0] = '\0';
	free_handle(h);
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

static int describe_buffer(struct mount *m, const struct node *node, char **text, size_t *length,
			   struct error *error)
{
	char name[BUFFER_NAME_SIZE];
	struct buffer *buffer = NULL;
	int n;
	int rc = node_buffer_name(m, node, name, sizeof(name));

	if (rc < 0)
		return error_errno(error, rc, "a buffer");
	rc = buffer_open(m->client, name, &buffer, error);
	if (rc < 0)
		return rc;
	n = asprintf(text, "0x%llx\n", (unsigned long long)buffer->address);
	buffer_close(buffer);
	if (n < 0)
		return error_errno(error, -ENOMEM, "%s", name);
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
		return describe_buffer(m, node, text, length, error);
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

/* The part of [OFFSET, OFFSET + SIZE) that the buffer has, opened. */
static int open_buffer(struct mount *m, const struct node *node, uint64_t offset, size_t *size,
		       struct buffer **buffer, struct error *error)
{
	char name[BUFFER_NAME_SIZE];
	struct buffer *b = NULL;
	int rc = node_buffer_name(m, node, name, sizeof(name));

	if (rc < 0)
		return error_errno(error, rc, "a buffer");
	rc = buffer_open(m->client, name, &b, error);
	if (rc < 0)
		return rc;
	if (offset >= b->requested)
		*size = 0;
	else if (*size > b->requested - offset)
		*size = (size_t)(b->requested - offset);
	*buffer = b;
	return 0;
}

static void read_buffer(fuse_req_t request, const struct handle *h, size_t size, uint64_t offset)
{
	struct buffer *buffer = NULL;
	struct error error = { 0 };
	char *data = NULL;
	int rc = open_buffer(serving, &h->node, offset, &size, &buffer, &error);

	if (rc == 0) {
		data = malloc(size + 1);
		rc = data ? 0 : error_errno(&error, -ENOMEM, "@%s", buffer->name);
	}
	if (rc == 0)
		rc = buffer_read(buffer, offset, data, size, &error);
	if (rc < 0)
		fail(request, rc, &error);
	else
		serving->fuse_reply_buf(request, data, size);
	free(data);
	buffer_close(buffer);
}

static void read_bar(fuse_req_t request, const struct handle *h, size_t size, uint64_t offset)
{
	struct error error = { 0 };
	struct stat st;
	char data[8];
	int rc = node_stat(serving, &h->node, &st);

	if (rc == 0 && offset >= (uint64_t)st.st_size) {
		serving->fuse_reply_buf(request, NULL, 0);
		return;
	}
	rc = bar_file_read(serving, h->node.index, offset, data, size, &error);
	if (rc < 0)
		fail(request, rc, &error);
	else
		serving->fuse_reply_buf(request, data, size);
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
		interrupt_file_read(serving->interrupts, request, h, size);
		break;
	default:
		read_text(request, h, size, offset);
		break;
	}
}

/* Without the newline, and what an editor or a shell puts around it. */
static int take_line(const char *data, size_t size, char text[TEXT_SIZE], struct error *error)
{
	while (size > 0 && strchr(" \t\r\n", data[size - 1]))
		size--;
	while (size > 0 && strchr(" \t", *data)) {
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

static int write_buffer(struct mount *m, const struct node *node, const char *data, size_t *size,
			uint64_t offset, struct error *error)
{
	size_t length = *size;
	struct buffer *buffer = NULL;
	int rc = open_buffer(m, node, offset, &length, &buffer, error);

	if (rc == 0 && length == 0)
		rc = error_errno(error, -ENOSPC, "@%s ends at 0x%llx", buffer->name,
				 (unsigned long long)buffer->requested);
	if (rc == 0)
		rc = buffer_write(buffer, offset, data, length, error);
	buffer_close(buffer);
	*size = length;
	return rc;
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
		rc = write_buffer(serving, &h->node, data, &size, (uint64_t)offset, &error);
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

static const struct fuse_lowlevel_ops operations = {
	.lookup = do_lookup,
	.getattr = do_getattr,
	.setattr = do_setattr,
	.opendir = do_opendir,
	.readdir = do_readdir,
	.releasedir = do_releasedir,
	.create = do_create,
	.unlink = do_unlink,
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
