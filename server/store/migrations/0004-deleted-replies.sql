-- Ids of replies that were here whole and were deleted, by whomever: what a courier brings again from an old bundle is not taken
-- again. A random id, and nothing about whom it was for.

create table deleted_reply (
  id bytea primary key check (octet_length(id) = 16)
);

create function remember_deleted_reply() returns trigger language plpgsql as $$
begin
  insert into deleted_reply values (old.id) on conflict do nothing;
  return null;
end $$;

create trigger remember_deleted_reply after delete on parcel
  for each row when (old.direction = 'reply' and old.seal is not null)
  execute function remember_deleted_reply();
