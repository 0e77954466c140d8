//! Every way the server can fail, and what a caller may know of it.

use crate::contract::{ApiError, Code, ProductView, Told};
use crate::domain::order::OutOfOrder;
use crate::server::refusal::Refusal;

/// A failure inside the server, with its source.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    #[error("the database failed")]
    Database(#[from] sqlx::Error),
    #[error("an order was to move against its table")]
    OutOfOrder(#[from] OutOfOrder),
    #[error("stored data is damaged: {0}")]
    Damaged(&'static str),
    #[error("background work ended early")]
    Ended(#[from] tokio::task::JoinError),
    /// Not a fault either: a refund cannot be as staff or buyer want it.
    #[error("refused: {0}")]
    Refund(#[from] Refusal),
    /// Not a fault: the caller asked for something that cannot be, and is told.
    #[error("refused: {}", .0.message)]
    Refused(ApiError),
    /// The same, with a code that the page after a form knows.
    #[error("refused: {}", .0.as_str())]
    Told(Told),
    /// The same: there are fewer pieces of a product than were asked for.
    #[error("refused: too few pieces of {}", .0.product_id)]
    Short(Box<ProductView>),
}

impl Error {
    pub fn not_found(message: &str) -> Error {
        Error::Refused(ApiError::new(Code::NotFound, message))
    }

    /// No order has this number, or none could have it.
    pub fn no_order() -> Error {
        Error::not_found("주문을 찾을 수 없습니다. 주문 번호를 확인해 주세요.")
    }

    pub fn conflict(message: &str) -> Error {
        Error::Refused(ApiError::new(Code::Conflict, message))
    }

    /// Whether it may pass by itself: the database is out of reach, or takes nothing just now.
    pub fn is_outage(&self) -> bool {
        matches!(self, Error::Database(database) if crate::server::db::is_outage(database))
    }

    pub fn invalid(field: &str, message: impl std::fmt::Display) -> Error {
        Error::Refused(ApiError::in_field(Code::InvalidRequest, field, message))
    }
}

/// The one place where a failure is logged, once, and its text dropped.
impl From<Error> for ApiError {
    fn from(error: Error) -> ApiError {
        let error = match error {
            Error::Refused(refused) => return refused,
            Error::Told(told) => return told.into(),
            Error::Short(product) => return ApiError::new(Code::Conflict, product.short()),
            Error::Refund(refusal) => return refusal.in_korean(),
            Error::Database(_) | Error::OutOfOrder(_) | Error::Damaged(_) | Error::Ended(_) => {
                error
            }
        };
        let source = std::error::Error::source(&error).map(ToString::to_string);
        tracing::error!(error.source = source, "{error}");
        if error.is_outage() {
            return ApiError::new(
                Code::Unavailable,
                "지금은 주문을 처리할 수 없습니다. 잠시 후 다시 시도해 주세요.",
            );
        }
        ApiError::new(Code::Internal, "일시적인 오류가 발생했습니다. 잠시 후 다시 시도해 주세요.")
    }
}
