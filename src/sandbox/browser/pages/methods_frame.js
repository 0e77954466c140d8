// The method widget: tells the shop's page what is chosen there.

const methods = startMethods(told, (state, changed) => tellShop({ type: "state", state, changed }));
hearShop((message) => {
  if (message.type === "amount") methods.setAmount(message.amount);
});
answerShop(methods.state);
keepHeight(document.getElementById("page"));
knowClient(told.clientKey).then((known) => {
  if (known) tellShop({ type: "state", state: methods.state(), changed: false });
  else tellShop({ type: "refused", code: "INVALID_CLIENT_KEY" });
});
