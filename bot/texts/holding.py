"""Why a batch waits: what held it, and what its first wave is waited for."""

from markupsafe import Markup

from bot.calling.views import BatchView
from bot.texts.language import Language
from storage.models import HoldReason, SubmissionState
from storage.stores.waves import FirstWave


def held(view: BatchView, lang: Language) -> Markup:
    """Why it is held, in one sentence."""
    batch = view.batch
    if batch.hold_reason is HoldReason.PERSON:
        return lang.say("⏸ Held by {who}.", who=lang.name(batch.hold_name or "?"))
    if batch.hold_reason is HoldReason.FAILING:
        return _failing(view, lang)
    return {
        HoldReason.UNKNOWN: lang.say("⏸ Held: one answer did not come."),
        HoldReason.REFUSED: lang.say("⏸ Held: the gateway refused a part."),
        HoldReason.UNSENT: lang.say("⏸ Held: a part could not be sent."),
        HoldReason.AWAY: lang.say(
            "⏸ Held: I was away, and do not send by myself what waited for more than 10 minutes."
        ),
        HoldReason.EVIDENCE: lang.say("⏸ Held: some of these numbers may have rung after all."),
        HoldReason.RESTORED: lang.say(
            "⏸ Held: an older database was restored; what it calls not sent may have been sent."
        ),
        HoldReason.WINDOW: lang.say("⏸ Held: outside the calling hours."),
        HoldReason.LIMIT: lang.say("⏸ Held: today's limits leave no room for the rest."),
    }[batch.hold_reason or HoldReason.AWAY]


def _failing(view: BatchView, lang: Language) -> Markup:
    """How the first wave stands now: a late status may have changed it since the hold."""
    if view.wave is None:
        return lang.say("⏸ Held: too many of the first calls failed.")
    return lang.count(
        "⏸ Held: too many of the first calls failed: one of the {final} that are over.",
        "⏸ Held: too many of the first calls failed: {n} of the {final} that are over.",
        view.wave.failed,
        final=lang.number(view.wave.final),
    )


def first_wave(
    view: BatchView, wave: FirstWave, until: float, lang: Language, now: float
) -> Markup:
    """What the rest of a large batch waits for, and until when (UTC seconds) at most."""
    return lang.count(
        "🔎 The first {first} are at the gateway. The other one waits to see how they go, until "
        "{at} at most.",
        "🔎 The first {first} are at the gateway. The other {n} wait to see how they go, until "
        "{at} at most.",
        view.numbers(SubmissionState.QUEUED),
        first=lang.number(wave.placed),
        at=lang.hour(until, now),
    )
