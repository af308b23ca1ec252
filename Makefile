# Two commands do all the set-up: `make demo` needs a Rust toolchain, `make test` also Python 3.11 with venv.

# Compiled dependencies live outside the checkout, so that a fresh clone finds them again.
export CARGO_TARGET_DIR ?= $(HOME)/.cache/kultti/target
VENV ?= $(HOME)/.cache/kultti/venv
PYTHON ?= python3
# Set once for every build: a change of interpreter rebuilds everything above pyo3.
export PYO3_PYTHON ?= $(VENV)/bin/python
# Readers of other people's formats, which the tests ask for a second opinion; apart, because their pyarrow is another.
ORACLES ?= $(HOME)/.cache/kultti/oracles
export KULTTI_ORACLES := $(ORACLES)/bin/python
KULTTI := $(CARGO_TARGET_DIR)/debug/kultti

.PHONY: help demo test test-rust test-python test-browser python lint format install release-file wheel docs notebooks bench bench-start bench-formats bench-collection bench-cluster bench-report bench-build bench-python bench-kernels bench-sql venv oracles fuzz

help: ## what there is to make
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 16

demo: ## build the command line and compare Kokkola with its peers
	cargo build --locked --package kultti-cli --no-default-features
	@$(KULTTI) compare culture.net_operating_cost_per_inhabitant --area Kokkola --period 2019 --format table --lang $(or $(KULTTI_LANG),en)

test: lint test-rust test-python test-browser docs ## everything that CI runs

lint: venv ## formatting and lints
	cargo fmt --all --check
	cargo clippy --locked --workspace --all-targets -- -D warnings
	cargo check --locked --quiet --package kultti-cli --no-default-features

test-rust: venv oracles ## the Rust tests: units, integration, documentation
	cargo test --locked --workspace --quiet

python: venv ## the Python package, in the virtual environment
	VIRTUAL_ENV=$(VENV) $(VENV)/bin/maturin develop --locked --quiet --manifest-path kultti-py/Cargo.toml

# The wheel that the tests install is not optimised: nobody waits for that twice.
TEST_DIST := $(CARGO_TARGET_DIR)/test-dist

test-python: python oracles ## the tests of the Python package, the oracle and the wheel among them
	$(MAKE) --no-print-directory wheel WHEEL_PROFILE=dev DIST=$(TEST_DIST)
	KULTTI_DIST=$(TEST_DIST) $(VENV)/bin/python -m pytest --quiet kultti-py/tests
	$(NOTEBOOKS)

# Pages and pictures in a real browser. Its packages lie outside the checkout; the browser is the one of the system.
BROWSER ?= $(HOME)/.cache/kultti/browser
BROWSER_TESTS := kultti-cli/tests/browser
CHROMIUM = $(or $(KULTTI_CHROMIUM),$(firstword $(foreach name,chromium chromium-browser google-chrome microsoft-edge,$(shell command -v $(name)))))
NODE = $(shell node -e 'console.log(process.versions.node.split(".")[0] >= 20 ? "node" : "")' 2>/dev/null)

test-browser: oracles ## pages in a real browser: offline, axe, keyboard, 320 px, print (wants chromium and Node.js 20)
ifeq ($(and $(CHROMIUM),$(NODE)),)
	@echo '****************************************************************************************************'
	@echo 'NOT TESTED: reports, site and charts in a browser. It wants Chromium (found: $(or $(CHROMIUM),none))'
	@echo 'and Node.js 20 or newer (found: $(or $(shell node --version 2>/dev/null),none)). apt install chromium nodejs npm'
	@echo '****************************************************************************************************'
