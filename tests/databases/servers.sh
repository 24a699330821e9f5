# Database servers of our own, for tests: on loopback, on free ports, run by an ordinary user, gone at the end.
# Source this, then call start_postgresql DIRECTORY and start_mariadb DIRECTORY; each sets variables with what is
# needed to connect. stop_servers ends those that were started here.

servers_pids=()

# Run a command as a user that is not root (the servers refuse root).
as_user() { # USER COMMAND...
  local user=$1
  shift
  if [ "$(id -u)" -eq 0 ]; then
    setpriv --reuid="$user" --regid="$(id -g "$user")" --clear-groups "$@"
  else
    "$@"
  fi
}

free_port() {
  local port
  for _ in $(seq 100); do
    port=$((20000 + RANDOM % 20000))
    (exec 3<>"/dev/tcp/127.0.0.1/$port") 2>/dev/null || { echo "$port"; return; }
  done
  echo "no free port" >&2
  return 1
}

wait_for() { # COMMAND...: until it succeeds, a minute at most
  for _ in $(seq 300); do
    "$@" >/dev/null 2>&1 && return
    sleep 0.2
  done
  echo "the server did not start: $*" >&2
  return 1
}

postgresql_programs() { dirname "$(ls /usr/lib/postgresql/*/bin/postgres | sort -V | tail -n 1)"; }

# A cluster with the user `auditor` and a password. Sets PG_PORT. Options for the server may follow.
start_postgresql() { # DIRECTORY [OPTION...]
  local directory=$1 programs port
  shift
  programs=$(postgresql_programs)
  port=$(free_port)
  mkdir -p "$directory"
  [ "$(id -u)" -ne 0 ] || chown postgres "$directory"
  echo "$EVENHAND_TEST_PASSWORD" >"$directory.password"
  chmod 644 "$directory.password"
  as_user postgres "$programs/initdb" -D "$directory/data" -U auditor --auth=scram-sha-256 --pwfile="$directory.password" \
    -E UTF8 --locale=C.UTF-8 >"$directory.log" 2>&1 || { cat "$directory.log"; return 1; }
  as_user postgres "$programs/postgres" -D "$directory/data" -p "$port" -c listen_addresses=127.0.0.1 \
    -c unix_socket_directories= -c fsync=off "$@" >>"$directory.log" 2>&1 &
  wait_for "$programs/pg_isready" -h 127.0.0.1 -p "$port"
  PG_PORT=$port
  PG_PID=$(head -n 1 "$directory/data/postmaster.pid") # $! is the shell around it
  servers_pids+=("$PG_PID")
}

# Sets MARIADB_PORT; the user `auditor` with a password, and a database `test`.
start_mariadb() { # DIRECTORY
  local directory=$1 port user=mysql
  port=$(free_port)
  mkdir -p "$directory/tmp" # its own: a server that starts clears its folder of temporary tables
  if [ "$(id -u)" -eq 0 ]; then chown mysql "$directory" "$directory/tmp"; else user=$(id -un); fi
  as_user mysql mariadb-install-db --no-defaults --datadir="$directory/data" --auth-root-authentication-method=normal \
    --skip-test-db >"$directory.log" 2>&1 || { cat "$directory.log"; return 1; }
  as_user mysql "$(command -v mariadbd || echo /usr/sbin/mariadbd)" --no-defaults --user="$user" --datadir="$directory/data" \
    --tmpdir="$directory/tmp" --port="$port" --bind-address=127.0.0.1 --socket="$directory/socket" --pid-file="$directory/pid" \
    --local-infile=1 --max-allowed-packet=64M --innodb-flush-log-at-trx-commit=0 >>"$directory.log" 2>&1 &
  wait_for mariadb-admin --no-defaults --socket="$directory/socket" -u root ping
  servers_pids+=("$(cat "$directory/pid")")
  mariadb --no-defaults --socket="$directory/socket" -u root -e "CREATE DATABASE test CHARACTER SET utf8mb4;
    CREATE USER auditor@'%' IDENTIFIED BY '$EVENHAND_TEST_PASSWORD'; GRANT ALL ON test.* TO auditor@'%';
    CREATE USER auditor@localhost IDENTIFIED BY '$EVENHAND_TEST_PASSWORD'; GRANT ALL ON test.* TO auditor@localhost;"
  MARIADB_PORT=$port
  MARIADB_SOCKET=$directory/socket
}

stop_servers() {
  local pid
  for pid in "${servers_pids[@]}"; do kill -INT "$pid" 2>/dev/null || true; kill -TERM "$pid" 2>/dev/null || true; done
  for _ in $(seq 100); do
    kill -0 "${servers_pids[@]}" 2>/dev/null || break
    sleep 0.1
  done
  servers_pids=()
}
