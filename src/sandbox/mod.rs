//! An emulator of Toss Payments, as if another company had written it.
