// SPDX-License-Identifier: GPL-2.0-or-later
/* session status: the sessions of this user. */
#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cli/options.h"
#include "cli/cmd/session.h"
#include "core/backend/path.h"
#include "core/session/session.h"
#include "core/kernel/sysfs.h"
#include "core/backend/uio.h"

/* After su the variable may still name another user's, or one that nobody made. */
static bool is_ours(const char *runtime)
{
	struct stat st;

	return runtime && *runtime == '/' && !strchr(runtime, ',') && stat(runtime, &st) == 0 &&
	       st.st_uid == geteuid();
}

int session_folder(const struct context *ctx, char folder[SESSION_FOLDER_SIZE], struct error *error)
{
	const char *runtime = getenv("XDG_RUNTIME_DIR");
	int rc;

	if (geteuid() == 0 || *ctx->sysroot) {
		rc = sysfs_path(ctx, folder, SESSION_FOLDER_SIZE, "/run/pcietool/session");
	} else if (is_ours(runtime)) {
		rc = snprintf(folder, SESSION_FOLDER_SIZE, "%s/pcietool", runtime);
	} else {
		rc = snprintf(folder, SESSION_FOLDER_SIZE, "/tmp/pcietool-%u", (unsigned int)geteuid());
	}
	if (rc >= SESSION_FOLDER_SIZE - (int)PCI_ADDRESS_SIZE)
		rc = -ENAMETOOLONG;
	if (rc >= 0)
		return 0;
	rc = error_errno(error, rc, "a place for the session's socket");
	error_hint(error, "the path of %s is too long for one",
		   *ctx->sysroot ? "--sysroot" : "XDG_RUNTIME_DIR");
	return rc;
}

static void render_held(struct writer *w, const struct session_summary *s)
{
	writer_number(w, "pid", NULL, (uint64_t)s->pid);
	writer_string(w, "command", NULL, s->command);
	writer_string(w, "via", "  over ", backend_names[s->kind]);
	if (s->interface[0])
		writer_string(w, "interface", " ", s->interface);
	else
		writer_null(w, "interface", NULL, "not VFIO");
	writer_number(w, "buffers", ", buffers ", s->buffers);
	writer_size(w, "bytes", s->bytes ? " of " : NULL, s->bytes);
	writer_string(w, "interrupts", ", interrupts ",
		      interrupt_type_name((enum interrupt_type)s->irq_type));
	writer_number(w, "vectors", NULL, s->vectors);
	writer_number(w, "clients", ", clients ", s->clients);
	writer_number(w, "seconds", ", seconds ", s->age / 1000000000);
}

static void render(struct invocation *inv, const char *folder, const char *name)
{
	struct session_summary summary;
	struct writer *w = inv->out;
	char holder[200];

	if (session_holder(folder, name, holder, sizeof(holder)) < 0)
		return;
	writer_object(w, NULL);
	writer_string(w, "device", "", name);
	writer_string(w, "holder", "  ", holder);
	writer_line(w);
	if (session_ask_status(folder, name, &summary) == 0)
		render_held(w, &summary);
	else
		writer_null(w, "pid", "  ", "it does not answer");
	writer_line(w);
	writer_end(w);
}

/* As a session of the selected device is called; empty: none is selected. */
static int selected_name(struct invocation *inv, char name[PCI_ADDRESS_SIZE])
{
	struct pci_address address;
	struct uio_device uio = { .is_pci = true };
	int rc = 0;

	name[0] = '\0';
	if (!inv->selected)
		return 0;
	if (inv->selector.uio >= 0)
		rc = uio_read(&inv->ctx, (unsigned int)inv->selector.uio, &uio, &inv->error);
	if (rc < 0)
		return rc;
	if (!uio.is_pci) {
		snprintf(name, PCI_ADDRESS_SIZE, "uio%u", uio.number);
		return 0;
	}
	rc = selector_one(&inv->ctx, &inv->selector, &address, &inv->error);
	if (rc == 0)
		pci_address_format(&address, name);
	return rc;
}

/* Nobody makes one only to see that there is no session. */
static int look_into(const char *folder, struct dirent ***entries, int *count, struct error *error)
{
	struct error why;
	int rc = session_folder_check(folder, &why);

	if (rc == -ENOENT)
		return 0;
	if (rc < 0) {
		*error = why;
		return rc;
	}
	*count = scandir(folder, entries, NULL, alphasort);
	return 0;
}

int session_status(struct invocation *inv)
{
	char folder[SESSION_FOLDER_SIZE];
	char selected[PCI_ADDRESS_SIZE];
	struct dirent **entries = NULL;
	int count = 0;
	int rc;

	rc = selected_name(inv, selected);
	if (rc == 0)
		rc = session_folder(&inv->ctx, folder, &inv->error);
	if (rc == 0)
		rc = look_into(folder, &entries, &count, &inv->error);
	if (rc < 0)
		return rc;
	writer_document(inv->out, inv->command->name);
	writer_array(inv->out, "sessions");
	for (int i = 0; i < count; i++) {
		char *end = strstr(entries[i]->d_name, SESSION_LOCK);

		if (end && !end[strlen(SESSION_LOCK)]) {
			*end = '\0';
			if (!selected[0] || strcmp(selected, entries[i]->d_name) == 0)
				render(inv, folder, entries[i]->d_name);
		}
		free(entries[i]);
	}
	free(entries);
	return 0;
}
