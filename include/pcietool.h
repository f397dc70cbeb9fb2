/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * libpcietool: a PCIe device's registers, config space, DMA memory and interrupts, for programs. What pcietool(8) does, without
 * a process for each access; the words of operands (REF, ASSIGN, CONDITION) are that manual's.
 *
 * All types are opaque, and grow without a change of the ABI. A function that can fail returns 0, or -errno with *ERROR
 * filled where that is not NULL, and left alone otherwise. Nothing is printed, nothing exits, no environment variable is read.
 *
 * Threads: a context and all that was made with it are used by one thread at a time; contexts are independent of each
 * other. An object is closed before what it was made with. In a child of fork(2) the parent's objects must be neither used
 * nor closed. A function that the library calls may use what its caller uses, but not close it.
 *
 * Strings that are no argument of the caller's live as long as the object that gave them, those of errors until the next
 * call with that error. Arguments must not be NULL where that is not said.
 *
 * SIGBUS: an access of the library's to a device that went away is a fault of the CPU, which it catches with a handler. That
 * passes on what is none of its accesses to the handler that was there before; a program that installs one later passes on
 * in the same way. The program's own accesses to pcietool_buffer_map() fault too where the device, or memory with a name that
 * somebody else freed, is gone.
 */
#ifndef PCIETOOL_H
#define PCIETOOL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif
#ifdef __GNUC__
#pragma GCC visibility push(default)
#endif

/* Of the library that runs: "0.1.0". */
const char *pcietool_version(void);

/* --- errors ----------------------------------------------------------------------------------------------- */

/* What kind an error is of: the exit statuses of pcietool(8). */
enum pcietool_kind {
	PCIETOOL_OK = 0,
	PCIETOOL_FAILED = 1,
	PCIETOOL_USAGE = 2, /* what was asked for is malformed, out of range, unknown */
	PCIETOOL_SELECT = 3, /* no device, or several */
	PCIETOOL_DENIED = 4,
	PCIETOOL_GONE = 5, /* the device does not answer */
	PCIETOOL_UNSUPPORTED = 6,
	PCIETOOL_TIMEOUT = 7,
	PCIETOOL_DIFFERS = 8
};

struct pcietool_error;

/* NULL: out of memory. To be used again and again. */
struct pcietool_error *pcietool_error_new(void);
void pcietool_error_free(struct pcietool_error *error); /* accepts NULL */
enum pcietool_kind pcietool_error_kind(const struct pcietool_error *error);
/* A stable word: "decoding-off". */
const char *pcietool_error_code(const struct pcietool_error *error);
/* What was tried and why it failed, on one line. */
const char *pcietool_error_message(const struct pcietool_error *error);
/* What helps; "" where nothing is known. */
const char *pcietool_error_hint(const struct pcietool_error *error);

/* --- a context: how devices are reached ------------------------------------------------------------------- */

struct pcietool_context;
struct pcietool_device;

/* NULL: out of memory. */
struct pcietool_context *pcietool_context_new(void);
void pcietool_context_free(struct pcietool_context *context); /* accepts NULL */

/*
 * One of pcietool(8)'s options by its long name; VALUE is copied. A usage error once a device was opened, but for the last:
 *     via        "auto", "sysfs", "devmem", "helper", "vfio", "uio"
 *     map        a register map's file, instead of the device's own
 *     map-folder a folder of maps, looked into before those of the system
 *     base       the address in the map that is offset 0 of a BAR
 *     sysroot    a folder that stands in for /
 *     session    the sockets of a session, as PCIETOOL_SESSION has them
 *     force, unsafe, wide, wc   "1" or "0"
 *     open-vfio  "1": VFIO may be opened by this process, which resets the device
 * Usage error for another name, or a bad value.
 */
int pcietool_context_set(struct pcietool_context *context, const char *name, const char *value,
			 struct pcietool_error *error);

enum pcietool_log_level { PCIETOOL_WARNING, PCIETOOL_NOTE, PCIETOOL_INFO };

