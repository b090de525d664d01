# Everything stays inside the project: tools go into .venv, builds into target. A missing Rust, Python or
# C compiler is named; what else a part needs of the system, tools/need.sh installs for root.
.DEFAULT_GOAL := help
SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
PYTHON ?= python3
BIN := .venv/bin
PEERS := target/bench-peers
export CARGO_TERM_COLOR ?= auto

.PHONY: help
help: ## Show this help
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | awk -F ':.*## ' '{printf "  make %-15s %s\n", $$1, $$2}'

.PHONY: demo
demo: develop build-sandbox ## The whole stock-sync loop against a local sandbox with faults
	@$(BIN)/python examples/python/demo.py
demo test-python test-threads test-secrets: export WDT_SANDBOX := $(CURDIR)/target/debug/wdt-sandbox

.PHONY: test
test: test-rust test-python test-cli test-page test-catalogue test-docs lint test-ffi test-php test-e2e test-fuzz test-packaging ## Run everything that must pass
	@echo "make test: all passed"

.PHONY: test-rust
test-rust: check-tools ## Rust tests, doc tests, feature combinations, MSRV
	cargo test --workspace --locked
	# The same under features that a dependent may switch on in our serde_json.
	cargo test -p wdt-proto --locked --features serde_json/arbitrary_precision,serde_json/preserve_order
	cargo build -p wdt-proto --locked --no-default-features
	tools/check_purity.sh
	tools/check_msrv.sh

.PHONY: test-python
test-python: develop build-sandbox ## Python tests, types, stubs, README examples, the client against the sandbox
	$(BIN)/pytest
	$(BIN)/mypy
	$(BIN)/mypy python/tests python/benches benches tools examples/python crates/wdt-ffi/ctests --exclude tools/release
	$(BIN)/python -m mypy.stubtest wdt_proto --allowlist python/stubtest-allowlist.txt
	$(BIN)/python examples/python/sync_fail.py > /dev/null
	$(BIN)/python examples/python/typed_arguments.py > /dev/null
	$(BIN)/python examples/python/demo.py > /dev/null 2>&1

# Both are part of test-rust, test-python and test-ffi; here they are to be run alone.
.PHONY: test-threads
test-threads: develop build-sandbox ## What is Send and Sync; 16 threads on one Credentials, one Client
	cargo test --locked -p wdt-proto --test send_sync
	$(BIN)/pytest python/tests/test_threads.py \
		python/tests/test_sandbox_client.py::test_sixteen_threads_share_one_client_and_its_limiter

.PHONY: test-secrets
test-secrets: develop build-sandbox ## No output holds a secret, no freed memory either
	cargo test --locked -p wdt-proto --test secrets
	cargo test --release --locked -p wdt-ffi --test wipe
	$(BIN)/pytest python/tests/test_secrets.py python/tests/test_client_logging.py

.PHONY: cli
cli: check-tools ## Build the command line tool: target/release/wdt
	cargo build --release --locked -p wdt-cli
	@echo "target/release/wdt is built; target/release/wdt completions --help, … man --help install what goes with it"

.PHONY: test-cli
test-cli: venv ## wdt explain against requests that json and hashlib made (test-rust has the rest)
	cargo build --locked -p wdt-cli
	$(BIN)/python -m pytest crates/wdt-cli/tests
	$(BIN)/mypy crates/wdt-cli/tests

.PHONY: test-catalogue
test-catalogue: venv ## The catalogue's tests; its types and reference are current
	$(BIN)/python -m pytest tools/catalogue
	$(BIN)/python tools/catalogue/generate_types.py --check
	$(BIN)/python tools/catalogue/generate_docs.py --check

# Seconds for each of the six fuzz targets.
SECONDS ?= 60

.PHONY: fuzz
fuzz: fuzz-build ## Fuzz each target for SECONDS=60; TARGETS="response …" for some
	@tools/fuzz.sh run $(SECONDS) $(TARGETS)

.PHONY: test-fuzz
test-fuzz: fuzz-build ## Fuzz each target for 20 s; the seeds are current
	@$(PYTHON) tools/fuzz_seeds.py --check
	@tools/fuzz.sh run 20

.PHONY: fuzz-build
fuzz-build: check-tools
	@tools/fuzz.sh build

.PHONY: coverage
coverage: check-tools ## Line coverage of wdt-proto by its Rust tests, at least 95 %
	@tools/coverage.sh 95

# The reader of the documents calls `wdt` and `wdt-sandbox`, and links with libwdt.
.PHONY: test-docs
test-docs: develop docs libwdt check-c check-php ## Every block, link and example of the documents
	cargo build --locked --quiet -p wdt-cli -p wdt-sandbox
	$(BIN)/python -m pytest tools/docs
	$(BIN)/mypy tools/docs
	cargo doc --locked --quiet --no-deps -p wdt-proto -p wdt-sandbox
	$(BIN)/python tools/docs/check_rustdoc.py wdt_proto wdt_sandbox

