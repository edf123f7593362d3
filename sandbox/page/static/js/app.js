// Wires the page: the store tells what changed, the parts draw it.

import { makeChat } from "./chat.js";
import { makeComposer } from "./composer.js";
import { toast } from "./dialogs.js";
import { act } from "./acts.js";
import { byId, el, setZone, show, write } from "./dom.js";
import { drawReplyKeys, foldReplyKeys } from "./keyboard.js";
import { follow } from "./live.js";
import { startPanel } from "./panel.js";
import { drawSeats } from "./seats.js";
import { lastSeat, onSeat, seat, sit } from "./session.js";
import { listen, state } from "./store.js";

const THEME = "callboard-demo-theme";
const OFFLINE_AFTER = 400; // milliseconds: a change of network is not worth a word

const taps = {
  command: (text) => composer.say(text),
  hashtag: (text) => chat.find(text),
  link: openLink,
};
const chat = makeChat({ taps });
const composer = makeComposer({ onSend: chat.sending });
chat.useComposer(composer);

// Deep links: https://core.telegram.org/bots/features#deep-linking

let deepLink = new URLSearchParams(location.search).get("start");

/** Follow a link to the bot inside the page; true if it was one. */
function openLink(url) {
  if (!URL.canParse(url)) return false;
  const { host, pathname, searchParams } = new URL(url);
  const name = pathname.slice(1).toLowerCase();
  if (!["t.me", "telegram.me"].includes(host) || name !== (state.cast.bot.username ?? "").toLowerCase()) return false;
  deepLink = searchParams.get("start") ?? "";
  sit({ chat: seat.person, thread: null });
  drawStart();
  return true;
}

function drawStart() {
  show(byId("start-bar"), deepLink !== null && seat.chat === seat.person);
}

byId("start").addEventListener("click", async () => {
  const payload = deepLink;
  deepLink = null;
  drawStart();
  history.replaceState(null, "", location.pathname);
  try {
    await act("start", { person: seat.person, payload });
  } catch (error) {
    toast(error.message);
  }
});

// Examples

let examplesFor = null;

function drawExamples() {
  const kind = chat.place()?.kind === "private" ? "private" : "group";
  if (examplesFor === `${state.run} ${kind}`) return;
  examplesFor = `${state.run} ${kind}`;
  const fitting = state.cast.examples.filter((one) => one.chat === "any" || one.chat === kind);
  byId("examples").replaceChildren(
    ...fitting.map(({ label, text }) => el("button", { type: "button", title: text, onclick: () => composer.say(text) }, label)),
  );
}

// Light and dark

function useTheme(theme) {
  if (theme) document.documentElement.dataset.theme = theme;
  else delete document.documentElement.dataset.theme;
}

useTheme(localStorage.getItem(THEME));
byId("theme").addEventListener("click", () => {
  const dark = document.documentElement.dataset.theme ? document.documentElement.dataset.theme === "dark" : matchMedia("(prefers-color-scheme: dark)").matches;
  localStorage.setItem(THEME, dark ? "light" : "dark");
  useTheme(dark ? "light" : "dark");
});

// Chat or gateway, where there is room for one

function view(name) {
  document.body.dataset.view = name;
  byId("tab-chat").setAttribute("aria-pressed", String(name === "chat"));
  byId("tab-panel").setAttribute("aria-pressed", String(name === "panel"));
}
byId("tab-chat").addEventListener("click", () => view("chat"));
byId("tab-panel").addEventListener("click", () => view("panel"));

// Together

byId("keys-toggle").addEventListener("click", () => foldReplyKeys(chat.place(), composer));

function settle() {
  drawSeats();
  drawExamples();
  drawStart();
  if (chat.place()) drawReplyKeys(chat.place(), composer);
}

onSeat((moved) => {
  if (moved) {
    composer.leave();
    show(byId("found"), false);
  }
  chat.open();
  settle();
});

listen((patch) => {
  if (patch.fresh) {
    setZone(state.cast.timezone);
    sit(seat.person ? {} : lastSeat());
    return;
  }
  chat.update(patch);
  if (patch.messages || patch.menus || patch.bot || patch.cast) settle();
});
startPanel();

let offline = 0;
follow((online) => {
  clearTimeout(offline);
  if (online) write(byId("offline"), "");
  else offline = setTimeout(() => write(byId("offline"), "Connection lost. Trying again…"), OFFLINE_AFTER);
});
