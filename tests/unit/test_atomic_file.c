// SPDX-License-Identifier: GPL-2.0-or-later
/* A written file is in its place whole, or there is nothing of it, also when its writer is killed on the way. */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "core/file/atomic_file.h"
#include "tests/unit/tap.h"

static char folder[] = "/tmp/pcietool-test-XXXXXX";

/* All names in the folder, in one line. */
static const char *names(void)
{
	static char text[1024];
	const struct dirent *entry;
	DIR *dir = opendir(folder);

	text[0] = '\0';
	while (dir && (entry = readdir(dir))) {
		if (strcmp(entry->d_name, ".") != 0 && strcmp(entry->d_name, "..") != 0)
			snprintf(text + strlen(text), sizeof(text) - strlen(text), "%s ", entry->d_name);
	}
	if (dir)
		closedir(dir);
	return text;
}

static const char *content(const char *name)
{
	static char text[64];
	FILE *file = fopen(name, "re");
	size_t n = file ? fread(text, 1, sizeof(text) - 1, file) : 0;

	if (file)
		fclose(file);
	text[n] = '\0';
	return text;
}

static int write_file(const char *name, unsigned int mode, const char *text)
{
	struct atomic_file *file;
	struct error error;
	int rc = atomic_file_open(name, mode, &file, &error);

	if (rc < 0)
		return rc;
	rc = atomic_file_write(file, text, strlen(text), &error);
	if (rc == 0)
		return atomic_file_commit(file, &error);
	atomic_file_abort(file);
	return rc;
}

static void is_killed(const char *name)
{
	pid_t pid = fork();
	struct atomic_file *file;
	struct error error;

	if (pid == 0) {
		if (atomic_file_open(name, 0, &file, &error) == 0 &&
		    atomic_file_write(file, "half", 4, &error) == 0)
			raise(SIGKILL);
		_exit(1);
	}
	if (waitpid(pid, NULL, 0) != pid)
		abort();
}

/* What the file system can. */
static bool has_unnamed(void)
{
	int fd = open(folder, O_TMPFILE | O_WRONLY | O_CLOEXEC, 0600);

	if (fd >= 0)
		close(fd);
	return fd >= 0;
}

static void leave_names(const char *name, bool leave)
{
	char left[64];
	int fd;

	for (int i = 0; i < 3; i++) {
		snprintf(left, sizeof(left), ".%s.%d-%d", name, (int)getpid(), i);
		fd = leave ? open(left, O_CREAT | O_WRONLY | O_CLOEXEC, 0600) : unlink(left);
		if (fd > 0)
			close(fd);
	}
}

static unsigned int mode_of(const char *name)
{
	struct stat st;

	return stat(name, &st) == 0 ? st.st_mode & 07777 : 0;
}

/* As a shell's ">" has it. */
static void modes(struct tap *tap)
{
	struct stat st;

	umask(027);
	ok(tap, write_file("m", 0, "one") == 0 && mode_of("m") == 0640,
	   "a new one has what the umask leaves");
	ok(tap, chmod("m", 0604) == 0 && write_file("m", 0, "two") == 0 && mode_of("m") == 0604,
	   "one that replaces another has that one's mode");
	if (geteuid() == 0)
		ok(tap,
		   chown("m", 65534, 65533) == 0 && write_file("m", 0, "three") == 0 && stat("m", &st) == 0 &&
			   st.st_uid == 65534 && st.st_gid == 65533 && mode_of("m") == 0604,
		   "and its owner");
	umask(022);
	unlink("m");
}

/* A user without rights, in a folder that is root's: the file may be its own all the same. */
static int as_nobody(const char *name)
{
	pid_t pid = fork();
	int status = -1;

	if (pid == 0)
		_exit(setresuid(65534, 65534, 65534) < 0 ? 99 : -write_file(name, 0, "new"));
	if (waitpid(pid, &status, 0) != pid)
		abort();
	return WEXITSTATUS(status);
}

static void folders_of_others(struct tap *tap)
{
	if (chmod(folder, 0755) < 0 || write_file("mine", 0, "a longer one") < 0 ||
	    chown("mine", 65534, 65534) < 0)
		abort();
	ok(tap, as_nobody("mine") == 0 && strcmp(content("mine"), "new") == 0,
	   "where the folder may not be written to, the file is");
	ok(tap, as_nobody("none") == EACCES, "unless there is none");
	ok(tap,
	   write_file("not", 0, "old") == 0 && chmod(folder, 0777) == 0 && as_nobody("not") == EACCES &&
		   strcmp(content("not"), "old") == 0,
	   "what may not be written to is not replaced");
	ok(tap, !strstr(names(), "."), "nothing is left: %s", names());
}

static void remove_folder(void)
{
	const struct dirent *entry;
	DIR *dir = opendir(folder);

	while (dir && (entry = readdir(dir)))
		unlink(entry->d_name);
	if (dir)
		closedir(dir);
	rmdir(folder);
}

int main(void)
{
	struct tap tap = { 0 };
	struct atomic_file *file;
	struct error error;
	struct stat st;

	if (!mkdtemp(folder) || chdir(folder) < 0)
		abort();
	ok(&tap, write_file("a", 0640, "one") == 0 && strcmp(content("a"), "one") == 0, "a new one");
	ok(&tap, stat("a", &st) == 0 && (st.st_mode & 07777) == 0640, "has its mode");
	ok(&tap, write_file("a", 0640, "two") == 0 && strcmp(content("a"), "two") == 0, "replaces another");
	ok(&tap, strcmp(names(), "a ") == 0, "nothing is beside it: %s", names());
	ok(&tap, atomic_file_open("a", 0, &file, &error) == 0 && atomic_file_write(file, "x", 1, &error) == 0,
	   "one that is not finished");
	atomic_file_abort(file);
	ok(&tap, strcmp(content("a"), "two") == 0 && strcmp(names(), "a ") == 0, "leaves the old one");
	if (has_unnamed()) {
		is_killed("a");
		is_killed("b");
		ok(&tap, strcmp(content("a"), "two") == 0 && strcmp(names(), "a ") == 0,
		   "who is killed leaves nothing: %s", names());
		leave_names("a", true);
		ok(&tap, write_file("a", 0, "three") == 0 && strcmp(content("a"), "three") == 0,
		   "what others left is in nobody's way");
		leave_names("a", false);
	}
	modes(&tap);
	if (geteuid() == 0)
		folders_of_others(&tap);
	remove_folder();
	return tap_done(&tap);
}
