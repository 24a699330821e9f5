# evenhand: build, check, demonstrate, install. `make help` lists the targets: what stands behind ## on a target's line.

SHELL = /bin/bash
.DELETE_ON_ERROR:
.DEFAULT_GOAL = all

VERSION = 0.1.0
PREFIX = /usr/local
# Use every processor unless the caller chose otherwise.
ifeq ($(filter -j%,$(MAKEFLAGS)),)
MAKEFLAGS += -j$(shell nproc)
endif
B = build
VARIANT = release
OUT = $(B)/$(VARIANT)

CC = gcc
WARN = -Wall -Wextra -Wshadow -Wconversion -Wstrict-prototypes -Wmissing-prototypes -Wvla -Wformat=2
BASE_FLAGS = -std=c11 -D_GNU_SOURCE -pthread -ffp-contract=off -fno-math-errno -fno-trapping-math -I. $(WARN) \
             -DEH_VERSION='"$(VERSION)"' -DEH_DATADIR='"$(PREFIX)/share/evenhand"'
FLAGS_release = -O2 -g -D_FORTIFY_SOURCE=3 -fstack-protector-strong -fPIE
LINK_release = -pie -Wl,-z,relro,-z,now
# Loops over every record, over every stratum of every unit, or over pairs of units, gain from vectors.
VECTORS = mantel_haenszel effects_covariance effects_draw effects_solve rows typical_draws
$(OUT)/engine/load/%.o $(VECTORS:%=$(OUT)/engine/stats/%.o): FLAGS_release += -O3
FLAGS_asan = -O1 -g -fsanitize=address,undefined -fno-sanitize-recover=undefined -fno-omit-frame-pointer
LINK_asan = -fsanitize=address,undefined
FLAGS_tsan = -O1 -g -fsanitize=thread
LINK_tsan = -fsanitize=thread
FLAGS_cov = -O0 -g --coverage
LINK_cov = --coverage
FLAGS_mutants = -O1
CFLAGS_ALL = $(BASE_FLAGS) $(FLAGS_$(VARIANT)) $(CFLAGS)
LDFLAGS_ALL = -pthread $(LINK_$(VARIANT)) $(LDFLAGS)
# One short line for each file that is made; `make V=1` prints the commands instead, and `make -s` nothing. Call: the word.
is_silent = $(findstring s,$(filter-out -%,$(firstword $(MAKEFLAGS))))
say = $(if $(filter 1,$(V)),,@$(if $(is_silent),,echo '$(1) $(2)';))
LIBS = -l:libgsl.a -l:libgslcblas.a $(MATH) -lxlsxwriter -ljansson -lcsv -lyaml -lcrypto -lz -lunistring -lminizip -lexpat -lzstd -lreadstat -lodbc -lm

# The same bytes on every processor: the C library's exp, log, pow and their like differ in the last digits where a processor can
# multiply and add at once. These are musl's, which were compiled for any; GSL is linked with them.
MATH = $(OUT)/lib/math.a
MATH_MEMBERS = exp log pow erf log1p expm1 log10 cbrt lgamma_r expl logl sin cos sincos tan asin acos atan atan2 sinh cosh tanh acosh atanh hypot \
               exp2l __polevll exp_data log_data pow_data __math_divzero __math_invalid __math_oflow __math_uflow __math_xflow \
               __sin __cos __tan __expo2 __rem_pio2 __rem_pio2_large
$(MATH): Makefile | setup
	@rm -rf $(OUT)/lib/math && mkdir -p $(OUT)/lib/math
	$(call say,AR,$@)cd $(OUT)/lib/math && ar x $(MUSL) $(MATH_MEMBERS:=.lo) && ar rcs ../math.a *.lo
MUSL = "$$(gcc -print-multiarch | sed 's|.*|/usr/lib/&|; s|gnu$$|musl|')/libc.a"

