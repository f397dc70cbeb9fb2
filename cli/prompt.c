// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The prompt. readline, or libedit in its stead, is loaded when there is one: a program that is mostly run for one
 * command need not link it. Both have the interface of the GNU Readline manual, chapter 2.
 */
#include "cli/prompt.h"

#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <setjmp.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cli/complete.h"
#include "core/base/fd_stream.h"
#include "core/base/script.h"

#define HISTORY_LINES 1000

struct editor {
	void *library;
	char *(*readline)(const char *prompt);
	void (*add_history)(const char *line);
	char **(*matches)(const char *text, char *(*next)(const char *text, int state));
	/* variables of the library */
	char **(**attempt)(const char *text, int start, int end);
	char **line_buffer;
	int *is_over; /* no names of files behind ours */
	FILE **out;
	int *append; /* the character behind a word that is complete */
	const char **breaks;
	/* readline only */
	void (*free_line_state)(void);
	void (*cleanup)(void);
	/* the file of the history; readline only, or NULL */
	int (*read_history)(const char *file);
	int (*append_history)(int lines, const char *file);
	int (*truncate_history)(const char *file, int lines);
	void (*using_history)(void);
};

struct prompt {
	const struct invocation *inv;
	struct editor editor;
	FILE *terminal; /* the editor's, which asks for its descriptor */
	FILE *input; /* without an editor */
	char *line;
	char *last; /* what the history ends with */
	char history[PATH_MAX]; /* its file; "": none */
	size_t size; /* of the line, where getline() reads it */
	struct words words;
	/* of one completion */
	char **found;
	size_t found_count;
	size_t found_next;
	bool wants_files;
	bool is_open; /* more of the word comes */
	struct sigaction before;
	sigjmp_buf jump;
	volatile sig_atomic_t is_reading;
};

/* readline calls back without a parameter, and so does a signal: there is one prompt. */
static struct prompt *current;

/* Ctrl-C gives the line up. The jump is out of readline's own wait, which it allows (manual, 2.5). */
static void on_interrupt(int signo)
{
	(void)signo;
	if (current && current->is_reading)
		siglongjmp(current->jump, 1);
}

/* --- completion ------------------------------------------------------------------------------------ */

static void forget(struct prompt *p)
{
	for (size_t i = 0; i < p->found_count; i++)
		free(p->found[i]);
	free(p->found);
	p->found = NULL;
	p->found_count = 0;
	p->found_next = 0;
	p->wants_files = false;
	p->is_open = false;
}

static void tell(void *data, const char *word, const char *what)
{
	struct prompt *p = data;
	char **grown;

	(void)what;
	if (strcmp(word, COMPLETE_FILES) == 0 || strcmp(word, COMPLETE_DIRECTORIES) == 0) {
		p->wants_files = true;
		return;
	}
	if (strcmp(word, COMPLETE_OPEN) == 0) {
		p->is_open = true;
		return;
	}
	grown = reallocarray(p->found, p->found_count + 1, sizeof(*grown));
	if (!grown)
		return;
	p->found = grown;
	grown[p->found_count] = strdup(word);
	if (grown[p->found_count])
		p->found_count++;
}

/* What readline frees; NULL at the end. */
static char *next_match(const char *text, int state)
{
	struct prompt *p = current;

	(void)text;
	if (state == 0)
		p->found_next = 0;
	return p->found_next < p->found_count ? strdup(p->found[p->found_next++]) : NULL;
}

