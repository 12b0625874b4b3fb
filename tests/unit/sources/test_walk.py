"""Which files are read, in which order, and which are passed over."""

import os

import pytest

from dedupe_news.errors import PathError
from dedupe_news.sources import batches, read


def test_a_folder_is_read_in_the_order_of_its_names(write, texts):
    """Files come before folders, and ids are paths as they were given."""
    for name in ("c/b.txt", "c/a/x.txt", "c/d/y.md", "c/Z.txt"):
        write(name, "Text.")

    assert list(texts("c")) == ["c/Z.txt", "c/b.txt", "c/a/x.txt", "c/d/y.md"]
    assert list(texts("c/")) == list(texts("c"))
    assert next(iter(texts("./c"))) == "./c/Z.txt"


def test_the_working_folder_needs_no_name(write, texts):
    """What is in `.` is called by its path in it."""
    write("a/b.txt", "Text.")

    assert list(texts(".")) == ["a/b.txt"]


def test_what_is_passed_over_is_counted(write, left_out):
    """A hidden or ignored folder counts as one."""
    write(".gitignore", "old/\n*.bak.txt\n")
    for name in ("a.txt", "old/1.txt", "old/2.txt", "b.bak.txt", ".git/x.txt", "c.html", "d"):
        write(name, "Text.")
    write("e.txt", bytes(100))

    assert left_out() == {"hidden": 2, "ignored": 2, "other-format": 2, "binary": 1}


@pytest.mark.parametrize(
    ("ignores", "kept"),
    [
        ({".gitignore": "*.txt\n!keep.txt\n"}, ["keep.txt", "sub/keep.txt"]),
        ({"sub/.gitignore": "*.txt"}, ["a.txt", "keep.txt"]),
        (
            {".gitignore": "a.txt", "sub/.gitignore": "!a.txt"},
            ["keep.txt", "sub/a.txt", "sub/keep.txt"],
        ),
        ({".gitignore": "/a.txt"}, ["keep.txt", "sub/a.txt", "sub/keep.txt"]),
        ({".gitignore": "sub/"}, ["a.txt", "keep.txt"]),
        ({".gitignore": "# a\n\n!\n*.md\n"}, ["a.txt", "keep.txt", "sub/a.txt", "sub/keep.txt"]),
    ],
)
def test_gitignore_files_hold_as_in_git(write, texts, ignores, kept):
    """The nearest file that names a path decides, and a line that is no pattern is passed by."""
    for name in ("a.txt", "keep.txt", "sub/a.txt", "sub/keep.txt"):
        write(name, "Text.")
    for name, patterns in ignores.items():
        write(name, patterns)

    assert list(texts()) == kept
    assert len(texts(gitignore=False)) == 4


def test_gitignore_files_above_hold_up_to_the_root_of_the_repository(write, texts):
    """What lies above the root of the repository is none of our business."""
    write(".gitignore", "*.txt")
    write("repo/.git/HEAD")
    write("repo/.gitignore", "draft*")
    write("repo/news/draft1.txt", "Text.")
    write("repo/news/final.txt", "Text.")

    assert list(texts("repo/news")) == ["repo/news/final.txt"]


def test_an_ignored_folder_that_is_named_is_read(write, texts):
    """Naming it is saying so."""
    write(".git/HEAD")
    write(".gitignore", "data/\n")
    write("data/in/a.txt", "Text.")

    assert list(texts("data")) == ["data/in/a.txt"]
    assert list(texts("data/in")) == ["data/in/a.txt"]
    assert list(texts("data/in/a.txt")) == ["data/in/a.txt"]


def test_a_named_file_is_read_though_hidden_or_ignored(write, texts):
    """The rules are for walks."""
    write(".gitignore", "*.txt")
    write(".hidden.txt", "Text.")

    assert list(texts(".hidden.txt")) == [".hidden.txt"]


