//! For whoever runs the shop: copies of it, and whether it can work.

pub mod background;
pub mod backup;
pub mod figures;
pub mod presence;
pub mod ready;
