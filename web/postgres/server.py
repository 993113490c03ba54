"""A PostgreSQL server of our own, shared by every process that asks for it in the same folder."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import psycopg
from psycopg import sql

from web.postgres import home as homes
from web.postgres import launcher, locks
from web.postgres.errors import PostgresUnavailable
from web.postgres.home import Home
from web.postgres.programs import Programs, find_programs
from web.postgres.record import HOST, Record, Role

Say = Callable[[str], None]

OWNER = "alongside_owner"
APP = "alongside_app"
_ROLES: Mapping[Role, str] = {"app": APP, "owner": OWNER, "admin": launcher.ADMIN}

_STARTING = "starting.lock"  # held alone by whoever starts or stops the server
_USERS = "users.lock"  # shared by every process that uses it


@dataclass(frozen=True)
class Server:
    """A running server, for as long as the `running` block that gave it lasts."""

    folder: Path
    programs: Programs
    home: Home = field(repr=False)
    record: Record = field(repr=False)

    @property
    def port(self) -> int:
        """Where it listens, on this machine alone."""
        return self.record.port

    @property
    def pid(self) -> int:
        """The process id of the server itself."""
        return launcher.pid(self.home)

    def url(self, database: str, *, role: Role) -> str:
        """SQLAlchemy's address of a database. The application is `app`; migrations and nothing else are `owner`.

        It says `hostaddr` too, as PGHOSTADDR in somebody's shell would lead elsewhere.
        """
        user = _ROLES[role]
        password = self.record.passwords[role]
        return f"postgresql+psycopg://{user}:{password}@{HOST}:{self.port}/{database}?hostaddr={HOST}"

    def databases(self) -> frozenset[str]:
        """The databases made here; not PostgreSQL's own three."""
        with self._admin() as connection:
            rows = connection.execute(
                "SELECT datname FROM pg_database WHERE NOT datistemplate AND datname <> 'postgres'"
            )
            return frozenset(name for (name,) in rows)

    def create_database(self, name: str, *, template: str | None = None) -> None:
        """An empty database, or a copy of one to which nobody is connected; owned by `alongside_owner`.

        Raises:
            psycopg.errors.DuplicateDatabase: there is one of that name.
            psycopg.errors.ObjectInUse: somebody is connected to the template.
        """
        command = sql.SQL("CREATE DATABASE {} OWNER {} TEMPLATE {}").format(
            sql.Identifier(name), sql.Identifier(OWNER), sql.Identifier(template or "template0")
        )
        with self._admin() as connection:
            connection.execute(command)

    def drop_database(self, name: str) -> None:
        """Away with it, and with every connection to it; nothing happens when there is none."""
        command = sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name))
        with self._admin() as connection:
            connection.execute(command)

    def crash(self) -> None:
        """Ends it as a power cut would, whoever uses it: for tests of what happens then."""
        with locks.held(self.folder / _STARTING):
            launcher.stop(self.home, launcher.IMMEDIATE)

    def start(self) -> None:
        """Starts it again after a crash, on the same port."""
        with locks.held(self.folder / _STARTING):
            if not launcher.is_running(self.home, self.record):
                launcher.launch(self.home, self.programs, self.record)

    def make_roles(self) -> None:
        """The two roles, unless they are there: neither is superuser, and only one owns anything."""
        with self._admin() as connection:
            found = connection.execute("SELECT rolname FROM pg_roles").fetchall()
            for role in ("owner", "app"):
                if (_ROLES[role],) not in found:
                    _create_role(connection, _ROLES[role], self.record.passwords[role])

    def _admin(self) -> psycopg.Connection:
        return psycopg.connect(
            host=HOST,
            hostaddr=HOST,  # or PGHOSTADDR of the environment would win
            port=self.port,
            dbname="postgres",
            user=launcher.ADMIN,
            password=self.record.passwords["admin"],
            sslmode="disable",
            autocommit=True,
        )