@pytest.mark.parametrize(
    ("options", "kept"),
    [
        ({"include": ("*.md",)}, ["c/b.md"]),
        ({"exclude": ("*.md",)}, ["c/a.txt", "c/old/a.txt"]),
        ({"exclude": ("old/",)}, ["c/a.txt", "c/b.md"]),
        ({"exclude": ("c/old",)}, ["c/a.txt", "c/b.md"]),
        ({"exclude": ("/old/*",)}, ["c/a.txt", "c/b.md"]),
        ({"include": ("a.*",), "exclude": ("c/old/*",)}, ["c/a.txt"]),
    ],
)
def test_the_user_chooses_by_patterns(write, texts, options, kept):
    """They match a path as shown, and a path inside the folder that was named."""
    for name in ("c/a.txt", "c/b.md", "c/old/a.txt"):
        write(name, "Text.")

    assert list(texts("c", **options)) == kept


def test_an_excluded_file_is_not_read_though_named(write, left_out):
    """A hook names files and its configuration excludes some."""
    write("a.txt", "Text.")

    assert left_out("a.txt", exclude=("a.*",)) == {"excluded": 1}


def test_a_file_is_read_once_whatever_leads_to_it(write, texts):
    """Paths may overlap, and a named file keeps its own place and name."""
    write("c/a.txt", "Text.")
    write("c/b.txt", "Text.")

    assert list(texts("c", "c/b.txt", "./c", "./c/b.txt")) == ["c/a.txt", "c/b.txt"]


def test_a_file_that_is_named_beside_its_folder_is_not_passed_over(write, texts, left_out):
    """The walk leaves it to the user's word."""
    write("c/notes", "Text.")

    assert list(texts("c", "c/notes")) == ["c/notes"]
    assert left_out("c", "c/notes") == {}


def test_links_are_followed_once_and_last(write, folder, texts):
    """A loop ends, and what is really there is called by its own name."""
    write("c/z/a.txt", "Text.")
    write("away/b.txt", "Text.")
    (folder / "c/a").symlink_to("z")
    (folder / "c/z/loop").symlink_to("..")
    (folder / "c/far").symlink_to("../away")
    (folder / "c/file.txt").symlink_to("z/a.txt")
    (folder / "c/other.txt").symlink_to("../away/b.txt")

    assert list(texts("c")) == ["c/z/a.txt", "c/far/b.txt"]


def test_a_link_that_leads_nowhere_is_told(folder, write, skips):
    """A file that is missing from a folder is not silently missing."""
    (folder / "gone.txt").symlink_to("nowhere.txt")

    assert skips() == {"gone.txt": "unreadable"}


def test_a_link_from_a_link_is_followed(folder, write, texts):
    """Folders behind links may hold links."""
    write("far/b.txt", "Text.")
    write("farther/c.txt", "Text.")
    (folder / "c").mkdir()
    (folder / "c/far").symlink_to("../far")
    (folder / "far/on").symlink_to("../farther")

    assert list(texts("c")) == ["c/far/b.txt", "c/far/on/c.txt"]


def test_all_missing_paths_are_named_before_anything_is_read(write):
    """The error comes with the call, not with the first article, and suggests a near name."""
    write("news/agency.txt", "Text.")

    with pytest.raises(PathError, match=r"news/agency\.text, nowhere") as caught:
        batches(["news", "news/agency.text", "nowhere"])
    assert caught.value.hint == "did you mean news/agency.txt?"
    with pytest.raises(PathError):
        read("nowhere")


@pytest.mark.parametrize(
    ("path", "hint"),
    [
        ("corpus/*.txt", "--include"),
        ("nofolder/x", "check the spelling"),
        ("", "check the spelling"),
        ("a\0b", "check the spelling"),
        ("zzz", "check the spelling"),
        ("link.txt", "leads nowhere"),
    ],
)
def test_a_missing_path_without_a_near_name_has_a_hint_too(folder, path, hint):
    """A pattern that no shell expanded is a common one."""
    (folder / "link.txt").symlink_to("nowhere")
    with pytest.raises(PathError) as caught:
        batches([path])
    assert hint in caught.value.hint


@pytest.mark.parametrize("form", [str, os.fsencode, None], ids=["text", "bytes", "path"])
def test_a_path_may_have_any_form(write, form):
    """Library users have `Path` objects."""
    path = write("a.txt", "Text.")

    assert len(list(read(form(path) if form else path))) == 1
