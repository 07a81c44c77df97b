-- Stored parts are read again, slowly, and compared with their hashes: how far that is, and what was found wrong.

create table scrub (
  single boolean primary key default true check (single),
  -- everything before the parcel of this number was looked at, and of that one the parts up to this
  parcel bigint not null default 0,
  part integer not null default -1,
  -- day on which everything had been read; null while a round goes on
  ended date,
  -- the one process that reads, until its lease is over; random, drawn at its start
  holder bytea check (octet_length(holder) = 8),
  lease_until timestamptz
);
insert into scrub default values;

create table rot (
  parcel bytea not null references parcel on delete cascade,
  part integer not null,
  fault text not null check (fault in ('missing', 'short', 'unreadable', 'differs')),
  found date not null,
  primary key (parcel, part)
);
