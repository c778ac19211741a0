import { explorer, h } from "./base.js";

function render({ model, el }) {
  const root = explorer(el, { name: "SlidingWindow", label: "Sliding window" });
  root.append(h("p", {}, `Input ${model.get("input_size").join(" × ")}`));
  return () => root.remove();
}

export default { render };
