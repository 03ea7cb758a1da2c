"""The language that the caller reads."""

from typing import Annotated

from fastapi import Depends, Header

from kernel.problems import Language, language_of


async def _language(
    accept_language: Annotated[str | None, Header(max_length=500)] = None,
) -> Language:
    return language_of(accept_language)


CallersLanguage = Annotated[Language, Depends(_language)]
