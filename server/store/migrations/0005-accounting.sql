-- What is stored, counted by triggers, so that no path can forget it: bytes of ciphertext and finished parts for each parcel, bytes
-- for each mailbox and for all; and what is promised to parcels under way. Rows are locked in this order only: parcel, its parts,
-- promise, mailbox, total.

-- Large databases take longer than a request may.
set local statement_timeout = 0;
lock table parcel, part in share row exclusive mode;

alter table parcel
  -- bytes of ciphertext received
  add column stored bigint not null default 0 check (stored >= 0),
  add column finished integer not null default 0 check (finished between 0 and parts);
-- Room in each page, so that a count is changed in place.
alter table parcel set (fillfactor = 80);

-- Bytes of what a mailbox has sent. One that has nothing here has no row.
create table mailbox_usage (
  mailbox bytea primary key check (octet_length(mailbox) = 32),
  bytes bigint not null check (bytes >= 0)
) with (fillfactor = 80);

-- Bytes of all parcels, replies among them: the sum of these rows, of which one alone says nothing. Were it one row, all changes
-- of all parts would take turns at it, each for the length of a commit.
create table total_usage (
  slot integer primary key,
  bytes bigint not null
);
insert into total_usage select slot, 0 from generate_series(0, 63) slot;

-- Bytes that unsealed parcels may still bring and have room kept for, by the last day on which it is kept for them: 7 days after their last
-- part, so that one who comes back later takes a chance; after an opening alone but 1, so that openings do not shut others out.
-- The sum of a day's rows; one alone says nothing.
create table promise (
  until date,
  slot integer,
  bytes bigint not null,
  primary key (until, slot)
);

-- Bytes of ciphertext that a parcel may take: what it announces, and the most that headers add to each part.
create function announced(size bigint, parts integer) returns bigint language sql immutable as $$
  select size + parts::bigint * 16384
$$;

-- Some of it is promised at once, and more as it comes: a few openings of the greatest size do not shut out everybody else, and what a
-- parcel is not promised it still gets as long as there is room.
create function promised(of_parcel parcel) returns bigint language sql immutable as $$
  select case when of_parcel.seal is null
    then greatest(least(announced(of_parcel.size, of_parcel.parts) - of_parcel.stored, 67108864 + 8 * of_parcel.stored), 0) else 0 end
$$;

create function promised_until(of_parcel parcel) returns date language sql immutable as $$
  select of_parcel.touched + case when of_parcel.stored > 0 then 7 else 1 end
$$;

-- Reckons everything anew from the parts: for this migration, and for rows that came without the triggers.
create function recount_usage() returns void language plpgsql as $$
begin
  lock table parcel, part, promise, mailbox_usage, total_usage in share row exclusive mode;
  update parcel p set stored = coalesce(q.bytes, 0), finished = coalesce(q.done, 0)
  from parcel r left join (
    select part.parcel, sum(received) as bytes, count(*) filter (where received = size) as done from part group by part.parcel) q
    on q.parcel = r.id
  where p.id = r.id and (p.stored, p.finished) is distinct from (coalesce(q.bytes, 0), coalesce(q.done, 0));
  delete from promise;
  insert into promise select promised_until(p), 0, sum(promised(p)) from parcel p where seal is null group by 1;
  delete from mailbox_usage;
  insert into mailbox_usage (mailbox, bytes)
  select mailbox, sum(stored) from parcel where direction = 'submission' group by mailbox having sum(stored) > 0;
  update total_usage set bytes = case when slot = 0 then (select coalesce(sum(stored), 0) from parcel) else 0 end;
end $$;
select recount_usage();

-- A setting of the connection, in bytes; null where there is none, or 0.
create function quota(what text) returns bigint language sql stable as $$
  select nullif(nullif(current_setting('postern.' || what || '_quota', true), '')::bigint, 0)
$$;

create function refuse_beyond(held bigint, what text) returns void language plpgsql as $$
begin
  if held > quota(what) then raise exception 'quota reached' using errcode = 'PQ507'; end if;
end $$;

create function total_bytes() returns bigint language sql volatile as $$
  select sum(bytes)::bigint from total_usage
$$;

-- The row that this connection counts in: one that few others use, or, where there is a quota in total, the same for all, so that
-- nobody compares the sum with it while another has added to it and not said so yet.
create function total_slot() returns integer language sql stable as $$
  select case when quota('total') is null then pg_backend_pid() % 64 else 0 end
$$;

