// SPDX-License-Identifier: GPL-2.0-or-later
/* A twin's client: messages with anything in them, after a version that was agreed on. Nothing is left of it then. */
#include <fcntl.h>

#include "core/twin/protocol.h"
#include "tests/fuzz/fuzz.h"

static const char map_text[] = "map,fuzz\n"
			       "device,1234:5099\n"
			       "register,CLEARS,0x0,32,rw1c,read=clear,reset=0xff\n"
			       "register,RANGE,0x4,32,rw,range=2..5\n"
			       "register,WIDE,0x8,64,rw\n"
			       "field,WIDE,MODE,63:60,rw,only=enum\n"
			       "enum,WIDE.MODE,OFF,0\n"
			       "register,BYTE,0x11,8,rw,write=w1t\n"
			       "register,WORDS,0x18,32,rw,words=4,width=8\n";

static struct twin_device device;
static struct context ctx = { .sysroot = "" };
static const char *const no_folders[] = { NULL };
static uint8_t *reply_bytes;

static void open_device(void)
{
	const struct twin_options options = { .bars = { [2] = { .size = 65536 }, [4] = { .size = 4096 } } };
	struct error error;

	ctx.map_file = fuzz_file(0, map_text, sizeof(map_text) - 1);
	reply_bytes = malloc(WIRE_MESSAGE_MAX);
	if (!reply_bytes || regmap_set_open(no_folders, &ctx.maps) < 0 ||
	    twin_device_open(&device, &ctx, &options, NULL, &error) < 0)
		abort();
}

/* Memory, or what is none. */
static int make_fd(unsigned int kind)
{
	int fd = kind % 4 ? memfd_create("guest", MFD_CLOEXEC) : open("/dev/null", O_RDWR | O_CLOEXEC);

	if (fd < 0 || (kind % 4 && ftruncate(fd, 4096 * (kind % 4)) < 0))
		abort();
	return fd;
}

static void one_message(struct protocol *p, unsigned int command, unsigned int fds, const uint8_t *data,
			size_t size)
{
	struct message m = { .header = { .command = (uint16_t)command }, .payload = data, .size = size };
	struct message_reply reply = { .bytes = reply_bytes };
	int rc;

	for (m.fd_count = 0; m.fd_count < fds % 4; m.fd_count++)
		m.fds[m.fd_count] = make_fd(fds / 4);
	rc = protocol_answer(p, &m, &reply);
	if (rc > 0 || (rc == 0 && !reply.error && reply.size > WIRE_MESSAGE_MAX))
		abort();
	for (unsigned int i = 0; i < m.fd_count; i++) {
		if (m.fds[i] >= 0)
			close(m.fds[i]);
	}
}

/* A message: command, descriptors, bytes of the payload, payload. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct protocol p = { .device = &device, .is_open = true };

	if (!device.ctx)
		open_device();
	while (size > 3) {
		size_t length = data[2] < size - 3 ? data[2] : size - 3;

		/* the payload alone, so that what lies behind it is nobody's */
		uint8_t *payload = malloc(length ? length : 1);

		if (!payload)
			abort();
		memcpy(payload, data + 3, length);
		one_message(&p, data[0] % 20, data[1], payload, length);
		free(payload);
		data += 3 + length;
		size -= 3 + length;
	}
	twin_device_disconnect(&device);
	if (device.memory.count || vectors_enabled(&device.vectors, 1))
		abort();
	return 0;
}
