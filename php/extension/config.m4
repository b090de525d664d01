PHP_ARG_WITH([wdt],
  [for libwdt],
  [AS_HELP_STRING([--with-wdt@<:@=DIR@:>@],
    [Include the wdt extension. DIR is the prefix where libwdt is installed, or its source tree
    after `make libwdt`; without DIR pkg-config is asked])])

if test "$PHP_WDT" != "no"; then
  if test "$PHP_WDT" = "yes"; then
    AC_PATH_PROG([PKG_CONFIG], [pkg-config], [no])
    AC_MSG_CHECKING([for libwdt with pkg-config])
    if test "$PKG_CONFIG" = "no" || ! "$PKG_CONFIG" --exists wdt; then
      AC_MSG_RESULT([no])
      AC_MSG_ERROR([libwdt is not found: give its prefix or source tree with --with-wdt=DIR])
    fi
    AC_MSG_RESULT([yes])
    PHP_EVAL_INCLINE([`"$PKG_CONFIG" --cflags wdt`])
    PHP_EVAL_LIBLINE([`"$PKG_CONFIG" --libs wdt`], [WDT_SHARED_LIBADD])
  else
    AC_MSG_CHECKING([for libwdt in $PHP_WDT])
    if ! test -r "$PHP_WDT/include/wdt.h"; then
      AC_MSG_ERROR([$PHP_WDT/include/wdt.h is missing])
    fi
    WDT_LIBRARIES=
    for dir in "$PHP_WDT/$PHP_LIBDIR" "$PHP_WDT/lib" "$PHP_WDT/target/release"; do
      if test -z "$WDT_LIBRARIES" && test -r "$dir/libwdt.so"; then
        WDT_LIBRARIES=$dir
      fi
    done
    if test -z "$WDT_LIBRARIES"; then
      AC_MSG_ERROR([$PHP_WDT has no libwdt.so: install it, or run `make libwdt` there])
    fi
    AC_MSG_RESULT([$WDT_LIBRARIES])
    dnl The loader looks for the SONAME, which cargo does not write.
    if ! test -e "$WDT_LIBRARIES/libwdt.so.0"; then
      ln -s libwdt.so "$WDT_LIBRARIES/libwdt.so.0"
    fi
    dnl PHP_ADD_INCLUDE and PHP_ADD_LIBRARY_WITH_PATH put no quotes around DIR, nor does libtool around -L.
    WDT_LIBRARIES=`cd "$WDT_LIBRARIES" && pwd`
    INCLUDES="$INCLUDES '-I`cd "$PHP_WDT/include" && pwd`'"
    WDT_SHARED_LIBADD="'-Wl,-L$WDT_LIBRARIES' -lwdt"
    if test "$PHP_RPATH" != "no"; then
      WDT_SHARED_LIBADD="$WDT_SHARED_LIBADD '-Wl,-rpath,$WDT_LIBRARIES'"
    fi
  fi
  PHP_SUBST([WDT_SHARED_LIBADD])
  PHP_NEW_EXTENSION([wdt], [wdt.c wdt_classes.c wdt_errors.c wdt_advice.c wdt_write.c wdt_read.c], [$ext_shared],,
    [-fvisibility=hidden])
fi
