# The only commands to know. `make` alone lists them.
# Settings: ANYAM_PORT=9000 (move all ports), KAFKA=1 (a real Kafka), STORY=0 (an empty platform).

PY := .venv/bin/python
.DEFAULT_GOAL := help
.PHONY: help up down clean story status migrate test faults bench lint format types docs runtime dev

help: ## show this list
	@awk -F ':.*## ' '/^[a-z]+:.*## / {printf "  make %-9s %s\n", $$1, $$2}' Makefile

up: runtime ## start the platform here, with its story; Ctrl-C stops it
	@$(PY) -m cli up

down: runtime ## stop the platform that runs in another terminal
	@$(PY) -m cli down

status: runtime ## show what runs, and where
	@$(PY) -m cli status

story: runtime ## tell the story again, on the running platform
	@$(PY) -m cli story

migrate: runtime ## bring the databases to the newest schema
	@$(PY) -m cli migrate

clean: runtime ## delete all data of this clone's platform (var/)
	@$(PY) -m cli clean

test: dev ## run all tests, on a real PostgreSQL and (with Java 17 and Maven) a real Kafka
	@$(PY) -m pytest -q -rs

faults: dev ## break everything for half an hour, count what is lost, and write docs/reliability.md
	@$(PY) -m tests.faults

bench: dev ## measure against the yardsticks (ONLY=T3 one of them), and write docs/benchmarks.*
	@$(PY) -m bench

lint: dev ## check style, types, import rules, deployment files and generated documents
	@$(PY) -m cli.lint

format: dev ## format the code
	@$(PY) -m ruff format .
	@$(PY) -m ruff check --fix --quiet . || true

types: dev ## check types only
	@$(PY) -m mypy

docs: dev ## write the generated documents again
	@$(PY) -m cli.catalogue

runtime:
	@requirements/install runtime

dev:
	@requirements/install dev
