//! One statement for a whole set on PostgreSQL: what differs between writes is in arrays.
//!
//! How: each statement that several writes have in common stands in it once, with `v.c1` for `$1`, over
//! `unnest` of what they bind. The first of each write decides whether the others happen (`ok`).

use sqlx::postgres::PgArguments;
use sqlx::query::QueryAs;
use sqlx::{AssertSqlSafe, Postgres};

use crate::server::db::sets::job::Job;
use crate::server::db::statement::{Kind, Statement, Value};

/// A set as one message.
pub(super) struct Joined<'a> {
    sql: String,
    parts: Vec<Part<'a>>,
}

/// One statement, and what each write that has it binds.
struct Part<'a> {
    sql: &'static str,
    kind: Kind,
    is_first: bool,
    jobs: Vec<i64>,
    columns: Vec<Column<'a>>,
}

#[derive(Clone)]
enum Column<'a> {
    Text(Vec<Option<&'a str>>),
    Whole(Vec<Option<i64>>),
}

impl Column<'_> {
    fn of(value: &Value) -> Self {
        match value {
            Value::Text(_) => Column::Text(Vec::new()),
            Value::Whole(_) => Column::Whole(Vec::new()),
        }
    }

    fn sql(&self) -> &'static str {
        match self {
            Column::Text(_) => "text",
            Column::Whole(_) => "bigint",
        }
    }
}

impl<'a> Joined<'a> {
    /// Writes are known by their place among `jobs`. `None` where one of them is not of this form.
    pub(super) fn of(jobs: &'a [Job]) -> Option<Joined<'a>> {
        let mut parts: Vec<Part<'a>> = Vec::new();
        for (number, job) in (0_i64..).zip(jobs) {
            for (at, statement) in job.statements.iter().enumerate() {
                let is_first = at == 0;
                if !stands(statement.kind, is_first) {
                    return None;
                }
                push(&mut parts, number, is_first, statement)?;
            }
        }
        // In one order whoever came first, so that there are few texts to prepare; what decides is
        // first, and what everybody wants is last.
        parts.sort_by_key(|part| (!part.is_first, part.kind == Kind::Stock, part.sql.as_ptr()));
        Some(Joined { sql: joined(&parts)?, parts })
    }

    /// Answers with the places of the writes that were done.
    pub(super) fn query(self) -> QueryAs<'a, Postgres, (Vec<i64>, i64), PgArguments> {
        let mut query = sqlx::query_as(AssertSqlSafe(self.sql));
        for part in self.parts {
            query = query.bind(part.jobs);
            for column in part.columns {
                query = match column {
                    Column::Text(texts) => query.bind(texts),
                    Column::Whole(wholes) => query.bind(wholes),
                };
            }
        }
        query
    }
}

/// Whether a statement of this kind can be one of many, in its place of its write.
pub(super) fn stands(kind: Kind, is_first: bool) -> bool {
    match kind {
        Kind::New => is_first,
        Kind::Update => true,
        Kind::Insert | Kind::Stock => !is_first,
        Kind::Alone => false,
    }
}

/// Adds what a write binds to the statement's part; `None` where it binds something else.
fn push<'a>(
    parts: &mut Vec<Part<'a>>,
    number: i64,
    is_first: bool,
    statement: &'a Statement,
) -> Option<()> {
    let sql = statement.sql;
    let known = parts.iter().position(|part| {
        part.sql.as_ptr() == sql.as_ptr()
            && part.sql.len() == sql.len()
            && part.is_first == is_first
    });
    let known = known.unwrap_or_else(|| {
        let (kind, columns) = (statement.kind, statement.values.iter().map(Column::of).collect());
        parts.push(Part { sql, kind, is_first, jobs: Vec::new(), columns });
        parts.len() - 1
    });
    let part = parts.get_mut(known)?;
    part.jobs.push(number);
    for (column, value) in part.columns.iter_mut().zip(&statement.values) {
        match (column, value) {
            (Column::Text(texts), Value::Text(text)) => texts.push(text.as_deref()),
            (Column::Whole(wholes), Value::Whole(whole)) => wholes.push(*whole),
            (Column::Text(_), Value::Whole(_)) | (Column::Whole(_), Value::Text(_)) => return None,
        }
    }
    Some(())
}

