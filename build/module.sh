# What scenarios/run and benchmarks/run share: a module that stands beside the reeve command.
# Sourced after common.sh, with $home = the checkout's root.

# Whether module $1 has been built from what is there now. The others have, after build_if_stale.
module_is_fresh() {
  set -- "$1" "$home/$1/target/$1"-*.jar
  [ -f "$2" ] && [ -d "$home/$1/target/lib" ] || return 1
  for lib in "$home/$1"/target/lib/*-SNAPSHOT.jar "$home/$1"/target/lib/policy-*.jar; do
    [ -f "$lib" ] || continue
    file=${lib##*/}
    built=$home/${file%%-[0-9]*}/target/$file
    [ ! -f "$built" ] || cmp -s "$lib" "$built" || return 1
  done
  stamp=$home/$1/target/.built
  [ -f "$stamp" ] || stamp=$2
  [ -z "$(find "$home/pom.xml" "$home/$1/pom.xml" "$home/$1/src/main" -newer "$stamp" | head -n 1)" ]
}

# Builds module $1, without tests, if it is stale.
build_module() {
  build_if_stale
  ! module_is_fresh "$1" || return 0
  need_jdk
  need_maven
  lock_build
  trap 'unlock_build' EXIT
  trap 'unlock_build; exit 130' INT
  trap 'unlock_build; exit 143' TERM HUP
  log=$home/target/build-$1.log
  printf '%s: building %s ... ' "${0##*/}" "$1" >&2
  mkdir -p "$home/$1/target"
  : >"$home/$1/target/.building"
  if (cd "$home" && mvn -q -B -ntp -P '!format' -pl "$1" -am -Dmaven.test.skip=true package) >"$log" 2>&1 </dev/null; then
    printf 'done\n' >&2
    mv "$home/$1/target/.building" "$home/$1/target/.built"
  else
    printf 'failed\n' >&2
    grep '^\[ERROR\]' "$log" | head -n 12 >&2
    die "the build failed; the whole log is $log"
  fi
  unlock_build
  trap - EXIT INT TERM HUP
}

# Runs main class $2 of module $1 with the rest of the arguments.
run_module() {
  module=$1
  main=$2
  shift 2
  java_home=$(find_java_25 java) || { need_jdk; java_home=$JAVA_HOME; }
  REEVE_HOME=$home
  export REEVE_HOME
  exec "$java_home/bin/java" -XX:+UseSerialGC -Xshare:auto -Xmx1g -XX:-UsePerfData \
    --enable-native-access=ALL-UNNAMED \
    -cp "$(echo "$home/$module/target/$module"-*.jar):$home/$module/target/lib/*" "$main" "$@"
}
