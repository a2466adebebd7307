// What only a browser can do: make a passkey, sign in with it, countersign with it.
//
// Before it asks for a countersignature the page reads back the text it shows, hashes it, and
// compares that with the statement to be signed: so a page that shows one thing and has another
// signed is found out. It is no shield against a server that lies on purpose: this script is its.
const BASE64URL = { alphabet: "base64url", omitPadding: true };
const bytesOf = (text) => Uint8Array.fromBase64(text, BASE64URL);
const sha256 = async (...pieces) =>
  new Uint8Array(await crypto.subtle.digest("SHA-256", await new Blob(pieces).arrayBuffer()));

class Stop extends Error {}

const post = async (url, body) => {
  const csrf = document.querySelector("meta[name=csrf]").content;
  const answer = await fetch(url, {
    method: "POST",
    headers: { "Content-Type": "application/json", "X-CSRF-Token": csrf },
    body: JSON.stringify(body),
  }).catch(() => { throw new Stop("The server can't be reached. Reload the page to see where it stands."); });
  const said = await answer.json().catch(() => ({}));
  if (answer.ok) return said;
  throw new Stop(said.title ? `${said.title} ${said.remedy ?? ""}` : `The server answered ${answer.status}.`);
};

// What this page shows, as bytes. JSON.stringify writes strings the way RFC 8785 wants them.
const shown = () => {
  const parts = [...document.querySelectorAll("[data-signing] [data-part]")];
  if (!parts.length || !parts.every((part) => part.checkVisibility())) {
    throw new Stop("This page doesn't show the whole text. Reload it.");
  }
  return JSON.stringify(parts.map((part) => [part.dataset.part, part.textContent]));
};

// A list decided together: the root (RFC 6962) over one leaf a row, each as the row shows it.
const leaf = (row) => {
  const [id, content, opened] = ["case", "content", "opened"].map((name) => row.querySelector(`[data-${name}]`).textContent);
  return sha256("\0", JSON.stringify([id, content, opened === "opened"]));
};
const root = async (leaves) => {
  if (leaves.length === 1) return leaves[0];
  const half = 2 ** (31 - Math.clz32(leaves.length - 1));
  return sha256("\x01", await root(leaves.slice(0, half)), await root(leaves.slice(half)));
};
const listed = async () => root(await Promise.all([...document.querySelectorAll("[data-list] [data-leaf]")].map(leaf)));

// The statement's id, if it is about exactly what this page shows.
const demandSame = async (form, { statement, salt, options }) => {
  const bytes = bytesOf(statement);
  const said = JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(bytes));
  const content = document.querySelector("[data-list]") ? await listed()
    : await sha256("trustwright/commitment/v1\0content\0", bytesOf(salt), shown());
  const challenge = await sha256("trustwright/approval/v1\0", bytes);
  const same = said.content === content.toHex()
    && options.challenge === challenge.toBase64(BASE64URL)
    && [...form.querySelectorAll("[data-must]")].every((m) => said[m.dataset.must] === m.value);
  if (!same) throw new Stop("What this page shows isn't what would be signed. Nothing was signed: reload the page and read it again.");
  return said.id;
};

const ask = async (options) => {
  const publicKey = PublicKeyCredential.parseRequestOptionsFromJSON(options);
  return (await navigator.credentials.get({ publicKey })).toJSON();
};
const make = async (options) => {
  const publicKey = PublicKeyCredential.parseCreationOptionsFromJSON(options);
  return (await navigator.credentials.create({ publicKey })).toJSON();
};

const run = async (form) => {
  const { passkey, begin, finish } = form.dataset;
  const inputs = [...form.querySelectorAll("[data-send]")];
  const sent = Object.fromEntries(inputs.map((input) => [input.dataset.send, input.value]));
  const begun = await post(begin, sent);
  if (passkey === "countersign") sent.statement = await demandSame(form, begun);
  const credential = await (passkey === "enrol" ? make : ask)(begun.options);
  const { location: to } = await post(finish, { ...sent, credential });
  if (new URL(to, location).origin !== location.origin) throw new Stop("The server named another site.");
  location.assign(to);
};

const REASONS = {
  NotAllowedError: "No passkey was used: it was cancelled, or took too long. Nothing was signed.",
  InvalidStateError: "This device already has a passkey for you. Sign in with it.",
  SecurityError: "No passkey works at this address. Open the console by its name.",
};

for (const form of document.querySelectorAll("form[data-passkey]")) {
  const button = form.querySelector("button");
  const place = document.querySelector("[data-said]");
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    button.disabled = true;
    place.className = "said";
    place.textContent = "Waiting for your passkey…";
    await run(form).catch((error) => {
      place.className = "said bad";
      place.textContent = error instanceof Stop ? error.message
        : REASONS[error.name] ?? "This browser can't do it. A current one can, over https or on localhost.";
      button.disabled = false;
    });
  });
}
