// What the widgets and the window call the same things.

const GIFTS = [
  ["CULTURE_GIFT_CERTIFICATE", "문화상품권"],
  ["BOOK_GIFT_CERTIFICATE", "도서문화상품권"],
  ["GAME_GIFT_CERTIFICATE", "게임문화상품권"],
];
const RECEIPTS = [["미발행", "발행 안 함"], ["소득공제", "소득공제"], ["지출증빙", "지출증빙"]];
const CARRIER_NAMES = {
  SKT: "SKT", KT: "KT", LGU: "LG U+", HELLO: "알뜰폰 (헬로모바일)", KCT: "알뜰폰 (KCT)", SK7: "알뜰폰 (SK세븐모바일)",
};
// Below this no card offers instalments.
const PLAN_AMOUNT_MIN = 50_000;

const named = (rows) => rows.map(({ code, korean }) => [code, korean]);
const carrierRows = (codes) => codes.map((code) => [code, CARRIER_NAMES[code] ?? code]);
