"""The server: gunicorn with threads, the application loaded before the fork."""

from __future__ import annotations

import gc
from collections.abc import Callable
from typing import Any

from gunicorn.app.base import BaseApplication

from config import Config
from survey.app import create_app
from survey.logs import configure_logging

# Idle connections of slow phones block a sync worker for seconds; threads do not mind them.
WORKER_CLASS = "gthread"


class Server(BaseApplication):  # type: ignore[misc]  # gunicorn has no type hints
    """gunicorn, set up from our settings instead of its own file."""

    def __init__(self, config: Config, when_ready: Callable[[], None]) -> None:
        self._settings = config
        self._when_ready = when_ready
        super().__init__()

    def load_config(self) -> None:
        """Hand our settings to gunicorn."""
        config = self._settings
        options: dict[str, Any] = {
            "bind": f"{config.bind}:{config.port}",
            "workers": config.workers,
            "threads": config.threads,
            "worker_class": WORKER_CLASS,
            "preload_app": True,
            "timeout": 60,
            "graceful_timeout": 20,
            "keepalive": 15,
            "backlog": 1024,
            # Files that say „I am alive" stay in the instance folder, like everything else.
            "worker_tmp_dir": str(config.instance_path),
            "accesslog": None,
            "loglevel": "warning",
            "when_ready": lambda _server: self._when_ready(),
            # A second way to steer the server is a second way in.
            "control_socket_disable": True,
            "forwarded_allow_ips": "*" if config.proxy_hops else "127.0.0.1",
            "certfile": config.tls_cert or None,
            "keyfile": config.tls_key or None,
        }
        for name, value in options.items():
            if name in self.cfg.settings and value is not None:
                self.cfg.set(name, value)

    def load(self) -> Any:
        """The application; its database is opened by each worker itself."""
        configure_logging()
        application = create_app(self._settings)
        # Compiled once here and not once in every worker.
        for name in application.jinja_env.list_templates():
            application.jinja_env.get_template(name)
        # What is loaded now stays for ever: kept away from the collector, whose marks would copy
        # every page of it into every worker.
        gc.collect()
        gc.freeze()
        return application


def serve(config: Config, when_ready: Callable[[], None]) -> None:
    """Serve until stopped; `when_ready` runs once connections are accepted."""
    Server(config, when_ready).run()