static void find_words(struct prompt *p, const char *text, int start)
{
	const struct invocation *inv = p->inv;
	char *before = strndup(*p->editor.line_buffer, (size_t)start);
	struct error ignored;
	char **argv = NULL;

	if (before && words_split(before, &p->words, &ignored) == 0)
		argv = calloc(p->words.count + 2, sizeof(*argv));
	if (argv) {
		size_t skipped = p->words.count && strcmp(p->words.list[0], "pcietool") == 0;
		size_t count = p->words.count - skipped;

		if (count)
			memcpy(argv, p->words.list + skipped, count * sizeof(*argv));
		argv[count] = (char *)text;
		complete_words(inv->commands, &inv->ctx, inv->selected ? &inv->selector : NULL, argv,
			       (int)count + 1, false, tell, p);
		for (const char *const *own = (const char *const[]){ "use", "exit", NULL };
		     *own && p->words.count == 0; own++) {
			if (strncmp(*own, text, strlen(text)) == 0)
				tell(p, *own, NULL);
		}
	}
	free(argv);
	free(before);
}

static char **attempt(const char *text, int start, int end)
{
	struct prompt *p = current;
	const char *only;

	(void)end;
	forget(p);
	find_words(p, text, start);
	*p->editor.is_over = !p->wants_files;
	only = p->found_count == 1 ? p->found[0] : "";
	/* behind "2:" or "CTRL." more of the word comes */
	*p->editor.append = p->is_open || (only[0] && strchr(":.=", only[strlen(only) - 1])) ? '\0' : ' ';
	return p->found_count ? p->editor.matches(text, next_match) : NULL;
}

/* --- the library ------------------------------------------------------------------------------------ */

static bool find_symbols(struct editor *e)
{
	const struct {
		const char *name;
		void *where;
	} symbols[] = {
		{ "readline", &e->readline },
		{ "add_history", &e->add_history },
		{ "rl_completion_matches", &e->matches },
		{ "rl_attempted_completion_function", &e->attempt },
		{ "rl_line_buffer", &e->line_buffer },
		{ "rl_attempted_completion_over", &e->is_over },
		{ "rl_completion_append_character", &e->append },
		{ "rl_outstream", &e->out },
		{ "rl_completer_word_break_characters", &e->breaks },
	};

	for (size_t i = 0; i < sizeof(symbols) / sizeof(symbols[0]); i++) {
		void *symbol = dlsym(e->library, symbols[i].name);

		if (!symbol)
			return false;
		memcpy(symbols[i].where, &symbol, sizeof(symbol));
	}
	*(void **)&e->free_line_state = dlsym(e->library, "rl_free_line_state");
	*(void **)&e->cleanup = dlsym(e->library, "rl_cleanup_after_signal");
	*(void **)&e->read_history = dlsym(e->library, "read_history");
	*(void **)&e->append_history = dlsym(e->library, "append_history");
	*(void **)&e->truncate_history = dlsym(e->library, "history_truncate_file");
	*(void **)&e->using_history = dlsym(e->library, "using_history");
	return true;
}

static void load_editor(struct editor *e)
{
	static const char *const libraries[] = { "libreadline.so.8", "libedit.so.2" };

	for (size_t i = 0; i < sizeof(libraries) / sizeof(libraries[0]); i++) {
		e->library = dlopen(libraries[i], RTLD_NOW | RTLD_LOCAL);
		if (e->library && find_symbols(e))
			return;
		if (e->library)
			dlclose(e->library);
		*e = (struct editor){ 0 };
	}
}

/* --- the history ------------------------------------------------------------------------------------- */

/* XDG_STATE_HOME (or HOME/.local/state), as the XDG base directory specification has it: makes PATH and what is above it. */
static bool make_folders(char *path)
{
	for (char *slash = strchr(path + 1, '/'); slash; slash = strchr(slash + 1, '/')) {
		int rc;

		*slash = '\0';
		rc = mkdir(path, 0700);
		*slash = '/';
		if (rc < 0 && errno != EEXIST)
			return false;
	}
	return true;
}