.PHONY: docs
docs: export NO_MKDOCS_2_WARNING := 1
docs: export TMPDIR := $(CURDIR)/target
docs: venv ## Build the site of the documents, English and Chinese: target/site
	@$(BIN)/python tools/docs/stage.py > /dev/null
	@$(BIN)/mkdocs build --strict --quiet
	@$(BIN)/python tools/docs/check_site.py

.PHONY: generate
generate: venv ## Write the types, the reference and the fuzz seeds from the catalogue and vectors
	$(PYTHON) tools/fuzz_seeds.py
	$(BIN)/python tools/catalogue/generate_types.py
	$(BIN)/python tools/catalogue/generate_docs.py

.PHONY: lint
lint: venv ## Formatters and linters, warnings denied
	cargo fmt --all --check
	cargo clippy --workspace --all-targets --locked -- -D warnings
	cargo clippy -p wdt-ffi --features test-panic,bench-boundary --locked -- -D warnings
	cargo fmt --manifest-path fuzz/Cargo.toml --check
	cargo clippy --manifest-path fuzz/Cargo.toml --locked -- -D warnings
	RUSTDOCFLAGS="-D warnings" cargo doc --workspace --no-deps --locked
	$(BIN)/ruff format --check
	$(BIN)/ruff check
	$(BIN)/python tools/unasync.py --check

.PHONY: header
header: check-tools ## Write include/wdt.h anew from the sources
	WDT_WRITE_HEADER=1 cargo test --locked -p wdt-ffi --test header

.PHONY: libwdt
libwdt: check-tools ## Build libwdt.so and libwdt.a
	cargo build --release --locked -p wdt-ffi
	@# The name that its SONAME asks for.
	@ln -sf libwdt.so target/release/libwdt.so.0

# The extension's sources are held to every warning, PHP's own headers (-isystem) are not.
PHP_BUILD := target/php-ext
PHP_FFI = php -d ffi.enable=1 examples/php-ffi

.PHONY: test-e2e
test-e2e: develop php-extension check-c build-sandbox ## The examples in C, Rust, PHP and Python against the sandbox, over real sockets
	cargo build --locked --quiet -p wdt-example
	cc -std=c99 -O1 examples/c/sync_fail.c -o target/sync_fail_c -Iinclude -Ltarget/release -lwdt $$(pkg-config --cflags --libs libcurl)
	WDT_SANDBOX=target/debug/wdt-sandbox LD_LIBRARY_PATH=target/release $(BIN)/python tools/end_to_end.py \
		"C, libcurl=target/sync_fail_c" "Rust, ureq=target/debug/sync_fail" \
		"PHP, extension=php -n -d extension=$(CURDIR)/$(PHP_BUILD)/modules/wdt.so examples/php-extension/sync_fail.php" \
		"PHP, FFI=$(PHP_FFI)/sync_fail.php" "Python, Client=$(BIN)/python examples/python/report_failure.py"

.PHONY: php-extension
php-extension: libwdt check-php
	rm -rf $(PHP_BUILD)
	mkdir -p $(PHP_BUILD)
	cp -R examples/php-extension/. $(PHP_BUILD)
	cd $(PHP_BUILD) && phpize > phpize.log && ./configure --quiet --with-wdt=$(CURDIR)
	$(MAKE) -C $(PHP_BUILD) --silent EXTRA_CFLAGS="-Wall -Wextra -Werror" \
		INCLUDES="$$(php-config --includes | sed 's/-I/-isystem /g') -I$(CURDIR)/include" > $(PHP_BUILD)/build.log

.PHONY: test-php
test-php: php-extension ## PHP: the FFI example and the extension, with all vectors
	$(PHP_FFI)/vectors.php
	$(PHP_FFI)/sync_fail.php > /dev/null
	$(PHP_FFI)/round_trip.php
	cd $(PHP_BUILD) && NO_INTERACTION=1 REPORT_EXIT_STATUS=1 TEST_PHP_ARGS="-q --show-diff" \
		$(MAKE) --silent test | tee test.log
	@# All of them: a test that was skipped is one that did not pass.
	@grep -Eq "^Tests passed +: +$$(ls $(PHP_BUILD)/tests/*.phpt | wc -l) " $(PHP_BUILD)/test.log \
		|| { echo "not every PHP test ran: see $(PHP_BUILD)/test.log"; exit 1; }

.PHONY: test-php-memory
test-php-memory: php-extension ## The PHP extension's tests under valgrind
	@tools/need.sh "make test-php-memory" 'type valgrind' valgrind
	cd $(PHP_BUILD) && ./check-memory.sh

.PHONY: check-php
check-php:
	@tools/need.sh "PHP's part" 'type php phpize' php-cli php-dev
	@php -r 'exit((int) (PHP_VERSION_ID < 80100));' || { echo "PHP is older than 8.1: install a newer one"; exit 1; }
	@php -r 'exit((int) !extension_loaded("FFI"));' || { echo "PHP's FFI is missing (Debian: apt-get install php-common, then phpenmod ffi)"; exit 1; }

.PHONY: test-ffi
test-ffi: libwdt check-c ## C and C++: installed, linked, all vectors, valgrind, sanitizers, examples
	@PYTHON=$(PYTHON) tools/test_ffi.sh
	@# Memory is wiped in the library as it is shipped, the stack too.
	cargo test --release --locked -p wdt-ffi --test wipe

