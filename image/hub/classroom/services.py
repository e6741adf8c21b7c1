"""What stands beside the hub: the idle culler, the instructor's page, the wall."""

from __future__ import annotations

import sys
from typing import Any

MINUTE_S = 60
CULLER = "idle-culler"
INSTRUCTOR = "instructor"
PAGE = f"/services/{INSTRUCTOR}/"
WALL = "wall"
WALL_PAGE = f"/services/{WALL}/"
LOOK_AT_WALL = f"access:services!service={WALL}"
STEER_WALL = "custom:wall:steer"
"""Read in `swimlanes.wall.hub` as well."""

NO_ADMINS: dict[str, Any] = {"name": "admin", "users": []}
"""Also for a hub that had some before."""
CULLER_ROLE = {
    "name": CULLER,
    "services": [CULLER],
    "scopes": ["list:users", "read:users:activity", "read:servers", "delete:servers"],
}
INSTRUCTOR_ROLES = [
    {
        "name": "instructor-page",
        "services": [INSTRUCTOR],
        "scopes": [
            "list:users", "read:users:name", "read:users:activity", "read:servers", "servers",
            "admin:server_state",
        ],
    },
    {
        "name": "instructors",
        "groups": ["instructors"],
        "scopes": [f"access:services!service={INSTRUCTOR}"],
    },
]  # fmt: skip

CUSTOM_SCOPES = {STEER_WALL: {"description": "Hide and explain what is on the wall, and close it."}}
WALL_ROLES = [
    {"name": "wall", "groups": ["participants", "instructors"], "scopes": [LOOK_AT_WALL]},
    {"name": "wall-instructors", "groups": ["instructors"], "scopes": [STEER_WALL]},
]
SERVER_SCOPES = ["users:activity!user", "access:servers!server", LOOK_AT_WALL]
"""What a server may do in its owner's name: as ever, and share with the class."""


def culler(idle_minutes: int) -> dict[str, Any]:
    """Return the service that stops servers nobody uses, so that their cores come back."""
    patience_s = idle_minutes * MINUTE_S
    every_s = max(5, min(patience_s // 4, 5 * MINUTE_S))
    arguments = [f"--timeout={patience_s}", f"--cull-every={every_s}"]
    return {"name": CULLER, "command": [sys.executable, "-m", "jupyterhub_idle_culler", *arguments]}


def instructors_page(class_name: str, image: str) -> dict[str, Any]:
    """Return the service behind /services/instructor/.

    It listens where participants' networks do not reach. The hub hands on little of its own
    environment, so what the page needs of it is named.
    """
    return {
        "name": INSTRUCTOR,
        "url": "http://hub-backend:8202",
        "command": [sys.executable, "-m", "instructor"],
        "environment": {"CLASS_NAME": class_name, "IMAGE": image},
        # On the hub's own origin, also where servers have others: to it the login returns.
        "oauth_redirect_uri": f"{PAGE}oauth_callback",
        "oauth_no_confirm": True,
        "display": True,
    }


def wall(token: str) -> dict[str, Any]:
    """Return the service behind /services/wall/, which runs in a container of its own."""
    return {
        "name": WALL,
        "url": "http://wall-backend:8890",
        "api_token": token,
        "oauth_redirect_uri": f"{WALL_PAGE}oauth_callback",
        "oauth_client_allowed_scopes": [STEER_WALL],
        "oauth_no_confirm": True,
        "display": True,
    }
