# What ./reeve and ./check share: finding JDK 25 and Maven, installing by apt, one build at a time.
# Sourced with $home = the checkout's root. POSIX sh; nothing runs when this is read.

say() { printf '%s: %s\n' "${0##*/}" "$*" >&2; }
die() { say "$*"; exit 1; }

# An ordinary user's PATH lacks these, and nft, ip and slapd live there.
PATH=$PATH:/usr/local/sbin:/usr/sbin:/sbin
export PATH

# Java takes its arguments in the locale's character set; a name in a DN may have any.
case ${LC_ALL:-${LC_CTYPE:-${LANG:-}}} in
  *[Uu][Tt][Ff]8* | *[Uu][Tt][Ff]-8*) ;;
  *) LC_ALL=C.UTF-8; export LC_ALL ;;
esac

# --- apt ------------------------------------------------------------------------------------------

can_apt() { [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null 2>&1; }

apt_has() { apt-cache --quiet=2 policy "$1" 2>/dev/null | grep -q 'Candidate: [^(]'; }

# The first of the named packages that apt has, after one refresh of its lists at most.
apt_first() {
  for apt_try in 1 2; do
    for apt_package; do
      if apt_has "$apt_package"; then echo "$apt_package"; return 0; fi
    done
    [ "$apt_try" = 2 ] || apt-get -qq update >/dev/null 2>&1
  done
  return 1
}

# Installs packages and starts none of their services.
apt_install() {
  apt_policy=/usr/sbin/policy-rc.d
  apt_wrote=
  if [ ! -e "$apt_policy" ]; then
    printf '#!/bin/sh\nexit 101\n' >"$apt_policy" && chmod 755 "$apt_policy" && apt_wrote=yes
  fi
  case " $* " in
    *' slapd '*) echo 'slapd slapd/no_configuration boolean true' | debconf-set-selections ;;
  esac
  apt_status=0
  apt_log=$(mktemp)
  DEBIAN_FRONTEND=noninteractive apt-get -y -qq --no-install-recommends \
    -o DPkg::Lock::Timeout=300 -o Dpkg::Options::=--force-confold install "$@" \
    >"$apt_log" 2>&1 </dev/null || apt_status=$?
  [ -z "$apt_wrote" ] || rm -f "$apt_policy"
  [ "$apt_status" = 0 ] || tail -n 5 "$apt_log" >&2
  rm -f "$apt_log"
  return "$apt_status"
}

# --- JDK 25 and Maven -----------------------------------------------------------------------------

# Whether directory $1 is a JDK (or, for $2 = java, at least a runtime) of version 25.
is_java_25() {
  [ -x "$1/bin/${2:-javac}" ] && grep -q '^JAVA_VERSION="25[".+-]' "$1/release" 2>/dev/null
}

# Prints the home of a JDK 25; of a runtime when $1 = java.
find_java_25() {
  on_path=$(command -v "${1:-javac}" 2>/dev/null) && on_path=$(readlink -f "$on_path" 2>/dev/null) || on_path=
  for candidate in "${JAVA_HOME:-}" "${on_path%/bin/*}" /usr/lib/jvm/*25* /usr/lib/jvm/* \
    /usr/java/* /opt/java/* /opt/*jdk* /usr/local/*jdk* \
    "${SDKMAN_DIR:-${HOME:-/root}/.sdkman}"/candidates/java/* "${HOME:-/root}"/.jdks/* \
    /Library/Java/JavaVirtualMachines/*/Contents/Home "${HOME:-/root}"/Library/Java/JavaVirtualMachines/*/Contents/Home \
    /opt/homebrew/opt/openjdk*/libexec/openjdk.jdk/Contents/Home; do
    if [ -n "$candidate" ] && is_java_25 "$candidate" "${1:-javac}"; then
      echo "$candidate"
      return 0
    fi
  done
  return 1
}

# Sets and exports JAVA_HOME to a JDK 25, installing one where that is possible.
need_jdk() {
  if ! jdk=$(find_java_25); then
    if can_apt && package=$(apt_first openjdk-25-jdk-headless temurin-25-jdk); then
      say "installing $package"
      apt_install "$package" || die "apt could not install $package; install a JDK 25 and set JAVA_HOME to it."
      jdk=$(find_java_25) || die "$package is installed and holds no JDK 25; install one and set JAVA_HOME to it."
    elif command -v apt-get >/dev/null 2>&1 && [ "$(id -u)" != 0 ] && apt_has openjdk-25-jdk-headless; then
      die "needs a JDK 25 and finds none: run 'sudo apt-get install openjdk-25-jdk-headless', or set JAVA_HOME to one."
    else
      die "needs a JDK 25 and finds none: install one (Temurin 25, for example) in /usr/lib/jvm or ~/.jdks, or set JAVA_HOME to it."
    fi
  fi
  JAVA_HOME=$jdk
  export JAVA_HOME
}

