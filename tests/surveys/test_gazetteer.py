"""Places by their codes: every one is found, none is called like its neighbour."""

import pytest

from surveys import gazetteer
from surveys.datatypes import accepts
from surveys.khmer import fold
from surveys.language import LANGUAGES

PROJECT = {"03", "07", "16", "17"}


def every_list() -> list[str]:
    """Return the code of each place that has places inside, and the blank of the country."""
    provinces = [place.code for place in gazetteer.within("")]
    districts = [place.code for code in provinces for place in gazetteer.within(code)]
    return ["", *(code for code in (*provinces, *districts) if gazetteer.within(code))]


def test_there_are_all_provinces_and_the_projects_districts_and_communes() -> None:
    lists = every_list()

    assert len(gazetteer.within("")) == 25
    assert {code for code in lists if len(code) == 2} == PROJECT
    assert sum(len(gazetteer.within(code)) for code in PROJECT) == 41
    assert sum(len(gazetteer.within(code)) for code in lists if len(code) == 4) == 352


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_two_places_of_a_list_are_called_alike(language: str) -> None:
    for code in every_list():
        names = [fold(place.names[language]) for place in gazetteer.within(code)]
        assert len(set(names)) == len(names), code
        assert all(names)


def test_each_place_stands_in_the_list_of_the_one_around_it() -> None:
    for code in every_list():
        assert all(gazetteer.around(place.code) == code for place in gazetteer.within(code))


def test_a_place_is_the_middle_of_its_province_and_says_how_far_off_that_may_be() -> None:
    assert gazetteer.point("170202") == gazetteer.point("17") == "13.31496 103.80543 0 100000"
    for province in gazetteer.within(""):
        point = gazetteer.point(province.code)
        assert accepts("geopoint", point)
        assert gazetteer.is_middle(point)
    assert not gazetteer.is_middle("13.31496 103.80543 0 0")


def test_a_place_is_named_with_those_around_it_and_an_unknown_code_stands_for_itself() -> None:
    assert gazetteer.whole_name("170202", "en") == "Leang Dai, Angkor Thum, Siem Reap"
    assert gazetteer.whole_name("170202", "km") == "ឃុំលាងដៃ, ស្រុកអង្គរធំ, ខេត្តសៀមរាប"
    assert gazetteer.whole_name("12", "km").startswith("រាជធានី")
    assert gazetteer.whole_name("990101", "en") == "990101"
