"""The way to an API server, as the official Kubernetes client configures it.

The client is used for configuration, TLS and credentials alone. Importing it takes a third of
a second, so this module is imported only once a cluster is read.
"""

from __future__ import annotations

import ipaddress
import logging
import os
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import unquote, urlsplit
from urllib.request import getproxies

import urllib3
from kubernetes.client import ApiClient, Configuration
from kubernetes.config import ConfigException, load_incluster_config, load_kube_config_from_dict

from auditor.snapshot import Remark
from auditor.sources.live.kubeconfig import Chosen, chosen
from auditor.sources.live.settings import Settings
from auditor.sources.source import Unusable
from auditor.visible import visible

NO_CLUSTER = (
    "no cluster to read: there is no kubeconfig (KUBECONFIG, ~/.kube/config) and this is no pod "
    "of a cluster; name one with --kubeconfig, or a dump to read"
)
UNVERIFIED = "its certificate was not verified: insecure-skip-tls-verify is set in the kubeconfig"
LONGEST_COMPLAINT = 300


@dataclass(frozen=True)
class Connection:
    """A pool of connections to one API server, and the credentials to show there."""

    server: str
    """The URL below which all paths lie."""
    description: str
    pool: urllib3.PoolManager = field(repr=False)
    route: str = ""
    """How a person would say where the connection goes, through which proxy."""
    remarks: tuple[Remark, ...] = ()
    _configuration: Any = field(repr=False, default=None)
    _sent: Mapping[str, str | tuple[str, ...]] = field(repr=False, default_factory=dict)
    _lock: threading.Lock = field(repr=False, default_factory=threading.Lock)

    def headers(self) -> urllib3.HTTPHeaderDict:
        """What every request carries; the client renews credentials that have expired.

        Raises `Unusable` where they cannot be sent. A token from a file may end in a line feed.
        """
        headers = urllib3.HTTPHeaderDict()
        with self._lock, _overheard():
            settings = self._configuration.auth_settings().values()
        credentials = {it["key"]: str(it["value"] or "").strip() for it in settings}
        for name, values in {**self._sent, **credentials}.items():
            for one in (values,) if isinstance(values, str) else values:
                if not (one.isascii() and one.isprintable()):
                    raise Unusable(f"the kubeconfig: what it gives for {name} cannot be sent")
                headers.add(name, one)
        return headers


def connected(settings: Settings, environment: Mapping[str, str] = os.environ) -> Connection:
    """The way to the cluster that the settings choose.

    Raises `Unusable` with one line where the configuration or the credentials do not serve.
    """
    context = chosen(settings.kubeconfig, settings.context, environment)
    configuration = Configuration()
    if context is None:
        _load_in_cluster(configuration)
        description = f"the cluster of this pod ({configuration.host})"
    else:
        _load(configuration, context)
        description = f"the cluster of the context {visible(context.context)}"
        description += f" ({configuration.host})"
    cluster = context.cluster if context else {}
    _set_proxy(configuration, cluster.get("proxy-url"))
    pool = _pool(configuration)
    remarks = () if configuration.verify_ssl else (Remark(configuration.host, UNVERIFIED),)
    return Connection(
        configuration.host,
        description,
        pool,
        _route(configuration, pool),
        remarks,
        configuration,
        {**_encoding(cluster, configuration.host), **_impersonation(context)},
    )


def _load_in_cluster(configuration: Any) -> None:
    try:
        load_incluster_config(client_configuration=configuration)
    except (ConfigException, OSError) as error:
        if "KUBERNETES_SERVICE_HOST" not in os.environ:
            raise Unusable(NO_CLUSTER) from error
        why = _one_line(str(error))
        raise Unusable(f"in this pod: {why}; does it mount a ServiceAccount's token?") from error


def _load(configuration: Any, context: Chosen) -> None:
    where = f"the context {visible(context.context)}"
    with _overheard() as complaints:
        try:
            load_kube_config_from_dict(
                context.document, client_configuration=configuration, persist_config=False
            )
        except ConfigException as error:
            raise Unusable(f"{where}: {_one_line(str(error))}") from error
        except OSError as error:
            why = f"{error.filename}: {error.strerror}" if error.filename else _no_room(error)
            raise Unusable(f"{where}: {_one_line(why)}") from error
        except Exception as error:  # whatever a broken entry makes the client raise
            raise Unusable(
                f"{where}: its cluster or user entry cannot be used ({type(error).__name__})"
            ) from None
    plugin = context.user.get("exec")
    has_credentials = bool(configuration.auth_settings()) or configuration.cert_file
    if isinstance(plugin, Mapping) and not has_credentials:
        why = _one_line("; ".join(complaints)) or "it gave none"
        command = visible(str(plugin.get("command")))
        raise Unusable(f"{where}: no credentials from the plugin {command}: {why}")


