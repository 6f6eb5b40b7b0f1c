"""The shortest walk: link, answers, submission, result."""

import re

from tests.world import World


def test_an_office_fills_the_selbstcheck(world: World) -> None:
    client = world.app.test_client()
    handle = world.handles[0]
    link = world.link(handle)
    token = re.search(r'name="csrf_token" value="([^"]+)"', client.get(link).text)
    assert token
    answer = client.post(link, data={"csrf_token": token[1]})
    assert answer.status_code == 303
    assert answer.location.endswith("/sprache")
