//! Every endpoint of the API with every parameter that it knows, and a shop that calls them.

use axum::body::Body;
use axum::http::Request;
use serde_json::{Value, json};

use crate::sandbox::tests::{Reply, Twin, basic};
use crate::sandbox::{Assumptions, Config};

pub(super) const SHOP: &str = "test_ck_shop";
pub(super) const SHOP_SECRET: &str = "test_sk_shop";

pub(super) fn shop_with(change: fn(&mut Assumptions)) -> Twin {
    let mut assumptions = Assumptions::default();
    change(&mut assumptions);
    let config = Config::default()
        .with_merchant("shopdemo01", "2022-11-16", SHOP, SHOP_SECRET)
        .unwrap()
        .with_assumptions(assumptions);
    Twin::with(config)
}

pub(super) fn shop() -> Twin {
    shop_with(|_| {})
}

/// One endpoint with every parameter that it knows. `#` in a path is what there must be first.
#[derive(Clone, Copy)]
pub(super) struct Endpoint {
    pub(super) method: &'static str,
    pub(super) path: &'static str,
    pub(super) needed: &'static [&'static str],
    pub(super) optional: &'static [&'static str],
    pub(super) whole: fn() -> Value,
}

pub(super) fn refund_account() -> Value {
    json!({ "bank": "20", "accountNumber": "1002123456789", "holderName": "박토스" })
}

pub(super) fn card() -> Value {
    json!({
        "customerKey": "customer-1", "cardNumber": "4330123412341567", "cardExpirationYear": "30",
        "cardExpirationMonth": "12", "customerIdentityNumber": "900101", "cardPassword": "12",
        "customerName": "박토스", "customerEmail": "a@example.com",
        "vbv": { "cavv": "1", "xid": "2", "eci": "3" },
    })
}

pub(super) fn with(mut value: Value, more: Value) -> Value {
    value.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    value
}

pub(super) fn virtual_account() -> Value {
    json!({
        "amount": 50_000, "orderId": "order-new1", "orderName": "머그컵", "customerName": "박토스",
        "bank": "20", "validHours": 24, "customerEmail": "a@example.com",
        "customerMobilePhone": "01012341234", "taxFreeAmount": 0, "useEscrow": false,
        "escrowProducts": [], "accountType": "일반", "accountKey": "1", "cultureExpense": false,
        "cashReceipt": { "type": "소득공제", "registrationNumber": "010-0000-1234" },
    })
}

