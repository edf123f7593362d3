// The gateway beside the chat: its phones, its requests, and what it is told to do wrong.

import { act } from "./acts.js";
import { toast } from "./dialogs.js";
import { byId, el, hour, number, show, write } from "./dom.js";
import { listen, state } from "./store.js";

const SPEEDS = [1, 2, 3, 5, 10, 30, 60];
const DIGITS_DECIDE = -5;
const SHOWN_REQUESTS = 60;
const OUTCOMES = {
  NORMAL: ["✅", "answered"],
  NO_ANSWER: ["📵", "no answer"],
  USER_BUSY: ["☎️", "busy"],
  ERROR: ["⛔", "failed"],
  EXPIRED: ["⌛", "expired"],
  UNKNOWN: ["❔", "not known"],
};
const PHASES = { queued: "waits", ringing: "rings", talking: "talks", between: "tries again", ended: "ended" };
const FAULTS = [
  { label: "no answer within the timeout, calls are placed", value: { name: "hang" } },
  { label: "no answer within the timeout, no call placed", value: { name: "hang", placed: false } },
  { label: "401, the token is not taken", value: { name: "unauthorized" } },
  { label: "400 InvalidServer", value: { name: "refuse", code: "InvalidServer" } },
  { label: "400 with a code nobody knows", value: { name: "refuse", code: "QuotaExceeded" } },
  { label: "502, a page of HTML", value: { name: "bad_gateway" } },
  { label: "connection cut amid the answer", value: { name: "cut" } },
];

const groups = new Map(); // request number -> {element, grid, summary}
const phones = new Map(); // call id -> {element, rev}

/** Draw the panel, and keep it so. */
export function startPanel() {
  const select = byId("fault");
  select.append(...FAULTS.map(({ label }, index) => el("option", { value: index }, label)), el("option", { value: "" }, "nothing: be honest"));
  byId("speed").addEventListener("input", () => write(byId("speed-out"), `${SPEEDS[byId("speed").value]} ×`));
  byId("speed").addEventListener("change", () => tell({ speed: SPEEDS[byId("speed").value] }));
  byId("rate").addEventListener("input", () => write(byId("rate-out"), rateText(Number(byId("rate").value))));
  byId("rate").addEventListener("change", () => {
    const rate = Number(byId("rate").value);
    tell({ answer_rate: rate < 0 ? null : rate });
  });
  byId("fault-go").addEventListener("click", () => tell({ fault: select.value === "" ? null : FAULTS[select.value].value }));
  byId("outage").addEventListener("change", () => tell({ outage: byId("outage").checked }));
  byId("events").addEventListener("change", () => tell({ events: byId("events").checked }));
  listen(draw);
}

async function tell(asked) {
  try {
    await act("gateway", asked);
  } catch (error) {
    toast(error.message);
    drawControls();
  }
}

function draw(patch) {
  if (patch.fresh) {
    groups.clear();
    phones.clear();
    byId("phones").replaceChildren(el("p", { class: "empty" }, "They appear with the first launch."));
  }
  if (patch.fresh || patch.gateway) {
    drawControls();
    drawTotals();
  }
  if (patch.requests?.length || patch.fresh) drawRequests();
  const touched = new Set();
  for (const { id } of inOrder(patch.calls ?? [])) touched.add(drawPhone(state.calls.get(id)));
  for (const group of touched) summarise(group);
}

/** Oldest launch first, so that the newest is drawn above it; in it by number. */
function inOrder(calls) {
  return [...calls].sort((a, b) => a.request - b.request || (a.number < b.number ? -1 : 1));
}

// Totals

function drawTotals() {
  const { requests = 0, calls = 0, open = 0, ended = {}, cost = 0 } = state.gateway.totals;
  write(byId("n-requests"), number(requests));
  write(byId("n-calls"), number(calls));
  write(byId("n-open"), number(open));
  write(byId("n-cost"), `${number(Math.round(cost))} T`);
  show(byId("open-calls"), open > 0);
  write(byId("open-calls"), String(open));
  const parts = [...Object.keys(OUTCOMES).map((name) => [name, ended[name] ?? 0]), ["open", open]].filter(([, count]) => count > 0);
  const bar = byId("outcomes");
  bar.setAttribute("aria-label", parts.map(([name, count]) => `${count} ${OUTCOMES[name]?.[1] ?? "open"}`).join(", ") || "No call has ended yet");
  bar.replaceChildren(
    ...parts.map(([name, count]) => {
      const part = el("span", { class: `part ${name.toLowerCase()}` });
      part.style.flexGrow = count;
      return part;
    }),
  );
  byId("legend").replaceChildren(
    ...parts.map(([name, count]) => el("li", {}, el("i", { class: `dot ${name.toLowerCase()}`, "aria-hidden": "true" }), `${number(count)} ${OUTCOMES[name]?.[1] ?? "open"}`)),
  );
}

// Controls

function rateText(rate) {
  return rate < 0 ? "by last digit" : `${rate} %`;
}

