// The direction of a line as Telegram's apps see it: by its first letter that has one, and what is
// set apart (U+2066 to U+2069) does not count (UAX 9, rule P2). Browsers count that, too.

const LETTER = /\p{L}/u;
const RIGHT_TO_LEFT = /[\p{Script=Arabic}\p{Script=Hebrew}\p{Script=Syriac}\p{Script=Thaana}\p{Script=Nko}]/u;
const APART = /[\u2066-\u2068]/;
const MARKS = { ltr: "\u200e", rtl: "\u200f" };

/** "ltr" or "rtl"; null where no letter tells. */
function first(text, skipping) {
  let depth = 0;
  for (const letter of text) {
    if (skipping && APART.test(letter)) depth += 1;
    else if (skipping && letter === "\u2069") depth -= depth > 0;
    else if (depth === 0 && LETTER.test(letter)) return RIGHT_TO_LEFT.test(letter) ? "rtl" : "ltr";
  }
  return null;
}

/** The direction of one line, such as a label. */
export const direction = (line) => first(line, true) ?? "ltr";

/**
 * A text and its entities with a mark before each line that a browser would turn the wrong way.
 * @param {string} text
 * @param {any[]} entities
 */
export function directed(text, entities) {
  let made = "";
  let moved = entities.map((entity) => ({ ...entity }));
  for (const line of text.split(/(?<=\n)/)) {
    const right = direction(line);
    if (right !== (first(line, false) ?? "ltr")) {
      moved = moved.map((entity) => pushed(entity, made.length));
      made += MARKS[right];
    }
    made += line;
  }
  return { text: made, entities: moved };
}

function pushed(entity, at) {
  if (entity.offset >= at) return { ...entity, offset: entity.offset + 1 };
  return entity.offset + entity.length > at ? { ...entity, length: entity.length + 1 } : entity;
}
