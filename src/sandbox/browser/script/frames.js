// Frames of the sandbox's own origin inside the shop's page, and messages to and from them.

// Where this script came from is where the sandbox is.
const ORIGIN = new URL(document.currentScript.src).origin;
// Longer than a slow machine takes to load a small page.
const FRAME_WAIT_MS_MAX = 20_000;
// A frame that does not say where things stand within this counts with what it said last.
const ANSWER_WAIT_MS_MAX = 2_000;

function isMobile() {
  return (
    navigator.userAgentData?.mobile ?? /Android|iPhone|iPad|iPod|Mobile/i.test(navigator.userAgent)
  );
}

// A frame in another scheme than its page would be an opaque block in it, so it follows the
// page: dark only where the page has said that it can be dark and the buyer wants it.
function scheme() {
  const declared = getComputedStyle(document.documentElement).colorScheme;
  const wanted = matchMedia("(prefers-color-scheme: dark)").matches;
  return /dark/.test(declared) && (wanted || !/light/.test(declared)) ? "dark" : "light";
}

// Opens `path` as a frame. `hear` gets its messages; nothing from elsewhere passes.
function openFrame({ path, title, request, hear }) {
  const frame = document.createElement("iframe");
  const told = { ...request, origin: location.origin, scheme: scheme() };
  frame.src = `${ORIGIN}${path}#${encodeURIComponent(JSON.stringify(told))}`;
  frame.title = title;
  Object.assign(frame.style, {
    border: "0", display: "block", width: "100%", background: "transparent",
    colorScheme: told.scheme,
  });
  const tell = (message) => frame.contentWindow?.postMessage(message, ORIGIN);
  // Questions that have no answer yet, by their number.
  const open = new Map();
  let asked = 0;
  const listen = (event) => {
    if (event.origin !== ORIGIN || event.source !== frame.contentWindow) return;
    if (!isObject(event.data)) return;
    hear(event.data);
    open.get(event.data.answers)?.();
  };
  addEventListener("message", listen);
  return {
    frame,
    tell,
    // Where things stand now: what was told by itself may still be on its way.
    ask: () =>
      new Promise((resolve) => {
        const number = (asked += 1);
        const answered = () => {
          clearTimeout(slow);
          open.delete(number);
          resolve();
        };
        const slow = setTimeout(answered, ANSWER_WAIT_MS_MAX);
        open.set(number, answered);
        tell({ type: "ask", number });
      }),
    close: () => {
      removeEventListener("message", listen);
      frame.remove();
      for (const answered of [...open.values()]) answered();
    },
  };
}

// A widget: a frame in an element of the shop's page that says "ready" and then speaks up.
function renderWidget({ host, path, title, height, request, event }) {
  const handlers = [];
  let current;
  let destroyed = false;
  let ready;
  let broken;
  const waiting = new Promise((resolve, reject) => {
    ready = resolve;
    broken = reject;
  });
  const slow = setTimeout(() => broken(new TossPaymentsError("UNKNOWN")), FRAME_WAIT_MS_MAX);
  const opened = openFrame({
    path,
    title,
    request,
    hear: (message) => {
      if (message.type === "height") opened.frame.style.height = `${message.height}px`;
      if (message.type === "refused") broken(new TossPaymentsError(message.code, message.message));
      if (message.type === "state") {
        current = message.state;
        ready();
        if (message.changed) handlers.forEach((handler) => handler(current.event));
      }
    },
  });
  opened.frame.style.height = `${height(host.clientWidth)}px`;
  host.append(opened.frame);
  const end = () => {
    destroyed = true;
    clearTimeout(slow);
    opened.close();
  };
  return {
    on: (name, handler) => {
      checkHandler([event], name, handler);
      handlers.push(handler);
      // Each handler is told where things stand, once, after it was registered.
      setTimeout(() => {
        if (!destroyed && handlers.includes(handler)) handler(current.event);
      });
    },
    end,
    tell: opened.tell,
    ask: opened.ask,
    state: () => current,
    isAlive: () => !destroyed && opened.frame.isConnected,
    rendered: waiting.then(
      () => clearTimeout(slow),
      (error) => {
        end();
        throw error;
      },
    ),
  };
}
