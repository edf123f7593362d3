"""What a job costs a person: taps and typed characters, counted inside the page as they happen.

A click is a tap. A paste is one, too: with the tap on the text box and that on *Send* it is the
three that it takes on a phone. What the page does by itself is no event of a person, and Chromium
says so (`isTrusted`).
"""

from dataclasses import dataclass

from playwright.async_api import Page

COUNT = """() => {
  const effort = (window.effort = { taps: 0, characters: 0 });
  const counted = (kind, cost) =>
    addEventListener(kind, (event) => event.isTrusted && cost(event), true);
  const quiet = new Set(["Control", "Shift", "Alt", "Meta"]);
  counted("click", () => (effort.taps += 1));
  counted("paste", () => (effort.taps += 1));
  counted("input", ({ inputType, data }) => {
    if (inputType !== "insertFromPaste") effort.characters += (data ?? " ").length;
  });
  counted("keydown", ({ key, ctrlKey }) => {
    if (key.length > 1 && !ctrlKey && !quiet.has(key)) effort.characters += 1;
  });
}"""


@dataclass(frozen=True, slots=True)
class Effort:
    """Taps and typed characters; other keys of the keyboard count as characters."""

    taps: int
    characters: int

    def __str__(self) -> str:
        """As it stands in the docs."""
        taps = "1 tap" if self.taps == 1 else f"{self.taps} taps"
        return f"{taps}, {self.characters} characters"


async def start_counting(page: Page) -> None:
    """Count from now on, until the page is loaded anew."""
    await page.evaluate(COUNT)


async def counted(page: Page) -> Effort:
    """What was counted since."""
    return Effort(**await page.evaluate("window.effort"))
