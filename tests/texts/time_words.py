"""What is said of a time that cannot be planned for, and of a schedule that cannot call."""

from bot.calling.problems import Problem

TIME_WORDS = {
    Problem.BAD_TIME: (
        "soon cannot be read as a time; nothing was planned. Send for example 18:30, tomorrow 9, "
        "in 2 h or 2026-12-01 08:00."
    ),
    Problem.TIME_PAST: "This time is over; nothing was planned. Pick one that is still ahead.",
    Problem.TIME_FAR: (
        "This is more than 366 days ahead; nothing was planned. Pick an earlier one."
    ),
    Problem.NO_WEEKDAYS: "No day is chosen; nothing was planned. Tap at least one.",
    Problem.CANNOT_CALL: (
        "Its voice or its numbers are not there as things are; nothing was called. The message "
        "says what would help."
    ),
}