@contextmanager
def running(
    folder: Path,
    *,
    settings: Mapping[str, str] = {},
    programs: Programs | None = None,
    say: Say = lambda _: None,
) -> Iterator[Server]:
    """The server whose files belong in this folder: set up, started or found running, as need be.

    The last process to leave stops it. One that is killed can't; the next to come uses what it finds.

    Args:
        folder: made if it isn't there. Best one that git ignores.
        settings: further parameters of `postgresql.conf`, given at the start.
        programs: instead of those that `find_programs` would choose.
        say: told in a sentence about what takes longer than a moment.

    Raises:
        PostgresUnavailable: there are no programs, or the server doesn't start, or it runs with other settings.
    """
    folder = folder.resolve()
    with ExitStack() as leaving:
        with locks.held(folder / _STARTING):
            home = homes.settle(folder)
            users = locks.Lock(folder / _USERS)
            users.share()
            leaving.callback(_leave, home, users)
            _refuse_or_discard(home)
            programs = programs or _programs_for(home)
            record = _set_up(home, programs, say)
            if not settings.items() <= record.settings.items():
                _make_way(home, users)
            server = _joined_or_started(home, programs, record, settings)
        yield server


def remove(folder: Path) -> None:
    """Deletes a server with all its data, wherever they lie; nothing where there has never been one of ours.

    Raises:
        PostgresUnavailable: a process uses it.
    """
    folder = folder.resolve()
    if not (folder / _STARTING).exists():
        return
    with locks.held(folder / _STARTING):
        if locks.is_held(folder / _USERS):
            raise PostgresUnavailable(f"The database in {folder} is in use: stop what uses it first.")
        home = homes.settle(folder)
        launcher.stop(home)
        homes.remove_files(home)


def _leave(home: Home, users: locks.Lock) -> None:
    if not users.ours():  # a forked child leaves the block, too, but its parent is the user
        return
    if not users.still_there():
        # deleted under us: a server without its files ends by itself within a minute, and one started
        # in their place since is not ours to stop
        users.close()
        return
    with locks.held(home.folder / _STARTING):
        try:
            if users.try_take():
                launcher.stop(home)
        finally:
            users.close()


def _set_up(home: Home, programs: Programs, say: Say) -> Record:
    record = Record.load(home.folder) or Record.new()
    if home.version() is None:
        say("Setting up the database (first time only)")
        record.save(home.folder)
        launcher.initialise(home, programs, record.passwords["admin"])
    return record


def _joined_or_started(home: Home, programs: Programs, record: Record, settings: Mapping[str, str]) -> Server:
    if not launcher.is_running(home, record):
        record = record.for_a_start(settings)
        record.save(home.folder)
        launcher.launch(home, programs, record)
    server = Server(home.folder, programs, home, record)
    server.make_roles()
    return server


def _programs_for(home: Home) -> Programs:
    version = home.version()
    try:
        return find_programs(version=version)
    except PostgresUnavailable as error:
        if version is None:
            raise
        raise PostgresUnavailable(
            f"The database in {home.folder} was made by PostgreSQL {version}. {error} "
            "Or delete that folder to begin with an empty database."
        ) from error


def _refuse_or_discard(home: Home) -> None:
    """Data without their passwords: nobody can log in any more."""
    if not home.data.exists() or Record.load(home.folder):
        return
    if not home.moved:
        raise PostgresUnavailable(
            f"The passwords of the database in {home.folder} are gone. "
            "Delete that folder to begin with an empty database."
        )
    # whoever deleted the folder that was asked for meant these, too
    launcher.stop(home)
    homes.remove_data(home)


def _make_way(home: Home, users: locks.Lock) -> None:
    """A server with other settings is stopped if it was merely left behind."""
    if not users.shared_with_nobody():
        raise PostgresUnavailable(
            f"The database in {home.folder} is running already, with other settings: stop what uses it first."
        )
    launcher.stop(home)


def _create_role(connection: psycopg.Connection, name: str, password: str) -> None:
    # hashed on this side, so that the password itself is in no log
    hashed = connection.pgconn.encrypt_password(password.encode(), name.encode(), b"scram-sha-256")
    connection.execute(
        sql.SQL("CREATE ROLE {} LOGIN PASSWORD {}").format(sql.Identifier(name), sql.Literal(hashed.decode()))
    )
