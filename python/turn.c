// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The part of Python's package that is in C by its own: a register's read, which a loop does a hundred thousand times, in one call with one
 * argument. It takes the device's turn without Python's lock where nobody has it; python/pcietool/_turns.py says who has.
 */
#include <errno.h>
#include <pcietool.h>
#include <pthread.h>

/* Of a device. Who has its lock has this, too; a read that is made here has only this. */
struct pcietool_python_turn {
	int is_over; /* the device is closed, or the parent process' */
	int is_taken;
};

struct pcietool_python_reader {
	struct pcietool_python_turn *turn;
	struct pcietool_register *reg;
};

/* Of this thread's last read. */
static _Thread_local int last;
static _Thread_local struct pcietool_error *record;
static pthread_once_t once = PTHREAD_ONCE_INIT;
static pthread_key_t key;

static void free_record(void *error)
{
	pcietool_error_free(error);
}

static void make_key(void)
{
	pthread_key_create(&key, free_record);
}

/* 0: somebody has it. */
static int pcietool_python_take(struct pcietool_python_turn *turn)
{
	return !__atomic_exchange_n(&turn->is_taken, 1, __ATOMIC_ACQUIRE);
}

static void pcietool_python_give(struct pcietool_python_turn *turn)
{
	__atomic_store_n(&turn->is_taken, 0, __ATOMIC_RELEASE);
}

/* All ones may be the value: pcietool_python_last() says whether. */
static uint64_t pcietool_python_read(struct pcietool_python_reader *reader)
{
	uint64_t value = UINT64_MAX;

	if (reader->turn->is_over || !pcietool_python_take(reader->turn)) {
		last = -EAGAIN;
		return UINT64_MAX;
	}
	if (!record) {
		pthread_once(&once, make_key);
		record = pcietool_error_new();
		pthread_setspecific(key, record);
	}
	last = pcietool_register_read(reader->reg, &value, record);
	pcietool_python_give(reader->turn);
	return last < 0 ? UINT64_MAX : value;
}

/* 0, -EAGAIN where nothing was accessed as others have the turn, or another -errno with pcietool_python_error(). */
static int pcietool_python_last(void)
{
	return last;
}

/* NULL: out of memory. */
static struct pcietool_error *pcietool_python_error(void)
{
	return record;
}
