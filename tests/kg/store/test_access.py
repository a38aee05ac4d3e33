"""Encrypted connections, users who only read, and databases by name, on real servers."""

from __future__ import annotations

import logging
import traceback
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import neo4j
import pytest
import trustme
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_pem_private_key,
)

from kg import (
    AuthenticationError,
    Graph,
    GraphNotFoundError,
    StoreUnavailableError,
    UsageError,
    WriteRefusedError,
    open_graph,
)
from kg.local_neo4j import Neo4jHome
from tests.servers import JARS, SETTINGS, Neo4jAddress, neo4j_server

SECRET = "correct-horse-battery"  # noqa: S105  (what no message may show)
READER = "reader"


@dataclass(frozen=True)
class Encrypted:
    """A server with a certificate, and the certificates of who signed it and who did not."""

    host: str
    password: str
    signer: Path
    stranger: Path


@pytest.fixture(scope="module", params=["2026", "5.26"])
def encrypted(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Encrypted]:
    """A Neo4j that speaks TLS, and plainly as well."""
    folder = tmp_path_factory.mktemp("tls")
    signer, stranger = folder / "signer.pem", folder / "stranger.pem"
    authority = trustme.CA()
    authority.cert_pem.write_to_path(str(signer))
    trustme.CA().cert_pem.write_to_path(str(stranger))
    policy = {
        "enabled": "true",
        "base_directory": str(folder),
        "private_key": "private.key",
        "public_certificate": "public.crt",
        "client_auth": "NONE",
    }
    _write_certificate(authority.issue_cert("localhost"), folder)
    settings = {f"dbms.ssl.policy.bolt.{name}": value for name, value in policy.items()}
    home = Neo4jHome(
        folder / "home",
        libraries=JARS,
        version=request.param,
        settings=SETTINGS | settings | {"server.bolt.tls_level": "OPTIONAL"},
    )
    with neo4j_server(home) as address:
        host = address.url.removeprefix("bolt://127.0.0.1")
        yield Encrypted(host, address.password, signer, stranger)


def _write_certificate(made: trustme.LeafCert, folder: Path) -> None:
    key = load_pem_private_key(made.private_key_pem.bytes(), None)
    form = (Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())  # the one that Neo4j reads
    (folder / "private.key").write_bytes(key.private_bytes(*form))
    chain = b"".join(part.bytes() for part in made.cert_chain_pems)
    (folder / "public.crt").write_bytes(chain)


def _open(encrypted: Encrypted, url: str, certificate: Path | None = None) -> Graph:
    where = url + encrypted.host
    return open_graph(where, user="neo4j", password=encrypted.password, ca_certificate=certificate)


@pytest.mark.parametrize("scheme", ["bolt+s", "neo4j+s"])
def test_a_certificate_is_trusted_through_who_signed_it(encrypted: Encrypted, scheme: str) -> None:
    """With the signer's certificate the connection is encrypted, and reads and writes."""
    where = f"{scheme}://localhost"
    with _open(encrypted, where, encrypted.signer) as graph:
        graph.clear()
        graph.merge_nodes(["Paper"], [{"id": "pmid:1"}])
        assert graph.counts().nodes == {"Paper": 1}
        assert graph.where == where + encrypted.host


@pytest.mark.parametrize("scheme", ["bolt+ssc", "neo4j+ssc"])
def test_any_certificate_will_do_where_it_is_said(encrypted: Encrypted, scheme: str) -> None:
    """The schemes for self-signed certificates encrypt and check nothing."""
    with _open(encrypted, f"{scheme}://localhost") as graph:
        assert graph.read("RETURN 1 AS x") == [{"x": 1}]


@pytest.mark.parametrize("scheme", ["bolt+s", "neo4j+s"])
@pytest.mark.parametrize("known", ["nobody", "stranger"])
def test_a_certificate_of_a_stranger_is_refused(
    encrypted: Encrypted, scheme: str, known: str
) -> None:
    """Without the signer's certificate nothing is sent, and the error says which setting helps."""
    certificate = encrypted.stranger if known == "stranger" else None
    with pytest.raises(StoreUnavailableError, match="ABDUCE_CA_CERTIFICATE") as caught:
        _open(encrypted, f"{scheme}://localhost", certificate)
    shown = "".join(traceback.format_exception(caught.value))
    assert encrypted.password not in shown


def test_a_certificate_for_another_name_is_refused(encrypted: Encrypted) -> None:
    """A certificate that is made out to another host is not taken for this one's."""
    with pytest.raises(StoreUnavailableError, match=r"127\.0\.0\.1.*not valid"):
        _open(encrypted, "bolt+s://127.0.0.1", encrypted.signer)


@pytest.mark.parametrize("scheme", ["bolt", "neo4j", "bolt+ssc"])
def test_a_certificate_that_would_not_be_checked_is_wrong_use(scheme: str, tmp_path: Path) -> None:
    """Who gives a CA's certificate is not left with a connection that checks none."""
    with pytest.raises(UsageError, match=r"\+s://localhost"):
        open_graph(f"{scheme}://localhost", ca_certificate=tmp_path)


def test_a_file_that_is_no_certificate_is_told(tmp_path: Path) -> None:
    """An absent file and one of another kind are named."""
    (tmp_path / "other.pem").write_text("hello")
    for name in ("other.pem", "absent.pem"):
        with pytest.raises(UsageError, match=name):
            open_graph("bolt+s://localhost", ca_certificate=tmp_path / name)


