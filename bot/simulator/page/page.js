// The page of the simulated Telegram: one open chat, and the rows the bot stores.
// Whatever people or the bot wrote is set as text, never as markup.

const byId = (id) => document.getElementById(id);
const people = [];
let open = null;
let table = "answer";
let seen = {};
// The server sends at most so many rows of a table.
const MOST = 12;

async function call(path, body) {
  const answer = await fetch(path, body === undefined ? {} : {
    method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(body),
  });
  if (!answer.ok) throw new Error(await answer.text());
  return answer.json();
}

function make(tag, properties = {}, ...children) {
  const element = Object.assign(document.createElement(tag), properties);
  element.append(...children);
  return element;
}

// People

async function join(kind) {
  try {
    const person = { ...(await call("/watch/people", { kind })), revision: -1, notices: 0 };
    people.push(person);
    choose(person);
  } catch (error) {
    toast(error.message);
  }
}

function choose(person) {
  open = person;
  person.revision = -1;
  byId("people").replaceChildren(...people.map((one) => {
    const tab = make("button", { textContent: one.name, onclick: () => choose(one) });
    tab.setAttribute("role", "tab");
    tab.setAttribute("aria-selected", one === person);
    return tab;
  }));
  byId("who").textContent = `with ${person.name}`;
  for (const id of ["text", "speak", "send"]) byId(id).disabled = false;
  byId("text").focus();
  follow(person);
}

async function follow(person) {
  while (open === person) {
    try {
      const chat = await call(`/sim/people/${person.id}/chat?after=${person.revision}&wait=25`);
      if (open !== person) return;
      if (chat.revision !== person.revision) show(person, chat);
    } catch {
      await new Promise((resolve) => setTimeout(resolve, 1000));
    }
  }
}

// The chat

function show(person, chat) {
  person.revision = chat.revision;
  const log = byId("messages");
  const focused = document.activeElement?.dataset?.at;
  log.replaceChildren(...chat.messages.map(bubble));
  log.scrollTop = log.scrollHeight;
  if (focused) (log.querySelector(`[data-at="${focused}"]`) ?? byId("text")).focus();
  for (const notice of chat.notices.slice(person.notices)) announce(notice);
  person.notices = chat.notices.length;
}

function bubble(message) {
  const time = new Date(message.date * 1000).toLocaleTimeString([], { hour: "2-digit", minute: "2-digit" });
  const content = make("div", { className: "bubble" }, ...contents(message),
    make("time", { textContent: (message.edit_date ? "edited " : "") + time }));
  const element = make("div", { className: message.from.is_bot ? "message" : "message mine" }, content);
  element.dataset.id = message.message_id;
  const rows = message.reply_markup?.inline_keyboard ?? [];
  if (rows.length) element.append(keyboard(message, rows));
  return element;
}

function contents(message) {
  if (message.text !== undefined) return [message.text];
  if (message.document) {
    const link = make("a", { href: `/sim/files/${message.document.file_id}`, download: message.document.file_name });
    link.textContent = `📄 ${message.document.file_name} (${Math.ceil(message.document.file_size / 1024)} KB)`;
    return [link, message.caption ? `\n${message.caption}` : ""];
  }
  const kinds = { voice: "🎤 0:03", sticker: "🙂 sticker", photo: "🖼 photo", location: "📍 location", contact: "👤 contact" };
  return [Object.entries(kinds).find(([kind]) => message[kind])?.[1] ?? "…"];
}

function keyboard(message, rows) {
  return make("div", { className: "keyboard" }, ...rows.map((row, y) => make("div", {}, ...row.map((button, x) => {
    const key = make("button", { type: "button", textContent: button.text });
    key.dataset.at = `${message.message_id}:${y}:${x}`;
    key.onclick = () => {
      key.setAttribute("aria-busy", "true");
      act("tap", { message_id: message.message_id, data: button.callback_data });
    };
    return key;
  }))));
}

