"""What the gateway reads from its environment, once, at the start."""

from pathlib import Path

from pydantic import SecretStr
from pydantic_settings import BaseSettings, SettingsConfigDict

HERE = Path(__file__).parent
DOCUMENTS = HERE.parent / "docs"
MEBIBYTE = 1 << 20


class Settings(BaseSettings):
    """Settings of the gateway; the environment names are these names in capitals."""

    model_config = SettingsConfigDict(extra="ignore", frozen=True)

    gateway_issuer: str = "http://127.0.0.1:8000"
    """Issuer of the access tokens, and the public address of the gateway."""
    gateway_signing_key: SecretStr
    """Private JSON Web Key (Ed25519) that signs access tokens."""
    internal_signing_key: SecretStr
    """Private JSON Web Key (Ed25519) that signs the short-lived tokens for the services."""
    clients_file: Path
    """JSON list of the clients that may ask for tokens."""

    registry_url: str = "http://127.0.0.1:8001"
    empowerment_url: str = "http://127.0.0.1:8002"
    export_url: str = "http://127.0.0.1:8003"
    financing_url: str = "http://127.0.0.1:8004"

    routes_file: Path = HERE / "routes.json"
    """Every route that may be called, with its service and scope."""
    openapi_file: Path = HERE / "openapi.json"
    """The services' OpenAPI documents merged into one."""
    asyncapi_file: Path = DOCUMENTS / "asyncapi.json"
    problems_file: Path = DOCUMENTS / "problems.json"

    access_token_seconds: int = 3600
    body_limit: int = MEBIBYTE
    """Bytes of a request body; import routes have their own limit."""
    import_body_limit: int = 256 * MEBIBYTE
    rate_quota: int = 12_000
    """Requests a client may make in a window."""
    rate_window: int = 60
    """Seconds of a window."""

    connect_timeout: float = 2.0
    """Seconds until a service must accept a connection."""
    restart_seconds: float = 15.0
    """Seconds that requests are held for a service that is gone: it may be starting again."""
    answer_timeout: float = 30.0
    """Seconds from the end of a request until its answer must begin."""
    import_answer_timeout: float = 300.0
    """The same for a file, which is read before it is answered."""
    idle_timeout: float = 60.0
    """Seconds that a body may pause, in either direction."""
    keep_idle: float = 4.0
    """Seconds that an unused connection is kept; less than the services keep theirs (5 s)."""
    upstream_connections: int = 512
    """Requests at a time for one service; more are refused with 503."""

    drain_seconds: float = 1.0
    """Seconds between "not ready" and the end of accepting connections."""
    port: int = 8000
    host: str = "127.0.0.1"
    log_level: str = "INFO"

    def upstreams(self) -> dict[str, str]:
        """Return the address of every service by its name."""
        return {
            "registry": self.registry_url,
            "empowerment": self.empowerment_url,
            "export": self.export_url,
            "financing": self.financing_url,
        }
