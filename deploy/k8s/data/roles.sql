-- One role and one database for each service. A service that guesses another's address still cannot connect.
-- Run by psql on an empty server; the passwords come from its environment.
\getenv registry_password REGISTRY_PASSWORD
\getenv empowerment_password EMPOWERMENT_PASSWORD
\getenv export_password EXPORT_PASSWORD
\getenv financing_password FINANCING_PASSWORD

CREATE ROLE registry LOGIN PASSWORD :'registry_password';
CREATE ROLE empowerment LOGIN PASSWORD :'empowerment_password';
CREATE ROLE export LOGIN PASSWORD :'export_password';
CREATE ROLE financing LOGIN PASSWORD :'financing_password';

CREATE DATABASE registry OWNER registry;
CREATE DATABASE empowerment OWNER empowerment;
CREATE DATABASE export OWNER export;
CREATE DATABASE financing OWNER financing;

-- Everybody may connect to a new database, unless told otherwise; its owner always may.
REVOKE ALL ON DATABASE registry, empowerment, export, financing, postgres, template1 FROM PUBLIC;