.PHONY: check-c
check-c:
	@tools/need.sh "libwdt's tests" 'type gcc g++ valgrind pkg-config cmake readelf && pkg-config --exists libcjson libcurl' \
		libcjson-dev libcurl4-openssl-dev valgrind pkg-config g++ cmake

.PHONY: install
install: export PREFIX := $(PREFIX)
install: export LIBDIR := $(LIBDIR)
install: export DESTDIR := $(DESTDIR)
install: libwdt ## Install libwdt: PREFIX=/usr/local, LIBDIR, DESTDIR
	@tools/install.sh install

.PHONY: uninstall
uninstall: export PREFIX := $(PREFIX)
uninstall: export LIBDIR := $(LIBDIR)
uninstall: export DESTDIR := $(DESTDIR)
uninstall: ## Remove what make install put there
	@tools/install.sh uninstall

.PHONY: sandbox
sandbox: check-tools ## Run the sandbox: make sandbox SANDBOX="--goods 50 --fault cut=0.1"
	cargo run --release --locked -p wdt-sandbox -- $(SANDBOX)

.PHONY: test-sandbox
test-sandbox: check-tools ## The sandbox's tests (test-rust runs them too)
	cargo test --locked -p wdt-sandbox

.PHONY: test-page
test-page: venv check-chromium ## The sandbox's page in headless Chromium; screenshots in target/sandbox-page
	cargo build --locked -p wdt-sandbox
	$(BIN)/python -m pytest tools/sandbox
	$(BIN)/mypy tools/sandbox

.PHONY: bench-sandbox
bench-sandbox: venv check-wrk ## The sandbox under wrk: calls a second, latency, memory
	cargo build --release --locked -p wdt-sandbox
	@$(BIN)/python tools/sandbox/bench.py

.PHONY: check-chromium
check-chromium:
	@tools/need.sh "the page's test" 'type chromium chromedriver' --no-install-recommends \
		chromium chromium-driver fonts-wqy-zenhei

.PHONY: check-wrk
check-wrk:
	@tools/need.sh "make bench-sandbox" 'type wrk' --no-install-recommends wrk

.PHONY: bench
bench: develop ## Benchmarks beside their floors and peers
	cargo bench -p wdt-proto --locked
	@$(BIN)/python tools/bench_ratios.py
	@$(BIN)/python python/benches/build_request.py

.PHONY: bench-ffi
bench-ffi: check-tools ## What a call from C costs beside the same in Rust
	@tools/bench_ffi.sh

.PHONY: build-sandbox
build-sandbox: check-tools
	cargo build --locked --quiet -p wdt-sandbox

include tools/release/release.mk

.PHONY: bench-peers
bench-peers: develop libwdt peers-wheel ## This beside plain PHP, Java, Node, Python: writes docs/performance.md
	@$(PEERS)/venv/bin/python benches/run.py $(ARGS)

.PHONY: check-peers
check-peers: develop libwdt peers-wheel ## Every contestant of bench-peers is right (no timing)
	@$(PEERS)/venv/bin/python benches/run.py --check $(ARGS)

# As a user's pip would: what is measured is what is released.
.PHONY: peers-wheel
peers-wheel: wheel-cpython $(PEERS)/installed
	@$(PEERS)/venv/bin/pip install --quiet --disable-pip-version-check --no-index --no-deps --force-reinstall \
		target/dist/wdt_proto-*-cp*-cp*.whl

# An environment of its own: what peers need is nothing that this project needs.
$(PEERS)/installed: benches/requirements.txt
	$(PYTHON) -m venv $(PEERS)/venv
	$(PEERS)/venv/bin/pip install --quiet --disable-pip-version-check -r benches/requirements.txt
	@touch $@

.PHONY: develop
develop: venv ## Build the Python module into the project
	$(BIN)/maturin develop --release --locked --quiet

.PHONY: venv
venv: check-tools .venv/installed ## Make .venv with the tools of requirements-*.txt

.venv/installed: requirements-dev.txt requirements-docs.txt
	@echo "Installing the tools of requirements-dev.txt and requirements-docs.txt into .venv (nothing outside the project)"
	$(PYTHON) -m venv .venv
	$(BIN)/pip install --quiet --disable-pip-version-check -r requirements-dev.txt -r requirements-docs.txt
	@touch $@

.PHONY: check-tools
check-tools:
	@command -v cargo > /dev/null || { echo "cargo is missing: install Rust 1.85 or newer (rustup.rs)"; exit 1; }
	@command -v cc > /dev/null || { echo "cc is missing: install a C compiler (Debian: apt-get install gcc)"; exit 1; }
	@$(PYTHON) -c 'import sys, venv, ensurepip; sys.exit(sys.version_info < (3, 10))' \
		|| { echo "$(PYTHON) is missing, older than 3.10 or without venv (Debian: apt-get install python3-venv); or set PYTHON=…"; exit 1; }

.PHONY: clean
clean: ## Remove what was built
	rm -rf target fuzz/target fuzz/corpus fuzz/artifacts .venv .msrv .tools python/wdt_proto/*.so
