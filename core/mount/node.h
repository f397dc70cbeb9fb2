/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The files there are. Each is known by a number that says what it is: there is no table of them, as a map may have
 * a million registers.
 */
#ifndef PCIETOOL_MOUNT_NODE_H
#define PCIETOOL_MOUNT_NODE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/stat.h>

struct buffer;
struct handle;
struct mount;

/* Whose names they are. */
enum node_space { NODE_BAR_SPACE, NODE_CONFIG_SPACE, NODE_SPACES };

enum node_kind {
	NODE_ROOT,
	/* folders */
	NODE_REGISTERS, /* of a space */
	NODE_FIELDS, /* NAME.d: of a register */
	NODE_BARS,
	NODE_BUFFERS,
	NODE_INTERRUPTS,
	/* files */
	NODE_INFO,
	NODE_ERROR,
	NODE_REGISTER,
	NODE_FIELD,
	NODE_BAR,
	NODE_BUFFER,
	NODE_BUFFER_ADDRESS,
	NODE_NEW_BUFFER, /* that has no size yet */
	NODE_VECTOR,
	NODE_INTERRUPT_TYPE,
};

#define NODE_FIELDS_MAX 0xffffu

struct node {
	enum node_kind kind;
	enum node_space space; /* of registers and fields */
	uint32_t
		index; /* of the register in its map, the BAR, the vector; a buffer's handle; of a new one the file's number */
	uint32_t field; /* of the register's, from 0, below NODE_FIELDS_MAX */
};

/* Never 0; the root's is 1 (FUSE_ROOT_ID). */
uint64_t node_number(const struct node *node);
struct node node_from(uint64_t number);

static inline bool node_is_folder(const struct node *node)
{
	return node->kind <= NODE_INTERRUPTS;
}

/* May what it is change while it is mounted? */
static inline bool node_is_fixed(const struct node *node)
{
	return node->kind != NODE_BAR && node->kind != NODE_BUFFER && node->kind != NODE_BUFFER_ADDRESS &&
	       node->kind != NODE_NEW_BUFFER && node->kind != NODE_VECTOR;
}

/* What is called NAME in FOLDER. -ENOENT, or another -errno. */
int node_find(struct mount *mount, const struct node *folder, const char *name, struct node *node);
/* Calls ADD with what is in FOLDER until it fails. */
int node_list(struct mount *mount, const struct node *folder,
	      int (*add)(void *data, const char *name, const struct node *node), void *data);
/* Without an access to the device; modes are what the device allows, to everybody. -ENOENT: it is no more. */
int node_stat(struct mount *mount, const struct node *node, struct stat *st);

/* Room for a register's, a field's or a buffer's whole name. */
#define NODE_NAME_SIZE 512
/* "CTRL", "CTRL.START": as an operand names a register or field. */
void node_operand(const struct mount *mount, const struct node *node, char *text, size_t size);
/* The open file that a new buffer was made by; NULL: it is closed. */
struct handle *node_made(const struct mount *mount, const struct node *node);
/* The buffer as it is listed, not open; -ENOENT: it was freed. */
int node_buffer(struct mount *mount, const struct node *node, struct buffer *buffer);

#endif
