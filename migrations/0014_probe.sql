-- One row that means nothing else: it is written to find out whether the database takes writes.
create table probes (
  id bigint not null constraint probes_pk primary key,
  written_at bigint not null
);

insert into probes (id, written_at) values (1, 0);
