//! The shelf as staff fill it, and the shop's own name, logo and colour on its pages.

use crate::domain::product::Typed;
use crate::server::db::Db;
use crate::server::shop::shelf::{self, Imported, Refused};
use crate::tests::shop::{Shop, folder, run};

fn typed<'a>(id: &'a str, price: &'a str, stock: &'a str) -> Typed<'a> {
    Typed {
        id, name: Some("새 상품"), price: Some(price), stock: Some(stock), ..Typed::default()
    }
}

#[test]
fn a_product_of_staff_is_sold_like_any_other() {
    run(async {
        let pictures = folder();
        std::fs::write(pictures.join("새 잔.png"), b"\x89PNG and so on").unwrap();
        std::fs::write(pictures.join("secret.txt"), b"of nobody's business").unwrap();
        let shop =
            Shop::start_with(&["--seed", "never", "--pictures", pictures.to_str().unwrap()]).await;
        let db = &shop.running.app.db;
        assert!(shop.browser.get("/").await.is(200).text.contains("아직 상품이 없습니다"));
        let cup = Typed { picture: Some("새 잔.png"), ..typed("cup", "12,000원", "3") };
        shelf::add(db, Some(&pictures), &cup).await.unwrap();
        let told = shelf::add(db, Some(&pictures), &cup).await.unwrap_err();
        assert!(matches!(told, Refused::Taken), "{told}");
        let products = shop.browser.get_json("/api/products").await.json();
        let picture = products[0]["picture"].as_str().unwrap().to_owned();
        assert!(picture.starts_with("/pictures/%EC%83%88%20%EC%9E%94.png?v="), "{picture}");
        let shown = shop.browser.get(&picture).await;
        assert!(shown.is(200).text.contains("PNG and so on"));
        for other in ["/pictures/secret.txt", "/pictures/..%2fshop.db", "/pictures/none.png"] {
            shop.browser.get(other).await.is(404);
        }

        let wish = serde_json::json!({
            "lines": [{ "productId": "cup", "quantity": 2 }],
            "customer": Shop::wish()["customer"],
        });
        let order = shop.order_of(&wish).await;
        assert_eq!(order.amount, 24_000);
        let key = shop.authenticate(&order).await;
        shop.confirm(&key, &order, serde_json::json!(order.amount)).await.is(200);
        assert_eq!(shop.stock("cup").await, "1");
        // What can be sold is set beside what is sold, and the sums hold.
        let more = Typed { id: "cup", stock: Some("10"), price: Some("9000"), ..Typed::default() };
        shelf::edit(db, None, &more).await.unwrap();
        assert_eq!(shop.stock("cup").await, "10");
        assert_eq!(shop.one("select received from products").await, "12");
        assert_eq!(shop.one("select name from products").await, "새 상품");
        let told = shelf::edit(db, None, &typed("none", "1", "1")).await.unwrap_err();
        assert!(matches!(told, Refused::Missing), "{told}");
        let page = shop.browser.get(&format!("/orders/{}", order.id)).await;
        assert!(page.text.contains("24,000원"), "{}", page.text);
        shop.holds().await;
        std::fs::remove_dir_all(pictures).unwrap();
    });
}

#[test]
fn a_table_is_taken_whole_or_not_at_all_and_everything_wrong_is_told() {
    run(async {
        let pictures = folder();
        std::fs::write(pictures.join("lamp.jpg"), b"a picture").unwrap();
        let shop = Shop::start().await;
        let db = &shop.running.app.db;
        let before = shop.one("select count(*) from products").await;
        let text = "\u{feff}id,name,price,stock,description,picture\r\n\
                    lamp,\"등, 큰\",\"45,000\",7,,lamp.jpg\r\n\
                    mug,,13000,,,\r\n";
        let wrong = "id,name,price,stock,picture\n\
                     lamp,등,45000,7,gone.jpg\n\
                     a b,이름,0,1,\n\
                     new,,1000,,\n\
                     mug,,13000,,\n\
                     mug,,14000,,\n";
        let told = shelf::import(db, Some(&pictures), wrong).await.unwrap_err().to_string();
        for line in ["line 2: picture", "line 3: id", "line 3: price", "line 6: mug is there twice"]
        {
            assert!(told.contains(line), "{line}: {told}");
        }
        let told = shelf::import(db, None, "id,name\nnew,새것\nmug,컵\n").await.unwrap_err();
        let told = told.to_string();
        assert_eq!(told, "line 2: price is missing\nline 2: stock is missing");
        for (text, wrong) in [
            ("", "it is empty"),
            ("name,price\na,1\n", "of which id must be there"),
            ("id,colour\na,red\n", "columns are"),
            ("id,name\na,b,c\n", "line 2: 3 values for 2 columns"),
            ("id,name\na,\"b\n", "line 2: a quote is not closed"),
        ] {
            let told = shelf::import(db, None, text).await.unwrap_err().to_string();
            assert!(told.contains(wrong), "{text}: {told}");
        }
        assert_eq!(shop.one("select count(*) from products").await, before, "nothing was written");
        assert_eq!(shop.one("select price from products where id = 'mug'").await, "12000");

        let done = shelf::import(db, Some(&pictures), text).await.unwrap();
        assert_eq!(done, Imported { added: 1, changed: 1 });
        assert_eq!(shop.one("select name from products where id = 'lamp'").await, "등, 큰");
        assert_eq!(shop.one("select price from products where id = 'mug'").await, "13000");
        assert_eq!(shop.one("select name from products where id = 'mug'").await, "파란 머그컵");
        assert_eq!(shop.stock("mug").await, "80");
        // Again, as after a change in the spreadsheet.
        let done = shelf::import(db, Some(&pictures), text).await.unwrap();
        assert_eq!(done, Imported { added: 0, changed: 2 });
        shop.holds().await;
        std::fs::remove_dir_all(pictures).unwrap();
    });
}