# Folders, lowest first, each with its rooms. A file includes only from its own room or one before it (tests/layers.sh has the order).
FOLDERS = engine/base rules engine/stats engine/load engine/audit reports fixtures engine/cli
folder_objects = $(patsubst %.c,$(OUT)/%.o,$(wildcard $(1)/*.c $(1)/*/*.c))
library = $(OUT)/lib/$(subst /,-,$(1)).a
# Libraries, highest first, as the linker wants them; a test of a folder sees that folder and the lower ones.
LIBS_engine/base = $(call library,engine/base) $(MATH)
LIBS_rules = $(call library,rules) $(LIBS_engine/base)
LIBS_engine/stats = $(call library,engine/stats) $(LIBS_engine/base)
LIBS_engine/load = $(call library,engine/load) $(call library,engine/stats) $(LIBS_rules)
LIBS_engine/audit = $(call library,engine/audit) $(LIBS_engine/load)
LIBS_reports = $(call library,reports) $(LIBS_engine/audit)
LIBS_fixtures = $(call library,fixtures) $(LIBS_engine/base)
LIBS_engine/cli = $(call library,fixtures) $(LIBS_reports)

.PHONY: all
all: $(OUT)/evenhand $(OUT)/evenhand.1 $(OUT)/evenhand.bash ## build build/release/evenhand (VARIANT=asan tsan cov: other builds); `make` alone does so

$(OUT)/evenhand: $(call folder_objects,engine/cli) $(LIBS_engine/cli)
	$(call say,LD,$@)$(CC) $(CFLAGS_ALL) $(LDFLAGS_ALL) -o $@ $^ $(LIBS)

# The manual page and the completion: a line "@options COMMAND" or "@completion" gives way to what the program says of itself.
fill = awk '$$1 == "@options" { ask("--manual " $$2); next } $$1 == "@completion" { ask("--completion"); next } { print } \
  function ask(what,   line) { asked = "$(OUT)/evenhand help " what; while ((asked | getline line) > 0) print line }'
$(OUT)/evenhand.%: fixtures/evenhand.%.in $(OUT)/evenhand
	$(call say,FILL,$@)$(fill) $< >$@

define folder_rules
$(call library,$(1)): $(call folder_objects,$(1))
	@mkdir -p $$(@D)
	@rm -f $$@
	$$(call say,AR,$$@)ar rcs $$@ $$^
endef
$(foreach f,$(filter-out engine/cli,$(FOLDERS)),$(eval $(call folder_rules,$(f))))

$(OUT)/%.o: %.c | setup
	@mkdir -p $(@D)
	$(call say,CC,$<)$(CC) $(CFLAGS_ALL) -MMD -MP -c -o $@ $<

# Tests: one program per file of tests/FOLDER, linked with that folder's library and the lower ones.
TEST_base = engine/base
TEST_rules = rules
TEST_stats = engine/stats
TEST_load = engine/load
TEST_audit = engine/audit
TEST_reports = reports
TEST_fixtures = fixtures
TEST_profile = engine/cli
TEST_FOLDERS = base rules stats load audit reports fixtures profile
define test_rules
$(OUT)/tests/$(1)/%: $(OUT)/tests/$(1)/%.o $(LIBS_$(TEST_$(1)))
	$$(call say,LD,$$@)$$(CC) $$(CFLAGS_ALL) $$(LDFLAGS_ALL) -o $$@ $$^ -lcheck -lsubunit $$(LIBS)
endef
$(foreach t,$(TEST_FOLDERS),$(eval $(call test_rules,$(t))))
# These simulate worlds, with the sources of tests/bench.
BENCH_WORLDS = $(addprefix $(OUT)/tests/bench/,world.o score.o together.o changes.o balanced.o)
$(addprefix $(OUT)/tests/audit/,findings/calibration_test findings/property_test monitoring/monitoring_test): %: %.o $(BENCH_WORLDS) $(LIBS_engine/audit)
	$(call say,LD,$@)$(CC) $(CFLAGS_ALL) $(LDFLAGS_ALL) -o $@ $^ -lcheck -lsubunit $(LIBS)
