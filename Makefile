# What a contributor does by hand and CI does for every change, each under one name. `make` lists them.
PYTHON ?= python

.DEFAULT_GOAL := help
.PHONY: help simulate setup check lint types layering tests long selftest demo bench fuzz pages site floors newest release bundle lock

help:  ## this list
	@sed -n 's/^\([a-z]*\):.*  ## /\1\t/p' $(MAKEFILE_LIST) | expand -t 12

setup:  ## install the project and what developing it needs, in the Python that is active
	$(PYTHON) -m pip install --quiet --disable-pip-version-check -e ".[dev]"

check: lint types layering  ## all that reads the code without running it

lint:  ## style and order of imports
	$(PYTHON) -m ruff check .
	$(PYTHON) -m ruff format --check .

types:  ## mypy, strict
	$(PYTHON) -m mypy

layering:  ## which room may import which
	lint-imports

tests:  ## every test, on two cores
	$(PYTHON) -m pytest -n 3 --dist loadfile

long:  ## the tests that take minutes too: kills, many generated counties
	TESTS_LONG=1 $(PYTHON) -m pytest -n 3 --dist loadfile

selftest:  ## each rule fires on its own defect and is silent without it
	cd "$$(mktemp -d)" && kanta-gap selftest

demo:  ## the main job, twice, the same bytes
	cd "$$(mktemp -d)" && kanta-gap --version && kanta-gap demo > first.txt && kanta-gap demo > second.txt && cmp first.txt second.txt && cat first.txt

bench:  ## a small benchmark; prints ratios within this run
	$(PYTHON) -m benchmarks --small

fuzz: fuzz-document fuzz-content fuzz-container fuzz-register  ## the parsers on damaged input, six seconds each; longer: python -m tests.fuzz TARGET --seconds N

fuzz-%:
	$(PYTHON) -m tests.fuzz $* --seconds 6

SEEDS ?= 20
simulate:  ## a data manager's quarters by the real commands: SEEDS counties of three years, their figures printed
	$(PYTHON) -m tests.quarters --seeds $(SEEDS)

pages:  ## write the pages that come out of the program
	$(PYTHON) -m tests.docs.write

site:  ## the documentation as a site in build/site; a broken link fails
	$(PYTHON) -m mkdocs build --quiet --strict --site-dir build/site

floors:  ## every command with the lowest versions that pyproject.toml allows, in a venv of its own
	$(PYTHON) -m tests.supply.versions lowest

newest:  ## the same with the newest versions that it allows
	$(PYTHON) -m tests.supply.versions newest

lock:  ## pin and hash what a county installs, and list it in the SBOM
	$(PYTHON) -m tests.supply.write

release:  ## sdist and wheel in dist/, built from the sdist, installed alone and tried
	$(PYTHON) -m tests.supply.release

bundle:  ## one file to hand over, dist/kanta-gap.pyz: all that is needed but Python itself, in the versions of the lock
	work="$$(mktemp -d)" && trap 'rm -rf "$$work"' EXIT && mkdir -p dist && $(PYTHON) -m venv "$$work/venv" \
	&& "$$work/venv/bin/pip" install --quiet --disable-pip-version-check shiv \
	&& "$$work/venv/bin/pip" install --quiet --disable-pip-version-check --require-hashes --target "$$work/site" -r requirements.lock \
	&& "$$work/venv/bin/pip" install --quiet --disable-pip-version-check --no-deps --target "$$work/site" . \
	&& "$$work/venv/bin/shiv" --reproducible --compressed --site-packages "$$work/site" \
	   --console-script kanta-gap --python "/usr/bin/env python3" --output-file dist/kanta-gap.pyz