/// It is shown from memory, and asked for by far more people than change it.
#[test]
fn the_shelf_is_never_older_than_what_was_told_of_it() {
    run(async {
        let shop = Shop::start().await;
        let is_before = |page: &str| page.contains("5개 남음");
        let [shelf, cart] = ["/", "/cart"];
        let order = shop.order().await;
        let key = shop.authenticate(&order).await;
        let before: i64 = shop.stock("tee").await.parse().unwrap();
        shop.alter(&format!(
            "update products set stock = 5, received = received + 5 - {before} where id = 'tee'"
        ))
        .await;
        shop.browser.post_form("/form/cart", &[("productId", "tee"), ("quantity", "1")]).await;
        assert!(is_before(&shop.browser.get(shelf).await.is(200).text));
        // What this shop has done is seen at once, ...
        shop.confirm(&key, &order, serde_json::json!(order.amount)).await.is(200);
        assert!(!is_before(&shop.browser.get(shelf).await.is(200).text), "two were just sold");

        // ... and what another program has within a second.
        let other = Db::open(shop.database_url()).await.unwrap();
        let dearer = Typed { id: "tee", price: Some("31000"), ..Typed::default() };
        shelf::edit(&other, None, &dearer).await.unwrap();
        shop.running.app.clock.advance(1_000);
        for page in [shelf, cart] {
            let answer = shop.browser.get(page).await;
            let page = &answer.is(200).text;
            assert!(page.contains("31,000원"), "{page}");
        }
        other.close().await;
        shop.holds().await;
    });
}

#[test]
fn name_logo_and_colour_are_settings() {
    run(async {
        let files = folder();
        let logo = files.join("logo.svg");
        std::fs::write(&logo, "<svg xmlns=\"http://www.w3.org/2000/svg\"/>").unwrap();
        let settings = ["--shop-name", "한빛 & 상점", "--shop-color", "#03c75a", "--shop-logo"];
        let shop = Shop::start_with(&[&settings[..], &[logo.to_str().unwrap()]].concat()).await;
        let page = shop.browser.get("/").await.is(200).text.clone();
        assert!(page.contains("\">한빛 &amp; 상점</a>"), "{page}");
        assert!(!page.contains("계산 상점"), "{page}");
        for path in ["/cart", "/fail", "/nowhere", "/checkout?orderId=none00", "/success"] {
            let page = shop.browser.get(path).await.text;
            assert!(page.contains(" · 한빛 &amp; 상점</title>"), "{path}: {page}");
        }
        let linked = async |start: &str| {
            let at = page.find(start).unwrap_or_else(|| panic!("{start}: {page}"));
            let address: String = page[at..].chars().take_while(|c| *c != '"').collect();
            shop.browser.get(&address).await.is(200).text.clone()
        };
        assert!(linked("/shop-logo?v=").await.starts_with("<svg"));
        let sheet = linked("/shop.css?v=").await;
        assert!(
            sheet.starts_with("@import \"/pkg/") && sheet.contains(":root{--brand:#"),
            "{sheet}"
        );
        std::fs::remove_dir_all(files).unwrap();
        // And without them all is as it was.
        let plain = Shop::start().await;
        let page = plain.browser.get("/").await.text;
        assert!(page.contains("<a href=\"/\" class=\"brand\">계산 상점</a>"), "{page}");
        assert!(page.contains("href=\"/pkg/") && page.contains("/gyesan.css\""), "{page}");
        for none in ["/shop-logo", "/shop.css"] {
            plain.browser.get(none).await.is(404);
        }
    });
}
