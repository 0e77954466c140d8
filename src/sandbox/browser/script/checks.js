// What may be passed to the SDK (Toss: sdk.md §2, §3), checked before anything is opened.

const ANONYMOUS = "@@ANONYMOUS";

function isObject(value) {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function checkObject(params, known) {
  if (!isObject(params)) fail("INVALID_PARAMETERS", "one object is expected");
  for (const name of Object.keys(params)) {
    if (!known.includes(name)) fail("INVALID_PARAMETERS", `${name} is not known`);
  }
}

function checkText(params, name, { min = 0, max = Infinity, pattern, required = false }) {
  const value = params[name];
  if (value === undefined || value === null) {
    if (required) fail("INVALID_PARAMETERS", `${name} is missing`);
    return;
  }
  const fits = typeof value === "string" && [...value].length >= min && [...value].length <= max;
  if (!fits || (pattern && !pattern.test(value))) fail("INVALID_PARAMETERS", `${name} is malformed`);
}

// The kind is told by the beginning of the key: gck for the widgets, ck for the rest.
function keyKind(clientKey) {
  const [, kind] = /^(?:test|live)_(gck|ck)_[\x21-\x7e]+$/.exec(String(clientKey)) ?? [];
  if (typeof clientKey !== "string" || !kind) fail("INVALID_CLIENT_KEY");
  return kind;
}

function checkCustomerKey(customerKey) {
  if (customerKey === ANONYMOUS) return;
  if (typeof customerKey === "string" && /^(?:test|live)_g?sk/.test(customerKey)) {
    fail("INSECURE_KEY_USAGE");
  }
  if (typeof customerKey !== "string" || !/^[A-Za-z0-9\-_=.@]{2,50}$/.test(customerKey)) {
    fail("INVALID_CUSTOMER_KEY");
  }
}

function checkAmount(params) {
  checkObject(params, ["currency", "value"]);
  if (!["KRW", "USD", "JPY"].includes(params.currency)) fail("INVALID_AMOUNT_CURRENCY");
  const { value, currency } = params;
  const whole = currency === "USD" || Number.isInteger(value);
  if (typeof value !== "number" || !Number.isFinite(value) || value < 0 || !whole) {
    fail("INVALID_AMOUNT_VALUE");
  }
}

function checkUrl(params, name, code) {
  const value = params[name];
  let url;
  try {
    url = new URL(value);
  } catch {
    fail(code, `${name} must be absolute`);
  }
  if (typeof value !== "string" || !["http:", "https:"].includes(url.protocol)) fail(code);
}

function checkMetadata(metadata) {
  if (metadata === undefined || metadata === null) return;
  const fits =
    isObject(metadata) &&
    Object.keys(metadata).length <= 5 &&
    Object.entries(metadata).every(
      ([name, value]) =>
        name.length <= 40 && !/[[\]]/.test(name) && typeof value === "string" && value.length <= 2000,
    );
  if (!fits) fail("INVALID_METADATA");
}

const REQUEST_NAMES = [
  "orderId", "orderName", "successUrl", "failUrl", "customerEmail", "customerName",
  "customerMobilePhone", "taxFreeAmount", "windowTarget", "metadata", "card", "transfer",
  "virtualAccount", "foreignEasyPay",
];

// Returns whether the result comes as a redirect; otherwise it comes as a promise.
function checkRequest(params) {
  checkObject(params, REQUEST_NAMES);
  checkText(params, "orderId", { pattern: /^[A-Za-z0-9\-_=]{6,64}$/, required: true });
  checkText(params, "orderName", { min: 1, max: 100, required: true });
  checkText(params, "customerEmail", { max: 100 });
  checkText(params, "customerName", { max: 100 });
  checkText(params, "customerMobilePhone", { pattern: /^[0-9]{8,15}$/ });
  checkText(params, "windowTarget", { pattern: /^(iframe|self)$/ });
  const taxFree = params.taxFreeAmount ?? 0;
  if (typeof taxFree !== "number" || !(taxFree >= 0)) {
    fail("INVALID_PARAMETERS", "taxFreeAmount is malformed");
  }
  for (const name of ["card", "transfer", "virtualAccount", "foreignEasyPay"]) {
    const part = params[name];
    if (part !== undefined && part !== null && !isObject(part)) {
      fail("INVALID_PARAMETERS", `${name} must be an object`);
    }
  }
  checkMetadata(params.metadata);
  const absent = (name) => params[name] === undefined || params[name] === null;
  if (absent("successUrl") && absent("failUrl")) return false;
  if (absent("successUrl") || absent("failUrl")) {
    fail("INVALID_PARAMETERS", "successUrl and failUrl belong together");
  }
  checkUrl(params, "successUrl", "INCORRECT_SUCCESS_URL_FORMAT");
  checkUrl(params, "failUrl", "INCORRECT_FAIL_URL_FORMAT");
  return true;
}
