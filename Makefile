# Everything stays inside the project: tools go into .venv, builds into target. What a part needs of the
# system and does not find, tools/need.sh names, with the command that installs it.
.DEFAULT_GOAL := help
SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
PYTHON ?= python3
BIN := .venv/bin
PEERS := target/bench-peers
export CARGO_TERM_COLOR ?= auto

.PHONY: help
help: ## Show this help ## 显示本帮助
	@tools/help.sh $(MAKEFILE_LIST)

.PHONY: demo
demo: develop ## The stock-sync loop, and a month of orders pulled, against a local sandbox with faults ## 在本地沙箱里跑一遍库存同步、拉一个月的订单，带故障注入
	cargo build --locked --quiet -p wdt-sandbox
	@$(BIN)/python examples/python/demo.py
	@$(BIN)/python examples/python/demo_pull.py
demo test-python test-threads test-secrets: export WDT_SANDBOX := $(CURDIR)/target/debug/wdt-sandbox

# The longest first. Each can be run alone; together they run JOBS at a time, since linking, fuzzing and
# valgrind keep one processor busy. What one says is shown when it is done.
TESTS := test-packaging test-rust lint test-fuzz test-docs test-python test-ffi test-e2e test-php test-page test-cli test-catalogue
JOBS ?= 2

.PHONY: test
test: check-c check-php check-chromium venv-release ## Run everything that must pass ## 运行全部检查，合入前必须通过
	@$(MAKE) --no-print-directory --jobs=$(JOBS) --output-sync=target PROGRAMS="--workspace --tests --bins" $(TESTS)
	@tools/say.sh "make test: all passed" "make test：全部通过"

.PHONY: test-rust
test-rust: check-tools check-msrv ## Rust tests, doc tests, feature combinations, no_std, the oldest Rust ## Rust 测试、文档测试、feature 组合、no_std、最低 Rust 版本
	cargo test --workspace --locked
	# The tests of the core under features that a dependent may switch on in our serde_json.
	cargo test -p wdt-proto --lib --tests --locked --features serde_json/arbitrary_precision,serde_json/preserve_order
	tools/check_no_std.sh
	tools/check_purity.sh

.PHONY: check-msrv
check-msrv: check-tools
	tools/check_msrv.sh

.PHONY: test-python
test-python: develop build-programs ## Python tests, types, stubs, README examples, the client against the sandbox ## Python 测试、类型、存根、README 示例、对着沙箱跑客户端
	$(BIN)/pytest
	$(BIN)/mypy
	$(BIN)/mypy python/tests python/benches benches tools examples/python crates/wdt-ffi/ctests --exclude tools/release
	$(BIN)/python -m mypy.stubtest wdt_proto --allowlist python/stubtest-allowlist.txt
	$(BIN)/python examples/python/sync_fail.py > /dev/null
	$(BIN)/python examples/python/typed_arguments.py > /dev/null
	$(BIN)/python examples/python/demo.py > /dev/null 2>&1
	$(BIN)/python examples/python/demo_pull.py > /dev/null 2>&1

# Both are part of test-rust, test-python and test-ffi; here they are to be run alone.
.PHONY: test-threads
test-threads: develop build-programs ## What is Send and Sync; 16 threads on one Credentials, one Client ## 哪些类型是 Send、Sync；16 个线程共用一个 Credentials、一个 Client
	cargo test --locked -p wdt-proto --test send_sync
	$(BIN)/pytest python/tests/test_threads.py \
		python/tests/test_sandbox_client.py::test_sixteen_threads_share_one_client_and_its_limiter

.PHONY: test-secrets
test-secrets: develop build-programs ## No output holds a secret, no freed memory either ## 任何输出里都没有密钥，释放的内存里也没有
	cargo test --locked -p wdt-proto --test secrets
	cargo test --release --locked -p wdt-ffi --test wipe
	$(BIN)/pytest python/tests/test_secrets.py python/tests/test_client_logging.py

.PHONY: cli
cli: check-tools ## Build the command line tool: target/release/wdt ## 编译命令行工具：target/release/wdt
	cargo build --release --locked -p wdt-cli
	@tools/say.sh "target/release/wdt is built; 'target/release/wdt completions --help' and '… man --help' say how to install what goes with it" \
		"target/release/wdt 已编译好；补全脚本和手册页的安装方法见 target/release/wdt completions --help 和 … man --help"

