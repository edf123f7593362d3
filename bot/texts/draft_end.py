"""What stands in place of a draft that became nothing."""

from bot.calling.drafts import Closed, can_be_remade
from bot.texts.cards import Card, Verb, button
from bot.texts.language import Language
from storage.models import Draft, DraftState


def closed(of: Draft, lang: Language) -> Card:
    """Why nothing was called; one that has expired can be made again."""
    if of.state is DraftState.EXPIRED:
        text = lang.say("⌛ Cancelled after 15 minutes without an answer: nothing was called.")
    elif of.closed_why == Closed.EVIDENCE:
        text = lang.say(
            "✖️ Cancelled: word has come that some of these numbers may have rung after all. "
            "Nothing was called. Their batch says more."
        )
    elif of.closed_why == Closed.REACHED:
        text = lang.say(
            "✖️ Nothing was called: all of them were answered meanwhile, or are being called "
            "again already."
        )
    elif of.closed_why == Closed.NOTHING_LEFT:
        text = lang.say(
            "✖️ Nothing was called: all of it was tried again by somebody else, or may have rung "
            "after all."
        )
    elif of.closed_why == Closed.NOT_APPROVED:
        text = lang.say(
            "⌛ Cancelled: nobody else approved it within 15 minutes. Nobody was called."
        )
    elif of.closed_why == Closed.DECLINED:
        text = lang.say(
            "✖️ Declined by {who} at {at}: nobody was called.",
            who=lang.name(of.decided_name or "?"),
            at=lang.hour(of.decided_at or 0.0),
        )
    elif of.closed_why == Closed.AUTHOR_GONE:
        text = lang.say(
            "✖️ Cancelled: {who}, who asked for it, may not launch it any more. Nobody was called.",
            who=lang.name(of.author_name),
        )
    else:
        who = of.decided_name or of.author_name
        text = lang.say("✖️ Cancelled by {who}: nothing was called.", who=lang.name(who))
    if not can_be_remade(of):
        return Card(text)
    return Card(text, ((button(lang.say("🔁 Make it again"), Verb.REMAKE, of.token),),))
