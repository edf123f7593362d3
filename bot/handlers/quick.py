"""Launching without typing: saved launches, the home keyboard and the group's panel together."""

from telegram import Bot

from bot.calling.favourites import Favourites
from bot.calling.launches import Launches
from bot.calling.saved import SavedLaunches
from bot.handlers.batches import BatchesCommand
from bot.handlers.commands import Handler
from bot.handlers.door import Door
from bot.handlers.drafts import DraftPresses
from bot.handlers.home import Home
from bot.handlers.launching import Starter
from bot.handlers.panel import PanelCommand
from bot.handlers.pressing import Handled
from bot.handlers.questions import Questions
from bot.handlers.saved import LaunchCommand
from bot.handlers.saving import SavePresses
from bot.messenger import Messenger
from bot.pins import Pins
from bot.texts.cards import Verb


class QuickLaunches:
    """All of them, side by side; `home` is for /start and for plain texts."""

    def __init__(
        self,
        *,
        door: Door,
        messenger: Messenger,
        launches: Launches,
        saved: SavedLaunches,
        favourites: Favourites,
        drafts: DraftPresses,
        batches: BatchesCommand,
        questions: Questions,
        bot: Bot,
    ) -> None:
        starter = Starter(
            door=door, messenger=messenger, launches=launches, saved=saved, drafts=drafts
        )
        self.home = Home(
            messenger=messenger,
            saved=saved,
            favourites=favourites,
            starter=starter,
            batches=batches,
            own=drafts.own,
            bot_name=lambda: bot.username,
        )
        self._launch = LaunchCommand(
            door=door,
            messenger=messenger,
            saved=saved,
            favourites=favourites,
            starter=starter,
            home=self.home,
            questions=questions,
        )
        self._save = SavePresses(messenger=messenger, saved=saved, questions=questions)
        self._panel = PanelCommand(
            door=door,
            messenger=messenger,
            pins=Pins(bot),
            favourites=favourites,
            starter=starter,
            home=self.home,
            batches=batches,
        )

    @property
    def commands(self) -> dict[str, Handler]:
        """Their handlers by the names of the commands."""
        return {"launch": self._launch.handle, "panel": self._panel.handle}

    @property
    def buttons(self) -> dict[Verb, Handled]:
        """Their buttons, each with what it needs."""
        handlers = {
            Verb.LAUNCH: self._launch.start,
            Verb.LAUNCHES: self._launch.page,
            Verb.LAUNCH_CARD: self._launch.card,
            Verb.LAUNCH_DEED: self._launch.deed,
            Verb.NEW_LAUNCH: self._save.new,
            Verb.SAVE: self._save.preview,
            Verb.SAVE_AS: self._save.save,
            Verb.SAVE_NAME: self._save.ask_for_name,
            Verb.PANEL: self._panel.press,
        }
        return {verb: Handled(handle) for verb, handle in handlers.items()}