.PHONY: test-cli
test-cli: venv build-programs ## wdt explain against json and hashlib, wdt pull against json, sqlite3 and pyarrow ## 用 json 和 hashlib 检验 wdt explain，用 json、sqlite3、pyarrow 检验 wdt pull
	$(BIN)/python -m pytest crates/wdt-cli/tests
	$(BIN)/mypy crates/wdt-cli/tests

.PHONY: test-pull-big
test-pull-big: venv ## wdt pull of 200,000 rows into each format: with faults, changes and kills, then measured ## wdt pull 每种格式拉 20 万行：先带故障、变化和强杀，再测速度和内存
	cargo build --release --locked -p wdt-cli
	WDT_BIN=target/release/wdt WDT_PULL_ROWS=200000 $(BIN)/python -m pytest -s crates/wdt-cli/tests/test_pull.py
	WDT_BIN=target/release/wdt WDT_PULL_ROWS=200000 WDT_PULL_QUIET=1 $(BIN)/python -m pytest -s crates/wdt-cli/tests/test_pull.py -k exact

.PHONY: test-catalogue
test-catalogue: venv ## The catalogue's tests; its types and reference are current ## 方法目录的测试；生成的类型和参考页是最新的
	$(BIN)/python -m pytest tools/catalogue
	$(BIN)/python tools/catalogue/generate_types.py --check
	$(BIN)/python tools/catalogue/generate_docs.py --check

# Seconds for each of the six fuzz targets.
SECONDS ?= 60

.PHONY: fuzz
fuzz: fuzz-build ## Fuzz each target for SECONDS=60; TARGETS="response …" for some ## 逐个模糊测试，每个 SECONDS=60 秒；TARGETS="response …" 只跑其中几个
	@tools/fuzz.sh run $(SECONDS) $(TARGETS)

.PHONY: test-fuzz
test-fuzz: fuzz-build ## Fuzz each target for 20 s; the seeds are current ## 每个目标模糊测试 20 秒；种子是最新的
	@$(PYTHON) tools/fuzz_seeds.py --check
	@tools/fuzz.sh run 20

.PHONY: fuzz-build
fuzz-build: check-tools
	@tools/fuzz.sh build

.PHONY: coverage
coverage: check-tools ## Line coverage of wdt-proto by its Rust tests, at least 95 % ## wdt-proto 的 Rust 测试行覆盖率，不低于 95 %
	@tools/coverage.sh 95

# The reader of the documents calls `wdt` and `wdt-sandbox`, and links with libwdt.
.PHONY: test-docs
test-docs: develop docs rustdoc libwdt check-c check-php build-programs ## Every block, link and example of the documents ## 文档里的每段代码、链接和示例
	$(BIN)/python -m pytest tools/docs
	$(BIN)/mypy tools/docs
	$(BIN)/python tools/docs/check_rustdoc.py wdt_proto wdt_sandbox

.PHONY: rustdoc
rustdoc: check-tools
	RUSTDOCFLAGS="-D warnings" cargo doc --workspace --no-deps --locked

.PHONY: docs
docs: export NO_MKDOCS_2_WARNING := 1
docs: export TMPDIR := $(CURDIR)/target
docs: venv ## Build the site of the documents, English and Chinese: target/site ## 生成中英文文档站：target/site
	@$(BIN)/python tools/docs/stage.py > /dev/null
	@$(BIN)/mkdocs build --strict --quiet
	@$(BIN)/python tools/docs/check_site.py

.PHONY: generate
generate: venv ## Write the types, the reference and the fuzz seeds from the catalogue and vectors ## 由方法目录和向量生成类型、参考页和模糊测试种子
	$(PYTHON) tools/fuzz_seeds.py
	$(BIN)/python tools/catalogue/generate_types.py
	$(BIN)/python tools/catalogue/generate_docs.py

.PHONY: lint
lint: venv rustdoc ## Formatters and linters, warnings denied ## 格式与静态检查，警告即失败
	cargo fmt --all --check
	cargo clippy --workspace --all-targets --locked -- -D warnings
	@# The whole workspace once more, since another selection would have all dependencies checked anew.
	cargo clippy --workspace --all-targets --features wdt-ffi/test-panic,wdt-ffi/bench-boundary --locked -- -D warnings
	cargo fmt --manifest-path fuzz/Cargo.toml --check
	cargo fmt --manifest-path tools/no_std/Cargo.toml --check
	cargo clippy --manifest-path fuzz/Cargo.toml --target-dir target --locked -- -D warnings
	cargo clippy --manifest-path tools/no_std/Cargo.toml --target-dir target/apart --locked -- -D warnings
	$(BIN)/ruff format --check
	$(BIN)/ruff check
	$(BIN)/python tools/unasync.py --check
	$(BIN)/python tools/check_circles.py

