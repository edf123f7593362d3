"""What the board of a batch says of the schedule that made it."""

from markupsafe import Markup

from bot.texts import dnc, moments
from bot.texts.language import Language
from storage.models import ScheduleRun


def paragraphs(run: ScheduleRun, lang: Language) -> list[Markup]:
    """When it was planned for, what its list has gained and lost, and who was called lately."""
    at = moments.moment(run.due_at, lang, run.due_at)
    found = [lang.say("🗓 Planned for {at}.", at=at)]
    if run.added or run.removed:
        found.append(
            lang.say(
                "📋 Its list since the last time: {added} added, {removed} removed.",
                added=lang.number(run.added),
                removed=lang.number(run.removed),
            )
        )
    if run.do_not_call:
        found.append(dnc.planned(run.do_not_call, lang))
    if run.missed:
        found.append(
            lang.count(
                "⌛ One earlier time passed while I was away, and is left out.",
                "⌛ {n} earlier times passed while I was away, and are left out.",
                run.missed,
            )
        )
    if run.recent:
        found.append(
            lang.count(
                "⚠️ One of them had got this voice in the 24 h before.",
                "⚠️ {n} of them had got this voice in the 24 h before.",
                run.recent,
            )
        )
    return found
