/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the files of core/mount share. */
#ifndef PCIETOOL_MOUNT_INTERNAL_H
#define PCIETOOL_MOUNT_INTERNAL_H

/* 3.12; Debian 12 has 3.14 */
#define FUSE_USE_VERSION 312
#include <fuse3/fuse_lowlevel.h>

#include "core/access/access.h"
#include "core/base/library.h"
#include "core/mount/mount.h"
#include "core/mount/node.h"

/* What a session is made by, and the name of the library, changed with 3.17. */
#if FUSE_MINOR_VERSION >= 17
#define FUSE_LIBRARY "libfuse3.so.4"
#define FUSE_SESSION_NEW(X) X(fuse_session_new_versioned)
#else
#define FUSE_LIBRARY "libfuse3.so.3"
#define FUSE_SESSION_NEW(X) X(fuse_session_new)
#endif

#define FUSE_FUNCTIONS(X)                                                                                    \
	FUSE_SESSION_NEW(X)                                                                                  \
	X(fuse_opt_free_args)                                                                                \
	X(fuse_session_mount)                                                                                \
	X(fuse_session_unmount)                                                                              \
	X(fuse_session_destroy)                                                                              \
	X(fuse_session_fd)                                                                                   \
	X(fuse_session_receive_buf)                                                                          \
	X(fuse_session_process_buf)                                                                          \
	X(fuse_session_exited)                                                                               \
	X(fuse_req_interrupt_func)                                                                           \
	X(fuse_req_interrupted)                                                                              \
	X(fuse_reply_err)                                                                                    \
	X(fuse_reply_entry)                                                                                  \
	X(fuse_reply_attr)                                                                                   \
	X(fuse_reply_open)                                                                                   \
	X(fuse_reply_create)                                                                                 \
	X(fuse_reply_buf)                                                                                    \
	X(fuse_reply_write)                                                                                  \
	X(fuse_reply_poll)                                                                                   \
	X(fuse_add_direntry)                                                                                 \
	X(fuse_lowlevel_notify_poll)                                                                         \
	X(fuse_pollhandle_destroy)

struct interrupt_files;
struct backing;

struct mount {
	void *library; /* libfuse */
	FUSE_FUNCTIONS(LIBRARY_MEMBER)
	struct fuse_session *session;
	struct device *device;
	struct mount_options options;
	struct access access[NODE_SPACES]; /* whose maps are open, for names; nothing is accessed by them */
	struct buffer_client *client; /* NULL: no way to buffers and interrupts */
	struct interrupt_files *interrupts; /* NULL as well */
	bool can_map; /* the kernel hands mmap(2) to other files (FUSE_PASSTHROUGH) */
	struct backing *backings; /* of buffers that are open, a list */
	unsigned int mask; /* the umask */
	struct handle *made; /* open files that buffers were made by, a list */
	uint32_t made_count; /* so far, for their numbers */
	struct error failure; /* the last one that a file's user was told of by a number */
};

/* An open file. */
struct handle {
	struct node node;
	struct backing *backing; /* of a buffer; NULL: it is not asked for */
	char *text; /* what a read at its beginning got, or a folder's entries; NULL: nothing yet */
	size_t length;
	size_t at; /* of an interrupt's text: how much was read */
	uint64_t since; /* the count that its reader knows */
	struct fuse_pollhandle *poll; /* to be told; NULL: nobody */
	uint64_t polled; /* when: clock_ns() */
	struct handle *next; /* of those who are to be told */
	/* of a file that makes a buffer, whose node is that once it has a size */
	char name[BUFFER_NAME_SIZE];
	uint32_t number; /* from 1 */
	struct handle *next_made;
};

/* --- failure.c --------------------------------------------------------------------------------------------- */

/* The positive errno that says to a file's user what ERROR says. */
int mount_errno(int rc, const struct error *error);
/* The same, and ERROR is kept for the file "error": for the thread that serves. */
int mount_fail(struct mount *mount, int rc, const struct error *error);

