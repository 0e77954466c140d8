// renderPaymentWindow(): the choice of a method and the terms, in a window of their own
// (Toss: sdk.md §3.4).

function openOrderWindow(request) {
  const handlers = { paymentRequest: [], cancel: [] };
  const emit = (name, ...told) => handlers[name].forEach((handler) => handler(...told));
  let current = null;
  let ready;
  let broken;
  const rendered = new Promise((resolve, reject) => {
    ready = resolve;
    broken = reject;
  });
  const overlay = openOverlay({
    path: "/v2/frames/order",
    title: "주문서",
    request,
    hear: (message) => {
      if (message.type === "state") {
        current = message.state;
        ready();
      } else if (message.type === "pay") {
        emit("paymentRequest", { paymentMethod: current.methods.event });
      } else if (message.type === "cancel") {
        end();
        emit("cancel");
      } else if (message.type === "refused") {
        end();
        broken(new TossPaymentsError(message.code, message.message));
      }
    },
  });
  const slow = setTimeout(() => {
    end();
    broken(new TossPaymentsError("UNKNOWN"));
  }, FRAME_WAIT_MS_MAX);
  const end = () => {
    clearTimeout(slow);
    overlay.close();
  };
  return {
    on: (name, handler) => {
      checkHandler(Object.keys(handlers), name, handler);
      handlers[name].push(handler);
    },
    tell: overlay.tell,
    ask: overlay.ask,
    state: () => current,
    isAlive: overlay.isAlive,
    end,
    rendered: rendered.then(() => clearTimeout(slow)),
  };
}
