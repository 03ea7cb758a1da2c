"""Migrates the databases named on standard input (service -> URL, JSON): `python -m cli.schema`."""

import json
import sys

from kernel import migrations


def main() -> None:
    """Migrate one after another; on standard input no password shows in the process list."""
    databases: dict[str, str] = json.load(sys.stdin)
    for name, url in databases.items():
        migrations.upgrade(f"services.{name}", url=url)


if __name__ == "__main__":
    main()