function drawControls() {
  const { speed, answer_rate: rate, fault, outage, events = {} } = state.gateway;
  const nearest = SPEEDS.reduce((best, one, index) => (Math.abs(one - speed) < Math.abs(SPEEDS[best] - speed) ? index : best), 0);
  set(byId("speed"), nearest);
  write(byId("speed-out"), `${Number(speed.toFixed(1))} ×`);
  set(byId("rate"), rate ?? DIGITS_DECIDE);
  write(byId("rate-out"), rateText(rate ?? DIGITS_DECIDE));
  write(byId("fault-now"), fault ? `The next request meets: ${faultLabel(fault)}.` : "Nothing goes wrong.");
  byId("outage").checked = outage;
  byId("events").checked = Boolean(events.on);
  byId("events").disabled = !events.available;
  write(byId("events-hint"), events.available ? "" : "Events need a bot that listens for them.");
  document.body.classList.toggle("outage", outage);
}

/** A fault in the words of the list it was picked from. */
function faultLabel(fault) {
  const same = ({ value }) => Object.entries({ placed: true, ...value }).every(([name, one]) => (fault[name] ?? true) === one);
  return (FAULTS.find(same) ?? FAULTS.find(({ value }) => value.name === fault.name))?.label ?? fault.name;
}

function set(input, value) {
  if (document.activeElement !== input) input.value = value;
}

// Phones

function drawPhone(call) {
  const group = groupOf(call);
  const known = phones.get(call.id);
  const [sign, word] = OUTCOMES[call.outcome] ?? ["", ""];
  const label = `${call.number} ${call.phase === "ended" ? word : PHASES[call.phase]}`;
  const element = known?.element ?? el("div", { class: "phone", role: "img", "data-id": call.id }, el("span", { class: "sign", "aria-hidden": "true" }), el("span", { class: "digits", "aria-hidden": "true" }, call.number.slice(-4)), el("span", { class: "state", "aria-hidden": "true" }));
  element.dataset.phase = call.phase;
  element.dataset.outcome = call.outcome ?? "";
  element.setAttribute("aria-label", label);
  element.title = `${label}${call.sec ? `, ${call.sec} s, ${call.cost} Toman` : ""}`;
  write(element.children[0], call.phase === "ended" ? sign : { queued: "·", ringing: "🔔", talking: "💬", between: "↻" }[call.phase]);
  write(element.children[2], call.phase === "ended" ? (call.sec ? `${call.sec} s` : word) : PHASES[call.phase]);
  if (!known) {
    group.grid.append(element);
    group.calls.push(call.id);
    phones.set(call.id, { element });
  }
  return group;
}

/** The calls of one request stand together. */
function groupOf({ request: serial, at }) {
  let group = groups.get(serial);
  if (group) return group;
  const summary = el("span", { class: "quiet" });
  const grid = el("div", { class: "grid" });
  const request = state.requests.get(serial);
  const spoken = request?.text ? el("p", { class: "spoken", dir: "auto" }, `🗣 ${request.text}`) : null;
  const title = spoken ? "Spoken text" : request?.voice ? `Voice ${request.voice.slice(0, 6)}…` : `Request ${serial}`;
  const element = el("section", { class: "group" }, el("h4", {}, el("span", {}, title, " · ", hour(at)), summary), spoken, grid);
  group = { element, grid, summary, calls: [] };
  groups.set(serial, group);
  byId("phones").querySelector(".empty")?.remove();
  byId("phones").prepend(element);
  return group;
}

function summarise(group) {
  const calls = group.calls.map((id) => state.calls.get(id));
  const ended = calls.filter((call) => call.phase === "ended").length;
  write(group.summary, ended === calls.length ? `all ${calls.length} ended` : `${ended} of ${calls.length} ended`);
  group.element.classList.toggle("many", calls.length > 60);
}

// Requests

function drawRequests() {
  const newest = [...state.requests.values()].sort((a, b) => b.n - a.n).slice(0, SHOWN_REQUESTS);
  if (!newest.length) return byId("requests").replaceChildren(el("li", { class: "empty" }, "None yet."));
  byId("requests").replaceChildren(...newest.map(requestElement));
}

function requestElement(request) {
  const went = request.fault ? `${request.result} (${request.fault})` : request.result;
  const good = request.result === "accepted" || request.result === "answered";
  const what = { post: "POST", status: "GET", event: "EVENT" }[request.kind] ?? request.kind;
  const numbers = request.numbers ? `${request.numbers} ${request.numbers === 1 ? "number" : "numbers"}` : null;
  return el(
    "li",
    { class: "request", value: request.n, "data-kind": request.kind },
    el("span", { class: "verb" }, what),
    el("span", { class: "path" }, request.path.replace("/api/v2", "")),
    el("span", { class: "quiet" }, [hour(request.at), numbers, request.code].filter(Boolean).join(" · ")),
    el("span", { class: `verdict ${good ? "good" : "bad"}` }, went + (request.placed && !good ? ", calls placed" : "")),
  );
}
