/* SPDX-License-Identifier: MIT */
/*
 * http_access: decide by the head of a request whether it is allowed.
 */
#include <microhttpd.h>

#include "store/serve.h"

enum { FORBIDDEN = 403, UNAUTHORIZED = 401, NOT_ALLOWED = 405, TOO_LARGE = 413 };

str http_header(struct MHD_Connection *connection, const char *name)
{
    const char *value = MHD_lookup_connection_value(connection, MHD_HEADER_KIND, name);
    return value ? str_from_c(value) : str_of(NULL, 0);
}

/* Compare the texts in a time that does not show where they differ. */
static bool is_same_secret(str a, str b)
{
    unsigned char differ = a.n != b.n;
    for (size_t i = 0; i < a.n; i++)
        differ |= (unsigned char)(a.p[i] ^ (b.n > 0 ? b.p[i % b.n] : 0));
    return differ == 0;
}

/* "Bearer TOKEN", or the token as the password of any user, because that is what a browser can
 * ask for. */
static bool has_token(struct MHD_Connection *connection, str token)
{
    str header = http_header(connection, "Authorization");
    char *password = NULL;
    if (header.n > 7 && str_is_word(str_head(header, 7), "bearer "))
        return is_same_secret(str_trim(str_skip(header, 7)), token);
    char *user = MHD_basic_auth_get_username_password(connection, &password);
    bool good = password && is_same_secret(str_from_c(password), token);
    MHD_free(user);
    MHD_free(password);
    return good;
}

/* The name of a host without its port and brackets. */
static str host_name(str host)
{
    if (host.n > 0 && host.p[0] == '[')
        return str_cut(host, 1, str_find(host, ']', 0));
    return str_head(host, str_find(host, ':', 0));
}

static bool is_number_address(str host)
{
    bool digits = host.n > 0;
    for (size_t i = 0; i < host.n; i++)
        digits = digits && (is_digit(host.p[i]) || host.p[i] == '.');
    return digits || str_find(host, ':', 0) < host.n;
}

/* A page of some other site can give its own name the address of this machine, and then read what
 * is served here. It cannot choose the name in the Host header. */
static bool is_own_host(struct MHD_Connection *connection, const struct serve_address *address)
{
    str given = http_header(connection, "Host"), host = host_name(given);
    return !given.p || is_number_address(host) || str_is_word(host, "localhost") ||
           str_equal(host, address->host);
}

/* Whether a page of another site sends this. */
static bool is_foreign(struct MHD_Connection *connection)
{
    str origin = http_header(connection, "Origin"), host = http_header(connection, "Host");
    str site = http_header(connection, "Sec-Fetch-Site");
    size_t start = str_search(origin, STR("://"), 0);
    if (str_equal(site, STR("cross-site")) || str_equal(site, STR("same-site")))
        return true;
    return origin.p && (start == origin.n || !str_equal(str_skip(origin, start + 3), host));
}

void http_check(struct http_request *request, struct MHD_Connection *connection,
                const struct serve_address *address)
{
    str token = request->options->token;
    bool reads = str_equal(request->method, STR("GET")) || str_equal(request->method, STR("HEAD"));
    str length = http_header(connection, "Content-Length");
    uint64_t bytes = 0;
    /* a page of another site does not have the token */
    if (token.n == 0 && !is_own_host(connection, address))
        http_answer_text(request, FORBIDDEN,
                         "this server is asked by its address, by the name in --listen, or with a "
                         "token");
    else if (token.n > 0 && !has_token(connection, token))
        http_answer_text(request, UNAUTHORIZED, "the token is missing or wrong");
    else if (!reads && !str_equal(request->method, STR("POST")))
        http_answer_text(request, NOT_ALLOWED, "only GET, HEAD and POST");
    else if (!reads && is_foreign(connection))
        http_answer_text(request, FORBIDDEN, "another site sent this");
    else if (length.p && (!num_parse_u64(length, &bytes) || bytes > BODY_MOST))
        http_answer_text(request, TOO_LARGE, "more than 64 MB");
}
