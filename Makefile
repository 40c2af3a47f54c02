# Builds and installs sockinspect. What goes where is in scripts/package.
#
#   make                                  the release binary, .build/release/sockinspect
#   make install                          below PREFIX; as root what has been built before
#   make install DESTDIR=root PREFIX=/usr
#   make uninstall                        removes what install put there, and nothing else
#   make deb | archive | image            into .build/package; a container image
#   make check                            what has to pass before a merge

PREFIX ?= /usr/local
DESTDIR ?=
export PREFIX DESTDIR

all:
	scripts/package build

install uninstall deb archive image:
	scripts/package $@

check:
	scripts/check

.NOTPARALLEL:
.PHONY: all install uninstall deb archive image check