-- Bytes that may still come for a parcel of which `stored` are here; null: any number.
create function quota_room(way text, owner bytea, stored bigint) returns bigint language sql stable as $$
  select least(
    quota('parcel') - stored,
    case when way = 'submission'
      then quota('mailbox') - coalesce((select bytes from mailbox_usage where mailbox = owner), 0) end,
    quota('total') - (select sum(bytes) from total_usage)::bigint)
$$;

-- Adds `grown` bytes to a mailbox, if it is not null, and to all.
create function take_usage(owner bytea, grown bigint) returns void language plpgsql as $$
declare
  held bigint;
begin
  if owner is not null then
    insert into mailbox_usage as u values (owner, grown)
    on conflict (mailbox) do update set bytes = u.bytes + grown returning u.bytes into held;
    perform refuse_beyond(held, 'mailbox');
  end if;
  update total_usage set bytes = bytes + grown where slot = total_slot();
  if quota('total') is not null then perform refuse_beyond(total_bytes(), 'total'); end if;
end $$;

-- Takes bytes off again: the n-th amount off the n-th owner, and all of them off all.
create function give_back_usage(owners bytea[], amounts bigint[]) returns void language plpgsql as $$
declare
  amount bigint := (select coalesce(sum(a), 0) from unnest(amounts) a);
begin
  if amount = 0 then return; end if;
  update mailbox_usage u set bytes = u.bytes - lost.bytes
  from (select o as owner, sum(a)::bigint as bytes from unnest(owners, amounts) x(o, a) group by o) lost
  where u.mailbox = lost.owner;
  delete from mailbox_usage where mailbox = any(owners) and bytes = 0;
  update total_usage set bytes = bytes - amount where slot = total_slot();
end $$;

create function count_part() returns trigger language plpgsql as $$
declare
  grown bigint := new.received - coalesce(old.received, 0);
  done integer := (new.received = new.size)::integer - coalesce((old.received = old.size)::integer, 0);
  held bigint;
  owner bytea;
begin
  update parcel set stored = stored + grown, finished = finished + done where id = new.parcel
  returning stored, case when direction = 'submission' then mailbox end into held, owner;
  if grown > 0 then
    perform refuse_beyond(held, 'parcel');
    perform take_usage(owner, grown);
  else
    perform give_back_usage(array[owner], array[-grown]);
  end if;
  return null;
end $$;

create trigger count_new_part after insert on part
  for each row when (new.received > 0) execute function count_part();
create trigger count_part after update on part
  for each row when (new.received <> old.received or (new.received = new.size) <> (old.received = old.size))
  execute function count_part();

-- Of a parcel that goes with its parts there is no row any more when they go: what it held is taken off once, below.
create function uncount_parts() returns trigger language plpgsql as $$
declare
  owners bytea[];
  amounts bigint[];
begin
  with lost as (
    select parcel, sum(received)::bigint as bytes, count(*) filter (where received = size)::integer as done
    from gone group by parcel),
  left_over as (
    update parcel set stored = stored - bytes, finished = finished - done from lost where id = lost.parcel and bytes > 0
    returning case when direction = 'submission' then mailbox end as owner, bytes)
  select array_agg(owner), array_agg(bytes) into owners, amounts from left_over;
  perform give_back_usage(owners, amounts);
  return null;
end $$;

create trigger uncount_parts after delete on part
  referencing old table as gone for each statement execute function uncount_parts();

create function uncount_parcels() returns trigger language plpgsql as $$
declare
  owners bytea[];
  amounts bigint[];
begin
  select array_agg(case when direction = 'submission' then mailbox end), array_agg(stored) into owners, amounts from gone;
  perform give_back_usage(owners, amounts);
  return null;
end $$;

create trigger uncount_parcels after delete on parcel
  referencing old table as gone for each statement execute function uncount_parcels();

create function move_promise() returns trigger language plpgsql as $$
declare
  -- Null where there is none.
  was parcel := old;
  now_is parcel := new;
begin
  insert into promise as p
  select day, pg_backend_pid() % 64, sum(bytes)
  from (values (promised_until(was), -promised(was)), (promised_until(now_is), promised(now_is))) moved(day, bytes)
  where bytes <> 0 group by day having sum(bytes) <> 0 order by day
  on conflict (until, slot) do update set bytes = p.bytes + excluded.bytes;
  return null;
end $$;

create trigger promise_new after insert on parcel
  for each row when (new.seal is null) execute function move_promise();
create trigger promise_moved after update on parcel
  for each row when (old.seal is null and (old.stored, old.touched, old.seal) is distinct from (new.stored, new.touched, new.seal))
  execute function move_promise();
create trigger promise_no_more after delete on parcel
  for each row when (old.seal is null) execute function move_promise();