TESTS = $(foreach t,$(TEST_FOLDERS),$(patsubst %.c,$(OUT)/%,$(wildcard tests/$(t)/*_test.c tests/$(t)/*/*_test.c)))
.SECONDARY:

# What the build, the program and the tests need from Debian.
PACKAGES = gcc libc6-dev musl-dev make libgsl-dev libxlsxwriter-dev libcsv-dev check libyaml-dev libjansson-dev libssl-dev zlib1g-dev unzip \
           libxxhash-dev libunistring-dev libminizip-dev libexpat1-dev libzstd-dev libreadstat-dev unixodbc-dev libsqliteodbc sqlite3 libsqlite3-dev openssl python3

.PHONY: setup
setup: ## install what the build needs (Debian; root or sudo)
	@tests/setup.sh $(PACKAGES)

# Run every test of one variant: unit tests, command line, layers, README.
COMMAND_TESTS = $(addprefix tests/cli/,commands.sh outputs.sh outcomes.sh adjust.sh inputs.sh drill.sh ask.sh start.sh privacy.sh threads.sh changes.sh attacks.sh processors.sh cases.sh traits.sh page.sh package.sh) tests/hostile/ids.py
.PHONY: check check-unit
check: $(OUT)/evenhand $(TESTS) $(B)/bench/make_records replay ## build and run every test
	@EVENHAND=$(abspath $(OUT)/evenhand) tests/run.sh tests/faults/odbc.sh tests/faults/ladder.sh $(TESTS) tests/layers.sh \
	  tests/papers.sh $(COMMAND_TESTS) tests/readme.sh tests/bench/instructions.sh
check-unit: $(TESTS) ## the unit tests alone
	@tests/run.sh $(TESTS)

# Audit the same records out of PostgreSQL, MariaDB and SQLite: starts servers of its own on the loopback, and ends them.
SERVERS = postgresql-15 odbc-postgresql mariadb-server odbc-mariadb libsqliteodbc sqlite3 unzip python3-sqlglot
.PHONY: check-databases
check-databases: $(OUT)/evenhand $(OUT)/tests/load/database/database_test ## audit the same records out of PostgreSQL, MariaDB and SQLite
	@tests/setup.sh $(SERVERS)
	@EVENHAND=$(abspath $(OUT)/evenhand) TESTS=$(abspath $(OUT)/tests) tests/databases/check.sh

# The same out of one table that is spread over three PostgreSQL servers.
.PHONY: check-shards
check-shards: $(OUT)/evenhand ## the same out of one table that three PostgreSQL servers share
	@tests/setup.sh $(SERVERS)
	@EVENHAND=$(abspath $(OUT)/evenhand) tests/databases/shards.sh

# The same out of DuckDB, asked by a command: its Python module stands for its client, and is got from PyPI.
.PHONY: check-engines
check-engines: $(OUT)/evenhand ## audit the same records out of DuckDB, tables and Parquet files
	@tests/setup.sh python3 python3-pip unzip
	@[ -d $(B)/engines/duckdb ] || python3 -m pip install -q --root-user-action=ignore --target $(B)/engines duckdb || true
	@ENGINES=$(abspath $(B)/engines) EVENHAND=$(abspath $(OUT)/evenhand) tests/run.sh tests/engines/check.sh

# How long an audit in a database takes, against its bare GROUP BY (RECORDS=1000000 ROUNDS=3 DATABASES="postgresql sqlite mariadb").
.PHONY: bench-databases
bench-databases: $(OUT)/evenhand ## time databases against their bare GROUP BY (RECORDS=1000000)
	@tests/setup.sh $(SERVERS)
	@EVENHAND=$(abspath $(OUT)/evenhand) tests/databases/timing.sh

# Data made to mislead, to be run, to fill the machine; and disks that fill up and signals, at random moments.
HOSTILE_SEEDS = 40
.PHONY: hostile
hostile: $(OUT)/evenhand ## hostile data, full disks, signals at random moments
	@tests/setup.sh python3 locales gzip util-linux
	@EVENHAND=$(abspath $(OUT)/evenhand) HOSTILE_SEEDS=$(HOSTILE_SEEDS) tests/run.sh tests/hostile/text.sh tests/hostile/inputs.sh \
	  tests/hostile/shapes.py tests/hostile/ids.py tests/hostile/stops.sh tests/hostile/large.sh tests/cli/changes.sh

