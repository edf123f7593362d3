"""Why numbers were taken out right before they would have been sent."""

from markupsafe import Markup

from bot.calling.views import BatchView
from bot.texts.language import Language
from storage.models import CallStatus, SkipReason


def paragraphs(view: BatchView, lang: Language) -> list[Markup]:
    """How many numbers of a batch were skipped, a line for each reason."""
    return [
        lang.say("⏭ {n} skipped: {why}.", n=lang.number(count), why=reason(why, lang))
        for why in SkipReason
        if (count := view.skipped.get(why))
    ]


def all_of_it(view: BatchView) -> bool:
    """Whether every number of a batch was skipped, so that nothing was sent."""
    return view.with_status(CallStatus.SKIPPED) == view.batch.numbers


def nobody(view: BatchView, lang: Language) -> Markup:
    """What such a batch is."""
    return lang.count(
        "🏁 Nothing was sent: its only number was skipped.",
        "🏁 Nothing was sent: all {n} numbers were skipped.",
        view.batch.numbers,
    )


def but_for_some(view: BatchView, count: int, lang: Language) -> Markup:
    """What a batch is of which all was sent but so many numbers that were skipped."""
    n = lang.number(count)
    if view.over:
        return lang.count(
            "🏁 The call has ended; {skipped} skipped.",
            "🏁 All {n} calls have ended; {skipped} skipped.",
            view.placed,
            skipped=n,
        )
    return lang.count(
        "✅ One number is at the gateway; {skipped} skipped.",
        "✅ {n} numbers are at the gateway; {skipped} skipped.",
        view.placed,
        skipped=n,
    )


def outcome(why: str | None, lang: Language) -> Markup:
    """What became of one number that was skipped for a recorded reason."""
    if why is None:
        return lang.say("skipped")
    return lang.say("skipped: {why}", why=reason(SkipReason(why), lang))


def reason(why: SkipReason, lang: Language) -> Markup:
    """The reason in a few words."""
    return {
        SkipReason.RANG: lang.say("it may have rung before"),
        SkipReason.DO_NOT_CALL: lang.say("do not call"),
        SkipReason.DAILY_LIMIT: lang.say("called as often as one day allows"),
    }[why]