.PHONY: header
header: check-tools ## Write include/wdt.h anew from the sources ## 由源码重新生成 include/wdt.h
	WDT_WRITE_HEADER=1 cargo test --locked -p wdt-ffi --test header

.PHONY: libwdt
libwdt: check-tools ## Build libwdt.so and libwdt.a ## 编译 libwdt.so 和 libwdt.a
	cargo build --release --locked -p wdt-ffi
	@# The name that its SONAME asks for.
	@ln -sf libwdt.so target/release/libwdt.so.0

PHP_FFI := php -d ffi.enable=1
PHP_EXTENSION = php -n -d 'extension=$(CURDIR)/target/$(1)/modules/wdt.so'

.PHONY: test-e2e
test-e2e: develop php-extension check-c build-programs ## The examples in C, Rust, PHP and Python against the sandbox, over real sockets ## C、Rust、PHP、Python 示例经真实套接字对接沙箱
	cc -std=c99 -O1 examples/c/sync_fail.c -o target/sync_fail_c -Iinclude -Ltarget/release -lwdt $$(pkg-config --cflags --libs libcurl)
	WDT_SANDBOX=target/debug/wdt-sandbox LD_LIBRARY_PATH=target/release $(BIN)/python tools/end_to_end.py \
		"C, libcurl=target/sync_fail_c" "Rust, ureq=target/debug/sync_fail" \
		"PHP, extension=$(call PHP_EXTENSION,php-ext) examples/php/sync_fail.php" \
		"PHP, FFI=$(PHP_FFI) examples/php/sync_fail_ffi.php" "Python, Client=$(BIN)/python examples/python/report_failure.py"
	cc -std=c99 -O1 examples/c/pull_orders.c -o target/pull_orders_c -Iinclude -Ltarget/release -lwdt $$(pkg-config --cflags --libs libcurl)
	WDT_SANDBOX=target/debug/wdt-sandbox LD_LIBRARY_PATH=target/release $(BIN)/python tools/end_to_end_pull.py target/pull_orders_c

.PHONY: php-extension
php-extension: libwdt check-php
	@tools/php_extension.sh build

.PHONY: test-php
test-php: libwdt check-php ## PHP: the FFI class, the extension and the examples, with all vectors ## PHP：FFI 类、扩展和示例，全部向量
	$(PHP_FFI) php/ffi/tests/vectors.php
	$(PHP_FFI) php/ffi/tests/round_trip.php
	$(PHP_FFI) examples/php/sync_fail_ffi.php > /dev/null
	@tools/php_extension.sh test
	$(call PHP_EXTENSION,php-test) examples/php/sync_fail.php > /dev/null

.PHONY: test-php-memory
test-php-memory: libwdt check-php ## The PHP extension's tests under valgrind ## 在 valgrind 下跑 PHP 扩展的测试
	@tools/need.sh "make test-php-memory" valgrind valgrind
	@tools/php_extension.sh memory

.PHONY: check-php
check-php:
	@tools/check_tools.sh php

.PHONY: test-ffi
test-ffi: libwdt check-c ## C and C++: installed, linked, all vectors, valgrind, sanitizers, examples ## C 与 C++：安装、链接、全部向量、valgrind、sanitizer、示例
	@PYTHON=$(PYTHON) tools/test_ffi.sh
	@# Memory is wiped in the library as it is shipped, the stack too.
	cargo test --release --locked -p wdt-ffi --test wipe

.PHONY: check-c
check-c:
	@tools/need.sh "make test-ffi" "gcc g++ valgrind pkg-config cmake readelf pkg:libcjson pkg:libcurl" \
		libcjson-dev libcurl4-openssl-dev valgrind pkg-config g++ cmake

.PHONY: install
install: export PREFIX := $(PREFIX)
install: export LIBDIR := $(LIBDIR)
install: export DESTDIR := $(DESTDIR)
install: libwdt ## Install libwdt: PREFIX=/usr/local, LIBDIR, DESTDIR ## 安装 libwdt：PREFIX=/usr/local、LIBDIR、DESTDIR
	@tools/install.sh install

