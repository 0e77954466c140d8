//! Writes that wait together are one set: each is told what became of it, and none costs another.

use futures_util::future::join_all;

use crate::server::db::catalogue::{self, Wanted};
use crate::server::db::{Statement, is_taken};
use crate::tests::shop::{Shop, run};

/// Marks a product that nobody else marks, if it is as seen.
fn mark(product: &str, seen: &str) -> Statement {
    Statement::update("update products set description = $1 where id = $2 and description = $3")
        .bind("marked")
        .bind(product)
        .bind(seen)
}

/// Adds a product whose id is taken where `id` is one of the shelf.
fn add(id: &str) -> Statement {
    Statement::insert(
        "insert into products (id, name, description, picture, price, stock, position)
         values ($1, $1, $1, $1, 100, 0, 1000)",
    )
    .bind(id)
}

impl Shop {
    async fn shelve(&self, id: &str, stock: i64) {
        let mut tx = self.running.app.db.write().await.unwrap();
        let wanted = Wanted {
            id,
            name: Some(id),
            description: Some("new"),
            picture: None,
            price: Some(1_000),
            stock: Some(stock),
            tax_free: None,
        };
        assert!(catalogue::insert(&mut tx, &wanted).await.unwrap());
        tx.commit().await.unwrap();
    }
}

#[test]
fn writes_that_come_at_once_are_each_done_whole_or_not_at_all() {
    run(async {
        let shop = Shop::start().await;
        shop.shelve("few", 10).await;
        for n in 0..80 {
            shop.shelve(&format!("p{n:02}"), 0).await;
        }
        let db = &shop.running.app.db;
        let write = async |n: usize| {
            let product = format!("p{n:02}");
            let rest = match n % 4 {
                // Twenty for ten pieces.
                0 => vec![mark(&product, "new"), Statement::stock(1, "few")],
                1 => vec![mark(&product, "another"), add(&format!("q{n}"))],
                2 => vec![mark(&product, "new"), add("few")],
                _ => vec![mark(&product, "new"), add(&format!("q{n}"))],
            };
            db.write_all(rest).await
        };
        let told = join_all((0..80).map(write)).await;
        let done = |kind| {
            let of_kind = told.iter().skip(kind).step_by(4);
            of_kind.filter(|told| matches!(told, Ok(true))).count()
        };
        assert_eq!([done(0), done(1), done(2), done(3)], [10, 0, 0, 20]);
        for (n, told) in told.iter().enumerate() {
            match (n % 4, told) {
                (2, Err(error)) => assert!(is_taken(error), "{error}"),
                (2, told) => panic!("{n}: {told:?}"),
                (_, told) => assert!(told.is_ok(), "{n}: {told:?}"),
            }
        }
        shop.until("select stock from products where id = 'few'", "0").await;
        let marked = "select count(*) from products where description = 'marked'";
        shop.until(marked, "30").await;
        shop.until("select count(*) from products where id like 'q%'", "20").await;
    });
}

#[test]
fn of_two_writes_of_the_same_row_one_is_done() {
    run(async {
        let shop = Shop::start().await;
        shop.shelve("one", 0).await;
        let db = &shop.running.app.db;
        let told = join_all((0..30).map(async |_| db.write_all(vec![mark("one", "new")]).await));
        let done = told.await.into_iter().map(Result::unwrap).filter(|done| *done).count();
        assert_eq!(done, 1);
    });
}
