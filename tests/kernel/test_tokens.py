"""What a service remembers of a token, and what it does not."""

import pytest

from kernel.auth import LEEWAY_SECONDS, TokenVerifier, Unauthenticated
from kernel.testing.clock import FrozenClock
from kernel.testing.tokens import LIFETIME, TokenMaker
from tests.kernel.conftest import READER


def test_a_token_that_was_let_in_before_is_refused_after_its_end() -> None:
    tokens = TokenMaker()
    verifier = TokenVerifier(tokens.jwks, service="toy")

    with FrozenClock() as clock:
        token = tokens.token(READER, service="toy")
        let_in = [verifier.actor(token), verifier.actor(token)]
        clock.advance(seconds=LIFETIME.total_seconds() + LEEWAY_SECONDS)
        with pytest.raises(Unauthenticated):
            verifier.actor(token)

    assert let_in == [READER, READER]