def _no_room(error: OSError) -> str:
    """TLS takes certificates from files alone, so the client writes them into some."""
    why = error.strerror or "not readable"
    said = "certificates that stand in the kubeconfig itself go through temporary files"
    return f"{why}; {said}: set TMPDIR to a directory for them"


def _set_proxy(configuration: Any, named: object) -> None:
    """The proxy of the cluster's entry, always; else that of the environment, as kubectl has it.

    Up to 35 the client knows neither, later ones let NO_PROXY override the entry.
    """
    scheme = urlsplit(configuration.host).scheme
    proxies: Mapping[str, str] = getproxies()
    if isinstance(named, str):
        proxy, excepted = named, ""
    elif _is_loopback(configuration.host):
        proxy, excepted = "", ""
    else:
        proxy, excepted = proxies.get(scheme, ""), proxies.get("no", "")
    parts = urlsplit(proxy if "://" in proxy or not proxy else f"http://{proxy}")
    if parts.username is not None:
        name, password = unquote(parts.username), unquote(parts.password or "")
        configuration.proxy_headers = urllib3.make_headers(proxy_basic_auth=f"{name}:{password}")
        parts = parts._replace(netloc=parts.netloc.rpartition("@")[2])
    configuration.proxy = parts.geturl() or None
    configuration.no_proxy = excepted


def _pool(configuration: Any) -> urllib3.PoolManager:
    if not configuration.verify_ssl:  # it is a remark of the report instead
        urllib3.disable_warnings(urllib3.exceptions.InsecureRequestWarning)
    try:
        pool: urllib3.PoolManager = ApiClient(configuration).rest_client.pool_manager
    except Exception as error:  # an URL that no proxy has, or SOCKS without PySocks
        said = f"the proxy {visible(str(configuration.proxy))} cannot be used"
        raise Unusable(f"{said}: {_one_line(str(error))}") from error
    return pool


def _route(configuration: Any, pool: urllib3.PoolManager) -> str:
    """The manager for SOCKS is of another module, which need not be installed."""
    if isinstance(pool, urllib3.ProxyManager) or type(pool).__name__ == "SOCKSProxyManager":
        return f"{configuration.host} through the proxy {configuration.proxy}"
    return str(configuration.host)


def _is_loopback(server: str) -> bool:
    host = urlsplit(server).hostname or ""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def _encoding(cluster: Mapping[str, Any], server: str) -> dict[str, str | tuple[str, ...]]:
    """Lists shrink to a tenth on the wire, which is worth nothing on the same machine."""
    plain = cluster.get("disable-compression") is True or _is_loopback(server)
    return {} if plain else {"Accept-Encoding": "gzip"}


def _impersonation(context: Chosen | None) -> dict[str, str | tuple[str, ...]]:
    """Whom the user's entry says to act as, which the client passes over."""
    user = context.user if context else {}
    headers: dict[str, str | tuple[str, ...]] = {}
    for key, header in (("as", "Impersonate-User"), ("as-uid", "Impersonate-Uid")):
        if key in user:
            headers[header] = str(user[key])
    if isinstance(groups := user.get("as-groups"), list):
        headers["Impersonate-Group"] = tuple(map(str, groups))
    if isinstance(extra := user.get("as-user-extra"), Mapping):
        for key, values in extra.items():
            headers[f"Impersonate-Extra-{key}"] = tuple(map(str, values))
    return headers


def _one_line(text: str) -> str:
    return visible(" ".join(text.split()))[:LONGEST_COMPLAINT]


@contextmanager
def _overheard() -> Iterator[list[str]]:
    """What the client says to the root logger, where alone it says that a plugin failed."""
    said: list[str] = []

    class Listener(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            said.append(record.getMessage())

    listener = Listener()
    logging.getLogger().addHandler(listener)
    try:
        yield said
    finally:
        logging.getLogger().removeHandler(listener)
