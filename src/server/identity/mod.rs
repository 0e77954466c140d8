//! Who is asking: browsers by the tokens they keep.

pub mod bearer;
pub mod cookie;
pub mod visitor;
