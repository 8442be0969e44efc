"""How long the second opinions take, on demand: ``verify.html`` in Chromium from disk, ``verify.sh`` on what it is meant for.

    python -m bench.verifier.second_opinions [ENDORSEMENTS …]

Every endorsement is three entries and four signatures. The page's memory is the largest resident set of any process of the browser that
draws pages, looked at twice a second. The script is asked for records of at most 2,000 entries.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
import time
from pathlib import Path

from playwright.sync_api import Browser, Page

from bench.verifier.made import made
from declaration.verifier.standalone import verify_html, verify_sh
from tests.support.browser import chromium

MOST_OF_THE_SCRIPT = 2_000


def page(browser: Browser, folder: Path, bundle: Path) -> tuple[float, int, str]:
    """Seconds, the peak in MiB, and the verdict."""
    (folder / "verify.html").write_bytes(verify_html())
    with browser.new_context(offline=True) as context:
        tab = context.new_page()
        tab.goto((folder / "verify.html").as_uri())
        tab.set_input_files("#bundle", bundle)
        begin, peak = time.perf_counter(), 0
        tab.click("#form [type=submit]")
        while not _verdict(tab):
            peak = max(peak, _resident())
            time.sleep(0.5)
        return time.perf_counter() - begin, peak, tab.inner_text("#verdict")


def _verdict(tab: Page) -> bool:
    return tab.query_selector("[data-verdict]") is not None


def _resident() -> int:
    lines = subprocess.run(["ps", "-eo", "rss,args"], capture_output=True, text=True, check=True).stdout.splitlines()
    return max((int(line.split()[0]) // 1024 for line in lines if "--type=renderer" in line), default=0)


def script(folder: Path, bundle: Path) -> tuple[float, str]:
    (folder / "verify.sh").write_bytes(verify_sh())
    begin = time.perf_counter()
    done = subprocess.run(["bash", str(folder / "verify.sh"), str(bundle)], capture_output=True, text=True, check=False)
    return time.perf_counter() - begin, done.stdout.splitlines()[0]


def main(counts: list[int]) -> None:
    with tempfile.TemporaryDirectory() as name, chromium() as browser:
        folder = Path(name)
        for count in counts:
            bundle = made(count, folder / f"{count}.zip")
            size = f"{3 * count:>7} entries and some, {bundle.stat().st_size >> 20:>4} MiB"
            seconds, peak, verdict = page(browser, folder, bundle)
            print(f"verify.html {size}: {seconds:7.1f} s, {peak:>5} MiB; {verdict}", flush=True)
            if 3 * count <= MOST_OF_THE_SCRIPT:
                seconds, verdict = script(folder, bundle)
                print(f"verify.sh   {size}: {seconds:7.1f} s; {verdict}", flush=True)
            bundle.unlink()


if __name__ == "__main__":
    main([int(each) for each in sys.argv[1:]] or [330, 3_300, 33_000])
