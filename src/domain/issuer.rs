//! Card companies.

/// One, as Toss knows it (Toss: api.md §9.1).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Issuer {
    IbkBc,
    Kwangju,
    Lotte,
    Kdb,
    Bc,
    Samsung,
    Saemaul,
    Shinhan,
    Shinhyup,
    Citi,
    WooriBc,
    Woori,
    Post,
    Savings,
    Jeonbuk,
    Jeju,
    Kakao,
    K,
    Toss,
    Hana,
    Hyundai,
    Kookmin,
    Nonghyup,
    Suhyup,
}

impl Issuer {
    pub const ALL: [Issuer; 24] = [
        Issuer::IbkBc,
        Issuer::Kwangju,
        Issuer::Lotte,
        Issuer::Kdb,
        Issuer::Bc,
        Issuer::Samsung,
        Issuer::Saemaul,
        Issuer::Shinhan,
        Issuer::Shinhyup,
        Issuer::Citi,
        Issuer::WooriBc,
        Issuer::Woori,
        Issuer::Post,
        Issuer::Savings,
        Issuer::Jeonbuk,
        Issuer::Jeju,
        Issuer::Kakao,
        Issuer::K,
        Issuer::Toss,
        Issuer::Hana,
        Issuer::Hyundai,
        Issuer::Kookmin,
        Issuer::Nonghyup,
        Issuer::Suhyup,
    ];

    /// Toss's code.
    pub fn code(self) -> &'static str {
        match self {
            Issuer::IbkBc => "3K",
            Issuer::Kwangju => "46",
            Issuer::Lotte => "71",
            Issuer::Kdb => "30",
            Issuer::Bc => "31",
            Issuer::Samsung => "51",
            Issuer::Saemaul => "38",
            Issuer::Shinhan => "41",
            Issuer::Shinhyup => "62",
            Issuer::Citi => "36",
            Issuer::WooriBc => "33",
            Issuer::Woori => "W1",
            Issuer::Post => "37",
            Issuer::Savings => "39",
            Issuer::Jeonbuk => "35",
            Issuer::Jeju => "42",
            Issuer::Kakao => "15",
            Issuer::K => "3A",
            Issuer::Toss => "24",
            Issuer::Hana => "21",
            Issuer::Hyundai => "61",
            Issuer::Kookmin => "11",
            Issuer::Nonghyup => "91",
            Issuer::Suhyup => "34",
        }
    }

    /// Reads [`Issuer::code`]; `None` is a new one.
    pub fn of_code(code: &str) -> Option<Issuer> {
        Issuer::ALL.into_iter().find(|it| it.code() == code)
    }
}