/* Where it cannot be kept, that is no reason for a word: the prompt has one as long as it lives. */
static void open_history(struct prompt *p)
{
	const char *state = getenv("XDG_STATE_HOME");
	const char *home = getenv("HOME");
	struct editor *e = &p->editor;
	int n = 0;
	int fd;

	if (!e->read_history || !e->append_history || !e->using_history)
		return;
	if (state && state[0] == '/')
		n = snprintf(p->history, sizeof(p->history), "%s/pcietool/history", state);
	else if (home && home[0] == '/')
		n = snprintf(p->history, sizeof(p->history), "%s/.local/state/pcietool/history", home);
	if (n <= 0 || n >= (int)sizeof(p->history) || !make_folders(p->history)) {
		p->history[0] = '\0';
		return;
	}
	/* made here: only its user may read it, and append_history() makes none */
	fd = open(p->history, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC | O_NOFOLLOW, 0600);
	if (fd < 0) {
		p->history[0] = '\0';
		return;
	}
	close(fd);
	if (e->truncate_history)
		e->truncate_history(p->history, HISTORY_LINES);
	e->using_history();
	e->read_history(p->history);
}

/* Line by line: two prompts at a time lose nothing of each other. */
static void remember(struct prompt *p, const char *line)
{
	char *copy;

	if (!line[0] || (p->last && strcmp(p->last, line) == 0))
		return;
	copy = strdup(line);
	if (copy) {
		free(p->last);
		p->last = copy;
	}
	p->editor.add_history(line);
	if (p->history[0])
		p->editor.append_history(1, p->history);
}

int prompt_open(const struct invocation *inv, struct prompt **prompt, struct error *error)
{
	struct sigaction action = { .sa_handler = on_interrupt };
	struct prompt *p = calloc(1, sizeof(*p));

	if (!p)
		return error_errno(error, -ENOMEM, "starting");
	p->inv = inv;
	current = p;
	load_editor(&p->editor);
	if (p->editor.library) {
		*p->editor.out = p->terminal = fdopen(STDOUT_FILENO, "w");
		*p->editor.attempt = attempt;
		*p->editor.breaks = " \t\n\"'";
		open_history(p);
	} else {
		p->input = fd_stream(STDIN_FILENO, "r");
		context_log(&inv->ctx, LOG_WARN,
			    "neither libreadline.so.8 nor libedit.so.2 is there: no completion, no history");
	}
	/* without SA_RESTART: a command that waits shall notice */
	sigemptyset(&action.sa_mask);
	sigaction(SIGINT, &action, &p->before);
	*prompt = p;
	return 0;
}

static char *read_plain(struct prompt *p, const char *text)
{
	ssize_t n;

	fputs(text, stdout);
	fflush(stdout);
	n = p->input ? getline(&p->line, &p->size, p->input) : -1;
	if (n > 0 && p->line[n - 1] == '\n')
		p->line[n - 1] = '\0';
	return n < 0 ? NULL : p->line;
}

static char *read_edited(struct prompt *p, const char *text)
{
	free(p->line);
	p->line = NULL;
	/* what stands before it on the terminal, and after it */
	fflush(stdout);
	p->line = p->editor.readline(text);
	if (p->terminal)
		fflush(p->terminal);
	if (p->line)
		remember(p, p->line);
	return p->line;
}

const char *prompt_read(struct prompt *p, const char *text)
{
	const char *line;

	if (sigsetjmp(p->jump, 1)) {
		p->is_reading = 0;
		if (p->editor.free_line_state)
			p->editor.free_line_state();
		if (p->editor.cleanup)
			p->editor.cleanup();
		if (p->terminal)
			fflush(p->terminal);
		putchar('\n');
		if (p->input)
			clearerr(p->input);
		return "";
	}
	p->is_reading = 1;
	line = p->editor.library ? read_edited(p, text) : read_plain(p, text);
	p->is_reading = 0;
	if (!line)
		putchar('\n');
	return line;
}

void prompt_close(struct prompt *p)
{
	if (!p)
		return;
	sigaction(SIGINT, &p->before, NULL);
	current = NULL;
	forget(p);
	words_free(&p->words);
	free(p->line);
	free(p->last);
	if (p->input)
		fclose(p->input);
	/* the library and its stream stay: libedit's and readline's exit handlers may point into them */
	free(p);
}
