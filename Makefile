# `make run` and `make test` do all set-up that is missing; `make help` lists the rest.

SHELL := /bin/bash

WASM_BINDGEN := $(shell sed -n 's/^wasm-bindgen = "=\(.*\)"/\1/p' Cargo.toml)
TOOLS := $(CURDIR)/target/tools
NODE_BIN := $(CURDIR)/end2end/node_modules/.bin
FRONT := target/front/wasm32-unknown-unknown/wasm-release/gyesan.wasm
BOUND := target/front/bound
SITE := target/site
# Flattened first, the optimiser finds more: 215 bytes (brotli) less than with one -Oz. What the
# page never calls is not linked (end2end/link.mjs).
WASM_PASSES := --flatten --rereloop -Oz --flatten --rereloop -Oz -Oz \
  --strip-producers --strip-debug --strip-target-features
export PATH := $(TOOLS)/bin:$(PATH):$(HOME)/.cargo/bin

.PHONY: help run watch release front program test check nightly form lint test-rust test-postgres test-pooler test-wasm test-browser \
        size drill simulate mutants bench bench-peer rush manual fuzz clean \
        need-rust need-node need-peer need-wasm-bindgen need-browser

help:
	@echo "make run      the shop at http://127.0.0.1:3000, with everything it needs"
	@echo "make watch    the same while you change it, with live reload (needs cargo-leptos)"
	@echo "make test     every test: lints, Rust on both databases, WASM, size, crashes, Chromium"
	@echo "make check    what can be known of it without a server: format, lints, unit tests"
	@echo "make release  one self-contained binary: target/release/gyesan"
	@echo "make nightly  what takes too long for make test: the release, planted faults, fuzz, rush"
	@echo "make size     what the checkout page weighs, and whether that is within its budget"
	@echo "make drill    kills a shop wherever it can die, and looks what is left"
	@echo "make simulate random histories of SEEDS (2000) seeds, and what must hold in each"
	@echo "make mutants  plants faults on purpose, and looks whether the simulation finds them"
	@echo "make bench    what a confirm costs, on SQLite and PostgreSQL, and the sandbox alone"
	@echo "make bench-peer  this shop on both databases against a Node shop on PostgreSQL, side by side"
	@echo "make fuzz     broken bodies for the sandbox's HTTP API, for FUZZ_SECONDS (60)"
	@echo "make rush     50,000 claims of 1,000 coupons, on SQLite and on PostgreSQL"
	@echo "make manual   the lists in the sandbox's manual, made anew"

# Less optimised than a release, and sooner there; the pages and what they do are the same.
run: front
	cargo build --profile quick --features ssr --bin gyesan
	./target/quick/gyesan serve --sandbox-webhooks

# Finds the wasm-bindgen that was installed here, where cargo-leptos would download one.
watch: need-rust need-wasm-bindgen
	@cargo leptos --version >/dev/null 2>&1 \
	  || { echo "cargo-leptos is missing: cargo install cargo-leptos --locked"; exit 1; }
	cargo leptos watch

release: front
	cargo build --release --features ssr --bin gyesan

# The browser's side: WASM with LTO (see Cargo.toml), its glue, the style and the pictures.
front: need-rust need-node need-wasm-bindgen
	cargo rustc --lib --crate-type cdylib --target wasm32-unknown-unknown --target-dir target/front \
	  --profile wasm-release --no-default-features --features hydrate -- -C linker=$(CURDIR)/end2end/link.mjs
	@$(MAKE) --no-print-directory $(SITE)/.packed

$(SITE)/.packed: $(FRONT) style/main.css Cargo.lock Makefile end2end/package-lock.json end2end/pack.mjs $(shell find public -type f)
	rm -rf $(SITE)
	mkdir -p $(SITE)/pkg
	cp -R public/. $(SITE)/
	wasm-bindgen --target web --no-typescript --out-name gyesan --out-dir $(BOUND) $(FRONT)
	$(NODE_BIN)/wasm-opt $(WASM_PASSES) $(BOUND)/gyesan_bg.wasm -o $(SITE)/pkg/gyesan.wasm
	$(NODE_BIN)/esbuild $(BOUND)/gyesan.js --minify --format=esm --log-level=warning --outfile=$(SITE)/pkg/gyesan.js
	$(NODE_BIN)/esbuild style/main.css --minify --log-level=warning --outfile=$(SITE)/pkg/gyesan.css
	node end2end/pack.mjs $(SITE)
	touch $@

# Tests, the quick ones first, and what each step took. Clippy comes along with what is compiled for
# them, as the compiler of this package: `cargo clippy` by itself would compile each dependency once
# more, for the server and for the browser.
STEPS := form front test-rust test-postgres test-pooler test-wasm program size drill simulate test-browser
LINTED := RUSTC_WORKSPACE_WRAPPER=clippy-driver CLIPPY_ARGS=-D__CLIPPY_HACKERY__warnings__CLIPPY_HACKERY__
test:
	@table=; for step in $(STEPS); do \
	  begun=$$SECONDS; $(LINTED) $(MAKE) --no-print-directory $$step; status=$$?; \
	  table+=$$(printf '%6d s  %s' $$((SECONDS - begun)) $$step)$$'\n'; \
	  if [ $$status -ne 0 ]; then printf '%s' "$$table"; exit $$status; fi; \
	done; printf '%s' "$$table"; echo "All tests passed."