/* Calls LOG with DATA for what the user may want to know; NULL: nobody does. */
void pcietool_context_set_log(struct pcietool_context *context,
			      void (*log)(void *data, enum pcietool_log_level level, const char *message),
			      void *data);

/*
 * Asks STOPPED with DATA while it waits for a register or captures, some 1,000 times a second: true ends the call, a wait with
 * -EINTR and without an error, a capture as its size does. NULL: nobody is asked.
 */
void pcietool_context_set_stopped(struct pcietool_context *context, bool (*stopped)(void *data), void *data);

/*
 * Calls FOUND with the address of each device that SELECTOR means, in order, until it returns anything but 0, which is
 * returned then. SELECTOR NULL: all. It is "01:00.0" (parts may be left out, or '*'), "VENDOR:DEVICE[:CLASS]", or what
 * the kernel calls it: "nvme0", "eth0", "slot:3".
 */
int pcietool_find(struct pcietool_context *context, const char *selector,
		  int (*found)(void *data, const char *address), void *data, struct pcietool_error *error);

/* --- a device --------------------------------------------------------------------------------------------- */

/* The only one that SELECTOR means; opening it changes nothing in it. *DEVICE is the caller's to close. */
int pcietool_device_open(struct pcietool_context *context, const char *selector,
			 struct pcietool_device **device, struct pcietool_error *error);
void pcietool_device_close(struct pcietool_device *device); /* accepts NULL */
/* "0000:01:00.0" */
const char *pcietool_device_address(const struct pcietool_device *device);
/* From sysfs. CLASS_CODE has 24 bits. Each may be NULL. */
int pcietool_device_ids(const struct pcietool_device *device, uint16_t *vendor, uint16_t *device_id,
			uint32_t *class_code, struct pcietool_error *error);
/* Reads its vendor id: ERROR_GONE where that does not answer. */
int pcietool_device_check(struct pcietool_device *device, struct pcietool_error *error);

/* --- config space ----------------------------------------------------------------------------------------- */

/* REF: "EXP.LNKSTA.SPEED", "COMMAND", "0x10/32"; one access. Of a field its value. */
int pcietool_config_read(struct pcietool_device *device, const char *ref, uint64_t *value,
			 struct pcietool_error *error);
/* ASSIGN: "COMMAND=0x4:0x4", "EXP.DEVCTL.MRRS=512". With a mask, or of a field, a read and a write. */
int pcietool_config_write(struct pcietool_device *device, const char *assign, struct pcietool_error *error);

/* --- registers -------------------------------------------------------------------------------------------- */

/* REF: "STATUS", "CTRL.MODE", "2:0x10/8"; one access. */
int pcietool_regs_read(struct pcietool_device *device, const char *ref, uint64_t *value,
		       struct pcietool_error *error);
/* ASSIGN: "CTRL.MODE=FAST", "0x10=1:1", "DMA_DST=@rx". */
int pcietool_regs_write(struct pcietool_device *device, const char *assign, struct pcietool_error *error);
/*
 * Reads until CONDITION ("STATUS.BUSY==0") holds, with a pause of INTERVAL ns between two reads; PCIETOOL_TIMEOUT after
 * TIMEOUT ns, where 0 looks once and UINT64_MAX is never. *VALUE, which may be NULL, is what was read last, and
 * is left alone where nothing was read.
 */
int pcietool_regs_wait(struct pcietool_device *device, const char *condition, uint64_t timeout,
		       uint64_t interval, uint64_t *value, struct pcietool_error *error);

/*
 * LENGTH bytes of a BAR from OFFSET on, as accesses of WIDTH bits (8, 16, 32, 64) in rising order, in the machine's byte
 * order. The BAR stays open as long as the device; before each write it is looked whether memory decoding is on. Where it turns out
 * at the first access that the BAR is not where it was, it is opened anew; what goes later, in the midst, is PCIETOOL_GONE, and what was
 * accessed until then is not accessed again.
 */
int pcietool_bar_read(struct pcietool_device *device, unsigned int bar, uint64_t offset, unsigned int width,
		      void *data, size_t length, struct pcietool_error *error);
