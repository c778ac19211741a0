// What a page needs besides its explorers: boxes that scroll can be reached by keyboard, folds open on paper.
(function () {
  "use strict";
  const BOXES = ".bd-content :is(pre, .katex-display, .pst-scrollable-table-container, .cb-figure-box, .cell_output .output)";

  // A box becomes narrower with the window, the side bar and the fold that it is in.
  const reach = new ResizeObserver((changes) => {
    for (const { target: box } of changes) {
      if (box.scrollWidth > box.clientWidth + 1) box.tabIndex = 0;
      else if (box.matches('[tabindex="0"]')) box.removeAttribute("tabindex");
    }
  });

  function openFolds() {
    const closed = document.querySelectorAll("details:not([open])");
    for (const fold of closed) fold.open = true;
    addEventListener("afterprint", () => { for (const fold of closed) fold.open = false; }, { once: true });
  }

  addEventListener("beforeprint", openFolds);
  addEventListener("load", () => { for (const box of document.querySelectorAll(BOXES)) reach.observe(box); });
})();