else
	cargo build --locked --quiet --workspace --bin kultti
	$(MAKE) --no-print-directory $(BROWSER)/.ready
	KULTTI=$(KULTTI) KULTTI_BROWSER=$(BROWSER) KULTTI_CHROMIUM=$(CHROMIUM) node --test --test-reporter=dot $(BROWSER_TESTS)/*.test.mjs
endif

$(BROWSER)/.ready: $(BROWSER_TESTS)/package.json $(BROWSER_TESTS)/package-lock.json
	mkdir -p $(BROWSER)
	cp $^ $(BROWSER)
	cd $(BROWSER) && npm ci --ignore-scripts --no-audit --no-fund
	@touch $@

# Executed as a reader would; with --overwrite what came out is kept in them.
NOTEBOOKS = $(VENV)/bin/python -m pytest --quiet -p no:cacheprovider --nbmake examples

notebooks: python ## execute the notebooks under examples/ and keep what comes out
	$(NOTEBOOKS) --overwrite

# $(call shell_files,PROGRAM,SHARE): completions and manual pages under a folder `share`.
define shell_files
mkdir -p $(2)/bash-completion/completions $(2)/zsh/site-functions $(2)/fish/vendor_completions.d && \
	$(1) completions bash -o $(2)/bash-completion/completions/kultti && \
	$(1) completions zsh -o $(2)/zsh/site-functions/_kultti && \
	$(1) completions fish -o $(2)/fish/vendor_completions.d/kultti.fish && \
	$(1) man -o $(2)/man/man1
endef

# Completions and manual pages are written by the package itself. They lie where maturin looks for the data of a wheel only
# while it builds one.
WHEEL_PROFILE ?= release
DIST ?= dist
WHEEL_DATA := kultti-py/kultti._kultti.data

wheel: python ## a wheel and an sdist in dist/ (WHEEL_PROFILE=dev: not optimised)
	rm -rf $(DIST)/kultti-*.whl $(DIST)/kultti-*.tar.gz
	@trap 'rm -rf $(WHEEL_DATA)' EXIT; \
	$(call shell_files,$(VENV)/bin/kultti,$(WHEEL_DATA)/data/share) && \
	$(VENV)/bin/maturin sdist --manifest-path kultti-py/Cargo.toml --out $(DIST) && \
	$(VENV)/bin/maturin build --locked --quiet --profile $(WHEEL_PROFILE) --manifest-path kultti-py/Cargo.toml --out $(DIST)

# Sphinx reads a copy with the pages that are made of the catalogues and of the command line's help.
DOCS_BUILD ?= $(HOME)/.cache/kultti/docs

docs: python ## the documentation site, in ~/.cache/kultti/docs/html
	$(VENV)/bin/python docs/build.py $(DOCS_BUILD)

# The virtual environment with exactly the packages of kultti-py's extras `test` and `docs`.
TEST_PACKAGES := import tomllib; extras = tomllib.load(open("kultti-py/pyproject.toml", "rb"))["project"]["optional-dependencies"]; print("\n".join(extras["test"] + extras["docs"]))
venv: $(VENV)/.ready

$(VENV)/.ready: kultti-py/pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo 'make test needs Python 3.11 or newer; found:'; $(PYTHON) --version; exit 1; }
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null || { echo 'make test needs the venv module of Python. On Debian and Ubuntu: sudo apt install python3-venv'; exit 1; }
	$(PYTHON) -m venv $(VENV)
	$(VENV)/bin/python -c '$(TEST_PACKAGES)' > $(VENV)/packages.txt
	$(VENV)/bin/pip install --quiet --disable-pip-version-check --requirement $(VENV)/packages.txt
	@touch $@

oracles: $(ORACLES)/.ready

$(ORACLES)/.ready: kultti-py/tests/independent/requirements.txt
	$(PYTHON) -m venv $(ORACLES)
	$(ORACLES)/bin/pip install --quiet --disable-pip-version-check --requirement $<
	cargo install --locked --quiet --debug --root $(ORACLES) --example validate jsonstat-validator@1.0.1
	@touch $@

format: ## format the Rust code
	cargo fmt --all

release-file: ## rebuild the embedded example release from datasets/finland
	cargo run --locked --quiet --package kultti-cli -- release build datasets/finland --output datasets/example.parquet

# What `make bench` measures: SIZES="S M L" takes half an hour more, ENGINES="polars kultti" runs some engines only.
SIZES ?= S M
ENGINES ?= polars duckdb pandas datafusion kultti
BENCH_DATA ?= $(HOME)/.cache/kultti/bench-data
BENCH_VENV ?= $(HOME)/.cache/kultti/bench-venv
BENCH_BIN := $(CARGO_TARGET_DIR)/release

bench: bench-build bench-python $(SIZES:%=$(BENCH_DATA)/%/observations.parquet) ## Kultti and its peers side by side, in release profile (SIZES="S M L" for all)
	$(PYTHON) benches/run.py --data $(BENCH_DATA) --binaries $(BENCH_BIN) --python $(BENCH_VENV)/bin/python --sizes $(SIZES) --engines $(ENGINES)

bench-start: bench-python ## import, first and warm answer beside polars, DuckDB and pandas
	$(PYTHON) benches/start.py --data $(BENCH_DATA)/start --python $(BENCH_VENV)/bin/python

bench-formats: bench-build $(BENCH_VENV)/.ready ## tables of statistical offices, read and written by Kultti and others
	$(PYTHON) benches/formats.py --data $(BENCH_DATA) --binaries $(BENCH_BIN) --python $(BENCH_VENV)/bin/python

bench-report: bench-build ## a report in every format and the whole site: time and memory
	$(PYTHON) benches/report.py --data $(BENCH_DATA) --binaries $(BENCH_BIN)

bench-collection: bench-build ## a collection: forms, checks, submissions, a ledger of 2.5 million figures, publishing it
	$(PYTHON) benches/collection.py --data $(BENCH_DATA) --binaries $(BENCH_BIN)

bench-cluster: bench-build $(BENCH_DATA)/L/observations.parquet ## compare-all and SQL on L, here and on clusters of one to three executors
	$(PYTHON) benches/cluster.py --data $(BENCH_DATA) --binaries $(BENCH_BIN)

bench-build: ## the command line, the generator and the decode floor in release profile
	cargo build --locked --release --package kultti-cli --package kultti-benches --bins

bench-python: venv $(BENCH_VENV)/.ready ## the Python package in release profile, beside the peers
	rm -rf $(CARGO_TARGET_DIR)/bench-wheel
	$(VENV)/bin/maturin build --locked --quiet --release --manifest-path kultti-py/Cargo.toml --out $(CARGO_TARGET_DIR)/bench-wheel
	$(BENCH_VENV)/bin/pip install --quiet --disable-pip-version-check --no-deps --force-reinstall $(CARGO_TARGET_DIR)/bench-wheel/*.whl

# The packages of bench-build, so that nothing beneath them is compiled a second time.
bench-kernels: ## criterion benchmarks of the core
	cargo bench --locked --package kultti-cli --package kultti-benches --bench compare --bench kernels

bench-sql: ## everything compared in SQL beside the direct path: on L where bench-cluster has made it, else on the example
	cargo bench --locked --package kultti-cli --package kultti-benches --bench sql

$(BENCH_VENV)/.ready: benches/peers/requirements.txt
	$(PYTHON) -m venv $(BENCH_VENV)
	$(BENCH_VENV)/bin/pip install --quiet --disable-pip-version-check --requirement $<
	@touch $@

# The generator is built by `bench-build`; its sources say whether the data are its own.
$(BENCH_DATA)/%/observations.parquet: benches/generate.rs $(wildcard benches/generator/*.rs) | bench-build
	$(BENCH_BIN)/generate $* $(BENCH_DATA)/$*

# Random bytes against every reader and writer: docs/fuzzing.md. Wants a nightly toolchain; no part of `make test`.
# TARGETS="px csv" runs some only, FUZZ_SEEDS names a folder of further files to begin from.
SECONDS ?= 60
TARGETS ?= px jsonstat sdmx_csv csv xlsx parquet arrow
FUZZ ?= $(HOME)/.cache/kultti/fuzz
FUZZ_SEEDS ?=
FUZZ_BIN = $(FUZZ)/target/$(shell rustc -vV | sed -n 's/^host: //p')/release

fuzz: $(FUZZ)/bin/cargo-fuzz ## random bytes against every format (SECONDS=60 each, TARGETS="px csv" for some)
	CARGO_TARGET_DIR=$(FUZZ)/target PATH=$(FUZZ)/bin:$$PATH cargo +nightly fuzz build --sanitizer none $(if $(filter form round,$(TARGETS)),--features collection)
	@for target in $(TARGETS); do \
		mkdir -p $(FUZZ)/corpus/$$target $(FUZZ)/found; \
		echo "$$target, $(SECONDS) s"; \
		$(FUZZ_BIN)/$$target $(FUZZ)/corpus/$$target fuzz/seeds/$$target $(FUZZ_SEEDS) \
			-max_total_time=$(SECONDS) -rss_limit_mb=2048 -malloc_limit_mb=1024 -timeout=20 -max_len=65536 \
			-artifact_prefix=$(FUZZ)/found/$$target- -print_final_stats=1 -verbosity=0 || exit 1; \
	done

$(FUZZ)/bin/cargo-fuzz:
	CARGO_TARGET_DIR=$(FUZZ)/install cargo install --locked --root $(FUZZ) cargo-fuzz

# PREFIX=/usr/local installs for everybody; without it cargo and the XDG folders of this user say where.
PREFIX ?=
INSTALLED := $(or $(PREFIX),$(CARGO_INSTALL_ROOT),$(CARGO_HOME),$(HOME)/.cargo)/bin/kultti
SHARE := $(or $(addsuffix /share,$(PREFIX)),$(XDG_DATA_HOME),$(HOME)/.local/share)

install: ## install the command line with completions and manual pages (PREFIX=/usr/local for everybody)
	cargo install --locked --path kultti-cli $(if $(PREFIX),--root $(PREFIX))
	@$(call shell_files,$(INSTALLED),$(SHARE))
	@echo 'Completions and manual pages: $(SHARE). For zsh, put $(SHARE)/zsh/site-functions into fpath before compinit.'