/// A set in which a statement after the first of its write has not found its row fails as a whole
/// (22012), so that one message is enough.
fn joined(parts: &[Part<'_>]) -> Option<String> {
    let (mut steps, mut whole) = (Vec::new(), vec!["true".to_owned()]);
    let firsts = parts.iter().take_while(|part| part.is_first).count();
    let ok: Vec<_> = (0..firsts).map(|at| format!("select job from s{at}")).collect();
    let mut place = 1;
    for (at, part) in parts.iter().enumerate() {
        let (jobs, rows) = (place, rows(part, &mut place));
        match (part.kind, part.is_first) {
            (Kind::Update, true) => {
                let text = over(&updating(part.sql, &rows)?);
                steps.push(format!("s{at} as ({text} returning v.job)"));
            }
            (Kind::Update, false) => {
                let text = over(&updating(part.sql, &rows)?);
                let done = "v.job in (select job from ok)";
                steps.push(format!("s{at} as ({text} and {done} returning 1)"));
                whole.push(format!(
                    "(select count(*) from s{at}) = (select count(*) from unnest(${jobs}::bigint[])
                         as w(job) where w.job in (select job from ok))"
                ));
            }
            // What was there already is not returned; of those that add the same key, one does.
            (Kind::New, true) => {
                let at_conflict = outermost(part.sql, "on")?;
                let (insert, conflict) = part.sql.split_at(at_conflict);
                let (_, key) = conflict.split_once('(')?;
                let (key, _) = key.split_once(')')?;
                let text = over(&inserting(insert, &rows)?);
                steps.push(format!("n{at} as ({text} {conflict} returning {key} as key)"));
                steps.push(format!(
                    "s{at} as (select min(v.job) as job from {rows} join n{at} on n{at}.key = v.c1
                         group by v.c1)"
                ));
            }
            (Kind::Insert, false) => {
                let at_conflict = outermost(part.sql, "on").unwrap_or(part.sql.len());
                let (insert, conflict) = part.sql.split_at(at_conflict);
                let text = over(&inserting(insert, &rows)?);
                let done = "where v.job in (select job from ok)";
                steps.push(format!("s{at} as ({text} {done} {conflict} returning 1)"));
            }
            (Kind::Stock, false) => {
                steps.push(format!(
                    "w{at} as (select v.c2 as id, cast(sum(v.c1) as bigint) as pieces from {rows}
                         where v.job in (select job from ok) group by v.c2)"
                ));
                steps.push(format!(
                    "h{at} as (select id from products where id in (select id from w{at})
                         order by id for update)"
                ));
                steps.push(format!(
                    "s{at} as (update products set stock = stock - pieces
                         from h{at} join w{at} on w{at}.id = h{at}.id
                         where products.id = h{at}.id and stock >= pieces returning 1)"
                ));
                whole.push(format!("(select count(*) from s{at}) = (select count(*) from w{at})"));
            }
            (Kind::Alone, _) | (Kind::New, false) | (Kind::Insert | Kind::Stock, true) => {
                return None;
            }
        }
        if at + 1 == firsts {
            steps.push(format!("ok as ({})", ok.join(" union all ")));
        }
    }
    Some(format!(
        "with {},\nwhole as (select 1 / (case when {} then 1 else 0 end) as one)
         select array(select job from ok), cast(one as bigint) from whole",
        steps.join(",\n"),
        whole.join(" and ")
    ))
}

/// What a part is over, and the places that it takes.
fn rows(part: &Part<'_>, place: &mut usize) -> String {
    let types = std::iter::once("bigint").chain(part.columns.iter().map(Column::sql));
    let (mut arrays, mut names) = (Vec::new(), vec!["job".to_owned()]);
    for (at, sql) in types.enumerate() {
        arrays.push(format!("${place}::{sql}[]"));
        if at > 0 {
            names.push(format!("c{at}"));
        }
        *place += 1;
    }
    format!("unnest({}) as v({})", arrays.join(", "), names.join(", "))
}

/// `$7` in a statement of one row is the seventh column of its rows. Those of the rows themselves are
/// followed by their type and stay.
fn over(sql: &str) -> String {
    let (mut all, mut rest) = (String::new(), sql);
    while let Some((text, from_place)) = rest.split_once('$') {
        let digits = from_place.bytes().take_while(u8::is_ascii_digit).count();
        let (number, after) = from_place.split_at(digits);
        all.push_str(text);
        all.push_str(if is_of_rows(after) { "$" } else { "v.c" });
        all.push_str(number);
        rest = after;
    }
    all.push_str(rest);
    all
}

fn is_of_rows(after: &str) -> bool {
    after.starts_with("::bigint[]") || after.starts_with("::text[]")
}

/// Between what is set and what it depends on.
fn updating(sql: &str, rows: &str) -> Option<String> {
    let at = outermost(sql, "where")?;
    let (setting, condition) = sql.split_at(at);
    let condition = condition.strip_prefix("where")?;
    Some(format!("{setting} from {rows} where ({condition})"))
}

/// In place of the values.
fn inserting(sql: &str, rows: &str) -> Option<String> {
    let at = outermost(sql, "values")?;
    let (into, values) = sql.split_at(at);
    let values = values.strip_prefix("values")?.trim().strip_prefix('(')?.strip_suffix(')')?;
    Some(format!("{into} select {values} from {rows}"))
}

/// Where a word stands that is not inside of parentheses.
fn outermost(sql: &str, word: &str) -> Option<usize> {
    let mut depth = 0_usize;
    for (at, byte) in sql.bytes().enumerate() {
        match byte {
            b'(' => depth += 1,
            b')' => depth = depth.saturating_sub(1),
            _ => {}
        }
        let is_here = depth == 0 && sql.get(at..).is_some_and(|rest| rest.starts_with(word));
        let is_apart = at > 0
            && sql.as_bytes().get(at - 1).is_some_and(u8::is_ascii_whitespace)
            && sql.as_bytes().get(at + word.len()).is_none_or(|it| !it.is_ascii_alphanumeric());
        if is_here && is_apart {
            return Some(at);
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::{inserting, over, updating};

    #[test]
    fn a_statement_of_one_row_becomes_one_of_many() {
        let rows = "unnest($1::bigint[], $2::text[]) as v(job, c1)";
        let update = "update a set b = case when exists (select 1 from c where d = $2) then $1 end
             where e = $2 and f = $10";
        assert_eq!(
            over(&updating(update, rows).unwrap()),
            "update a set b = case when exists (select 1 from c where d = v.c2) then v.c1 end
              from unnest($1::bigint[], $2::text[]) as v(job, c1) where ( e = v.c2 and f = v.c10)"
        );
        let insert =
            "insert into a (b, c) values ($1, coalesce((select d from e where f = $2), 0))";
        assert_eq!(
            over(&inserting(insert, rows).unwrap()),
            "insert into a (b, c)  select v.c1, coalesce((select d from e where f = v.c2), 0) from \
             unnest($1::bigint[], $2::text[]) as v(job, c1)"
        );
    }
}
