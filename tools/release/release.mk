# Releases: everything is written into target/dist. Included by the Makefile.

.PHONY: venv-release
venv-release: venv .venv/release-installed

.venv/release-installed: requirements-release.txt .venv/installed
	@tools/say.sh "Installing the tools of requirements-release.txt into .venv, Zig and Node among them: 160 MB" \
		"正在把 requirements-release.txt 里的工具装进 .venv，含 Zig 和 Node，共 160 MB"
	$(BIN)/pip install --quiet --disable-pip-version-check -r requirements-release.txt
	@touch $@

.PHONY: wheel
wheel: venv-release ## Build the abi3 wheel, for every CPython ## 构建 abi3 wheel，适用于所有 CPython
	tools/release/wheel.sh abi3
	$(BIN)/python tools/release/check_wheel.py target/dist/wdt_proto-*-abi3-*.whl
	tools/release/vectors.sh target/dist/wdt_proto-*-abi3-*.whl

INTERPRETER ?= $(BIN)/python

.PHONY: wheel-cpython
wheel-cpython: venv-release ## Build the faster wheel for one CPython alone: INTERPRETER=python3.14t ## 为某一个 CPython 构建更快的 wheel：INTERPRETER=python3.14t
	tools/release/wheel.sh $(INTERPRETER)
	$(BIN)/python tools/release/check_wheel.py target/dist/wdt_proto-*-cp*-cp*.whl

.PHONY: sdist
sdist: venv-release ## Pack the Python sources; build and test them elsewhere ## 打包 Python 源码，并在别处构建、测试
	tools/release/sdist.sh
	tools/release/check_sdist.sh

.PHONY: dist
dist: venv-release ## Pack libwdt as an archive to unpack anywhere, and use it elsewhere ## 把 libwdt 打成可解压到任意位置的归档，并在别处使用
	tools/release/dist.sh
	tools/release/check_dist.sh

.PHONY: package
package: venv-release ## Pack the crates as for their registry; build each from what is packed ## 按注册表的要求打包各 crate，再从包里逐个编译
	tools/release/package.sh

.PHONY: programs
programs: venv-release ## Pack wdt and wdt-sandbox, and the wheel of wdt-sandbox; start them elsewhere ## 打包 wdt、wdt-sandbox 和 wdt-sandbox 的 wheel，并在别处启动
	tools/release/programs.sh
	tools/release/wheel.sh wdt-sandbox
	$(BIN)/python tools/release/check_wheel.py target/dist/wdt_sandbox-*.whl

.PHONY: licences
licences: venv-release ## Write the notices and SBOMs that are shipped; compiles cargo-about once ## 生成随包发布的许可声明和 SBOM；首次会编译 cargo-about
	tools/release/licences.sh

# Of the libraries, everything that is released, in about three minutes. What compiles tools, takes
# the programs through a release build, or builds twice is in check-release.
.PHONY: test-packaging
test-packaging: venv-release ## Packages: built, looked into, installed elsewhere, used ## 各种包：构建、检查内容、在别处安装并使用
	@# One after another: they share a folder of builds, and what maturin takes from it.
	@MAKEFLAGS= $(MAKE) --no-print-directory PYTHON="$(PYTHON)" INTERPRETER="$(INTERPRETER)" wheel wheel-cpython sdist dist package
	tools/release/vectors.sh target/dist/wdt_proto-*-cp*-cp*.whl
	tools/release/licences.sh --check
	tools/release/lint_workflows.sh
	tools/check_freethreaded.sh
	$(BIN)/mypy tools/release

.PHONY: reproducible
reproducible: venv-release ## Build everything twice in different folders; the bytes are the same ## 在不同目录各构建一次，结果逐字节相同
	tools/release/reproducible.sh

.PHONY: deny
deny: check-tools ## Licences, duplicates and sources of all dependencies; compiles cargo-deny once ## 全部依赖的许可证、重复版本和来源；首次会编译 cargo-deny
	tools/release/cargo_tool.sh deny --locked check licenses bans sources

.PHONY: advisories
advisories: check-tools ## Known vulnerabilities among the dependencies; fetches the database ## 依赖中的已知漏洞；会下载漏洞库
	tools/release/cargo_tool.sh deny --locked check advisories

.PHONY: check-release
check-release: reproducible programs deny venv-release ## Before a release, besides make test: bytes, dependencies, notices ## 发布前在 make test 之外还要通过的：可复现、依赖、声明
	tools/release/licences.sh --compare
	@echo "make check-release: all passed"
