"""Java, and the jars of Apache Kafka: fetched once by Maven into the user's cache."""

import hashlib
import os
import re
import shutil
import subprocess
import tempfile
from pathlib import Path

from cli.failures import CannotGoOn

OLDEST_JAVA = 17
POM = Path(__file__).parents[1] / "deploy" / "kafka" / "pom.xml"


def find_java() -> str:
    """Return the full path of a Java that runs Kafka; CannotGoOn without one."""
    java = shutil.which("java")
    if java is None or java_version(java) < OLDEST_JAVA:
        raise CannotGoOn(
            id=f"Java {OLDEST_JAVA} tidak ada: pasang Java dan Maven (Debian: apt-get install "
            "default-jre-headless maven), atau jalankan tanpa KAFKA=1.",
            en=f"Java {OLDEST_JAVA} is missing: install Java and Maven (Debian: apt-get install "
            "default-jre-headless maven), or go without KAFKA=1.",
        )
    return java


def java_version(java: str) -> int:
    """Return the feature release, 17 for `openjdk version "17.0.15"`; 0 if it cannot be told."""
    said = subprocess.run([java, "-version"], capture_output=True, text=True, check=False).stderr
    found = re.search(r'version "(\d+)', said)
    return int(found[1]) if found else 0


def fetch() -> Path:
    """Return the folder of the jars; the first call lets Maven download them (about 130 MB)."""
    target = cache() / f"kafka-{hashlib.sha256(POM.read_bytes()).hexdigest()[:12]}"
    if target.exists():
        return target
    target.parent.mkdir(parents=True, exist_ok=True)
    unfinished = Path(tempfile.mkdtemp(prefix="kafka-", dir=target.parent))
    try:
        copy_jars(unfinished)
        unfinished.rename(target)
    finally:
        shutil.rmtree(unfinished, ignore_errors=True)
    return target


def copy_jars(folder: Path) -> None:
    """Have Maven resolve the pom and copy every jar into `folder`."""
    maven = shutil.which("mvn")
    if maven is None:
        raise CannotGoOn(
            id="Maven tidak ditemukan: pasang (Debian: apt-get install maven), atau tanpa KAFKA=1.",
            en="Maven is missing: install it (Debian: apt-get install maven), or omit KAFKA=1.",
        )
    goal = ["dependency:copy-dependencies", f"-DoutputDirectory={folder}"]
    argv = [maven, "-q", "-B", "-f", str(POM), *goal, "-DincludeScope=runtime"]
    done = subprocess.run(argv, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        why = (done.stdout.strip().splitlines() or ["?"])[0]
        raise CannotGoOn(
            id=f"Maven tidak dapat mengambil Kafka ({why}): periksa jaringan lalu ulangi.",
            en=f"Maven cannot fetch Kafka ({why}): check the network and try again.",
        )


def cache() -> Path:
    """Return the folder for what can be downloaded again."""
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "anyam"
