/* Loaded into the server of the sanitizer build only. With AddressSanitizer preloaded, glibc 2.36's lock of the message
   catalogues is left unbalanced before main, and the server's first bindtextdomain() waits for ever. Nothing is
   translated in the tests' C locale, so the catalogue functions may as well return what they are given. */
char *bindtextdomain(const char *domain, const char *directory) { (void)domain; return (char *)directory; }
char *bind_textdomain_codeset(const char *domain, const char *codeset) { (void)domain; return (char *)codeset; }
char *textdomain(const char *domain) { return (char *)domain; }
char *gettext(const char *text) { return (char *)text; }
char *dgettext(const char *domain, const char *text) { (void)domain; return (char *)text; }
char *dcgettext(const char *domain, const char *text, int category) { (void)domain; (void)category; return (char *)text; }
char *ngettext(const char *one, const char *many, unsigned long n) { return (char *)(n == 1 ? one : many); }
char *dngettext(const char *domain, const char *one, const char *many, unsigned long n) { (void)domain; return (char *)(n == 1 ? one : many); }
