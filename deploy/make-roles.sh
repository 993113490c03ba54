#!/bin/sh
# Run once by the postgres image, on an empty volume: the owner of the tables, and the application's role,
# which is neither superuser nor owner and so can't rewrite the ledger.
set -eu
psql --set ON_ERROR_STOP=1 --username "$POSTGRES_USER" --dbname postgres \
    --set owner_password="$OWNER_PASSWORD" --set app_password="$APP_PASSWORD" <<'SQL'
CREATE ROLE alongside_owner LOGIN PASSWORD :'owner_password';
CREATE ROLE alongside_app LOGIN PASSWORD :'app_password';
CREATE DATABASE alongside OWNER alongside_owner;
SQL