pub(super) const ENDPOINTS: [Endpoint; 21] = [
    Endpoint {
        method: "POST",
        path: "/v1/payments/confirm",
        needed: &["paymentKey", "orderId", "amount"],
        optional: &[],
        whole: || json!({ "paymentKey": "#open", "orderId": "order-0001", "amount": 50_000 }),
    },
    Endpoint {
        method: "POST",
        path: "/v1/payments/#open",
        needed: &["orderId", "amount"],
        optional: &["paymentKey"],
        whole: || json!({ "paymentKey": "#open", "orderId": "order-0001", "amount": 50_000 }),
    },
    Endpoint {
        method: "POST",
        path: "/v1/payments/#paid/cancel",
        needed: &["cancelReason"],
        optional: &[
            "cancelAmount",
            "refundableAmount",
            "currency",
            "taxFreeAmount",
            "taxExemptionAmount",
            "cancelRequestId",
            "refundReceiveAccount",
        ],
        whole: || {
            json!({
                "cancelReason": "고객 변심", "cancelAmount": 1_000, "refundableAmount": 50_000,
                "currency": "KRW", "taxFreeAmount": 0, "taxExemptionAmount": 0,
                "cancelRequestId": "request-1", "refundReceiveAccount": refund_account(),
            })
        },
    },
    Endpoint {
        method: "POST",
        path: "/v1/payments/#deposited/cancel",
        needed: &[
            "cancelReason",
            "refundReceiveAccount",
            "refundReceiveAccount.bank",
            "refundReceiveAccount.accountNumber",
            "refundReceiveAccount.holderName",
        ],
        optional: &["cancelAmount"],
        whole: || {
            json!({ "cancelReason": "고객 변심", "cancelAmount": 33_000,
                "refundReceiveAccount": refund_account() })
        },
    },
    Endpoint {
        method: "POST",
        path: "/v1/payments/key-in",
        needed: &[
            "orderId",
            "orderName",
            "amount",
            "cardNumber",
            "cardExpirationYear",
            "cardExpirationMonth",
            "customerIdentityNumber",
        ],
        optional: &[
            "cardPassword",
            "cardInstallmentPlan",
            "useFreeInstallmentPlan",
            "useCardPoint",
            "taxFreeAmount",
            "customerEmail",
            "customerName",
            "customerIp",
            "vbv",
        ],
        whole: || {
            with(
                card(),
                json!({
                    "orderId": "order-new1", "orderName": "머그컵", "amount": 50_000,
                    "cardInstallmentPlan": 2, "useFreeInstallmentPlan": false,
                    "useCardPoint": false, "taxFreeAmount": 0, "customerIp": "203.0.113.7",
                }),
            )
        },
    },
    Endpoint {
        method: "POST",
        path: "/v1/virtual-accounts",
        needed: &["amount", "orderId", "orderName", "customerName", "bank", "cashReceipt.type"],
        optional: &[
            "validHours",
            "customerEmail",
            "customerMobilePhone",
            "taxFreeAmount",
            "useEscrow",
            "escrowProducts",
            "accountType",
            "accountKey",
            "cultureExpense",
            "cashReceipt",
            "cashReceipt.registrationNumber",
        ],
        whole: virtual_account,
    },
    Endpoint {
        method: "POST",
        path: "/v1/virtual-accounts",
        needed: &["escrowProducts"],
        optional: &["dueDate", "validHours"],
        whole: || {
            let due = json!({ "dueDate": "2030-01-31T18:00", "validHours": null, "useEscrow": true,
                "escrowProducts": [{ "id": "1", "name": "머그컵", "code": "1", "unitPrice": 50_000,
                    "quantity": 1 }] });
            with(virtual_account(), due)
        },
    },
    Endpoint {
        method: "POST",
        path: "/v1/billing/authorizations/issue",
        needed: &["authKey", "customerKey"],
        optional: &[],
        whole: || json!({ "authKey": "#auth", "customerKey": "customer-1" }),
    },
    Endpoint {
        method: "POST",
        path: "/v1/billing/authorizations/card",
        needed: &[
            "customerKey",
            "cardNumber",
            "cardExpirationYear",
            "cardExpirationMonth",
            "customerIdentityNumber",
        ],
        optional: &["cardPassword", "customerName", "customerEmail", "vbv"],
        whole: card,
    },
    Endpoint {
        method: "POST",
        path: "/v1/billing/#billing",
        needed: &["amount", "customerKey", "orderId", "orderName"],
        optional: &[
            "customerEmail",
            "customerName",
            "customerIp",
            "taxFreeAmount",
            "taxExemptionAmount",
            "cardInstallmentPlan",
        ],
        whole: || {
            json!({
                "amount": 50_000, "customerKey": "customer-1", "orderId": "order-new1",
                "orderName": "구독", "customerEmail": "a@example.com", "customerName": "박토스",
                "customerIp": "203.0.113.7", "taxFreeAmount": 0, "taxExemptionAmount": 0,
                "cardInstallmentPlan": 0,
            })
        },
    },
    Endpoint {
        method: "DELETE",
        path: "/v1/billing/#billing",
        needed: &[],
        optional: &[],
        whole: || json!({}),
    },
    Endpoint {
        method: "POST",
        path: "/v1/cash-receipts",
        needed: &["amount", "orderId", "orderName", "type", "customerIdentityNumber"],
        optional: &["taxFreeAmount"],
        whole: || {
            json!({ "amount": 50_000, "orderId": "order-0001", "orderName": "머그컵",
                "type": "소득공제", "customerIdentityNumber": "010-000-1234", "taxFreeAmount": 0 })
        },
    },
    Endpoint {
        method: "POST",
        path: "/v1/cash-receipts/#receipt/cancel",
        needed: &[],
        optional: &["amount"],
        whole: || json!({ "amount": 1_000 }),
    },
    Endpoint {
        method: "GET",
        path: "/v1/cash-receipts",
        needed: &["requestDate"],
        optional: &["cursor", "limit"],
        whole: || json!({ "requestDate": "2030-01-01", "cursor": "0", "limit": "10" }),
    },
    Endpoint {
        method: "GET",
        path: "/v1/transactions",
        needed: &["startDate", "endDate"],
        optional: &["startingAfter", "limit"],
        whole: || {
            json!({ "startDate": "2030-01-01", "endDate": "2030-01-02",
                "startingAfter": "#transaction", "limit": "10" })
        },
    },
    Endpoint {
        method: "GET",
        path: "/v1/settlements",
        needed: &["startDate", "endDate"],
        optional: &["dateType", "page", "size"],
        whole: || {
            json!({ "startDate": "2030-01-01", "endDate": "2030-01-02", "dateType": "soldDate",
                "page": "1", "size": "10" })
        },
    },
    Endpoint {
        method: "POST",
        path: "/v1/settlements",
        needed: &["paymentKey"],
        optional: &[],
        whole: || json!({ "paymentKey": "#paid" }),
    },
    Endpoint {
        method: "GET",
        path: "/v1/promotions/card",
        needed: &[],
        optional: &["anything"],
        whole: || json!({ "anything": "1" }),
    },
    Endpoint {
        method: "POST",
        path: "/v1/brandpay/authorizations/access-token",
        needed: &["grantType", "customerKey", "code"],
        optional: &["refreshToken"],
        whole: || {
            json!({ "grantType": "AuthorizationCode", "customerKey": "customer-1",
                "code": "#code", "refreshToken": "1" })
        },
    },
    Endpoint {
        method: "POST",
        path: "/v1/brandpay/authorizations/access-token",
        needed: &["grantType", "customerKey", "refreshToken"],
        optional: &["code"],
        whole: || {
            json!({ "grantType": "RefreshToken", "customerKey": "customer-1",
                "refreshToken": "#refresh", "code": "1" })
        },
    },
    Endpoint {
        method: "POST",
        path: "/v1/brandpay/payments/confirm",
        needed: &["paymentKey", "orderId", "amount", "customerKey"],
        optional: &[],
        whole: || {
            json!({ "paymentKey": "#wallet", "orderId": "order-0001", "amount": 50_000,
                "customerKey": "customer-1" })
        },
    },
];

