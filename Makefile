# Two commands do all the set-up: `make report` and `make test`.
PYTHON ?= python3
VENV   ?= .venv
BIN    := $(VENV)/bin
READY  := $(VENV)/.ready
EXTRA  := --extra lab --extra cluster --extra test --extra lint --extra build

SHARED ?= ../shared
# Without compiled tests, half of collecting them is compiling them again.
KEEP_BYTECODE := env -u PYTHONDONTWRITEBYTECODE

.PHONY: bench-costly report test quick lint lab bench bench-clean bench-reports bench-scale lock audit fuzz clean help
.DEFAULT_GOAL := help

help:            ## show this list
	@grep -hE '^[a-z-]+: .*##' $(MAKEFILE_LIST) | sed 's/:.*## /\t/' | expand -t 12

report: $(READY) ## build the tables from data/raw and publish every report under reports/
	@$(BIN)/hkresearch report

test: $(READY)   ## run the whole test suite
	@$(KEEP_BYTECODE) $(BIN)/python -m pytest $(ARGS)

quick: $(READY)  ## run the tests that need no browser, kernel, fuzzing or killing (a minute)
	@$(KEEP_BYTECODE) $(BIN)/python -m pytest -m "not browser and not kernel and not fuzz and not kill and not cases" $(ARGS)

lint: $(READY)   ## check layout, style, types and the order of imports
	@$(BIN)/ruff format --check --quiet src tests bench
	@$(BIN)/ruff check src tests bench
	@$(BIN)/mypy
	@$(BIN)/lint-imports --no-cache

lab: $(READY)    ## open JupyterLab on the guided tour
	@$(BIN)/hkresearch lab $(ARGS)

bench: $(VENV)/.bench ## measure everything beside named peers, as one table (10 minutes; data in SHARED=DIR)
	@$(BIN)/python bench/bench_all.py --shared $(SHARED) $(ARGS)

bench-clean: $(VENV)/.bench ## measure cleaning in full beside the extraction libraries (pages in SHARED=DIR)
	@$(BIN)/python bench/bench_clean.py --pages $(SHARED)/bench $(ARGS)

bench-reports: $(READY) ## measure publishing beside the plain papermill and nbconvert commands
	@$(BIN)/python bench/bench_reports.py $(ARGS)

bench-scale: $(READY) ## measure building 10^3, 10^4 and 10^5 generated pages (hours; ARGS="--pages 1000" is shorter)
	@$(BIN)/python bench/bench_scale.py $(ARGS)

bench-costly: $(READY) ## time the coding of pages made to cost much: each should end within 10 s of processor time
	@PYTHONPATH=tests $(BIN)/python -m support.costly_pages pages 1

$(VENV)/.bench: $(READY) bench/requirements.lock
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r bench/requirements.lock
	@touch $@

$(READY): requirements.lock pyproject.toml
	@echo "Setting up $(VENV) (once; a few minutes) ..."
	@$(PYTHON) -c 'import sys; sys.exit("hkresearch needs Python 3.11 or newer; this is " + sys.version.split()[0] + ". Try: make PYTHON=python3.12 report") if sys.version_info < (3, 11) else None'
	@$(PYTHON) -m venv --clear $(VENV)
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	@$(BIN)/python -m compileall -q src
	@touch $(READY)

lock:            ## resolve requirements.lock again from pyproject.toml (needs uv)
	uv pip compile --universal --python-version 3.11 --fork-strategy fewest --generate-hashes --upgrade \
	    --no-emit-index-url --no-header --no-annotate --quiet $(EXTRA) pyproject.toml -o requirements.lock
	uv pip compile --universal --python-version 3.11 --fork-strategy fewest --generate-hashes --upgrade \
	    --no-emit-index-url --no-header --no-annotate --quiet --constraint requirements.lock $(EXTRA) --extra bench \
	    pyproject.toml -o bench/requirements.lock

audit:           ## look up known weaknesses of what requirements.lock pins, with pip-audit (needs the network)
	@test -x .venv-audit/bin/pip-audit || { $(PYTHON) -m venv .venv-audit && .venv-audit/bin/python -m pip install --quiet 'pip-audit>=2.10'; }
	@.venv-audit/bin/pip-audit --strict --disable-pip --require-hashes -r requirements.lock $(ARGS) || { \
	    echo "No clean audit: see above. 'could not be audited' or 'Connection' means that no database of weaknesses was"; \
	    echo "reached and nothing was looked up. Another database: make audit ARGS='-s osv'"; exit 1; }

fuzz: $(READY)   ## throw made-up input at every reader for FUZZ_MINUTES (60); what is found is printed as a test case
	@PYTHONPATH=tests FUZZ_MINUTES=$(or $(FUZZ_MINUTES),60) $(BIN)/python tests/pages/test_fuzz.py

clean:           ## remove everything that is rebuilt
	rm -rf data/processed data/processed.earlier data/.cache reports .cache
