"""The commands and buttons that look into the record, and launch or change nothing."""

from bot.calling.archive import Archive
from bot.calling.do_not_call import DoNotCallList
from bot.calling.lookup import Lookup
from bot.exports import Exports
from bot.handlers.batches import BatchesCommand
from bot.handlers.commands import Handler
from bot.handlers.door import Door
from bot.handlers.export import BatchFiles, ExportCommand
from bot.handlers.report import ReportCommand
from bot.handlers.status import StatusCommand
from bot.messenger import Messenger
from bot.workshop import Workshop


class Records:
    """All of them, side by side; `workshop` draws the charts."""

    def __init__(
        self,
        *,
        door: Door,
        messenger: Messenger,
        lookup: Lookup,
        archive: Archive,
        exports: Exports,
        workshop: Workshop,
        do_not_call: DoNotCallList,
    ) -> None:
        self.status = StatusCommand(
            door=door, messenger=messenger, lookup=lookup, do_not_call=do_not_call
        )
        self.batches = BatchesCommand(door=door, messenger=messenger, archive=archive)
        self.report = ReportCommand(
            door=door, messenger=messenger, archive=archive, workshop=workshop
        )
        self.export = ExportCommand(
            door=door, messenger=messenger, archive=archive, exports=exports
        )
        self.files = BatchFiles(messenger=messenger, archive=archive, exports=exports)

    @property
    def commands(self) -> dict[str, Handler]:
        """Their handlers by the names of the commands."""
        return {
            "status": self.status.handle,
            "batches": self.batches.handle,
            "report": self.report.handle,
            "export": self.export.handle,
        }