# What can be known without a server, a database or a browser, for whoever is at work.
check: lint
	cargo test --features ssr --lib -- domain:: toss:: contract:: pages:: server:: startup:: tests::tidy::

form: need-rust
	@clippy-driver --version >/dev/null 2>&1 || rustup component add clippy rustfmt
	cargo fmt --check
	node end2end/mutants.mjs --check

lint: form
	cargo clippy --all-targets --features ssr -- -D warnings
	cargo clippy --lib --test web --target wasm32-unknown-unknown --target-dir target/front --no-default-features --features hydrate -- -D warnings

# One profile for all that `make test` runs, so that what everything stands on is compiled once (see
# Cargo.toml). It has the browser's files inside it: they come first.
CHECKED := cargo test --profile checked --features ssr
test-rust: front
	$(CHECKED)

# The journeys once more, on a PostgreSQL server that is started for them.
test-postgres: front need-node
	node end2end/postgres.mjs $(CHECKED) --lib -- tests:: --skip sandbox::

# Some of them behind pgbouncer, which hands out its connections by transaction.
test-pooler: front need-node
	node end2end/postgres.mjs --pooler $(CHECKED) --lib -- tests::road:: \
	  tests::refunds:: tests::storage:: tests::repeats:: tests::deposits:: tests::webhooks::

# What the steps after it try: the whole program.
PROGRAM := target/checked/gyesan
program: front
	cargo build --profile checked --features ssr --bin gyesan

# Dies at every commit and every call to Toss, and looks what is left.
drill: program
	./$(PROGRAM) drill > target/drill.md; status=$$?; tail -n 1 target/drill.md; \
	  grep BROKEN target/drill.md; exit $$status

simulate: program
	./$(PROGRAM) simulate --seeds $(or $(SEEDS),2000)

mutants: program
	node end2end/mutants.mjs

# What takes too long for every change: the release as it is handed out, and whether faults are found.
nightly: release mutants fuzz rush
	GYESAN_BIN=target/release/gyesan node end2end/size.mjs
	cd end2end && GYESAN_BIN=../target/release/gyesan $(NODE_BIN)/playwright test pay.spec.ts

test-wasm: need-rust need-node need-wasm-bindgen need-browser
	cd end2end && node wasm.mjs

test-browser: program need-node need-browser
	cd end2end && $(NODE_BIN)/playwright test

size: program need-node
	node end2end/size.mjs

# On a PostgreSQL server too, which is started for it.
bench: release need-node
	node end2end/postgres.mjs --durable ./target/release/gyesan bench

# Against a shop in Node. PEER_SECONDS (10) for each cell, of which there are twelve.
bench-peer: release need-peer
	node end2end/postgres.mjs --durable node end2end/peer/bench.mjs

# The test at full size; `make test` runs it with fewer.
RUSH := cargo test --profile quick --features ssr --lib -- --nocapture tests::rush::
rush: need-rust need-node
	GYESAN_RUSH=full $(RUSH)
	GYESAN_RUSH=full node end2end/postgres.mjs $(RUSH)

# Compiled like `make run`: fast enough to send many, with overflow still an error.
fuzz: need-rust
	FUZZ_SECONDS=$(or $(FUZZ_SECONDS),60) cargo test --profile quick --features ssr --lib \
	  --config 'profile.quick.package.gyesan.overflow-checks=true' -- --nocapture sandbox::tests::fuzz::

# A test writes the lists and fails if they were stale; the second run shows that they are not.
MANUAL := cargo test --features ssr --lib sandbox::tests::manual::
manual: need-rust
	$(MANUAL) || $(MANUAL)

clean:
	rm -rf target end2end/node_modules end2end/peer/node_modules end2end/test-results

# Set-up. Each does nothing where the thing is there already.
need-rust:
	@command -v cargo >/dev/null || { echo "Rust is missing: install it with rustup (https://rustup.rs)"; exit 1; }
	@rustup target list --installed 2>/dev/null | grep -qx wasm32-unknown-unknown \
	  || rustup target add wasm32-unknown-unknown \
	  || { echo "The wasm target is missing: rustup target add wasm32-unknown-unknown"; exit 1; }

need-node: end2end/node_modules/.installed

end2end/node_modules/.installed: end2end/package-lock.json
	@command -v npm >/dev/null || { echo "Node 20 or newer is missing (https://nodejs.org)"; exit 1; }
	cd end2end && npm ci --no-audit --no-fund --loglevel=error
	touch $@

need-peer: end2end/peer/node_modules/.installed

end2end/peer/node_modules/.installed: end2end/peer/package-lock.json
	@command -v npm >/dev/null || { echo "Node 20 or newer is missing (https://nodejs.org)"; exit 1; }
	cd end2end/peer && npm ci --no-audit --no-fund --loglevel=error
	touch $@

# Built here rather than into ~/.cargo/bin, because its version must be that of Cargo.lock and
# other projects have theirs. Barely optimised: it runs for a second, and is compiled once.
need-wasm-bindgen:
	@wasm-bindgen --version 2>/dev/null | grep -qx "wasm-bindgen $(WASM_BINDGEN)" \
	  || env -u RUSTC_WORKSPACE_WRAPPER CARGO_PROFILE_RELEASE_OPT_LEVEL=1 CARGO_PROFILE_RELEASE_LTO=off CARGO_TARGET_DIR=target/tools/build \
	     cargo install wasm-bindgen-cli --version $(WASM_BINDGEN) --root $(TOOLS) --force

need-browser: need-node
	@cd end2end && node browser.mjs
