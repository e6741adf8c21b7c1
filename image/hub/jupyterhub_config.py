"""What JupyterHub is told. Each choice of an instructor's comes from `classroom.settings`."""

import os
from pathlib import Path

from traitlets.config import get_config

from classroom import course, services, start
from classroom.allocator import Allocator
from classroom.authenticator import RosterAuthenticator
from classroom.cpus import sibling_groups
from classroom.roster import read_roster
from classroom.spawner import ClassroomSpawner

c = get_config()
settings, engine = start.check(os.environ)
roster = read_roster(settings.roster)

# ---- accounts: everybody who has a slip ---------------------------------------------------------
c.JupyterHub.authenticator_class = RosterAuthenticator
c.RosterAuthenticator.roster_file = str(settings.roster)
c.RosterAuthenticator.door_token = settings.proxy_token
c.RosterAuthenticator.allow_all = True  # without a place in the roster, no password is right
# Known before they first log in, so that an instructor can start their servers beforehand.
c.JupyterHub.load_groups = {
    "participants": {"users": roster.participants},
    "instructors": {"users": roster.admins},
}
c.JupyterHub.subdomain_host = settings.subdomain_host
c.JupyterHub.cookie_secret = bytes.fromhex(settings.cookie_secret)

# A server of the instructor's takes cores that a participant may need: it starts when asked for.
c.JupyterHub.default_url = lambda handler: (
    services.PAGE if handler.current_user and handler.current_user.name in roster.admins else ""
)

# ---- servers: cores, network and home of one's own ----------------------------------------------
ClassroomSpawner.settings = settings
ClassroomSpawner.engine = engine
ClassroomSpawner.accounts = len(roster.accounts)
ClassroomSpawner.allocator = Allocator(
    sibling_groups(settings.class_cores), settings.cores_per_participant, settings.share_cores
)
for seat in engine.seats():
    ClassroomSpawner.allocator.keep(seat.name, seat.cores)

c.JupyterHub.spawner_class = ClassroomSpawner
c.ClassroomSpawner.image = settings.image
c.ClassroomSpawner.pull_policy = "never"
c.ClassroomSpawner.prefix = f"{settings.class_name}-participant"
c.ClassroomSpawner.name_template = "{prefix}-{raw_username}"
c.ClassroomSpawner.remove = True
c.ClassroomSpawner.use_internal_ip = True
c.ClassroomSpawner.use_internal_hostname = True  # addresses change when the engine restarts
c.ClassroomSpawner.volumes = {
    engine.home_volume("{raw_username}"): "/home/jovyan",
    engine.course_volume: {"bind": course.WHERE, "mode": "ro"},
}
c.ClassroomSpawner.environment = {
    "SWIMLANES_COURSE": course.WHERE,
    "SWIMLANES_WALL": f"http://hub:8081{services.WALL_PAGE.rstrip('/')}",
    "SWIMLANES_WALL_PAGE": f"{settings.url}{services.WALL_PAGE}",
}
c.ClassroomSpawner.server_token_scopes = services.SERVER_SCOPES
c.ClassroomSpawner.disable_user_config = True  # what lies in a home changes no server
c.ClassroomSpawner.post_stop_hook = ClassroomSpawner.leave
c.ClassroomSpawner.http_timeout = 120
c.ClassroomSpawner.start_timeout = 300  # a whole class may start at once

# ---- hub and proxy: each may be restarted without ending a participant's server -----------------
c.JupyterHub.db_url = "sqlite:////srv/hub/hub.sqlite"
c.JupyterHub.hub_bind_url = "http://hub-backend:8081"
# Proxy and services come through a network that no participant is in. Servers come through the
# door, which goes by the name of hub in their networks.
c.JupyterHub.hub_connect_url = "http://hub-backend:8081"
c.ClassroomSpawner.hub_connect_url = "http://hub:8081"
c.JupyterHub.cleanup_servers = False
c.ConfigurableHTTPProxy.should_start = False
c.ConfigurableHTTPProxy.api_url = "http://proxy-backend:8001"
c.ConfigurableHTTPProxy.auth_token = settings.proxy_token
c.JupyterHub.last_activity_interval = 15  # a proxy that has restarted is told its routes then
c.JupyterHub.template_paths = ["/opt/hub/templates"]
c.JupyterHub.shutdown_on_logout = False
c.JupyterHub.log_level = "WARN"

# ---- services -----------------------------------------------------------------------------------
c.JupyterHub.services = [
    services.culler(settings.idle_minutes),
    services.wall(settings.wall_token),
]
c.JupyterHub.custom_scopes = services.CUSTOM_SCOPES
c.JupyterHub.load_roles = [services.NO_ADMINS, services.CULLER_ROLE, *services.WALL_ROLES]
if Path("/opt/hub/instructor/__main__.py").exists():
    c.JupyterHub.services.append(services.instructors_page(settings.class_name, settings.image))
    c.JupyterHub.load_roles += services.INSTRUCTOR_ROLES
