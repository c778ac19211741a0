// Wakes the explorers of a built page: no kernel, no require.js, no request. A classic script, since a module cannot be
// loaded from a file:// page. Each widget's state is in the page, its front end a module in that state.
(function () {
  "use strict";
  // Behind Function, so that a browser which does not know import() can still run the rest and say so.
  const load = (url) => new Function("url", "return import(url)")(url);
  const modules = new Map();
  const styles = new Set();

  function model(state) {
    const listeners = new Map();
    const tell = (event, ...rest) => { for (const call of [...(listeners.get(event) || [])]) call(...rest); };
    return {
      get: (name) => state[name],
      set(name, value) {
        if (typeof name === "object") { for (const key of Object.keys(name)) this.set(key, name[key]); return; }
        if (state[name] === value) return;
        state[name] = value;
        tell(`change:${name}`, this, value);
        tell("change", this);
      },
      save_changes() {},
      send() {},
      on(events, call) {
        for (const event of events.split(" ")) listeners.set(event, (listeners.get(event) || new Set()).add(call));
      },
      off(events, call) {
        if (!events) return listeners.clear();
        for (const event of events.split(" ")) {
          if (call) (listeners.get(event) || new Set()).delete(call);
          else listeners.delete(event);
        }
      },
    };
  }

  function moduleOf(source) {
    if (!modules.has(source)) {
      const url = URL.createObjectURL(new Blob([source], { type: "text/javascript" }));
      modules.set(source, load(url).finally(() => URL.revokeObjectURL(url)));
    }
    return modules.get(source);
  }

  function dress(css) {
    if (!css || styles.has(css)) return;
    styles.add(css);
    const style = document.createElement("style");
    style.textContent = css;
    document.head.append(style);
  }

  async function wake(script, known) {
    script.dataset.awake = "waking";
    const place = document.createElement("div");
    place.className = "cb-place-of-explorer";
    script.after(place);
    try {
      const view = JSON.parse(script.textContent);
      if (!known.has(view.model_id)) {
        const state = known.states[view.model_id];
        if (!state || !state._esm) throw new Error(state ? "it is no explorer of this book" : "its state is not in the page");
        known.set(view.model_id, model(Object.assign({}, state)));
      }
      const shared = known.get(view.model_id);
      dress(shared.get("_css"));
      let front = (await moduleOf(shared.get("_esm"))).default;
      if (typeof front === "function") front = await front();
      if (front.initialize && !shared.begun) { shared.begun = true; await front.initialize({ model: shared }); }
      await front.render({ model: shared, el: place });
      place.dataset.awake = "true";
      script.dataset.awake = "true";
    } catch (error) {
      script.dataset.awake = place.dataset.awake = "failed";
      const old = error instanceof SyntaxError || typeof Blob === "undefined";
      place.textContent = (old ? "This explorer needs a newer browser" : "This explorer could not start")
        + ". The text and the figures of this page do without it.";
      console.error(error);
    }
  }

  function start() {
    const known = new Map();
    known.states = {};
    for (const script of document.querySelectorAll('script[type="application/vnd.jupyter.widget-state+json"]')) {
      const all = JSON.parse(script.textContent).state;
      for (const id of Object.keys(all)) known.states[id] = all[id].state;
    }
    for (const script of document.querySelectorAll('script[type="application/vnd.jupyter.widget-view+json"]')) {
      // Sphinx may load this file twice.
      if (!script.dataset.awake) wake(script, known);
    }
  }

  if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", start, { once: true });
  else start();
})();
