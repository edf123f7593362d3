"""What else a person should know of a batch, and the calls that somebody has to say about."""

from markupsafe import Markup

from bot.calling.views import BatchView, Pick
from bot.texts import calls, ran, window
from bot.texts.cards import Button, Verb, button
from bot.texts.language import Language
from storage.models import BatchState

SHOWN_UNMATCHED = 5
SHOWN_PICKS = 3  # that get their buttons at once; the next follow when these end
PICKS_A_ROW, PICKED_FROM = 4, 12  # buttons for one pick


def paragraphs(view: BatchView, lang: Language, now: float) -> list[Markup]:
    """Repeats, strange ids, evidence, follow-ups, as they are now (UTC seconds)."""
    found: list[Markup] = []
    if view.planned is not None:
        found.extend(ran.paragraphs(view.planned, lang))
    if view.batch.followed_as == "redial":
        found.append(lang.say("↪️ Redials who was not reached in #b{id}.", id=view.batch.follows))
    elif view.batch.follows is not None:
        found.append(lang.say("↪️ Calls again what did not ring in #b{id}.", id=view.batch.follows))
    found.extend(
        lang.say("↪️ Called again in #b{id}.", id=batch_id)
        for batch_id in sorted(set(view.taken_by.values()))
    )
    found.extend(lang.say("↪️ Redialled in #b{id}.", id=batch_id) for batch_id in view.redials)
    if said := window.paragraph(view, lang):
        found.append(said)
    if view.batch.resumed_name is not None and view.batch.state is not BatchState.HELD:
        found.append(window.sent_on(view, view.batch.resumed_name, lang, now))
    if view.batch.repeated:
        found.append(
            lang.count(
                "🔁 One repeated number is called only once.",
                "🔁 {n} repeated numbers are called only once.",
                view.batch.repeated,
            )
        )
    if view.unmatched:
        found.append(_unmatched(view, lang))
    if view.evidence_waiting and not view.picks:
        found.append(
            lang.say("🔎 An id that was given for this batch is being checked with the gateway.")
        )
    found.extend(_pick(pick, lang) for pick in view.picks[:SHOWN_PICKS])
    if len(view.picks) > SHOWN_PICKS:
        found.append(
            lang.count(
                "🔎 One more such call follows when these are settled.",
                "🔎 {n} more such calls follow when these are settled.",
                len(view.picks) - SHOWN_PICKS,
            )
        )
    return found


def _unmatched(view: BatchView, lang: Language) -> Markup:
    ids = Markup(", ").join(
        lang.say("<code>{id}</code>", id=unmatched.gateway_id)
        for unmatched in view.unmatched[:SHOWN_UNMATCHED]
    )
    return lang.count(
        "🔹 The gateway's answer also held an id that belongs to none of these numbers: {ids}",
        "🔹 The gateway's answers also held {n} ids that belong to none of these numbers: {ids}",
        len(view.unmatched),
        ids=ids,
    )


def _pick(pick: Pick, lang: Language) -> Markup:
    return lang.say(
        "🔎 The call <code>{id}</code> did ring {number}, and may belong to {batches}. Until a "
        "person says which, none of these numbers is called again.",
        id=pick.evidence.gateway_id,
        number=calls.number(pick.evidence.number or "#"),
        batches=", ".join(f"#b{batch_id}" for _, batch_id in pick.candidates),
    )


def rows(view: BatchView, lang: Language) -> list[tuple[Button, ...]]:
    """The buttons for calls that fit several batches."""
    return [row for pick in view.picks[:SHOWN_PICKS] for row in _pick_rows(view, pick, lang)]


def _pick_rows(view: BatchView, pick: Pick, lang: Language) -> list[tuple[Button, ...]]:
    """A button for each batch that the call may belong to; this batch's own is always there."""
    own_first = sorted(pick.candidates, key=lambda candidate: candidate[1] != view.batch.id)
    offered = [
        button(lang.say("It was #b{id}", id=batch_id), Verb.PICK, pick.evidence.id, submission_id)
        for submission_id, batch_id in own_first[:PICKED_FROM]
    ]
    return [
        tuple(offered[start : start + PICKS_A_ROW])
        for start in range(0, len(offered), PICKS_A_ROW)
    ]
