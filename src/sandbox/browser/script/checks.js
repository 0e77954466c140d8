// What may be passed to the SDK (Toss: sdk.md §2, §3, §5), checked before anything is opened.
//
// A rule takes a value and says what is wrong with it, or nothing. Absent is undefined or null.

const ANONYMOUS = "@@ANONYMOUS";

function isObject(value) {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function isAbsent(value) {
  return value === undefined || value === null;
}

const isFlag = (value) => (typeof value === "boolean" ? "" : "must be true or false");

const isAnything = () => "";

function isText({ min = 0, max = Infinity, pattern } = {}) {
  return (value) => {
    if (typeof value !== "string") return "must be text";
    const length = [...value].length;
    if (length < min || length > max) return `must have ${min} to ${max} characters`;
    return !pattern || pattern.test(value) ? "" : "is malformed";
  };
}

function isNumber(min, max = Infinity) {
  return (value) =>
    typeof value === "number" && value >= min && value <= max && Number.isFinite(value)
      ? ""
      : `must be a number from ${min}`;
}

function isWhole(min, max = Infinity) {
  return (value) =>
    Number.isInteger(value) && value >= min && value <= max ? "" : `must be a whole number from ${min} to ${max}`;
}

function isOneOf(...words) {
  return (value) => (words.includes(value) ? "" : `must be one of ${words.join(", ")}`);
}

function isListOf(rule) {
  return (value) => {
    if (!Array.isArray(value)) return "must be a list";
    return value.map((one) => rule(one)).find(Boolean) ?? "";
  };
}

// An object with these members and no others. A name with a `!` must be there.
function isShape(rules) {
  const known = Object.keys(rules).map((name) => name.replace("!", ""));
  return (value) => {
    if (!isObject(value)) return "must be an object";
    const stranger = Object.keys(value).find((name) => !known.includes(name));
    if (stranger !== undefined) return `has an unknown member ${stranger}`;
    for (const [marked, rule] of Object.entries(rules)) {
      const name = marked.replace("!", "");
      const problem = isAbsent(value[name])
        ? marked.endsWith("!") && "is missing"
        : rule(value[name]);
      if (problem) return `${name} ${problem}`;
    }
    return "";
  };
}

function check(value, rule) {
  const problem = rule(value);
  if (problem) fail("INVALID_PARAMETERS", problem);
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

// Won and yen have no smaller part.
function checkAmount(amount, currencies = ["KRW", "USD", "JPY"]) {
  check(amount, isShape({ currency: isAnything, value: isAnything }));
  const { value, currency } = amount;
  if (!currencies.includes(currency)) fail("INVALID_AMOUNT_CURRENCY");
  const whole = currency === "USD" || Number.isInteger(value);
  if (typeof value !== "number" || !Number.isFinite(value) || !whole) fail("INVALID_AMOUNT_VALUE");
}

function checkUrl(value, code) {
  let url;
  try {
    url = new URL(value);
  } catch {
    fail(code, "must be absolute");
  }
  if (typeof value !== "string" || !["http:", "https:"].includes(url.protocol)) fail(code);
}

function checkMetadata(metadata) {
  if (isAbsent(metadata)) return;
  const fits =
    isObject(metadata) &&
    Object.keys(metadata).length <= 5 &&
    Object.entries(metadata).every(
      ([name, value]) =>
        name.length <= 40 && !/[[\]]/.test(name) && typeof value === "string" && value.length <= 2000,
    );
  if (!fits) fail("INVALID_METADATA");
}

// Whether the result comes as a redirect; otherwise it comes as a promise.
function checkReturn({ successUrl, failUrl }) {
  if (isAbsent(successUrl) && isAbsent(failUrl)) return false;
  if (isAbsent(successUrl) || isAbsent(failUrl)) {
    fail("INVALID_PARAMETERS", "successUrl and failUrl belong together");
  }
  checkUrl(successUrl, "INCORRECT_SUCCESS_URL_FORMAT");
  checkUrl(failUrl, "INCORRECT_FAIL_URL_FORMAT");
  return true;
}
