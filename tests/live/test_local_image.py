"""The host image's recipe, and hosts for daemons that refuse systemd's rights."""

from __future__ import annotations

import asyncio
import io
import logging
import secrets
import tarfile

import pytest

from engine.model.errors import TransientFailure
from engine.providers.local.image.build import ensure_image
from engine.providers.local.image.tag import image_tag

pytestmark = pytest.mark.hosts


@pytest.fixture
def scratch_tag(lab):
    tag = f"groundplan-host-test:{secrets.token_hex(6)}"
    yield tag
    if any(tag in image.tags for image in lab.daemon.images.list()):
        lab.daemon.images.remove(tag, force=True)


async def test_the_recipe_builds_through_the_docker_api_and_its_hosts_run(lab, scratch_tag, caplog):
    caplog.set_level(logging.INFO, "groundplan.local")
    site = await asyncio.to_thread(lambda: lab.provider.site)
    await asyncio.to_thread(ensure_image, site.daemon, scratch_tag, {"BASE": image_tag()})
    assert "building the host image" in caplog.text
    assert "Step" in caplog.text or "setup.sh" in caplog.text
    site.image = scratch_tag
    host = await lab.server("built")
    assert lab.daemon.containers.get(host.id).image.tags == [scratch_tag]
    assert await lab.ssh(host, "systemctl is-system-running --wait") == "running"


async def test_the_recipe_installs_what_its_base_lacks(lab, scratch_tag):
    """One package stands for all: the others would only take time."""
    site = await asyncio.to_thread(lambda: lab.provider.site)
    recipe = f"FROM {image_tag()}\nRUN dpkg -P --force-depends xfsprogs\n"
    bare = f"{scratch_tag}-bare"
    lab.daemon.images.build(fileobj=io.BytesIO(recipe.encode()), tag=bare, network_mode="none", rm=True)
    try:
        await asyncio.to_thread(ensure_image, site.daemon, scratch_tag, {"BASE": bare})
    finally:
        lab.daemon.images.remove(bare, force=True, noprune=True)
    # Kept until its words are read: the daemon may drop those of a container that removes itself.
    asked = lab.daemon.containers.run(
        scratch_tag, ["dpkg-query", "-W", "-f", "${db:Status-Status}", "xfsprogs"], detach=True
    )
    try:
        asked.wait()
        assert asked.logs() == b"installed"
    finally:
        asked.remove(force=True)


async def test_a_failing_build_ends_with_the_builder_s_words(lab, scratch_tag, monkeypatch):
    broken = io.BytesIO()
    with tarfile.open(fileobj=broken, mode="w") as tar:
        recipe = f"FROM {image_tag()}\nRUN echo the archive is gone >&2 && exit 7\n".encode()
        entry = tarfile.TarInfo("Dockerfile")
        entry.size = len(recipe)
        tar.addfile(entry, io.BytesIO(recipe))
    monkeypatch.setattr("engine.providers.local.image.build.build_context", broken.getvalue)
    site = await asyncio.to_thread(lambda: lab.provider.site)
    with pytest.raises(TransientFailure, match="exit 7"):
        await asyncio.to_thread(ensure_image, site.daemon, scratch_tag)


async def test_where_systemd_can_not_run_the_host_falls_back_to_sshd_and_says_so(lab, scratch_tag):
    """An image whose init gives up at once does what systemd does on a daemon that grants it too little."""
    recipe = f"FROM {image_tag()}\nRUN printf '#!/bin/sh\\nexit 255\\n' > /usr/local/sbin/init\n"
    lab.daemon.images.build(fileobj=io.BytesIO(recipe.encode()), tag=scratch_tag, network_mode="none", rm=True)
    site = await asyncio.to_thread(lambda: lab.provider.site)
    site.image = scratch_tag
    host = await lab.server("web")
    assert (host.properties["init"], host.properties["status"]) == ("sshd", "running")
    assert await lab.ssh(host, "hostname") == "web"
    assert await lab.provider.create(lab.wish("server", "web", image="debian-12")) == host
