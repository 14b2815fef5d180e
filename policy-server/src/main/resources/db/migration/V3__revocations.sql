-- Every certificate that a host was given: a revoked host's older ones must stop to count too.

create table certificate (
  serial      varchar(64)              not null primary key, -- hex
  host_id     char(32)                 not null,
  valid_until timestamp with time zone not null
);
create index certificate_by_host on certificate (host_id);

insert into certificate (serial, host_id, valid_until)
select serial, host_id, valid_until from host;

-- The newest is what hosts get; several servers must give out the same.
create table crl (
  number  bigint                   not null primary key,
  revoked char(64)                 not null, -- digest of the serials in it
  issued  timestamp with time zone not null,
  content ${bytes}                 not null
);