# make demo and make check, each alone in a bare Debian 12 (root; debootstrap).
.PHONY: check-fresh
check-fresh: ## make demo and make check in a bare Debian 12 (root; debootstrap)
	@tests/fresh.sh

# Open whole workbooks in LibreOffice and with openpyxl.
VIEWERS = libreoffice-calc-nogui python3-openpyxl poppler-utils fonts-liberation
.PHONY: check-workbook
check-workbook: $(OUT)/evenhand $(OUT)/tests/load/unfold ## open whole workbooks in LibreOffice and with openpyxl
	@tests/setup.sh $(VIEWERS)
	@EVENHAND=$(abspath $(OUT)/evenhand) UNFOLD=$(abspath $(OUT)/tests/load/unfold) tests/workbook.sh

# Pages of releases in Chromium, by axe-core's rules of accessibility; axe-core and what drives the browser are got from npm.
.PHONY: check-page
check-page: $(OUT)/evenhand ## open the page of a release in a browser, by the rules of accessibility
	@tests/setup.sh chromium python3 || true
	@command -v npm >/dev/null || tests/setup.sh nodejs npm || true
	@[ -d $(B)/page/node_modules/puppeteer-core ] || npm install --silent --prefix $(B)/page axe-core@4 puppeteer-core@22 || true
	@MODULES=$(abspath $(B)/page/node_modules) EVENHAND=$(abspath $(OUT)/evenhand) tests/run.sh tests/page/check.sh

.PHONY: asan tsan cov
export LSAN_OPTIONS = suppressions=$(abspath tests/lsan.supp):print_suppressions=0
asan tsan: ## unit tests, command line and fuzz seeds under sanitizers
	@$(MAKE) VARIANT=$@ check-unit replay FUZZ_MUTATIONS=1000 $(B)/$@/evenhand
	@EVENHAND=$(abspath $(B)/$@/evenhand) tests/run.sh $(COMMAND_TESTS) tests/hostile/text.sh tests/hostile/inputs.sh tests/hostile/shapes.py
cov: ## every test, and which lines and branches they reach
	@$(MAKE) VARIANT=cov check
	@tests/coverage.sh $(B)/cov 95 85