int pcietool_bar_write(struct pcietool_device *device, unsigned int bar, uint64_t offset, unsigned int width,
		       const void *data, size_t length, struct pcietool_error *error);

/*
 * A register or field that is looked up once, for programs that access it often. It is valid as long as the BAR is where it
 * was: after a reset, a rescan, or a resize it is opened anew. All of a device share the BAR's descriptor and mapping. Whether the device
 * can be accessed is looked at when it is opened, and never again: with memory decoding off a write is lost, and all ones are read, without an
 * error. pcietool_regs_read(), pcietool_regs_write() and the blocks above look each time.
 */
struct pcietool_register;

int pcietool_register_open(struct pcietool_device *device, const char *ref, struct pcietool_register **reg,
			   struct pcietool_error *error);
void pcietool_register_close(struct pcietool_register *reg); /* accepts NULL */
/* Of its value. */
unsigned int pcietool_register_bits(const struct pcietool_register *reg);
/* Usage error where the map says that it cannot be read. */
int pcietool_register_read(struct pcietool_register *reg, uint64_t *value, struct pcietool_error *error);
/* Of a field: a read and a write, by the rules of the map. */
int pcietool_register_write(struct pcietool_register *reg, uint64_t value, struct pcietool_error *error);

/* --- what a register map says ----------------------------------------------------------------------------- */

struct pcietool_map; /* the context's; valid as long as it is */

/* *MAP is NULL where the device has none: a map of no registers to the functions below. */
int pcietool_device_map(struct pcietool_device *device, const struct pcietool_map **map,
			struct pcietool_error *error);
/* Its file; its registers, in the file's order, are counted from 0. */
const char *pcietool_map_path(const struct pcietool_map *map);
size_t pcietool_map_registers(const struct pcietool_map *map);
const char *pcietool_map_register_name(const struct pcietool_map *map, size_t reg);
/* "" where there is none. */
const char *pcietool_map_register_description(const struct pcietool_map *map, size_t reg);
unsigned int pcietool_map_register_bits(const struct pcietool_map *map, size_t reg);
bool pcietool_map_register_is_readable(const struct pcietool_map *map, size_t reg);
bool pcietool_map_register_is_writable(const struct pcietool_map *map, size_t reg);
/* Why reading it does more than read; NULL: it does not. */
const char *pcietool_map_register_unsafe(const struct pcietool_map *map, size_t reg);
size_t pcietool_map_fields(const struct pcietool_map *map, size_t reg);
const char *pcietool_map_field_name(const struct pcietool_map *map, size_t reg, size_t field);
unsigned int pcietool_map_field_lsb(const struct pcietool_map *map, size_t reg, size_t field);
unsigned int pcietool_map_field_bits(const struct pcietool_map *map, size_t reg, size_t field);
/* Of one that is write-only its bits in what is read say nothing. */
bool pcietool_map_field_is_readable(const struct pcietool_map *map, size_t reg, size_t field);
/* What VALUE of the field is called; NULL: nothing. */
const char *pcietool_map_field_value_name(const struct pcietool_map *map, size_t reg, size_t field,
					  uint64_t value);

/* --- DMA memory ------------------------------------------------------------------------------------------- */

struct pcietool_buffer;

/*
 * SIZE bytes that the device can read and write, mapped. With a NAME they live until they are freed, the device is
 * released or its session ends, and others can open them; NAME NULL: until the buffer is closed, or the device, where it is
 * bus master then.
 */
int pcietool_buffer_alloc(struct pcietool_device *device, const char *name, uint64_t size,
			  struct pcietool_buffer **buffer, struct pcietool_error *error);
int pcietool_buffer_open(struct pcietool_device *device, const char *name, struct pcietool_buffer **buffer,
			 struct pcietool_error *error);
/* Unmaps; memory with a name stays. Accepts NULL. */
void pcietool_buffer_close(struct pcietool_buffer *buffer);
/*
 * Frees the memory, and its name; the buffer still has to be closed. What was mapped is memory of the program's own until
 * then, zeroes. Fails while the device is bus master.
 */
