"""A service as a table of contents: its tables, its routers, its reactions, its timers."""

from collections.abc import Sequence
from dataclasses import dataclass

from fastapi import APIRouter, FastAPI
from sqlmodel import SQLModel

from kernel.settings import ServiceSettings
from kernel.subscriptions import Subscriptions
from kernel.web import service_app


@dataclass(frozen=True)
class Service:
    """Everything one service is made of; the same for its web process and its worker."""

    name: str
    title: str
    tables: type[SQLModel]
    routers: Sequence[APIRouter]
    subscriptions: Sequence[Subscriptions] = ()
    timers: Sequence[object] = ()

    def app(self, settings: ServiceSettings) -> FastAPI:
        """Return the web application."""
        return service_app(
            service=self.name, title=self.title, settings=settings, routers=self.routers
        )
