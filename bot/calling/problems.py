"""What can be wrong with an input, one word each; the sentences are in `bot.texts.problems`."""

from enum import StrEnum


class Problem(StrEnum):
    """What is wrong with the input."""

    NO_ARGUMENTS = "no_arguments"
    VOICE_FIRST = "voice_first"
    NO_NUMBER = "no_number"
    NOTHING_CALLABLE = "nothing_callable"
    TOO_MANY = "too_many"
    BAD_RETRY = "bad_retry"
    BAD_SERVER = "bad_server"
    BAD_VOICE = "bad_voice"
    UNKNOWN_OPTION = "unknown_option"
    OPTION_TWICE = "option_twice"
    NO_IDS = "no_ids"
    NO_EVENT = "no_event"
    BAD_RANGE = "bad_range"
    RANGE_BACKWARDS = "range_backwards"
    BAD_FORMAT = "bad_format"
    BAD_SUBJECT = "bad_subject"
    BAD_TIME = "bad_time"
    TIME_PAST = "time_past"
    TIME_FAR = "time_far"
    NO_WEEKDAYS = "no_weekdays"
    CANNOT_CALL = "cannot_call"
    FILE_TOO_LARGE = "file_too_large"
    FILE_EMPTY = "file_empty"
    FILE_ENCRYPTED = "file_encrypted"
    FILE_OTHER_SHEET = "file_other_sheet"
    FILE_NOT_WHAT_IT_SAYS = "file_not_what_it_says"
    FILE_UNKNOWN = "file_unknown"
    FILE_DAMAGED = "file_damaged"
    FILE_TOO_MUCH = "file_too_much"
    FILE_TOO_MANY_ROWS = "file_too_many_rows"
    FILE_NO_NUMBERS = "file_no_numbers"
    FILE_FAILED = "file_failed"
    FILE_NOT_FETCHED = "file_not_fetched"
    CONTACT_WITHOUT_NUMBER = "contact_without_number"
    NAME_EMPTY = "name_empty"
    NAME_TOO_LONG = "name_too_long"
    NAME_BEGINS = "name_begins"
    NAME_TAKEN = "name_taken"
    ONLY_YOU = "only_you"
    LAST_NUMBER = "last_number"
    NO_VOICE_NAMED = "no_voice_named"
    VOICE_KNOWN = "voice_known"
    VOICE_GONE = "voice_gone"
    SAY_NO_NUMBER = "say_no_number"
    TEXT_EMPTY = "text_empty"
    TEXT_TOO_LONG = "text_too_long"
    LAUNCH_GONE = "launch_gone"
    LAUNCH_VOICE_GONE = "launch_voice_gone"
    NO_LIST_NAMED = "no_list_named"
    LIST_NO_NUMBER = "list_no_number"
    LIST_NOTHING_CALLABLE = "list_nothing_callable"
    LIST_EMPTY = "list_empty"
    LIST_TOO_LARGE = "list_too_large"
    LIST_FULL = "list_full"
    LAUNCH_LIST_GONE = "launch_list_gone"
    LAUNCH_LIST_EMPTY = "launch_list_empty"
    LAUNCH_TOO_LARGE = "launch_too_large"
    LAUNCH_WITHOUT_VOICE = "launch_without_voice"
    REDACTED = "redacted"
    REASON_EMPTY = "reason_empty"
    REASON_TOO_LONG = "reason_too_long"
    ALL_DO_NOT_CALL = "all_do_not_call"
    YOU_DO_NOT_CALL = "you_do_not_call"
    DNC_NO_NUMBER = "dnc_no_number"
    DNC_NOTHING_CALLABLE = "dnc_nothing_callable"
    DNC_ONE_NUMBER = "dnc_one_number"
    DNC_NOT_LISTED = "dnc_not_listed"
    DNC_NO_REASON = "dnc_no_reason"
    DNC_LONG_REASON = "dnc_long_reason"
    DNC_EMPTY = "dnc_empty"
    DNC_BAD_FORMAT = "dnc_bad_format"


class Asked(StrEnum):
    """What something looks like under which nothing is recorded."""

    NOTHING = "nothing"
    BATCH = "batch"
    NUMBER = "number"
    ID = "id"
    DIGITS = "digits"  # no whole number
    OTHER = "other"


class TeamProblem(StrEnum):
    """Why the team is not changed."""

    NO_ADMIN = "no_admin"  # who asks is none
    IN_ADMIN_IDS = "in_admin_ids"
    ONESELF = "oneself"
    LAST_ADMIN = "last_admin"
    UNKNOWN_MEMBER = "unknown_member"
    NO_ROLE = "no_role"
    NO_PERSON = "no_person"  # a bot or a channel
    IS_SO = "is_so"


class InviteProblem(StrEnum):
    """Why an invite makes nobody a member."""

    UNKNOWN = "unknown"
    USED = "used"
    LATE = "late"
    TAKEN_BACK = "taken_back"
    NOT_NEEDED = "not_needed"  # who follows it has this role or a higher one
    SUSPENDED = "suspended"
    OLDER = "older"  # made before who follows it was suspended or removed