impl Twin {
    pub(super) async fn call(&self, method: &str, path: &str, body: &str) -> Reply {
        let request = Request::builder()
            .method(method)
            .uri(path)
            .header("authorization", basic(SHOP_SECRET))
            .header("content-type", "application/json")
            .body(Body::from(body.to_owned()))
            .unwrap();
        self.send(request).await
    }

    /// What a `#word` stands for, made anew.
    pub(super) async fn thing(&self, word: &str) -> String {
        let post = |path: &'static str, body: Value| async move {
            let reply = self.call("POST", path, &body.to_string()).await;
            assert_eq!(reply.status, 200, "{path} {}", reply.text);
            reply.json()
        };
        let buyer = json!({ "clientKey": SHOP, "customerKey": "customer-1" });
        let open = |more: Value| async move {
            let order = json!({ "clientKey": SHOP, "orderId": "order-0001", "orderName": "머그컵",
                "amount": 50_000 });
            let reply = self.control("POST", "authenticate", with(order, more)).await;
            reply.json()["paymentKey"].clone()
        };
        let pay = |more: Value| async move {
            let key = open(more).await;
            let body = json!({ "paymentKey": key, "orderId": "order-0001", "amount": 50_000 });
            post("/v1/payments/confirm", body).await
        };
        let token = |code: Value| {
            let body = json!({ "grantType": "AuthorizationCode", "customerKey": "customer-1",
                "code": code });
            post("/v1/brandpay/authorizations/access-token", body)
        };
        let found = match word {
            "open" => open(json!({})).await,
            "wallet" => open(json!({ "method": "BRANDPAY", "customerKey": "customer-1" })).await,
            "paid" => pay(json!({})).await["paymentKey"].clone(),
            "transaction" => pay(json!({})).await["lastTransactionKey"].clone(),
            "deposited" => {
                let key = pay(json!({ "method": "VIRTUAL_ACCOUNT" })).await["paymentKey"].clone();
                self.deposit(key.as_str().unwrap(), json!({})).await;
                key
            }
            "auth" => self.control("POST", "billing-auth", buyer).await.json()["authKey"].clone(),
            "billing" => {
                post("/v1/billing/authorizations/card", card()).await["billingKey"].clone()
            }
            "receipt" => {
                let body = json!({ "amount": 50_000, "orderId": "order-0001",
                    "orderName": "머그컵", "type": "소득공제",
                    "customerIdentityNumber": "010-000-1234" });
                post("/v1/cash-receipts", body).await["receiptKey"].clone()
            }
            "code" => self.control("POST", "brandpay-auth", buyer).await.json()["code"].clone(),
            "refresh" => {
                let code = self.control("POST", "brandpay-auth", buyer).await;
                token(code.json()["code"].clone()).await["refreshToken"].clone()
            }
            other => panic!("{other}"),
        };
        found.as_str().unwrap().to_owned()
    }

    /// The call on a sandbox where what it is about is there.
    pub(super) async fn ask(&self, endpoint: &Endpoint, body: &Value) -> Reply {
        let (mut path, mut text) = (endpoint.path.to_owned(), body.to_string());
        let words = [
            "transaction",
            "deposited",
            "receipt",
            "refresh",
            "billing",
            "wallet",
            "open",
            "paid",
            "auth",
            "code",
        ];
        for word in words {
            let mark = format!("#{word}");
            if path.contains(&mark) || text.contains(&mark) {
                let thing = self.thing(word).await;
                path = path.replace(&mark, &thing);
                text = text.replace(&mark, &thing);
            }
        }
        if endpoint.method == "GET" {
            let body: Value = serde_json::from_str(&text).unwrap();
            let pairs: Vec<String> = body
                .as_object()
                .unwrap()
                .iter()
                .map(|(name, value)| match value.as_str() {
                    Some(text) => format!("{name}={text}"),
                    None => name.clone(),
                })
                .collect();
            return self.call("GET", &format!("{path}?{}", pairs.join("&")), "").await;
        }
        self.call(endpoint.method, &path, &text).await
    }
}

/// At a time for which the table has dates.
pub(super) async fn in_2030(twin: Twin) -> Twin {
    let body = json!({ "stopped": true, "now": "2030-01-01T09:00:00+09:00" });
    assert_eq!(twin.control("POST", "clock", body).await.status, 200);
    twin
}
