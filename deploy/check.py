"""Check everything that deploys the platform, without a container engine: `python -m deploy.check`.

Prints one line for each mistake; none: exit code 0.
"""

import sys
from collections.abc import Iterator
from itertools import chain
from pathlib import Path

from deploy.checks import compose, data, image, manifests
from deploy.checks.code import Code
from deploy.checks.finding import Finding

ROOT = Path(__file__).parent.parent


def findings(root: Path) -> Iterator[Finding]:
    """Return every mistake in the deployment files of a clone."""
    code = Code(root)
    return chain(
        image.findings(code),
        compose.findings(code),
        data.findings(code),
        manifests.findings(code, root / "deploy/k8s"),
    )


def main() -> int:
    """Print the mistakes; return 1 if there are any."""
    found = [str(finding) for finding in findings(ROOT)]
    sys.stdout.writelines(f"{line}\n" for line in found)
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
