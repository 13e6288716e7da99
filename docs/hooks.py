"""What MkDocs does beside its own: pages that the program writes, tutorials that are run, a check that all is offline.

Pages from outside of ``docs`` (the README, the changelog, how to contribute, the ledger's guide) are taken in; links
that lead to them from ``docs`` as it is read unbuilt are turned to where they stand in the site.
"""

from __future__ import annotations

import os
import re
import tempfile
from pathlib import Path
from typing import Any

from mkdocs.exceptions import PluginError
from mkdocs.structure.files import File

CLONE = Path(__file__).resolve().parent.parent
TAKEN_IN = {
    "../CHANGELOG.md": "changelog.md",
    "../CONTRIBUTING.md": "contributing.md",
    "../seeds/README.md": "seeds.md",
    "../README.md": "index.md",
}
"""Files outside of ``docs`` as links in it name them, and the pages they are in the site."""
NOT_PAGES = re.compile(r"\[([^\]]*)\]\((?:\.\./)*(?:LICENSE|CITATION\.cff|CODE_OF_CONDUCT\.md)\)")
LINK = re.compile(r"(?<=\]\()([^)\s#]+)")
LOADED = re.compile(
    r"""<(?:script|img|iframe|source|video|audio|embed|object)\b[^>]*?\s(?:src|srcset|data)\s*=\s*["']?((?:https?:)?//[^"'\s>]+)"""
    r"""|<link\b(?=[^>]*\brel\s*=\s*["']?(?:stylesheet|icon|shortcut|preload|prefetch|preconnect|dns-prefetch|modulepreload|manifest))"""
    r"""[^>]*?\shref\s*=\s*["']?((?:https?:)?//[^"'\s>]+)"""
    r"""|(?:url\(|@import\s+)\s*["']?((?:https?:)?//[^"'\s)]+)""",
    re.IGNORECASE,
)
"""What a browser would fetch by itself; links that a reader may follow are none of it."""

PYTHON = """# Python

The names that `dir(sim)` lists. Whatever else the packages hold may change from one version to the next.

"""


def on_files(files: Any, config: Any) -> Any:
    """Add the pages that are written by the program, taken in from outside of ``docs``, or run."""
    import sim
    from analysis.cli import app
    from analysis.describe import mechanism_pages
    from analysis.describe.reference import command_line, scenario_file

    pages = {
        "reference/commands.md": command_line(app),
        "reference/scenario.md": scenario_file(),
        "reference/python.md": PYTHON + "\n\n".join(f"::: sim.{name}" for name in sim.__all__ if name != "__version__"),
    }
    for outside, inside in TAKEN_IN.items():
        pages[inside] = _taken_in(CLONE / outside.removeprefix("../"))
    for notebook in sorted((CLONE / "docs" / "tutorials").glob("*.ipynb")):
        text, pictures = _run(notebook)
        pages[f"tutorials/{notebook.stem}.md"] = text
        for name, content in pictures.items():
            files.append(File.generated(config, f"tutorials/{name}", content=content))
    texts, drawn = mechanism_pages.pages((CLONE / "docs" / "mechanisms.md").read_text(encoding="utf-8"))
    pages |= texts
    for path, curve in drawn.items():
        files.append(File.generated(config, path, content=curve.png()))
    for path, text in pages.items():
        files.append(File.generated(config, path, content=text))
    return files


def _taken_in(path: Path) -> str:
    """Return a page from outside of ``docs``, whose links are written from where it stands."""
    text = path.read_text(encoding="utf-8")
    folder = path.parent

    def turned(link: re.Match[str]) -> str:
        if re.match(r"[a-z]+:", link[0]):
            return link[0]
        return os.path.relpath(folder / link[0], CLONE / "docs").replace(os.sep, "/")

    return LINK.sub(turned, text)


def on_page_markdown(markdown: str, page: Any, config: Any, files: Any) -> str:
    """Turn links to what stands outside of ``docs``, and to notebooks, to where it is in the site."""
    above = "../" * page.file.src_uri.count("/")

    def turned(link: re.Match[str]) -> str:
        inside = TAKEN_IN.get(link[0].removeprefix(above))
        return above + inside if inside else re.sub(r"\.ipynb$", ".md", link[0])

    return LINK.sub(turned, NOT_PAGES.sub(r"\1", markdown))


def _run(path: Path) -> tuple[str, dict[str, bytes]]:
    """Run a notebook in an empty folder; return it as Markdown, and its pictures. A cell that fails ends the build.

    What goes to standard error, which tells how far long commands have come, is left out.
    """
    import nbformat
    from nbclient import NotebookClient
    from nbconvert import MarkdownExporter

    notebook = nbformat.read(path, as_version=4)
    quiet = ["--log-level=ERROR"]  # it warns that it talks in plain text, which it does on this machine only
    client = NotebookClient(notebook, timeout=900, kernel_name="python3", extra_arguments=quiet)
    with tempfile.TemporaryDirectory() as folder:
        client.execute(cwd=folder)
    for cell in notebook.cells:
        if "outputs" in cell:
            cell.outputs = [output for output in cell.outputs if output.get("name") != "stderr"]
        for output in cell.get("outputs", ()):
            data = output.get("data", {})
            if "text/html" in data:  # without the looks that pandas adds, which are those of a notebook
                plain = re.sub(r"<style.*?</style>", "", data["text/html"], flags=re.DOTALL)
                data["text/html"] = plain.replace('<table border="1" class="dataframe">', "<table>")
    exporter = MarkdownExporter()
    text, resources = exporter.from_notebook_node(
        notebook, resources={"unique_key": path.stem, "output_files_dir": f"{path.stem}_files"}
    )
    return text, resources["outputs"]


def on_post_build(config: Any) -> None:
    """Refuse a site of which a browser would fetch anything from elsewhere."""
    site = Path(config.site_dir)
    foreign = sorted(
        {
            f"{path.relative_to(site)}: {next(filter(None, found))}"
            for path in site.rglob("*")
            if path.suffix in (".html", ".css", ".svg")
            for found in LOADED.findall(path.read_text(encoding="utf-8"))
        }
    )
    if foreign:
        raise PluginError("the site would load from elsewhere: " + "; ".join(foreign))
