// Makes elements. Nothing here takes HTML from a text, so what people write stays text.

/**
 * An element with attributes and children; `on*` attributes are listeners, null and false are left out.
 * @param {string} name
 * @param {Record<string, any>} [attributes]
 * @param {...(Node|string|null)} children
 */
export function el(name, attributes = {}, ...children) {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    if (value === null || value === undefined || value === false) continue;
    if (key.startsWith("on")) made.addEventListener(key.slice(2), value);
    else if (key === "class") made.className = value;
    else made.setAttribute(key, value === true ? "" : String(value));
  }
  made.append(...children.filter((child) => child !== null && child !== undefined));
  return made;
}

const SVG = "http://www.w3.org/2000/svg";

/** A picture of the sprite in index.html. */
export function icon(name) {
  const svg = document.createElementNS(SVG, "svg");
  const use = document.createElementNS(SVG, "use");
  use.setAttribute("href", `#i-${name}`);
  svg.setAttribute("aria-hidden", "true");
  svg.append(use);
  return svg;
}

/** The element with this id. */
export const byId = (id) => document.getElementById(id);

/** Shows or hides an element; true if that changed it. */
export function show(element, shown) {
  if (element.hidden === !shown) return false;
  element.hidden = !shown;
  return true;
}

/** Writes a text only where it differs, so that nothing is announced or laid out anew. */
export function write(element, text) {
  if (element.textContent !== text) element.textContent = text;
}

let zone = null;
let clock;
let day;

/** All hours and dates are shown in the bot's time zone. */
export function setZone(name) {
  if (name === zone) return;
  zone = name;
  clock = new Intl.DateTimeFormat("en-GB", { hour: "2-digit", minute: "2-digit", timeZone: name });
  day = new Intl.DateTimeFormat("en-GB", { day: "numeric", month: "long", timeZone: name });
}
setZone(undefined);

export const hour = (seconds) => clock.format(seconds * 1000);
export const date = (seconds) => day.format(seconds * 1000);

/** 12345 -> "12,345" */
export const number = (value) => new Intl.NumberFormat("en").format(value);

/** Bytes in words. */
export function size(bytes) {
  if (bytes < 1024) return `${bytes} B`;
  if (bytes < 1024 * 1024) return `${(bytes / 1024).toFixed(1)} KB`;
  return `${(bytes / 1024 / 1024).toFixed(1)} MB`;
}