int pcietool_buffer_free(struct pcietool_buffer *buffer, struct pcietool_error *error);
/* Where it is mapped; the device's view of it is pcietool_buffer_address(). */
void *pcietool_buffer_map(const struct pcietool_buffer *buffer);
uint64_t pcietool_buffer_size(const struct pcietool_buffer *buffer);
uint64_t pcietool_buffer_address(const struct pcietool_buffer *buffer);
/* Before the CPU reads what the device wrote, and before the device reads what the CPU wrote. */
int pcietool_buffer_sync_for_cpu(struct pcietool_buffer *buffer, uint64_t offset, uint64_t length,
				 struct pcietool_error *error);
int pcietool_buffer_sync_for_device(struct pcietool_buffer *buffer, uint64_t offset, uint64_t length,
				    struct pcietool_error *error);

/* --- interrupts ------------------------------------------------------------------------------------------- */

/* TYPE: "auto", "intx", "msi", "msix"; VECTORS 0: all. *ENABLED, which may be NULL, is how many there are then. */
int pcietool_irq_enable(struct pcietool_device *device, const char *type, unsigned int vectors,
			unsigned int *enabled, struct pcietool_error *error);
int pcietool_irq_disable(struct pcietool_device *device, struct pcietool_error *error);
/* How many came since they were enabled. */
int pcietool_irq_count(struct pcietool_device *device, unsigned int vector, uint64_t *count,
		       struct pcietool_error *error);
/*
 * Until the count exceeds SINCE; PCIETOOL_TIMEOUT after TIMEOUT ns, UINT64_MAX: never. -EINTR without an error when a
 * signal came. *COUNT is valid on success and time-out.
 */
int pcietool_irq_wait(struct pcietool_device *device, unsigned int vector, uint64_t since, uint64_t timeout,
		      uint64_t *count, struct pcietool_error *error);
/*
 * For a loop of the program's own, beside other descriptors: *FD is for poll(2), select(2) or epoll(7), not for read(2), and the
 * caller's to close. It becomes readable when the vector's interrupt comes after this call, and stays so until it is cleared. Each has
 * that for itself: neither pcietool_irq_wait() nor another descriptor takes anything from it. Clear, look, and wait while there is nothing:
 *
 *	for (;;) {
 *		pcietool_irq_fd_clear(fd);
 *		rc = pcietool_irq_wait(device, vector, since, 0, &count, error);
 *		if (rc == 0 || pcietool_error_kind(error) != PCIETOOL_TIMEOUT)
 *			break;
 *		poll(&(struct pollfd){ .fd = fd, .events = POLLIN }, 1, 1000);
 *	}
 *
 * The look is also what lets INTx, which is masked when it comes, come again. It may be readable without an interrupt, and is
 * when the session ends. When interrupts are disabled, here or by another process, it tells nothing any more: the look after a second
 * finds that out, and after enabling them anew a new descriptor is needed.
 *
 * Unsupported ("no-descriptor") over UIO in a session, whose processes have one descriptor in common, and over VFIO without /proc.
 */
int pcietool_irq_fd(struct pcietool_device *device, unsigned int vector, int *fd,
		    struct pcietool_error *error);
/* 0, or -errno: it is no such descriptor. From any thread. */
int pcietool_irq_fd_clear(int fd);

/* --- captures --------------------------------------------------------------------------------------------- */

struct pcietool_capture;
struct pcietool_block;

/* PLAY: from a file to the device. */
int pcietool_capture_new(struct pcietool_device *device, bool play, struct pcietool_capture **capture,
			 struct pcietool_error *error);
void pcietool_capture_free(struct pcietool_capture *capture); /* accepts NULL */
/*
 * An option of pcietool-dma(8) by its long name: "output", "size", "block", "each"; VALUE NULL where it has none. Not "index",
 * "queue", "recipe" and "plot-rate", which are the program's: usage error.
 */
