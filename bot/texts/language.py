"""The reader's language: translation, plurals, numbers and times; every inserted value is escaped.

English is the source language. Another one is a gettext catalogue `callboard` under `locale/`;
sentences are whole, so that a translator never meets pieces.

Where numbers are masked, the sentence itself masks every text that is put into it: a number, a
name, what somebody typed. So no text has to think of it, and none can forget it.
"""

import contextlib
import unicodedata
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime
from gettext import NullTranslations
from zoneinfo import ZoneInfo

from babel import Locale
from babel.dates import format_date, format_datetime
from babel.numbers import format_decimal, format_percent
from markupsafe import Markup

from bot.calling.numbers import national
from storage.masking import masked

_FIRST_STRONG, _END = "\u2068", "\u2069"


@dataclass(frozen=True, slots=True)
class Language:
    """Who reads: the language, and the time zone of every hour that is shown.

    Attributes:
        masks_groups: whether numbers are masked in groups.
        masked: whether they are masked for this reader.
    """

    code: str
    timezone: ZoneInfo
    catalogue: NullTranslations = field(default_factory=NullTranslations, compare=False)
    masks_groups: bool = False
    masked: bool = False

    def in_chat(self, chat_id: int) -> "Language":
        """The language for a chat; the ids of groups and channels are below 0."""
        return replace(self, masked=self.masks_groups and chat_id < 0)

    @property
    def locale(self) -> Locale:
        """Babel's locale, for plurals, numbers and dates."""
        return Locale.parse(self.code)

    def free(self, text: str) -> str:
        """A text as this reader may see it: whatever in it may be a number by its ends alone."""
        if not self.masked or isinstance(text, Markup):
            return text
        return masked(text, _by_its_ends)

    def _values(self, values: dict[str, object]) -> dict[str, object]:
        return {
            name: self.free(value) if isinstance(value, str) else value
            for name, value in values.items()
        }

    def say(self, message: str, **values: object) -> Markup:
        """The sentence in this language, its values escaped unless they are `Markup`."""
        text = self.catalogue.gettext(message)
        return Markup(text).format(**self._values(values))  # noqa: S704 -- sentences are ours, values get escaped

    def count(self, one: str, many: str, n: int, **values: object) -> Markup:
        """The sentence in the plural form for `n`, which it may show as `{n}`."""
        text = self.catalogue.ngettext(one, many, n)
        return Markup(text).format(n=self.number(n), **self._values(values))  # noqa: S704 -- as above

    def number(self, n: int) -> str:
        """A whole number with the language's separators; its digits are Latin."""
        return format_decimal(n, locale=self.locale)

    def money(self, thousandths: int) -> Markup:
        """An amount in Toman."""
        return self.say("{amount} Toman", amount=self.number(round(thousandths / 1000)))

    def short_money(self, thousandths: int) -> Markup:
        """An amount in Toman where there is little room."""
        return self.say("{amount} T", amount=self.number(round(thousandths / 1000)))

    def span(self, seconds: float) -> Markup:
        """How long something took, in its two largest units."""
        whole = round(seconds)
        minutes, hours = whole // 60, whole // 3600
        if hours:
            return self.say(
                "{hours} h {minutes} min", hours=self.number(hours), minutes=minutes % 60
            )
        if minutes:
            return self.say("{minutes} min {seconds} s", minutes=minutes, seconds=whole % 60)
        return self.say("{seconds} s", seconds=whole)

    def share(self, part: int, whole: int) -> str:
        """A part of a whole (which is not 0) in percent; only all is 100 %, only none is 0 %."""
        percent = round(100 * part / whole)
        if 0 < part < whole:
            percent = min(99, max(1, percent))
        return format_percent(percent / 100, locale=self.locale)

    def hour(self, at: float, now: float | None = None) -> str:
        """A time of day; with its date unless it is today's, and the year if it is another."""
        moment = datetime.fromtimestamp(at, UTC).astimezone(self.timezone)
        today = datetime.fromtimestamp(now, UTC).astimezone(self.timezone) if now else moment
        form = "d MMM HH:mm" if moment.year == today.year else "d MMM y HH:mm"
        form = "HH:mm" if moment.date() == today.date() else form
        return format_datetime(moment, form, locale=self.locale)

    def day(self, of: date) -> str:
        """A day with its year."""
        return format_date(of, "d MMM y", locale=self.locale)

    def short_day(self, of: date) -> str:
        """A day where there is little room."""
        return format_date(of, "d MMM", locale=self.locale)

    def ago(self, seconds: float) -> Markup:
        """How long ago, in words."""
        minutes = int(seconds // 60)
        if minutes < 1:
            return self.say("less than a minute ago")
        return self.count("one minute ago", "{n} minutes ago", minutes)

    def name(self, name: str) -> str:
        """A person's name, set apart where its direction could disturb the sentence around it."""
        if any(unicodedata.bidirectional(letter) in {"R", "AL", "AN"} for letter in name):
            return f"{_FIRST_STRONG}{name}{_END}"
        return name


def _by_its_ends(number: str) -> str:
    """`0912…012`: how a number begins, if that leaves four of its digits unseen, and how it ends.

    One that says its country is shown in the national form, as all numbers are.
    """
    digits = "".join(str(int(digit)) for digit in number if digit.isdecimal())
    if number.startswith("+"):
        with contextlib.suppress(ValueError):
            digits = national(f"+{digits}")
    return f"{digits[: max(0, min(4, len(digits) - 7))]}…{digits[-3:]}"


def clean_name(name: str, limit: int = 64) -> str:
    """A name as it may be shown anywhere: no control or direction marks, one line, not long."""
    kept = "".join(" " if letter.isspace() else letter for letter in name)
    kept = "".join(letter for letter in kept if unicodedata.category(letter)[0] != "C")
    kept = " ".join(kept.split())
    return kept if len(kept) <= limit else kept[: limit - 1] + "…"
