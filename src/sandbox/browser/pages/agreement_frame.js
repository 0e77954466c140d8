// The agreement widget: tells the shop's page what is agreed to there.

const agreement = startAgreement((state, changed) => tellShop({ type: "state", state, changed }));
answerShop(agreement.state);
keepHeight(document.getElementById("page"));
tellShop({ type: "state", state: agreement.state(), changed: false });
