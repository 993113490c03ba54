# Alongside. `make demo` shows it, `make test` checks it; each sets up all it needs inside this folder first.
.PHONY: help demo test lint types contracts bench lock clean

VENV := .venv/bin

help: ## what can be done here
	@grep -E '^[a-z]+:.*## ' Makefile | sed 's/:.*## /\t/' | expand -t 12

demo: ## set up, show the main job on real places, then serve it on 127.0.0.1:8000
	@tools/setup run
	@exec $(VENV)/alongside demo

test: ## set up and pass every check
	@tools/setup dev
	@tools/browser
	$(VENV)/ruff format --check --quiet .
	$(VENV)/ruff check --quiet .
	$(VENV)/mypy
	@mkdir -p build
	$(VENV)/lint-imports --no-cache > build/contracts.txt || { cat build/contracts.txt; exit 1; }
	$(VENV)/pytest --numprocesses 2 --dist worksteal

bench: ## measure ourselves beside our peers; a table of ratios and build/bench.json
	@tools/setup dev
	$(VENV)/python -m tests.benchmarks

lock: ## write the lock files anew
	@tools/setup dev
	tools/lock

clean: ## remove what set-up and the demo made; the demo's database goes too
	-@$(VENV)/alongside demo --remove 2>/dev/null
	rm -rf .venv .alongside build node_modules web/static/vendor
