// The windows: an overlay on a PC, the whole page on a phone (Toss: sdk.md §4).

// The one request that is under way, and how it can be ended from outside.
let underWay = null;

function checkNothingUnderWay() {
  if (underWay) fail("INVALID_METHOD_TRANSACTION");
}

function redirect(url) {
  const { protocol } = new URL(url);
  if (["http:", "https:"].includes(protocol)) location.assign(url);
}

// The parts of every request that the window needs.
function orderOf(params) {
  const names = [
    "orderId", "orderName", "successUrl", "failUrl", "taxFreeAmount", "metadata", "customerName",
    "customerEmail", "customerMobilePhone",
  ];
  return Object.fromEntries(names.map((name) => [name, params[name] ?? null]));
}

// Opens a window. In redirect mode the promise never resolves: the page leaves, and what
// stands after an `await` must not run on.
function openWindow({ path = "/v2/window", title = "결제창", request, redirects, windowTarget }) {
  checkNothingUnderWay();
  const target = !redirects ? "iframe" : isMobile() ? "self" : (windowTarget ?? "iframe");
  if (target === "self") return leaveFor(path, request);
  return new Promise((resolve, reject) => {
    const overlay = openOverlay({
      path,
      title,
      request: { ...request, mode: "iframe" },
      hear: (message) => {
        if (message.type === "leave" && redirects) {
          // The overlay stays until the page has left, so that nobody pays twice meanwhile.
          redirect(message.url);
        } else if (message.type === "done" && !redirects) {
          end();
          resolve(message.result);
        } else if (message.type === "refused") {
          end();
          reject(new TossPaymentsError(message.code, message.message));
        }
      },
    });
    // A page that comes back from the browser's memory still shows the window it left with.
    const comeBack = (event) => {
      if (event.persisted) abort("USER_CANCEL");
    };
    const end = () => {
      removeEventListener("pageshow", comeBack);
      overlay.close();
      underWay = null;
    };
    const abort = (code) => {
      end();
      reject(new TossPaymentsError(code));
    };
    addEventListener("pageshow", comeBack);
    underWay = { abort };
  });
}

// The page itself becomes the window.
function leaveFor(path, request) {
  const told = { ...request, mode: "self", scheme: scheme() };
  location.assign(`${ORIGIN}${path}#${encodeURIComponent(JSON.stringify(told))}`);
  return new Promise((_, reject) => {
    const comeBack = (event) => {
      if (event.persisted) abort("USER_CANCEL");
    };
    const abort = (code) => {
      removeEventListener("pageshow", comeBack);
      underWay = null;
      reject(new TossPaymentsError(code));
    };
    addEventListener("pageshow", comeBack);
    underWay = { abort };
  });
}

// A frame over the whole page, with the focus in it.
function openOverlay({ path, title, request, hear }) {
  const before = document.activeElement;
  const overlay = document.createElement("dialog");
  overlay.setAttribute("aria-label", title);
  Object.assign(overlay.style, {
    position: "fixed", inset: "0", width: "100%", height: "100%", maxWidth: "none",
    maxHeight: "none", margin: "0", padding: "0", border: "0", overflow: "hidden",
    background: "rgba(0, 0, 0, 0.5)",
  });
  const opened = openFrame({ path, title, request, hear });
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
  return {
    tell: opened.tell,
    ask: opened.ask,
    isAlive: () => overlay.isConnected,
    close: () => {
      opened.close();
      overlay.remove();
      before?.focus?.({ preventScroll: true });
    },
  };
}