int pcietool_capture_set(struct pcietool_capture *capture, const char *name, const char *value,
			 struct pcietool_error *error);
/* All options of a recipe; of its index, which is not written, there is a warning. */
int pcietool_capture_recipe(struct pcietool_capture *capture, const char *file, struct pcietool_error *error);
/*
 * Runs it to its end. SAVED, which may be NULL, is called for each block that was saved (or played); another result than
 * 0 ends the capture well. However it ends, the device is stopped then, and its bus mastering is off. With SAVED a capture needs
 * no "output": the blocks are only given to it.
 */
int pcietool_capture_run(struct pcietool_capture *capture,
			 int (*saved)(void *data, const struct pcietool_block *block), void *data,
			 struct pcietool_error *error);
/* As the device counted it: a gap is a loss. */
uint64_t pcietool_block_number(const struct pcietool_block *block);
/* Where it is in the file, in bytes. */
uint64_t pcietool_block_offset(const struct pcietool_block *block);
uint64_t pcietool_block_length(const struct pcietool_block *block);
/* ns since the start */
uint64_t pcietool_block_time(const struct pcietool_block *block);
/*
 * The block is the device's again when SAVED returns; until then its bytes, which a capture has, are in DMA memory. Copied to TO, which
 * has room for its length; PCIETOOL_GONE where that memory is gone.
 */
int pcietool_block_copy(const struct pcietool_block *block, void *to, struct pcietool_error *error);
/*
 * The same without a copy, for one that may fault (SIGBUS, above): PIECE 0 has *LENGTH bytes, and those that follow, where the block goes
 * round the end of the ring, are PIECE 1. NULL: there is no such piece.
 */
const void *pcietool_block_data(const struct pcietool_block *block, unsigned int piece, uint64_t *length);
/* What there is so far, also after a failure. */
uint64_t pcietool_capture_bytes(const struct pcietool_capture *capture);
uint64_t pcietool_capture_blocks(const struct pcietool_capture *capture);
/* *LOST blocks; NULL says that it is known, else why not, as before the first run. */
const char *pcietool_capture_lost(const struct pcietool_capture *capture, uint64_t *lost);

/* --- links, and whether all is well ----------------------------------------------------------------------- */

struct pcietool_link;

/* The link that the device is an end of; unsupported where it has none. Leaves a device asleep that sleeps. */
int pcietool_link_read(struct pcietool_device *device, struct pcietool_link **link,
		       struct pcietool_error *error);
void pcietool_link_free(struct pcietool_link *link); /* accepts NULL */
/* Why nothing is known of it; NULL: the rest is valid. */
const char *pcietool_link_reason(const struct pcietool_link *link);
/* GT/s a lane, and lanes: what it runs at, and what both ends can (0: not known). */
double pcietool_link_speed(const struct pcietool_link *link);
unsigned int pcietool_link_width(const struct pcietool_link *link);
double pcietool_link_expected_speed(const struct pcietool_link *link);
unsigned int pcietool_link_expected_width(const struct pcietool_link *link);

struct pcietool_finding;

/*
 * What pcietool-check(8) finds, by the rules that hold everywhere: calls FOUND with each, until it returns anything but 0,
 * after which nothing is told any more. What is not allowed to be looked at, or sleeps, is not found wrong. SELECTOR NULL: of
 * all devices.
 */
int pcietool_check(struct pcietool_context *context, const char *selector,
		   int (*found)(void *data, const struct pcietool_finding *finding), void *data,
		   struct pcietool_error *error);
/* "critical", "warning", "info" */
const char *pcietool_finding_severity(const struct pcietool_finding *finding);
/* The device's, "0000:01:00.0". */
const char *pcietool_finding_address(const struct pcietool_finding *finding);
/* A stable word: "link-narrow". */
const char *pcietool_finding_rule(const struct pcietool_finding *finding);
const char *pcietool_finding_message(const struct pcietool_finding *finding);

#ifdef __GNUC__
#pragma GCC visibility pop
#endif
#ifdef __cplusplus
}
#endif

#endif
