//! What published clients send beside what is documented (Toss: api.md §12).

use serde_json::{Value, json};

use crate::sandbox::tests::{CLIENT, Reply, Twin};
use crate::sandbox::{Assumptions, Config};

fn strict(change: fn(&mut Assumptions)) -> Twin {
    let mut assumptions = Assumptions::default();
    change(&mut assumptions);
    Twin::with(Config::default().with_assumptions(assumptions))
}

impl Twin {
    async fn token(&self, grant: &str, customer: &str, name: &str, it: &Value) -> Reply {
        let mut body = json!({ "grantType": grant, "customerKey": customer });
        body[name] = it.clone();
        self.api("POST", "/v1/brandpay/authorizations/access-token", &[], body).await
    }

    /// The answer to the code of a buyer whom BrandPay has just recognised.
    async fn first_token(&self, customer: &str) -> Value {
        let body = json!({ "clientKey": CLIENT, "customerKey": customer });
        let code = self.control("POST", "brandpay-auth", body).await.json()["code"].clone();
        self.token("AuthorizationCode", customer, "code", &code).await.json()
    }
}

#[tokio::test]
async fn api_12_a_refresh_token_brings_a_new_access_token_to_its_buyer_alone() {
    let twin = Twin::new();
    let first = twin.first_token("customer-1").await;
    let token = first["refreshToken"].clone();
    for _ in 0..2 {
        let next = twin.token("RefreshToken", "customer-1", "refreshToken", &token).await.json();
        assert_ne!(next["accessToken"], first["accessToken"]);
        for name in ["refreshToken", "tokenType", "expiresIn"] {
            assert_eq!(next[name], first[name], "{name}");
        }
    }
    for (customer, name, it) in [
        ("customer-2", "refreshToken", &token),
        ("customer-1", "refreshToken", &first["accessToken"]),
        ("customer-1", "refreshToken", &json!("")),
        ("customer-1", "refreshToken", &Value::Null),
        ("customer-1", "code", &token),
    ] {
        let reply = twin.token("RefreshToken", customer, name, it).await;
        assert_eq!(reply.summary(), "400 INVALID_REQUEST", "{customer} {name} {it}");
    }
    let twin = strict(|it| it.brandpay_refreshes = false);
    let token = twin.first_token("customer-1").await["refreshToken"].clone();
    let reply = twin.token("RefreshToken", "customer-1", "refreshToken", &token).await;
    assert_eq!(reply.summary(), "400 INVALID_REQUEST");
}
