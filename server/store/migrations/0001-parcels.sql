-- Parcels and their parts. For acts of sources there are days only, never a finer time.

create table parcel (
  id bytea primary key check (octet_length(id) = 16),
  -- counts openings, for staff's paging
  number bigint generated always as identity unique,
  mailbox bytea not null check (octet_length(mailbox) = 32),
  opening text not null,
  part_size integer not null check (part_size > 0),
  size bigint not null check (size > 0),
  parts integer not null check (parts > 0),
  opened date not null,
  -- day of the last part
  touched date not null,
  seal text,
  receipt text,
  sealed date,
  check ((seal is null) = (receipt is null) and (seal is null) = (sealed is null))
);

create index parcel_unsealed on parcel (touched) where seal is null;

create table part (
  parcel bytea not null references parcel on delete cascade,
  seq integer not null check (seq >= 0),
  statement text not null,
  sha256 bytea not null check (octet_length(sha256) = 32),
  size integer not null check (size > 0),
  -- bytes that are durable; the part is finished when this is its size, and its hash has been checked by then
  received integer not null check (received between 0 and size),
  -- the blobs that hold them, in order: `<name>:<length>` separated by spaces; every change compares and sets it
  blobs text not null,
  primary key (parcel, seq)
);

-- The data folder that this database belongs to.
create table instance (
  single boolean primary key default true check (single),
  id uuid not null default gen_random_uuid()
);
insert into instance default values;