need_maven() {
  command -v mvn >/dev/null 2>&1 && return 0
  if can_apt && package=$(apt_first maven); then
    say "installing maven"
    apt_install maven || die "apt could not install maven; install Apache Maven 3.8.7 or newer so that 'mvn' is on the PATH."
  elif command -v apt-get >/dev/null 2>&1; then
    die "needs Apache Maven and finds no 'mvn': run 'sudo apt-get install maven'."
  else
    die "needs Apache Maven 3.8.7 or newer and finds no 'mvn' on the PATH: install it."
  fi
}

# --- one build at a time --------------------------------------------------------------------------

# Two builds in one checkout would overwrite each other's classes. The lock names its owner, so one
# left by a killed build is seen and taken over.
lock_build() {
  lock=$home/target/.build-lock
  mkdir -p "$home/target"
  waited=
  while ! mkdir "$lock" 2>/dev/null; do
    owner=$(cat "$lock/pid" 2>/dev/null) || owner=
    if [ -n "$owner" ] && ! kill -0 "$owner" 2>/dev/null && [ ! -d "/proc/$owner" ]; then
      rm -rf "$lock"
      continue
    fi
    if [ -z "$owner" ] && [ -n "$waited" ] && [ -z "$(find "$lock" -prune -newer "$home/target/.build-wait" 2>/dev/null)" ]; then
      rm -rf "$lock" # its owner died before it could sign
      continue
    fi
    if [ -z "$waited" ]; then
      say "another build runs in this checkout${owner:+ (process $owner)}; waiting for it"
      : >"$home/target/.build-wait"
      waited=yes
    fi
    sleep 1
  done
  echo $$ >"$lock/pid"
  rm -f "$home/target/.build-wait"
}

unlock_build() {
  [ "$(cat "$home/target/.build-lock/pid" 2>/dev/null)" != $$ ] || rm -rf "$home/target/.build-lock"
}

# The end of the last build: the stamp that a build here leaves, else the command's own jar.
last_build() {
  if [ -f "$home/target/.built" ]; then
    echo "$home/target/.built"
  else
    ls "$home"/policy-cli/target/policy-cli-*.jar 2>/dev/null | head -n 1
  fi
}

# Whether any of the sources that pattern list $1 names, below the checkout's root, is newer.
newer_than_build() {
  last=$(last_build)
  # shellcheck disable=SC2086
  [ -z "$last" ] || [ -n "$(cd "$home" && find $1 -newer "$last" 2>/dev/null | head -n 1)" ]
}

# Whether the jars that ./reeve runs are missing or older than what they are made of.
jars_are_stale() {
  for module in policy-cli policy-agent; do
    [ -d "$home/$module/target/lib" ] && ls "$home/$module/target/$module"-*.jar >/dev/null 2>&1 || return 0
  done
  newer_than_build 'pom.xml ./*/pom.xml ./*/src/main'
}

# Builds the jars, without tests, if they are stale. One line of progress on standard error.
build_if_stale() {
  jars_are_stale || return 0
  need_jdk
  need_maven
  lock_build
  trap 'unlock_build' EXIT
  trap 'unlock_build; exit 130' INT
  trap 'unlock_build; exit 143' TERM HUP
  if jars_are_stale; then # nobody built while we waited
    build_jars
  fi
  unlock_build
  trap - EXIT INT TERM HUP
}

build_jars() {
  log=$home/target/build.log
  begin=$home/target/.build-begin
  : >"$begin"
  # Libraries that a changed pom no longer names would stay on the class path.
  newer_than_build 'pom.xml ./*/pom.xml' && rm -rf "$home"/policy-cli/target/lib "$home"/policy-agent/target/lib
  if [ -d "$home/policy-cli/target/classes" ]; then how=; else how=' (the first time takes a minute or two)'; fi
  printf '%s: building%s ... ' "${0##*/}" "$how" >&2
  start=$(date +%s)
  if (cd "$home" && mvn -q -B -ntp -P '!format' -pl policy-cli -am -Dmaven.test.skip=true package) >"$log" 2>&1 </dev/null; then
    printf 'done in %s s\n' "$(($(date +%s) - start))" >&2
    mv "$begin" "$home/target/.built"
  else
    printf 'failed\n' >&2
    rm -f "$begin"
    grep '^\[ERROR\]' "$log" | head -n 12 >&2 || tail -n 20 "$log" >&2
    die "the build failed; the whole log is $log"
  fi
}