.PHONY: uninstall
uninstall: export PREFIX := $(PREFIX)
uninstall: export LIBDIR := $(LIBDIR)
uninstall: export DESTDIR := $(DESTDIR)
uninstall: ## Remove what make install put there ## 删除 make install 安装的文件
	@tools/install.sh uninstall

.PHONY: sandbox
sandbox: check-tools ## Run the sandbox: make sandbox SANDBOX="--goods 50 --fault cut=0.1" ## 启动沙箱：make sandbox SANDBOX="--goods 50 --fault cut=0.1"
	cargo run --release --locked -p wdt-sandbox -- $(SANDBOX)

.PHONY: test-sandbox
test-sandbox: check-tools ## The sandbox's tests (test-rust runs them too) ## 沙箱的测试（test-rust 也会跑）
	cargo test --locked -p wdt-sandbox

.PHONY: test-page
test-page: venv check-chromium build-programs ## The sandbox's page in headless Chromium; screenshots in target/sandbox-page ## 在无界面 Chromium 里测沙箱页面；截图在 target/sandbox-page
	$(BIN)/python -m pytest tools/sandbox
	$(BIN)/mypy tools/sandbox

.PHONY: bench-sandbox
bench-sandbox: venv check-wrk ## The sandbox under wrk: calls a second, latency, memory ## 用 wrk 压测沙箱：每秒调用数、延迟、内存
	cargo build --release --locked -p wdt-sandbox
	@$(BIN)/python tools/sandbox/bench.py

.PHONY: check-chromium
check-chromium:
	@tools/need.sh "make test-page" "chromium chromedriver" --no-install-recommends \
		chromium chromium-driver fonts-wqy-zenhei

.PHONY: check-wrk
check-wrk:
	@tools/need.sh "make bench-sandbox" wrk --no-install-recommends wrk

.PHONY: bench
bench: develop ## Benchmarks beside their floors and peers ## 基准测试，与下限和同类对比
	cargo bench -p wdt-proto --locked
	@$(BIN)/python tools/bench_ratios.py
	@$(BIN)/python python/benches/build_request.py

.PHONY: bench-ffi
bench-ffi: check-tools ## What a call from C costs beside the same in Rust ## 从 C 调用比 Rust 里直接调用多花多少
	@tools/bench_ffi.sh

# What tests start, unoptimized: wdt, wdt-sandbox and the example. `make test` has them built with Rust's
# tests: Cargo picks features for each selection anew, and would compile most of them a second time.
PROGRAMS ?= -p wdt-cli -p wdt-sandbox -p wdt-example

.PHONY: build-programs
build-programs: check-tools
	cargo build --locked --quiet $(PROGRAMS)

include tools/release/release.mk

.PHONY: bench-peers
bench-peers: develop libwdt peers-wheel ## This beside plain PHP, Java, Node, Python: writes docs/performance.md ## 与原生 PHP、Java、Node、Python 对比，写入 docs/performance.md
	@$(PEERS)/venv/bin/python benches/run.py $(ARGS)

.PHONY: check-peers
check-peers: develop libwdt peers-wheel ## Every contestant of bench-peers is right (no timing) ## bench-peers 的每个参赛者结果都正确（不计时）
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
develop: venv ## Build the Python module into the project ## 把 Python 模块编译到项目里
	$(BIN)/maturin develop --release --locked --quiet

.PHONY: venv
venv: check-tools .venv/installed ## Make .venv with the tools of requirements-*.txt ## 按 requirements-*.txt 建立 .venv

.venv/installed: requirements-dev.txt requirements-docs.txt
	@tools/say.sh "Installing the tools of requirements-dev.txt and requirements-docs.txt into .venv, nothing outside the project" \
		"正在把 requirements-dev.txt 和 requirements-docs.txt 里的工具装进 .venv，项目之外什么都不动"
	$(PYTHON) -m venv .venv
	$(BIN)/pip install --quiet --disable-pip-version-check -r requirements-dev.txt -r requirements-docs.txt
	@touch $@

.PHONY: check-tools
check-tools:
	@PYTHON=$(PYTHON) tools/check_tools.sh

.PHONY: clean
clean: ## Remove what was built ## 删除所有编译产物
	rm -rf target fuzz/target fuzz/corpus fuzz/artifacts .venv .msrv .tools python/wdt_proto/*.so
