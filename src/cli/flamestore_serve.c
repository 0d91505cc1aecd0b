/* SPDX-License-Identifier: MIT */
/*
 * flamestore_serve: flamestore serve.
 */
#include "cli/flamestore.h"
#include "store/serve.h"

enum { TOKEN_LEAST = 16, THREADS_LEAST = 4, THREADS_MOST = 16 };

static void say_ready(void *context, const char *address)
{
    program_message(context, MESSAGE_ALWAYS, "listening on %.200s", address);
}

static void say_warning(void *context, const char *message)
{
    program_warn((const struct program *)context, "%.600s", message);
}

/* The first line of the file. */
static bool read_token(struct flamestore *f, str *token)
{
    struct err *err = &f->program.err;
    str text, line = STR("");
    size_t at = 0;
    *token = STR("");
    if (!f->token_file)
        return true;
    if (!program_load_text(&f->program, f->token_file, &text, NULL))
        return false;
    str_next_line(text, &at, &line);
    *token = str_trim(line);
    if (token->n >= TOKEN_LEAST)
        return true;
    err_set(err, ERR_USAGE, "a token has at least %d characters", TOKEN_LEAST);
    return err_in_file(err, f->token_file, 0);
}

bool flamestore_serve(struct flamestore *f)
{
    struct program *program = &f->program;
    unsigned cpus = program->env->cpus ? program->env->cpus() : 1;
    struct serve_options options = {
        .path = f->path,
        .listen = f->listen ? f->listen : "127.0.0.1:8080",
        .threads = cpus < THREADS_LEAST  ? THREADS_LEAST
                   : cpus > THREADS_MOST ? THREADS_MOST
                                         : cpus,
        .heap = &program->heap,
        .ready = say_ready,
        .warn = say_warning,
        .context = program,
    };
    if (!f->path)
        return err_set(&program->err, ERR_USAGE, "--store=FILE is missing");
    if (f->argument_count > 0)
        return err_set(&program->err, ERR_USAGE, "serve takes no argument: '%.60s'",
                       f->arguments[0]);
    return read_token(f, &options.token) && serve_run(&options, &program->err);
}
