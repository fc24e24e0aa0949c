# Two commands do everything from a fresh clone: `make course` and `make test`. The rest are parts of these two.
# All that is built lies in build/, the environment in .venv/.

SHELL := bash
.SHELLFLAGS := -euo pipefail -c
.DELETE_ON_ERROR:
MAKEFLAGS += --no-builtin-rules

PYTHON ?= python3
JOBS ?= 2
# The sample class is our own, so it may be graded without walls where bubblewrap is missing or not allowed to build them.
SANDBOX ?= $(shell bwrap --unshare-user --unshare-pid --ro-bind / / true 2>/dev/null && echo bwrap || echo none)

ROOT := $(CURDIR)
PY := .venv/bin/python
ENV := .venv/.installed

# The book's cells, the exercises and the tests import `solutions` from here; nothing installs it.
export PYTHONPATH := $(ROOT)
export PYTHONHASHSEED := 0
export JUPYTER_PLATFORM_DIRS := 1
export PYDEVD_DISABLE_FILE_VALIDATION := 1
export IPYTHONDIR := $(ROOT)/build/.ipython
export MPLCONFIGDIR := $(ROOT)/build/.matplotlib
export HYPOTHESIS_STORAGE_DIRECTORY := $(ROOT)/build/.hypothesis

# $(call files,FOLDERS,NAME...) lists files, so that make knows what changed.
files = $(sort $(shell find $(1) -type f \( $(2) \) -not -path '*/__pycache__/*' -not -path '*/.ipynb_checkpoints/*' 2>/dev/null))

GRADER := $(call files,grader,-not -name '*.pyc')
ALGEBRA := $(call files,grader/algebra,-name '*.py')
SOLUTIONS := $(call files,solutions,-name '*.py')
EXERCISES := $(call files,exercises,-not -name '*.pyc')
CHAPTERS := $(call files,book,-name '*.md')
BOOK := $(call files,book _static,-not -name '*.pyc') _config.yml _toc.yml

.PHONY: course test env lint types book site pytest browser lock bench clean
.DEFAULT_GOAL := course

# --- environment -------------------------------------------------------------------------------------------------

$(ENV): requirements.txt pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { \
	  echo "$(PYTHON) is $$($(PYTHON) --version 2>&1); this course needs Python 3.11 or newer. Say which: make PYTHON=python3.12"; \
	  exit 1; }
	@test -x $(PY) || $(PYTHON) -m venv .venv || { \
	  echo "No virtual environment could be made. On Debian and Ubuntu: apt-get install python3-venv"; exit 1; }
	$(PY) -m pip install --quiet --disable-pip-version-check -r requirements.txt
	$(PY) -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	@touch $@

env: $(ENV)

# torch is held where the course was tested. pip-tools pins what it finds for the machine it runs on, so three kinds of
# line are taken out again: the local part of torch's version and the CUDA packages (see requirements.txt), and ourselves.
lock: $(ENV)
	$(PY) -m piptools compile --quiet --all-extras --strip-extras --allow-unsafe --no-header --annotation-style line \
	  --no-emit-index-url --no-emit-find-links --no-emit-trusted-host --no-emit-options \
	  --upgrade-package torch==2.13.0 --output-file build/lock.txt pyproject.toml
	sed -n '/^#/!q;p' requirements.txt > build/lock.head
	sed -E -e '/^(nvidia|cuda|triton)[a-z0-9-]*==/d' -e '/^(pip==|surprisal|#)/d' -e '/^$$/d' \
	  -e 's/^(torch==[0-9.]+)\+[a-z0-9.]+/\1/' -e 's/, surprisal \(pyproject.toml\)//' build/lock.txt > build/lock.body
	cat build/lock.head build/lock.body > requirements.txt
	rm build/lock.head build/lock.body

# --- the website -------------------------------------------------------------------------------------------------

# The ledger runs every chapter's checks; the book's page of that name shows the file.
build/ledger.json: $(ENV) $(filter-out book/ledger.md book/notation.md,$(CHAPTERS)) $(ALGEBRA) $(SOLUTIONS)
	@mkdir -p build
	$(PY) -m grader ledger --json --notation build/notation.json > $@

# Written by the same command; a build/ from before it was has the ledger only.
build/notation.json: build/ledger.json
	@test -f $@ || { rm $<; $(MAKE) $<; }
	@touch $@

build/site/index.html: $(ENV) build/ledger.json build/notation.json $(BOOK) $(ALGEBRA) $(SOLUTIONS)
	.venv/bin/jupyter-book build . --path-output build -W -n --keep-going --quiet
	rm -rf build/site
	cp -R build/_build/html build/site

book: build/site/index.html

# --- the notebooks and a graded sample class -----------------------------------------------------------------------

# The engine may have changed too, so a grading that stands is not trusted: it is made again from the start.
build/.notebooks: $(ENV) $(GRADER) $(SOLUTIONS) $(EXERCISES)
	$(PY) -m grader build
	rm -rf build/graded
	@touch $@

# Exit code 1 says that something was off with a submission, and the sample class has damaged ones on purpose.
build/graded/.done: build/.notebooks
	$(PY) -m grader sample build/submitted
	$(PY) -m grader grade build/submitted --out build/graded --jobs $(JOBS) --sandbox $(SANDBOX) || test $$? -eq 1
	@touch $@

course: book build/.notebooks build/graded/.done
	@echo
	@echo "website      $(ROOT)/build/site/index.html"
	@echo "notebooks    $(ROOT)/build/release/"
	@echo "gradebook    $(ROOT)/build/graded/gradebook.db"
	@echo "feedback     $(ROOT)/build/graded/feedback/"
	@echo "marks        $(ROOT)/build/graded/grades.csv"
	@echo "class report $(ROOT)/build/graded/report/index.html"

# --- what must pass --------------------------------------------------------------------------------------------------

lint: $(ENV)
	.venv/bin/ruff check
	.venv/bin/ruff format --check

types: $(ENV)
	.venv/bin/mypy

# The browser tests open build/site, so the book comes first.
test: lint types book
	$(PY) -m pytest -q -n $(JOBS) --dist loadscope

bench: $(ENV)
	@for program in $(filter-out __init__ baseline,$(basename $(notdir $(wildcard benchmarks/*.py)))); do \
	  echo "benchmarks/$$program.py"; $(PY) -m benchmarks.$$program; done

clean:
	rm -rf build
