// The payment window: an overlay on a PC, the whole page on a phone (Toss: sdk.md §4).

let openWindow = null;

function redirect(url) {
  const { protocol } = new URL(url);
  if (["http:", "https:"].includes(protocol)) location.assign(url);
}

// Opens the window. In redirect mode the promise never resolves: the page leaves, and what
// stands after an `await` must not run on.
function openPaymentWindow({ request, target, redirects }) {
  if (openWindow) fail("INVALID_METHOD_TRANSACTION");
  if (target === "self") {
    const told = { ...request, mode: "self", scheme: scheme() };
    location.assign(`${ORIGIN}/v2/window#${encodeURIComponent(JSON.stringify(told))}`);
    return new Promise(() => {});
  }
  return new Promise((resolve, reject) => {
    const before = document.activeElement;
    const overlay = document.createElement("dialog");
    overlay.setAttribute("aria-label", "결제창");
    Object.assign(overlay.style, {
      position: "fixed", inset: "0", width: "100%", height: "100%", maxWidth: "none",
      maxHeight: "none", margin: "0", padding: "0", border: "0", overflow: "hidden",
      background: "rgba(0, 0, 0, 0.5)",
    });
    // A page that comes back from the browser's memory still shows the window it left with.
    const comeBack = (event) => {
      if (!event.persisted) return;
      finish();
      reject(new TossPaymentsError("USER_CANCEL"));
    };
    const finish = () => {
      removeEventListener("pageshow", comeBack);
      opened.close();
      overlay.remove();
      openWindow = null;
      before?.focus?.({ preventScroll: true });
    };
    const opened = openFrame({
      path: "/v2/window",
      title: "결제창",
      request: { ...request, mode: "iframe" },
      hear: (message) => {
        if (message.type === "leave" && redirects) {
          // The overlay stays until the page has left, so that nobody pays twice meanwhile.
          redirect(message.url);
        } else if (message.type === "done" && !redirects) {
          finish();
          resolve(message.result);
        } else if (message.type === "refused") {
          finish();
          reject(new TossPaymentsError(message.code, message.message));
        }
      },
    });
    opened.frame.style.height = "100%";
    overlay.append(opened.frame);
    // Escape goes to the window, which knows what leaving means.
    overlay.addEventListener("cancel", (event) => {
      event.preventDefault();
      opened.tell({ type: "close" });
    });
    document.body.append(overlay);
    overlay.showModal();
    opened.frame.focus();
    addEventListener("pageshow", comeBack);
    openWindow = overlay;
  });
}
