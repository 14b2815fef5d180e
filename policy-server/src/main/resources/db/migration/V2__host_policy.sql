-- Which hosts have policy, so that a change that takes it from many of them can be held.
-- An unknown leaves a row alone.

create table host_policy (
  host_id    char(32)                 not null primary key,
  policy     boolean                  not null,
  persistent boolean                  not null,
  since      timestamp with time zone, -- some of it was withdrawn, and did not come back
  confirmed  timestamp with time zone  -- an administrator wants it withdrawn
);

-- Whoever was given anything counts as having a policy, until its last manifest is read again.
insert into host_policy (host_id, policy, persistent)
select distinct host_id, true, false from ledger;