# Fuzzing. `make check` replays the seeds with some seeded mutations of each (under the sanitizers in `make asan`). `make fuzz`
# explores with libFuzzer (clang) under the sanitizers, FUZZ_SECONDS or FUZZ_RUNS executions for each target. `make fuzz-volume`
# explores with the same entry points built to be fast (what is undefined still traps), ten times as many executions a second,
# and then runs every input that it kept under the sanitizers. Both go on from build/corpus, and count in build/corpus/counts.
# `make fuzz-merge` leaves in it only what reaches something of its own.
FUZZ_TARGETS = $(patsubst tests/fuzz/%_fuzz.c,%,$(wildcard tests/fuzz/*_fuzz.c))
FUZZ_SECONDS = 60
FUZZ_MUTATIONS = 3000
FUZZ_LIBS = $(LIBS_reports)
$(OUT)/tests/fuzz/%_replay: $(OUT)/tests/fuzz/%_fuzz.o $(OUT)/tests/fuzz/replay.o $(FUZZ_LIBS)
	$(call say,LD,$@)$(CC) $(CFLAGS_ALL) $(LDFLAGS_ALL) -o $@ $^ $(LIBS) $(FUZZ_LIBS_$*)
# Of tests only: SQLite evaluates what the rules compile to.
FUZZ_LIBS_sql = -lsqlite3
.PHONY: replay fuzz fuzz-volume fuzz-merge fuzz-afl
replay: $(FUZZ_TARGETS:%=$(OUT)/tests/fuzz/%_replay) ## the fuzz seeds, and some mutations of each
	@for t in $(FUZZ_TARGETS); do echo "fuzz $$t"; $(OUT)/tests/fuzz/$${t}_replay $(FUZZ_MUTATIONS) tests/fuzz/seeds/$$t/* || exit 1; done
# The same entry points, explored by libFuzzer under the sanitizers, by libFuzzer without, and by AFL++.
FLAGS_fuzz = -O1 -g -fsanitize=fuzzer-no-link,address,undefined -fno-sanitize-recover=undefined
LINK_fuzz = -fsanitize=fuzzer,address,undefined
FLAGS_volume = -O2 -g -fsanitize-coverage=inline-8bit-counters,pc-table -fsanitize=undefined -fsanitize-trap=undefined
LINK_volume = -fsanitize=fuzzer
FLAGS_afl = -O1 -g
LINK_afl = -fsanitize=fuzzer
$(OUT)/tests/fuzz/%_explore: $(OUT)/tests/fuzz/%_fuzz.o $(FUZZ_LIBS)
	$(call say,LD,$@)$(CC) $(CFLAGS_ALL) $(LDFLAGS_ALL) -o $@ $^ $(LIBS) $(FUZZ_LIBS_$*)
.PHONY: explorers fuzz-explorers
explorers: $(FUZZ_TARGETS:%=$(OUT)/tests/fuzz/%_explore)
CORPUS = $(B)/corpus
FUZZ_RUNS = -1
FUZZ_LENGTH_csv = 1024
FUZZ_LENGTH_load = 400
FUZZ_LENGTH_rules = 1200
FUZZ_LENGTH_sql = 256
FUZZ_LENGTHS = $(foreach t,$(FUZZ_TARGETS),$(or $(FUZZ_LENGTH_$(t)),512))
# Call: the build (fuzz, volume), options. In the fast build inputs are short, and large blocks stay with the process.
explore = @mkdir -p $(CORPUS); set -- $(FUZZ_LENGTHS); for t in $(FUZZ_TARGETS); do \
	  mkdir -p $(CORPUS)/$$t; log=$(CORPUS)/$$t-$(1).log; \
	  $(if $(filter volume,$(1)),GLIBC_TUNABLES=glibc.malloc.mmap_threshold=33554432:glibc.malloc.trim_threshold=268435456) \
	    $(B)/$(1)/tests/fuzz/$${t}_explore $(if $(filter volume,$(1)),-max_len=$$1) $(2) -timeout=20 -print_final_stats=1 -artifact_prefix=$(CORPUS)/$$t- \
	    $(CORPUS)/$$t tests/fuzz/seeds/$$t >$$log 2>&1 || { tail -n 40 $$log; exit 1; }; \
	  runs=$$(sed -n 's/stat::number_of_executed_units: *//p' $$log); \
	  echo "$(1) $$t: $$runs executions" | tee -a $(CORPUS)/counts; shift; \
	done
fuzz-explorers:
	@sh tests/setup.sh clang libclang-rt-14-dev
	@$(MAKE) -s VARIANT=fuzz CC=clang CFLAGS=-Wno-everything explorers
fuzz: fuzz-explorers ## explore with libFuzzer under the sanitizers (FUZZ_SECONDS=60)
	$(call explore,fuzz,-max_total_time=$(FUZZ_SECONDS) -runs=$(FUZZ_RUNS))
fuzz-volume: fuzz-explorers ## explore ten times as fast, then run what was kept under them
	@$(MAKE) -s VARIANT=volume CC=clang CFLAGS=-Wno-everything explorers
	$(call explore,volume,-max_total_time=$(FUZZ_SECONDS) -runs=$(FUZZ_RUNS) -entropic=0)
	$(call explore,fuzz,-runs=0)
fuzz-merge: fuzz-explorers ## keep of build/corpus what reaches something of its own
	@for t in $(FUZZ_TARGETS); do \
	  rm -rf $(CORPUS)/$$t.merged; mkdir -p $(CORPUS)/$$t.merged; \
	  $(B)/fuzz/tests/fuzz/$${t}_explore -merge=1 $(CORPUS)/$$t.merged tests/fuzz/seeds/$$t $(CORPUS)/$$t \
	    >$(CORPUS)/$$t-merge.log 2>&1 || { tail -n 20 $(CORPUS)/$$t-merge.log; exit 1; }; \
	  rm -rf $(CORPUS)/$$t; mv $(CORPUS)/$$t.merged $(CORPUS)/$$t; \
	done
AFL = $(B)/afl/tests/fuzz
fuzz-afl: ## explore with AFL++
	@sh tests/setup.sh afl++ clang
	@$(MAKE) -s VARIANT=afl CC=afl-clang-fast CFLAGS=-Wno-everything AFL_QUIET=1 explorers
	@for t in $(FUZZ_TARGETS); do \
	  env -u LSAN_OPTIONS AFL_AUTORESUME=1 AFL_SKIP_CPUFREQ=1 AFL_I_DONT_CARE_ABOUT_MISSING_CRASHES=1 AFL_NO_UI=1 AFL_NO_AFFINITY=1 afl-fuzz -V $(FUZZ_SECONDS) \
	    -i tests/fuzz/seeds/$$t -o $(AFL)/$$t.out $(AFL)/$${t}_explore >$(AFL)/$$t.log 2>&1 || { tail -n 20 $(AFL)/$$t.log; exit 1; }; \
	  echo "fuzz-afl $$t: $$(sed -n 's/^execs_done *: //p' $(AFL)/$$t.out/default/fuzzer_stats) executions"; \
	  grep -q '^saved_crashes *: 0$$' $(AFL)/$$t.out/default/fuzzer_stats || { echo "crashes: $(AFL)/$$t.out/default/crashes"; exit 1; }; \
	done

# Allocations, reads, writes, renames and signals failing in turn, further than `make check` goes.
.PHONY: faults
faults: $(OUT)/evenhand ## allocations, reads, writes and signals that fail, further than check
	FAULT_STEPS=200 EVENHAND=$(abspath $(OUT)/evenhand) bash tests/faults/ladder.sh
	FAULT_STEPS=200 EVENHAND=$(abspath $(OUT)/evenhand) bash tests/faults/odbc.sh

# Is every operator and constant of the statistics and of the rules' evaluation held by a test? See tests/mutants/README.md.
MUTANTS = 40
MUTANTS_SECONDS = 600
MUTANTS_TESTS = stats rules load audit
FILES = $(wildcard engine/stats/*.c) $(addprefix rules/,derive.c evaluate.c expression.c intern.c labels.c sql_condition.c)
.PHONY: mutants mutants-tests
mutants: ## change the statistics in one place at a time: does a test notice?
	@$(MAKE) --no-print-directory VARIANT=mutants mutants-tests >/dev/null
	@python3 tests/mutants/mutants.py --build $(B)/mutants --compile '$(CC) $(BASE_FLAGS) $(FLAGS_mutants)' --libraries '-lcheck -lsubunit $(LIBS)' \
	  --mutants $(MUTANTS) --seed $(SEED) --seconds $(MUTANTS_SECONDS) $(if $(AGAIN),--again) --tests $(MUTANTS_TESTS:%='%/*') -- $(FILES)
mutants-tests: $(filter $(MUTANTS_TESTS:%=$(OUT)/tests/%/%),$(TESTS))

# Whole processes against others that can answer the same question; OPTIONS='--rows 1000000 --rounds 3'.
.PHONY: bench
bench: $(OUT)/evenhand $(B)/bench/make_records ## measure against DuckDB, Polars, data.table and pandas, where installed
	@tests/bench/bench.py $(OPTIONS)
$(B)/bench/make_records: tests/bench/make_records.c $(LIBS_engine/base)
	@mkdir -p $(@D)
	$(call say,LD,$@)$(CC) $(CFLAGS_ALL) $(LDFLAGS_ALL) -o $@ $^ -lm

.PHONY: valgrind
valgrind: $(TESTS) ## the unit tests under valgrind
	@CK_FORK=no tests/run.sh --under 'valgrind -q --error-exitcode=9 --leak-check=full --suppressions=tests/valgrind.supp' $(filter-out %/calibration_test,$(TESTS))

# Do the statistics keep their promises? Prints the tables of tests/CALIBRATION.md; takes some minutes.
.PHONY: bench-stats
SEED = 1
bench-stats: $(OUT)/tests/bench/calibration $(OUT)/tests/bench/monitoring ## simulate audits of worlds whose truth is known (SEED=1, SECTIONS="nobody grid ...")
	$< $(SEED) $(SECTIONS)
	$(OUT)/tests/bench/monitoring $(SEED)
$(OUT)/tests/bench/calibration $(OUT)/tests/bench/monitoring: %: %.o $(BENCH_WORLDS) $(LIBS_engine/audit)
	$(call say,LD,$@)$(CC) $(CFLAGS_ALL) $(LDFLAGS_ALL) -o $@ $^ $(LIBS)

# Sample records with planted disparities, audited: the first thing to look at.
.PHONY: demo
demo: $(OUT)/evenhand ## make sample records and audit them into build/demo/audit.xlsx
	@mkdir -p $(B)/demo
	$(OUT)/evenhand simulate --records 40000 --planted 8 --planted-effect 1.2 --seed 7 -o $(B)/demo/records.csv --truth $(B)/demo/truth.csv
	$(OUT)/evenhand audit rules/ice-priorities-2011.yaml $(B)/demo/records.csv -o $(B)/demo/audit.xlsx --json $(B)/demo/audit.json

.PHONY: install uninstall
install: $(OUT)/evenhand $(OUT)/evenhand.1 $(OUT)/evenhand.bash ## into PREFIX (/usr/local), under DESTDIR
	install -d $(DESTDIR)$(PREFIX)/bin $(DESTDIR)$(PREFIX)/share/evenhand/rules $(DESTDIR)$(PREFIX)/share/man/man1 \
	  $(DESTDIR)$(PREFIX)/share/bash-completion/completions
	install -m 755 $(OUT)/evenhand $(DESTDIR)$(PREFIX)/bin/evenhand
	install -m 644 rules/*.yaml $(DESTDIR)$(PREFIX)/share/evenhand/rules/
	install -m 644 $(OUT)/evenhand.1 $(DESTDIR)$(PREFIX)/share/man/man1/evenhand.1
	install -m 644 $(OUT)/evenhand.bash $(DESTDIR)$(PREFIX)/share/bash-completion/completions/evenhand
uninstall: ## take away what install put there
	rm -f $(DESTDIR)$(PREFIX)/bin/evenhand $(DESTDIR)$(PREFIX)/share/man/man1/evenhand.1 \
	  $(DESTDIR)$(PREFIX)/share/bash-completion/completions/evenhand
	rm -rf $(DESTDIR)$(PREFIX)/share/evenhand

.PHONY: clean help lint format
clean: ## remove build
	rm -rf $(B)
# Each at no warning; what is false is named in tests/lint, with the reason. The checks of clang-tidy are in .clang-tidy.
lint: ## cppcheck, the analyzer of gcc, clang-tidy
	@tests/setup.sh cppcheck clang-tidy
	cppcheck --quiet --error-exitcode=1 --enable=warning,performance,portability --std=c11 --inline-suppr -I. \
	  --library=tests/lint/cppcheck.cfg --suppressions-list=tests/lint/cppcheck.txt engine rules reports fixtures
	tests/lint/analyze.sh
	tests/lint/tidy.sh
format: ## clang-format every file
	clang-format -i $$(git ls-files '*.c' '*.h')
help: ## this list
	@sed -nE 's/^([a-z][a-z -]*):.* ## /\1|/p' $(firstword $(MAKEFILE_LIST)) | while IFS='|' read -r target what; do \
	  printf 'make %-16s %s\n' "$$target" "$$what"; done

-include $(shell find $(OUT) -name '*.d' 2>/dev/null)