@pytest.mark.parametrize("scheme", ["bolt+s", "neo4j+ssc"])
def test_a_server_without_tls_is_told(neo4j_address: Neo4jAddress, scheme: str) -> None:
    """A server that does not encrypt is told apart from one that is away."""
    url = neo4j_address.url.replace("bolt", scheme)
    with pytest.raises(StoreUnavailableError, match="TLS"):
        open_graph(url, user=neo4j_address.user, password=SECRET)


@pytest.fixture(params=["neo4j", "neo4j_lts"])
def server(request: pytest.FixtureRequest) -> Iterator[Neo4jAddress]:
    """A server with an empty graph that knows a second user, `reader`."""
    request.getfixturevalue(f"{request.param}_graph")
    address: Neo4jAddress = request.getfixturevalue(f"{request.param}_address")
    owner = neo4j.basic_auth(address.user, address.password)
    with (
        neo4j.GraphDatabase.driver(address.url, auth=owner) as driver,
        driver.session(database="system") as system,
    ):
        made = "CREATE USER reader SET PASSWORD $password CHANGE NOT REQUIRED"
        system.run(made, password=SECRET).consume()
        yield address
        system.run("DROP USER reader").consume()


def _as_owner(address: Neo4jAddress, database: str | None = None) -> Graph:
    return open_graph(address.url, user=address.user, password=address.password, database=database)


def _who(graph: Graph) -> set[str]:
    rows = graph.read("SHOW TRANSACTIONS YIELD username, currentQuery RETURN *")
    return {row["username"] for row in rows if "SHOW TRANSACTIONS" in row["currentQuery"]}


def test_reading_goes_through_the_user_who_reads(server: Neo4jAddress) -> None:
    """Where a reading user is given, reads are that user's and writes the other's."""
    with open_graph(
        server.url,
        user=server.user,
        password=server.password,
        read_user=READER,
        read_password=SECRET,
    ) as graph:
        graph.merge_nodes(["Paper"], [{"id": "pmid:1"}])
        assert graph.read("MATCH (p:Paper) RETURN p.id AS id") == [{"id": "pmid:1"}]
        assert _who(graph) == {READER}
        wrote = graph.write("SHOW TRANSACTIONS YIELD username RETURN username")
        assert server.user in {row["username"] for row in wrote}
        with pytest.raises(WriteRefusedError):
            graph.read("CREATE (:Paper {id: 'pmid:2'})")
        assert SECRET not in repr(graph) + repr(vars(graph))


def test_a_user_who_reads_alone_cannot_write(server: Neo4jAddress) -> None:
    """With nobody but a reading user, a write is refused before it is sent."""
    with open_graph(server.url, read_user=READER, read_password=SECRET) as graph:
        assert graph.read("RETURN 1 AS x") == [{"x": 1}]
        with pytest.raises(WriteRefusedError, match="ABDUCE_USER"):
            graph.merge_nodes(["Paper"], [{"id": "pmid:1"}])
        assert graph.counts().nodes == {}


def test_a_wrong_password_of_who_reads_is_told_as_such(server: Neo4jAddress) -> None:
    """The error names the settings of the reading user, and no password."""
    with pytest.raises(AuthenticationError, match="ABDUCE_READ_PASSWORD") as caught:
        open_graph(
            server.url,
            user=server.user,
            password=server.password,
            read_user=READER,
            read_password=SECRET[::-1],
        )
    shown = "".join(traceback.format_exception(caught.value))
    assert SECRET[::-1] not in shown
    assert server.password not in shown


def test_a_database_is_opened_by_its_name(server: Neo4jAddress) -> None:
    """The default database has a name too, and a database without a graph is told at once."""
    with _as_owner(server) as graph, _as_owner(server, database="neo4j") as same:
        graph.merge_nodes(["Paper"], [{"id": "pmid:1"}])
        assert same.counts().nodes == {"Paper": 1}
    for name in ("nothing", "system"):
        with pytest.raises(GraphNotFoundError, match=name):
            _as_owner(server, database=name)


def test_nothing_is_logged_of_a_password(
    server: Neo4jAddress, caplog: pytest.LogCaptureFixture
) -> None:
    """Neither our log nor the driver's, at its most talkative, holds a password."""
    caplog.set_level(logging.DEBUG)
    with open_graph(
        server.url,
        user=server.user,
        password=server.password,
        read_user=READER,
        read_password=SECRET,
    ) as graph:
        graph.read("RETURN 1 AS x")
        graph.write("RETURN 1 AS x")
    assert caplog.text
    assert SECRET not in caplog.text
    assert server.password not in caplog.text


@pytest.mark.parametrize(
    "where", [f"neo4j:{SECRET}@127.0.0.1:7687", "bolt:127.0.0.1", f"me:{SECRET}@db"]
)
def test_an_address_without_slashes_is_no_folder(
    where: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An address that lacks `//` is refused, makes no folder, and is not shown."""
    monkeypatch.chdir(tmp_path)
    with pytest.raises(UsageError, match="bolt://host:port") as refused:
        open_graph(where, create=True)
    assert SECRET not in str(refused.value)
    assert list(tmp_path.iterdir()) == []
