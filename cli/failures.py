"""What the command line says when it cannot go on: one sentence that tells what to do."""

import os

LOCALE_VARIABLES = ("ANYAM_LANG", "LC_ALL", "LC_MESSAGES", "LANG")


class CannotGoOn(Exception):
    """A fact outside our code that a person has to change; ends the command with exit code 1."""

    def __init__(self, *, id: str, en: str) -> None:
        super().__init__(en)
        self.sentences = {"id": id, "en": en}

    def sentence(self) -> str:
        """Return the sentence in the language of the terminal."""
        return self.sentences[language()]


def language() -> str:
    """Return `id` or `en`: the first locale variable that is set decides; `C` counts as English."""
    chosen = next((os.environ[name] for name in LOCALE_VARIABLES if os.environ.get(name)), "C")
    return "id" if chosen.lower().startswith("id") else "en"
