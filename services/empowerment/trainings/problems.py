"""What may stand in the way of a training."""

from kernel.problems import Conflict, Invalid, NotFound, Text


class TrainingNotFound(NotFound):
    """No training has this id, or the caller may not see it."""

    code = "EMP-0401"
    title = Text(id="Pelatihan tidak ditemukan", en="No such training")
    detail = Text(id="Tidak ada pelatihan {training_id}.", en="There is no training {training_id}.")


class TrainingCodeTaken(Conflict):
    """Another training has the code."""

    code = "EMP-0402"
    title = Text(id="Kode pelatihan sudah dipakai", en="Training code in use")
    detail = Text(
        id="Pelatihan dengan kode '{training}' sudah ada.",
        en="A training with the code '{training}' exists.",
    )


class RequiredDaysImpossible(Invalid):
    """Nobody can attend more days than there are."""

    code = "EMP-0403"
    title = Text(id="Syarat hari tidak mungkin", en="Required days impossible")
    detail = Text(
        id="Pelatihan {days} hari tidak dapat mensyaratkan {required_days} hari.",
        en="A training of {days} days cannot require {required_days}.",
    )


class SeatsExhausted(Conflict):
    """There are fewer seats left than families named."""

    code = "EMP-0404"
    title = Text(id="Kursi tidak cukup", en="Not enough seats")
    detail = Text(
        id="Pelatihan '{training}' mempunyai {seats} kursi; tersisa {left}.",
        en="The training '{training}' has {seats} seats; {left} are left.",
    )


class NotInState(Conflict):
    """The training is at another point of its life."""

    code = "EMP-0405"
    title = Text(id="Tidak mungkin pada tahap ini", en="Not possible at this stage")
    detail = Text(
        id="Pelatihan '{training}' berada pada tahap {current}; diperlukan tahap {wanted}.",
        en="The training '{training}' is {current}; it must be {wanted}.",
    )


class NobodyTakesPart(Conflict):
    """A training without participants does not start."""

    code = "EMP-0406"
    title = Text(id="Belum ada peserta", en="Nobody takes part")
    detail = Text(
        id="Tambahkan peserta sebelum memulai pelatihan '{training}'.",
        en="Add participants before starting the training '{training}'.",
    )


class DayOutsideTraining(Invalid):
    """The training has fewer days."""

    code = "EMP-0407"
    title = Text(id="Hari di luar pelatihan", en="Day outside the training")
    detail = Text(
        id="Pelatihan '{training}' berlangsung {days} hari.",
        en="The training '{training}' has {days} days.",
    )


class NotParticipants(Conflict):
    """Some families do not take part; `household_ids` names them."""

    code = "EMP-0408"
    title = Text(id="Bukan peserta", en="Not participants")
    detail = Text(
        id="{count} keluarga bukan peserta pelatihan '{training}'; lihat 'household_ids'.",
        en="{count} families do not take part in the training '{training}'; see 'household_ids'.",
    )


class AlreadyParticipants(Conflict):
    """Some families take part already; `household_ids` names them."""

    code = "EMP-0409"
    title = Text(id="Sudah menjadi peserta", en="Already participants")
    detail = Text(
        id="{count} keluarga sudah menjadi peserta pelatihan '{training}'; lihat 'household_ids'.",
        en="{count} families take part in the training '{training}' already; see 'household_ids'.",
    )


class NotInProgramme(Conflict):
    """Some families were not admitted to the training's programme; `household_ids` names them."""

    code = "EMP-0410"
    title = Text(id="Bukan peserta program", en="Not in the programme")
    detail = Text(
        id="{count} keluarga belum diterima dalam program pelatihan ini; lihat 'household_ids'.",
        en="{count} families were not admitted to this training's programme; see 'household_ids'.",
    )


class CompletedTooEarly(Conflict):
    """A training ends on its last day at the earliest."""

    code = "EMP-0411"
    title = Text(id="Pelatihan belum selesai", en="Training not over")
    detail = Text(
        id="Hari terakhir pelatihan '{training}' adalah {last_day}.",
        en="The last day of the training '{training}' is {last_day}.",
    )
