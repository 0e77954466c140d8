//! Settings of `gyesan product`: what staff put on the shelf.

use std::path::PathBuf;

use clap::{Args, Subcommand};

use crate::domain::product::Typed;
use crate::server::config::{PicturesArgs, Storage};

#[derive(Clone, Debug, Subcommand)]
pub enum ProductCommand {
    /// Put a new product at the end of the shelf: --name, --price and --stock are needed.
    Add(Box<ProductArgs>),
    /// Change what is said of a product; the rest stays, and so do prices of orders.
    Edit(Box<ProductArgs>),
    /// Bring the shelf to a table (CSV in UTF-8, as spreadsheets save it): everything, or nothing. Its
    /// first line names its columns: id,name,price,stock,description,picture,tax-free.
    Import(ImportArgs),
    /// Show every product: id, price, pieces that can be sold, name, picture.
    List(Storage),
}

#[derive(Clone, Debug, Args)]
pub struct ProductArgs {
    /// Letters, digits, - and _, at most 40; it does not change.
    pub id: String,

    /// At most 100 characters.
    #[arg(long)]
    pub name: Option<String>,

    /// In won, such as 29000.
    #[arg(long, value_name = "WON", allow_hyphen_values = true)]
    pub price: Option<String>,

    /// Pieces that can be sold now, besides those that orders hold.
    #[arg(long, value_name = "PIECES", allow_hyphen_values = true)]
    pub stock: Option<String>,

    /// At most 500 characters.
    #[arg(long)]
    pub description: Option<String>,

    /// A file of the folder of pictures, such as tee.jpg.
    #[arg(long, value_name = "FILE")]
    pub picture: Option<String>,

    /// Whether no tax is in its price, yes or no; only for a merchant that Toss has as tax-free or
    /// mixed.
    #[arg(long, value_name = "YES|NO")]
    pub tax_free: Option<String>,

    #[command(flatten)]
    pub pictures: PicturesArgs,

    #[command(flatten)]
    pub storage: Storage,
}

impl ProductArgs {
    pub fn typed(&self) -> Typed<'_> {
        Typed {
            id: &self.id,
            name: self.name.as_deref(),
            price: self.price.as_deref(),
            stock: self.stock.as_deref(),
            description: self.description.as_deref(),
            picture: self.picture.as_deref(),
            tax_free: self.tax_free.as_deref(),
        }
    }
}

#[derive(Clone, Debug, Args)]
pub struct ImportArgs {
    /// The table.
    pub file: PathBuf,

    #[command(flatten)]
    pub pictures: PicturesArgs,

    #[command(flatten)]
    pub storage: Storage,
}
