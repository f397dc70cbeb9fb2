// SPDX-License-Identifier: GPL-2.0-or-later
/* A kernel module, loaded by modprobe(8) or from a file; why it was not. */
#include "core/kernel/module.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <spawn.h>
#include <stdbool.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "core/kernel/sysfs.h"
#include "core/kernel/lockdown.h"

static bool is_there(const struct context *ctx, const char *driver)
{
	char path[PATH_MAX];

	return sysfs_path(ctx, path, sizeof(path), SYSFS_PCI_DRIVERS "/%s", driver) == 0 &&
	       access(path, F_OK) == 0;
}

/* Its own messages would come between ours: what matters of them is said below. ONLY_LOOKS: is there one? 1: modprobe failed. */
static int run_modprobe(const char *driver, bool only_looks)
{
	char *argv[] = { (char *)"modprobe", (char *)(only_looks ? "-qn" : "-q"), (char *)driver, NULL };
	/* modprobe lies in sbin, which a user's PATH may not have */
	char *envp[] = { (char *)"PATH=/usr/sbin:/sbin:/usr/bin:/bin", NULL };
	posix_spawn_file_actions_t actions;
	int status = 0;
	pid_t child;
	int rc;

	rc = posix_spawn_file_actions_init(&actions);
	if (rc)
		return -rc;
	posix_spawn_file_actions_addopen(&actions, STDERR_FILENO, "/dev/null", O_WRONLY, 0);
	rc = posix_spawn(&child, "/sbin/modprobe", &actions, NULL, argv, envp);
	posix_spawn_file_actions_destroy(&actions);
	if (rc)
		return -rc;
	while (waitpid(child, &status, 0) < 0) {
		if (errno != EINTR)
			return error_last();
	}
	return WIFEXITED(status) && WEXITSTATUS(status) == 0 ? 0 : 1;
}

static int load_file(const char *file)
{
	int fd = open(file, O_RDONLY | O_CLOEXEC);
	int rc = 0;

	if (fd < 0)
		return error_last();
	if (syscall(SYS_finit_module, fd, "", 0) < 0 && errno != EEXIST)
		rc = error_last();
	close(fd);
	return rc;
}

static int no_module(const char *driver, const char *hint, struct error *error)
{
	int rc = error_set(error, ERROR_UNSUPPORTED, "no-module",
			   "there is no driver %s, and modprobe finds no module of that name", driver);

	if (hint)
		error_hint(error, "%s", hint);
	return rc;
}

static int no_modprobe(const char *driver, int rc, struct error *error)
{
	rc = error_set(error, ERROR_UNSUPPORTED, "no-module",
		       "there is no driver %s, and /sbin/modprobe, which would load it, is not run: %s",
		       driver, strerror(-rc));
	error_hint(error, "load the module %s by other means first; in a container, outside of it", driver);
	return rc;
}

/* Of modprobe's FAILURE, as run_modprobe() has it, or finit_module(2)'s of FILE. */
static int explain(const struct context *ctx, const char *driver, const char *file, const char *hint,
		   int failure, struct error *error)
{
	char mode[32];
	int rc;

	if (geteuid() != 0) {
		rc = error_set(error, ERROR_DENIED, "not-root", "loading the module %s: permission denied",
			       driver);
		error_hint(error, "run as root");
		return rc;
	}
	if (!file && failure < 0)
		return no_modprobe(driver, failure, error);
	if (!file && run_modprobe(driver, true) != 0)
		return no_module(driver, hint, error);
	if (lockdown_mode(ctx, mode, sizeof(mode))) {
		rc = error_set(error, ERROR_DENIED, "lockdown",
			       "the module %s was not loaded: kernel lockdown (%s) takes signed modules only",
			       driver, mode);
		error_hint(error,
			   "sign it with a key that the machine trusts (mokutil), or turn Secure Boot off");
		return rc;
	}
	if (file) {
		rc = error_errno(error, failure, "loading %s", file);
		error_hint(error, "was it built for this kernel? 'modinfo %s', 'dmesg | tail'", file);
		return rc;
	}
	rc = error_set(error, ERROR_FAILED, "not-loaded", "there is a module %s, but %s", driver,
		       failure ? "modprobe did not load it" : "it did not bring a driver of that name");
	error_hint(error, "'modprobe %s' as root and 'dmesg | tail' say why", driver);
	return rc;
}

static int check_file(const char *file, struct error *error)
{
	int rc;

	if (access(file, R_OK) == 0)
		return 0;
	rc = error_errno(error, error_last(), "loading %s", file);
	error->kind = ERROR_FAILED;
	return rc;
}

int module_check(const struct context *ctx, const char *driver, const char *file, const char *hint,
		 struct error *error)
{
	int rc;

	if (is_there(ctx, driver) || ctx->sysroot[0])
		return 0;
	if (file)
		return check_file(file, error);
	rc = run_modprobe(driver, true);
	if (rc < 0)
		return no_modprobe(driver, rc, error);
	return rc == 0 ? 0 : no_module(driver, hint, error);
}

int module_load(const struct context *ctx, const char *driver, const char *file, const char *hint,
		struct error *error)
{
	int rc;

	if (is_there(ctx, driver))
		return 0;
	/* the tree may be another machine's; the module would come into this one */
	if (ctx->sysroot[0])
		return error_set(error, ERROR_UNSUPPORTED, "no-module",
				 "there is no driver %s below %s, and modules are not loaded for a --sysroot",
				 driver, ctx->sysroot);
	rc = file ? load_file(file) : run_modprobe(driver, false);
	if (rc == 0 && is_there(ctx, driver))
		return 0;
	return explain(ctx, driver, file, hint, file && rc == 0 ? -ENOENT : rc, error);
}
