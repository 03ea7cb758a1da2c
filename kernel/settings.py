"""What a service reads from its environment, once, at the start."""

from pydantic import SecretStr
from pydantic_settings import BaseSettings, SettingsConfigDict


class ServiceSettings(BaseSettings):
    """Settings that every service has."""

    model_config = SettingsConfigDict(extra="ignore", frozen=True)

    database_url: str
    """PostgreSQL database of this service alone: `postgresql://role:password@host:port/name`."""
    kafka_bootstrap_servers: str = ""
    """Kafka brokers, `host:port,...`; empty: the embedded log."""
    log_database_url: str = ""
    """Database of the embedded log; needed where there is no Kafka."""
    internal_jwks: str
    """JSON Web Key Set with the public keys that the gateway signs internal tokens with."""
    signing_key: SecretStr
    """Key of the HMAC over page cursors."""
    worker_in_app: bool = False
    """Run the relay and the consumers inside the web process."""
    worker_port: int = 9000
    """Port on which a worker of its own answers /health/live and /metrics."""
    log_level: str = "INFO"
    trace_file: str = ""
    """Where finished spans are appended as JSON lines; empty: nowhere."""
    pool_size: int = 10
    """Connections to the database at most, a process."""