/* --- operations.c: what the kernel asks for --------------------------------------------------------------- */

/* -EINVAL; libfuse itself says why on standard error. */
int operations_open(struct mount *mount, struct fuse_args *args, struct fuse_session **session);
/* Answers one request. */
void operations_serve(struct mount *mount, const struct fuse_buf *request);

/* --- register_text.c: registers, fields, BARs ------------------------------------------------------------- */

/* One read: *TEXT, of *LENGTH bytes, is the caller's to free. */
int register_text_read(struct mount *mount, const struct node *node, char **text, size_t *length,
		       struct error *error);
/* One write, of the VALUE or VALUE:MASK that TEXT is. */
int register_text_write(struct mount *mount, const struct node *node, const char *text, struct error *error);
/* One access of LENGTH bytes, which must be 1, 2, 4 or 8, in the machine's byte order. */
int bar_file_read(struct mount *mount, unsigned int bar, uint64_t offset, void *data, size_t length,
		  struct error *error);
int bar_file_write(struct mount *mount, unsigned int bar, uint64_t offset, const void *data, size_t length,
		   struct error *error);

/* --- buffer_file.c ---------------------------------------------------------------------------------------- */

/* The first truncate(2) of a file that was created says how large the buffer is; 0 changes nothing. */
int buffer_file_resize(struct mount *mount, const struct node *node, off_t size, struct error *error);
/* Gives it back, where `dma free` would. */
int buffer_file_remove(struct mount *mount, const char *name, struct error *error);
/* *TEXT, of *LENGTH bytes, is the caller's to free. */
int buffer_file_address(struct mount *mount, const struct node *node, char **text, size_t *length,
			struct error *error);
/* At most *SIZE bytes from OFFSET on: how many there are. *DATA is the caller's to free. */
int buffer_file_read(struct mount *mount, const struct node *node, uint64_t offset, size_t *size, char **data,
		     struct error *error);
/* -ENOSPC at its end. */
int buffer_file_write(struct mount *mount, const struct node *node, uint64_t offset, const char *data,
		      size_t *size, struct error *error);

/* --- backing.c: what mmap(2) of dma/NAME maps ------------------------------------------------------------- */

/* For a file of a buffer that is being opened. Where its memory cannot be mapped it is so for each that is open with it. */
void backing_join(struct mount *mount, struct handle *handle, struct fuse_file_info *info);
/* The last one of the buffer lets it go; what is mapped stays. */
void backing_leave(struct mount *mount, struct handle *handle);

/* --- interrupt_file.c ------------------------------------------------------------------------------------- */

/* A thread for each vector that is waited for, from the first wait on. */
int interrupt_files_open(struct mount *mount, struct interrupt_files **files, struct error *error);
/* Whoever waits is told that the device is gone. Accepts NULL. */
void interrupt_files_close(struct interrupt_files *files);

/* The count of now: what comes later is new to HANDLE. */
int interrupt_file_begin(struct interrupt_files *files, struct handle *handle, struct error *error);
/* Answers REQUEST, at once or when the next one comes: the vector's count, and a newline. */
void interrupt_file_read(struct interrupt_files *files, fuse_req_t request, struct handle *handle,
			 size_t size, bool is_nonblocking);
/* As poll(2); POLL is the callee's, NULL: nobody is to be told later. */
void interrupt_file_poll(struct interrupt_files *files, fuse_req_t request, struct handle *handle,
			 struct fuse_pollhandle *poll);
void interrupt_file_end(struct interrupt_files *files, struct handle *handle);
/* "msix 4", "none" */
int interrupt_type_read(struct mount *mount, char **text, size_t *length, struct error *error);
/* "TYPE" or "TYPE VECTORS"; EBUSY while somebody waits. */
int interrupt_type_write(struct interrupt_files *files, const char *text, struct error *error);

#endif
