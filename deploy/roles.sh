#!/bin/sh
# Run once by the PostgreSQL image on an empty volume: the database and its two roles.
# The owner migrates; the application reads and writes rows and can rewrite no history.
set -eu
psql --set ON_ERROR_STOP=1 --username "${POSTGRES_USER:-postgres}" --dbname postgres \
    --set owner="$DATABASE_OWNER_PASSWORD" --set app="$DATABASE_PASSWORD" <<'SQL'
CREATE ROLE liaison_owner LOGIN NOSUPERUSER PASSWORD :'owner';
CREATE ROLE liaison_app LOGIN NOSUPERUSER PASSWORD :'app';
CREATE DATABASE liaison OWNER liaison_owner ENCODING 'UTF8' TEMPLATE template0;
REVOKE CONNECT ON DATABASE liaison FROM PUBLIC;
SQL
