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
build/ledger.json: $(ENV) $(filter book/0% book/1%,$(CHAPTERS)) $(ALGEBRA) $(SOLUTIONS)
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

build/.notebooks: $(ENV) $(GRADER) $(SOLUTIONS) $(EXERCISES)
	$(PY) -m grader build
	@touch $@

# The sample class has a place of its own: in build/submitted and its like nbgrader puts what students handed in. The
# engine may have changed too, so it is graded from the start each time; the command replaces what it wrote itself, and
# refuses when anybody put or marked something there. Exit code 1 says that something was off with a submission, and
# the sample class has damaged ones on purpose.
SAMPLE := build/sample/submitted --graded build/sample/graded
.PRECIOUS: build/sample/graded/report/index.html

build/sample/graded/report/index.html: build/.notebooks
	$(PY) -m grader sample $(SAMPLE) --jobs $(JOBS) --sandbox $(SANDBOX) || test $$? -eq 1

course: book build/.notebooks build/sample/graded/report/index.html
	@echo
	@echo "website      $(ROOT)/build/site/index.html"
	@echo "notebooks    $(ROOT)/build/release/"
	@echo "gradebook    $(ROOT)/build/sample/graded/gradebook.db"
	@echo "feedback     $(ROOT)/build/sample/graded/feedback/"
	@echo "marks        $(ROOT)/build/sample/graded/grades.csv"
	@echo "class report $(ROOT)/build/sample/graded/report/index.html"

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

# What is made, and by name: a course of nbgrader's may lie in build/, with its gradebook, its configuration and what its
# students handed in. The sample class goes too, unless somebody put or marked something there.
SETS := $(notdir $(wildcard exercises/[0-9][0-9]_*))
MADE := site _build ledger.json notation.json hidden .stamps .notebooks .ipython .matplotlib .hypothesis .ruff_cache \
  .mypy_cache .pytest_cache jupyter_cache lock.txt lock.head lock.body $(addprefix source/,$(SETS)) $(addprefix release/,$(SETS))

clean:
	@test ! -d build/sample -o ! -x $(PY) || $(PY) -m grader sample $(SAMPLE) --remove || true
	@rm -rf $(addprefix build/,$(MADE))
	@rmdir build/source build/release build/sample build 2> /dev/null || true
	@test ! -d build || echo "kept, for it may be somebody's work: $$(cd build && ls -Ad * .[!.]* 2> /dev/null | tr '\n' ' ')"
