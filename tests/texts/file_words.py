"""The sentences for files that are refused; where they have a value it is XLS or 2,000,000."""

from bot.calling.problems import Problem

FILE_WORDS = {
    Problem.FILE_TOO_LARGE: (
        "This file is larger than 2 MB; nothing was taken from it. Send the numbers in several "
        "files, or without the other columns."
    ),
    Problem.FILE_TOO_MUCH: (
        "This file unpacks to more than I read; nothing was taken from it. Save the numbers alone "
        "as CSV, and send that."
    ),
    Problem.FILE_TOO_MANY_ROWS: (
        "This file has more than 2,000,000 rows; nothing was taken from it. Send it in several "
        "files."
    ),
    Problem.FILE_EMPTY: "This file is empty, and nothing was taken from it. Send another one.",
    Problem.FILE_ENCRYPTED: (
        "This file has a password; nothing was taken from it. Save it without one, and send that."
    ),
    Problem.FILE_OTHER_SHEET: (
        "I cannot read XLS sheets, and nothing was taken from this one. Save it as XLSX or CSV, "
        "and send that."
    ),
    Problem.FILE_NOT_WHAT_IT_SAYS: (
        "This file is called XLS and is something else; nothing was taken from it. Open it, save "
        "it as XLSX or CSV, and send that."
    ),
    Problem.FILE_UNKNOWN: (
        "I do not know this kind of file; nothing was taken from it. I read TXT, CSV, XLSX and "
        "contact cards (VCF)."
    ),
    Problem.FILE_DAMAGED: (
        "This file is damaged; nothing was taken from it. Open it, save it anew, and send that."
    ),
    Problem.FILE_NO_NUMBERS: (
        "There is no number in this file, and nothing was taken from it. Send one with a number "
        "in each line or row."
    ),
    Problem.FILE_FAILED: (
        "This file could not be read in the time that it may take; nothing was taken from it. "
        "Save the numbers alone as CSV, and send that."
    ),
    Problem.FILE_NOT_FETCHED: (
        "Telegram did not give me this file; nothing was taken from it. Send it again."
    ),
    Problem.CONTACT_WITHOUT_NUMBER: (
        "This contact card has no number, and nothing was taken from it. Send another one, or "
        "type the number."
    ),
}
