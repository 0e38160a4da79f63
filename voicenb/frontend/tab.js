// Talk in a browser tab of its own: the same call and the same panel over a model that a socket to the helper keeps.

import { TabModel } from "./tab_model.js";
import { default as talk } from "./talk.js";

/** @type {Record<import("./tab_model.js").Lost, [string, string]>} why there is no panel, and what to do */
const WHY = {
  keyless: ["This address alone opens nothing.", "Use the whole one that talk.open() or voicenb talk gives."],
  used: ["This address was used before.", "Each one opens one tab. Another comes from talk.open(), or from running voicenb talk again."],
  over: ["The program behind this page has ended, or has closed its panel.", "Start it again; a call that was recorded is in vn.recordings()."],
  broken: ["The program behind this page cannot be reached.", "Where it still runs, talk.open() opens another tab."],
};

// What becomes of a call whose tab is closed or loaded anew, by who holds its connection to the service.
const THROUGH_KERNEL = "A call ends 20 seconds after its tab is closed; a reload comes back into it.";
const STRAIGHT =
  "This tab itself is connected to the service: closed or loaded anew, it ends its session there at once. " +
  'A reload goes on in another session, unless the call was made with on_lost="end".';

const panel = /** @type {HTMLElement} */ (document.getElementById("panel"));
const notice = /** @type {HTMLElement} */ (document.getElementById("notice"));
const ending = /** @type {HTMLElement} */ (document.getElementById("ending"));

/**
 * @param {string} strong
 * @param {string} [rest]
 */
function tell(strong, rest = "") {
  const bold = document.createElement("b");
  bold.textContent = strong;
  notice.replaceChildren(...(strong ? [bold, ` ${rest}`] : []));
}

const model = new TabModel({
  came() {
    const widget = talk();
    const { signal } = new AbortController();
    widget.initialize({ model, signal });
    widget.render({ el: panel, signal });
  },
  found: () => tell(""),
  lost(why) {
    notice.toggleAttribute("data-over", why !== null);
    if (why) tell(...WHY[why]);
    else tell("The connection is lost.", "Trying again …");
  },
});

model.on("change:_state", () => {
  const { agent, transport } = model.get("_state");
  document.title = `${agent || "Agent"} · voicenb`;
  ending.textContent = transport === "browser" ? STRAIGHT : THROUGH_KERNEL;
});
