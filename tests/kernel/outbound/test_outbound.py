"""What is sent to strangers goes where it may, and nowhere else, whatever a URL or a name says."""

import datetime
import ssl
from collections.abc import Sequence
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from kernel import outbound
from kernel.outbound import Outbound, Outcome, Resolve
from tests.receiver import Receiver, answer
from tests.waiting import let_run

NAMED = "https://partner.example/callback"


def resolving_to(*addresses: str) -> Resolve:
    async def resolve(_host: str, _port: int) -> Sequence[str]:
        return addresses

    return resolve


async def sent(url: str, *, resolve: Resolve | None = None, sandbox: bool = False) -> Outcome:
    sender = Outbound(resolve=resolve) if resolve else Outbound()
    return await sender.post(url, b"{}", headers={}, sandbox=sandbox)


@pytest.mark.parametrize(
    ("url", "error"),
    [
        ("http://partner.example/x", "scheme"),
        ("ftp://partner.example/x", "scheme"),
        ("file:///etc/passwd", "malformed"),
        ("https://user:secret@partner.example/", "credentials"),
        ("https://partner.example:22/", "port"),
        ("https://partner.example:0/", "malformed"),
        ("https://partner.example:99999/", "malformed"),
        ("https://partner.example/#x", "malformed"),
        ("https://[::1/", "malformed"),
        ("https://[fe80::1%25eth0]/", "malformed"),
        ("https://partner.example\\@127.0.0.1/", "malformed"),
        ("https://partner.example/\r\nHost: x", "malformed"),
        ("https://b\u00fccher.example/", "malformed"),
        ("", "malformed"),
        ("https:///x", "malformed"),
        ("https://127.0.0.1/", "address"),
        ("https://127.1/", "address"),
        ("https://2130706433/", "address"),
        ("https://0x7f000001/", "address"),
        ("https://localhost/", "address"),
        ("https://[::1]/", "address"),
        ("https://[::ffff:127.0.0.1]/", "address"),
        ("https://[::ffff:7f00:1]/", "address"),
        ("https://[2002:7f00:1::]/", "address"),
        ("https://[64:ff9b::7f00:1]/", "address"),
        ("https://169.254.169.254/latest/meta-data", "address"),
        ("https://[fd00:ec2::254]/", "address"),
        ("https://10.0.0.8/", "address"),
        ("https://192.168.1.1/", "address"),
        ("https://172.31.255.255/", "address"),
        ("https://100.64.0.1/", "address"),
        ("https://0.0.0.0/", "address"),
        ("https://224.0.0.251/", "address"),
        ("https://[fe80::1]/", "address"),
        ("https://[ff02::1]/", "address"),
    ],
)
async def test_nothing_is_sent_to_a_forbidden_place(url: str, error: str) -> None:
    outcome = await sent(url)

    assert outcome == Outcome(error=error)


@pytest.mark.parametrize("inner", ["127.0.0.1", "10.2.3.4", "169.254.169.254", "::1", "fd12::1"])
async def test_a_name_that_leads_inside_is_refused(inner: str) -> None:
    alone = await sent(NAMED, resolve=resolving_to(inner))
    beside_a_public_one = await sent(NAMED, resolve=resolving_to("203.0.114.7", inner))

    assert alone == beside_a_public_one == Outcome(error="address")


@pytest.mark.parametrize("url", ["http://169.254.169.254/", "http://[fd00:ec2::254]/"])
async def test_not_even_a_sandbox_leads_to_a_clouds_secrets(url: str) -> None:
    outcome = await sent(url, sandbox=True)

    assert outcome == Outcome(error="address")


async def test_a_name_is_resolved_once() -> None:
    asked: list[str] = []

    async def first_here_then_elsewhere(host: str, _port: int) -> Sequence[str]:
        asked.append(host)
        return ["127.0.0.1"] if len(asked) == 1 else ["192.0.2.1"]

    async with Receiver() as receiver:
        url = f"http://partner.example:{receiver.port}/hook?a=b"
        outcome = await sent(url, resolve=first_here_then_elsewhere, sandbox=True)

    assert (outcome, asked) == (Outcome(status=200), ["partner.example"])
    assert receiver.got[0].path == "/hook?a=b"
    assert receiver.got[0].headers["host"] == f"partner.example:{receiver.port}"


async def test_a_redirect_is_a_failure_and_not_followed() -> None:
    async with Receiver() as elsewhere, Receiver() as receiver:
        receiver.answers = [answer(307, f"Location: {elsewhere.url}/secret")]
        outcome = await sent(receiver.url, sandbox=True)

    assert (outcome.status, outcome.delivered, elsewhere.got) == (307, False, [])


async def test_an_endless_answer_is_not_read_to_its_end() -> None:
    endless = b"HTTP/1.1 200 OK\r\nContent-Length: 999999999\r\n\r\n" + b"x" * 200_000
    async with Receiver() as receiver:
        receiver.answers = [endless]
        outcome = await sent(receiver.url, sandbox=True)

    assert outcome == Outcome(status=200)


async def test_a_receiver_that_never_answers_costs_seconds(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(outbound, "TIMEOUT_SECONDS", 0.3)
    async with Receiver() as receiver:
        receiver.before_answer = lambda _: let_run(2.0)
        outcome = await sent(receiver.url, sandbox=True)

    assert outcome == Outcome(error="timeout")


async def test_nobody_listening_is_an_outcome() -> None:
    async with Receiver() as receiver:
        url = receiver.url

    assert await sent(url, sandbox=True) == Outcome(error="connection")


async def test_an_unknown_name_is_an_outcome() -> None:
    async def nobody(_host: str, _port: int) -> Sequence[str]:
        raise OSError

    assert await sent(NAMED, resolve=nobody) == Outcome(error="unresolvable")


async def test_the_pinned_address_must_still_prove_its_name(tmp_path: Path) -> None:
    authority = certificate_for("partner.example", tmp_path)
    sender = Outbound(resolve=resolving_to("127.0.0.1"), authorities=str(authority))

    async with Receiver(tls=server_side(tmp_path)) as receiver:
        right = await sender.post(
            f"https://partner.example:{receiver.port}/", b"", headers={}, sandbox=True
        )
        wrong = await sender.post(
            f"https://another.example:{receiver.port}/", b"", headers={}, sandbox=True
        )

    assert (right, wrong) == (Outcome(status=200), Outcome(error="connection"))


def certificate_for(name: str, folder: Path) -> Path:
    """Write a certificate of `name` that vouches for itself, and its key."""
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    now = datetime.datetime.now(datetime.UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - datetime.timedelta(days=1))
        .not_valid_after(now + datetime.timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(name)]), critical=False)
        .sign(key, hashes.SHA256())
    )
    (folder / "key.pem").write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
    )
    path = folder / "certificate.pem"
    path.write_bytes(made.public_bytes(serialization.Encoding.PEM))
    return path


def server_side(folder: Path) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(folder / "certificate.pem", folder / "key.pem")
    return context
