-- The log of receipts: tiles of 256 leaves, of which nobody can tell receipts from random bytes. Nothing here is written at a seal: which
-- receipts wait for the log is seen from the parcels, so no row keeps the order in which they came.

create table log (
  single boolean primary key default true check (single),
  -- drawn at the start of the log: its name
  start bytea not null check (octet_length(start) = 16),
  size bigint not null check (size > 0 and size % 256 = 0),
  -- the signed note of the newest checkpoint, which is over so many leaves
  checkpoint text not null,
  -- day on which was last published
  day date not null,
  -- true after a restore: nothing is published until the operator has said how to go on
  suspended boolean not null default false
);

create table log_tile (
  number bigint primary key check (number >= 0),
  -- 256 entries of 32 bytes
  entries bytea not null check (octet_length(entries) = 8192),
  -- Merkle root over them
  root bytea not null check (octet_length(root) = 32)
);

-- Which leaf is whose, and what opens it: goes with the parcel, and then nothing leads from the log to it.
create table log_receipt (
  parcel bytea primary key references parcel on delete cascade,
  leaf bigint not null unique check (leaf >= 0),
  blinding bytea not null check (octet_length(blinding) = 32)
);
