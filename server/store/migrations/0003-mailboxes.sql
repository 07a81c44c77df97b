-- Mailboxes: what a codename opens. All that is known of one is its public key, and days.

alter table parcel
  -- `submission`: from a source, its mailbox is who sent it; `reply`: from staff, its mailbox is whom it is for
  add column direction text not null default 'submission' check (direction in ('submission', 'reply')),
  -- the reply key that signs a reply; a submission is signed by its mailbox
  add column reply_key bytea check (octet_length(reply_key) = 32),
  -- day on which staff said that they have all of it
  add column collected date,
  -- the source asked that its codename show this parcel no more
  add column forgotten boolean not null default false,
  -- the source has put the receipt away
  add column dismissed boolean not null default false,
  -- which browser goes on with it: raised by every claim
  add column writer integer not null default 0 check (writer >= 0),
  -- random number of the sign-in that made the last claim, so that it gets the same answer again and nobody else does
  add column claimed_by bytea check (octet_length(claimed_by) = 8),
  add check ((direction = 'reply') = (reply_key is not null));

create index parcel_mailbox on parcel (mailbox, number);
create index parcel_collected on parcel (collected) where collected is not null;

-- The progress record that came with a part, sealed under the codename; gone when the parcel is sealed.
alter table part add column record bytea check (octet_length(record) <= 8192);

-- The head of a parcel's ledger, in pages, sealed under the codename; gone when the parcel is sealed.
create table ledger (
  parcel bytea not null references parcel on delete cascade,
  page integer not null check (page between 0 and 4095),
  content bytea not null check (octet_length(content) between 1 and 262144),
  primary key (parcel, page)
);

-- Mailboxes whose source asked to be forgotten: replies to them are not taken until it sends again.
create table forgotten (
  mailbox bytea primary key check (octet_length(mailbox) = 32),
  day date not null
);
