// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The part of Python's package that is in C by its own: a register's read, which a loop does a hundred thousand times, in one call with one
 * argument. It takes the device's turn without Python's lock where nobody has it; python/pcietool/_turns.py says who has.
 */
#include <errno.h>
#include <pcietool.h>
#include <pthread.h>

/*
 * Of a device. Who has its lock holds it, and waits for the read that is being made; a read that is made here looks whether it is held. Each
 * says what it is about before it looks at the other's word, so of two at once one sees the other.
 */
struct pcietool_python_turn {
	int is_over; /* the device is closed, or the parent process' */
	int is_held;
	int is_reading;
};

struct pcietool_python_reader {
	struct pcietool_python_turn *turn;
	struct pcietool_register *reg;
};

/*
 * This thread's reads of all ones that were not asked about yet. Python may run a handler of signals between a read and the question, and
 * that handler reads and asks: who asks first is who read last. An exception of the handler's leaves one that nobody asks about, which is
 * overwritten after as many others; handlers within handlers are fewer.
 */
struct outcome {
	const struct pcietool_python_reader *reader;
	struct pcietool_error *error;
	int rc;
};

enum { OUTCOMES = 16 };

struct thread {
	struct outcome outcomes[OUTCOMES];
	struct pcietool_error *record; /* of the next read */
	unsigned int count;
};

static _Thread_local struct thread thread;
static pthread_once_t once = PTHREAD_ONCE_INIT;
static pthread_key_t key;

static void free_records(void *data)
{
	struct thread *t = data;

	for (unsigned int i = 0; i < OUTCOMES; i++)
		pcietool_error_free(t->outcomes[i].error);
	pcietool_error_free(t->record);
	*t = (struct thread){ 0 };
}

static void make_key(void)
{
	pthread_key_create(&key, free_records);
}

/* 0: a read is being made, to be asked again. */
static int pcietool_python_hold(struct pcietool_python_turn *turn)
{
	__atomic_store_n(&turn->is_held, 1, __ATOMIC_SEQ_CST);
	return !__atomic_load_n(&turn->is_reading, __ATOMIC_SEQ_CST);
}

static void pcietool_python_let(struct pcietool_python_turn *turn)
{
	__atomic_store_n(&turn->is_held, 0, __ATOMIC_RELEASE);
}

static int begin_read(struct pcietool_python_turn *turn)
{
	if (turn->is_over || __atomic_exchange_n(&turn->is_reading, 1, __ATOMIC_SEQ_CST))
		return 0;
	if (!__atomic_load_n(&turn->is_held, __ATOMIC_SEQ_CST))
		return 1;
	__atomic_store_n(&turn->is_reading, 0, __ATOMIC_RELEASE);
	return 0;
}

/* ERROR is the outcome's from here on. */
static uint64_t keep_outcome(const struct pcietool_python_reader *reader, int rc,
			     struct pcietool_error *error)
{
	struct outcome *outcome = &thread.outcomes[thread.count++ % OUTCOMES];

	pcietool_error_free(outcome->error);
	*outcome = (struct outcome){ .reader = reader, .error = error, .rc = rc };
	return UINT64_MAX;
}

/* All ones may be the value: pcietool_python_last(), which is to be called then, says whether. */
static uint64_t pcietool_python_read(struct pcietool_python_reader *reader)
{
	struct pcietool_error *record;
	uint64_t value = UINT64_MAX;
	int rc;

	if (!begin_read(reader->turn))
		return keep_outcome(reader, -EAGAIN, NULL);
	if (!thread.record) {
		pthread_once(&once, make_key);
		thread.record = pcietool_error_new();
		pthread_setspecific(key, &thread);
	}
	rc = pcietool_register_read(reader->reg, &value, thread.record);
	__atomic_store_n(&reader->turn->is_reading, 0, __ATOMIC_RELEASE);
	if (rc == 0)
		return value == UINT64_MAX ? keep_outcome(reader, 0, NULL) : value;
	record = thread.record;
	thread.record = NULL;
	return keep_outcome(reader, rc, record);
}

/*
 * Of READER's last read of all ones: 0, -EAGAIN where nothing was accessed as others have the turn, or another -errno with *ERROR for the
 * caller to free; NULL: out of memory.
 */
static int pcietool_python_last(const struct pcietool_python_reader *reader, struct pcietool_error **error)
{
	struct outcome *outcome;
	unsigned int left = OUTCOMES;

	do {
		outcome = &thread.outcomes[--thread.count % OUTCOMES];
	} while (outcome->reader != reader && --left);

	*error = outcome->error;
	outcome->error = NULL;
	return outcome->rc;
}
