// SPDX-License-Identifier: GPL-2.0-or-later
#include "cli/owner.h"

#include <grp.h>
#include <pwd.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static bool parse_id(const char *text, unsigned int *id)
{
	char *end;
	unsigned long value = strtoul(text, &end, 10);

	/* the largest stands for "leave it" */
	if (text[0] < '0' || text[0] > '9' || *end || value >= (uid_t)-1)
		return false;
	*id = (unsigned int)value;
	return true;
}

static int parse_user(const char *name, uid_t *uid, struct error *error)
{
	const struct passwd *user;

	if (parse_id(name, uid))
		return 0;
	user = getpwnam(name);
	if (!user)
		return error_set(error, ERROR_USAGE, "bad-owner", "--owner: there is no user '%.60s'", name);
	*uid = user->pw_uid;
	return 0;
}

static int parse_group(const char *name, gid_t *gid, struct error *error)
{
	const struct group *group;

	if (parse_id(name, gid))
		return 0;
	group = getgrnam(name);
	if (!group)
		return error_set(error, ERROR_USAGE, "bad-owner", "--owner: there is no group '%.60s'", name);
	*gid = group->gr_gid;
	return 0;
}

int owner_parse(const char *text, uid_t *uid, gid_t *gid, struct error *error)
{
	const char *colon = strchr(text, ':');
	char user[64];
	int rc = 0;

	*uid = (uid_t)-1;
	*gid = (gid_t)-1;
	if (!*text || strcmp(text, ":") == 0)
		return error_set(error, ERROR_USAGE, "bad-owner",
				 "--owner: it is USER, USER:GROUP or :GROUP");
	snprintf(user, sizeof(user), "%.*s", colon ? (int)(colon - text) : (int)strlen(text), text);
	if (user[0])
		rc = parse_user(user, uid, error);
	if (rc == 0 && colon && colon[1])
		rc = parse_group(colon + 1, gid, error);
	return rc;
}
