-- Sign-in of couriers. These are acts of staff: their times may be exact, and all of it is gone within the hour.

create table challenge (
  challenge bytea primary key check (octet_length(challenge) = 32),
  expires timestamptz not null
);

create table session (
  token_sha256 bytea primary key check (octet_length(token_sha256) = 32),
  courier bytea not null check (octet_length(courier) = 32),
  expires timestamptz not null
);
