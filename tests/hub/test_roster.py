"""From a list of names to accounts and slips."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from classroom.errors import ClassroomError, NamesError
from classroom.passwords import hash_password, make_password, verify_password
from classroom.roster import (
    ADMIN,
    Account,
    Roster,
    account_name,
    enrol,
    read_names,
    read_roster,
    renew,
    write_roster,
)
from classroom.slips import as_page, as_text, write


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("", "list of names is empty"),
        ("\n  \n# nobody\n", "list of names is empty"),
        ("Ada\n李\n", r"Line 2 of the list of names, '李', has no Latin letter"),
        ("Ada Lovelace\nBo\n\nada  lovelace\n", "Lines 1 and 4 .* both become .*'ada-lovelace'"),
        ("x" * 33, r"Line 1 .* is longer than 32 letters"),
        ("Instructor", r"Line 1 .* is the instructor's own account"),
    ],
)
def test_a_list_that_makes_no_roster_is_refused_in_one_sentence(text, problem):
    with pytest.raises(NamesError, match=problem):
        read_names(text)


def test_all_that_is_wrong_with_a_list_is_told_at_once():
    with pytest.raises(NamesError) as told:
        read_names("Ada\n李\nBo\nada\nInstructor\nADA\n")
    assert [line.partition(" of the list")[0] for line in str(told.value).splitlines()] == [
        *("Line 2", "Lines 1 and 4", "Line 5", "Lines 1 and 6")
    ]


def test_no_letter_of_a_european_name_is_dropped():
    letters = [chr(code) for code in range(0xC0, 0x180) if chr(code).isalpha()]
    assert [letter for letter in letters if not account_name(letter)] == []
    assert account_name("Elif Yılmaz") == "elif-yilmaz"
    assert account_name("İSA ƏLİYEV-ÆRØ ẞ") == "isa-eliyev-aero-ss"


def test_names_are_read_whatever_editor_wrote_them():
    assert read_names("\ufeffAda Lovelace\r\n # no\r\n\r\n Bo \r\n") == ["Ada Lovelace", "Bo"]


@given(st.text())
def test_an_account_is_something_that_containers_and_networks_can_be_named_after(full_name):
    assert re.fullmatch("([a-z0-9]+(-[a-z0-9]+)*)?", account_name(full_name))


def test_everybody_gets_a_password_of_their_own_and_only_hashes_are_kept(tmp_path):
    roster, slips = enrol(Roster({}), ["Ada Lovelace", "Bo"])
    write_roster(tmp_path / "roster.json", roster)
    assert read_roster(tmp_path / "roster.json") == roster
    assert (roster.participants, roster.admins) == (["ada-lovelace", "bo"], [ADMIN])
    assert len({slip.password for slip in slips}) == 3
    for slip in slips:
        assert verify_password(slip.password, roster.accounts[slip.name].hashed)
        assert slip.password not in (tmp_path / "roster.json").read_text()
    assert (tmp_path / "roster.json").stat().st_mode & 0o777 == 0o600


def test_who_comes_late_gets_a_slip_and_the_others_keep_their_passwords():
    before, _ = enrol(Roster({}), ["Ada"])
    after, slips = enrol(before, ["Ada", "Bo"])
    assert [slip.name for slip in slips] == ["bo"]
    assert after.accounts["ada"] == before.accounts["ada"]


def test_an_account_of_an_earlier_version_stays_the_same_persons():
    before = Roster({"elif-ylmaz": Account("elif-ylmaz", "Elif Yılmaz", "")})
    after, slips = enrol(before, ["Elif Yılmaz", "Bo"])
    assert after.participants == ["bo", "elif-ylmaz"]
    assert [slip.name for slip in slips] == [ADMIN, "bo"]


def test_a_lost_slip_is_replaced():
    before, [_, old] = enrol(Roster({}), ["Ada"])
    after, slip = renew(before, "ada")
    assert verify_password(slip.password, after.accounts["ada"].hashed)
    assert not verify_password(old.password, after.accounts["ada"].hashed)
    with pytest.raises(NamesError, match=r"no account 'bo'; there are ada, instructor"):
        renew(before, "bo")


@pytest.mark.parametrize("text", ["", "{", "[{}]", '[{"name": "ada"}]', "3"])
def test_a_spoilt_roster_is_told(tmp_path, text):
    (tmp_path / "roster.json").write_text(text)
    with pytest.raises(ClassroomError, match=r"roster\.json cannot be read"):
        read_roster(tmp_path / "roster.json")


def test_no_roster_names_the_command_that_makes_one(tmp_path):
    with pytest.raises(ClassroomError, match=r"run: make roster NAMES=names\.txt"):
        read_roster(tmp_path / "roster.json")


def test_slips_show_what_one_needs_to_log_in_and_names_stay_text():
    _, slips = enrol(Roster({}), ["<b>Ada</b>"])
    page, text = (make(slips, "https://class.example") for make in (as_page, as_text))
    for shown in (page, text):
        assert shown.count("https://class.example") == 2
        assert all(slip.password in shown and slip.name in shown for slip in slips)
    assert "<b>Ada</b>" in text
    assert "&lt;b&gt;Ada" in page


def test_slips_that_may_not_be_handed_out_yet_are_kept_apart_from_new_ones(tmp_path):
    before, first = enrol(Roster({}), ["Ada"])
    _, second = enrol(before, ["Ada", "Bo"])
    assert write(tmp_path, first, "https://class.example") == "slips"
    assert write(tmp_path, second, "https://class.example") == "slips-2"
    for name, inside, outside in (("slips", first, second), ("slips-2", second, first)):
        for ending in ("txt", "html"):
            path = tmp_path / f"{name}.{ending}"
            assert all(slip.password in path.read_text() for slip in inside)
            assert not any(slip.password in path.read_text() for slip in outside)
            assert path.stat().st_mode & 0o777 == 0o600


def test_passwords_are_long_enough_and_have_nothing_that_looks_like_something_else():
    passwords = {make_password() for _ in range(200)}
    assert len(passwords) == 200
    assert all(re.fullmatch("([a-hj-km-np-z2-9]{4}-){2}[a-hj-km-np-z2-9]{4}", p) for p in passwords)


def test_the_same_password_has_another_hash_each_time_and_nobodys_fits_none():
    first, second = hash_password("x"), hash_password("x")
    assert first != second
    assert first.startswith("$argon2id$")
    assert not verify_password("x", None)
    assert not verify_password("x", "no hash at all")
