# The commands of this project. `make` or `make help` lists them.
# Everything Python lives in $(VENV); nothing is installed outside it but what `make test` needs (see .ci/test-needs.sh).

VENV ?= .venv
export VENV
PY := $(VENV)/bin/python
export PIP_DISABLE_PIP_VERSION_CHECK := 1

.DEFAULT_GOAL := help
.PHONY: help venv dev demo run test test-fast test-browser lint fix translations bench recorded clean

help: ## this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-13s %s\n", $$1, $$2 }' Makefile

venv: $(VENV)/.installed ## the virtualenv with what the product needs

dev: $(VENV)/.installed-dev ## ... and with what tests and checks need

$(VENV)/.installed: requirements.txt
	@.ci/make-venv.sh "$(VENV)"
	@echo "Installing what the product needs (requirements.txt) ..."
	@"$(PY)" -m pip install --quiet -r requirements.txt
	@touch "$@"

$(VENV)/.installed-dev: requirements-dev.txt $(VENV)/.installed
	@echo "Installing what tests and checks need (requirements-dev.txt) ..."
	@"$(PY)" -m pip install --quiet -r requirements-dev.txt
	@touch "$@"

demo: venv ## the whole product with a stand-in Bungie.net; PORT=5001 and WORLD=folder if you like; Ctrl-C ends it
	@exec "$(PY)" manage.py demo $(if $(WORLD),--world "$(WORLD)")

run: venv ## the site alone, for development (needs a Redis, and settings from .env)
	@exec "$(PY)" manage.py run

# Four at a time also on two processors: many tests wait more than they work. In the order of the folders the short ones,
# tests/unit, come last, so that no processor is left waiting for one long file.
test: dev ## every test; installs a browser and a Redis if there are none
	@.ci/test-needs.sh "$(VENV)"
	@failed=0; \
	.ci/pytest.sh "$(VENV)" main -n 4 --dist loadscope --no-loadscope-reorder --ignore tests/browser --ignore tests/bench tests || failed=1; \
	.ci/test-on-postgres.sh "$(VENV)" || failed=1; \
	.ci/pytest.sh "$(VENV)" browser -n 2 --dist loadscope tests/browser tests/bench || failed=1; \
	exit $$failed

test-fast: dev ## only the tests that need no process of their own
	@"$(PY)" -m pytest tests/unit

test-browser: dev ## only the journeys in a real browser
	@.ci/test-needs.sh "$(VENV)"
	@"$(PY)" -m pytest tests/browser

lint: dev ## ruff, mypy, the import table, templates
	@"$(PY)" -m ruff check .
	@"$(PY)" -m ruff format --check .
	@"$(PY)" -m mypy
	@"$(VENV)/bin/lint-imports"
	@"$(PY)" -m djlint --quiet --check --lint app/templates

fix: dev ## let ruff and djlint mend what they can
	@"$(PY)" -m ruff check --fix .
	@"$(PY)" -m ruff format .
	@"$(PY)" -m djlint --quiet --reformat app/templates

translations: dev ## gather the texts for people into app/translations, and compile what is translated
	@mkdir -p build
	@"$(VENV)/bin/pybabel" --quiet extract --mapping-file babel.cfg --keywords _l \
	  --add-location file --sort-by-file --width 120 --output-file build/messages.pot app
	@"$(VENV)/bin/pybabel" --quiet update --input-file build/messages.pot --output-dir app/translations \
	  --no-fuzzy-matching --ignore-obsolete --ignore-pot-creation-date --width 120
	@"$(VENV)/bin/pybabel" --quiet compile --directory app/translations

bench: dev ## figures for the largest recorded account
	@"$(PY)" -m tests.bench

recorded: dev ## sign in as every account of a recorded world and compare the pages with its profile; WORLD=folder
	@"$(PY)" -m tests.recorded $(if $(WORLD),"$(WORLD)")

clean: ## remove everything that was made here, the virtualenv too
	rm -rf "$(VENV)" .pytest_cache .mypy_cache .ruff_cache .import_linter_cache .hypothesis test-results build
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
