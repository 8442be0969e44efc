import pytest

from declaration.endorsements.bundle import compose_bundle
from declaration.verifier.verify import verify_bundle


@pytest.fixture
def database_url(sqlite_url):
    return sqlite_url


def test_it(playing, looking, tmp_path, app):
    with playing() as play:
        play.played("en", "az", "tr")
    with looking() as play:
        print(compose_bundle(play.session, play.forum, tmp_path / "b.zip"))
    r = verify_bundle(tmp_path / "b.zip")
    print(r.as_text())
    r.require_all()
