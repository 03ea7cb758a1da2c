"""What can stand against a question to the access ledger."""

from kernel.problems import Invalid, Text


class WindowTooWide(Invalid):
    """So many readings cannot be counted while somebody waits."""

    code = "REG-0840"
    title = Text(id="Rentang waktu terlalu lebar", en="Window too wide")
    detail = Text(
        id="Tanyakan paling lama {days} hari sekaligus, atau sebut 'client_id' untuk paling lama "
        "{days_of_one} hari.",
        en="Ask for at most {days} days at once, or name a 'client_id' for at most "
        "{days_of_one} days.",
    )


class WindowReversed(Invalid):
    """The window ends before it begins."""

    code = "REG-0841"
    title = Text(id="Rentang waktu terbalik", en="Window reversed")
    detail = Text(
        id="'until' harus sesudah 'since'.",
        en="'until' must lie after 'since'.",
    )
