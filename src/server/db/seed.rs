//! A small shop to look at: products and coupons for a database that has none.

use crate::server::db::Db;

struct Product {
    id: &'static str,
    name: &'static str,
    description: &'static str,
    price: i64,
    stock: i64,
}

const PRODUCTS: &[Product] = &[
    Product {
        id: "tee",
        name: "토스 티셔츠",
        description: "매일 입기 좋은 순면 티셔츠",
        price: 29_000,
        stock: 120,
    },
    Product {
        id: "mug",
        name: "파란 머그컵",
        description: "전자레인지에 넣어도 되는 도자기 컵",
        price: 12_000,
        stock: 80,
    },
    Product {
        id: "socks",
        name: "줄무늬 양말",
        description: "발목까지 오는 면 양말 한 켤레",
        price: 4_500,
        stock: 300,
    },
    Product {
        id: "bag",
        name: "캔버스 장바구니",
        description: "접어서 주머니에 쏙 들어가요",
        price: 18_000,
        stock: 3,
    },
    Product {
        id: "blanket",
        name: "겨울 한정 손뜨개 메리노 울 대형 무릎담요 (선물 포장, 이름 자수 포함)",
        description: "주문 후 일주일 안에 손으로 완성합니다",
        price: 158_000,
        stock: 12,
    },
    Product {
        id: "poster",
        name: "한정판 포스터",
        description: "다음 입고를 기다려 주세요",
        price: 9_900,
        stock: 0,
    },
];

/// Fills an empty catalogue; leaves any other alone.
pub async fn fill_if_empty(db: &Db) -> Result<bool, sqlx::Error> {
    let mut tx = db.write().await?;
    let some: Option<String> =
        sqlx::query_scalar("select id from products limit 1").fetch_optional(&mut *tx).await?;
    if some.is_some() {
        return Ok(false);
    }
    for (position, product) in (1_i64..).zip(PRODUCTS) {
        sqlx::query(
            "insert into products (id, name, description, picture, price, stock, received, position)
             values ($1, $2, $3, $4, $5, $6, $6, $7) on conflict (id) do nothing",
        )
        .bind(product.id)
        .bind(product.name)
        .bind(product.description)
        .bind(format!("/products/{}.svg", product.id))
        .bind(product.price)
        .bind(product.stock)
        .bind(position)
        .execute(&mut *tx)
        .await?;
    }
    for (id, name, kind, value, cap, minimum) in [
        ("welcome", "첫 구매 3,000원 할인", "FIXED", 3_000, None, 10_000),
        ("tenth", "10% 할인 (최대 5,000원)", "PERCENT", 10, Some(5_000), 20_000),
        ("bulk", "10만 원 이상 15,000원 할인", "FIXED", 15_000, None, 100_000),
    ] {
        sqlx::query(
            "insert into coupon_offers (id, name, kind, value, cap, minimum, valid_days)
             values ($1, $2, $3, $4, $5, $6, 30) on conflict (id) do nothing",
        )
        .bind(id)
        .bind(name)
        .bind(kind)
        .bind(value)
        .bind(cap)
        .bind(minimum)
        .execute(&mut *tx)
        .await?;
    }
    sqlx::query(
        "insert into coupon_offers (id, name, kind, value, minimum, valid_days, channel, code,
                                    issue_max)
         values ('thanks', '선착순 1,000명 2,000원 할인', 'FIXED', 2000, 10000, 30, 'CODE',
                 'THANKS2000', 1000)
         on conflict (id) do nothing",
    )
    .execute(&mut *tx)
    .await?;
    tx.commit().await?;
    Ok(true)
}
