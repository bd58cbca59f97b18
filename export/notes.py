"""What a reader of an export must know, in both languages. Pure."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from export.frames import PHNOM_PENH, Cell
from export.framework import nodes_of
from storage.responses import Part
from surveys.form import Form

QUARTER = 3
EXPLANATIONS = (
    (
        "Blank, 0 and 1",
        "Blank: not answered or not asked. In a column like topics/road, 0: answered, not chosen.",
    ),
    (
        "ទទេ ០ និង ១",
        "ទទេ៖ មិនបានឆ្លើយ ឬមិនបានសួរ។ ក្នុងជួរឈរដូចជា topics/road លេខ 0៖ បានឆ្លើយ តែមិនបានជ្រើសរើស។",
    ),
    (
        "Who answered",
        "People who followed a link. They are not a sample of the population: read the counts as "
        "what these people said. There is no margin of error.",
    ),
    (
        "អ្នកឆ្លើយ",
        "មនុស្សដែលបានចូលតាមតំណ។ ពួកគេមិនមែនជាសំណាកតំណាងប្រជាជនទេ។ សូមអានចំនួនថាជាអ្វីដែលមនុស្សទាំងនេះបាននិយាយ។",
    ),
    (
        "Percentages",
        "In the sheet summary: n of all who answered that question and submitted. Halves are "
        "rounded up. With fewer than 10 answers no percentage is given.",
    ),
    (
        "_id",
        "A random-looking number of this response in exports of this form. It says nothing about "
        "the person and joins nothing else.",
    ),
    (
        "_mode",
        "self: on their own phone; assisted: somebody read the questions aloud and tapped for "
        "them; shared: on a phone that several people use.",
    ),
    (
        "_mode",
        "self៖ លើទូរស័ព្ទផ្ទាល់ខ្លួន; assisted៖ មានអ្នកអានសំណួរឱ្យស្តាប់ ហើយចុចជំនួស; "
        "shared៖ លើទូរស័ព្ទដែលមនុស្សច្រើននាក់ប្រើរួមគ្នា។",
    ),
    (
        "_event",
        "What the open link said by which the person came: a meeting or a poster.",
    ),
    (
        "_event",
        "អ្វីដែលតំណបើកចំហបានប្រាប់ ពេលអ្នកចូលរួមបើកវា៖ កិច្ចប្រជុំ ឬផ្ទាំងប្រកាស។",
    ),
    (
        "_person",
        "The same for all responses of one person, in exports of every form; only of who agreed "
        "that answers of several times are put side by side. Blank for everybody else: that is no "
        "refusal, most were never asked.",
    ),
    (
        "_person",
        "ដូចគ្នាសម្រាប់ចម្លើយទាំងអស់របស់មនុស្សម្នាក់ ក្នុងគ្រប់កម្រងសំណួរ។ "
        "មានតែសម្រាប់អ្នកដែលយល់ព្រមឱ្យដាក់ចម្លើយពីពេលផ្សេងៗគ្នាក្បែរគ្នា។ "
        "អ្នកផ្សេងទៀតទទេ៖ នោះមិនមែនជាការបដិសេធទេ ព្រោះភាគច្រើនមិនត្រូវបានសួរឡើយ។",
    ),
    (
        "Ballot box",
        "A row without _mode and _lang is a ballot of an anonymous survey: nobody can tell whose "
        "it is. Its _id is drawn by chance; _submission_time is the day on which it was counted, "
        "with four others at least; province and sex stand on it only where every group of them "
        "holds five or more. Nothing that the form computes is on it. Staff haven't read its "
        "texts: please look for names before you pass them on.",
    ),
    (
        "ប្រអប់អនាមិក",
        "ជួរដែលគ្មាន _mode និង _lang គឺជាចម្លើយនៃការស្ទង់មតិអនាមិក៖ គ្មាននរណាអាចដឹងថាជារបស់អ្នកណាទេ។ "
        "_submission_time គឺជាថ្ងៃដែលវាត្រូវបានរាប់ជាមួយចម្លើយយ៉ាងតិចបួនផ្សេងទៀត។ "
        "ខេត្ត និងភេទ មានតែនៅពេលដែលក្រុមនីមួយៗមានពីប្រាំឡើងទៅ។ "
        "បុគ្គលិកមិនបានអានអត្ថបទទេ៖ សូមរកមើលឈ្មោះមនុស្ស មុនពេលចែករំលែក។",
    ),
    (
        "group_counts",
        "Where hands were counted in meetings, a sheet and a CSV of their own: women and men for "
        "each choice. They aren't answers of single people and stand in no percentage; somebody "
        "may have raised a hand for more than one choice.",
    ),
    (
        "group_counts",
        "ការរាប់ការលើកដៃក្នុងកិច្ចប្រជុំ ក្នុងសន្លឹក និង CSV ដាច់ដោយឡែក៖ ចំនួនស្រី និងប្រុសសម្រាប់ជម្រើសនីមួយៗ។ "
        "វាមិនមែនជាចម្លើយរបស់បុគ្គលម្នាក់ៗទេ ហើយមិននៅក្នុងភាគរយណាមួយឡើយ។",
    ),
    (
        "Sheets of repeats",
        "Where a form asks the same of several things, each has a sheet and a CSV of its own: _id "
        "is the response, _instance its position there.",
    ),
    (
        "សន្លឹកបន្ថែម",
        "ពេលកម្រងសំណួរសួរដដែលអំពីរឿងច្រើន រឿងនីមួយៗមានជួរក្នុងសន្លឹក និង CSV ដាច់ដោយឡែក៖ _id គឺចម្លើយ "
        "_instance គឺលំដាប់ក្នុងចម្លើយនោះ។",
    ),
    (
        "_quarter",
        "Of a report: the quarter that counts it. One that came after its own was closed (15 days "
        "after its end) counts in the next open one.",
    ),
    (
        "_quarter",
        "របស់របាយការណ៍៖ ត្រីមាសដែលរាប់វា។ របាយការណ៍ដែលមកក្រោយពេលបិទ (១៥ ថ្ងៃក្រោយចប់ត្រីមាស) "
        "ត្រូវរាប់ក្នុងត្រីមាសបន្ទាប់ដែលនៅបើក។",
    ),
    (
        "withdrawn",
        "A report that its reporter took back: nothing of what it said is kept. Please leave it "
        "out of what you made from earlier exports.",
    ),
    (
        "withdrawn",
        "របាយការណ៍ដែលអ្នករាយការណ៍បានដកហូត៖ មិនរក្សាទុកខ្លឹមសារទេ។ សូមដកវាចេញពីអ្វីដែលអ្នកបានធ្វើពីការនាំចេញមុនៗ។",
    ),
    (
        "_voice",
        "1: answered with a voice message. The text beside it was written down by staff who heard "
        "it; where it is blank, that isn't done yet, or nobody understood it.",
    ),
    (
        "_place",
        "The code (NCDD) of a province, district or commune that was chosen from a list. The point "
        "beside it is then the middle of the province, with an accuracy of 100 km: it says less "
        "than the code. Blank: the point was sent or typed.",
    ),
    (
        "question__version",
        "The answers to an older version, in which the question was of another type.",
    ),
    (
        "[…]",
        "A phone number, ID number, e-mail address or Telegram name stood here and was taken out; "
        "or a whole text that names somebody, as staff found (/review). Names of people aren't "
        "found by themselves: please read the texts before you pass them on.",
    ),
)


@dataclass(frozen=True, slots=True)
class Counts:
    """What is counted while an export is written."""

    rows: int
    complete: int
    redactions: int
    cut: int
    continued: tuple[str, ...]


def names(part: Part) -> list[str]:
    """Return what the name of an export says of the part it holds: a province, a quarter, days."""
    since, until = (at.astimezone(PHNOM_PENH) if at else None for at in (part.since, part.until))
    begins, ends = (f"{at:%Y%m%d}" if at else "" for at in (since, until))
    days = f"{begins}-{ends}" if since or until else ""
    if since and until and _months(until) - _months(since) == QUARTER:
        days = f"{since.year}Q{since.month // QUARTER + 1}"
    return [name for name in (part.province, days) if name]


def _months(at: dt.datetime) -> float:
    """Count the months up to a moment; whole only at the beginning of one that begins a quarter."""
    whole = at.day == 1 and (at.month - 1) % QUARTER == 0
    return at.year * 12 + at.month if whole else float("nan")


def _told(part: Part) -> str:
    """Say in words which responses an export holds."""
    since, until = (f"{at.astimezone(PHNOM_PENH):%Y-%m-%d}" if at else None
                    for at in (part.since, part.until))  # fmt: skip
    said = [
        f"province {part.province}" if part.province else "",
        f"submitted or last changed from {since}" if since else "",
        f"before {until}" if until else "",
    ]
    return ", ".join(filter(None, said)) or "All of the form."


def readme(
    versions: Sequence[Form], counts: Counts, now: dt.datetime, part: Part
) -> list[Sequence[Cell]]:
    """Return the lines of the README sheet."""
    newest, partial = versions[-1], counts.rows - counts.complete
    return [
        ("Form", f"{newest.title} ({newest.form_id})"),
        *(("Results framework", line) for line in nodes_of(newest.form_id)),
        ("Versions", ", ".join(form.version for form in versions)),
        ("Exported", now.isoformat(timespec="minutes")),
        ("Part", _told(part)),
        ("Rows", f"{counts.rows}: {counts.complete} complete, {partial} partial"),
        ("Taken out of texts", str(counts.redactions)),
        ("Cut texts", f"{counts.cut}. A cell holds 32,767 characters; the CSV has the whole text."),
        ("Continued", ", ".join(counts.continued) or "No sheet was too long."),
        *EXPLANATIONS,
    ]