function announce(notice) {
  if (!notice.text) return;
  if (!notice.alert) return toast(notice.text);
  byId("alert-text").textContent = notice.text;
  if (!byId("alert").open) byId("alert").showModal();
}

let hiding;
function toast(text) {
  byId("toast").textContent = text;
  byId("toast").hidden = false;
  clearTimeout(hiding);
  hiding = setTimeout(() => { byId("toast").hidden = true; }, 4500);
}

const act = (what, body = {}) => open && call(`/sim/people/${open.id}/${what}`, body).catch((error) => toast(error.message));

function send() {
  const text = byId("text").value;
  if (text.trim() === "") return;
  byId("text").value = "";
  grow();
  act("write", { text });
}

function grow() {
  byId("text").style.height = "auto";
  byId("text").style.height = `${byId("text").scrollHeight + 2}px`;
}

// The rows

async function watch() {
  for (;;) {
    try {
      showRows(await call("/watch/rows"));
    } catch { /* the bot is starting */ }
    await new Promise((resolve) => setTimeout(resolve, 700));
  }
}

function showRows(tables) {
  const texts = Object.fromEntries(Object.entries(tables).map(([name, rows]) => [name, rows.map((row) => JSON.stringify(row))]));
  const changed = Object.keys(tables).filter((name) => texts[name].join() !== seen[name]?.join());
  if (!changed.length && byId("tables").dataset.open === table) return;
  byId("tables").dataset.open = table;
  byId("tables").replaceChildren(...Object.keys(tables).map((name) => tableTab(name, tables[name].length, changed)));
  const rows = tables[table] ?? [];
  const before = new Set(seen[table]);
  seen = texts;
  byId("records").replaceChildren(rows.length ? grid(rows, (row) => !before.has(JSON.stringify(row))) : make("p", { className: "faint", textContent: "No rows." }));
}

function tableTab(name, count, changed) {
  const tab = make("button", { textContent: `${name} ${count < MOST ? count : `${count}+`}`, onclick: () => { table = name; } });
  tab.setAttribute("role", "tab");
  tab.setAttribute("aria-selected", name === table);
  if (changed.includes(name) && name !== table && seen[name]) tab.classList.add("changed");
  return tab;
}

function grid(rows, isNew) {
  const names = Object.keys(rows[0]).filter((name) => rows.some((row) => row[name] !== ""));
  const head = make("tr", {}, ...names.map((name) => make("th", { textContent: name })));
  const body = rows.map((row) => make("tr", { className: isNew(row) ? "new" : "" },
    ...names.map((name) => make("td", { textContent: short(row[name]), title: row[name] }))));
  return make("table", {}, make("thead", {}, head), make("tbody", {}, ...body));
}

// Random ids are long and say little; the whole stands in the cell's title.
const short = (value) => (/^[0-9a-f]{32}$/.test(value) ? `${value.slice(0, 8)}…` : value);

// Wiring

document.querySelectorAll("[data-kind]").forEach((button) => { button.onclick = () => join(button.dataset.kind); });
document.querySelectorAll("[data-thing]").forEach((button) => {
  button.onclick = () => { act("thing", { kind: button.dataset.thing }); button.closest("details").open = false; };
});
document.querySelector("[data-block]").onclick = (event) => { act("block", { blocked: true }); event.target.closest("details").open = false; };
byId("speak").onclick = () => act("speak");
byId("compose").onsubmit = (event) => { event.preventDefault(); send(); };
byId("text").oninput = grow;
byId("text").onkeydown = (event) => {
  if (event.key === "Enter" && !event.shiftKey && !event.isComposing) { event.preventDefault(); send(); }
};
function side(stored) {
  document.querySelector("main").classList.toggle("stored", stored);
  byId("show-rows").setAttribute("aria-selected", stored);
  byId("show-chat").setAttribute("aria-selected", !stored);
}
byId("show-chat").onclick = () => side(false);
byId("show-rows").onclick = () => side(true);
watch();
